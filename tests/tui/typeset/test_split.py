"""Cutting Markdown into blocks: a block parsed alone must give what the whole gives."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.typeset import split
from tui.typeset.markdown import parse
from tui.typeset.split import Splitter

#: Lines that open, close, interrupt and continue every kind of block there is.
LINES = [
    *("plain text", "more text", " one space", "  two spaces", "   three spaces"),
    *("    four spaces", "      six spaces", "\tone tab", "text\\"),
    *("- item", "* star", "+ plus", "-", "- ", "-\ttab", "-     code", "  - nested", "    - deep"),
    *("1. one", "2. two", "10) ten", "1.", "100. wide", "  1. moved", "- [ ] task", "- # heading"),
    *("```", "~~~", "````", "```py", "  ```", "   ```", "    ```", "- ```", "[^1]: ```"),
    *("> quote", "> - item", "> ```", ">", "  > moved", "    > code", "- > quote"),
    *("# heading", "###", "---", "***", "* * *", "- - -", "===", "--", "="),
    *("<div>", "</div>", "<!-- c", "c -->", "<foo>", "<foo bar='x'>", "<pre>", "</pre>"),
    *("<?php", "?>", "<!DOC", "<![CDATA[", "]]>", "- <!--", "- <div>", "2. <foo>", "<b>x</b> y"),
    *("[a]: http://x", "[a]:", "  'title'", "[^1]: note", "[^1]:", "see [a] and [^1]", "`code`"),
    *(": definition", "~ definition", ":   far", "  : moved", "    : deep", "Term", "- : x"),
    *("$$", "$$ x^2 $$", "$$ a", "b $$", "\\[ a_1 \\]", "\\[", "\\]", "- $$", "$x$ and $y$"),
    *("|a|b|", "|-|-|", "| x | y |", "a|b", "", "", "", " ", "\t"),
]


def blocks(text: str) -> list[str]:
    splitter = Splitter(text)
    splitter.finish()
    return [text[a:b] for a, b in zip(splitter.starts, splitter.ends, strict=True)]


def tokens(text: str) -> list[tuple[object, ...]]:
    env = {
        "references": {"A": {"href": "x", "title": ""}},
        "footnotes": {"refs": {":1": 0}, "list": {0: {"label": "1", "count": 0}}},
    }
    return [
        (
            *(token.type, token.tag, token.level, token.hidden, token.markup, token.info),
            token.content.rstrip(),
            tuple((child.type, child.content) for child in token.children or ()),
        )
        for token in parse(text, env)
    ]


@given(st.lists(st.sampled_from(LINES), max_size=14).map("\n".join))
@example("1.\n\t\n   ```\n  \n<!-- c")
@example("- > quote\n[^1]: ```\n\n- <div>")
@example("[a]:\n2. two\n   ```\n\n> ```")
@example("1. one\n \n1.\n+ plus")
@example("- # heading\nplain\n  ```\ncode\n\nmore\n  ```\n\nend")
@example("Term\n\n: definition\n\n  more\n\nTerm\n: definition\n\nafter")
@example("$$ x^2 $$\n    four spaces\n\n    four spaces")
def test_blocks_parsed_one_by_one_give_what_the_whole_gives(text):
    assert [token for block in blocks(text) for token in tokens(block)] == tokens(text)


@given(st.text(alphabet="ab -*`>#1.\n\t<[]:^|~=", max_size=80))
def test_every_character_that_is_not_blank_is_in_a_block(text):
    assert "".join("".join(blocks(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\n\ntwo", ["one", "two"]),
        ("\n \n\none\n \t\n\ntwo\n\n\n", ["one", "two"]),
        ("- a\n\n- b\n\n  c\n\nafter", ["- a\n\n- b\n\n  c", "after"]),
        ("```\na\n\nb\n```\n\nafter", ["```\na\n\nb\n```", "after"]),
        ("```\nnever closed\n\n# not a heading", ["```\nnever closed\n\n# not a heading"]),
        ("    code\n\n    more code\n\nafter", ["    code\n\n    more code", "after"]),
        ("<!-- a\n\nb -->\n\nafter", ["<!-- a\n\nb -->", "after"]),
        ("<div>\n\nb\n\n</div>", ["<div>", "b", "</div>"]),
        ("[^1]: a\n\n    b\n\nafter", ["[^1]: a\n\n    b", "after"]),
        ("Title\n=====\n\ntext", ["Title\n=====", "text"]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_blocks_end_at_blank_lines_unless_something_goes_on(text, expected):
    assert blocks(text) == expected


def test_no_more_is_cut_than_was_asked_for():
    text = "\n\n".join(f"Paragraph {number}." for number in range(1000))
    splitter = Splitter(text)
    splitter.advance(100)
    assert splitter.ends[-1] > 100
    assert len(splitter.starts) < 100
    assert not splitter.done
    splitter.finish()
    assert splitter.done
    assert len(splitter.starts) == 1000


def test_asking_the_parser_stays_linear_when_a_fence_never_closes():
    # A fence that may or may not be in the list makes the scan ask the parser at every blank line.
    text = "- # a\nlazy\n  ```\n" + "code\n\n" * 3000
    assert len(blocks(text)) >= 1


@pytest.mark.parametrize("opening", ["<div>", "```", "~~~ ", "<!-- x -->"])
def test_the_parser_is_asked_about_no_more_than_a_few_times_the_text(opening, monkeypatch):
    asked = 0
    real = split.top_level_ends_open

    def top_level_ends_open(source: str) -> bool:
        nonlocal asked
        asked += len(source)
        return real(source)

    monkeypatch.setattr(split, "top_level_ends_open", top_level_ends_open)
    text = f"- a\nb\n\n  {opening}\n\n" * 200  # where HTML ends, and so does its item
    assert "".join(blocks(text)).count("- a") == 200
    assert 0 < asked < 4 * len(text)
