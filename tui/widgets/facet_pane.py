"""The facets of a result: a timeline, and what its articles have in common, to choose from."""

from __future__ import annotations

from collections.abc import Container
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from store import Facets
from tui.widgets import list_style
from tui.widgets.cells import clean, fit
from tui.widgets.component_style import component_style
from tui.widgets.cursor_view import CursorView
from tui.widgets.timeline import bars, ends

#: What the kinds of facets are called, by the field that narrows by them.
_HEADINGS = {"tag": "Tags", "author": "Authors", "site": "Sites", "published": "Years"}

#: Cells left of a value, for the sign of those in force.
_GUTTER = 2


class _Line(NamedTuple):
    """A line of the pane: a value to choose where `field` is set, else a heading or a chart."""

    kind: str
    text: str = ""
    field: str = ""
    articles: int = 0


class FacetPane(CursorView, can_focus=True):
    """Values with their counts, under headings; the cursor goes from value to value.

    Choosing one posts `Chosen`; what that does to the query is not known here.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = list_style.COMPONENT_CLASSES
    DEFAULT_CSS = list_style.CSS.replace("VirtualList", "FacetPane")

    class Chosen(Message):
        """A value was chosen: the query is to ask for it, or no longer."""

        def __init__(self, sender: FacetPane, field: str, value: str) -> None:
            super().__init__()
            self.sender = sender
            self.field = field
            self.value = value

        @property
        def control(self) -> FacetPane:
            """The pane."""
            return self.sender

    class Wanted(Message):
        """The pane has come into view: what it shows may be old."""

    _facets = Facets()
    _active: Container[tuple[str, str]] = ()
    _lines: tuple[_Line, ...] = ()

    @property
    def row_count(self) -> int:
        """Lines in all."""
        return len(self._lines)

    @property
    def current(self) -> tuple[str, str] | None:
        """Field and value under the cursor."""
        line = self._lines[self.cursor] if self._lines else None
        return (line.field, line.text) if line is not None and line.field else None

    def show_facets(self, facets: Facets, active: Container[tuple[str, str]] = ()) -> None:
        """Show the facets of a result.

        Args:
            facets: What was counted.
            active: The (field, value) pairs that the query asks for already.
        """
        kept = self.current
        self._facets, self._active = facets, active
        self._lines = tuple(_lines(facets))
        places = {(line.field, line.text): y for y, line in enumerate(self._lines) if line.field}
        cursor = places.get(kept, self._first) if kept is not None else self._first
        self.set_reactive(FacetPane.cursor, cursor)
        self.set_height(len(self._lines))
        if self.can_paint:
            self.show_row(cursor, self.top, margin=self.margin, repaint=True)

    def on_show(self) -> None:
        """Say that facets are needed."""
        self.post_message(self.Wanted())

    def action_open(self) -> None:
        """Choose the value under the cursor."""
        if (current := self.current) is not None:
            self.post_message(self.Chosen(self, *current))

    def cursor_moved(self) -> None:
        """Nothing follows the cursor here."""

    def view_changes(self, top: int, *, repaint: bool = False) -> None:
        """Everything is at hand: only paint."""
        if repaint:
            self.refresh()

    def show_row(self, index: int, top: int, *, margin: int = 0, repaint: bool = False) -> None:
        """As for any rows; with the first value all that stands above it."""
        top = 0 if index <= self._first else top
        super().show_row(index, top, margin=margin, repaint=repaint)

    def validate_cursor(self, cursor: int) -> int:
        """The nearest value in the direction of the move, or where there is none, behind it."""
        wanted = super().validate_cursor(cursor)
        values = [y for y, line in enumerate(self._lines) if line.field]
        after = [y for y in values if y >= wanted]
        before = [y for y in values if y <= wanted]
        if wanted >= self.cursor:
            return after[0] if after else before[-1] if before else 0
        return before[-1] if before else after[0] if after else 0

    def line(self, y: int, width: int) -> Strip:
        """A line of the timeline, a heading, or a value with its count."""
        plain = component_style(self)
        if y >= len(self._lines):
            return Strip.blank(width, plain)
        line = self._lines[y]
        return Strip(self._segments(line, y, width)).adjust_cell_length(width, plain)

    def _segments(self, line: _Line, y: int, width: int) -> list[Segment]:
        ellipsis = self.glyphs.ellipsis
        room = max(1, width - _GUTTER - 1)
        if not line.field:
            text = {
                "bars": bars(self._facets.months, room, self.glyphs.bars),
                "ends": self._ends(room),
            }.get(line.kind, line.text)
            name = {"bars": "list--state", "ends": "list--dim"}.get(line.kind, "list--title")
            return [Segment(" " + fit(text, room, ellipsis=ellipsis), component_style(self, name))]
        style = list_style.row_styles(self, current=y == self.cursor, active=self.has_focus)
        if y == self.cursor and not self.has_focus:
            style = list_style.row_styles(self, current=False, active=False)
        active = (line.field, line.text) in self._active
        number = f" {line.articles:,}"
        value = fit(clean(line.text), max(0, room - len(number)), ellipsis=ellipsis)
        sign = self.glyphs.selected if active else " "
        return [
            Segment(f"{sign} ", style("list--mark")),
            Segment(value, style("list--selected", "list--title") if active else style()),
            Segment(number, style("list--dim")),
        ]

    def _ends(self, room: int) -> str:
        first, last = ends(self._facets.months)
        drawn = len(bars(self._facets.months, room, self.glyphs.bars))
        return first + last.rjust(max(drawn - len(first), len(last) + 1)) if last else first

    @property
    def _first(self) -> int:
        return next((y for y, line in enumerate(self._lines) if line.field), 0)


def _lines(facets: Facets) -> list[_Line]:
    lines: list[_Line] = []
    if facets.months:
        lines += [_Line("bars"), _Line("ends")]
    for field, values in facets.groups:
        if values:
            lines += [_Line("blank")] if lines else []
            lines.append(_Line("heading", _HEADINGS[field]))
            lines += [_Line("value", value, field, count) for value, count in values]
    return lines
