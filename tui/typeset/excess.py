"""What no text written by people has, told without parsing it.

The parser takes time with the depth of what is nested for each line, and makes a cell for each
column of each row, whether the row has it or not.
"""

from __future__ import annotations

import re
from typing import Final

from tui.typeset.markdown import MAX_NESTING

#: A list in a list takes two levels of the parser.
_DEEPEST_LIST: Final = MAX_NESTING // 2
#: A table of more columns fits no screen.
MAX_COLUMNS: Final = 250

_DEEP_QUOTE = re.compile(rf"^(?:[ \t]*>){{{MAX_NESTING}}}", re.MULTILINE)
_ITEM_LINE = re.compile(r"^([ \t]*)(?:[-+*]|\d{1,9}[.)])[ \t]+(?=\S)", re.MULTILINE)
#: What stands further in than the seventh tab stop; only there can an item be too deep.
_FAR_ITEM = re.compile(r"^[ \t]{8,}(?:[-+*]|\d{1,9}[.)])[ \t]", re.MULTILINE)
_WIDE_TABLE = re.compile(
    rf"(?:[^|\n]*+\|){{{MAX_COLUMNS}}}[^\n]*+\n {{0,3}}(?=[|: \t]*+-)[-|: \t]++(?:\n|\Z)"
)


def is_too_deep(source: str) -> bool:
    """Whether lists or quotes are nested deeper than is parsed, as far as their lines tell.

    It looks no further than to the line that is too deep.
    """
    if source.count(">") >= MAX_NESTING and _DEEP_QUOTE.search(source):
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


def is_too_wide(source: str) -> bool:
    """Whether a table has more columns than are set."""
    return "|" in source and _WIDE_TABLE.match(source) is not None
