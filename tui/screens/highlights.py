"""The list of highlights, of one article or of all: looked through, opened, changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from store import KnownHighlight
from tui.screens.dialog import Dialog
from tui.screens.dialog_keys import HIGHLIGHTS_KEYS
from tui.widgets.highlight_list import HighlightList
from tui.widgets.when import Dates

_HINT = "enter open   / filter   e note   c colour   d remove   U undo   esc close"
_FILTER_HINT = "enter to the list   esc show all"


class HighlightsDialog(Dialog[KnownHighlight | None]):
    """Answers the highlight that is to be opened, or None.

    Letters are commands; after / they filter the list while they are typed.

    Args:
        title: Whose highlights these are.
        items: The highlights.
        clock: Gives the present, for dates.
        dates: How dates are written.
        titles: Whether the articles' titles are shown.
        act: Called with what is to be done (see `HighlightList.Acted`) and the current highlight.
        wanted: Called with what is typed to filter by.
        seen: Called when other rows are in view.
    """

    CSS_PATH = ["dialog.tcss", "highlights.tcss"]

    BINDINGS: ClassVar[list[BindingType]] = HIGHLIGHTS_KEYS

    def __init__(
        self,
        title: str,
        items: Sequence[KnownHighlight],
        *,
        clock: Callable[[], datetime],
        dates: Dates,
        titles: bool,
        act: Callable[[str, KnownHighlight | None], None],
        wanted: Callable[[str], None],
        seen: Callable[[], None],
    ) -> None:
        super().__init__(title, hint=_HINT)
        self._heading = title
        self._first_items = items
        self._act = act
        self._wanted = wanted
        self._seen = seen
        self.list = HighlightList(clock=clock, dates=dates, titles=titles, id="highlights")
        self._filter = Input(compact=True, placeholder="filter", id="filter")
        self._filter.cursor_blink = False
        self._filter.display = False

    def content(self) -> ComposeResult:
        """The field to filter with, hidden until it is asked for, and the list."""
        yield self._filter
        yield self.list

    def on_mount(self) -> None:
        """Start in the list."""
        self.list.focus()
        self.set_items(self._first_items, len(self._first_items))

    @property
    def filter_text(self) -> str:
        """What is filtered by."""
        return self._filter.value

    def set_items(self, items: Sequence[KnownHighlight], total: int) -> None:
        """List others, of so many in all."""
        if not self.is_ready:
            return
        self.list.set_items(items)
        count = f"{len(items):,}" if len(items) == total else f"{len(items):,} of {total:,}"
        title = f"{self._heading}  {count}"
        self.query_one("#title", Static).update(Text(title, no_wrap=True, overflow="ellipsis"))

    def set_orphans(self, orphans: Mapping[int, bool]) -> None:
        """Say of some that their passages are gone; see `HighlightList.set_orphans`."""
        self.list.set_orphans(orphans)

    def say(self, text: str) -> None:
        """Say something in the place of the hint, until the next move."""
        self._write_hint(text)

    def action_filter(self) -> None:
        """Filter by what is typed."""
        self._filter.display = True
        self.set_focus(self._filter, scroll_visible=False)
        self.list.lit = True
        self._write_hint(_FILTER_HINT)

    def action_from_filter(self, step: int) -> None:
        """Move in the list while the filter has the keys."""
        self.list.move(step)

    def action_close(self) -> None:
        """Leave the filter first, then the list."""
        if self._filter.display:
            self._filter.value = ""
            self._filter.display = False
            self._to_list()
        else:
            self.dismiss(None)

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._wanted(event.value)

    @on(Input.Submitted, "#filter")
    def _filter_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._to_list()

    @on(HighlightList.Opened)
    def _opened(self, event: HighlightList.Opened) -> None:
        event.stop()
        self.dismiss(event.known)

    @on(HighlightList.Acted)
    def _acted(self, event: HighlightList.Acted) -> None:
        event.stop()
        self._act(event.what, self.list.current)

    @on(HighlightList.Seen)
    def _rows_seen(self, event: HighlightList.Seen) -> None:
        event.stop()
        self._seen()

    def _to_list(self) -> None:
        self.list.lit = False
        self.set_focus(self.list, scroll_visible=False)
        self._write_hint(_HINT)

    def _write_hint(self, hint: str) -> None:
        if not self.is_ready:
            return
        for line in self.query("#hint").results(Static):
            line.update(Text(hint, no_wrap=True, overflow="ellipsis"))
