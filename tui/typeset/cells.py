"""Which character of a block is in which cell of a line, and the way from line to line."""

from __future__ import annotations

from rich.cells import cell_len

from tui.typeset.clusters import clusters
from tui.typeset.flow import Flow
from tui.typeset.model import Line
from tui.typeset.viewport import Row


def cell_of(line: Line, offset: int) -> int | None:
    """The cell a character of the block's plain text begins at, from the left of the measure.

    None where the line does not show it.
    """
    if line.paragraph is None or line.aside:
        return None
    at = offset - line.paragraph.offset
    for piece in line.pieces:
        if piece.start <= at < piece.end:
            before = cell_len(line.paragraph.text[piece.start : at])
            return prefix_cells(line) + piece.column + before
    return None


def offset_at(line: Line, cell: int) -> int | None:
    """The character of the block's plain text that is nearest to a cell; None if it has none."""
    if line.start is None or line.paragraph is None:
        return None
    cell -= prefix_cells(line)
    best: tuple[int, int] | None = None
    for piece in line.pieces:
        text = line.paragraph.text[piece.start : piece.end]
        if not text:
            continue
        away, last = 0, 0
        inside = cell - piece.column
        if inside < 0:
            away = -inside
        elif inside >= (width := cell_len(text)):
            away, last = inside - width + 1, len(text)
        found = _character(text, max(0, inside)) if not last else _character(text, width - 1)
        if best is None or away < best[0]:
            best = (away, line.paragraph.offset + piece.start + found)
    return None if best is None else best[1]


def prefix_cells(line: Line) -> int:
    """Cells of the decoration at the left."""
    return sum(cell_len(text) for text, _ in line.prefix)


def next_line(flow: Flow, row: Row, step: int) -> Row | None:
    """The next line that shows text of the article (`step` 1), or the previous (-1).

    None at the ends, and before the first block of the text.
    """
    document = flow.document
    block, index = row
    while document.has(block) and block >= document.first:
        lines = flow.lines(block)
        index += step
        while 0 <= index < len(lines):
            if lines[index].start is not None:
                return Row(block, index)
            index += step
        block += step
        if block < document.first or not document.has(block):
            return None
        index = -1 if step > 0 else len(flow.lines(block))
    return None


def _character(text: str, cell: int) -> int:
    """The character that covers a cell of the text."""
    if text.isascii():
        return min(cell, len(text) - 1)
    used = 0
    for start, _, cells in clusters(text):
        used += cells
        if used > cell:
            return start
    return len(text) - 1
