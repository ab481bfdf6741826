"""Threads for what is done beside the event loop: as many as have something to do, and no more."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final, TypeAlias

#: Seconds for which a thread waits for more to do before it ends.
IDLE: Final = 10.0

_Work: TypeAlias = Callable[[], object]
_Inbox: TypeAlias = "SimpleQueue[_Work | None]"


class Threads:
    """Does each piece of work at once, on a thread that rests or, where none does, a new one.

    The one that came to rest last is taken first, and the others end after a while.  Each thread
    costs: its stack, and up to 240 kB of small blocks that the C library keeps for it alone
    ("tcache" of glibc since 2.26: seven of each size up to 1 kB), strewn over pages that therefore
    cannot be given back.  They are daemons: leaving the program never waits for one.
    """

    def __init__(self, idle: float = IDLE) -> None:
        """No thread is begun before there is work.

        Args:
            idle: Seconds for which a thread waits for more.
        """
        self._idle = idle
        self._resting: list[_Inbox] = []
        self._waiting: deque[_Work] = deque()  # while the system gives no more threads
        self._count = 0
        self._lock = threading.Lock()

    def do(self, work: _Work) -> None:
        """Have `work`, which raises nothing, done on another thread; returns at once.

        Where the system gives no more threads, it waits for one that is there; where there is
        none, it is done on this one.
        """
        with self._lock:
            if self._resting:
                self._resting.pop().put(work)
                return
            self._count += 1
        try:
            threading.Thread(target=self._serve, args=([work],), daemon=True).start()
        except RuntimeError:
            with self._lock:
                self._count -= 1
                if self._resting:
                    self._resting.pop().put(work)
                    return
                if self._count:
                    self._waiting.append(work)
                    return
            work()

    def rest(self) -> None:
        """Let the threads that have nothing to do end now; what they kept goes back."""
        with self._lock:
            resting, self._resting = self._resting, []
        for inbox in resting:
            inbox.put(None)

    def _serve(self, given: list[_Work]) -> None:
        inbox: _Inbox = SimpleQueue()
        work: _Work | None = given.pop()
        while work is not None:
            work()
            work = None  # nothing of it is held while nothing is done
            work = self._next(inbox)

    def _next(self, inbox: _Inbox) -> _Work | None:
        """What a thread is to do next; None when it is to end."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._resting.append(inbox)
        try:
            work = inbox.get(timeout=self._idle)
        except Empty:
            with self._lock:
                idle = inbox in self._resting
                if idle:
                    self._resting.remove(inbox)
            work = None if idle else inbox.get()  # it was given something at this very moment
        if work is None:
            with self._lock:
                if self._waiting:
                    return self._waiting.popleft()
                self._count -= 1
        return work


#: Those that the lanes share.
THREADS: Final = Threads()
