"""What the list shows: a view in an order, found and paged in by worker threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from store import BUILT_IN_VIEWS, LibraryError, View
from tui.options import order_words
from tui.terminal.lane import Lane
from tui.widgets.article_list import ArticleList
from tui.work import supersede

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from store import Library, Listed, Result
    from tui.widgets.virtual_list import VirtualList

#: Rows of the first picture: more than most terminals show, and whole pages of the list.
FIRST_ROWS = 2 * ArticleList.PAGE_SIZE

#: Seconds from then until all others are looked up, so that nobody waits for them later.
_REST = 0.1

#: Rows after the cursor that are looked at before the library is asked.
_NEAR = 64

#: Everything but the trash: what the list shows first.
ALL = BUILT_IN_VIEWS[0]


#: Where the cursor goes when a view was found: to the top, to where it was, to its article.
Place: TypeAlias = Literal["top", "place", "article"]


def listed_name(name: str, sort: str) -> str:
    """What is listed, for the status line: the view's name, and an order that is not its own."""
    usual = not sort or (name == ALL.name and sort == "published")
    return name if usual else f"{name} {order_words(sort)}"


class Listing:
    """Fills the list of articles.

    Args:
        host: The node whose workers do the waiting.
        library: Where the articles are.
        articles: The list to fill.
        order_of: Gives the order set for a view, by its name; "" for none.
        changed: Called when the contents have changed.
        tell: Shows what was found to the person.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        host: DOMNode,
        library: Library,
        articles: ArticleList,
        *,
        changed: Callable[[], None],
        order_of: Callable[[str], str],
        tell: Callable[[str], None],
        report: Callable[[str], None],
    ) -> None:
        self._host = host
        self._library = library
        self._articles = articles
        self._changed = changed
        self._tell = tell
        self._report = report
        self._order_of = order_of
        self._chosen = ""
        self.view = ALL
        self.sort = order_of(ALL.name)
        self.result: Result | None = None
        self._begun = asyncio.Event()
        self.lanes = (Lane("listing"), Lane("pages"))

    @property
    def count(self) -> int:
        """Articles in the view; of the whole library while the view is still being found."""
        return len(self._articles.ids) if self.result is None else self.result.count

    @property
    def name(self) -> str:
        """What is listed, in words."""
        return listed_name(self.view.name, self.sort)

    def start(self) -> None:
        """Show the newest articles; where they are to be in another order, once it is found.

        This reads the disk for some milliseconds, before there is anything that it could hold up.
        """
        if self.sort:
            supersede(self._host, "listing", self._find_first)
            return
        try:
            result = self._fill()
        except LibraryError as error:
            self._report(str(error))
        else:
            supersede(self._host, "listing", partial(self._fetch_rest, result))
        self._begun.set()

    @property
    def is_filled(self) -> bool:
        """Whether the list has shown anything, or is known to be empty."""
        return bool(self._articles.ids) or self._begun.is_set()

    @property
    def is_found(self) -> bool:
        """Whether the whole view has been found once, or could not be."""
        return self._begun.is_set()

    async def started(self) -> None:
        """Return when the list was filled for the first time."""
        await self._begun.wait()

    def show(self, view: View) -> None:
        """Show another view from its top, in its own order or else the one chosen last."""
        self.view = view
        self.sort = self._order_of(view.name) or self._chosen
        supersede(self._host, "listing", partial(self._find, "top"))

    def reorder(self, sort: str) -> None:
        """Show the view in another order; the cursor stays on its article."""
        self.sort = self._chosen = sort
        supersede(self._host, "listing", partial(self._find, "article"))

    def rename(self, name: str) -> None:
        """The view has another name from now on."""
        self.view = self.view._replace(name=name)
        self._changed()

    def marked(self) -> None:
        """Marks or tags were changed in the list: find a view again that may go by them."""
        if self.view != ALL:
            self.requery()

    def requery(self) -> None:
        """Find the view again; the cursor stays where it is."""
        supersede(self._host, "listing", partial(self._find, "place"))

    def page_wanted(self, event: ArticleList.PageWanted) -> None:
        """Fetch the rows the list asks for."""
        if self.result is not None:
            supersede(self._host, "pages", partial(self._page, self.result, event))

    def to_unread(
        self,
        direction: int,
        then: Callable[[int], None] | None,
        *,
        hits: VirtualList[Any] | None = None,
    ) -> None:
        """Go to the nearest unread article after the cursor (before it: direction -1).

        Args:
            direction: 1 or -1.
            then: Called with the id of the article when there is one.
            hits: The hits of a search, if it is among them that one is to go on.
        """
        supersede(self._host, "unread", partial(self._to_unread, direction, then, hits))

    def _fill(self) -> Listed:
        result = self._library.listed(FIRST_ROWS)
        rows = result.rows(0, FIRST_ROWS)
        self.result = result
        self._articles.set_items(result.ids)
        self._articles.put(0, rows)
        self._changed()
        return result

    async def _find_first(self) -> None:
        try:
            await self._find("top")
        finally:
            self._begun.set()

    async def _fetch_rest(self, result: Listed) -> None:
        await asyncio.sleep(_REST)
        await self.lanes[0].run(lambda _: result.ids.fetch())
        await self.lanes[0].run(lambda _: self._library.give_back_memory())

    async def _find(self, to: Place) -> None:
        query, sort = self.view.query, self.sort or None
        current, cursor = self._articles.current_id, self._articles.cursor

        def first_row(ids: Sequence[int]) -> int:
            at = cursor if to == "place" else 0
            if to == "article" and current in ids:
                at = ids.index(current)
            return max(0, at - FIRST_ROWS // 2)

        try:
            result = await self.lanes[0].run(partial(self._look, query, sort))
            first = await self.lanes[0].run(lambda _: first_row(result.ids))
            rows = await self.lanes[0].run(lambda _: result.rows(first, first + FIRST_ROWS))
        except LibraryError as error:
            self._report(str(error))
            return
        self.result = result
        if to == "top":
            self._articles.clear_selection()
            self._articles.cursor = 0
        keep = result.ids[0] if to == "top" and result.ids else None
        self._articles.set_items(result.ids, keep=keep)
        self._articles.put(first, rows)
        for warning in result.warnings:
            self._report(warning)
        self._changed()

    def _look(self, query: str, sort: str | None, cancelled: Callable[[], bool]) -> Result:
        if query or sort:
            return self._library.find(query, sort=sort, cancelled=cancelled)
        result = self._library.listed(FIRST_ROWS)
        result.ids.fetch()
        return result

    async def _to_unread(
        self,
        direction: int,
        then: Callable[[int], None] | None,
        hits: VirtualList[Any] | None,
    ) -> None:
        current = self._articles if hits is None else hits
        ids, start = current.ids, current.cursor
        end = len(ids) if direction > 0 else -1
        places = range(start + direction, end, direction)

        def look(cancelled: Callable[[], bool]) -> int | None:
            unread = set(self._library.find("is:unread", cancelled=cancelled).ids)
            return next((index for index in places if ids[index] in unread), None)

        try:
            # It nearly always is near, and a key that is held down does not wait for a thread.
            index = _unread_among(current, places[:_NEAR])
            if index is None:
                index = await self.lanes[1].run(look)
        except LibraryError as error:
            self._report(str(error))
            return
        if index is None:
            what = "article" if hits is None else "hit"
            where = "after" if direction > 0 else "before"
            self._tell(f"no unread {what} {where} this one")
            return
        current.cursor = index
        if then is not None:
            then(ids[index])

    async def _page(self, result: Result, event: ArticleList.PageWanted) -> None:
        try:
            rows = await self.lanes[1].run(lambda _: result.rows(event.start, event.end))
        except LibraryError as error:
            self._report(str(error))
            return
        self._articles.put(event.start, rows, event.generation)


def _unread_among(rows: VirtualList[Any], places: range) -> int | None:
    """The first unread one of some places in a list; None also where that is not at hand."""
    for at in places:
        row = rows.row_at(at)
        if row is None:
            return None
        if not (row.read or row.trashed):
            return at
    return None
