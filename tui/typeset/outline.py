"""Going about in an article by its parts: headings, paragraphs, links."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from heapq import nlargest
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import unquote

from rich.cells import cell_len

from tui.typeset.document import Document
from tui.typeset.model import HEADINGS, Block, Kind, Line
from tui.typeset.text import one_space
from tui.typeset.viewport import Place

_HEADING_LINE = r"(?:[ \t>]|(?:[-+*]|\d{1,9}[.)])[ \t])*(?:#{1,6}(?:[ \t]|$)|(?:=+|-+)[ \t]*$)"
#: Lines that may make a heading, the first of a block and those after it; only blocks with one are
#: parsed when headings are looked for.
_FIRST_LINE = re.compile(_HEADING_LINE, re.MULTILINE)
_LATER_LINE = re.compile("\n" + _HEADING_LINE, re.MULTILINE)
#: Blocks without a heading after which whoever looks for one may do something else.
_PAUSE = 64
#: What a place that was given a name has before it, an attribute in HTML or behind a heading; and
#: what comes after it.
_NAMED = re.compile(r"\b(?:id|name)\s*=\s*[\"']?|\{#")
_AFTER_NAME = re.compile(r"[\"'\s>}]")
#: Words of a name that a block is looked through for, the longest, before it is parsed.
_FEW_WORDS = 8
#: Digits of the number behind the name of a heading.
_DIGITS = 6
#: What every link of the text has: brackets, an address, or a picture.
_LINKISH = re.compile(r"[\[<]|://")


class Link(NamedTuple):
    """A link in the text.

    Attributes:
        block: The block it is in.
        start: Its first character in the block's plain text.
        end: One past its last.
        url: Where it leads.
    """

    block: int
    start: int
    end: int
    url: str


class Heading(NamedTuple):
    """A heading of the text.

    Attributes:
        level: 1 to 6.
        text: What it says, on one line.
        place: Where it begins.
    """

    level: int
    text: str
    place: Place


def headings(document: Document) -> Iterator[Heading | None]:
    """All headings in the order of the text; None now and then where there are none for long."""
    for block in _perhaps_headings(document, document.first, 1):
        if block is None:
            yield None
            continue
        for part in document.block(block).paragraphs:
            if part.kind is Kind.HEADING:
                text = one_space(part.text.replace("\n", " ")).strip()
                place = Place(block, part.offset)
                yield Heading(HEADINGS.index(part.role) + 1, text, place)


def next_heading(document: Document, place: Place) -> Place | None:
    """The first heading after `place`."""
    for block in _blocks_with_headings(document, place.block, 1):
        for offset in _headings(document.block(block)):
            if (block, offset) > place:
                return Place(block, offset)
    return None


def previous_heading(document: Document, place: Place) -> Place | None:
    """The last heading before `place`."""
    for block in _blocks_with_headings(document, place.block, -1):
        for offset in reversed(_headings(document.block(block))):
            if (block, offset) < place:
                return Place(block, offset)
    return None


def named_places(document: Document, name: str) -> Iterator[Place | None]:
    """Where the fragment of an address leads: a place of that name, or else a heading.

    A heading is named as the usual converters do it: by its letters and digits in lower case,
    with words parted by hyphens, and a number behind it where an earlier heading has the name.

    Args:
        document: The article.
        name: The fragment, without "#"; "" is the beginning.

    Yields:
        The place, once; before it, None now and then where it is not found for long.
    """
    name = unquote(name)
    if not name:
        yield Place(0, 0)
        return
    text = document.text
    for count, given in enumerate(_NAMED.finditer(text) if name in text else ()):
        end = given.end()
        if text.startswith(name, end) and _AFTER_NAME.match(text, end + len(name)):
            yield Place(document.at(given.start()), 0)
            return
        if not count % _PAUSE:
            yield None
    plain, _, number = name.rpartition("-")
    counted = number.isdecimal() and len(number) <= _DIGITS
    for wanted, skip in ((name, 0), (plain, int(number) if counted else -1)):
        for place in _headings_named(document, wanted) if skip >= 0 else ():
            if place is None or not skip:
                yield place
                if place is not None:
                    return
            else:
                skip -= 1


def _headings_named(document: Document, name: str) -> Iterator[Place | None]:
    """The headings of that name, with None now and then."""
    wanted = _name(name)
    words = nlargest(_FEW_WORDS, set(re.findall(r"\w+", name.casefold())), key=len)
    if not wanted:
        return
    for block in _perhaps_headings(document, document.first, 1):
        if block is None:
            yield None
            continue
        source = document.text[slice(*document.extent(block))].casefold()
        # What a heading says is hardly longer than its source: an image is named as such.
        if len(wanted) > 2 * len(source) or not all(word in source for word in words):
            continue
        for part in document.block(block).paragraphs:
            if part.kind is Kind.HEADING and _name(part.text) == wanted:
                yield Place(block, part.offset)


def _name(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def next_paragraph(document: Document, place: Place) -> Place | None:
    """The beginning of the first paragraph after `place`."""
    for block in _from(document, place.block):
        for offset in _paragraphs(document.block(block)):
            if (block, offset) > place:
                return Place(block, offset)
    return None


def previous_paragraph(document: Document, place: Place) -> Place | None:
    """The last beginning of a paragraph before `place`: of its own, when it is inside one."""
    for block in range(place.block, -1, -1):
        for offset in reversed(_paragraphs(document.block(block))):
            if (block, offset) < place:
                return Place(block, offset)
    return None


def links_after(document: Document, place: Place) -> Iterator[Link | None]:
    """The links that begin after `place`; None after each block that has none."""
    for block in _from(document, place.block):
        found = [link for link in _links_in(document, block) if (block, link.start) > place]
        yield from found or (None,)


def links_before(document: Document, place: Place) -> Iterator[Link | None]:
    """The links that begin before `place`, the last first; None after each block without one."""
    for block in range(place.block, -1, -1):
        found = [link for link in _links_in(document, block) if (block, link.start) < place]
        yield from reversed(found) if found else (None,)


def links(document: Document, number: int) -> list[Link]:
    """The links of a block, in order; one that changes style inside is one link."""
    return [Link(number, *link) for link in document.block(number).links()]


class Seen(NamedTuple):
    """A link as it is on screen.

    Attributes:
        link: The link.
        column: Cells from the left edge of the measure to its first character on the line.
        cells: How many cells of the line show it.
    """

    link: Link
    column: int
    cells: int


def links_on(document: Document, number: int, line: Line) -> list[Seen]:
    """The links that a line shows, or a part of them, from left to right.

    Args:
        document: The article.
        number: The block that `line` is of.
        line: The line.
    """
    paragraph = line.paragraph
    if paragraph is None or not paragraph.spans or not line.pieces:
        return []
    block = block_shown(document, number, line)
    left = sum(cell_len(text) for text, _ in line.prefix)
    found: list[Seen] = []
    there = document.block(block).links()
    first_seen = paragraph.offset + min(piece.start for piece in line.pieces)
    end_seen = paragraph.offset + max(piece.end for piece in line.pieces)
    for index in range(bisect_right(there, first_seen, key=itemgetter(1)), len(there)):
        link = Link(block, *there[index])
        if link.start >= end_seen:
            break
        start, end = link.start - paragraph.offset, link.end - paragraph.offset
        for piece in line.pieces:
            first, last = max(start, piece.start), min(end, piece.end)
            if first < last:
                before = paragraph.text[piece.start : first]
                column = left + piece.column + cell_len(before)
                found.append(Seen(link, column, cell_len(paragraph.text[first:last])))
    return sorted(found, key=lambda seen: seen.column)


def link_at(document: Document, number: int, line: Line, column: int) -> Link | None:
    """The link under a cell; `column` is counted from the left edge of the measure."""
    for seen in links_on(document, number, line):
        if seen.column <= column < seen.column + seen.cells:
            return seen.link
    return None


def block_shown(document: Document, number: int, line: Line) -> int:
    """The block whose text a line of block `number` shows: another one for a footnote in place."""
    return document.last + line.note - 1 if line.note else number


def _blocks_with_headings(document: Document, block: int, step: int) -> Iterator[int]:
    """Blocks of the text that may have headings, from `block` on."""
    return (number for number in _perhaps_headings(document, block, step) if number is not None)


def _perhaps_headings(document: Document, block: int, step: int) -> Iterator[int | None]:
    """The same, with None now and then where there are none for long."""
    if step > 0:
        numbers = _from(document, max(block, document.first))
    else:
        numbers = iter(range(block, document.first - 1, -1))
    for count, number in enumerate(numbers):
        if document.is_note(number):
            if step > 0:
                return
        elif _may_have_headings(document, number):
            yield number
        if not count % _PAUSE:
            yield None


def _may_have_headings(document: Document, number: int) -> bool:
    extent = document.extent(number)
    first = _FIRST_LINE.match(document.text, *extent)
    return (first or _LATER_LINE.search(document.text, *extent)) is not None


def _from(document: Document, block: int) -> Iterator[int]:
    """The blocks from `block` to the last."""
    while document.has(block):
        yield block
        block += 1


def _links_in(document: Document, block: int) -> list[Link]:
    """The links of a block; one that can have none is not parsed."""
    if block >= document.first and not _LINKISH.search(document.text, *document.extent(block)):
        return []
    return links(document, block)


def _headings(block: Block) -> list[int]:
    return [part.offset for part in block.paragraphs if part.kind is Kind.HEADING]


def _paragraphs(block: Block) -> list[int]:
    return [part.offset for part in block.paragraphs if part.text]
