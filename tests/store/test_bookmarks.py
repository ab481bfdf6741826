"""Places marked with a letter."""

from __future__ import annotations

import json

import pytest
from tinydb import TinyDB

from store import Article, Bookmark, LibraryError, ReadOnlyError


@pytest.fixture
def library(path, open_library):
    library = open_library(path)
    library.add(Article(title=f"Number {n}", body=f"Text {n}.") for n in (1, 2))
    return library


def letters(library, article: int) -> str:
    return "".join(bookmark.letter for bookmark in library.bookmarks.all(article))


def test_a_small_letter_is_of_its_article_and_a_capital_of_the_library(library):
    library.bookmarks.set(Bookmark("a", 1, 10, "one"))
    library.bookmarks.set(Bookmark("a", 2, 20, "two"))
    library.bookmarks.set(Bookmark("A", 2, 30, "far"))
    assert library.bookmarks.get("a", 1)[:4] == ("a", 1, 10, "one")
    assert library.bookmarks.get("a", 2)[:4] == ("a", 2, 20, "two")
    assert library.bookmarks.get("A", 1)[:4] == ("A", 2, 30, "far")
    assert library.bookmarks.get("b", 1) is None
    assert letters(library, 1) == "aA"


def test_a_mark_is_moved_and_the_move_undone_and_done_again(library):
    library.bookmarks.set(Bookmark("M", 1, 10))
    library.bookmarks.set(Bookmark("M", 2, 20))
    assert library.bookmarks.get("M", 1).article == 2
    assert library.undo() == "set the mark M"
    assert library.bookmarks.get("M", 1).article == 1
    library.undo()
    assert library.bookmarks.get("M", 1) is None
    library.redo()
    assert library.bookmarks.get("M", 1).article == 1


def test_marks_are_kept_in_plain_tinydb(path, library, open_library):
    library.bookmarks.set(Bookmark("q", 1, 5, "Text"))
    library.close()
    with TinyDB(path.with_name("library.reading.json")) as db:
        [document] = db.table("bookmarks").all()
    assert {"letter": "q", "article": 1, "position": 5, "anchor": "Text"}.items() <= (
        document.items()
    )
    assert letters(open_library(path), 1) == "q"


def test_two_sessions_keep_the_marks_of_both(path, library, open_library):
    other = open_library(path, cache="other")
    library.bookmarks.set(Bookmark("a", 1))
    other.bookmarks.set(Bookmark("b", 1))
    assert letters(library, 1) == letters(other, 1) == "ab"


def test_what_is_no_letter_and_a_read_only_library_are_refused(path, library, open_library):
    for text in ("", "1", "ab", "é", "'"):
        with pytest.raises(LibraryError, match="a to z"):
            library.bookmarks.set(Bookmark(text, 1))
    with pytest.raises(ReadOnlyError):
        open_library(path, cache="other", readonly=True).bookmarks.set(Bookmark("a", 1))


def test_a_file_that_somebody_wrote_does_no_harm(path, library, open_library):
    library.bookmarks.set(Bookmark("a", 1))
    library.close()
    reading = path.with_name("library.reading.json")
    tables = json.loads(reading.read_bytes())
    tables["bookmarks"] |= {
        "2": {"letter": "b", "article": "1"},
        "3": {"letter": 7, "article": 1},
        "4": {"letter": "c", "article": 1, "position": "far", "anchor": "a\x1b[31mb" * 40},
        "x": {},
    }
    reading.write_text(json.dumps(tables))
    again = open_library(path)
    assert letters(again, 1) == "ac"
    assert "\x1b" not in again.bookmarks.get("c", 1).anchor
    again.bookmarks.set(Bookmark("d", 1))
    assert letters(again, 1) == "acd"
