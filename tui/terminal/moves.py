"""The shortest ways from one cell of a screen to another.

Everything used is in the VT102 but CHA and VPA (ECMA-48), which xterm and its kin, tmux, screen,
mosh and the Linux console have too.  No line feed goes past the last line, where it would scroll.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

#: Lines that are gone up or down one by one rather than by an address.
_DOWN: Final = 4
_UP: Final = 2
#: Columns that are gone back by backspaces.
_BACK: Final = 4


@lru_cache(maxsize=1 << 12)
def way(x: int | None, y: int | None, to_x: int, to_y: int) -> str:
    """What moves the cursor.

    Args:
        x: Its column, None where that is not known.
        y: Its line, likewise.
        to_x: The column it is to go to.
        to_y: The line.
    """
    if (x, y) == (to_x, to_y):
        return ""
    line = str(to_y + 1) if to_y else ""
    ways = [f"\x1b[{line}H" if to_x == 0 else f"\x1b[{line};{to_x + 1}H"]
    if y is not None:
        across = [f"\x1b[{to_x + 1}G" if to_x else "\r", f"\r{_sideways(0, to_x)}"]
        if x is not None:
            across.append(_sideways(x, to_x))
        ways.append(_up_or_down(y, to_y) + min(across, key=len))
    return min(ways, key=len)


def _up_or_down(y: int, to_y: int) -> str:
    count = abs(to_y - y)
    if to_y > y:
        return "\n" * count if count <= _DOWN else f"\x1b[{to_y + 1}d"
    if count <= _UP:
        return "\x1bM" * count
    return f"\x1b[{to_y + 1 if to_y else ''}d"


def _sideways(x: int, to_x: int) -> str:
    count = abs(to_x - x)
    if not count:
        return ""
    if to_x < x:
        return "\b" * count if count <= _BACK else f"\x1b[{count}D"
    return f"\x1b[{count if count > 1 else ''}C"
