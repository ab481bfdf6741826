"""Keeping the side index's columns in step with the library file and the reading file.

Columns follow at once, before anything is listed; what changed is noted in the `todo` table, from
which the full text follows behind (see `wordkeeper`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any, Final

from store.article import Article, State
from store.highlights import highlight_of
from store.index import Index, columns, content_hash
from store.jsontext import loads
from store.linefile import LineFile, Shape
from store.lineformat import FOOTER
from store.moments import wall_seconds
from store.reading import Annotated, ReadingFile, state_of
from store.sanitize import clean_article

#: Articles parsed and written to the columns in one transaction.
BATCH: Final = 2_000

_TAIL = 4_096  # bytes before the end whose hash vouches for what comes before

Progress = Callable[[str, int, int], None]


def article_of(raw: dict[str, Any], doc_id: int) -> Article:
    """The article of a record; whoever wrote the file, its text passes the door here."""
    return clean_article(Article.from_document(raw, doc_id))[0]


def in_step(file: LineFile, reading: ReadingFile, index: Index) -> bool:
    """Whether the columns reflect both files as they are now: three reads, no parsing."""
    stamp, read = index.meta("stamp", "reading")
    return stamp == repr(file.stamp()) and read == repr(reading.stamp())


def catch_up(
    file: LineFile,
    reading: ReadingFile,
    index: Index,
    on_progress: Progress | None = None,
) -> int:
    """Bring the columns in step with both files.

    An append is read from where the index left off, once a hash of what stood before it agrees.
    After any other change every record's hash is compared, and only those that differ are parsed.

    Returns:
        Bytes of a torn tail that were put aside.

    Raises:
        LibraryError: a file is not what it should be; it was left untouched.
    """
    torn = 0
    with file.lock():
        stamp, end, tail, inode = index.meta("stamp", "end", "tail", "inode")
        now = file.stamp()
        if stamp != repr(now):
            known = int(end or 0)
            # An append, whole or torn, changes the size and not the inode; anything else may have
            # changed any record, an edit by hand that keeps every length included.
            vouched = (
                known > file.first()
                and file.shape is Shape.LINES
                and inode == str(now.inode)
                and now.size != known + len(FOOTER)
                and _tail(file, known) == tail
            )
            torn = file.verify(known if vouched else None)
            if vouched and file.shape is Shape.LINES and index.count():
                _append(file, index, known, on_progress)
            else:
                compare(file, index, on_progress)
            seal(file, index)
    if index.meta("reading") != [repr(reading.stamp())]:
        mirror_all(reading, index)
    return torn


def seal(file: LineFile, index: Index) -> None:
    """Note that the columns reflect the library file as it is now; the lock must be held."""
    end = file.end()
    stamp = file.stamp()
    index.set_meta(stamp=repr(stamp), inode=stamp.inode, end=end, tail=_tail(file, end))


def _tail(file: LineFile, end: int) -> str:
    start = max(0, end - _TAIL)
    with file.path.open("rb") as handle:
        handle.seek(start)
        return blake2b(handle.read(end - start), digest_size=16).hexdigest()


def _append(file: LineFile, index: Index, start: int, on_progress: Progress | None) -> None:
    rows = []
    total = max(1, file.end() - start)
    for record in file.scan(start):
        article = article_of(loads(record.raw), record.id)
        rows.append(columns(record.id, record.offset, record.length, record.raw, article))
        if len(rows) >= BATCH:
            index.put(rows)
            rows.clear()
            if on_progress:
                on_progress("reading the library", record.offset - start, total)
    index.put(rows)


def compare(file: LineFile, index: Index, on_progress: Progress | None = None) -> None:
    """Read every record; parse those that are new or whose bytes changed; forget the rest."""
    total = max(1, file.end())
    with index.writing() as db:
        db.execute("create temp table if not exists seen(id integer primary key)")
        db.execute("delete from seen")
    known = bool(index.count())
    rows: list[tuple[Any, ...]] = []
    moved: list[tuple[int, int, int]] = []
    seen: list[tuple[int]] = []

    def write() -> None:
        with index.writing() as db:
            index.put(rows)
            db.executemany("update doc set offset = ?, length = ? where id = ?", moved)
            db.executemany("insert or ignore into seen values (?)", seen)
        rows.clear()
        moved.clear()
        seen.clear()

    for record in file.scan():
        seen.append((record.id,))
        same = known and index.hash_of(record.id) == content_hash(record.raw)
        if same:
            moved.append((record.offset, record.length, record.id))
        else:
            article = article_of(loads(record.raw), record.id)
            rows.append(columns(record.id, record.offset, record.length, record.raw, article))
        if len(seen) >= BATCH:
            write()
            if on_progress:
                on_progress("reading the library", record.offset, total)
    write()
    with index.writing() as db:
        gone = [
            i for (i,) in db.execute("select id from doc where id not in (select id from seen)")
        ]
        index.drop(gone)
        db.execute("delete from seen")


# ----------------------------------------------------------------------------- reading state


def mirror_all(reading: ReadingFile, index: Index) -> None:
    """Take the whole reading file into the mirror.

    Raises:
        LibraryError: the reading file is damaged; the mirror is left as it was.
    """
    tables, stamp = reading.load()
    states: dict[int, State] = {}
    for key, document in tables["states"].items():
        if key.isdecimal():
            states[int(key)] = state_of(document)
    highlights = {
        (h.id, h.article, h.quote, h.note)
        for h in (highlight_of(*item) for item in tables["highlights"].items())
        if h is not None
    }
    with index.writing() as db:
        known = set(index.annotations())
        kept = {number for number, *_ in highlights}
        index.annotate(highlights - known, gone={row[0] for row in known} - kept)
        edited = {i for (i,) in db.execute("select id from state where tags is not null")}
        db.execute("delete from state")
        mirror(index, states, also=edited - states.keys())
        index.set_meta(reading=repr(stamp))


def mirror_highlights(index: Index, documents: Annotated) -> None:
    """Write highlights to the mirror, and drop those that are None."""
    there = {key: d and highlight_of(key, d) for key, d in documents.items()}
    index.annotate(
        [(h.id, h.article, h.quote, h.note) for h in there.values() if h],
        gone=[int(key) for key, h in there.items() if not h and key.isdecimal()],
    )


def mirror(index: Index, states: dict[int, State], also: Iterable[int] = ()) -> None:
    """Write states to the mirror, and the tags of those whose tags are edited (or were: `also`)."""
    with index.writing() as db:
        db.executemany(
            "insert or replace into state values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    doc_id, int(s.read), int(s.starred), int(s.archived), int(s.trashed),
                    s.progress, s.position, s.anchor,
                    None if s.tags is None else " ".join(s.tags),
                    s.opened, s.read_at, wall_seconds(s.read_at),
                )
                for doc_id, s in states.items()
            ],
        )  # fmt: skip
        changed = [i for i, s in states.items() if s.tags is not None]
        for doc_id in (*changed, *also):
            index.retag(doc_id)
