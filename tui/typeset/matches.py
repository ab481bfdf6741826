"""Finding what a search looks for in an article, block by block."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from sys import maxsize
from typing import Protocol

from tui.typeset.document import Document
from tui.typeset.model import Role
from tui.typeset.viewport import Place

#: What of an article a line of its head tells, as a search calls it.
_FIELDS = {Role.TITLE: "title", Role.BYLINE: "author"}
_NOT_COUNTED = -1
_KEPT = 128  # blocks whose matches are kept


class Spans(Protocol):
    """Gives the matches in a text as (start, end), ascending, not overlapping."""

    def __call__(self, text: str, field: str = ..., /) -> list[tuple[int, int]]:
        """Matches in `text`, which is that of a field; of the body where none is named."""
        ...


class Matches:
    """Matches in the text of an article; blocks are searched as they are needed.

    All that is seen of the article is searched, the head and the footnotes too; what is drawn
    beside the text, such as the numbers of a list, is not.

    Args:
        document: The article.
        spans: What finds them.
    """

    def __init__(self, document: Document, spans: Spans) -> None:
        self.document = document
        self._spans = spans
        self._counts = array("l")  # of the blocks known so far
        self._counted = 0  # blocks before this are counted without a gap
        self._sum = 0
        self._recent: dict[int, list[tuple[int, int]]] = {}

    def inside(self, block: int) -> list[tuple[int, int]]:
        """Matches in a block's plain text, as (start, end)."""
        found = self._recent.get(block)
        if found is None:
            found = self._search(block)
            if len(self._recent) >= _KEPT:
                self._recent.clear()
            self._recent[block] = found
        return found

    def count(self) -> int | None:
        """How many there are; None while they are being counted."""
        done = self.document.blocks.done and self._counted >= len(self.document)
        return self._sum if done else None

    def index(self, place: Place) -> int:
        """Which match begins at `place`, from 1; 0 while that is not known."""
        if place.block > self._counted:
            return 0
        before = sum(self._counts[: place.block])
        for number, (start, _) in enumerate(self.inside(place.block), 1):
            if start == place.offset:
                return before + number
        return 0

    def counting(self) -> Iterator[None]:
        """Counts all, yielding after each block so that the caller can stop and go on."""
        while self.document.has(self._counted):
            self._count(self._counted)
            yield

    def after(self, place: Place) -> Iterator[Place | None]:
        """Looks for the first match after `place`; yields None after each block without one."""
        block = place.block - 1
        while self.document.has(block := block + 1):
            if self._count(block):
                for start, _ in self.inside(block):
                    if block > place.block or start > place.offset:
                        yield Place(block, start)
                        return
            yield None

    def before(self, place: Place) -> Iterator[Place | None]:
        """Looks for the last match before `place`; yields None after each block without one."""
        for block in range(place.block, -1, -1):
            if self._count(block):
                for start, _ in reversed(self.inside(block)):
                    if block < place.block or start < place.offset:
                        yield Place(block, start)
                        return
            yield None

    def from_end(self) -> Iterator[Place | None]:
        """As `before`, from the end of the article, which may have to be cut into blocks first."""
        while self.document.has(self.document.known):
            yield None
        yield from self.before(Place(len(self.document) - 1, maxsize))

    def renew(self, block: int) -> None:
        """Search a block anew, whose text has changed."""
        self._recent.pop(block, None)
        if block < self._counted:
            before = self._counts[block]
            now = len(self.inside(block))
            self._sum += now - before
        elif block < len(self._counts):
            self._counts[block] = _NOT_COUNTED

    def _count(self, block: int) -> int:
        self._grow(block)
        if self._counts[block] == _NOT_COUNTED:
            self._search(block)
        return self._counts[block]

    def _search(self, block: int) -> list[tuple[int, int]]:
        if block < self.document.first:
            found = list(self._in_head(block))
        else:
            text = self.document.plain(block)
            found = self._spans(text) if text else []
        self._grow(block)
        self._counts[block] = len(found)
        while self._counted < len(self._counts) and self._counts[self._counted] != _NOT_COUNTED:
            self._sum += self._counts[self._counted]
            self._counted += 1
        return found

    def _in_head(self, block: int) -> Iterator[tuple[int, int]]:
        """Matches in the head, where a word can be looked for in the title only."""
        for part in self.document.block(block).paragraphs:
            field = _FIELDS.get(part.role)
            for start, end in self._spans(part.text, field) if field else self._spans(part.text):
                yield part.offset + start, part.offset + end

    def _grow(self, block: int) -> None:
        missing = block + 1 - len(self._counts)
        if missing > 0:
            self._counts.extend([_NOT_COUNTED] * missing)
