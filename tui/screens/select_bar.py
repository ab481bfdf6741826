"""The line that has the keys while text is being selected: what is selected, and what can be done.

The keys are vim's in its visual mode, with one exception: `h` highlights once something is
selected.  Before that, while there is but a cursor that one brings to where one wants to begin,
it goes left as in vim; the arrow goes left always.
"""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.widgets.cells import clean, shorten
from tui.widgets.glyphs import default_glyphs
from tui.widgets.one_line import OneLine

_PROMPT = " select  "


def _key(keys: str, action: str, description: str, id: str) -> Binding:
    return Binding(keys, action, description, show=False, id=f"select.{id}")


class SelectBar(OneLine, can_focus=True):
    """Says what is selected, and turns keys into messages.  Hidden until it is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("h", "highlight('left')", "Highlight; with nothing selected yet: left", "highlight"),
        _key("enter", "highlight", "Highlight; on a highlight: its note", "enter"),
        _key("i", "act('note')", "Highlight with a note; on a highlight: its note", "note"),
        _key("y", "act('copy')", "Copy", "copy"),
        _key("1", "act('yellow')", "Highlight in yellow, or make it so", "yellow"),
        _key("2", "act('green')", "In green", "green"),
        _key("3", "act('blue')", "In blue", "blue"),
        _key("4", "act('red')", "In red", "red"),
        _key("c", "act('colour')", "Choose the colour", "colour"),
        _key("x,delete", "act('remove')", "Remove the highlight at the cursor", "remove"),
        _key("left", "move('left')", "Left", "left"),
        _key("l,right", "move('right')", "Right", "right"),
        _key("j,down", "move('down')", "Line down", "down"),
        _key("k,up", "move('up')", "Line up", "up"),
        _key("w", "move('word')", "Next word", "word"),
        _key("b", "move('word_back')", "Beginning of the word, or of the one before", "back"),
        _key("e", "move('word_end')", "End of the word, or of the next", "end"),
        _key("right_parenthesis", "move('sentence_end')", "End of the sentence", "sentence_end"),
        _key("left_parenthesis", "move('sentence_start')", "Its beginning", "sentence_start"),
        _key("right_curly_bracket", "move('paragraph_end')", "End of the paragraph",
             "paragraph_end"),
        _key("left_curly_bracket", "move('paragraph_start')", "Its beginning", "paragraph_start"),
        _key("0,home", "move('line_start')", "Beginning of the line", "line_start"),
        _key("dollar_sign,end", "move('line_end')", "End of the line", "line_end"),
        _key("d,pagedown", "move('page_down')", "Half a page down", "page_down"),
        _key("u,pageup", "move('page_up')", "Half a page up", "page_up"),
        _key("g", "move('top')", "Beginning of the article", "top"),
        _key("G", "move('bottom')", "End of the article", "bottom"),
        _key("n", "move('next_highlight')", "Next highlight", "next"),
        _key("N", "move('previous_highlight')", "Previous highlight", "previous"),
        _key("o", "act('swap')", "Cursor to the other end", "swap"),
        _key("space", "act('here')", "Begin here", "here"),
        _key("v,escape,q", "act('leave')", "Leave", "leave"),
    ]  # fmt: skip

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
