"""The query language at a glance, for where nothing has been typed yet."""

from __future__ import annotations

import textwrap
from functools import cache

from store import help_lines
from tui.widgets.list_style import Note

#: Narrower than this, each element of the language gets one line, cut where it must be.
_WRAPPING = 60

#: Cells before an example, and for it: in full, and where there is little room.
_FULL = 4, 25
_SPARE = 2, 20


@cache
def query_help(width: int) -> tuple[Note, ...]:
    """The elements of the language with what they mean, for a list `width` cells wide."""
    wrapping = width >= _WRAPPING
    margin, column = _FULL if wrapping else _SPARE
    lines: list[Note] = [()]
    for example, meaning in help_lines():
        room = max(10, width - margin - column - 1)
        wrapped = textwrap.wrap(meaning, room) if wrapping else [meaning]
        start = f"{example:<{column - 1}} "
        lines.append(((" " * margin, ""), (start, "list--key"), (wrapped[0], "list--dim")))
        rest = wrapped[1:]
        lines += (((" " * (margin + column), ""), (more, "list--dim")) for more in rest)
    return tuple(lines)
