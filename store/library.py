"""The library: the one door to articles, their state, and search."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from store import migration
from store.besides import notices_of
from store.errors import LibraryError, ReadOnlyError, UnwritableIndexError
from store.index import Index
from store.indexing import Progress, known_stamp
from store.linefile import LineFile
from store.marks import Marks
from store.ownwrites import OwnWrites
from store.places import index_directory, index_place, scratch_directory, unsaved_files
from store.reading import ReadingFile
from store.sqlitefile import DamagedError
from store.stored import Stored
from store.upkeep import Upkeep
from store.wordkeeper import FullTextKeeper

if TYPE_CHECKING:
    from datetime import date
    from types import TracebackType

    from store.article import Article
    from store.articlewriter import ArticleWriter
    from store.bookmarks import Bookmarks
    from store.completion import Completions, Vocabulary
    from store.facets import Facets
    from store.feeds import Feeds
    from store.freeids import FreeIds
    from store.highlights import Highlight
    from store.importers.record import Record
    from store.links import Links
    from store.listed import Listed
    from store.query import Query
    from store.rehearsal import OnItem
    from store.results import ImportReport
    from store.row import Row
    from store.search import Found, Searcher
    from store.state import State
    from store.statistics import Statistics
    from store.views import SavedViews, View, ViewCount
    from store.web import Web


class Library:
    """An open library: the file of articles, the reading file beside it, the side index.

    Opening answers with what the index holds.  Where that is not all, because the file was never
    opened before or changed a lot, the rest comes in behind (see `indexing`, `refresh` and
    `wait_until_listed`).

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
            on_progress: Told (what, done, total) of what is taken in before this returns.

        Raises:
            NotALibraryError: The file is not a library; it was left untouched.
            LibraryError: It cannot be opened; the text says why.
        """
        self.path = Path(path)
        self.notices = notices_of(self.path)
        self._scratch = ""
        with ExitStack() as undone:
            undone.callback(self._remove_scratch)
            place = index_place(self.path, cache_dir) / "columns.sqlite"
            index = None
            if os.path.exists(place):  # noqa: PTH110 - pathlib raises where one may not look
                index = self._open_index(cache_dir)
                undone.callback(index.close)
            self._file = LineFile(self.path, readonly=readonly, trusted=known_stamp(index))
            undone.callback(self._file.close)
            # Nothing is made for what turns out to be no library.
            self._index = index or self._open_index(cache_dir)
            undone.pop_all()
        self.readonly = self._file.readonly
        if self.readonly and not readonly:
            self.notices.append(f"{self.path.name} is read-only: {self._file.readonly_reason}")
        self._unwritable = self.path  # the file for whose sake nothing is written
        self._reading = ReadingFile(self.path)
        self._own = OwnWrites()
        self._reading.on_write = self._file.on_write = self._own.note
        self._keeper = FullTextKeeper(self._index.file.with_name("words"), self._file, self._index)
        self._upkeep = Upkeep(self._file, self._reading, self._index, self._keeper, self.notices)
        self._stored = Stored(self._file, self._index, self._upkeep)
        self._marks = Marks(
            self._reading,
            self._index,
            own_tags=self._stored.tags,
            tell=self.notices.append,
        )
        self._closing = False
        self._count: int | None = None
        self._vocabulary: Vocabulary | None = None
        try:
            self._upkeep.open(on_progress)
            self._heed_format()
            self._own.begin(self._signs_at_first())
            if not self.readonly and (files := unsaved_files(self.path)):
                self._marks.take_up(files)
        except BaseException:
            self.close()
            raise

    def _open_index(self, cache_dir: str | os.PathLike[str] | None) -> Index:
        """The index in its directory, or in a temporary one if it cannot be written there."""
        directory, self._scratch = index_directory(self.path, cache_dir)
        try:
            return Index(directory / "columns.sqlite")
        except UnwritableIndexError as error:
            if self._scratch:
                raise
            self._scratch = scratch_directory()
            self.notices.append(f"{error}; until then it is made anew each time")
            return Index(Path(self._scratch) / "columns.sqlite")

    def _remove_scratch(self) -> None:
        if self._scratch:
            import shutil

            shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.close()
        except LibraryError as unsaved:
            if not isinstance(error, Exception):  # nothing went wrong but this
                raise
            # What failed is told first: what waits may be of an earlier run.
            if isinstance(error, LibraryError):
                same = str(unsaved).startswith(str(error))
                error.args = (str(unsaved) if same else f"{error}; {unsaved}",)
            else:
                error.add_note(str(unsaved))

    def close(self) -> None:
        """Write what is queued and let go of everything; idempotent.

        Raises:
            LibraryError: reading state could not be saved; it says where it is kept until then.
        """
        if self._closing:
            return
        if "web" in self.__dict__:
            self.web.close()
        try:
            self._marks.close(self.path)
        finally:
            self._closing = True
            self._upkeep.close()
            self._reading.close()
            self._file.close()
            self._index.close()
            self._remove_scratch()

    def __len__(self) -> int:
        if self._count is None:
            self._count = self._upkeep.sound(self._index.count)
        return self._count

    @cached_property
    def _saved(self) -> SavedViews:
        from store.views import SavedViews

        return SavedViews(self._reading, self._index, before=self._before_journal)

    @cached_property
    def _searcher(self) -> Searcher:
        from store.search import Searcher

        return Searcher(self._index, self._upkeep.words, self.get, self.rows)

    @cached_property
    def _writer(self) -> ArticleWriter:
        from store.articlewriter import ArticleWriter

        return ArticleWriter(
            self._file, self._reading, self._index, self._upkeep, self._marks, self._stored
        )

    def give_back_memory(self) -> None:
        """Let go of what was needed for a moment only; a few milliseconds, any thread."""
        from store.memory import give_back

        self._index.shrink()
        give_back()

    # ------------------------------------------------------------------------- finding

    def listed(self, ends: int) -> Listed:
        """What `find("")` finds, at once: all but the trash, newest first.

        Args:
            ends: How many ids of either end are known from the beginning; those between are read
                when one is asked for.
        """
        from store.listed import Listed

        self._try_to_save()
        fetch = partial(self._upkeep.sound, self._index.listed)
        return self._upkeep.sound(lambda: Listed(self._index, ends, fetch, self.get, self.rows))

    def find(
        self,
        query: str = "",
        *,
        sort: str | None = None,
        typing: bool = False,
        finished: bool | None = None,
        everything: bool = False,
        cancelled: Callable[[], bool] | None = None,
    ) -> Found:
        """Answer a query; "" is every article that is not in the trash, newest first.

        Args:
            query: In the query language; any string will do.
            sort: Sort key that overrides the query's own; "-" before it turns it round.
            typing: The query was typed letter by letter: its last word is also a beginning.
            finished: Nobody types any more: a last term that makes no sense yet is told, and not
                left out; by default while not `typing`.
            everything: All ids even of a ranked search, which else gives the best thousand.
            cancelled: Asked now and then; once it says so, the search ends.

        Raises:
            CancelledError: `cancelled` said so.
            LibraryError: the query names a view, and the reading file is damaged.
        """
        parsed = self._parsed(query, typing, finished)
        return self._upkeep.sound_words(
            lambda: self._searcher.find(
                parsed, sort=sort or "", everything=everything, cancelled=cancelled
            )
        )

    def shuffle(self) -> None:
        """Make the order by chance another one, for all libraries of this process.

        Until then it is the same each time.
        """
        from store.listrows import shuffle

        shuffle()

    def _parsed(self, query: str, typing: bool, finished: bool | None = None) -> Query:
        """The query's tree, with all that it may ask about the reader's state in the index."""
        self._try_to_save()
        from store.query import parse

        return parse(query, typing=typing, finished=finished, views=self._saved.named)

    def prepare_search(self, *, cancelled: Callable[[], bool] | None = None) -> None:
        """Load what a search for words needs, so that the first one is as quick as the others.

        Args:
            cancelled: Asked now and then; once it says so, the rest is left for later.

        Raises:
            LibraryError: the index can be neither read nor made.
        """
        self._upkeep.sound_words(lambda: self._searcher.prepare(cancelled))

    def newest(self, n: int) -> list[Row]:
        """The `n` newest articles that are not in the trash, as list rows."""
        rows = self._upkeep.sound(lambda: self._index.newest(n))
        return [self._marks.on(row) for row in rows]

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """List rows in the order of `ids`, unwritten changes included."""
        rows = self._upkeep.sound(lambda: self._index.rows(ids))
        return [self._marks.on(row) for row in rows]

    def get(self, id: int) -> Article:
        """The article with that id, with its effective tags: one seek, one line parsed.

        Raises:
            ArticleNotFoundError: there is none.
        """

        def found() -> Article:
            place = self._index.place(id)
            article = self._stored.at(id, place)
            if place is None or self._marks.pending:
                tags = self._marks.of(id).tags
            else:
                tags = None if place.tags is None else tuple(place.tags.split())
            if tags is None:
                return article
            from dataclasses import replace

            return replace(article, tags=tags)

        return self._upkeep.sound(found)

    def stored(self, id: int) -> Article:
        """The article as `get` has it, but with the tags that the library file has.

        Raises:
            ArticleNotFoundError: there is none.
        """
        return self._stored.get(id)

    def tags(self, ids: Iterable[int] | None = None) -> list[tuple[str, int]]:
        """Tags in use with their number of articles, most used first.

        Args:
            ids: Count only in these articles, unwritten changes included; None: in all but the
                trash.
        """
        if ids is None:
            return self._upkeep.sound(self._index.tags)
        chosen = list(ids)
        self._try_to_save()
        return self._upkeep.sound(lambda: self._index.tags_of(chosen))

    def links(self, article: Article) -> Links:
        """Where an article leads, and what in the library leads to it; reads the disk.

        Articles that wait to be indexed are not known to lead anywhere yet.
        """
        from store.links import find_links

        return self._upkeep.sound_words(
            lambda: find_links(article, self._index, self._upkeep.words(), self.get, self.rows)
        )

    def at_url(self, url: str) -> int | None:
        """The article that a web address leads to, as `canonical_url` compares them.

        Returns:
            Its id; None where there is none, or only one in the trash.
        """
        from store.identity import address_identity

        number = address_identity(url)
        if number is None:
            return None
        ids = self._upkeep.sound(lambda: self._index.with_identity(number))
        return next((row.id for row in self.rows(ids) if not row.trashed), None)

    def count(
        self,
        query: str,
        *,
        typing: bool = False,
        finished: bool | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> int:
        """How many articles a query finds, exactly; takes longer than `find` where it is many.

        Raises:
            CancelledError: `cancelled` said so.
        """
        parsed = self._parsed(query, typing, finished)
        return self._upkeep.sound_words(lambda: self._searcher.count(parsed, cancelled=cancelled))

    def facets(
        self,
        query: str,
        *,
        typing: bool = False,
        finished: bool | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Facets:
        """What all the articles have in common that a query finds; arguments as for `find`.

        Raises:
            CancelledError: `cancelled` said so.
        """
        from store.facets import facets_of

        parsed = self._parsed(query, typing, finished)
        ids = self._upkeep.sound_words(lambda: self._searcher.ids(parsed, cancelled=cancelled))
        return self._upkeep.sound(lambda: facets_of(self._index, ids, query, cancelled=cancelled))

    def statistics(
        self,
        query: str = "",
        *,
        today: date | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Statistics:
        """What was read of the articles a query finds, and what is left; reads the disk.

        Args:
            query: In the query language; "" is all but the trash.
            today: The day to count back from; by default that of the local clock.
            cancelled: Asked now and then; once it says so, the counting ends.

        Raises:
            CancelledError: `cancelled` said so.
        """
        from datetime import date

        from store.statistics import statistics_of

        parsed = self._parsed(query, False)
        ids = None
        if query.strip():
            ids = self._upkeep.sound_words(lambda: self._searcher.ids(parsed, cancelled=cancelled))
        day = today or date.today()
        return self._upkeep.sound(lambda: statistics_of(self._index, ids, day, cancelled=cancelled))

    def complete(self, text: str, cursor: int) -> Completions:
        """What the term at the cursor of a query could become.

        Args:
            text: The query as typed so far.
            cursor: Where the cursor stands in it, in characters.
        """
        from store.completion import Vocabulary, complete

        if self._vocabulary is None:
            self._vocabulary = Vocabulary(self._index, self._saved.named)
        vocabulary = self._vocabulary
        return self._upkeep.sound(lambda: complete(text, cursor, vocabulary))

    @property
    def indexing(self) -> tuple[int, int] | None:
        """(done, total) while many articles are being taken into the index, else None."""
        return self._upkeep.progress

    def wait_until_listed(self, on_progress: Progress | None = None) -> None:
        """Return when every article is in the list; words may still be missing.

        Raises:
            LibraryError: the file is no library any more, or cannot be read.
        """
        self._upkeep.wait_for_columns(on_progress)
        self._count = None

    def wait_until_searchable(self, on_progress: Progress | None = None) -> None:
        """Return when every article is in the list and can be found by its words.

        Raises:
            LibraryError: the file is no library any more, or cannot be read.
        """
        self._upkeep.wait_for_words(on_progress)
        self._count = None

    # ------------------------------------------------------------------------- state

    def state(self, id: int) -> State:
        """What the reader did with the article; unwritten changes included."""
        return self._upkeep.sound(lambda: self._marks.of(id))

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
        """Take back the last change that was made, across restarts too; writes the disk.

        Changes are marks, tags, highlights, notes, marked places, saved views and subscriptions.

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

    def annotated(self) -> dict[int, list[Highlight]]:
        """All highlights and notes by article, in the order of their places; reads the disk."""
        by_article: dict[int, list[Highlight]] = {}
        for highlight in self.highlights():
            by_article.setdefault(highlight.article, []).append(highlight)
        return by_article

    def belongings(self) -> dict[str, list[dict[str, Any]]]:
        """What the reading file holds beside states and highlights, by table; reads the disk.

        Raises:
            LibraryError: the reading file is damaged.
        """
        from store.belongings import belongings

        return belongings(self._reading)

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
        return dict(self._saved.all())

    def all_views(self) -> list[View]:
        """The built-in views, the saved ones, and the tags, most used first; reads the disk."""
        from store.views import BUILT_IN_VIEWS, tag_view

        tags = (tag_view(tag) for tag, _ in self.tags())
        return [*BUILT_IN_VIEWS, *self._saved.all(), *tags]

    def view_counts(
        self, views: Iterable[View], *, cancelled: Callable[[], bool] | None = None
    ) -> list[ViewCount]:
        """How many articles each of `views` shows, and how many of them are unread.

        Raises:
            CancelledError: `cancelled` said so.
        """
        from store.query import parse
        from store.viewcounts import view_counts

        self._try_to_save()
        chosen = tuple(views)
        return self._upkeep.sound_words(
            lambda: view_counts(
                self._index,
                self._searcher,
                chosen,
                lambda query: parse(query, views=self._saved.named),
                cancelled,
            )
        )

    def misunderstood(self, query: str) -> tuple[str, ...]:
        """What of a query is not understood, one line each; nothing is searched for."""
        from store.query import parse

        return parse(query, views=self._saved.named).warnings

    def save_view(self, name: str, query: str) -> View | None:
        """Save a search under a name, in place of the one that has it; writes the disk.

        Names are compared without regard to case.

        Returns:
            The view that was replaced.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: the name is empty, too long, or taken by a built-in view or a tag; or
                the query is empty or too long; or the reading file cannot be written.
        """
        return self._saved.save(name, query)

    def rename_view(self, name: str, new_name: str) -> View | None:
        """Give a saved search another name; writes the disk.

        Returns:
            The view as it is now, None when there is none of that name.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: as for `save_view`, or another saved search has the new name.
        """
        return self._saved.rename(name, new_name)

    def remove_view(self, name: str) -> View | None:
        """Forget a saved search; writes the disk.

        Returns:
            The view that was removed, None when there is none of that name.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: the reading file cannot be written.
        """
        self._require_writable()
        return self._saved.remove(name)

    # ------------------------------------------------------------------------- writing

    def add(
        self,
        records: Iterable[Record],
        *,
        on_progress: Callable[[ImportReport], None] | None = None,
    ) -> ImportReport:
        """Take articles in; on disk when this returns.

        An article that is there already (see `identity`) is filled in where the new one knows
        more, else left as it is; all these changes are written at the end.  Safe to repeat: a
        second run adds nothing.

        Args:
            records: What importers yield.
            on_progress: Told the report so far after each batch.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: the file cannot be written; articles that were added so far are safe.
        """

        def count(more: int) -> None:
            if self._count is not None:
                self._count += more

        self._require_writable()
        report = self._writer.add(records, on_progress, count)
        if report.links:
            report.subscribed = self.feeds.add_links(report.links)
        self._upkeep.begin()
        return report

    @cached_property
    def bookmarks(self) -> Bookmarks:
        """Places that the reader marked with a letter."""
        from store.bookmarks import Bookmarks

        return Bookmarks(self._reading, self._index, before=self._before_journal)

    @cached_property
    def web(self) -> Web:
        """The way of the web into the library."""
        from store.web import Web

        return Web(self)

    @property
    def has_feeds(self) -> bool:
        """Whether anything is subscribed to; reads the disk.

        Raises:
            LibraryError: the reading file is damaged.
        """
        return bool(self._reading.load()[0]["feeds"])

    @cached_property
    def feeds(self) -> Feeds:
        """The subscriptions; `has_feeds` tells whether there are any without loading them."""
        from store.feeds import Feeds

        return Feeds(self, self._reading, self._index, self._upkeep.sound)

    def rehearse(
        self,
        records: Iterable[Record],
        *,
        on_progress: Callable[[ImportReport], None] | None = None,
        on_item: OnItem | None = None,
    ) -> ImportReport:
        """What `add` would do, without doing it; see `rehearsal.rehearse`."""
        from store.rehearsal import rehearse

        return rehearse(self, records, on_progress=on_progress, on_item=on_item)

    def known_as(self, articles: Sequence[Article]) -> list[int]:
        """The ids of the articles that these would meet if they were added; 0 for none."""
        return self._writer.known_as(articles)

    def free_ids(self) -> FreeIds:
        """Gives the ids that the next articles would get; reads the disk."""
        return self._writer.free_ids()

    def purge(self, ids: Iterable[int], *, trashed_only: bool = False) -> int:
        """Remove articles from the file for good; rewrites it.  Ids are not given again.

        What was read, starred and tagged goes with them, highlights and notes stay.

        Args:
            ids: The articles.
            trashed_only: Leave those that are not in the trash, or not any more: another program
                may have taken them out.

        Returns:
            How many were removed.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: the file cannot be written; nothing was removed then.
        """
        self._require_writable()
        self._try_to_save()
        removed = self._writer.purge(ids, trashed_only=trashed_only)
        self._count = None
        return removed

    def refresh(self) -> bool:
        """Take in what other processes wrote; whether they changed anything since the last call.

        When nothing did, it costs three reads.  What would take long is done behind; while a list
        fills, this says so now and then.

        Raises:
            LibraryError: the file is gone, or no library any more; found behind, it is said once.
        """
        self._upkeep.look()
        signs = self._upkeep.sound(self._upkeep.signs)
        changed = self._own.others_wrote(signs)
        if changed:
            self._count = None
        return changed

    # ------------------------------------------------------------------------- inside

    def _try_to_save(self) -> None:
        """Write what is queued, that the index may tell of it; a full disk hinders no list."""
        if self._marks.pending:
            with suppress(LibraryError):  # the person is told by the thread that writes
                self._upkeep.sound(self._marks.flush)

    def _signs_at_first(self) -> tuple[str, ...]:
        try:
            return self._upkeep.signs()
        except (DamagedError, UnwritableIndexError):
            return ()  # whoever asks next has it made anew

    def _heed_format(self) -> None:
        """Write nothing if a newer version wrote the reading file."""
        stamp, known = self._upkeep.sound(lambda: self._index.meta("reading", "reading_format"))
        if known and stamp == repr(self._reading.stamp()):
            version = int(known)
        else:
            version = self._reading.format()
        name = self._reading.path.name
        if version > migration.FORMAT:
            self._protect_reading(migration.newer_notice(name, version))
        elif not self.readonly and self._reading.is_readonly():
            self._protect_reading(f"{name} is read-only: make it writable to mark and to add")

    def _protect_reading(self, notice: str) -> None:
        self.readonly, self._unwritable = True, self._reading.path
        self.notices.append(notice)

    def _before_journal(self) -> None:
        """Before a change that goes into the journal without `Marks`."""
        self._require_writable()
        self._marks.flush()  # the journal keeps the order in which things were done

    def _require_writable(self) -> None:
        if self.readonly:
            raise ReadOnlyError(f"{self._unwritable} is read-only")
