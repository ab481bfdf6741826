"""The side index's columns: a disposable SQLite file with what the list shows and where it lies.

Tables:
    doc    one row an article: columns of the list, byte span in the library file, hash of its
           bytes, identity (see `identity.py`)
    tag    effective tags: those of the library file unless the reader edited them
    state  mirror of the reading file, so that SQL can filter and sort by it
    annotation  mirror of its highlights and notes: number, article, quote, note
    todo   ids that the full-text index has yet to take in (or to forget)
    meta   format version; the stamps of the two files as they were when the index was in step

Nothing here is the truth: any damage ends in a rebuild.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, NamedTuple

from store.article import Article
from store.folding import fold
from store.identity import identity
from store.moments import wall_seconds
from store.results import Row
from store.sqlitefile import DisposableDatabase, marks

#: Raised with every change of the schema or of what its columns mean.
VERSION: Final = 2

_SCHEMA: Final = """
create table meta(key text primary key, value text) without rowid;
create table doc(
    id integer primary key, offset integer not null, length integer not null,
    hash integer not null, identity integer not null,
    title text not null, author text not null, site text not null, url text not null,
    published text not null, saved text not null, words integer not null, stub integer not null,
    lang text not null, type text not null, source text not null, tags text not null,
    at integer not null, published_at integer, saved_at integer,
    title_key text not null, author_key text not null
);
create index doc_at on doc(at desc, id desc);
create index doc_identity on doc(identity);
create table tag(tag text not null, id integer not null, primary key (tag, id)) without rowid;
create index tag_id on tag(id);
create table state(
    id integer primary key, read integer not null, starred integer not null,
    archived integer not null, trashed integer not null, progress real not null,
    position integer not null, anchor text not null, tags text,
    opened text not null, read_iso text not null, read_at integer
);
create index state_trashed on state(id) where trashed = 1;
create table annotation(
    number integer primary key, article integer not null, quote text not null, note text not null
);
create index annotation_article on annotation(article);
create table todo(id integer primary key);
"""

#: Columns of `results.Row`, in its order, over `doc d left join state s`.
_ROW: Final = (
    "d.id, d.title, d.author, d.site, d.published, d.saved, d.words, d.stub, "
    "coalesce(s.read, 0), coalesce(s.starred, 0), coalesce(s.archived, 0), "
    "coalesce(s.trashed, 0), coalesce(s.progress, 0), coalesce(s.tags, d.tags)"
)
_DOC_COLUMNS: Final = 22

_ORDERS: Final[dict[str, tuple[str, str]]] = {
    "published": ("d.at desc, d.id desc", "d.at asc, d.id asc"),
    "saved": ("d.saved_at desc, d.id desc", "d.saved_at asc, d.id asc"),
    "read": ("s.read_at desc nulls last, d.id desc", "s.read_at asc nulls last, d.id asc"),
    "title": ("d.title_key asc, d.id asc", "d.title_key desc, d.id desc"),
    "author": (
        "d.author_key = '', d.author_key asc, d.at desc",
        "d.author_key = '', d.author_key desc, d.at desc",
    ),
    "words": ("d.words desc, d.id desc", "d.words asc, d.id asc"),
    "random": ("random()", "random()"),
}


class Span(NamedTuple):
    """Where an article's record lies in the library file, in bytes."""

    offset: int
    length: int


def order_by(sort: str) -> str:
    """The SQL order for a sort key, with "-" before it turned round; newest first if unknown."""
    turned = sort.startswith("-")
    pair = _ORDERS.get(sort.lstrip("-"), _ORDERS["published"])
    return pair[1] if turned else pair[0]


def columns(
    record_id: int, offset: int, length: int, raw: bytes, article: Article
) -> tuple[Any, ...]:
    """The `doc` row of an article whose record has those bytes."""
    title = article.title or _first_line(article.body) or article.url or "(untitled)"
    published_at = wall_seconds(article.published)
    saved_at = wall_seconds(article.saved)
    at = published_at if published_at is not None else saved_at
    return (
        record_id, offset, length,
        content_hash(raw), identity(article),
        title, article.author, article.site or site_of(article.url), article.url,
        article.published, article.saved, article.words, int(article.is_stub),
        article.lang, article.type, article.source, " ".join(article.tags),
        at if at is not None else 0, published_at, saved_at,
        fold(title)[:80], fold(article.author)[:40],
    )  # fmt: skip


def content_hash(raw: bytes) -> int:
    """Signed 64-bit BLAKE2b of a record's JSON."""
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "big", signed=True)


def site_of(url: str) -> str:
    """The host of an address without "www.", or ""."""
    _, separator, rest = url.partition("://")
    if not separator:
        return ""
    host = rest.split("/", 1)[0].split("?", 1)[0].rpartition("@")[2].partition(":")[0].lower()
    return host.removeprefix("www.")


def _first_line(body: str) -> str:
    line = body.strip().partition("\n")[0].strip("#>*_ \t")
    return line if len(line) <= 100 else line[:99] + "…"


def _as_row(values: Sequence[Any]) -> Row:
    tags = values[13]
    return Row(
        values[0], values[1], values[2], values[3], values[4], values[5], values[6],
        bool(values[7]), bool(values[8]), bool(values[9]), bool(values[10]), bool(values[11]),
        float(values[12]), tuple(tags.split(" ")) if tags else (),
    )  # fmt: skip


class Index(DisposableDatabase):
    """The statements over the columns."""

    def __init__(self, file: Path) -> None:
        """Open the index in `file`; see `DisposableDatabase`."""
        super().__init__(file, schema=_SCHEMA, version=VERSION)

    # ------------------------------------------------------------------------- articles

    def put(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Insert or replace `doc` rows (see `columns`) and note them for the full-text index."""
        with self.writing() as db:
            for row in rows:
                db.execute(f"insert or replace into doc values ({_DOC_MARKS})", row)
                db.execute("insert or ignore into todo values (?)", row[:1])
                edited = db.execute("select tags from state where id = ?", row[:1]).fetchone()
                tags = row[16] if edited is None or edited[0] is None else edited[0]
                self._put_tags(db, row[0], tags)

    @staticmethod
    def _put_tags(db: sqlite3.Connection, doc_id: int, tags: str) -> None:
        db.execute("delete from tag where id = ?", (doc_id,))
        if tags:
            db.executemany(
                "insert or ignore into tag values (?, ?)", [(t, doc_id) for t in tags.split(" ")]
            )

    def drop(self, ids: Iterable[int]) -> None:
        """Forget articles that are no longer in the file; their state stays."""
        with self.writing() as db:
            for doc_id in ids:
                db.execute("delete from doc where id = ?", (doc_id,))
                db.execute("delete from tag where id = ?", (doc_id,))
                db.execute("insert or ignore into todo values (?)", (doc_id,))

    def count(self) -> int:
        """Number of articles."""
        with self.reading() as db:
            return int(db.execute("select count(*) from doc").fetchone()[0])

    def last_id(self) -> int:
        """The highest id, 0 when there is none."""
        with self.reading() as db:
            return int(db.execute("select coalesce(max(id), 0) from doc").fetchone()[0])

    def span(self, doc_id: int) -> Span | None:
        """Where the article lies, or None when it is unknown."""
        with self.reading() as db:
            row = db.execute("select offset, length from doc where id = ?", (doc_id,)).fetchone()
        return Span(*row) if row else None

    def with_identity(self, value: int) -> list[int]:
        """Ids of the articles with that identity."""
        with self.reading() as db:
            return [i for (i,) in db.execute("select id from doc where identity = ?", (value,))]

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """List rows in the order of `ids`; ids that are gone are left out."""
        found: dict[int, Row] = {}
        with self.reading() as db:
            for start in range(0, len(ids), 500):
                part = ids[start : start + 500]
                for values in db.execute(
                    f"select {_ROW} from doc d left join state s on s.id = d.id "
                    f"where d.id in ({marks(part)})",
                    tuple(part),
                ):
                    found[values[0]] = _as_row(values)
        return [found[i] for i in ids if i in found]

    def newest(self, limit: int) -> list[Row]:
        """The newest articles that are not in the trash."""
        with self.reading() as db:
            return [
                _as_row(values)
                for values in db.execute(
                    f"select {_ROW} from doc d left join state s on s.id = d.id "
                    "where coalesce(s.trashed, 0) = 0 order by d.at desc, d.id desc limit ?",
                    (limit,),
                )
            ]

    def ids(
        self,
        where: str,
        parameters: Sequence[Any],
        *,
        order: str = "",
        limit: int | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[int]:
        """Ids that meet a condition over `d` and `s`, in an order of `order_by`.

        Raises:
            sqlite3.OperationalError: interrupted because `cancelled` said so.
        """
        join = "left join state s on s.id = d.id" if "s." in where or "s." in order else ""
        with self.reading(cancelled) as db:
            cursor = db.execute(
                f"select d.id from doc d {join} where {where}"
                + (f" order by {order}" if order else "")
                + (" limit ?" if limit is not None else ""),
                (*parameters, limit) if limit is not None else tuple(parameters),
            )
            return [row[0] for row in cursor]

    def tags(self) -> list[tuple[str, int]]:
        """Tags in use with their number of articles, most used first."""
        with self.reading() as db:
            return [
                (tag, int(n))
                for tag, n in db.execute(
                    "select tag, count(*) n from tag where id not in "
                    "(select id from state where trashed = 1) group by tag order by n desc, tag"
                )
            ]

    def hash_of(self, doc_id: int) -> int | None:
        """Hash of the record's bytes as last seen, or None when it is unknown."""
        row = self._writer.execute("select hash from doc where id = ?", (doc_id,)).fetchone()
        return int(row[0]) if row else None

    def spans(self, ids: Sequence[int]) -> list[tuple[int, int, int, str]]:
        """(id, offset, length, effective tags) in file order; ids that are gone are left out."""
        with self.reading() as db:
            return db.execute(
                "select d.id, d.offset, d.length, coalesce(s.tags, d.tags) from doc d "
                f"left join state s on s.id = d.id where d.id in ({marks(ids)}) order by d.offset",
                tuple(ids),
            ).fetchall()

    def state(self, doc_id: int) -> tuple[Any, ...] | None:
        """The mirrored fields of `State` in its order, or None."""
        with self.reading() as db:
            row: tuple[Any, ...] | None = db.execute(
                "select read, starred, archived, trashed, progress, position, anchor, tags, "
                "opened, read_iso from state where id = ?",
                (doc_id,),
            ).fetchone()
        return row

    def own_tags(self, doc_id: int) -> tuple[str, ...]:
        """The tags the article has in the library file."""
        with self.reading() as db:
            row = db.execute("select tags from doc where id = ?", (doc_id,)).fetchone()
        return tuple(row[0].split(" ")) if row and row[0] else ()

    def retag(self, doc_id: int) -> None:
        """Work out the article's effective tags anew, for filters and for the full text."""
        with self.writing() as db:
            row = db.execute(
                "select coalesce(s.tags, d.tags) from doc d left join state s on s.id = d.id "
                "where d.id = ?",
                (doc_id,),
            ).fetchone()
            if row is not None:
                self._put_tags(db, doc_id, row[0])
                db.execute("insert or ignore into todo values (?)", (doc_id,))

    # ------------------------------------------------------------------------- annotations

    def annotate(self, rows: Iterable[tuple[int, int, str, str]], gone: Iterable[int] = ()) -> None:
        """Mirror highlights: (number, article, quote, note) of new ones, numbers of those `gone`.

        The articles concerned wait for the full-text index.
        """
        with self.writing() as db:
            for number in gone:
                db.execute(
                    "insert or ignore into todo select article from annotation where number = ?",
                    (number,),
                )
                db.execute("delete from annotation where number = ?", (number,))
            for row in rows:
                db.execute("insert or replace into annotation values (?, ?, ?, ?)", row)
                db.execute("insert or ignore into todo values (?)", (row[1],))

    def annotations(self) -> list[tuple[int, int, str, str]]:
        """All mirrored highlights: (number, article, quote, note)."""
        with self.reading() as db:
            return db.execute("select number, article, quote, note from annotation").fetchall()

    def annotations_of(self, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
        """Quotes and notes of articles, by article; those without any are left out."""
        found: dict[int, list[tuple[str, str]]] = {}
        with self.reading() as db:
            for article, quote, note in db.execute(
                f"select article, quote, note from annotation where article in ({marks(ids)}) "
                "order by number",
                tuple(ids),
            ):
                found.setdefault(article, []).append((quote, note))
        return found

    # ------------------------------------------------------------------------- todo

    def want_all(self) -> None:
        """Every article waits for the full-text index."""
        with self.writing() as db:
            db.execute("insert or ignore into todo select id from doc")

    def compact(self) -> None:
        """Fold the write-ahead log back into the file, if nobody reads just now."""
        with self._write_lock:
            self._writer.execute("pragma wal_checkpoint(passive)")

    def todo(self, limit: int) -> list[int]:
        """Ids that wait for the full-text index, lowest first."""
        with self.reading() as db:
            return [i for (i,) in db.execute("select id from todo order by id limit ?", (limit,))]

    def todo_count(self) -> int:
        """How many wait."""
        with self.reading() as db:
            return int(db.execute("select count(*) from todo").fetchone()[0])

    def done(self, ids: Sequence[int]) -> None:
        """These are in the full-text index now."""
        with self.writing() as db:
            db.executemany("delete from todo where id = ?", [(i,) for i in ids])


_DOC_MARKS: Final = ", ".join("?" * _DOC_COLUMNS)
