"""Network streams that give up when the time for the whole is over.

A timeout of httpcore is for one piece, and any byte renews it: a server that sends one now and then
would hold a connection for ever, before its answer's body begins.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore


class Deadline:
    """When all that this thread reads must be here.

    Args:
        clock: Seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._of_thread = threading.local()

    @contextmanager
    def until(self, deadline: float) -> Iterator[None]:
        """Hold for the body, in this thread."""
        self._of_thread.deadline = deadline
        try:
            yield
        finally:
            del self._of_thread.deadline

    def shortened(self, timeout: float | None) -> float | None:
        """What is left of a timeout in seconds.

        Raises:
            TimeoutError: nothing is.
        """
        deadline = getattr(self._of_thread, "deadline", None)
        if deadline is None:
            return timeout
        left = float(deadline - self._clock())
        if left <= 0:
            raise TimeoutError
        return left if timeout is None else min(timeout, left)


class TimelyStream(httpcore.NetworkStream):
    """A stream whose every read and write ends at a deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At most so many bytes.

        Raises:
            httpcore.ReadTimeout: nothing came in time.
        """
        try:
            left = self._deadline.shortened(timeout)
        except TimeoutError as error:
            raise httpcore.ReadTimeout("the time for all of it is over") from error
        return self._inner.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it.

        Raises:
            httpcore.WriteTimeout: it was not taken in time.
        """
        try:
            left = self._deadline.shortened(timeout)
        except TimeoutError as error:
            raise httpcore.WriteTimeout("the time for all of it is over") from error
        self._inner.write(buffer, left)

    def close(self) -> None:
        """Close it."""
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same, encrypted from now on."""
        return TimelyStream(
            self._inner.start_tls(ssl_context, server_hostname, timeout), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection."""
        return self._inner.get_extra_info(info)


class TimelyBackend(httpcore.NetworkBackend):
    """Makes the streams of another backend timely.

    Args:
        inner: Connects.
        deadline: When what a thread reads must be here.
    """

    def __init__(self, inner: httpcore.NetworkBackend, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A timely stream to a host; errors as of the backend within."""
        stream = self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        return TimelyStream(stream, self._deadline)
