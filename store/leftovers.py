"""Unfinished files that killed programs left beside a library: which these are, and their end."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Final

from store.appearing import remove_unfinished, unfinished
from store.atomic import remove_leftovers
from store.besides import reading_of
from store.copies import backups_of
from store.filelock import FileLock

#: What lies in the directory of the copies: those, and backups under any name.
_KEPT: Final = re.compile(r"(?:library|reading)-\d{4}-\d{2}-\d{2}.*\.json|.+\.zip")


def leftovers(library: Path) -> list[Path]:
    """The files that killed programs left beside a library and among its copies."""
    return [*chain.from_iterable(map(_of, _files(library))), *_unfinished(library)]


def clear(library: Path) -> Iterator[Path]:
    """Remove them, under the locks by which they are written; those that are gone then.

    Raises:
        OSError: A lock cannot be held.
        LibraryError: Something else is in the place of a lock.
    """
    for file in _files(library):
        lock = FileLock(file.with_name(f"{file.name}.lock"), like=file)
        try:
            with lock.hold():
                left = _of(file)
                remove_leftovers(file)
        finally:
            lock.close()
        yield from (path for path in left if not path.exists())
    yield from filter(remove_unfinished, _unfinished(library))


def _files(library: Path) -> list[Path]:
    """Both files of a library, links followed."""
    return [Path(os.path.realpath(name)) for name in (library, reading_of(library))]


def _of(file: Path) -> list[Path]:
    """What a killed writer of that file left."""
    pattern = re.compile(rf"\.{re.escape(file.name)}\.[0-9a-f]{{8}}\.tmp")
    with suppress(OSError):
        return sorted(path for path in file.parent.iterdir() if pattern.fullmatch(path.name))
    return []


def _unfinished(library: Path) -> Iterator[Path]:
    """Copies and backups that were not finished; backups elsewhere are not known."""
    stem = re.escape(library.name.removesuffix(".json"))
    beside = re.compile(rf"{stem}-\d{{4}}-\d{{2}}-\d{{2}}T\d{{6}}\.zip")
    for directory, names in ((backups_of(library), _KEPT), (library.parent, beside)):
        with suppress(OSError):
            yield from unfinished(directory, names)
