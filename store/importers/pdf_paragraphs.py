"""The lines of a PDF's columns to paragraphs, headings, lists, code and tables.

Type tells what blank lines cannot: sizes make headings, indents and gaps part paragraphs, and a
line that would have had room for the next word ends one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from store.importers.pdf_pages import Line, Span, is_fixed
from store.importers.pdf_worker import BOLD
from store.importers.text_joining import (
    Ending,
    Vocabulary,
    ending,
    is_one_paragraph,
    join,
    starts_lower,
)
from store.importers.text_tables import to_table

#: Larger type than the body's by this factor makes a heading; smaller, a note.
LARGER = 1.12
SMALLER = 0.93
#: A heading has no more characters and lines.
_LONGEST_HEADING = 160
_HEADING_LINES = 4
#: Lines of a paragraph, and characters of one that goes on in the next column, at most; joining
#: takes time that grows with the square of them.
_MOST_LINES = 400
_MOST_CHARACTERS = 50_000
#: Bold lines in the size of the body are a heading up to this length.
_LONGEST_BOLD = 90

_BULLET = re.compile(r"([•‣▪●◦∙■□○–*·\uf0b7\uf0a7-])\s+(?=\S)|([•‣▪●◦∙\uf0b7\uf0a7])(?=\S)")
#: Marks that begin an item and nothing else.
_BULLET_ONLY = re.compile(r"[•‣▪●◦∙■□\uf0b7\uf0a7]\s*\S")
_NUMBER = re.compile(r"(\d{1,3}|[a-zA-Z])([.)])\s+(?=\S)")
_NOTE = re.compile(r"(?:\[?\d{1,3}[\].)]?|[*†‡§¹²³⁴-⁹]+)\s*\S")


@dataclass(slots=True)
class Part:
    """One block of text.

    Attributes:
        kind: "paragraph", "heading", "item", "code", "table" or "note".
        text: All of it as one line; the lines of code and of tables.
        spans: Where it is bold or italic.
        size: Size of its type in points.
        style: The style that all of it has.
        marker: "-" or a number with its point, for an item.
        level: For a heading, 1 to 6 once `level_headings` has set it.
        lines: How many lines it was made of.
        full: Whether its last line had no room for another word.
        indented: Whether its first line was indented.
    """

    kind: str
    text: str
    spans: list[Span] = field(default_factory=list)
    size: float = 0.0
    style: int = 0
    marker: str = ""
    level: int = 0
    lines: int = 1
    page: int = 0
    top: float = 0.0
    left: float = 0.0
    full: bool = False
    indented: bool = False


class _Column:
    """What is usual in one column: its edges, its leading, and the room it leaves.

    `room` is the share of its width up to which a line that closes a sentence ends a paragraph,
    when neither an indent nor a gap says so: in a document that marks its paragraphs by one of
    them, only a line that is clearly short.
    """

    def __init__(self, lines: list[Line], body: float) -> None:
        self.room = 1.0
        usual = [line for line in lines if abs(line.size - body) < 0.6] or lines
        lefts = Counter(round(line.left) for line in usual)
        most = max(lefts.values())
        self.left = float(min(x for x, count in lefts.items() if count >= max(1, 0.25 * most)))
        rights = sorted(line.right for line in usual)
        self.right = rights[int(0.95 * (len(rights) - 1))]
        main = Counter(line.size for line in usual).most_common(1)[0][0]
        steps = [
            b.bottom - a.bottom
            for a, b in pairwise(lines)
            if a.size == b.size == main and 0 < b.bottom - a.bottom < 3 * a.size
        ]
        self.leading = median(steps) if steps else 1.3 * body
        if steps:
            # The lines of a paragraph stand closest; gaps between paragraphs are wider.
            low = sorted(steps)[len(steps) // 5]
            self.leading = min(self.leading, 1.15 * low)


def read_parts(
    columns: list[list[Line]], body: float, vocabulary: Vocabulary, headings: dict[str, int]
) -> list[Part]:
    """The blocks of a document in order, notes at the end.

    Args:
        columns: The columns of all pages in the order of reading.
        body: Size of the body's type in points.
        vocabulary: The words of the document.
        headings: Level by title (see `heading_key`) of those that the outline names.
    """
    parts: list[Part] = []
    notes: list[Part] = []
    room = _room(columns, body)
    for lines in columns:
        if not lines:
            continue
        text, below = _part_notes(lines, body)
        fresh = _parts_of(text, body, vocabulary, headings, room) if text else []
        if fresh and parts:
            _join_over_break(parts, fresh, vocabulary)
        parts += fresh
        if below:
            some = _parts_of(below, below[0].size, vocabulary, {}, room)
            for part in some:
                if part.kind == "heading":
                    part.kind = "paragraph"
            notes += some
    return [*parts, *notes]


def _room(columns: list[list[Line]], body: float) -> float:
    """`_Column.room` of a document, by how it marks its paragraphs."""
    lines = indents = gaps = 0
    for column_lines in columns:
        if len(column_lines) < 4:
            continue
        column = _Column(column_lines, body)
        for before, line in pairwise(column_lines):
            if abs(before.size - line.size) > 0.6 or abs(line.size - body) > 0.6:
                continue
            lines += 1
            indents += before.left < column.left + 0.6 * body < line.left
            gaps += line.bottom - before.bottom > 1.28 * column.leading
    if indents >= max(2, 0.03 * lines):
        return 0.7
    return 0.6 if gaps >= max(2, 0.03 * lines) else 1.0


def _part_notes(lines: list[Line], body: float) -> tuple[list[Line], list[Line]]:
    """Part the foot notes, in small type below the text, from a column."""
    start = len(lines)
    while start and lines[start - 1].size <= SMALLER * body:
        start -= 1
    if 0 < start < len(lines) and _NOTE.match(lines[start].text):
        return lines[:start], lines[start:]
    return lines, []


def heading_key(text: str) -> str:
    """What stays of a heading's text for comparing it: letters and digits."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _parts_of(
    lines: list[Line],
    body: float,
    vocabulary: Vocabulary,
    headings: dict[str, int],
    room: float,
) -> list[Part]:
    column = _Column(lines, body)
    column.room = room
    parts: list[Part] = []
    for group in _groups(lines, column, body):
        parts += _read_group(group, column, body, vocabulary, headings)
    return parts


def _groups(lines: list[Line], column: _Column, body: float) -> Iterator[list[Line]]:
    """Lines that belong together."""
    group: list[Line] = []
    for line in lines:
        if group and _begins(group, line, column, body):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _begins(group: list[Line], line: Line, column: _Column, body: float) -> bool:
    """Whether a line begins another block."""
    last = group[-1]
    first = group[0]
    if len(group) == _MOST_LINES:
        return True
    if is_fixed(last) != is_fixed(line) and min(len(last.text), len(line.text)) > 3:
        return True
    if is_fixed(line) and is_fixed(last):
        return line.bottom - last.bottom > 2.2 * max(column.leading, line.size)
    if (len(last.cells) > 1) != (len(line.cells) > 1) and (_row(group) or _is_row(line, column)):
        return True
    if _row(group) and len(line.cells) > 1:
        return False
    if abs(last.size - line.size) > 0.08 * max(last.size, line.size):
        return True
    large = last.size > LARGER * body
    gap = line.bottom - last.bottom
    leading = max(column.leading, 1.05 * line.size) if large else column.leading
    if gap > (1.45 if large else 1.28) * leading or gap < -line.size:
        return True
    if large:
        return False
    if (last.style ^ line.style) & BOLD and (len(first.text) < _LONGEST_BOLD):
        return True
    return _begins_paragraph(group, line, column)


def _begins_paragraph(group: list[Line], line: Line, column: _Column) -> bool:
    """Whether a line in the same type, at the usual distance, begins another paragraph."""
    last, first = group[-1], group[0]
    em = line.size
    bullet = _BULLET.match(line.text) or _NUMBER.match(line.text)
    item = _BULLET.match(first.text) or _NUMBER.match(first.text)
    if _BULLET_ONLY.match(line.text):
        return True
    if bullet and (item or ending(last.text) is Ending.CLOSED or last.text.endswith(":")):
        hangs = item and len(group) > 1 and line.left > first.left + 0.5 * em
        if not hangs and (
            abs(line.left - first.left) < 0.5 * em or not _is_full(last, line, column)
        ):
            return True
    if item:
        return line.left < first.left - 0.5 * em or (
            line.left < first.left + 0.3 * em
            and len(group) > 1
            and group[1].left > first.left + 0.5 * em
        )
    deeper = line.left - last.left
    if deeper > 0.6 * em and last.left <= column.left + 0.6 * em:
        return True  # an indent
    if len(group) > 1 and deeper < -0.6 * em:
        return True  # the end of a block that was set in
    if _is_full(last, line, column):
        return False
    state = ending(last.text)
    if state is Ending.CLOSED:
        short = last.right - column.left <= column.room * (column.right - column.left)
        return short and not starts_lower(line.text)
    return (
        state is Ending.OPEN
        and last.width < 0.5 * (column.right - column.left)
        and (not starts_lower(line.text))
    )


def _is_full(line: Line, following: Line, column: _Column) -> bool:
    """Whether the next line's first word had no room on this line."""
    word = following.text.split(" ", 1)[0]
    letter = following.width / max(1, len(following.text))
    return line.right + max((len(word) + 0.7) * letter, 0.6 * line.size) > column.right


def _row(group: list[Line]) -> bool:
    return len(group[-1].cells) > 1


def _is_row(line: Line, column: _Column) -> bool:
    return len(line.cells) > 1 and line.width > 0.3 * (column.right - column.left)


def _read_group(
    lines: list[Line],
    column: _Column,
    body: float,
    vocabulary: Vocabulary,
    headings: dict[str, int],
) -> list[Part]:
    first = lines[0]
    if len(first.cells) > 1 and len(lines) > 1:
        rows = to_table(["\t".join(line.cells) for line in lines])
        if rows:
            return [_plain("table", rows, lines)]
    if all(map(is_fixed, lines)) and (len(lines) > 1 or first.left > column.left + first.size):
        return [_plain("code", _code_lines(lines), lines)]
    part = _joined(lines, vocabulary)
    part.full = len(lines) > 1 and lines[-1].right > column.right - 2.0 * first.size
    part.indented = first.left > column.left + 0.6 * first.size
    named = headings.get(heading_key(part.text), 0)
    if _is_heading(part, body) or (named and len(lines) <= _HEADING_LINES):
        part.kind, part.level = "heading", named
        return [part]
    bullet = _BULLET.match(part.text)
    number = _NUMBER.match(part.text)
    if bullet or (number and number[1].isdigit()):
        match = bullet or number
        assert match is not None
        part.kind = "item"
        part.marker = "-" if bullet else f"{match[1]}{match[2]}"
        _cut_start(part, match.end())
    return [part]


def _plain(kind: str, text: list[str], lines: list[Line]) -> Part:
    return Part(kind, "\n".join(text), lines=len(lines), page=lines[0].page, top=lines[0].top)


def _code_lines(lines: list[Line]) -> list[str]:
    left = min(line.left for line in lines)
    shown = []
    before: Line | None = None
    for line in lines:
        letter = max(line.width / max(1, len(line.text)), line.size / 8)
        if before is not None and line.bottom - before.bottom > 1.7 * line.size:
            shown.append("")
        indent = min(40.0, (line.left - left) / letter)
        shown.append(" " * round(indent) + line.text)
        before = line
    return shown


def _joined(lines: list[Line], vocabulary: Vocabulary) -> Part:
    first = lines[0]
    part = Part(
        "paragraph", first.text, list(first.spans), first.size, first.style,
        page=first.page, top=first.top, left=first.left,
    )  # fmt: skip
    for line in lines[1:]:
        _append(part, line.text, line.spans, vocabulary)
        part.style &= line.style
    part.lines = len(lines)
    part.size = Counter({line.size: len(line.text) for line in lines}).most_common(1)[0][0]
    return part


def _append(part: Part, text: str, spans: list[Span], vocabulary: Vocabulary) -> None:
    """Put a line, or a paragraph, at the end of a block."""
    joined = join(part.text, text, vocabulary)
    shift = len(joined) - len(text.strip())
    lead = len(text) - len(text.lstrip())
    cut = [Span(a, min(b, shift), style) for a, b, style in part.spans]
    part.spans = cut + [Span(a + shift - lead, b + shift - lead, style) for a, b, style in spans]
    part.text = joined


def _cut_start(part: Part, length: int) -> None:
    part.text = part.text[length:]
    part.spans = [
        Span(max(0, a - length), b - length, style) for a, b, style in part.spans if b > length
    ]


def _is_heading(part: Part, body: float) -> bool:
    text = part.text
    if not any(map(str.isalpha, text)) or len(text) > _LONGEST_HEADING:
        return False
    if part.lines > _HEADING_LINES:
        return False
    if part.size > LARGER * body:
        return len(text) > 1
    bold = bool(part.style & BOLD) and part.size > SMALLER * body
    return bold and len(text) <= _LONGEST_BOLD and part.lines <= 2 and not text.endswith((",", ";"))


def _join_over_break(parts: list[Part], fresh: list[Part], vocabulary: Vocabulary) -> None:
    """Join a paragraph that goes on in the next column or on the next page."""
    before, after = parts[-1], fresh[0]
    if before.kind not in ("paragraph", "item") or after.kind != "paragraph":
        return
    if len(before.text) > _MOST_CHARACTERS:
        return
    if abs(before.size - after.size) > 0.6 or (before.style ^ after.style) & BOLD:
        return
    cut = is_one_paragraph(before.text, after.text)
    if not cut and len(before.text) > 60:
        state = ending(before.text)
        cut = state is Ending.OPEN or (before.full and not after.indented)
    if cut and (not after.indented or before.kind == "item" or starts_lower(after.text)):
        _append(before, after.text, after.spans, vocabulary)
        before.full = after.full
        before.lines += after.lines
        del fresh[0]


def level_headings(parts: list[Part], body: float) -> None:
    """Give each heading its level: by the outline where it says, else by the size of its type.

    The highest there is becomes 2, since 1 is the title's.
    """
    heads = [part for part in parts if part.kind == "heading"]
    named = min((part.level for part in heads if part.level), default=0)
    sizes = sorted({round(part.size) for part in heads if not part.level}, reverse=True)
    larger = [size for size in sizes if size > LARGER * body]
    for part in heads:
        if part.level:
            part.level = min(6, part.level - named + 2)
        else:
            size = round(part.size)
            place = larger.index(size) if size in larger else len(larger)
            part.level = min(6, 2 + place)
