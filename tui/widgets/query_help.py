"""What stands where there are no hits: the query language at a glance, or what finds more."""

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


_HINT = "fewer words find more; a* finds beginnings"
_PARTLY = "articles are still being indexed; what they hold comes when they are"


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


@cache
def nothing_found(width: int, *, partly: bool = False) -> tuple[Note, ...]:
    """What is shown when there are no hits, for a list `width` cells wide.

    Args:
        width: Cells.
        partly: Whether not all articles could be looked through yet.
    """
    margin = _FULL[0] if width >= _WRAPPING else _SPARE[0]
    title, more = ("nothing found yet", _PARTLY) if partly else ("nothing found", _HINT)
    lines: list[Note] = [(), ((" " * margin, ""), (title, "list--title"))]
    hint = textwrap.wrap(more, max(10, width - margin - 1))
    return (*lines, *(((" " * margin, ""), (line, "list--dim")) for line in hint))
