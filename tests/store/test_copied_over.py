"""A library that another program copies over in place, as `cp` and `rsync --inplace` do."""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from store import Article, Library, LibraryError, sharedfile

COUNT = 60


@pytest.fixture
def library(path, open_library):
    library = open_library(path)
    library.add(Article(title=f"Title {n}", body=f"word{n} " * 20) for n in range(COUNT))
    return library


@pytest.fixture
def copied(library, path):
    """What is copied over the library, which holds one article more meanwhile."""
    whole = path.read_bytes()
    library.add([Article(title="Extra", body="extra")])
    return whole


def half_way(path, whole, part):
    """Overwrite a file in place, up to a part of what it is to be."""
    with path.open("wb") as file:  # the inode stays
        file.write(whole[: int(len(whole) * part)])


@contextmanager
def going_on(path):
    """For the body the copy goes on, as far as its times tell."""
    done = threading.Event()

    def touch():
        while not done.wait(0.02):
            os.utime(path)

    thread = threading.Thread(target=touch)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("small", [True, False])
def test_a_slow_copy_is_left_alone_until_it_is_there(path, library, copied, small, monkeypatch):
    if not small:
        monkeypatch.setattr("store.columnskeeper.SMALL", 100)
    for part in (0, 0.001, 0.2, 0.5, 0.9):
        half_way(path, copied, part)
        with going_on(path), pytest.raises(LibraryError) as raised:
            library.refresh()
            library.wait_until_listed()
        assert part == 0.001 or "is being written by another program" in str(raised.value)
        assert path.read_bytes() == copied[: int(len(copied) * part)]
    path.write_bytes(copied)
    with suppress(LibraryError):  # what was met behind is said once
        library.refresh()
    library.wait_until_listed()
    assert path.read_bytes() == copied
    assert len(library) == COUNT
    assert library.notices == []
    assert not path.with_name("library.json.torn").exists()


def test_nothing_is_added_to_half_a_copy(path, library, copied):
    for part in (0, 0.5):
        half_way(path, copied, part)
        with (
            going_on(path),
            pytest.raises(LibraryError, match="is being written by another program"),
        ):
            library.add([Article(title="New", body="new")])
        assert path.read_bytes() == copied[: int(len(copied) * part)]


@pytest.mark.parametrize("part", [0, 0.5])
def test_what_a_copy_that_ended_half_way_has_left_is_mended_after_a_while(
    path, library, copied, part, monkeypatch
):
    monkeypatch.setattr(sharedfile, "_LONG_REST", 0.3)
    half_way(path, copied, part)
    library.refresh()
    library.wait_until_listed()
    assert (COUNT // 3 if part else 0) <= len(library) < COUNT
    number = library.add([Article(title="New", body="new")]).added[0]
    assert library.get(number).title == "New"


def test_a_tail_that_a_killed_writer_tore_is_mended_within_seconds(path, library):
    with path.open("r+b") as file:
        file.seek(-3, os.SEEK_END)
        file.write(b',"99":{"title":"Half')
    begun = time.monotonic()
    library.add([Article(title="New", body="new")])
    assert time.monotonic() - begun < 10
    assert len(library) == COUNT + 1
    assert path.with_name("library.json.torn").read_bytes() == b',"99":{"title":"Half'


def test_a_torn_tail_is_mended_at_once_by_who_opens_it(path, library, monkeypatch):
    library.close()
    path.write_bytes(path.read_bytes()[:-20])
    monkeypatch.setattr(sharedfile, "sleep", lambda _: pytest.fail("nobody waits for that"))
    with Library(path, cache_dir=path.parent / "cache") as opened:
        assert len(opened) == COUNT - 1


def test_a_library_for_reading_only_is_not_called_damaged_while_it_is_copied(
    path, library, copied, open_library
):
    reader = open_library(path, readonly=True, cache="other")
    half_way(path, copied, 0.5)
    with going_on(path), pytest.raises(LibraryError, match="is being written by another program"):
        reader.refresh()
    path.write_bytes(copied)
    reader.refresh()
    assert (len(reader), reader.notices) == (COUNT, [])


def test_closing_does_not_wait_for_the_copy(path, library, copied, monkeypatch):
    monkeypatch.setattr("store.columnskeeper.SMALL", 100)
    monkeypatch.setattr(sharedfile, "_LONG_REST", 60.0)
    half_way(path, copied, 0.5)
    library.refresh()
    begun = time.monotonic()
    library.close()
    assert time.monotonic() - begun < 10
