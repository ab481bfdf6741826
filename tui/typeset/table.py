"""Laying out tables: columns shrink and wrap to fit; what cannot fit becomes records.

Nothing is ever cut.  A table has a line under its header and no other lines; where cells wrap,
blank lines part the rows.  Read aloud, columns make no sense: a plain setting has records always.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tui.typeset.clusters import Extent
from tui.typeset.model import Grid, Line, Paragraph, Piece, Prefix, Role, Sign
from tui.typeset.setting import DEFAULT, Setting
from tui.typeset.wrap import widest_part, wrap

#: Cells between columns.
GAP = 2
#: Narrowest column whose words may be broken; a table that needs less is laid out as records.
LEAST_COLUMN = 12


def lay_out_table(
    paragraph: Paragraph, first: Prefix, rest: Prefix, measure: int, setting: Setting = DEFAULT
) -> list[Line]:
    """The lines of a table in `measure` cells; `first` and `rest` decorate them."""
    assert paragraph.grid is not None
    light = setting.signs.light
    if setting.plain:
        lines = _spoken(paragraph, measure)
    elif widths := column_widths(paragraph, measure):
        lines = _columns(paragraph, widths, light)
    else:
        lines = _records(paragraph, measure, light)
    return [line._replace(prefix=rest if index else first) for index, line in enumerate(lines)]


def column_widths(paragraph: Paragraph, measure: int) -> list[int] | None:
    """Cells for each column, or None when the table cannot be laid out in columns."""
    grid = paragraph.grid
    assert grid is not None
    text = paragraph.text
    columns = list(zip(*grid.rows, strict=True))
    wanted = [
        max((cell_len(line) for a, b in column for line in text[a:b].split("\n")), default=0)
        for column in columns
    ]
    hints = grid.widths if len(grid.widths) == len(columns) else [(1, 0)] * len(columns)
    wanted = [max(own, hint) for own, (_, hint) in zip(wanted, hints, strict=True)]
    room = measure - GAP * (len(columns) - 1)
    if sum(wanted) <= room:
        return wanted
    least = [
        max(hint, *(widest_part(text[a:b]) for a, b in column))
        for column, (hint, _) in zip(columns, hints, strict=True)
    ]
    if sum(least) > room:
        # Words must be broken: the widest columns give way, all to the same width.
        limit = min(max(least), room)
        while limit >= LEAST_COLUMN and sum(min(width, limit) for width in least) > room:
            limit -= 1
        if limit < LEAST_COLUMN:
            return None
        least = [min(width, limit) for width in least]
    return _share(room, least, wanted)


def _share(room: int, least: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """Widths between `least` and `wanted` that fill `room`; who wants little more gets it."""
    widths = list(least)
    spare = room - sum(widths)
    order = sorted(range(len(widths)), key=lambda index: wanted[index] - least[index])
    for place, index in enumerate(order):
        share = min(wanted[index] - widths[index], spare // (len(order) - place))
        widths[index] += max(0, share)
        spare -= max(0, share)
    return widths


def _columns(paragraph: Paragraph, widths: Sequence[int], light: str) -> list[Line]:
    grid, text = paragraph.grid, paragraph.text
    assert grid is not None
    lefts = [sum(widths[:index]) + GAP * index for index in range(len(widths))]
    blocks: list[list[Line]] = []
    for number, row in enumerate(grid.rows):
        role = paragraph.role if number else Role.TABLE_HEAD
        cells = [
            [(a + x, a + y) for x, y in wrap(text[a:b], width)]
            for (a, b), width in zip(row, widths, strict=True)
        ]
        block = []
        for index in range(max(map(len, cells))):
            pieces = [
                Piece(left + _shift(text, cell[index], width, align), *cell[index], role)
                for cell, left, width, align in zip(cells, lefts, widths, grid.align, strict=True)
                if index < len(cell) and cell[index][0] < cell[index][1]
            ]
            block.append(Line(paragraph, pieces=tuple(pieces)))
        blocks.append(block)
    header, *bodies = blocks
    lines: list[Line] = []
    if any(line.pieces for line in header):
        lines += header
    if not grid.names:
        lines.append(Line(None, fill=(" " * GAP).join(light * width for width in widths)))
    wrapped = any(len(body) > 1 for body in bodies)
    for index, body in enumerate(bodies):
        if wrapped and (index or grid.names):
            lines.append(Line(None))
        lines += body
    return lines


def _shift(text: str, extent: Extent, width: int, align: str) -> int:
    """Cells to the left of a cell's line."""
    if align == "left":
        return 0
    spare = max(0, width - cell_len(text[slice(*extent)]))
    return spare if align == "right" else spare // 2


def _records(paragraph: Paragraph, measure: int, light: str) -> list[Line]:
    """Every row as a list of "header  value", parted by short lines."""
    grid, text = paragraph.grid, paragraph.text
    assert grid is not None
    header, *rows = grid.rows
    spoken = grid.names or [text[a:b] for a, b in header]
    names = min(max(map(cell_len, spoken), default=0), max(4, measure // 3))
    left = names + GAP if names else 0
    lines: list[Line] = []
    for number, row in enumerate(rows or [header]):
        if number or grid.names:
            lines.append(Line(None, fill=light * min(measure, max(3, names))))
        for column, ((a, _), title, (c, d)) in enumerate(zip(header, spoken, row, strict=True)):
            if c == d and (number or not _is_bare(grid, column)):
                continue
            name = wrap(title, max(2, names)) if rows else []
            value = [(c + x, c + y) for x, y in wrap(text[c:d], measure - left)] if c < d else []
            for index in range(max(len(name), len(value))):
                pieces, signs = [], []
                if index < len(name) and name[index][0] < name[index][1]:
                    x, y = name[index]
                    if grid.names:  # said of the header that is elsewhere
                        signs.append(Sign(0, title[x:y], Role.TABLE_HEAD))
                    else:
                        pieces.append(Piece(0, a + x, a + y, Role.TABLE_HEAD))
                if index < len(value):
                    pieces.append(Piece(left, *value[index], paragraph.role))
                lines.append(Line(paragraph, pieces=tuple(pieces), signs=tuple(signs)))
    return lines or [Line(paragraph)]


def _is_bare(grid: Grid, column: int) -> bool:
    """Whether a column has nothing but its name, which is then told once."""
    return all(row[column][0] == row[column][1] for row in grid.rows[1:])


def _spoken(paragraph: Paragraph, measure: int) -> list[Line]:
    """Every row as lines of "Header: value", the way it would be read out."""
    grid, text = paragraph.grid, paragraph.text
    assert grid is not None
    header, *rows = grid.rows
    role = paragraph.role
    lines: list[Line] = []
    for number, row in enumerate(rows or [header]):
        if number or grid.names:
            lines.append(Line(None))
        for column, ((a, b), title, (c, d)) in enumerate(
            zip(header, grid.names or [""] * len(header), row, strict=True)
        ):
            if c == d:
                if not number and a < b and _is_bare(grid, column):
                    lines += _wrapped(paragraph, a, b, measure, Role.TABLE_HEAD)
                continue
            if title and cell_len(title) + 1 <= measure:  # of the header that is elsewhere
                lines.append(Line(paragraph, signs=(Sign(0, f"{title}:", Role.TABLE_HEAD),)))
                lines += _wrapped(paragraph, c, d, measure, role)
                continue
            if not rows or a == b:
                lines += _wrapped(paragraph, c, d, measure, role)
                continue
            name = cell_len(text[a:b]) + 2  # with the colon and the space
            if name > measure // 2 or "\n" in text[a:b]:
                lines += _wrapped(paragraph, a, b, measure - 1, Role.TABLE_HEAD)
                last = lines[-1].pieces[0]
                colon = Sign(cell_len(text[last.start : last.end]), ":", Role.TABLE_HEAD)
                lines[-1] = lines[-1]._replace(signs=(colon,))
                lines += _wrapped(paragraph, c, d, measure, role)
                continue
            first, *others = [(c + x, c + y) for x, y in wrap(text[c:d], measure, name)]
            pieces = (Piece(0, a, b, Role.TABLE_HEAD), Piece(name, *first, role))
            lines.append(Line(paragraph, pieces=pieces, signs=(Sign(name - 2, ":", role),)))
            lines += [Line(paragraph, pieces=(Piece(0, *extent, role),)) for extent in others]
    return lines or [Line(paragraph)]


def _wrapped(paragraph: Paragraph, start: int, end: int, measure: int, role: Role) -> list[Line]:
    """Lines of one cell."""
    return [
        Line(paragraph, pieces=(Piece(0, start + x, start + y, role),))
        for x, y in wrap(paragraph.text[start:end], measure)
    ]
