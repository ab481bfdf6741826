"""What an empty library shows: how to put articles into it, and a way to look around first."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.empty_lines import DIM, KEY, TITLE, empty_lines
from tui.widgets.glyphs import Glyphs, default_glyphs
from tui.widgets.list_style import note_line
from tui.widgets.pane_keys import EMPTY_KEYS


class EmptyLibrary(Widget, can_focus=True):
    """A screenful for a library without articles.

    Args:
        path: The library's file, to show.
        glyphs: Signs to draw with; by default those for this environment.
        name: Name of the widget.
        id: Id of the widget.
        classes: CSS classes.
    """

    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = EMPTY_KEYS

    COMPONENT_CLASSES: ClassVar[set[str]] = {TITLE, KEY, DIM}

    DEFAULT_CSS = """
    EmptyLibrary {
        width: 1fr;
        height: 1fr;
        background: $background;
        color: $foreground;
        & > .empty--title { text-style: bold; }
        & > .empty--key { color: $text-primary; text-style: bold; }
        & > .empty--dim { color: $text-muted; }
        &:ansi > .empty--dim { color: ansi_default; text-style: dim; }
        &:ansi > .empty--key { color: ansi_default; }
        &:nocolor > .empty--dim { text-style: dim; }
    }
    """

    class SampleWanted(Message):
        """The sample library is to be opened."""

    def __init__(
        self,
        path: str = "",
        *,
        glyphs: Glyphs | None = None,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.glyphs = glyphs or default_glyphs()
        self._path = path

    def action_sample(self) -> None:
        """Ask for the sample library."""
        self.post_message(self.SampleWanted())

    def render_line(self, y: int) -> Strip:
        """A line of what is said."""
        width, height = self.size
        lines = empty_lines(width, height, path=self._path, ellipsis=self.glyphs.ellipsis)
        line = lines[y] if y < len(lines) else ()
        return note_line(self, line, width, self.glyphs.ellipsis)
