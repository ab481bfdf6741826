"""The first articles, from the side index alone: for a first frame before anything is loaded.

Nothing here writes, waits, or mends.  Where the index is not in step with the files, or anything
about it is odd, there is nothing to be seen, and `Library` sees to it: of what another program
wrote meanwhile nothing is known before it was read.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Sequence
from typing import Final, NamedTuple

from store.besides import reading_of
from store.blake import blake2b
from store.checksums import DamagedError, checksum
from store.listrows import COUNT, NEWEST, THESE, VERSION, as_row, in_order
from store.row import Row

#: Seconds that a glance waits for a lock.
_PATIENCE: Final = 0.02


class Signs(NamedTuple):
    """What changes whenever a list may have changed.

    Attributes:
        library: The library file's stamp, as the index keeps it.
        reading: That of the reading file.
    """

    library: str
    reading: str


class Glance(NamedTuple):
    """What is to be seen of a library.

    Attributes:
        rows: The first articles, as many as were asked for.
        total: How many there are outside the trash.
        signs: What changes whenever another glance may show something else.
        first: What changes whenever the first article, its state or what is highlighted in it
            does; "" where there is none.
        holds_any: Whether there are any at all, be it in the trash.
    """

    rows: tuple[Row, ...]
    total: int
    signs: Signs
    first: str
    holds_any: bool = True


class Known(NamedTuple):
    """What an earlier glance has shown, and still holds for the same signs.

    Attributes:
        signs: Its signs.
        total: Its count.
        first: In an order of one's own, the ids that come first; at least as many as are asked for,
            or all there are.
    """

    signs: Signs
    total: int
    first: Sequence[int] = ()


def glance(
    path: str, limit: int, *, cache_dir: str | None = None, known: Known | None = None,
    sort: str = "",
) -> Glance | None:  # fmt: skip
    """The first articles of the library at `path`, if its index is in step with it.

    Takes the same time for any number of articles, if count and order are `known`.

    Args:
        path: The library file.
        limit: How many articles.
        cache_dir: Where the side index is; by default under the XDG cache directory.
        known: What an earlier glance has shown.
        sort: The order, by its sort key; "" is newest first.  Any other one is looked for among
            all articles, unless it is known.
    """
    try:
        directory = os.path.join(cache_dir or _cache_dir(), index_name(path))
        return _look(os.path.join(directory, "columns.sqlite"), path, limit, known, sort)
    except (OSError, sqlite3.Error, DamagedError, ValueError, TypeError):
        return None


def index_name(path: str | os.PathLike[str], stem: str = "") -> str:
    """Name of the directory of a library's side index: legible, and of this path alone.

    Args:
        path: The library file.
        stem: Its name without the suffix, where that is known.
    """
    stem = stem or os.path.splitext(os.path.basename(path))[0]
    key = blake2b(os.fsencode(os.path.realpath(path)), digest_size=8).hexdigest()
    legible = stem.encode("utf-8", "replace").decode("utf-8")  # the engine takes no other names
    return f"{legible}-{key}"


def _cache_dir() -> str:
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # the XDG specification says to ignore it
        base = os.path.expanduser("~/.cache")
    return os.path.join(base, "broadsheet")


def is_new(path: str) -> bool:
    """Whether there is no library at `path` yet, nor what was read in one: it begins empty."""
    return not any(map(os.path.lexists, (path, reading_of(path))))


def _look(file: str, path: str, limit: int, known: Known | None, sort: str) -> Glance | None:
    if not stat.S_ISREG(os.stat(file).st_mode):
        return None  # a named pipe would be waited for
    # While nobody has it open, and there is no log to be taken in, it is read like any file.
    how = "mode=rw" if os.path.exists(f"{file}-wal") else "mode=ro&immutable=1"
    name = file.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    db = sqlite3.connect(f"file:{name}?{how}", uri=True, timeout=_PATIENCE, isolation_level=None)
    try:
        db.execute("begin")  # all of it as it is at one moment
        meta = {
            key: value
            for key, value, kept in db.execute(
                "select key, value, sum from meta where key in ('version', 'stamp', 'reading')"
            )
            if kept == checksum(key, value)
        }
        if meta.get("version") != str(VERSION):
            return None
        signs = Signs(meta.get("stamp", ""), meta.get("reading", ""))
        if signs != Signs(_stamp(path), _stamp(reading_of(path))):
            return None
        if known is not None and known.signs != signs:
            known = None
        if not sort:
            values = db.execute(NEWEST, (limit,)).fetchall()
        else:
            if known is not None and len(known.first) >= min(limit, known.total):
                ids = list(map(int, known.first[:limit]))
            else:
                ids = [id for (id,) in db.execute(in_order(sort), (limit,))]
            values = db.execute(THESE.format(",".join(map(str, ids)))).fetchall()
            values.sort(key=lambda row: ids.index(row[0]))
        rows = tuple(as_row(row) for row in values)
        first = ""
        if values:
            marked = db.execute(
                "select number, sum from annotation where article = ? order by number",
                (rows[0].id,),
            ).fetchall()
            first = repr((rows[0].id, values[0][14], values[0][16], marked))
        if known is not None:
            count = known.total
        else:
            (count,) = db.execute(COUNT).fetchone()
        holds_any = bool(rows) or db.execute("select 1 from doc limit 1").fetchone() is not None
        return Glance(rows, int(count), signs, first, holds_any)
    finally:
        db.close()


def _stamp(path: str) -> str:
    """A file's stamp as `linereader.Stamp` and `reading.Stamp` are written."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return "Stamp(inode=0, size=0, mtime_ns=0)"
    return f"Stamp(inode={status.st_ino}, size={status.st_size}, mtime_ns={status.st_mtime_ns})"
