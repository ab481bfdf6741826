"""Work done beside other work by threads that nobody has to wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: Seconds between two looks at whether to stop.
_LOOK: Final = 0.1


def beside(
    work: Callable[[T], R],
    items: Sequence[T],
    threads: int,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[R]:
    """Do `work` to each of `items`, several at once; the results as they come.

    Once `cancelled` says so, or the caller goes away, no further item is begun, and what is under
    way is not waited for: the threads are daemons, so that leaving the program never waits for
    the network.

    Raises:
        Exception: the first that `work` raised; the rest is left then.
    """
    waiting: SimpleQueue[T] = SimpleQueue()
    done: SimpleQueue[tuple[R | None, BaseException | None]] = SimpleQueue()
    stopped = threading.Event()
    for item in items:
        waiting.put(item)

    def serve() -> None:
        while not stopped.is_set() and not cancelled():
            try:
                item = waiting.get_nowait()
            except Empty:
                return
            try:
                done.put((work(item), None))
            except BaseException as error:
                done.put((None, error))

    for number in range(min(threads, len(items))):
        threading.Thread(target=serve, name=f"web-{number}", daemon=True).start()
    left = len(items)
    try:
        while left and not cancelled():
            try:
                result, error = done.get(timeout=_LOOK)
            except Empty:
                continue
            left -= 1
            if error is not None:
                raise error
            yield result  # type: ignore[misc]  # there is a result where there is no error
    finally:
        stopped.set()
