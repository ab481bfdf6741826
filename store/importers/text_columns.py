"""Columns of a printed page that stand side by side in a plain text, put one below the other.

`pdftotext -layout` and the like keep the places of words on the page: a row of text then holds a
line of each column.  Columns are told from tables by what is in them: several words a line, over
many rows, with sentences that go on below and not beside.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from store.importers.text_joining import Ending, ending, starts_lower
from store.importers.text_lines import PAGE

#: Rows with a line of the column, and words in most of them, that a column has at least.
_ROWS = 6
_WORDS = 3
#: Columns of a newspaper's page, at most.
_MOST = 8
#: An indent or a bullet may set lines this far in, in characters.
_INDENT = 4
#: Columns begin no fewer characters apart.
_NARROWEST = 12
#: Blank rows that part what stands above from what stands below.
_BAND = 4

_SEGMENT = re.compile(r"\S+(?: \S+)*")


class _Segment(NamedTuple):
    start: int
    end: int
    text: str


def unfold_columns(lines: list[str]) -> list[str]:
    """The lines with columns that stand side by side one below the other, page by page."""
    if not any("  " in line.strip() for line in lines):
        return lines
    unfolded: list[str] = []
    page: list[str] = []
    for line in [*lines, PAGE]:
        if line == PAGE:
            unfolded += _unfold_page(page)
            unfolded.append(PAGE)
            page = []
        else:
            page.append(line)
    return unfolded[:-1]


def _unfold_page(lines: list[str]) -> list[str]:
    rows = [_segments(line) for line in lines]
    starts = _column_starts(rows)
    if len(starts) < 2:
        return lines
    unfolded: list[str] = []
    band: list[list[str]] = [[] for _ in starts]
    empty: list[bool] = []  # rows of the band that are blank in all columns

    def end_band() -> None:
        for column in band:
            if any(column):
                if unfolded and unfolded[-1] != PAGE:
                    unfolded.append(PAGE)
                unfolded.extend(_closed_up(column, empty))
            column.clear()
        empty.clear()

    blank = 0
    for line, row in zip(lines, rows, strict=True):
        blank = 0 if row else blank + 1
        parts = _parted(row, starts)
        if parts is None:
            end_band()
            if unfolded and unfolded[-1]:
                unfolded.append("")
            unfolded.append(line)
            continue
        if blank == _BAND:
            end_band()
        empty.append(not row)
        for column, part in zip(band, parts, strict=True):
            column.append(part)
    end_band()
    return unfolded


def _segments(line: str) -> list[_Segment]:
    """The pieces of a row that two or more spaces part."""
    return [_Segment(m.start(), m.end(), m[0]) for m in _SEGMENT.finditer(line)]


def _column_starts(rows: list[list[_Segment]]) -> list[int]:
    """Where the columns of a page begin; one start when there is but one column."""
    votes: Counter[int] = Counter()
    for row in rows:
        votes.update(segment.start for segment in row[1:])
    if sum(votes.values()) < _ROWS:
        return [0]
    for row in rows:
        votes.update(segment.start for segment in row[:1])
    # Segments cross the places from two behind their first character to their last.
    wide = [segment for row in rows for segment in row if segment.end > segment.start + 2]
    begins = sorted(segment.start + 2 for segment in wide)
    ends = sorted(segment.end for segment in wide)
    starts: list[int] = []
    for start in _peaks(votes):
        crossing = bisect_right(begins, start) - bisect_right(ends, start)
        own = sum(votes[start + step] for step in range(-1, _INDENT + 1))
        if crossing <= max(2, 0.25 * own):
            starts.append(start)
    del starts[_MOST:]
    while len(starts) > 1:
        bad = _not_running(rows, starts)
        if bad is None:
            return starts
        del starts[bad]
    return [0]


def _peaks(votes: Counter[int]) -> list[int]:
    """Places where many segments begin, the first of each neighbourhood."""
    most = max(votes.values())
    peaks: list[int] = []
    for place in sorted(votes):
        near = sum(votes[place + step] for step in range(_INDENT + 1))
        if near < max(_ROWS, 0.2 * most) or votes[place] < max(2, 0.12 * near):
            continue
        if peaks and place - peaks[-1] < _NARROWEST:
            continue
        peaks.append(place)
    return peaks


def _not_running(rows: list[list[_Segment]], starts: list[int]) -> int | None:
    """The index of a column that holds no running text, or None when all of them do."""
    columns: list[list[str]] = [[] for _ in starts]
    beside = 0
    for row in rows:
        parts = _parted(row, starts)
        if parts is None:
            continue
        beside += sum(map(bool, parts)) > 1
        for column, part in zip(columns, parts, strict=True):
            if part:
                column.append(part.strip())
    if beside < _ROWS:
        return len(starts) - 1
    for index, column in enumerate(columns):
        if len(column) < _ROWS or median(len(text.split()) for text in column) < _WORDS:
            return max(index, 1)
        going_on = sum(
            ending(a) is not Ending.CLOSED and (starts_lower(b) or ending(a) is Ending.CUT)
            for a, b in pairwise(column)
        )
        if going_on < 0.12 * (len(column) - 1):
            return max(index, 1)
    return None


def _parted(row: list[_Segment], starts: list[int]) -> list[str] | None:
    """What a row holds of each column; None when something in it crosses from one into another."""
    parts: list[list[str]] = [[] for _ in starts]
    sizes = [0] * len(starts)
    for segment in row:
        index = max((k for k, s in enumerate(starts) if segment.start >= s - 1), default=0)
        if index + 1 < len(starts) and segment.end > starts[index + 1]:
            return None
        offset = max(0, segment.start - starts[index])
        gap = " " * (offset - sizes[index]) or ("  " if sizes[index] else "")
        parts[index] += (gap, segment.text)
        sizes[index] += len(gap) + len(segment.text)
    return ["".join(part) for part in parts]


def _closed_up(lines: list[str], empty: list[bool]) -> list[str]:
    """The lines of a column without the blank ones that only its neighbours made.

    Columns whose lines stand at different heights share rows by turns.  A blank line beside text
    is one of the column's own when the line above it ends early or the line below is set in.
    """
    filled = [index for index, line in enumerate(lines) if line]
    lengths = sorted(len(lines[index]) for index in filled)
    width = lengths[int(0.9 * (len(lengths) - 1))]
    kept: list[str] = []
    before: int | None = None
    for index in filled:
        if before is not None and index > before + 1:
            above, below = lines[before], lines[index]
            own = any(empty[before + 1 : index]) or index > before + 3
            state = ending(above)
            if state is Ending.CUT or (state is Ending.OPEN and starts_lower(below)):
                own = own and len(above) < 0.6 * width
            elif not own:
                room = len(above) + 1 + len(below.split(None, 1)[0]) <= width
                own = room or (below.startswith(" ") and not above.startswith(" "))
            if own:
                kept.append("")
        kept.append(lines[index])
        before = index
    return kept
