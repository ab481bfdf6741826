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
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar
from urllib.parse import quote

from store.article import Article
from store.errors import SourceError
from store.importers.fields import article_of, plain, state_of, text_of
from store.importers.html_inline import escape
from store.importers.record import Rejected, Source
from store.importers.text_markup import escape_line_start

T = TypeVar("T")

_WANTED: Final = (
    "guid", "title", "author", "url", "feedurl", "pubDate", "content", "unread", "flags",
    "deleted", "content_mime_type", "enclosure_url",
)  # fmt: skip
#: Seconds that the database itself may take, and for each MiB of it: a slow disk needs some.
_PATIENCE: Final = 20.0
_MIB_PATIENCE: Final = 2.0
_STEPS: Final = 1_000  # of SQLite's machine between two looks at the clock
#: SQLite quotes names of the schema in what it says, and Python fails on those that are no UTF-8.
_FAILURES: Final = (sqlite3.Error, UnicodeDecodeError, OverflowError)
#: Largest cache that is read into memory, where it lies in an archive.
_LARGEST: Final = 2 * 1024**3
#: Most bytes of one item, and most items: several times as many as people have.
_LONGEST: Final = 32 * 1024**2
_MOST_ITEMS: Final = 2_000_000
#: Fewest bytes that a row takes in a file.
_SHORTEST: Final = 4
#: What is read, and the only function that is called; a schema may name any others.
_TABLES: Final = frozenset({"rss_item", "rss_feed", "sqlite_master"})
_FUNCTIONS: Final = frozenset({"coalesce"})


class _Cache:
    """A database of a stranger, whose reading is bounded by its size.

    A few kilobytes can be made to give rows and texts without end: by a view, by a value for
    columns that rows lack, by pages that are named over and over.  But what a file truly holds
    is no longer than the file.

    Attributes:
        db: The connection.
        most: Most rows that a table in it can have.
    """

    def __init__(self, db: sqlite3.Connection, size: int) -> None:
        """Bound a connection to a database of `size` bytes."""
        self.db = db
        self.most = min(_MOST_ITEMS, size // _SHORTEST)
        self._left = size  # characters of text
        self._patience = _PATIENCE + _MIB_PATIENCE * size / 2**20
        self._end = 0.0
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(_LONGEST, max(size, 10_000)))
        db.set_authorizer(_authorize)
        db.set_progress_handler(lambda: time.monotonic() > self._end, _STEPS)

    def rows(self, query: str, *values: int) -> Iterator[tuple[Any, ...]]:
        """The rows of a query; whoever takes them may take his time.

        Raises:
            SourceError: there are more of them, or more text, than the file has room for.
            sqlite3.Error: the database is damaged, or takes too long.
        """
        begin = time.monotonic()
        self._end = begin + self._patience
        cursor = _sane(lambda: self.db.execute(query, values))
        for _ in range(self.most + 1):
            row = _sane(cursor.fetchone)
            self._patience -= time.monotonic() - begin
            if row is None:
                return
            self._left -= sum(len(each) for each in row if isinstance(each, str | bytes))
            if self._left < 0:
                raise SourceError("the database gives more text than its file holds")
            yield row
            begin = time.monotonic()
            self._end = begin + self._patience
        raise SourceError(f"a table in it has more than {self.most:,} rows")


def _sane(step: Callable[[], T]) -> T:
    """Do a step of a query: a length that SQLite has no memory for is not what the file holds.

    Raises:
        sqlite3.Error: see `_Cache.rows`.
    """
    try:
        return step()
    except MemoryError as error:
        raise sqlite3.DatabaseError("a length in it is beyond all bounds") from error


def _authorize(
    action: int, first: str | None, second: str | None, _base: str | None, within: str | None
) -> int:
    """Whether a query may do what it is about to: read tables, and nothing by way of a view."""
    if within is None and (
        action == sqlite3.SQLITE_SELECT
        or (action == sqlite3.SQLITE_READ and (first or "").lower() in _TABLES)
        or (action == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS)
        or (action == sqlite3.SQLITE_PRAGMA and first == "table_info")
    ):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def read_newsboat(source: Source) -> Iterator[Article | Rejected]:
    """The items of a cache that were not deleted, oldest first.

    Raises:
        SourceError: it is no cache, or gives more than its file can hold.
    """
    db = _open(source)
    number = 0
    try:
        cache = _Cache(db, source.size)
        columns = _columns(cache)
        feeds = _feeds(cache)
        keys, failure = _keys(cache, columns)
        query = f"select {', '.join(columns)} from rss_item where rowid = ?"
        for key in keys:
            number += 1
            item = f"item {number}"
            try:
                values = next(cache.rows(query, key), None)
            except sqlite3.DataError:
                yield Rejected(source.name, f"it is larger than {_LONGEST >> 20} MiB", item)
                continue
            if values is not None:
                row = dict(zip(columns, values, strict=True))
                row["feed_title"], row["feed_url"] = feeds.get(str(row.get("feedurl")), ("", ""))
                yield _article(row, (source.name, item))
        if failure is not None:
            raise failure
    except _FAILURES as error:
        yield Rejected(source.name, f"the database is damaged after item {number} ({error})")
    finally:
        db.close()


def _open(source: Source) -> sqlite3.Connection:
    try:
        return _connection(source)
    except _FAILURES as error:
        raise SourceError(f"it is an SQLite database that cannot be read ({error})") from error


def _connection(source: Source) -> sqlite3.Connection:
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
        db.execute("pragma cell_size_check = on")
        db.execute("pragma query_only = on")
    except _FAILURES:
        db.close()
        raise
    return db


def _columns(cache: _Cache) -> list[str]:
    """The columns of the items that are wanted and there.

    Raises:
        SourceError: there are no items, or they are no table.
    """
    kinds = [
        (kind, page)
        for kind, page in cache.rows(
            "select type, rootpage from sqlite_master where name = 'rss_item' collate nocase"
        )
        if kind in ("table", "view")
    ]
    if any(kind == "view" or not page for kind, page in kinds):
        raise SourceError("its rss_item is no table of items but a query for them")
    there = [row[1] for row in cache.rows("pragma table_info(rss_item)")]
    columns = [name for name in _WANTED if name in there]
    if not {"title", "url"} <= set(columns):
        raise SourceError("it is an SQLite database, and none of newsboat's")
    return columns


def _feeds(cache: _Cache) -> dict[str, tuple[Any, Any]]:
    """Title and page of each feed."""
    try:
        rows = cache.rows("select rssurl, title, url from rss_feed")
        return {str(rssurl): (title, url) for rssurl, title, url in rows}
    except _FAILURES:
        return {}  # older caches name them otherwise; the items are what matters


def _keys(cache: _Cache, columns: list[str]) -> tuple[list[int], Exception | None]:
    """The keys of the items in their order, up to where the table is damaged, and by what.

    First the keys alone: SQLite would copy all texts in order to sort them.
    """
    where = "where coalesce(deleted, 0) = 0" if "deleted" in columns else ""
    date = "coalesce(cast(pubDate as integer), 0)" if "pubDate" in columns else "0"
    found: list[tuple[int, int]] = []
    failure: Exception | None = None
    try:
        for when, key in cache.rows(f"select {date}, rowid from rss_item {where}"):
            found.append((when, key))
    except _FAILURES as error:
        failure = error
    return [key for _, key in sorted(found)], failure


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
