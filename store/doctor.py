"""Examining a library's files, and saying what is wrong and how to mend it; nothing is written.

`mending` does what is said.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple

from store.copies import copies_of
from store.errors import LibraryError, UnwritableIndexError
from store.index import Index
from store.indexrows import VERSION
from store.jsontext import loads
from store.linefile import LineFile, Shape
from store.migration import FORMAT
from store.places import index_directory
from store.reading import ReadingFile, Tables
from store.sqlitefile import DamagedError

#: Told what is examined or mended, how much of it is done and of how much.
OnWork = Callable[[str, int, int], None]

_REPAIR: Final = "broadsheet doctor --repair"
_PROGRESS: Final = 200  # records between two looks at how far it is
_NAMED: Final = 3  # ids or names given in a line

#: Names that programs which copy files between machines give to what they could not join:
#: Syncthing's, Dropbox's and ownCloud's.
_CONFLICT: Final = re.compile(r"\.sync-conflict-|conflicted copy|_conflict-", re.IGNORECASE)


class Level(Enum):
    """How it stands with something."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


class Finding(NamedTuple):
    """What was found out about one thing.

    Attributes:
        about: What it is: "library", "reading file", "index", …
        level: How it stands.
        text: What was found, one line.
        mend: What to do about it, one line; "" when that is nothing.
    """

    about: str
    level: Level
    text: str
    mend: str = ""


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
        self._reading = ReadingFile(library)
        self._cache_dir = cache_dir
        self._on_progress = on_progress
        self._articles = 0
        self._ids: set[int] | None = None
        self._file: LineFile | None = None

    def findings(self) -> Iterator[Finding]:
        if not self._library.exists() and not self._library.is_symlink():
            yield Finding(
                "library", Level.NOTE, f"{self._library} is not there yet",
                "it is made by the first `broadsheet add`",
            )  # fmt: skip
            return
        yield from self._library_file()
        yield from self._reading_file()
        if self._file is not None:
            yield from self._index(self._file)
            self._file.close()
        yield from self._surroundings()

    # ------------------------------------------------------------------------- library file

    def _library_file(self) -> Iterator[Finding]:
        try:
            file = LineFile(self._library, readonly=True)
        except LibraryError as error:
            yield Finding("library", Level.WRONG, str(error), _from_copies(self._library))
            return
        torn = file.torn()
        file.verify()  # opened for reading, it writes nothing: what follows stops at the tear
        try:
            empty = self._read_articles(file)
        except LibraryError as error:
            yield Finding("library", Level.WRONG, str(error), _REPAIR)
            file.close()
            return
        self._file = file
        size = file.stamp().size
        yield Finding(
            "library", Level.FINE,
            f"{self._library}: {_counted(self._articles, 'article')}, {bytes_in_words(size)}",
        )  # fmt: skip
        if torn is not None:
            what = (
                f"{bytes_in_words(torn)} that are no record" if torn else "its end was not written"
            )
            yield Finding("library", Level.WRONG, f"it is torn: {what}", _REPAIR)
        if file.shape is Shape.FOREIGN:
            yield Finding(
                "library", Level.NOTE, "another program wrote it, not one article a line",
                "the next article added brings it into line form; all of it is read until then",
            )  # fmt: skip
        if empty:
            yield Finding(
                "library", Level.NOTE,
                f"{_counted(len(empty), 'article')} with neither title nor text: {_some(empty)}",
            )  # fmt: skip
        yield from _access(self._library, "library")

    def _read_articles(self, file: LineFile) -> list[int]:
        """Parse every record; ids of those with nothing to show."""
        from store.article import Article

        size, empty = file.stamp().size, []
        self._ids = set()
        for number, record in enumerate(file.scan()):
            if number % _PROGRESS == 0:
                self._on_progress("reading articles", record.offset, size)
            try:
                article = Article.from_document(loads(record.raw), record.id)
            except ValueError as error:
                raise LibraryError(f"article {record.id} cannot be read: {error}") from None
            if not (article.title or article.body or article.url):
                empty.append(record.id)
            self._ids.add(record.id)
        self._articles = len(self._ids)
        return empty

    # ------------------------------------------------------------------------- reading file

    def _reading_file(self) -> Iterator[Finding]:
        path = self._reading.path
        if not path.exists():
            yield Finding("reading file", Level.FINE, "nothing was read or marked yet")
            return
        try:
            tables, stamp = self._reading.load()
        except LibraryError as error:
            yield Finding("reading file", Level.WRONG, str(error), _from_copies(self._library))
            return
        states, highlights = len(tables["states"]), len(tables["highlights"])
        yield Finding(
            "reading file", Level.FINE,
            f"{path}: {_counted(states, 'state')}, {_counted(highlights, 'highlight')}, "
            f"{_counted(len(tables['feeds']), 'subscription')}, {bytes_in_words(stamp.size)}",
        )  # fmt: skip
        version = tables["meta"].get("1", {}).get("format", FORMAT)
        if isinstance(version, int) and version > FORMAT:
            yield Finding(
                "reading file", Level.WRONG, f"a newer broadsheet wrote it (format {version})",
                "install that version; this one may not know all that is in it",
            )  # fmt: skip
        yield from self._strays(tables)
        yield from _access(path, "reading file")
        daily = [c for c in copies_of(self._library) if c.kind == "reading" and not c.at]
        if daily:
            yield Finding(
                "copies", Level.FINE,
                f"of the reading file, the last days': {', '.join(c.day for c in daily)}",
            )  # fmt: skip

    def _strays(self, tables: Tables) -> Iterator[Finding]:
        """What is kept of articles that are no longer in the library."""
        if self._ids is None:
            return
        ids = self._ids
        states = sum(not _is_among(key, ids) for key in tables["states"])
        marked = sum(
            not _is_among(str(document.get("article", "")), ids)
            for document in tables["highlights"].values()
        )
        if states or marked:
            kept = " and ".join(
                _counted(number, what)
                for number, what in ((states, "state"), (marked, "highlight"))
                if number
            )
            yield Finding(
                "reading file", Level.NOTE, f"{kept} of articles that are not in the library",
                "kept, should the articles come back; they harm nothing",
            )  # fmt: skip

    # ------------------------------------------------------------------------- index

    def _index(self, file: LineFile) -> Iterator[Finding]:
        directory, scratch = index_directory(self._library, self._cache_dir)
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)
            yield Finding(
                "index", Level.WRONG, "the cache directory cannot be written",
                "without one the index is built at every start: make it writable",
            )  # fmt: skip
            return
        columns = directory / "columns.sqlite"
        if not columns.exists():
            yield Finding("index", Level.NOTE, "not built yet", "the next start builds it")
            return
        if _index_version(columns) != str(VERSION):
            yield Finding(
                "index", Level.NOTE, "another version of broadsheet built it",
                "the next start builds it anew",
            )  # fmt: skip
            return
        self._on_progress("examining the index", 0, 1)
        try:
            index = Index(columns)
        except (OSError, sqlite3.Error, UnwritableIndexError) as error:
            yield Finding("index", Level.WRONG, f"it cannot be opened: {error}", _REPAIR)
            return
        try:
            yield from self._opened_index(file, index, directory)
        except DamagedError as error:
            yield Finding("index", Level.WRONG, f"it is damaged: {error}", _REPAIR)
        finally:
            index.close()

    def _opened_index(self, file: LineFile, index: Index, directory: Path) -> Iterator[Finding]:
        from store.indexing import in_step

        index.verify(lambda: False, lambda: None)
        size = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
        count, waiting = index.count(), index.todo_count()
        yield Finding(
            "index",
            Level.FINE,
            f"{_counted(count, 'article')}, {bytes_in_words(size)}, in {directory}",
        )
        if not in_step(file, self._reading, index):
            yield Finding(
                "index", Level.NOTE, "the files have changed since",
                "the next start takes in what is new",
            )  # fmt: skip
        elif count != self._articles:
            yield Finding(
                "index", Level.WRONG,
                f"it holds {count:,} articles, the library {self._articles:,}", _REPAIR,
            )  # fmt: skip
        if waiting:
            yield Finding(
                "index", Level.NOTE,
                f"{_counted(waiting, 'article')} cannot be found by words yet",
                "an open app goes on with it",
            )  # fmt: skip
        elif (found := _words_in(directory / "words")) != count:
            yield Finding(
                "index", Level.WRONG,
                "its full text is damaged" if found is None
                else f"its full text holds {found:,} of {count:,} articles",
                _REPAIR,
            )  # fmt: skip

    # ------------------------------------------------------------------------- around them

    def _surroundings(self) -> Iterator[Finding]:
        target = Path(os.path.realpath(self._library))
        directory = target.parent
        stem = self._library.name.removesuffix(".json")
        try:
            names = sorted(entry.name for entry in os.scandir(directory))
        except OSError as error:
            yield Finding("directory", Level.WRONG, f"{directory}: {error.strerror}")
            return
        for name in names:
            if name.startswith(stem) and _CONFLICT.search(name):
                if ".reading" in name:
                    mend = "it holds what was read on the other machine; look at it, then remove it"
                else:
                    mend = f"broadsheet add {directory / name} takes in what is only there"
                yield Finding("directory", Level.NOTE, f"{name}: two machines wrote at once", mend)
        if f"{self._library.name}.torn" in names:
            yield Finding(
                "directory", Level.NOTE,
                f"{self._library.name}.torn: what a crash left of records that were never whole",
                "nothing needs it; look at it, then remove it",
            )  # fmt: skip
        left = [name for name in names if is_leftover(name, self._library, self._reading.path)]
        if left:
            yield Finding(
                "directory", Level.NOTE,
                f"{_counted(len(left), 'unfinished file')} of programs that were killed", _REPAIR,
            )  # fmt: skip
        if not os.access(directory, os.W_OK | os.X_OK):
            yield Finding(
                "directory", Level.NOTE, f"{directory} cannot be written: it is for reading only"
            )
        with suppress(OSError):
            free, size = shutil.disk_usage(directory).free, target.stat().st_size
            if free < 2 * size:
                yield Finding(
                    "directory", Level.NOTE, f"{bytes_in_words(free)} are free on this disk",
                    f"edits and purges write the library anew: {bytes_in_words(size)}",
                )  # fmt: skip


def _access(path: Path, about: str) -> Iterator[Finding]:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return
    if mode & 0o002:
        yield Finding(about, Level.WRONG, f"anybody can write {path.name}", _REPAIR)
    elif mode & 0o004 and _is_reachable(path):
        yield Finding(about, Level.NOTE, f"anybody on this machine can read {path.name}", _REPAIR)


def _is_reachable(path: Path) -> bool:
    """Whether others may enter the directories above."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def _from_copies(library: Path) -> str:
    there = copies_of(library)
    if there:
        return f"broadsheet restore --list shows {_counted(len(there), 'copy', 'copies')} of it"
    return "restore it from a backup: broadsheet restore FILE"


def _index_version(columns: Path) -> str | None:
    """The version of an index, looked at without opening it for writing; None if it has none."""
    try:
        db = sqlite3.connect(f"{columns.absolute().as_uri()}?mode=ro", uri=True)
        try:
            row = db.execute("select value from meta where key = 'version'").fetchone()
        finally:
            db.close()
    except sqlite3.Error:
        return str(VERSION)  # damage, which opening it tells more about
    return None if row is None else str(row[0])


def _words_in(directory: Path) -> int | None:
    """Articles in the full text; None if it cannot be opened."""
    from store.fulltext import FullText
    from store.wordkeeper import is_panic

    if not (directory / "meta.json").exists():
        return None
    try:
        return len(FullText(directory))
    except (OSError, ValueError):
        return None
    except BaseException as error:
        if is_panic(error):
            return None
        raise


def is_leftover(name: str, *paths: Path) -> bool:
    """Whether a killed writer of one of these files left a file of that name."""
    return any(
        re.fullmatch(rf"\.{re.escape(path.name)}\.[0-9a-f]{{8}}\.tmp", name) for path in paths
    )


def _is_among(key: str, ids: set[int]) -> bool:
    return key.removeprefix("-").isdecimal() and int(key) in ids


def _some(ids: list[int]) -> str:
    shown = ", ".join(map(str, ids[:_NAMED]))
    return f"{shown}, …" if len(ids) > _NAMED else shown


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def bytes_in_words(size: int) -> str:
    """A size for people, in powers of a thousand."""
    amount, unit = float(size), "bytes"
    for larger in ("kB", "MB", "GB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{size:,} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"


def untold(_what: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""
