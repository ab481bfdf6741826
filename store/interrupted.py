"""Restorations that were broken off between the two files of a library, so that it is told.

    NAME.restoring    there while a backup is put in the place of both files: which one

One file can be replaced whole or not at all, two cannot.  The program that replaces them holds a
lock on the mark; one that nobody holds was left by a program that was killed.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store.atomic import sync_directory, write_all
from store.besides import restoring_of
from store.errors import LibraryError
from store.regular import open_regular
from store.shell import command

_LONGEST = 1 << 16  # bytes of the name of a backup


class NotPutBackError(LibraryError):
    """A restoration failed, and the library could not be made what it was."""


@contextmanager
def marked(library: Path, backup: Path) -> Iterator[None]:
    """Mark for the body that a backup is taking the place of both files of a library.

    To be called with the library's lock held.  The mark stays where the body is not ended, or
    failed and left the files at odds.  Where they were so before, and it failed, the mark says
    again what it said.

    Args:
        library: The library file.
        backup: What is restored.

    Raises:
        OSError: It cannot be written.
        LibraryError: Something else is in its place.
    """
    mark = Path(restoring_of(library))
    descriptor = open_regular(mark, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW)
    try:
        with suppress(OSError):  # some file systems have no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        before = os.pread(descriptor, _LONGEST, 0) if os.fstat(descriptor).st_size else b""
        try:
            _write(descriptor, os.fsencode(backup.absolute()))
            sync_directory(mark.parent)
            yield
        except NotPutBackError:
            raise
        except BaseException:
            with suppress(OSError):  # what went wrong first is told
                if before:
                    _write(descriptor, before)
                else:
                    forget(library)
            raise
        forget(library)
    finally:
        os.close(descriptor)


def _write(descriptor: int, text: bytes) -> None:
    """Let the mark say that, and no less at any time: what is there needs no more room."""
    write_all(descriptor, text, 0)
    os.ftruncate(descriptor, len(text))
    os.fsync(descriptor)


def forget(library: Path) -> None:
    """Remove the mark, if there is one: the files belong together, or a person chose them.

    Raises:
        OSError: It cannot be removed.
    """
    mark = Path(restoring_of(library))
    with suppress(FileNotFoundError):
        mark.unlink()
        sync_directory(mark.parent)


def broken_off(library: Path) -> tuple[str, str] | None:
    """What is to be told of a restoration that was broken off, and how to go on.

    Returns:
        A line for each; None where there was none, or where it is going on just now.
    """
    mark = Path(restoring_of(library))
    try:
        descriptor = open_regular(mark, os.O_RDONLY | os.O_NOFOLLOW)
    except (LibraryError, OSError):
        return None
    try:
        with suppress(OSError):  # some file systems have no locks
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return None
        if not mark.exists():  # it came to its end meanwhile
            return None
        backup = os.fsdecode(os.pread(descriptor, _LONGEST, 0))
    finally:
        os.close(descriptor)
    if not backup:  # killed before it was written, and so before anything was replaced
        return None
    again = command("--library", library, "restore", backup)
    return (
        f"restoring {backup} was broken off: what was read may not belong to these articles",
        f"`{again}` does it again; what was there is kept: `broadsheet restore --list`; to leave "
        f"it so, remove {mark}",
    )


def notices(library: Path) -> list[str]:
    """The same as a line for a person who opens the library, if there is anything to tell."""
    told = broken_off(library)
    return [] if told is None else ["; ".join(told)]
