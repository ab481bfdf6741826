"""Columns that stand side by side in a plain text, and lines that were set in type."""

from __future__ import annotations

import textwrap
from itertools import zip_longest

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.importers.record import Rejected, Source
from store.importers.text import read_text
from store.importers.text_columns import unfold_columns

TEXTS = [
    "The ferry to the outer islands leaves when the mail is aboard and not before. Nobody on the "
    "quay has ever seen the timetable, though one was printed in 1911 and hangs in the office.",
    "It takes the deep channel on the way out and the shallow one on the way home, because the "
    "skipper likes to see the seals. They like to see him, as far as anyone can tell from a seal.",
    "In winter it goes twice a week. The islanders bake for four days at a time, and on the "
    "fourth day they say that the bread was better when the boat was steam.",
    "There has been talk of a bridge since the war. An engineer came and looked at the sound for "
    "an afternoon, was given tea, and wrote that the tea had been excellent.",
]


def read(text):
    (article,) = read_text(Source("a.txt", text.encode()))
    assert not isinstance(article, Rejected), article
    return article


def side_by_side(*columns, width, gap=3, indent=""):
    """Columns of paragraphs as `pdftotext -layout` gives them."""
    lines = [
        [
            line
            for text in texts
            for line in [
                *textwrap.wrap(text, width, initial_indent=indent),
                *([] if indent else [""]),
            ]
        ]
        for texts in columns
    ]
    rows = zip_longest(*lines, fillvalue="")
    return "\n".join(
        "".join(line.ljust(width + gap) for line in row).rstrip() for row in rows
    )  # fmt: skip


@pytest.mark.parametrize("indent", ["", "   "])
@pytest.mark.parametrize(("count", "width"), [(2, 46), (4, 26)])
def test_columns_are_read_one_after_the_other(count, width, indent):
    columns = [TEXTS[:2], TEXTS[2:]] if count == 2 else [[text] for text in TEXTS]
    page = side_by_side(*columns, width=width, indent=indent)
    article = read(f"The Outer Islands\n\nBy Ruth Okonjo\n\n\n{page}\n")
    assert (article.title, article.author) == ("The Outer Islands", "Ruth Okonjo")
    assert article.body.split("\n\n") == TEXTS


def test_a_headline_across_the_columns_parts_what_is_above_from_what_is_below():
    above = side_by_side(TEXTS[:1], TEXTS[1:2], width=40)
    below = side_by_side(TEXTS[2:3], TEXTS[3:], width=40)
    across = "What the engineer wrote of the tea that he was given on the quay in June"
    body = read(f"The Outer Islands\n\nBy Ruth Okonjo\n\n\n{above}\n\n{across}\n\n{below}\n").body
    assert body.index(TEXTS[0]) < body.index(TEXTS[1]) < body.index(TEXTS[2])
    assert TEXTS[3] in body


def test_columns_at_different_heights_have_no_gaps_in_their_paragraphs():
    left, right = textwrap.wrap(" ".join(TEXTS[:2]), 40), textwrap.wrap(" ".join(TEXTS[2:]), 40)
    rows = [(a, b) for a, b in zip_longest(left[:6], right[:6], fillvalue="")]
    for a, b in zip_longest(left[6:], right[6:], fillvalue=""):
        rows += [(a, ""), ("", b)]  # half a line lower from here on
    page = "\n".join(f"{a:<44}{b}".rstrip() for a, b in rows)
    body = read(f"The Outer Islands\n\nBy Ruth Okonjo\n\n\n{page}\n").body
    assert body.split("\n\n") == [" ".join(TEXTS[:2]), " ".join(TEXTS[2:])]


def test_tables_are_no_columns():
    rows = ["island        people in 1911      boats", "Outer Skerry  forty and a priest  three",
            "Long Holm     ninety or so        eleven", "The Calf      nobody at all       one",
            "Saint Ebba    twelve monks        none", "Far Ness      two keepers         one",
            "Little Ness   their mother        half of one"]  # fmt: skip
    assert unfold_columns(rows) == rows
    assert "| Long Holm | ninety or so | eleven |" in read("The Isles\n\n" + "\n".join(rows)).body


def test_short_last_lines_part_paragraphs_that_were_set_in_type():
    # Narrow and wide letters: as many characters take very different room.
    narrow = "It will fill little jilted lifts, till tiltful filli tilt it; " * 5
    wide = "MWM women womb, wow, mammoth mown meadows among warm mown wheat. " * 5
    lines: list[str] = []
    for text in (narrow + wide, wide + narrow, narrow + wide + TEXTS[0]):
        lines += _set(text, 38.0)
    body = read("The Widths\n\nBy Ruth Okonjo\n\n" + "\n".join(lines) + "\n").body
    assert len(body.split("\n\n")) == 3


def _set(text, width):
    """Lines of text in type, where an i is narrower than an m."""
    ems = {**dict.fromkeys("iljtf,.;I", 0.28), **dict.fromkeys("mwMW", 0.85), " ": 0.28}
    lines, line, used = [], "", 0.0
    for word in text.split():
        room = sum(ems.get(character, 0.52) for character in word)
        if line and used + 0.28 + room > width:
            lines.append(line)
            line, used = "", 0.0
        line, used = f"{line} {word}".strip(), used + 0.28 + room
    return [*lines, line]


def test_one_bullet_is_a_list_as_it_is_nothing_else():
    body = read(f"The Boat\n\nBy Ruth Okonjo\n\n{TEXTS[0]}\n\n◦ the mail, which is weighed\n").body
    assert body.split("\n\n")[1] == "- the mail, which is weighed"


def test_the_hyphens_of_a_typesetter_are_told_from_the_authors():
    text = (
        "The co-opera\u2010\ntive bought the steam-\nboat in the spring, and the engi\u2010\nneer "
        "came with it, a sub-editor\nby training."
    )
    body = read(f"The Boat\n\nBy Ruth Okonjo\n\n{text}\n").body
    assert "The co-operative bought the steam-boat in the spring, and the engineer" in body


@pytest.mark.parametrize(
    "head",
    [
        "The Sound Courier                                 9 March 2017 A1\n\n\n\n",
        "The Outer Islands\n\n\n",
        "The Sound Courier\n\n2017-03-09 A1\n\n",
    ],
)
def test_the_head_of_a_single_page_is_not_its_title(head):
    text = f"{head}The Outer Islands\nBy Ruth Okonjo\n\n{textwrap.fill(TEXTS[0], 70)}\n"
    article = read(text)
    assert (article.title, article.author) == ("The Outer Islands", "Ruth Okonjo")
    assert article.body == TEXTS[0]


LINE = st.lists(st.text("ab .-‐,\t", max_size=12), max_size=5).map("     ".join)


@settings(max_examples=80, deadline=None)
@example(["     a     aaaaaaa     a a", "a     a     aaaaaa     a", "     a     a     a     a",
          "     a     a     a     a a a a", "     a     a     a     a a a a",
          "     a     aaaaa a     a     a a a"])  # fmt: skip
@given(st.lists(LINE, max_size=30))
def test_no_word_is_lost_in_unfolding(lines):
    unfolded = unfold_columns([line.rstrip() for line in lines])
    before = sorted(word for line in lines for word in line.split())
    after = sorted(word for line in unfolded if line != "\f" for word in line.split())
    assert after == before
