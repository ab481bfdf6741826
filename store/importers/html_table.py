"""Tables of HTML as GitHub tables: rows of cells, spans filled in, a head."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Widest and longest table that is laid out as one; spans are cut to it.
MAX_COLUMNS = 60
MAX_ROWS = 5_000

_ALIGNMENT = re.compile(r"text-align\s*:\s*(left|right|center)", re.I)
_RULES = {"left": ":---", "right": "---:", "center": ":---:", "": "---"}
_STRUCTURE = ("ul", "ol", "dl", "pre", "blockquote", "table", "h1", "h2", "h3", "h4", "figure")


class Cell(NamedTuple):
    """One cell and how it stands in its column."""

    element: _Element
    is_head: bool
    align: str


def grid(table: _Element) -> list[list[Cell | None]] | None:
    """The cells of a table by rows, None where a wider or taller cell covers the place.

    Returns:
        None when the table only lays out a page: it says so, has a single column, or holds
        other tables, headings, lists or several paragraphs in a cell.
    """
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return None
    if next(table.iterdescendants(*_STRUCTURE), None) is not None:
        return None
    rows: list[list[Cell | None]] = []
    covered: dict[int, int] = {}  # column -> rows below that a taller cell covers
    for line in _rows(table):
        row: list[Cell | None] = []
        for element in line:
            if element.tag not in ("td", "th"):
                continue
            if len(element.findall("p")) > 1:
                return None
            _skip_covered(row, covered)
            if len(row) >= MAX_COLUMNS:
                break
            width = min(_span(element, "colspan"), MAX_COLUMNS - len(row))
            height = _span(element, "rowspan")
            row.append(Cell(element, element.tag == "th", _alignment(element)))
            if height > 1:
                covered.update(dict.fromkeys(range(len(row) - 1, len(row) - 1 + width), height))
            row += [None] * (width - 1)
        _skip_covered(row, covered)
        covered = {column: left - 1 for column, left in covered.items() if left > 1}
        if row:
            rows.append(row)
        if len(rows) == MAX_ROWS:
            break
    width = max(map(len, rows), default=0)
    if width < 2:
        return None
    return [row + [None] * (width - len(row)) for row in rows]


def table_markdown(rows: list[list[Cell | None]], show: Callable[[Cell], str]) -> str:
    """A table in Markdown; one without a head gets an empty one, which the syntax demands."""
    texts = [[_in_cell(show(cell)) if cell else "" for cell in row] for row in rows]
    kept = [index for index, row in enumerate(texts) if any(row)]
    if not kept:
        return ""
    width = len(rows[0])
    first = rows[kept[0]]
    has_head = all(cell.is_head for cell in first if cell) and len(kept) > 1
    body = kept[1:] if has_head else kept
    aligns = [_column_alignment(rows, body, column) for column in range(width)]
    lines = [texts[kept[0]] if has_head else [""] * width, [_RULES[align] for align in aligns]]
    lines += [texts[index] for index in body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _rows(table: _Element) -> list[list[_Element]]:
    rows: list[list[_Element]] = []
    for part in table:
        if part.tag == "tr":
            rows.append(list(part))
        elif part.tag in ("thead", "tbody", "tfoot"):
            rows += [list(line) for line in part if line.tag == "tr"]
    return rows


def _skip_covered(row: list[Cell | None], covered: dict[int, int]) -> None:
    while len(row) < MAX_COLUMNS and covered.get(len(row), 0) > 0 and len(row) in covered:
        row.append(None)


def _span(element: _Element, name: str) -> int:
    value = (element.get(name) or "").strip()
    return max(1, int(value)) if re.fullmatch(r"\d{1,4}", value) else 1


def _alignment(element: _Element) -> str:
    match = _ALIGNMENT.search(element.get("style") or "")
    align = (match[1] if match else element.get("align") or "").lower()
    return align if align in _RULES else ""


def _column_alignment(rows: list[list[Cell | None]], body: list[int], column: int) -> str:
    """What all cells of a column below the head say."""
    said = {cell.align for index in body if (cell := rows[index][column])}
    return said.pop() if len(said) == 1 else ""


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")
