"""Text that no person wrote: each thing in it that could hold up the reader is bounded."""

from __future__ import annotations

import pytest

from tui.typeset import definitions, document
from tui.typeset.document import Document
from tui.typeset.excess import MAX_COLUMNS, is_too_deep, is_too_wide
from tui.typeset.markdown import MAX_NESTING

DEEP_LIST = "".join(" " * (2 * depth) + "- x\n" for depth in range(1_500))
DEEP_QUOTE = "".join(">" * depth + " x\n" for depth in range(1_500))
STAIRS = "".join("> " * (line % 300) + "x\n" for line in range(3_000))


@pytest.fixture
def parsed(monkeypatch):
    """The sources that were given to the parser."""
    seen: list[str] = []
    real = document.parse

    def parse(source, env=None):
        seen.append(source)
        return real(source, env)

    monkeypatch.setattr(document, "parse", parse)
    return seen


@pytest.mark.parametrize("source", [DEEP_LIST, DEEP_QUOTE, STAIRS])
def test_what_is_nested_too_deep_is_shown_as_its_source_by_the_part_and_never_parsed(
    source, parsed
):
    shown = Document(source)
    assert len(shown) > 10
    assert max(end - start for start, end in map(shown.extent, range(len(shown)))) < 30_000
    assert shown.plain(0).startswith(source[:200].rstrip("\n").split("\n")[0])
    text = "\n".join(shown.plain(number) for number in range(len(shown)))
    assert text.count("x") == source.count("x")
    assert not parsed


@pytest.mark.parametrize("depth", [1, 5, 20])
def test_lists_and_quotes_as_people_nest_them_are_parsed(depth):
    source = "".join(" " * (2 * level) + "- x\n" for level in range(depth))
    assert not is_too_deep(source)
    assert not is_too_deep(">" * depth + " x\n")
    assert not is_too_deep(source * 40)  # many of them one below another


def test_it_is_told_from_the_first_lines_that_are_too_deep():
    assert is_too_deep(DEEP_LIST)
    assert is_too_deep("\n".join(DEEP_LIST.split("\n")[: MAX_NESTING // 2 + 1]))
    assert is_too_deep(DEEP_QUOTE)


def table(columns: int, lines: int) -> str:
    head = "|".join(f"a{number}" for number in range(columns))
    return f"{head}\n{'|'.join(['-'] * columns)}\n" + "b\n" * lines


def test_a_table_of_thousands_of_columns_is_shown_as_its_source(parsed):
    source = table(2_000, 5_000)
    assert is_too_wide(source)
    shown = Document(source)
    assert shown.plain(0).startswith("a0|a1|a2")
    assert sum(shown.plain(number).count("b") for number in range(len(shown))) == 5_000
    assert not parsed


def test_a_table_of_many_columns_is_still_a_table():
    assert not is_too_wide(table(MAX_COLUMNS, 3))
    assert "|" not in Document(table(40, 3)).plain(0)


@pytest.mark.parametrize("before", ["", "p\n", "> ", "> p\n> "])
def test_a_table_whose_rows_are_short_of_thousands_of_cells_is_shown_as_its_source(before, parsed):
    marks = before.rpartition("\n")[2]
    source = f"{before}{'|a' * 200}|\n{marks}{'|-' * 200}|\n" + f"{marks}|\n" * 300
    assert Document(source).plain(0).count("|a") == 200
    assert not parsed


def test_a_table_that_is_too_wide_is_found_below_other_lines_of_its_block(parsed):
    source = "p\n" + table(MAX_COLUMNS + 1, 3)
    assert Document(source).plain(0).startswith("p\na0|a1|a2")
    assert not parsed


def test_tables_that_leave_out_cells_as_people_do_are_still_tables():
    short = "|a|b|c|d|e|f|\n|-|-|-|-|-|-|\n" + "|x|\n" * 800
    assert not is_too_wide(short)
    assert not is_too_wide(f"{table(40, 100)}\n" + "text\n" * 9_000)  # a blank line between
    assert not is_too_wide("---\n" + "a|b\n" * 9_000)
    assert not is_too_wide("a\n" + "|-" * 300 + "|\n" + "x\n" * 300)  # nothing heads it


@pytest.mark.parametrize("marks", ["> " * 50, ">" * 50, "- > " * 25, "1. > > " * 25])
def test_lines_by_the_hundred_that_go_on_in_quotes_this_deep_are_shown_as_they_are(marks, parsed):
    source = marks + "a\n" * 1_500
    assert Document(source).plain(0).startswith(marks.rstrip()[:20])
    assert not parsed


def test_quotes_in_quotes_as_mail_has_them_are_parsed_however_long():
    thread = "".join(">" * depth + f" line {depth}\nand on\n" for depth in range(1, 12))
    assert not is_too_deep(f"{thread}>\n" * 200)
    assert not is_too_deep("> > > a\n" + "b\n" * 5_000)


def test_headings_by_the_thousand_are_blocks_of_their_own():
    shown = Document("# h\n" * 10_000)
    assert len(shown) > 100
    assert sum(shown.plain(number).count("h") for number in range(len(shown))) == 10_000
    assert len(Document("Some words\n===\n" * 5_000)) > 50


@pytest.mark.parametrize("letter", ["漢", "x = 1; ", "`a", " "])
def test_a_line_of_code_of_any_length_is_set_in_parts(letter):
    line = letter * (200_000 // len(letter)) + "."
    shown = Document(f"```\n{line}\n```\n\nAfter it.")
    assert max(end - start for start, end in map(shown.extent, range(len(shown)))) < 60_000
    text = "".join(shown.plain(number) for number in range(len(shown)))
    assert text == f"{line}After it."


def test_a_line_of_nothing_but_the_marks_of_a_fence_stays_whole():
    line = "`" * 100_000 + "."
    assert Document(f"```\n{line}\n```").plain(0) == line


def test_definitions_that_never_end_are_parsed_once(monkeypatch):
    calls = 0
    real = definitions.parse_structure

    def parse_structure(source, env=None):
        nonlocal calls
        calls += 1
        return real(source, env)

    monkeypatch.setattr(definitions, "parse_structure", parse_structure)
    Document("[a]: <" * 1_500 + "\n\n[a] [a]").block(0)
    assert calls <= 1
    Document("[a]: <\n" * 1_500 + "\n[a]").block(1)
    assert calls <= 3


def test_a_definition_in_a_quote_or_an_item_is_still_found():
    for before in ("> ", "- ", "> - ", "  "):
        block = Document(f"See [this].\n\n{before}[this]: https://example.org/\n").block(0)
        assert any("https://example.org/" in str(span) for span in block.paragraphs[0].spans)
