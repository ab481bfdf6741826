"""Draws the main screen as it opens: the newest articles, the status line, the key bar.

The pens of a look, by name: the component classes of the list's rows, with "+" behind them on the
cursor's row; those of the status line and the key bar; "list", "status", "keys" and "reader" for
what is blank there; "thumb" and "track" of the scroll bar, "beside" and "under" of the line at the
list's edge.
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
from tui.widgets.bars import key_pieces, place_text, status_pieces
from tui.widgets.geometry import Area, panes, thumb
from tui.widgets.glyphs import ASCII, UNICODE

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
    kept: Kept | None,
) -> None:  # fmt: skip
    """Want the main screen, with the cursor on the newest article.

    Args:
        painter: What to draw on, of the size of the screen.
        look: How it looks.
        rows: The newest articles, at least as many as there are lines.
        total: How many there are.
        now: The present, for dates.
        kept: The reader beside the list; blank where it is not known.

    Raises:
        KeyError: The look lacks a pen.
    """
    width, height = painter.width, painter.height
    where = panes(width, height, layout=look.layout, share=look.share)
    brush = _Brush(painter, look)
    _draw_list(brush, look, where.list, rows, total, now)
    if where.edge is not None:
        _, beside, under = look.signs
        upright = where.edge.width == 1
        for y in range(where.edge.y, where.edge.y + where.edge.height):
            name, sign = ("beside", beside) if upright else ("under", under)
            brush.put(where.edge.x, y, [(sign * where.edge.width, name)])
    if where.reader is not None:
        _draw_reader(brush, where.reader, kept)
    text, error = look.notice
    right = kept.right if kept is not None and where.reader is not None else ""
    glyphs = ASCII if look.glyphs == "ascii" else UNICODE
    status = status_pieces(
        width, place_text(look.view, 0, total), right, text,
        error=bool(error), ellipsis=glyphs.ellipsis,
    )  # fmt: skip
    brush.line(height - 2, width, [(text, name or "status") for text, name in status], "status")
    keys = key_pieces(width, [(key, label) for key, label in look.keys])
    brush.line(height - 1, width, [(text, name or "keys") for text, name in keys], "keys")


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


def _draw_list(
    brush: _Brush, look: Look, area: Area, rows: Sequence[Row], total: int, now: datetime
) -> None:
    glyphs = ASCII if look.glyphs == "ascii" else UNICODE
    text_width = area.width - 1  # the scroll bar has the last column, whether it shows or not
    first, length = thumb(area.height, total, area.height, 0)
    for line in range(area.height):
        pieces = [(" " * text_width, "list")]
        if line < len(rows):
            dates = cast("Dates", look.dates)
            row = article_pieces(rows[line], text_width, glyphs=glyphs, now=now, dates=dates)
            pieces = [(text, names[0]) for text, names in row]
            if line == 0:
                title = columns(text_width, dates).title if look.sparing else 0
                pieces = _on_cursor(pieces, title)
        bar = (" ", "list")
        if length:
            bar = (look.signs[0], "thumb") if first <= line < first + length else (" ", "track")
        brush.put(area.x, area.y + line, [*pieces, bar])


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
