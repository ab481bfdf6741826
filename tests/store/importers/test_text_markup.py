"""Light markup keeps its meaning; all else is shown as it was written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from store.importers.text_markup import escape_line_start, to_markdown, to_plain

_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(text: str) -> str:
    """The words a reader of Markdown shows for one line of plain text."""
    (paragraph,) = [
        token
        for token in _MARKDOWN.parse(escape_line_start(to_markdown(text)))
        if token.type == "inline"
    ]
    return "".join(child.content for child in paragraph.children)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("The *Bertha* hums.", "The *Bertha* hums."),
        ("an _italic_ word", "an _italic_ word"),
        ("**bold** and ***both***", "**bold** and ***both***"),
        ("**a *b* c**", "**a *b* c**"),
        ("“*Title,*” he said—*word*—and", "“*Title,*” he said—*word*—and"),
        ("*Bertha*’s crew, *Bertha*-class", "*Bertha*’s crew, *Bertha*-class"),
        (r"cost \$5 million, \$6 million", "cost $5 million, $6 million"),
        (r"ines\_calloway@example.org", "ines_calloway@example.org"),
        (r"\*not italic\*", r"\*not italic\*"),
        ("5*3*2 and 2 * 3", r"5\*3\*2 and 2 * 3"),
        ("*a,*b but *a*b", r"\*a,\*b but *a*b"),
        ("a word* with a note", r"a word\* with a note"),
        ("my_file_name.txt", "my_file_name.txt"),
        ("“quotes”, ‘quotes’, a–b — c -- d", "“quotes”, ‘quotes’, a–b — c -- d"),
        ("10\u00a0000", "10\u00a0000"),
        ("<b>AT&amp;T</b>", r"\<b>AT\&amp;T\</b>"),
        ("[1] and [a](b)", r"[1] and \[a](b)"),
        ("see https://example.org/_a_/b.", "see <https://example.org/_a_/b>."),
        ("see https://example.org/a.", "see https://example.org/a."),
        (r"C:\dir and \\server\share", r"C:\dir and \\\server\share"),
    ],
)
def test_markup_is_kept_and_other_characters_are_escaped(text, markdown):
    assert to_markdown(text) == markdown


@pytest.mark.parametrize(
    "text",
    [
        *("# no heading", "> no quotation", "- no list", "1. no list", "3) no list", "---", "***"),
        *("===", "~~~", "+ x", "* x", "| a | b |", "[x]: y", "[ ] no task", "#", "-", "____"),
        "a\\",
    ],
)
def test_a_line_that_looks_like_a_block_is_shown_as_it_is(text):
    assert shown(text) == text


_INERT = st.text(st.sampled_from("ab Z9.,:;!?#>+-=~|[](){}<>&`'\"$%^@/é“—"), min_size=1).map(
    lambda text: " ".join(text.split())
)


@given(_INERT.filter(bool))
def test_text_without_stars_and_underscores_is_shown_as_it_is(text):
    assert shown(text) == text


@given(st.text(st.sampled_from("ab *_. \\é“"), min_size=1).map(lambda t: " ".join(t.split())))
def test_stars_and_underscores_that_are_escaped_are_shown(text):
    if text:
        literal = re.sub(r"([*_\\])", lambda match: "\\" + match[0], text.replace("\\", ""))
        plain = text.replace("\\", "")
        if plain.strip():
            assert shown(literal.strip()) == plain.strip()


@given(st.text(st.sampled_from("ab *_.-“")))
def test_a_title_loses_marks_and_no_words(text):
    assert re.sub(r"[*_]", "", to_plain(text)) == re.sub(r"[*_]", "", text)


def test_a_title_is_plain_text():
    assert to_plain(r"The *Bertha* costs \$5, see https://example.org/_a_") == (
        "The Bertha costs $5, see https://example.org/_a_"
    )
