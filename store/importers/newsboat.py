"""newsboat's cache: an SQLite file of feeds and their items.

    rss_feed(rssurl, url, title)
    rss_item(guid, title, author, url, feedurl, pubDate, content, unread, flags, deleted,
             content_mime_type, enclosure_url)

The file is read as it is, without locks, and no journal is made beside it: it may belong to a
newsboat that runs.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from store.article import Article
from store.errors import SourceError
from store.importers.fields import article_of, plain, state_of, text_of
from store.importers.html_inline import escape
from store.importers.record import Rejected, Source
from store.importers.text_markup import escape_line_start

_WANTED: Final = (
    "guid", "title", "author", "url", "feedurl", "pubDate", "content", "unread", "flags",
    "deleted", "content_mime_type", "enclosure_url",
)  # fmt: skip
#: Seconds that the database may take to give one item; a view in it could go on for ever.
_PATIENCE: Final = 20.0
_STEPS: Final = 100_000  # of SQLite's machine between two looks at the clock
#: SQLite quotes names of the schema in what it says, and Python fails on those that are no UTF-8.
_FAILURES: Final = (sqlite3.Error, UnicodeDecodeError, OverflowError)
#: Largest cache that is read into memory, where it lies in an archive.
_LARGEST: Final = 2 * 1024**3


def read_newsboat(source: Source) -> Iterator[Article | Rejected]:
    """The items of a cache that were not deleted, oldest first."""
    try:
        db = _open(source)
    except _FAILURES as error:
        raise SourceError(f"it is an SQLite database that cannot be read ({error})") from error
    deadline = time.monotonic() + _PATIENCE
    db.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    number = 0
    try:
        rows = _rows(db)
        while (row := next(rows, None)) is not None:
            number += 1
            deadline = time.monotonic() + _PATIENCE
            yield _article(row, (source.name, f"item {number}"))
    except _FAILURES as error:
        yield Rejected(
            source.name, f"the database is damaged after item {number} ({error})"
        )  # fmt: skip
    finally:
        db.close()


def _open(source: Source) -> sqlite3.Connection:
    if source.path is not None:
        # Immutable: SQLite neither locks the file nor looks for journals beside it.
        name = quote(str(source.path.absolute()))
        db = sqlite3.connect(f"file:{name}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    else:
        source.limit = _LARGEST
        data = source.data
        if not data:  # SQLite says then that there is no memory
            raise SourceError("it is empty")
        if data[18:20] == b"\x02\x02":  # it says it has a write-ahead log, which it has not here
            data = data[:18] + b"\x01\x01" + data[20:]
        db = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        if source.path is None:
            db.deserialize(data)
        db.text_factory = lambda raw: raw.decode("utf-8", "replace")
        db.execute("pragma trusted_schema = off")
        db.execute("pragma query_only = on")
    except _FAILURES:
        db.close()
        raise
    return db


def _rows(db: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    there = [row[1] for row in db.execute("pragma table_info(rss_item)")]
    columns = [name for name in _WANTED if name in there]
    if not {"title", "url"} <= set(columns):
        raise SourceError("it is an SQLite database, and none of newsboat's")
    feeds: dict[str, tuple[Any, Any]] = {}
    try:
        feeds = {
            str(rssurl): (title, url)
            for rssurl, title, url in db.execute("select rssurl, title, url from rss_feed")
        }
    except _FAILURES:
        pass  # older caches name them otherwise; the items are what matters
    where = "where coalesce(deleted, 0) = 0" if "deleted" in columns else ""
    order = "order by pubDate, rowid" if "pubDate" in columns else ""
    for values in db.execute(f"select {', '.join(columns)} from rss_item {where} {order}"):
        row = dict(zip(columns, values, strict=True))
        row["feed_title"], row["feed_url"] = feeds.get(str(row.get("feedurl")), ("", ""))
        yield row


def _article(row: dict[str, Any], place: tuple[str, str]) -> Article | Rejected:
    kind = text_of(row.get("content_mime_type")).lower()
    content = text_of(row.get("content"))
    is_plain = kind.startswith("text/plain")
    guid = text_of(row.get("guid"))
    url = text_of(row.get("url")) or (guid if guid.startswith(("http://", "https://")) else "")
    flags = text_of(row.get("flags")).strip()
    extra = {
        name: value
        for name, value in (
            ("newsboat_flags", flags),
            ("feed", text_of(row.get("feedurl"))),
            ("enclosure", text_of(row.get("enclosure_url"))),
        )
        if value
    }
    return article_of(
        place,
        "newsboat",
        title=plain(text_of(row.get("title"))),
        url=url,
        html="" if is_plain or kind.startswith("text/markdown") else content,
        body=_paragraphs(content)
        if is_plain
        else content
        if kind.startswith("text/markdown")
        else "",
        author=text_of(row.get("author")).strip(),
        site=text_of(row.get("feed_title")),
        published=row.get("pubDate") or "",
        # A flag is a letter that the reader gave an item, to find it again.
        state=state_of(read=row.get("unread") == 0, starred=bool(flags)),
        extra=extra,
    )


def _paragraphs(text: str) -> str:
    """Plain text as Markdown: its empty lines part paragraphs, and nothing in it is markup."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return "\n\n".join(
        "\n".join(escape_line_start(escape(line.strip())) for line in block.strip().split("\n"))
        for block in blocks
        if block.strip()
    )
