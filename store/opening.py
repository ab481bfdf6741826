"""Opening a library file, and saying in one line why it cannot be opened."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from store.atomic import create_directories, replace_file
from store.errors import CutLibraryError, LibraryError, NotALibraryError, remedy
from store.filelock import FileLock

if TYPE_CHECKING:
    from store.jsonspans import Layout

_FLAGS = os.O_CLOEXEC | os.O_NONBLOCK  # a named pipe must not make us wait for its other end
_NAMES_SHOWN = 5
_NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)


class Opened(NamedTuple):
    """An open file.

    Attributes:
        descriptor: Its file descriptor.
        readonly: Whether it cannot or must not be written.
        reason: Why it cannot; "" when it can, or when it was to be read only.
    """

    descriptor: int
    readonly: bool
    reason: str


def open_file(
    path: Path, target: Path, *, readonly: bool, lock: FileLock, new: Iterable[bytes]
) -> Opened:
    """Open a library file for writing, or for reading if the system allows no more.

    Args:
        path: The file as the person named it, for messages.
        target: The same with symbolic links resolved.
        readonly: Do not write, nor create a missing file.
        lock: Held while a missing file is created.
        new: Contents of a new file.

    Raises:
        LibraryError: There is no such file, it is no regular file, or it cannot be opened or
            created.
    """
    try:
        opened = _open(target, readonly=readonly, lock=lock, new=new)
    except FileNotFoundError as error:
        raise LibraryError(f"{path}: there is no such file") from error
    except IsADirectoryError as error:
        raise _directory(path) from error
    except OSError as error:
        raise LibraryError(f"{path} cannot be opened: {remedy(error)}") from error
    kind = os.fstat(opened.descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(opened.descriptor)
        raise _directory(path) if stat.S_ISDIR(kind) else LibraryError(f"{path} is not a file")
    return opened


def survey_file(path: Path, descriptor: int) -> Layout:
    """Find the articles in an open file that is not in our form.

    Raises:
        NotALibraryError: It is no library; the text says what it is, and what can be done.
    """
    from store import jsonspans  # not loaded for a file in our own form

    def read(offset: int, length: int) -> bytes:
        return os.pread(descriptor, length, offset)

    try:
        layout = jsonspans.survey(read)
    except jsonspans.MalformedError as error:
        line, column = jsonspans.place_in_text(read, error.offset)
        where = f"line {line} column {column}"
        if not error.in_object:
            raise NotALibraryError(
                f"{path} is not JSON ({where}: {error}), so it is no library; "
                f"it was left untouched; to import it: {_adding(path)}"
            ) from None
        if error.truncated:
            raise CutLibraryError(
                f"{path} ends in the middle, {where}; "
                "the file was left untouched; restore it from a backup or mend it"
            ) from None
        raise CutLibraryError(
            f"{path} is not valid JSON, {where}: {error}; "
            f"the file was left untouched; mend it, or import it: {_adding(path)}"
        ) from None
    except jsonspans.WrongShapeError as error:
        raise _wrong_shape(path, str(error)) from None
    if not layout.has_articles and any(length != len("{}") for _, length in layout.tables.values()):
        names = [jsonspans.printable(name) for name in layout.tables]
        shown = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
        raise _wrong_shape(path, f"it has no table of articles; its tables are {shown}")
    return layout


def _open(target: Path, *, readonly: bool, lock: FileLock, new: Iterable[bytes]) -> Opened:
    if readonly:
        return Opened(os.open(target, os.O_RDONLY | _FLAGS), True, "")
    try:
        descriptor = _open_or_create(target, lock, new)
    except OSError as error:
        if error.errno not in _NOT_WRITABLE or not target.exists():
            raise
        reason = f"it cannot be written: {error.strerror}"
        return Opened(os.open(target, os.O_RDONLY | _FLAGS), True, reason)
    if lock.can_be_held():
        return Opened(descriptor, False, "")
    return Opened(descriptor, True, "no lock file can be opened beside it")


def _open_or_create(target: Path, lock: FileLock, new: Iterable[bytes]) -> int:
    try:
        return os.open(target, os.O_RDWR | _FLAGS)
    except FileNotFoundError:
        pass
    create_directories(target.parent)
    with lock.hold():
        if not target.exists():  # another process may have been quicker
            replace_file(target, new)
    return os.open(target, os.O_RDWR | _FLAGS)


def _directory(path: Path) -> LibraryError:
    return LibraryError(
        f"{path} is a directory; name a file in it, such as {path / 'library.json'}"
    )


def _wrong_shape(path: Path, reason: str) -> NotALibraryError:
    return NotALibraryError(
        f"{path} is JSON but no library: {reason}; "
        f"it was left untouched; to import it: {_adding(path)}"
    )


def _adding(path: Path) -> str:
    """What a person types to take in what the file holds."""
    from store.shell import command  # not loaded for a library

    return command("add", path)
