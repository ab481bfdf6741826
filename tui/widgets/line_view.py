"""A view of many lines that scrolls without animation, and can hold its picture still.

Holding still is what makes slow contents calm: while they are on their way the lines painted last
stay on the screen, whatever is scrolled meanwhile; then the newest state is painted at once.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scrollbar import ScrollTo
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.glyphs import Glyphs, default_glyphs
from tui.widgets.scroll_thumb import thumb
from tui.widgets.steady_view import SteadyView

#: Seconds a picture is held at most.
PATIENCE = 0.05

#: Lines the mouse wheel scrolls.
WHEEL_LINES = 3


class LineView(SteadyView, inherit_bindings=False):
    """Draws `line`, one at a time, of a content of any height.

    Args:
        glyphs: Signs to draw with; by default those for this environment.
        name: Name of the widget.
        id: Id of the widget.
        classes: CSS classes.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    LineView {
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        scrollbar-color: $foreground 70%;
        scrollbar-color-hover: $foreground 80%;
        scrollbar-color-active: $primary;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        &:ansi {
            scrollbar-color: ansi_bright_black;
            scrollbar-color-hover: ansi_default;
        }
    }
    """

    def __init__(
        self,
        *,
        glyphs: Glyphs | None = None,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.glyphs = glyphs or default_glyphs()
        self._holding = False
        self._patience: asyncio.TimerHandle | None = None
        self._painted: dict[int, Strip] = {}
        self._bar_told: tuple[Size, Size, Size] | None = None

    @abstractmethod
    def line(self, y: int, width: int) -> Strip:
        """Line `y` of the content, `width` cells wide."""

    @abstractmethod
    def show_from(self, top: int) -> None:
        """Scroll so that line `top`, which is within the limits, is the first in view."""

    def lose_patience(self) -> None:
        """Paint what there is; called when the picture was held for `PATIENCE`."""
        self.let_go()

    @property
    def top(self) -> int:
        """First line in view."""
        return round(self.scroll_y)

    @property
    def can_paint(self) -> bool:
        """Whether the view is on the screen and has a size."""
        return self.is_mounted and self.size.height > 0

    @property
    def holding(self) -> bool:
        """Whether an older picture is on the screen."""
        return self._holding

    def set_height(self, lines: int) -> None:
        """Height of the content, in lines."""
        # Not by the reactive, which would lay out the whole screen: neither size nor place of
        # this widget depend on its content.
        size = Size(0, lines)
        self.set_reactive(Widget.virtual_size, size)
        if self.can_paint:
            told = size, self.size, self.container_size
            if told != self._bar_told:  # it is drawn anew whenever it is told
                self._bar_told = told
                self._scroll_update(size)
            self.vertical_scrollbar.position = self.scroll_y

    def limit(self, top: int) -> int:
        """The nearest line to `top` that can be the first in view."""
        return max(0, min(top, self.virtual_size.height - self.size.height))

    def scroll_to_line(self, top: int) -> bool:
        """Scroll to line `top` and repaint, unless held; whether that moved the view."""
        before = self.top
        self.scroll_target_y = self.scroll_y = top
        return self.top != before

    def hold(self) -> None:
        """Keep the picture for a moment."""
        self._holding = True
        if self._patience is None:
            # Not a timer of Textual, which is never called if it is late when it starts (8.2).
            loop = asyncio.get_running_loop()
            self._patience = loop.call_later(PATIENCE, self.call_next, self._time_is_up)

    def let_go(self) -> None:
        """Paint anew."""
        self._holding = False
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        self.refresh()

    def repaint_lines(self, first: int, last: int) -> None:
        """Repaint lines `first` to `last` (exclusive) of the content where they are in view."""
        if self._holding or last <= first or not self.can_paint:
            return
        window = Region(0, 0, *self.size)
        region = Region(0, first - self.top, window.width, last - first).intersection(window)
        if region:
            self.refresh(region)

    def render_line(self, y: int) -> Strip:
        """Line `y` of what is in view."""
        width = self.scrollable_content_region.width
        if self._holding:
            painted = self._painted.get(y)
            if painted is not None and painted.cell_length == width:
                return painted
            return Strip.blank(width, self.get_visual_style().rich_style)
        strip = self._painted[y] = self.line(self.top + y, width)
        return strip

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Repaint, unless the picture is held; move the thumb by whole cells only."""
        if self.show_vertical_scrollbar:
            bar = self.vertical_scrollbar
            height, total = self.size.height, self.virtual_size.height
            place = thumb(height, total, height, new_value)
            if place != thumb(height, total, height, bar.position):
                bar.position = new_value
        if round(old_value) != round(new_value) and not self._holding:
            self.refresh(self.size.region)

    def on_mount(self) -> None:
        """Take the thin scroll bar."""
        self.take_thumb(self.glyphs)

    def _time_is_up(self) -> None:
        self._patience = None
        if self._holding:
            self.lose_patience()

    # All ways to scroll that Textual knows, without their animation.

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll_by(WHEEL_LINES, event)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll_by(-WHEEL_LINES, event)

    def _on_scroll_up(self, event: Message) -> None:
        self._scroll_by(-self.size.height, event)

    def _on_scroll_down(self, event: Message) -> None:
        self._scroll_by(self.size.height, event)

    def _on_scroll_to(self, message: ScrollTo) -> None:
        self._scroll_by(round(message.y or 0) - self.top, message)

    def _scroll_by(self, lines: int, event: Message) -> None:
        event.stop()
        event.prevent_default()
        if self.can_paint:
            self.show_from(self.limit(self.top + lines))
