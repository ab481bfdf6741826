"""An article at one measure: lines of the blocks that were seen, estimates for the rest."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from itertools import accumulate

from rich.cells import cell_len

from tui.typeset.document import Document
from tui.typeset.layout import lay_out
from tui.typeset.model import Line

#: Blocks whose lines are kept.
KEPT_LAYOUTS = 512
#: Cells of a line that stay empty on average, for the word that did not fit.
_RAGGED = 3
_SAMPLE = 2000  # characters measured to learn how wide the script is
_SPECIAL = frozenset("#`~|-*+>[0123456789")
_DEFINITION = re.compile(r"\[[^\]\n]*\]:")


class Flow:
    """Lines and heights of a document's blocks.

    Args:
        document: The article.
        width: The measure in cells.
    """

    def __init__(self, document: Document, width: int) -> None:
        self.document = document
        self.width = width
        self._lines: dict[int, list[Line]] = {}
        self._heights = array("l", [0] * document.first)
        self._tops: list[int] | None = None
        sample = document.text[:_SAMPLE]
        wide = cell_len(sample) / len(sample) if sample and not sample.isascii() else 1.0
        #: Characters to a line, about.
        self._room = max(4, round((width - _RAGGED) / max(wide, 0.5)))

    def lines(self, number: int) -> list[Line]:
        """Lines of a block, laid out now if they were not."""
        lines = self._lines.get(number)
        if lines is None:
            lines = lay_out(self.document.block(number), self.width)
            self._grow()
            if len(self._lines) >= KEPT_LAYOUTS:
                del self._lines[next(iter(self._lines))]
            self._lines[number] = lines
            if self._heights[number] != len(lines):
                self._heights[number] = len(lines)
                self._tops = None
        return lines

    def forget(self, number: int) -> None:
        """Lay a block out anew when it is next looked at."""
        self._lines.pop(number, None)

    def top(self, number: int) -> int:
        """Line of the article at which a block begins, by what is known now."""
        return self._all_tops()[number]

    @property
    def total(self) -> int:
        """Lines of the whole article, by what is known now."""
        blocks = self.document.blocks
        rest = 0 if blocks.done else len(self.document.text) - blocks.reached
        # Blank lines between paragraphs are as many as in the part that is known.
        known = self._all_tops()[-1]
        return known + (rest * known // blocks.reached if blocks.reached else rest // self._room)

    def at(self, y: int) -> tuple[int, int]:
        """The block and the line in it that are `y` lines below the beginning."""
        total = self.total
        while y >= self._all_tops()[-1] and not self.document.blocks.done:
            text, known = self.document.text, self.document.blocks.reached
            self.document.blocks.advance(max(known, len(text) * y // max(1, total)))
            if self.document.blocks.reached == known:
                self.document.blocks.finish()
        tops = self._all_tops()
        if len(tops) < 2:
            return 0, 0
        number = min(max(0, bisect_right(tops, y) - 1), len(tops) - 2)
        below, height = y - tops[number], self._heights[number]
        real = len(self.lines(number))
        if real != height and height:  # an estimate: as far into the block as was asked
            below = below * real // height
        return number, min(max(0, below), max(0, real - 1))

    def line_at(self, number: int, offset: int) -> int:
        """The line of a block that shows character `offset` of its plain text."""
        best = 0
        for index, line in enumerate(self.lines(number)):
            start = line.start
            if start is None:
                continue
            if start > offset:
                break
            best = index
        return best or self.first_text(number)

    def first_text(self, number: int) -> int:
        """The first line of a block that shows text; 0 if none does."""
        for index, line in enumerate(self.lines(number)):
            if line.start is not None:
                return index
        return 0

    def _all_tops(self) -> list[int]:
        self._grow()
        if self._tops is None:
            self._tops = list(accumulate(self._heights, initial=0))
        return self._tops

    def _grow(self) -> None:
        """Estimate the heights of blocks that became known."""
        document, heights, room = self.document, self._heights, self._room
        known = document.known
        if len(heights) >= known:
            return
        self._tops = None
        text, first = document.text, len(heights) - document.first
        starts, ends = document.blocks.starts[first:], document.blocks.ends[first:]
        heights.extend(
            [
                _special(text, start, end, room)
                if text[start] in _SPECIAL
                else (end - start) // room + 2
                for start, end in zip(starts, ends, strict=True)
            ]
        )
        heights.extend([2] * (known - len(heights)))  # footnotes


def _special(text: str, start: int, end: int, room: int) -> int:
    """Estimated height of a block that may not be a paragraph."""
    first = text[start]
    if first == "#":
        return (end - start) // room + 4
    if first == "[" and _DEFINITION.match(text, start, end):
        return 0
    rows = text.count("\n", start, end) + 2
    if first in "`~":
        return max(2, rows - 2)
    return max(rows, (end - start) // room + 2)
