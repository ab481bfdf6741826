"""Reading a library file in any arrangement (see `store.lineformat` for ours).

`LineFile` in `store.linefile` is this and writes as well.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from store import lineformat
from store.errors import LibraryError, remedy
from store.filelock import FileLock
from store.jsontext import loads
from store.lineformat import FOOTER, HEADER, Record
from store.opening import open_file, survey_file
from store.regular import open_regular

if TYPE_CHECKING:
    from store.jsonspans import Layout

_NEW = (HEADER + FOOTER,)
_TAIL = b"\n" + FOOTER
_BLOCK = 1 << 20
# The table that names a format stands first, if there is one (`lineformat.newer_format`).
_MARK = b'"broadsheet"'
_MARKED = 64
# What may follow our header: a record, the footer, a comma of a record whose forerunner was
# removed, what a crash left.  White space is somebody else's indentation.
_AFTER_HEADER = (b'"', b"}", b",", b"\0", b"")


class Stamp(NamedTuple):
    """What tells one state of a file from another.

    Attributes:
        inode: Changes when the file is replaced.
        size: In bytes; changes with every append.
        mtime_ns: Time of the last change, in nanoseconds since 1970.
    """

    inode: int
    size: int
    mtime_ns: int


class Shape(Enum):
    """How a file is arranged: nothing in it, one article a line, or any other way."""

    EMPTY = "empty"
    LINES = "lines"
    FOREIGN = "foreign"


class LineReader:
    """An open library file; reading it needs no lock and may happen in any thread.

    Attributes:
        path: The file as it was named; a symbolic link is followed and stays a link.
        readonly: Whether writing is refused, by choice or because the system would refuse it.
        readonly_reason: Why, if not by choice; else "".
        shape: How the file is arranged (see `reexamine`).
        damage: Bytes that are no record, left out in reading, where `LineFile.verify` found some
            in a file that may only be read; 0 if only a comma or its end is wrong;
            None of a sound file.
    """

    def __init__(self, path: Path, *, readonly: bool = False, trusted: Stamp | None = None) -> None:
        """Open a library file; a missing one is created (0600, missing directories 0700).

        Args:
            path: The file.
            readonly: Never write; then a missing file is an error.
            trusted: A stamp under which the file was once found to be a library; if the file
                still bears it, one in a foreign arrangement is not walked again.

        Raises:
            NotALibraryError: The file is not JSON, is cut off, or is JSON of another shape; it
                was left untouched.
            LibraryError: It cannot be opened or created; the text says why.
        """
        self.path = Path(path)
        self.shape = Shape.EMPTY
        self.damage: int | None = None
        self._target = Path(os.path.realpath(self.path))
        self._lock = FileLock(self._beside(".lock"), like=self._target)
        self._mutex = threading.RLock()
        self._trusted = trusted
        self._descriptor = -1
        self._descriptor, self.readonly, self.readonly_reason = open_file(
            self.path, self._target, readonly=readonly, lock=self._lock, new=_NEW
        )
        self._rested: Stamp | None = None
        try:
            self._look_first()
        except BaseException:
            self.close()
            raise
        self._opened = self._rested = self._seen

    def close(self) -> None:
        """Close the file; it cannot be used afterwards."""
        with self._mutex:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1
            self._lock.close()

    def __del__(self) -> None:
        """Close what was forgotten, as a Python file object does."""
        if getattr(self, "_descriptor", -1) >= 0:
            self.close()

    # -- what the file is now

    def stamp(self) -> Stamp:
        """The stamp of what is at the path now, be it the open file or another.

        Raises:
            LibraryError: There is no file any more.
        """
        try:
            return stamp_of(self._target.stat())
        except OSError as error:
            raise LibraryError(f"{self.path} is gone: {error.strerror}") from error

    def reopen_if_replaced(self) -> bool:
        """Open the path anew if another file was renamed over it; whether that was so."""
        with self._mutex:
            if self.stamp().inode == os.fstat(self._descriptor).st_ino:
                return False
            self._reopen()
            return True

    def reexamine(self) -> Shape:
        """Find out anew how the file is arranged, after another program may have written it.

        In our own form this is two short reads; any other is walked from end to end.

        Raises:
            NotALibraryError: It is no library any more.
            LibraryError: It cannot be read.
        """
        try:
            with self._mutex:
                return self._examine()
        except OSError as error:
            raise LibraryError(f"{self.path} cannot be read: {remedy(error)}") from error

    def _examine(self) -> Shape:
        stamp = stamp_of(os.fstat(self._descriptor))
        self._header = HEADER
        self._layout: Layout | None = None
        self._end: int | None = None
        self._last_id: int | None = None
        self.damage = None
        self._scattered = False  # whether records stand behind damage
        header = lineformat.read_header(self._descriptor)
        begins = self._read_at(len(header), 1) if header is not None else b""
        self._lacks_first = begins == b","  # the line before was removed by hand
        if header is not None and begins in _AFTER_HEADER:
            self._header, self.shape = header, Shape.LINES
        elif stamp.size == 0:
            self.shape = Shape.EMPTY
        elif stamp == self._trusted and _MARK not in self._read_at(0, _MARKED):
            self.shape = Shape.FOREIGN
        else:
            self._layout = layout = self._survey()
            known = layout.has_articles or layout.tables
            self.shape = Shape.FOREIGN if known else Shape.EMPTY
        self._seen = stamp
        self._heed_format()
        return self.shape

    def _heed_format(self) -> None:
        """Write nothing to a file of a newer format."""
        if self.shape is Shape.EMPTY or (self._header == HEADER and self.shape is Shape.LINES):
            return
        if self.shape is Shape.LINES or self._layout is not None:
            version = lineformat.newer_format(self.tables())
            if version:
                self.readonly = True
                self.readonly_reason = (
                    f"a newer broadsheet wrote it (format {version}, this one knows "
                    f"{lineformat.FORMAT}); update broadsheet to write"
                )

    # -- reading

    def first(self) -> int:
        """Offset of the first record; 0 in a file that is not in our form."""
        return len(self._header) if self.shape is Shape.LINES else 0

    def end(self) -> int:
        """Offset of the first byte after the last record: where the footer is, or a tear."""
        with self._mutex:
            self._notice_changes()
            if self._end is None:
                self._end = self._find_end()
            return self._end

    def scan(self, start: int | None = None, stop: int | None = None) -> Iterator[Record]:
        """The records in bytes `start` to `stop`, ids ascending.

        Works in any shape; memory stays within one block or the longest line.  What is appended
        meanwhile is not seen; a file replaced meanwhile is read to its end as it was.  Of a file
        with known `damage` the records are those that mending it would keep.

        Raises:
            LibraryError: Something else than a record is met, where `verify` would have mended
                it or another program writes at this moment.
        """
        with self._mutex:
            end = self.end()
            start = self.first() if start is None else start
            stop = end if stop is None else min(stop, end)
            layout = self._foreign() if self.shape is Shape.FOREIGN else None
            scattered = self._scattered
            descriptor = os.dup(self._descriptor)
        try:
            if scattered:
                before = lineformat.last_line(descriptor, self.first(), start)
                after = before.id if before else None
                yield from lineformat.kept_records(descriptor, start, stop, after=after)
                return
            if layout is None:
                first = start == self.first()
                yield from lineformat.records(descriptor, start, stop, first=first)
                return
            for span in zip(layout.ids, layout.offsets, layout.lengths, strict=True):
                if start <= span[1] < stop:
                    yield lineformat.foreign_record(descriptor, *span)
        except ValueError as error:
            raise LibraryError(f"{self.path} changed or was damaged: {error}") from error
        finally:
            os.close(descriptor)

    def read(self, offset: int, length: int) -> tuple[int, dict[str, Any]]:
        """Id and document of the record in these bytes: one read, one parse.

        Raises:
            ValueError: There is no record in exactly these bytes; the file has changed.
        """
        return lineformat.parse_record(self._read_at(offset, length))

    def raw(self, offset: int, length: int) -> tuple[int, bytes]:
        """Id and object, as JSON, of the record in these bytes: one read, nothing parsed.

        Raises:
            ValueError: There is no record in exactly these bytes; the file has changed.
        """
        return lineformat.split_record(self._read_at(offset, length))

    def line_after(self, offset: int) -> int:
        """Offset of the first line that begins after a byte, or the end of the records."""
        with self._mutex:
            end = self.end()
            while offset < end:
                block = self._read_at(offset, min(_BLOCK, end - offset))
                newline = block.find(b"\n")
                if newline >= 0 or not block:
                    return min(end, offset + newline + 1) if block else end
                offset += len(block)
            return end

    def find(self, article_id: int) -> tuple[int, int] | None:
        """Offset and length of an article's record, or None; a few reads at any size.

        Raises:
            ValueError: The file is damaged or changed on the way.
        """
        with self._mutex:
            end = self.end()
            if self._scattered:  # lines that are no records cannot be bisected
                spans = (
                    (each.offset, each.length) for each in self.scan() if each.id == article_id
                )
                return next(spans, None)
            if self.shape is Shape.LINES:
                record = lineformat.find_line(self._descriptor, self.first(), end, article_id)
                return (record.offset, record.length) if record else None
            return self._foreign().find(article_id) if self.shape is Shape.FOREIGN else None

    def last_id(self) -> int:
        """The highest id in the file, 0 when it holds no article; one short read.

        Raises:
            ValueError: The last line is not a record: the file needs `verify`.
        """
        with self._mutex:
            end = self.end()
            if self._last_id is None:
                if self.shape is Shape.LINES:
                    last = lineformat.last_line(self._descriptor, self.first(), end)
                    self._last_id = last.id if last else 0
                else:
                    ids = self._foreign().ids
                    self._last_id = ids[-1] if ids else 0
            return self._last_id

    def count(self, start: int | None = None, stop: int | None = None) -> int:
        """Articles in the file, in our form those in bytes `start` to `stop`: its line ends."""
        with self._mutex:
            end = self.end() if stop is None else stop
            if self.shape is not Shape.LINES:
                return len(self._foreign().ids)
            if self._scattered:
                return sum(1 for _ in self.scan(start, end))
            position, count = self.first() if start is None else start, 0
            while position < end:
                block = self._read_at(position, min(_BLOCK, end - position))
                if not block:
                    break
                count += block.count(b"\n")
                position += len(block)
            return count

    def doubled(self) -> list[int]:
        """Ids that stand in the file more than once, ascending; what stands last counts.

        None in our own form, where an id that is not above the one before ends the records.
        """
        with self._mutex:
            self._notice_changes()
            foreign = self.shape is Shape.FOREIGN
            return sorted({number for number, *_ in self._foreign().outdone}) if foreign else []

    def is_line_start(self, offset: int) -> bool:
        """Whether a line after the header line begins at a byte, as the file is now."""
        with self._mutex:
            self._notice_changes()
            if self.shape is not Shape.LINES or not self.first() <= offset < self._seen.size:
                return False
            return self._read_at(offset - 1, 1) == b"\n"

    def is_torn(self) -> bool:
        """Whether a file in our form ends otherwise than with a footer, or begins with a comma.

        One short read; what is between is for `verify`, or a `scan`.  One that was emptied since
        it was opened counts as torn until it has rested.
        """
        with self._mutex:
            self._notice_changes()
            if self.shape is not Shape.LINES:
                return self._is_emptied()
            return self._lacks_first or not self._has_footer()

    def tables(self) -> dict[str, Any]:
        """The other tables of the file, by name."""
        with self._mutex:
            self._notice_changes()
            if self.shape is Shape.LINES:
                return lineformat.tables_in(self._header)
            return {
                name: loads(self._read_at(offset, length))
                for name, (offset, length) in self._foreign().tables.items()
            }

    # -- inside

    @property
    def aside(self) -> Path:
        """Where damage is put, beside the file itself: what a link leads to."""
        return self._beside(".torn")

    def _beside(self, suffix: str) -> Path:
        return self._target.with_name(self._target.name + suffix)

    def _look_first(self) -> None:
        self.reexamine()

    def _reopen(self) -> None:
        flags = os.O_RDONLY if self.readonly else os.O_RDWR
        try:
            new = open_regular(self._target, flags)
        except OSError as error:
            raise LibraryError(f"{self.path} cannot be opened: {error.strerror}") from error
        with self._mutex:
            # The same descriptor, so that a reader in another thread never meets a closed one.
            os.dup2(new, self._descriptor, inheritable=False)
            os.close(new)
            self.reexamine()
            self._opened = self._seen  # what was renamed there is no half of anything

    def _notice_changes(self) -> None:
        with self._mutex:
            if stamp_of(os.fstat(self._descriptor)) != self._seen:
                self.reexamine()

    def _read_at(self, offset: int, length: int) -> bytes:
        return os.pread(self._descriptor, length, offset)

    def _foreign(self) -> Layout:
        """The places of the articles in a file that is not in our form."""
        if self._layout is None:
            self._layout = self._survey()
        return self._layout

    def _survey(self) -> Layout:
        return survey_file(self.path, self._descriptor)

    def _has_footer(self) -> bool:
        size = self._seen.size
        return size >= self.first() + len(FOOTER) and self._read_at(size - 4, 4) == _TAIL

    def _is_emptied(self) -> bool:
        return not self._seen.size and self._seen not in (self._opened, self._rested)

    def _find_end(self) -> int:
        if self.shape is not Shape.LINES:
            layout = self._foreign()
            return max(map(sum, zip(layout.offsets, layout.lengths, strict=True)), default=0)
        if self._has_footer():
            return self._seen.size - len(FOOTER)
        first = self.first()
        return lineformat.good_end(self._descriptor, first, self._seen.size, first=True)


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp of a file with this status."""
    return Stamp(status.st_ino, status.st_size, status.st_mtime_ns)
