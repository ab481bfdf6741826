"""How many lines the blocks of an article take: known where they were laid out, else estimated.

Blocks are taken together by the hundreds.  Of a group that was never looked at only a few are
measured, so that a book costs hardly more than an article when it is opened or its width changes.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from itertools import accumulate

from tui.typeset.document import Document

#: Blocks that are estimated together, and how many of them are looked at for it.
_TOGETHER, _SAMPLES = 256, 3
_SPECIAL = frozenset("#`~|-*+>[0123456789")
_DEFINITION = re.compile(r"\[[^\]\n]*\]:")
#: Lines of a footnote, about.
_NOTE = 2


class Heights:
    """Heights of a document's blocks at one measure, in lines.

    Args:
        document: The article.
        room: Characters to a line, about.
    """

    def __init__(self, document: Document, room: int) -> None:
        self._document = document
        self._room = room
        self._known = 0  # blocks that are counted so far
        self._sums: list[int] = []  # of each group of blocks
        self._groups: dict[int, array[int]] = {}  # heights in the groups that were looked at

    @property
    def total(self) -> int:
        """Lines of all blocks that are known so far."""
        self._grow()
        return sum(self._sums)

    def top(self, number: int) -> int:
        """Lines above a block."""
        self._grow()
        group, place = divmod(number, _TOGETHER)
        above = sum(self._sums[:group])
        return above + sum(self._group(group)[:place]) if place else above

    def height(self, number: int) -> int:
        """Lines of a block."""
        self._grow()
        return self._group(number // _TOGETHER)[number % _TOGETHER]

    def set(self, number: int, height: int) -> None:
        """A block was laid out: it has this many lines."""
        self._grow()
        group, place = divmod(number, _TOGETHER)
        heights = self._group(group)
        self._sums[group] += height - heights[place]
        heights[place] = height

    def at(self, y: int) -> tuple[int, int]:
        """The block that is `y` lines below the beginning, and how many of these are its own."""
        self._grow()
        if not self._sums:
            return 0, 0
        tops = list(accumulate(self._sums, initial=0))
        group = min(max(0, bisect_right(tops, y) - 1), len(self._sums) - 1)
        below = y - tops[group]
        inner = list(accumulate(self._group(group), initial=0))
        place = min(max(0, bisect_right(inner, below) - 1), len(inner) - 2)
        return group * _TOGETHER + place, below - inner[place]

    def _grow(self) -> None:
        """Take in blocks that became known."""
        known = self._document.known
        if known == self._known:
            return
        first = max(0, self._known - 1) // _TOGETHER  # the last group may not have been full
        self._known = known
        del self._sums[first:]
        for group in range(first, (known - 1) // _TOGETHER + 1):
            heights = self._groups.get(group)
            if heights is None:
                self._sums.append(self._guess(group))
            else:
                end = min(known, (group + 1) * _TOGETHER)
                begin = group * _TOGETHER + len(heights)
                heights.extend(self._estimates(begin, end))
                self._sums.append(sum(heights))

    def _group(self, group: int) -> array[int]:
        """Heights of a group of blocks, each estimated now if they were not."""
        heights = self._groups.get(group)
        if heights is None:
            begin, end = group * _TOGETHER, min(self._known, (group + 1) * _TOGETHER)
            heights = self._groups[group] = array("l", self._estimates(begin, end))
            self._sums[group] = sum(heights)
        return heights

    def _guess(self, group: int) -> int:
        """Height of a group of blocks, from a few of them and the length of all."""
        document = self._document
        starts, ends, first = document.blocks.starts, document.blocks.ends, document.first
        begin, end = group * _TOGETHER, min(self._known, (group + 1) * _TOGETHER)
        step = max(1, (end - begin) // _SAMPLES)
        sample = range(begin, end, step)
        # Running text is as high as it is long; what else there is, as the few that are looked at.
        special = lines = 0
        for number in sample:
            place = number - first
            if not 0 <= place < len(starts) or document.text[starts[place]] in _SPECIAL:
                special += 1
                lines += self._estimates(number, number + 1)[0]
        share, count = special / len(sample), end - begin
        low, high = max(0, begin - first), min(len(starts), end - first)
        length = ends[high - 1] - starts[low] if low < high else 0
        return round(
            (1 - share) * (length / self._room + 1.5 * count) + lines / len(sample) * count
        )

    def _estimates(self, begin: int, end: int) -> list[int]:
        """Heights of blocks that were not laid out."""
        document, room = self._document, self._room
        text, blocks, first = document.text, document.blocks, document.first
        low, high = max(0, begin - first), max(0, min(len(blocks.starts), end - first))
        heights = [0] * (min(first, end) - begin)  # the head
        heights += [
            _special(text, start, stop, room)
            if text[start] in _SPECIAL
            else (stop - start) // room + 2
            for start, stop in zip(blocks.starts[low:high], blocks.ends[low:high], strict=True)
        ]
        return heights + [_NOTE] * (end - begin - len(heights))


def _special(text: str, start: int, end: int, room: int) -> int:
    """Height of a block that may not be a paragraph, about."""
    first = text[start]
    if first == "#":
        return (end - start) // room + 4
    if first == "[" and _DEFINITION.match(text, start, end):
        return 0
    rows = text.count("\n", start, end) + 2
    if first in "`~":
        return max(2, rows - 2)
    return max(rows, (end - start) // room + 2)
