"""Files of older and of newer versions: older ones are brought up to date and a copy is kept,
newer ones are read and not written, and what can be made anew is made anew."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from store import Article, Highlight, Library, LibraryError, ReadOnlyError, migration
from store.checksums import checksum
from store.copies import backups_of
from store.linefile import LineFile
from store.listrows import VERSION


@pytest.fixture
def library(path, open_library):
    library = open_library(path)
    library.add(Article(title=f"No {n}", body=f"word{n}") for n in range(1, 6))
    library.mark([2], starred=True)
    library.highlight(Highlight(3, quote="word3"))
    return library


def mark_newer(file):
    document = json.loads(file.read_bytes())
    document["meta"]["1"]["format"] = 7
    document["states"]["3"] = {"starred": True, "mood": "merry"}
    file.write_text(json.dumps(document))


def refuses(library):
    """Every way of writing is refused with the reason."""
    ways = [
        lambda: library.add([Article(title="New")]),
        lambda: library.mark([1], read=True),
        lambda: library.tag([1], add=["x"]),
        lambda: library.highlight(Highlight(1, quote="word1")),
        lambda: library.save_view("V", "v"),
        lambda: library.purge([1]),
        library.undo,
        lambda: library.feeds.subscribe("https://e.example/feed"),
    ]
    for way in ways:
        with pytest.raises(ReadOnlyError):
            way()
    return True


def test_the_readme_names_tests_that_there_are():
    root = Path(__file__).parents[2]
    table = (
        (root / "README.md").read_text().partition("| file | its version |")[2].partition("\n\n")[0]
    )
    named = re.findall(r"`(tests/[\w/]+\.py)`", table)
    assert len(named) >= 9
    assert all((root / name).exists() for name in named)


def test_each_file_says_its_version(path, library, reading):
    library.flush()
    assert json.loads(reading.read_bytes())["meta"]["1"]["format"] == migration.FORMAT
    assert library._index.meta("version") == [str(VERSION)]


# ------------------------------------------------------------------------------- the reading file


def test_a_reading_file_of_a_newer_version_is_read_and_not_written(
    path, library, reading, open_library
):
    library.close()
    mark_newer(reading)
    before = path.read_bytes(), reading.read_bytes()
    for _ in range(2):  # the second time the index knows the file
        newer = open_library(path)
        assert newer.readonly
        (notice,) = newer.notices
        assert "a newer broadsheet wrote it" in notice and "update broadsheet" in notice
        assert sorted(newer.find("is:starred").ids) == [2, 3]
        assert refuses(newer)
        newer.remember(1, position=5, anchor="a", progress=0.5)
        newer.close()
    assert (path.read_bytes(), reading.read_bytes()) == before


def test_a_reading_file_that_becomes_a_newer_one_while_it_is_open_is_not_written(
    path, library, reading
):
    library.flush()
    mark_newer(reading)
    before = reading.read_bytes()
    library.mark([4], starred=True)
    with pytest.raises(LibraryError, match="a newer broadsheet wrote it"):
        library.flush()
    assert library.state(4).starred  # kept in memory
    assert reading.read_bytes() == before
    document = json.loads(before)
    document["meta"]["1"]["format"] = migration.FORMAT
    reading.write_text(json.dumps(document))
    library.flush()
    assert json.loads(reading.read_bytes())["states"]["4"]["starred"]


def test_a_reading_file_of_an_older_version_is_brought_up_to_date_and_a_copy_is_kept(
    path, library, reading, open_library, monkeypatch
):
    library.close()
    before = reading.read_bytes()

    def stars_become_hearts(tables):
        for state in tables["states"].values():
            if state.pop("starred", False):
                state["archived"] = True

    monkeypatch.setattr(migration, "FORMAT", 2)
    monkeypatch.setattr(migration, "MIGRATIONS", {1: stars_become_hearts})
    newer = open_library(path, cache="another")
    assert newer.state(2).archived  # read as what it means now
    assert reading.read_bytes() == before  # and not written for that
    newer.mark([1], read=True)
    newer.flush()
    document = json.loads(reading.read_bytes())
    assert document["meta"]["1"]["format"] == 2
    assert document["states"]["2"] == {"archived": True}
    (copy,) = backups_of(path).iterdir()
    assert copy.read_bytes() == before
    newer.mark([1], read=False)
    newer.flush()
    assert len(list(backups_of(path).iterdir())) == 1  # once


def test_a_reading_file_without_a_version_is_of_the_first(path, library, reading, open_library):
    library.close()
    document = json.loads(reading.read_bytes())
    del document["meta"]
    reading.write_text(json.dumps(document))
    again = open_library(path)
    assert again.state(2).starred
    assert not again.readonly
    again.mark([1], read=True)
    again.flush()
    assert json.loads(reading.read_bytes())["meta"]["1"]["format"] == 1


# ------------------------------------------------------------------------------- the library file


@pytest.mark.parametrize("in_lines", [True, False])
def test_a_library_of_a_newer_version_is_read_and_not_written(
    path, library, reading, open_library, in_lines
):
    library.close()
    mark = {"broadsheet": {"1": {"format": 2}}}
    if in_lines:
        text = path.read_text().replace("{", json.dumps(mark)[:-1] + ", ", 1)
    else:
        text = json.dumps({**mark, **json.loads(path.read_bytes())}, indent=1)
    path.write_text(text)
    before = path.read_bytes(), reading.read_bytes()
    for _ in range(2):
        newer = open_library(path)
        newer.wait_until_listed()
        (notice,) = newer.notices
        assert "a newer broadsheet wrote it (format 2, this one knows 1)" in notice
        assert len(newer.newest(10)) == 5
        assert refuses(newer)
        newer.close()
    assert (path.read_bytes(), reading.read_bytes()) == before
    file = LineFile(path)
    with pytest.raises(ReadOnlyError):
        file.append([(9, b"{}")])
    file.close()


def test_a_library_that_names_the_version_there_is_is_written(path, library, open_library):
    library.close()
    path.write_text(
        path.read_text().replace(
            '{"articles": {', '{"broadsheet": {"1": {"format": 1}}, "articles": {', 1
        )
    )
    again = open_library(path)
    assert again.add([Article(title="New")]).added == [6]
    assert json.loads(path.read_bytes())["broadsheet"] == {"1": {"format": 1}}


# ------------------------------------------------------------------------------- the index


@pytest.mark.parametrize("version", ["1", str(VERSION + 5), ""])
def test_an_index_of_another_version_is_made_anew_without_a_word(
    path, tmp_path, library, open_library, version
):
    library.wait_until_searchable()
    library.close()
    (file,) = (tmp_path / "cache").glob("*/columns.sqlite")
    with sqlite3.connect(file) as db:
        row = (version, checksum("version", version))
        db.execute("update meta set value = ?, sum = ? where key = 'version'", row)
    db.close()
    with Library(path, cache_dir=tmp_path / "cache") as again:
        again.wait_until_searchable()
        assert again.notices == []
        assert list(again.find("word3").ids) == [3]
        assert list(again.find("is:starred").ids) == [2]
