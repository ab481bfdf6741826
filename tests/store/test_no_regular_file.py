"""What is no regular file where a file is looked for: nothing waits for it, or reads for ever."""

from __future__ import annotations

import os
import shutil

import pytest

from store import (
    Article,
    Level,
    Library,
    LibraryError,
    examine,
    read_backup,
    repair,
    restore_backup,
    restore_library,
    restore_reading,
    write_backup,
)
from store.glancing import glance

#: What is read with an end that never comes, where there is such a thing; it is only read.
ENDLESS = "/dev/zero"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    with Library(path, cache_dir=tmp_path / "cache") as library:
        library.add([Article(title="A lamp", body="It burns.")])
        library.mark([1], read=True)
    return path


def put(place, kind):
    place.unlink(missing_ok=True)
    if kind == "a pipe":
        os.mkfifo(place)
    elif os.path.exists(ENDLESS):
        place.symlink_to(ENDLESS)
    else:
        pytest.skip("nothing is endless here")


kinds = pytest.mark.parametrize("kind", ["a pipe", "an endless device"])


@kinds
@pytest.mark.parametrize("name", ["library.json", "library.reading.json"])
def test_a_librarys_file_that_is_none_is_said_in_one_line(path, tmp_path, kind, name):
    put(path.with_name(name), kind)
    with pytest.raises(LibraryError, match=rf"{name}.* (is not a file|and no file)"):
        Library(path, cache_dir=tmp_path / "cache")
    assert examine(path, cache_dir=tmp_path / "cache")


@pytest.mark.parametrize("name", ["library.json.lock", "library.reading.json.lock"])
def test_a_lock_that_is_a_pipe_is_not_waited_for(path, tmp_path, monkeypatch, name):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))  # where the mark is kept
    put(path.with_name(name), "a pipe")
    with (
        pytest.raises(LibraryError, match=r"and no file|is read-only"),
        Library(path, cache_dir=tmp_path / "cache") as library,
    ):
        library.add([Article(title="Another", body="It is dark.")])
        library.mark([1], read=False)
        library.flush()


@kinds
@pytest.mark.parametrize("name", ["copy.zip", "library-1.json", "reading-1.json"])
def test_a_copy_that_is_none_is_not_restored(path, tmp_path, kind, name):
    copy = tmp_path / name
    put(copy, kind)
    before = path.read_bytes()
    for restore in (restore_backup, restore_library, restore_reading):
        with pytest.raises(LibraryError, match=r"and no file|is not a file"):
            restore(path, copy)
    with pytest.raises(LibraryError, match="and no file"):
        read_backup(copy)
    assert path.read_bytes() == before


@kinds
def test_no_backup_is_made_without_what_was_read(path, tmp_path, kind):
    whole = tmp_path / "whole.zip"
    write_backup(path, whole)
    reading = path.with_name("library.reading.json")
    put(reading, kind)
    with pytest.raises(LibraryError, match="and no file"):
        write_backup(path, tmp_path / "new.zip")
    assert not (tmp_path / "new.zip").exists()
    before = path.read_bytes()
    for name in (reading, path):  # which are kept when they are replaced, so they are read
        if name == path:
            put(name, kind)
        with pytest.raises(LibraryError, match="and no file"):
            restore_backup(path, whole)
        assert name == path or path.read_bytes() == before


@pytest.mark.parametrize(
    "name",
    [
        "columns.seal", "columns.sqlite", "columns.sqlite-shm", "words", "words/meta.json",
        "words/.managed.json", "words/.tantivy-meta.lock", "words/.tantivy-writer.lock",
        "words/*.term",
    ],
)  # fmt: skip
def test_a_pipe_in_the_index_is_damage_and_not_waited_for(path, tmp_path, name):
    cache = tmp_path / "cache"
    with Library(path, cache_dir=cache) as library:
        library.wait_until_searchable()
    (index,) = cache.iterdir()
    place = next(index.glob(name), index / name)

    def put_pipe():
        if place.is_dir():
            shutil.rmtree(place)
        put(place, "a pipe")

    def wrong():
        found = examine(path, cache_dir=cache)
        return [finding.about for finding in found if finding.level is Level.WRONG]

    put_pipe()
    if name == "columns.sqlite":
        assert glance(os.fspath(path), 1, cache_dir=os.fspath(cache)) is None
    harmless = name == "columns.seal"
    assert wrong() == ["index"] * (not harmless)
    with Library(path, cache_dir=cache) as library:
        assert list(library.find("burns").ids) == [1]
        assert library.notices == []
    assert not place.is_fifo()
    assert wrong() == []
    put_pipe()
    assert repair(path, cache_dir=cache) == ["index: built anew"] * (not harmless)
    assert place.is_fifo() is harmless
    assert wrong() == []
