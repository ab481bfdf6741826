"""Highlights in Markdown, JSON and CSV: whole, grouped, and safe."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from store import Article, FoundHighlights, Highlight, find_highlights, write_highlights
from store.exporters.passages import COLUMNS, Annotated, _markdown, escaped, write_csv


@pytest.fixture
def library(path, open_library):
    library = open_library(path)
    library.add(
        [
            Article(
                title="The *keeper* [of] it", body="The keeper wound the clock.\n\nHe left.",
                author="Ada Reyes", site="quay.example", url="https://quay.example/a",
                published="2020-03-09",
            ),
            Article(title="No link", body="Text.", published="2019"),
        ]
    )  # fmt: skip
    made = "2026-11-22T10:00:00Z"
    library.highlight(Highlight(1, "wound the clock.\n\nHe left", "two\nlines", made=made))
    library.highlight(Highlight(1, "not in it any more at all", "", "red", offset=3, made=made))
    library.highlight(Highlight(2, note="on the article", made=made))
    return library


def written(library, format):
    return "".join(write_highlights(library, find_highlights(library), format))


def test_markdown_has_a_heading_a_link_and_the_notes_of_each_article(library):
    assert (
        written(library, "md")
        == """\
## [The \\*keeper\\* \\[of\\] it](<https://quay.example/a>)

Ada Reyes · quay.example · 2020-03-09

> wound the clock.
>
> He left

two\x20\x20
lines

*yellow, 2026-11-22*

> not in it any more at all

*red, 2026-11-22, no longer in the text*

## No link

2019

on the article

*note, 2026-11-22*
"""
    )


def test_passages_of_an_article_without_text_are_said_not_to_be_here(path, open_library):
    library = open_library(path)
    library.add([Article(title="Stub", url="https://stub.example/")])
    library.highlight(Highlight(1, "read elsewhere", made="2026-11-22T10:00:00Z"))
    assert "*yellow, 2026-11-22, its text is not here*" in written(library, "md")


def test_json_has_all_fields_and_those_of_the_article(library):
    first, second, third = json.loads(written(library, "json"))
    assert first["quote"] == "wound the clock.\n\nHe left"
    assert (first["note"], first["colour"], first["orphan"]) == ("two\nlines", "yellow", False)
    assert (first["article"], first["title"]) == (1, "The *keeper* [of] it")
    assert (first["author"], first["url"]) == ("Ada Reyes", "https://quay.example/a")
    assert second["orphan"]
    assert (third["quote"], third["note"]) == ("", "on the article")


def test_csv_has_the_columns_that_readwise_takes_in(library):
    rows = list(csv.DictReader(io.StringIO(written(library, "csv"), newline="")))
    assert tuple(rows[0]) == COLUMNS == (
        "Highlight", "Title", "Author", "URL", "Note", "Location", "Date",
    )  # fmt: skip
    assert rows[0] == {
        "Highlight": "wound the clock.\n\nHe left", "Title": "The *keeper* [of] it",
        "Author": "Ada Reyes", "URL": "https://quay.example/a", "Note": "two\nlines",
        "Location": "0", "Date": "2026-11-22T10:00:00Z",
    }  # fmt: skip
    assert rows[2]["Highlight"] == "on the article"


def test_nothing_found_is_written_as_nothing():
    assert "".join(write_highlights(None, FoundHighlights([]), "md")) == ""
    assert json.loads("".join(write_highlights(None, FoundHighlights([]), "json"))) == []
    assert "".join(write_highlights(None, FoundHighlights([]), "csv")).count("\n") == 1


HOSTILE = st.one_of(
    st.text(st.sampled_from("=+-@\t ab1.)#>*_[]()<>`|~\n\"',&;\\!:/"), min_size=1, max_size=30),
    st.sampled_from(
        ["=HYPERLINK(\"https://x.example\")", "<script>alert(1)</script>", "[x](javascript:a)",
         "![x](https://x.example/p.png)", "# heading", "- item", "1. one", "> more", "```", "~~~",
         "| a |\n|---|", "a\n===", "&lt;b&gt;", "https://x.example", "<https://x.example>"]
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_markdown_shows_what_was_marked_and_obeys_none_of_it(title, quote, note):
    article = Article(title=title.replace("\n", " "), id=1)
    text = "".join(_markdown([Annotated(article, [Highlight(1, quote, note, id=1)])]))
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    kinds = {token.type for token in tokens}
    kinds |= {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {
        "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text",
        "blockquote_open", "blockquote_close", "em_open", "em_close", "softbreak", "hardbreak",
        "text_special",
    }  # fmt: skip
    shown = "".join(
        child.content for token in tokens for child in token.children or () if child.content
    )
    for part in (title, quote, note):
        assert "".join(part.split()) in "".join(shown.split())


@settings(max_examples=100, deadline=None)
@given(HOSTILE, HOSTILE)
def test_no_cell_of_the_table_is_a_formula_and_all_come_back(quote, note):
    article = Article(title=quote.replace("\n", " "), author=note.replace("\n", " "), id=1)
    text = "".join(write_csv([Annotated(article, [Highlight(1, quote, note)])]))
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    if quote.strip():
        assert row["Highlight"].removeprefix("'") == quote.removeprefix("'")
        assert row["Note"].removeprefix("'") == note.removeprefix("'")


def test_escaping_leaves_plain_text_as_it_is():
    assert escaped("A plain sentence, with 3 dots... and (brackets).") == (
        "A plain sentence, with 3 dots... and (brackets)."
    )
