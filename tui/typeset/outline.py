"""Going about in an article by its parts: headings, paragraphs, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len

from tui.typeset.document import Document
from tui.typeset.model import LINK, Block, Kind, Line, Paragraph
from tui.typeset.viewport import Place

#: Lines that may make a heading; only blocks with one are parsed when headings are looked for.
_HEADING = re.compile(
    r"^(?:[ \t>]|(?:[-+*]|\d{1,9}[.)])[ \t])*(?:#{1,6}(?:[ \t]|$)|(?:=+|-+)[ \t]*$)", re.MULTILINE
)


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


def next_link(document: Document, place: Place) -> Link | None:
    """The first link that begins after `place`."""
    for block in _from(document, place.block):
        for link in links(document, block):
            if (block, link.start) > place:
                return link
    return None


def previous_link(document: Document, place: Place) -> Link | None:
    """The last link that begins before `place`."""
    for block in range(place.block, -1, -1):
        for link in reversed(links(document, block)):
            if (block, link.start) < place:
                return link
    return None


def links(document: Document, number: int) -> list[Link]:
    """The links of a block, in order; one that changes style inside is one link."""
    found: list[Link] = []
    for paragraph in document.block(number).paragraphs:
        for span in paragraph.spans:
            if not span.marks & LINK or not span.link:
                continue
            start, end = paragraph.offset + span.start, paragraph.offset + span.end
            if found and found[-1].end == start and found[-1].url == span.link:
                found[-1] = found[-1]._replace(end=end)
            else:
                found.append(Link(number, start, end, span.link))
    return found


def link_at(document: Document, number: int, line: Line, column: int) -> Link | None:
    """The link under a cell.

    Args:
        document: The article.
        number: The block that `line` is of.
        line: The line.
        column: Cells from the left edge of the measure.
    """
    paragraph = line.paragraph
    if paragraph is None:
        return None
    column -= sum(cell_len(text) for text, _ in line.prefix)
    for piece in line.pieces:
        left = column - piece.column
        text = paragraph.text[piece.start : piece.end]
        if 0 <= left < cell_len(text):
            offset = piece.start + _characters(text, left)
            if line.aside:  # of a footnote shown in the text, whose block is another
                return _aside_link(paragraph, number, offset)
            offset += paragraph.offset
            for link in links(document, number):
                if link.start <= offset < link.end:
                    return link
    return None


def _aside_link(paragraph: Paragraph, number: int, offset: int) -> Link | None:
    """The link at a character of a paragraph that is shown in block `number` but is not of it."""
    for span in paragraph.spans:
        if span.marks & LINK and span.link and span.start <= offset < span.end:
            return Link(number, span.start, span.end, span.link)
    return None


def _characters(text: str, cells: int) -> int:
    """How many characters of `text` are before the one that covers cell `cells`."""
    if text.isascii():
        return cells
    for count in range(1, len(text) + 1):
        if cell_len(text[:count]) > cells:
            return count - 1
    return len(text)


def _blocks_with_headings(document: Document, block: int, step: int) -> Iterator[int]:
    """Blocks of the text that may have headings, from `block` on."""
    if step > 0:
        numbers = _from(document, max(block, document.first))
    else:
        numbers = iter(range(block, document.first - 1, -1))
    for number in numbers:
        if document.is_note(number):
            if step > 0:
                return
        elif _HEADING.search(document.text, *document.extent(number)):
            yield number


def _from(document: Document, block: int) -> Iterator[int]:
    """The blocks from `block` to the last."""
    while document.has(block):
        yield block
        block += 1


def _headings(block: Block) -> list[int]:
    return [part.offset for part in block.paragraphs if part.kind is Kind.HEADING]


def _paragraphs(block: Block) -> list[int]:
    return [part.offset for part in block.paragraphs if part.text]
