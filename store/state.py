"""What the reader did with an article, apart from the article: a list needs no more of it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple


class State(NamedTuple):
    """What the reader did with one article; lives in the reading file, not in the library.

    Attributes:
        read: Marked read.
        starred: Marked with a star.
        archived: Put away; still found by search.
        trashed: Deleted; found only by `is:trashed`.
        progress: How far the article was read, 0.0 to 1.0.
        position: Where reading stopped: offset in characters into the body (Markdown source).
        anchor: The text read there (plain, up to 64 characters), to find it again after edits.
        tags: The article's tags if they were edited, else None (those in the library hold).
        opened: When it was last opened, ISO 8601 in UTC, or "".
        read_at: When it was marked read, ISO 8601 in UTC, or "".
    """

    read: bool = False
    starred: bool = False
    archived: bool = False
    trashed: bool = False
    progress: float = 0.0
    position: int = 0
    anchor: str = ""
    tags: tuple[str, ...] | None = None
    opened: str = ""
    read_at: str = ""

    @property
    def started(self) -> bool:
        """Begun but not finished."""
        return not self.read and self.progress > 0


def clean_tags(tags: Any) -> tuple[str, ...]:
    """Tags trimmed, lower-cased, without a leading "#", spaces as "-", doubles dropped."""
    seen: dict[str, None] = {}
    for tag in tags:
        name = re.sub(r"\s+", "-", re.sub(r"\A[\s#]+", "", str(tag)).strip()).lower()
        if name:
            seen.setdefault(name)
    return tuple(seen)
