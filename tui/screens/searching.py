"""The search lane: every keystroke is a query, and only the newest one is ever shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from store import LibraryError
from tui.screens.work import supersede
from tui.terminal.lane import Lane
from tui.widgets.search_pane import SearchPane

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from store import Library, Matcher, Result

#: Hits fetched with the result; two lines each fill a tall terminal.
FIRST_HITS = 32


class Searching:
    """Fills the search pane.

    Args:
        host: The node whose workers do the waiting.
        library: What is searched.
        pane: The pane to fill.
        changed: Called when other hits are shown.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        host: DOMNode,
        library: Library,
        pane: SearchPane,
        *,
        changed: Callable[[], None],
        report: Callable[[str], None],
    ) -> None:
        self._host = host
        self._library = library
        self._pane = pane
        self._changed = changed
        self._report = report
        self.result: Result | None = None
        self.lanes = (Lane("search"), Lane("hits"))

    @property
    def matcher(self) -> Matcher | None:
        """Finds the query's words in a text."""
        return None if self.result is None else self.result.matcher

    def find(self, text: str) -> None:
        """Search for `text` instead of whatever is being searched for."""
        supersede(self._host, "search", partial(self._find, text))

    def page_wanted(self, event: SearchPane.PageWanted) -> None:
        """Fetch the hits the pane asks for."""
        if self.result is not None:
            supersede(self._host, "hits", partial(self._page, self.result, event))

    async def _find(self, text: str) -> None:
        if not text.strip():
            self.result = None
            self._changed()  # the pane itself shows what can be typed
            return
        try:
            result = await self.lanes[0].run(
                lambda cancelled: self._library.find(text, typing=True, cancelled=cancelled)
            )
            hits = await self.lanes[0].run(lambda _: result.hits(0, FIRST_HITS))
        except LibraryError as error:
            self._report(str(error))
            return
        self.result = result
        self._pane.show_result(
            ids=result.ids,
            count=result.count,
            exact=result.exact,
            warnings=result.warnings,
            hits=hits,
            total=len(self._library),
            text=text,
        )
        self._changed()

    async def _page(self, result: Result, event: SearchPane.PageWanted) -> None:
        try:
            hits = await self.lanes[1].run(lambda _: result.hits(event.start, event.end))
        except LibraryError as error:
            self._report(str(error))
            return
        self._pane.put(event.start, hits, event.generation)
