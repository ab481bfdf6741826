"""Moves the cursor of the first frame while the app is still loading.

What is typed is kept for the app, which obeys all of it once more: should it come to another end,
its own frame puts that right.  So a key that does not move the cursor, or would scroll the list,
only ends this, and stays with all that follow it in the terminal's queue.
"""

from __future__ import annotations

import _thread
import os
import select
import sys
from collections.abc import Callable, Iterable
from typing import Final

#: What a terminal sends for the keys that are drawn so, in both of its modes (DECCKM).
_DOWN: Final = (b"\x1b[B", b"\x1bOB")
_UP: Final = (b"\x1b[A", b"\x1bOA")
_SENT: Final = {"↓": _DOWN, "down": _DOWN, "↑": _UP, "up": _UP}

#: Seconds that the main thread, which loads the app, may let this one wait (5 ms by default).
_TURN: Final = 0.001

#: Seconds that `stop` waits for the thread at most.
_PATIENCE: Final = 1.0


class EarlyMoves:
    """The keys typed at the first frame; a thread reads them between `start` and `stop`.

    Args:
        down: The keys that move the cursor down, as they are drawn.
        up: Those that move it up.
        last: Index of the last row that it can be on without scrolling.
        whole: Whether that is the last row there is.
        moved: Called in the thread with the rows that the cursor left and reached.

    Attributes:
        typed: Bytes that were read, and that the app is to read first.
        cursor: Index of the row that the cursor is on.
        steps: How many keys were obeyed.
    """

    def __init__(
        self,
        down: Iterable[str],
        up: Iterable[str],
        *,
        last: int,
        whole: bool,
        moved: Callable[[int, int], None],
    ) -> None:
        self._steps = [(sent, 1) for key in down for sent in _sent(key)]
        self._steps += [(sent, -1) for key in up for sent in _sent(key)]
        self._last = last
        self._whole = whole
        self._moved = moved
        self._ends: tuple[int, int] | None = None
        self._ended = _thread.allocate_lock()
        self.typed = b""
        self.cursor = 0
        self.steps = 0

    def start(self, source: int) -> None:
        """Read keys from a terminal from now on."""
        sys.setswitchinterval(_TURN)
        self._ends = os.pipe()
        self._ended.acquire()
        _thread.start_new_thread(self._run, (source, self._ends[0]))

    def stop(self) -> None:
        """Leave the terminal's queue to others; `typed` changes no more."""
        if self._ends is None:
            return
        ends, self._ends = self._ends, None
        os.write(ends[1], b"\0")
        if self._ended.acquire(timeout=_PATIENCE):
            for descriptor in ends:
                os.close(descriptor)

    def _run(self, source: int, stopped: int) -> None:
        try:
            more = True
            while more:
                ready, _, _ = select.select([source, stopped], [], [])
                if stopped in ready:
                    break
                data = os.read(source, 256)
                self.typed += data
                more = bool(data) and self._obey(data)
        except OSError:
            pass  # the terminal is gone, which the app will see
        except Exception as error:  # whatever it is, the app obeys the keys without it
            from tui.paths import log_file
            from tui.terminal import log

            log.write(log_file(), error)
        finally:
            self._ended.release()

    def _obey(self, data: bytes) -> bool:
        """Move as some keys say; whether all of them did."""
        before, understood = self.cursor, True
        while data and understood:
            sent, step = next((s for s in self._steps if data.startswith(s[0])), (data, 0))
            data = data[len(sent) :]
            scrolls = self.cursor + step > self._last and not self._whole
            understood = step != 0 and not scrolls
            if understood:
                self.cursor = max(0, min(self.cursor + step, self._last))
                self.steps += 1
        if self.cursor != before:
            self._moved(before, self.cursor)
        return understood


def _sent(key: str) -> Iterable[bytes]:
    """What a terminal sends for a key; nothing for a key of which that is not known here."""
    if len(key) == 1 and key.isascii() and key.isprintable():
        return (key.encode("ascii"),)
    return _SENT.get(key, ())
