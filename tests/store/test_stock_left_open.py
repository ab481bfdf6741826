"""Stock TinyDB that has the library open while the file is replaced: what it writes is kept."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from time import monotonic

import pytest
from tinydb import TinyDB

from store import Article, backups_of, copies_of, replaced

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a file open")


@pytest.fixture
def library(path, open_library):
    library = open_library(path)
    library.add(Article(title=f"Ours {n}", body=f"word{n}") for n in (1, 2))
    return library


@pytest.fixture
def stock(path, library):
    with TinyDB(path) as db:
        yield db.table("articles")


def refreshed(library, done):
    """Refresh as the app does until something is so."""
    end = monotonic() + 20
    while not done():
        assert monotonic() < end
        library.refresh()


def titles_in(path):
    return [document["title"] for document in json.loads(path.read_bytes())["articles"].values()]


def open_without_name(path):
    """Files that this process has open and that once had that path."""
    links = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            links.append(os.readlink(entry))
        except OSError:
            continue
    return [link for link in links if link == f"{path} (deleted)"]


def test_what_stock_writes_after_a_purge_is_kept_and_told(path, library, stock):
    library.purge([1])
    stock.insert({"title": "Scraped later", "body": "later"})
    refreshed(library, lambda: library.notices)
    (notice,) = library.notices
    (copy,) = copies_of(path)
    assert "another program wrote into library.json as it was before it was replaced" in notice
    assert f"broadsheet add {copy.path}" in notice
    assert copy.kind == "library"
    assert titles_in(copy.path) == ["Ours 1", "Ours 2", "Scraped later"]
    assert stat.S_IMODE(copy.path.stat().st_mode) == 0o600
    assert titles_in(path) == ["Ours 2"]


def test_what_stock_writes_after_its_file_was_brought_into_our_form_is_kept(path, open_library):
    with TinyDB(path) as db:
        stock = db.table("articles")
        stock.insert({"title": "Theirs"})
        library = open_library(path)
        library.add([Article(title="Ours", body="ours")])
        stock.insert({"title": "Scraped later"})
        refreshed(library, lambda: library.notices)
    (copy,) = copies_of(path)
    assert titles_in(copy.path) == ["Theirs", "Scraped later"]


def test_all_that_stock_goes_on_to_write_is_in_the_one_copy_and_told_once(path, library, stock):
    library.purge([1])
    for n in range(3):
        stock.insert({"title": f"Scraped {n}"})
        refreshed(
            library,
            lambda n=n: any(f"Scraped {n}" in titles_in(copy.path) for copy in copies_of(path)),
        )
    (copy,) = copies_of(path)
    assert titles_in(copy.path) == ["Ours 1", "Ours 2", "Scraped 0", "Scraped 1", "Scraped 2"]
    assert len(library.notices) == 1


def test_what_stock_wrote_last_is_kept_at_the_end(path, library, stock):
    library.purge([1])
    stock.insert({"title": "Scraped at the end"})
    library.close()
    (copy,) = copies_of(path)
    assert "Scraped at the end" in titles_in(copy.path)


def test_a_file_that_nobody_writes_into_is_not_kept(path, library, stock):
    library.purge([1])
    library.refresh()
    library.close()
    assert not backups_of(path).exists()


def test_a_disk_that_has_no_room_for_it_is_told(path, library, stock, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(replaced, "replace_file", fail)
    library.purge([1])
    stock.insert({"title": "Scraped later"})
    refreshed(library, lambda: library.notices)
    assert "cannot be kept: No space left on device" in library.notices[0]
    monkeypatch.undo()
    refreshed(library, lambda: copies_of(path))


@linux
def test_no_file_is_held_that_nobody_else_has_open(path, library):
    with TinyDB(path) as db:
        library.purge([1])
        library.refresh()
        assert open_without_name(path)
        db.table("articles").insert({"title": "Scraped later"})
    refreshed(library, lambda: len(open_without_name(path)) == 0)
    assert "Scraped later" in titles_in(copies_of(path)[0].path)


@linux
def test_where_the_system_does_not_tell_one_file_is_held_and_no_more(path, library, monkeypatch):
    monkeypatch.setattr(replaced, "_is_open_here_only", lambda _: None)
    for _ in range(4):
        (number,) = library.add([Article(title="Passing", body="passing")]).added
        library.purge([number])
        library.refresh()
    assert len(open_without_name(path)) == 1
    library.close()
    assert not open_without_name(path)
