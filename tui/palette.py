"""The command palette: everything a key does, by name, and the themes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.command import CommandPalette
from textual.widgets import Input

from tui.screens.keys import MAIN_KEYS
from tui.themes import ALIASES

if TYPE_CHECKING:
    from textual.binding import Binding

    from tui.app import BroadsheetApp


class Palette(CommandPalette):
    """Textual's command palette in our looks, with a cursor that does not blink."""

    CSS_PATH = "screens/palette.tcss"

    def on_mount(self) -> None:
        """Paint nothing while nothing happens."""
        self.query_one(Input).cursor_blink = False


def commands(app: BroadsheetApp) -> Iterable[SystemCommand]:
    """The commands of the palette, those used most first."""
    known = app.keys_in_force()
    for binding in MAIN_KEYS:
        key = known.get(getattr(binding, "id", None) or "")
        if key is not None and not key.id.startswith("pane."):
            yield _command(app, binding, f"key {key.keys[0]}")  # type: ignore[arg-type]
    for short, name in ALIASES.items():
        text = "the terminal's own colours" if short == "terminal" else f"the {short} theme"
        yield SystemCommand(f"Theme: {short}", f"Use {text}", partial(app.choose_theme, name))
    yield SystemCommand("Theme: others", "Choose among all themes", app.action_change_theme)
    yield SystemCommand("Help", "Show the keys", app.action_help)
    yield SystemCommand("Quit", "Leave; everything is saved", app.exit)


def _command(app: BroadsheetApp, binding: Binding, help_text: str) -> SystemCommand:
    async def act() -> None:
        await app.main.run_action(binding.action)

    return SystemCommand(binding.description, help_text, act)
