"""Stock TinyDB writing the library while it is open here; it knows no locks."""

from __future__ import annotations

import json
import os

import pytest
from tinydb import TinyDB

from store import Article, Library, LibraryError, sharedfile
from store.linefile import LineFile


def add(library, *numbers):
    library.add(Article(title=f"Ours {n}", body=f"word{n}") for n in numbers)


def insert_by_stock(path, *numbers):
    with TinyDB(path) as db:
        db.table("articles").insert_multiple({"title": f"Theirs {n}"} for n in numbers)


def titles(library):
    return sorted(row.title for row in library.newest(100))


@pytest.fixture
def library(path, open_library):
    library = open_library(path)
    add(library, 1, 2)
    return library


def test_both_write_by_turns_and_both_see_everything(path, library):
    for n in range(10, 20):
        insert_by_stock(path, n)
        library.refresh()
        add(library, n)
    expected = sorted(
        ["Ours 1", "Ours 2", *(f"{who} {n}" for n in range(10, 20) for who in ("Ours", "Theirs"))]
    )
    assert titles(library) == expected
    with TinyDB(path) as db:
        assert sorted(d["title"] for d in db.table("articles")) == expected
    assert library.notices == []


def test_a_file_that_is_half_written_is_left_alone_and_taken_in_when_it_is_whole(
    path, library, monkeypatch
):
    monkeypatch.setattr(sharedfile, "_LONG_REST", 0.05)
    insert_by_stock(path, 3)
    whole = path.read_bytes()
    for size in (1, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(LibraryError):
            library.refresh()
        with pytest.raises(LibraryError):
            add(library, 4)
        assert path.read_bytes() == whole[:size]
    path.write_bytes(whole)
    library.refresh()
    add(library, 4)
    assert titles(library) == ["Ours 1", "Ours 2", "Ours 4", "Theirs 3"]


USED = {
    "refreshed": lambda library: library.refresh(),
    "made searchable": lambda library: library.wait_until_searchable(),
    "added to": lambda library: add(library, 4),
}


@pytest.fixture
def shortened(path, library, monkeypatch):
    """Stock TinyDB has written a shorter file, and cuts the end off when one waits for it."""
    insert_by_stock(path, 3, 4)
    library.refresh()
    tables = json.loads(path.read_bytes())
    del tables["articles"]["3"]
    whole = json.dumps(tables).encode()
    waits = []

    def cut(seconds):
        waits.append(seconds)
        if len(waits) == 3:
            os.truncate(path, len(whole))

    monkeypatch.setattr(sharedfile, "sleep", cut)
    with path.open("r+b") as file:
        file.write(whole)
    return waits


@pytest.mark.parametrize("use", USED.values(), ids=USED)
def test_what_stock_tinydb_has_written_and_not_yet_cut_is_waited_for(library, shortened, use):
    use(library)
    assert len(shortened) == 3
    added = ["Ours 4"] if use is USED["added to"] else []
    assert titles(library) == ["Ours 1", "Ours 2", *added, "Theirs 4"]


def test_a_search_does_not_wait_for_it(library, shortened):
    assert library.find("ours").count <= 2  # as far as their words were known before
    assert not shortened
    assert len(titles(library)) == 4
    library.refresh()
    assert [row.title for row in library.rows(library.find("theirs").ids)] == ["Theirs 4"]


@pytest.mark.parametrize("readonly", [False, True])
def test_who_opens_it_then_waits_as_well(path, library, shortened, open_library, readonly):
    other = open_library(path, cache="other", readonly=readonly)
    assert len(shortened) == 3
    assert titles(other) == ["Ours 1", "Ours 2", "Theirs 4"]


def test_it_is_called_broken_when_it_does_not_change_any_more(path, library, monkeypatch):
    monkeypatch.setattr(sharedfile, "_LONG_REST", 0.05)
    insert_by_stock(path, 3)
    with path.open("ab") as file:
        file.write(b'"left"')
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(LibraryError, match="more text after the end"):
            library.refresh()
    with pytest.raises(LibraryError, match="more text after the end"):
        Library(path, cache_dir=path.parent / "other")
    assert path.read_bytes() == before


def test_what_another_program_wrote_over_is_told(path, library):
    with TinyDB(path) as db:
        table = db.table("articles")
        before = table.storage.read()  # it reads …
        add(library, 3)
        before["articles"]["9"] = {"title": "Theirs 9"}
        table.storage.write(before)  # … and writes what it had read
    library.refresh()
    assert titles(library) == ["Ours 1", "Ours 2", "Theirs 9"]
    (notice,) = library.notices
    assert "another program wrote library.json, and 1 article is no longer in it" in notice
    add(library, 3)
    assert library.find("word3").count == 1
    assert library.free_ids().give() > 9


def test_a_file_that_changes_under_the_mending_is_not_mended(path, library, monkeypatch):
    library.close()
    lines = path.read_bytes()
    whole = json.dumps({"articles": {str(n): {"title": f"Theirs {n}"} for n in range(20)}}).encode()
    file = LineFile(path)
    path.write_bytes(lines[:25] + b'"half" of anothe' + lines[40:])

    def another_program_goes_on(seconds):
        path.write_bytes(whole)

    monkeypatch.setattr(sharedfile, "sleep", another_program_goes_on)
    with pytest.raises(LibraryError, match="is being written by another program"):
        file.verify()
    assert path.read_bytes() == whole
    assert not path.with_name("library.json.torn").exists()
    file.close()
    with Library(path, cache_dir=path.parent / "other") as opened:
        opened.wait_until_listed()
        assert len(opened) == 20
