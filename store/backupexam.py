"""Examining what is packed in a backup, before it takes the place of anything.

The hashes in it tell that its bytes are those that were packed, not what was packed: in one that
was packed again by hand there can be anything.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from json import JSONDecoder
from pathlib import Path
from typing import Final

from store.atomic import replace_file
from store.backup import LIBRARY, PART, READING, Backup, Told, checked
from store.errors import LibraryError, NotALibraryError
from store.linefile import LineFile, Shape
from store.lineformat import newer_format
from store.linereader import LineReader
from store.migration import FORMAT, format_of
from store.reading import ReadingFile

#: Bytes of the largest reading file that is taken out of a backup.  It is read as a whole, and
#: what a few MB can be unpacked to has no bound.  An article that was read takes 60 bytes, so
#: there may be millions.
LARGEST_READING: Final = 256 * 1024 * 1024

#: How a library file begins that names its format; see `lineformat.newer_format`.
_NAMED: Final = re.compile(rb'\s*\{\s*"broadsheet"\s*:\s*')


def packed_reading(archive: zipfile.ZipFile, path: Path, backup: Backup, told: Told) -> int:
    """The format of the reading file of a backup if that is a newer one, else 0.

    Raises:
        LibraryError: It is damaged, is no reading file, or far too large for one.
    """
    size = backup.sizes[READING]
    if size > LARGEST_READING:
        raise LibraryError(
            f"{path}: {READING} in it is of {size:,} bytes, and at most {LARGEST_READING:,} are "
            "taken; nothing was restored"
        )
    raw = b"".join(checked(archive, path, READING, backup, told))
    file = ReadingFile(path)
    try:
        tables = file.parse(raw)
    except LibraryError:
        raise _unsound(path, READING, "no reading file") from None
    finally:
        file.close()
    if "articles" in tables:
        raise _unsound(path, READING, "a library, and no reading file")
    return version if (version := format_of(tables)) > FORMAT else 0


def packed_library(
    archive: zipfile.ZipFile, path: Path, backup: Backup, told: Told, *, unpack: bool
) -> int:
    """The format of the library of a backup if that is a newer one, else 0.

    Args:
        archive: The backup.
        path: Its file.
        backup: What it says of itself.
        told: Told how far it is.
        unpack: See as well that it is a library (`require_library`), in a directory for what is
            temporary.

    Raises:
        LibraryError: It is damaged, or no library.
        OSError: There is no room to unpack it.
    """
    start = b""

    def contents() -> Iterator[bytes]:
        nonlocal start
        for chunk in checked(archive, path, LIBRARY, backup, told):
            start = start or chunk
            yield chunk

    if not unpack:
        for _ in contents():
            pass
        return newer_library(start)
    import tempfile

    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / LIBRARY
        replace_file(file, contents(), examine=lambda there: require_library(there, path))
    return newer_library(start)


def require_library(file: Path, path: Path) -> None:
    """See that what was unpacked is a library, and whole; of a newer format it may be anything.

    Args:
        file: What was unpacked.
        path: The backup.

    Raises:
        LibraryError: It is not.
    """
    with file.open("rb") as stream:
        if newer_library(stream.read(PART)):
            return
    try:
        reader = LineReader(file, readonly=True)  # which takes it for nothing half written
        reader.close()
    except NotALibraryError:
        raise _unsound(path, LIBRARY, "no library, or damaged") from None
    if reader.shape is not Shape.LINES:
        return  # it was gone through to its end
    lines = LineFile(file, readonly=True)
    try:
        if lines.torn() is not None:
            raise _unsound(path, LIBRARY, "damaged")
    finally:
        lines.close()


def newer_library(start: bytes) -> int:
    """The format that a library file names at its beginning, if that is a newer one; else 0."""
    match = _NAMED.match(start)
    if match is None:
        return 0
    try:
        named, _ = JSONDecoder().raw_decode(start[match.end() :].decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return 0
    return newer_format({"broadsheet": named})


def _unsound(path: Path, name: str, what: str) -> LibraryError:
    return LibraryError(f"{path}: {name} in it is {what}; nothing was restored")
