"""Blocks that are too long to be set at once: their parts look as the whole would."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.typeset import divide, split
from tui.typeset.document import Document
from tui.typeset.draw import draw
from tui.typeset.flow import Flow
from tui.typeset.model import Kind
from tui.typeset.setting import Setting
from tui.typeset.styles import StyleSheet
from tui.typeset.viewport import Viewport

SHEET = StyleSheet()
SENTENCE = "The boats went out before light and came back before the rain. "


def lines(source: str, width: int = 60, setting: Setting | None = None) -> list[str]:
    document = Document(source, setting=setting or Setting())
    flow = Flow(document, width)
    return [
        "".join(segment.text for segment in draw(line, SHEET)).rstrip()
        for number in range(len(document))
        for line in flow.lines(number)
    ]


@pytest.fixture
def whole(monkeypatch):
    """The lines of a text whose blocks are left whole."""

    def set_whole(source: str, width: int = 60, setting: Setting | None = None) -> list[str]:
        with monkeypatch.context() as patch:
            patch.setattr(split, "LONGEST", 10**9)
            return lines(source, width, setting)

    return set_whole


def parts(source: str) -> int:
    return len(Document(source))


CODE = "\n".join(f"line {number}\n\n    indented = {number}" for number in range(900))
ROWS = "".join(f"| {n} | name of row {n} | {n * n} |\n" for n in range(700))
TABLE = "| Number | Name | Square |\n|---|:-:|--:|\n" + ROWS
QUOTE = "\n>\n".join(f"> Paragraph {n}. {SENTENCE}\n> and lazily on" for n in range(400))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(f"```python\n{CODE}\n```", id="code"),
        pytest.param(f"~~~~\n{CODE}", id="code without an end"),
        pytest.param(TABLE, id="table"),
        pytest.param(QUOTE, id="quote"),
        pytest.param("\n".join(f"- item {n} {SENTENCE}" for n in range(900)), id="tight list"),
        pytest.param("\n\n".join(f"- item {n}\n\n  more" for n in range(900)), id="loose list"),
        pytest.param(
            "\n".join(f"{n}. item {n}\n     - [x] inner\n" for n in range(5, 995)),
            id="ordered list",
        ),
        pytest.param(
            "\n".join(f"    line {n} = {n * n}" for n in range(1_500)), id="indented code"
        ),
        pytest.param(
            "\n\n".join(f"Term {n}\n: {SENTENCE}{SENTENCE}" for n in range(300)), id="definitions"
        ),
        pytest.param("\n".join(f"1) always one {SENTENCE}" for _ in range(300)), id="all ones"),
    ],
)
@pytest.mark.parametrize("setting", [Setting(), Setting(scroll_code=True, indent=True)])
def test_a_long_block_looks_as_it_would_in_one_piece(source, setting, whole):
    assert parts(source) > 3
    assert lines(source, 60, setting) == whole(source, 60, setting)


def test_a_long_table_that_does_not_fit_has_the_same_columns_all_the_way_down():
    row = "| {} | A cell of several words that has to wrap | and [one](https://one.example) |\n"
    source = "| N | Words | Link |\n|-|-|-|\n" + "".join(map(row.format, range(400)))
    assert parts(source) > 3
    document = Document(source)
    flow = Flow(document, 36)
    columns = {
        tuple(piece.column for piece in line.pieces)
        for number in range(len(document))
        for line in flow.lines(number)
        if len(line.pieces) == 3
    }
    assert len(columns) == 1


def test_a_long_table_of_many_columns_names_them_in_every_record(whole):
    names = "|".join(f"Column {n}" for n in range(20))
    row = "|".join(f"value {n}" for n in range(20))
    source = f"|{names}|\n|{'-|' * 20}\n" + f"|{row}|\n" * 200
    assert parts(source) > 3
    assert lines(source, 40) == whole(source, 40)
    assert sum("Column 19" in line for line in lines(source, 40)) == 200


def test_a_long_paragraph_is_divided_between_sentences_and_loses_nothing(whole):
    source = "Begin. " + SENTENCE * 1_200
    assert parts(source) == 4
    assert " ".join(lines(source)).split() == source.split()
    assert not any(not line for line in lines(source)[1:])  # no blank line in the midst of it
    document = Document(source)
    assert all(document.plain(number).endswith("rain.") for number in range(4))


def test_no_link_or_emphasis_is_taken_apart():
    source = "*Some emphasis here* and [a link. With two](https://one.example/a_(b)). " * 900
    document = Document(source)
    assert len(document) > 10
    for number in range(len(document)):
        plain = document.plain(number)
        assert "*" not in plain
        assert "](" not in plain


@given(st.text(st.sampled_from("ab. \n。中👍🏽e\u0301[]()*`"), min_size=1, max_size=400))
def test_however_a_paragraph_is_divided_all_of_it_is_there(text):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("LONGEST", 40), ("_PLAIN", 90), ("_MARKED", 70)):
            patch.setattr(divide, name, value)
        found = list(divide.divide(text, 0, len(text)))
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    if found:
        assert (found[0][0], found[-1][1]) == (0, len(text))
        assert "".join("".join(text[a:b] for a, b, _ in found).split()) == "".join(text.split())
        assert [part.first for *_, part in found] == [True] + [False] * (len(found) - 1)


def test_the_place_in_a_long_block_is_kept_when_the_width_changes():
    view = Viewport(Document("```\n" + CODE + "\n```"), 60, 20)
    view.seek(view.total // 2)
    top = view.top_place()
    view.resize(44, 20)
    assert view.top_place() == top
    kinds = {part.kind for part in view.document.block(top.block).paragraphs}
    assert kinds == {Kind.CODE}


def test_the_parts_of_code_are_moved_sideways_together():
    source = "```\n" + f"{'x' * 20}{'y' * 50}\n" * 900 + "```"
    view = Viewport(Document(source, setting=Setting(scroll_code=True)), 40, 20)
    assert view.scroll_code(20)
    view.end()
    text = "".join(segment.text for segment in draw(view.line(view.rows[-1]), SHEET))
    assert text == "‹ " + "y" * 37 + "›"
    view.scroll_code(-20)
    view.home()
    assert view.line(view.rows[1]).start == 0


def test_a_quote_of_one_paragraph_is_divided_after_sentences_without_a_gap(whole):
    source = "\n".join(f"> Sentence {n}. {SENTENCE}".rstrip() for n in range(600))
    assert parts(source) > 3
    assert "│" not in lines(source)[1:]
    plain = [[line.removeprefix("│ ") for line in each] for each in (lines(source), whole(source))]
    assert " ".join(plain[0]).split() == " ".join(plain[1]).split()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("> begun\n" + "and lazily on without an end\n" * 2_000, id="lazy"),
        pytest.param("> a line without an end\n" * 3_000, id="no sentence"),
        pytest.param("> > begun\n" + "and lazily on without an end\n" * 2_000, id="in a quote"),
    ],
)
def test_a_quote_without_sentences_is_divided_at_its_lines(source, whole):
    assert parts(source) > 3
    shown, expected = lines(source), whole(source)
    bars = shown[1].rstrip("abcdefghijklmnopqrstuvwxyz ")
    assert all(line.startswith(bars) for line in shown[1:])
    plain = [" ".join(line.removeprefix(bars) for line in each) for each in (shown, expected)]
    assert plain[0].split() == plain[1].split()


def test_a_line_after_what_is_no_paragraph_of_a_quote_stays_outside():
    source = "> # Heading\n" + "this is outside of it\n" * 2_000
    document = Document(source)
    assert not any(line.startswith("│ this") for line in lines(source))
    assert document.plain(0).startswith("Heading")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("<div>\n" + "text of a page\n" * 20_000, id="html"),
        pytest.param("a\n" + ": b\n" * 40_000, id="definitions without a blank line"),
        pytest.param("# a " + "#" * 100_000 + " b", id="heading"),
        pytest.param(f"|a|\n|-|\n|{'w ' * 100_000}|", id="cell"),
    ],
)
def test_what_cannot_be_divided_and_is_longer_than_a_chapter_is_shown_as_its_source(source):
    document = Document(source)
    plain = "".join(document.plain(number) for number in range(len(document)))
    assert "".join(plain.split()) == "".join(source.split())
    assert all(len(document.plain(number)) <= 60_000 for number in range(len(document)))


def test_of_a_long_block_as_much_is_cut_as_is_looked_at():
    document = Document("A line of prose, and no more.\n" * 300_000)
    Viewport(document, 60, 40)
    assert document.blocks.reached < 1_000_000


@pytest.mark.parametrize("body", ["Smith, A Book of {0} things", "Smith.\n    A Book of {0}"])
def test_footnotes_that_are_defined_line_by_line_are_divided_between_them(body):
    uses = " ".join(f"x[^{number}]" for number in range(700))
    notes = "\n".join(f"[^{number}]: {body.format(number)}" for number in range(700))
    document = Document(f"{uses}\n\n{notes}")
    assert not any(document.plain(number) for number in range(1, document.last))
    shown = [document.plain(number).strip() for number in range(document.last, len(document))]
    assert shown == [f"{' '.join(body.format(number).split())} ↩" for number in range(700)]
    assert document.last > 11
