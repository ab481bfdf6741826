"""Polite and careful HTTP: one document, bounded in every way, from an address that may be asked.

- Bounded: time to connect, between two pieces and in all; bytes as sent and as decompressed;
  redirects; connections to one host and in all.
- Careful: http and https only, certificates verified, and private addresses only where a person
  typed them, at each redirect anew (see `addresses`).
- Polite: says who it is, asks for what has changed since (`ETag`, `Last-Modified`), hears
  `Retry-After`, and keeps no cookies beyond one document.

What is connected is in `connections`, what is answered in `answer`; this follows redirects.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from store.addresses import PrivateAddressError, Resolver, is_public, resolve
from store.answer import Answers, Fetched, FetchError, Limits, bare, host_of, sent_back
from store.connections import Connections
from store.version import __version__

if TYPE_CHECKING:
    import httpx

USER_AGENT: Final = f"broadsheet/{__version__} (article library for the terminal)"

#: What is asked for, best first.
ACCEPT_FEED: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1"
)
ACCEPT_PAGE: Final = "text/html, application/xhtml+xml, application/pdf;q=0.9, */*;q=0.5"

_ENCODED: Final = ": in a name or password / ? # [ ] @ are written %2F %3F %23 %5B %5D %40"

_PERMANENT: Final = frozenset({301, 308})
_TEMPORARY: Final = frozenset({302, 303, 307})


@dataclass(slots=True)
class _Hop:
    """Where a fetch has come to, and when it must be at its end, by the fetcher's clock."""

    url: str
    deadline: float
    moved_to: str = ""
    permanent: bool = True
    private: bool = False
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
        self._connections = Connections(self.limits, clock, resolver, public, proxies)
        self._answers = Answers(self.limits, clock, now)

    def close(self) -> None:
        """Close all connections; what is under way fails."""
        self._connections.close()

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
                redirects to may not.  The answer tells whether that was needed.
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

        hop = _Hop(url, self._clock() + self.limits.total)
        typed = host_of(url) if by_hand else ""
        cookies = httpx.Cookies()
        for _ in range(self.limits.redirects + 1):
            try:
                request = self._request(hop, cookies, etag, last_modified, accept)
                with self._answer(hop, typed, request, cancelled) as got:
                    cookies.extract_cookies(got)
                    if got.status_code in _PERMANENT or got.status_code in _TEMPORARY:
                        self._follow(hop, got)
                        continue
                    found = self._answers.read(hop.url, hop.moved_to, got, hop.deadline, cancelled)
                    return replace(found, private=hop.private)
            except PrivateAddressError as error:
                reason = f"{error}: it is asked only when you type its address yourself"
                raise FetchError(url, reason, refused=True) from None
            except httpcore.TimeoutException as error:
                what = "connect" if isinstance(error, httpcore.ConnectTimeout) else "answer"
                reason = f"it took too long to {what}"
                if self._clock() >= hop.deadline:
                    reason = f"it took longer than {self.limits.total:g} seconds"
                raise FetchError(url, reason) from error
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError,
                    httpcore.UnsupportedProtocol, RuntimeError, OSError) as error:  # fmt: skip
                raise FetchError(url, _in_words(error)) from error
            except (httpx.InvalidURL, UnicodeError, ValueError) as error:
                # What they say may be a part of a password, or mean something to programs only.
                why = "" if isinstance(error, UnicodeError) else f" ({error})"
                why = _ENCODED if "@" in url else why
                raise FetchError(url, f"it is no address that can be asked{why}") from error
        raise FetchError(url, f"it redirects more than {self.limits.redirects} times")

    def is_private(self, url: str) -> bool:
        """Whether the name in an address stands for private addresses alone; it is only looked up.

        Not of one that is not known.
        """
        return self._connections.is_private(url)

    # ------------------------------------------------------------------------- one hop

    @contextmanager
    def _answer(
        self,
        hop: _Hop,
        typed: str,
        request: httpx.Request,
        cancelled: Callable[[], bool] | None,
    ) -> Iterator[httpx.Response]:
        """The head of an answer: the leave to ask a private address is used where it must be."""
        began = self._clock()
        with ExitStack() as stack:
            stack.enter_context(self._connections.turn(str(request.url), cancelled))
            hop.deadline += self._clock() - began  # what others took is not its own time
            try:
                got = stack.enter_context(self._connections.answer(request, False, hop.deadline))
            except PrivateAddressError:
                if not typed or host_of(hop.url) != typed:
                    raise
                got = stack.enter_context(self._connections.answer(request, True, hop.deadline))
                hop.private = True
            yield got

    def _request(
        self, hop: _Hop, cookies: httpx.Cookies, etag: str, last_modified: str, accept: str
    ) -> httpx.Request:
        import httpx

        from store.decoding import ACCEPTED

        parts = urlsplit(hop.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise FetchError(hop.url, "only http and https addresses are fetched", refused=True)
        url = _url(bare(hop.url))
        headers = {
            "Host": url.netloc.decode("ascii"),  # given, httpx does not look into the name
            "User-Agent": USER_AGENT,
            "Accept": accept,
            "Accept-Encoding": ACCEPTED,
        }
        # What was kept may be anything: without it the whole document comes, which does no harm.
        if etag := sent_back(etag):
            headers["If-None-Match"] = etag
        if last_modified := sent_back(last_modified):
            headers["If-Modified-Since"] = last_modified
        if parts.username is not None:
            import base64
            from urllib.parse import unquote

            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        request = httpx.Request("GET", url, headers=headers)
        request.headers.encoding = "utf-8"  # which a cookie may be of
        cookies.set_cookie_header(request)
        return request

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


def is_askable(url: str) -> bool:
    """Whether an address is written as one that can be asked for; nothing is looked up."""
    import httpx

    try:
        name = _url(bare(url)).raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError):
        return False
    labels = name.removesuffix(".").split(".")
    return ":" in name or (len(name) < 255 and all(0 < len(label) < 64 for label in labels))


def _url(address: str) -> httpx.URL:
    """An address as httpx has it.

    Its rules for names (IDNA 2008) forbid pictures and the like, which were registered by older
    ones and are opened by every browser.

    Raises:
        httpx.InvalidURL, ValueError: It is none.
    """
    import httpx

    try:
        return httpx.URL(address)
    except httpx.InvalidURL:
        parts = urlsplit(address)
        host = parts.hostname or ""
        if host.isascii():
            raise
        name = host.encode("idna").decode("ascii")  # of 2003
        port = "" if parts.port is None else f":{parts.port}"
        return httpx.URL(urlunsplit(parts._replace(netloc=f"{name}{port}")))


def _in_words(error: Exception) -> str:
    import httpcore

    text = " ".join(str(error).split())
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return f"its certificate is not to be trusted ({text.rpartition(': ')[2]})"
    if "peer closed connection" in text or "incomplete" in text.lower():
        return "the connection was cut off before the end"
    if "disconnected" in text or "reset" in text.lower():
        return "the server hung up"
    if "refused" in text.lower():
        return "the server does not answer at that port"
    if isinstance(error, httpcore.RemoteProtocolError):  # which quotes what it got
        return "what the server answers is no proper HTTP"
    if isinstance(error, httpcore.LocalProtocolError):
        return "it cannot be asked for over HTTP"
    text = re.sub(r"\A\[Errno -?\d+\] ", "it cannot be connected to: ", text)
    return text or type(error).__name__
