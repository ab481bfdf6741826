"""Writing articles: what an import adds and changes, and what is removed for good."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING

from store import adding
from store.belongings import take_in
from store.changes import Changes
from store.edits import edited_files
from store.errors import LibraryError, UnwritableIndexError
from store.freeids import FreeIds
from store.given import noted
from store.identity import identity
from store.numbers import MAX_ID, id_of, is_id, whole
from store.reading import state_of
from store.results import ImportReport
from store.sanitize import clean_article
from store.sqlitefile import DamagedError

if TYPE_CHECKING:
    from store.article import Article
    from store.importers.record import Belongings, Record
    from store.index import Index
    from store.linefile import LineFile
    from store.marks import Marks
    from store.reading import ReadingFile, Tables
    from store.stored import Stored
    from store.upkeep import Upkeep


class ArticleWriter:
    """What changes a library file.

    Args:
        file: The library file.
        reading: The reading file beside it.
        index: The columns, told of each write where that can be.
        upkeep: Keeps the columns in step, and others from writing meanwhile.
        marks: Told what articles that come in bring of their reading.
        stored: The articles that are there.
    """

    def __init__(
        self,
        file: LineFile,
        reading: ReadingFile,
        index: Index,
        upkeep: Upkeep,
        marks: Marks,
        stored: Stored,
    ) -> None:
        self._file = file
        self._reading = reading
        self._index = index
        self._upkeep = upkeep
        self._marks = marks
        self._stored = stored

    # ------------------------------------------------------------------------- adding

    def add(
        self,
        records: Iterable[Record],
        on_progress: Callable[[ImportReport], None] | None,
        on_added: Callable[[int], None],
    ) -> ImportReport:
        """Take articles in (see `Library.add`); the feeds that come along stay in the report.

        Args:
            records: What importers yield.
            on_progress: Told the report so far after each batch.
            on_added: Told of each batch how many articles there are more, with the lock held.

        Raises:
            LibraryError: the file cannot be written; articles that were added so far are safe.
        """
        report = ImportReport()
        empty = not self._upkeep.sound(self._index.count)

        def keep(given: Belongings) -> None:
            others = take_in(self._reading, self._index, given.tables, report.ids)
            for name, count in others.items():
                report.others[name] = report.others.get(name, 0) + count

        with Changes() as changes:
            for batch in adding.batches(records, report, on_progress, keep):
                with self._upkeep.writing():
                    known = len(report.added)
                    arrivals = self._take(batch, report, changes, empty).arrivals
                    on_added(len(report.added) - known)
                changed, highlights = self._upkeep.sound(partial(self._marks.take_in, arrivals))
                adding.count_changed(arrivals, changed, report)
                met = [each.id for each in arrivals if not each.added]
                report.in_trash |= self._upkeep.sound(partial(self._index.trashed, met))
                report.highlights += highlights
                if on_progress:
                    on_progress(report)
            self._write(changes)
        return report

    def _take(
        self, batch: list[adding.Incoming], report: ImportReport, changes: Changes, empty: bool
    ) -> adding.Taken:
        """Write a batch (see `adding.take`), again if the index was found damaged before it."""
        taken = adding.Taken()

        def write() -> Callable[[], None]:
            taken.clear()
            counts = len(report.added), len(report.merged), report.unchanged, report.stubs
            try:
                return adding.take(
                    batch, report, self._file, self._index, self._free_ids(kept=empty),
                    self._stored.get, changes, taken,
                )  # fmt: skip
            except DamagedError:
                del report.added[counts[0] :], report.merged[counts[1] :]
                report.unchanged, report.stubs = counts[2:]
                self._upkeep.mend()
                raise

        tell_index = self._upkeep.sound(write)
        try:
            tell_index()
        except (DamagedError, UnwritableIndexError, OSError) as error:
            self._upkeep.put_off(error)  # the articles are in the file; the index follows
        if taken.changed:
            self._upkeep.sound(lambda: changes.put(taken.changed, self._index, taken.texts))
        return taken

    def _write(self, changes: Changes) -> None:
        """Write what an import changes."""
        if not changes:
            return
        try:
            with self._upkeep.writing():
                changes.write(self._file, adding.merged)
                self._upkeep.follow()
        except UnwritableIndexError as error:
            if changes:
                with self._file.lock():
                    changes.write(self._file, adding.merged)
            self._upkeep.put_off(error)  # the articles are in the file; the index follows

    def known_as(self, articles: Sequence[Article]) -> list[int]:
        """The ids of the articles that these would meet if they were added; 0 for none."""
        cleaned = [clean_article(article)[0] for article in articles]
        items = [adding.Incoming(identity(article), article) for article in cleaned]

        def find() -> list[int]:
            identified = self._index.identified(item.identity for item in items)
            edited = edited_files(items, identified, self._index, self._stored.get)
            return [
                identified.get(item.identity, edited.get(place, 0))
                for place, item in enumerate(items)
            ]

        return self._upkeep.sound(find)

    # ------------------------------------------------------------------------- ids

    def free_ids(self) -> FreeIds:
        """Gives ids to the next articles.

        Where there are none, those that come in from an export keep their ids though something
        was kept of them: it is theirs.
        """
        return self._upkeep.sound(lambda: self._free_ids(kept=not self._index.count()))

    def _free_ids(self, *, kept: bool) -> FreeIds:
        highest = self._highest_id()
        return FreeIds(max(highest, self._index.last_noted()), highest if kept else None)

    def _highest_id(self) -> int:
        """The highest id that an article has or had, as far as it is known."""
        highest = id_of(self._index.meta("highest")[0])
        if highest is None:
            highest = noted(self._reading.load()[0], "2", "highest")
            self._index.set_meta(highest=highest)
        try:
            last = self._file.last_id()
        except ValueError:  # damage at the end of a file that may only be read
            last = 0
        return max(last, self._index.last_id(), whole(highest, MAX_ID - 1))

    # ------------------------------------------------------------------------- removing

    def purge(self, ids: Iterable[int], *, trashed_only: bool = False) -> int:
        """Remove articles from the file for good (see `Library.purge`); how many.

        Raises:
            LibraryError: the file cannot be written; nothing was removed then.
        """
        gone = set(ids)

        def spare(tables: Tables) -> bool:
            """Spare what is not in the trash, as it is on the disk now; whether there was any."""
            known, states = len(gone), tables["states"]
            if trashed_only:
                gone.intersection_update(
                    [id for id in gone if state_of(states.get(str(id), {})).trashed]
                )
            return len(gone) < known

        def note(tables: Tables) -> None:
            tables["meta"].update({"2": {"highest": highest}})
            spare(tables)

        with self._upkeep.writing():
            sound = self._upkeep.sound
            highest = whole(sound(self._highest_id), MAX_ID - 1)
            sound(lambda: self._index.set_meta(highest=highest))
            self._reading.update(note)
            while gone:
                with suppress(_TakenOutError):
                    removed = self._remove(gone, spare)
                    self._upkeep.follow()
                    return removed
            return 0

    def _remove(self, gone: Collection[int], spare: Callable[[Tables], bool]) -> int:
        """Write the file without the articles `gone`, and forget them; how many there were.

        Raises:
            _TakenOutError: `spare` says that some are to stay now; nothing was removed.
        """
        removed: set[int] = set()

        def write() -> None:
            with ExitStack() as stack:

                def kept() -> Iterator[tuple[int, bytes]]:
                    for record in self._file.scan():
                        if record.id in gone:
                            removed.add(record.id)  # twice, where another program doubled it
                        else:
                            yield record.id, record.raw
                    # From here until all is in its place nobody takes anything out.
                    stack.enter_context(self._reading.unwritten())
                    if spare(self._reading.load()[0]):
                        raise _TakenOutError

                self._file.rewrite(kept())
                with suppress(LibraryError):  # the articles are gone all the same
                    self._reading.update(lambda tables: _forget(tables, removed))

        try:
            write()
        except ValueError:  # others are doubled, or no records: put aside, as by any write
            self._file.verify()
            write()
        return len(removed)


class _TakenOutError(Exception):
    """Something was taken out of the trash while the file was being written."""


def _forget(tables: Tables, gone: Collection[int]) -> None:
    """Drop states of articles that are gone for good, places in them, and what could be undone.

    Their highlights stay: those are the reader's own words.  Feeds do not bring them back.
    """
    from store.journal import forget_articles
    from store.remembered import note_removed

    note_removed(tables, gone)
    forget_articles(tables["journal"], gone)
    for id in gone:
        tables["states"].pop(str(id), None)
    places = tables["bookmarks"]
    for key, place in list(places.items()):
        article = place.get("article")
        if is_id(article) and article in gone:
            del places[key]
