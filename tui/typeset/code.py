"""Laying out code: its lines and spaces are kept; what is too long is wrapped, or cut with a mark.

Code that is cut is scrolled sideways: all lines of a block together, so that columns stay aligned.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tui.typeset.clusters import cut, units
from tui.typeset.model import Block, Kind, Line, Paragraph, Piece, Prefix, Role, Sign
from tui.typeset.setting import Setting

#: Characters that are looked at for each cell to fill: enough for family emoji.
_CHARACTERS_PER_CELL = 16


def lay_out_code(
    paragraph: Paragraph,
    first: Prefix,
    rest: Prefix,
    measure: int,
    setting: Setting,
    shift: int = 0,
) -> list[Line]:
    """The lines of code in `measure` cells.

    Args:
        paragraph: The code.
        first: Decoration of the first line.
        rest: Decoration of the others.
        measure: Cells beside `rest`.
        setting: Whether lines that are too long go on in the next one, or are cut.
        shift: Cells that lines which are cut are moved to the left.
    """
    if setting.plain:
        return _spoken(paragraph, first, rest, measure, setting)
    width = _room(measure, setting)
    lines: list[Line] = []
    start = 0
    for row in paragraph.text.split("\n"):
        end = start + len(row)
        if setting.scroll_code:
            lines.append(_cut_line(paragraph, start, end, shift, width, setting))
        else:
            lines += _wrapped_lines(paragraph, start, end, width, setting)
        start = end + 1
    return [
        line._replace(prefix=(*(rest if index else first), *line.prefix))
        for index, line in enumerate(lines)
    ]


def code_overhang(block: Block, width: int, setting: Setting) -> int:
    """Cells by which the longest line of code in `block` is wider than there is room for it.

    Decoration beside the code, which leaves it less room, is not counted in; 0 where code is not
    scrolled.
    """
    if not setting.scroll_code or setting.plain:
        return 0
    room = width - cell_len(setting.signs.wrapped)
    return max(
        (
            cell_len(row) + sum(cell_len(text) for text, _ in part.rest) - room
            for part in block.paragraphs
            if part.kind is Kind.CODE
            for row in part.text.split("\n")
            if 2 * len(row) > room
        ),
        default=0,
    )


def column_of(paragraph: Paragraph, offset: int) -> int:
    """Cells of a line of code before the character at `offset`."""
    return cell_len(paragraph.text[paragraph.text.rfind("\n", 0, offset) + 1 : offset])


def _room(measure: int, setting: Setting) -> int:
    """Cells for the text of code; never less than a wide character takes."""
    return max(2, measure - cell_len(setting.signs.wrapped))


def _wrapped_lines(
    paragraph: Paragraph, start: int, end: int, width: int, setting: Setting
) -> list[Line]:
    """A line that goes on behind an arrow where it is too long."""
    wrapped = setting.signs.wrapped
    margin = " " * cell_len(wrapped)
    return [
        Line(
            paragraph,
            ((wrapped if index else margin, Role.CODE_BLOCK),),
            (Piece(0, a, b, Role.CODE_BLOCK),),
            pad=width,
        )
        for index, (a, b) in enumerate(cut(paragraph.text, start, end, width))
    ]


def _cut_line(
    paragraph: Paragraph, start: int, end: int, shift: int, width: int, setting: Setting
) -> Line:
    """A line that is cut at both edges, with a mark where it is."""
    signs = setting.signs
    piece = _window(paragraph.text, start, end, shift, width)
    before = signs.cut_left if piece.start > start else " " * cell_len(signs.cut_left)
    after: Sequence[Sign] = ()
    if piece.end < end:
        after = (Sign(width - 1, signs.cut_right, Role.CODE_BLOCK),)
    return Line(paragraph, ((before, Role.CODE_BLOCK),), (piece,), pad=width, signs=tuple(after))


def _window(text: str, start: int, end: int, shift: int, width: int) -> Piece:
    """The part of a line that is in sight; a wide character at an edge is out of it."""
    role = Role.CODE_BLOCK
    row = text[start : min(end, start + (shift + width) * _CHARACTERS_PER_CELL)]
    whole = start + len(row) == end
    if row.isascii():
        left = min(start + shift, end)
        right = end if end - left <= width else left + width - 1
        return Piece(0, left, right, role)
    if whole and not shift and cell_len(row) <= width:
        return Piece(0, start, end, role)
    seen: list[tuple[int, int, int]] = []  # start, cells before it, its own
    column = 0
    for first, _, cells in units(row, width):
        if column >= shift + width:
            whole = False
            break
        seen.append((start + first, column, cells))
        column += cells
    inside = [unit for unit in seen if unit[1] >= shift]
    if not inside:
        return Piece(0, end, end, role)
    left, before = inside[0][0], inside[0][1] - shift
    if whole and column - shift <= width:
        return Piece(before, left, end, role)
    for at, column, cells in inside:
        if column + cells - shift > width - 1:
            return Piece(before, left, at, role)
    return Piece(before, left, start + len(row), role)


def _spoken(
    paragraph: Paragraph, first: Prefix, rest: Prefix, measure: int, setting: Setting
) -> list[Line]:
    """Code with its beginning, its language and its end in words."""
    language = paragraph.language
    speakable = language and language.isascii() and language.isprintable()
    title = f"[code: {language}]" if speakable else "[code]"
    width = _room(measure, setting)
    lines = [Line(None, first, fill=title[:measure])]
    start = 0
    for row in paragraph.text.split("\n"):
        end = start + len(row)
        lines += (
            line._replace(prefix=(*rest, *line.prefix))
            for line in _wrapped_lines(paragraph, start, end, width, setting)
        )
        start = end + 1
    return [*lines, Line(None, rest, fill="[end of code]"[:measure])]
