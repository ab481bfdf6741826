"""Dated copies of a library's files, kept in a directory beside them.

    NAME.backups/reading-2026-11-27.json           the reading file at the end of that day
    NAME.backups/library-2026-11-28T091500.json    what a repair or a restoration replaced

The first are made by themselves, one a day on which something changed, and the newest `KEPT` of
them stay; those that a wrong clock has dated in days to come are the first to go.  The others are
the person's to remove.  The library file needs no daily copy: it only grows, but for edits and
purges, which replace it whole.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, BinaryIO, Final, NamedTuple

from store.appearing import Appearing
from store.atomic import create_directories, sync_directory
from store.besides import beside
from store.errors import NO_ROOM, LibraryError, remedy
from store.regular import open_regular

#: Days of which the reading file is kept.
KEPT: Final = 7

#: From linux/fs.h; the fcntl module has it from Python 3.12 on.
_FICLONE: Final = 0x40049409

_NAMED: Final = re.compile(r"(library|reading)-(\d{4}-\d{2}-\d{2})(?:T(\d{6}))?(?:-(\d+))?\.json")


class Copy(NamedTuple):
    """One copy.

    Attributes:
        path: The file.
        kind: "library" or "reading".
        day: The date of what is in it, YYYY-MM-DD.
        at: When it was made, HHMMSS, of what was replaced; "" for one of the daily copies.
        size: In bytes.
    """

    path: Path
    kind: str
    day: str
    at: str
    size: int


def backups_of(library: Path) -> Path:
    """Where copies of that library's files are; it need not exist."""
    return Path(beside(library, ".backups"))


def copies_of(library: Path) -> list[Copy]:
    """All copies there are, newest first.

    Raises:
        LibraryError: Their directory is there and cannot be read.
    """
    try:
        return _found(library)
    except OSError as error:
        raise LibraryError(f"{backups_of(library)} cannot be read: {remedy(error)}") from error


def _found(library: Path) -> list[Copy]:
    found: list[tuple[tuple[str, str, str, int], Copy]] = []
    with suppress(FileNotFoundError):
        for entry in os.scandir(backups_of(library)):
            match = _NAMED.fullmatch(entry.name)
            if match and entry.is_file(follow_symlinks=False):
                kind, day, at = match[1], match[2], match[3] or ""
                copy = Copy(Path(entry.path), kind, day, at, entry.stat().st_size)
                # Those of one second are numbered from the second on.
                found.append(((day, at or "999999", kind, int(match[4] or 1)), copy))
    return [copy for _, copy in sorted(found, reverse=True)]


def keep_daily(library: Path, reading: Path, written: float) -> None:
    """Keep the reading file as it is, if it was last written on an earlier day.

    To be called before it is replaced.

    Args:
        library: The library file.
        reading: Its reading file.
        written: When that was written, in seconds since 1970.

    Raises:
        OSError: There is no room for it, or no leave to write it.
    """
    day, today = _day(written), _day(time.time())
    if day == today:
        return
    target = backups_of(library) / f"reading-{day}.json"
    if target.exists():
        return
    create_directories(target.parent)
    _keep(reading, target, linked=True)
    daily = [copy for copy in _found(library) if copy.kind == "reading" and not copy.at]
    # A clock that was wrong has dated some: what was written last stays whatever its date, and
    # those of days to come are the first to go, or else they would outlast all others.
    daily.sort(key=lambda copy: (copy.path != target, copy.day > today))
    for copy in daily[KEPT:]:
        copy.path.unlink(missing_ok=True)


def keep_dated(library: Path, file: Path, kind: str, *, linked: bool) -> Path:
    """Keep a file under the present date and time.

    Args:
        library: The library file.
        file: That file or its reading file.
        kind: "library" or "reading".
        linked: Whether the file is going to be replaced, not changed in place: then a hard link
            will do where there is no room for a copy.

    Returns:
        The copy; it is on the disk.

    Raises:
        OSError: It cannot be made.
    """
    directory = backups_of(library)
    create_directories(directory)
    stem = f"{kind}-{time.strftime('%Y-%m-%dT%H%M%S')}"
    number = 1
    while True:
        target = directory / (f"{stem}.json" if number == 1 else f"{stem}-{number}.json")
        try:
            _keep(file, target, linked=linked)
        except FileExistsError:
            number += 1
            continue
        return target


def _keep(file: Path, target: Path, *, linked: bool) -> None:
    """Keep a file under another name, which the copy gets once it is whole and on the disk.

    A copy, though a hard link would cost nothing: a program that has the file open, as stock
    TinyDB has it for as long as it runs, would go on to write into what is kept.  File systems
    that can share the bytes do so; elsewhere 650 MB take seconds, as replacing them does anyway,
    and no more room in the end, since what was replaced is freed.

    To be called with the lock of the file held: nobody else takes the name meanwhile.
    """
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    source = os.path.realpath(file)
    try:
        with (
            os.fdopen(open_regular(source, os.O_RDONLY), "rb") as old,
            Appearing(target) as new,
        ):
            _copy(old, new)
            os.utime(new.fileno(), ns=(time.time_ns(), os.fstat(old.fileno()).st_mtime_ns))
    except OSError as error:
        if not (linked and error.errno in NO_ROOM):
            raise
        os.link(source, target)
        sync_directory(target.parent)


def _copy(old: BinaryIO, new: IO[bytes]) -> None:
    """Copy a file's bytes, or have both share them where the file system can (Btrfs, XFS)."""
    if sys.platform == "linux":
        try:
            fcntl.ioctl(new, _FICLONE, old.fileno())
            return
        except OSError:
            pass  # most file systems cannot
    import shutil  # loads the compressors

    shutil.copyfileobj(old, new, 1 << 20)
    new.flush()


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))
