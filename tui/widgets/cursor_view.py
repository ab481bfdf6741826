"""A view of rows with a cursor: the usual keys and the mouse move it, and it stays in view.

The keys are those of less, vim and newsboat; each can be changed by its id.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.reactive import reactive

from tui.widgets.geometry import margin
from tui.widgets.line_view import LineView
from tui.widgets.pane_keys import CURSOR_KEYS


class CursorView(LineView):
    """Rows of equal height, one of which is the current one."""

    #: Lines a row takes.
    ROW_HEIGHT: ClassVar[int] = 1

    BINDINGS: ClassVar[list[BindingType]] = CURSOR_KEYS

    cursor: reactive[int] = reactive(0, repaint=False)
    """Index of the current row; 0 when there is none."""

    lit: reactive[bool] = reactive(False, repaint=False)
    """Draw the cursor as if the view had the focus: keys reach it from elsewhere."""

    _click_moved = False
    _next_top: int | None = None

    @property
    @abstractmethod
    def row_count(self) -> int:
        """Rows in all."""

    @abstractmethod
    def cursor_moved(self) -> None:
        """Called when the cursor is on another row, after it was drawn."""

    @abstractmethod
    def action_open(self) -> None:
        """Open the current row."""

    @abstractmethod
    def view_changes(self, top: int, *, repaint: bool = False) -> None:
        """Called before line `top` becomes the first in view; `repaint`: even if it is."""

    @property
    def rows_a_page(self) -> int:
        """Whole rows in view, at least 1."""
        return max(1, self.size.height // self.ROW_HEIGHT)

    def rows_from(self, top: int) -> tuple[int, int]:
        """First row and last (exclusive) that show, wholly or in part, from line `top` on."""
        last = -(-(top + self.size.height) // self.ROW_HEIGHT)
        return top // self.ROW_HEIGHT, min(last, self.row_count)

    @property
    def rows_in_view(self) -> tuple[int, int]:
        """First row in view and last (exclusive)."""
        return self.rows_from(self.top)

    def show_from(self, top: int) -> None:
        """Scroll to line `top` and leave the cursor where it is."""
        self.view_changes(top)
        self.scroll_to_line(top)

    @property
    def margin(self) -> int:
        """Rows kept in view above and below the cursor."""
        return margin(self.rows_a_page, sparing=self.sparing)

    def show_row(self, index: int, top: int, *, margin: int = 0, repaint: bool = False) -> None:
        """Scroll as near to line `top` as row `index` is in view with `margin` rows around it."""
        height = self.ROW_HEIGHT
        lowest = (index + 1 + margin) * height - self.size.height
        highest = (index - margin) * height
        top = self.limit(min(max(top, lowest), max(highest, 0)))
        self.view_changes(top, repaint=repaint)
        self.scroll_to_line(top)

    def repaint_rows(self, first: int, last: int) -> None:
        """Repaint rows `first` to `last` (exclusive)."""
        self.repaint_lines(first * self.ROW_HEIGHT, last * self.ROW_HEIGHT)

    def move(self, rows: int) -> None:
        """Move the cursor `rows` down, as far as there are rows."""
        before = self.cursor
        self.cursor = before + rows
        if self.cursor == before and self.can_paint:  # the wheel may have left it out of view
            self.show_row(before, self.top, margin=self.margin)

    def turn(self, rows: int) -> None:
        """Move the view and the cursor with it `rows` down."""
        before = self.cursor
        self._next_top = self.top + rows * self.ROW_HEIGHT
        self.cursor = before + rows
        self._next_top = None
        if self.cursor == before and self.can_paint:
            self.show_row(before, self.top)

    def validate_cursor(self, cursor: int) -> int:
        """The nearest index there is."""
        return max(0, min(cursor, self.row_count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw what the move changed: two rows, or all that scrolled."""
        top, self._next_top = self._next_top, None
        if self.can_paint:
            before = self.top
            if top is None:
                self.show_row(new, before, margin=self.margin)
            else:
                self.show_row(new, top)
            if self.top == before:
                self.repaint_rows(old, old + 1)
                self.repaint_rows(new, new + 1)
        self.cursor_moved()

    def watch_lit(self) -> None:
        """Light the cursor up, or dim it."""
        self.repaint_rows(self.cursor, self.cursor + 1)

    def watch_has_focus(self, focus: bool) -> None:
        """Light the cursor up, or dim it."""
        super().watch_has_focus(focus)
        self.repaint_rows(self.cursor, self.cursor + 1)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        if self.can_paint:
            self.show_row(self.cursor, self.top, margin=self.margin, repaint=True)

    def on_click(self, event: events.Click) -> None:
        """Move to the row clicked on; open it when it is the current one."""
        index = (self.top + event.y) // self.ROW_HEIGHT
        if self.holding or not 0 <= index < self.row_count:
            return  # what is seen is not what is there, or there is nothing
        event.stop()
        if index != self.cursor:
            self._click_moved = True
            self.cursor = index
        elif event.chain == 1 or self._click_moved:  # the second click of a pair opens once
            self._click_moved = False
            self.action_open()

    def action_cursor_down(self) -> None:
        """One row down."""
        self.move(1)

    def action_cursor_up(self) -> None:
        """One row up."""
        self.move(-1)

    def action_cursor_top(self) -> None:
        """To the first row."""
        self.move(-self.row_count)

    def action_cursor_bottom(self) -> None:
        """To the last row."""
        self.move(self.row_count)

    def action_page_down(self) -> None:
        """A page down, one row of which stays in view."""
        self.turn(max(1, self.rows_a_page - 1))

    def action_page_up(self) -> None:
        """A page up, one row of which stays in view."""
        self.turn(-max(1, self.rows_a_page - 1))

    def action_half_page_down(self) -> None:
        """Half a page down."""
        self.turn(max(1, self.rows_a_page // 2))

    def action_half_page_up(self) -> None:
        """Half a page up."""
        self.turn(-max(1, self.rows_a_page // 2))
