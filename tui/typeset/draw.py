"""Drawing a line: Rich segments, made only for lines that are on screen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from unicodedata import combining

from rich.cells import cell_len
from rich.segment import Segment

from tui.typeset.highlight import colour
from tui.typeset.model import Kind, Line, Paragraph, Piece, Role
from tui.typeset.styles import StyleSheet

MATCH, CURRENT_MATCH, FOCUS = 1, 2, 3

#: A part of a block's plain text to light up: start, end, and one of the constants above.
Lit = tuple[int, int, int]


def draw(line: Line, sheet: StyleSheet, lit: Sequence[Lit] = ()) -> list[Segment]:
    """The segments of `line`, without space around it.

    Args:
        line: A line that `layout` made.
        sheet: The styles.
        lit: Matches in the block's plain text, ascending; of two that overlap the later shows.
    """
    segments = [Segment(text, sheet.role(role)) for text, role in line.prefix]
    if line.fill:
        segments.append(Segment(line.fill, sheet.role(Role.RULE)))
    column = 0
    paragraph = line.paragraph
    if paragraph is not None:
        if paragraph.kind is Kind.CODE and paragraph.language and not paragraph.coloured:
            colour(paragraph)
        for piece in line.pieces:
            if piece.column > column:
                segments.append(Segment(" " * (piece.column - column), sheet.role(Role.TEXT)))
                column = piece.column
            for segment in _piece(paragraph, piece, sheet, lit):
                segments.append(segment)
                column += cell_len(segment.text)
    if line.pad > column:
        segments.append(Segment(" " * (line.pad - column), sheet.role(Role.CODE_BLOCK)))
    return segments


def _piece(
    paragraph: Paragraph, piece: Piece, sheet: StyleSheet, lit: Sequence[Lit]
) -> list[Segment]:
    """The segments of one piece: its text cut where styles change."""
    start, end, offset = piece.start, piece.end, paragraph.offset
    text = paragraph.text
    spans = [span for span in paragraph.spans if span.start < end and span.end > start]
    lights = [
        (a - offset, b - offset, kind)
        for a, b, kind in lit
        if a < end + offset and b > start + offset
    ]
    if not spans and not lights:
        return [Segment(_shown(text[start:end]), sheet.style(piece.role))] if start < end else []
    cuts = {start, end}
    for a, b in (*((span.start, span.end) for span in spans), *((a, b) for a, b, _ in lights)):
        cuts |= {max(start, a), min(end, b)}
    segments = []
    places = sorted(cuts if text.isascii() else {_whole(text, cut) for cut in cuts})
    for first, last in pairwise(places):
        marks, link, light = 0, "", 0
        for span in spans:
            if span.start <= first < span.end:
                marks, link = span.marks, span.link
        for a, b, kind in lights:
            if a <= first < b:
                light = kind
        segments.append(
            Segment(_shown(text[first:last]), sheet.style(piece.role, marks, link, light))
        )
    return segments


def _whole(text: str, place: int) -> int:
    """The first place from `place` on that is not inside a character with its marks."""
    while 0 < place < len(text) and (
        text[place] in "\u200d\ufe0f" or text[place - 1] == "\u200d" or combining(text[place])
    ):
        place += 1
    return place


def _shown(text: str) -> str:
    """Text as it is sent: a break that has no width is not."""
    return text.replace("\u200b", "") if "\u200b" in text else text
