"""What a repair must not touch, and programs that run while it mends."""

from __future__ import annotations

import json
import os

import pytest

from store import Article, Level, Library, examine, mending, repair
from store.filelock import FileLock


def everything(directory):
    """What lies in a directory: mode, kind and contents."""
    return {
        place.name: (place.lstat().st_mode, place.read_bytes() if place.is_file() else b"")
        for place in directory.iterdir()
    }


@pytest.mark.parametrize(
    "text", ["a letter to somebody", "[1, 2]", '{"a": {"1": {"x": 2}}}', '{"a": 1}', "\0" * 99]
)
def test_of_what_is_no_library_nothing_is_touched_nor_beside_it(tmp_path, text):
    place = tmp_path / "place"
    place.mkdir()
    file = place / "letter.json"
    for name in (file.name, "letter.reading.json", ".letter.json.abcdef01.tmp"):
        (place / name).write_text(text)
        (place / name).chmod(0o666)
    before = everything(place)
    (line,) = repair(file, cache_dir=tmp_path / "cache")
    assert line.startswith("library: not mended: ") and "no library" in line
    assert everything(place) == before


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda place: os.symlink(os.devnull, place)])
def test_of_what_is_no_file_nothing_is_touched_nor_beside_it(tmp_path, make):
    place = tmp_path / "place"
    place.mkdir()
    make(place / "letter.json")
    (place / ".letter.json.abcdef01.tmp").write_text("x")
    before = everything(place)
    (line,) = repair(place / "letter.json", cache_dir=tmp_path / "cache")
    assert line.startswith("library: not mended: ")
    assert everything(place) == before


def test_a_directory_in_the_place_of_the_reading_file_is_named_with_what_to_do(tmp_path):
    path, cache = tmp_path / "library.json", tmp_path / "cache"
    with Library(path, cache_dir=cache) as library:
        library.add([Article(title="One", body="b")])
        library.wait_until_searchable()
    reading = tmp_path / "library.reading.json"
    reading.unlink(missing_ok=True)
    reading.mkdir()
    before = everything(tmp_path)
    repair(path, cache_dir=cache)
    (found,) = [f for f in examine(path, cache_dir=cache) if f.level is Level.WRONG]
    assert found.text == f"{reading} is a directory and no file; move it away"
    assert everything(tmp_path) == before


@pytest.fixture
def running(path, open_library):
    """A library that is open and whose index is damaged in the file."""
    library = open_library(path)
    library.add(Article(title=f"Title {n}", body=f"Text {n} of the harbour.") for n in range(30))
    library.wait_until_searchable()
    return library


def damage(cache):
    (index,) = cache.iterdir()
    (index / "words" / "meta.json").write_text("{")
    return index


def test_programs_that_run_while_the_index_is_built_anew_go_on(running, path, tmp_path):
    damage(tmp_path / "cache")
    assert "index: built anew" in repair(path, cache_dir=tmp_path / "cache")
    running.refresh()
    assert running.find("harbour").count == 30
    running.add([Article(title="New", body="It came to the harbour later.")])
    running.wait_until_searchable()
    assert running.find("harbour").count == 31
    running.mark([1], starred=True)
    running.flush()
    assert list(running.find("is:starred").ids) == [1]
    assert not running.notices
    running.close()
    assert not [f for f in examine(path, cache_dir=tmp_path / "cache") if f.level is Level.WRONG]
    assert len(json.loads(path.read_bytes())["articles"]) == 31


def test_no_index_is_taken_from_under_a_program_that_writes_it(
    running, path, tmp_path, monkeypatch
):
    index = damage(tmp_path / "cache")
    locks = {file.name: file.stat().st_ino for file in index.glob("*.lock")}
    assert set(locks) == {"columns.lock", "words.lock"}
    free = []

    def remove_at_once(directory):
        for name in locks:
            with FileLock(index / name, like=index).attempt() as mine:
                free.append(mine)
        real(directory)

    real = mending.remove_at_once
    monkeypatch.setattr(mending, "remove_at_once", remove_at_once)
    assert "index: built anew" in repair(path, cache_dir=tmp_path / "cache")
    assert free == [False, False]
    assert {file.name: file.stat().st_ino for file in index.glob("*.lock")} == locks
