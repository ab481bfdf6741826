"""One article on one line: state, title, author or site, date, reading time, in columns.

The line is made of pieces, which need neither Rich nor Textual: the first frame is drawn with them
before either is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from store import Row, reading_minutes
from tui.typeset.simple import cell_len
from tui.widgets.cells import Span, clean, fit, lit_parts, shorten
from tui.widgets.glyphs import WORDS, Glyphs
from tui.widgets.when import LONG_CELLS, SHORT_CELLS, Dates, long_date, short_date

if TYPE_CHECKING:
    from rich.segment import Segment
    from rich.style import Style

#: Gives the style of a part of the line, named by component classes.
StyleOf: TypeAlias = "Callable[..., Style]"

#: Text, and the component classes that it is drawn with.
Piece: TypeAlias = tuple[str, tuple[str, ...]]

#: Cells before the title: selection, state, star, a space.
GUTTER = 4

#: Cells between two columns, and after the last.
GAP = 2
_MARGIN = 1

_MINUTES = 3  # "99m", "14h"
_LONG_MINUTES = 6  # "99 min"


class Columns(NamedTuple):
    """Widths in cells; 0 for a column that is left out.  Columns are `GAP` apart."""

    title: int
    author: int
    date: int
    minutes: int


@lru_cache(maxsize=64)
def columns(width: int, dates: Dates = "relative") -> Columns:
    """How a line of `width` cells is parted; the title gets what the others leave.

    The title alone in less than 20 cells; with a short date in less than 56; from 96 on, reading
    time is spelt out.
    """
    author = date = minutes = 0
    if width >= 20:
        date = SHORT_CELLS if width < 70 else LONG_CELLS[dates]
    if width >= 56:
        author = min(max(width // 5, 12), 28)
        minutes = _MINUTES if width < 96 else _LONG_MINUTES
    taken = sum(GAP + column for column in (author, date, minutes) if column)
    return Columns(max(1, width - GUTTER - taken - _MARGIN), author, date, minutes)


def reading_time(words: int, width: int) -> str:
    """Reading time of `words` words in at most `width` cells: "7 min" or "7m"; "" for none."""
    minutes = reading_minutes(words)
    if not minutes:
        return ""
    number, short, long = (
        (minutes, "m", "min") if minutes < 100 else (min(round(minutes / 60), 99), "h", "h")
    )
    return f"{number} {long}" if width >= _LONG_MINUTES else f"{number}{short}"


def in_words(row: Row, *, now: datetime, selected: bool = False, dates: Dates = "relative") -> str:
    """An article as one speaks of it: "unread, starred: Title; Author; 2 days; 7 minutes"."""
    marks = [WORDS.selected] if selected else []
    marks.append(WORDS.state(row))
    if row.starred:
        marks.append(WORDS.starred)
    minutes = reading_minutes(row.words)
    parts = (
        clean(row.title) or "untitled",
        clean(row.author or row.site),
        clean(long_date(row.published, now, dates)),
        f"{minutes:,} minute{'s' * (minutes != 1)}" if minutes else "",
    )
    return f"{', '.join(marks)}: {'; '.join(part for part in parts if part)}"


def draw_article(
    row: Row,
    width: int,
    *,
    style: StyleOf,
    glyphs: Glyphs,
    now: datetime,
    selected: bool = False,
    title_spans: Sequence[Span] = (),
    dates: Dates = "relative",
) -> list[Segment]:
    """The segments of one line, together exactly `width` cells wide; see `article_pieces`.

    Args:
        row: The article.
        width: Cells to fill.
        style: Styles of the parts.
        glyphs: Signs of the states.
        now: The present, for the date.
        selected: Whether the article is chosen for the next command.
        title_spans: Matches in the title, in characters.
        dates: How to write the date.
    """
    from rich.segment import Segment

    pieces = article_pieces(
        row, width, glyphs=glyphs, now=now, selected=selected, title_spans=title_spans, dates=dates
    )
    segments = [Segment(text, style(*names)) for text, names in pieces]
    if sum(segment.cell_length for segment in segments) != width:
        segments = Segment.adjust_line_length(segments, width, segments[-1].style)
    return list(Segment.simplify(segments))


def article_pieces(
    row: Row,
    width: int,
    *,
    glyphs: Glyphs,
    now: datetime,
    selected: bool = False,
    title_spans: Sequence[Span] = (),
    dates: Dates = "relative",
) -> list[Piece]:
    """One line in pieces; in less than 6 cells they are wider than it, and to be cut off.

    Args:
        row: The article.
        width: Cells to fill.
        glyphs: Signs of the states.
        now: The present, for the date.
        selected: Whether the article is chosen for the next command.
        title_spans: Matches in the title, in characters.
        dates: How to write the date.
    """
    if glyphs is WORDS:
        said = in_words(row, now=now, selected=selected, dates=dates)
        look = "list--read" if row.read else "list--unread"
        return [(fit(said, width, ellipsis=glyphs.ellipsis), (look,))]
    title_cells, author_cells, date_cells, minutes_cells = columns(width, dates)
    ellipsis = glyphs.ellipsis
    signs = (
        (glyphs.selected if selected else " ", "list--mark"),
        (glyphs.state(row), "list--state"),
        (glyphs.starred if row.starred else " ", "list--star"),
        (" ", "list--dim"),
    )  # blanks in one style: each change of style costs bytes on the wire
    pieces: list[Piece] = [(sign, ("list--dim" if sign == " " else name,)) for sign, name in signs]
    kind = ["list--read" if row.read else "list--unread"]
    if selected:
        kind.append("list--selected")
    whole = clean(row.title) or "untitled"
    title = shorten(whole, title_cells, ellipsis)
    shown = len(title) if title == whole else len(title) - len(ellipsis)
    spans = [(start, min(end, shown)) for start, end in title_spans]
    for text, is_lit in lit_parts(title, spans):
        pieces.append((text, (*kind, "list--match") if is_lit else tuple(kind)))
    rest = " " * (title_cells - cell_len(title))
    if author_cells:
        byline = clean(row.author or row.site)
        rest += " " * GAP + fit(byline, author_cells, ellipsis=ellipsis)
    if date_cells:
        spell = short_date if date_cells == SHORT_CELLS else long_date
        date = clean(spell(row.published, now, dates))
        rest += " " * GAP + fit(date, date_cells, right=True, ellipsis=ellipsis)
    if minutes_cells:
        time = reading_time(row.words, minutes_cells)
        rest += " " * GAP + fit(time, minutes_cells, right=True)
    pieces.append((f"{rest}{' ' * _MARGIN}", ("list--dim",)))
    return pieces
