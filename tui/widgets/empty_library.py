"""What an empty library shows: how to put articles into it, and a way to look around first."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.cells import clean
from tui.widgets.glyphs import Glyphs, default_glyphs
from tui.widgets.list_style import Note, note_line
from tui.widgets.pane_keys import EMPTY_KEYS

_TITLE, _TEXT, _KEY, _DIM = "empty--title", "", "empty--key", "empty--dim"


def _notes(ellipsis: str, path: str) -> list[Note]:
    return [
        [("Your library is empty.", _TITLE)],
        [(path, _DIM)],
        [],
        [("Add articles from the shell:", _TEXT)],
        [],
        [(f"  broadsheet add FILE{ellipsis}", _KEY)],
        [("  broadsheet add FOLDER", _KEY)],
        [(f"  {ellipsis} | broadsheet add -", _KEY)],
        [],
        [("o", _KEY), ("  look around in the sample library", _DIM)],
    ]


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

    COMPONENT_CLASSES: ClassVar[set[str]] = {_TITLE, _KEY, _DIM}

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
        self._lines = _notes(self.glyphs.ellipsis, clean(path))

    def action_sample(self) -> None:
        """Ask for the sample library."""
        self.post_message(self.SampleWanted())

    def render_line(self, y: int) -> Strip:
        """The lines in the middle of the screen, a little above it."""
        width, height = self.size
        block = max(len("".join(text for text, _ in line)) for line in self._lines if line)
        indent = max(1, (width - min(block, 44)) // 2)
        index = y - max(0, (height - len(self._lines)) * 2 // 5)
        line = self._lines[index] if 0 <= index < len(self._lines) else ()
        return note_line(self, [(" " * indent, ""), *line], width, self.glyphs.ellipsis)
