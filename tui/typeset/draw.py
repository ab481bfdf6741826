"""Drawing a line: Rich segments, made only for lines that are on screen."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from rich.cells import cell_len
from rich.segment import Segment

from tui.typeset.clusters import clusters
from tui.typeset.highlight import colour
from tui.typeset.model import Kind, Line, Paragraph, Piece, Role, Sign, Span
from tui.typeset.styles import StyleSheet

MATCH, CURRENT_MATCH, FOCUS = 1, 2, 3
#: Passages that are marked, in four colours; what is being selected, and the cursor in it.
HIGHLIGHTS = (4, 5, 6, 7)
SELECTED, CURSOR = 8, 9

#: A part of a block's plain text to light up: start, end, and one of the constants above.
Lit = tuple[int, int, int]


def draw(line: Line, sheet: StyleSheet, lit: Sequence[Lit] = ()) -> list[Segment]:
    """The segments of `line`, without space around it.

    Args:
        line: A line that `layout` made.
        sheet: The styles.
        lit: What is lit up of the block's plain text; of two that overlap the later shows.
    """
    segments = [Segment(text, sheet.role(role)) for text, role in line.prefix]
    if line.fill:
        segments.append(Segment(line.fill, sheet.role(Role.RULE)))
    column = 0
    paragraph = line.paragraph
    if paragraph is not None:
        if paragraph.kind is Kind.CODE and paragraph.language and not paragraph.coloured:
            colour(paragraph)
        place = -1  # where the last piece ended in the text
        for part in _in_order(line):
            if part.column > column:
                # Where a line is stretched, the space is as the space was before it.
                inside = isinstance(part, Piece) and part.start == place
                style = segments[-1].style if inside else sheet.role(Role.TEXT)
                segments.append(Segment(" " * (part.column - column), style))
                column = part.column
            if isinstance(part, Piece):
                drawn, place = _piece(paragraph, part, sheet, lit), part.end
            else:  # a hyphen is lit with the word it parts
                light = _light_through(lit, place + paragraph.offset)
                drawn = [Segment(part.text, sheet.style(part.role, lit=light))]
            segments += drawn
            column += sum(cell_len(segment.text) for segment in drawn)
    if line.pad > column:
        segments.append(Segment(" " * (line.pad - column), sheet.role(Role.CODE_BLOCK)))
    return segments


def _in_order(line: Line) -> Sequence[Piece | Sign]:
    """Pieces and signs from left to right."""
    if not line.signs:
        return line.pieces
    return sorted([*line.pieces, *line.signs], key=lambda part: part.column)


def _piece(
    paragraph: Paragraph, piece: Piece, sheet: StyleSheet, lit: Sequence[Lit]
) -> list[Segment]:
    """The segments of one piece: its text cut where styles change."""
    start, end, offset = piece.start, piece.end, paragraph.offset
    text = paragraph.text
    spans = paragraph.spans
    if spans:  # they ascend: of a long text only those of the line are looked at
        first = max(0, bisect_right(spans, start, key=_start) - 1)
        spans = [
            span for span in spans[first : bisect_left(spans, end, key=_start)] if span.end > start
        ]
    whole = _whole_places(text, start, end) if not text.isascii() else None
    lights = [
        (_before(whole, a - offset), b - offset, kind)
        for a, b, kind in lit
        if a < end + offset and b > start + offset
    ]
    if not spans and not lights:
        return [Segment(_shown(text[start:end]), sheet.style(piece.role))] if start < end else []
    cuts = {start, end}
    for a, b in (*((span.start, span.end) for span in spans), *((a, b) for a, b, _ in lights)):
        cuts |= {max(start, a), min(end, b)}
    segments = []
    places = sorted({_after(whole, cut) for cut in cuts})
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


def _light_through(lit: Sequence[Lit], place: int) -> int:
    """What lights up both the character before a place of the block's text and that after it."""
    return next((kind for a, b, kind in reversed(lit) if a < place < b), 0)


def _start(span: Span) -> int:
    return span.start


def _whole_places(text: str, start: int, end: int) -> list[int]:
    """The places of a piece that are not inside a character as it is seen (a grapheme cluster)."""
    return [start, *(start + last for _, last, _ in clusters(text[start:end]))]


def _before(places: list[int] | None, place: int) -> int:
    """The last of `places` up to `place`, if there is one."""
    if places is None or place <= places[0]:
        return place
    return places[bisect_right(places, place) - 1]


def _after(places: list[int] | None, place: int) -> int:
    """The first of `places` from `place` on, if there is one."""
    if places is None or place >= places[-1]:
        return place
    return places[bisect_left(places, place)]


def _shown(text: str) -> str:
    """Text as it is sent: a break that has no width is not."""
    return text.replace("\u200b", "") if "\u200b" in text else text
