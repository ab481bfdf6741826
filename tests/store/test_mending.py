"""What a repair must not touch, and programs that run while it mends."""

from __future__ import annotations

import json
import os
import time

import pytest

from store import (
    Article,
    Level,
    Library,
    backups_of,
    copies_of,
    examine,
    mending,
    repair,
    restore_backup,
    write_backup,
)
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
def tagged(path, tmp_path):
    """A library with marks, a copy of those of yesterday, and a backup of another library."""
    other = tmp_path / "other" / "library.json"
    for place, tag in ((path, "mine"), (other, "theirs")):
        with Library(place, cache_dir=tmp_path / "cache") as library:
            library.add(Article(title=f"{tag} {n}", body=f"{tag} {n}") for n in range(3))
            library.tag([1, 2], add=[tag])
    write_backup(other, tmp_path / "other.zip")
    yesterday = time.time() - 86_400
    os.utime(path.with_name("library.reading.json"), (yesterday, yesterday))
    with Library(path, cache_dir=tmp_path / "cache") as library:
        library.mark([3], starred=True)
    assert len(copies_of(path)) == 1
    return path


def cut_reading(path, tmp_path):
    """Damage the reading file and repair; what is said, and the tags then."""
    os.truncate(path.with_name("library.reading.json"), 100)
    done = repair(path, cache_dir=tmp_path / "cache")
    with Library(path, cache_dir=tmp_path / "cache") as library:
        return done[-1], [library.state(n).tags for n in (1, 2, 3)]


def test_a_damaged_reading_file_gets_no_marks_of_the_library_that_was_there_before(
    tagged, tmp_path
):
    restore_backup(tagged, tmp_path / "other.zip")
    said, tags = cut_reading(tagged, tmp_path)
    assert tags == [None, None, None]
    today = time.strftime("%Y-%m-%d")
    assert f"no sound daily copy since library.json was replaced or mended on {today}" in said
    assert "everything is unread" in said and "broadsheet restore --list" in said


def test_it_gets_the_marks_of_the_day_on_which_the_library_was_restored(tagged, tmp_path):
    restore_backup(tagged, tmp_path / "other.zip")
    then = time.strftime("%Y-%m-%d", time.localtime(time.time() - 2 * 86_400))
    for copy in copies_of(tagged):
        if copy.at:  # as if it had been then
            copy.path.rename(copy.path.with_name(f"{copy.kind}-{then}T{copy.at}.json"))
        else:
            copy.path.write_bytes(tagged.with_name("library.reading.json").read_bytes())
            copy.path.rename(copy.path.with_name(f"reading-{then}.json"))
    said, tags = cut_reading(tagged, tmp_path)
    assert said == f"reading file: as it was on {then}"
    assert tags == [("theirs",), ("theirs",), None]


def test_it_gets_the_marks_of_yesterday_also_where_the_library_was_damaged_with_it(
    tagged, tmp_path
):
    os.truncate(tagged, tagged.stat().st_size - 2)
    said, tags = cut_reading(tagged, tmp_path)
    assert said.startswith("reading file: as it was on ")
    assert tags == [("mine",), ("mine",), None]


def test_copies_of_one_second_are_in_the_order_in_which_they_were_made(path):
    backups_of(path).mkdir()
    names = [f"reading-2026-11-20T101010{n}.json" for n in ("", *(f"-{n}" for n in range(2, 13)))]
    for name in sorted(names):
        (backups_of(path) / name).write_text("{}")
    assert [copy.path.name for copy in copies_of(path)] == names[::-1]


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
