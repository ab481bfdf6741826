"""The search pane: what is looked for, how much was found, and the hits, live."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from datetime import datetime
from typing import ClassVar, TypeAlias

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from store import Completions, Facets, Hit, Row
from tui.widgets import search_messages as messages
from tui.widgets.completer import Completer
from tui.widgets.completion_list import CompletionList
from tui.widgets.facet_pane import FacetPane
from tui.widgets.glyphs import Glyphs, default_glyphs
from tui.widgets.hit_list import HitList
from tui.widgets.pane_keys import SEARCH_KEYS
from tui.widgets.query_help import nothing_found, query_help
from tui.widgets.query_input import QueryInput
from tui.widgets.search_lines import FoundLine, TextLine
from tui.widgets.virtual_list import VirtualList

#: Narrower than this, the count is a bare number.
_WIDE = 60


class SearchPane(Widget):
    """Input line, warning line, facets and hits.

    Keys that move among the hits work from the input too.  While the term at the cursor can be
    completed, candidates lie over the hits: tab takes the first, ctrl+n and ctrl+p go through
    them, and once one is selected the arrows do too and enter takes it; before that, enter opens
    the current hit as ever.  Escape puts them away.

    The facets stand beside the hits where a style sheet shows `#search-facets`; elsewhere a key
    puts them in the place of the hits.

    Args:
        glyphs: Signs to draw with; by default those for this environment.
        clock: Gives the present, for relative dates.
        name: Name of the widget.
        id: Id of the widget.
        classes: CSS classes.
    """

    BINDINGS: ClassVar[list[BindingType]] = SEARCH_KEYS

    DEFAULT_CSS = """
    SearchPane {
        layout: vertical;
        layers: base above;
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
        & > #search-body { height: 1fr; }
        & #search-facets { display: none; width: 26; border-right: vkey $border-blurred; }
        &.-instead #search-facets { display: block; width: 1fr; border-right: none; }
        &.-instead #search-hits { display: none; }
        & > #search-completions { layer: above; position: absolute; }
        & > #search-warning { display: none; padding: 0 1 0 4; color: $text-error; }
        &:ansi #search-count { color: ansi_default; }
        &:nocolor > #search-warning { text-style: bold; }
    }
    """

    Changed: TypeAlias = messages.Changed
    Left: TypeAlias = messages.Left
    Opened: TypeAlias = messages.Opened
    Moved: TypeAlias = messages.Moved
    PageWanted: TypeAlias = messages.PageWanted
    CompletionWanted: TypeAlias = messages.CompletionWanted
    FacetsWanted: TypeAlias = messages.FacetsWanted
    FacetChosen: TypeAlias = messages.FacetChosen
    Dismissed: TypeAlias = messages.Dismissed

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
        self.input = QueryInput(compact=True, select_on_focus=False, id="search-input")
        self.input.cursor_blink = False
        self.hits = HitList(glyphs=glyphs, clock=clock, id="search-hits")
        self.facets = FacetPane(glyphs=glyphs, id="search-facets")
        self._popup = CompletionList(glyphs, id="search-completions")
        self._completer = Completer(self.input, self._popup, self._ask_completions)
        self._prompt = TextLine(glyphs, " /", id="search-prompt")
        self._count = FoundLine(glyphs, id="search-count")
        self._warning = TextLine(glyphs, id="search-warning")
        self._answered = ""
        self._open_first = False
        self._leave_first = False
        self._unfinished = False
        self._partly = False

    def compose(self) -> ComposeResult:
        """Input line, warning, facets, hits, and the completions over them."""
        with Horizontal(id="search-line"):
            yield self._prompt
            yield self.input
            yield self._count
        yield self._warning
        with Horizontal(id="search-body"):
            yield self.facets
            yield self.hits
        yield self._popup

    def on_mount(self) -> None:
        """Follow the text and the cursor of the input."""
        self.watch(self.input, "value", self._tell_change, init=False)
        self.watch(self.input, "selection", self._completer.cursor_moved, init=False)

    # State from the screen.

    @property
    def text(self) -> str:
        """What is looked for; setting it posts `Changed`, as typing does."""
        return self.input.value

    @text.setter
    def text(self, text: str) -> None:
        self._completer.skip(text)
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
        first: int = 0,
        unfinished: bool = False,
        partly: bool = False,
    ) -> None:
        """Show what was found.

        The first hit becomes the current one where the text is another; else the cursor stays
        on its article.

        Args:
            ids: The articles found, in order.
            count: How many they are.
            exact: Whether `count` is exact; else there are at least so many.
            warnings: What of the query was not understood or was corrected.
            hits: The first of the hits, or those from `first` on.
            total: Articles in the library, to set the count against.
            text: The query this answers (None: the one in the input).  Enter pressed while the
                answer was on its way opens the first hit of the answer to the newest text, and
                escape goes to it.
            first: Index of the first of `hits`.
            unfinished: Whether the text asks for more once somebody says that it is finished.
            partly: Whether not all articles could be looked through yet.
        """
        answered = self.text if text is None else text
        if not self.text.strip():
            self._show_help()
            return
        fresh = answered != self._answered
        self._answered = answered
        self._unfinished, self._partly = unfinished, partly
        self.hits.set_empty(nothing_found(self._help_width, partly=partly))
        self.hits.set_items(ids, keep=ids[0] if fresh and ids else None)
        self.hits.put(first, hits)
        self._count.show(count, exact=exact, total=total)
        self._warn(" · ".join(warnings))
        if self._open_first and answered == self.text:
            self._open_first = False
            self.hits.action_open()
        elif self._leave_first and answered == self.text:
            self.action_leave()

    def show_count(self, count: int) -> None:
        """Show how many hits there are exactly."""
        self._count.refine(count)

    @property
    def shows_facets(self) -> bool:
        """Whether the facets are in view."""
        return self.display and self.facets.display

    def show_facets(self, facets: Facets, active: Container[tuple[str, str]]) -> None:
        """Show what the hits have in common.

        Args:
            facets: What was counted.
            active: The (field, value) pairs that the text asks for already.
        """
        self.facets.show_facets(facets, active)

    def show_completions(self, completions: Completions, text: str, cursor: int) -> None:
        """Offer what `CompletionWanted` asked for; void when something was typed since."""
        line = 2 if self._warning.display else 1
        self._completer.show(completions, text, cursor, line)

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
        self.hits.set_empty(query_help(self._help_width))
        self.hits.set_items(())
        self._count.clear()
        self._warn("")

    def _warn(self, warning: str) -> None:
        self._warning.text = warning
        self._warning.display = bool(warning)  # not by a class: all parts would be styled anew

    # Events of the parts.

    @on(Input.Changed)
    def _text_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._completer.look()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._completer.is_entered:
            self._completer.take()
        elif self.text == self._answered and self._unfinished:
            self._completer.close()
            self._open_first = True
            self._tell_left()
        elif self.text == self._answered:
            self._completer.close()
            self.hits.action_open()
        else:
            self._open_first = bool(self.text.strip())
            self._tell_left()

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

    @on(FacetPane.Chosen)
    def _facet_chosen(self, event: FacetPane.Chosen) -> None:
        event.stop()
        self._end_facets()
        self.post_message(self.FacetChosen(self, event.field, event.value))

    @on(FacetPane.Wanted)
    def _facets_wanted(self, event: FacetPane.Wanted) -> None:
        event.stop()
        self.post_message(self.FacetsWanted(self))

    @on(CompletionList.Picked)
    def _completion_picked(self, event: CompletionList.Picked) -> None:
        event.stop()
        self._completer.take(event.index)

    def _tell_change(self, text: str) -> None:
        self._open_first = self._leave_first = False
        if not text.strip():
            self._show_help()
        # To the screen itself and at once: the message of the input climbs from pane to pane, and
        # the letter would be painted before anybody looks for it.
        self.screen.post_message(self.Changed(self, text))

    def _tell_left(self) -> None:
        # At once too: the keys that follow are for what is found then.
        self.screen.post_message(self.Left(self))

    def _ask_completions(self, text: str, cursor: int) -> None:
        self.screen.post_message(self.CompletionWanted(self, text, cursor))

    def on_descendant_focus(self) -> None:
        """Light the current hit up: keys reach it."""
        self.hits.lit = True

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Dim it; put completions away, which are for who types."""
        self.hits.lit = self.has_focus_within
        if not self.input.has_focus:
            self._completer.close()
            self._tell_left()

    def on_resize(self) -> None:
        """Say less about the count where there is little room."""
        narrow = self.size.width < _WIDE
        self.set_class(narrow, "-narrow")
        self._count.be_brief(narrow)
        self._completer.close()
        width = self._help_width
        nothing = nothing_found(width, partly=self._partly) if self._answered else query_help(width)
        self.hits.set_empty(nothing)

    # Keys.

    def _go(self, part: Widget) -> None:
        # Not `focus()`, which takes effect after the keys typed meanwhile: they would be taken
        # for commands of the list.
        if self.input.has_focus and part is not self.input:
            self._tell_left()
        self.screen.set_focus(part, scroll_visible=False)

    def _end_facets(self) -> None:
        """Give the hits their place back."""
        if self.has_class("-instead"):
            self._go(self.hits if self.hits.row_count else self.input)
            self.remove_class("-instead")

    @property
    def _help_width(self) -> int:
        return self.size.width - (self.facets.outer_size.width if self.shows_facets else 0)

    def action_move(self, rows: int) -> None:
        """Move among the hits, or among completions once one of them is selected."""
        self._open_first = False
        if self._completer.is_entered:
            self._completer.select(rows)
        elif self.hits.row_count:
            self.hits.move(rows)
        else:
            self._scroll_help(rows)

    def action_choose(self, step: int) -> None:
        """Go through the completions where there are any, else through the hits."""
        if self._completer.is_open:
            self._completer.select(step)
        else:
            self.action_move(step)

    def action_page(self, direction: int) -> None:
        """A page among the hits."""
        self._open_first = False
        if not self.hits.row_count:
            self._scroll_help(direction * max(1, self.hits.size.height - 1))
        elif direction > 0:
            self.hits.action_page_down()
        else:
            self.hits.action_page_up()

    def _scroll_help(self, lines: int) -> None:
        self.hits.show_from(self.hits.limit(self.hits.top + lines))

    def action_complete(self) -> None:
        """Complete the term at the cursor; where there is nothing to complete, go on."""
        if self.input.has_focus:
            self._completer.take_or(self.action_switch)
        else:
            self.action_switch()

    def action_switch(self, step: int = 1) -> None:
        """From the input to the hits, to the facets where they stand beside them, and around."""
        self._completer.close()
        self._end_facets()
        parts: list[Widget] = [self.input]
        parts += [self.hits] if self.hits.row_count else []
        parts += [self.facets] if self.shows_facets and self.facets.current else []
        now = next((i for i, part in enumerate(parts) if part.has_focus), 0)
        self._go(parts[(now + step) % len(parts)])

    def action_facets(self) -> None:
        """Go to the facets, in the place of the hits if need be, or back to the hits."""
        if self.facets.has_focus:
            self._end_facets()
            self._go(self.hits if self.hits.row_count else self.input)
        else:
            self.set_class(not self.shows_facets, "-instead")
            self._go(self.facets)

    def action_edit(self) -> None:
        """Back to the input."""
        self._end_facets()
        self._go(self.input)

    def action_leave(self) -> None:
        """Out of the completions, the input, the facets, the hits, and then out of the search."""
        self._open_first = False
        if self._completer.close():
            return
        is_asked = bool(self.text.strip()) and self.text != self._answered
        if self.input.has_focus and is_asked and not self._leave_first:
            self._leave_first = True  # once it is known whether there are hits to go to
            self._tell_left()
            return
        self._leave_first = False
        away = self.input.has_focus or self.facets.has_focus
        self._end_facets()
        if away and self.hits.row_count:
            self._go(self.hits)
        else:
            self.post_message(self.Dismissed(self))
