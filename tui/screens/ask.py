"""A question with one line for an answer."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from tui.screens.dialog import Dialog


class AskDialog(Dialog[str | None]):
    """Answers the line typed, without spaces around it, or None when there is none.

    Args:
        title: The question.
        value: What the line holds at first.
        action: What enter does, in a word.
    """

    def __init__(self, title: str, value: str = "", *, action: str = "save") -> None:
        super().__init__(title, hint=f"enter {action}   esc cancel")
        self._value = value

    def content(self) -> ComposeResult:
        """The line."""
        line = Input(self._value)
        line.cursor_blink = False
        yield line

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip() or None)
