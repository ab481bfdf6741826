"""The two lines under the panes, in pieces: (text, component class or "").

They need neither Rich nor Textual, since the first frame is drawn before either is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from tui.typeset.simple import cell_len
from tui.widgets.cells import break_at, clean, fit, shorten

#: Text and the component class it is drawn with; "" for the line itself.
BarPiece: TypeAlias = tuple[str, str]

_GAP = 2


def place_text(view: str, cursor: int, count: int, *more: str) -> str:
    """Where one is in a list, for the left of the status line: "Unread  3/1,024".

    Args:
        view: The name of what is listed.
        cursor: Index of the current row.
        count: How many rows there are; 0 leaves the place out.
        more: What else there is to say.
    """
    place = f"{cursor + 1:,}/{count:,}" if count else ""
    return "  ".join(part for part in (view, place, *more) if part)


def spoken_place(view: str, cursor: int, count: int, *more: str) -> str:
    """The same in words, for screen readers: "Unread, article 3 of 1,024."."""
    place = f"article {cursor + 1:,} of {count:,}" if count else ""
    return f"{', '.join(part for part in (view, place, *more) if part)}."


def progress_text(marks: str, progress: float) -> str:
    """What is known of the article on show, for the right of it: "starred  40%"."""
    return f"{marks}  {progress:.0%}".strip()


def status_lines(
    width: int, left: str, right: str, notice: str, *, error: bool, ellipsis: str, most: int = 2
) -> list[list[BarPiece]]:
    """The status line: left text or notice, right text, a space at either end.

    Args:
        width: Cells of a line.
        left: What stands at the left while there is no notice.
        right: What stands at the right.
        notice: What stands at the left for the time being; "" for nothing.
        error: Whether the notice tells of an error.
        ellipsis: Ends what is cut.
        most: Lines at most, 1 or 2: a notice that does not fit goes on in the second.
    """
    name = "status--error" if error else "status--notice" if notice else ""
    left, right = clean(notice or left), clean(right)
    room = max(0, width - 2)
    right = shorten(right, room // 2, ellipsis) if left else shorten(right, room, ellipsis)
    gap = 2 if right else 0
    space = max(0, room - cell_len(right) - gap)
    more = ""
    if notice and most > 1 and cell_len(left) > space:
        left, more = break_at(left, space)
    head = fit(left, space, ellipsis=ellipsis)
    lines = [[(" ", ""), (head, name), (" " * gap, ""), (right, "status--right"), (" ", "")]]
    if more:
        lines.append([(" ", ""), (fit(more, room, ellipsis=ellipsis), name), (" ", "")])
    return lines


def key_pieces(width: int, keys: Iterable[tuple[str, str]]) -> list[BarPiece]:
    """The key bar: the keys that fit whole, each with what it does."""
    pieces: list[BarPiece] = [(" ", "")]
    used = 1
    for key, label in keys:
        key, label = clean(key), clean(label)
        gap = _GAP if used > 1 else 0
        cells = gap + cell_len(key) + 1 + cell_len(label)
        if used + cells > width:
            break
        pieces += [(" " * gap, ""), (key, "key-bar--key"), (f" {label}", "key-bar--label")]
        used += cells
    return [piece for piece in pieces if piece[0]]
