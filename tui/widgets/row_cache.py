"""The rows a virtual list has at hand, and the requests for those it has not.

Rows are kept by position, in a bounded number of pages around what is looked at.  One request is
open at a time: a newer one holds all that is still needed of the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")


class RowCache(Generic[Item]):
    """Pages of rows by position in the list.

    A page may be stale: its rows are good to draw, but newer ones are wanted.  It may be late:
    its rows were waited for long enough.

    Args:
        page_size: Rows a page; requests are made in whole pages.
        max_pages: Pages kept; those farthest from the last page put in go first.
    """

    def __init__(self, page_size: int, max_pages: int = 24) -> None:
        self.page_size = page_size
        self.generation = 0
        """Number of the contents; answers to requests for others are not to be put in."""
        self._max_pages = max_pages
        self._pages: dict[int, dict[int, Item]] = {}
        self._stale: set[int] = set()
        self._late: set[int] = set()
        self._open: tuple[int, int] | None = None
        self._length = 0

    def __len__(self) -> int:
        """Rows at hand."""
        return sum(map(len, self._pages.values()))

    def __iter__(self) -> Iterator[tuple[int, Item]]:
        """All rows at hand with their positions."""
        for page in self._pages.values():
            yield from page.items()

    def reset(self, length: int) -> None:
        """Forget everything: the list now has `length` other rows."""
        self._pages.clear()
        self._stale.clear()
        self._length = length
        self.forget_requests()

    def get(self, index: int) -> Item | None:
        """The row at `index`, if it is at hand."""
        page = self._pages.get(index // self.page_size)
        return None if page is None else page.get(index)

    def fresh(self, index: int) -> Item | None:
        """The row at `index`, if it is at hand and not stale."""
        return None if index // self.page_size in self._stale else self.get(index)

    def put(self, rows: Sequence[tuple[int, Item]]) -> None:
        """Take in rows with their positions."""
        if not rows:
            return
        for index, row in rows:
            self._pages.setdefault(index // self.page_size, {})[index] = row
        for number in {index // self.page_size for index, _ in rows}:
            first, last = self._bounds(number)
            if sum(first <= index < last for index, _ in rows) == last - first:
                self._stale.discard(number)
            if len(self._pages[number]) == last - first:
                self._late.discard(number)
        if self._open is not None and self._wanted(*self._open) is None:
            self._open = None
        self._evict(rows[0][0] // self.page_size)

    def replace(self, index: int, row: Item) -> None:
        """Put `row` in the place of the one at `index`; answers on their way are too old."""
        self._pages[index // self.page_size][index] = row
        if self._open is not None:
            self.forget_requests()

    def refetch(self, matches: Callable[[Item], bool] | None = None) -> None:
        """Want the pages again that hold a row for which `matches` holds (None: all pages)."""
        stale = {
            number
            for number, page in self._pages.items()
            if matches is None or any(map(matches, page.values()))
        }
        self._stale |= stale
        if stale or self._open is not None:
            self.forget_requests()

    def forget_requests(self) -> None:
        """Answers on their way are for older contents; what is missing is to be asked anew."""
        self.generation += 1
        self._open = None
        self._late.clear()

    def request(self, start: int, stop: int) -> tuple[int, int] | None:
        """What to ask for so that rows `start` to `stop` (exclusive) can be drawn.

        What is in view comes first, then a page on either side of it.

        Returns:
            (start, stop) in whole pages, or None when nothing is wanted that was not asked for.
        """
        wanted = self._wanted(start, stop)
        if wanted is None:
            wanted = self._wanted(start - self.page_size, stop + self.page_size)
        if wanted is None or wanted == self._open:
            return None
        self._open = wanted
        return wanted

    def has(self, start: int, stop: int) -> bool:
        """Whether every row from `start` to `stop` (exclusive) is at hand, stale or not."""
        return not self._absent(start, stop)

    def is_worth_waiting(self, start: int, stop: int) -> bool:
        """Whether one of the rows is not at hand and not late."""
        return not self._absent(start, stop) <= self._late

    def give_up(self, start: int, stop: int) -> None:
        """Wait no longer for the rows from `start` to `stop` that are not at hand."""
        self._late |= self._absent(start, stop)

    def _absent(self, start: int, stop: int) -> set[int]:
        """Numbers of the pages of which a row from `start` to `stop` is not at hand."""
        absent = set()
        for number in self._numbers(start, stop):
            first, last = self._bounds(number)
            page = self._pages.get(number, {})
            if len(page) < last - first and not all(
                index in page for index in range(max(first, start), min(last, stop))
            ):
                absent.add(number)
        return absent

    def _wanted(self, start: int, stop: int) -> tuple[int, int] | None:
        """The shortest run of whole pages that holds all rows that are absent or stale."""
        numbers = self._absent(start, stop) | self._stale.intersection(self._numbers(start, stop))
        if not numbers:
            return None
        return self._bounds(min(numbers))[0], self._bounds(max(numbers))[1]

    def _numbers(self, start: int, stop: int) -> range:
        start, stop = max(start, 0), min(stop, self._length)
        if stop <= start:
            return range(0)
        return range(start // self.page_size, (stop - 1) // self.page_size + 1)

    def _bounds(self, number: int) -> tuple[int, int]:
        first = number * self.page_size
        return first, min(first + self.page_size, self._length)

    def _evict(self, centre: int) -> None:
        excess = len(self._pages) - self._max_pages
        if excess > 0:
            far = sorted(self._pages, key=lambda number: -abs(number - centre))
            for number in far[:excess]:
                del self._pages[number]
                self._stale.discard(number)
