"""Textual's frames on their way to the terminal: only what differs is sent, and only the newest.

`App._display` is Textual's one place where a frame leaves it.  It is private, so a test compares
what a terminal shows after each frame with what Textual's own bytes would have made of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from rich.color import ColorSystem
from textual import events
from textual import strip as rows
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._styles_cache import StylesCache
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.cache import FIFOCache
from textual.screen import Screen

from tui.terminal.driver import TerminalDriver

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tui.terminal.painter import Painter

#: Characters from which on a frame is wrapped in synchronised output (mode 2026), where the
#: terminal knows it; a smaller one reaches the screen at once anyway.
_SYNCHRONISED: Final = 600

R = TypeVar("R")


def _let_go_of_rows() -> None:
    """Have the rows of a closed dialog go with it.

    Textual (8.2) keeps what this method answers by the widget's cache, not by the class that its
    parameter is named after: so the last thousand widgets there ever were stay, rows and all.
    """
    method: Any = vars(StylesCache).get("get_inner_outer")
    if hasattr(method, "cache_info"):
        StylesCache.get_inner_outer = classmethod(method)  # type: ignore[assignment]


class _NothingKept(FIFOCache[Any, Any]):
    """A cache of Textual's that keeps nothing."""

    __slots__ = ()

    def set(self, key: Any, value: Any) -> None:
        """Do nothing."""

    __setitem__ = set


def _make_rows_light() -> None:
    """Have all rows share one empty cache in place of seven each.

    Of a row's 1.4 kB in Textual (8.2) 1.2 are caches of what was cut out of it, and a frame has
    thousands of rows.  A row is seldom cut twice the same way: without them a key costs less.
    """
    if hasattr(rows, "FIFOCache"):
        nothing = _NothingKept(0)
        rows.FIFOCache = lambda maxsize: nothing


_let_go_of_rows()
_make_rows_light()


class TimelyScreen(Screen[R]):
    """A screen that lays out nothing for a size that the terminal no longer has."""

    async def settled(self) -> None:
        """Return when what a key began has happened, which the next key depends on."""

    async def on_event(self, event: events.Event) -> None:
        """Leave out what is outdated."""
        app = self.app
        if not (isinstance(app, FrugalDisplay) and app.is_outdated(event)):
            await super().on_event(event)


class ClosingScreen(TimelyScreen[R]):
    """A screen that is closed once, however often that is asked for.

    A second click is on its way already when the first one closes the screen; Textual would close
    the one below as well, or end the program.
    """

    _left = False

    def dismiss(self, result: R | None = None) -> AwaitComplete:
        """Close with an answer, if nobody has."""
        if self._left:
            return AwaitComplete.nothing()  # type: ignore[no-any-return,no-untyped-call]
        self._left = True
        return super().dismiss(result)


class RestingScreen(TimelyScreen[R]):
    """A screen that is painted under others only where something in it has changed.

    What is dirty in a covered screen has the one on top painted anew, and Textual 8.2 then marks
    the covered one as dirty once more.  So any message to it would have both painted, for ever.
    """

    def _compositor_refresh(self) -> None:
        super()._compositor_refresh()
        if self.app.screen is not self:
            self._repaint_required = False


class FrugalDisplay(App[str], inherit_bindings=False):
    """An app whose frames go through a `Painter`, where the driver has one."""

    _owes_frame = False

    def may_paint(self) -> bool:
        """Whether a frame may be sent now; if not, `settle_debt` is called when one may."""
        return True

    def is_outdated(self, event: events.Event) -> bool:
        """Whether an event tells of a size that the terminal no longer has: a newer one follows.

        Whoever drags at a window's edge sends sizes faster than anything can be laid out in them.
        """
        return (
            isinstance(event, events.Resize)
            and isinstance(self._driver, TerminalDriver)
            and not self._driver.has_size(event.size.width, event.size.height)
        )

    async def on_event(self, event: events.Event) -> None:
        """Leave out what is outdated."""
        if not self.is_outdated(event):
            await super().on_event(event)

    @property
    def takes_nearby_colours(self) -> bool:
        """Whether colours that look like those that are meant will do, if they are shorter."""
        return False

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        driver = self._driver
        if (
            not isinstance(renderable, LayoutUpdate | ChopsUpdate)
            or not isinstance(driver, TerminalDriver)
            or not self._running
            or self._closed
            or self._batch_count
        ):
            super()._display(screen, renderable)
            return
        try:
            colours = self.console._color_system or ColorSystem.TRUECOLOR
            painter = driver.painter(colours, nearby=self.takes_nearby_colours)
            painter.resize(*self.size)
            want(painter, renderable)
            self._send_frame()
        except Exception as error:
            self._handle_exception(error)
        finally:
            self.post_display_hook()

    def forget_pens(self) -> None:
        """Let go of what was worked out for drawing and is on the screen no longer."""
        driver = self._driver
        if isinstance(driver, TerminalDriver) and (painter := driver.current_painter) is not None:
            painter.pens.forget_soon()

    def _send_frame(self) -> None:
        """Send the newest frame, unless the one before is still on its way."""
        driver = self._driver
        if not isinstance(driver, TerminalDriver) or not self._running or self._closed:
            return
        self._owes_frame = not (self.may_paint() and driver.when_written(self.settle_debt))
        if self._owes_frame or (painter := driver.current_painter) is None:
            return
        data = painter.paint(self._wanted_cursor())
        if not data:
            return
        if self._sync_available and len(data) > _SYNCHRONISED:
            data = f"{SYNC_START}{data}{SYNC_END}"
        driver.write(data)
        driver.flush()

    def paint_now(self) -> None:
        """Paint what has changed, on the screen in front, at once.

        Textual paints at the ticks of a clock, 60 a second, and an answer to a key that comes just
        after the key itself was painted waits for the next one.
        """
        screen = self.screen
        for widget in list(screen._compositor.visible_widgets):
            if widget._layout_required:
                widget._check_refresh()
                screen._layout_required = True
            if widget._repaint_regions:
                widget._repaint_required = False
                screen._dirty_widgets.add(widget)
        screen._on_timer_update()

    def repaint_terminal(self) -> None:
        """Paint everything anew, whatever other programs have left on the terminal."""
        driver = self._driver
        if isinstance(driver, TerminalDriver) and driver.current_painter is not None:
            driver.write("\x1b[m\x1b[2J")
            driver.current_painter.cleared()
            self._send_frame()

    def settle_debt(self) -> None:
        """Send the frame that was held back, if there is one."""
        if self._owes_frame:
            self._send_frame()

    def _wanted_cursor(self) -> tuple[int, int] | None:
        """Where the terminal's cursor must stand, for input methods; None where nobody types."""
        if not self.shows_cursor:
            return None
        position = self.screen.outer_size.clamp_offset(self.cursor_position)
        return position.x, position.y

    @property
    def shows_cursor(self) -> bool:
        """Whether anyone looks where the terminal's cursor stands."""
        return hasattr(self.focused, "cursor_screen_offset")


def want(painter: Painter, update: LayoutUpdate | ChopsUpdate) -> None:
    """Take a frame of Textual over into what a painter wants."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            painter.put(update.region.x, y, [s for s in strips if s is not None])
        return
    for y, left, right in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > right or end <= left:
                continue
            whole = right > x >= left and end <= right
            painter.put(x, y, [strip if whole else strip.crop(0, min(end, right) - x)])
