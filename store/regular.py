"""Opening what must be a regular file: anything else is refused, and never waited for.

A named pipe waits for its other end, a device may never end, and some act when they are opened.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from store.errors import LibraryError

_KINDS: Final = {
    stat.S_IFDIR: "a directory", stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device", stat.S_IFBLK: "a device",
}  # fmt: skip


def open_regular(
    path: str | os.PathLike[str], flags: int, mode: int = 0o600, *, directory: int | None = None
) -> int:
    """Open a regular file, or create one, and give its descriptor.

    Args:
        path: The file.
        flags: As of `os.open`; it is never waited for and never inherited.
        mode: Of a file that is created.
        directory: An open directory in which it lies, if it is not to be found by its whole path.

    Raises:
        LibraryError: something else is there; it was not touched.
        OSError: it cannot be opened.
    """
    follow = not flags & os.O_NOFOLLOW
    status = None
    with suppress(OSError):  # which the opening tells
        status = os.stat(path, dir_fd=directory, follow_symlinks=follow)
    if status is not None:
        _require(path, status)
    more = os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    descriptor = os.open(path, flags | more, mode, dir_fd=directory)
    try:
        _require(path, os.fstat(descriptor))  # it may be another by now
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_regular(path: str | os.PathLike[str], most: int | None = None) -> bytes:
    """All that is in a regular file.

    Args:
        path: The file.
        most: Refuse one that holds more bytes.

    Raises:
        LibraryError: something else is there; it was not touched.
        OSError: it cannot be read, or is larger than that.
    """
    with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
        if most is None:
            return file.read()
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most >> 10:,} KiB", str(path))
    return data


def is_irregular(path: Path) -> bool:
    """Whether something is there that is no regular file; a link counts as what it leads to."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _require(path: str | os.PathLike[str], status: os.stat_result) -> None:
    kind = _KINDS.get(stat.S_IFMT(status.st_mode))
    if kind:
        raise LibraryError(f"{os.fspath(path)} is {kind} and no file; move it away")
