"""Places that the reader marked with a letter, kept in the reading file.

As in vim a lower-case letter marks a place in one article, each article having its own; a capital
marks one in the whole library.  A place is an offset with the words that stand there, so that it
is found again after the article was edited or imported anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from store import journal
from store.errors import LibraryError
from store.index import Index
from store.indexing import update_apart
from store.moments import utc_now
from store.numbers import is_id, whole
from store.reading import ReadingFile, Tables
from store.sanitize import clean_line

#: Characters of text kept with a place.
ANCHOR: Final = 64


class Bookmark(NamedTuple):
    """A marked place.

    Attributes:
        letter: `a` to `z` for a place in its article, `A` to `Z` for one in the library.
        article: Id of the article.
        position: Offset in characters into the body (Markdown source).
        anchor: The plain text there, up to 64 characters; "" for the beginning.
        made: When, ISO 8601 in UTC.
    """

    letter: str
    article: int
    position: int = 0
    anchor: str = ""
    made: str = ""


class Bookmarks:
    """The marked places of a library.  All methods read or write the disk.

    Args:
        reading: Where they are kept.
        index: Told of changes that concern nothing it mirrors.
        before: Called before a change; raises `ReadOnlyError` where none may be made.
    """

    def __init__(
        self,
        reading: ReadingFile,
        index: Index,
        *,
        before: Callable[[], None],
    ) -> None:
        self._reading = reading
        self._index = index
        self._before = before

    def all(self, article: int) -> list[Bookmark]:
        """The places in an article, then those in the library, by letter.

        Raises:
            LibraryError: the reading file cannot be read.
        """
        tables, _ = self._reading.load()
        found = (bookmark_of(document) for document in tables["bookmarks"].values())
        chosen = [b for b in found if b and (b.letter.isupper() or b.article == article)]
        return sorted(chosen, key=lambda bookmark: (bookmark.letter.isupper(), bookmark.letter))

    def get(self, letter: str, article: int) -> Bookmark | None:
        """The place of a letter, as it is meant in an article; None where it marks none.

        Raises:
            LibraryError: the reading file cannot be read.
        """
        return next((b for b in self.all(article) if b.letter == letter), None)

    def set(self, bookmark: Bookmark) -> None:
        """Mark a place, in the stead of the one its letter marked; it can be undone.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: this is no letter, or the reading file cannot be written.
        """
        if not is_letter(bookmark.letter):
            raise LibraryError("a mark is a letter, a to z or A to Z")
        self._before()
        new = bookmark._replace(
            position=whole(bookmark.position),
            anchor=clean_line(bookmark.anchor)[:ANCHOR],
            made=utc_now(),
        )

        def change(tables: Tables) -> None:
            table = tables["bookmarks"]
            key = next((k for k, document in table.items() if _same(document, new)), None)
            if key is None:
                key = str(next(journal.next_numbers(tables, "bookmarks")))
            old = {key: table.get(key)}
            table[key] = {name: value for name, value in new._asdict().items() if value}
            label = f"set the mark {new.letter}"
            journal.record_documents(tables["journal"], label, "bookmarks", old, {key: table[key]})

        update_apart(self._reading, self._index, change)


def is_letter(text: str) -> bool:
    """Whether a text is a letter that can mark a place."""
    return len(text) == 1 and text.isascii() and text.isalpha()


def _same(document: Mapping[str, Any], bookmark: Bookmark) -> bool:
    """Whether a document is about the same letter, in the same article where that matters."""
    other = bookmark_of(document)
    if other is None or other.letter != bookmark.letter:
        return False
    return bookmark.letter.isupper() or other.article == bookmark.article


def bookmark_of(document: Mapping[str, Any]) -> Bookmark | None:
    """The place a document stands for; None where it is none, whoever wrote it."""
    letter, article = document.get("letter"), document.get("article")
    anchor = document.get("anchor")
    if not isinstance(letter, str) or not is_letter(letter):
        return None
    if not is_id(article):
        return None
    return Bookmark(
        letter,
        article,
        whole(document.get("position")),
        clean_line(anchor)[:ANCHOR] if isinstance(anchor, str) else "",
        str(document.get("made", ""))[:ANCHOR],
    )
