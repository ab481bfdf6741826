"""Dated copies of a library's files, kept in a directory beside them.

    NAME.backups/reading-2026-11-27.json           the reading file at the end of that day
    NAME.backups/library-2026-11-28T091500.json    what a repair or a restoration replaced

The first are made by themselves, one a day on which something changed, and the newest `KEPT` of
them stay; the others are the person's to remove.  The library file needs no daily copy: it only
grows, but for edits and purges, which replace it whole.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from store.atomic import create_directories, sync_directory

#: Days of which the reading file is kept.
KEPT: Final = 7

_NAMED: Final = re.compile(r"(library|reading)-(\d{4}-\d{2}-\d{2})(?:T(\d{6}))?(?:-\d+)?\.json")


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
    return library.with_name(f"{library.name.removesuffix('.json')}.backups")


def copies_of(library: Path) -> list[Copy]:
    """All copies there are, newest first."""
    found: list[Copy] = []
    with suppress(OSError):
        for entry in os.scandir(backups_of(library)):
            match = _NAMED.fullmatch(entry.name)
            if match and entry.is_file(follow_symlinks=False):
                kind, day, at = match[1], match[2], match[3] or ""
                found.append(Copy(Path(entry.path), kind, day, at, entry.stat().st_size))
    return sorted(found, key=lambda copy: (copy.day, copy.at or "999999", copy.kind), reverse=True)


def keep_daily(library: Path, reading: Path, written: float) -> None:
    """Keep the reading file as it is, if it was last written on an earlier day.

    To be called before it is replaced, so that its contents live on under the other name: a hard
    link where the file system has them, which costs nothing, else a copy.

    Args:
        library: The library file.
        reading: Its reading file.
        written: When that was written, in seconds since 1970.

    Raises:
        OSError: There is no room for it.
    """
    day = _day(written)
    if day == _day(time.time()):
        return
    target = backups_of(library) / f"reading-{day}.json"
    if target.exists():
        return
    create_directories(target.parent)
    _keep(reading, target, linked=True)
    daily = [copy for copy in copies_of(library) if copy.kind == "reading" and not copy.at]
    for copy in daily[KEPT:]:
        copy.path.unlink(missing_ok=True)


def keep_dated(library: Path, file: Path, kind: str, *, linked: bool) -> Path:
    """Keep a file under the present date and time.

    Args:
        library: The library file.
        file: That file or its reading file.
        kind: "library" or "reading".
        linked: Whether the file is going to be replaced, not changed in place: then a hard link
            keeps its contents.

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
    source = os.path.realpath(file)
    if linked:
        try:
            os.link(source, target)
        except FileExistsError:
            raise
        except OSError:
            pass  # another file system, or one without links
        else:
            sync_directory(target.parent)
            return
    import shutil  # loads the compressors

    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    with Path(source).open("rb") as old, os.fdopen(os.open(target, flags, 0o600), "wb") as new:
        try:
            shutil.copyfileobj(old, new, 1 << 20)
            new.flush()
            os.utime(new.fileno(), ns=(time.time_ns(), os.fstat(old.fileno()).st_mtime_ns))
            os.fsync(new.fileno())
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    sync_directory(target.parent)


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))
