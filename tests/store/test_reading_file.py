"""The reading file by whatever name it is opened, read-only, or with what is none of ours in it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from store import Article, Bookmark, Highlight, Library, LibraryError, ReadOnlyError, backups_of

STARS = """
import sys
from pathlib import Path
from store import Library
path, cache, *ids = sys.argv[1:]
with Library(path, cache_dir=cache) as library:
    print("open", flush=True)
    sys.stdin.readline()
    for id in ids:
        library.mark([int(id)], starred=True)
        library.flush()
"""


@pytest.fixture
def library(path, open_library):
    library = open_library(path)
    library.add(Article(title=f"No {n}", body=f"word{n}") for n in range(1, 6))
    library.mark([2], starred=True)
    library.flush()
    return library


def starred(path, cache):
    with Library(path, cache_dir=cache) as library:
        return sorted(library.find("is:starred").ids)


# ------------------------------------------------------------------------------- several names


def test_two_programs_that_name_the_files_differently_lose_no_mark_of_each_other(path, tmp_path):
    real = tmp_path / "real" / "articles.json"
    with Library(real, cache_dir=tmp_path / "cache") as library:
        library.add(Article(title=f"No {n}", body="b") for n in range(1, 61))
        library.mark([60], read=True)
    path.symlink_to(real)
    path.with_name("library.reading.json").symlink_to(real.with_name("articles.reading.json"))
    programs = []
    for name, ids in ((real, range(1, 31)), (path, range(31, 61))):
        arguments = [sys.executable, "-c", STARS, str(name), str(tmp_path / "cache"),
                     *map(str, ids)]  # fmt: skip
        environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        programs.append(
            subprocess.Popen(arguments, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
        )  # fmt: skip
    for program in programs:
        assert program.stdout.readline() == "open\n"
    for program in programs:
        program.stdin.write("\n")
        program.stdin.flush()
    for program in programs:
        _, error = program.communicate(timeout=120)
        assert program.returncode == 0, error
    states = json.loads(real.with_name("articles.reading.json").read_bytes())["states"]
    assert {int(key) for key, state in states.items() if state.get("starred")} == {*range(1, 61)}
    assert path.with_name("library.reading.json").is_symlink()
    assert not path.with_name("library.reading.json.lock").exists()


def test_a_library_has_one_reading_file_also_where_it_is_named_by_a_link(path, tmp_path):
    real = tmp_path / "synced" / "articles.json"
    real.parent.mkdir()
    path.symlink_to(real)
    with Library(path, cache_dir=tmp_path / "cache") as library:
        library.add([Article(title="One", body="b"), Article(title="Two", body="b")])
        library.mark([1], starred=True)
    with Library(real, cache_dir=tmp_path / "cache") as library:
        assert library.state(1).starred
        library.mark([2], starred=True)
    assert starred(path, tmp_path / "other") == [1, 2]
    names = {entry.name for entry in real.parent.iterdir()}
    assert names >= {"articles.json", "articles.reading.json", "articles.reading.json.lock"}
    assert {entry.name for entry in tmp_path.iterdir()} == {
        "library.json", "synced", "cache", "other"
    }  # fmt: skip
    day_ago = os.stat(real).st_mtime - 100_000
    os.utime(real.with_name("articles.reading.json"), (day_ago, day_ago))
    with Library(path, cache_dir=tmp_path / "cache") as library:
        library.mark([1], starred=False)
    assert backups_of(path) == backups_of(real) == real.with_name("articles.backups")
    assert len(list(backups_of(real).iterdir())) == 1


def test_a_reading_file_that_lies_beside_a_link_already_stays_there_and_counts(path, tmp_path):
    real = tmp_path / "synced" / "library.json"
    with Library(real, cache_dir=tmp_path / "cache") as library:
        library.add([Article(title="One", body="b"), Article(title="Two", body="b")])
        library.mark([1], starred=True)
    path.symlink_to(real)
    beside = path.with_name("library.reading.json")
    beside.write_text('{"states": {"2": {"starred": true}}}')
    assert starred(path, tmp_path / "one") == [2]
    assert starred(real, tmp_path / "two") == [1]
    with Library(path, cache_dir=tmp_path / "one") as library:
        library.mark([2], read=True)
    assert json.loads(beside.read_bytes())["states"]["2"]["read"]


# ------------------------------------------------------------------------------- permissions


def test_a_reading_file_that_may_not_be_written_is_not_replaced(powerless):
    path = powerless / "library.json"
    reading = powerless / "library.reading.json"

    def opened():
        return Library(path, cache_dir=powerless / "cache")

    with opened() as library:
        library.add([Article(title="One", body="b")])
        library.mark([1], starred=True)
    reading.chmod(0o400)
    before = reading.read_bytes()
    with opened() as library:
        assert library.readonly
        (notice,) = library.notices
        assert "library.reading.json is read-only" in notice and "writable" in notice
        assert library.state(1).starred
        for way in (
            lambda: library.mark([1], read=True),
            lambda: library.add([Article(title="2")]),
        ):
            with pytest.raises(ReadOnlyError, match=r"library\.reading\.json is read-only"):
                way()
    reading.chmod(0o600)
    with opened() as library:
        library.mark([1], read=True)
        reading.chmod(0o400)  # while it is open
        with pytest.raises(LibraryError, match=r"read-only; make it writable \(chmod u\+w\)"):
            library.flush()
        assert reading.read_bytes() == before
        reading.chmod(0o600)
        library.flush()
    assert json.loads(reading.read_bytes())["states"]["1"]["read"]
    assert stat.S_IMODE(reading.stat().st_mode) == 0o600


@pytest.mark.parametrize("lock_too", [False, True])
def test_a_file_that_nobody_could_read_for_a_while_is_written_again_afterwards(powerless, lock_too):
    path = powerless / "library.json"
    cache = powerless / "cache"
    with Library(path, cache_dir=cache) as library:
        library.add([Article(title="One", body="b")])
        library.mark([1], starred=True)
    lock = powerless / "library.json.lock"
    path.chmod(0)
    with pytest.raises(LibraryError):
        Library(path, cache_dir=cache)
    if lock_too:  # as versions before left it
        lock.chmod(0)
    path.chmod(0o600)
    with Library(path, cache_dir=cache) as library:
        assert not library.readonly
        library.add([Article(title="Two", body="b")])
        path.chmod(0)  # and its mode is looked at with the lock taken anew
        library.mark([1], read=True)
        library.flush()
        path.chmod(0o600)
    assert stat.S_IMODE(lock.stat().st_mode) == 0o600
    assert stat.S_IMODE((powerless / "library.reading.json.lock").stat().st_mode) == 0o600


# ------------------------------------------------------------------------------- odd contents


@pytest.mark.parametrize("format", [0, -3, "2", 1.5, None, True, [1], {"a": 1}, "\x1b[31m"])
def test_a_format_that_cannot_be_is_damage_and_nothing_is_written(
    path, library, reading, open_library, format
):
    library.close()
    document = json.loads(reading.read_bytes())
    document["meta"]["1"]["format"] = format
    reading.write_text(json.dumps(document))
    before = path.read_bytes(), reading.read_bytes()
    for cache in ("cache", "another"):
        with pytest.raises(LibraryError, match="the reading file is damaged") as caught:
            open_library(path, cache=cache)
        assert str(reading) in str(caught.value) and "restore a copy" in str(caught.value)
        assert str(caught.value).isprintable()
    assert (path.read_bytes(), reading.read_bytes()) == before


ROWS = {
    "j one": {},
    "7": {"label": "x", "before": {"1": 5}, "after": []},
    "8": {"label": 5, "before": [[{"read": True}, ["1"]]]},
    "9": {"label": "x", "views": {"before": {"1": 5}}},
    "10": {"label": "x", "highlights": []},
    "11": {"before": [[{"read": True}, [1 << 70]]], "after": []},
    "12": {"before": [[{"read": True}, [[1, 10**15]]]], "after": [[{"read": False}, [[1, 2]]]]},
    "13": {"before": [[{"read": True}, [[2, 1], [1], "x", [1, "2"]]]], "after": []},
    "9" * 5_000: {"before": [[{"read": True}, [3]]]},
}


def test_rows_of_the_journal_that_make_no_sense_are_skipped_and_kept(
    path, library, reading, open_library
):
    library.close()
    document = json.loads(reading.read_bytes())
    document["journal"].update(ROWS)
    reading.write_text(json.dumps(document))
    again = open_library(path, cache="another")
    assert again.undo() == "starred “No 2”"
    assert again.undo() is None
    assert again.redo() == "starred “No 2”"
    again.tag([1], add=["x"])
    again.flush()
    assert again.undo() == "tagged “No 1” with x"
    journal = json.loads(reading.read_bytes())["journal"]
    assert {key: journal[key] for key in ROWS} == ROWS


def test_what_is_new_gets_a_number_whatever_numbers_there_are(path, library, reading, open_library):
    library.close()
    document = json.loads(reading.read_bytes())
    most = str((1 << 53) - 1)
    document["highlights"] = {most: {"article": 1, "quote": "word1"}, "x": {}, "9" * 5_000: {}}
    document["feeds"] = {most: {"url": "https://a.example/f", "interval": 10**400}, "-2": {}}
    document["views"] = {most: {"name": "V", "query": "v"}}
    document["bookmarks"] = {most: {"letter": "a", "article": 1}}
    document["meta"].update(
        {"2": {"highest": "xx"}, "3": {"highlights": 10**30}, "4": {"feeds": 1e999}}
    )
    reading.write_text(json.dumps(document))
    again = open_library(path, cache="another")
    number = again.highlight(Highlight(1, quote="word1", note="n"))
    assert {number, int(most)} == {each.id for each in again.highlights(1)}
    again.feeds.subscribe("https://b.example/f")
    assert [each.interval for each in again.feeds.all() if each.url == "https://a.example/f"] == [
        60 * 24 * 30
    ]
    assert len(again.feeds.all()) == 2
    again.save_view("W", "w")
    assert set(again.views()) == {"V", "W"}
    again.bookmarks.set(Bookmark("b", 1))
    assert [each.letter for each in again.bookmarks.all(1)] == ["a", "b"]
    assert again.add([Article(title="Six", body="b")]).added == [6]


def test_a_row_nested_deeper_than_can_be_written_is_told_and_nothing_is_lost(
    path, library, reading, tmp_path, monkeypatch
):
    library.close()
    text = reading.read_text().rstrip().removesuffix("}")
    reading.write_text(f'{text}, "other": {{"1": {{"x": {"[" * 960}{"]" * 960}}}}}}}')
    before = reading.read_bytes()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    again = Library(path, cache_dir=tmp_path / "another")
    again.mark([1], read=True)
    try:
        again.close()
    except LibraryError as error:
        assert "nested too deeply" in str(error) and "1 change waits in" in str(error)
        assert reading.read_bytes() == before
    else:
        assert json.loads(reading.read_bytes())["states"]["1"]["read"]


# ------------------------------------------------------------------------------- what is no file


def pipe(place):
    os.mkfifo(place)
    return "named pipe"


def device(place):
    place.symlink_to(os.devnull)
    return "device"


def directory(place):
    place.mkdir()
    return "directory"


def socket_of(place):
    import socket

    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(place))
    return "socket"


def identity(place):
    """What changes when something is replaced or written, and not when it is looked at."""
    status = os.lstat(place)
    return status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns


@pytest.mark.parametrize("make", [pipe, device, directory, socket_of])
@pytest.mark.parametrize("name", ["library.reading.json", "library.reading.json.lock"])
def test_what_is_no_file_is_told_in_one_line_and_never_waited_for(
    path, tmp_path, open_library, monkeypatch, make, name
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    open_library(path).add([Article(title="One", body="b")])
    place = path.with_name(name)
    place.unlink(missing_ok=True)
    kind = make(place)
    before = identity(place)
    with pytest.raises(LibraryError) as told:
        library = Library(path, cache_dir=tmp_path / "other")
        library.mark([1], starred=True)
        library.close()
    said = str(told.value).partition(";")[0]
    if name.endswith(".lock") and make is device:
        assert "cannot be saved" in said  # a link, which is not followed
    else:
        assert said == f"{place} is a {kind} and no file"
    assert identity(place) == before


@pytest.mark.parametrize("make", [pipe, device, directory, socket_of])
def test_beside_what_is_no_lock_the_library_opens_for_reading_only(path, open_library, make):
    open_library(path).add([Article(title="One", body="b")])
    lock = path.with_name("library.json.lock")
    lock.unlink()
    make(lock)
    library = open_library(path, cache="other")
    assert library.readonly
    assert [row.title for row in library.newest(2)] == ["One"]


@pytest.mark.parametrize("make", [pipe, device, directory, socket_of])
def test_what_is_no_file_is_no_backup_and_no_copy(path, tmp_path, open_library, make):
    from store import restore_backup, restore_library, restore_reading

    open_library(path).add([Article(title="One", body="b")])
    before = path.read_bytes()
    make(tmp_path / "other")
    for restore in (restore_backup, restore_library, restore_reading):
        with pytest.raises(LibraryError) as told:
            restore(path, tmp_path / "other")
        assert "\n" not in str(told.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize(("one", "other"), [("p", "p.json"), ("p.json", "p")])
def test_two_libraries_that_share_what_was_read_are_told(tmp_path, open_library, one, other):
    open_library(tmp_path / other, cache="other").add([Article(title="A", body="x")])
    (notice,) = open_library(tmp_path / one).notices
    assert (
        notice == f"{other} beside it has the same p.reading.json: give one of the two another name"
    )


def test_another_file_without_the_ending_is_no_library(tmp_path, open_library):
    (tmp_path / "p").write_text("A note.")
    assert open_library(tmp_path / "p.json").notices == []
