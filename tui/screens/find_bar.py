"""The line in which one types what to find in the article being read."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static


class FindBar(Horizontal):
    """A prompt, an input, and how many matches there are.  Hidden until it is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Stop finding", id="find.leave"),
    ]

    DEFAULT_CSS = """
    FindBar {
        display: none;
        height: 1;
        background: $panel;
        & > #find-prompt { width: 6; padding: 0 1; color: $text-primary; text-style: bold; }
        & > Input, & > Input:focus {
            width: 1fr;
            height: 1;
            border: none;
            padding: 0;
            background: $panel;
            background-tint: transparent;
        }
        & > #find-count { width: auto; padding: 0 1; color: $text-muted; }
    }
    """

    class Changed(Message):
        """Another text is to be found."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Submitted(Message):
        """The text stands: on to the matches."""

    class Dismissed(Message):
        """Nothing is to be found any more."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.input = Input(compact=True, select_on_focus=True, id="find-input")
        self.input.cursor_blink = False
        self._count = Static("", id="find-count", markup=False)

    def compose(self) -> ComposeResult:
        """Prompt, input, count."""
        yield Static("find", id="find-prompt", markup=False)
        yield self.input
        yield self._count

    def open(self) -> None:
        """Show the bar and start typing."""
        self.display = True
        self.input.focus()

    def close(self) -> None:
        """Hide the bar."""
        self.display = False

    def show_count(self, index: int, count: int | None) -> None:
        """Tell which match is current, from 1 (0: none), and how many there are, if known."""
        total = "…" if count is None else f"{count:,}"
        self._count.update(f"{index:,} of {total}" if index else total)

    def action_leave(self) -> None:
        """Leave without finding anything."""
        self.post_message(self.Dismissed())

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if not event.value.strip():
            self._count.update("")
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted())
