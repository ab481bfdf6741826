"""Archives: every entry of a ZIP file, and what a gzip file holds, read as a source of its own.

Nothing is written to disk, so that names which lead out of the archive do no harm.  What an
archive may cost is bounded: by its entries, by their size when unpacked, by how much smaller they
are packed, and by how deep archives lie in archives.  The sizes an archive states are not
believed; the bytes are counted as they come.
"""

from __future__ import annotations

import gzip
import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, BinaryIO, Final, cast

from store.errors import SourceError
from store.importers.order import natural
from store.importers.record import Record, Source

#: Most entries of one archive, and of all that lie in it together.
MAX_ENTRIES: Final = 250_000
#: Most bytes that the entries of one archive may have together when unpacked.
MAX_TOTAL: Final = 8 * 1024**3
#: Bytes that all of them may have in any case; a larger archive may have `MAX_RATIO` times its own
#: size, so that entries which share their packed bytes do no harm.
LEAST_TOTAL: Final = 256 * 1024**2
#: Most bytes of one entry when unpacked.
MAX_ENTRY: Final = 4 * 1024**3
#: Most times that an entry may be larger than it is packed; text is packed to a fifth, JSON of
#: like records to a thirtieth, and deflate reaches 1,032 with nothing but zeros.
MAX_RATIO: Final = 200
#: Bytes that any entry may have, whatever its ratio: a short file of spaces harms nobody.
SMALL: Final = 4 * 1024**2
#: Largest archive in an archive, which has to be held in memory.
MAX_INNER: Final = 512 * 1024**2
#: How deep an archive may lie in others.
MAX_DEPTH: Final = 1

#: What entries may be packed with.  Not LZMA: an entry says itself how many gigabytes that takes.
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
#: How often an entry may be unpacked: to tell its format, its encoding, and to read it.
_LOOKS: Final = 3
#: Bytes of the list of entries for each of them, at most in the mean (names are 20 to 200).
_LISTED: Final = 512
_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"

# What systems and programs leave in archives, and what holds no articles by its nature.
_IGNORED = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\.[^/]+(?:/|$))")
_OFFICE = {
    "[Content_Types].xml": "an office document",
    "META-INF/MANIFEST.MF": "a Java program",
    "AndroidManifest.xml": "an Android program",
    "META-INF/container.xml": "an EPUB book",
}


class Archive:
    """An open ZIP file whose entries can be read within the limits.

    Attributes:
        names: Cleaned names of the entries, in the order of the archive.
    """

    def __init__(self, source: Source) -> None:
        """Open it.

        Raises:
            SourceError: it is damaged, or too large in some respect.
            OSError: it cannot be read.
        """
        self._source = source
        stream = source.open()
        if not stream.seekable():  # an archive in another
            stream.close()
            source.limit = MAX_INNER
            stream = io.BytesIO(source.data)
        try:
            _check_directory(stream)
            self._zip = zipfile.ZipFile(stream)
        except SourceError:
            stream.close()
            raise
        except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, EOFError, struct.error,
                NotImplementedError, OverflowError) as error:  # fmt: skip
            stream.close()
            raise SourceError(f"it is a damaged ZIP archive ({error})") from error
        self._stream = stream
        packed = stream.seek(0, io.SEEK_END)
        self._left = min(MAX_TOTAL, max(LEAST_TOTAL, packed * MAX_RATIO * _LOOKS))
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for number, info in enumerate(self._zip.infolist(), 1):
            if not info.filename.endswith("/"):  # `is_dir` fails where there is no name
                name = clean_name(info.filename)
                self._infos[name if name not in self._infos else f"{name} ({number})"] = info
        self.names = tuple(self._infos)
        self._opened: set[str] = set()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._stream.close()

    def __contains__(self, name: object) -> bool:
        return name in self._infos

    def unopened(self) -> list[str]:
        """Names of the entries nobody opened, in order, without what systems leave behind."""
        rest = (n for n in self.names if n not in self._opened and not _IGNORED.search(n))
        return sorted(sorted(rest), key=natural)

    def refusal(self, name: str) -> str:
        """Why an entry cannot be read, or ""."""
        info = self._infos[name]
        if info.flag_bits & 0x1:
            return "it is encrypted; unpack the archive with its password first"
        if info.compress_type not in _METHODS:
            return f"it is packed in a way that is not read (method {info.compress_type})"
        if stat.S_ISLNK(info.external_attr >> 16):
            return "it is a link to another file"
        if info.file_size > MAX_ENTRY:
            return f"it is larger than {MAX_ENTRY >> 20:,} MiB when unpacked"
        if info.file_size > max(SMALL, info.compress_size * MAX_RATIO):
            return _bomb()
        return ""

    def open(self, name: str) -> BinaryIO:
        """A stream of an entry, which ends with an error where a limit is passed.

        Raises:
            SourceError: it cannot be read; see `refusal`.
        """
        self._opened.add(name)
        if refusal := self.refusal(name):
            raise SourceError(refusal)
        info = self._infos[name]
        try:
            stream = self._zip.open(info)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError,
                zlib.error, struct.error) as error:  # fmt: skip
            raise SourceError(f"it cannot be unpacked ({error})") from error
        return bounded(cast(BinaryIO, stream), max(SMALL, info.compress_size * MAX_RATIO), self)

    def source(self, name: str) -> Source:
        """An entry as a source."""
        info = self._infos[name]
        source = Source(
            f"{self._source.name}/{name}",
            mtime=_modified(info),
            opener=lambda: self.open(name),
            size=info.file_size,
            within=self._source,
        )
        source.split = self._source.split
        return source

    def read(self, name: str, limit: int = 256 * 1024**2) -> bytes:
        """The whole of an entry of at most `limit` bytes.

        Raises:
            SourceError: it is larger, or cannot be read.
        """
        source = self.source(name)
        source.limit = limit
        return source.data

    def spend(self, count: int) -> None:
        """Count bytes that were unpacked.

        Raises:
            SourceError: those of the whole archive are too many.
        """
        self._left -= count
        if self._left < 0:
            raise SourceError("the archive is larger when unpacked than any of texts should be")


class _Bounded(io.RawIOBase):
    """A stream that ends with a `SourceError` after too many bytes, or where it is damaged."""

    def __init__(self, stream: BinaryIO, limit: int, archive: Archive | None) -> None:
        self._inner = stream
        self._left = limit
        self._archive = archive

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inner.read(min(len(buffer), 1 << 20))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error,
                NotImplementedError, RuntimeError) as error:  # fmt: skip
            raise SourceError(f"it is damaged: it cannot be unpacked ({error})") from error
        self._left -= len(data)
        if self._left < 0:
            raise SourceError(_bomb())
        if self._archive is not None:
            self._archive.spend(len(data))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def bounded(stream: BinaryIO, limit: int, archive: Archive | None = None) -> BinaryIO:
    """`stream`, which fails with a `SourceError` after `limit` bytes."""
    return cast(BinaryIO, io.BufferedReader(_Bounded(stream, limit, archive), 1 << 16))


def names_in(source: Source) -> tuple[str, ...]:
    """The names of the entries of a ZIP archive; none when it cannot be opened."""
    try:
        with Archive(source) as archive:
            return archive.names
    except SourceError:
        return ()


def read_zip(source: Source, format: str | None = None) -> Iterator[Record]:
    """What is in each entry of a ZIP archive, in the order of their names.

    Args:
        source: The archive.
        format: Name of the format of all entries, or None to find each one's.
    """
    if source.depth > MAX_DEPTH:
        raise SourceError("it is an archive in an archive in an archive; unpack it first")
    with Archive(source) as archive:
        for mark, kind in _OFFICE.items():
            if mark in archive:
                raise SourceError(f"it looks like {kind}")
        if not archive.unopened():
            raise SourceError("the archive is empty")
        yield from read_rest(archive, source, format)


def read_rest(archive: Archive, source: Source, format: str | None = None) -> Iterator[Record]:
    """What is in each entry that nobody opened, in the order of their names.

    Args:
        archive: The open archive.
        source: The source it was opened from.
        format: Name of the format of all entries, or None to find each one's.

    Raises:
        SourceError: with those of the other archives beside it they are too many.
    """
    from store.importers import read_source

    names, outermost = archive.unopened(), source.outermost
    if outermost.entries + len(names) > MAX_ENTRIES:
        raise SourceError(f"with the archives beside it it has more than {MAX_ENTRIES:,} entries")
    outermost.entries += len(names)
    for name in names:
        entry = archive.source(name)
        yield from read_source(entry, format)
        source.cleaned += entry.cleaned


def read_gzip(source: Source, format: str | None = None) -> Iterator[Record]:
    """What is in a gzip file, under its name without the ending."""
    from store.importers import read_source

    if source.depth > MAX_DEPTH:
        raise SourceError("it is an archive in an archive in an archive; unpack it first")
    path = PurePath(source.name)
    name = path.name.removesuffix(".gz") or "-"
    limit = min(MAX_ENTRY, max(SMALL, source.size * MAX_RATIO))
    inner = Source(
        f"{source.name}/{name}" if name != path.name else source.name,
        mtime=source.mtime,
        opener=lambda: bounded(cast(BinaryIO, gzip.GzipFile(fileobj=source.open())), limit),
        within=source,
    )
    yield from read_source(inner, format)
    source.cleaned += inner.cleaned


def clean_name(name: str) -> str:
    """A name of an entry that leads nowhere and can be shown: no dots, drives or controls."""
    from store.sanitize import clean_line

    parts = clean_line(name).replace("\\", "/").split("/")
    kept = [part for part in parts if part not in ("", ".", "..")]
    return "/".join(kept) or "nameless"


def _bomb() -> str:
    return f"it is more than {MAX_RATIO} times larger than it is packed, as no text is"


def _check_directory(stream: BinaryIO) -> None:
    """Refuse an archive whose list of entries is so long that reading it would be the harm.

    See APPNOTE.TXT of PKWARE, 4.3.14 to 4.3.16.
    """
    end = stream.seek(0, io.SEEK_END)
    start = max(0, end - 65_557)  # the longest comment and the record before it
    stream.seek(start)
    tail = stream.read()
    at = tail.rfind(_END)
    if at >= 0 and len(tail) >= at + 22:
        size = struct.unpack_from("<L", tail, at + 12)[0]
        count = struct.unpack_from("<H", tail, at + 10)[0]
        at64 = tail.rfind(_END64)
        if (size == 0xFFFFFFFF or count == 0xFFFF) and at64 >= 0 and len(tail) >= at64 + 48:
            count, size = struct.unpack_from("<QQ", tail, at64 + 32)
        if count > MAX_ENTRIES or size > MAX_ENTRIES * _LISTED:
            raise SourceError(f"it has more than {MAX_ENTRIES:,} entries")
    stream.seek(0)


def _modified(info: zipfile.ZipInfo) -> float:
    from datetime import datetime

    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
