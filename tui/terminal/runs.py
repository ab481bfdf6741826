"""What must be sent of a line where another is shown."""

from __future__ import annotations

from typing import Final, NamedTuple

from tui.terminal.frame import UNKNOWN, Row
from tui.terminal.pens import Pens

#: Cells that have not changed and are sent again all the same, where that is shorter than a move.
GAP: Final = 4
#: Blanks from which on erasing is shorter than writing them, and having to move on after it.
_ERASED: Final = 6
_ERASED_AND_LEFT: Final = 12
#: From here on, and for clusters of several characters, terminals do not agree on the width.
_FIRST_EMOJI: Final = "\U0001f000"


class Run(NamedTuple):
    """Cells of a line that are sent together.

    Attributes:
        y: The line.
        x: Its first column.
        end: One past the last.
        pen: What it is drawn with; blanks go along with any pen of their background.
        text: What is written; "" where the cells are erased.
        sure: Whether all terminals agree where it ends.
    """

    y: int
    x: int
    end: int
    pen: int
    text: str
    sure: bool = True

    @property
    def blank(self) -> bool:
        """Whether it shows nothing but what is behind its text."""
        return not self.text or self.text.isspace()


class Differ:
    """Finds the runs of a row that differ."""

    def __init__(self, pens: Pens, *, fills: bool) -> None:
        self._pens = pens
        self._fills = fills

    def runs(self, y: int, old: Row, new: Row) -> list[Run]:
        """What must be sent of `new` where `old` is shown."""
        texts, pens = new.texts, new.pens
        old_texts, old_pens = old.texts, old.pens
        end = len(texts)
        while end and texts[end - 1] == old_texts[end - 1] and pens[end - 1] == old_pens[end - 1]:
            end -= 1
        runs: list[Run] = []
        x = 0
        while x < end:
            text, pen = texts[x], pens[x]
            if (text == old_texts[x] and pen == old_pens[x]) or text == UNKNOWN:
                x += 1
                continue
            if text == "":  # the second half: both are written again
                x -= 1
                pen = pens[x]
            if (stop := self._erasable(new, x, end)) > x:
                runs.append(Run(y, x, stop, pen, ""))
                x = stop
                continue
            run = self._run(y, x, end, old, new)
            runs.append(run)
            x = run.end
        return runs

    def _run(self, y: int, x: int, end: int, old: Row, new: Row) -> Run:
        """The longest run from a changed cell on."""
        texts, pens = new.texts, new.pens
        on_blank = self._pens.on_blank
        start, width = x, len(texts)
        pen = blank = on_blank[pens[x]]
        drawn = False  # whether a pen is settled, which the blanks go along with
        parts: list[str] = []
        stop, kept, settled, certain = x, 0, pen, True
        while x < end:
            text, number = texts[x], pens[x]
            cells = 2 if x + 1 < width and texts[x + 1] == "" else 1
            changed = (
                text != old.texts[x]
                or number != old.pens[x]
                or (cells == 2 and old.texts[x + 1] != "")
            )
            sure = not _is_doubtful(text)
            if not changed and (not sure or x - stop >= GAP):
                break
            if text == " ":
                if number != blank or (x > start and self._erasable(new, x, end) > x):
                    break
            elif text == UNKNOWN or on_blank[number] != blank or (drawn and number != pen):
                break
            else:
                pen, drawn = number, True
            if not sure and cells == 2 and x + 2 < width:
                # Whatever width the terminal takes it for, nothing old stays beside it, and what
                # follows is put in its column again.
                parts.append("  \b\b")
            parts.append(text)
            x += cells
            if changed:
                stop, kept, settled, certain = x, len(parts), pen, sure
            if not sure:
                break
        return Run(y, start, stop, settled, "".join(parts[:kept]), certain)

    def _erasable(self, row: Row, x: int, end: int) -> int:
        """Where the blanks from `x` on end, if erasing them is shorter than writing them."""
        texts, numbers = row.texts, row.pens
        pen = numbers[x]
        if texts[x] != " " or not self._pens.erases[pen]:
            return x
        if self._pens.filled[pen] and not self._fills:
            return x
        width = len(texts)
        stop = x
        while stop < width and texts[stop] == " " and numbers[stop] == pen:
            stop += 1
        least = _ERASED if stop >= end else _ERASED_AND_LEFT
        if stop < width:
            stop = min(stop, end)  # the same title in two columns is then the same bytes
        return stop if min(stop, end) - x >= least else x


def _is_doubtful(text: str) -> bool:
    """Whether terminals may draw a cluster in another number of cells than it is counted for."""
    if len(text) == 1:
        return text >= _FIRST_EMOJI
    return not all("\u0300" <= mark <= "\u036f" for mark in text[1:]) or text[0] >= _FIRST_EMOJI
