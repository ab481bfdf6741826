"""What a reader may choose beside the measure, and footnotes shown in the text."""

from __future__ import annotations

import sys
from itertools import pairwise
from textwrap import dedent
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.typeset import hyphenate
from tui.typeset.document import Document
from tui.typeset.draw import MATCH, draw
from tui.typeset.flow import Flow
from tui.typeset.layout import lay_out
from tui.typeset.model import Kind
from tui.typeset.outline import link_at
from tui.typeset.setting import Setting
from tui.typeset.styles import StyleSheet
from tui.typeset.viewport import Place, Viewport

SHEET = StyleSheet()


def line_text(line) -> str:
    return "".join(segment.text for segment in draw(line, SHEET))


def shown(source: str, width: int, setting: Setting) -> list[str]:
    document = Document(source, setting=setting)
    flow = Flow(document, width)
    lines = [line for number in range(len(document)) for line in flow.lines(number)]
    rows = [line_text(line) for line in lines]
    assert all(cell_len(row) <= width for row in rows)
    rows = [row.rstrip() for row in rows]
    while rows and not rows[0]:
        rows.pop(0)
    return rows


def check(source: str, expected: str, width: int, **chosen: object) -> None:
    rows = shown(dedent(source), width, Setting(**chosen))
    assert "\n".join(rows) == dedent(expected).strip("\n")


@pytest.fixture
def every_second_letter(monkeypatch):
    """A language with a hyphen after every second letter, and no other language."""
    letters = SimpleNamespace(
        positions=lambda word: [SimpleInt(place) for place in range(2, len(word) - 2, 2)]
    )
    module = SimpleNamespace(
        language_fallback=lambda lang: "xx" if lang.startswith("xx") else None,
        Pyphen=lambda lang, left, right: letters,
    )
    monkeypatch.setitem(sys.modules, "pyphen", module)
    hyphenate.forget()
    yield
    hyphenate.forget()


class SimpleInt(int):
    data = None


def test_justified_lines_are_as_wide_as_the_measure_but_the_last_and_the_hopeless():
    check(
        """
        The keeper wrote the height down every hour of the day, and of the night too.

        An incomprehensibilities unquestionably
        """,
        """
        The  keeper  wrote  the height
        down every hour  of  the  day,
        and of the night too.

        An incomprehensibilities
        unquestionably
        """,
        30,
        justify=True,
    )


def test_what_is_lit_or_a_link_goes_on_through_a_space_that_was_widened():
    document = Document(
        "[one two three](https://one.example) four five", setting=Setting(justify=True)
    )
    [_, line, _] = Flow(document, 21).lines(0)
    assert line_text(line) == "one  two  three  four"
    segments = draw(line, SHEET, [(0, 7, MATCH)])
    assert "".join(s.text for s in segments if s.style.underline) == "one  two  three"
    assert "".join(s.text for s in segments if s.style.reverse) == "one  two"
    assert (line.start, line.end) == (0, 18)
    found = [link_at(document, 0, line, column) for column in (0, 5, 10)]
    assert all(link and link.url == "https://one.example" for link in found)


def test_hyphenated_by_the_language_of_the_article(every_second_letter):
    source = "An extraordinary undertaking"
    check(source, "An extraord-\ninary unde-\nrtaking", 12, hyphenate=True, lang="xx-YY")
    check(source, "An\nextraordinar\ny\nundertaking", 12, hyphenate=True, lang="zz")
    check(source, "An\nextraordinar\ny\nundertaking", 12, hyphenate=True)


def test_names_of_code_addresses_capitals_and_headings_take_no_hyphen(every_second_letter):
    for word in (
        "`undertaking`",
        "UNDERTAKING",
        "[undertaking](https://undertaking.example)",
        "https://under",
        "us@undertaking",
    ):
        rows = shown(f"An odd {word}", 14, Setting(hyphenate=True, lang="xx"))
        assert rows[0] == "An odd", word
    assert shown("### An odd undertaking", 14, Setting(hyphenate=True, lang="xx"))[0] == "An odd"


def test_without_patterns_nothing_is_hyphenated_and_nothing_fails(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyphen", None)  # as if it were not installed
    hyphenate.forget()
    assert hyphenate.hyphenator("en") is None
    hyphenate.forget()


def test_pyphen_knows_english_and_german():
    pytest.importorskip("pyphen")
    english, german = hyphenate.hyphenator("en-US"), hyphenate.hyphenator("de")
    text = "(hyphenation)"
    assert [text[:place] for place in english(text, 0, len(text))] == ["(hy", "(hyphen"]
    text = "Silbentrennung"
    assert [text[:place] for place in german(text, 0, len(text))] == ["Sil", "Silben", "Silbentren"]


def test_paragraphs_are_told_apart_by_an_indent_where_text_follows_text():
    check(
        """
        # Title

        First paragraph of it.

        Second paragraph of it.

        [a]: https://one.example

        Third.

        - item

        Fourth.

        > Quote.

        Fifth.
        """,
        """
        Title
        ━━━━━━━━━━━━━━━━━━

        First paragraph of
        it.
          Second paragraph
        of it.
          Third.

        • item

        Fourth.

        │ Quote.

        Fifth.
        """,
        18,
        indent=True,
    )


ALL = """
# One

## Two

Text with a note[^1].

> Quote of some length, as it is.
>
> - [ ] open
> - [x] done
>   1. nested

| Harbour | Range |
|:--------|------:|
| North | 4.2 m |
| South | |

```python
a_long_line = "of code"
```

***

![A map](https://example.org/map.png "From 1912")

[^1]: The note.
"""


def test_a_plain_setting_says_in_words_or_markdown_what_decoration_would():
    check(
        ALL,
        """
        # One

        ## Two

        Text with a note[1].

        > Quote of some length,
        > as it is.
        >
        > [ ] open
        > [x] done
        >     1. nested

        Harbour: North
        Range: 4.2 m

        Harbour: South

        [code: python]
            a_long_line = "of cod
        ... e"
        [end of code]

        [break]

        image: A map
               From 1912


        Note 1: The note. [back]
        """,
        25,
        plain=True,
        frames=True,
    )


@pytest.mark.parametrize("language", ["", "\x1b[31m", "a\x07", "\x9b31m"])
def test_a_language_is_told_that_has_a_name_without_controls(language):
    source = f"~~~{language}\ntext\n~~~"
    assert shown(source, 40, Setting(plain=True)) == ["[code]", "    text", "[end of code]"]
    [code] = Document(source).block(0).paragraphs
    assert code.language.isprintable()


@pytest.mark.parametrize("chosen", [{}, {"plain": True}, {"ascii": True}, {"scroll_code": True}])
@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_code_is_set_however_narrow_it_is(width, chosen):
    flow = Flow(Document("```\nabcdef\n```", setting=Setting(**chosen)), width)
    text = "".join("".join(line_text(line).split()) for line in flow.lines(0))
    assert "a" in text
    assert chosen.get("scroll_code") or "b" in text


def test_an_ascii_setting_draws_nothing_but_ascii():
    rows = shown(ALL, 24, Setting(ascii=True, frames=True, justify=True))
    assert all(row.isascii() for row in rows)
    assert "========================" in rows
    assert "+ image ----+" in rows
    assert "| A map     |" in rows
    assert '\\ "' in rows


def test_long_names_in_plain_tables_stand_above_their_values():
    check(
        """
        | A header of many words | B |
        |-|-|
        | value | and a value that is longer |
        """,
        """
        A header of many
        words:
        value
        B: and a value that
        is longer
        """,
        20,
        plain=True,
    )


def test_pictures_are_framed_with_alt_and_title_and_stay_links():
    source = '![A map of the harbour](https://example.org/map.png "From 1912")'
    check(
        source,
        """
        ┌ image ───────┐
        │ A map of the │
        │ harbour      │
        │ From 1912    │
        └──────────────┘
        """,
        20,
        frames=True,
    )
    document = Document(source, setting=Setting(frames=True))
    line = Flow(document, 20).lines(0)[2]
    assert link_at(document, 0, line, 4).url == "https://example.org/map.png"
    assert link_at(document, 0, line, 0) is None


def test_a_picture_without_a_frame_says_that_it_is_one():
    source = "- ![A map of the harbour](https://example.org/map.png)\n- ![](a.png) ![](b.png)"
    check(
        source,
        """
        • image: A map of the
                 harbour
        • [image: a.png] [image:
          b.png]
        """,
        25,
        frames=False,
    )


CODE = """\
```
short = 1
a_long_line(of_code, "港の一日", that="goes on")
```
"""


def test_code_that_is_too_long_goes_on_behind_an_arrow_or_is_cut_with_a_mark():
    assert shown(CODE, 27, Setting()) == [
        "  short = 1", '  a_long_line(of_code, "港', '↪ の一日", that="goes on")',
    ]  # fmt: skip
    cut = ["  short = 1", '  a_long_line(of_code, "港›']
    assert shown(CODE, 27, Setting(scroll_code=True)) == cut
    assert shown(CODE, 27, Setting(scroll_code=True, ascii=True))[1] == cut[1].replace("›", ">")


def test_code_that_is_cut_moves_sideways_all_lines_of_it_together():
    view = Viewport(Document(CODE, setting=Setting(scroll_code=True)), 27, 10)
    assert view.scroll_code(8)
    assert rows_of(view)[1:] == ["‹ 1", '‹ ine(of_code, "港の一日",›']
    assert view.scroll_code(15)
    assert rows_of(view)[1:] == ["‹", '‹  の一日", that="goes on")']
    assert not view.scroll_code(100)
    assert view.scroll_code(-100)
    assert rows_of(view)[1] == "  short = 1"
    assert not view.scroll_code(-1)


def test_what_is_gone_to_in_code_comes_into_sight():
    document = Document(CODE, setting=Setting(scroll_code=True))
    view = Viewport(document, 27, 10)
    place = Place(0, document.block(0).plain.index("goes"))
    assert view.row_of(place) is None
    view.reveal(place)
    view.show(place)
    assert "goes on" in rows_of(view)[view.row_of(place)]


def test_arabic_and_hebrew_stand_at_the_right_in_logical_order_where_that_is_asked_for():
    source = "שלום עולם\n\n> مرحبا بالعالم\n\nEnglish עולם"
    assert shown(source, 20, Setting()) == [
        "שלום עולם", "", "│ مرحبا بالعالم", "", "English עולם",
    ]  # fmt: skip
    assert shown(source, 20, Setting(bidi=True)) == [
        " " * 11 + "שלום עולם", "", "│" + " " * 6 + "مرحبا بالعالم", "", "English עולם",
    ]  # fmt: skip


NOTED = """\
Before.

Text with a note[^1] and another[^2] and more.

After.

[^1]: The first *note* is [long](https://one.example) enough.

[^2]: The second.
"""


def rows_of(view: Viewport) -> list[str]:
    return [line_text(view.line(row)).rstrip() for row in view.rows]


def test_a_footnote_is_shown_under_the_line_that_refers_to_it_and_hidden_again():
    view = Viewport(Document(NOTED), 30, 40)
    before = rows_of(view)
    assert view.toggle_note(1, 2)
    assert view.toggle_note(1, 1)
    assert rows_of(view)[3:12] == [
        "Text with a note[1] and",
        "┆ 1. The first note is long",
        "┆    enough. ↩",
        "another[2] and more.",
        "┆ 2. The second. ↩",
        "",
        "After.",
        "",
        "──────────────────────────────",
    ]
    view.resize(31, 40)
    assert view.is_note_open(1, 2)
    assert not view.toggle_note(1, 2)
    assert view.close_notes()
    assert not view.close_notes()
    view.resize(30, 40)
    assert rows_of(view) == before


def test_footnotes_of_one_line_are_shown_in_their_order():
    view = Viewport(Document("Both[^1] here[^2].\n\n[^1]: One.\n\n[^2]: Two."), 30, 40)
    view.toggle_note(0, 2)
    view.toggle_note(0, 1)
    assert rows_of(view)[1:4] == ["Both[1] here[2].", "┆ 1. One. ↩", "┆ 2. Two. ↩"]


def test_a_footnote_in_the_text_is_no_part_of_the_block_but_its_links_can_be_found():
    document = Document(NOTED)
    view = Viewport(document, 30, 40)
    places = [view.row_of(Place(1, offset)) for offset in (0, 30)]
    view.toggle_note(1, 1)
    assert view.row_of(Place(1, 0)) == places[0]
    assert view.row_of(Place(1, 30)) == places[1] + 2
    line = view.line(view.rows[4])
    assert (line.start, line.end) == (None, None)
    assert link_at(document, 1, line, line_text(line).index("long")).url == "https://one.example"
    assert view.top_place() == Place(0, 0)
    assert view.scroll(-1) is False


def test_a_change_of_setting_keeps_the_sentence_at_the_top():
    document = Document("\n\n".join(f"Paragraph {number} of it." for number in range(200)))
    view = Viewport(document, 40, 10)
    view.scroll(120)
    top = view.top_place()
    row = view.row_of(top)
    document.setting = Setting(indent=True, justify=True)
    view.resize(40, 10)
    assert view.row_of(top) == row
    assert rows_of(view)[1] == f"  Paragraph {top.block} of it."


SETTINGS = st.builds(
    Setting,
    justify=st.booleans(),
    hyphenate=st.booleans(),
    indent=st.booleans(),
    lang=st.sampled_from(["", "en", "de"]),
    plain=st.booleans(),
    ascii=st.booleans(),
    bidi=st.booleans(),
    frames=st.booleans(),
    scroll_code=st.booleans(),
)
WORDS = st.sampled_from(
    [
        *("plain", "extraordinary", "*em*", "`code_of_it`", "[l](http://x.y/z)", "« a »", "!"),
        *("中文，", "👍🏽", "שלום", "مرحبا", "क्षत्रि", "10\u00a0000", "$a_1$", "\\(b\\)"),
        *("![p](q.png)", "text[^1]"),
    ]
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
BLOCKS = st.one_of(
    SENTENCE,
    SENTENCE.map("## {}".format),
    SENTENCE.map("> {}".format),
    SENTENCE.map("- [x] {}\n  1. more".format),
    SENTENCE.map("```\n{}\n```".format),
    SENTENCE.map("Term\n\n: {}\n\n  more".format),
    SENTENCE.map("$$\n{}\n$$".format),
    st.tuples(SENTENCE, SENTENCE).map(lambda cells: "|{}|b|\n|-|-|\n|c|{}|".format(*cells)),
    st.just('![A picture](https://x.y/z.png "with a title")'),
    st.just("[^1]: note"),
)


@given(st.lists(BLOCKS, min_size=1, max_size=6).map("\n\n".join), st.integers(8, 100), SETTINGS)
def test_under_every_setting_all_text_is_shown_in_order_within_the_measure(source, width, setting):
    document, default = Document(source, setting=setting), Document(source)
    flow = Flow(document, width)
    for number in range(len(document)):
        block = document.block(number)
        if not document.is_note(number):  # which ends with a sign
            assert block.plain == default.block(number).plain
        lines = flow.lines(number)
        assert all(cell_len(line_text(line)) <= width for line in lines)
        for paragraph in block.paragraphs:
            own = [line for line in lines if line.paragraph is paragraph]
            if paragraph.grid is not None:
                continue  # the cells of a table are side by side
            if paragraph.kind is Kind.CODE and setting.scroll_code and not setting.plain:
                continue  # what is out of sight is scrolled to
            pieces = [piece for line in own for piece in line.pieces]
            assert all(a.end <= b.start for a, b in pairwise(pieces))
            text = "".join(paragraph.text[piece.start : piece.end] for piece in pieces)
            assert "".join(text.split()) == "".join(paragraph.text.split())
        assert lines == Flow(document, width).lines(number)


@given(
    st.lists(st.lists(SENTENCE, min_size=3, max_size=3), min_size=2, max_size=4),
    st.integers(8, 80),
    st.booleans(),
)
def test_tables_show_every_word_of_every_cell(rows, width, plain):
    source = "\n".join(
        ["|" + "|".join(rows[0]) + "|", "|-|-|-|", *("|" + "|".join(row) + "|" for row in rows[1:])]
    )
    block = Document(source).block(0)
    [paragraph] = block.paragraphs
    seen = set()
    for line in lay_out(block, width, Setting(plain=plain)):
        assert cell_len(line_text(line)) <= width
        for piece in line.pieces:
            seen.update(range(piece.start, piece.end))
    missing = set(range(len(paragraph.text))) - seen
    assert not "".join(paragraph.text[index] for index in sorted(missing)).strip(" \t\n")


@given(
    st.lists(
        st.text(st.sampled_from("ab 中한👍🏽e\u0301क्ष्\u200d"), max_size=30), min_size=1, max_size=4
    ),
    st.integers(16, 60),
)
def test_all_of_a_code_block_comes_into_sight_when_it_is_moved_sideways(rows, width):
    document = Document("```\n" + "\n".join(rows) + "\n```", setting=Setting(scroll_code=True))
    view = Viewport(document, width, 100)
    text = document.block(0).plain
    seen: set[int] = set()
    for _ in range(200):
        for row in view.rows:
            line = view.line(row)
            assert cell_len(line_text(line)) <= width
            for piece in line.pieces:
                seen.update(range(piece.start, piece.end))
        if not view.scroll_code(4):
            break
    assert not "".join(text[at] for at in range(len(text)) if at not in seen).strip()
