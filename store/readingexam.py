"""Examining the reading file: nothing is written (see `doctor`)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from store.access import exposure, lock_at_fault, may, unread, unwritable
from store.besides import other_reading_of
from store.findings import Finding, Kind, Level, bytes_in_words, counted, reason_of
from store.migration import FORMAT, format_of
from store.numbers import id_of
from store.reading import ReadingFile, Tables


def examine_reading(
    library: Path,
    reading: ReadingFile,
    ids: set[int] | None,
    library_is_writable: Callable[[], bool],
) -> Iterator[Finding]:
    """Examine the reading file of a library.

    Args:
        library: The library file.
        reading: Its reading file.
        ids: Of the articles in the library; None when that could not be read.
        library_is_writable: Whether what keeps a mark from being made is the reading file's.
    """
    path = reading.path
    if other := other_reading_of(library):
        yield Finding(
            "reading file", Level.NOTE,
            f"{library.name} is a link: the marks in {path} count, those in {other} do not",
            f"open it by one name, or move {path} away for the others to count",
        )  # fmt: skip
    if not os.path.lexists(path) and may(path.parent, os.X_OK):
        yield Finding("reading file", Level.FINE, "nothing was read or marked yet")
        yield from _unmarkable(reading, library_is_writable)
        return
    try:
        tables, stamp = reading.load()
    except Exception as error:
        # Whatever the file holds: no traceback is of use to the person.
        yield unread("reading file", path, library, error)
        return
    states, highlights = len(tables["states"]), len(tables["highlights"])
    yield Finding(
        "reading file", Level.FINE,
        f"{path}: {counted(states, 'state')}, {counted(highlights, 'highlight')}, "
        f"{counted(len(tables['feeds']), 'subscription')}, {bytes_in_words(stamp.size)}",
    )  # fmt: skip
    version = format_of(tables)
    if version > FORMAT:
        yield Finding(
            "reading file", Level.WRONG, f"a newer broadsheet wrote it (format {version})",
            "install that version; this one may not know all that is in it", Kind.NEWER,
        )  # fmt: skip
    yield from _odd_rows(tables, path)
    yield from _strays(tables, ids)
    yield from exposure(path, "reading file")
    yield from _unmarkable(reading, library_is_writable)


def _unmarkable(reading: ReadingFile, library_is_writable: Callable[[], bool]) -> Iterator[Finding]:
    """What keeps a mark from being made; the file may be there or not."""
    about, so = "reading file", "nothing can be marked: "
    target = Path(os.path.realpath(reading.path))
    if may(target.parent, os.W_OK | os.X_OK):
        if reading.is_readonly():
            yield unwritable(about, so, target)
        yield from lock_at_fault(about, target, so)
    elif library_is_writable():  # else it is told of the library, or of the directory
        yield unwritable(about, so, target.parent)


def _strays(tables: Tables, ids: set[int] | None) -> Iterator[Finding]:
    """What is kept of articles that are no longer in the library."""
    if ids is None:
        return
    states = sum(not _is_among(key, ids) for key in tables["states"])
    marked = sum(document.get("article") not in ids
                 for document in tables["highlights"].values()
                 if isinstance(document.get("article"), int))  # fmt: skip
    if states or marked:
        kept = " and ".join(
            counted(number, what)
            for number, what in ((states, "state"), (marked, "highlight"))
            if number
        )
        yield Finding(
            "reading file", Level.NOTE, f"{kept} of articles that are not in the library",
            "kept, should the articles come back; they harm nothing",
        )  # fmt: skip


def _odd_rows(tables: Tables, path: Path) -> Iterator[Finding]:
    """States and highlights that the index cannot take in."""
    from store.highlights import highlight_of
    from store.indexrows import state_row
    from store.moments import wall_seconds
    from store.reading import state_of

    def row_of(name: str, key: str, document: dict[str, Any]) -> tuple[Any, ...] | None:
        if name == "states":
            state = state_of(document)
            number = id_of(key)
            return None if number is None else state_row(number, state, wall_seconds(state.read_at))
        highlight = highlight_of(key, document)
        return highlight and (highlight.id, highlight.article, highlight.quote, highlight.note)

    with closing(sqlite3.connect(":memory:")) as db:
        for name in ("states", "highlights"):
            for key, document in tables[name].items():
                try:
                    row = row_of(name, key, document)
                    if row is not None:
                        db.execute(f"select {', '.join('?' * len(row))}", row)
                except Exception as error:
                    # As of articles: it is named, whatever it is.
                    what = "the state of article" if name == "states" else "highlight"
                    yield Finding(
                        "reading file", Level.WRONG,
                        f"{what} {key[:40]} cannot be indexed: {reason_of(error)}",
                        f"mend what is said of it in {path.name}, while the app is closed",
                    )  # fmt: skip


def _is_among(key: str, ids: set[int]) -> bool:
    return id_of(key) in ids
