"""Changes of articles that an import makes, held back until all of it was read.

A new article is appended to the library file.  One that is changed makes a new file of the whole
library, since records lie in it one after another (see `linefile`), and so an import writes all its
changes together, at its end: what that costs does not grow with the number of its batches.  They
wait in a temporary file.  An import that is killed before has changed nothing, and meets the same
articles again when it is repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, NamedTuple, Self

from store.article import Article
from store.errors import LibraryError
from store.identity import identity
from store.index import Index
from store.indexing import article_of
from store.indexrows import content_hash
from store.jsontext import dumps
from store.linefile import LineFile


class _Held(NamedTuple):
    offset: int  # in the temporary file
    length: int
    base: int  # `content_hash` of the record that the change was made to
    is_text: bool  # whether the text is changed


class Changes:
    """Articles in their new form, by id; a context manager that leaves nothing behind."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._held: dict[int, _Held] = {}
        self._identities: dict[int, int] = {}
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def __len__(self) -> int:
        return len(self._held)

    def put(
        self, articles: Mapping[int, Article], index: Index, texts: Collection[int] = ()
    ) -> None:
        """Hold articles in their new form.

        Args:
            articles: What they are to be, by id.
            index: The columns, which tell what they were.
            texts: Which of them have another text.

        Raises:
            LibraryError: there is no room for them.
        """
        try:
            if self._file is None:
                self._file = TemporaryFile(prefix="broadsheet-")  # noqa: SIM115 - see __exit__
            for id, article in articles.items():
                raw = dumps(article.to_document())
                self._file.seek(self._end)
                self._file.write(raw)
                known, place = self._held.get(id), index.place(id)
                base = known.base if known else place.hash if place else 0
                is_text = id in texts or (known is not None and known.is_text)
                self._held[id] = _Held(self._end, len(raw), base, is_text)
                self._end += len(raw)
                self._identities[identity(article)] = id
            self._file.flush()
        except OSError as error:
            raise LibraryError(f"changes cannot be put aside: {error.strerror}") from error

    def get(self, id: int) -> Article | None:
        """The new form of an article; None where none is held."""
        held = self._held.get(id)
        return None if held is None else article_of(self._raw(held), id)

    def identified(self, number: int) -> int | None:
        """The article that has that identity by its change."""
        return self._identities.get(number)

    def write(self, file: LineFile, merged: Callable[[Article, Article], Article]) -> None:
        """Write all of them, once; the file's lock must be held.  The index is the caller's.

        Args:
            file: The library file.
            merged: Joins a record that another process changed meanwhile with its new form.

        Raises:
            LibraryError: the file cannot be written; it is as it was.
        """
        file.rewrite(self._records(file, merged))
        self._held.clear()
        self._identities.clear()

    def _records(
        self, file: LineFile, merged: Callable[[Article, Article], Article]
    ) -> Iterator[tuple[int, bytes]]:
        for record in file.scan():
            held = self._held.get(record.id)
            if held is None:
                yield record.id, record.raw
            elif content_hash(record.raw) in (held.base, ~held.base):
                yield record.id, self._raw(held)
            else:
                there = article_of(record.raw, record.id)
                new = article_of(self._raw(held), record.id)
                if not held.is_text:  # it is the text that there was before
                    new = replace(new, body="", words=0)
                yield record.id, dumps(merged(there, new).to_document())

    def _raw(self, held: _Held) -> bytes:
        assert self._file is not None
        self._file.seek(held.offset)
        return self._file.read(held.length)
