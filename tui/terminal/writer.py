"""Writing to a terminal in few bytes, knowing where its cursor stands and what it draws with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from tui.terminal.frame import Row
from tui.terminal.moves import way
from tui.terminal.pens import PLAIN, Pens
from tui.terminal.runs import GAP, Run

#: Save the cursor and its pen, and take both back (DECSC and DECRC of the VT100).
_SAVE: Final = "\x1b7"
_RESTORE: Final = "\x1b8"
#: Bytes of a change of pen from which on the pen is worth a place in the terminal's memory.
_WORTH_SAVING: Final = 8


class Slot(NamedTuple):
    """What the terminal has saved: a pen, and where the cursor stood."""

    pen: int
    x: int
    y: int


class At:
    """Where the terminal's cursor stands and what it draws with; None where that is not known.

    Attributes:
        x: The column.
        y: The line.
        pen: The number of the pen.
        slot: What was saved.
        wanted: The pen that was the dearest to change to in the frame before, or None.
    """

    __slots__ = ("pen", "slot", "wanted", "x", "y")

    def __init__(self, x: int | None, y: int | None, pen: int | None) -> None:
        self.x = x
        self.y = y
        self.pen = pen
        self.slot: Slot | None = None
        self.wanted: int | None = None

    def copy(self) -> At:
        """The same, to go on from."""
        at = At(self.x, self.y, self.pen)
        at.slot, at.wanted = self.slot, self.wanted
        return at


class Writer:
    """Writes changes of rows, keeping track of the terminal's state.

    A pen that is dear to change to frame after frame is kept by the terminal, together with the
    place of its cursor: two bytes bring it back.
    """

    def __init__(self, pens: Pens, at: At) -> None:
        self._pens = pens
        self._parts: list[str] = []
        self._dearest = (_WORTH_SAVING - 1, PLAIN)
        self._restored = False
        self.at = at.copy()

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self._parts)

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def begin_with(self, text: str) -> None:
        """Put what was written before in front."""
        self._parts.insert(0, text)

    def scroll(self, top: int, bottom: int, lines: int, *, whole: bool) -> None:
        """Move lines up, or down where `lines` is negative; what comes in is blank.

        Its background is that of the pen, or none: terminals differ.
        """
        if self.at.pen is None:
            self._pen(PLAIN)
        if not whole:
            self._parts.append(f"\x1b[{top + 1 if top else ''};{bottom + 1}r")
            self.at.x = self.at.y = None  # home, but not in every emulator
        self.move(top, 0)
        number = abs(lines) if abs(lines) > 1 else ""
        self._parts.append(f"\x1b[{number}{'M' if lines > 0 else 'L'}")
        if not whole:
            self._parts.append("\x1b[r")
            self.at.x = self.at.y = None

    def runs(self, runs: Iterable[Run], wanted: Sequence[Row]) -> None:
        """Write runs in the order given.

        Args:
            runs: The runs.
            wanted: The rows they are of.
        """
        for run in runs:
            row = wanted[run.y]
            self._go(run, row)
            width = len(row.texts)
            if run.text:
                self._parts.append(run.text)
                # In the last column terminals differ in where the cursor is then.
                self.at.x = run.end if run.sure and run.end < width else None
            else:
                self._parts.append("\x1b[K" if run.end == width else f"\x1b[{run.end - run.x}X")

    def _go(self, run: Run, row: Row) -> None:
        """Stand at the beginning of a run with a pen that draws it."""
        at, pens = self.at, self._pens
        if at.pen is None:
            self._pen(PLAIN)
        pen = at.pen or PLAIN
        new = pen if pens.draws(pen, run.pen, blank=run.blank) else run.pen
        change = pens.change(pen, new)
        direct = change + self._way(run.y, run.x, row, new)
        slot = at.slot
        if (
            slot is not None
            and pens.draws(slot.pen, run.pen, blank=run.blank)
            and not pens.pens[pen].link
        ):
            back = _RESTORE + way(slot.x, slot.y, run.x, run.y)
            if len(back) < len(direct):
                self._parts.append(back)
                self._restored = True
                at.x, at.y, at.pen = run.x, run.y, slot.pen
                return
        self._parts.append(direct)
        at.x, at.y, at.pen = run.x, run.y, new
        if len(change) > self._dearest[0] and not pens.pens[new].link:
            self._dearest = (len(change), new)
        if new == at.wanted and len(change) >= _WORTH_SAVING and not self._restored:
            self._parts.append(_SAVE)
            at.slot, at.wanted = Slot(new, run.x, run.y), None
            self._restored = True

    def end(self) -> None:
        """End a frame: let no link stay open, for whoever else writes to the terminal."""
        at = self.at
        if at.pen is not None and (link := self._pens.pens[at.pen]).link:
            self._pen(self._pens.number(link._replace(link="")))
        cost, pen = self._dearest
        at.wanted = pen if cost >= _WORTH_SAVING and not self._restored else None

    def _pen(self, pen: int) -> None:
        if self.at.pen is None:
            self._parts.append("\x1b[m")
            self.at.pen = PLAIN
        self._parts.append(self._pens.change(self.at.pen, pen))
        self.at.pen = pen

    def move(self, y: int, x: int) -> None:
        """Go to a cell."""
        self._parts.append(way(self.at.x, self.at.y, x, y))
        self.at.x, self.at.y = x, y

    def _way(self, y: int, x: int, row: Row, pen: int) -> str:
        """How to go to a cell; a few cells of its row may be written again on the way."""
        at = self.at
        found = way(at.x, at.y, x, y)
        if (
            at.y == y
            and at.x is not None
            and 0 < x - at.x <= GAP
            and x - at.x < len(found)
            and self._plain(row, at.x, x, pen)
        ):
            return "".join(row.texts[at.x : x])
        return found

    def _plain(self, row: Row, start: int, end: int, pen: int) -> bool:
        """Whether cells can be written again with a pen."""
        blank = self._pens.on_blank[pen]
        return all(
            ("!" <= text <= "~" and number == pen) or (text == " " and number == blank)
            for text, number in zip(row.texts[start:end], row.pens[start:end], strict=True)
        )
