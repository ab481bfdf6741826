"""A menu: pick one of several; used for the views and the order of the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import ClassVar, NamedTuple

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.screens.dialog_keys import CHOICE_KEYS
from tui.screens.narrowing import NarrowingDialog
from tui.widgets.glyphs import WORDS, default_glyphs
from tui.widgets.options import Options

#: From so many choices on the hint tells how to narrow them.
_MANY = 12

#: Most choices laid out at once; the others are found by narrowing.
_MOST = 200


class Choice(NamedTuple):
    """One line of the menu.

    Attributes:
        value: What the dialog answers when it is picked.
        label: What is shown.
        note: Shown at the right end: a count, a direction.
        current: Marked as the one in force.
    """

    value: str
    label: str
    note: str = ""
    current: bool = False


class ChoiceDialog(NarrowingDialog[str | None]):
    """Answers the value of the choice picked, or None."""

    CSS_PATH = ["dialog.tcss", "choice.tcss"]

    GIVES_WAY = ("#choices", 8)

    BINDINGS: ClassVar[list[BindingType]] = CHOICE_KEYS

    def __init__(self, title: str, choices: Iterable[Choice], *, hint: str = "") -> None:
        self._choices = list(choices)
        if not hint and len(self._choices) >= _MANY:
            hint = "enter choose   / narrow   esc close"
        super().__init__(title, hint=hint)
        self._shown: list[Choice] = []

    def content(self) -> ComposeResult:
        """The field to narrow the choices with, hidden until asked for, and the choices."""
        yield self.narrow_field()
        yield Options(id="choices", markup=False)

    def on_mount(self) -> None:
        """Start at the choice in force."""
        if not self.is_ready:
            return  # the app is being left: nothing was put in it
        self._show()
        options = self.query_one(OptionList)
        options.highlighted = next((i for i, c in enumerate(self._shown) if c.current), 0)
        options.focus()

    @property
    def highlighted(self) -> Choice | None:
        """The choice under the cursor; none where none is left."""
        at = self.query_one(OptionList).highlighted if self.is_ready else None
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def set_choices(self, choices: Sequence[Choice], *, to: str | None = None) -> None:
        """Show other choices.

        Args:
            choices: All of them.
            to: The value of the one to go to; by default the highlight stays on the same one, or
                where it was if that one is gone.
        """
        self._choices = list(choices)
        at = self.query_one(OptionList).highlighted if self.is_ready else None
        self._show(to=to, near=at or 0)

    def action_move(self, action: str) -> None:
        """Pass a movement on to the list of choices."""
        getattr(self.query_one(OptionList), f"action_{action}")()

    def listed(self) -> OptionList:
        """The choices."""
        return self.query_one(OptionList)

    def narrow(self) -> None:
        """Show the choices that fit."""
        self._show()

    @on(Input.Submitted, "#narrow")
    def _submit(self) -> None:
        # At once: the list's own message would come after the next key.
        if (choice := self.highlighted) is not None:
            self.dismiss(choice.value)

    @on(OptionList.OptionSelected)
    def _select(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._shown[event.option_index].value)

    def _show(self, *, to: str | None = None, near: int = 0) -> None:
        if not self.is_ready:
            return
        options = self.query_one(OptionList)
        kept = to if to is not None or self.highlighted is None else self.highlighted.value
        words = self.words
        fitting = (c for c in self._choices if all(w in c.label.casefold() for w in words))
        before, self._shown = self._shown, list(islice(fitting, _MOST))
        values = [choice.value for choice in self._shown]
        if values == [choice.value for choice in before]:
            for index, (old, new) in enumerate(zip(before, self._shown, strict=True)):
                if new != old:
                    options.replace_option_prompt_at_index(index, _line(new))
        else:
            options.set_options(Option(_line(choice)) for choice in self._shown)
        if self._shown:
            at = min(near, len(values) - 1)
            options.highlighted = values.index(kept) if kept in values else at


def _line(choice: Choice) -> Table:
    line = Table.grid(expand=True, padding=(0, 1))
    line.add_column(width=1)
    line.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    line.add_column(justify="right", no_wrap=True)
    mark, note = "•" if choice.current else "", choice.note
    if default_glyphs() is WORDS and choice.current:
        mark, note = "", f"{note}, current".removeprefix(", ")
    line.add_row(mark, Text(choice.label), Text(note))
    return line
