"""The two lines under the panes, in pieces: (text, component class or "").

They need neither Rich nor Textual, since the first frame is drawn before either is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from tui.typeset.simple import cell_len
from tui.widgets.cells import clean, fit, shorten

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


def status_pieces(
    width: int, left: str, right: str, notice: str, *, error: bool, ellipsis: str
) -> list[BarPiece]:
    """The status line: left text or notice, right text, a space at either end."""
    name = "status--error" if error else "status--notice" if notice else ""
    left, right = clean(notice or left), clean(right)
    room = max(0, width - 2)
    right = shorten(right, room // 2, ellipsis) if left else shorten(right, room, ellipsis)
    gap = 2 if right else 0
    head = fit(left, max(0, room - cell_len(right) - gap), ellipsis=ellipsis)
    return [(" ", ""), (head, name), (" " * gap, ""), (right, "status--right"), (" ", "")]


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
