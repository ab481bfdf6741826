"""What no text written by people has, told without parsing it.

The parser takes time with the depth of what is nested for each line, also for one that goes on with
the paragraph of a quote without its marks, and makes a cell for each column of each row, whether
the row has it or not.
"""

from __future__ import annotations

import re
from typing import Final

from tui.typeset.markdown import MAX_NESTING

#: A list in a list takes two levels of the parser.
_DEEPEST_LIST: Final = MAX_NESTING // 2
#: A table of more columns fits no screen.
MAX_COLUMNS: Final = 250
#: Cells that the rows of a table are short of, at most; each takes time as one with text does.
MAX_MISSING_CELLS: Final = 5_000
#: Quotes in quotes from which on it is counted how many lines leave their marks out; and how many
#: marks these may leave out.
_DEEP, _MOST_LEFT_OUT = 8, 20_000

_DEEP_QUOTE = re.compile(rf"^(?:[ \t]*>){{{MAX_NESTING}}}", re.MULTILINE)
_ITEM_LINE = re.compile(r"^([ \t]*)(?:[-+*]|\d{1,9}[.)])[ \t]+(?=\S)", re.MULTILINE)
#: What stands further in than the seventh tab stop; only there can an item be too deep.
_FAR_ITEM = re.compile(r"^[ \t]{8,}(?:[-+*]|\d{1,9}[.)])[ \t]", re.MULTILINE)
#: What quotes and the first lines of items begin with.
_MARKS = r"(?:[ \t]*+(?:(?:[-+*]|\d{1,9}[.)])[ \t]++)*+>)"
_DEEP_LINE = re.compile(rf"^{_MARKS}{{{_DEEP}}}", re.MULTILINE)
_QUOTE_MARKS = re.compile(rf"{_MARKS}*+")
#: The line below the head of a table, in quotes or not; and where a table ends at the latest.
_DELIMITERS = re.compile(r"^[ \t>]*+([-:|][-|: \t]*+)$", re.MULTILINE)
_BLANK_LINE = re.compile(r"^[ \t>]*+$", re.MULTILINE)


def is_too_deep(source: str) -> bool:
    """Whether lists or quotes are nested deeper than is parsed, as far as their lines tell.

    It looks no further than to the line that is too deep.
    """
    if source.count(">") >= MAX_NESTING and _DEEP_QUOTE.search(source):
        return True
    if _leaves_out_marks(source):
        return True
    if not _FAR_ITEM.search(source):
        return False
    open_items: list[int] = []  # columns where the text of the open items begins
    for match in _ITEM_LINE.finditer(source):
        indent = len(match[1].expandtabs(4))
        while open_items and indent < open_items[-1]:
            open_items.pop()
        open_items.append(indent + len(match[0]) - len(match[1]))
        if len(open_items) > _DEEPEST_LIST:
            return True
    return False


def _leaves_out_marks(source: str) -> bool:
    """Whether the lines in deep quotes leave out more of their marks than is parsed."""
    if source.count(">") < _DEEP or not _DEEP_LINE.search(source):
        return False
    depth = left_out = 0
    for line in source.split("\n"):
        opening = _QUOTE_MARKS.match(line).group()  # type: ignore[union-attr]
        marks = opening.count(">")
        depth = max(depth, marks) if line[len(opening) :].strip(" \t") else marks
        if depth >= _DEEP:
            left_out += depth - marks
    return left_out > _MOST_LEFT_OUT


def is_too_wide(source: str) -> bool:
    """Whether a table has more columns, or is short of more cells, than are set.

    Tables that no blank line stands between are taken for one.
    """
    if "|" not in source:
        return False
    missing = place = 0
    while (first := _DELIMITERS.search(source, place)) is not None:
        blank = _BLANK_LINE.search(source, first.end())
        place = len(source) if blank is None else blank.end()
        columns = max(
            _columns(source, line) for line in _DELIMITERS.finditer(source, first.start(), place)
        )
        if columns > MAX_COLUMNS:
            return True
        lines = source.count("\n", first.end(), place)
        missing += max(0, lines * (columns - 1) - source.count("|", first.end(), place))
    return missing > MAX_MISSING_CELLS


def _columns(source: str, delimiters: re.Match[str]) -> int:
    """Columns of the table that these delimiters make of the line before; 1 if they make none."""
    columns = delimiters[1].strip(" \t").removeprefix("|").removesuffix("|").count("|") + 1
    begin = source.rfind("\n", 0, max(0, delimiters.start() - 1)) + 1
    return columns if source.count("|", begin, delimiters.start()) >= columns - 1 else 1
