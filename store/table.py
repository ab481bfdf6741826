"""The table of articles, with the methods of `tinydb.table.Table` (see `store.database`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from heapq import merge
from itertools import chain, islice
from typing import Any, Protocol, TypeAlias

from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from store.linefile import Stamp, dumps, loads
from store.storage import ARTICLES, LineStorage

#: What `update` takes: fields to set, or a function that changes a document in place.
Change: TypeAlias = Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None]
# One record's object after an edit: the same bytes, other bytes, or None when it is removed.
_Edit: TypeAlias = Callable[[int, bytes], bytes | None]


class Directory(Protocol):
    """An index that knows the library file as it is now."""

    def count(self) -> int:
        """Articles in the file."""
        ...

    def span(self, article_id: int) -> tuple[int, int] | None:
        """Offset and length of an article's record, or None."""
        ...


class LineTable(Table):
    """The table of articles.

    Attributes:
        directory: An index to count and find articles with; without one the file is counted
            once, and ids are found by bisection.
    """

    _storage: LineStorage

    def __init__(
        self,
        storage: Storage,
        name: str = ARTICLES,
        cache_size: int = Table.default_query_cache_capacity,
        persist_empty: bool = False,
    ) -> None:
        """Open the table; see `tinydb.table.Table`.

        `persist_empty` changes nothing: the file always has a table of articles.
        """
        if not isinstance(storage, LineStorage):
            raise TypeError("a LineTable needs a LineStorage")
        super().__init__(storage, name, cache_size)
        self.directory: Directory | None = None
        self._file = storage.file
        self._known: Stamp | None = None  # the state of the file that was counted
        self._known_end = 0
        self._count = 0

    # -- reading

    def __len__(self) -> int:
        """Articles in the table."""
        if self.directory is not None:
            return self.directory.count()
        self._take_in()
        return self._count

    def __iter__(self) -> Iterator[Document]:
        """Every article, one at a time, ids ascending."""
        self._refresh()
        for record in self._file.scan():
            yield self.document_class(loads(record.raw), record.id)

    def search(self, cond: QueryLike) -> list[Document]:
        """All articles that match."""
        self._refresh()
        cached = self._query_cache.get(cond)
        if cached is not None:
            return cached[:]
        documents = list(self._matching(cond))
        if getattr(cond, "is_cacheable", lambda: True)():
            self._query_cache[cond] = documents[:]
        return documents

    def count(self, cond: QueryLike) -> int:
        """How many articles match; they are not kept in memory."""
        self._refresh()
        cached = self._query_cache.get(cond)
        return sum(1 for _ in self._matching(cond)) if cached is None else len(cached)

    def get(  # type: ignore[override]  # one signature for TinyDB's seven overloads
        self,
        cond: QueryLike | None = None,
        doc_id: int | None = None,
        doc_ids: list[int] | None = None,
    ) -> Document | list[Document] | None:
        """One article by id or condition, or None; with `doc_ids`, those there are, as a list."""
        if doc_id is not None:
            document = self._read(doc_id)
            return None if document is None else self.document_class(document, doc_id)
        if doc_ids is not None:
            numbers = sorted({number for number in map(_number, doc_ids) if number is not None})
            found = ((number, self._read(number)) for number in numbers)
            return [self.document_class(doc, number) for number, doc in found if doc is not None]
        if cond is not None:
            self._refresh()
            return next(self._matching(cond), None)
        raise RuntimeError("You have to pass either cond or doc_id or doc_ids")

    # -- writing

    def insert(self, document: Mapping[str, Any]) -> int:
        """Add an article and return its id; it is on the disk then.

        Raises:
            ValueError: It is no mapping, or a `Document` whose id there already is.
        """
        return self.insert_multiple([document])[0]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Add articles with one write and one sync, all or none; their ids in the order given.

        Raises:
            ValueError: One is no mapping, or a `Document` whose id there already is.
        """
        self._file.require_writable()
        with self._file.lock():
            self._file.convert()
            last = self._last_id()
            highest = max(last, self._storage.highest_id)
            new: dict[int, bytes] = {}
            for document in documents:
                if not isinstance(document, Mapping):
                    raise ValueError("Document is not a Mapping")  # noqa: TRY004  as TinyDB
                if isinstance(document, self.document_class):
                    number = document.doc_id
                    if number in new or (number <= last and self._span(number)):
                        raise ValueError(f"Document with ID {number} already exists")
                else:
                    number = highest + 1
                highest = max(highest, number)
                new[number] = dumps(dict(document))
            if new:
                self._add(new, last)
            self._storage.highest_id = highest
        self.clear_cache()
        return list(new)

    def update(
        self,
        fields: Change,
        cond: QueryLike | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> list[int]:
        """Change the articles with these ids, or that match, or all; the ids of those changed."""
        requested = None if doc_ids is None else list(doc_ids)
        times = Counter(requested)  # an id that is given twice is changed twice
        changed: list[int] = []

        def edit(number: int, raw: bytes) -> bytes | None:
            if requested is not None and number not in times:
                return raw
            document = loads(raw)
            if requested is None and cond is not None and not cond(document):
                return raw
            for _ in range(max(1, times[number])):
                _apply(fields, document)
            changed.append(number)
            return dumps(document)

        self._edit(edit)
        return changed if requested is None else _among(requested, changed)

    def update_multiple(self, updates: Iterable[tuple[Change, QueryLike]]) -> list[int]:
        """Apply to every article each change whose condition it matches; the ids changed."""
        changes = list(updates)
        changed: list[int] = []

        def edit(number: int, raw: bytes) -> bytes | None:
            document = loads(raw)
            before = len(changed)
            for fields, cond in changes:
                if cond(document):
                    _apply(fields, document)
                    changed.append(number)
            return raw if len(changed) == before else dumps(document)

        self._edit(edit)
        return changed

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        """Update the articles that match (or have the `Document`'s id), or insert one."""
        with self._file.lock():
            return super().upsert(document, cond)

    def remove(
        self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None
    ) -> list[int]:
        """Remove the articles with these ids, or that match; the ids of those removed."""
        if doc_ids is None and cond is None:
            raise RuntimeError("Use truncate() to remove all documents")
        requested = None if doc_ids is None else list(dict.fromkeys(doc_ids))
        wanted = frozenset(requested or ())
        removed: list[int] = []

        def edit(number: int, raw: bytes) -> bytes | None:
            matches = cond is not None and requested is None and cond(loads(raw))
            if matches or number in wanted:
                removed.append(number)
                return None
            return raw

        self._edit(edit)
        return removed if requested is None else _among(requested, removed)

    def truncate(self) -> None:
        """Remove all articles."""
        with self._file.lock():
            self._storage.note_ids()
            self._replace(())

    # -- inside

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return {str(document.doc_id): dict(document) for document in self}

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        """What TinyDB's own methods write through; ours do not, a subclass's may."""
        with self._file.lock():
            table: dict[int, Mapping[str, Any]] = {
                document.doc_id: dict(document) for document in self
            }
            updater(table)
            self._storage.note_ids()
            self._replace((number, dumps(table[number])) for number in sorted(table))

    def _matching(self, cond: QueryLike) -> Iterator[Document]:
        for record in self._file.scan():
            document = loads(record.raw)
            if cond(document):
                yield self.document_class(document, record.id)

    def _read(self, doc_id: Any) -> dict[str, Any] | None:
        number = _number(doc_id)
        if number is None:
            return None
        self._file.reopen_if_replaced()
        span = self._span(number)
        if span is None:
            return None
        try:
            found, document = self._file.read(*span)
        except ValueError:
            found, document = None, {}
        if found == number:
            return document
        span = self._find(number)  # the directory is behind the file
        return self._file.read(*span)[1] if span else None

    def _span(self, number: int) -> tuple[int, int] | None:
        return self._find(number) if self.directory is None else self.directory.span(number)

    def _find(self, number: int) -> tuple[int, int] | None:
        try:
            return self._file.find(number)
        except ValueError:
            self._file.verify()
            return self._file.find(number)

    def _last_id(self) -> int:
        try:
            return self._file.last_id()
        except ValueError:
            self._file.verify()
            self._file.convert()
            return self._file.last_id()

    def _refresh(self) -> None:
        """Notice what others wrote, before the file is read from end to end."""
        if self.directory is None:
            self._take_in()
        elif self._file.reopen_if_replaced() or self._file.stamp() != self._known:
            self._known = self._file.stamp()
            self.clear_cache()

    def _take_in(self) -> None:
        """Check and count what was written since the last time."""
        stamp = self._file.stamp()
        if stamp == self._known:
            return
        self._file.reopen_if_replaced()
        grown = self._known is not None and self._known.inode == stamp.inode
        if not (grown and self._file.is_line_start(self._known_end)):
            self._known_end = self._count = 0
        self._file.verify(self._known_end)
        end = self._file.end()
        self._count += self._file.count(max(self._known_end, self._file.first()), end)
        self._known, self._known_end = stamp, end
        self.clear_cache()

    def _add(self, new: Mapping[int, bytes], last: int) -> None:
        """Write new records: at the end, where all ids are above the last, or in between."""
        counted = self._known == self._file.stamp()
        added = sorted(new.items())
        if added[0][0] > last:
            self._file.append(added)
            if counted:
                self._remember(self._count + len(added))
        else:
            self._file.verify()
            old = ((record.id, record.raw) for record in self._file.scan())
            self._replace(merge(old, added))

    def _edit(self, edit: _Edit) -> None:
        """Pass every article through `edit`; the file is written anew from the first change on."""
        self._file.require_writable()
        with self._file.lock():
            self._file.verify(self._known_end if self._known == self._file.stamp() else None)
            self._file.convert()
            self._storage.note_ids()
            edited = (
                (record.id, edit(record.id, record.raw), record.raw) for record in self._file.scan()
            )
            same = 0
            for change in edited:
                if change[1] is not change[2]:
                    break
                same += 1
            else:
                return
            before = islice(((record.id, record.raw) for record in self._file.scan()), same)
            after = ((number, raw) for number, raw, _ in chain([change], edited) if raw is not None)
            self._replace(chain(before, after))

    def _replace(self, records: Iterable[tuple[int, bytes]]) -> None:
        self._file.rewrite(records)
        self._remember(self._file.count())
        self.clear_cache()

    def _remember(self, count: int) -> None:
        self._known, self._known_end = self._file.stamp(), self._file.end()
        self._count = count


def _apply(fields: Change, document: MutableMapping[str, Any]) -> None:
    if callable(fields):
        fields(document)
    else:
        document.update(fields)


def _among(requested: list[int], done: list[int]) -> list[int]:
    """Those of `requested` that were done, in the order they were asked for."""
    there = set(done)
    return [number for number in requested if number in there]


def _number(doc_id: Any) -> int | None:
    """The id that TinyDB would look for: it compares ids as text."""
    text = str(doc_id)
    try:
        number = int(text)
    except ValueError:
        return None
    return number if str(number) == text else None
