"""A library file that other programs write as well: its lock, and waiting for who writes in place.

broadsheet replaces the file or appends to it, so that it is whole at any moment.  Others do not:
stock TinyDB writes it from the beginning and cuts the end off afterwards, and a copy over it takes
as long as the disk does.  Till they are done it looks damaged, and must not be mended or refused.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from time import monotonic, sleep, time
from typing import TYPE_CHECKING

from store import lineformat
from store.errors import CutLibraryError, HalfWrittenError, LibraryError, remedy
from store.lineformat import FOOTER
from store.linereader import LineReader, Shape, Stamp, stamp_of

if TYPE_CHECKING:
    from store.jsonspans import Layout
    from store.replaced import Replaced

#: Seconds in which a file must not change that looks as if another program were writing it, and
#: in which one must not that has come to look so since it was opened: a slow copy may pause.
_REST = 0.2
_LONG_REST = 3.0
#: Seconds between two looks at whether it is whole: stock TinyDB writes it, then cuts the end off.
_GLANCE = 0.02


class SharedFile(LineReader):
    """A library file with the lock that keeps other processes from writing it."""

    tell: Callable[[str], object] = staticmethod(lambda notice: None)
    """Told in a line what the person should know of the file."""

    _replaced: Replaced | None = None

    _cut: Stamp | None = None
    """The stamp of a file in a foreign arrangement that is not whole, until that is waited for."""

    def close(self) -> None:
        """Close the file; it cannot be used afterwards."""
        super().close()
        if self._replaced is not None:
            self._replaced.close(self.tell)

    def reopen_if_replaced(self) -> bool:
        """As `LineReader` does; what others wrote into a file that was replaced is kept."""
        if self._replaced is not None:
            self._replaced.look(self.tell)
        return super().reopen_if_replaced()

    def _reopen(self, before: Stamp | None = None) -> None:
        """Open the path anew; another program may go on to write into what was open till now.

        Args:
            before: The stamp of that when it was replaced; by default that which it has now.
        """
        if not self.readonly:
            if self._replaced is None:
                from store.replaced import Replaced  # seldom needed

                self._replaced = Replaced(self.path)
            stamp = before or stamp_of(os.fstat(self._descriptor))
            self._replaced.watch(self._descriptor, stamp)
        super()._reopen()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes and threads from writing; re-entrant.

        On entry the file is opened anew if it was replaced, and looked at again if it changed.
        A read-only file is not locked.

        Raises:
            LibraryError: The file is gone or cannot be locked.
        """
        with ExitStack() as stack:
            if not self.readonly:
                try:
                    stack.enter_context(self._lock.hold())
                except OSError as error:
                    raise LibraryError(f"{self.path} cannot be locked: {remedy(error)}") from error
            self.reopen_if_replaced()
            self._notice_changes()
            yield

    def wait_for_rest(self) -> None:
        """Return when the file has not changed for a while, or is whole.

        What another program is copying over it looks like damage until it is there.  A file that
        was so when it was opened is looked at for a moment only.

        Raises:
            HalfWrittenError: It changes.
        """
        cut, self._cut = self._cut, None
        if cut is not None:
            self._wait_until_whole(cut)
            return
        seen = self._seen
        rest = _REST if seen == self._opened else max(_REST, _LONG_REST - self._age())
        end = monotonic() + rest
        while (left := end - monotonic()) > 0:
            sleep(min(left, _REST))
            if self.stamp() != seen:
                self.reopen_if_replaced()
                if self._good_end(None) is None and self.shape is Shape.LINES:
                    return  # another process has mended it
                raise self._half_written()
        self._rested = seen

    def _wait_until_whole(self, seen: Stamp) -> None:
        """`wait_for_rest` for a file in a foreign arrangement; it may be whole from one write on.

        Args:
            seen: Its stamp when it was not.

        Raises:
            HalfWrittenError: It goes on to change.
        """
        begun = monotonic()
        while True:
            rests = monotonic() + _LONG_REST - min(self._age(), _LONG_REST)
            while self.stamp() == seen:
                if monotonic() >= rests:
                    self._rested = seen
                    return
                sleep(_GLANCE)
            try:
                if not self.reopen_if_replaced():
                    self.reexamine()
                return
            except HalfWrittenError:
                if monotonic() - begun >= _LONG_REST:
                    raise
                seen = self._cut or seen

    # -- inside

    def _look_first(self) -> None:
        while True:
            try:
                return super()._look_first()
            except HalfWrittenError:
                self.wait_for_rest()

    def _survey(self) -> Layout:
        """As `LineReader` does; what another program writes in place is not whole all the time.

        Raises:
            HalfWrittenError: It is not, and changed a moment ago: `wait_for_rest`, then try again.
        """
        stamp = stamp_of(os.fstat(self._descriptor))
        try:
            return super()._survey()
        except CutLibraryError as error:
            if stamp == self._rested or self._age() >= _LONG_REST:
                raise
            self._cut = stamp
            raise self._half_written() from error

    @contextmanager
    def _unwritten(self) -> Iterator[None]:
        """`lock`, and for a read-only file as well, as far as no lock file is made for it."""
        with self._lock.hold_if_there() if self.readonly else nullcontext(), self.lock():
            yield

    def _good_end(self, start: int | None) -> int | None:
        """Where the good records from byte `start` end, or None if nothing but the footer follows.

        None as well for a file that is not in our form, which has been checked as a whole.
        """
        with self._mutex:
            self._notice_changes()
            if self.shape is not Shape.LINES:
                return None
            first, size = self.first(), self._seen.size
            if start is None or not self.is_line_start(start):
                start = first
            try:
                end = lineformat.good_end(self._descriptor, start, size, first=start == first)
            except ValueError:  # it has become shorter
                raise self._half_written() from None
            return None if size - end == len(FOOTER) and self._has_footer() else end

    def _age(self) -> float:
        """Seconds since the file was changed, whatever time of change it was given."""
        return max(0.0, time() - os.fstat(self._descriptor).st_ctime)

    def _half_written(self) -> HalfWrittenError:
        return HalfWrittenError(f"{self.path} is being written by another program; try again")
