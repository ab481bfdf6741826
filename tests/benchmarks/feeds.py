"""Feeds: reading files of them, and refreshing subscriptions from a server on this machine."""

from __future__ import annotations

import html
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from store import Article
from tests.benchmarks import corpus, files
from tests.benchmarks.figures import Figure
from tests.benchmarks.fresh import Figures, measure

_FEEDS = 400
_ENTRIES = 20

#: Seconds in which the files of all feeds are to be read.
_REACH = 5.0


def figures() -> Iterator[Figure]:
    """All figures of feeds."""
    read = measure(read_files, runs=3, sources=_written(_FEEDS), count=_FEEDS * _ENTRIES)
    yield Figure(f"read {_FEEDS} feed files", read["all"], "s", reach_value=_REACH)
    place = files.work("feeds")
    with _server(_written(_FEEDS)) as port:
        came = measure(refresh_all, library=place / "library.json", port=port,
                       sources=_written(_FEEDS))  # fmt: skip
    yield Figure(f"refresh {_FEEDS} feeds, every entry new", came["new"], "s")
    yield Figure("... again, nothing new", came["again"], "s")
    shutil.rmtree(place)


def read_files(sources: str, count: int) -> Figures:
    """Read a directory of feeds."""
    from store.importers import read_sources

    begin = time.perf_counter()
    articles = [each for each in read_sources([sources]) if isinstance(each, Article)]
    took = time.perf_counter() - begin
    assert len(articles) == count, len(articles)
    return {"all": took}


def refresh_all(library: str, port: int, sources: str) -> Figures:
    """Subscribe to feeds of as many hosts, ask all of them, and ask them again."""
    from store import Library
    from store.fetch import Fetcher
    from store.importers.record import FeedLink

    path = Path(library)
    names = sorted(each.name for each in Path(sources).iterdir())
    with Library(path, cache_dir=path.parent / "cache") as opened:
        opened.web.fetcher = Fetcher(
            resolver=lambda host, port: ["127.0.0.1"], public=lambda address: True, proxies={}
        )
        opened.feeds.add_links(
            FeedLink(f"http://{name.partition('.')[0]}.example:{port}/{name}") for name in names
        )
        took = {}
        for round_, new in (("new", len(names) * _ENTRIES), ("again", 0)):
            begin = time.perf_counter()
            report = opened.feeds.refresh()
            took[round_] = time.perf_counter() - begin
            assert (report.new, report.failed) == (new, []), report.summary()
    return took


@contextmanager
def _server(directory: Path) -> Iterator[int]:
    """A server of the files of a directory, in a process of its own; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1",
               "--directory", str(directory), "--protocol", "HTTP/1.1"]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        server.kill()
        server.wait()


def _await(port: int) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise TimeoutError("the server of feeds did not begin") from None
            time.sleep(0.02)


def _written(count: int) -> Path:
    """A directory of feeds of every kind, each of some entries with their whole texts."""

    def write(path: Path) -> None:
        path.mkdir()
        for number in range(count):
            entries = list(corpus.articles(number * _ENTRIES, (number + 1) * _ENTRIES))
            kind = _KINDS[number % len(_KINDS)]
            ending = "json" if kind is _json_feed else "xml"
            text = kind(f"Feed {number}", entries)
            (path / f"feed{number:04}.{ending}").write_text(text, encoding="utf-8")

    return files.made(f"feeds-{count}", write)


def _text(article: Article) -> str:
    return "".join(f"<p>{html.escape(part)}</p>" for part in article.body.split("\n\n")[:4])


def _rss(title: str, entries: Sequence[Article]) -> str:
    items = "".join(
        f"<item><title>{html.escape(each.title)}</title><link>{each.url}</link>"
        f"<guid isPermaLink='false'>{each.id}</guid><dc:creator>{each.author}</dc:creator>"
        f"<pubDate>{each.published}</pubDate><category>{each.tags[0] if each.tags else 'x'}"
        f"</category><content:encoded><![CDATA[{_text(each)}]]></content:encoded></item>"
        for each in entries
    )
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>"
        f"<title>{title}</title><link>http://site.example/</link>{items}</channel></rss>"
    )


def _atom(title: str, entries: Sequence[Article]) -> str:
    items = "".join(
        f"<entry><title>{html.escape(each.title)}</title><link href='{each.url}'/>"
        f"<id>urn:x:{each.id}</id><updated>{each.published}</updated>"
        f"<author><name>{each.author}</name></author>"
        f"<content type='html'>{html.escape(_text(each))}</content></entry>"
        for each in entries
    )
    return (
        "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'>"
        f"<title>{title}</title><id>urn:x:{title}</id>{items}</feed>"
    )


def _json_feed(title: str, entries: Sequence[Article]) -> str:
    items = [
        {"id": str(each.id), "url": each.url, "title": each.title, "content_html": _text(each),
         "date_published": each.published, "authors": [{"name": each.author}]}
        for each in entries
    ]  # fmt: skip
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items}
    )


_KINDS = (_rss, _rss, _atom, _json_feed)
