"""Where the paragraphs of a text end that was set in type, and whose blank lines do not tell.

What is left of a printed page in plain text is where its lines were broken.  A line was broken
because the next word, or the first part of it, had no room; the last line of a paragraph is as long
as it happens to be; and the first line of one is shorter than the others by its indent, though the
indent itself is gone.  So each place where a sentence ends with a line is weighed by four things:
the room that was left on the line above, the room on the line below with and without an indent,
what lies between them (nothing, a blank line, the end of a page), and how often each of these ends
a paragraph in this text.

The lines are a hidden Markov chain of two states, a paragraph's first line or not; what is usual in
the text is learned by expectation maximisation with the forward-backward algorithm (Baum and Petrie
1966; Rabiner 1989).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from math import log
from typing import Final

from store.importers.text_joining import (
    Ending,
    ending,
    starts_lower,
    starts_upper,
)
from store.importers.text_lists import list_kind
from store.importers.text_setting import BIN, BINS, FROM, STRAY, find_setting, room_of
from store.importers.text_wrap import Piece

_ROUNDS: Final = 5
#: Lines at the beginning of a text that are enough to learn from.
_LEARNED: Final = 3_000
#: Indents are no wider, in characters.
_MOST_INDENT: Final = 7.0


class Gap(IntEnum):
    """What stands between two lines."""

    NONE = 0
    BLANK = 1
    PAGE = 2


@dataclass(slots=True)
class SetLine:
    """A line as it was set.

    Attributes:
        gap: What stands before the line.
        begins: Whether it begins a paragraph; None where that is to be found out.
        after: How the line before it ends.
        item: Whether it is, or goes on, an item of a list.
        width: Its width, in characters of the usual mixture.
        less: By how much its column is narrower than the text's, as that of items is.
        piece: The width of what had no room on it: the first word of the next line, or the first
            part of that where words are broken, with the space before it.
    """

    text: str
    gap: Gap
    begins: bool | None
    after: Ending
    item: bool = False
    width: float = 0.0
    less: float = 0.0
    piece: float = 1.0


class Model:
    """How a text was set, found from its lines; see the module.

    Attributes:
        chance: Of each line, how likely it is that a paragraph begins with it.
    """

    def __init__(self, lines: Sequence[SetLine], width: float, room: list[float]) -> None:
        self.lines = lines
        self.width = width
        self.indent = 0.0
        self.room = room
        self.odds = dict.fromkeys(Gap, 1.0)
        self.chance = [1.0 if line.begins else 0.0 for line in lines]

    def fit(self) -> list[float]:
        """The chance of each line that a paragraph begins with it."""
        whole, chance = self.lines, self.chance
        self.lines = whole[:_LEARNED]
        self._weigh()
        for _ in range(_ROUNDS):
            self._learn_room()
            self._learn_indent()
            self._learn_odds()
            self._weigh()
        if len(whole) > _LEARNED:
            self.lines, self.chance = whole, chance
            self._weigh()
        return self.chance

    # --- what is usual ----------------------------------------------------------------------
    def _learn_room(self) -> None:
        parts = [
            (self.width - line.less - line.width) / line.piece
            for i, line in enumerate(self.lines[:-1])
            if self.chance[i + 1] < 0.5 and self.chance[i] < 0.5
        ]
        self.room = room_of(parts)

    def _learn_indent(self) -> None:
        firsts = [
            (line, self.chance[i])
            for i, line in enumerate(self.lines[:-1])
            if i and self.chance[i] > 0.3 and self.chance[i + 1] < 0.5 and line.gap is Gap.NONE
            and line.after is Ending.CLOSED
        ]  # fmt: skip
        self.indent = 0.0
        if len(firsts) < 3:
            return
        best = sum(log(self._going_on(line, 0.0)) * chance for line, chance in firsts) + 3.0
        for quarter in range(3, int(4 * _MOST_INDENT)):
            fit = sum(log(self._going_on(line, quarter / 4)) * chance for line, chance in firsts)
            if fit > best:
                best, self.indent = fit, quarter / 4

    def _learn_odds(self) -> None:
        for gap in Gap:
            ends = goes = middle = 0.0
            for i, line in enumerate(self.lines):
                if not i or line.gap is not gap:
                    continue
                if line.begins is None:
                    ends += self.chance[i]
                    goes += 1 - self.chance[i]
                elif line.begins is False:
                    middle += 1
            goes = max(goes, 0.05 * middle)
            self.odds[gap] = (ends + 0.5) / (goes + 0.5)

    # --- the chances -------------------------------------------------------------------------
    def _going_on(self, line: SetLine, indent: float) -> float:
        """Density of the width of a line whose next word had no room."""
        place = ((self.width - line.less - indent - line.width) / line.piece - FROM) / BIN
        own = self.room[int(place)] / line.piece if 0 <= place < BINS else 0.0
        return (1 - STRAY) * own + STRAY / self.width

    def _last(self, line: SetLine, indent: float) -> float:
        """Density of the width of a last line."""
        room = self.width - line.less - indent - line.width
        own = (
            (1.4 if room < line.piece else 1.0)
            if room > 0
            else 0.7
            if room > -0.02 * self.width
            else 0.0
        )
        return ((1 - STRAY) * own + 0.2 * STRAY) / self.width

    def _weigh(self) -> None:
        """Set `chance` by the forward-backward algorithm."""
        lines = self.lines
        weights = [
            (
                (self._going_on(line, 0.0), self._last(line, 0.0)),
                (self._going_on(line, self.indent), self._last(line, self.indent)),
            )
            for line in lines
        ]
        # Chance of the next line to be a first one, before its widths are looked at.
        steps = [1.0] * len(lines)
        for i, line in enumerate(lines[1:]):
            odds = self.odds[line.gap]
            steps[i] = odds / (1 + odds) if line.begins is None else float(line.begins)
        forward = [(0.0, 1.0)]
        for (inner, first), step in zip(weights, steps, strict=True):
            going, starting = forward[-1]
            on = (going * inner[0] + starting * first[0]) * (1 - step)
            anew = (going * inner[1] + starting * first[1]) * step
            total = on + anew or 1.0
            forward.append((on / total, anew / total))
        behind = (1.0, 1.0)
        for i in range(len(lines) - 1, -1, -1):
            inner, first = weights[i]
            step = steps[i]
            on, anew = (1 - step) * behind[0], step * behind[1]
            behind = (inner[0] * on + inner[1] * anew, first[0] * on + first[1] * anew)
            total = behind[0] + behind[1] or 1.0
            behind = (behind[0] / total, behind[1] / total)
            going, starting = forward[i][0] * behind[0], forward[i][1] * behind[1]
            self.chance[i] = starting / (going + starting or 1.0)


def find_ends(pieces: Sequence[Piece]) -> dict[tuple[str, str], bool]:
    """Whether a paragraph ends between two lines, for those pairs whose words alone do not tell."""
    lines = _lines_of(pieces)
    sure = [i for i in range(len(lines) - 1) if lines[i + 1].begins is False]
    setting = find_setting([(lines[i].text, lines[i + 1].text) for i in sure])
    if setting is None:
        return {}
    width = setting.width
    for i, line in enumerate(lines):
        line.width = setting.measure(line.text)
        line.piece = setting.piece(lines[i + 1].text) if i + 1 < len(lines) else 1.0
    _narrow_items(lines, width)
    settled = _settle_headings(lines, width)
    free = {i - 1 for i, line in enumerate(lines) if line.begins is None}
    chance = Model(lines, width, setting.room).fit()
    return {
        (lines[i].text, lines[i + 1].text): chance[i + 1] > 0.5
        for i in sorted(free | settled)
        if 0 <= i < len(lines) - 1
    }


def _lines_of(pieces: Sequence[Piece]) -> list[SetLine]:
    """The lines of a text, with what their words alone tell of where paragraphs begin."""
    lines: list[SetLine] = []
    for piece in pieces:
        for place, text in enumerate(piece.lines):
            gap = Gap.NONE if place else (Gap.PAGE if piece.after_page else Gap.BLANK)
            begins: bool | None = True
            state = ending(lines[-1].text) if lines else Ending.CLOSED
            if lines:
                if state is Ending.CUT or (gap is Gap.NONE and starts_lower(text)):
                    begins = False
                elif not starts_upper(text) and state is Ending.CLOSED:
                    begins = None if gap is Gap.NONE else True
                elif not list_kind(text):
                    begins = None
            mark = bool(list_kind(text))
            item = mark or (begins is False and lines[-1].item)
            lines.append(SetLine(text, gap, begins, state, item))
    return lines


def _settle_headings(lines: list[SetLine], width: float) -> set[int]:
    """Decide where a line that ends with a word is a heading, an item's end, or goes on.

    Returns:
        The indices of the lines before those that this was decided of.
    """
    settled: set[int] = set()
    for i, line in enumerate(lines[1:], 1):
        if line.begins is not None or line.after is not Ending.OPEN:
            continue
        above = lines[i - 1]
        line.begins = False
        if line.gap is Gap.NONE:
            settled.add(i - 1)
        short = (
            above.width <= (0.5 if above.item else 0.75) * width
            and width - above.width > 1.1 * above.piece
        )
        if not short or not starts_upper(line.text):
            line.item = line.item or above.item
            continue
        apart = above.gap is not Gap.NONE or above.after is Ending.CLOSED or above.begins is True
        if above.item or apart:
            line.begins = True
            settled.add(i - 1)
            if apart and not above.item and above.begins is None:
                above.begins = True
                settled.add(i - 2)
    return settled


def _narrow_items(lines: list[SetLine], width: float) -> None:
    """Find out how much narrower the column of items is."""
    inner = sorted(
        line.width for line, below in pairwise(lines)
        if line.item and below.begins is False and not list_kind(line.text)
    )  # fmt: skip
    less = width - inner[int(0.9 * (len(inner) - 1))] if len(inner) >= 4 else 0.05 * width
    for line in lines:
        if line.item and not list_kind(line.text):
            line.less = min(max(0.0, less), 0.25 * width)
