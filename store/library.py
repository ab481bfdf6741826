"""The library: the one door to articles, their state, and search."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from store.article import Article, State
from store.errors import ArticleNotFoundError, ReadOnlyError
from store.index import Index
from store.indexing import (
    Progress,
    article_of,
    catch_up,
    in_step,
)
from store.linefile import LineFile, Stamp
from store.marks import Marks
from store.places import index_directory
from store.query import parse
from store.reading import ReadingFile
from store.results import ImportReport, Row
from store.search import Found, Searcher
from store.wordkeeper import FullTextKeeper

if TYPE_CHECKING:
    from types import TracebackType

    from store.fulltext import FullText
    from store.highlights import Highlight
    from store.importers.record import Rejected

#: A search waits for the full-text index to take in up to this many articles first.
SOON = 500

_log = logging.getLogger(__name__)


class Library:
    """An open library: the file of articles, the reading file beside it, the side index.

    All methods may be called from any thread.  Those that read or write the disk say so; the
    others only touch memory and the index's cache and are quick enough for an event loop.

    Attributes:
        path: The library file.
        readonly: Whether writing is refused.
        notices: Lines the person should be told: opened read-only, a torn tail mended.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        readonly: bool = False,
        cache_dir: str | os.PathLike[str] | None = None,
        on_progress: Progress | None = None,
    ) -> None:
        """Open the library at `path`, or create it empty.

        Args:
            path: The library file.
            readonly: Never write to it nor to the reading file; it must exist.
            cache_dir: Where the side index goes; by default under the XDG cache directory.
            on_progress: Told (what, done, total) while a large file is first taken in.

        Raises:
            NotALibraryError: The file is not a library; it was left untouched.
            LibraryError: It cannot be opened; the text says why.
        """
        self.path = Path(path)
        self.notices: list[str] = []
        directory, self._scratch = index_directory(self.path, cache_dir)
        columns = directory / "columns.sqlite"
        index = Index(columns) if columns.exists() else None
        try:
            self._file = LineFile(self.path, readonly=readonly, trusted=_stamp_of(index))
        except BaseException:
            if index is not None:
                index.close()
            raise
        self._index = index or Index(columns)
        self.readonly = self._file.readonly
        if self.readonly and not readonly:
            self.notices.append(f"{self.path.name} is read-only: {self._file.readonly_reason}")
        self._reading = ReadingFile(self.path)
        self._keeper = FullTextKeeper(directory / "words", self._file, self._index)
        self._searcher = Searcher(self._index, self._words, self.get, self.rows)
        self._marks = Marks(
            self._reading,
            self._index,
            written=self._note_signs,
            failed=lambda error: self.notices.append(str(error)),
        )
        self._indexer: threading.Thread | None = None
        self._indexer_lock = threading.Lock()
        self._closing = False
        self._progress: tuple[int, int] | None = None
        self._seen: tuple[str, ...] = ()
        self._count: int | None = None
        try:
            self._catch_up(on_progress)
            self._note_signs()
            self._index_behind()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what is queued and let go of everything; idempotent.

        Raises:
            LibraryError: reading state could not be saved.
        """
        if self._closing:
            return
        try:
            self._marks.close()
        finally:
            self._closing = True
            if self._indexer is not None:
                self._indexer.join()
            self._keeper.close()
            self._reading.close()
            self._file.close()
            self._index.close()
            if self._scratch:
                import shutil

                shutil.rmtree(self._scratch, ignore_errors=True)

    def __len__(self) -> int:
        if self._count is None:
            self._count = self._index.count()
        return self._count

    # ------------------------------------------------------------------------- finding

    def find(
        self,
        query: str = "",
        *,
        sort: str | None = None,
        typing: bool = False,
        everything: bool = False,
        cancelled: Callable[[], bool] | None = None,
    ) -> Found:
        """Answer a query; "" is every article that is not in the trash, newest first.

        Args:
            query: In the query language; any string will do.
            sort: Sort key that overrides the query's own; "-" before it turns it round.
            typing: The query is being typed: its last word is also a beginning.
            everything: All ids even of a ranked search, which else gives the best thousand.
            cancelled: Asked now and then; once it says so, the search ends.

        Raises:
            CancelledError: `cancelled` said so.
        """
        if self._marks.pending:
            self._marks.flush()
        parsed = parse(query, typing=typing)
        for attempt in range(2):
            try:
                return self._searcher.find(
                    parsed, sort=sort or "", everything=everything, cancelled=cancelled
                )
            except ValueError:  # what the full-text engine says of a damaged index
                if attempt:
                    raise
                _log.warning("the full-text index is damaged; it is made anew", exc_info=True)
                self._keeper.start_over()
        raise AssertionError("unreachable")

    def newest(self, n: int) -> list[Row]:
        """The `n` newest articles that are not in the trash, as list rows."""
        return [self._marks.on(row) for row in self._index.newest(n)]

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """List rows in the order of `ids`, unwritten changes included."""
        return [self._marks.on(row) for row in self._index.rows(ids)]

    def get(self, id: int) -> Article:
        """The article with that id, with its effective tags: one seek, one line parsed.

        Raises:
            ArticleNotFoundError: there is none.
        """
        for attempt in range(2):
            span = self._index.span(id)
            if span is not None:
                try:
                    found, document = self._file.read(*span)
                except ValueError:
                    found = -1
                if found == id:
                    article = article_of(document, id)
                    tags = self.state(id).tags
                    if tags is not None:
                        from dataclasses import replace

                        article = replace(article, tags=tags)
                    return article
            if attempt == 0 and (span is not None or not in_step(*self._parts())):
                self._catch_up()
        raise ArticleNotFoundError(f"no article {id} in {self.path}")

    def tags(self) -> list[tuple[str, int]]:
        """Tags in use with their number of articles, most used first."""
        return self._index.tags()

    @property
    def indexing(self) -> tuple[int, int] | None:
        """(done, total) while the full text of many articles is being indexed, else None."""
        return self._progress

    def wait_until_searchable(self, on_progress: Progress | None = None) -> None:
        """Return when every article can be found by its words."""
        thread = self._indexer
        if thread is not None:
            thread.join()
        self._keeper.work(lambda: self._closing, on_progress)

    # ------------------------------------------------------------------------- state

    def state(self, id: int) -> State:
        """What the reader did with the article; unwritten changes included."""
        return self._marks.of(id)

    def mark(
        self,
        ids: Iterable[int],
        *,
        read: bool | None = None,
        starred: bool | None = None,
        archived: bool | None = None,
        trashed: bool | None = None,
    ) -> None:
        """Set or clear marks of articles; None leaves a mark as it is.

        Applied at once, on disk within a second; can be undone.

        Raises:
            ReadOnlyError: the library is read-only.
        """
        marks = {"read": read, "starred": starred, "archived": archived, "trashed": trashed}
        given = {name: value for name, value in marks.items() if value is not None}
        chosen = frozenset(ids)
        self._require_writable()
        if given and chosen:
            self._marks.mark(chosen, given)

    def tag(
        self, ids: Iterable[int], *, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> None:
        """Add tags to articles and take tags away; can be undone.

        Raises:
            ReadOnlyError: the library is read-only.
        """
        chosen = frozenset(ids)
        self._require_writable()
        if chosen:
            self._marks.tag(chosen, add, remove)

    def remember(
        self,
        id: int,
        *,
        position: int,
        anchor: str,
        progress: float,
    ) -> None:
        """Keep where reading stopped (see `State`); a read-only library forgets it."""
        if not self.readonly:
            self._marks.remember(id, position, anchor, progress)

    def undo(self) -> str | None:
        """Take back the last change of marks or tags, across restarts too; writes the disk.

        Returns:
            What was taken back, in words, or None when there is nothing.

        Raises:
            LibraryError: the reading file cannot be written.
        """
        self._require_writable()
        return self._marks.step(back=True)

    def redo(self) -> str | None:
        """Do the change that was undone last again; as `undo`."""
        self._require_writable()
        return self._marks.step(back=False)

    def flush(self) -> None:
        """Write state that is not on disk yet, now.

        Raises:
            LibraryError: it cannot be written; it stays queued.
        """
        self._marks.flush()

    # ------------------------------------------------------------------------- highlights

    def highlights(self, id: int | None = None) -> list[Highlight]:
        """Highlights and notes of one article or of all, by article and place; reads the disk."""
        return self._marks.highlights(id)

    def highlight(self, highlight: Highlight) -> int:
        """Store a highlight or note, in place of the one with its number; writes the disk.

        It can be undone.  Its text passes the door here.

        Args:
            highlight: With id 0 a new one.

        Returns:
            Its number.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: the reading file cannot be written.
        """
        from store.highlights import cleaned

        self._require_writable()
        what = "note" if highlight.note and not highlight.quote else "highlight"
        label = f"changed a {what}" if highlight.id else f"added a {what}"
        return self._marks.annotate(highlight.id, cleaned(highlight), label)

    def remove_highlight(self, number: int) -> None:
        """Take a highlight or note away; it can be undone; writes the disk.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: the reading file cannot be written.
        """
        self._require_writable()
        self._marks.annotate(number, None, "removed a highlight")

    # ------------------------------------------------------------------------- views

    def views(self) -> dict[str, str]:
        """Saved searches: name to query, in the order they were saved; reads the disk."""
        return self._marks.views()

    def save_view(self, name: str, query: str) -> None:
        """Save a search under a name, in place of one that has it; writes the disk."""
        self._require_writable()
        self._marks.save_view(name, query)

    def remove_view(self, name: str) -> None:
        """Forget a saved search; nothing happens when there is none of that name."""
        self._require_writable()
        self._marks.remove_view(name)

    # ------------------------------------------------------------------------- writing

    def add(
        self,
        records: Iterable[Article | Rejected],
        *,
        on_progress: Callable[[ImportReport], None] | None = None,
    ) -> ImportReport:
        """Take articles in; on disk when this returns.

        An article that is there already (see `identity`) is filled in where the new one knows
        more, else left as it is.  Safe to repeat: a second run adds nothing.

        Args:
            records: What importers yield.
            on_progress: Told the report so far after each batch.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: the file cannot be written; what was reported so far is safe.
        """
        from store import adding

        self._require_writable()
        report = ImportReport()
        for batch in adding.batches(records, report, on_progress):
            with self._file.lock():
                if not in_step(*self._parts()):
                    self._catch_up()
                known = len(report.added)
                states = adding.take(
                    batch, report, self._file, self._index, self._next_id(), self.get
                )
                if self._count is not None:
                    self._count += len(report.added) - known
                self._note_signs()
            for change in states:
                self._marks.put(change)
            if on_progress:
                on_progress(report)
        self._index_behind()
        return report

    def purge(self, ids: Iterable[int]) -> int:
        """Remove articles from the file for good; rewrites it.  Ids are not given again.

        Returns:
            How many were removed.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: the file cannot be written; nothing was removed then.
        """
        self._require_writable()
        gone = frozenset(ids)
        with self._file.lock():
            self._catch_up()
            before = self._index.count()
            highest = self._next_id() - 1
            self._index.set_meta(highest=highest)
            self._reading.update(lambda tables: tables["meta"].update({"2": {"highest": highest}}))
            self._file.rewrite((r.id, r.raw) for r in self._file.scan() if r.id not in gone)
            self._catch_up()
            self._note_signs()
            return before - self._index.count()

    def refresh(self) -> bool:
        """Take in what other processes wrote; whether anything changed since the last call.

        When nothing did, it costs three reads.
        """
        if not in_step(*self._parts()):
            self._catch_up()
            self._index_behind()
        signs = self._signs()
        changed = signs != self._seen
        self._seen = signs
        return changed

    # ------------------------------------------------------------------------- inside

    def _parts(self) -> tuple[LineFile, ReadingFile, Index]:
        return self._file, self._reading, self._index

    def _note_signs(self) -> None:
        self._seen = self._signs()

    def _signs(self) -> tuple[str, ...]:
        return tuple(self._index.meta("stamp", "reading"))

    def _catch_up(self, on_progress: Progress | None = None) -> None:
        if in_step(*self._parts()):
            return
        torn = catch_up(*self._parts(), on_progress)
        self._count = None
        if torn:
            self.notices.append(
                f"{self.path.name} ended in the middle of a record; {torn:,} bytes were put "
                f"aside in {self.path.name}.torn"
            )

    def _require_writable(self) -> None:
        if self.readonly:
            raise ReadOnlyError(f"{self.path} is read-only")

    def _next_id(self) -> int:
        highest = self._index.meta("highest")[0]
        if not highest:
            tables, _ = self._reading.load()
            highest = str(tables["meta"].get("2", {}).get("highest", 0))
            self._index.set_meta(highest=highest)
        return max(self._file.last_id(), self._index.last_id(), int(highest)) + 1

    def _words(self) -> FullText:
        self._keeper.open()
        waiting = self._keeper.pending()
        if waiting and (waiting <= SOON or self._indexer is None):
            self._keeper.work(lambda: self._closing)
        return self._keeper.open()

    def _index_behind(self) -> None:
        """Start the thread that brings the full text in step, if there is anything to do."""
        with self._indexer_lock:
            busy = self._indexer is not None and self._indexer.is_alive()
            if busy or self._closing or self._keeper.pending() <= SOON:
                return
            self._indexer = threading.Thread(target=self._index_all, name="indexer", daemon=True)
            self._indexer.start()

    def _index_all(self) -> None:
        def told(_: str, done: int, total: int) -> None:
            self._progress = (done, total)

        try:
            self._keeper.work(lambda: self._closing, told)
        except (OSError, ValueError) as error:
            self.notices.append(f"the search index cannot be written: {error}")
        except Exception:
            _log.exception("indexing failed")
        finally:
            self._progress = None


def _stamp_of(index: Index | None) -> Stamp | None:
    text = index.meta("stamp")[0] if index is not None else ""
    numbers = [int(n) for n in "".join(c if c.isdigit() else " " for c in text).split()]
    return Stamp(*numbers) if len(numbers) == len(Stamp._fields) else None
