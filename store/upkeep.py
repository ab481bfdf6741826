"""Keeping the side index in step with the files, and sound, while the library is in use.

A small change is taken in at once by whoever looks.  Anything larger, a library that was never
opened before, an index that is gone, damaged or of another version, is for a thread: what is in the
index goes on answering meanwhile, and the newest articles are put in before all others.

Damage of the index may be met by any statement.  `sound` runs a question again after the index
was made anew, so that nobody sees more of it than a pause, or a list that fills.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeVar

from store.columnskeeper import ColumnsKeeper
from store.errors import HalfWrittenError, LibraryError, UnwritableIndexError, remedy
from store.index import Index
from store.indexing import Progress
from store.linefile import LineFile, Stamp
from store.memory import give_back
from store.reading import ReadingFile
from store.sqlitefile import DamagedError
from store.wordkeeper import FullTextKeeper, is_panic

if TYPE_CHECKING:
    from store.fulltext import FullText

_T = TypeVar("_T")

#: A search waits for the full-text index to take in up to this many articles first.
SOON: Final = 500

#: Articles from which on another process indexes them: it begins in a quarter of a second.
MANY: Final = 1_000

#: The share of all work that goes into the columns; the rest goes into the full text.
_COLUMNS_SHARE: Final = 0.3
_STEPS: Final = 1_000

_ATTEMPTS: Final = 3
_POLL: Final = 0.05  # seconds between two looks at how far the thread is

#: Seconds that closing waits for the thread, which is seldom in the midst of a longer step.
_PATIENCE: Final = 0.4

#: Bytes of an index that is examined before it is asked anything, if it does not bear its seal: a
#: hundredth of a second.
_SOON_VERIFIED: Final = 1_000_000

#: Seconds from the opening to the examination of an index that bears its seal, of one that does
#: not (what is shown of it is compared with its checksums anyway), and the pause after each of its
#: steps: nobody waits for it, and it takes the interpreter from those who work.
_AT_LEISURE: Final = 5.0
_ONCE_OPEN: Final = 1.0
_BREATH: Final = 0.003

_REST: Final = 60.0  # seconds until the next try after the index could not be written

_log = logging.getLogger(__name__)


class Upkeep:
    """What is done to one library's index besides asking it."""

    def __init__(
        self,
        file: LineFile,
        reading: ReadingFile,
        index: Index,
        keeper: FullTextKeeper,
        notices: list[str],
    ) -> None:
        """Nothing is done before `open`.

        Args:
            file: The library file.
            reading: The reading file.
            index: The columns.
            keeper: The full text.
            notices: Where to put lines for the person.
        """
        self._file = file
        self._index = index
        self._columns = ColumnsKeeper(file, reading, index, notices)
        self._keeper = keeper
        self._notices = notices
        file.tell = notices.append
        self._thread: threading.Thread | None = None
        self._thread_lock = threading.Lock()
        self._closing = threading.Event()
        self._wake = threading.Event()
        self._renewing = threading.Lock()
        self._error: LibraryError | None = None
        self._failed: Stamp | None = None
        self._writer: int | None = None  # the thread in `writing`
        self._verified = False
        self._filled = 0
        self._answered_partly = False  # some words that were asked for were not in the index yet
        self._rests_until = 0.0
        self._progress: tuple[int, int] | None = None

    # ------------------------------------------------------------------------- beginning, end

    def open(self, on_progress: Progress | None = None) -> None:
        """Take in what is small, see to it that a list has something to show, begin the rest.

        Raises:
            LibraryError: a file is not what it should be.
        """
        while True:
            try:
                self.sound(lambda: self._open(on_progress))
                break
            except UnwritableIndexError as error:
                self.put_off(error)
                break
            except HalfWrittenError:
                self._file.wait_for_rest()
        self.begin()

    def _open(self, on_progress: Progress | None) -> None:
        index = self._index
        if not (self._verified or index.sealed) and index.file.stat().st_size <= _SOON_VERIFIED:
            index.verify(self._closing.is_set, lambda: None)
            self._verified = True
        if self._file.is_torn() and index.meta("stamp") == [repr(self._file.stamp())]:
            # When the power goes, an append may have overwritten the footer and yet not changed
            # size and time of the file, by which the index would know that it changed.
            index.set_meta(stamp="")
        if not (self._take_in(on_progress) or self._index.count()):
            self._columns.take_newest()

    def close(self) -> None:
        """End the work; what is done stays done.  Idempotent."""
        self._closing.set()
        self._wake.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_PATIENCE)
        if thread is None or not thread.is_alive():
            self._keeper.close()
            self._columns.lock.close()

    # ------------------------------------------------------------------------- asking

    @property
    def progress(self) -> tuple[int, int] | None:
        """(done, total) of what is being done behind, None when that is nothing."""
        return self._progress

    def signs(self) -> tuple[str, ...]:
        """What changes whenever a list may have changed.

        While an index is filled, that is whenever it has grown by a quarter: a list of a million
        is not found again every second.
        """
        return (*self._index.meta("stamp", "reading"), str(self._filled))

    def sound(self, ask: Callable[[], _T]) -> _T:
        """The answer to a question; if the index is found damaged it is made anew, and asked again.

        Raises:
            UnwritableIndexError: the disk takes no more; what is in the index still answers.
            LibraryError: the index cannot be made anew, or the disk cannot be read.
        """
        failed: DamagedError | None = None
        for _ in range(_ATTEMPTS):
            try:
                if failed is not None:
                    self._renew(failed)
                return ask()
            except DamagedError as error:
                failed = error
            except OSError as error:
                raise self._in_words(error) from error
        raise UnwritableIndexError(
            f"the index {self._index.file} cannot be kept: {failed}; remove it, or set "
            "XDG_CACHE_HOME to another place"
        ) from failed

    def _in_words(self, error: OSError) -> LibraryError:
        where = error.filename or f"{self._file.path} or its index"
        return LibraryError(f"{where} cannot be used: {remedy(error)}")

    def put_off(self, error: Exception) -> None:
        """Tell the person once that the index is behind, and try again in a while."""
        if isinstance(error, UnwritableIndexError):
            self._rests_until = monotonic() + _REST
            if str(error) not in self._notices:
                self._notices.append(str(error))

    def mend(self) -> None:
        """Make the index anew if it was found damaged, and wait for the columns."""
        if self._index.damaged:
            self._renew(None)
        self.wait_for_columns()

    def sound_words(self, ask: Callable[[], _T]) -> _T:
        """As `sound`, for a question that the full text takes part in."""

        def ask_words() -> _T:
            for attempt in range(_ATTEMPTS):
                try:
                    return ask()
                except BaseException as error:
                    last = attempt == _ATTEMPTS - 1
                    if last or not (isinstance(error, ValueError) or is_panic(error)):
                        if isinstance(error, ValueError) or is_panic(error):
                            raise self._words_unwritable(error) from error
                        raise
                    _log.info("the full-text index is damaged; it is made anew", exc_info=error)
                    self._keeper.start_over()
            raise AssertionError("unreachable")

        return self.sound(ask_words)

    def _words_unwritable(self, error: BaseException) -> UnwritableIndexError:
        reason = " ".join(str(error).split())[:100]
        return UnwritableIndexError(
            f"the search index cannot be written ({reason}); make room, or set XDG_CACHE_HOME to "
            f"another place than {self._index.file.parent}"
        )

    def look(self) -> None:
        """Take in what other processes wrote, or begin to; costs three reads when that is nothing.

        Raises:
            LibraryError: a file is not what it should be.
        """
        error, self._error = self._error, None
        if error is not None:
            raise error
        if monotonic() >= self._rests_until:
            try:
                if self._index.damaged or self._index.replaced():
                    self._renew(None)
                self.sound(self._take_in)
            except UnwritableIndexError as unwritable:
                self.put_off(unwritable)
        if self._answered_partly and self._keeper.pending() <= SOON:
            self._answered_partly = False  # whoever asks again has these few taken in
            self._filled += 1
        self.begin()

    def words(self) -> FullText:
        """The full text, with what was added last unless it is much, or somebody else is at it."""
        before = self._keeper.pending()
        fulltext = self._keeper.open()
        waiting = self._keeper.pending()  # more than before, if it had to be begun anew
        if not (before or waiting):
            return fulltext
        if waiting > SOON:
            self.begin()
        elif waiting and monotonic() >= self._rests_until:
            try:
                self._index_words(wait=False)
            except UnwritableIndexError as error:
                self.put_off(error)
            except HalfWrittenError:
                pass  # what changed is found when the file is whole again
        if self._keeper.pending() and monotonic() >= self._rests_until:
            self._answered_partly = True
        return self._keeper.open()

    def wait_for_columns(self, on_progress: Progress | None = None) -> None:
        """Return when the columns are in step with both files.

        Raises:
            LibraryError: a file is not what it should be.
        """
        if self._writer != threading.get_ident():  # else the thread waits for what we hold
            self._await_thread(on_progress, self._columns.in_step)
        self._bring_in_step(on_progress)

    def wait_for_words(self, on_progress: Progress | None = None) -> None:
        """Return when every article can be found by its words, too.

        Raises:
            LibraryError: a file is not what it should be.
            UnwritableIndexError: the index cannot be written.
        """
        self._await_thread(on_progress, lambda: False)
        while True:
            self._bring_in_step(on_progress)
            try:
                self.sound(lambda: self._index_words(on_progress))
                return
            except HalfWrittenError:
                self._file.wait_for_rest()

    def _take_in(self, on_progress: Progress | None = None) -> bool:
        return self._columns.take_in(self._closing.is_set, on_progress)

    def _bring_in_step(self, on_progress: Progress | None) -> None:
        self.sound(lambda: self._columns.catch_up(self._closing.is_set, on_progress))

    def _index_words(
        self, on_progress: Progress | None = None, *, wait: bool = True, apart: bool = False
    ) -> None:
        try:
            if apart and self._index_apart(on_progress):
                return
            self._keeper.work(self._closing.is_set, on_progress, wait=wait)
        except BaseException as error:
            if isinstance(error, OSError | ValueError) or is_panic(error):
                raise self._words_unwritable(error) from error
            raise

    def _index_apart(self, on_progress: Progress | None) -> bool:
        """Have another process do it if it is much, and begun in good order; whether it is done."""
        self._keeper.open()
        if self._keeper.pending() < MANY:
            return False
        from store.apart import index_apart

        directory = self._index.file.parent
        return index_apart(self._file.path, directory, self._closing.is_set, on_progress)

    def _await_thread(self, on_progress: Progress | None, enough: Callable[[], bool]) -> None:
        """Wait while the thread is at work, unless that is `enough`."""
        pause = threading.Event()
        while (progress := self._progress) is not None and not enough():
            if on_progress is not None:
                on_progress("indexing", *progress)
            pause.wait(_POLL)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The columns in step, and nobody else writes the library file or them, for the body.

        Raises:
            LibraryError: the file is gone or cannot be locked, or is not what it should be.
        """
        self.wait_for_columns()
        with ExitStack() as stack:
            try:
                stack.enter_context(self._columns.lock.hold())
            except OSError as error:
                raise self._in_words(error) from error
            stack.enter_context(self._file.lock())
            stack.callback(setattr, self, "_writer", self._writer)
            self._writer = threading.get_ident()
            if not self.sound(self._columns.in_step):
                self.wait_for_columns()
            yield

    def follow(self) -> None:
        """Bring the columns in step after a write, in `writing`; what hinders it is put off."""
        try:
            self.wait_for_columns()
        except UnwritableIndexError as error:
            self.put_off(error)

    # ------------------------------------------------------------------------- damage

    def _renew(self, error: DamagedError | None) -> None:
        with self._renewing:
            if self._index.damaged or self._index.replaced():
                _log.info("the index is damaged or gone; it is made anew", exc_info=error)
                self._index.renew()
                self._verified = True
                self._filled += 1
                self._open(None)
        self.begin()

    # ------------------------------------------------------------------------- behind

    def begin(self) -> None:
        """Have the thread do what there is to do; it is started when there is none."""
        with self._thread_lock:
            pressed = self._is_pressed()
            due = not self._verified and monotonic() >= self._rests_until
            if self._closing.is_set() or not (pressed or due):
                return
            if self._thread is not None and self._thread.is_alive():
                if pressed:
                    self._wake.set()
                return
            self._wake.clear()
            if pressed:
                self._progress = 0, _STEPS
            self._thread = threading.Thread(
                target=self._run, args=(pressed,), name="upkeep", daemon=True
            )
            self._thread.start()

    def _is_pressed(self) -> bool:
        """Whether there is work that somebody waits for."""
        if monotonic() < self._rests_until:
            return False
        try:
            if self._keeper.pending() > SOON:
                return True
            return not self._columns.in_step() and self._failed != self._file.stamp()
        except DamagedError:
            return True
        except LibraryError:
            return False  # the file is gone

    def _run(self, pressed: bool) -> None:
        begun: Stamp | None = None
        try:
            while True:
                self._wake.clear()
                if self._closing.is_set():
                    return
                if pressed:
                    begun = self._file.stamp()
                    self.sound(self._work)
                    self._progress = None
                self.sound(self._verify)
                pressed = self._wake.is_set()
                if self._verified and not pressed:
                    return
        except UnwritableIndexError as error:
            self.put_off(error)
        except LibraryError as error:
            self._error = error
            self._failed = begun  # not what is there by now, if another program goes on writing
        except BaseException:
            if self._closing.is_set():
                return  # what it worked with was closed under it
            self._rests_until = monotonic() + _REST
            _log.exception("the upkeep of the index failed")
        finally:
            self._progress = None

    def _work(self) -> None:
        before = 0
        share = 0.0

        def reading(_: str, done: int, total: int) -> None:
            nonlocal before
            self._progress = int(done / total * _COLUMNS_SHARE * _STEPS), _STEPS
            count = self._index.count()
            if count > before * 1.25:
                before = count
                self._filled += 1

        def indexing(_: str, done: int, total: int) -> None:
            self._progress = int((share + done / total * (1 - share)) * _STEPS), _STEPS

        if not self._columns.in_step():
            share = _COLUMNS_SHARE
            self._progress = 0, _STEPS
            before = self._index.count()
            self._columns.catch_up(self._closing.is_set, reading)
        if self._keeper.pending() > SOON:
            self._index_words(indexing, apart=True)

    def _verify(self) -> None:
        """Compare the whole index with its checksums, once; left for later when work comes."""
        pause = _AT_LEISURE if self._index.sealed else _ONCE_OPEN
        if self._verified or self._wake.wait(pause):
            return
        self._index.verify(self._wake.is_set, lambda: self._wake.wait(_BREATH))
        self._verified = not self._wake.is_set()
        self._index.shrink()
        give_back()
