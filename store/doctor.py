"""Examining a library's files, and saying what is wrong and how to mend it; nothing is written.

`mending` does what is said.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from store.access import exposure, lock_at_fault, may, misplaced, to_allow, unread, unwritable
from store.besides import restoring_of
from store.copiesexam import examine_copies
from store.errors import LibraryError
from store.filelock import FileLock
from store.findings import (
    REPAIR,
    Finding,
    Kind,
    Level,
    OnWork,
    bytes_in_words,
    counted,
    reason_of,
    some,
    untold,
)
from store.indexexam import examine_index
from store.interrupted import broken_off
from store.leftovers import leftovers
from store.linefile import LineFile, Record, Shape, Stamp
from store.reading import ReadingFile
from store.readingexam import examine_reading
from store.shell import command

_PROGRESS: Final = 200  # records between two looks at how far it is

#: Names that programs which copy files between machines give to what they could not join:
#: Syncthing's, Dropbox's and ownCloud's.
_CONFLICT: Final = re.compile(r"\.sync-conflict-|conflicted copy|_conflict-", re.IGNORECASE)


def examine(
    library: Path,
    *,
    cache_dir: str | os.PathLike[str] | None = None,
    on_progress: OnWork | None = None,
) -> list[Finding]:
    """Examine a library's files, every byte of them; nothing is written.

    Args:
        library: The library file.
        cache_dir: Where the side index is; by default under the XDG cache directory.
        on_progress: Told how far it is.
    """
    return list(_Examination(library, cache_dir, on_progress or untold).findings())


class _Examination:
    def __init__(
        self, library: Path, cache_dir: str | os.PathLike[str] | None, on_progress: OnWork
    ) -> None:
        self._library = library
        self._target = Path(os.path.realpath(library))
        self._reading = ReadingFile(library)
        self._cache_dir = cache_dir
        self._on_progress = on_progress
        self._articles = 0
        self._read: Stamp | None = None
        self._ids: set[int] | None = None
        self._file: LineFile | None = None

    def findings(self) -> Iterator[Finding]:
        if not os.path.lexists(self._library) and may(self._library.parent, os.X_OK):
            yield Finding(
                "library", Level.NOTE, f"{self._library} is not there yet",
                "it is made by the first `broadsheet add`",
            )  # fmt: skip
            return
        yield from self._library_file()
        mark = Path(restoring_of(self._library))
        if told := broken_off(self._library):
            yield Finding("library", Level.WRONG, *told)
        elif found := misplaced("library", "nothing can be restored: ", mark):
            yield found
        yield from examine_reading(self._library, self._reading, self._ids, self._is_writable)
        yield from examine_copies(self._library, is_writable=self._is_writable())
        if self._file is not None:
            yield from examine_index(
                self._file,
                self._reading,
                self._cache_dir,
                self._articles,
                self._read,
                self._on_progress,
            )
            self._file.close()
        yield from self._surroundings()

    # ------------------------------------------------------------------------- library file

    def _library_file(self) -> Iterator[Finding]:
        try:
            file = LineFile(self._library, readonly=True)
        except LibraryError as error:
            yield unread("library", self._library, self._library, error)
            return
        try:
            torn = file.torn()
            file.verify()  # opened for reading, it writes nothing: what follows passes damage over
            empty, odd = self._read_articles(file)
        except (LibraryError, OSError) as error:
            yield unread("library", self._library, self._library, error)
            file.close()
            return
        self._file = file
        size = file.stamp().size
        yield Finding(
            "library", Level.FINE,
            f"{self._library}: {counted(self._articles, 'article')}, {bytes_in_words(size)}",
        )  # fmt: skip
        if torn is not None:
            lines = f"{bytes_in_words(torn)} that are no record"
            what = lines if torn else "its end or a comma is wrong"
            yield Finding("library", Level.WRONG, f"it is torn: {what}", REPAIR, Kind.DAMAGE)
        yield from _arrangement(file)
        for number, reason in odd:
            yield Finding(
                "library", Level.WRONG, f"article {number} cannot be indexed: {reason}",
                f"mend what it says in {self._library.name}, while the app is closed",
            )  # fmt: skip
        if empty:
            yield Finding(
                "library", Level.NOTE,
                f"{counted(len(empty), 'article')} with neither title nor text: {some(empty)}",
            )  # fmt: skip
        yield from exposure(self._library, "library")
        yield from self._writable(file)

    def _read_articles(self, file: LineFile) -> tuple[list[int], list[tuple[int, str]]]:
        """Parse every record; ids of those with nothing to show, and of those not to be indexed."""
        from store.indexrows import DOC_MARKS

        self._read = file.stamp()
        size, empty, odd = self._read.size, [], []
        self._ids = set()
        with closing(sqlite3.connect(":memory:")) as db:
            for number, record in enumerate(file.scan()):
                if number % _PROGRESS == 0:
                    self._on_progress("reading articles", record.offset, size)
                try:
                    row, is_empty = _row_of(record)
                    db.execute(f"select {DOC_MARKS}", row)
                except Exception as error:
                    # Whatever the file holds, and wherever that has its effect: it is named.
                    odd.append((record.id, reason_of(error)))
                else:
                    if is_empty:
                        empty.append(record.id)
                self._ids.add(record.id)
        self._articles = len(self._ids)
        return empty, odd

    def _is_writable(self) -> bool:
        lock = FileLock(self._target.with_name(f"{self._target.name}.lock"), like=self._target)
        return may(self._target, os.W_OK) and lock.can_be_held()

    def _writable(self, file: LineFile) -> Iterator[Finding]:
        """Why the library opens for reading only, if it does."""
        if file.readonly_reason:
            yield Finding(
                "library", Level.WRONG,
                f"it opens for reading only: {file.readonly_reason.partition(';')[0]}",
                "update broadsheet to write", Kind.NEWER,
            )  # fmt: skip
        elif not may(self._target.parent, os.W_OK | os.X_OK):
            return  # told of the directory
        elif not may(self._target, os.W_OK):
            yield unwritable("library", "it opens for reading only: ", self._target)
        else:
            yield from lock_at_fault("library", self._target, "it opens for reading only: ")

    # ------------------------------------------------------------------------- around them

    def _surroundings(self) -> Iterator[Finding]:
        target, directory = self._target, self._target.parent
        try:
            # What was read may lie beside a link to the library.
            places = {directory, Path(os.path.realpath(self._library.parent))}
            names = {each: sorted(entry.name for entry in os.scandir(each)) for each in places}
        except OSError as error:
            yield Finding(
                "directory", Level.WRONG, f"{directory}: {error.strerror}",
                to_allow(directory, os.R_OK), Kind.PERMISSION,
            )  # fmt: skip
            return
        stems = tuple({path.name.removesuffix(".json") for path in (target, self._library)})
        for place in (each / name for each, there in names.items() for name in there):
            name = place.name
            if name.startswith(stems) and _CONFLICT.search(name):
                if ".reading" in name:
                    mend = "it holds what was read on the other machine; look at it, then remove it"
                else:
                    mend = f"{command('add', place)} takes in what is only there"
                yield Finding("directory", Level.NOTE, f"{name}: two machines wrote at once", mend)
        torn = directory / torn_of(target)
        if found := misplaced("directory", "what a crash cuts off cannot be put aside: ", torn):
            yield found
        elif torn.name in names[directory]:
            yield Finding(
                "directory", Level.NOTE,
                f"{torn.name}: records that a crash cut off, or that were outdone by others of "
                "their ids",
                "nothing needs it; look at it, then remove it",
            )  # fmt: skip
        if left := leftovers(self._library):
            yield Finding(
                "directory", Level.NOTE,
                f"{counted(len(left), 'unfinished file')} of programs that were killed", REPAIR,
                Kind.LEFT,
            )  # fmt: skip
        if not may(directory, os.W_OK | os.X_OK):
            yield Finding(
                "directory", Level.NOTE, f"{directory} cannot be written: it is for reading only",
                to_allow(directory, os.W_OK | os.X_OK),
            )  # fmt: skip
        with suppress(OSError):
            free, size = shutil.disk_usage(directory).free, target.stat().st_size
            if free < 2 * size:
                yield Finding(
                    "directory", Level.NOTE, f"{bytes_in_words(free)} are free on this disk",
                    f"edits and purges write the library anew: {bytes_in_words(size)}",
                )  # fmt: skip


def _row_of(record: Record) -> tuple[tuple[Any, ...], bool]:
    """The index row of a record, and whether there is nothing in it to show."""
    from store.article import Article
    from store.indexrows import columns
    from store.jsontext import loads
    from store.sanitize import clean_article

    article = Article.from_document(loads(record.raw), record.id)
    clean = clean_article(article)[0]
    row = columns(
        record.id, record.offset, record.length, record.raw, clean, clean=clean is article
    )
    return row, not (article.title or article.body or article.url)


def torn_of(library: Path) -> str:
    """The name of the file for what is no record; it lies beside the library, links followed."""
    return f"{Path(os.path.realpath(library)).name}.torn"


def _arrangement(file: LineFile) -> Iterator[Finding]:
    """What is to be said of a library that is not one article a line."""
    if file.shape is not Shape.FOREIGN:
        return
    yield Finding(
        "library", Level.NOTE,
        "another program or a person wrote it, not one article a line in the order of ids",
        "the next article added brings it into line form; all of it is read until then",
    )  # fmt: skip
    if doubled := file.doubled():
        these = "id stands" if len(doubled) == 1 else "ids stand"
        yield Finding(
            "library", Level.WRONG,
            f"{len(doubled)} {these} in it more than once, and the last counts: {some(doubled)}",
            f"{REPAIR} keeps the others in {torn_of(file.path)}", Kind.DOUBLED,
        )  # fmt: skip
