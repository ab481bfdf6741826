"""Matches: found block by block, in order, without laying anything out."""

from __future__ import annotations

import re

from tui.typeset.document import Document
from tui.typeset.matches import Matches
from tui.typeset.model import Paragraph
from tui.typeset.viewport import Place


def spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer("needle", text)]


def first(steps):
    return next((place for place in steps if place is not None), None)


SOURCE = "\n\n".join(
    ["hay"] * 10
    + ["a needle and a **nee**dle"]
    + ["hay"] * 500
    + ["```\nneedle\n```"]
    + ["hay"] * 9
)


def test_matches_are_offsets_in_plain_text_whatever_the_markup():
    matches = Matches(Document(SOURCE), spans)
    assert matches.inside(10) == [(2, 8), (15, 21)]


def test_the_next_and_the_previous_match_are_found_in_order():
    matches = Matches(Document(SOURCE), spans)
    places = [Place(0, -1)]
    while (place := first(matches.after(places[-1]))) is not None:
        places.append(place)
    assert places[1:] == [(10, 2), (10, 15), (511, 0)]
    assert first(matches.before(places[3])) == (10, 15)
    assert first(matches.before(places[1])) is None


def test_looking_yields_between_blocks_so_that_it_can_be_put_off():
    steps = list(Matches(Document(SOURCE), spans).after(Place(10, 15)))
    assert len(steps) > 400
    assert steps[-1] == (511, 0)


def test_the_first_match_of_a_book_needs_none_of_what_follows():
    document = Document("a needle\n\n" + "hay\n\n" * 50_000)
    assert first(Matches(document, spans).after(Place(0, -1))) == (0, 2)
    assert document.known < 5000


def test_counting_is_none_until_it_is_done_and_gives_the_index_of_each():
    matches = Matches(Document(SOURCE), spans)
    assert matches.count() is None
    assert matches.index(Place(511, 0)) == 0
    for _ in matches.counting():
        pass
    assert matches.count() == 3
    assert [matches.index(Place(10, 2)), matches.index(Place(511, 0))] == [1, 3]


def test_matches_in_the_head_count_like_those_in_the_text():
    matches = Matches(Document("needle", [Paragraph("The needle")]), spans)
    assert matches.inside(0) == [(4, 10)]
    assert first(matches.after(Place(0, -1))) == (0, 4)
    assert first(matches.after(Place(0, 4))) == (1, 0)
    for _ in matches.counting():
        pass
    assert matches.count() == 2


def test_nothing_to_search_is_no_error():
    matches = Matches(Document(""), spans)
    assert first(matches.after(Place(0, -1))) is None
    assert list(matches.counting()) == []
    assert matches.count() == 0
