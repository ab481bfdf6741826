"""Writing to a terminal in few bytes, knowing where its cursor stands and what it draws with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from tui.terminal.frame import Row
from tui.terminal.pens import PLAIN, Pens
from tui.terminal.runs import GAP, Run

#: Lines that are gone down by line feeds rather than by an address.
_DOWN: Final = 4


class At:
    """Where the terminal's cursor stands and what it draws with; None where that is not known."""

    __slots__ = ("pen", "x", "y")

    def __init__(self, x: int | None, y: int | None, pen: int | None) -> None:
        self.x = x
        self.y = y
        self.pen = pen


class Writer:
    """Writes changes of rows, keeping track of the terminal's state."""

    def __init__(self, pens: Pens, at: At) -> None:
        self._pens = pens
        self._parts: list[str] = []
        self.at = At(at.x, at.y, at.pen)

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
        """Move lines up, or down where `lines` is negative; what comes in is blank."""
        self._pen(PLAIN)  # some terminals fill with the pen's background, some do not
        if not whole:
            self._parts.append(f"\x1b[{top + 1};{bottom + 1}r")
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
        for y, x, end, pen, text, sure in runs:
            current = self.at.pen
            blank = not text or text.isspace()
            if not blank or current is None or self._pens.on_blank[current] != pen:
                self._pen(pen)
            self.move(y, x, wanted[y])
            width = len(wanted[y].texts)
            if text:
                self._parts.append(text)
                # In the last column terminals differ in where the cursor is then.
                self.at.x = end if sure and end < width else None
            else:
                self._parts.append("\x1b[K" if end == width else f"\x1b[{end - x}X")

    def end_link(self) -> None:
        """Let no link stay open, for whoever else writes to the terminal."""
        if self.at.pen is not None and self._pens.pens[self.at.pen].link:
            self._pen(self._pens.number(self._pens.pens[self.at.pen]._replace(link="")))

    def _pen(self, pen: int) -> None:
        if self.at.pen is None:
            self._parts.append("\x1b[m")
            self.at.pen = PLAIN
        self._parts.append(self._pens.change(self.at.pen, pen))
        self.at.pen = pen

    def move(self, y: int, x: int, row: Row | None = None) -> None:
        """Go to a cell, in the fewest bytes.

        Args:
            y: The line.
            x: The column.
            row: What the line shows, if a few cells of it may be written again on the way.
        """
        at = self.at
        if at.y == y and at.x == x:
            return
        if x == 0:
            ways = [f"\x1b[{y + 1}H" if y else "\x1b[H"]
        else:
            ways = [f"\x1b[{y + 1};{x + 1}H" if y else f"\x1b[;{x + 1}H"]
        if at.y == y:
            ways.append(f"\x1b[{x + 1}G" if x else "\r")
            if at.x is not None:
                ways.append(_sideways(at.x, x))
                if row is not None and 0 < x - at.x <= GAP and self._plain(row, at.x, x):
                    ways.append("".join(row.texts[at.x : x]))
        elif at.y is not None and 0 < y - at.y <= _DOWN:
            down = "\n" * (y - at.y)
            ways.append(f"\r{down}{_sideways(0, x)}")
            if at.x is not None:
                ways.append(down + _sideways(at.x, x))
        self._parts.append(min(ways, key=len))
        at.x, at.y = x, y

    def _plain(self, row: Row, start: int, end: int) -> bool:
        """Whether cells can be written again with the pen in hand."""
        pen = self.at.pen
        if pen is None:
            return False
        blank = self._pens.on_blank[pen]
        return all(
            ("!" <= text <= "~" and number == pen) or (text == " " and number == blank)
            for text, number in zip(row.texts[start:end], row.pens[start:end], strict=True)
        )


def _sideways(old: int, new: int) -> str:
    """A move within a line, relative."""
    if new == old:
        return ""
    count = abs(new - old)
    if new < old:
        return "\b" * count if count <= 4 else f"\x1b[{count}D"
    return f"\x1b[{count if count > 1 else ''}C"
