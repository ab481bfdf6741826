"""Articles as the library file has them, found by what the index knows of their places."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from store.errors import ArticleNotFoundError, LibraryError, remedy
from store.indexing import article_of
from store.sqlitefile import DamagedError

if TYPE_CHECKING:
    from store.article import Article
    from store.index import Index
    from store.indexrows import Place
    from store.linefile import LineFile
    from store.upkeep import Upkeep


class Stored:
    """The articles of a library file, without what the reading file says of them.

    Args:
        file: The library file.
        index: Where its articles are; may be behind, ahead, or wrong.
        upkeep: Makes the index sound when it is found damaged.
    """

    def __init__(self, file: LineFile, index: Index, upkeep: Upkeep) -> None:
        self._file = file
        self._index = index
        self._upkeep = upkeep

    def get(self, id: int) -> Article:
        """The article with that id: one seek, one line parsed.

        Raises:
            ArticleNotFoundError: there is none.
            LibraryError: the file cannot be read.
        """
        return self._upkeep.sound(lambda: self.at(id, self._index.place(id)))

    def at(self, id: int, place: Place | None) -> Article:
        """The article with that id, looked for at a place first; errors as of `get`."""
        try:
            return article_of(self._raw(id, place and place[:2]) or b"", id, place)
        except ValueError:
            pass  # the index has not seen the file as it is now, or the place in it is damaged
        try:
            self._file.reopen_if_replaced()  # the index may have, and this not
            return article_of(self._raw(id, self._file.find(id)) or b"", id, place)
        except ValueError:
            raise ArticleNotFoundError(f"no article {id} in {self._file.path}") from None

    def _raw(self, id: int, span: tuple[int, int] | None) -> bytes | None:
        """The record's object, if that is what lies there."""
        try:
            found, raw = self._file.raw(*span) if span else (None, None)
        except (ValueError, TypeError, OverflowError):
            return None
        except OSError as error:
            raise LibraryError(f"{self._file.path} cannot be read: {remedy(error)}") from error
        return raw if found == id else None

    def tags(self, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
        """The tags of articles in the file, also of those that are not in the index yet.

        Who asks may hold the reading file's lock, and others wait for that with the library file's
        in their hands.  So an index that is found damaged is not made anew here, for which that
        lock is taken; the file is asked.
        """
        known: set[int] = set()
        tags: dict[int, tuple[str, ...]] = {}
        with suppress(DamagedError, OSError):
            while True:
                epoch = self._index.epoch
                places, tags = self._index.places(list(ids)), self._index.own_tags(ids)
                if epoch == self._index.epoch:
                    known = {id for id, _ in places}
                    break
        for id in set(ids) - known:
            tags.pop(id, None)
            with suppress(ArticleNotFoundError):
                tags[id] = self.at(id, None).tags
        return tags
