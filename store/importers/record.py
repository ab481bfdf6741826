"""What an importer yields besides articles, and what it reads from."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

from store.article import Article
from store.errors import SourceError
from store.regular import open_regular

#: Bytes at the start of a source by which its format is told.
HEAD: Final = 65_536
#: Why a record is rejected that is no article (`Article.is_nothing`).
NOTHING: Final = "it has neither title, text nor link"
#: Bytes that are read at a time.
_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rejected:
    """One item that could not become an article.

    Attributes:
        source: File name, or "-" for standard input.
        reason: One line: what is wrong and, where it helps, what to do.  What it quotes of the
            source passes the door of `sanitize` here.
        item: Which item of the source: "line 12", "item 3", or "" for all of it.
    """

    source: str
    reason: str
    item: str = ""

    def __post_init__(self) -> None:
        for name, said in (("reason", self.reason), ("item", self.item)):
            if not said.isprintable():
                from store.sanitize import clean_line

                object.__setattr__(self, name, clean_line(said))


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a list names, to be subscribed to.

    Attributes:
        url: The feed's address.
        title: What the list calls it, or "".
        site: The page it belongs to, or "".
        tags: The groups it stands in and its categories, lower-case.
        interval: Minutes between two checks; 0 where the list says nothing.
        full_text: Whether the pages of its entries are to be fetched.
        is_list: It is no feed but another list.
    """

    url: str
    title: str = ""
    site: str = ""
    tags: tuple[str, ...] = ()
    interval: int = 0
    full_text: bool = False
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """An article in the place of one that is known to be the same, whatever they look like.

    Attributes:
        article: The newer form.
        id: Of the article in the library.
    """

    article: Article
    id: int


@dataclass(frozen=True, slots=True)
class Belongings:
    """What belonged to the library that was exported, besides its articles.

    Attributes:
        tables: Tables of the reading file by name, lists of documents: "views", "feeds" ...
    """

    tables: Mapping[str, Any]


class Source:
    """One thing to import: what is known of it, and its bytes, which are read when asked for.

    A reader takes `data` when it needs the whole, `open` when it can do with a part at a time.

    Attributes:
        name: How a person would name it: the path as given, "archive.zip/entry", or "-".
        mtime: Modification time in seconds since 1970, or 0.0 when unknown.
        path: The file it is, if it is one by itself.
        limit: Most bytes that `data` reads; `None` for as many as there are.
        depth: How many archives it lies in.
        within: The archive it lies in.
        entries: Entries that it was read by, of all archives in it together.
        split: Whether a book is to become one article a chapter.
        was_found: Whether nobody named it: it was found in a folder or an archive.
        cleaned: Unsafe characters that an importer had to take out before it could read the
            source; those it leaves are removed, and counted, when its articles are cleaned.
    """

    __slots__ = (
        "_data", "_head", "_opener", "_size", "cleaned", "depth", "entries", "limit", "mtime",
        "name", "path", "split", "was_found", "within",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        data: bytes | None = None,
        mtime: float = 0.0,
        *,
        path: Path | None = None,
        opener: Callable[[], BinaryIO] | None = None,
        size: int | None = None,
        within: Source | None = None,
    ) -> None:
        """A source of bytes, of a file, or of whatever a function opens anew each time.

        Args:
            name: How a person would name it.
            data: The whole content.
            mtime: When it was changed.
            path: The file; by default `name` is nothing that can be opened.
            opener: Opens it at its start; a file is opened by its path by default.
            size: Its size in bytes, as far as it is known and not that of `data` or `path`.
            within: The archive it lies in.
        """
        self.name = name
        self.mtime = mtime
        self.path = path
        self.limit: int | None = None
        self.depth: int = within.depth + 1 if within else 0
        self.within = within
        self.entries = 0
        self.cleaned = 0
        self.split = False
        self.was_found = within is not None
        self._data = data
        self._head: bytes | None = None
        self._opener = opener
        self._size = size

    @property
    def outermost(self) -> Source:
        """The source that lies in no archive: the one it lies in, or itself."""
        return self.within.outermost if self.within else self

    @property
    def size(self) -> int:
        """Bytes in all; 0 when that is not known before they are read."""
        if self._data is not None:
            return len(self._data)
        if self._size is None:
            self._size = self.path.stat().st_size if self.path else 0
        return self._size

    @property
    def head(self) -> bytes:
        """The first `HEAD` bytes."""
        if self._data is not None:
            return self._data[:HEAD]
        if self._head is None:
            with self.open() as stream:
                self._head = stream.read(HEAD)
            if len(self._head) < HEAD:
                self._data = self._head
        return self._head

    @property
    def data(self) -> bytes:
        """The whole content; kept once it was read.

        Raises:
            SourceError: it is larger than `limit`.
            OSError: it cannot be read.
        """
        if self._data is None:
            if self.limit is not None and self.size > self.limit:
                raise too_large(self.limit)
            with self.open() as stream:
                data = _read(stream, self.limit)
            if self.limit is not None and len(data) > self.limit:
                raise too_large(self.limit)
            self._data = data
        elif self.limit is not None and len(self._data) > self.limit:
            raise too_large(self.limit)
        return self._data

    def open(self) -> BinaryIO:
        """A stream of the content from its start, to be closed by the caller.

        Raises:
            OSError: it cannot be opened.
            LibraryError: it is no regular file.
        """
        if self._data is not None:
            return io.BytesIO(self._data)
        if self._opener is not None:
            return self._opener()
        if self.path is None:
            return io.BytesIO()
        return os.fdopen(open_regular(self.path, os.O_RDONLY), "rb")


def _read(stream: BinaryIO, limit: int | None) -> bytes:
    """All of a stream, or one byte more than `limit`.

    By the piece: Python sets aside as much memory as it is asked to read, however little there is.
    """
    if limit is None:
        return stream.read()
    pieces: list[bytes] = []
    left = limit + 1
    while left > 0 and (piece := stream.read(min(left, _PIECE))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def too_large(limit: int) -> SourceError:
    """The error that says so; `limit` in bytes."""
    return SourceError(f"it is larger than {limit >> 20:,} MiB")


#: What can be taken into a library.
Record: TypeAlias = Article | Rejected | FeedLink | Update | Belongings

#: An importer: a source's items in order, each an article or a rejection.  What is wrong with the
#: content is a rejection or a `SourceError`, never another exception.
Reader: TypeAlias = Callable[[Source], Iterator[Record]]

#: A reader of archives: it takes the format of what is in them as well, or None to find it.
ContainerReader: TypeAlias = Callable[[Source, str | None], Iterator[Record]]
