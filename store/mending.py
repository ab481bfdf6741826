"""Mending what the examination of a library's files finds (see `doctor`).

A dated copy (see `copies`) is kept of each file before its contents are changed.  What cannot be
mended is told and hinders nothing else.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from store.atomic import remove_at_once
from store.copies import copies_of, keep_dated
from store.doctor import examine, torn_of
from store.errors import LibraryError, remedy
from store.filelock import FileLock
from store.findings import Finding, Kind, Level, OnWork, bytes_in_words, counted, reason_of, untold
from store.leftovers import clear
from store.linefile import LineFile
from store.places import index_place
from store.reading import ReadingFile
from store.remembered import let_come_again


def repair(
    library: Path,
    *,
    cache_dir: str | os.PathLike[str] | None = None,
    on_progress: OnWork | None = None,
) -> list[str]:
    """Mend what `examine` finds and that can be mended.

    Returns:
        What was done, and what could not be done and why, a line each; nothing if there was
        nothing to do.
    """
    return list(_Repair(library, cache_dir, on_progress or untold).done())


class _Repair:
    def __init__(
        self, library: Path, cache_dir: str | os.PathLike[str] | None, on_progress: OnWork
    ) -> None:
        self._library = library
        self._cache_dir = cache_dir
        self._on_progress = on_progress
        self._kept: list[Path] = []  # what was damaged, before it was mended

    def done(self) -> Iterator[str]:
        findings = examine(self._library, cache_dir=self._cache_dir, on_progress=self._on_progress)
        for finding in findings:
            if finding.kind is Kind.STRANGE:  # and so is what lies beside it
                yield f"{finding.about}: not mended: {finding.text}"
                return
        for finding in findings:
            if finding.level is Level.WRONG and finding.kind in (Kind.NEWER, Kind.PERMISSION):
                yield f"{finding.about}: not mended: {finding.text}; {finding.mend}"
        seen = set()
        for finding in findings:
            if (finding.about, finding.kind) in seen:
                continue
            seen.add((finding.about, finding.kind))
            try:
                yield from self._mended(finding)
            except LibraryError as error:
                yield f"{finding.about}: not mended: {error}"
            except OSError as error:
                where = f"{error.filename}: " if error.filename else ""
                yield f"{finding.about}: not mended: {where}{remedy(error)}"
            except Exception as error:
                # Whatever the files hold that nobody foresaw: the rest is mended all the same.
                yield f"{finding.about}: not mended: {reason_of(error)}"
        if (Kind.DAMAGE, "library") in {(finding.kind, finding.about) for finding in findings}:
            with suppress(LibraryError, OSError, ValueError):  # what is wrong was told
                yield from _let_come_again(self._library)

    def _mended(self, finding: Finding) -> Iterator[str]:
        match finding.kind, finding.about:
            case Kind.EXPOSED, "library":
                yield from _restricted(self._library)
            case Kind.EXPOSED, _:
                yield from _restricted(ReadingFile(self._library).path)
            case Kind.LEFT, _:
                for path in clear(self._library):
                    yield f"directory: removed {path.name}"
            case Kind.DAMAGE | Kind.DOUBLED, "library":
                doubled = finding.kind is Kind.DOUBLED
                yield from _mended_library(self._library, self._kept, doubled=doubled)
            case Kind.DAMAGE, "reading file":
                yield from _mended_reading(self._library, self._kept)
            case Kind.DAMAGE, "index":
                yield from self._mended_index()

    def _mended_index(self) -> Iterator[str]:
        from store.library import Library

        with suppress(FileNotFoundError):
            _emptied(index_place(self._library, self._cache_dir))
        with Library(
            self._library, cache_dir=self._cache_dir, on_progress=self._on_progress
        ) as opened:
            opened.wait_until_searchable(self._on_progress)
        yield "index: built anew"


def _emptied(index: Path) -> None:
    """Remove an index, but for its locks, while nobody writes it.

    Programs that are running find it gone, and go on with the new one.

    Raises:
        OSError: It is not there, or cannot be removed.
        LibraryError: Something else is in the place of a lock.
    """
    with ExitStack() as stack:
        for name in ("columns", "words"):
            lock = FileLock(index / f"{name}.lock", like=index / "columns.sqlite")
            stack.callback(lock.close)
            stack.enter_context(lock.hold())
        for entry in list(os.scandir(index)):
            if entry.is_dir(follow_symlinks=False):
                remove_at_once(Path(entry.path))
            elif not entry.name.endswith(".lock"):
                Path(entry.path).unlink(missing_ok=True)


def _mended_library(library: Path, made: list[Path], *, doubled: bool) -> Iterator[str]:
    """Mend the library file; the copy that is kept of it is added to `made`."""
    file = LineFile(library)  # what is no library at all is refused here, untouched
    try:
        file.require_writable()
        with file.lock():
            kept = _copied(library, library, "library")
            made.append(kept)
            torn = file.torn()  # finds out, too, whether it is JSON in another arrangement
            outdone = len(file.doubled())
            if doubled:
                file.convert()
            else:
                file.verify()
    finally:
        file.close()
    yield f"library: a copy is kept: {kept}"
    if doubled:
        these = counted(outdone, "id is", "ids are")
        yield f"library: {these} there once; what was outdone is in {torn_of(library)}"
        return
    aside = f"; {bytes_in_words(torn)} put aside in {torn_of(library)}" if torn else ""
    yield f"library: whole again{aside}"


def _let_come_again(library: Path) -> Iterator[str]:
    """Let feeds bring again what was lost by damage, as far as they still have it."""
    file, reading = LineFile(library, readonly=True), ReadingFile(library)
    try:
        missing = let_come_again(reading, file)
    finally:
        file.close()
        reading.close()
    if missing:
        these = counted(missing, "article is", "articles are")
        yield f"reading file: {these} missing that came from feeds: a refresh brings what is left"


def _mended_reading(library: Path, made: list[Path]) -> Iterator[str]:
    """Let the reading file be as on the last day of which there is a sound copy.

    Of days before another library took the place of this one they tell of other articles under the
    same ids, and so may what was replaced.  `made` are the copies that this very repair made.
    """
    from store.restoring import restore_reading

    copies = [copy for copy in copies_of(library) if copy.path not in made]
    replaced = next((copy.day for copy in copies if copy.kind == "library"), "")
    there = [copy for copy in copies if copy.kind == "reading"]
    for copy in there:
        if copy.at or copy.day < replaced:
            continue
        try:
            restore_reading(library, copy.path, dry_run=True)
        except LibraryError:
            continue  # an older one may be sound
        kept = restore_reading(library, copy.path)
        yield f"reading file: the damaged one is kept: {kept}"
        yield f"reading file: as it was on {copy.day}"
        return
    reading = ReadingFile(library)
    try:
        kept = reading.replace(b"{}")
    finally:
        reading.close()
    yield f"reading file: the damaged one is kept: {kept}"
    if not there:
        yield "reading file: there was no copy; everything is unread"
        return
    since = f" since {library.name} was replaced or mended on {replaced}" if replaced else ""
    yield (
        f"reading file: there was no sound daily copy{since}; everything is unread; "
        "`broadsheet restore --list` shows what else is kept"
    )


def _copied(library: Path, path: Path, kind: str) -> Path:
    """A copy of a file that is going to be changed in place."""
    try:
        return keep_dated(library, path, kind, linked=False)
    except OSError as error:
        raise LibraryError(
            f"no copy of {path} can be kept ({error.strerror}), so nothing was changed"
        ) from error


def _restricted(path: Path) -> Iterator[str]:
    mode = stat.S_IMODE(path.stat().st_mode)
    path.chmod(mode & ~0o007)
    yield f"{path.name}: others can no longer read or write it"
