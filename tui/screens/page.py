"""A dialog that shows more text than may fit: keys of a pager, nothing to choose."""

from __future__ import annotations

from typing import ClassVar

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from tui.screens.dialog import Dialog
from tui.screens.dialog_keys import PAGE_KEYS
from tui.widgets.page_text import PageText


class PageDialog(Dialog[None]):
    """Base of the dialogs that are only read.  Subclasses give the `page`."""

    CSS_PATH = ["dialog.tcss", "page.tcss"]

    GIVES_WAY: ClassVar[tuple[str, int] | None] = ("#pane", 6)

    BINDINGS: ClassVar[list[BindingType]] = PAGE_KEYS

    def page(self) -> RenderableType:
        """What to show; made once the dialog knows its app."""
        return ""

    def content(self) -> ComposeResult:
        """The page in a scrolling pane."""
        with VerticalScroll(id="pane"):
            yield PageText(self.page())

    def on_mount(self) -> None:
        """Keys go to the page."""
        self.query_one("#pane").focus()

    def action_scroll(self, where: str) -> None:
        """Move through the page."""
        pane = self.query_one("#pane")
        page = pane.scrollable_content_region.height
        lines = {"down": 1, "up": -1, "page_down": page, "page_up": -page}
        ends = {"home": 0, "end": pane.max_scroll_y}
        y = ends[where] if where in ends else round(pane.scroll_y) + lines[where]
        # At once: of two keys that come together both would else move from the same place.
        pane.scroll_to(y=y, animate=False, immediate=True)
