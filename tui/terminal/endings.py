"""However the program ends, what the person did is saved and the terminal is given back.

Signals are seen by a thread of their own, through the wake-up descriptor that Python's
C handler writes to.  So they count even while the event loop is stuck: the thread asks the
app to leave, saves by itself, and if the app has not left in time it restores the terminal
and ends the process.

Exit codes: 143 after SIGTERM, 129 after SIGHUP or when the terminal is gone, 130 after SIGINT
sent from outside.  `q` and ctrl-c inside the app are ordinary endings: 0.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable

#: Seconds the app gets to leave by itself after a signal.
GRACE = 2.0

#: Seconds saving may take; it waits only for another process that is writing the same file.
SAVE_GRACE = 5.0

HANGUP = 128 + signal.SIGHUP

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class Endings:
    """Watches for signals while the app runs; a context manager.

    Args:
        save: Writes the state; called on a thread, may be called twice.
        leave: Asks the app to end with an exit code; called on a thread, must not block.
        restore: Puts the terminal back when the app did not; called on a thread.
        leave_process: Ends the process at once with an exit code.
    """

    def __init__(
        self,
        *,
        save: Callable[[], None],
        leave: Callable[[int], None],
        restore: Callable[[], None],
        leave_process: Callable[[int], None] = os._exit,
    ) -> None:
        self._save = save
        self._leave = leave
        self._restore = restore
        self._leave_process = leave_process
        self._begun = threading.Lock()
        self._over = threading.Event()
        self._previous: dict[int, object] = {}
        self.code: int | None = None
        """The exit code of the ending that was begun, or None."""

    def __enter__(self) -> Endings:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        self._wakeup = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in _SIGNALS:
            # Python only writes to the descriptor for signals that have a Python handler.
            self._previous[number] = signal.signal(number, lambda *_: None)
        threading.Thread(target=self._watch, name="endings", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for number, handler in self._previous.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        signal.set_wakeup_fd(self._wakeup)
        os.close(self._writer)  # ends the thread

    def begin(self, code: int) -> None:
        """End the program with `code`; the first ending counts, later ones do nothing."""
        if not self._begun.acquire(blocking=False):
            return
        self.code = code
        threading.Thread(target=self._end, args=(code,), name="ending", daemon=True).start()

    def _watch(self) -> None:
        while numbers := os.read(self._reader, 64):
            for number in numbers:
                if number in _SIGNALS:
                    self.begin(128 + number)
        os.close(self._reader)

    def _end(self, code: int) -> None:
        saved = threading.Event()

        def save() -> None:
            with contextlib.suppress(Exception):
                self._save()
            saved.set()

        threading.Thread(target=save, name="save", daemon=True).start()
        self._leave(code)
        left = self._over.wait(GRACE)
        if left:
            return
        saved.wait(SAVE_GRACE)
        if not self._over.is_set():
            self._restore()
            self._leave_process(code)
