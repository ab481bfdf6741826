"""The text area a note is written in."""

from __future__ import annotations

from textual.widgets import TextArea


class NoteArea(TextArea):
    """A text area that is let go of with its dialog.

    Textual (8.2) has the app's theme watched by every text area there ever was: until the theme
    changes all of them stay, with each of their lines as it looked after each key.
    """

    def on_unmount(self) -> None:
        """Watch the theme no longer."""
        watchers = getattr(self.app, "__watchers", {}).get("theme", [])
        watchers[:] = [watcher for watcher in watchers if watcher[0] is not self]
