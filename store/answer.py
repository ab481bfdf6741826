"""What a request comes to: a document or the reason why there is none, bounded in time and size."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

from store.errors import CancelledError, LibraryError

if TYPE_CHECKING:
    import httpx

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.I)
_REASONS: Final = {
    206: "the server sends only a part of it",
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
        busy: It was not asked for, since other requests to its host took all the time.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        status: int = 0,
        retry_after: float | None = None,
        refused: bool = False,
        busy: bool = False,
    ) -> None:
        super().__init__(f"{shown(url)}: {reason}")
        self.reason = reason
        self.status = status
        self.retry_after = retry_after
        self.gone = status == 410
        self.refused = refused
        self.busy = busy


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a fetch.

    Attributes:
        connect: Seconds to look a name up, and to connect.
        read: Seconds between two pieces of an answer.
        total: Seconds for all of it, redirects included, without the wait for a turn.
        turn: Seconds to wait for a connection that others have: longer than one of them may.
        size: Bytes of a document, decompressed.
        redirects: Redirects followed.
        per_host: Connections to one host at once.
        connections: Connections in all at once.
    """

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    turn: float = 120.0
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
        private: It could be had only with the leave to ask the private address that was typed.
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
    private: bool = False

    @property
    def not_modified(self) -> bool:
        """Whether it is as it was."""
        return self.status == 304


class Answers:
    """Reads what servers answer; all methods may be called from any thread.

    Args:
        limits: Bounds of each fetch.
        clock: Seconds that only go forward.
        now: Seconds since 1970, for dates that servers send.
    """

    def __init__(
        self, limits: Limits, clock: Callable[[], float], now: Callable[[], float]
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._now = now

    def read(
        self,
        url: str,
        moved_to: str,
        got: httpx.Response,
        deadline: float,
        cancelled: Callable[[], bool] | None,
    ) -> Fetched:
        """The document that an answer brings.

        Args:
            url: Where it comes from.
            moved_to: Where permanent redirects led, or "".
            got: The answer's head, with the rest of it as its extension "core".
            deadline: When all of it must be here, by `clock`.
            cancelled: Asked between two pieces; once it says so, the rest is given up.

        Raises:
            FetchError: It brings none.
            CancelledError: `cancelled` said so.
        """
        headers = got.headers
        status = got.status_code
        if status == 206 or (status != 304 and not 200 <= status < 300):
            reason = _REASONS.get(status) or "the server answers with an error"
            raise FetchError(
                url,
                f"{reason} (HTTP {status})",
                status=status,
                retry_after=self._retry_after(headers.get("retry-after", "")),
            )
        kind, _, parameters = headers.get("content-type", "").partition(";")
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", parameters, re.I)
        return Fetched(
            url=url,
            status=status,
            data=b"" if status == 304 else self._body(url, got, deadline, cancelled),
            content_type=kind.strip().lower(),
            charset=charset[1] if charset else "",
            etag=sent_back(headers.get("etag", "")),
            last_modified=sent_back(headers.get("last-modified", "")),
            max_age=self._max_age(headers),
            moved_to=moved_to,
        )

    def _body(
        self,
        url: str,
        got: httpx.Response,
        deadline: float,
        cancelled: Callable[[], bool] | None,
    ) -> bytes:
        from store.decoding import EncodingError, decoder_for

        most = self._limits.size
        length = got.headers.get("content-length", "")
        if length.isdecimal() and int(length) > most:
            raise FetchError(url, f"it is larger than {_size(most)}")
        body = bytearray()
        try:
            decoder = decoder_for(got.headers.get("content-encoding", ""))
            for chunk in got.extensions["core"].iter_stream():
                if cancelled is not None and cancelled():
                    raise CancelledError
                if self._clock() > deadline:
                    seconds = f"{self._limits.total:g} seconds"
                    raise FetchError(url, f"it took longer than {seconds}")
                for piece in decoder.pieces(chunk):
                    body += piece
                    if len(body) > most:
                        raise FetchError(url, f"it is larger than {_size(most)}")
            decoder.finish()
        except EncodingError as error:
            raise FetchError(url, str(error)) from error
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
    """An address as it may be shown and logged: without name and password.

    Of one whose host cannot be read all before the last @ goes: a / ? or # in a password that is
    not percent-encoded ends the host too early.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _without_name(url)
    web = parts.scheme in ("http", "https")
    if (port is None and parts.netloc.endswith(":")) or (web and not parts.netloc):
        return _without_name(url)
    return bare(url) if parts.username is not None or parts.password is not None else url


def _without_name(url: str) -> str:
    kind = re.match(r"[a-z][a-z0-9+.-]*:/*|/*", url, re.I)
    return f"{kind[0]}{url.rpartition('@')[2]}" if kind and "@" in url else url


def bare(url: str) -> str:
    """An address as it is asked for: without name, password and fragment."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))


def host_of(url: str) -> str:
    """Host and port of an address, "" of one that cannot be read."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return ""
    return f"{(parts.hostname or '').rstrip('.').lower()}:{port}"


def sent_back(value: str) -> str:
    """A header to be sent back: one printable line of ASCII, of a bounded length, or ""."""
    return value if len(value) <= 1000 and value.isascii() and value.isprintable() else ""


def _size(bytes: int) -> str:
    return f"{bytes >> 20} MiB" if bytes >= 1 << 20 else f"{bytes} bytes"
