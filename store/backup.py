"""A library in one file, and back.

    library.json            the library file, whole lines only
    library.reading.json    the reading file, if there is one
    backup.json             what this is, when it was made, and a hash of each file

It is a ZIP archive that any program opens; the two files in it are those that lie on the disk.
Nothing is restored before every byte was compared with its hash, and what is replaced is kept as a
dated copy (see `copies`).
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, NamedTuple

from store.atomic import create_directories, replace_file
from store.copies import keep_dated
from store.errors import LibraryError
from store.filelock import FileLock
from store.linefile import LineFile
from store.moments import utc_now
from store.reading import ReadingFile
from store.version import __version__

FORMAT: Final = 1
LIBRARY: Final = "library.json"
READING: Final = "library.reading.json"
ABOUT: Final = "backup.json"

_PART: Final = 1 << 20  # bytes read and written at once
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


class Restored(NamedTuple):
    """What a restoration did.

    Attributes:
        backup: What was restored.
        kept: The dated copies of what was there before.
    """

    backup: Backup
    kept: tuple[Path, ...]


def write_backup(
    library: Path,
    target: Path | BinaryIO,
    *,
    force: bool = False,
    on_progress: OnWork | None = None,
) -> Backup:
    """Write a library and its reading file into one archive, as they are at this moment.

    Neither needs to be closed.  What is added while this goes on may be left out.

    Args:
        library: The library file.
        target: A file, which appears whole or not at all, or a stream that takes bytes.
        force: Replace a file that is there.
        on_progress: Told how far it is.

    Raises:
        LibraryError: The library is damaged (a backup of it would be, too) or cannot be read, the
            target is there already or cannot be written.
    """
    file = LineFile(library, readonly=True)
    try:
        if file.torn() is not None:
            raise LibraryError(
                f"{library} is damaged: `broadsheet doctor --repair` mends it; no backup was made"
            )
        if not isinstance(target, Path):
            return _write(file, library, target, on_progress)
        if not force and (target.exists() or target.is_symlink()):
            raise LibraryError(f"{target}: it is there already (--force replaces it)")
        create_directories(target.parent)
        with _Appearing(target) as stream:
            return _write(file, library, stream, on_progress)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise LibraryError(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        file.close()


def read_backup(path: Path) -> Backup:
    """What a backup says of itself; its files are not looked at.

    Raises:
        LibraryError: It is none, or cannot be read.
    """
    with _opened(path) as archive:
        return _about(archive, path)


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
        LibraryError: It is no backup, it is damaged, or a file cannot be written; the library is
            as it was then.
    """
    with _opened(path) as archive:
        backup = _about(archive, path)
        names = [name for name in (LIBRARY, READING) if name in backup.sizes]
        told = _Told(on_progress, "examining", sum(backup.sizes.values()))
        for name in names:
            for _ in _checked(archive, path, name, backup, told):
                pass
        if dry_run:
            return Restored(backup, ())
        told = _Told(on_progress, "restoring", backup.sizes[LIBRARY])
        try:
            return Restored(backup, tuple(_put(library, archive, path, backup, told)))
        except OSError as error:
            raise LibraryError(
                f"{library} could not be restored: {error.strerror or error}"
            ) from error


def restore_reading(library: Path, path: Path) -> Path | None:
    """Put a copy of a reading file in the place of the library's.

    Returns:
        The dated copy of what was there; None when there was nothing.

    Raises:
        LibraryError: `path` is no reading file, or a file cannot be read or written; the reading
            file is as it was then.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise LibraryError(f"{path} cannot be read: {error.strerror}") from error
    reading = ReadingFile(library)
    try:
        return reading.replace(raw)
    except OSError as error:
        raise LibraryError(f"{reading.path} cannot be written: {error.strerror}") from error
    finally:
        reading.close()


def restore_library(library: Path, path: Path) -> Path | None:
    """Put a copy of a library file in the place of the library's; the reading file stays.

    Returns:
        The dated copy of what was there; None when there was nothing.

    Raises:
        LibraryError: `path` is no library or a damaged one, or a file cannot be written; the
            library is as it was then.
    """
    copy = LineFile(path, readonly=True)
    try:
        if copy.torn() is not None:
            raise LibraryError(
                f"{path} is damaged: `broadsheet --library {path} doctor --repair` mends it"
            )
        return _replace(library, copy.contents())
    except OSError as error:
        raise LibraryError(f"{library} cannot be written: {error.strerror or error}") from error
    finally:
        copy.close()


def _replace(library: Path, contents: Iterable[bytes]) -> Path | None:
    """Replace a library file, whatever it is, and keep it; the copy of it, if there was one.

    Raises:
        OSError: It cannot be written; it is as it was, as after an error that `contents` raises.
    """
    target = Path(os.path.realpath(library))
    create_directories(target.parent)
    lock = FileLock(target.with_name(f"{target.name}.lock"), like=target)
    try:
        with lock.hold():
            kept = None
            if target.exists():
                kept = keep_dated(library, target, "library", linked=True)
            try:
                replace_file(target, contents)
            except BaseException:
                if kept is not None:
                    kept.unlink()
                raise
            return kept
    finally:
        lock.close()


def _put(
    library: Path, archive: zipfile.ZipFile, path: Path, backup: Backup, told: _Told
) -> Iterator[Path]:
    """Replace both files; the dated copies of what was there."""
    before = _replace(library, _checked(archive, path, LIBRARY, backup, told))
    reading = ReadingFile(library)
    read = None
    try:
        raw = b"{}"
        if READING in backup.sizes:
            raw = b"".join(_checked(archive, path, READING, backup, told))
        if READING in backup.sizes or reading.path.exists():
            read = reading.replace(raw)
    except BaseException:
        # One file of the backup and one of the library would not belong together.
        target = Path(os.path.realpath(library))
        if before is None:
            target.unlink()
        else:
            before.replace(target)
        raise
    finally:
        reading.close()
    yield from filter(None, (before, read))


def _write(file: LineFile, library: Path, stream: IO[bytes], on_progress: OnWork | None) -> Backup:
    reading = ReadingFile(library)
    sizes: dict[str, int] = {}
    hashes: dict[str, str] = {}
    told = _Told(on_progress, "backing up", file.stamp().size)

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
        if reading.stamp().size:
            reading.load()  # a damaged one is worth no backup
            put(READING, (reading.path.read_bytes(),))
        articles = file.count()
        put(LIBRARY, file.contents())
        backup = Backup(utc_now(), articles, sizes, hashes)
        about = {"broadsheet": "backup", "format": FORMAT, "version": __version__}
        archive.writestr(ABOUT, json.dumps({**about, **backup._asdict()}, indent=2) + "\n")
    reading.close()
    return backup


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except OSError as error:
        raise LibraryError(f"{path} cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise LibraryError(f"{path} is no backup, or is cut off") from None


def _about(archive: zipfile.ZipFile, path: Path) -> Backup:
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
        if LIBRARY not in sizes or not all(isinstance(size, int) for size in sizes.values()):
            raise ValueError(ABOUT)
        return Backup(str(about["made"]), int(about["articles"]), sizes, hashes)
    except (KeyError, ValueError, TypeError, AttributeError, OSError, zipfile.BadZipFile):
        raise LibraryError(f"{path} is no backup of broadsheet") from None


def _checked(
    archive: zipfile.ZipFile, path: Path, name: str, backup: Backup, told: _Told
) -> Iterator[bytes]:
    """The bytes of one file of a backup; an error, before the last is used, if they are not."""
    import zlib

    digest, left = blake2b(digest_size=16), backup.sizes[name]
    try:
        with archive.open(name) as member:
            while chunk := member.read(min(_PART, left + 1)):
                left -= len(chunk)
                if left < 0:
                    break  # of a size it does not own up to: a bomb
                digest.update(chunk)
                told.more(len(chunk))
                yield chunk
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise LibraryError(f"{path} is damaged: {name}: {error}; nothing was restored") from None
    if left != 0 or digest.hexdigest() != backup.hashes.get(name):
        raise LibraryError(f"{path} is damaged: {name} is not what it was; nothing was restored")


class _Told:
    """Adds up how far something is."""

    def __init__(self, on_progress: OnWork | None, what: str, total: int) -> None:
        self._on_progress = on_progress
        self._what = what
        self._total = total
        self._done = 0

    def more(self, size: int) -> None:
        self._done += size
        if self._on_progress is not None:
            self._on_progress(self._what, min(self._done, self._total), self._total)


class _Appearing:
    """A new file that gets its name once it is whole."""

    def __init__(self, target: Path) -> None:
        self._target = Path(os.path.realpath(target))
        self._temporary = self._target.with_name(f".{self._target.name}.{os.urandom(4).hex()}.tmp")

    def __enter__(self) -> IO[bytes]:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        self._stream = os.fdopen(os.open(self._temporary, flags, 0o600), "w+b")
        return self._stream

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        from store.atomic import sync_directory

        try:
            with self._stream:
                if error is None:
                    self._stream.flush()
                    os.fsync(self._stream.fileno())
            if error is None:
                self._temporary.rename(self._target)
                sync_directory(self._target.parent)
        finally:
            self._temporary.unlink(missing_ok=True)


def _local_time() -> tuple[int, int, int, int, int, int]:
    """Now, as ZIP archives keep it."""
    import time

    now = time.localtime()
    return max(1980, now.tm_year), now.tm_mon, now.tm_mday, now.tm_hour, now.tm_min, now.tm_sec
