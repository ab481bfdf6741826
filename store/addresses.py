"""Which machines may be asked on a stranger's say-so, checked on the address connected to.

A page or a feed can name any address: a router's, a service of this machine, the metadata service
of a cloud.  Names are resolved here, each address they stand for is looked at, and the connection
goes to an address that was looked at, so that a name that changes its meaning between the look and
the connection (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpcore

#: Gives the addresses of a name, as `socket.getaddrinfo` does; raises OSError.
Resolver = Callable[[str, int], list[str]]

#: IPv4 within IPv6: translated (RFC 6052 and 8215) and compatible (RFC 4291).
_EMBEDDED = (
    ipaddress.IPv6Network("64:ff9b::/96"),
    ipaddress.IPv6Network("64:ff9b:1::/48"),
    ipaddress.IPv6Network("::/96"),
)


#: Names that are looked up at once; a resolver that never answers holds no more threads than that.
_LOOKUPS = 32


class SlowLookupError(OSError):
    """A name was not looked up in time; the text says so."""


class PrivateAddressError(OSError):
    """An address that may be asked by hand only; the text names it."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, as IANA's registries have them.

    False for loopback, private, shared (RFC 6598), link-local, multicast and reserved ones, for
    the metadata services of clouds, and for any IPv6 address that holds such an IPv4 address.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and any(ip in network for network in _EMBEDDED):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, in the system's order.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Lookups:
    """A resolver that answers in a bounded time: the system's own has no limit.

    Each look-up has a thread, which is left to itself when it takes too long; who asks for the
    same name meanwhile waits for that one.
    """

    def __init__(self, resolver: Resolver, seconds: float) -> None:
        """Ask `resolver`, and wait for `seconds` at most."""
        self._resolver = resolver
        self._seconds = seconds
        self._lock = threading.Lock()
        self._pending: dict[tuple[str, int], Future[list[str]]] = {}

    def __call__(self, host: str, port: int) -> list[str]:
        """All addresses of a host.

        Raises:
            OSError: it has none.
            SlowLookupError: that could not be told in time.
        """
        name = (host, port)
        with self._lock:
            answer = self._pending.get(name)
            if answer is None:
                if len(self._pending) >= _LOOKUPS:
                    raise SlowLookupError("too many names wait to be looked up")
                answer = self._pending[name] = Future()
                threading.Thread(
                    target=self._look_up, args=(name, answer), name="lookup", daemon=True
                ).start()
        try:
            return answer.result(self._seconds)
        except TimeoutError:
            if answer.done():
                raise  # the resolver's own
            raise SlowLookupError(
                f"looking up the name {host} took longer than {self._seconds:g} seconds"
            ) from None

    def _look_up(self, name: tuple[str, int], answer: Future[list[str]]) -> None:
        found: list[str] = []
        failed: BaseException | None = None
        try:
            found = self._resolver(*name)
        except BaseException as error:
            failed = error
        with self._lock:
            del self._pending[name]  # first: who asks once this is answered is to look anew
        if failed is not None:
            answer.set_exception(failed)
        else:
            answer.set_result(found)


def check(
    host: str, port: int, resolver: Resolver, public: Callable[[str], bool] = is_public
) -> list[str]:
    """The addresses of a host, all of which are public.

    One that is not refuses all of them: a name with both kinds is made to be misused.

    Raises:
        PrivateAddressError: one is not public.
        OSError: the host has none.
    """
    addresses = resolver(host, port)
    for address in addresses:
        if not public(address):
            raise PrivateAddressError(f"{host} is the private address {address}")
    return addresses


def guarded_backend(
    resolver: Resolver, public: Callable[[str], bool], *, private: bool
) -> httpcore.NetworkBackend:
    """A network backend for httpcore that connects only where it may.

    Args:
        resolver: Gives the addresses of a name.
        public: Tells public addresses.
        private: Whether others are allowed too.
    """
    import httpcore

    class Guarded(httpcore.NetworkBackend):
        def __init__(self) -> None:
            self._inner = httpcore.SyncBackend()

        def connect_tcp(
            self,
            host: str,
            port: int,
            timeout: float | None = None,
            local_address: str | None = None,
            socket_options: Iterable[Any] | None = None,
        ) -> httpcore.NetworkStream:
            error: Exception = OSError(f"{host} has no address")
            try:
                addresses = resolver(host, port) if private else check(host, port, resolver, public)
            except (PrivateAddressError, httpcore.ConnectError):
                raise
            except SlowLookupError as failed:
                raise httpcore.ConnectError(str(failed)) from failed
            except (OSError, UnicodeError) as failed:
                raise httpcore.ConnectError(f"{host} is not known: {failed}") from failed
            for address in addresses:
                try:
                    return self._inner.connect_tcp(
                        address, port, timeout, local_address, socket_options
                    )
                except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                    error = failed
            raise error

        def connect_unix_socket(
            self, path: str, timeout: float | None = None, socket_options: Any = None
        ) -> httpcore.NetworkStream:
            raise PrivateAddressError(path)

    return Guarded()
