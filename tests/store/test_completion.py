"""What a query being typed could go on with."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import Article, Library, completable, help_lines
from store.operators import OPERATORS
from store.query import parse


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    home = tmp_path_factory.mktemp("completion")
    people = ["Ada Reyes"] * 3 + ["Adrian Adams"] * 2 + ["Solène Marchand", "Zoë", 'Jo "Ace" Lee']
    tags = [("harbour", "history")] * 4 + [("hist-tech",), ("prehistory",), ("a,b", "say-(x)"), ()]
    with Library(home / "library.json", cache_dir=home / "cache") as opened:
        opened.add(
            Article(
                title=f"Number {i}", author=author, site="Ledger & Lamp", tags=tags[i],
                lang="de" if i else "en", type="markdown", body=f"Text {i}.",
            )
            for i, author in enumerate(people)
        )  # fmt: skip
        opened.save_view("At sea", "tag:harbour")
        yield opened


def offered(library, text, cursor=None):
    """What each candidate makes of the text."""
    found = library.complete(text, len(text) if cursor is None else cursor)
    return [text[: found.start] + each.text + text[found.end :] for each in found.candidates]


def labels(library, text):
    return [(each.label, each.note) for each in library.complete(text, len(text)).candidates]


def test_a_bare_word_offers_the_fields_that_begin_so_and_what_they_mean(library):
    assert labels(library, "au") == [("author:", OPERATORS["author"].help)]
    assert offered(library, "ship -au") == ["ship -author:"]
    assert "sort:" in offered(library, "so") and "limit:" in offered(library, "lim")
    assert "view:" in offered(library, "vi")


@pytest.mark.parametrize(
    "text", ["", "a", "ferry", '"au', '"au"', "au ", "uthor", "nofield:x", "OR"]
)
def test_nothing_is_offered_where_nothing_useful_is_known(library, text):
    assert offered(library, text) == []
    assert not completable(text, len(text))


def test_values_of_an_operator_come_from_its_table(library):
    assert offered(library, "is:") == [f"is:{value}" for value in OPERATORS["is"].values][:8]
    assert offered(library, "ship is:un") == ["ship is:unread"]
    assert offered(library, "is:unread") == []
    assert offered(library, "no:ta") == ["no:tag"]
    assert offered(library, "sort:pub") == ["sort:published"]
    assert offered(library, "sort:-wo") == ["sort:-words"]


def test_tags_come_most_used_first_beginnings_before_the_rest(library):
    assert labels(library, "tag:his") == [("history", "4"), ("hist-tech", "1"), ("prehistory", "1")]
    assert labels(library, "tag:")[:2] == [("harbour", "4"), ("history", "4")]
    assert offered(library, "#HIS") == ["#history", "#hist-tech", "#prehistory"]
    assert offered(library, "ship -#har") == ["ship -#harbour"]
    assert "#harbour" in offered(library, "#")
    assert offered(library, "#a,") == ['#"a,b"']
    assert offered(library, '#"say') == ['#"say-(x)"']


def test_a_tag_with_a_quote_in_it_is_completed(tmp_path):
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        library.add([Article(title="One", tags=('quo"te',))])
        for typed in ("tag:quo", 'tag:"quo', 'tag:"quo""t'):
            assert offered(library, typed) == ['tag:"quo""te"']
        assert offered(library, "#quo") == ['#"quo""te"']
        assert offered(library, 'tag:"quo""te"') == []


def test_names_are_folded_and_quoted_where_they_hold_spaces(library):
    assert labels(library, "author:ad") == [("Ada Reyes", "3"), ("Adrian Adams", "2")]
    assert offered(library, "author:solene") == ['author:"Solène Marchand"']
    assert offered(library, 'author:"REY') == ['author:"Ada Reyes"']
    assert offered(library, "author:ZO") == ["author:Zoë"]
    assert offered(library, "author:ace") == ['author:"Jo Ace Lee"']
    assert offered(library, "site:led") == ['site:"Ledger & Lamp"']
    assert offered(library, "type:m lang:d") == ["type:m lang:de"]
    assert offered(library, "view:a")[:3] == ['view:"At sea"', "view:All", "view:Archive"]


def test_of_a_list_with_commas_the_part_at_the_cursor_is_completed(library):
    assert offered(library, "tag:harbour,hist-") == ["tag:harbour,hist-tech"]
    assert offered(library, "tag:har,news", cursor=7) == ["tag:harbour,news"]
    assert offered(library, "tag:a") == ['tag:"a,b"', "tag:harbour", 'tag:"say-(x)"']
    assert offered(library, "tag:harbour,a") == []
    assert offered(library, "sort:title,w") == []


def test_only_the_term_at_the_cursor_is_replaced(library):
    assert offered(library, "tag:his ferry", cursor=7)[0] == "tag:history ferry"
    assert offered(library, 'author:"Ada ferry', cursor=11)[0] == 'author:"Ada Reyes" ferry'
    assert offered(library, "author:ada", cursor=3) == []


def test_counts_follow_the_library(tmp_path):
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as opened:
        opened.add([Article(title="One", author="Ada Reyes")])
        assert labels(opened, "author:a") == [("Ada Reyes", "1")]
        opened.add([Article(title="Two", author="Ada Reyes", tags=("news",))])
        assert labels(opened, "author:a") == [("Ada Reyes", "2")]
        assert labels(opened, "tag:n") == [("news", "1")]


@given(st.text('au:t g"#,-()OR\n', max_size=12), st.integers(0, 12))
def test_any_text_can_be_completed_and_what_is_offered_is_understood(library, text, cursor):
    cursor = min(cursor, len(text))
    found = library.complete(text, cursor)
    assert 0 <= found.start <= found.end <= len(text)
    assert not found.candidates or completable(text, cursor)
    for candidate in found.candidates:
        assert candidate.text != text[found.start : found.end]
        if not candidate.text.endswith(":"):
            name = re.search(r"[\w:,#]*\Z", text[: found.start])[0]
            assert parse(f"{name}{candidate.text}").warnings == ()


def test_the_help_has_every_operator_of_the_table_once():
    lines = help_lines()
    for operator in OPERATORS.values():
        assert lines.count((operator.example, operator.help)) == 1
    for example, _ in lines:
        assert parse(example).warnings == ()
