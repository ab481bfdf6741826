"""Where the articles lie in a JSON file that is not in our form.

Stock TinyDB writes its file as one long line; people pretty-print it.  `survey` walks such a
file once, forward, in blocks, and notes the byte span of every article, so that each can be
read by itself afterwards.  Brackets and strings are told apart by a regular expression (linear,
no decoding of the whole); each value is then parsed by itself, so what is accepted is JSON.
"""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from store.jsontext import loads
from store.lineformat import MAX_ID

#: Reads `length` bytes at `offset`; fewer at the end of the file.
ReadAt = Callable[[int, int], bytes]

_BLOCK = 1 << 20
_BOM = b"\xef\xbb\xbf"
_SPACE = re.compile(rb"[ \t\r\n]*")
_SCALAR = re.compile(rb'[^\s,:\[\]{}"]*')
# A whole string, an opening quote whose string goes on past the block, or a bracket.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["{}\[\]]', re.DOTALL)
_OPENING = frozenset(b"{[")
_QUOTE = ord('"')
_ID = re.compile(rb'"(-?[0-9]{1,19})"')


class MalformedError(Exception):
    """The bytes are not JSON.

    Attributes:
        offset: First byte that does not fit; the file's size when it ends too early.
        truncated: Whether the file ends in the middle of a value.
        in_object: Whether the file begins as a JSON object, as a library does.
    """

    def __init__(self, reason: str, offset: int, *, truncated: bool = False) -> None:
        super().__init__(reason)
        self.offset = offset
        self.truncated = truncated
        self.in_object = False


class WrongShapeError(Exception):
    """The bytes are JSON but not a table of articles; the text says what they are instead."""


@dataclass(slots=True)
class Layout:
    """Where things lie in a foreign file.

    Attributes:
        ids: Ids of the articles, ascending, without doubles.
        offsets: For each, the byte where its key begins.
        lengths: For each, the bytes from there to the end of its object.
        tables: Names of the other tables, with offset and length of their values.
        has_articles: Whether there is a table of articles, be it empty.
        outdone: Id, offset and length of the articles whose ids stand in it again further on.
    """

    ids: array[int] = field(default_factory=lambda: array("q"))
    offsets: array[int] = field(default_factory=lambda: array("q"))
    lengths: array[int] = field(default_factory=lambda: array("q"))
    tables: dict[str, tuple[int, int]] = field(default_factory=dict)
    has_articles: bool = False
    outdone: list[tuple[int, int, int]] = field(default_factory=list)

    def find(self, article_id: int) -> tuple[int, int] | None:
        """Offset and length of an article, or None."""
        place = bisect_left(self.ids, article_id)
        if place == len(self.ids) or self.ids[place] != article_id:
            return None
        return self.offsets[place], self.lengths[place]


def survey(read: ReadAt) -> Layout:
    """Walk a whole JSON file and note where its articles lie.

    Args:
        read: Gives the file's bytes.  Memory stays within a few blocks plus the largest value.

    Returns:
        The spans; an empty layout for a file of white space.

    Raises:
        MalformedError: It is not JSON in UTF-8.
        WrongShapeError: It is JSON, but its top level is not an object, or the articles are not
            objects under whole numbers.
    """
    cursor = Cursor(read)
    first = cursor.peek()
    layout = Layout()
    if not first:
        return layout
    if first != b"{":
        _, raw = cursor.value(alone=True)
        kind = _kind(_parse(raw, cursor.start))
        expect_end(cursor)
        raise WrongShapeError(f"its top level is {kind}, not an object of tables")
    try:
        _survey_tables(cursor, layout)
        expect_end(cursor)
    except MalformedError as error:
        error.in_object = True
        raise
    return layout


def place_in_text(read: ReadAt, offset: int) -> tuple[int, int]:
    """Line and column (in characters) of a byte, both counted from 1."""
    line, line_start, position = 1, 0, 0
    while position < offset:
        block = read(position, min(_BLOCK, offset - position))
        if not block:
            break
        line += block.count(b"\n")
        newline = block.rfind(b"\n")
        if newline >= 0:
            line_start = position + newline + 1
        position += len(block)
    text = read(line_start, offset - line_start)
    return line, len(text.decode("utf-8", "replace").removeprefix("\ufeff")) + 1


def printable(text: str) -> str:
    """Foreign text as it can be shown in a message: 40 characters, none of them a control."""
    return "".join(character if character.isprintable() else "?" for character in text[:40])


def _survey_tables(cursor: Cursor, layout: Layout) -> None:
    for key, _ in members(cursor):
        name = str(_parse(key, cursor.start))
        if name == "articles" and cursor.peek() == b"{":
            _survey_articles(cursor, layout)
            continue
        _, raw = cursor.value()
        value = _parse(raw, cursor.start)
        if name == "articles":
            raise WrongShapeError(f"its articles are {_kind(value)}, not an object")
        layout.tables[name] = (cursor.start, len(raw))


def _survey_articles(cursor: Cursor, layout: Layout) -> None:
    if layout.has_articles:  # as for a JSON parser, the last of several tables counts
        layout.outdone += zip(layout.ids, layout.offsets, layout.lengths, strict=True)
    layout.has_articles = True
    ids, offsets, lengths = array("q"), array("q"), array("q")
    for key, start in members(cursor):
        match = _ID.fullmatch(key)
        if match is None or abs(number := int(match[1])) > MAX_ID:
            shown = printable(key[:40].decode("utf-8", "replace"))
            raise WrongShapeError(f"its articles have a key that is no document id: {shown}")
        number = int(match[1])
        _, raw = cursor.value()
        value = _parse(raw, cursor.start)
        if not isinstance(value, dict):
            raise WrongShapeError(f"its article {number} is {_kind(value)}, not an object")
        ids.append(number)
        offsets.append(start)
        lengths.append(cursor.start + len(raw) - start)
    if any(ids[n] >= ids[n + 1] for n in range(len(ids) - 1)):
        # As for a JSON parser, the last of several equal keys counts.
        last = {number: n for n, number in enumerate(ids)}
        layout.outdone += (
            (number, offsets[n], lengths[n]) for n, number in enumerate(ids) if last[number] != n
        )
        order = [last[number] for number in sorted(last)]
        ids, offsets, lengths = (
            array("q", (column[n] for n in order)) for column in (ids, offsets, lengths)
        )
    layout.ids, layout.offsets, layout.lengths = ids, offsets, lengths


class Cursor:
    """A place in the file that moves forward over JSON values, a block in memory at a time."""

    def __init__(self, read: ReadAt, base: int = 0) -> None:
        """Begin at byte `base`; what is read is asked for once, and in order."""
        self._read = read
        self._buffer = b""
        self._base = base  # offset in the file of the buffer's first byte
        self._mark = 0  # what lies before this index in the buffer may be dropped
        self._position = 0
        self._more()
        if not base and self._buffer.startswith(_BOM):
            self._position = self._mark = len(_BOM)

    @property
    def offset(self) -> int:
        """Byte in the file that comes next."""
        return self._base + self._position

    @property
    def start(self) -> int:
        """Byte in the file where the last value began."""
        return self._base + self._mark

    def peek(self) -> bytes:
        """The next byte that is not white space, without taking it; b"" at the end."""
        while True:
            match = _SPACE.match(self._buffer, self._position)
            self._position = match.end() if match else self._position
            if self._position < len(self._buffer):
                return self._buffer[self._position : self._position + 1]
            self._mark = self._position
            if not self._more():
                return b""

    def take(self, expected: bytes, what: str) -> bytes:
        """Take the next byte if it is one of `expected`, else say that `what` was expected."""
        found = self.peek()
        if not found:
            raise MalformedError(f"{what} expected", self.offset, truncated=True)
        if found not in expected:
            raise MalformedError(f"{what} expected", self.offset)
        self._position += 1
        return found

    def value(self, *, alone: bool = False) -> tuple[int, bytes]:
        """Take one value: its offset and its bytes, bracketed rightly but not yet parsed.

        Only a value that is `alone`, not inside an object, may end with the file.
        """
        first = self.peek()
        self._mark = self._position
        if not first:
            raise MalformedError("a value expected", self.offset, truncated=True)
        if first in b'{["':
            self._skip_bracketed()
        else:
            self._skip_scalar(alone)
        raw = self._buffer[self._mark : self._position]
        if not raw:
            raise MalformedError("a value expected", self.offset)
        return self.start, raw

    def value_up_to(self, most: int) -> bytes | None:
        """Take one value if it has no more than `most` bytes or so; else None, and it is next."""
        if self.peek() not in (b"{", b"[", b'"'):
            return self.value()[1]
        self._mark = self._position
        if not self._skip_bracketed(most):
            self._position = self._mark
            return None
        return self._buffer[self._mark : self._position]

    def several(self, most: int) -> bytes:
        """Take what comes next of a list or an object: all that ends within `most` bytes or so.

        Returns:
            Elements, or members, with the commas between them, bracketed rightly but not yet
            parsed, so that a comma or the closing bracket is next; b"" if not one ends there.
        """
        self.peek()
        self._mark = self._position
        while len(self._buffer) - self._mark < most and self._more():
            pass
        limit = self._mark + most
        end = bare = self._mark  # what is bare has neither strings nor brackets in it
        depth = 0
        for token in _TOKEN.finditer(self._buffer, self._mark, limit):
            if depth == 0:
                end = max(end, self._buffer.rfind(b",", bare, token.start()))
            byte = self._buffer[token.start()]
            if byte == _QUOTE:
                if token.end() - token.start() == 1:
                    break
            elif byte in _OPENING:
                depth += 1
            elif depth:
                depth -= 1
            else:
                end = token.start()
                break
            bare = token.end()
        else:
            if depth == 0:
                end = max(end, self._buffer.rfind(b",", bare, limit))
        self._position = end
        return self._buffer[self._mark : end]

    def back(self) -> None:
        """Have what was taken last come next again."""
        self._position = self._mark

    def skip(self) -> None:
        """Pass over one value without holding it."""
        if self.peek() not in (b"{", b"[", b'"'):
            self.value()
            return
        self._mark = self._position
        self._skip_bracketed(held=False)

    def leave(self) -> None:
        """Pass over all that is left of a list or an object, its end included."""
        self._mark = self._position
        self._skip_bracketed(held=False, depth=1)

    def _skip_bracketed(
        self, most: int | None = None, *, held: bool = True, depth: int = 0
    ) -> bool:
        """Go to the end of a value; False where that is further than `most` bytes."""
        scanned = self._position
        while True:
            for token in _TOKEN.finditer(self._buffer, scanned):
                byte = self._buffer[token.start()]
                if byte == _QUOTE:
                    if token.end() - token.start() == 1:
                        scanned = token.start()
                        break
                elif byte in _OPENING:
                    depth += 1
                else:
                    depth -= 1
                if depth == 0:
                    self._position = token.end()
                    return most is None or self._position - self._mark <= most
            else:
                scanned = len(self._buffer)
            if not held:
                self._mark = scanned
            elif most is not None and scanned - self._mark > most:
                return False
            scanned -= self._mark
            if not self._more():
                end = self._base + len(self._buffer)
                raise MalformedError("it ends in the middle", end, truncated=True)

    def _skip_scalar(self, alone: bool) -> None:
        while True:
            match = _SCALAR.match(self._buffer, self._position)
            end = match.end() if match else self._position
            if end < len(self._buffer):
                self._position = end
                return
            if not self._more():
                if not alone:
                    raise MalformedError("it ends in the middle", self._base + end, truncated=True)
                self._position = end
                return

    def _more(self) -> bool:
        """Fetch the next block, at least as long as what is kept, so that growth stays linear."""
        kept = self._buffer[self._mark :]
        block = self._read(self._base + len(self._buffer), max(_BLOCK, len(kept)))
        if not block:
            return False
        self._buffer = kept + block
        self._base += self._mark
        self._position -= self._mark
        self._mark = 0
        return True


def members(cursor: Cursor) -> Iterator[tuple[bytes, int]]:
    """Keys of the object that comes next, raw, with their offsets.

    The consumer takes each member's value before it asks for the next member.

    Raises:
        MalformedError: it is no object, or ends in the middle.
    """
    for _ in parts(cursor, b"{"):
        yield take_key(cursor)


def elements(cursor: Cursor) -> Iterator[None]:
    """A turn for each value of the list that comes next; the consumer takes the value in it.

    Raises:
        MalformedError: it is no list, or ends in the middle.
    """
    return parts(cursor, b"[")


def parts(cursor: Cursor, opening: bytes) -> Iterator[None]:
    """A turn for each value of the list, or each member of the object, that comes next.

    The consumer takes it, or several (`Cursor.several`), in its turn.

    Raises:
        MalformedError: it does not begin with `opening`, or ends in the middle.
    """
    what, closing = ("a list", b"]") if opening == b"[" else ("an object", b"}")
    cursor.take(opening, what)
    end = f"the end of the {what.split()[1]}"
    if cursor.peek() == closing:
        cursor.take(closing, end)
        return
    while True:
        yield
        if cursor.take(b"," + closing, f"a comma or {end}") == closing:
            return


def take_key(cursor: Cursor) -> tuple[bytes, int]:
    """Take the key of a member, raw, and the colon; also gives its offset.

    Raises:
        MalformedError: there is none.
    """
    if cursor.peek() not in (b'"', b""):
        raise MalformedError("a key in double quotes expected", cursor.offset)
    start, key = cursor.value()
    _parse(key, start)
    cursor.take(b":", "a colon")
    return key, start


def expect_end(cursor: Cursor) -> None:
    """Raise a `MalformedError` where anything but white space follows."""
    if cursor.peek():
        raise MalformedError("more text after the end of the JSON value", cursor.offset)


def _parse(raw: bytes, start: int) -> object:
    """The value of `raw`, which begins at byte `start`."""
    try:
        return loads(raw)
    except json.JSONDecodeError as error:
        offset = start + len(raw.decode("utf-8")[: error.pos].encode("utf-8"))
        raise MalformedError(error.msg, offset) from None
    except UnicodeDecodeError as error:
        raise MalformedError("it is not UTF-8", start + error.start) from None
    except ValueError as error:
        raise MalformedError(str(error), start) from None


def _kind(value: object) -> str:
    """What a JSON value is, in words, with the article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object"
