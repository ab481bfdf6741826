"""What an importer yields besides articles, and what it reads from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from store.article import Article


@dataclass(frozen=True, slots=True)
class Rejected:
    """One item that could not become an article.

    Attributes:
        source: File name, or "-" for standard input.
        reason: One line: what is wrong and, where it helps, what to do.
        item: Which item of the source: "line 12", "item 3", or "" for all of it.
    """

    source: str
    reason: str
    item: str = ""


@dataclass(slots=True)
class Source:
    """One thing to import: its bytes and what is known of it.

    Attributes:
        name: How a person would name it: the path as given, or "-".
        data: The whole content.
        mtime: Modification time in seconds since 1970, or 0.0 when unknown.
        cleaned: Unsafe characters that an importer had to take out before it could read the
            source; those it leaves are removed, and counted, when its articles are cleaned.
    """

    name: str
    data: bytes
    mtime: float = 0.0
    cleaned: int = 0


#: An importer: a source's items in order, each an article or a rejection; never raises on content.
Reader: TypeAlias = Callable[[Source], Iterator[Article | Rejected]]
