"""What cannot be saved when a program ends waits elsewhere, and the next one takes it in."""

from __future__ import annotations

import json
import os
import stat

import pytest

from store import Article, Library, LibraryError, reading


@pytest.fixture
def disk(monkeypatch, tmp_path):
    """A disk on which the reading file cannot be written while it is full."""

    class Disk:
        full = True

    real = reading.replace_file

    def replace_file(target, chunks):
        if Disk.full:
            raise OSError(28, os.strerror(28))
        real(target, chunks)

    monkeypatch.setattr(reading, "replace_file", replace_file)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Disk


@pytest.fixture
def unsaved(tmp_path):
    return tmp_path / "state" / "broadsheet" / "unsaved"


@pytest.fixture
def marked(path, tmp_path, disk):
    """A library in which something was marked that could not be saved."""
    library = Library(path, cache_dir=tmp_path / "cache")
    library.add(Article(title=f"No {n}", body="b", tags=("own",)) for n in range(1, 4))
    library.mark([1], starred=True)
    library.tag([2], add=["later"])
    library.remember(3, position=4, anchor="here", progress=0.5)
    with pytest.raises(LibraryError, match=r"make room.*3 changes wait in .*unsaved.*next start"):
        library.close()
    return path


def test_what_could_not_be_saved_is_taken_in_by_the_next_start(marked, disk, unsaved, open_library):
    (file,) = unsaved.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(unsaved.stat().st_mode) == 0o700
    disk.full = False
    library = open_library(marked)
    assert list(library.find("is:starred").ids) == [1]
    assert library.get(2).tags == ("own", "later")
    assert (library.state(3).position, library.state(3).anchor) == (4, "here")
    library.flush()
    assert library.notices == ["3 changes that could not be saved the last time: saved now"]
    assert not list(unsaved.iterdir())
    assert library.undo() is not None
    library.close()
    assert open_library(marked, cache="other").state(1).starred


def test_a_disk_that_is_still_full_hinders_no_list_and_nothing_is_lost_again(
    marked, disk, unsaved, open_library
):
    library = open_library(marked)
    assert library.state(1).starred
    assert library.find("").count == 3
    assert library.newest(3)
    library.mark([3], read=True)
    with pytest.raises(LibraryError, match="4 changes wait"):
        library.close()
    assert len(list(unsaved.iterdir())) == 1
    disk.full = False
    library = open_library(marked)
    library.flush()
    assert library.state(1).starred and library.state(3).read


def test_what_fails_while_earlier_changes_wait_is_not_told_to_wait_itself(marked, tmp_path):
    def failing():
        with Library(marked, cache_dir=tmp_path / "cache") as library:
            library.save_view("Starred too", "is:starred")

    for _ in range(2):
        with pytest.raises(LibraryError, match=r"cannot be saved .*; 3 earlier changes wait in "):
            failing()
    with (
        pytest.raises(LibraryError, match=r"^it is dark; reading .*; 3 earlier changes wait in "),
        Library(marked, cache_dir=tmp_path / "cache"),
    ):
        raise LibraryError("it is dark")
    with (
        pytest.raises(ZeroDivisionError) as caught,
        Library(marked, cache_dir=tmp_path / "cache") as library,
    ):
        library.mark([3], read=1 / 0)
    assert "3 earlier changes wait in " in caught.value.__notes__[0]
    library = Library(marked, cache_dir=tmp_path / "cache")
    library.mark([3], read=True)
    with pytest.raises(LibraryError, match=r"; 4 changes wait \(3 of them earlier ones\) in "):
        library.close()


def test_another_library_and_one_for_reading_only_leave_it_where_it_is(
    marked, disk, unsaved, open_library, path
):
    disk.full = False
    other = open_library(path.with_name("other.json"))
    other.add([Article(title="Other", body="b")])
    other.flush()
    with Library(marked, readonly=True, cache_dir=unsaved.parent / "cache") as library:
        assert not library.state(1).starred
    assert len(list(unsaved.iterdir())) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b'{"format": 9}', b'{"format": 0, "changes": []}',
        b'{"format": "1", "changes": []}', b'{"format":1,"changes":[1]}',
    ],
)  # fmt: skip
def test_a_damaged_file_is_told_and_left(marked, disk, unsaved, open_library, raw):
    (file,) = unsaved.iterdir()
    file.write_bytes(raw)
    disk.full = False
    library = open_library(marked)
    (notice,) = library.notices
    assert str(file) in notice and notice.isprintable()
    assert file.exists()


def test_a_file_of_an_older_format_is_taken_in(marked, disk, unsaved, open_library, monkeypatch):
    monkeypatch.setattr("store.unsaved._FORMAT", 2)
    disk.full = False
    library = open_library(marked)
    library.flush()
    assert library.notices == ["3 changes that could not be saved the last time: saved now"]
    assert library.state(1).starred
    assert not list(unsaved.iterdir())


def test_what_is_kept_by_one_name_of_a_library_is_taken_in_by_another(
    path, tmp_path, disk, unsaved, open_library
):
    link = path.with_name("name.json")
    link.symlink_to(path)
    library = Library(link, cache_dir=tmp_path / "cache")
    library.add([Article(title="One", body="b")])
    library.mark([1], starred=True)
    with pytest.raises(LibraryError, match="1 change waits"):
        library.close()
    disk.full = False
    library = open_library(path)
    library.flush()
    assert library.state(1).starred
    assert not list(unsaved.iterdir())


@pytest.mark.parametrize("ids", [[1 << 63], [10**30], ["1"], [True], [1e999], [[1]], [None]])
def test_ids_that_cannot_be_are_left_out(marked, disk, unsaved, open_library, ids):
    (file,) = unsaved.iterdir()
    change = {"ids": [*ids, 2], "fields": {"position": 10**30, "progress": 10**400, "read": True}}
    file.write_text(json.dumps({"format": 1, "changes": [change]}))
    disk.full = False
    library = open_library(marked)
    library.flush()
    assert library.state(2).read
    assert (library.state(2).position, library.state(2).progress) == (0, 1.0)
    assert list(library.find("is:read").ids) == [2]


def test_a_file_that_others_can_write_is_not_believed(marked, disk, unsaved, open_library):
    unsaved.chmod(0o777)
    disk.full = False
    library = open_library(marked)
    library.flush()
    assert not library.state(1).starred


def test_where_the_state_directory_is_full_too_another_place_is_found(
    path, tmp_path, disk, monkeypatch, open_library
):
    (tmp_path / "state").write_text("in the way")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    from store import places

    real = places.unsaved_places()
    own = [place for place in real if tmp_path in place.parents]
    monkeypatch.setattr("store.unsaved.unsaved_places", lambda: own)
    library = open_library(path)
    library.add([Article(title="One", body="b")])
    library.mark([1], starred=True)
    with pytest.raises(LibraryError, match=r"1 change waits in .*tmp/broadsheet-"):
        library.close()


def test_whatever_hinders_the_saving_the_marks_are_kept_and_the_person_is_told(
    path, tmp_path, disk, unsaved, open_library, monkeypatch
):
    disk.full = False
    library = open_library(path)
    library.add([Article(title="One", body="b")])

    def fail(*_: object) -> None:
        raise ValueError("a fault of the program's")

    with monkeypatch.context() as patch:
        patch.setattr(reading, "replace_file", fail)
        library.mark([1], starred=True)
        with pytest.raises(LibraryError, match=r"cannot be saved \(a fault of the program's\)"):
            library.flush()
        assert library.state(1).starred
        with pytest.raises(LibraryError, match=r"1 change waits in .*unsaved.*next start"):
            library.close()
    library = open_library(path)
    library.flush()
    assert library.state(1).starred
    assert not list(unsaved.iterdir())


def test_a_pipe_in_the_place_of_what_was_kept_is_told_and_not_waited_for(
    marked, disk, unsaved, open_library
):
    (file,) = unsaved.iterdir()
    file.unlink()
    os.mkfifo(file)
    disk.full = False
    (notice,) = open_library(marked).notices
    assert "is a named pipe and no file" in notice
