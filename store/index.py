"""The side index's columns: a disposable SQLite file with what the list shows and where it lies.

Tables:
    doc    one row an article: columns of the list, byte span in the library file, hash of its
           bytes, identity (see `identity.py`)
    tag    effective tags: those of the library file unless the reader edited them
    state  mirror of the reading file, so that SQL can filter and sort by it
    annotation  mirror of its highlights and notes: number, article, quote, note
    todo   ids that the full-text index has yet to take in (or to forget)
    meta   format version; the stamps of the two files as they were when the index was in step

Nothing here is the truth: any damage ends in a rebuild.  Rows of `doc`, `state`, `annotation` and
`meta` bear a checksum of what they hold.  A row of the list, an article's place and its state are
compared with it whenever they are read, so that no damaged title or mark is ever shown.  Filters,
orders and counts look at columns without reading rows; `verify` compares everything.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from store.indexrows import (
    ANNOTATION_SUM,
    DOC_MARKS,
    DOC_SUM,
    ROW,
    ROW_SUMS,
    SCHEMA,
    STATE_SUM,
    TAGS,
    TITLE_KEY,
    VERSION,
    Place,
    as_row,
    compare_sum,
)
from store.listrows import COUNT, NEWEST, ORDERS
from store.numbers import is_id
from store.row import Row
from store.sqlitefile import DamagedError, DisposableDatabase, checksum, marks

#: Rows compared with their checksums between two looks at whether to stop.
_VERIFIED_AT_ONCE: Final = 500

#: A condition for many ids, given as one JSON array.
_GIVEN: Final = "(select value from json_each(?))"

#: Every article that is not in the trash.
_LISTED: Final = "select d.id from doc d where d.id not in (select id from state where trashed = 1)"

#: Each article's tags as it shows them, and as it is filtered by them.
_TAGS_TWICE: Final = (
    "select d.id, coalesce(s.tags, d.tags), "
    "(select group_concat(t.tag, ' ') from tag t where t.id = d.id) "
    "from doc d left join state s on s.id = d.id where d.id > ? order by d.id limit ?"
)


class Index(DisposableDatabase):
    """The statements over the columns."""

    def __init__(self, file: Path, *, readonly: bool = False) -> None:
        """Open the index in `file`; see `DisposableDatabase`."""
        super().__init__(file, schema=SCHEMA, version=VERSION, readonly=readonly)

    # ------------------------------------------------------------------------- articles

    def put(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert or replace `doc` rows (see `columns`) and note them for the full-text index."""
        if not rows:
            return
        ids = [row[:1] for row in rows]
        among = json.dumps([row[0] for row in rows])
        with self.writing() as db:
            there = db.execute(f"select id from doc where id in {_GIVEN}", (among,)).fetchall()
            edited = dict(
                db.execute(
                    f"select id, tags from state where tags is not null and id in {_GIVEN}",
                    (among,),
                ).fetchall()
            )
            db.executemany(f"insert or replace into doc values ({DOC_MARKS})", rows)
            db.executemany("insert or ignore into todo values (?)", ids)
            db.executemany("delete from tag where id = ?", there)
            db.executemany(
                "insert or ignore into tag values (?, ?)",
                [
                    (tag, row[0])
                    for row in rows
                    for tag in edited.get(row[0], row[TAGS]).split(" ")
                    if tag
                ],
            )

    def move(self, places: Sequence[tuple[int, int, int]]) -> None:
        """Note (offset, length, id) of articles whose records are as they were, elsewhere."""
        if places:
            with self.writing() as db:
                db.executemany("update doc set offset = ?, length = ? where id = ?", places)

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

    def last_noted(self) -> int:
        """The highest id the reader's file has a state or a highlight of, 0 when there is none.

        Ids that nobody gave, above `HIGHEST_KEPT`, are left out: they would be the end of ids.
        """
        from store.freeids import HIGHEST_KEPT

        with self.reading() as db:
            row = db.execute(
                "select (select max(id) from state where id <= ?1),"
                " (select max(article) from annotation where article <= ?1)",
                (HIGHEST_KEPT,),
            ).fetchone()
        return max(0, *(id or 0 for id in row))

    def place(self, doc_id: int) -> Place | None:
        """Where the article lies, or None when it is unknown.

        The record itself tells whether that is right: by its id, and by its hash.
        """
        if not is_id(doc_id):
            return None
        with self.reading() as db:
            row = db.execute(
                f"select d.offset, d.length, d.hash, s.tags, s.sum, {STATE_SUM} "
                "from doc d left join state s on s.id = d.id where d.id = ?",
                (doc_id,),
            ).fetchone()
            if row is None:
                return None
            if row[4] is not None:
                compare_sum(row[4], row[5])
        return Place(*row[:4])

    def known(self, low: int | None, high: int) -> Iterator[tuple[int, int, int, int]]:
        """(id, offset, length, hash) of the articles above `low` (None: any) up to `high`."""
        with self.reading() as db:
            yield from db.execute(
                "select id, offset, length, hash from doc where id <= ? and (? is null or id > ?)",
                (high, low, low),
            ).fetchall()

    def above(self, low: int | None) -> list[int]:
        """Ids above `low`; all for None."""
        with self.reading() as db:
            return [
                i for (i,) in db.execute("select id from doc where ?1 is null or id > ?1", (low,))
            ]

    def with_identity(self, value: int) -> list[int]:
        """Ids of the articles with that identity."""
        with self.reading() as db:
            return [i for (i,) in db.execute("select id from doc where identity = ?", (value,))]

    def with_identities(self, values: Iterable[int]) -> list[tuple[int, str]]:
        """(id, address) of the articles with those identities, the newest article last."""
        with self.reading() as db:
            return db.execute(
                f"select id, url from doc where identity in {_GIVEN} order by id",
                (json.dumps(list(values)),),
            ).fetchall()

    def identified(self, identities: Iterable[int]) -> dict[int, int]:
        """By identity the id of the first article that has it; those that none has are left out."""
        with self.reading() as db:
            return dict(
                db.execute(
                    "select identity, min(id) from doc "
                    f"where identity in {_GIVEN} group by identity",
                    (json.dumps(list(identities)),),
                ).fetchall()
            )

    def with_titles(self, titles: Iterable[str]) -> list[tuple[int, str, str]]:
        """(id, title, author) of the articles with those titles, folded; reads every row once."""
        keys = [title[:TITLE_KEY] for title in titles]
        with self.reading() as db:
            return db.execute(
                f"select id, title, author from doc where title_key in {_GIVEN} order by id",
                (json.dumps(keys),),
            ).fetchall()

    def with_sources(self, sources: Sequence[str]) -> dict[str, list[int]]:
        """Ids by source, of the articles that come from one of these; looks through all of them."""
        found: dict[str, list[int]] = {}
        if sources:
            with self.reading() as db:
                for id_, source in db.execute(
                    f"select id, source from doc where source in {_GIVEN}", (json.dumps(sources),)
                ):
                    found.setdefault(source, []).append(id_)
        return found

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """List rows in the order of `ids`; ids that are gone are left out."""
        found: dict[int, Row] = {}
        with self.reading() as db:
            for start in range(0, len(ids), 500):
                part = ids[start : start + 500]
                for values in db.execute(
                    f"select {ROW}, {ROW_SUMS} from doc d left join state s on s.id = d.id "
                    f"where d.id in ({marks(part)})",
                    tuple(part),
                ):
                    found[values[0]] = as_row(values)
        return [found[i] for i in ids if i in found]

    def newest(self, limit: int) -> list[Row]:
        """The newest articles that are not in the trash."""
        with self.reading() as db:
            return [as_row(values) for values in db.execute(NEWEST, (limit,))]

    def ends(self, most: int) -> tuple[list[int], list[int], int]:
        """The newest and the oldest articles outside the trash, and how many there are.

        Takes 0.3 ms for 100,000 articles, of which none is looked at.

        Returns:
            At most `most` ids from either end, both with the newer ones first, and the count.
        """
        with self.reading() as db:
            newest, oldest = (
                [id_ for (id_,) in db.execute(f"{_LISTED} order by {order} limit ?", (most,))]
                for order in ORDERS["published"]
            )
            (count,) = db.execute(COUNT).fetchone()
        return newest, oldest[::-1], int(count)

    def listed(self) -> array[int]:
        """Ids of all articles outside the trash, newest first, in 8 bytes each."""
        with self.reading() as db:
            ids = db.execute(f"{_LISTED} order by {ORDERS['published'][0]}")
            return array("q", (id_ for (id_,) in ids))

    def ids(
        self,
        where: str,
        parameters: Sequence[Any],
        *,
        order: str = "",
        limit: int | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[int]:
        """Ids that meet a condition over `d` and `s`, in an order of `listrows.order_by`.

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

    def places(self, ids: Sequence[int]) -> list[tuple[int, Place]]:
        """(id, place) in file order, with effective tags; ids that are gone are left out."""
        with self.reading() as db:
            return [
                (doc_id, Place(offset, length, hash_, tags))
                for doc_id, offset, length, hash_, tags in db.execute(
                    "select d.id, d.offset, d.length, d.hash, coalesce(s.tags, d.tags) "
                    "from doc d left join state s on s.id = d.id "
                    f"where d.id in {_GIVEN} order by d.offset",
                    (json.dumps(ids),),
                )
            ]

    def state(self, doc_id: int) -> tuple[Any, ...] | None:
        """The mirrored fields of `State` in its order, or None."""
        if not is_id(doc_id):
            return None
        with self.reading() as db:
            row: tuple[Any, ...] | None = db.execute(
                "select read, starred, archived, trashed, progress, position, anchor, tags, "
                f"opened, read_iso, sum, {STATE_SUM} from state s where id = ?",
                (doc_id,),
            ).fetchone()
            if row is None:
                return None
            compare_sum(*row[10:])
        return row[:10]

    def trashed(self, ids: Iterable[int]) -> set[int]:
        """Which of these articles are in the trash."""
        with self.reading() as db:
            return {
                doc_id
                for (doc_id,) in db.execute(
                    f"select id from state where id in {_GIVEN} and trashed = 1",
                    (json.dumps(list(ids)),),
                )
            }

    def own_tags(self, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """The tags articles have in the library file, by id; those without any are left out."""
        with self.reading() as db:
            return {
                doc_id: tuple(tags.split(" "))
                for doc_id, tags in db.execute(
                    f"select id, tags from doc where id in {_GIVEN} and tags != ''",
                    (json.dumps(list(ids)),),
                )
            }

    def tags_of(self, ids: Iterable[int]) -> list[tuple[str, int]]:
        """The effective tags of these articles with how many have them, most used first."""
        with self.reading() as db:
            return [
                (tag, int(n))
                for tag, n in db.execute(
                    f"select tag, count(*) n from tag where id in {_GIVEN} "
                    "group by tag order by n desc, tag",
                    (json.dumps(list(ids)),),
                )
            ]

    def retag(self, ids: Iterable[int]) -> None:
        """Work out articles' effective tags anew, for filters and for the full text."""
        among = (json.dumps(list(ids)),)
        with self.writing() as db:
            tagged = db.execute(
                "select d.id, coalesce(s.tags, d.tags) from doc d left join state s on s.id = d.id "
                f"where d.id in {_GIVEN}",
                among,
            ).fetchall()
            db.executemany("delete from tag where id = ?", [row[:1] for row in tagged])
            db.executemany(
                "insert or ignore into tag values (?, ?)",
                [(tag, doc_id) for doc_id, tags in tagged for tag in tags.split(" ") if tag],
            )
            db.executemany("insert or ignore into todo values (?)", [row[:1] for row in tagged])

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
                db.execute(
                    "insert or replace into annotation values (?, ?, ?, ?, ?)",
                    (*row, checksum(*row)),
                )
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
        """Fold the write-ahead log back into the file, if nobody reads and there is room."""
        with self._write_lock, suppress(sqlite3.Error):
            self._writer.execute("pragma wal_checkpoint(passive)")

    def todo(self, limit: int) -> list[int]:
        """Ids that wait for the full-text index, lowest first."""
        with self.reading() as db:
            return [i for (i,) in db.execute("select id from todo order by id limit ?", (limit,))]

    def todo_count(self) -> int:
        """How many wait, those that are gone and wait to be forgotten among them."""
        with self.reading() as db:
            return int(db.execute("select count(*) from todo").fetchone()[0])

    def unfound_count(self) -> int:
        """How many articles that are there wait."""
        with self.reading() as db:
            there = "select count(*) from todo where id in (select id from doc)"
            return int(db.execute(there).fetchone()[0])

    def done(self, ids: Sequence[int]) -> None:
        """These are in the full-text index now."""
        with self.writing() as db:
            db.executemany("delete from todo where id = ?", [(i,) for i in ids])

    # ------------------------------------------------------------------------- damage

    def verify(self, stop: Callable[[], bool], pause: Callable[[], object]) -> None:
        """Compare everything with itself: SQLite's structures, rows with their checksums, tags.

        About 8 µs an article, in short steps.  What agrees with itself after this and is still
        wrong would be two errors that cancel out.

        Args:
            stop: Asked now and then; once it says so, this returns.
            pause: Called between two steps.

        Raises:
            DamagedError: something does not agree.
        """
        try:
            with self.reading(stop) as db:
                (answer,) = db.execute("pragma integrity_check(1)").fetchone()
                if answer != "ok":
                    raise DamagedError(str(answer))
        except sqlite3.OperationalError:
            if stop():
                return
            raise
        for statement in (
            f"select d.id, d.sum, {DOC_SUM} from doc d where d.id > ? order by d.id limit ?",
            f"select s.id, s.sum, {STATE_SUM} from state s where s.id > ? order by s.id limit ?",
            f"select number, sum, {ANNOTATION_SUM} from annotation where number > ? "
            "order by number limit ?",
        ):
            last: int | None = -(1 << 63)
            while last is not None and not stop():
                last = self._verify_part(statement, last, compare_sum)
                pause()
        last = -(1 << 63)
        while last is not None and not stop():
            last = self._verify_part(_TAGS_TWICE, last, _compare_tags)
            pause()

    def _verify_part(
        self, statement: str, above: int, compare: Callable[[Any, Any], None]
    ) -> int | None:
        with self.reading() as db:
            last = None
            for number, one, other in db.execute(statement, (above, _VERIFIED_AT_ONCE)):
                compare(one, other)
                last = number
        return last


def _compare_tags(shown: str, filtered: str | None) -> None:
    if set(shown.split(" ")) != set((filtered or "").split(" ")):
        raise DamagedError("an article is filtered by other tags than it shows")
