"""What the doctor finds, and what it mends."""

from __future__ import annotations

import json
import shutil

import pytest

from store import Article, Highlight, Level, Library, LibraryError, backups_of, examine, repair

ARTICLES = [Article(title=f"Title {n}", body=f"Text {n} of the harbour. " * 50) for n in range(30)]


@pytest.fixture
def library(path, tmp_path):
    """A library that is closed, with its index."""
    with Library(path, cache_dir=tmp_path / "cache") as opened:
        opened.add(ARTICLES)
        opened.mark([1, 2], read=True)
        opened.highlight(Highlight(article=4, quote="Text 3"))
        opened.wait_until_searchable()
    return path


@pytest.fixture
def look(library, tmp_path):
    """What is found that is not fine: level, what about, text."""

    def look_():
        found = examine(library, cache_dir=tmp_path / "cache")
        return [(f.level, f.about, f.text) for f in found if f.level is not Level.FINE]

    return look_


@pytest.fixture
def mend(library, tmp_path):
    return lambda: repair(library, cache_dir=tmp_path / "cache")


def snapshot(directory):
    return {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in directory.glob("library*")}


def test_of_a_sound_library_there_is_nothing_to_say_and_nothing_to_mend(library, look, mend):
    before = snapshot(library.parent)
    assert look() == []
    assert mend() == []
    assert snapshot(library.parent) == before


def test_a_library_that_is_not_there_is_not_made(tmp_path):
    (finding,) = examine(tmp_path / "none.json", cache_dir=tmp_path / "cache")
    assert finding.level is Level.NOTE and "not there yet" in finding.text
    assert repair(tmp_path / "none.json", cache_dir=tmp_path / "cache") == []
    assert not (tmp_path / "none.json").exists()


def test_a_torn_tail_is_found_without_being_touched_and_mended_with_a_copy(library, look, mend):
    torn = library.read_bytes()[:-100]
    library.write_bytes(torn)
    assert any(level is Level.WRONG and "torn" in text for level, _, text in look())
    assert library.read_bytes() == torn
    assert any("put aside" in line for line in mend())
    (copy,) = backups_of(library).glob("library-*.json")
    assert copy.read_bytes() == torn
    assert not [about for level, about, _ in look() if level is Level.WRONG]
    with Library(library) as opened:
        assert len(opened) == 29


def test_damage_in_the_middle_costs_one_article(library, look, mend):
    lines = library.read_bytes().split(b"\n")
    lines[7] = lines[7][:50] + b"\0\0\0" + lines[7][60:]
    library.write_bytes(b"\n".join(lines))
    mend()
    assert not [about for level, about, _ in look() if level is Level.WRONG]
    with Library(library) as opened:
        assert len(opened) == 29


def test_a_file_that_is_no_library_is_refused_and_left_alone(library, look, mend):
    library.write_bytes(b"[1, 2")
    assert look()[0][:2] == (Level.WRONG, "library")
    with pytest.raises(LibraryError):
        mend()
    assert library.read_bytes() == b"[1, 2"


def test_a_damaged_reading_file_comes_back_from_its_newest_sound_copy(library, look, mend):
    reading = library.with_name("library.reading.json")
    copies = backups_of(library)
    copies.mkdir()
    shutil.copy(reading, copies / "reading-2026-11-20.json")
    (copies / "reading-2026-11-21.json").write_text("{damaged too")
    reading.write_text('{"states": {"1"')
    assert any(about == "reading file" and level is Level.WRONG for level, about, _ in look())
    assert any("2026-11-20" in line for line in mend())
    assert json.loads(reading.read_text())["states"]["1"]["read"] is True
    kept = [p.read_text() for p in copies.glob("reading-*T*.json")]
    assert kept == ['{"states": {"1"']


def test_without_a_copy_a_damaged_reading_file_is_kept_and_all_is_unread(library, mend, look):
    reading = library.with_name("library.reading.json")
    reading.write_text("{damaged")
    assert any("unread" in line for line in mend())
    assert [p.read_text() for p in backups_of(library).glob("reading-*.json")] == ["{damaged"]
    assert not [about for level, about, _ in look() if level is Level.WRONG]


def test_a_reading_file_of_a_newer_version_is_left_alone(library, look, mend):
    reading = library.with_name("library.reading.json")
    tables = json.loads(reading.read_text())
    tables["meta"]["1"]["format"] = 99
    reading.write_text(json.dumps(tables))
    assert any("newer" in text for _, _, text in look())
    with pytest.raises(LibraryError, match="newer"):
        mend()
    assert json.loads(reading.read_text()) == tables


@pytest.mark.parametrize("name", ["columns.sqlite", "words/meta.json"])
def test_a_damaged_index_is_built_anew(library, look, mend, tmp_path, name):
    (directory,) = (tmp_path / "cache").iterdir()
    file = directory / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 200] = b"\x5a" * 200
    file.write_bytes(data)
    assert any(about == "index" and level is Level.WRONG for level, about, _ in look())
    assert "index: built anew" in mend()
    assert look() == []
    with Library(library, cache_dir=tmp_path / "cache") as opened:
        assert len(opened.find("harbour").ids) == 30


def test_an_index_that_is_not_there_yet_is_no_fault(library, look, tmp_path):
    shutil.rmtree(tmp_path / "cache")
    assert [level for level, about, _ in look() if about == "index"] == [Level.NOTE]


def test_files_that_others_may_write_are_closed_to_them(library, look, mend):
    library.chmod(0o666)
    assert any(level is Level.WRONG and "write" in text for level, _, text in look())
    mend()
    assert library.stat().st_mode & 0o007 == 0


def test_what_syncing_programs_and_killed_writers_left_is_named(library, look, mend):
    clash = library.with_name("library.sync-conflict-20261128-081500-ABCDEFG.json")
    clash.write_bytes(library.read_bytes())
    leftover = library.with_name(".library.json.0123abcd.tmp")
    leftover.write_text("half")
    texts = " ".join(text for _, _, text in look())
    assert "sync-conflict" in texts and "1 unfinished file" in texts
    mend()
    assert clash.exists() and not leftover.exists()


def test_marks_of_articles_that_are_gone_are_counted(library, look, tmp_path):
    with Library(library, cache_dir=tmp_path / "cache") as opened:
        opened.purge([1, 4])
        opened.wait_until_searchable()
    (text,) = [text for _, about, text in look() if about == "reading file"]
    assert "1 state and 1 highlight" in text


def test_a_file_of_stock_tinydb_is_examined_as_it_is(tmp_path):
    tinydb = pytest.importorskip("tinydb")
    path = tmp_path / "stock.json"
    with tinydb.TinyDB(path) as db:
        db.table("articles").insert_multiple({"title": f"T{n}", "body": "x"} for n in range(5))
    before = path.read_bytes()
    found = examine(path, cache_dir=tmp_path / "cache")
    assert any("5 articles" in f.text for f in found)
    assert any("another program" in f.text for f in found)
    assert path.read_bytes() == before
