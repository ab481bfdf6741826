"""Passages: stretches of an article's text, what is kept of them, and where they are now.

A passage may begin in one block and end in another.  What is kept of it is an `Anchor`, its words
and those around it.  Most often it is where it was: then it is found by looking at its own block
only, when that block is drawn.  Where it is after an edit is found in the whole text, by whoever
knows how (`Seek`), and that takes longer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from tui.typeset.document import Document
from tui.typeset.model import Paragraph
from tui.typeset.places import position_of
from tui.typeset.viewport import Place

#: Characters that are kept of the text before and after a passage.
CONTEXT = 64
#: What stands between two blocks in the text of a passage.
JOINT = "\n\n"
#: Characters of context that have to be as they were where a passage is taken for unmoved.
_ENOUGH = 16


class Passage(NamedTuple):
    """A stretch of text, from its first character to one past its last."""

    start: Place
    end: Place


class Anchor(NamedTuple):
    """What is kept of a passage.

    Attributes:
        quote: Its text.
        before: The text before it, up to `CONTEXT` characters.
        after: The text after it, likewise.
        position: Where it begins: offset in the source.
    """

    quote: str
    before: str = ""
    after: str = ""
    position: int = 0


class Seeker(Protocol):
    """Finds passages in one text."""

    def find(
        self, quote: str, before: str = "", after: str = "", near: int | None = None
    ) -> tuple[int, int] | None:
        """Where a passage is in the text, or None; `near` is about where it was."""
        ...


#: Makes a seeker for a text.
Seek = Callable[[str], Seeker]


def text_of(document: Document, passage: Passage) -> str:
    """The text of a passage, with a blank line between blocks."""
    (first, start), (last, end) = passage
    if first == last:
        return document.plain(first)[start:end]
    parts = [document.plain(first)[start:]]
    parts += [document.plain(block) for block in range(first + 1, last)]
    parts.append(document.plain(last)[:end])
    return JOINT.join(part for part in parts if part.strip())


def anchor_of_passage(document: Document, passage: Passage) -> Anchor:
    """What is to be kept of a passage."""
    start, end = passage
    before, block = document.plain(start.block)[: start.offset], start.block
    while len(before) < CONTEXT and block > document.first:
        block -= 1
        before = f"{document.plain(block)}{JOINT}{before}"
    after, block = document.plain(end.block)[end.offset :], end.block
    while len(after) < CONTEXT and document.has(block + 1):
        block += 1
        after = f"{after}{JOINT}{document.plain(block)}"
    return Anchor(
        text_of(document, passage),
        before[-CONTEXT:],
        after[:CONTEXT],
        position_of(document, start),
    )


class Marked:
    """The passages of an article that are marked, found as their blocks are looked at.

    Args:
        document: The article.
        anchors: What was kept of each passage.
    """

    def __init__(self, document: Document, anchors: Sequence[Anchor]) -> None:
        self.document = document
        self.anchors = anchors
        self.complete = not anchors
        """Whether it is known of all of them where they are."""
        self._found: dict[int, Passage | None] = {}
        positions = [document.from_source(anchor.position) for anchor in anchors]
        self._order = sorted(range(len(anchors)), key=positions.__getitem__)
        self._positions = sorted(positions)
        self._longest = max((len(anchor.quote) for anchor in anchors), default=0)
        self._blocks: dict[int, list[tuple[int, int, int]]] = {}
        self._by_block: dict[int, list[int]] = {}

    def settle(self, found: Mapping[int, Passage | None]) -> None:
        """Take in where all of them are, by their numbers in `anchors`; None for one gone."""
        self._found = dict(found)
        self.complete = True
        self._blocks.clear()
        self._by_block = {}
        for number, passage in self._found.items():
            if passage is not None:
                for block in range(passage.start.block, passage.end.block + 1):
                    self._by_block.setdefault(block, []).append(number)

    def passage(self, number: int) -> Passage | None:
        """Where a passage is, as far as that is known."""
        if number not in self._found and not self.complete:
            self._found[number] = unmoved(self.document, self.anchors[number])
        return self._found.get(number)

    def inside(self, block: int) -> list[tuple[int, int, int]]:
        """The passages in a block's plain text: (start, end, number), ascending."""
        known = self._blocks.get(block)
        if known is None:
            known = []
            for number in self._near(block):
                passage = self.passage(number)
                if passage and passage.start.block <= block <= passage.end.block:
                    start = passage.start.offset if block == passage.start.block else 0
                    end = (
                        passage.end.offset
                        if block == passage.end.block
                        else len(self.document.plain(block))
                    )
                    if start < end:
                        known.append((start, end, number))
            known.sort()
            self._blocks[block] = known
        return known

    def at(self, place: Place) -> int | None:
        """The passage a place is in: of several the shortest."""
        inside = [
            (end - start, number)
            for start, end, number in self.inside(place.block)
            if start <= place.offset < end
        ]
        return min(inside)[1] if inside else None

    def in_order(self) -> list[tuple[Passage, int]]:
        """Those that were found so far, in the order of the text."""
        return sorted((p, number) for number, p in self._found.items() if p is not None)

    def _near(self, block: int) -> Iterable[int]:
        """The passages that may be in a block."""
        if self.complete:
            return self._by_block.get(block, ())
        if block < self.document.first:
            return ()
        # Markup makes the source of a passage longer than its text, seldom twice as long.
        start, end = self.document.extent(block)
        low = bisect_left(self._positions, start - 2 * self._longest)
        return self._order[low : bisect_right(self._positions, end)]


def unmoved(document: Document, anchor: Anchor) -> Passage | None:
    """Where a passage is, if it is where it was and the text beside it is as it was."""
    if not anchor.quote.strip() or not document.has(document.first):
        return None
    block = document.at(min(document.from_source(anchor.position), len(document.text)))
    if block < document.first:
        return None
    own = document.plain(block)
    text, starts, last = own, [(0, block)], block
    reach = len(own) + len(anchor.quote) + _ENOUGH if JOINT in anchor.quote else 0
    while len(text) < reach and document.has(last + 1):
        last += 1
        if (plain := document.plain(last)).strip():
            starts.append((len(text) + len(JOINT), last))
            text = f"{text}{JOINT}{plain}"
    before, after = _dense(anchor.before), _dense(anchor.after)
    found = None
    at = text.find(anchor.quote)
    while 0 <= at < len(own):
        end = at + len(anchor.quote)
        here, there = _dense(text[max(0, at - 99) : at]), _dense(text[end : end + 99])
        if _agree(before[::-1], here[::-1]) and _agree(after, there):
            if found is not None:
                return None  # the context does not tell which of them it is
            found = at
        at = text.find(anchor.quote, at + 1)
    if found is None:
        return None
    return Passage(_place(starts, found), _place(starts, found + len(anchor.quote), end=True))


def locate(
    source: str, first: int, anchors: Sequence[Anchor], seek: Seek
) -> dict[int, Passage | None]:
    """Where passages are in an article, found in the whole of it; may take a second for a book.

    Meant for a thread of its own: it looks at no document that others use.

    Args:
        source: The article's Markdown.
        first: Number of the first block of the text, 0 or 1 (see `Document.first`).
        anchors: What was kept of each passage.
        seek: Makes what finds them in a text.

    Returns:
        The passage for each number of `anchors`, None for one that is gone.
    """
    document = Document(source, [Paragraph("")] if first else [])
    found = {number: unmoved(document, anchor) for number, anchor in enumerate(anchors)}
    if all(found.values()):
        return found
    parts: list[str] = []
    starts: list[tuple[int, int]] = []
    offsets: dict[int, int] = {}
    at = 0
    for block in range(document.first, len(document)):
        plain = document.plain(block)
        offsets[block] = at
        if plain.strip():
            starts.append((at, block))
            parts.append(plain)
            at += len(plain) + len(JOINT)
    seeker = seek(JOINT.join(parts))
    for number, anchor in enumerate(anchors):
        if found[number] is not None:
            continue
        near = None
        if anchor.before or anchor.after or anchor.position:
            near = _near(document, offsets, anchor.position)
        span = seeker.find(anchor.quote, anchor.before, anchor.after, near)
        if span is not None and starts:
            found[number] = Passage(_place(starts, span[0]), _place(starts, span[1], end=True))
    return found


def _near(document: Document, offsets: Mapping[int, int], position: int) -> int:
    """About where in the joined text of all blocks a position in the source is."""
    position = min(document.from_source(position), len(document.text))
    block = document.at(position)
    if block < document.first:
        return 0
    start, end = document.extent(block)
    share = min(1.0, max(0, position - start) / max(1, end - start))
    return offsets.get(block, 0) + int(share * len(document.plain(block)))


def _place(starts: Sequence[tuple[int, int]], at: int, *, end: bool = False) -> Place:
    """The place of a character of the joined text, or (`end`) that after it."""
    index = bisect_right(starts, at - end, key=lambda start: start[0]) - 1
    begin, block = starts[max(0, index)]
    return Place(block, at - begin)


def _agree(known: str, found: str) -> bool:
    """Whether what can be compared of two contexts is the same."""
    size = min(len(known), len(found), _ENOUGH)
    return known[:size] == found[:size]


def _dense(text: str) -> str:
    return "".join(text.split())
