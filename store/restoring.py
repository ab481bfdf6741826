"""Putting a library back: out of a backup (see `backup`), or out of a copy of one of its files.

Nothing is restored before every byte was examined, and what is replaced is kept as a dated copy
(see `copies`).
"""

from __future__ import annotations

import errno
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Final, NamedTuple

from store.atomic import create_directories, replace_file, sync_directory, temporary_beside
from store.backup import LIBRARY, PART, READING, Backup, OnWork, Told, about_of, checked, opened
from store.backupexam import newer_library, packed_library, packed_reading, require_library
from store.copies import keep_dated
from store.errors import LibraryError, remedy
from store.filelock import FileLock
from store.given import noted
from store.interrupted import NotPutBackError, forget, marked
from store.linefile import LineFile, Shape
from store.migration import FORMAT, format_of
from store.numbers import MAX_ID, whole
from store.reading import ReadingFile, Tables
from store.regular import read_regular
from store.remembered import let_come_again
from store.shell import command

#: What the system says where something else than is wanted has a name.
_IN_THE_WAY: Final = (errno.EEXIST, errno.ENOTDIR, errno.ELOOP)


class Restored(NamedTuple):
    """What a restoration did.

    Attributes:
        backup: What was restored.
        kept: The dated copies of what was there before.
    """

    backup: Backup
    kept: tuple[Path, ...]


def restore_backup(
    library: Path,
    path: Path,
    *,
    dry_run: bool = False,
    on_progress: OnWork | None = None,
) -> Restored:
    """Put a backup in the place of a library, whatever is there now; that is kept.

    An open app takes it in as it does any change of its files.

    Args:
        library: The library file; it need not be there.
        path: The backup.
        dry_run: Only examine the backup.
        on_progress: Told how far it is.

    Raises:
        LibraryError: It is no backup, it is damaged, it holds files of a newer format and there is
            a library, or a file cannot be written; the library is as it was then.
    """
    with opened(path) as archive:
        backup = about_of(archive, path)
        told = Told(on_progress, "examining", sum(backup.sizes.values()))
        try:
            newer = packed_library(archive, path, backup, told, unpack=dry_run)
        except OSError as error:
            raise LibraryError(f"{path} could not be examined: {_why(error)}") from error
        _refuse_newer(library, path, newer)
        if READING in backup.sizes:
            _refuse_newer(library, path, packed_reading(archive, path, backup, told))
        if dry_run:
            return Restored(backup, ())
        told = Told(on_progress, "restoring", backup.sizes[LIBRARY])
        try:
            return Restored(backup, tuple(_put(library, archive, path, backup, told)))
        except OSError as error:
            raise LibraryError(f"{library} could not be restored: {_why(error)}") from error


def restore_reading(library: Path, path: Path, *, dry_run: bool = False) -> Path | None:
    """Put a copy of a reading file in the place of the library's.

    Args:
        library: The library file.
        path: The copy.
        dry_run: Only examine the copy.

    Returns:
        The dated copy of what was there; None when there was nothing.

    Raises:
        LibraryError: `path` is no reading file or of a newer version, or a file cannot be read or
            written; the reading file is as it was then.
    """
    raw = _examined_reading(library, path)
    if dry_run:
        return None
    reading = ReadingFile(library)
    try:
        return reading.replace(raw)
    except OSError as error:
        raise LibraryError(f"{reading.path} could not be restored: {_why(error)}") from error
    finally:
        reading.close()


def _examined_reading(library: Path, path: Path) -> bytes:
    """The bytes of a copy of a reading file that can take its place.

    Raises:
        LibraryError: It is none, or cannot be read.
    """
    copy = ReadingFile(library)
    copy.path = path
    try:
        raw = read_regular(path)
        if raw.translate(None, b" \t\r\n") in (b"", b"{}"):
            raise _blank(path)
        tables, _ = copy.load()
    except OSError as error:
        raise LibraryError(f"{path} cannot be read: {error.strerror or error}") from error
    if "articles" in tables:
        raise LibraryError(f"{path} is a library file, not what was read in one")
    if (version := format_of(tables)) > FORMAT:
        raise LibraryError(f"{path}: a newer broadsheet wrote it (format {version})")
    return raw


def restore_library(library: Path, path: Path, *, dry_run: bool = False) -> Path | None:
    """Put a copy of a library file in the place of the library's; the reading file stays.

    Args:
        library: The library file.
        path: The copy.
        dry_run: Only examine the copy.

    Returns:
        The dated copy of what was there; None when there was nothing.

    Raises:
        LibraryError: `path` is no library or a damaged one, it is of a newer format and there is a
            library, or a file cannot be written; the library is as it was then.
    """
    copy = LineFile(path, readonly=True)
    try:
        if copy.shape is Shape.EMPTY:
            raise _blank(path)
        if copy.torn() is not None:
            raise LibraryError(
                f"{path} is damaged: `{command('--library', path, 'doctor', '--repair')}` mends it"
            )
        _refuse_newer(library, path, newer_library(next(copy.contents(), b"")))
        if dry_run:
            return None
        with _replacing(library, copy.contents(), nullcontext()) as kept:
            forget(library)
            reading = ReadingFile(library)
            try:
                _note_given(reading, kept)
                with suppress(LibraryError, OSError, ValueError):  # it may be damaged
                    let_come_again(reading, copy)
            finally:
                reading.close()
            return kept
    except OSError as error:
        raise LibraryError(f"{library} could not be restored: {_why(error)}") from error
    finally:
        copy.close()


def _blank(path: Path) -> LibraryError:
    return LibraryError(f"{path} is empty: there is no table in it")


def _why(error: OSError) -> str:
    """Which file or directory was at fault, what the system says, and what to do about it."""
    place = Path(os.fsdecode(error.filename or ""))
    if place.name.startswith(".") and place.suffix == ".tmp":
        place = place.parent  # in which a file was to be made
    while error.errno == errno.ENOTDIR and not os.path.lexists(place):
        place = place.parent
    where = f"{place}: " if error.filename else ""
    if error.errno in _IN_THE_WAY:
        return f"{where}{error.strerror}; move it away"
    return f"{where}{remedy(error)}"


def _note_given(reading: ReadingFile, kept: Path | None) -> None:
    """Let no id be given again that an article of the library had which was replaced.

    What was marked there may be saved only now, by a program that has it open.
    """
    if kept is None:
        return
    with suppress(LibraryError, OSError, ValueError):  # it may be damaged: that is why
        file = LineFile(kept, readonly=True)
        try:
            last = whole(file.last_id(), MAX_ID - 1)
        finally:
            file.close()

        def note(tables: Tables) -> bool:
            if noted(tables, "2", "highest") >= last:
                return False
            tables["meta"].setdefault("2", {})["highest"] = last
            return True

        reading.update(note)


def _refuse_newer(library: Path, path: Path, version: int) -> None:
    """See that what a newer version wrote takes no library's place: it could only be read.

    Where there is none, that is better than nothing.

    Args:
        library: The library file.
        path: What is to be restored.
        version: The newer format; 0 for one that is known.

    Raises:
        LibraryError: It would.
    """
    if version and os.path.lexists(library):
        raise LibraryError(
            f"{path}: a newer broadsheet wrote what is in it (format {version}), and this one "
            "could only read it; nothing was restored; update broadsheet"
        )


@contextmanager
def _replacing(
    library: Path,
    contents: Iterable[bytes],
    around: AbstractContextManager[None],
    examine: Callable[[Path], object] | None = None,
) -> Iterator[Path | None]:
    """Replace a library file, whatever it is, and keep it; the copy of it, if there was one.

    It is locked for the body, and put back if that fails.

    Args:
        library: The library file.
        contents: What it is to hold.
        around: Entered before anything is replaced, left when all is done or put back.
        examine: Told the file that is to take its place.

    Raises:
        OSError: It cannot be written; it is as it was, as after an error that `contents` or
            `examine` raises.
    """
    target = Path(os.path.realpath(library))
    create_directories(target.parent)
    lock = FileLock(target.with_name(f"{target.name}.lock"), like=target)
    try:
        with lock.hold(), ExitStack() as stack:
            kept = before = None
            was = _identity(target)
            if was is not None:
                kept = keep_dated(library, target, "library", linked=True)
                before = _second_name(target)
            if before is not None:
                stack.callback(before.unlink, missing_ok=True)
            try:
                stack.enter_context(around)
                replace_file(target, contents, examine=examine)
                yield kept
            except BaseException as error:
                _put_back(target, was, before, kept, error)
                raise
    finally:
        lock.close()


def _identity(target: Path) -> tuple[int, int] | None:
    """What tells the file at a path from one that takes its place; None where there is none."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _second_name(target: Path) -> Path | None:
    """Another name of a file, beside it; None where the file system has no such thing.

    By it the file comes back with its owner and mode, and on a full disk too.
    """
    name = temporary_beside(target)
    try:
        os.link(target, name)
    except OSError:
        return None
    return name


def _put_back(
    target: Path,
    was: tuple[int, int] | None,
    before: Path | None,
    kept: Path | None,
    error: BaseException,
) -> None:
    """Let `target` be what it was before it was replaced, if it was, and remove the copy of it.

    Raises:
        NotPutBackError: That cannot be done; what was there is kept.
    """
    try:
        if _identity(target) != was:
            if kept is None:
                target.unlink()
            elif before is not None:
                before.rename(target)
            else:
                with kept.open("rb") as file:
                    replace_file(target, iter(lambda: file.read(PART), b""))
            sync_directory(target.parent)
    except OSError as second:
        raise NotPutBackError(
            f"{target} could not be put back ({second.strerror or second}) after this: {error}; "
            f"what was there is kept: {kept}"
        ) from second
    if kept is not None:
        with suppress(OSError):  # what went wrong first is told
            kept.unlink()


def _put(
    library: Path, archive: zipfile.ZipFile, path: Path, backup: Backup, told: Told
) -> Iterator[Path]:
    """Replace both files; the dated copies of what was there."""
    contents = checked(archive, path, LIBRARY, backup, told)
    around = marked(library, path)
    with _replacing(library, contents, around, lambda file: require_library(file, path)) as before:
        # One file of the backup and one of the library would not belong together: where this
        # fails, the library is put back; where it is killed, the mark tells.
        reading = ReadingFile(library)
        read = None
        try:
            raw = b"{}"
            if READING in backup.sizes:
                raw = b"".join(checked(archive, path, READING, backup, told))
            if READING in backup.sizes or reading.path.exists():
                read = reading.replace(raw)
            _note_given(reading, before)
        finally:
            reading.close()
    yield from filter(None, (before, read))
