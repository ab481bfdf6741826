"""Markdown as it looks: every kind of block, line by line."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.typeset import document as document_module
from tui.typeset.document import Document
from tui.typeset.draw import draw
from tui.typeset.flow import Flow
from tui.typeset.markdown import parse_structure
from tui.typeset.model import STRONG, Paragraph
from tui.typeset.styles import StyleSheet

SHEET = StyleSheet()


def shown(source: str, width: int = 40) -> list[str]:
    """The lines of an article as text, without the blank lines at its ends."""
    document = Document(source)
    flow = Flow(document, width)
    rows = []
    for number in range(len(document)):
        for line in flow.lines(number):
            text = "".join(segment.text for segment in draw(line, SHEET))
            assert cell_len(text) <= width, text
            rows.append(text.rstrip())
    while rows and not rows[0]:
        rows.pop(0)
    return rows


def check(source: str, expected: str, width: int = 40) -> None:
    assert "\n".join(shown(dedent(source), width)) == dedent(expected).strip("\n")


def test_paragraphs_are_wrapped_with_a_blank_line_between():
    check(
        """
        One paragraph, hard wrapped
        in the source, of *some* length.

        Another.
        """,
        """
        One paragraph, hard wrapped in the
        source, of some length.

        Another.
        """,
    )


def test_headings_have_air_above_and_the_upper_levels_a_line_below():
    check(
        """
        # One

        ## Two

        text

        ### Three

        text

        #### Four
        """,
        """
        One
        ━━━━━━━━━━━━━━━━━━━━

        Two
        ────────────────────

        text


        Three

        text

        Four
        """,
        20,
    )


def test_levels_of_headings_differ_without_colour():
    looks = set()
    for level in range(1, 7):
        document = Document(f"text\n\n{'#' * level} Heading")
        lines = Flow(document, 40).lines(1)
        segments = [segment for line in lines for segment in draw(line, SHEET)]
        looks.add(tuple((s.text.replace("Heading", ""), str(s.style)) for s in segments))
    assert len(looks) == 6


def test_lists_hang_and_nest_and_tell_tight_from_loose():
    check(
        """
        - one
        - two, which is long enough to wrap around
          - nested
            - deep
        - three

        9. nine

        10. ten

            More of ten.
        """,
        """
        • one
        • two, which is long enough
          to wrap around
          ◦ nested
            ▪ deep
        • three

         9. nine

        10. ten

            More of ten.
        """,
        28,
    )


def test_tasks_have_boxes_instead_of_bullets():
    check("- [ ] open\n- [x] done\n- [X] too\n- [y] no", "☐ open\n☑ done\n☑ too\n• [y] no")


def test_an_empty_item_shows_its_bullet():
    check("- one\n-\n- three", "• one\n•\n• three")


def test_quotes_have_a_bar_that_goes_on_through_blank_lines():
    check(
        """
        > First paragraph of the quote.
        >
        > > Nested.
        >
        > - item
        """,
        """
        │ First paragraph of
        │ the quote.
        │
        │ │ Nested.
        │
        │ • item
        """,
        22,
    )


def test_code_keeps_its_lines_and_marks_where_a_long_one_goes_on():
    check(
        """
        ```python
        def f(x):
            return x + 1  # long remark
        ```
        """,
        """
          def f(x):
              return x + 1  # l
        ↪ ong remark
        """,
        23,
    )


def test_tables_shrink_to_the_measure_and_wrap():
    source = """
    | Harbour | Range | Remarks |
    |:--------|------:|:-------:|
    | North | 4.2 m | calm |
    | 港口 | 12.05 m | open to the south and west |
    """
    check(
        source,
        """
        Harbour    Range           Remarks
        ───────  ───────  ──────────────────────────
        North      4.2 m             calm
        港口     12.05 m  open to the south and west
        """,
        60,
    )
    check(
        source,
        """
        Harbour    Range    Remarks
        ───────  ───────  ────────────
        North      4.2 m      calm

        港口     12.05 m  open to the
                           south and
                              west
        """,
        30,
    )


CELLS = st.lists(
    st.sampled_from(
        [
            *("word", "longer words", "`code`", "[l](u)"),
            *("港の一日", "किताब", "한국어", "ที่นี่", "🇩🇪", "e\u0301", "👩\u200d👧", "👍🏽"),
        ]
    ),
    max_size=4,
).map(" ".join)


@given(
    st.integers(1, 20).flatmap(
        lambda columns: st.lists(
            st.lists(CELLS, min_size=columns, max_size=columns), min_size=2, max_size=4
        )
    ),
    st.integers(16, 100),
)
def test_the_columns_of_a_table_are_aligned_whatever_is_in_them_and_none_is_cut(rows, width):
    head, *body = ["| " + " | ".join(row) + " |" for row in rows]
    source = "\n".join([head, "|" + "-|" * len(rows[0]), *body])
    [paragraph] = Document(source).block(0).paragraphs
    seen: set[int] = set()
    lines = Flow(Document(source), width).lines(0)
    own = [line for line in lines if line.pieces]
    for line in own:
        text = "".join(segment.text for segment in draw(line, SHEET))
        assert cell_len(text) <= width
        end = 0
        for piece in line.pieces:
            seen.update(range(piece.start, piece.end))
            shown = paragraph.text[piece.start : piece.end]
            place = text.index(shown, end)
            assert cell_len(text[:place]) == piece.column
            end = place + len(shown)
    assert not "".join(text for at, text in enumerate(paragraph.text) if at not in seen).strip()


def test_a_table_that_cannot_fit_becomes_records():
    names = "|".join(f"column{number}" for number in range(1, 5))
    cells = "|".join(f"incompressible{number}" for number in range(1, 5))
    check(
        f"|{names}|\n|-|-|-|-|\n|{cells}|\n|a|b||d|",
        """
        column1  incompressible1
        column2  incompressible2
        column3  incompressible3
        column4  incompressible4
        ───────
        column1  a
        column2  b
        column4  d
        """,
    )


def test_a_thematic_break_is_a_short_line_in_the_middle():
    check("one\n\n***\n\ntwo", "one\n\n" + " " * 17 + "──────\n\ntwo")


def test_images_are_framed_captions_and_in_the_text_they_are_in_brackets():
    check(
        "Text ![inline *alt*](a.png) goes on.\n\n![A map](https://example.org/map.png)\n\n![](x/y.png)",
        """
        Text [image: inline alt] goes on.

        ┌ image ┐
        │ A map │
        └───────┘

        ┌ image ┐
        │ y.png │
        └───────┘
        """,
    )


def test_footnotes_are_numbered_as_referred_to_and_stand_at_the_end():
    check(
        """
        First[^b] and second[^a].

        [^a]: Note a, defined first.

        [^b]: Note *b*.

            Its second paragraph.

        Text after the notes[^b]. Not one[^c].
        """,
        """
        First[1] and second[2].

        Text after the notes[1]. Not one[^c].

        ────────────────────────────────────────
        1. Note b.

           Its second paragraph. ↩
        2. Note a, defined first. ↩
        """,
    )


@pytest.mark.parametrize("source", ["[ ]: one\n[  ]: two", "[a]: x\n[\t]: two", "[\u00a0]: one"])
def test_brackets_with_nothing_in_them_define_nothing(source):
    assert Document(source).plain(0).split() == source.replace("[a]: x\n", "").split()


def test_code_does_not_refer_to_footnotes():
    check(
        """
        Write `[^b]` or

            [^b]

        for[^a] a note[^b].

        [^a]: A.

        [^b]: B.
        """,
        """
        Write [^b] or

          [^b]

        for[1] a note[2].

        ────────────────────
        1. A. ↩
        2. B. ↩
        """,
        20,
    )


def test_a_footnote_that_nothing_refers_to_is_shown_all_the_same():
    check("Text.\n\n[^x]: Lost?", "Text.\n\n" + "─" * 40 + "\n1. Lost? ↩")


@pytest.mark.parametrize(
    "before",
    [
        "```\nText[^1]\n\n[^1]: Not it.\n```",
        "Code:\n\n    [^1]: Not it.",
        "> ```\n> [^1]: Not it.\n> ```",
        "- ~~~\n  [^1]: Not it.\n  ~~~",
        "<!--\n[^1]: Not it.\n-->",
        "$$\n[^1]: Not it.\n$$",
        "</details>\n[^1]: Not it.",
        "```\n" + "some code\n" * 5_000 + "[^1]: Not it.\n```",
        "```\n[^1]: Not it.\n```\n\n" * 60 + "Text.",
    ],
)
def test_a_footnote_is_found_behind_what_only_looks_like_its_definition(before):
    document = Document(f"A claim[^1].\n\n{before}\n\nMore.\n\n[^1]: The note.\n")
    note = document.last
    assert [document.plain(block) for block in range(note, len(document))] == ["\nThe note. ↩"]
    start, end = document.extent(note)
    assert document.text[start:end] == "[^1]: The note."
    assert document.at(start) == note
    assert document.at(document.text.index("Not it")) != note


@pytest.mark.parametrize("before", ["```\ncode\n```", "    code", "~~~\n```\n~~~", "```a`", "text"])
def test_a_footnote_right_under_code_or_text_is_found_too(before):
    document = Document(f"A claim[^1].\n\n    [^1]: Not it.\n\n.\n\n{before}\n[^1]: The note.\n")
    assert document.plain(document.last) == "\nThe note. ↩"


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("- - [^x]: Note.", "Note."),
        ("- > [^x]: Note.", "Note."),
        ("10. 2. [^x]: Note.", "Note."),
        ("Term\n: [^x]: Note.", "Note."),
        ("[^x\ty]: Note.", "Note."),
        ("[^x\u00a0y]: Note.", "Note."),
    ],
)
def test_a_footnote_is_one_wherever_and_under_whatever_label_it_is_defined(source, note):
    label = source.partition("[^")[2].partition("]")[0]
    document = Document(f"{source}\n\nUse[^{label}].\n")
    assert document.plain(document.last - 1) == "Use[1]."
    assert document.plain(document.last) == f"\n{note} ↩"


@pytest.mark.parametrize(
    "source",
    ["[^x]: [^y]: Note.", f"[^{'x' * 1_000}]: Note.", f"- [^{'x' * 1_000}]: Note."],
)
def test_what_is_defined_where_no_footnote_is_looked_for_is_shown_in_place(source):
    document = Document(f"{source}\n\nText.\n")
    assert "Note." in " ".join(map(document.plain, range(len(document))))


def test_a_reference_may_be_defined_anywhere_even_in_a_quote():
    document = Document("See [the Log][] and [b].\n\n> [the log]: https://example.org/log\n\ntext")
    [paragraph] = document.block(0).paragraphs
    assert paragraph.text == "See the Log and [b]."
    [span] = paragraph.spans
    assert (paragraph.text[span.start : span.end], span.link) == (
        "the Log",
        "https://example.org/log",
    )


def test_the_first_definition_of_a_reference_holds_and_code_defines_nothing():
    source = "[a]\n\n```\n[a]: https://code.example\n```\n\n[A]: https://one.example\n[a]: https://two.example"
    document = Document(source)
    assert document.block(0).paragraphs[0].spans[0].link == "https://one.example"


def test_definitions_stand_indented_under_their_terms():
    check(
        """
        Term *one*
        : Its definition, which is too long for a line.
        : Another.

        Term two

        :   A paragraph.

            - item

            A second one.

        Text after.
        """,
        """
        Term one
            Its definition, which is
            too long for a line.
            Another.

        Term two
            A paragraph.

            • item

            A second one.

        Text after.
        """,
        29,
    )
    document = Document("Term\n: Definition")
    assert style_bits(document.block(0).paragraphs[0]) == [("Term", STRONG)]


def style_bits(paragraph: Paragraph) -> list[tuple[str, int]]:
    return [(paragraph.text[a:b], marks) for a, b, marks, _ in paragraph.spans]


@pytest.mark.parametrize(
    "formula",
    [
        "$a_1 * b * c_2$",
        "$x$",
        "$$a_i *b* c_i$$",
        "\\(x * y * z_{a_b}\\)",
        "$\\text{for all } x_1 *in* y_1$",
        "\\(\\frac{[a](b)}{<i>c</i>}\\)",
    ],
)
def test_formulas_are_left_as_they_are_written(formula):
    [paragraph] = Document(f"Where {formula} is *so*.").block(0).paragraphs
    assert paragraph.text == f"Where {formula} is so."
    assert [part for part, _ in style_bits(paragraph)] == ["so"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("costs $5 and *not* $10", "costs $5 and not $10"),
        ("from US$5 *to* A$6", "from US$5 to A$6"),
        ("it is $5 *a piece* or 10$", "it is $5 a piece or 10$"),
        ("`$a` and *b* `$c`", "$a and b $c"),
        ("\\$a_1 *x* b$", "$a_1 x b$"),
        ("\\[1\\] *Smith*", "[1] Smith"),
        ("\\[citation *needed*\\]", "[citation needed]"),
    ],
)
def test_prices_and_escaped_brackets_are_no_formulas(source, text):
    assert Document(source).block(0).plain == text


def test_a_formula_that_stands_alone_keeps_its_lines_without_what_encloses_it():
    check(
        """
        It follows that
        $$
        a_1 * b_1
        + c * d
        $$
        and

        \\[ x_1
        - y \\]

        $$ never closed
        *and* so on

        $$x^2$$
        """,
        """
        It follows that

          a_1 * b_1
          + c * d

        and

          x_1
          - y

        $$ never closed and so on

          x^2
        """,
    )


def test_the_title_of_a_picture_stands_below_it():
    source = '![A map](https://example.org/map.png "From 1912") ![](b.png "Only this")'
    assert shown(source) == [
        "┌ image ───────────────────────┐",
        "│ [image: A map]               │",
        "│ From 1912 [image: Only this] │",
        "└──────────────────────────────┘",
    ]


def test_a_reference_of_thousands_of_digits_in_html_stands_for_no_character():
    assert shown(f"<p>Before &#{'1' * 5_000}; after</p>") == ["Before \ufffd after"]


def test_html_is_stripped_of_its_tags_and_never_obeyed():
    check(
        """
        <div class="x"><p>One &amp; two</p>three<br>four</div>

        a <b>bold</b> word<br>next <script>alert(1)</script>

        <!-- a remark -->

        <script>
        alert("never")
        </script>
        """,
        """
        One & two

        three
        four

        a bold word
        next alert(1)
        """,
    )


def test_markup_of_the_terminal_is_shown_literally():
    check(
        "[bold]x[/bold] [@click=app.quit]y[/] \x1b[31mred\x1b[0m \x9b1m \x07",
        "[bold]x[/bold] [@click=app.quit]y[/]\n␛[31mred␛[0m \ufffd1m ␇",
    )


def test_direction_overrides_and_lone_surrogates_do_not_reach_the_terminal():
    assert shown("a\u202eb\u2066c\ud800d e\u00adf") == ["abc\ufffdd ef"]


def test_line_ends_in_chinese_and_japanese_are_no_spaces():
    assert shown("今日は\n良い天気\nand more\n한국\n어") == ["今日は良い天気 and more 한국 어"]


def test_a_bare_address_is_a_link_without_the_punctuation_after_it():
    paragraph = Document("(see https://example.org/a_(b)), ok").block(0).paragraphs[0]
    assert [span.link for span in paragraph.spans] == ["https://example.org/a_(b)"]


@pytest.mark.parametrize("word", ["plain", "*em*", "[a", "![", "_a", "<", "&", "$a", "\\(", "\\)"])
def test_very_long_paragraphs_are_shown_whole_whatever_is_in_them(word):
    text = "".join(shown("x " + f"{word} " * 8000 + "end", 80))
    assert text.endswith("end")
    assert text.count(word.strip("*_\\")) >= 8000


def test_deep_nesting_is_shown_as_its_source():
    assert "> > > deep" in " ".join(shown("> " * 200 + "deep", 80))


def test_deep_lists_keep_room_for_their_text():
    source = "\n".join("  " * depth + "- item with words" for depth in range(20))
    rows = shown(source, 40)
    assert sum("item with" in row for row in rows) == 20


WORDS = st.sampled_from(
    ["plain", "*em*", "**strong**", "`code`", "[l](http://x.y)", "中文", "👍🏽", "&amp;"]
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
BLOCKS = st.one_of(
    SENTENCE,
    SENTENCE.map("# {}".format),
    SENTENCE.map("> {}".format),
    st.lists(SENTENCE, min_size=1, max_size=4).map(
        lambda items: "\n".join(f"- {i}" for i in items)
    ),
    st.lists(SENTENCE, min_size=1, max_size=4).map(
        lambda items: "\n\n".join(f"1. {i}" for i in items)
    ),
    SENTENCE.map("```\n{}\n\nmore\n```".format),
    SENTENCE.map("    {}".format),
    st.tuples(SENTENCE, SENTENCE).map(lambda cells: "|{}|{}|\n|-|-|\n|c|d|".format(*cells)),
    st.just("[^1]: note"),
    st.just("text[^1] and [ref]"),
    st.just("[ref]: http://ref.example"),
)


@given(st.lists(BLOCKS, max_size=8).map("\n\n".join), st.integers(20, 90))
def test_every_block_alone_shows_what_the_whole_shows(source, width):
    """The text of all blocks is the text of the article parsed at once, whatever the width."""
    from tui.typeset.build import build, build_note, part_notes
    from tui.typeset.inline import Lookup
    from tui.typeset.markdown import parse

    number = (lambda label: 1) if "[^1]: note" in source else (lambda label: None)
    lookup = Lookup(number, lambda label: number(label) is not None, lambda url: url)
    tokens = parse(source)
    whole = [paragraph.text for paragraph in build(tokens, lookup)]
    _, notes = part_notes(tokens, lookup.has_note)
    if "1" in notes:
        whole += ["", *(paragraph.text for paragraph in build_note(notes["1"], "1", lookup))]
    document = Document(source)
    parts = [p.text for block in range(len(document)) for p in document.block(block).paragraphs]
    assert parts == whole
    shown(source, width)


@pytest.mark.parametrize("before", ["", "Notes\n", "- "])
def test_footnotes_that_are_defined_line_by_line_are_parsed_once(monkeypatch, before):
    parsed = []
    parse = document_module.parse
    monkeypatch.setattr(document_module, "parse", lambda *a: parsed.append(a) or parse(*a))
    uses = " ".join(f"word[^{number}]" for number in range(200))
    notes = "\n".join(f"[^{number}]: Note {number}" for number in range(200))
    document = Document(f"{uses}\n\n{before}{notes}")
    shown = [document.plain(block) for block in range(document.last, len(document))]
    assert [text.strip() for text in shown] == [f"Note {number} ↩" for number in range(200)]
    assert len(parsed) <= 2


@given(st.text(max_size=200), st.integers(10, 60))
def test_any_text_at_all_is_laid_out_within_the_measure(source, width):
    shown(source, width)


@pytest.mark.parametrize("width", [16, 23, 40, 72, 100])
def test_laying_out_is_a_pure_function(width):
    source = "# H\n\ntext *a* 中文\n\n- a\n  - b\n\n|a|b|\n|-|-|\n|c|d|"
    assert shown(source, width) == shown(source, width)


def test_line_ends_of_code_are_kept_when_it_has_controls():
    assert shown("```\na\x1bb\n\tc\n```") == ["  a␛b", "      c"]


def test_lines_of_a_definition_in_a_definition_are_shown_outside_of_any_list():
    source = "Term\n  : one\ntwo\n    : three\n- item\n"
    assert " ".join(shown(source)).split() == ["Term", "one", "two", ":", "three", "•", "item"]


def test_lines_that_may_begin_a_formula_do_not_each_read_all_that_follow(monkeypatch):
    from markdown_it.rules_block import StateBlock

    looked = 0
    real = StateBlock.isEmpty

    def is_empty(self, line: int) -> bool:
        nonlocal looked
        looked += 1
        return real(self, line)

    monkeypatch.setattr(StateBlock, "isEmpty", is_empty)
    for source in ("\\[ x\n" * 400, "\\[ x\n" * 400 + "\\] y", ("\\[ x\n" * 98 + "x \\]\n") * 4):
        tokens = parse_structure(source)
        assert [token.type for token in tokens][1:] == ["inline", "paragraph_close"]
    assert looked < 12_000
