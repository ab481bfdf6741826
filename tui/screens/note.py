"""Writing a note, of any number of lines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.screens.dialog import Dialog
from tui.screens.dialog_keys import NOTE_KEYS
from tui.widgets.cells import clean

if TYPE_CHECKING:
    from textual.widgets import TextArea

#: Characters of the quote that are looked at for what is shown of it.
_QUOTE = 400

#: Seconds after which it is told at the latest that something was typed.
_TYPED = 0.7


class NoteDialog(Dialog[str | None]):
    """Answers the note as it is now, or None when it stays as it was.

    Enter saves; control-J, which every terminal has, begins a new line.

    Args:
        title: What the note is on.
        note: The note so far.
        quote: The passage it is on, shown above it.
        draft: What stands in it at first, if not the note: it was being written before.
        typed: Called while it is written, not with each letter.
    """

    CSS_PATH = ["dialog.tcss", "note.tcss"]

    GIVES_WAY = ("#note", 9)

    BINDINGS: ClassVar[list[BindingType]] = NOTE_KEYS

    def __init__(
        self,
        title: str,
        note: str = "",
        quote: str = "",
        *,
        draft: str = "",
        typed: Callable[[], object] = lambda: None,
    ) -> None:
        mine = "your unfinished note   " if draft and draft != note else ""
        super().__init__(title, hint=f"{mine}enter save   ^j new line   esc cancel")
        self._note = note
        self._begun = draft or note
        self._field: TextArea | None = None
        self._typed = typed
        self._due: asyncio.TimerHandle | None = None
        self._quote = clean(" ".join(quote[:_QUOTE].split()))
        self._warned = False

    def content(self) -> ComposeResult:
        """The passage, and the note under it."""
        from tui.widgets.note_area import NoteArea  # slow to load, and seldom needed

        if self._quote:
            yield Static(Text(f"“{self._quote}”", overflow="ellipsis"), id="quote")
        area = self._field = NoteArea(
            self._begun, id="note", soft_wrap=True, show_line_numbers=False, tab_behavior="focus",
            compact=True,
        )  # fmt: skip
        area.cursor_blink = False
        yield area

    def on_mount(self) -> None:
        """Start typing at the end."""
        area = self._area
        area.move_cursor(area.document.end)
        area.focus()

    def text(self) -> str:
        """What is written so far; from any thread."""
        return self._begun if self._field is None else self._field.text

    def on_text_area_changed(self) -> None:
        """Say within a second that something was typed."""
        if self._due is None:
            # Not a timer of Textual, which is never called if it is late when it starts (8.2).
            self._due = asyncio.get_running_loop().call_later(_TYPED, self._tell_typed)

    def _tell_typed(self) -> None:
        self._due = None
        self._typed()

    def on_unmount(self) -> None:
        """Begin no work any more: whoever closes this, or ends the program, keeps the note."""
        if self._due is not None:
            self._due.cancel()

    def action_save(self) -> None:
        """Close with the note."""
        text = self.text().strip()
        self.dismiss(text if text != self._note.strip() else None)

    def action_new_line(self) -> None:
        """Begin a new line."""
        self._area.insert("\n")

    @property
    def is_changed(self) -> bool:
        """Whether the note is another than it was."""
        return self.is_ready and self.text().strip() != self._note.strip()

    def warn(self, key: str = "esc") -> None:
        """Tell what a key throws away, which the next one then does."""
        self._warned = True
        super().warn(key)

    def action_close(self) -> None:
        """Close without saving; what was typed is thrown away only when asked for twice."""
        if self.is_changed and not self._warned:
            self.warn("esc again")
        else:
            self.dismiss(None)

    @property
    def _area(self) -> TextArea:
        from textual.widgets import TextArea

        return self.query_one("#note", TextArea)
