"""A library in one file, and back.

    library.json            the library file, whole lines only
    library.reading.json    the reading file, if there is one
    backup.json             what this is, when it was made, and a hash of each file

It is a ZIP archive that any program opens; the two files in it are those that lie on the disk.
The way back is in `restoring`.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import IO, BinaryIO, Final, NamedTuple, cast

from store.appearing import Appearing
from store.atomic import create_directories
from store.errors import LibraryError, remedy
from store.linefile import LineFile
from store.moments import utc_now
from store.numbers import is_whole, whole
from store.reading import ReadingFile
from store.regular import open_regular, read_regular
from store.targets import check_target, own_files
from store.version import __version__

FORMAT: Final = 1
LIBRARY: Final = "library.json"
READING: Final = "library.reading.json"
ABOUT: Final = "backup.json"

#: Bytes read and written at once.
PART: Final = 1 << 20

_LEVEL: Final = 4  # of zlib: nearly as small as its 6, twice as fast
_LONGEST_ABOUT: Final = 1 << 16

#: Told what is done, how much of it and of how much, in bytes.
OnWork = Callable[[str, int, int], None]


class Backup(NamedTuple):
    """What a backup says of itself.

    Attributes:
        made: When, ISO 8601 in UTC.
        articles: How many it holds.
        sizes: Bytes of each file in it, by name.
        hashes: BLAKE2b (16 bytes, in hexadecimal) of each file.
    """

    made: str
    articles: int
    sizes: dict[str, int]
    hashes: dict[str, str]


class Told:
    """Adds up how far something is."""

    def __init__(self, on_progress: OnWork | None, what: str, total: int) -> None:
        self._on_progress = on_progress
        self._what = what
        self._total = total
        self._done = 0

    def more(self, size: int) -> None:
        """So many bytes more are done."""
        self._done += size
        if self._on_progress is not None:
            self._on_progress(self._what, min(self._done, self._total), self._total)


def write_backup(
    library: Path,
    target: Path | BinaryIO,
    *,
    force: bool = False,
    spared: Iterable[Path] = (),
    on_progress: OnWork | None = None,
) -> Backup:
    """Write a library and its reading file into one archive, as they are at this moment.

    Neither needs to be closed.  What is added while this goes on may be left out.

    Args:
        library: The library file.
        target: A file, which appears whole or not at all, or a stream that takes bytes.
        force: Replace a file that is there.
        spared: What is not written over even so, beside the library's own files.
        on_progress: Told how far it is.

    Raises:
        LibraryError: The library is damaged (a backup of it would be, too) or cannot be read, the
            target is there already, is no file or one of the library's own, or cannot be written.
    """
    file = LineFile(library, readonly=True)
    try:
        if file.torn() is not None:
            raise LibraryError(
                f"{library} is damaged: `broadsheet doctor --repair` mends it; no backup was made"
            )
        if not isinstance(target, Path):
            return _write(file, library, cast(IO[bytes], _Onward(target)), on_progress)
        check_target(target, own=(*own_files(library, copies=False), *spared), force=force)
        create_directories(target.parent)
        with Appearing(target, like=target) as stream:
            return _write(file, library, stream, on_progress)
    except BrokenPipeError:
        raise
    except OSError as error:
        name = target if isinstance(target, Path) else "standard output"
        raise LibraryError(f"{name} cannot be written: {error.strerror or error}") from error
    finally:
        file.close()


def read_backup(path: Path) -> Backup:
    """What a backup says of itself; its files are not looked at.

    Raises:
        LibraryError: It is none, or cannot be read.
    """
    with opened(path) as archive:
        return about_of(archive, path)


def _write(file: LineFile, library: Path, stream: IO[bytes], on_progress: OnWork | None) -> Backup:
    reading = ReadingFile(library)
    sizes: dict[str, int] = {}
    hashes: dict[str, str] = {}
    told = Told(on_progress, "backing up", file.stamp().size)

    def put(name: str, chunks: Iterable[bytes]) -> None:
        digest, size = blake2b(digest_size=16), 0
        entry = zipfile.ZipInfo(name, _local_time())
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        with archive.open(entry, "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                told.more(len(chunk))
        sizes[name], hashes[name] = size, digest.hexdigest()

    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        # The state first: it may then lack what was read during the backup, but never tells of
        # an article that is not there.
        if reading.path.exists():
            reading.load()  # a damaged one is worth no backup
            if raw := read_regular(reading.path):
                put(READING, (raw,))
        articles = file.count()
        put(LIBRARY, file.contents())
        backup = Backup(utc_now(), articles, sizes, hashes)
        about = {"broadsheet": "backup", "format": FORMAT, "version": __version__}
        archive.writestr(ABOUT, json.dumps({**about, **backup._asdict()}, indent=2) + "\n")
    reading.close()
    return backup


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive of a backup.

    Raises:
        LibraryError: It is none, or cannot be read.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(os.fdopen(open_regular(path, os.O_RDONLY), "rb"))
            archive = stack.enter_context(zipfile.ZipFile(file))
        except OSError as error:
            raise LibraryError(f"{path} cannot be read: {error.strerror or error}") from error
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise LibraryError(f"{path} is no backup, or is cut off") from None
        yield archive


def about_of(archive: zipfile.ZipFile, path: Path) -> Backup:
    """What an archive says of itself.

    Raises:
        LibraryError: It is no backup, or a newer version made it.
    """
    try:
        with archive.open(ABOUT) as member:
            about = json.loads(member.read(_LONGEST_ABOUT))
        if about.get("broadsheet") != "backup":
            raise ValueError(ABOUT)
        if about["format"] > FORMAT:
            raise LibraryError(
                f"{path} was made by broadsheet {str(about.get('version'))[:20]}: "
                "restore it with that version or a newer one"
            )
        sizes, hashes = dict(about["sizes"]), dict(about["hashes"])
        if LIBRARY not in sizes or not all(is_whole(n) and n >= 0 for n in sizes.values()):
            raise ValueError(ABOUT)
        return Backup(str(about["made"]), whole(about["articles"]), sizes, hashes)
    except _damages(ValueError, TypeError, AttributeError, OSError):
        raise LibraryError(
            f"{path} is no backup of broadsheet, or is damaged or encrypted"
        ) from None


def checked(
    archive: zipfile.ZipFile, path: Path, name: str, backup: Backup, told: Told
) -> Iterator[bytes]:
    """The bytes of one file of a backup.

    Raises:
        LibraryError: They are not what they were, which is told after the last, or cannot be read.
    """
    digest, left = blake2b(digest_size=16), backup.sizes[name]
    try:
        with archive.open(name) as member:
            while chunk := member.read(min(PART, left + 1)):
                left -= len(chunk)
                if left < 0:
                    break  # of a size it does not own up to: a bomb
                digest.update(chunk)
                told.more(len(chunk))
                yield chunk
    except _damages() as error:
        raise LibraryError(f"{path} is damaged: {name}: {error}; nothing was restored") from None
    except OSError as error:
        if error.errno is None:  # of bzip2, not of the system
            raise LibraryError(f"{path} is damaged: {name}; nothing was restored") from None
        raise LibraryError(f"{path} cannot be read: {remedy(error)}") from error
    if left != 0 or digest.hexdigest() != backup.hashes.get(name):
        raise LibraryError(f"{path} is damaged: {name} is not what it was; nothing was restored")


def _damages(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """What is raised over an archive that is damaged, encrypted or packed in an unknown way."""
    import lzma
    import zlib

    return (KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, *more)


class _Onward:
    """A stream that only goes on: where it is cannot be asked, a device says anything."""

    def __init__(self, stream: BinaryIO) -> None:
        self.write = stream.write
        self.flush = stream.flush


def _local_time() -> tuple[int, int, int, int, int, int]:
    """Now, as ZIP archives keep it."""
    import time

    now = time.localtime()
    return max(1980, now.tm_year), now.tm_mon, now.tm_mday, now.tm_hour, now.tm_min, now.tm_sec
