"""Giving ids to articles that come in: none that an article had before."""

from __future__ import annotations

from typing import Final

from store.numbers import MAX_ID

#: An id that an article brings along is kept up to here: a hundred times more than any library has.
HIGHEST_KEPT: Final = 100_000_000


class FreeIds:
    """Gives ids in ascending order.

    Args:
        after: The highest id that an article has or had, or that anything was kept of.
        kept_after: An article that brings an id above this keeps it, up to `HIGHEST_KEPT`; by
            default as `after`.
    """

    def __init__(self, after: int, kept_after: int | None = None) -> None:
        self._after = after
        self._kept_after = after if kept_after is None else kept_after

    def give(self, wanted: int = 0) -> int:
        """The next id, or the one that the article had in its own library.

        Raises:
            OverflowError: there is none left.
        """
        given = wanted if self._kept_after < wanted <= HIGHEST_KEPT else self._after + 1
        if given > MAX_ID:
            raise OverflowError
        self._kept_after = max(self._kept_after, given)
        self._after = max(self._after, given)
        return given
