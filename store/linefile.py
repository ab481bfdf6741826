"""The library file: TinyDB JSON, one article a line (see `store.lineformat`).

Any JSON parser reads it, stock TinyDB included; an article is added by one write over the footer
and read by one read at its offset.  A file in another arrangement (stock TinyDB's single long
line, pretty-printed by hand) is read as it is and brought into this form by the first write.
Nothing is written before the file is understood.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain
from typing import Any

from store import lineformat
from store.atomic import remove_leftovers, replace_file, sync_data, sync_directory, write_all
from store.errors import HalfWrittenError, LibraryError, NotALibraryError, ReadOnlyError, remedy
from store.jsontext import dumps, loads
from store.lineformat import FOOTER, Record
from store.linereader import Shape, Stamp, stamp_of
from store.opening import survey_file
from store.regular import open_regular
from store.sharedfile import SharedFile

_PART = 1 << 20  # bytes read at once

__all__ = ["LineFile", "Record", "Shape", "Stamp", "dumps", "loads"]


class LineFile(SharedFile):
    """An open library file that can be written.

    Writing takes an exclusive lock on `NAME.lock` beside the file, across processes, and notices
    what others did meanwhile.  Reading is `LineReader`'s, waiting for others `SharedFile`'s.
    """

    _tidy = False

    on_write: Callable[[Stamp, Stamp], object] = staticmethod(lambda before, after: None)
    """Told the file's stamps before and after articles were written, with the lock held."""

    def require_writable(self) -> None:
        """Raise a `ReadOnlyError` that says why, if the file cannot be written."""
        if self.readonly:
            because = f" ({self.readonly_reason})" if self.readonly_reason else ""
            raise ReadOnlyError(f"{self.path} is open for reading only{because}")

    def append(self, documents: Sequence[tuple[int, bytes]]) -> list[tuple[int, int, int]]:
        """Add articles after the last one: one write and one sync, however many.

        A file that is not in our form is converted first, a torn tail mended.

        Args:
            documents: Ids, ascending and above every id in the file, with objects as `dumps`
                writes them.

        Returns:
            Id, offset and length of each new record.  They are on the disk.

        Raises:
            ReadOnlyError: The file is open for reading only.
            LibraryError: The disk is full, or the like; the file is as it was.
            ValueError: An id is not above the last, or a document is not an object on one line.
        """
        self.require_writable()
        with self.lock(), self._mutex:
            self._tidy_up()
            if not self._has_sound_ends():
                self.verify()
                self.convert()
            end, last = self.end(), self.last_id()
            empty = end == self.first()
            spans: list[tuple[int, int, int]] = []
            chunks: list[bytes] = []
            position = end
            for number, raw in documents:
                if number <= last and not (empty and not spans):
                    raise ValueError(f"id {number} is not above the last one, {last}")
                line = lineformat.record_line(number, raw, first=empty and not spans)
                spans.append((number, position, len(line) - 1))
                chunks.append(line)
                position += len(line)
                last = number
            if spans:
                self._write_tail(b"".join([*chunks, FOOTER]), end)
                self._end, self._last_id = position, last
                before, self._seen = self._seen, stamp_of(os.fstat(self._descriptor))
                self.on_write(before, self._seen)
            return spans

    def rewrite(
        self, records: Iterable[tuple[int, bytes]], *, tables: Mapping[str, Any] | None = None
    ) -> None:
        """Replace all articles, atomically; the records are streamed to a new file.

        Articles of a file of another arrangement whose ids stand in it again, further on, go to
        `NAME.torn` first: no JSON parser shows them, but somebody wrote them.

        Args:
            records: Ids, ascending, with objects.  They may come from `scan` of this file, in
                any shape, after `verify`: what lies beyond a tear is not carried over.
            tables: The other tables; by default those the file has.

        Raises:
            ReadOnlyError: The file is open for reading only.
            LibraryError: The disk is full, or the like; the file is as it was.
            ValueError: The ids do not ascend, or a document is not an object.
        """
        self.require_writable()
        with self.lock():
            there, before = self.tables(), self._seen
            if lineformat.newer_format(there):
                raise ReadOnlyError(f"{self.path}: a newer broadsheet wrote it; it is as it was")
            header = lineformat.header_for(there if tables is None else tables)
            try:
                remove_leftovers(self._target)
                if self.shape is Shape.FOREIGN and (outdone := self._foreign().outdone):
                    self._set_aside([span for _, *span in outdone], end=b"\n")
                replace_file(self._target, _file_of(header, records))
            except OSError as error:
                raise LibraryError(
                    f"{self.path} could not be written and is as it was: {remedy(error)}"
                ) from error
            self._reopen(before)
            self.on_write(before, self._seen)

    def convert(self) -> None:
        """Bring a file of another arrangement into our form; nothing happens to one that is."""
        with self.lock():
            if self.shape is not Shape.LINES:
                self.rewrite((record.id, dumps(loads(record.raw))) for record in self.scan())

    def verify(self, start: int | None = None) -> int:
        """Check every line from `start` to the footer, and mend a tail that a crash tore.

        What is no record goes to `NAME.torn` beside the file; the records stay.  A file that was
        edited by hand and is still JSON is not torn: it is brought back into our form.

        Args:
            start: Byte where a line begins, up to which the file is known to be good; by default
                the first record.

        Returns:
            Bytes moved to `NAME.torn`.  A read-only file is not mended: its records are then
            those that mending would keep, `damage` tells what is left out, and 0 is returned.

        Raises:
            LibraryError: The damage cannot be put aside, for want of space, say.
        """
        while True:
            try:
                return self.verify_now(start)
            except HalfWrittenError:
                self.wait_for_rest()

    def verify_now(self, start: int | None = None) -> int:
        """`verify`, without waiting for another program that may be writing.

        Raises:
            HalfWrittenError: The file changed a moment ago: `wait_for_rest`, then try again.
            LibraryError: As `verify`.
        """
        if not self.is_torn() and self._good_end(start) is None:
            return 0  # the common case needs no lock
        with self._unwritten(), self._mutex:
            if self.is_torn() and self._seen not in (self._opened, self._rested):
                raise self._half_written()  # before all of it is looked at in vain
            end = self._good_end(start)
            if end is None:
                return 0
            found = self._sorted(end)
            if (found.damage or found.records) and self._is_edited_json():
                if not self.readonly:
                    self.convert()
                return 0
            # No crash of ours leaves records behind the damage.
            if self._seen != self._rested and (found.records or self._seen != self._opened):
                raise self._half_written()
            if self.readonly:
                self._pass_over(end, found)
                return 0
            if stamp_of(os.fstat(self._descriptor)) != self._seen:
                raise self._half_written()
            try:
                return self._repair(end, found)
            except OSError as error:
                raise LibraryError(
                    f"{self.path} is damaged and cannot be mended: {remedy(error)}"
                ) from error

    def torn(self) -> int | None:
        """What `verify` would mend, with nothing written.

        Returns:
            Bytes that are no record and would be put aside; 0 if only a comma or the end of the
            file is wrong; None if every line is good, or the file is JSON in another arrangement,
            which is its shape then.
        """
        if self._good_end(None) is None:
            return None
        # Perhaps an append was under way: what is wrong must be so while nobody writes.
        with self._unwritten(), self._mutex:
            end = self._good_end(None)
            if end is None:
                return None
            found = self._sorted(end)
            if (found.damage or found.records) and self._is_edited_json():
                return None
            return sum(length for _, length in found.damage)

    def contents(self) -> Iterator[bytes]:
        """The whole file as it is now, in parts, appends during the reading left out.

        A file in our form is not locked for it: what stands before its end never changes.

        Raises:
            LibraryError: Another program wrote the file meanwhile.
        """
        with ExitStack() as stack:
            if self.shape is not Shape.LINES:
                stack.enter_context(self.lock())
            with self._mutex:
                self.reopen_if_replaced()
                end, before = self.end(), stamp_of(os.fstat(self._descriptor))
                lines = self.shape is Shape.LINES
                descriptor = os.dup(self._descriptor)
            try:
                size = end if lines else before.size
                for offset in range(0, size, _PART):
                    yield os.pread(descriptor, min(_PART, size - offset), offset)
                after = stamp_of(os.fstat(descriptor))
                if after.size < before.size or (not lines and after != before):
                    raise LibraryError(f"{self.path}: another program wrote it; do it again")
                if lines:
                    yield FOOTER
            finally:
                os.close(descriptor)

    # -- inside

    def _has_sound_ends(self) -> bool:
        """Whether the file is in our form as far as its first and its last line tell."""
        if self.shape is not Shape.LINES or self.is_torn():
            return False
        try:
            self.last_id()
        except ValueError:
            return False
        return True

    def _tidy_up(self) -> None:
        """Remove, once, what a rewrite left behind whose process was killed; under the lock."""
        if not self._tidy:
            self._tidy = True
            remove_leftovers(self._target)

    def _is_edited_json(self) -> bool:
        """Whether the file, not all of it in our form, is JSON all the same; then it is foreign."""
        end, last = self._seen.size, b""
        while end and not last:  # any number of blank lines may follow it
            start = max(0, end - _PART)
            last, end = self._read_at(start, end - start).rstrip(), start
        if not last.endswith(b"}"):
            return False
        try:
            self._layout = survey_file(self.path, self._descriptor)
        except NotALibraryError:
            return False
        self.shape, self._end, self._last_id = Shape.FOREIGN, None, None
        return True

    def _sorted(self, end: int) -> lineformat.Sorted:
        """What follows the good lines that end at byte `end`."""
        last = lineformat.last_line(self._descriptor, self.first(), end)
        size, after = self._seen.size, last.id if last else None
        return lineformat.sort_lines(self._descriptor, end, size, after=after)

    def _pass_over(self, end: int, found: lineformat.Sorted) -> None:
        """Read only what is whole of a file that is good up to byte `end`."""
        self._end, self._last_id = end, None
        if found.records:
            self._scattered, last = True, found.records[-1]
            self._end = sum(last) + 1
            self._last_id = lineformat.record_at(self._descriptor, *last).id
        self.damage = sum(length for _, length in found.damage)

    def _repair(self, end: int, found: lineformat.Sorted) -> int:
        """Put damage aside and keep what is whole; the file is good up to byte `end`."""
        if found.damage:
            self._set_aside(found.damage)
        if found.records:
            # Damage in the middle.  What follows it is not lost for that.
            before = lineformat.records(self._descriptor, self.first(), end, first=True)
            after = (lineformat.record_at(self._descriptor, *span) for span in found.records)
            self.rewrite((record.id, record.raw) for record in chain(before, after))
            if not found.damage:
                self.tell(
                    f"{self.path.name} was put right: a comma between articles was missing or too "
                    "much; every article is kept"
                )
        else:
            self._close_at(end)
        return sum(length for _, length in found.damage)

    def _set_aside(self, spans: Iterable[Sequence[int]], *, end: bytes = b"") -> None:
        torn = self.aside
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        with os.fdopen(open_regular(torn, flags), "wb") as file:
            for offset, length in spans:
                file.write(self._read_at(offset, length) + end)
            file.flush()
            os.fsync(file.fileno())
        sync_directory(torn.parent)

    def _write_tail(self, data: bytes, end: int) -> None:
        """Write records and footer over the footer at `end`; all of it or nothing."""
        try:
            write_all(self._descriptor, data, end)
            sync_data(self._descriptor)
        except BaseException as error:
            try:
                self._close_at(end)
            except OSError:
                pass  # the tail stays torn; the next `verify` mends it
            if isinstance(error, OSError):
                raise LibraryError(f"{self.path}: nothing was added: {remedy(error)}") from error
            raise

    def _close_at(self, end: int) -> None:
        """Put the footer at byte `end` and cut what follows."""
        write_all(self._descriptor, FOOTER, end)
        os.ftruncate(self._descriptor, end + len(FOOTER))
        os.fsync(self._descriptor)


def _file_of(header: bytes, records: Iterable[tuple[int, bytes]]) -> Iterator[bytes]:
    yield header
    last: int | None = None
    for number, raw in records:
        if last is not None and number <= last:
            raise ValueError(f"id {number} is not above the one before, {last}")
        if b"\n" in raw:  # pretty-printed
            raw = dumps(loads(raw))
        raw = raw.rstrip(b" \t\r")  # a line end of another system, in a file that was damaged
        yield lineformat.record_line(number, raw, first=last is None)
        last = number
    yield FOOTER
