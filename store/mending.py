"""Mending what the examination of a library's files finds (see `doctor`).

A dated copy (see `copies`) is kept of each file before it is changed.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from store.atomic import remove_leftovers
from store.copies import copies_of, keep_dated
from store.doctor import Level, OnWork, bytes_in_words, examine, is_leftover, untold
from store.errors import LibraryError
from store.filelock import FileLock
from store.linefile import LineFile
from store.places import index_directory
from store.reading import ReadingFile


def repair(
    library: Path,
    *,
    cache_dir: str | os.PathLike[str] | None = None,
    on_progress: OnWork | None = None,
) -> list[str]:
    """Mend what `examine` finds and that can be mended.

    Returns:
        What was done, a line each; nothing if there was nothing to do.

    Raises:
        LibraryError: A file cannot be written, or the library file is past mending.
    """
    return list(_repaired(library, cache_dir, on_progress or untold))


def _repaired(
    library: Path, cache_dir: str | os.PathLike[str] | None, on_progress: OnWork
) -> Iterator[str]:
    findings = examine(library, cache_dir=cache_dir, on_progress=on_progress)
    wrong = {finding.about for finding in findings if finding.level is Level.WRONG}
    if not library.exists():
        return
    for path in (library, ReadingFile(library).path):
        yield from _restricted(path)
    yield from _cleared(library)
    if "library" in wrong:
        yield from _mended_library(library)
    if "reading file" in wrong:
        yield from _mended_reading(library)
    if "index" in wrong:
        directory, _ = index_directory(library, cache_dir)
        shutil.rmtree(directory, ignore_errors=True)
        from store.library import Library

        with Library(library, cache_dir=cache_dir, on_progress=on_progress) as opened:
            opened.wait_until_searchable(on_progress)
        yield "index: built anew"


def _mended_library(library: Path) -> Iterator[str]:
    file = LineFile(library)  # what is no library at all is refused here, untouched
    try:
        file.require_writable()
        with file.lock():
            kept = _copied(library, library, "library")
            torn = file.verify()
    finally:
        file.close()
    yield f"library: a copy is kept: {kept}"
    aside = f"; {bytes_in_words(torn)} put aside in {library.name}.torn" if torn else ""
    yield f"library: whole again{aside}"


def _mended_reading(library: Path) -> Iterator[str]:
    from store.restoring import restore_reading

    reading = ReadingFile(library)
    try:
        tables, _ = reading.load()
    except LibraryError:
        pass
    else:
        version = tables["meta"].get("1", {}).get("format")
        raise LibraryError(
            f"{reading.path}: a newer broadsheet wrote it (format {version}); it was left untouched"
        )
    for copy in copies_of(library):
        if copy.kind != "reading":
            continue
        with suppress(LibraryError):
            kept = restore_reading(library, copy.path)
            yield f"reading file: the damaged one is kept: {kept}"
            yield f"reading file: as it was on {copy.day}"
            return
    kept = reading.replace(b"{}")
    yield f"reading file: the damaged one is kept: {kept}"
    yield "reading file: there was no copy; everything is unread"


def _copied(library: Path, path: Path, kind: str) -> Path:
    """A copy of a file that is going to be changed in place."""
    try:
        return keep_dated(library, path, kind, linked=False)
    except OSError as error:
        raise LibraryError(
            f"no copy of {path} can be kept ({error.strerror}), so nothing was mended"
        ) from error


def _cleared(library: Path) -> Iterator[str]:
    """Remove what killed writers left; under the locks, so that nobody is writing."""
    for path in (library, ReadingFile(library).path):
        target = Path(os.path.realpath(path))
        lock = FileLock(target.with_name(f"{target.name}.lock"), like=target)
        try:
            with lock.hold():
                left = [p for p in target.parent.iterdir() if is_leftover(p.name, path)]
                remove_leftovers(target)
        except OSError:
            continue
        finally:
            lock.close()
        for leftover in left:
            yield f"directory: removed {leftover.name}"


def _restricted(path: Path) -> Iterator[str]:
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o007:
            path.chmod(mode & ~0o007)
            yield f"{path.name}: others can no longer read or write it"
