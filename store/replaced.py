"""Files that a library was before it was replaced, into which another program goes on writing.

Stock TinyDB keeps its file open.  Once that is replaced by another of its name (a purge, an edit,
the first write to a file that was not in our form), what stock TinyDB writes goes into a file
without a name, and is gone when both programs have closed it.  Here such a file is kept open as
well, and what was written into it is kept beside the library.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store.atomic import create_directories, replace_file
from store.copies import backups_of
from store.errors import remedy
from store.linereader import Stamp, stamp_of
from store.shell import command

#: Seconds without a change after which what was written is taken for whole.
_REST: Final = 0.2

_PART: Final = 1 << 20


@dataclass
class _File:
    """A file without a name: as it was when it was last looked at, and where it is kept."""

    descriptor: int
    seen: Stamp
    kept: Path | None = None


class Replaced:
    """The files that one library was, as long as other programs have them open.

    Args:
        library: The library file.
    """

    def __init__(self, library: Path) -> None:
        self._library = library
        self._files: list[_File] = []
        self._mutex = threading.Lock()
        self._told = ""

    def watch(self, descriptor: int, seen: Stamp) -> None:
        """Look after an open file from now on.

        Args:
            descriptor: The file; it stays the caller's.
            seen: Its stamp when all that is in it was known.
        """
        with self._mutex:
            self._files.append(_File(os.dup(descriptor), seen))

    def look(self, tell: Callable[[str], object]) -> None:
        """Keep what was written into them, and let go of those that nobody else has open.

        Args:
            tell: Told in a line what was kept, and where, or why it cannot be.
        """
        if self._files and self._mutex.acquire(blocking=False):
            try:
                for file in list(self._files):
                    # Asked first: whoever has closed it by then writes nothing more.
                    alone = _is_open_here_only(file.descriptor)
                    kept = self._keep(file, tell)
                    if kept and (alone or (alone is None and file is not self._files[-1])):
                        self._let_go(file)
            finally:
                self._mutex.release()

    def close(self, tell: Callable[[str], object]) -> None:
        """Look for the last time, and let go of all; `tell` as for `look`."""
        with self._mutex:
            for file in list(self._files):
                self._keep(file, tell, at_once=True)
                self._let_go(file)

    def _let_go(self, file: _File) -> None:
        self._files.remove(file)
        os.close(file.descriptor)

    def _keep(self, file: _File, tell: Callable[[str], object], *, at_once: bool = False) -> bool:
        """Copy a file if it was written; whether there is nothing left to copy."""
        status = os.fstat(file.descriptor)
        now = stamp_of(status)
        if now == file.seen:
            return True
        if not at_once and 0 <= time.time() - status.st_ctime < _REST:
            return False
        try:
            first = file.kept is None
            target = file.kept or self._free_name()
            replace_file(target, _contents(file.descriptor))
        except OSError as error:
            self._say(
                tell,
                f"what another program wrote into {self._library.name} as it was before it was "
                f"replaced cannot be kept: {remedy(error)}",
            )
            return False
        file.seen, file.kept = now, target
        if first:
            self._say(
                tell,
                f"another program wrote into {self._library.name} as it was before it was "
                f"replaced; that is kept: `{command('add', target)}` takes in what is only there",
            )
        return stamp_of(os.fstat(file.descriptor)) == now

    def _say(self, tell: Callable[[str], object], notice: str) -> None:
        if notice != self._told:
            self._told = notice
            tell(notice)

    def _free_name(self) -> Path:
        """A name among the dated copies of the library (see `copies`)."""
        directory = backups_of(self._library)
        create_directories(directory)
        stem, number = f"library-{time.strftime('%Y-%m-%dT%H%M%S')}", 1
        while (target := directory / f"{stem}{f'-{number}' if number > 1 else ''}.json").exists():
            number += 1
        return target


def _contents(descriptor: int) -> Iterator[bytes]:
    offset = 0
    while part := os.pread(descriptor, _PART, offset):
        yield part
        offset += len(part)


def _is_open_here_only(descriptor: int) -> bool | None:
    """Whether nobody else has a file open; None where the system does not tell.

    Linux gives a lease for writing to the only one who has a file open.  It is given back at once;
    who opens it just then has us sent a signal, which by default would end the program.
    """
    if sys.platform != "linux":
        return None
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # which by default is ignored
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    except OSError as error:
        return False if error.errno in (errno.EAGAIN, errno.EBUSY) else None
    with suppress(OSError):
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return True
