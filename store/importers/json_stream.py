"""Large files of JSON, of which no more is held than the value that is looked at.

Exports are one list of records, or an object with such a list or table in it.  `open_json` gives
the value of a file as it is, but with a `LongList` or `LongObject` for what is long: those hold
where it begins, and go through the file anew each time they are gone through.  A value in them
that is no JSON, but bracketed rightly, costs only itself.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from store.encoding import decode
from store.errors import SourceError
from store.importers.record import HEAD, Source
from store.jsonspans import Cursor, MalformedError, expect_end, members, parts, take_key
from store.jsontext import loads

#: Bytes of a file from which on it is read by parts where that can be.
LARGE: Final = 4 * 1024**2
#: Bytes of a list or an object from which on it is not held.
_LONG: Final = 1024**2
#: More than what is kept of an article or of another table (`sanitize.MAX_DEPTH`).
_DEEPEST: Final = 64
#: How deep the members of the file's object lie, and, whatever lies around it, a record of many.
_OF_TABLES: Final = 1
_IN_LIST: Final = 2
#: How deep a value of an object is taken as it is, however long: a mebibyte is gone over for each
#: level above it.  Exports have their records at most four or five deep.
_WHOLE: Final = 8


class Broken(NamedTuple):
    """Stands for a value that is no JSON; `reason` says why."""

    reason: str


class LongList:
    """A list in a file, read a value at a time, each of which is held as a whole."""

    def __init__(self, source: Source, offset: int, *, whole: bool = False) -> None:
        """Stand for the list that begins at byte `offset`; it is the `whole` file or a part."""
        self._source = source
        self._offset = offset
        self._whole = whole

    def __iter__(self) -> Iterator[Any]:
        """The values; a `Broken` for each that is no JSON.

        Raises:
            SourceError: the list does not go on as one; what came before is good.
        """
        with _cursor_at(self._source, self._offset) as cursor:
            for some in _several(cursor, b"["):
                if some is None:
                    yield _parsed(cursor.value()[1])
                else:
                    yield from some
            if self._whole:
                expect_end(cursor)


class LongObject:
    """An object in a file, read a member at a time."""

    def __init__(self, source: Source, offset: int, depth: int = 0) -> None:
        """Stand for the object that begins at byte `offset`."""
        self._source = source
        self._depth = max(depth + 1, _IN_LIST)  # of what is in it
        self._offset = offset

    def items(self) -> Iterator[tuple[str, Any]]:
        """Names and values; a `Broken` for each that is no JSON.

        Raises:
            SourceError: the object does not go on as one; what came before is good.
        """
        with _cursor_at(self._source, self._offset) as cursor:
            for key, _ in members(cursor):
                yield loads(key), _taken(cursor, self._source, self._depth)

    def whole(self) -> dict[str, Any]:
        """All members, the last of those with the same name; may hold what is long in turn.

        Raises:
            SourceError: the object does not go on as one.
        """
        with _cursor_at(self._source, self._offset) as cursor:
            return dict(_members(cursor, self._source, self._depth))

    def get(self, name: str) -> Any:
        """The value of the first member with that name, or None."""
        return next((value for key, value in self.items() if key == name), None)


def open_json(source: Source) -> Any:
    """The value of a file, of which long parts are read when they are gone through.

    Raises:
        SourceError: it is no JSON, or too large.
        OSError: it cannot be read.
    """
    if not is_long(source):
        return load_json(source)
    with _cursor_at(source, 0) as cursor:
        first = cursor.peek()
        if first == b"[":
            return LongList(source, cursor.offset, whole=True)
        if first != b"{" or source.path is None:
            return load_json(source)
        value = _taken(cursor, source, 0)
        expect_end(cursor)
    if isinstance(value, Broken):
        raise SourceError(f"it is no JSON: {value.reason}")
    return value


def holds_several(source: Source) -> bool:
    """Whether a large file is not one value but an object and others after it, as JSON Lines are.

    Told by the first, if it is not long itself.
    """
    try:
        with _cursor_at(source, 0) as cursor:
            raw = cursor.value_up_to(LARGE) if cursor.peek() == b"{" else None
            return raw is not None and isinstance(_parsed(raw), dict) and cursor.peek() == b"{"
    except SourceError:
        return False


def load_json(source: Source) -> Any:
    """The value of a file, whatever its encoding, read into memory.

    Raises:
        SourceError: it is no JSON, or too large.
        OSError: it cannot be read.
    """
    data = source.data
    try:
        return loads(data)
    except (ValueError, RecursionError) as error:
        text = decode(data)
        try:
            return loads(text.strip().encode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            raise SourceError(f"it is no JSON: {short(error)}") from None


def whole_value(value: Any, depth: int = _DEEPEST) -> Any:
    """The same with all that is long in it read into memory; deeper than `depth` is dropped."""
    if isinstance(value, LongList):
        return [whole_value(each, depth - 1) for each in value if depth]
    if isinstance(value, LongObject):
        value = value.whole()
    if isinstance(value, dict) and any(
        isinstance(each, dict | LongList | LongObject) for each in value.values()
    ):
        return {name: whole_value(each, depth - 1) for name, each in value.items() if depth}
    return value


def is_long(source: Source) -> bool:
    """Whether a source is large, in UTF-8, and so can be read by parts."""
    head = source.head
    large = source.size >= LARGE if source.size else len(head) >= HEAD
    if not large or b"\0" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def _cursor_at(source: Source, offset: int) -> Iterator[Cursor]:
    with source.open() as stream:
        if offset and source.path is not None:
            stream.seek(offset)
        try:
            yield Cursor(lambda _, length: stream.read(length), offset if source.path else 0)
        except MalformedError as error:
            raise SourceError(f"it is no JSON from byte {error.offset:,} on: {error}") from None


def _taken(cursor: Cursor, source: Source, depth: int) -> Any:
    """The value that comes next, long lists in it for later.

    The file's own object may have tables of many records as its members, which are for later, too.
    In a record, objects are taken as they are.
    """
    if depth >= _WHOLE:
        return _parsed(cursor.value()[1])
    raw = cursor.value_up_to(_LONG)
    if raw is not None:
        return _parsed(raw)
    first, offset = cursor.peek(), cursor.offset
    if first == b'"' or source.path is None:  # a part of another source cannot be found again
        return _parsed(cursor.value()[1])
    if first == b"{" and depth != _OF_TABLES:
        return _record(cursor, source, depth + 1)
    cursor.skip()
    return LongList(source, offset) if first == b"[" else LongObject(source, offset, depth)


def _record(cursor: Cursor, source: Source, depth: int) -> dict[str, Any] | Broken:
    """The object that comes next, whose values lie at `depth`; the first of them that is no JSON.

    What comes after that is passed over.
    """
    record: dict[str, Any] = {}
    for name, value in _members(cursor, source, depth):
        if isinstance(value, Broken):
            cursor.leave()
            return value
        record[name] = value
    return record


def _members(cursor: Cursor, source: Source, depth: int) -> Iterator[tuple[str, Any]]:
    """Names and values, which lie at `depth`, of the object that comes next."""
    for some in _several(cursor, b"{"):
        if some is None:
            key, _ = take_key(cursor)
            yield loads(key), _taken(cursor, source, depth)
        else:
            yield from some.items()


def _several(cursor: Cursor, opening: bytes) -> Iterator[Any]:
    """The list or object that comes next, in lists or objects of some of what is in it.

    A None stands for one value or member that the consumer has to take by itself: it is longer, or
    among a few of which one is no JSON.  Those few are found by halving what is taken together,
    which is doubled again after them, so that one such value costs little.
    """
    closing = b"]" if opening == b"[" else b"}"
    most = together = _LONG // 16
    few = _LONG // 1024
    alone = 0  # the byte up to which each is taken by itself
    for _ in parts(cursor, opening):
        some = None
        while cursor.offset >= alone and (raw := cursor.several(most)):
            try:
                some = loads(opening + raw + closing)
                break
            except (ValueError, RecursionError):
                alone = cursor.offset if len(raw) <= few else alone
                most = max(len(raw) // 2, few)
                cursor.back()
        if cursor.offset >= alone:
            most = min(2 * most, together)
        yield some


def _parsed(raw: bytes) -> Any:
    try:
        return loads(raw)
    except (ValueError, RecursionError) as error:
        try:
            return loads(decode(raw).encode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            return Broken(short(error))


def short(error: Exception) -> str:
    """What an error says, in one line that is not too long."""
    text = " ".join(str(error).split())
    return text if len(text) <= 120 else text[:119] + "…"
