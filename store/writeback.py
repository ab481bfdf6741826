"""Changes of state, applied in memory at once and written to disk a moment later."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from store.checksums import DamagedError
from store.errors import LibraryError
from store.reading import Change

#: Seconds from the first unwritten change to the write.
DELAY: Final = 0.5

#: Seconds until the next try after a write failed (a full disk, say).
RETRY: Final = 5.0

_log = logging.getLogger(__name__)


class WriteBack:
    """A queue of changes and the thread that writes them."""

    def __init__(
        self, write: Callable[[list[Change]], None], on_error: Callable[[LibraryError], None]
    ) -> None:
        """Write through `write`; tell `on_error` of failures in the background."""
        self._write = write
        self._on_error = on_error
        self._pending: tuple[Change, ...] = ()
        self._condition = threading.Condition()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def pending(self) -> tuple[Change, ...]:
        """What is not on disk yet, oldest first."""
        return self._pending

    def put(self, change: Change) -> None:
        """Queue a change; never blocks on the disk."""
        with self._condition:
            self._pending = (*self._pending, change)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="write-back", daemon=True)
                self._thread.start()
            self._condition.notify()

    def flush(self) -> None:
        """Write everything queued so far, now.

        Raises:
            LibraryError: it cannot be written, for whatever reason; it stays queued.
            DamagedError: the index is damaged; it stays queued.
        """
        with self._writing:
            with self._condition:
                batch = self._pending
            if not batch:
                return
            try:
                self._write(list(batch))
            except (LibraryError, DamagedError):
                raise
            except Exception as error:
                # A fault of the program's: whoever gave the changes must not lose them by it.
                from store.findings import reason_of

                _log.exception("writing reading state failed")
                raise LibraryError(
                    f"reading state cannot be saved ({reason_of(error)}); it is tried again"
                ) from error
            with self._condition:
                self._pending = self._pending[len(batch) :]

    def close(self) -> None:
        """Stop the thread and write what is left.

        Raises:
            LibraryError: it cannot be written.
            DamagedError: see `flush`.
        """
        with self._condition:
            self._closed = True
            self._condition.notify()
        self.flush()

    def _run(self) -> None:
        wait = DELAY
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._pending or self._closed)
                if self._closed:
                    return
                self._condition.wait_for(lambda: self._closed, timeout=wait)
                if self._closed:
                    return
            try:
                self.flush()
                wait = DELAY
            except LibraryError as error:
                self._on_error(error)
                wait = RETRY
            except DamagedError:
                _log.exception("writing reading state failed")  # the index is made anew elsewhere
                wait = RETRY
