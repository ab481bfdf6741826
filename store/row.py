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
