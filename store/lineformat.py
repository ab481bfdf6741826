r"""The form of the library file, one article a line, as functions over an open file.

    {"articles": {\n            header: any line that ends so (other tables may stand before it)
    "1":{...}\n                 the first record has no comma
    ,"2":{...}\n                every later record: comma, id in quotes, colon, one object
    }}\n                        footer

Ids ascend.  Line ends cannot occur inside a JSON string, so a line is a record or damage.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from store.jsontext import dumps, loads
from store.numbers import MAX_ID as MAX_ID

FORMAT = 1
HEADER = b'{"articles": {\n'
FOOTER = b"}}\n"
_HEADER_END = b'"articles": {\n'
_BLOCK = 1 << 20
_PROBE = 1 << 14  # bytes read at once to find a line: two articles of common size

# In any arrangement (`parse_record`), and as we write it.
_RECORD = re.compile(rb',?"(-?[0-9]{1,19})"[ \t\r\n]*:[ \t\r\n]*(?=\{)')
_LINE = re.compile(rb'(,?)"(0|-?[1-9][0-9]{0,18})":(?=\{)')
_FOOTER_REMAINS = (b"", b"}", b"}}")
_BLANK = b"\0 \t\r\n"


class Record(NamedTuple):
    """One article in the file.

    Attributes:
        id: Its TinyDB document id.
        offset: Byte in the file where its record begins.
        length: Bytes of the record: comma, id and object, without the line end.
        raw: The object, as JSON.
    """

    id: int
    offset: int
    length: int
    raw: bytes


class Sorted(NamedTuple):
    """The lines of a damaged stretch, told apart.

    Attributes:
        records: Offset and length of the whole records that can stay, ids ascending.
        damage: Offset and length of everything else.
    """

    records: list[tuple[int, int]]
    damage: list[tuple[int, int]]


def header_for(tables: Mapping[str, Any]) -> bytes:
    """The header line of a file that has `tables` besides its articles."""
    members = [dumps(name) + b": " + dumps(table) for name, table in tables.items()]
    return b"{" + b", ".join([*members, _HEADER_END])


def tables_in(header: bytes) -> dict[str, Any]:
    """The other tables of a header line.

    Raises:
        ValueError: It is not the beginning of a file of ours.
    """
    tables = loads(header + FOOTER)
    if not isinstance(tables, dict) or tables.pop("articles", None) != {}:
        raise ValueError("not a header line")
    return tables


def newer_format(tables: Mapping[str, Any]) -> int:
    """The format of a library file that names one this version does not know; 0 for all others.

    A file names it in its first table, `"broadsheet": {"1": {"format": 2}}`.  Ours is the first
    and has no name: any TinyDB file with articles is of it.
    """
    named = tables.get("broadsheet")
    mark = named.get("1") if isinstance(named, dict) else None
    version = mark.get("format") if isinstance(mark, dict) else None
    return version if isinstance(version, int) and version > FORMAT else 0


def read_header(descriptor: int) -> bytes | None:
    """The file's header line with its line end, or None if the file does not begin with one."""
    start = os.pread(descriptor, len(HEADER), 0)
    if start == HEADER:
        return HEADER
    if not start.startswith(b"{"):
        return None
    position, newline, before = 0, -1, b""
    while newline < 0:
        block = os.pread(descriptor, _BLOCK, position)
        if not block:
            return None
        newline = block.find(b"\n")
        if newline < 0:
            before = block[-len(_HEADER_END) :]
        position += len(block)
    if not (before + block[: newline + 1]).endswith(_HEADER_END):
        return None  # seen before the line is held in memory: stock TinyDB's is the whole file
    header = os.pread(descriptor, position - len(block) + newline + 1, 0)
    try:
        tables_in(header)
    except ValueError:
        return None
    return header


def record_line(article_id: int, raw: bytes, *, first: bool) -> bytes:
    """The line of one record, with its line end.

    Raises:
        ValueError: `raw` is not an object on one line, or the id has more than 64 bits.
    """
    if not -MAX_ID <= article_id <= MAX_ID:
        raise ValueError(f"id {article_id} is too large")
    if raw[:1] != b"{" or raw[-1:] != b"}" or b"\n" in raw:
        raise ValueError(f"document {article_id} is not a JSON object on one line")
    return b'%s"%d":%s\n' % (b"" if first else b",", article_id, raw)


def parse_record(raw: bytes) -> tuple[int, dict[str, Any]]:
    """Id and document of a record in any arrangement.

    Raises:
        ValueError: It is not a record.
    """
    number, text = split_record(raw)
    document = loads(text)
    if not isinstance(document, dict):
        raise ValueError("not a record")  # noqa: TRY004  one error for all that is none
    return number, document


def split_record(raw: bytes) -> tuple[int, bytes]:
    """Id and object, as JSON, of a record in any arrangement; the object is not looked at.

    Raises:
        ValueError: It is not a record.
    """
    match = _RECORD.match(raw)
    if match is None:
        raise ValueError("not a record")
    return int(match[1]), raw[match.end() :]


def lines(descriptor: int, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
    """Offset and text, without its end, of each whole line in bytes `start` to `stop`.

    Raises:
        ValueError: The file ends before `stop`.
    """
    rest = b""
    position = start
    while position + len(rest) < stop:
        at = position + len(rest)
        # At least as much as is kept, so that one very long line is not copied too often.
        block = os.pread(descriptor, min(max(_BLOCK, len(rest)), stop - at), at)
        if not block:
            raise ValueError(f"the file ends at byte {at}")
        *whole, rest = (rest + block).split(b"\n")
        for line in whole:
            yield position, line
            position += len(line) + 1


def records(descriptor: int, start: int, stop: int, *, first: bool) -> Iterator[Record]:
    """The records in bytes `start` to `stop`, in our form.

    Args:
        descriptor: The open file.
        start: Where a line begins.
        stop: Where to stop.
        first: Whether no record comes before `start`.

    Raises:
        ValueError: A line is not a record, or has a comma too much or too few.  Stopping there
            would lose, in a rewrite, the rest.
    """
    for offset, line in lines(descriptor, start, stop):
        if line.startswith(b",") == first:
            raise ValueError(f"the line at byte {offset} has a wrong comma")
        first = False
        yield _record_in(line, offset)


def foreign_record(descriptor: int, article_id: int, offset: int, length: int) -> Record:
    """The record that a survey found in these bytes, in any arrangement.

    Raises:
        ValueError: It is not there any more.
    """
    raw = os.pread(descriptor, length, offset)
    match = _RECORD.match(raw)
    if match is None or int(match[1]) != article_id or len(raw) != length:
        raise ValueError(f"article {article_id} is not at byte {offset} any more")
    return Record(article_id, offset, length, raw[match.end() :])


def good_end(descriptor: int, start: int, stop: int, *, first: bool) -> int:
    """Offset after the last line of an unbroken run of good records.

    Args:
        descriptor: The open file.
        start: Where the run begins: the beginning of a line.
        stop: Where to stop at the latest.
        first: Whether no record comes before `start`.
    """
    last = None
    end = start
    for offset, line in lines(descriptor, start, stop):
        match = _matched(line)
        if match is None or (match[1] == b"") != first:
            break
        number = int(match[2])
        if (last is not None and number <= last) or not _is_object(line[match.end() :]):
            break
        last, first = number, False
        end = offset + len(line) + 1
    return end


def sort_lines(descriptor: int, start: int, stop: int, *, after: int | None) -> Sorted:
    """Tell whole records from damage, from the first broken line to the end of the file.

    Remains of a footer are neither, nor are zeros that a file system left for unwritten data.

    Args:
        descriptor: The open file.
        start: Where the first broken line begins.
        stop: End of the file.
        after: Id of the last good record before; a record is kept only if its id is higher.
    """
    kept: list[tuple[int, int]] = []
    damage: list[tuple[int, int]] = []
    end = start
    for offset, line in lines(descriptor, start, stop):
        end = offset + len(line) + 1
        if record := _kept_in(line, offset, after):
            after = record.id
            kept.append((offset, len(line)))
        elif line.strip(_BLANK) not in _FOOTER_REMAINS:
            damage.append((offset, len(line) + 1))
    if end < stop and os.pread(descriptor, stop - end, end).strip(_BLANK) not in _FOOTER_REMAINS:
        damage.append((end, stop - end))
    return Sorted(kept, damage)


def kept_records(descriptor: int, start: int, stop: int, *, after: int | None) -> Iterator[Record]:
    """The records in bytes `start` to `stop` that `sort_lines` would keep; arguments as there."""
    for offset, line in lines(descriptor, start, stop):
        if record := _kept_in(line, offset, after):
            after = record.id
            yield record


def record_at(descriptor: int, offset: int, length: int) -> Record:
    """The record in these bytes, in our form.

    Raises:
        ValueError: There is none.
    """
    return _record_in(os.pread(descriptor, length, offset), offset)


def last_line(descriptor: int, first: int, end: int) -> Record | None:
    """The last record between bytes `first` and `end`; None when there is none.

    Raises:
        ValueError: The line before `end` is not a record, or has a comma too much or too few.
    """
    if end <= first:
        return None
    size = _PROBE
    while True:
        start = max(first, end - size)
        block = os.pread(descriptor, end - start, start)
        newline = block.rfind(b"\n", 0, len(block) - 1)
        if newline >= 0 or start == first:
            offset, line = start + newline + 1, block[newline + 1 : -1]
            if line.startswith(b",") == (offset == first):
                raise ValueError(f"the line at byte {offset} has a wrong comma")
            return _record_in(line, offset)
        size *= 4


def find_line(descriptor: int, first: int, end: int, article_id: int) -> Record | None:
    """The record with an id, by bisection over the bytes; None when there is none.

    Raises:
        ValueError: A line on the way is not a record.
    """
    low, high = first, end  # the record begins in [low, high); both are beginnings of lines
    while low < high:
        middle = (low + high) // 2
        offset, line = _line_from(descriptor, low, middle, high)
        record = _record_in(line, offset)
        if record.id == article_id:
            return record
        if record.id < article_id:
            low = offset + len(line) + 1
        else:
            high = offset
    return None


def _line_from(descriptor: int, low: int, middle: int, high: int) -> tuple[int, bytes]:
    """The line that holds byte `middle`, where lines begin at `low` and `high`."""
    size = _PROBE
    while True:
        start, stop = max(low, middle - size // 2), min(high, middle + size // 2)
        block = os.pread(descriptor, stop - start, start)
        before = block.rfind(b"\n", 0, middle - start)
        after = block.find(b"\n", middle - start)
        if (before >= 0 or start == low) and after >= 0:
            return start + before + 1, block[before + 1 : after]
        if start == low and stop == high:
            raise ValueError("the file has changed")
        size *= 4


def _matched(line: bytes) -> re.Match[bytes] | None:
    """How a record of ours begins; None of a line that does not, or whose id has over 64 bits."""
    match = _LINE.match(line)
    return match if match and abs(int(match[2])) <= MAX_ID else None


def _record_in(line: bytes, offset: int) -> Record:
    match = _matched(line)
    if match is None:
        raise ValueError(f"the line at byte {offset} is not a record")
    return Record(int(match[2]), offset, len(line), line[match.end() :])


def _kept_in(line: bytes, offset: int, after: int | None) -> Record | None:
    """The record of a line in a damaged stretch, if it can stay after one with the id `after`."""
    match = _matched(line)
    if match is None or (after is not None and int(match[2]) <= after):
        return None
    raw = line[match.end() :]
    return Record(int(match[2]), offset, len(line), raw) if _is_object(raw) else None


def _is_object(raw: bytes) -> bool:
    try:
        return isinstance(loads(raw), dict)
    except ValueError:
        return False
