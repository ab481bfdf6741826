"""One line of the list; light, since the first frame is drawn with it before anything is loaded."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One line of the list: the columns of the index with the reader's state merged in."""

    id: int
    title: str
    author: str = ""
    site: str = ""
    published: str = ""
    saved: str = ""
    words: int = 0
    stub: bool = False
    read: bool = False
    starred: bool = False
    archived: bool = False
    trashed: bool = False
    progress: float = 0.0
    tags: tuple[str, ...] = ()


def reading_minutes(words: int) -> int:
    """Whole minutes to read `words` words at 230 a minute; 0 only for no words."""
    return max(1, round(words / 230)) if words else 0


def fewest_words(minutes: int) -> int:
    """The fewest words that take so many minutes, as `reading_minutes` has it."""
    if minutes < 2:
        return max(0, minutes)
    half = 230 * minutes - 115  # which is rounded to the even one of the two
    return half if minutes % 2 == 0 else half + 1
