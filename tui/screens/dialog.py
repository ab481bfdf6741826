"""What all dialogs share: a box in the middle of the screen that Escape closes."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.screens.dialog_keys import DIALOG_KEYS
from tui.terminal.display import ClosingScreen, RestingScreen

R = TypeVar("R")

#: Lines under which a dialog does without its frame and the blank lines in it.
_LOW = 14
_FRAME = 4


class Dialog(ClosingScreen[R], RestingScreen[R], ModalScreen[R]):
    """A modal box with a title line and a line that tells the keys.

    Subclasses yield their content from `content`.  A click beside the box closes it too.
    """

    #: Selector of the part that gives way where the terminal is low, and the lines it is among.
    GIVES_WAY: ClassVar[tuple[str, int] | None] = None

    CSS_PATH = ["dialog.tcss"]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (_LOW, "-tall")]

    BINDINGS: ClassVar[list[BindingType]] = DIALOG_KEYS

    def __init__(self, title: str, *, hint: str = "") -> None:
        super().__init__()
        self._title = title
        self._hint = hint

    @property
    def is_ready(self) -> bool:
        """Whether what comes late can be shown: its parts are there, and do not go one by one."""
        return bool(self.children) and not self._left and self.is_attached

    def content(self) -> ComposeResult:
        """The widgets between title and hint."""
        return iter(())

    def compose(self) -> ComposeResult:
        """Title, content, hint."""
        with Vertical(id="box"):
            yield Static(Text(self._title, no_wrap=True, overflow="ellipsis"), id="title")
            yield from self.content()
            if self._hint:
                yield Static(Text(self._hint, no_wrap=True, overflow="ellipsis"), id="hint")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key does anything before all is there that it may be about."""
        return self.is_mounted and super().check_action(action, parameters)

    def on_resize(self, event: events.Resize) -> None:
        """Keep title and hint on the screen."""
        self._give_way(event.size.height)

    def _give_way(self, height: int, more: int = 0) -> None:
        """Leave room for what is around the part that gives way, and for `more` lines."""
        if self.GIVES_WAY is not None and self.children:
            selector, around = self.GIVES_WAY
            if height < _LOW:
                around -= _FRAME
            self.query_one(selector).styles.max_height = max(1, height - around - more)

    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is lost when it is closed."""
        return False

    def warn(self, key: str = "esc") -> None:
        """Tell what a key would throw away."""
        hint = f"{key} throws away what you typed   enter save"
        self.query_one("#hint", Static).update(Text(hint, no_wrap=True, overflow="ellipsis"))

    def on_click(self, event: events.Click) -> None:
        """Close on a click beside the box; a click is too easily made to lose anything by it."""
        if event.widget is self:
            event.stop()
            if self.is_changed:
                self.warn()
            else:
                self.action_close()
