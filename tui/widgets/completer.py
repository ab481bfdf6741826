"""Completing the term at the cursor of an input: when to ask, what to offer, what a key takes."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from textual.widgets import Input

from store import Completions, completable
from tui.widgets.completion_list import CompletionList


class Completer:
    """Stands between an input and the list of its completions.

    Candidates are looked up elsewhere and arrive later.  What was typed or moved since makes
    them void; a key that takes one waits for them.

    Args:
        field: What is typed into.
        popup: Shows the candidates.
        ask: Called with text and cursor when candidates are needed; answer with `show`.
    """

    def __init__(
        self, field: Input, popup: CompletionList, ask: Callable[[str, int], None]
    ) -> None:
        self._field = field
        self._popup = popup
        self._ask = ask
        self._offered = Completions(0, 0)
        self._seen: tuple[str, int] | None = None
        self._waiting = False
        self._otherwise: Callable[[], object] | None = None

    @property
    def is_open(self) -> bool:
        """Whether candidates are shown."""
        return self._popup.display

    @property
    def is_entered(self) -> bool:
        """Whether one of the candidates shown was selected."""
        return self.is_open and self._popup.selected is not None

    def look(self) -> None:
        """Ask for candidates if the text or the cursor is another."""
        now = self._field.value, self._field.cursor_position
        if now == self._seen:
            return
        self._seen = now
        self._otherwise = None
        self._popup.selected = None
        self._waiting = completable(*now)
        if self._waiting:
            self._ask(*now)
        else:
            self.close()

    def cursor_moved(self) -> None:
        """Look again, unless the cursor moves because of a change that is yet to be told."""
        if self._seen is not None and self._field.value == self._seen[0]:
            self.look()

    def skip(self, text: str) -> None:
        """Offer nothing for `text`, which was not typed."""
        self._seen = text, len(text)
        self.close()

    def show(self, completions: Completions, text: str, cursor: int, line: int) -> None:
        """Offer what was asked for.

        Args:
            completions: The candidates.
            text: The text they are for.
            cursor: The cursor they are for.
            line: The line under the input, counted from the top of the pane.
        """
        if not self._waiting or (text, cursor) != self._seen:
            return
        self._waiting = False
        self._offered = completions
        field = self._field
        column = field.region.x - self._popup.parent_region.x
        column += cell_len(text[: completions.start]) - field.scroll_offset.x
        self._popup.show(completions.candidates, column - 1, line)
        otherwise, self._otherwise = self._otherwise, None
        if otherwise is not None and not self.take():
            otherwise()

    def close(self) -> bool:
        """Put the candidates away; whether there were any."""
        was_open = self.is_open
        self._waiting = False
        self._otherwise = None
        self._popup.show((), 0, 0)
        return was_open

    def select(self, step: int) -> None:
        """Select the next candidate or the one before; before the first there is none."""
        self._popup.select(step)

    def take_or(self, otherwise: Callable[[], object]) -> None:
        """Take the selected candidate, else the first; do `otherwise` where there is none."""
        if self._waiting:
            self._otherwise = otherwise
        elif not self.take():
            otherwise()

    def take(self, index: int | None = None) -> bool:
        """Put a candidate in the place of the term.

        Args:
            index: Which one; by default that selected, else the first.

        Returns:
            Whether there was one.
        """
        if self._waiting or not self.is_open:
            return False
        at = self._popup.selected or 0 if index is None else index
        text, offered = self._field.value, self._offered
        new = offered.candidates[at].text
        rest = text[offered.end :]
        if not new.endswith(":"):  # a field's name goes on with its value, a value is complete
            new += " "
            rest = rest.removeprefix(" ")
        self._field.value = text[: offered.start] + new + rest
        self._field.cursor_position = offered.start + len(new)
        self.close()
        return True
