"""Keeping the side index's columns in step with the library file and the reading file.

What changed is noted in the `todo` table, from which the full text follows (see `wordkeeper`).
When this is done, and by which thread, is for `upkeep`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from store.blake import blake2b
from store.errors import HalfWrittenError, LibraryError, UnwritableIndexError
from store.given import noted
from store.index import Index
from store.indexrows import Place, columns, content_hash, state_row
from store.jsontext import loads
from store.linefile import LineFile, Record, Shape, Stamp
from store.lineformat import FOOTER
from store.migration import format_of
from store.moments import wall_seconds
from store.numbers import id_of, number_of
from store.reading import Annotated, ReadingFile, Tables, state_of
from store.sqlitefile import DamagedError

if TYPE_CHECKING:
    from store.article import Article
    from store.state import State

#: Articles parsed and written to the columns in one transaction.
BATCH: Final = 500

#: Bytes of records held at once: a book is one record of megabytes.
_BATCH_BYTES: Final = 16_000_000

#: Records read between two looks at whether to stop.
_PART: Final = 100

_TAIL = 4_096  # bytes before the end whose hash vouches for what comes before

#: Follows the file's stamp in the index where damage was passed over (see `sign_of`).
_PARTLY: Final = " in part"

Progress = Callable[[str, int, int], None]


def article_of(raw: bytes, doc_id: int, place: Place | None = None) -> Article:
    """The article of a record; whoever wrote the file, its text passes the door here.

    Args:
        raw: The record's object, as JSON.
        doc_id: Its id.
        place: What the index knows of it: text that once passed the door unchanged need not pass
            it again as long as its hash is the same.

    Raises:
        ValueError: it is not JSON.
    """
    from store.article import Article

    article = Article.from_document(loads(raw), doc_id)
    if place is not None and content_hash(raw) == place.hash:
        return article
    from store.sanitize import clean_article

    return clean_article(article)[0]


def update_apart(reading: ReadingFile, index: Index, change: Callable[[Tables], object]) -> None:
    """Change something in the reading file that the index does not mirror.

    Raises:
        LibraryError: see `ReadingFile.update`.
    """
    before, after = reading.update(change)
    if before == after:
        return
    try:
        with index.writing():
            if index.meta("reading") == [repr(before)]:
                index.set_meta(reading=repr(after))
    except (DamagedError, UnwritableIndexError):
        pass  # it will be made anew, from the file as it is now


def in_step(file: LineFile, reading: ReadingFile, index: Index) -> bool:
    """Whether the columns reflect both files as they are now: three reads, no parsing."""
    stamp, read = index.meta("stamp", "reading")
    return is_sign_of(stamp, file) and read == repr(reading.stamp())


def is_sign_of(sign: str, file: LineFile) -> bool:
    """Whether the index, which bears this sign, reflects the library file as it is now.

    Of a damaged file the columns have what mending it would keep.  That will do for who may only
    read it; who may write it finds them out of step, looks, and mends it.
    """
    now = repr(file.stamp())
    return sign == now or (file.readonly and sign == now + _PARTLY)


def known_stamp(index: Index | None) -> Stamp | None:
    """The stamp under which the index knows the library file; None where it knows none."""
    try:
        text = index.meta("stamp")[0] if index is not None else ""
    except DamagedError:
        return None
    numbers = [int(n) for n in "".join(c if c.isdigit() else " " for c in text).split()]
    return Stamp(*numbers) if len(numbers) == len(Stamp._fields) else None


def left_out(file: LineFile, index: Index) -> int:
    """Bytes of a damaged library file that are no record, and so not in the columns."""
    stamp, damage = index.meta("stamp", "damage")
    return int(damage or 0) if stamp == repr(file.stamp()) + _PARTLY else 0


def appended(file: LineFile, index: Index) -> int | None:
    """Byte up to which the file is known to be as the columns have it; None if nothing is sure.

    It is where the index left off, if what stands before it still has the same hash.
    """
    end, tail, inode = index.meta("end", "tail", "inode")
    known, now = int(end or 0), file.stamp()
    # An append, whole or torn, changes the size and not the inode; anything else may have
    # changed any record, an edit by hand that keeps every length included.
    vouched = (
        known > file.first()
        and file.shape is Shape.LINES
        and inode == str(now.inode)
        and now.size != known + len(FOOTER)
        and _tail(file, known) == tail
    )
    return known if vouched else None


def catch_up(
    file: LineFile,
    index: Index,
    stop: Callable[[], bool] = lambda: False,
    on_progress: Progress | None = None,
) -> tuple[int, int]:
    """Bring the columns in step with the library file; nobody else may do so at the same time.

    What was appended is read from where the index left off.  After any other change every
    record's hash is compared, and only those that differ are parsed.  The file's lock is held
    only for a moment at both ends: what was written meanwhile is taken in by another round.

    Args:
        file: The library file.
        index: The columns.
        stop: Asked now and then; once it says so this returns.  What was done is not lost.
        on_progress: Told how far it is, in bytes.

    Returns:
        Bytes of a torn tail that were put aside, and how many articles were gone from a file that
        another program wrote.

    Raises:
        LibraryError: the file is not what it should be; it was left untouched.
    """
    torn = gone = 0
    checked: Stamp | None = None
    while not stop():
        epoch = index.epoch
        try:
            with file.lock():
                begun = file.stamp()
                (sign,) = index.meta("stamp")
                if is_sign_of(sign, file):
                    break
                known = appended(file, index)
                if known is not None or file.is_torn() or sign.endswith(_PARTLY):
                    torn += file.verify_now(known)
                    begun = file.stamp()
                    known = known if file.shape is Shape.LINES else None
            try:
                dropped = compare(file, index, known, stop, on_progress)
                gone += dropped if file.shape is Shape.FOREIGN else 0
            except LibraryError:
                if checked == begun:
                    raise
                torn += file.verify()
                checked = begun
                continue
            with file.lock():
                if not stop() and file.stamp() == begun:
                    seal(file, index, epoch, known)
        except HalfWrittenError:
            file.wait_for_rest()
    return torn, gone


def take_newest(file: LineFile, index: Index, size: int) -> None:
    """Put the articles at the end of the file into the columns, before all others.

    Args:
        file: The library file.
        index: The columns, with nothing in them.
        size: How many bytes of the file, roughly.
    """
    start = max(file.first(), file.end() - size)
    if file.shape is Shape.LINES and start > file.first():
        start = file.line_after(start)
    try:
        for batch in _batches(file.scan(start), lambda: False):
            index.put([_row(record) for record in batch])
    except LibraryError:
        pass  # a torn tail; to mend it is for `catch_up`


def seal(file: LineFile, index: Index, epoch: int, known: int | None = None) -> None:
    """Note that the columns reflect the library file as it is now; the lock must be held.

    Where damage in it was passed over that is noted as well, lest anybody takes it for whole.

    Args:
        file: The library file.
        index: Its columns.
        epoch: That of the columns to which this applies: of others, made anew meanwhile by a
            thread that met damage, nothing is known.
        known: Byte up to which the index had vouched for the file (see `appended`).
    """
    end = file.end()
    stamp = file.stamp()
    damage = file.damage
    with index.writing():
        if index.epoch != epoch:
            return
        if damage is not None:
            index.set_meta(stamp=repr(stamp) + _PARTLY, damage=damage)
            if known is None:
                index.set_meta(end=0)
        else:
            index.set_meta(stamp=repr(stamp), inode=stamp.inode, end=end, tail=_tail(file, end))


def _tail(file: LineFile, end: int) -> str:
    start = max(0, end - _TAIL)
    with file.path.open("rb") as handle:
        handle.seek(start)
        return blake2b(handle.read(end - start), digest_size=16).hexdigest()


def compare(
    file: LineFile,
    index: Index,
    start: int | None = None,
    stop: Callable[[], bool] = lambda: False,
    on_progress: Progress | None = None,
) -> int:
    """Read every record from byte `start`; parse those that are new or changed; forget the rest.

    Ids ascend in the file and in the index, so that both are gone through side by side.

    Returns:
        How many were forgotten.

    Raises:
        LibraryError: something else than a record is met.
    """
    begin = start or 0
    total = max(1, file.end() - begin)
    last: int | None = None
    gone = 0
    for batch in _batches(file.scan(start), stop):
        if last is None and start is not None:
            last = batch[0].id - 1
        if last is not None and batch[0].id <= last:
            raise LibraryError(f"{file.path}: the ids do not ascend")
        known = {row[0]: row[1:] for row in index.known(last, batch[-1].id)}
        rows: list[tuple[Any, ...]] = []
        moved: list[tuple[int, int, int]] = []
        for record in batch:
            there = known.pop(record.id, None)
            number = content_hash(record.raw) if there else 0
            if there is None or there[2] not in (number, ~number):
                rows.append(_row(record))
            elif there[:2] != (record.offset, record.length):
                moved.append((record.offset, record.length, record.id))
        gone += len(known)
        if rows or moved or known:
            with index.writing():
                index.drop(known)
                index.put(rows)
                index.move(moved)
        last = batch[-1].id
        if on_progress:
            on_progress("reading the library", batch[-1].offset - begin, total)
    if not stop() and (last is not None or start is None):
        above = index.above(last)
        index.drop(above)
        gone += len(above)
    return gone


def _batches(records: Iterable[Record], stop: Callable[[], bool]) -> Iterator[list[Record]]:
    """The records in parts of at most `BATCH` articles; ends early when `stop` says so."""
    batch: list[Record] = []
    size = 0
    for number, record in enumerate(records):
        batch.append(record)
        size += record.length
        if number % _PART == 0 and stop():
            return
        if len(batch) >= BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch and not stop():
        yield batch


def _row(record: Record) -> tuple[Any, ...]:
    from store.article import Article
    from store.sanitize import clean_article

    try:
        article = Article.from_document(loads(record.raw), record.id)
    except (ValueError, AttributeError, TypeError) as error:
        raise LibraryError(f"the line at byte {record.offset} is not a record") from error
    clean = clean_article(article)[0]
    place = record.id, record.offset, record.length, record.raw
    return columns(*place, clean, clean=clean is article)


# ----------------------------------------------------------------------------- reading state


def mirror_all(reading: ReadingFile, index: Index) -> None:
    """Take the whole reading file into the mirror.

    Raises:
        LibraryError: the reading file is damaged; the mirror is left as it was.
    """
    from store.highlights import highlight_of

    tables, stamp = reading.load()
    states: dict[int, State] = {}
    for key, document in tables["states"].items():
        if (number := id_of(key)) is not None:
            states[number] = state_of(document)
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
        given = max(noted(tables, "2", "highest"), id_of(index.meta("highest")[0]) or 0)
        index.set_meta(reading=repr(stamp), reading_format=format_of(tables), highest=given)


def mirror_highlights(index: Index, documents: Annotated) -> None:
    """Write highlights to the mirror, and drop those that are None."""
    from store.highlights import highlight_of

    there = {key: d and highlight_of(key, d) for key, d in documents.items()}
    index.annotate(
        [(h.id, h.article, h.quote, h.note) for h in there.values() if h],
        gone=[number for key, h in there.items() if not h and (number := number_of(key))],
    )


def mirror(index: Index, states: dict[int, State], also: Collection[int] = ()) -> None:
    """Write states to the mirror, and the tags of articles whose tags are edited or were.

    Args:
        index: Has the mirror.
        states: The new state by article.
        also: Articles besides whose tags were edited until now.
    """
    with index.writing() as db:
        own_again = db.execute(
            "select id from state where tags is not null "
            "and id in (select value from json_each(?))",
            (json.dumps([i for i, s in states.items() if s.tags is None]),),
        ).fetchall()
        db.executemany(
            "insert or replace into state values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [state_row(doc_id, s, wall_seconds(s.read_at)) for doc_id, s in states.items()],
        )
        changed = [i for i, s in states.items() if s.tags is not None]
        changed += (i for (i,) in own_again)
        if changed or also:
            index.retag((*changed, *also))
