"""The line that has the keys while text is being selected: what is selected, and what can be done.

The keys are vim's in its visual mode, with one exception: `h` highlights once something is
selected.  Before that, while there is but a cursor that one brings to where one wants to begin,
it goes left as in vim; the arrow goes left always.
"""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.screens.bar_keys import SELECT_KEYS
from tui.widgets.cells import clean, shorten
from tui.widgets.glyphs import default_glyphs
from tui.widgets.one_line import OneLine

_PROMPT = " select  "


class SelectBar(OneLine, can_focus=True):
    """Says what is selected, and turns keys into messages.  Hidden until it is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = SELECT_KEYS

    COMPONENT_CLASSES: ClassVar[set[str]] = {"select-bar--prompt", "select-bar--note"}

    DEFAULT_CSS = """
    SelectBar {
        display: none;
        background: $panel;
        color: $foreground;
        & > .select-bar--prompt { color: $text-primary; text-style: bold; }
        & > .select-bar--note { color: $text-muted; }
        &:ansi > .select-bar--note { color: ansi_default; }
    }
    """

    text: reactive[tuple[str, str]] = reactive(("", ""))
    """What is selected, and what is said of the highlight at the cursor."""

    class Moved(Message):
        """The cursor is to be moved by a motion (see `SelectingView.select_to`)."""

        def __init__(self, motion: str) -> None:
            super().__init__()
            self.motion = motion

    class Acted(Message):
        """Something is to be done with what is selected, or with the highlight at the cursor.

        Attributes:
            what: "highlight", "note", "copy", "colour", "remove", "swap", "here", "leave", or the
                name of a colour.
        """

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    only_cursor: bool = True
    """Whether nothing is selected yet; decides what `h` does."""

    @property
    def state(self) -> str:
        """What the keys act on: "select" what is selected, "marked" the highlight, "cursor"."""
        if not self.only_cursor:
            return "select"
        return "marked" if self.text[1] else "cursor"

    @property
    def is_open(self) -> bool:
        """Whether it is on the screen."""
        return bool(self.display)

    def open(self) -> None:
        """Show the bar and take the keys."""
        self.display = True
        # Not `focus()`, which takes effect after the keys typed meanwhile.
        self.screen.set_focus(self, scroll_visible=False)

    def close(self) -> None:
        """Hide the bar."""
        self.display = False

    def action_move(self, motion: str) -> None:
        """Move the cursor."""
        self.post_message(self.Moved(motion))

    def action_highlight(self, instead: str = "") -> None:
        """Highlight what is selected; with nothing selected, the motion `instead` if there is."""
        if instead and self.only_cursor:
            self.post_message(self.Moved(instead))
        else:
            self.post_message(self.Acted("highlight"))

    def action_act(self, what: str) -> None:
        """Do something else with what is selected."""
        self.post_message(self.Acted(what))

    def segments(self, width: int) -> list[Segment]:
        """The prompt and both texts, the second as far as there is room."""
        ellipsis = default_glyphs().ellipsis
        selected, note = map(clean, self.text)
        prompt = Segment(_PROMPT, self.styled("select-bar--prompt"))
        room = max(0, width - prompt.cell_length - 1)
        first = Segment(shorten(selected, room, ellipsis), self.styled())
        room -= first.cell_length + 2
        parts = [prompt, first]
        if note and room > 0:
            parts += [
                Segment("  ", self.styled()),
                Segment(shorten(note, room, ellipsis), self.styled("select-bar--note")),
            ]
        return parts
