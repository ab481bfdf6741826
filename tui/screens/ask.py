"""A question with one line for an answer.

What cannot be done with the answer is told in the dialog, so that nobody types it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import ClassVar

from rich.console import OverflowMethod
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static
from textual.worker import Worker

from store import CancelledError, LibraryError
from tui.screens.dialog import Dialog
from tui.screens.dialog_keys import ASK_KEYS
from tui.work import ended, supersede

#: Characters of names that are told at once: three lines of the box.
_TOLD = 150

#: Does what is asked for before the dialog closes; raises `LibraryError` where that cannot be.
Attempt = Callable[[str], Awaitable[object]]

#: What a line could become, each with what tells it from the others.
Continue = Callable[[str], Awaitable[Sequence[tuple[str, str]]]]


class AskDialog(Dialog[str | None]):
    """Answers the line typed, without spaces around it, or None when there is none.

    Args:
        title: The question.
        value: What the line holds at first.
        action: What enter does, in a word.
        attempt: Tried with the answer; while it fails, the dialog stays open and says why.
        may_be_empty: Whether nothing at all is an answer, too.
        busy: What is told while an answer is tried; "" where that takes no time.
        continuations: Gives what Tab may complete the line to; None where it completes nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = ASK_KEYS

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        action: str = "save",
        attempt: Attempt | None = None,
        continuations: Continue | None = None,
        may_be_empty: bool = False,
        busy: str = "",
    ) -> None:
        complete = "" if continuations is None else "tab complete   "
        hint = f"{complete}enter {action}   esc cancel"
        super().__init__(title, hint=hint)
        self._value = value
        self._keys = hint
        self._attempt = attempt
        self._continuations = continuations
        self._may_be_empty = may_be_empty
        self._busy = busy
        self._under_way: Worker[None] | None = None

    def content(self) -> ComposeResult:
        """The line."""
        line = Input(self._value)
        line.cursor_blink = False
        yield line

    async def settled(self) -> None:
        """Return when an answer was tried, or a line completed."""
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            await ended(under_way)

    @property
    def is_changed(self) -> bool:
        """Whether the line is another than it was."""
        return self.is_ready and self.query_one(Input).value != self._value

    def warn(self, key: str = "esc") -> None:
        """Tell what a key throws away, until the line is changed."""
        self.tell(f"{key} throws away what you typed")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tab moves between widgets where there is nothing to complete."""
        if action == "complete" and self._continuations is None:
            return False
        return super().check_action(action, parameters)

    def action_complete(self) -> None:
        """Continue the line as far as it is clear how, else tell what it could become."""
        typed = self.query_one(Input).value
        self._under_way = supersede(self, "ask", partial(self._complete, typed))

    async def _complete(self, typed: str) -> None:
        assert self._continuations is not None
        found = await self._continuations(typed)
        if not found:
            self.tell("nothing begins so")
            return
        line = self.query_one(Input)
        lines = [whole for whole, _ in found]
        common = lines[0] if len(lines) == 1 else _common(lines)
        if len(common) > len(typed) or (len(lines) == 1 and common != typed):
            line.value = common
            line.cursor_position = len(common)
        elif len(lines) > 1:
            self.tell(_listed([name for _, name in found]))

    @on(Input.Changed)
    def _changed(self) -> None:
        self.tell("")

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        answer = event.value.strip()
        if not answer and not self._may_be_empty:
            self.dismiss(None)
        elif self._attempt is None:
            self.dismiss(answer)
        else:
            self._under_way = supersede(self, "ask", partial(self._try, self._attempt, answer))

    async def _try(self, attempt: Attempt, answer: str) -> None:
        self.tell(self._busy)
        try:
            await attempt(answer)
        except CancelledError:
            pass  # the app is being left
        except LibraryError as error:
            self.tell(str(error))
        else:
            self.dismiss(answer)

    def tell(self, words: str) -> None:
        """Show words where the keys are told, until the line is changed; "" for the keys again."""
        if self.is_ready:
            hint = self.query_one("#hint", Static)
            hint.set_class(bool(words), "-told")
            overflow: OverflowMethod = "fold" if words else "ellipsis"
            hint.update(Text(words or self._keys, no_wrap=not words, overflow=overflow))


def _common(lines: Sequence[str]) -> str:
    """How far all the lines are the same."""
    least, most = min(lines), max(lines)
    same = (at for at, (a, b) in enumerate(zip(least, most, strict=False)) if a != b)
    return least[: next(same, len(least))]


def _listed(names: Sequence[str]) -> str:
    """The first of the names, and how many there are more."""
    told = ""
    for at, name in enumerate(names):
        if at and len(told) + len(name) > _TOLD:
            return f"{told}and {len(names) - at:,} more"
        told += f"{name}   "
    return told.rstrip()
