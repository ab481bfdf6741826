"""The search lane: every keystroke is a query, and only the newest one is ever shown.

What the hits do not wait for comes after them: the exact count, the facets, the completions.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final

from store import Completions, Facets, LibraryError, is_narrowed, narrowed
from tui.terminal.lane import Lane
from tui.widgets.search_pane import SearchPane
from tui.work import supersede

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from store import Hit, Library, Matcher, Result

#: Seconds without a key after which facets and exact counts are looked up: longer than between two
#: letters of somebody who types, whose next search would share the processors with them.
IDLE = 0.25

#: The beginning of a field's name, which is known without a look at the disk.
_NAME: Final = re.compile(r"(?:^|[\s(-])\w+\Z")

#: Seconds after a letter in which the next one is to be expected.
_TYPED: Final = 0.5

#: Seconds that fetching hits which are not in view gives way to painting those that are.
AHEAD = 0.05


class Searching:
    """Fills the search pane.

    Args:
        host: The node whose workers do the waiting.
        library: What is searched.
        pane: The pane to fill.
        changed: Called when other hits are shown.
        paint: Paints them at once.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        host: DOMNode,
        library: Library,
        pane: SearchPane,
        *,
        changed: Callable[[], None],
        paint: Callable[[], None],
        report: Callable[[str], None],
    ) -> None:
        self._host = host
        self._library = library
        self._pane = pane
        self._changed = changed
        self._paint = paint
        self._report = report
        self._text = ""
        self._finished = False
        self._stale = False
        self._answered = asyncio.Event()
        self._answered.set()
        self._counted: tuple[str, Result | None] | None = None
        self._facets_told = asyncio.Event()
        self._prepared = True
        self._typed_at = monotonic()
        self._candidates: tuple[Completions, str, int] | None = None
        self.result: Result | None = None
        self.lanes = tuple(map(Lane, ("search", "hits", "facets", "completion", "prepare")))

    @property
    def matcher(self) -> Matcher | None:
        """Finds the query's words in a text."""
        return None if self.result is None else self.result.matcher

    @property
    def is_typed(self) -> bool:
        """Whether a query is being typed: it was opened or changed just now."""
        return monotonic() - self._typed_at < _TYPED

    def prepare(self) -> None:
        """Load what a search needs, until the first letter is typed, and whenever keys rest."""
        self._prepared = False
        supersede(self._host, "prepare", self._prepare)

    def find(self, text: str) -> None:
        """Search for `text` instead of whatever is being searched for."""
        self._finished = self._finished and text == self._text
        self._text = text
        self._typed_at = monotonic()
        self._candidates = None
        if text:
            self._host.workers.cancel_group(self._host, "prepare")
        self._answered.clear()
        self._facets_told.clear()
        supersede(self._host, "search", partial(self._find, text))

    def finish(self) -> None:
        """The query stands as it was typed: what makes no sense in it is no beginning any more."""
        if not self._finished:
            self._finished = True
            if self._answered.is_set() and self.result is not None and self.result.unfinished:
                self.find(self._text)

    async def settled(self) -> bool:
        """Return when a query that stands was answered as it stands; in the facets, with them.

        Returns:
            Whether that was waited for.
        """
        awaited = [self._answered] if self._finished else []
        awaited += [self._facets_told] if self._pane.facets.has_focus else []
        awaited = [event for event in awaited if not event.is_set()]
        for event in awaited:
            await event.wait()
        return bool(awaited)

    def requery(self) -> None:
        """Search again for the same, because the library has changed; the cursor stays."""
        self._counted = None
        self._stale = not self._pane.display
        if not self._stale and (self._text.strip() or self._pane.shows_facets):
            self.find(self._text)

    def resume(self) -> None:
        """The pane is in view again: take in what has changed meanwhile."""
        if self._stale:
            self._stale = False
            self.find(self._text)

    def page_wanted(self, event: SearchPane.PageWanted) -> None:
        """Fetch the hits the pane asks for."""
        if self.result is not None:
            supersede(self._host, "hits", partial(self._page, self.result, event))

    def facets_wanted(self) -> None:
        """Fetch the facets that have come into view."""
        if self._counted != (self._text, self.result):
            supersede(self._host, "facets", partial(self._refine, self._text, self.result))

    def facet_chosen(self, event: SearchPane.FacetChosen) -> None:
        """Have the query ask for a value, or no longer."""
        text = self._pane.text
        self._pane.text = narrowed(text, event.field, event.value, typing=True)

    def completion_wanted(self, event: SearchPane.CompletionWanted) -> None:
        """Look up what the term being typed could become."""
        supersede(self._host, "completion", partial(self._complete, event))

    async def _prepare(self) -> None:
        try:
            await self.lanes[4].run(
                lambda cancelled: self._library.prepare_search(cancelled=cancelled)
            )
        except LibraryError as error:
            self._report(str(error))
        self._prepared = True

    async def _find(self, text: str) -> None:
        if not text.strip():
            self.result = None
            self._answered.set()
            self._changed()  # the pane itself shows what can be typed
            await self._linger(text, None)
            return
        again = self.result is not None and self.result.query == text
        number = self._pane.hits.screenful
        first = max(0, self._pane.hits.cursor - number // 2) if again else 0

        def look(cancelled: Callable[[], bool]) -> tuple[Result, list[Hit]]:
            result = self._library.find(
                text, typing=True, finished=self._finished, cancelled=cancelled
            )
            return result, result.hits(first, first + number, cancelled)

        partly = self._library.indexing is not None
        try:
            result, hits = await self.lanes[0].run(look)
            if result.unfinished and self._finished:  # it was left meanwhile
                result, hits = await self.lanes[0].run(look)
        except LibraryError as error:
            self._report(str(error))
            self._answered.set()
            self._show_candidates()
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
            first=first,
            unfinished=result.unfinished,
            partly=partly,
        )
        self._changed()
        self._answered.set()
        self._show_candidates()
        self._paint()
        await self._linger(text, result)

    async def _linger(self, text: str, result: Result | None) -> None:
        """Go on once keys rest: the next one ends the worker that waits here."""
        inexact = result is not None and not result.exact
        if self._pane.shows_facets or inexact or not self._prepared:
            await asyncio.sleep(IDLE)
            if self._pane.shows_facets or inexact:
                await self._refine(text, result)
            if not self._prepared:
                self.prepare()

    async def _refine(self, text: str, result: Result | None) -> None:
        """Count all that was found, and where facets are in view, what it has in common."""

        def look(cancelled: Callable[[], bool]) -> tuple[Facets, set[tuple[str, str]]]:
            facets = self._library.facets(
                text, typing=True, finished=self._finished, cancelled=cancelled
            )
            values = ((field, value) for field, group in facets.groups for value, _ in group)
            return facets, {pair for pair in values if is_narrowed(text, *pair)}

        try:
            if self._pane.shows_facets:
                facets, active = await self.lanes[2].run(look)
                if self.result is not result or text != self._text:
                    return
                self._counted = text, result
                self._pane.show_facets(facets, active)
                self._facets_told.set()
                count = facets.count
            else:
                count = await self.lanes[2].run(
                    lambda cancelled: self._library.count(
                        text, typing=True, finished=self._finished, cancelled=cancelled
                    )
                )
        except LibraryError as error:
            self._report(str(error))
            self._facets_told.set()
            return
        if result is not None and not result.exact and self.result is result:
            self._pane.show_count(count)

    async def _complete(self, event: SearchPane.CompletionWanted) -> None:
        text, cursor = event.text, event.cursor
        if not _NAME.search(text[:cursor]):
            await self._answered.wait()  # values are read from the disk, and give way to hits
        try:
            found = await self.lanes[3].run(lambda _: self._library.complete(text, cursor))
        except LibraryError:  # the search itself tells of it
            found = Completions(cursor, cursor)
        self._candidates = found, text, cursor
        if self._answered.is_set():
            self._show_candidates()

    def _show_candidates(self) -> None:
        """Show what was found to complete the term; before there are hits it waits for them."""
        if self._candidates is not None:
            self._pane.show_completions(*self._candidates)
            self._candidates = None

    async def _page(self, result: Result, event: SearchPane.PageWanted) -> None:
        if self._pane.hits.is_complete:  # for later: what is in view is painted first
            text = self._text
            await asyncio.sleep(AHEAD)
            if result is not self.result or text != self._text:
                return
        try:
            hits = await self.lanes[1].run(
                lambda cancelled: result.hits(event.start, event.end, cancelled)
            )
        except LibraryError as error:
            self._report(str(error))
            return
        self._pane.put(event.start, hits, event.generation)
