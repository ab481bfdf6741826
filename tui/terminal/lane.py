"""One thread that works for the event loop; of several requests only the newest counts.

A controller awaits `Lane.run` inside an exclusive Textual worker.  When a newer request
cancels that worker, the work under way sees its `cancelled` callable turn true, work that has
not begun never begins, and nothing of either comes back.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

#: What a lane is given: a function of `cancelled`, which long work asks now and then.
Work = Callable[[Callable[[], bool]], T]


class _Job(NamedTuple):
    work: Work[Any]
    cancelled: threading.Event
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class Lane:
    """A worker thread of its own, begun with the first request.

    The thread is a daemon, so that leaving the program never waits for a search.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._current: threading.Event | None = None

    async def run(self, work: Work[T]) -> T:
        """Have the thread do `work`; its result, or its exception.

        Cancelling the awaiting task cancels the work.
        """
        loop = asyncio.get_running_loop()
        job = _Job(work, threading.Event(), loop.create_future(), loop)
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()
        self._jobs.put(job)
        try:
            result: T = await job.future
        except asyncio.CancelledError:
            job.cancelled.set()
            raise
        return result

    def stop(self, timeout: float) -> bool:
        """Finish: cancel the work under way and wait up to `timeout` seconds for its end."""
        if self._thread is None:
            return True
        if self._current is not None:
            self._current.set()
        self._jobs.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            if job.cancelled.is_set():
                continue
            self._current = job.cancelled
            result: Any = None
            error: BaseException | None = None
            try:
                result = job.work(job.cancelled.is_set)
            except BaseException as raised:
                error = raised
            try:
                job.loop.call_soon_threadsafe(_settle, job.future, result, error)
            except RuntimeError:  # the event loop is closed: nobody waits any more
                return


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
