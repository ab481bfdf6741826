"""A web server of the tests' own, on this machine, with every fault a server can have."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from store.answer import Limits
from store.fetch import Fetcher

#: What the names of tests mean: the server, and a machine that strangers must not ask.
HERE, PRIVATE = "127.0.0.1", "127.0.0.2"


@dataclass
class Page:
    """An answer; `fault` does what it likes with the connection instead."""

    body: bytes = b""
    type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    fault: Callable[[BaseHTTPRequestHandler], None] | None = None


class Web:
    """The server: `pages` by path, `asked` is what was asked for, in order."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.most_at_once = 0
        self.hold: threading.Event | None = None
        self._now = 0
        self._lock = threading.Lock()
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_: Any) -> None:
                pass  # a client that hangs up is what is tested

        self._server = Server((HERE, 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def speak_tls(self, certificate: Path) -> None:
        """Speak HTTPS from now on, with that certificate and key."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def close(self) -> None:
        if self.hold is not None:
            self.hold.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str, host: str = "site.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def fetcher(self, *, clock: Any = None, now: Any = None, **limits: Any) -> Fetcher:
        """A fetcher for which every name is this server, but `private.example`."""
        more: dict[str, Any] = {}
        if clock is not None:
            more["clock"] = clock
        if now is not None:
            more["now"] = now
        bounds = {"connect": 5.0, "read": 5.0, "total": 10.0, **limits}
        return Fetcher(
            Limits(**bounds), resolver=resolver, public=lambda address: address == HERE,
            proxies={}, **more,
        )  # fmt: skip

    def asked_for(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(1 for asked, _ in self.asked if asked == path)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            self.asked.append((handler.path, {k.lower(): v for k, v in handler.headers.items()}))
        try:
            if self.hold is not None:
                self.hold.wait(5)
            page = self.pages.get(handler.path, Page(b"nothing here", status=404))
            if page.fault is not None:
                handler.close_connection = True
                page.fault(handler)
                return
            etag = page.headers.get("ETag")
            if etag and handler.headers.get("If-None-Match") == etag:
                handler.send_response(304)
                handler.send_header("ETag", etag)
                handler.end_headers()
                return
            handler.send_response(page.status)
            if page.type:
                handler.send_header("Content-Type", page.type)
            for name, value in page.headers.items():
                handler.send_header(name, value)
            if "Content-Length" not in page.headers:
                handler.send_header("Content-Length", str(len(page.body)))
            handler.end_headers()
            handler.wfile.write(page.body)
        finally:
            with self._lock:
                self._now -= 1


def resolver(host: str, port: int) -> list[str]:
    """Names of the tests."""
    if host == "nowhere.example":
        raise OSError("Name or service not known")
    if host[0].isdigit():
        return [host]
    return [PRIVATE if host == "private.example" else HERE]


def redirect(to: str, status: int = 302) -> Page:
    """An answer that leads elsewhere."""
    return Page(status=status, headers={"Location": to})
