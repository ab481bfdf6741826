"""Places in plain text and places in the source, and finding a place again after an edit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.typeset.document import Document
from tui.typeset.viewport import Place

#: Characters of plain text that are remembered of a place.
ANCHOR_LENGTH = 64
#: Blocks on each side that are looked through before the whole article is.
_NEIGHBOURS = 8
#: Places in the article that are tried when the neighbours do not have the anchor.
_MOST_TRIES = 200
_WORD = re.compile(r"\w+")


def position_of(document: Document, place: Place) -> int:
    """Offset in the source of what is at `place`.

    Exact for plain paragraphs.  In others markup takes room too: the next words are looked for in
    the source, near where they are by proportion.
    """
    start, end = document.extent(place.block)
    plain = document.plain(place.block)
    length = max(1, len(plain))
    guess = start + (end - start) * min(place.offset, length) // length
    if len(plain) == end - start:
        return document.to_source(guess)
    ahead = _WORD.search(plain, place.offset)
    if ahead is None:
        return document.to_source(guess)
    words = plain[ahead.start() : ahead.start() + 24]
    for needle in (words, ahead.group()):
        found = _nearest(document.text, needle, start, end, guess)
        if found is not None:
            return document.to_source(max(start, found - (ahead.start() - place.offset)))
    return document.to_source(guess)


def anchor_of(document: Document, place: Place) -> str:
    """The plain text at `place`, on one line; "" in the head, which is no part of the text."""
    if place.block < document.first:
        return ""
    plain = document.plain(place.block)
    return " ".join(plain[place.offset : place.offset + ANCHOR_LENGTH].split("\n"))


def find_place(document: Document, position: int, anchor: str) -> Place:
    """The place that was remembered as `position` with `anchor`, also after edits elsewhere."""
    if not document.has(0):
        return Place(0, 0)
    position = document.from_source(max(0, position))
    block = document.at(min(position, len(document.text)))
    start, end = document.extent(block)
    plain = document.plain(block)
    share = min(1.0, max(0, position - start) / max(1, end - start))
    guess = Place(block, int(share * len(plain)))
    if not anchor.strip():
        return guess
    # An anchor that is short ended where its block ended; then first only such places count.
    for ending in (True, False) if len(anchor) < ANCHOR_LENGTH else (False,):
        if (offset := _offset(plain, anchor, guess.offset, ending)) is not None:
            return Place(block, offset)
        for other in _candidates(document, block, anchor):
            if (offset := _offset(document.plain(other), anchor, 0, ending)) is not None:
                return Place(other, offset)
    return guess


def _candidates(document: Document, block: int, anchor: str) -> Iterator[int]:
    """Blocks that may hold the anchor: neighbours, then those with its longest word."""
    for distance in range(1, _NEIGHBOURS + 1):
        for other in (block - distance, block + distance):
            if other >= document.first and document.has(other):
                yield other
    word = max(_WORD.findall(anchor), key=len, default="")
    if not word:
        return
    places: list[tuple[int, int]] = []
    found = document.text.find(word)
    while found >= 0:
        index = document.place(found)
        places.append((abs(document.first + index - block), found))
        found = document.text.find(word, max(found + 1, document.blocks.ends[index]))
    places.sort()
    for _, place in places[:_MOST_TRIES]:
        yield document.at(place)


def _offset(plain: str, anchor: str, near: int, ending: bool) -> int | None:
    """Where `anchor` is in a block's plain text: at its end, or nearest to `near`."""
    plain = plain.replace("\n", " ")
    if ending:
        return len(plain) - len(anchor) if plain.endswith(anchor) else None
    return _nearest(plain, anchor, 0, len(plain), near)


def _nearest(text: str, needle: str, start: int, end: int, near: int) -> int | None:
    after = text.find(needle, near, end)
    before = text.rfind(needle, start, min(end, near + len(needle)))
    if after < 0 or (before >= 0 and near - before < after - near):
        return before if before >= 0 else None
    return after
