"""Places in the text, in the source, and again after an edit."""

from __future__ import annotations

import pytest

from tui.typeset.document import Document
from tui.typeset.model import Paragraph
from tui.typeset.places import anchor_of, find_place, position_of
from tui.typeset.viewport import Place

HEAD = [Paragraph("Title")]
PARTS = [
    f"Paragraph {number} tells of *harbour* {number * 7} and of the "
    f"[log](https://example.org/{number}) kept there."
    for number in range(60)
]
SOURCE = "\n\n".join(PARTS)


def at(document: Document, place: Place, length: int = 20) -> str:
    return document.plain(place.block)[place.offset : place.offset + length]


def test_a_position_is_where_the_words_are_in_the_source():
    document = Document(SOURCE, HEAD)
    offset = document.plain(11).index("and of the log")
    position = position_of(document, Place(11, offset))
    assert SOURCE[position:].startswith("and of the [log]")


def test_a_place_is_found_again_by_position_and_anchor():
    document = Document(SOURCE, HEAD)
    place = Place(31, document.plain(31).index("harbour"))
    position, anchor = position_of(document, place), anchor_of(document, place)
    assert len(anchor) <= 64
    assert find_place(Document(SOURCE, HEAD), position, anchor) == place


@pytest.mark.parametrize("before", [0, 1, 40, 400])
def test_a_place_is_found_again_after_text_was_added_above(before):
    document = Document(SOURCE)
    place = Place(30, document.plain(30).index("harbour"))
    position, anchor = position_of(document, place), anchor_of(document, place)
    edited = Document("New text above.\n\n" * before + SOURCE)
    assert at(edited, find_place(edited, position, anchor)) == at(document, place)


def test_of_many_that_read_alike_the_nearest_is_taken():
    source = "\n\n".join(["The same words again and again."] * 50)
    document = Document(source)
    place = Place(20, 9)
    found = find_place(document, position_of(document, place), anchor_of(document, place))
    assert found == place


def test_when_the_words_are_gone_the_position_counts():
    document = Document(SOURCE)
    found = find_place(document, SOURCE.index("Paragraph 20 "), "words that were deleted since")
    assert found.block == 20


@pytest.mark.parametrize("position", [-5, 0, 10**9])
def test_positions_out_of_range_are_harmless(position):
    document = Document(SOURCE)
    assert document.has(find_place(document, position, "nothing like this").block)
    assert find_place(Document(""), position, "x") == Place(0, 0)


def test_with_other_line_ends_positions_are_those_of_the_source():
    source = SOURCE.replace("\n", "\r\n")
    document = Document(source)
    place = Place(40, document.plain(40).index("harbour"))
    position = position_of(document, place)
    assert source[position:].startswith("harbour")
    assert find_place(document, position, anchor_of(document, place)) == place
    end = position_of(document, Place(40, len(document.plain(40))))
    assert source[:end].endswith("kept there.")


def test_a_place_in_a_footnote_is_found_again():
    source = "Text[^1].\n\n[^1]: A note with *some* words in it.\n\nMore text."
    document = Document(source)
    note = len(document) - 1
    place = Place(note, document.plain(note).index("some words"))
    position, anchor = position_of(document, place), anchor_of(document, place)
    assert source[position:].startswith("some*")
    assert find_place(Document(source), position, anchor) == place


def test_the_head_has_no_anchor():
    document = Document(SOURCE, HEAD)
    assert anchor_of(document, Place(0, 0)) == ""
    assert position_of(document, Place(0, 0)) == 0
