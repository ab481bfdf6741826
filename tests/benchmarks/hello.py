"""The smallest Textual app: what the start of broadsheet is compared with."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static


class Hello(App[None]):
    """Says hello, and answers any key."""

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static("Hello, world")

    def on_key(self, event: Key) -> None:
        """Show that the key came."""
        self.query_one(Static).update("Ready for keys")


if __name__ == "__main__":
    Hello().run()
