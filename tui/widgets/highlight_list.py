"""A list of highlights and notes of any length: what was marked, what was noted, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from tui.widgets import list_style
from tui.widgets.cells import clean, fit, shorten
from tui.widgets.component_style import component_style
from tui.widgets.cursor_view import CursorView
from tui.widgets.glyphs import WORDS
from tui.widgets.pane_keys import HIGHLIGHT_KEYS
from tui.widgets.when import LONG_CELLS, Dates, long_date

if TYPE_CHECKING:
    from store import KnownHighlight

#: Cells before the text: space, letter of the colour, sign of a note, space.
_GUTTER = 4
#: Cells of the list from which the date stands at the right, and the title beside the note.
_WIDE = 50
#: Characters of a quote or note that are looked at for a line of it.
_LOOK = 600
_GONE = "gone: "
_NOT_HERE = "its text is not here"


class HighlightList(CursorView, can_focus=True):
    """Two lines for each: the passage with the date, then the note and the article.

    The letter before it names the colour (y, g, b, r; n for a note on a whole article), a star
    says that there is a note.  A passage that is no longer in its article is said to be gone; one
    of an article that has no text yet, that this is not here.
    """

    ROW_HEIGHT: ClassVar[int] = 2

    BINDINGS: ClassVar[list[BindingType]] = HIGHLIGHT_KEYS

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *list_style.COMPONENT_CLASSES,
        "highlights--yellow",
        "highlights--green",
        "highlights--blue",
        "highlights--red",
    }
    DEFAULT_CSS = list_style.CSS.replace("VirtualList", "HighlightList")

    class Opened(Message):
        """A highlight is to be opened in its article."""

        def __init__(self, known: KnownHighlight) -> None:
            super().__init__()
            self.known = known

    class Acted(Message):
        """Something is to be done with the current highlight, if there is one.

        Attributes:
            what: "note", "colour", "remove", "new", "copy", "copy_all", "undo", "redo" or the
                name of a colour.
        """

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    class Seen(Message):
        """Other rows are in view."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        dates: Dates = "relative",
        titles: bool = True,
        id: str | None = None,
    ) -> None:
        """An empty list.

        Args:
            clock: Gives the present, for dates.
            dates: How dates are written.
            titles: Whether the article's title is shown.
            id: Id of the widget.
        """
        super().__init__(id=id)
        self._clock = clock
        self._dates = dates
        self._titles = titles
        self._items: Sequence[KnownHighlight] = ()
        self._orphans: Mapping[int, bool] = {}

    @property
    def row_count(self) -> int:
        """Rows in all."""
        return len(self._items)

    @property
    def items(self) -> Sequence[KnownHighlight]:
        """What is listed."""
        return self._items

    @property
    def current(self) -> KnownHighlight | None:
        """The one under the cursor."""
        return self._items[self.cursor] if self._items else None

    @property
    def in_view(self) -> Sequence[KnownHighlight]:
        """Those on the screen."""
        first, last = self.rows_in_view
        return self._items[first:last]

    def set_items(self, items: Sequence[KnownHighlight]) -> None:
        """List others; the cursor stays on the same one, or where it was."""
        kept = self.current
        self._items = items
        index = min(self.cursor, max(0, len(items) - 1))
        if kept is not None and not (items and items[index].highlight.id == kept.highlight.id):
            number = kept.highlight.id
            index = next((i for i, each in enumerate(items) if each.highlight.id == number), index)
        self.set_reactive(HighlightList.cursor, index)
        self.set_height(len(items) * self.ROW_HEIGHT)
        if self.can_paint:
            self.show_row(index, self.top, repaint=True)
            self.refresh()
        self.post_message(self.Seen())

    def set_orphans(self, orphans: Mapping[int, bool]) -> None:
        """Say of those with these numbers that their passages are gone.

        Args:
            orphans: The numbers, and whether the text of the article is here at all.
        """
        self._orphans = orphans
        self.refresh()

    def cursor_moved(self) -> None:
        """Rows may have come into view."""
        self.post_message(self.Seen())

    def view_changes(self, top: int, *, repaint: bool = False) -> None:
        """All rows are at hand."""
        if repaint:
            self.refresh()
        if top != self.top:
            self.post_message(self.Seen())

    def action_open(self) -> None:
        """Open the current one in its article."""
        if self.current is not None:
            self.post_message(self.Opened(self.current))

    def action_act(self, what: str) -> None:
        """Do something with the current one."""
        self.post_message(self.Acted(what))

    def line(self, y: int, width: int) -> Strip:
        """Line `y` of all rows."""
        index, second = divmod(y, self.ROW_HEIGHT)
        words = self.glyphs is WORDS
        if index >= len(self._items):
            return Strip.blank(width, component_style(self))
        current = index == self.cursor
        style = list_style.row_styles(
            self, current=current, active=current and (self.has_focus or self.lit)
        )
        item = self._items[index]
        if words:
            said = self._said_second(item) if second else self._said_first(item)
            look = style() if second else style("list--unread")
            segments = [Segment(shorten(said, width, self.glyphs.ellipsis), look)]
        else:
            segments = (self._second if second else self._first)(item, width, style)
        return Strip(segments).adjust_cell_length(width, style())

    def _said_first(self, item: KnownHighlight) -> str:
        """The first line in words: "green, with a note: the passage; yesterday"."""
        highlight = item.highlight
        marks = [highlight.colour if highlight.quote else "note on the article"]
        if highlight.quote and highlight.note:
            marks.append("with a note")
        if highlight.id in self._orphans:
            marks.append("gone from the text" if self._orphans[highlight.id] else _NOT_HERE)
        date = clean(long_date(highlight.made, self._clock(), self._dates))
        text = _one_line(highlight.quote or highlight.note)
        return f"{', '.join(marks)}: {text}; {date}" if date else f"{', '.join(marks)}: {text}"

    def _said_second(self, item: KnownHighlight) -> str:
        """The second line in words: the note and the article."""
        note = _one_line(item.highlight.note) if item.highlight.quote else ""
        title = clean(item.title or f"article {item.highlight.article}") if self._titles else ""
        parts = (f"note: {note}" if note else "", f"in {title}" if title else "")
        return "; ".join(filter(None, parts))

    def _first(
        self, item: KnownHighlight, width: int, style: Callable[..., Style]
    ) -> list[Segment]:
        highlight = item.highlight
        dim, ellipsis = style("list--dim"), self.glyphs.ellipsis
        letter, swatch = "n", style("list--mark")
        if highlight.quote:
            letter = highlight.colour[0]
            swatch = component_style(self, f"highlights--{highlight.colour}")
        note = "*" if highlight.note and highlight.quote else " "
        segments = [
            Segment(" ", dim), Segment(letter, swatch), Segment(note, style("list--mark")),
            Segment(" ", dim),
        ]  # fmt: skip
        date = LONG_CELLS[self._dates] + 2 if width >= _WIDE else 0
        room = max(0, width - _GUTTER - date - 1)
        if highlight.id in self._orphans:
            why = _GONE if self._orphans[highlight.id] else f"{_NOT_HERE}: "
            segments.append(Segment(why[:room], style("list--state")))
            room -= len(why[:room])
        text = _one_line(highlight.quote or highlight.note)
        segments.append(Segment(fit(text, room, ellipsis=ellipsis), style("list--unread")))
        if date:
            spelt = clean(long_date(highlight.made, self._clock(), self._dates))
            segments.append(Segment(fit(spelt, date, right=True, ellipsis=ellipsis), dim))
        return segments

    def _second(
        self, item: KnownHighlight, width: int, style: Callable[..., Style]
    ) -> list[Segment]:
        highlight = item.highlight
        dim, ellipsis = style("list--dim"), self.glyphs.ellipsis
        note = _one_line(highlight.note) if highlight.quote else ""
        title = clean(item.title or f"article {highlight.article}") if self._titles else ""
        room = max(0, width - _GUTTER - 1)
        if note and title and width >= _WIDE:
            part = shorten(title, room * 2 // 5, ellipsis)
            segments = [Segment(fit(note, room - 2 - _cells(part), ellipsis=ellipsis), style())]
            segments.append(Segment(f"  {part}", dim))
        elif note:
            segments = [Segment(shorten(note, room, ellipsis), style())]
        else:
            segments = [Segment(shorten(title, room, ellipsis), dim)]
        return [Segment(" " * _GUTTER, dim), *segments]


def _cells(text: str) -> int:
    return Segment(text).cell_length


def _one_line(text: str) -> str:
    return clean(" ".join(text[:_LOOK].split()))
