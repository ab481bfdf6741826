"""What the status line said last, in full."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tui.screens.page import PageDialog
from tui.screens.panes import Told
from tui.widgets.cells import clean


class MessagesDialog(PageDialog):
    """The notices, the last one first.

    Args:
        told: Those that were shown, in order.
        waiting: Those that are still to be shown.
    """

    def __init__(self, told: Iterable[Told], waiting: Iterable[str] = ()) -> None:
        super().__init__("Messages", hint="j k scroll   esc close")
        self._told = list(told)
        self._waiting = list(waiting)

    def page(self) -> RenderableType:
        """Each with the time it was shown."""
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(width=5)
        table.add_column(ratio=1, overflow="fold")
        for text in reversed(self._waiting):
            table.add_row(Text("next", style="dim"), Text(clean(text)))
        for when, text, error in reversed(self._told):
            style = "bold" if error else ""
            table.add_row(Text(f"{when:%H:%M}", style="dim"), Text(clean(text), style=style))
        return table if table.row_count else Text("nothing was said yet")
