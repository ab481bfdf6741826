"""Connections to servers and proxies: how many at once, for how long, and to which addresses.

A proxy named in the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`) is used.
It resolves names itself, so what can be checked is what the name means here; a name that means
nothing here is left to the proxy, for where there is one that is often true of every name.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from store.addresses import Lookups, Resolver, SlowLookupError, check
from store.answer import FetchError, Limits, bare, host_of, shown
from store.errors import CancelledError

if TYPE_CHECKING:
    import httpcore
    import httpx

    from store.timely import Deadline

_CLOSED: Final = "the app is being left"

#: Seconds between two looks at whether a wait is still wanted.
_GLANCE: Final = 0.1


class Connections:
    """Open connections, kept for a while; all methods may be called from any thread.

    Args:
        limits: Bounds of each fetch.
        clock: Seconds that only go forward.
        resolver: Gives the addresses of a name.
        public: Tells public addresses.
        proxies: Proxies by scheme; those of the environment by default.
    """

    def __init__(
        self,
        limits: Limits,
        clock: Callable[[], float],
        resolver: Resolver,
        public: Callable[[str], bool],
        proxies: dict[str, str] | None,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._resolver = Lookups(resolver, limits.connect)
        self._public = public
        self._proxies = proxies
        self._pools: dict[tuple[str, bool], httpcore.ConnectionPool] = {}
        self._lock = threading.Lock()
        self._hosts: dict[str, threading.BoundedSemaphore] = {}
        self._all = threading.BoundedSemaphore(limits.connections)
        self._closed = False

    @cached_property
    def _deadline(self) -> Deadline:
        from store.timely import Deadline

        return Deadline(self._clock)

    def close(self) -> None:
        """Close all connections; what is under way fails."""
        with self._lock:
            self._closed = True
            pools = list(self._pools.values())
            self._pools.clear()
        for pool in pools:
            with suppress(Exception):
                pool.close()

    @contextmanager
    def turn(self, url: str, cancelled: Callable[[], bool] | None) -> Iterator[None]:
        """Wait until the host, and the machine, have a connection to spare; have it for the body.

        Args:
            url: What is to be asked.
            cancelled: Asked now and then; once it says so, the wait is given up.

        Raises:
            FetchError: The host is busy for too long.
            RuntimeError: The connections were closed.
            CancelledError: `cancelled` said so.
        """
        host = host_of(url)
        with self._lock:
            turns = self._hosts.setdefault(host, threading.BoundedSemaphore(self._limits.per_host))
        held: list[threading.BoundedSemaphore] = []
        until = time.monotonic() + self._limits.turn
        try:
            for semaphore in (turns, self._all):
                while not semaphore.acquire(timeout=_GLANCE):
                    if cancelled is not None and cancelled():
                        raise CancelledError
                    if self._closed:
                        raise RuntimeError(_CLOSED)
                    if time.monotonic() >= until:
                        raise FetchError(url, "its host is busy with other requests", busy=True)
                held.append(semaphore)
            yield
        finally:
            for semaphore in held:
                semaphore.release()

    @contextmanager
    def answer(
        self, request: httpx.Request, private: bool, deadline: float
    ) -> Iterator[httpx.Response]:
        """The head of the answer to a request, with the rest of it as its extension "core".

        Args:
            request: What is asked; its host may redirect, which is not followed.
            private: Its host may be a private address.
            deadline: When all of it must be here, by `clock`.

        Raises:
            PrivateAddressError: Its host is a private address, and may not be.
            RuntimeError: The connections were closed.
            OSError, httpcore's exceptions: There is no answer.
        """
        import httpcore
        import httpx

        url = request.url
        pool = self._pool(str(url), private)
        left = max(0.01, deadline - self._clock())
        timeout = {
            "connect": min(self._limits.connect, left),
            "read": min(self._limits.read, left),
            "write": min(self._limits.read, left),
            "pool": left,
        }
        with (
            self._deadline.until(deadline),
            pool.stream(
                "GET",
                httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                extensions={"timeout": timeout},
            ) as got,
        ):
            yield httpx.Response(
                got.status, headers=got.headers, request=request, extensions={"core": got}
            )

    def is_private(self, url: str) -> bool:
        """Whether the name in an address stands for private addresses alone; it is only looked up.

        Not of one that is not known.
        """
        try:
            parts = urlsplit(url)
            addresses = self._resolver(parts.hostname or "", _port(parts))
        except (OSError, ValueError):
            return False
        return bool(addresses) and not any(map(self._public, addresses))

    def _pool(self, url: str, private: bool) -> httpcore.ConnectionPool:
        import httpcore

        from store.addresses import guarded_backend
        from store.timely import TimelyBackend

        parts = urlsplit(url)
        host = parts.hostname or ""
        proxy = self._proxy(parts.scheme, host)
        if proxy and not private:
            port = _port(parts)
            with suppress(
                socket.gaierror, SlowLookupError
            ):  # it means nothing here: the proxy knows
                check(host, port, self._resolver, self._public)
        with self._lock:
            if self._closed:
                raise RuntimeError(_CLOSED)
            pool = self._pools.get((proxy, private))
            if pool is None:
                most = self._limits.connections
                if proxy:
                    direct = TimelyBackend(httpcore.SyncBackend(), self._deadline)
                    pool = _proxy_pool(proxy, most, direct)
                else:
                    pool = httpcore.ConnectionPool(
                        ssl_context=_certificates(),
                        max_connections=most,
                        max_keepalive_connections=most,
                        keepalive_expiry=5.0,
                        network_backend=TimelyBackend(
                            guarded_backend(self._resolver, self._public, private=private),
                            self._deadline,
                        ),
                    )
                self._pools[proxy, private] = pool
            return pool

    def _proxy(self, scheme: str, host: str) -> str:
        from urllib.request import getproxies, proxy_bypass

        if self._proxies is not None:
            return self._proxies.get(scheme, "")
        proxies = getproxies()
        proxy = proxies.get(scheme) or proxies.get("all", "")
        return "" if not proxy or proxy_bypass(host) else proxy


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _certificates() -> Any:
    import httpx

    return httpx.create_ssl_context()


def _proxy_pool(
    proxy: str, connections: int, backend: httpcore.NetworkBackend
) -> httpcore.ConnectionPool:
    import httpcore

    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme not in ("http", "https"):
        raise OSError(f"the proxy {shown(proxy)} is no HTTP proxy")
    auth = (parts.username, parts.password or "") if parts.username else None
    return httpcore.HTTPProxy(
        proxy_url=bare(urlunsplit(parts)),
        proxy_auth=auth,
        ssl_context=_certificates(),
        max_connections=connections,
        network_backend=backend,
    )
