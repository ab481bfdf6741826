"""Keeping the columns of the side index in step with the library file and the reading file.

What changed since the columns last were in step is known from the stamps of both files.  One lock
beside the index, `columns.lock`, is held by whoever brings them in step; it is always taken before
the library file's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from store.filelock import FileLock
from store.index import Index
from store.indexing import (
    Progress,
    appended,
    catch_up,
    in_step,
    is_sign_of,
    left_out,
    mirror_all,
    take_newest,
)
from store.linefile import LineFile
from store.reading import ReadingFile

#: Bytes that are taken in while somebody waits: some 600 articles, a tenth of a second.
SMALL: Final = 4_000_000

#: Bytes at the end of the file whose articles are the first in a list that fills.
_FIRST: Final = 2_000_000


class ColumnsKeeper:
    """Takes what changed in the two files into the columns."""

    def __init__(
        self, file: LineFile, reading: ReadingFile, index: Index, notices: list[str]
    ) -> None:
        """Nothing is done before one is asked to.

        Args:
            file: The library file.
            reading: The reading file.
            index: The columns.
            notices: Where to put lines for the person.
        """
        self._file = file
        self._reading = reading
        self._index = index
        self._notices = notices
        self.lock = FileLock(index.file.with_suffix(".lock"), like=index.file)

    def in_step(self) -> bool:
        """Whether the columns have all that is in the files; costs three reads."""
        return in_step(self._file, self._reading, self._index)

    def take_in(self, stop: Callable[[], bool], on_progress: Progress | None = None) -> bool:
        """Take in what changed if that is little; whether the columns are in step now.

        Args:
            stop: Asked now and then.
            on_progress: Told how far it is.
        """
        if self.in_step():
            self._file.reopen_if_replaced()  # with one that another process put there, perhaps
            self._tell_left_out()
            return True
        if self._reading.stamp().size > SMALL:
            return False
        self._follow_reading()
        now = self._file.stamp()
        if not is_sign_of(self._index.meta("stamp")[0], self._file):
            with self.lock.attempt() as mine:
                if not mine:
                    return False
                # Another process may have put another file there: of that one nothing is known.
                same = not self._file.reopen_if_replaced()
                known = appended(self._file, self._index) if same and now.size > SMALL else None
                if now.size - (known or 0) > SMALL:
                    return False
                self._follow_file(stop, on_progress)
        self._tell_left_out()
        return True

    def take_newest(self) -> None:
        """Take in the newest articles alone, so that a list has something to show."""
        with self.lock.attempt() as mine:
            if mine:
                take_newest(self._file, self._index, _FIRST)

    def catch_up(self, stop: Callable[[], bool], on_progress: Progress | None = None) -> None:
        """Bring the columns in step, however long that takes.

        Args:
            stop: Asked now and then; what is done by then stays done.
            on_progress: Told how far it is.
        """
        while not self.in_step() and not stop():
            with self.lock.hold_unless(stop) as mine:
                if mine:
                    self._follow_reading()
                    self._follow_file(stop, on_progress)
        self._tell_left_out()

    def _tell_left_out(self) -> None:
        """Tell the person of damage in a file that may only be read."""
        if self._file.readonly and (size := left_out(self._file, self._index)):
            notice = (
                f"{self._file.path.name} is damaged: {size:,} bytes of it are no record and are "
                "left out; `broadsheet doctor --repair` mends it"
            )
            if notice not in self._notices:
                self._notices.append(notice)

    def _follow_file(self, stop: Callable[[], bool], on_progress: Progress | None) -> None:
        torn, gone = catch_up(self._file, self._index, stop, on_progress)
        name = self._file.path.name
        if gone:
            these = "1 article is" if gone == 1 else f"{gone:,} articles are"
            self._notices.append(
                f"another program wrote {name}, and {these} no longer in it; `broadsheet backup` "
                "makes copies to go back to"
            )
        if torn:
            aside = self._file.aside
            where = aside.name if aside.parent == self._file.path.parent else aside
            self._notices.append(
                f"{name} was damaged; {torn:,} bytes that were no record were put aside in {where}"
            )

    def _follow_reading(self) -> None:
        if self._index.meta("reading") != [repr(self._reading.stamp())]:
            mirror_all(self._reading, self._index)
