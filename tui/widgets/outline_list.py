"""The headings of an article as a list: indented by level, as many as there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from tui.typeset.outline import Heading
from tui.widgets import list_style
from tui.widgets.cells import clean, fit
from tui.widgets.component_style import component_style
from tui.widgets.cursor_view import CursorView
from tui.widgets.glyphs import WORDS

#: Cells left of a heading, for the sign of the current one; and those a level is indented by.
_GUTTER, _INDENT = 2, 2

#: Levels that are indented further than the one above; there are six.
_DEEPEST = 5


class OutlineList(CursorView, can_focus=True):
    """Headings in the order of the text.  Choosing one posts `Chosen`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = list_style.COMPONENT_CLASSES
    DEFAULT_CSS = list_style.CSS.replace("VirtualList", "OutlineList")

    class Chosen(Message):
        """A heading was chosen."""

        def __init__(self, heading: Heading) -> None:
            super().__init__()
            self.heading = heading

    _headings: Sequence[Heading] = ()
    _here: Heading | None = None
    _top_level = 1
    _put = 0  # where the cursor was put

    @property
    def row_count(self) -> int:
        """Headings in all."""
        return len(self._headings)

    def show_headings(
        self, headings: Sequence[Heading], *, here: Heading | None, top_level: int, cursor: int
    ) -> None:
        """Show these headings.

        Args:
            headings: The headings.
            here: The one that is being read under.
            top_level: The highest level there is in the article, which is not indented.
            cursor: Index of the one to put the cursor on.
        """
        self._headings, self._here, self._top_level = headings, here, top_level
        if not self.moved:
            self._put = cursor
        self.set_reactive(OutlineList.cursor, cursor)
        self.set_height(len(headings))
        self.refresh(layout=True)  # the dialog is as high as they are many
        if self.can_paint:
            self.show_row(self.cursor, self.top, margin=self.margin, repaint=True)

    @property
    def moved(self) -> bool:
        """Whether the person has moved the cursor from where it was put."""
        return self.cursor != self._put

    @property
    def current(self) -> Heading | None:
        """The heading under the cursor."""
        return self._headings[self.cursor] if self._headings else None

    def action_open(self) -> None:
        """Choose the heading under the cursor."""
        if (heading := self.current) is not None:
            self.post_message(self.Chosen(heading))

    def cursor_moved(self) -> None:
        """Nothing follows the cursor here."""

    def view_changes(self, top: int, *, repaint: bool = False) -> None:
        """Everything is at hand: only paint."""
        if repaint:
            self.refresh()

    def line(self, y: int, width: int) -> Strip:
        """A heading."""
        plain = component_style(self)
        if y >= len(self._headings):
            return Strip.blank(width, plain)
        heading = self._headings[y]
        here = heading == self._here
        style = list_style.row_styles(self, current=y == self.cursor, active=True)
        words = self.glyphs is WORDS
        sign = "•" if here and not words else " "
        indent = " " * (_INDENT * min(_DEEPEST, heading.level - self._top_level))
        room = max(1, width - _GUTTER)
        name = indent + clean(heading.text) + (", here" if here and words else "")
        text = fit(name, room, ellipsis=self.glyphs.ellipsis)
        segments = [
            Segment(f"{sign} ".ljust(_GUTTER), style("list--mark")),
            Segment(text, style("list--selected", "list--title") if here else style()),
        ]
        return Strip(segments).adjust_cell_length(width, plain)
