"""What stands near the title of a page is more likely to be said of its article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

_T = TypeVar("_T")

#: Elements of a page that are looked at, counted from its beginning.
MOST_ELEMENTS: Final = 20_000

#: Elements before and after the title that count as near.
ABOVE: Final = 25
BELOW: Final = 60


def by_nearness(found: Iterable[tuple[int, _T | None]], nearer: Callable[[_T], _T]) -> Iterator[_T]:
    """Candidates in the order of the page, those near the title raised.

    Args:
        found: Candidates with their places on the page, counted in elements; None stands for the
            title itself.
        nearer: Gives a candidate the weight of one that is near.
    """
    place = -1
    before: list[tuple[int, _T]] = []
    for count, candidate in found:
        if candidate is None:
            place = count
            for at, earlier in before:
                yield nearer(earlier) if place - at < ABOVE else earlier
            before.clear()
        elif place < 0:
            before.append((count, candidate))
        else:
            yield nearer(candidate) if count - place < BELOW else candidate
    for _, candidate in before:
        yield candidate
