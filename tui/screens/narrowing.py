"""A dialog with a list that can be narrowed by typing after /."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, TypeVar

from rich.text import Text
from textual import on
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.screens.dialog import Dialog
from tui.screens.dialog_keys import NARROWING_KEYS

R = TypeVar("R")


class NarrowingDialog(Dialog[R]):
    """Base of the dialogs in which `/` shows a field, and what is typed there narrows the list."""

    #: Told while one types.
    NARROW_HINT: ClassVar[str] = "enter choose   esc show all"

    BINDINGS: ClassVar[list[BindingType]] = NARROWING_KEYS

    @abstractmethod
    def listed(self) -> Widget:
        """The list."""

    @abstractmethod
    def narrow(self) -> None:
        """Show what fits `words` in the list."""

    def narrow_field(self) -> Input:
        """The field, for `content`; hidden until it is asked for."""
        field = Input(placeholder="narrow", id="narrow")
        field.cursor_blink = False
        field.display = False
        return field

    @property
    def words(self) -> list[str]:
        """What was typed, in lower case; all of these words are to fit."""
        return self.query_one("#narrow", Input).value.casefold().split()

    def action_filter(self) -> None:
        """Let the list be narrowed by typing."""
        field = self.query_one("#narrow", Input)
        field.display = True
        field.focus()
        self._write_hint(self.NARROW_HINT)

    def action_close(self) -> None:
        """Leave the narrowing first, then the dialog."""
        field = self.query_one("#narrow", Input)
        if field.display:
            field.value = ""
            field.display = False
            self.listed().focus()
            self._write_hint(self._hint)
        else:
            self.dismiss(None)

    @on(Input.Changed, "#narrow")
    def _narrowed(self) -> None:
        self.narrow()

    def _write_hint(self, hint: str) -> None:
        for line in self.query("#hint").results(Static):
            line.update(Text(hint, no_wrap=True, overflow="ellipsis"))
