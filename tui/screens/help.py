"""The help panel: the keys in force, for the pane the person is in first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tui.screens.keymap import Key
from tui.screens.page import PageDialog

#: Cells of the column of keys.
_KEYS = 12

#: Headings, and how the ids of the keys under them begin.
SECTIONS = {
    "List": ("list.",),
    "Reader": ("reader.", "jump."),
    "Selecting text": ("select.", "note.", "highlights."),
    "Articles": ("article.",),
    "Search": ("search.", "find."),
    "Panes": ("pane.",),
    "Program": ("app.",),
    "Feeds": ("feeds.",),
    "Dialogs": ("dialog.", "page.", "ask.", "tags.", "details.", "export."),
    "Empty library": ("empty.",),
}


class HelpDialog(PageDialog):
    """All keys by heading.

    Args:
        keys: The keys in force.
        first: The heading to begin with.
        footer: Lines under the keys, such as where the config file is.
    """

    def __init__(self, keys: Iterable[Key], first: str, footer: Sequence[str] = ()) -> None:
        super().__init__("Keys", hint="j k scroll   esc close")
        self._keys = list(keys)
        self._first = first
        self._footer = footer

    def page(self) -> RenderableType:
        """A heading and a table for each section."""
        parts: list[RenderableType] = []
        for heading in sorted(SECTIONS, key=lambda heading: heading != self._first):
            table = Table.grid(padding=(0, 1), expand=True)
            table.add_column(width=_KEYS, overflow="fold")
            table.add_column(ratio=1)
            for key in self._keys:
                if key.id.startswith(SECTIONS[heading]):
                    table.add_row(Text(" ".join(key.keys), style="bold"), Text(key.description))
            parts += [Text(heading, style="underline"), table, Text("")]
        parts += [Text(line, overflow="fold") for line in self._footer]
        return Group(*parts)
