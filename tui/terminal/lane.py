"""Work for the event loop on another thread, one piece at a time; only the newest counts.

A controller awaits `Lane.run` inside an exclusive Textual worker.  When a newer request
cancels that worker, the work under way sees its `cancelled` callable turn true, work that has
not begun never begins, and nothing of either comes back.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from tui.terminal.threads import THREADS

T = TypeVar("T")

#: What a lane is given: a function of `cancelled`, which long work asks now and then.
Work = Callable[[Callable[[], bool]], T]


class _Job(NamedTuple):
    work: Work[Any]
    cancelled: threading.Event
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class Lane:
    """Does what it is given in order, on one thread at a time; lanes do not wait for each other.

    The thread is a daemon, so that leaving the program never waits for a search.
    """

    def __init__(self, name: str) -> None:
        """`name` is the thread's while it works for this lane."""
        self._name = name
        self._jobs: deque[_Job] = deque()
        self._lock = threading.Lock()
        self._rests = threading.Event()
        self._rests.set()
        self._stopped = False
        self._current: threading.Event | None = None

    async def run(self, work: Work[T]) -> T:
        """Have a thread do `work`; its result, or its exception.

        Cancelling the awaiting task cancels the work.
        """
        loop = asyncio.get_running_loop()
        job = _Job(work, threading.Event(), loop.create_future(), loop)
        with self._lock:
            begin = self._rests.is_set() and not self._stopped
            if begin:
                self._rests.clear()
            if not self._stopped:
                self._jobs.append(job)
        if begin:
            THREADS.do(self._serve)
        try:
            result: T = await job.future
        except asyncio.CancelledError:
            job.cancelled.set()
            raise
        return result

    def stop(self, timeout: float) -> bool:
        """Finish: cancel the work under way, and wait up to `timeout` seconds for its end.

        What was given before is still done; what is given from now on is not.

        Returns:
            Whether nothing is under way any more.
        """
        with self._lock:
            self._stopped = True
            if self._current is not None:
                self._current.set()
        return self._rests.wait(timeout)

    def _serve(self) -> None:
        threading.current_thread().name = self._name
        while self._do_next():
            pass

    def _do_next(self) -> bool:
        with self._lock:
            self._current = None
            if not self._jobs:
                self._rests.set()
                return False
            job = self._jobs.popleft()
            self._current = job.cancelled
        if job.cancelled.is_set():
            return True
        result: Any = None
        error: BaseException | None = None
        try:
            result = job.work(job.cancelled.is_set)
        except BaseException as raised:
            error = raised
        try:
            job.loop.call_soon_threadsafe(_settle, job.future, result, error)
        except RuntimeError:  # the event loop is closed: nobody waits any more
            with self._lock:
                self._jobs.clear()
        return True


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
