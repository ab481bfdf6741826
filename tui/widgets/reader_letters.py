"""Keys of the reader that want a letter after them: `m` and `'`."""

from __future__ import annotations

from textual import events

from tui.widgets.reader_messages import LetterTyped, LetterWanted
from tui.widgets.reader_selecting import SelectingView


class LetteredView(SelectingView):
    """An article view that waits for a letter, and says which one was typed."""

    _asked = ""  # what the next letter is for

    def action_set_mark(self) -> None:
        """Mark the place at the top of the screen with the letter that is typed next."""
        self._ask("set")

    def action_go_to_mark(self) -> None:
        """Go to the place marked with the letter that is typed next."""
        self._ask("go")

    def on_key(self, event: events.Key) -> None:
        """The letter that was waited for; Escape is none."""
        purpose, self._asked = self._asked, ""
        if purpose:
            event.stop()
            event.prevent_default()
            if event.key != "escape":
                self.post_message(LetterTyped(self, purpose, event.character or ""))

    def on_blur(self) -> None:
        """The keys go elsewhere."""
        self._asked = ""

    def _ask(self, purpose: str) -> None:
        if self.article is not None:
            self._asked = purpose
            self.post_message(LetterWanted(self, purpose))
