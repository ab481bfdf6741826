r"""Tables of a reading file with a document a line, of which those that are asked for are parsed.

    {"states":{\n              the first such table
    "1":{...}\n                its first document has no comma
    ,"2":{...}\n               every later one: comma, number in quotes, colon, one object
    },"feeds":{\n              the next; an empty one has no lines
    },"highlights":{\n
    },"views":{...},...}       the other tables, on the last line

Numbers ascend, so that one is found by bisection, and a change is written by copying what lies
around it.  A file of another arrangement, as stock TinyDB writes it, is read as a whole and gets
this form with the next write.  Of a hundred thousand states a mark thus takes some milliseconds in
the place of a third of a second, in most of which nothing else in the process could run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping
from itertools import islice
from typing import Any, Final

from store.jsontext import dumps, loads
from store.numbers import MAX_ID, id_of

#: The tables that have lines, in their order: those that grow with the library, and whose documents
#: are changed one by one.
LINED: Final = ("states", "feeds", "highlights")

#: Where the lines of tables lie: first byte of the first, and that after the last.
Spans = dict[str, tuple[int, int]]

_LINE: Final = re.compile(rb',?"(-?[0-9]{1,19})":(?=\{)')
_LATER_LINES: Final = re.compile(rb'\n,"-?[0-9]{1,19}":(?=\{)')

#: Bytes parsed at once: half a millisecond in which no other thread runs.
_PART: Final = 1 << 16

#: Documents written at once, likewise.
_BATCH: Final = 500

#: Documents that are parsed, or written, in the time in which one is found.
_WORTH: Final = 16


class LineTable(MutableMapping[str, dict[str, Any]]):
    """Documents by key, as a dict of them would be; not safe for threads.

    A document that was given out may be changed in place.
    """

    def __init__(self, raw: bytes, start: int, end: int) -> None:
        """Stand for the lines in bytes `start` to `end` of `raw`, which were found sound."""
        self._raw = raw
        self._start, self._end = self.span = start, end
        sample = min(end - start, _PART)
        lines = raw.count(b"\n", start, start + sample) * (end - start) // max(1, sample)
        self._few = lines // _WORTH  # that it is worth while to look for one by one
        self._taken: dict[str, dict[str, Any] | None] = {}  # given out or changed; None: not there
        self._all: dict[str, dict[str, Any]] | None = None  # the others, where they were parsed

    def __getitem__(self, key: str) -> dict[str, Any]:
        if key not in self._taken:
            if self._all is None and len(self._taken) < self._few:
                self._taken[key] = self._read(key)
            else:
                self._taken[key] = self._others().pop(key, None)
        document = self._taken[key]
        if document is None:
            raise KeyError(key)
        return document

    def __setitem__(self, key: str, document: dict[str, Any]) -> None:
        self._taken[key] = document
        if self._all is not None:
            self._all.pop(key, None)

    def __delitem__(self, key: str) -> None:
        if self._taken.get(key) is None:
            self[key]
        self._taken[key] = None

    def __iter__(self) -> Iterator[str]:
        taken = [key for key, document in self._taken.items() if document is not None]
        return iter([*self._others(), *taken])

    def __len__(self) -> int:
        return len(self._others()) + sum(each is not None for each in self._taken.values())

    def lines(self) -> Iterator[bytes]:
        """The lines as they are to be written now, in parts.

        Raises:
            ValueError: a key is no number, so that it has no place among the lines.
        """
        if len(self._taken) > self._few:
            taken = {key: each for key, each in self._taken.items() if each is not None}
            return lines_of({**self._others(), **taken})
        places = {
            key: self._place(key)
            for key, document in self._taken.items()
            if document is not None or id_of(key) is not None
        }
        return self._spliced(sorted(places, key=int), places)

    def _spliced(self, keys: list[str], places: Mapping[str, tuple[int, int]]) -> Iterator[bytes]:
        begun = False
        copied = self._start
        for key in [*keys, None]:
            offset, length = places[key] if key is not None else (self._end, 0)
            for first in range(copied, offset, _PART):
                part = self._raw[first : min(first + _PART, offset)]
                if first == copied:
                    part = _joined(part, begun=begun)
                begun = True
                yield part
            copied = offset + length
            if key is not None and (document := self._taken[key]) is not None:
                yield _joined(b'"%s":%s\n' % (key.encode(), dumps(document)), begun=begun)
                begun = True

    def _read(self, key: str) -> dict[str, Any] | None:
        offset, length = self._place(key) if id_of(key) is not None else (0, 0)
        if not length:
            return None
        line = self._raw[offset : offset + length].removeprefix(b",")
        document: dict[str, Any] = loads(b"{%s}" % line)[key]
        return document

    def _place(self, key: str) -> tuple[int, int]:
        """Where the line of a document lies, or would, and its length; 0 where there is none."""
        wanted = id_of(key)
        if wanted is None:
            raise ValueError(f"{key[:40]} is no number")
        low, high = self._start, self._end  # both are beginnings of lines
        while low < high:
            middle = (low + high) // 2
            begin = self._raw.rfind(b"\n", low, middle) + 1 or low
            end = self._raw.index(b"\n", middle) + 1
            match = _LINE.match(self._raw, begin)
            assert match is not None
            number = int(match[1])
            if number == wanted:
                return begin, end - begin
            if number < wanted:
                low = end
            else:
                high = begin
        return low, 0

    def _others(self) -> dict[str, dict[str, Any]]:
        """All that were not taken."""
        if self._all is None:
            self._all = {}
            for some in _parts(self._raw, self._start, self._end):
                for each in some:
                    self._all.update(each)
            for key in self._taken:
                self._all.pop(key, None)
        return self._all


def split(raw: bytes, known: Spans | None = None) -> dict[str, Any] | None:
    """The tables of a reading file, if it is in our form.

    Args:
        raw: The whole file.
        known: Where the lines of each table lie, if every document was looked at before.
    """
    spans = known or _spans(raw)
    end = max((stop for _, stop in spans.values()), default=0)
    rest = raw[end + 1 :]
    if not spans or raw[end : end + 1] != b"}" or rest[:1] not in (b",", b"}"):
        return None
    try:
        others = loads(b"{" + rest.removeprefix(b","))
        if (rest[:1] == b",") != bool(others):
            return None
        if not (known or all(_is_sound(raw, *span) for span in spans.values())):
            return None
    except ValueError:
        return None
    return {**{name: LineTable(raw, *span) for name, span in spans.items()}, **others}


def _spans(raw: bytes) -> Spans:
    """Where the lines of each table lie, if they are lines; looked for in all of the file."""
    found: list[tuple[str, int, int]] = []  # name, where it is opened, where its lines begin
    for name in LINED:
        opening = _opening(name, first=not found)
        # No string has a line end in it, and a line that is sound no other: it is that of a table.
        at = raw.find(b"\n" + opening, found[-1][2] - 1) + 1 if found else 0
        if raw.startswith(opening, at):
            found.append((name, at, at + len(opening)))
    ends = [*(at for _, at, _ in found[1:]), raw.rfind(b"\n") + 1]
    return {name: (start, stop) for (name, _, start), stop in zip(found, ends, strict=False)}


def spans_of(tables: Mapping[str, Any]) -> Spans:
    """Where the lines of tables lie in the file that they were read from."""
    return {name: each.span for name, each in tables.items() if isinstance(each, LineTable)}


def joined(tables: Mapping[str, Mapping[str, Any]], spans: Spans) -> Iterator[bytes]:
    """The contents of a reading file that has those tables, in parts.

    Args:
        tables: The tables.
        spans: Is told where the lines of each table lie.

    Raises:
        ValueError: a document is nested too deeply to be written.
    """
    others = {name: table for name, table in tables.items() if name not in LINED}
    place = 0
    for name in LINED:
        table = tables.get(name, {})
        try:
            lines = table.lines() if isinstance(table, LineTable) else lines_of(table)
        except ValueError:  # a key that somebody wrote, and that is no number
            others[name] = dict(table)
            continue
        yield (opening := _opening(name, first=not place))
        start = place = place + len(opening)
        for part in lines:
            place += len(part)
            yield part
        spans[name] = start, place
    rest = dumps(others)
    yield b"}" + b"," * (rest != b"{}") + rest[1:] if place else rest


def _opening(name: str, *, first: bool) -> bytes:
    return (b'{"%s":{\n' if first else b'},"%s":{\n') % name.encode()


def lines_of(table: Mapping[str, dict[str, Any]]) -> Iterator[bytes]:
    """Documents as lines, in parts.

    Raises:
        ValueError: a key is no number.
    """
    numbers = {key: id_of(key) for key in table}
    if wrong := [key for key, number in numbers.items() if number is None]:
        raise ValueError(f"{wrong[0][:40]} is no number")
    return _written(table, sorted(table, key=int))


def _written(table: Mapping[str, dict[str, Any]], keys: list[str]) -> Iterator[bytes]:
    begun = False
    left = iter(keys)
    while some := list(islice(left, _BATCH)):
        yield _joined(_together({key: table[key] for key in some}), begun=begun)
        begun = True


def _together(some: Mapping[str, dict[str, Any]]) -> bytes:
    """Documents as lines, the first without a comma."""
    raw = dumps([{key: document} for key, document in some.items()])
    if raw.count(b'}},{"') == len(some) - 1:  # no string of JSON has that in it
        return raw[2:-2].replace(b'}},{"', b'}\n,"') + b"\n"
    lines = [b'"%s":%s\n' % (key.encode(), dumps(document)) for key, document in some.items()]
    return b",".join(lines)


def _joined(part: bytes, *, begun: bool) -> bytes:
    """Lines as they have to be when others come before them, or none."""
    part = part.removeprefix(b",")
    return b"," + part if begun else part


def _is_sound(raw: bytes, start: int, end: int) -> bool:
    """Whether each line is one document, numbers ascending.

    Raises:
        ValueError: one is no JSON.
    """
    last = -MAX_ID - 1
    for some in _parts(raw, start, end):
        for each in some:
            if not isinstance(each, dict) or len(each) != 1:
                return False
            ((key, document),) = each.items()
            number = id_of(key)
            if number is None or number <= last or not isinstance(document, dict):
                return False
            last = number
    return True


def _parts(raw: bytes, start: int, end: int) -> Iterator[list[Any]]:
    """The lines between two bytes, each as an object of one member, some at a time.

    Raises:
        ValueError: one is no JSON, or not as a line has to be.
    """
    begin = start
    while begin < end:
        stop = raw.find(b"\n", min(begin + _PART, end - 1)) + 1
        part = raw[begin : stop - 1]
        if part.startswith(b",") == (begin == start):
            raise ValueError("a wrong comma")
        # No string of JSON has a line end in it: each begins a line.
        lines = part.removeprefix(b",").replace(b"\n,", b"},{")
        found = loads(b"[{" + lines + b"}]")
        later = len(_LATER_LINES.findall(part))
        if not (_LINE.match(part) and later == part.count(b"\n") and len(found) == later + 1):
            raise ValueError("something else than lines of one document each")
        yield found
        begin = stop
