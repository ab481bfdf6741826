"""The line in which one types what to find in the article being read."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tui.screens.bar_keys import FIND_KEYS

#: Patterns of this session that the arrow keys bring back.
_KEPT = 100


class FindBar(Horizontal):
    """A prompt, an input, and how many matches there are.  Hidden until it is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = FIND_KEYS

    DEFAULT_CSS = """
    FindBar {
        display: none;
        height: 1;
        background: $panel;
        & > #find-prompt { width: 6; padding: 0 1; color: $text-primary; text-style: bold; }
        & > Input, & > Input:focus {
            width: 1fr;
            min-width: 10;
            height: 1;
            border: none;
            padding: 0;
            background: $panel;
            background-tint: transparent;
        }
        & > #find-count {
            width: auto;
            max-width: 60%;
            height: 1;
            padding: 0 1;
            color: $text-muted;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        &.-warned > #find-count { color: $text-error; }
        &:ansi > #find-count { color: ansi_default; }
        &:nocolor.-warned > #find-count { text-style: bold; }
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
        self._found: list[str] = []  # what was found before, the last at the end
        self._recalled = 0  # the place in that list; its length stands for what is being typed
        self._typed = ""  # what was being typed before something was recalled

    def compose(self) -> ComposeResult:
        """Prompt, input, count."""
        yield Static("find", id="find-prompt", markup=False)
        yield self.input
        yield self._count

    @property
    def text(self) -> str:
        """What is to be found."""
        return self.input.value

    @property
    def last(self) -> str:
        """What was found last; "" in the beginning."""
        return self._found[-1] if self._found else ""

    @property
    def is_open(self) -> bool:
        """Whether it is on the screen."""
        return bool(self.display)

    def open(self) -> None:
        """Show the bar, empty, and start typing."""
        with self.input.prevent(Input.Changed):
            self.input.value = ""
        self._recalled, self._typed = len(self._found), ""
        self.say("")
        self.display = True
        # Not `focus()`, which takes effect after the keys typed meanwhile.
        self.screen.set_focus(self.input, scroll_visible=False)

    def close(self) -> None:
        """Hide the bar."""
        self.display = False

    def remember(self, text: str) -> None:
        """Keep what was found, for the arrow keys."""
        self._found = [*(other for other in self._found if other != text), text][-_KEPT:]

    def show_count(self, number: int, count: int | None, note: str = "") -> None:
        """Tell how many matches there are.

        Args:
            number: Which match is the current one, from 1; 0 while that is not known.
            count: How many there are; None while they are being counted.
            note: Something else about it, in a word or two.
        """
        total = "…" if count is None else f"{count:,}"
        words = "no match" if count == 0 else f"{number:,} of {total}" if number else total
        self.say(f"{words} {note}".rstrip())

    def say(self, text: str, *, warning: bool = False) -> None:
        """Say something in the place of the count."""
        self._count.update(text)
        self.set_class(warning, "-warned")

    def action_leave(self) -> None:
        """Leave without finding anything."""
        self.post_message(self.Dismissed())

    def action_recall(self, step: int) -> None:
        """Bring back what was found before (step -1) or after that."""
        place = self._recalled + step
        if not 0 <= place <= len(self._found):
            return
        if self._recalled == len(self._found):
            self._typed = self.text
        self._recalled = place
        text = self._found[place] if place < len(self._found) else self._typed
        self.input.value = text
        self.input.cursor_position = len(text)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted())
