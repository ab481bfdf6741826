"""Draws the main screen as it opens: the first articles, the status line, the key bar.

The pens of a look, by name: the component classes of the list's rows, with "+" behind them on the
cursor's row; those of an empty library, the status line and the key bar; "list", "empty", "status",
"keys" and "reader" for what is blank there; "thumb" and "track" of the scroll bar, "beside" and
"under" of the line at the list's edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from tui.early.look import Look
from tui.terminal.painter import Painter
from tui.terminal.pens import parsed
from tui.typeset.simple import cell_len
from tui.widgets.article_line import GUTTER, article_pieces, columns
from tui.widgets.bars import key_pieces, place_text, spoken_place, status_lines
from tui.widgets.geometry import BARS, Area, margin, panes, thumb
from tui.widgets.glyphs import ASCII, UNICODE, WORDS, Glyphs

if TYPE_CHECKING:
    from store import Row
    from tui.widgets.when import Dates


class Kept(NamedTuple):
    """The pane with the newest article as the app has shown it.

    Attributes:
        pens: SGR parameters and link of the pens in use.
        lines: Lines of runs: the cells as one text, or as a list of clusters where they are not
            simple, and the number of the pen.
        right: The right of the status line.
    """

    pens: Sequence[Sequence[str]]
    lines: Sequence[Sequence[Sequence[Any]]]
    right: str


def draw(
    painter: Painter, look: Look, rows: Sequence[Row], total: int, *, now: datetime,
    kept: Kept | None, empty: str = "",
) -> None:  # fmt: skip
    """Want the main screen, with the cursor on the first article.

    Args:
        painter: What to draw on, of the size of the screen.
        look: How it looks.
        rows: The first articles, at least as many as there are lines.
        total: How many there are.
        now: The present, for dates.
        kept: The reader beside the list; blank where it is not known.
        empty: The library's file, if there is no article in it.

    Raises:
        KeyError: The look lacks a pen.
    """
    Picture(painter, look, rows, total, now=now, kept=kept, empty=empty).draw()


class Picture:
    """The main screen as it opens; arguments and errors as for `draw`.

    Attributes:
        total: How many articles there are.
        reading: The cell where a screen reader reads, which follows the terminal's cursor; None
            where there are signs.
    """

    def __init__(
        self, painter: Painter, look: Look, rows: Sequence[Row], total: int, *, now: datetime,
        kept: Kept | None, empty: str = "",
    ) -> None:  # fmt: skip
        self._look = look
        self._rows = rows
        self.total = total
        self._now = now
        self._kept = kept
        self._width, self._height = painter.width, painter.height
        self._where = panes(painter.width, painter.height, layout=look.layout, share=look.share)
        self._brush = _Brush(painter, look)
        self._glyphs = glyphs_of(look.glyphs)
        self._empty = empty
        self.reading = (0, 0) if self._glyphs is WORDS else None

    def draw(self) -> None:
        """Want all of it."""
        look = self._look
        if self._empty:
            self._draw_empty()
        else:
            self._draw_panes()
        shown = look.empty_keys if self._empty else look.keys
        keys = key_pieces(self._width, [(key, label) for key, label in shown])
        keys = [(text, name or "keys") for text, name in keys]
        self._brush.line(self._height - 1, self._width, keys, "keys")
        self._draw_status()  # a long notice lies over the keys

    def _draw_panes(self) -> None:
        look, where, brush = self._look, self._where, self._brush
        for line in range(where.list.height):
            self._draw_row(line)
        if where.edge is not None:
            _, beside, under = look.signs
            upright = where.edge.width == 1
            for y in range(where.edge.y, where.edge.y + where.edge.height):
                name, sign = ("beside", beside) if upright else ("under", under)
                brush.put(where.edge.x, y, [(sign * where.edge.width, name)])
        if where.reader is not None:
            _draw_reader(brush, where.reader, self._kept)

    def _draw_empty(self) -> None:
        from tui.widgets.empty_lines import empty_lines

        width, height = self._width, self._height - BARS
        lines = empty_lines(width, height, path=self._empty, ellipsis=self._glyphs.ellipsis)
        for y in range(height):
            line = lines[y] if y < len(lines) else []
            self._brush.line(y, width, [(text, name or "empty") for text, name in line], "empty")

    @property
    def last(self) -> int:
        """Index of the last row that the cursor can be on without scrolling."""
        height = self._where.list.height
        if self.total <= height:
            return self.total - 1
        return height - 1 - margin(height, sparing=self._look.sparing)

    def move(self, before: int, after: int) -> None:
        """Want the cursor on another row."""
        self._draw_row(before, cursor=after)
        self._draw_row(after, cursor=after)
        self._draw_status(after)
        if self.reading is not None:
            self.reading = (0, after)

    def _draw_row(self, line: int, cursor: int = 0) -> None:
        look, area, rows = self._look, self._where.list, self._rows
        spoken = self._glyphs is WORDS
        # The scroll bar has the last column, whether it shows or not.
        text_width = area.width - (not spoken)
        first, length = thumb(area.height, self.total, area.height, 0)
        pieces = [(" " * text_width, "list")]
        if line < len(rows):
            dates = cast("Dates", look.dates)
            row = article_pieces(
                rows[line], text_width, glyphs=self._glyphs, now=self._now, dates=dates
            )
            pieces = [(text, names[0]) for text, names in row]
            if line == cursor:
                some = look.sparing and not spoken
                title = columns(text_width, dates).title if some else 0
                pieces = _on_cursor(pieces, title)
        bar = ("" if spoken else " ", "list")
        if length and not spoken:
            bar = (look.signs[0], "thumb") if first <= line < first + length else (" ", "track")
        self._brush.put(area.x, area.y + line, [*pieces, bar])

    def _draw_status(self, cursor: int = 0) -> None:
        look, kept = self._look, self._kept
        text, error = look.notice
        right = kept.right if kept is not None and self._where.reader is not None else ""
        told = spoken_place if self._glyphs is WORDS else place_text
        status = status_lines(
            self._width, told(look.view, cursor, self.total), right, text,
            error=bool(error), ellipsis=self._glyphs.ellipsis,
        )  # fmt: skip
        for y, line in enumerate(status, self._height - 2):
            pieces = [(text, name or "status") for text, name in line]
            self._brush.line(y, self._width, pieces, "status")


def glyphs_of(name: str) -> Glyphs:
    """The signs by the name that a look has for them."""
    return {"ascii": ASCII, "words": WORDS}.get(name, UNICODE)


def fits(area: Area, kept: Kept) -> bool:
    """Whether what was kept is as large as the pane."""
    return len(kept.lines) == area.height and all(
        sum(len(run[0]) for run in line) == area.width for line in kept.lines
    )


class _Brush:
    """Puts pieces with named pens on a painter."""

    def __init__(self, painter: Painter, look: Look) -> None:
        self.painter = painter
        self._pens: dict[str, int] = {}
        self._look = look
        self._as_shown = _in_signs(look.only_ascii)

    def pen(self, name: str) -> int:
        """The number of a pen of the look."""
        number = self._pens.get(name)
        if number is None:
            codes = self._look.pens[name]
            pen = parsed(codes.split(";") if codes else ())
            number = self._pens[name] = self.painter.pens.number(pen)
        return number

    def put(self, x: int, y: int, pieces: Iterable[tuple[str, str]]) -> None:
        """Write pieces, each (text, name of its pen)."""
        shown = self._as_shown
        self.painter.write(x, y, [(shown(text), self.pen(name)) for text, name in pieces])

    def line(self, y: int, width: int, pieces: Sequence[tuple[str, str]], blank: str) -> None:
        """Write a line, filled up with blanks."""
        self.put(0, y, [(" " * width, blank)])
        self.put(0, y, pieces)


def _on_cursor(pieces: list[tuple[str, str]], title: int) -> list[tuple[str, str]]:
    """The pieces of the cursor's row: all of it lit up, or only the cells of its title."""
    if not title:
        return [(text, f"{name}+") for text, name in pieces]
    *front, (rest, name) = pieces
    signs, words = front[:GUTTER], front[GUTTER:]
    blank = title - sum(cell_len(text) for text, _ in words)
    lit = [*words, (rest[:blank], name)]
    return [*signs, *((text, f"{name}+") for text, name in lit), (rest[blank:], name)]


def _draw_reader(brush: _Brush, area: Area, kept: Kept | None) -> None:
    if kept is None or not fits(area, kept):
        for y in range(area.y, area.y + area.height):
            brush.put(area.x, y, [(" " * area.width, "reader")])
        return
    pens = brush.painter.pens
    numbers = [
        pens.number(parsed(codes.split(";") if codes else (), link)) for codes, link in kept.pens
    ]
    for y, line in enumerate(kept.lines, area.y):
        texts: list[str] = []
        cells: list[int] = []
        for text, pen in line:
            texts += text
            cells += [numbers[pen]] * len(text)
        brush.painter.write_cells(area.x, y, texts, cells)


def _in_signs(only_ascii: str) -> Callable[[str], str]:
    """What becomes of text where not everything can be drawn."""
    if not only_ascii:
        return str
    from tui.terminal.asciitext import in_ascii, signs_in_ascii

    return in_ascii if only_ascii == "text" else signs_in_ascii
