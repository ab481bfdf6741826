"""A disk that takes no more: what is said, what goes on working, and that nothing is lost."""

from __future__ import annotations

import os
import tempfile
import threading

import pytest
from tinydb import TinyDB

from store import Article, Library, LibraryError
from store.errors import UnwritableIndexError
from store.lineformat import FOOTER


def fill(library):
    """Let the index grow no more, as on a full disk."""
    with library._index.writing() as db:
        (pages,) = db.execute("pragma page_count").fetchone()
    library._index._writer.execute(f"pragma max_page_count={pages}")


def make_room(library):
    """Let the index grow again."""
    library._index._writer.execute("pragma max_page_count=1000000")


def articles(*numbers):
    return [
        Article(title=f"No {n}", body=f"word{n}", url=f"https://e.example/{n}") for n in numbers
    ]


@pytest.fixture
def library(path, open_library):
    library = open_library(path)
    library.add(articles(*range(1, 30)))
    library.wait_until_searchable()
    return library


def test_articles_are_added_when_the_index_cannot_be_written_and_listed_once_it_can(library):
    fill(library)
    report = library.add(articles(*range(30, 400)))
    assert len(report.added) == 370
    assert library.get(390).title == "No 390"
    (notice,) = library.notices
    assert "the index cannot be written" in notice and "make room" in notice
    with pytest.raises(LibraryError, match="the index cannot be written"):
        library.add(articles(400))  # it may be there already: that cannot be known
    make_room(library)
    assert library.add(articles(400)).added == [400]
    assert len(library.newest(500)) == 400


def test_an_article_added_to_a_stock_file_is_in_it_when_the_index_cannot_be_written(
    path, open_library
):
    with TinyDB(path, create_dirs=True) as db:
        db.table("articles").insert_multiple({"title": f"Theirs {n}"} for n in range(400))
    library = open_library(path)
    library.wait_until_listed()
    fill(library)
    (id,) = library.add([Article(title="Ours", body="b " * 9_000, author="a" * 9_000)]).added
    assert library.get(id).title == "Ours"
    with TinyDB(path) as db:
        assert len(db.table("articles")) == 401


def test_an_edit_is_kept_when_the_index_cannot_be_written(path, library):
    fill(library)
    long = "word " * 300
    report = library.add(
        Article(title=f"No {n}", body=f"word{n} {long}", url=f"https://e.example/{n}")
        for n in range(1, 200)
    )
    assert len(report.merged) == 29
    assert library.get(3).body == f"word3 {long}"


def test_marks_stay_when_the_index_cannot_be_written(path, library, open_library):
    fill(library)
    for n in range(1, 30):
        library.remember(n, position=n, anchor="a" * 60, progress=0.5)
        library.mark([n], starred=True)
    library.flush()
    assert library.state(29).starred
    assert all(row.starred for row in library.newest(29))
    assert open_library(path, cache="other").state(29).starred
    make_room(library)
    library.mark([1], read=True)
    library.flush()
    assert library.find("is:starred").count == 29
    library.mark([29], starred=False)
    library.flush()
    assert not library.state(29).starred


def test_an_index_that_cannot_be_made_is_kept_in_a_temporary_place(path, tmp_path, library):
    library.close()
    with Library(path, cache_dir=tmp_path / "elsewhere") as first:
        directory = first._index.file.parent
    for file in directory.glob("columns.*"):
        file.unlink()
    (directory / "columns.sqlite").mkdir()
    with Library(path, cache_dir=tmp_path / "elsewhere") as library:
        (notice,) = library.notices
        assert "cannot be written" in notice
        assert len(library.newest(100)) == 29
        library.mark([3], starred=True)
        assert list(library.find("is:starred").ids) == [3]


def test_of_what_cannot_be_opened_no_index_is_left_anywhere(path, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    nonsense, missing = tmp_path / "nonsense.json", tmp_path / "missing.json"
    nonsense.write_text("nonsense")
    for cache in (tmp_path / "cache", nonsense / "cache"):  # the second cannot be
        with pytest.raises(LibraryError, match="not JSON"):
            Library(nonsense, cache_dir=cache)
        with pytest.raises(LibraryError, match="no such file"):
            Library(missing, cache_dir=cache, readonly=True)
    assert not (tmp_path / "cache").exists()

    def full(file):
        raise UnwritableIndexError(f"the index {file} cannot be written")

    monkeypatch.setattr("store.library.Index", full)
    for cache in (tmp_path / "cache", nonsense / "cache"):
        with pytest.raises(LibraryError, match="cannot be written"):
            Library(path, cache_dir=cache)
    assert not list(temporary.iterdir())


def test_a_footer_lost_with_the_power_is_put_back_though_size_and_time_tell_nothing(
    path, tmp_path, library
):
    library.close()
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(-len(FOOTER), os.SEEK_END)
        file.write(b',"3')
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with Library(path, cache_dir=tmp_path / "cache") as library:
        library.wait_until_listed()
        assert path.read_bytes().endswith(b"}\n}}\n")
        assert len(library) == 29


def test_a_disk_that_is_full_for_a_while_costs_no_mark(path, library, open_library, monkeypatch):
    """As with a real full disk: the write fails, is told, and is tried again."""
    from store import reading, writeback

    full = threading.Event()
    full.set()
    real = reading.replace_file

    def replace_file(target, chunks):
        if full.is_set():
            raise OSError(28, os.strerror(28))
        real(target, chunks)

    monkeypatch.setattr(reading, "replace_file", replace_file)
    monkeypatch.setattr(writeback, "DELAY", 0.01)
    monkeypatch.setattr(writeback, "RETRY", 0.01)
    library.mark([4], starred=True)
    with pytest.raises(LibraryError, match=r"reading state cannot be saved .*make room"):
        library.flush()
    assert library.state(4).starred
    (row,) = library.rows([4])
    assert row.starred
    full.clear()
    library.flush()
    assert open_library(path, cache="other").state(4).starred
