"""Dividing blocks that are too long to be set at once into parts that are set one by one.

A paragraph of a whole book, a table of thousands of rows, a log of megabytes in a fence: each is
one block of Markdown.  A part is parsed with what it needs of the rest (the opening of a fence, the
head of a table, the number of a list's first item) and looks as it would in the whole, but that a
paragraph begins a new line where it was divided, and that the syntax of code is read anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.typeset.clusters import clusters
from tui.typeset.excess import is_too_deep
from tui.typeset.model import Kind, Paragraph, Prefix, Role

if TYPE_CHECKING:
    from markdown_it.token import Token

#: Blocks up to this many characters are left whole; parts have about so many: of plain text, and
#: of text with so many marks that parsing it is slow.
LONGEST = 12_000
_PLAIN, _MARKED = 20_000, 2_000
#: Lines of code, rows of a table in a part, at most.
_LINES, _ROWS = 400, 60
_ROW_CHARACTERS = 8_000
#: What cannot be divided and has more characters than this is shown as its source: parsing it would
#: be felt, and in the worst case (definitions without a blank line) take seconds.
_HARDEST = 60_000
#: Characters after a place where a quote cannot be cut until another is looked at closely.
_LOOK_AGAIN = 500
#: Rows of a table whose cells are measured to make its columns.
_MEASURED_ROWS = 20_000
#: A mark in this many characters, on average, makes text slow to parse.
_MARK_RATE = 40
#: Places that are tried for one where no mark is open.
_TRIES = 24

_FENCE = re.compile(r" {0,3}(`{3,}+|~{3,}+)[^\n]*+\n")
_TABLE = re.compile(r"(?=[^\n|]*+\|)[^\n]*+\n {0,3}(?=[|: \t]*+-)[-|: \t]++(?:\n|\Z)")
#: Lines of code that are indented, blank ones among them.
_INDENTED = re.compile(r"(?:(?: {4}| {0,3}\t)[^\n]*(?:\n|\Z)|[ \t]*\n)++")
_BLANK = re.compile(r"[ \t]*(?:\n|\Z)")
#: A term with its definition; and blank lines, which may stand before another.
_TERM = re.compile(r"[^\s:~][^\n]*\n(?:[ \t]*\n)?[ \t]{0,3}[:~][ \t]")
_BLANKS = re.compile(r"\n(?:[ \t]*+\n)++")
#: Nothing but footnotes, in their plainest form, and where another begins.
ONLY_NOTES = re.compile(
    r"(?:\[\^[^\] \n]{1,999}+\]:[^\n]*+(?:\n(?:[ \t]*+(?=\n)| {4}[^\n]*+|\t[^\n]*+))*+(?:\n|\Z))++"
)
_NEXT_NOTE = re.compile(r"\n(?=\[\^)")
_ITEM = re.compile(r"( {0,3})(?:([-+*])|(\d{1,9})([.)]))(?=[ \t])")
_QUOTE = re.compile(r" {0,3}>")
#: Nothing but headings, each on a line of its own or underlined.
_HEADINGS = re.compile(
    r"(?:(?: {0,3}#{1,6}(?:[ \t][^\n]*)?|[^\W\d_][^\n|:]*\n {0,3}(?:=+|-+)[ \t]*)(?:\n|\Z))++"
)
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|\n|\Z)")
#: Between two paragraphs of a quote; or in one, where a sentence ends with its line, or any line.
_QUOTE_PLACE = re.compile(
    r"(?P<gap>\n {0,3}>[ \t]*(?=\n {0,3}> ?[^\W\d_]))"
    r"|(?P<sentence>[.!?…。][\"\'”’)]*(?=\n(?: {0,3}> ?)?[^\W\d_]))"
    r"|(?=\n(?: {0,3}> ?)?[^\W\d_])"
)
_LINES_OF_TEXT = re.compile(r"(?:\n[^\W\d_][^\n]*)*+")
#: What a line of running text in a quote begins with.
_QUOTED_TEXT = re.compile(r"((?: {0,3}> ?)++)[^\W\d_]")
#: What begins something else than running text, or makes a heading or a table of it.
_INTERRUPTS = re.compile(
    r"(?:\A|\n)(?: {4}|\t| {0,3}(?:#|>|```|~~~|[-+*](?:[ \t]|\n)|\d{1,9}[.)](?:[ \t]|\n)|<"
    r"|[:~][ \t]|\$\$|\\\[|[-=|: \t]+(?:\n|\Z)))"
)
#: A sentence's end, at which text is divided best; where there is none, a space.
_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*\s+|[。！？]+[」』”）]*\s*")
_SPACE = re.compile(r"\s+")
_MARK = re.compile(r"[\[\]<&*_!`\\]")
#: A link in a cell, whose address may have brackets in pairs; and what marks text.
_LINK = re.compile(r"!?\[([^\[\]]*+)\]\((?:[^()]++|\([^()]*+\))*+\)|[*_`]+")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a block needs of the rest.

    Attributes:
        first: Whether it begins the block.
        before: Source that is put before it to be parsed.
        after: Source that is put after it.
        head: Whether `before` is the head of a table, which is not shown again.
        number: Number of the first item of a list; None for other blocks.
        digits: Digits of the highest number in that list.
        air: Blank lines above it, if it does not begin the block.
        literal: Whether it is shown as its source: it is nested too deep to be parsed.
        widths: Of a table: for each column the cells of its widest word, and of its widest cell.
    """

    first: bool = True
    before: str = ""
    after: str = ""
    head: bool = False
    number: int | None = None
    digits: int = 1
    air: int = 0
    literal: bool = False
    widths: tuple[tuple[int, int], ...] = ()

    @property
    def is_alone(self) -> bool:
        """Whether it is parsed as it stands."""
        return not (self.before or self.after) and self.number is None

    def patch(self, tokens: list[Token]) -> None:
        """Number the items as they are in the whole list."""
        if self.number is not None and tokens and tokens[0].type == "ordered_list_open":
            tokens[0].attrs["start"] = self.number
            tokens[0].meta["digits"] = self.digits

    def finish(self, paragraphs: list[Paragraph]) -> None:
        """Make what was built of a part look as it does in the whole."""
        for paragraph in paragraphs:
            if paragraph.grid is not None and self.widths:
                paragraph.grid.widths = self.widths
        if self.first or not paragraphs:
            return
        beginning = paragraphs[0]
        beginning.above = self.air
        if beginning.first and beginning.first[0][1] is Role.BAR:
            beginning.gap = _trimmed(beginning.first[:1])
        if self.head and beginning.kind is Kind.TABLE:
            _without_head(beginning)


def divide(text: str, start: int, end: int) -> Iterator[tuple[int, int, Part]]:
    """The parts of the block from `start` to `end`; nothing when it is to be left whole."""
    if end - start <= LONGEST:
        return
    fenced = _FENCE.match(text, start, end) is not None  # and so parsed in no time
    whole = True
    for begin, stop, part in _divided(text, start, end):
        whole = False
        if stop - begin > _HARDEST and not (part.literal or fenced):
            yield from _literal(text, begin, stop, first=part.first, air=part.air)
        else:
            yield begin, stop, part
    if whole and end - start > _HARDEST:
        yield from _literal(text, start, end)


def _divided(text: str, start: int, end: int) -> Iterator[tuple[int, int, Part]]:
    if is_too_deep(text[start:end]):
        yield from _literal(text, start, end)
    elif fence := _FENCE.match(text, start, end):
        yield from _code(text, start, end, fence)
    elif _TABLE.match(text, start, end):
        yield from _table(text, start, end)
    elif item := _ITEM.match(text, start, end):
        yield from _list(text, start, end, item)
    elif _QUOTE.match(text, start, end):
        yield from _quote(text, start, end)
    elif _HEADINGS.fullmatch(text, start, end):
        yield from _headings(text, start, end)
    elif _INDENTED.fullmatch(text, start, end):
        yield from _indented(text, start, end)
    elif _TERM.match(text, start, end):
        yield from _definitions(text, start, end)
    elif ONLY_NOTES.fullmatch(text, start, end):
        yield from _notes(text, start, end)
    elif not _INTERRUPTS.search(text[start:end]):
        yield from _paragraph(text, start, end)


def _literal(
    text: str, start: int, end: int, *, first: bool = True, air: int = 0
) -> Iterator[tuple[int, int, Part]]:
    begin = start
    while begin < end:
        cut = _lines_on(text, begin, end, _ROWS, _ROW_CHARACTERS)
        whole = cut - begin <= 2 * _PLAIN
        if not whole:
            cut = _between_characters(text, begin + _PLAIN)
        beginning = begin == start
        yield begin, cut, Part(first and beginning, literal=True, air=air if beginning else 0)
        begin = cut + whole


def _indented(text: str, start: int, end: int) -> Iterator[tuple[int, int, Part]]:
    """Cut code before a line that is not blank; one that is too long goes on in the next part."""
    begin, before, first, air = start, "", True, 0
    while begin < end:
        cut = _lines_on(text, begin, end, _LINES, _PLAIN)
        if cut - begin > 2 * _PLAIN:
            cut = _between_characters(text, begin + _PLAIN)
            yield begin, cut, Part(first, before, air=air)
            begin, before, first, air = cut, "    ", False, 0
            continue
        following, blank = cut + 1, 0
        while following < end and (line := _BLANK.match(text, following, end)):
            following, blank = line.end(), blank + 1
        yield begin, cut, Part(first, before, air=air)
        begin, before, first, air = following, "", False, blank


def _definitions(text: str, start: int, end: int) -> Iterator[tuple[int, int, Part]]:
    """Cut before terms that a blank line stands before."""
    begin = start
    for place in _BLANKS.finditer(text, start, end):
        if place.start() - begin >= _MARKED and _TERM.match(text, place.end(), end):
            yield begin, place.start(), Part(begin == start, air=1)
            begin = place.end()
    if begin > start:
        yield begin, end, Part(first=False, air=1)


def _notes(text: str, start: int, end: int) -> Iterator[tuple[int, int, Part]]:
    """Cut between footnotes; what belongs to one stays together."""
    begin = start
    for place in _NEXT_NOTE.finditer(text, start, end):
        if place.start() - begin >= _MARKED:
            yield begin, place.start(), Part(begin == start)
            begin = place.end()
    if begin > start:
        yield begin, end, Part(first=False)


def _code(text: str, start: int, end: int, fence: re.Match[str]) -> Iterator[tuple[int, int, Part]]:
    closing = "\n" + fence[1]
    last = text.rfind("\n", start, end)
    stop = end
    if last > fence.end() and re.fullmatch(rf" {{0,3}}{fence[1][0]}{{{len(fence[1])},}}[ \t]*",
                                           text[last + 1 : end]):  # fmt: skip
        stop = last
    begin, first = fence.end(), True
    while begin < stop:
        cut = _lines_on(text, begin, stop, _LINES, _PLAIN)
        within = 0
        if cut - begin > 2 * _PLAIN:  # a line that is too long goes on in the next part
            within = _between_characters(text, begin + _PLAIN)
            # The next part must not begin with what closes the fence.
            before_marks = text[begin:within].rstrip(f" \t{fence[1][0]}")
            if before_marks:
                within = begin + len(before_marks) - 1
            elif fence[1][0] in text[begin:within]:
                within = 0
            cut = within if within > begin else cut
        before, place = ("", start) if first else (fence[0], begin)
        if cut >= stop:
            yield place, end, Part(first, before, closing if stop == end else "")
            return
        yield place, cut, Part(first, before, closing)
        begin, first = cut if cut == within else cut + 1, False


def _table(text: str, start: int, end: int) -> Iterator[tuple[int, int, Part]]:
    body = text.find("\n", text.find("\n", start) + 1, end)
    if body < 0:
        return
    head = text[start : body + 1]
    widths = _widths(text[start:end])
    begin, first = body + 1, True
    # The head is set again with each part: of a long one there are fewer parts.
    rows, characters = max(_ROWS, len(head) // 8), max(_ROW_CHARACTERS, len(head))
    while begin < end:
        cut = _lines_on(text, begin, end, rows, characters)
        part = Part(first, "" if first else head, "", head=not first, widths=widths)
        yield (start if first else begin), cut, part
        begin, first = cut + 1, False


def _headings(text: str, start: int, end: int) -> Iterator[tuple[int, int, Part]]:
    """Cut between headings; an underline stays with its text."""
    begin, place, count = start, start, 0
    while place < end:
        lines = 1 if _HEADING.match(text, place, end) else 2
        for _ in range(lines):
            place = text.find("\n", place, end) + 1 or end + 1
        count += 1
        if count == _ROWS or place > end:
            yield begin, min(place - 1, end), Part(begin == start, air=1)
            begin, count = place, 0
    if begin < end:
        yield begin, end, Part(begin == start, air=1)


def _list(text: str, start: int, end: int, item: re.Match[str]) -> Iterator[tuple[int, int, Part]]:
    """Cut before items; what is inside of one stays together."""
    kind = re.escape(item[2]) if item[2] else rf"\d{{1,9}}{re.escape(item[4])}"
    items = re.compile(rf"\n(?={item[1]}{kind}[ \t])")
    places = [match.start() for match in items.finditer(text, start, end)]
    number = int(item[3]) if item[3] else None
    digits = len(str((number or 0) + len(places)))
    begin, first, air, count = start, True, 0, 0
    since = 0
    for index, place in enumerate([*places, end]):
        if place < end and place - begin < _MARKED and index - since < _ROWS:
            continue
        own = None if number is None else number + count
        stop = place
        while stop > begin and text[stop - 1] in "\n \t":
            stop -= 1
        yield begin, stop, Part(first, number=own, digits=digits, air=air)
        air = 1 if text.count("\n", stop, place + 1) > 1 else 0
        begin, first, count, since = place + 1, False, index + 1, index


def _quote(text: str, start: int, end: int) -> Iterator[tuple[int, int, Part]]:
    """Cut between paragraphs of a quote, or in a long one after a sentence and its line, or a line.

    A line that only goes on with the paragraph of a quote gets the marks of that quote.
    """
    begin, first, air, before = start, True, 1, ""
    fences, counted, tried = 0, start, start
    for place in _QUOTE_PLACE.finditer(text, start, end):
        gap = place["gap"] is not None
        stop = place.start() if gap else place.end()
        least = _MARKED if gap else 4 * _MARKED if place["sentence"] is not None else 8 * _MARKED
        if stop - begin < least or stop - tried < _LOOK_AGAIN:
            continue
        if stop - begin > _HARDEST and not gap:
            continue  # up to the next gap it is shown as its source in any case
        marks = ""
        if not gap and text[stop + 1 : stop + 5].lstrip(" ")[:1] != ">":
            last = _last_quoted(text, begin, stop)
            quoted = _QUOTED_TEXT.match(text, last)
            marks = quoted[1] if quoted else before
            between = text.find("\n", last, stop)
            tried = stop
            if not marks or (between >= 0 and not _LINES_OF_TEXT.fullmatch(text, between, stop)):
                continue
        fences += text.count("```", counted, stop) + text.count("~~~", counted, stop)
        counted = stop
        if fences % 2:  # one is open
            continue
        yield begin, stop, Part(first, before, air=air)
        begin, first, air, before = place.end() + 1, False, 1 if gap else 0, marks
    yield begin, end, Part(first, before, air=air)


def _last_quoted(text: str, begin: int, stop: int) -> int:
    """Where the last line before `stop` begins that has the mark of a quote; or `begin`."""
    mark = text.rfind("\n>", begin, stop)
    return begin if mark < 0 else mark + 1


def _paragraph(text: str, start: int, end: int) -> Iterator[tuple[int, int, Part]]:
    begin, first = start, True
    while begin < end:
        size = _MARKED if _is_marked(text, begin, min(end, begin + _PLAIN)) else _PLAIN
        if end - begin <= size + size // 4:
            yield begin, end, Part(first)
            return
        stop, following = _place(text, begin, begin + size)
        yield begin, stop, Part(first)
        begin, first = following, False


def _is_marked(text: str, begin: int, end: int) -> bool:
    """Whether text has many marks; it is read no further than to the one that makes it many."""
    return any(count >= _PLAIN // _MARK_RATE for count, _ in
               enumerate(_MARK.finditer(text, begin, end)))  # fmt: skip


def _place(text: str, begin: int, limit: int) -> tuple[int, int]:
    """Where text from `begin` is divided before `limit`, and where it goes on."""
    half = begin + (limit - begin) // 2
    for pattern in (_SENTENCE, _SPACE):
        places = list(pattern.finditer(text, half, limit))
        for match in list(reversed(places))[:_TRIES]:
            stop = match.end() - (len(match[0]) - len(match[0].rstrip()))
            if not _is_open(text, begin, stop):
                return stop, match.end()
        if places and pattern is _SPACE:
            match = places[-1]
            return match.start(), match.end()
    cut = _between_characters(text, limit)
    return cut, cut


def _between_characters(text: str, limit: int) -> int:
    """A place at or shortly before `limit` between two characters as they are seen."""
    window = text[limit - 64 : limit]
    return limit - 64 + clusters(window)[-1][0]


def _is_open(text: str, begin: int, stop: int) -> bool:
    """Whether a link, code or emphasis seems to be open at `stop`."""
    bracket = text.rfind("[", begin, stop)
    if bracket >= 0:
        closed = text.find("]", bracket, stop)
        if closed < 0 or (text.startswith("](", closed) and text.find(")", closed, stop) < 0):
            return True
    return any(text.count(mark, begin, stop) % 2 for mark in "`*")


def _lines_on(text: str, begin: int, end: int, lines: int, characters: int) -> int:
    """The end of the line that many lines, or at least one and about so many characters, on."""
    place = begin - 1
    for _ in range(lines):
        following = text.find("\n", place + 1, end)
        if following < 0:
            return end
        place = following
        if place - begin >= characters:
            break
    return place


def _widths(source: str) -> tuple[tuple[int, int], ...]:
    """Cells of the widest word and the widest cell of each column, about."""
    head, _, rows = source.split("\n", 2)
    rows = rows[: max(0, _lines_on(rows, 0, len(rows), _MEASURED_ROWS, len(rows)))]
    least: list[int] = []
    wanted: list[int] = []
    for row in (head, *rows.split("\n")):
        if "[" in row or "*" in row or "`" in row:
            row = _LINK.sub(r"\1", row)
        cells = _CELL.split(row.strip().strip("|"))
        while len(least) < len(cells):
            least.append(1)
            wanted.append(0)
        for index, cell in enumerate(cells):
            cell = cell.strip()
            width = len(cell) if cell.isascii() else cell_len(cell)
            if width > wanted[index]:
                wanted[index] = width
            if width > least[index]:
                word = max(cell.split(), key=len, default="")
                least[index] = max(least[index], cell_len(word))
    return tuple(zip(least, wanted, strict=True))


def _without_head(paragraph: Paragraph) -> None:
    """Take the head out of a table's text; what it says is kept for records."""
    grid = paragraph.grid
    assert grid is not None
    header, *rows = grid.rows
    gone = rows[0][0][0] if rows else len(paragraph.text)
    grid.names = tuple(paragraph.text[a:b] for a, b in header)
    paragraph.text = paragraph.text[gone:]
    paragraph.spans = tuple(
        span._replace(start=span.start - gone, end=span.end - gone)
        for span in paragraph.spans
        if span.start >= gone
    )
    grid.rows = (
        tuple((0, 0) for _ in header),
        *(tuple((a - gone, b - gone) for a, b in row) for row in rows),
    )


def _trimmed(prefix: Prefix) -> Prefix:
    """Decoration of a blank line."""
    return tuple((text.rstrip(), role) for text, role in prefix)
