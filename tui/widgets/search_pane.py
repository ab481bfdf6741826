"""The search pane: what is looked for, how much was found, and the hits, live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from store.results import Hit, Row
from tui.widgets.cells import clean, fit
from tui.widgets.glyphs import Glyphs, default_glyphs
from tui.widgets.hit_list import HitList
from tui.widgets.list_style import Note
from tui.widgets.one_line import OneLine
from tui.widgets.virtual_list import VirtualList

_HELP = (
    ("carrier strike", "both words, anywhere"),
    ('"aircraft carrier"', "side by side"),
    ("carr*", "words that begin so"),
    ("ships OR planes", "either"),
    ("-draft", "not this word"),
    ("author:lee", "also title: site: lang:"),
    ("tag:navy", "or #navy"),
    ("is:unread", "also starred, archived"),
    ("published:2017-03", "also >=2016, <30d"),
    ("sort:title", "also published, words"),
)

#: What is shown before anything is typed.
HELP: tuple[Note, ...] = (
    (),
    *((("    ", ""), (f"{key:<20}", "list--key"), (what, "list--dim")) for key, what in _HELP),
)

#: What is shown when there are no hits.
NOTHING: tuple[Note, ...] = (
    (),
    (("    nothing found", "list--title"),),
    (("    fewer words find more; a* finds beginnings", "list--dim"),),
)

#: Narrower than this, the count is a bare number.
_WIDE = 60


class _Text(OneLine):
    """A line with one text."""

    text: reactive[str] = reactive("")

    def __init__(self, glyphs: Glyphs, text: str = "", *, right: bool = False, id: str) -> None:
        super().__init__(id=id)
        self._glyphs, self._right = glyphs, right
        self.set_reactive(_Text.text, text)

    def segments(self, width: int) -> list[Segment]:
        """The text, shortened, at its side."""
        text = fit(clean(self.text), width, right=self._right, ellipsis=self._glyphs.ellipsis)
        return [Segment(text, self.styled())]


class SearchPane(Widget):
    """Input line, warning line, hits.

    Keys that move among the hits work from the input too.

    Args:
        glyphs: Signs to draw with; by default those for this environment.
        clock: Gives the present, for relative dates.
        name: Name of the widget.
        id: Id of the widget.
        classes: CSS classes.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", "Next hit", id="search.down", show=False),
        Binding("up,ctrl+p", "move(-1)", "Previous hit", id="search.up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="search.page_down", show=False),
        Binding("pageup", "page(-1)", "Page up", id="search.page_up", show=False),
        Binding("tab,shift+tab", "switch", "Input or hits", id="search.switch", show=False),
        Binding("slash", "edit", "Change the search", id="search.edit", show=False),
        Binding("escape", "leave", "Leave", id="search.leave"),
    ]

    DEFAULT_CSS = """
    SearchPane {
        layout: vertical;
        height: 1fr;
        background: $background;
        color: $foreground;

        & > #search-line { height: 1; background: $panel; }
        & #search-prompt { width: 2; background: $panel; color: $text-primary; text-style: bold; }
        & Input, & Input:focus {
            width: 1fr;
            height: 1;
            border: none;
            padding: 0;
            background: $panel;
            background-tint: transparent;
            color: $foreground;
        }
        & #search-count { width: 24; background: $panel; color: $text-muted; }
        &.-narrow #search-count { width: 9; }
        & > #search-warning { display: none; padding: 0 1 0 4; color: $text-error; }
        &.-warned > #search-warning { display: block; }
        &:ansi #search-count { color: ansi_default; }
        &:nocolor > #search-warning { text-style: bold; }
    }
    """

    class _Message(Message):
        """What the pane says; `control` is the pane."""

        def __init__(self, sender: SearchPane) -> None:
            super().__init__()
            self.sender = sender

        @property
        def control(self) -> SearchPane:
            """The pane that says so."""
            return self.sender

    class Changed(_Message):
        """The text is another; one for each keystroke."""

        def __init__(self, sender: SearchPane, text: str) -> None:
            super().__init__(sender)
            self.text = text

    class Opened(_Message):
        """The hit is to be opened."""

        def __init__(self, sender: SearchPane, index: int, id: int) -> None:
            super().__init__(sender)
            self.index = index
            self.id = id

    class Moved(_Message):
        """Another hit is the current one; `id` is None when there is none."""

        def __init__(self, sender: SearchPane, index: int, id: int | None) -> None:
            super().__init__(sender)
            self.index = index
            self.id = id

    class PageWanted(_Message):
        """Hits `start` to `end` (exclusive) are needed; answer with `put`."""

        def __init__(self, sender: SearchPane, start: int, end: int, generation: int) -> None:
            super().__init__(sender)
            self.start = start
            self.end = end
            self.generation = generation

    class Dismissed(_Message):
        """The search is over: the list is to be as it was."""

    def __init__(
        self,
        *,
        glyphs: Glyphs | None = None,
        clock: Callable[[], datetime] | None = None,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        glyphs = glyphs or default_glyphs()
        self.input = Input(compact=True, select_on_focus=False, id="search-input")
        self.input.cursor_blink = False
        self.hits = HitList(glyphs=glyphs, clock=clock, id="search-hits")
        self.hits.set_empty(HELP)
        self._prompt = _Text(glyphs, " /", id="search-prompt")
        self._count = _Text(glyphs, right=True, id="search-count")
        self._warning = _Text(glyphs, id="search-warning")
        self._found: tuple[int, bool, int | None] | None = None
        self._answered = ""
        self._open_first = False

    def compose(self) -> ComposeResult:
        """Input line, warning, hits."""
        with Horizontal(id="search-line"):
            yield self._prompt
            yield self.input
            yield self._count
        yield self._warning
        yield self.hits

    # State from the screen.

    @property
    def text(self) -> str:
        """What is looked for; setting it posts `Changed`, as typing does."""
        return self.input.value

    @text.setter
    def text(self, text: str) -> None:
        self.input.value = text
        self.input.cursor_position = len(text)

    def show_result(
        self,
        *,
        ids: Sequence[int],
        count: int,
        exact: bool,
        warnings: Sequence[str],
        hits: Sequence[Hit],
        total: int | None = None,
        text: str | None = None,
    ) -> None:
        """Show what was found.

        Args:
            ids: The articles found, in order.
            count: How many they are.
            exact: Whether `count` is exact; else there are at least so many.
            warnings: What of the query was not understood or was corrected.
            hits: The first of the hits.
            total: Articles in the library, to set the count against.
            text: The query this answers (None: the one in the input).  Enter pressed while the
                answer was on its way opens the first hit of the answer to the newest text.
        """
        answered = self.text if text is None else text
        if not self.text.strip():
            self._show_help()
            return
        fresh = answered != self._answered
        self._answered = answered
        self.hits.set_empty(NOTHING)
        self.hits.set_items(ids, keep=ids[0] if fresh and ids else None)
        self.hits.put(0, hits)
        self._found = (count, exact, total)
        self._write_count()
        self._warn(" · ".join(warnings))
        if self._open_first and answered == self.text:
            self._open_first = False
            self.hits.action_open()

    def put(self, start: int, hits: Sequence[Hit], generation: int | None = None) -> None:
        """Take in the hits that `PageWanted` asked for."""
        self.hits.put(start, hits, generation)

    def replace(self, row: Row) -> None:
        """Show `row` in the place of the row with the same id."""
        self.hits.replace(row)

    def focus_input(self) -> None:
        """Go to the input."""
        self._go(self.input)

    def _show_help(self) -> None:
        self._answered = ""
        self.hits.set_empty(HELP)
        self.hits.set_items(())
        self._found = None
        self._write_count()
        self._warn("")

    def _write_count(self) -> None:
        if self._found is None:
            self._count.text = ""
            return
        count, exact, total = self._found
        number = f"{count:,}" + ("" if exact else "+")
        if self.size.width < _WIDE:
            self._count.text = f"{number} "
        elif exact and total is not None:
            self._count.text = f"{number} of {total:,} "
        else:
            self._count.text = f"{number} found "

    def _warn(self, warning: str) -> None:
        self._warning.text = warning
        self.set_class(bool(warning), "-warned")

    # Events of the parts.

    @on(Input.Changed)
    def _text_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._open_first = False
        if not event.value.strip():
            self._show_help()
        self.post_message(self.Changed(self, event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.text == self._answered:
            self.hits.action_open()
        else:
            self._open_first = bool(self.text.strip())

    @on(VirtualList.Opened)
    def _hit_opened(self, event: VirtualList.Opened) -> None:
        event.stop()
        self.post_message(self.Opened(self, event.index, event.id))

    @on(VirtualList.Moved)
    def _hit_moved(self, event: VirtualList.Moved) -> None:
        event.stop()
        self.post_message(self.Moved(self, event.index, event.id))

    @on(VirtualList.PageWanted)
    def _page_wanted(self, event: VirtualList.PageWanted) -> None:
        event.stop()
        self.post_message(self.PageWanted(self, event.start, event.end, event.generation))

    def on_descendant_focus(self) -> None:
        """Light the current hit up: keys reach it."""
        self.hits.lit = True

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Dim it."""
        self.hits.lit = self.has_focus_within

    def on_resize(self) -> None:
        """Say less about the count where there is little room."""
        self.set_class(self.size.width < _WIDE, "-narrow")
        self._write_count()

    # Keys.

    def _go(self, part: Widget) -> None:
        # Not `focus()`, which takes effect after the keys typed meanwhile: they would be taken
        # for commands of the list.
        self.screen.set_focus(part, scroll_visible=False)

    def action_move(self, rows: int) -> None:
        """Move among the hits."""
        self._open_first = False
        self.hits.move(rows)

    def action_page(self, direction: int) -> None:
        """A page among the hits."""
        self._open_first = False
        if direction > 0:
            self.hits.action_page_down()
        else:
            self.hits.action_page_up()

    def action_switch(self) -> None:
        """From the input to the hits, or back."""
        if self.input.has_focus and self.hits.row_count:
            self._go(self.hits)
        else:
            self._go(self.input)

    def action_edit(self) -> None:
        """Back to the input."""
        self._go(self.input)

    def action_leave(self) -> None:
        """Out of the input; out of the hits, or where there are none, out of the search."""
        self._open_first = False
        if self.input.has_focus and self.hits.row_count:
            self._go(self.hits)
        else:
            self.post_message(self.Dismissed(self))
