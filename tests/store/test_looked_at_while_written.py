"""What looks at every line of a library while another program writes it; writing is no damage."""

from __future__ import annotations

import json

import pytest

from store import Article, Level, examine, lineformat, restore_backup, write_backup


@pytest.fixture
def adding_meanwhile(path, open_library, monkeypatch):
    """A library to which another program adds an article at the moment its lines are checked."""
    library = open_library(path)
    library.add(Article(title=f"Title {n}", body="Text. " * 50) for n in range(30))
    library.wait_until_searchable()
    check, added = lineformat.good_end, []

    def add_first(*args, **options):
        if not added:
            added.extend(library.add([Article(title="Late", body="It came late.")]).added)
        return check(*args, **options)

    monkeypatch.setattr(lineformat, "good_end", add_first)
    return added


def test_a_library_that_is_written_during_the_look_is_backed_up(path, tmp_path, adding_meanwhile):
    write_backup(path, tmp_path / "all.zip")
    assert adding_meanwhile
    restore_backup(tmp_path / "other.json", tmp_path / "all.zip")
    assert len(json.loads((tmp_path / "other.json").read_bytes())["articles"]) in (30, 31)


def test_a_library_that_is_written_during_the_look_is_not_called_damaged(
    path, tmp_path, adding_meanwhile
):
    findings = examine(path, cache_dir=tmp_path / "cache")
    assert adding_meanwhile
    assert [finding.text for finding in findings if finding.level is Level.WRONG] == []


def test_articles_added_while_the_doctor_counts_are_no_damage_of_the_index(
    path, tmp_path, open_library
):
    library = open_library(path)
    library.add([Article(title="One", body="Text.")])
    added = []

    def add_once(what, done, total):
        if what == "examining the index" and not added:
            added.extend(library.add([Article(title="Late", body="It came late.")]).added)

    findings = examine(path, cache_dir=tmp_path / "cache", on_progress=add_once)
    assert added
    assert [finding.text for finding in findings if finding.level is Level.WRONG] == []


def test_looking_for_damage_makes_no_lock_file(path, tmp_path, open_library):
    open_library(path).close()
    lock = path.with_name("library.json.lock")
    lock.unlink(missing_ok=True)
    path.write_bytes(path.read_bytes()[:-1])
    examine(path, cache_dir=tmp_path / "cache")
    open_library(path, readonly=True)
    assert not lock.exists()
