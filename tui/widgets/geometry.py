"""Where things are, by sizes alone: the panes of the main screen, the thumb of a scroll bar.

The style sheets say the same; the first frame is drawn before there are any, and a test compares
the two.
"""

from __future__ import annotations

from typing import NamedTuple

#: Columns and lines of the smallest terminal anything is drawn in.
SMALLEST = (40, 10)

#: From so many columns on, list and reader stand side by side.
WIDE = 110

#: From so many lines on, list and reader stand one above the other where that is wanted.
HIGH = 20

#: Least columns of a list beside the reader, and least lines of one above it, the line that parts
#: them included.
LEAST_BESIDE, LEAST_ABOVE = 45, 5

#: Lines of the status line and the key bar.
BARS = 2


class Area(NamedTuple):
    """A rectangle of the screen, in cells."""

    x: int
    y: int
    width: int
    height: int


class Panes(NamedTuple):
    """Where the panes are.

    Attributes:
        list: The list, its scroll bar included.
        edge: The line between list and reader; None where only one of them is shown.
        reader: The reader; None where the list is shown alone.
    """

    list: Area
    edge: Area | None = None
    reader: Area | None = None


def margin(page: int, *, sparing: bool) -> int:
    """Rows of a list kept in view above and below the cursor.

    Args:
        page: Rows in view.
        sparing: Whether few cells are to change with each key.
    """
    return 0 if page < 5 or sparing else 1 if page < 12 else 2


def panes(width: int, height: int, *, layout: str, share: int) -> Panes:
    """The panes while nothing is open, on a screen not smaller than `SMALLEST`.

    Args:
        width: Columns of the screen.
        height: Its lines.
        layout: "auto", "stacked" or "single".
        share: Percent of the screen that the list takes.
    """
    room = height - BARS
    if layout == "auto" and width >= WIDE:
        taken = max(LEAST_BESIDE, width * share // 100)
        return Panes(
            Area(0, 0, taken - 1, room),
            Area(taken - 1, 0, 1, room),
            Area(taken, 0, width - taken, room),
        )
    if layout == "stacked" and height >= HIGH:
        taken = max(LEAST_ABOVE, room * share // 100)
        return Panes(
            Area(0, 0, width, taken - 1),
            Area(0, taken - 1, width, 1),
            Area(0, taken, width, room - taken),
        )
    return Panes(Area(0, 0, width, room))


def thumb(size: int, total: float, window: float, position: float) -> tuple[int, int]:
    """First cell and length of the thumb in a bar of `size` cells.

    Args:
        size: Length of the bar.
        total: Lines of the whole content.
        window: Lines in view; 0, as Textual has it, where all are.
        position: First line in view.
    """
    if total <= window or size <= 0 or window <= 0:
        return 0, 0
    length = min(size, max(1, round(size * window / total)))
    share = min(1.0, max(0.0, position / (total - window)))
    return round((size - length) * share), length
