"""Examining the side index: all of it is read, nothing is written (see `doctor`)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from store.access import lock_at_fault, may, to_allow
from store.errors import UnwritableIndexError
from store.findings import REPAIR, Finding, Kind, Level, OnWork, bytes_in_words, counted
from store.index import Index
from store.linefile import LineFile, Stamp
from store.places import index_place
from store.reading import ReadingFile
from store.segments import Segments
from store.sqlitefile import DamagedError
from store.sqlitelook import OtherVersionError

_ANEW = f"{REPAIR} makes the index anew"


def examine_index(
    file: LineFile,
    reading: ReadingFile,
    cache_dir: str | os.PathLike[str] | None,
    articles: int,
    read: Stamp | None,
    on_progress: OnWork,
) -> Iterator[Finding]:
    """Examine the side index of a library.

    Args:
        file: The library file.
        reading: Its reading file.
        cache_dir: Where the index is; by default under the XDG cache directory.
        articles: How many the library holds.
        read: The stamp under which it was found to hold them.
        on_progress: Told how far it is.
    """
    directory = index_place(file.path, cache_dir)
    columns = directory / "columns.sqlite"
    try:
        if barred := _barred(directory):
            yield barred
            return
        for guarded in (directory / "columns", directory / "words"):
            if directory.exists():
                yield from lock_at_fault("index", guarded, "it cannot be brought up to date: ")
        if not columns.exists():
            yield Finding("index", Level.NOTE, "not built yet", "the next start builds it")
            return
        yield from _Columns(directory, file, reading, articles, read, on_progress).findings()
    except OSError as error:
        yield Finding(
            "index", Level.WRONG, f"it cannot be read: {error.strerror or error}", _ANEW,
            Kind.DAMAGE,
        )  # fmt: skip


def _barred(directory: Path) -> Finding | None:
    """What keeps an index from being put where it belongs; None if it can be."""
    while not os.path.lexists(directory) and directory != directory.parent:
        directory = directory.parent
    about, anew = "index", "without one the index is built at every start: "
    with suppress(PermissionError):  # where a link leads; told below
        if not directory.is_dir():
            text = f"it cannot be kept: {directory.name} is no directory"
            return Finding(about, Level.WRONG, text, f"{anew}move it away: {directory}")
    if may(directory, os.W_OK | os.X_OK):
        return None
    mend = to_allow(directory, os.W_OK | os.X_OK)
    text = "the cache directory cannot be written"
    return Finding(about, Level.WRONG, text, f"{anew}{mend}", Kind.PERMISSION)


class _Columns:
    def __init__(
        self,
        directory: Path,
        file: LineFile,
        reading: ReadingFile,
        articles: int,
        read: Stamp | None,
        on_progress: OnWork,
    ) -> None:
        self._directory = directory
        self._columns = directory / "columns.sqlite"
        self._file = file
        self._reading = reading
        self._articles = articles
        self._read = read
        self._on_progress = on_progress

    def findings(self) -> Iterator[Finding]:
        self._on_progress("examining the index", 0, 1)
        before = self._signs()
        found: list[Finding] = []
        try:
            index = Index(self._columns, readonly=True)
            try:
                found += self._opened(index)
            finally:
                index.close()
        except OtherVersionError:
            found = [
                Finding(
                    "index", Level.NOTE, "another version of broadsheet built it",
                    "the next start builds it anew",
                )
            ]  # fmt: skip
        except DamagedError as error:
            found.append(_damage(f"it is damaged: {error}"))
        except (sqlite3.Error, UnwritableIndexError) as error:
            found.append(_damage(f"it cannot be opened: {error}"))
        if self._signs() != before and any(one.level is Level.WRONG for one in found):
            # What was read of it belongs to different moments.
            found = [
                Finding(
                    "index", Level.NOTE, "an open app was writing it",
                    "examine it again when that is done",
                )
            ]  # fmt: skip
        yield from found

    def _signs(self) -> list[tuple[int, int, int]]:
        """What changes when somebody writes the columns or the full text."""
        signs = []
        for path in (self._columns, Path(f"{self._columns}-wal"), self._words / "meta.json"):
            with suppress(FileNotFoundError):
                status = path.stat()
                signs.append((status.st_ino, status.st_size, status.st_mtime_ns))
        return signs

    @property
    def _words(self) -> Path:
        return self._directory / "words"

    def _opened(self, index: Index) -> Iterator[Finding]:
        from store.indexing import in_step

        index.verify(lambda: False, lambda: None)
        count, waiting = index.count(), index.todo_count()
        size = sum(path.stat().st_size for path in self._directory.rglob("*") if path.is_file())
        yield Finding(
            "index",
            Level.FINE,
            f"{counted(count, 'article')}, {bytes_in_words(size)}, in {self._directory}",
        )
        if self._file.stamp() != self._read or not in_step(self._file, self._reading, index):
            yield Finding(
                "index", Level.NOTE, "the files have changed since",
                "the next start takes in what is new",
            )  # fmt: skip
        elif count != self._articles:
            yield _damage(f"it holds {count:,} articles, the library {self._articles:,}")
        yield from self._full_text(index, count, waiting)

    def _full_text(self, index: Index, count: int, waiting: int) -> Iterator[Finding]:
        """Examine the full text; `count` articles are in the columns.

        It has yet to take in or to forget those that are `waiting`.
        """
        segments = Segments(self._words)
        (noted,) = index.meta("segments")
        if noted or (self._words / "meta.json").exists() or (count and not waiting):
            faults = list(segments.faults(noted))
            yield from (_damage(f"its full text is damaged: words/{fault}") for fault in faults)
            if not faults and not waiting and (found := segments.count()) != count:
                yield _damage(f"its full text holds {found:,} of {count:,} articles")
        if unfound := index.unfound_count():
            yield Finding(
                "index", Level.NOTE,
                f"{counted(unfound, 'article')} cannot be found by words yet",
                "an open app goes on with it",
            )  # fmt: skip


def _damage(text: str) -> Finding:
    return Finding("index", Level.WRONG, text, _ANEW, Kind.DAMAGE)
