"""What an import would do, found out by doing it to a copy of what it meets.

The copy is a library in a temporary directory: of the real one it gets only the articles that the
import knows, with what was done to them.  So the answer is exact, and memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from store.adding import BATCH_ARTICLES
from store.article import Article, Passage
from store.importers.record import Belongings, Record, Update
from store.results import ImportReport

if TYPE_CHECKING:
    from store.library import Library

#: Told what an article would become: "added" or "merged", the id, and the article.
OnItem = Callable[[str, int, Article], None]


def rehearse(
    library: Library,
    records: Iterable[Record],
    *,
    on_progress: Callable[[ImportReport], None] | None = None,
    on_item: OnItem | None = None,
) -> ImportReport:
    """The report that `Library.add` would give; nothing is written to the library.

    Args:
        library: What the records would be added to.
        records: What importers yield.
        on_progress: Told the report so far after each batch.
        on_item: Told of each article that would be added or changed, with what it would be then.

    Raises:
        LibraryError: the library cannot be read, or the temporary directory not written.
    """
    from store.library import Library

    with TemporaryDirectory(prefix="broadsheet-") as place:
        copy = Library(Path(place) / "library.json", cache_dir=Path(place) / "cache")
        with copy:
            return _Rehearsal(library, copy, on_item).run(records, on_progress)


class _Rehearsal:
    def __init__(self, library: Library, copy: Library, on_item: OnItem | None) -> None:
        self._library = library
        self._copy = copy
        self._on_item = on_item
        self._ids = library.free_ids()
        self._real: dict[int, int] = {}  # ids in the copy -> ids in the library
        self._copied: dict[int, int] = {}  # and the other way round
        self._report = ImportReport()

    def run(
        self, records: Iterable[Record], on_progress: Callable[[ImportReport], None] | None
    ) -> ImportReport:
        self._copy.add([Belongings(self._library.belongings())])
        for batch in _batches(records):
            self._meet(batch)
            self._count(self._copy.add(map(self._as_in_copy, batch)))
            if on_progress:
                on_progress(self._report)
        self._report.subscribed = sum(
            self._library.feeds.find(link.url) is None for link in self._report.links
        )
        return self._report

    def _meet(self, batch: list[Record]) -> None:
        """Copy the articles that a batch meets and no batch before it has."""
        articles = [record for record in batch if isinstance(record, Article)]
        ids = dict.fromkeys(self._library.known_as(articles))
        ids.update((record.id, None) for record in batch if isinstance(record, Update))
        met = [id for id in ids if id and id not in self._copied]
        if met:
            notes = self._library.annotated()
            seeds = []
            for id in met:
                passages = tuple(
                    Passage(**{name: getattr(note, name) for name in Passage._fields})
                    for note in notes.get(id, ())
                )
                article = replace(self._library.stored(id), id=0)
                seeds.append(replace(article, state=self._library.state(id), highlights=passages))
            made = self._copy.add(seeds).added
            for id, copied in zip(met, made, strict=True):
                self._real[copied], self._copied[id] = id, copied

    def _as_in_copy(self, record: Record) -> Record:
        if isinstance(record, Update):
            return replace(record, id=self._copied.get(record.id, 0))
        return record

    def _count(self, of_batch: ImportReport) -> None:
        """Add what became of one batch, with the ids that the library would give."""
        report = self._report
        wanted = {copied: id for id, copied in of_batch.ids.items()}
        for copied in of_batch.added:
            id = self._ids.give(wanted.get(copied, 0))
            self._real[copied] = id
            report.added.append(id)
            self._tell("added", copied)
        for copied in of_batch.merged:
            report.merged.append(self._real[copied])
            self._tell("merged", copied)
        report.stubs += of_batch.stubs
        report.unchanged += of_batch.unchanged
        report.rejected += of_batch.rejected
        report.highlights += of_batch.highlights
        report.cleaned += of_batch.cleaned
        report.links += of_batch.links
        for name, count in of_batch.others.items():
            report.others[name] = report.others.get(name, 0) + count

    def _tell(self, what: str, copied: int) -> None:
        if self._on_item:
            self._on_item(what, self._real[copied], self._copy.stored(copied))


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    rest = iter(records)
    for first in rest:
        yield [first, *islice(rest, BATCH_ARTICLES - 1)]
