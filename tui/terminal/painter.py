"""From the screen a terminal shows to the screen it is to show, in as few bytes as can be.

Textual writes whole regions with all their styles; over a slow link that is what one waits for.
The painter keeps both screens and sends the cells that differ: cursor moves of the shortest form,
changes of style instead of whole styles, erasing instead of blanks, and where a pane was scrolled,
scrolling by the terminal (DECSTBM with IL and DL, which every terminal since the VT102 has).

Everything used is in ECMA-48 or the VT102, so that xterm and its kin, tmux, screen, mosh and the
Linux console draw the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from tui.terminal.frame import UNKNOWN, Row
from tui.terminal.order import orders
from tui.terminal.pens import Pens
from tui.terminal.runs import Differ
from tui.terminal.writer import At, Writer

if TYPE_CHECKING:
    from textual.strip import Strip

#: Changed rows from which on scrolling is looked for.
_SCROLLED_ROWS: Final = 4
#: Rows that may differ inside what was scrolled: the line of the cursor, and the one it left.
_DIFFERENT_ROWS: Final = 3


def fills_erased(environ: Mapping[str, str]) -> bool:
    """Whether the terminal erases with the colour of the background (terminfo's "bce").

    GNU screen does not, and says so in the name of its terminal; tmux, which may bear the same
    name, does since 2.4.
    """
    return not environ.get("TERM", "").startswith("screen") or bool(environ.get("TMUX"))


class Painter:
    """Keeps what a terminal shows and what it should show.

    Attributes:
        width: Columns of the screen.
        height: Its lines.
    """

    def __init__(self, pens: Pens, *, fills: bool = True) -> None:
        """A painter for a terminal of which nothing is known yet.

        Args:
            pens: The pens of the cells.
            fills: Whether erasing fills with the background, see `fills_erased`.
        """
        self.pens = pens
        self._differ = Differ(pens, fills=fills)
        self.width = self.height = 0
        self._shown: list[Row] = []
        self._wanted: list[Row] = []
        self._stale: set[int] = set()
        self._at: At = At(None, None, None)

    # What the terminal shows

    def resize(self, width: int, height: int) -> None:
        """Take in the size of the screen.

        At first the terminal shows nothing; what it shows after a change of its size is unknown.
        """
        if (width, height) != (self.width, self.height):
            text = UNKNOWN if self.width else " "
            self.width, self.height = width, height
            self._begin(text)

    def cleared(self) -> None:
        """The terminal was cleared with no colour behind it."""
        self._shown = [Row.blank(self.width) for _ in range(self.height)]
        self._stale = set(range(self.height))
        self._at = At(None, None, None)

    def _begin(self, text: str) -> None:
        self._shown = [Row.blank(self.width, text) for _ in range(self.height)]
        self._wanted = [Row.blank(self.width, UNKNOWN) for _ in range(self.height)]
        self._stale = set()
        self._at = At(None, None, None)

    # What it is to show

    def put(self, x: int, y: int, strips: Iterable[Strip]) -> None:
        """Want strips, one after the other, from a cell on."""
        if 0 <= y < self.height and 0 <= x < self.width:
            self._row(y).put(x, strips, self.pens)

    def write(self, x: int, y: int, pieces: Iterable[tuple[str, int]]) -> None:
        """Want pieces, each (text, number of its pen), from a cell of the screen on."""
        self._row(y).write(x, pieces, self.pens)

    def write_cells(self, x: int, y: int, texts: Sequence[str], pens: Sequence[int]) -> None:
        """Want cells, as `cells` gives them, from a cell of the screen on."""
        self._row(y).write_cells(x, texts, pens)

    def cells(self, x: int, y: int, width: int) -> tuple[list[str], list[int]]:
        """Text and pen of each of `width` cells that the terminal shows from a cell on."""
        row = self._shown[y]
        return row.texts[x : x + width], row.pens[x : x + width]

    def _row(self, y: int) -> Row:
        if y not in self._stale:
            self._stale.add(y)
            self._wanted[y] = self._wanted[y].copy()
        return self._wanted[y]

    def paint(self, cursor: tuple[int, int] | None = None) -> str:
        """What to send now; "" when the terminal shows already what is wanted.

        Args:
            cursor: Where the cursor must stand in the end, as (column, line); None: anywhere.
        """
        changed: Sequence[int] = [
            y for y in sorted(self._stale) if not self._wanted[y].same(self._shown[y])
        ]  # fmt: skip
        self._stale.clear()
        if self.pens.many:
            self._forget_pens()
        writer = Writer(self.pens, self._at)
        if changed:
            writer = self._written(writer, changed, self._shown)
            scroll = self._scrolled(changed)
            if scroll is not None:
                other = self._after_scroll(*scroll)
                if len(other) < len(writer):
                    writer = other
                    changed = range(self.height)  # all was put right after it
            for y in changed:
                self._shown[y] = self._wanted[y]
        if cursor is not None:
            writer.move(cursor[1], cursor[0])
        writer.end()
        self._at = writer.at
        return writer.text

    def _forget_pens(self) -> None:
        """Keep those pens only that something of either screen is drawn with."""
        rows = {id(row): row for row in (*self._shown, *self._wanted)}.values()
        at = self._at
        slot = at.slot
        held = [at.pen, at.wanted, slot.pen if slot is not None else None]
        used = {pen for pen in held if pen is not None}.union(*(row.pens for row in rows))
        numbers = self.pens.keep(used)
        for row in rows:
            row.pens = [numbers[pen] for pen in row.pens]
        if at.pen is not None:
            at.pen = numbers[at.pen]
        if at.wanted is not None:
            at.wanted = numbers[at.wanted]
        if slot is not None:
            at.slot = slot._replace(pen=numbers[slot.pen])

    # Scrolling

    def _scrolled(self, changed: Sequence[int]) -> tuple[int, int, int] | None:
        """What looks as if it had been scrolled: (first line, last line, lines up)."""
        if len(changed) < _SCROLLED_ROWS:
            return None
        places: dict[str, list[int]] = {}
        for y, row in enumerate(self._shown):
            places.setdefault(row.key, []).append(y)
        votes: Counter[int] = Counter()
        for y in changed:
            key = self._wanted[y].key
            weight = len(key) - key.count(" ")
            if weight:
                for other in places.get(key, ()):
                    if other != y:
                        votes[other - y] += weight
        for lines, _ in votes.most_common(2):
            region = self._region(changed, lines)
            if region is not None and not any(UNKNOWN in row.texts for row in self._wanted):
                return region
        return None

    def _region(self, changed: Sequence[int], lines: int) -> tuple[int, int, int] | None:
        """The longest run of lines that came from `lines` further down."""
        best: tuple[int, int, int] | None = None
        most = 2
        first = last = None
        hits = 0
        for y in changed:
            other = y + lines
            if not (0 <= other < self.height and self._wanted[y].key == self._shown[other].key):
                continue
            if last is None or y - last > _DIFFERENT_ROWS:
                first, hits = y, 0
            last = y
            hits += 1
            if hits > most and first is not None:
                most = hits
                best = (min(first, first + lines), max(last, last + lines), lines)
        return best

    def _after_scroll(self, top: int, bottom: int, lines: int) -> Writer:
        count = abs(lines)
        shown = self._shown.copy()
        kept = shown[top : bottom + 1]
        writer = Writer(self.pens, self._at)
        writer.scroll(top, bottom, lines, whole=(top, bottom) == (0, self.height - 1))
        plain = writer.at.pen is not None and not self.pens.filled[writer.at.pen]
        new = [Row.blank(self.width, " " if plain else UNKNOWN) for _ in range(count)]
        shown[top : bottom + 1] = kept[lines:] + new if lines > 0 else new + kept[:lines]
        changed = [y for y in range(self.height) if not self._wanted[y].same(shown[y])]
        return self._written(writer, changed, shown)

    def _written(self, writer: Writer, changed: Iterable[int], shown: Sequence[Row]) -> Writer:
        """Go on with `writer` by what differs in some lines, in the shortest of several orders."""
        differ, wanted = self._differ, self._wanted
        runs = [run for y in changed for run in differ.runs(y, shown[y], wanted[y])]
        ways: list[Writer] = []
        for order in orders(runs, writer.at, self.pens, self.width):
            way = Writer(self.pens, writer.at)
            way.runs(order, wanted)
            ways.append(way)
        shortest = min(ways, key=len)
        shortest.begin_with(writer.text)
        return shortest
