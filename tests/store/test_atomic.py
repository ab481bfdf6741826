"""Replacing a file whole or not at all."""

import os
import stat

import pytest

from store import Article, Library
from store.atomic import create_directories, remove_leftovers, replace_file


def test_a_new_file_is_private(tmp_path):
    replace_file(tmp_path / "a.json", [b"one ", b"two"])
    assert (tmp_path / "a.json").read_bytes() == b"one two"
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o600


def test_an_existing_file_keeps_its_mode_and_its_link(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o644)
    link.symlink_to("target")
    replace_file(link, [b"new"])
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o644


def test_the_old_file_can_be_read_until_the_new_one_is_complete(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def chunks():
        yield b"new "
        yield path.read_bytes()

    replace_file(path, chunks())
    assert path.read_bytes() == b"new old"


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def chunks():
        yield b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace_file(path, chunks())
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_a_file_placed_where_the_temporary_one_goes_is_not_followed(tmp_path, monkeypatch):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    monkeypatch.setattr(os, "urandom", lambda _: b"\0\0\0\0")
    (tmp_path / ".a.00000000.tmp").symlink_to(victim)
    with pytest.raises(FileExistsError):
        replace_file(tmp_path / "a", [b"new"])
    assert victim.read_bytes() == b"precious"


def test_only_leftovers_of_the_same_file_are_removed(tmp_path):
    for name in (
        ".a.01234567.tmp",
        ".b.01234567.tmp",
        ".a.0123456.tmp",
        "a.tmp",
        ".axb.01234567.tmp",
    ):
        (tmp_path / name).write_bytes(b"")
    remove_leftovers(tmp_path / "a")
    assert sorted(os.listdir(tmp_path)) == sorted(
        [".b.01234567.tmp", ".a.0123456.tmp", "a.tmp", ".axb.01234567.tmp"]
    )


def test_missing_directories_are_made_private_and_existing_ones_left(tmp_path):
    tmp_path.chmod(0o755)
    create_directories(tmp_path / "a" / "b")
    create_directories(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_what_is_marked_is_saved_in_a_directory_that_may_be_written_and_not_read(powerless):
    place = powerless / "place"
    with Library(place / "library.json", cache_dir=powerless / "cache") as library:
        library.add([Article(title="One", body="Text.")])
        place.chmod(0o311)
        try:
            library.mark([1], starred=True)
            library.flush()  # would raise
            assert b"starred" in (place / "library.reading.json").read_bytes()
        finally:
            place.chmod(0o700)
