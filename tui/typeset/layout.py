"""Laying out a block: its paragraphs become lines for one measure."""

from __future__ import annotations

from rich.cells import cell_len

from tui.typeset.model import Block, Kind, Line, Paragraph, Piece, Prefix, Role
from tui.typeset.table import lay_out_table
from tui.typeset.wrap import cut, wrap

#: Text beside decoration keeps at least this many cells; deeper nesting is indented no further.
LEAST_MEASURE = 16
#: Lines under the headings that divide an article: level 1 heavy, level 2 light.
_UNDERLINE = {Role.HEADING_1: "━", Role.HEADING_2: "─"}
_CODE_MARGIN = ("  ", Role.CODE_BLOCK)
_CODE_CONTINUES = ("↪ ", Role.CODE_BLOCK)


def lay_out(block: Block, width: int) -> list[Line]:
    """The lines of `block` in a measure of `width` cells, the blank lines above it included.

    A pure function: the same block and width give the same lines.  No line is wider than the
    measure, and none of the text is left out.
    """
    lines: list[Line] = []
    for paragraph in block.paragraphs:
        rest, indent = _narrowed(paragraph.rest, width)
        first, _ = _narrowed(paragraph.first, width)
        gap, _ = _narrowed(paragraph.gap, width)
        lines += [Line(None, gap)] * paragraph.above
        measure = width - indent
        if paragraph.kind is Kind.TEXT:
            lines += _text(paragraph, first, rest, measure)
        elif paragraph.kind is Kind.HEADING:
            lines += _text(paragraph, first, rest, measure)
            if underline := _UNDERLINE.get(paragraph.role):
                lines.append(Line(None, rest, fill=underline * measure))
        elif paragraph.kind is Kind.CODE:
            lines += _code(paragraph, first, rest, measure)
        elif paragraph.kind is Kind.TABLE:
            lines += lay_out_table(paragraph, first, rest, measure)
        elif paragraph.kind is Kind.RULE:
            lines.append(Line(None, first, fill="─" * measure))
        else:
            short = max(3, measure // 6)
            lines.append(Line(None, first, fill=" " * ((measure - short) // 2) + "─" * short))
    return lines


def _text(paragraph: Paragraph, first: Prefix, rest: Prefix, measure: int) -> list[Line]:
    role = paragraph.role
    return [
        Line(paragraph, rest if index else first, (Piece(0, start, end, role),))
        for index, (start, end) in enumerate(wrap(paragraph.text, measure))
    ]


def _code(paragraph: Paragraph, first: Prefix, rest: Prefix, measure: int) -> list[Line]:
    """Code keeps its lines and spaces; a line too long goes on behind an arrow."""
    lines: list[Line] = []
    width = measure - len(_CODE_MARGIN[0])
    start = 0
    for row in paragraph.text.split("\n"):
        end = start + len(row)
        for index, (a, b) in enumerate(cut(paragraph.text, start, end, width)):
            prefix = (*(rest if lines else first), _CODE_CONTINUES if index else _CODE_MARGIN)
            piece = Piece(0, a, b, Role.CODE_BLOCK)
            lines.append(Line(paragraph, prefix, (piece,), pad=width))
        start = end + 1
    return lines


def _narrowed(prefix: Prefix, width: int) -> tuple[Prefix, int]:
    """The decoration that leaves room for text, from the inside out, and its cells."""
    room = max(0, width - LEAST_MEASURE)
    kept: list[tuple[str, Role]] = []
    for text, role in reversed(prefix):
        cells = cell_len(text)
        if cells > room:
            break
        room -= cells
        kept.insert(0, (text, role))
    return tuple(kept), sum(cell_len(text) for text, _ in kept)
