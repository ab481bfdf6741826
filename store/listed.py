"""All articles that are not in the trash, newest first: known at once, however many they are.

The list opens with them.  Its length and its two ends are known from a short read; the ids between
are fetched when one of them is asked for, or beforehand by a thread.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

from store.errors import LibraryError

if TYPE_CHECKING:
    from store.article import Article
    from store.index import Index
    from store.results import Hit, Row


class LaterIds(Sequence[int]):
    """Ids in order, of which only those at the ends are known at first.

    The length stays what it was in the beginning, whatever is fetched: who counts on it may.

    Args:
        first: The first of them.
        last: The last of them.
        count: How many they are.
        fetch: Gives all of them; takes about 0.35 µs for each.
    """

    def __init__(
        self,
        first: Sequence[int],
        last: Sequence[int],
        count: int,
        fetch: Callable[[], array[int]],
    ) -> None:
        self._first = first
        self._last = last
        self._count = count
        self._fetch = fetch
        self._all: Sequence[int] | None = first if len(first) == count else None
        self._lock = threading.Lock()

    def fetch(self) -> Sequence[int]:
        """All of them, read from the disk if they were not yet; from any thread.

        Where they have changed meanwhile, or cannot be read, the end is made up: whoever shows
        them finds out, as for any list, and asks for another.
        """
        with self._lock:
            if self._all is None:
                try:
                    known = self._fetch()
                except LibraryError:
                    known = array("q", self._first)
                if len(known) != self._count:
                    known = known[: self._count]
                    known.extend(known[-1:] * (self._count - len(known)))
                self._all = known
            return self._all

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        count = self._count
        places = range(count)[index]  # raises what a list raises
        low, high = (places, places) if isinstance(places, int) else _ends(places)
        for known, start in ((self._first, 0), (self._last, count - len(self._last))):
            if start <= low and high < start + len(known):
                if isinstance(places, int):
                    return known[places - start]
                return [known[place - start] for place in places]
        return self.fetch()[index]

    def __iter__(self) -> Iterator[int]:
        return iter(self.fetch())

    def __contains__(self, id: object) -> bool:
        return id in self._first or id in self.fetch()

    def index(self, id: int, start: int = 0, stop: int | None = None) -> int:
        """The place of an id.

        Raises:
            ValueError: It is not among them.
        """
        if not start and stop is None and id in self._first:
            return self._first.index(id)
        return self.fetch().index(id, start, self._count if stop is None else stop)


class Listed:
    """The answer to the empty query; see `results.Result`.

    Attributes:
        count: How many articles there are.
        ids: Their ids.
    """

    query = ""
    exact = True
    warnings: tuple[str, ...] = ()
    matcher = None
    unfinished = False

    def __init__(
        self,
        index: Index,
        ends: int,
        fetch: Callable[[], array[int]],
        get: Callable[[int], Article],
        rows: Callable[[Sequence[int]], list[Row]],
    ) -> None:
        """Read what is needed of the index.

        Args:
            index: The columns.
            ends: How many ids of either end are known from the beginning.
            fetch: Gives all of them.
            get: Gives an article.
            rows: Gives list rows in the order of ids.
        """
        first, last, self.count = index.ends(ends)
        self.ids = LaterIds(first, last, self.count, fetch)
        self._index = index
        self._get = get
        self._rows = rows

    def rows(self, start: int, stop: int) -> list[Row]:
        """List rows `start` to `stop` (exclusive)."""
        return self._rows(self.ids[start:stop])

    def hits(self, start: int, stop: int, cancelled: Callable[[], bool] | None = None) -> list[Hit]:
        """The same rows with their beginnings; reads each article.

        Raises:
            CancelledError: `cancelled` said so.
        """
        from store.found import Found

        found = Found(
            "", self.count, True, (), None, self.ids,
            self._get, self._rows, self._index.annotations_of,
        )  # fmt: skip
        return found.hits(start, stop, cancelled)


def _ends(places: range) -> tuple[int, int]:
    """The lowest and the highest of some places; of none, one that is at hand."""
    return (min(places[0], places[-1]), max(places[0], places[-1])) if places else (0, -1)
