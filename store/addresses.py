"""Which machines may be asked on a stranger's say-so, checked on the address connected to.

A page or a feed can name any address: a router's, a service of this machine, the metadata service
of a cloud.  Names are resolved here, each address they stand for is looked at, and the connection
goes to an address that was looked at, so that a name that changes its meaning between the look and
the connection (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import httpcore

#: Gives the addresses of a name, as `socket.getaddrinfo` does; raises OSError.
Resolver = Callable[[str, int], list[str]]

#: What is not of the public internet: the entries of IANA's registries of special-purpose addresses
#: (iana.org/assignments/iana-ipv4-special-registry and -ipv6-, as of 2025) that are not
#: "globally reachable".  The lists of Python 3.11 are older, and differ from one patch to the next.
_SPECIAL: Final = tuple(map(ipaddress.ip_network, (
    "0.0.0.0/8",  # this network (RFC 791)
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # private (RFC 1918)
    "100.64.0.0/10",  # shared, behind a provider's NAT (RFC 6598); metadata of Alibaba Cloud
    "127.0.0.0/8",  # loopback (RFC 1122)
    "169.254.0.0/16",  # link-local (RFC 3927); metadata of most clouds
    "192.0.0.0/24",  # protocol assignments (RFC 6890); metadata of Oracle Cloud
    "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  # documentation (RFC 5737)
    "192.88.99.0/24",  # relays of 6to4 (RFC 7526), of 6a44 (RFC 6751)
    "198.18.0.0/15",  # benchmarks (RFC 2544)
    "224.0.0.0/4",  # multicast (RFC 5771)
    "240.0.0.0/4",  # reserved, broadcast (RFC 1112, RFC 919)
    "168.63.129.16/32",  # in no registry: the WireServer within Azure's virtual machines
    "2001::/23",  # protocol assignments (RFC 2928); Teredo is looked into before
    "2001:db8::/32", "3fff::/20",  # documentation (RFC 3849, RFC 9637)
)))  # fmt: skip

#: What is public all the same within those.
_REACHABLE: Final = tuple(map(ipaddress.ip_network, (
    "192.0.0.9/32", "2001:1::1/128",  # port control, anycast (RFC 7723)
    "192.0.0.10/32", "2001:1::2/128",  # TURN, anycast (RFC 8155)
    "2001:1::3/128",  # service registration, anycast (RFC 9665)
    "2001:3::/32",  # AMT (RFC 7450)
    "2001:4:112::/48",  # AS112 (RFC 7535)
    "2001:20::/28",  # ORCHIDv2 (RFC 7343)
    "2001:30::/28",  # remote identification of drones (RFC 9374)
)))  # fmt: skip

#: The part of IPv6 that IANA gives out for unicast.  Outside lie loopback, link-local, unique local
#: and multicast addresses, those to be discarded (100::/64) and of segment routing (5f00::/16), the
#: IPv4-compatible ones, and the local prefix of NAT64 (64:ff9b:1::/48), in which IPv4 may stand
#: anywhere (RFC 8215).
_UNICAST: Final = ipaddress.IPv6Network("2000::/3")

#: IPv4 translated to IPv6 (RFC 6052).
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")

#: The middle of an ISATAP address, before its IPv4 (RFC 5214); two bits of it may be either way.
_ISATAP, _ISATAP_MASK = 0x00005EFE, 0xFCFFFFFF


#: Names that resolvers do not know with the dot that ends them, which is no part of any.
_LOCAL: Final = re.compile(r"(?:.*\.)?localhost\.|[\d.]*\d\.", re.I | re.ASCII)

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
        last = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None and ip in _TRANSLATED:
            inner = last
        if inner is not None:
            return is_public(str(inner))
        if ip not in _UNICAST:
            return False
        if (int(ip) >> 32) & _ISATAP_MASK == _ISATAP and not is_public(str(last)):
            return False
    return not _within(ip, _SPECIAL) or _within(ip, _REACHABLE)


def _within(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
    networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network],
) -> bool:
    return any(ip in network for network in networks)


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, in the system's order.

    Raises:
        OSError: it has none.
    """
    if _LOCAL.fullmatch(host):
        host = host.removesuffix(".")
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

    For who cannot say which of them is connected to: one that is not refuses all of them.

    Raises:
        PrivateAddressError: one is not public.
        OSError: the host has none.
    """
    addresses = resolver(host, port)
    for address in addresses:
        if not public(address):
            raise _refused(host, address)
    return addresses


def _refused(host: str, address: str) -> PrivateAddressError:
    return PrivateAddressError(f"{host} is the private address {address}")


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
                addresses = resolver(host, port)
            except httpcore.ConnectError:
                raise
            except SlowLookupError as failed:
                raise httpcore.ConnectError(str(failed)) from failed
            except UnicodeError as failed:
                raise httpcore.ConnectError(f"{host} is no name that a host can have") from failed
            except OSError as failed:
                why = failed.strerror or failed
                raise httpcore.ConnectError(f"{host} is not known: {why}") from failed
            # Of a name with both kinds only the public ones are asked without leave.
            refused = [] if private else [each for each in addresses if not public(each)]
            for address in addresses:
                if address in refused:
                    continue
                try:
                    return self._inner.connect_tcp(
                        address, port, timeout, local_address, socket_options
                    )
                except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                    error = failed
            raise _refused(host, refused[0]) if refused else error

        def connect_unix_socket(
            self, path: str, timeout: float | None = None, socket_options: Any = None
        ) -> httpcore.NetworkStream:
            raise PrivateAddressError(path)

    return Guarded()
