"""Markdown and its front matter."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import Article, Rejected, Source
from store.importers.markdown import is_markdown, read_markdown


def read(text, name="note.md"):
    (article,) = read_markdown(Source(name, text.encode()))
    return article


YAML = """---
title: "The *drawer*"
author: [Ada Reyes, Bo Lind]
date: 2019-11-05
source: https://example.org/drawer
tags: [History, "Long Read"]
lang: en_GB
description: A summary.
edition: 3
---

# The *drawer*

Text **here**.
"""


def test_yaml_front_matter_fills_the_fields():
    article = read(YAML)
    assert article.title == "The *drawer*"
    assert article.author == "Ada Reyes, Bo Lind"
    assert article.published == "2019-11-05"
    assert article.url == "https://example.org/drawer"
    assert article.tags == ("history", "long-read")
    assert article.lang == "en-GB"
    assert article.summary == "A summary."
    assert article.extra == {"edition": 3}
    assert article.type == "markdown"


def test_toml_and_json_front_matter_are_read_too():
    toml = read('+++\ntitle = "T"\ndate = 2020-02-03T04:05:06Z\ntags = ["x"]\n+++\nBody\n')
    assert (toml.title, toml.published[:10], toml.tags) == ("T", "2020-02-03", ("x",))
    json_ = read('{"title": "J", "keywords": "a, b"}\n\nBody\n')
    assert (json_.title, json_.tags, json_.body) == ("J", ("a", "b"), "Body")


def test_the_first_heading_is_the_title_and_is_not_said_twice():
    assert read("# One\n\nText\n").body == "Text"
    assert read("One\n===\n\nText\n").title == "One"
    kept = read("---\ntitle: Other\n---\n# One\n\nText\n")
    assert (kept.title, kept.body) == ("Other", "# One\n\nText")


def test_a_dated_file_name_gives_date_and_title():
    article = read("Just text.\n", "posts/2017-03-09-a-long-walk.md")
    assert (article.published, article.title) == ("2017-03-09", "A long walk")


@pytest.mark.parametrize(
    "text",
    ["---\ntitle: [open\nauthor: Ada\n---\nBody\n", "---\n: : :\n\tx\n---\nBody\n",
     "+++\ntitle = open\n+++\nBody\n", "{broken\nBody\n", "---\nno end\nBody\n"],
)  # fmt: skip
def test_broken_front_matter_costs_no_text(text):
    assert "Body" in read(text).body


@pytest.mark.parametrize(
    "text",
    ["Hello, the lamp.\n\nAnd the shore.\n", "# The lamp\n\n## The shore\n",
     "Q: Where is the lamp?\n\nA: Here.\n\nQ: And the shore?\n\nA: There.\n",
     'Ada: "The lamp."\n\nBo: "Where?"\n\nAda: "On the shore."\n',
     "Dear lamp,\n\nDate: of no matter.\n\nYour shore\n", "- the lamp\n- the shore\n"],
)  # fmt: skip
@pytest.mark.parametrize("rules", ["---\n{}\n---\n\nEnd.\n", "+++\n{}+++\nEnd.\n"])
def test_a_text_between_rules_at_the_top_stays_in_the_body(text, rules):
    article = read(rules.format(text))
    assert article.body == rules.format(text).strip()
    assert article.extra == {}


def test_lines_of_broken_front_matter_that_say_no_value_stay_in_the_body():
    article = read("---\ntitle: [The lamp\ntags:\n  - sea\ntitle: twice\n---\n\nText.\n")
    assert article.title == "[The lamp"
    assert article.body == "tags:\n  - sea\ntitle: twice\n\nText."


@pytest.mark.parametrize(
    "value", ['!!int ""', "!!bool lamp", "!!timestamp lamp", f"1{':59' * 300}.5", "9" * 5_000]
)
def test_a_value_that_is_not_what_it_is_marked_as_costs_only_itself(value):
    article = read(f"---\ntitle: The lamp\nodd: {value}\nflow: {{}}\n---\nText.\n")
    assert (article.title, article.body) == ("The lamp", "Text.")
    assert article.extra["odd"]


def test_a_number_of_front_matter_in_base_60_takes_no_time_by_its_square():
    start = time.process_time()
    assert read(f"---\ntitle: The lamp\nq: 1{':59' * 100_000}\n---\nText.\n").title == "The lamp"
    assert time.process_time() - start < 2


def test_names_of_front_matter_are_texts():
    extra = read("---\ntitle: The lamp\n12: {0x10: a}\n---\nText.\n").extra
    assert extra == {"12": {"0x10": "a"}}


def test_what_can_be_read_of_broken_front_matter_is_used():
    assert read("---\ntitle: [open\nauthor: Ada\n---\nBody\n").author == "Ada"


def test_a_rule_at_the_top_is_no_front_matter():
    assert read("---\n\nText after a rule.\n").body.endswith("Text after a rule.")


def test_code_and_liquid_stay_as_they_are():
    body = "```\n# not a heading\n```\n\n{% include x %} {{ y }}"
    assert read(f"---\ntitle: T\n---\n{body}\n").body == body


def test_a_link_without_text_is_a_stub():
    article = read("---\ntitle: Later\nurl: https://example.org/x\n---\n")
    assert article.is_stub


def test_an_empty_file_is_rejected():
    assert isinstance(read("---\n---\n\n", "-"), Rejected)


def test_a_mark_in_the_front_matter_comes_along():
    article = read("---\ntitle: T\nread: true\n---\nx")
    assert article.state is not None
    assert article.state.read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (YAML, True),
        ("# A\n\ntext\n\n## B\n", True),
        ("see [a](https://e.org) and [b](https://e.org/b)", True),
        ("A plain text.\n\nWith # signs and * stars.", False),
        ("Title\n\nBy Ada\n\nText [1] and more.", False),
    ],
)
def test_markdown_is_told_from_prose(text, expected):
    assert is_markdown(text) is expected


@given(st.text(max_size=300), st.sampled_from(["", "---\n", "+++\n", "{", "# "]))
def test_any_text_is_read(text, start):
    for record in read_markdown(Source("x.md", (start + text).encode("utf-8", "replace"))):
        assert isinstance(record, Article | Rejected)


_PLAIN = ["a b", "no", "y", "~", "12", "2017-03-09", "2017-03-09T01:02:03+00:00", "it's",
          '"q: r"',
          "'q # r'", "https://a.example/b:c", "x: y", "x #y", "[a, 'b, c']", "[a, no, \"b\"]",
          "[]", "[a,, b]", "é’s", "a,", "- a", "&a", "null", "True", '"\\n"', "[a: b]", "1e5",
          "a:", ""]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(_PLAIN)), max_size=4))
def test_the_plainest_front_matter_means_what_yaml_makes_of_it(lines):
    import yaml

    from store.importers import markdown

    block = "".join(f"{name}: {value}\n" for name, value in lines)
    plain = markdown._plain_lines(block)
    if plain is not None:
        wanted = yaml.safe_load(block) or {}
        assert {
            k: markdown._text(v) if not isinstance(v, list) else v for k, v in plain.items()
        } == {
            k: v if isinstance(v, list) else markdown.parse_date(v) if not isinstance(v, str) else v
            for k, v in wanted.items()
        }
