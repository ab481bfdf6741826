"""Where a result's words stand: which are lit in the reader, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store import Matcher, Result
    from tui.screens.listing import Listing
    from tui.screens.panes import Panes
    from tui.screens.searching import Searching


class Passages:
    """The matches of what is listed: hits of a search, or of a view whose query has words.

    Args:
        panes: Knows which list one moves in, and what is in the reader.
        searching: Gives what has the result of the search; None before the first one.
        listing: Has that of the view.
    """

    def __init__(
        self, panes: Panes, searching: Callable[[], Searching | None], listing: Listing
    ) -> None:
        self._panes = panes
        self._searching = searching
        self._listing = listing
        self._known: tuple[tuple[str, tuple[str, ...]], Matcher | None] | None = None

    @property
    def matcher(self) -> Matcher | None:
        """Finds the words of the result in a text; None when it has none."""
        result = self._result
        if result is None:
            return None
        # The same query found again, because the library has changed, looks for the same: an
        # article that is open stays as it is.
        key = (result.query, tuple(result.warnings))
        if self._known is None or self._known[0] != key:
            self._known = (key, result.matcher)
        return self._known[1]

    def step(self, direction: int, *, aside: bool = False) -> int | None:
        """Move the list's cursor on from the article in the reader.

        Args:
            direction: 1 to the next article, -1 to the previous one.
            aside: Whether the article in the reader was come to by a link, away from the cursor.

        Returns:
            Id of the article to open; None at the end of the list.
        """
        current, article = self._panes.current_list, self._panes.reader.article
        if aside or article is None or article.id == current.current_id:
            before = current.cursor
            current.move(direction)
            if current.cursor == before:
                return None
        return current.current_id

    def place(self) -> tuple[str, ...]:
        """Which match is the current one, and in which article; the longest text first.

        Nothing while nothing is lit in the article being read.
        """
        panes, result = self._panes, self._result
        if not panes.in_reader or panes.is_finding or panes.reader.matches is None:
            return ()
        reader = panes.reader
        number, count = reader.match_number, reader.match_count
        current, article = panes.current_list, reader.article
        listed = result is not None and article is not None and article.id == current.current_id
        if count == 0 and not reader.wraps and not listed:
            return ()
        shown = f"{number:,}" if number else "…"
        match = f"{shown} of {'…' if count is None else f'{count:,}'}"
        if reader.wraps or result is None or not listed:
            return (f"match {match}", match) if count != 0 else ("no match",)
        articles = f"{max(result.count, len(current.ids)):,}{'' if result.exact else '+'}"
        index = f"{current.cursor + 1:,}"
        if count == 0:  # a tag, a note or an address was looked for: nothing that is lit here
            where = f"article {index} of {articles}"
            return (f"found outside its text, {where}", where, f"{index}/{articles}")
        return (
            f"{match}, article {index} of {articles}",
            f"{match.replace(' of ', '/')}, {index}/{articles}",
        )

    @property
    def _result(self) -> Result | None:
        if self._panes.is_searching:
            searching = self._searching()
            return None if searching is None else searching.result
        return self._listing.result
