"""Polite and careful HTTP: one document, bounded in every way, from an address that may be asked.

- Bounded: time to connect, between two pieces and in all; bytes as sent and as decompressed;
  redirects; connections to one host and in all.
- Careful: http and https only, certificates verified, and private addresses only where a person
  typed them, at each redirect anew (see `addresses`).
- Polite: says who it is, asks for what has changed since (`ETag`, `Last-Modified`), hears
  `Retry-After`, and keeps no cookies beyond one document.

A proxy named in the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`) is used.
It resolves names itself, so what can be checked is what the name means here; a name that means
nothing here is left to the proxy.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from store.addresses import Lookups, PrivateAddressError, Resolver, check, is_public, resolve
from store.errors import LibraryError
from store.version import __version__

if TYPE_CHECKING:
    import httpcore
    import httpx

USER_AGENT: Final = f"broadsheet/{__version__} (article library for the terminal)"

#: What is asked for, best first.
ACCEPT_FEED: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1"
)
ACCEPT_PAGE: Final = "text/html, application/xhtml+xml, application/pdf;q=0.9, */*;q=0.5"

_PERMANENT: Final = frozenset({301, 308})
_TEMPORARY: Final = frozenset({302, 303, 307})
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.I)
_REASONS: Final = {
    400: "the server did not understand the request", 401: "it asks for a password",
    402: "it asks for money", 403: "the server refuses it", 404: "there is no such page",
    406: "the server has it in no form that can be read", 408: "the server waited too long",
    410: "it is gone for good", 429: "the server asks for fewer requests",
    451: "it may not be shown for legal reasons", 500: "the server has an error",
    502: "the server cannot be reached from its front", 503: "the server is overloaded",
    504: "the server is too slow for its front",
}  # fmt: skip


class FetchError(LibraryError):
    """A document could not be fetched; the text is one line that says why.

    Attributes:
        reason: Why, without the address.
        status: The HTTP status, 0 where there was no answer.
        retry_after: Seconds the server asks to wait, or None.
        gone: The server says that it is gone for good.
        refused: It was not asked for, since it must not be.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        status: int = 0,
        retry_after: float | None = None,
        refused: bool = False,
    ) -> None:
        super().__init__(f"{shown(url)}: {reason}")
        self.reason = reason
        self.status = status
        self.retry_after = retry_after
        self.gone = status == 410
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a fetch.

    Attributes:
        connect: Seconds to look a name up, and to connect.
        read: Seconds between two pieces of an answer.
        total: Seconds for all of it, redirects included.
        size: Bytes of a document, decompressed.
        redirects: Redirects followed.
        per_host: Connections to one host at once.
        connections: Connections in all at once.
    """

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    size: int = 32 * 1024 * 1024
    redirects: int = 8
    per_host: int = 2
    connections: int = 8


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer.

    Attributes:
        url: Where it came from in the end.
        status: 200 or the like; 304 when nothing has changed.
        data: The document, decompressed.
        content_type: Its media type in lower case, without parameters.
        charset: Its encoding as the server says, or "".
        etag: To ask again with, or "".
        last_modified: To ask again with, or "".
        max_age: Seconds for which the server says it stays the same; 0 where it does not.
        moved_to: Where permanent redirects led, or "" when there were none.
    """

    url: str
    status: int = 200
    data: bytes = b""
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    max_age: int = 0
    moved_to: str = ""

    @property
    def not_modified(self) -> bool:
        """Whether it is as it was."""
        return self.status == 304


@dataclass(slots=True)
class _Hop:
    """Where a fetch has come to."""

    url: str
    moved_to: str = ""
    permanent: bool = True
    seen: set[str] = field(default_factory=set)


class Fetcher:
    """Fetches documents; all methods may be called from any thread.

    Args:
        limits: Bounds of each fetch.
        clock: Seconds that only go forward.
        now: Seconds since 1970, for dates that servers send.
        resolver: Gives the addresses of a name.
        public: Tells public addresses.
        proxies: Proxies by scheme; those of the environment by default.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        resolver: Resolver = resolve,
        public: Callable[[str], bool] = is_public,
        proxies: dict[str, str] | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._clock = clock
        self._now = now
        self._resolver = Lookups(resolver, self.limits.connect)
        self._public = public
        self._proxies = proxies
        self._pools: dict[tuple[str, bool], httpcore.ConnectionPool] = {}
        self._lock = threading.Lock()
        self._hosts: dict[str, threading.BoundedSemaphore] = {}
        self._all = threading.BoundedSemaphore(self.limits.connections)
        self._closed = False

    def close(self) -> None:
        """Close all connections; what is under way fails."""
        with self._lock:
            self._closed = True
            pools = list(self._pools.values())
            self._pools.clear()
        for pool in pools:
            with suppress(Exception):
                pool.close()

    def get(
        self,
        url: str,
        *,
        by_hand: bool = False,
        etag: str = "",
        last_modified: str = "",
        accept: str = ACCEPT_FEED,
        cancelled: Callable[[], bool] | None = None,
    ) -> Fetched:
        """Fetch a document.

        Args:
            url: Its address.
            by_hand: A person typed it: its host may be a private address.  Hosts that it
                redirects to may not.
            etag: What came with it the last time.
            last_modified: What came with it the last time.
            accept: The media types wanted.
            cancelled: Asked between two pieces; once it says so, the fetch is given up.

        Raises:
            FetchError: It could not be had.
            CancelledError: `cancelled` said so.
        """
        import httpcore
        import httpx

        deadline = self._clock() + self.limits.total
        hop = _Hop(url)
        typed = _host_of(url) if by_hand else ""
        cookies = httpx.Cookies()
        for _ in range(self.limits.redirects + 1):
            try:
                request = self._request(hop, cookies, etag, last_modified, accept)
                private = bool(typed) and _host_of(hop.url) == typed
                with self._turn(hop.url, deadline), self._send(request, private, deadline) as got:
                    cookies.extract_cookies(got)
                    if got.status_code in _PERMANENT or got.status_code in _TEMPORARY:
                        self._follow(hop, got)
                        continue
                    return self._take(hop, got, deadline, cancelled)
            except PrivateAddressError as error:
                reason = f"{error}: it is asked only when you type its address yourself"
                raise FetchError(url, reason, refused=True) from None
            except httpcore.TimeoutException as error:
                what = "connect" if isinstance(error, httpcore.ConnectTimeout) else "answer"
                raise FetchError(url, f"it took too long to {what}") from error
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError,
                    httpcore.UnsupportedProtocol, RuntimeError, OSError) as error:  # fmt: skip
                raise FetchError(url, _in_words(error)) from error
            except (httpx.InvalidURL, UnicodeError, ValueError) as error:
                raise FetchError(url, f"it is no address that can be asked ({error})") from error
        raise FetchError(url, f"it redirects more than {self.limits.redirects} times")

    # ------------------------------------------------------------------------- one hop

    def _request(
        self, hop: _Hop, cookies: httpx.Cookies, etag: str, last_modified: str, accept: str
    ) -> httpx.Request:
        import httpx

        from store.decoding import ACCEPTED

        parts = urlsplit(hop.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise FetchError(hop.url, "only http and https addresses are fetched", refused=True)
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": accept,
            "Accept-Encoding": ACCEPTED,
        }
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        if parts.username is not None:
            import base64
            from urllib.parse import unquote

            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        request = httpx.Request("GET", _bare(hop.url), headers=headers)
        cookies.set_cookie_header(request)
        return request

    @contextmanager
    def _turn(self, url: str, deadline: float) -> Iterator[None]:
        """Wait until the host, and the machine, have a connection to spare."""
        host = _host_of(url)
        with self._lock:
            turns = self._hosts.setdefault(host, threading.BoundedSemaphore(self.limits.per_host))
        held: list[threading.BoundedSemaphore] = []
        try:
            for semaphore in (turns, self._all):
                if not semaphore.acquire(timeout=max(0.0, deadline - self._clock())):
                    raise FetchError(url, "its host is busy with other requests")
                held.append(semaphore)
            yield
        finally:
            for semaphore in held:
                semaphore.release()

    @contextmanager
    def _send(
        self, request: httpx.Request, private: bool, deadline: float
    ) -> Iterator[httpx.Response]:
        import httpcore
        import httpx

        url = request.url
        pool = self._pool(str(url), private)
        left = max(0.01, deadline - self._clock())
        timeout = {
            "connect": min(self.limits.connect, left),
            "read": min(self.limits.read, left),
            "write": min(self.limits.read, left),
            "pool": left,
        }
        with pool.stream(
            "GET",
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            extensions={"timeout": timeout},
        ) as got:
            yield httpx.Response(
                got.status, headers=got.headers, request=request, extensions={"core": got}
            )

    def _pool(self, url: str, private: bool) -> httpcore.ConnectionPool:
        import httpcore

        from store.addresses import guarded_backend

        parts = urlsplit(url)
        host = parts.hostname or ""
        proxy = self._proxy(parts.scheme, host)
        if proxy and not private:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            try:
                check(host, port, self._resolver, self._public)
            except PrivateAddressError:
                raise
            except OSError:
                pass  # the name means nothing here: the proxy will know
        with self._lock:
            if self._closed:
                raise RuntimeError("the app is being left")
            pool = self._pools.get((proxy, private))
            if pool is None:
                most = self.limits.connections
                if proxy:
                    pool = _proxy_pool(proxy, most)
                else:
                    pool = httpcore.ConnectionPool(
                        ssl_context=_certificates(),
                        max_connections=most,
                        max_keepalive_connections=most,
                        keepalive_expiry=5.0,
                        network_backend=guarded_backend(
                            self._resolver, self._public, private=private
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

    def _follow(self, hop: _Hop, got: httpx.Response) -> None:
        location = got.headers.get("location", "").strip()
        if not location:
            raise FetchError(hop.url, "it redirects to nowhere", status=got.status_code)
        target = urljoin(hop.url, location)
        if "#" not in target and (fragment := urlsplit(hop.url).fragment):
            target = f"{target}#{fragment}"
        hop.seen.add(hop.url)
        hop.permanent = hop.permanent and got.status_code in _PERMANENT
        if hop.permanent:
            hop.moved_to = target
        if target in hop.seen:
            raise FetchError(hop.url, "it redirects in a circle", status=got.status_code)
        hop.url = target

    def _take(
        self,
        hop: _Hop,
        got: httpx.Response,
        deadline: float,
        cancelled: Callable[[], bool] | None,
    ) -> Fetched:
        headers = got.headers
        status = got.status_code
        if status != 304 and not 200 <= status < 300:
            reason = _REASONS.get(status) or "the server answers with an error"
            raise FetchError(
                hop.url,
                f"{reason} (HTTP {status})",
                status=status,
                retry_after=self._retry_after(headers.get("retry-after", "")),
            )
        kind, _, parameters = headers.get("content-type", "").partition(";")
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", parameters, re.I)
        return Fetched(
            url=hop.url,
            status=status,
            data=b"" if status == 304 else self._body(hop, got, deadline, cancelled),
            content_type=kind.strip().lower(),
            charset=charset[1] if charset else "",
            etag=_header(headers.get("etag", "")),
            last_modified=_header(headers.get("last-modified", "")),
            max_age=self._max_age(headers),
            moved_to=hop.moved_to,
        )

    def _body(
        self,
        hop: _Hop,
        got: httpx.Response,
        deadline: float,
        cancelled: Callable[[], bool] | None,
    ) -> bytes:
        from store.decoding import EncodingError, decoder_for
        from store.errors import CancelledError

        most = self.limits.size
        length = got.headers.get("content-length", "")
        if length.isdecimal() and int(length) > most:
            raise FetchError(hop.url, f"it is larger than {most >> 20} MiB")
        body = bytearray()
        try:
            decoder = decoder_for(got.headers.get("content-encoding", ""))
            for chunk in got.extensions["core"].iter_stream():
                if cancelled is not None and cancelled():
                    raise CancelledError
                if self._clock() > deadline:
                    seconds = f"{self.limits.total:g} seconds"
                    raise FetchError(hop.url, f"it took longer than {seconds}")
                for piece in decoder.pieces(chunk):
                    body += piece
                    if len(body) > most:
                        raise FetchError(hop.url, f"it is larger than {_size(most)}")
            decoder.finish()
        except EncodingError as error:
            raise FetchError(hop.url, str(error)) from error
        return bytes(body)

    def _retry_after(self, value: str) -> float | None:
        """Seconds of a Retry-After header, in either of its forms (RFC 9110, 10.2.3)."""
        value = value.strip()
        if value.isdecimal() and len(value) < 10:
            return float(value)
        with suppress(ValueError, TypeError, OverflowError):
            return max(0.0, parsedate_to_datetime(value).timestamp() - self._now())
        return None

    def _max_age(self, headers: Any) -> int:
        control = headers.get("cache-control", "")
        if "no-cache" in control or "no-store" in control:
            return 0
        if match := _MAX_AGE.search(control):
            return int(match[1])
        with suppress(ValueError, TypeError, OverflowError):
            expires = parsedate_to_datetime(headers.get("expires", "")).timestamp()
            return max(0, int(expires - self._now()))
        return 0


def shown(url: str) -> str:
    """An address as it may be shown and logged: without name and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return _bare(url) if parts.username is not None or parts.password is not None else url


def _bare(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))


def _host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return ""
    return f"{(parts.hostname or '').rstrip('.').lower()}:{port}"


def _header(value: str) -> str:
    """A header to be sent back: one printable line of a bounded length, or ""."""
    return value if len(value) <= 1000 and value.isprintable() else ""


def _size(bytes: int) -> str:
    return f"{bytes >> 20} MiB" if bytes >= 1 << 20 else f"{bytes} bytes"


def _certificates() -> Any:
    import httpx

    return httpx.create_ssl_context()


def _proxy_pool(proxy: str, connections: int) -> httpcore.ConnectionPool:
    import httpcore

    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme not in ("http", "https"):
        raise OSError(f"the proxy {shown(proxy)} is no HTTP proxy")
    auth = (parts.username, parts.password or "") if parts.username else None
    return httpcore.HTTPProxy(
        proxy_url=_bare(urlunsplit(parts)),
        proxy_auth=auth,
        ssl_context=_certificates(),
        max_connections=connections,
    )


def _in_words(error: Exception) -> str:
    text = " ".join(str(error).split())
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return f"its certificate is not to be trusted ({text.rpartition(': ')[2]})"
    if "peer closed connection" in text or "incomplete" in text.lower():
        return "the connection was cut off before the end"
    if "disconnected" in text or "reset" in text.lower():
        return "the server hung up"
    if "refused" in text.lower():
        return "the server does not answer at that port"
    return text or type(error).__name__
