"""Files that get their name once they are whole; what killed programs left of such is known again.

`replace_file` does that with parts that come one after the other, under a lock.  Here the writer
goes back and forth in the file, and holds a lock on the unfinished file itself.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

from store.atomic import copy_ownership, sync_directory, temporary_beside

_TEMPORARY: Final = re.compile(r"\.(.+)\.[0-9a-f]{8}\.tmp")


class Appearing:
    """A new file, for its owner only, that is whole and on the disk once it has its name."""

    def __init__(self, target: Path, *, like: Path | None = None) -> None:
        """A file that becomes `target`, in the place of what is there.

        Args:
            target: The file; links are followed.
            like: Whose owner and mode it gets; None: those of a new file.
        """
        self._target = Path(os.path.realpath(target))
        self._like = like
        self._temporary = temporary_beside(self._target)

    def __enter__(self) -> IO[bytes]:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        self._stream = os.fdopen(os.open(self._temporary, flags, 0o600), "w+b")
        with suppress(OSError):  # some file systems have no locks
            fcntl.flock(self._stream, fcntl.LOCK_EX)
        return self._stream

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        try:
            with self._stream:
                if error is None:
                    self._stream.flush()
                    if self._like is not None:
                        copy_ownership(self._like, self._stream.fileno())
                    os.fsync(self._stream.fileno())
                    self._temporary.rename(self._target)
            if error is None:
                sync_directory(self._target.parent)
        finally:
            self._temporary.unlink(missing_ok=True)


def unfinished(directory: Path, names: re.Pattern[str]) -> list[Path]:
    """Files in a directory that killed programs left, which were to have such names.

    What is being written just now is none.

    Raises:
        OSError: The directory cannot be read.
    """
    found = []
    for entry in os.scandir(directory):
        match = _TEMPORARY.fullmatch(entry.name)
        if match and names.fullmatch(match[1]) and entry.is_file(follow_symlinks=False):
            with _abandoned(Path(entry.path)) as is_left:
                if is_left:
                    found.append(Path(entry.path))
    return sorted(found)


def remove_unfinished(path: Path) -> bool:
    """Remove what `unfinished` found, unless somebody writes it; whether it is gone."""
    with _abandoned(path) as is_left:
        if is_left:
            with suppress(OSError):
                path.unlink()
                return True
    return False


@contextmanager
def _abandoned(path: Path) -> Iterator[bool]:
    """Whether nobody writes an unfinished file; it is locked for the body then."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)
