"""What the doctor finds, and what it mends."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import TinyDB

from store import (
    Article,
    Highlight,
    Level,
    Library,
    LibraryError,
    backups_of,
    copies_of,
    examine,
    repair,
    replace_file,
)

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
    assert any("not mended" in line and "not JSON" in line for line in mend())
    assert library.read_bytes() == b"[1, 2"
    assert not backups_of(library).exists()


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
    assert any("not mended" in line and "newer" in line for line in mend())
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


def test_an_index_that_filters_by_other_tags_than_it_shows_is_built_anew(
    library, look, mend, tmp_path
):
    (columns,) = (tmp_path / "cache").glob("*/columns.sqlite")
    with sqlite3.connect(columns) as db:
        db.execute("insert into tag select 'quay', id from doc limit 1")
    db.close()
    assert [about for level, about, _ in look() if level is Level.WRONG] == ["index"]
    assert "index: built anew" in mend()
    assert look() == []


def test_an_index_that_is_not_there_yet_is_no_fault(library, look, tmp_path):
    shutil.rmtree(tmp_path / "cache")
    assert [level for level, about, _ in look() if about == "index"] == [Level.NOTE]


@pytest.mark.parametrize(
    "put", [Path.touch, os.mkfifo, lambda place: place.symlink_to("nowhere")],
    ids=["file", "pipe", "link"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["cache", "cache/*"])
def test_what_is_no_directory_where_the_index_goes_is_told_to_be_moved_away(
    library, tmp_path, place, put
):
    (directory,) = tmp_path.glob(place)
    shutil.rmtree(directory)
    put(directory)
    for mode in (0o600, 0o700):
        if directory.exists():
            directory.chmod(mode)
        (finding,) = wrong_of(library)
        assert finding.about == "index" and f"{directory.name} is no directory" in finding.text
        assert finding.mend.endswith(f": move it away: {directory}")
        assert repair(library, cache_dir=tmp_path / "cache") == []


@pytest.mark.parametrize("name", ["library.json", "library.reading.json"])
def test_a_file_that_others_may_write_is_closed_to_them_and_nothing_else_is_done(
    library, look, mend, name
):
    file = library.with_name(name)
    before = file.read_bytes()
    file.chmod(0o666)
    assert any(level is Level.WRONG and "can write" in text for level, _, text in look())
    assert mend() == [f"{name}: others can no longer read or write it"]
    assert (file.stat().st_mode & 0o777, file.read_bytes()) == (0o660, before)
    assert look() == []
    assert not backups_of(library).exists()


def test_what_cannot_be_mended_hinders_nothing_else(library, look, mend):
    reading = library.with_name("library.reading.json")
    reading.write_text("{damaged")
    library.chmod(0o666)
    backups_of(library).write_text("a file is in the way")
    first, second = mend()
    assert "library.json: others can no longer" in first
    assert second.startswith("reading file: not mended: ") and "\n" not in second
    assert "Not a directory; see to the disk" in second
    assert reading.read_text() == "{damaged"
    assert [about for level, about, _ in look() if level is Level.WRONG] == [
        "reading file",
        "copies",
    ]


def test_a_place_for_copies_that_cannot_be_used_is_told_with_its_remedy(guarded):
    copies = backups_of(guarded)
    copies.write_text("a file is in the way")
    (finding,) = wrong_of(guarded)
    assert (
        finding.text.startswith("none is kept of what was read: ") and str(copies) in finding.text
    )
    assert finding.mend == f"move it away: {copies}"
    copies.unlink()
    copies.mkdir(mode=0o500)
    (finding,) = wrong_of(guarded)
    assert (
        finding.text.startswith("none is kept of what was read: ") and str(copies) in finding.text
    )
    assert finding.mend == f"chmod u+w {copies}"
    guarded.chmod(0o400)  # for reading only, of which nothing need be kept
    assert not [f for f in wrong_of(guarded) if f.about == "copies"]
    copies.chmod(0o700)


def test_a_copy_that_cannot_be_read_is_not_called_one(library, look, tmp_path):
    reading = library.with_name("library.reading.json")
    copies = backups_of(library)
    copies.mkdir()
    shutil.copy(reading, copies / "reading-2026-11-20.json")
    half = copies / "reading-2026-11-21.json"
    half.write_bytes(reading.read_bytes()[:40])
    (found,) = look()
    assert found[:2] == (Level.NOTE, "copies") and half.name in found[2]
    found = [f for f in examine(library, cache_dir=tmp_path / "cache") if f.about == "copies"]
    (fine,) = [f.text for f in found if f.level is Level.FINE]
    assert fine.endswith(": 2026-11-20")


@pytest.mark.parametrize("raw", [b"", b"\n"], ids=["nothing", "a line end"])
@pytest.mark.parametrize("is_copied", [True, False], ids=["copy", "no copy"])
def test_an_empty_reading_file_is_damage_and_not_that_nothing_was_read(
    library, look, mend, tmp_path, raw, is_copied
):
    reading = library.with_name("library.reading.json")
    if is_copied:
        backups_of(library).mkdir()
        shutil.copy(reading, backups_of(library) / "reading-2026-11-20.json")
    reading.write_bytes(raw)
    with pytest.raises(LibraryError, match=r"is damaged \(it is empty\); it was left untouched"):
        Library(library, cache_dir=tmp_path / "cache")
    assert reading.read_bytes() == raw
    assert [about for level, about, _ in look() if level is Level.WRONG] == ["reading file"]
    assert any(("as it was on" if is_copied else "everything is unread") in line for line in mend())
    with Library(library, cache_dir=tmp_path / "cache") as opened:
        assert opened.state(1).read is is_copied
        opened.mark([7], read=True)
    assert not [about for level, about, _ in look() if level is Level.WRONG]


def test_a_damaged_reading_file_is_kept_as_what_was_replaced_and_as_no_days_copy(
    library, look, mend
):
    reading = library.with_name("library.reading.json")
    reading.write_bytes(reading.read_bytes()[:40])
    os.utime(reading, (1_700_000_000, 1_700_000_000))
    assert any("damaged one is kept" in line for line in mend())
    assert [bool(copy.at) for copy in copies_of(library)] == [True]
    assert not [found for found in look() if found[1] in ("reading file", "copies")]


def test_a_copy_that_does_not_fit_on_the_disk_is_not_passed_over(library, look, mend, monkeypatch):
    reading = library.with_name("library.reading.json")
    copies = backups_of(library)
    copies.mkdir()
    shutil.copy(reading, copies / "reading-2026-11-20.json")
    reading.write_text("{damaged")

    def nearly_full(target, chunks):
        raw = b"".join(chunks)
        if b"Text 3" in raw:
            raise OSError(28, "No space left on device")
        replace_file(target, [raw])

    monkeypatch.setattr("store.reading.replace_file", nearly_full)
    assert any("No space left" in line for line in mend())
    monkeypatch.undo()
    assert reading.read_text() == "{damaged"


def test_what_syncing_programs_and_killed_writers_left_is_named(library, look, mend):
    clash = library.with_name("library.sync-conflict-20261128-081500-ABCDEFG.json")
    clash.write_bytes(library.read_bytes())
    leftover = library.with_name(".library.json.0123abcd.tmp")
    leftover.write_text("half")
    texts = " ".join(text for _, _, text in look())
    assert "sync-conflict" in texts and "1 unfinished file" in texts
    mend()
    assert clash.exists() and not leftover.exists()


def test_what_lies_beside_the_file_that_a_link_leads_to_is_named_and_cleared(
    library, mend, tmp_path
):
    real = tmp_path / "real" / "store.json"
    real.parent.mkdir()
    library.rename(real)
    library.symlink_to(real)
    clash = real.with_name("store.sync-conflict-20261128-081500-ABCDEFG.json")
    clash.write_bytes(real.read_bytes())
    leftover = real.with_name(".store.json.0123abcd.tmp")
    leftover.write_text("half")
    real.write_bytes(real.read_bytes()[:-30])
    done = mend()
    assert any("put aside in store.json.torn" in line for line in done)
    assert f"directory: removed {leftover.name}" in done and not leftover.exists()
    found = [f for f in examine(library, cache_dir=tmp_path / "cache") if f.about == "directory"]
    assert any(f.text.startswith(clash.name) and f"add {clash}" in f.mend for f in found)
    assert any(f.text.startswith("store.json.torn: ") for f in found)


@pytest.mark.parametrize(
    "put", [Path.mkdir, os.mkfifo, lambda place: place.symlink_to("nowhere")],
    ids=["directory", "pipe", "link"],
)  # fmt: skip
def test_what_is_no_file_where_one_of_ours_goes_is_told_to_be_moved_away(
    library, mend, tmp_path, put
):
    (index,) = (tmp_path / "cache").iterdir()
    library.with_name("library.reading.json").unlink()  # of which it is the same
    places = {
        library.with_name("library.restoring"): ("library", "nothing can be restored: "),
        library.with_name("library.reading.json.lock"): ("reading file", "nothing can be marked: "),
        index / "columns.lock": ("index", "it cannot be brought up to date: "),
        index / "words.lock": ("index", "it cannot be brought up to date: "),
        library.with_name("library.json.torn"): ("directory", "what a crash cuts off cannot be "),
    }
    for place in places:
        place.unlink(missing_ok=True)
        put(place)
    wrong = wrong_of(library)
    for finding, (place, (about, text)) in zip(wrong, places.items(), strict=True):
        assert (finding.about, finding.text.startswith(text)) == (about, True)
        assert place.name in finding.text and str(place) in finding.mend
    assert mend() == []
    assert all(map(os.path.lexists, places))


def test_marks_of_articles_that_are_gone_are_counted(library, look, tmp_path):
    with TinyDB(library) as db:  # which knows nothing of marks
        db.table("articles").remove(doc_ids=[1, 4])
    Library(library, cache_dir=tmp_path / "cache").close()
    (text,) = [text for _, about, text in look() if about == "reading file"]
    assert "1 state and 1 highlight" in text


def test_articles_that_are_gone_are_not_counted_among_those_that_cannot_be_found(
    library, look, tmp_path
):
    with TinyDB(library) as db:
        db.table("articles").remove(doc_ids=[*range(2, 31)])
    with Library(library, cache_dir=tmp_path / "cache") as opened:
        opened.add([Article(title="Late", body="Of the harbour.")])
    noted = [text for _, about, text in look() if about == "index"]
    assert noted == ["2 articles cannot be found by words yet"]  # 1, which was written anew, too
    with Library(library, cache_dir=tmp_path / "cache") as opened:
        opened.wait_until_searchable()
    assert not [text for _, about, text in look() if about == "index"]


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


# -- nothing is written, and nothing passed over


def everything_below(place):
    """Every name below a directory, with what it is, its mode, its time and its bytes."""
    return {
        path: (
            status.st_mode,
            status.st_ino,
            status.st_mtime_ns,
            path.read_bytes()
            if path.is_file() and os.access(path, os.R_OK, effective_ids=True)
            else b"",
        )
        for path in (place, *sorted(place.rglob("*")))
        for status in [path.lstat()]
    }


def remove(file):
    shutil.rmtree(file) if file.is_dir() else file.unlink()


def overwrite_the_head(file):
    file.write_bytes(b"\x11" * 20 + file.read_bytes()[20:])


def cut(file):
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def turn_bytes_in_the_middle(file):
    """As a disk loses them: neither size nor time tell of it."""
    status, data = file.stat(), bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 16] = bytes(byte ^ 0x15 for byte in data[middle : middle + 16])
    file.write_bytes(data)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def put_a_directory_there(file):
    remove(file)
    file.mkdir()


DAMAGES = (
    remove, overwrite_the_head, cut, turn_bytes_in_the_middle, put_a_directory_there,
)  # fmt: skip
SEGMENT_FILES = tuple(
    f"cache/*/words/*.{kind}" for kind in ("idx", "term", "pos", "store", "fast", "fieldnorm")
)
TOLD = (
    "library.json", "library.reading.json", "cache/*/columns.sqlite", "cache/*/words/meta.json",
    *SEGMENT_FILES,
)  # fmt: skip
#: Nothing was read yet; a letter in a text is another.
HARMLESS = {("library.reading.json", remove), ("library.json", turn_bytes_in_the_middle)}
UNTOLD = (
    "library.json.lock", "library.reading.json.lock", "cache", "cache/*", "cache/*/words",
    "cache/*/words.lock", "cache/*/columns.lock", "cache/*/columns.seal",
    "cache/*/words/.managed.json",
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", [*TOLD, *UNTOLD])
def test_the_doctor_writes_nothing_whatever_it_finds(library, look, tmp_path, name, damage):
    (file,) = tmp_path.glob(name)
    if file.is_dir() and damage is not remove:
        pytest.skip("a directory can only be gone")
    damage(file)
    before = everything_below(tmp_path)
    found = look()
    assert everything_below(tmp_path) == before
    if name in TOLD and (name, damage) not in HARMLESS:
        assert found


@pytest.mark.parametrize("name", SEGMENT_FILES)
def test_a_file_of_the_full_text_that_lost_bits_is_named_and_made_anew(
    library, look, mend, tmp_path, name
):
    (file,) = tmp_path.glob(name)
    turn_bytes_in_the_middle(file)
    (finding,) = [f for f in examine(library, cache_dir=tmp_path / "cache") if f.mend]
    assert (finding.level, finding.about) == (Level.WRONG, "index")
    assert f"words/{file.name} does not bear its checksum" in finding.text
    assert finding.mend.startswith("broadsheet doctor --repair")
    assert mend() == ["index: built anew"]
    assert look() == []


def test_an_index_that_is_open_or_whose_app_was_killed_is_read_as_it_is(library, look, tmp_path):
    with Library(library, cache_dir=tmp_path / "cache") as opened:
        opened.add([Article(title="Late", body="Of the harbour.")])
        opened.wait_until_searchable()
        shutil.copytree(tmp_path / "cache", tmp_path / "killed")
        assert look() == []
    shutil.rmtree(tmp_path / "cache")
    (tmp_path / "killed").rename(tmp_path / "cache")
    assert list(tmp_path.glob("cache/*/columns.sqlite-wal"))
    before = everything_below(tmp_path)
    assert look() == []
    assert everything_below(tmp_path) == before


# -- what the system does not allow


@pytest.fixture
def guarded(powerless):
    """A library of a user whom file modes bind, with its index."""
    path = powerless / "library.json"
    with Library(path, cache_dir=powerless / "cache") as opened:
        opened.add(ARTICLES[:3])
        opened.mark([1], read=True)
        opened.wait_until_searchable()
    return path


def wrong_of(path):
    found = examine(path, cache_dir=path.parent / "cache")
    return [finding for finding in found if finding.level is Level.WRONG]


@pytest.mark.parametrize("name", ["library.json", "library.reading.json"])
def test_a_file_that_cannot_be_read_is_left_to_the_person(guarded, name):
    file = guarded.with_name(name)
    before = file.read_bytes()
    copies = backups_of(guarded)
    copies.mkdir()
    shutil.copy(guarded.with_name("library.reading.json"), copies / "reading-2026-11-20.json")
    guarded.with_name(".library.json.0123abcd.tmp").write_text("half")
    file.chmod(0)
    (finding,) = wrong_of(guarded)
    assert finding.mend == f"chmod u+rw {file}"
    done = repair(guarded, cache_dir=guarded.parent / "cache")
    assert f"not mended: {file} cannot be read: Permission denied; chmod" in done[0]
    assert done[1:] == ["directory: removed .library.json.0123abcd.tmp"]
    file.chmod(0o600)
    assert file.read_bytes() == before
    assert [p.name for p in copies.iterdir()] == ["reading-2026-11-20.json"]
    assert not [finding for finding in wrong_of(guarded) if "lock" not in finding.text]


def test_a_file_of_another_person_is_to_be_given_by_root(guarded, monkeypatch):
    guarded.chmod(0)
    monkeypatch.setattr("store.access.os.geteuid", lambda: 4321)
    (finding,) = wrong_of(guarded)
    assert finding.mend.endswith(f"as root: chown 4321 {guarded}")


def anothers_lock(path):
    path.with_name(f"{path.name}.lock").chmod(0)


def newer(path):
    path.write_bytes(b'{"broadsheet": {"1": {"format": 2}}, ' + path.read_bytes()[1:])


@pytest.mark.parametrize(
    ("spoil", "text", "mend"),
    [
        (newer, "format 2", "update broadsheet"),
        (lambda path: path.chmod(0o400), "library.json cannot be written", "chmod u+w "),
        (anothers_lock, "its lock library.json.lock cannot be opened", "it belongs to user "),
    ],
    ids=["newer", "0400", "lock"],
)
def test_a_library_that_opens_for_reading_only_is_told_with_its_remedy(
    guarded, monkeypatch, spoil, text, mend
):
    spoil(guarded)
    if spoil is anothers_lock:
        monkeypatch.setattr(os, "geteuid", lambda: 4321)
    with Library(guarded, cache_dir=guarded.parent / "cache") as opened:
        assert opened.readonly
    before = everything_below(guarded.parent)
    (finding,) = wrong_of(guarded)
    assert everything_below(guarded.parent) == before
    assert finding.text.startswith("it opens for reading only: ") and text in finding.text
    assert finding.mend.startswith(mend)


def test_a_reading_file_that_may_only_be_read_is_told(guarded):
    reading = guarded.with_name("library.reading.json")
    reading.chmod(0o400)
    with Library(guarded, cache_dir=guarded.parent / "cache") as opened:
        assert opened.readonly
    (finding,) = wrong_of(guarded)
    assert finding.text == "nothing can be marked: library.reading.json cannot be written"
    assert finding.mend == f"chmod u+w {reading}"
    reading.chmod(0o600)
    assert wrong_of(guarded) == []


def test_a_lock_of_the_reading_file_that_cannot_be_opened_is_told(guarded, monkeypatch):
    lock = guarded.with_name("library.reading.json.lock")
    lock.chmod(0)
    assert wrong_of(guarded) == []  # our own is given its mode back when it is taken
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    (finding,) = wrong_of(guarded)
    assert "nothing can be marked" in finding.text
    assert finding.mend.endswith(f"as root: chown 4321 {lock}")


def test_a_library_that_can_be_written_where_no_mark_can_be_is_told(guarded):
    guarded.parent.chmod(0o500)
    (finding,) = wrong_of(guarded)
    assert "nothing can be marked" in finding.text
    guarded.chmod(0o400)  # then it is for reading only, and that is told as a note
    assert wrong_of(guarded) == []


@pytest.mark.parametrize("place", ["cache", "."])
def test_directories_that_cannot_be_written_are_told_and_none_is_made(guarded, place):
    if place == "cache":
        shutil.rmtree(guarded.parent / "cache")
        (guarded.parent / "cache").mkdir()
    (guarded.parent / place).chmod(0o500)
    before = everything_below(guarded.parent)
    found = examine(guarded, cache_dir=guarded.parent / "cache")
    assert everything_below(guarded.parent) == before
    told = [f for f in found if "cannot be written" in f.text and "chmod u+w" in f.mend]
    assert told
    repair(guarded, cache_dir=guarded.parent / "cache")
    assert everything_below(guarded.parent).keys() == before.keys()


def test_a_directory_that_cannot_be_entered_is_told(guarded):
    guarded.parent.chmod(0o600)
    library, reading = wrong_of(guarded)
    assert library.mend == reading.mend == f"chmod u+x {guarded.parent}"
    assert repair(guarded, cache_dir=guarded.parent / "cache")
    guarded.parent.chmod(0o700)


# -- whatever the files hold


@pytest.mark.parametrize(
    ("order", "about"), [((1, 3, 2), []), ((1, 2, 1, 3, 2), [1, 2])], ids=["order", "twice"]
)
def test_lines_that_a_person_moved_are_not_called_torn(path, tmp_path, order, about):
    lines = [f'"{id}":{{"title":"{place}"}}' for place, id in enumerate(order)]
    path.write_text('{"articles": {\n' + "\n,".join(lines) + "\n}}\n")
    before = path.read_bytes()
    found = examine(path, cache_dir=tmp_path / "cache")
    assert any("another program or a person wrote it" in f.text for f in found)
    assert not any("torn" in f.text for f in found)
    wrong = [f for f in found if f.level is Level.WRONG]
    assert [f.text for f in wrong] == [
        f"{len(about)} ids stand in it more than once, and the last counts: 1, 2"
    ][: len(wrong)]
    assert bool(wrong) == bool(about)
    done = repair(path, cache_dir=tmp_path / "cache")
    if not about:
        assert done == [] and path.read_bytes() == before
        return
    (copy,) = backups_of(path).glob("library-*")
    assert copy.read_bytes() == before
    assert done[1] == "library: 2 ids are there once; what was outdone is in library.json.torn"
    torn = path.with_name("library.json.torn").read_text()
    assert torn == '"1":{"title":"0"}\n"2":{"title":"1"}\n'
    with Library(path, cache_dir=tmp_path / "cache") as opened:
        assert {id: opened.get(id).title for id in (1, 2, 3)} == {1: "2", 2: "4", 3: "3"}


def test_an_article_that_cannot_be_indexed_is_named(library, tmp_path, monkeypatch):
    def refuse(article):
        if article.id == 7:
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        return article, False

    monkeypatch.setattr("store.sanitize.clean_article", refuse)
    found = examine(library, cache_dir=tmp_path / "cache")
    (finding,) = [f for f in found if f.level is Level.WRONG]
    assert finding.text.startswith("article 7 cannot be indexed: Python int too large")


NUMBERS = st.one_of(
    st.integers(), st.floats(), st.sampled_from([2**63, -(2**63) - 1, 10**400, 2**64 - 1])
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def records(names):
    """Documents with fields of those names and any values, under keys that are ids or nearly so."""
    keys = st.integers(1, 5).map(str) | st.sampled_from(
        ["0", "-1", "x", "²", "٣", "9" * 19, "9" * 30]
    )
    fields = st.dictionaries(st.sampled_from(names), JSON, max_size=4)
    return st.dictionaries(keys, fields | JSON, max_size=4)


LIBRARIES = JSON | st.fixed_dictionaries(
    {"articles": records(["title", "body", "words", "tags", "published", "saved", "url", "x"])},
    optional={"broadsheet": JSON, "other": JSON},
)
READINGS = JSON | st.fixed_dictionaries(
    {},
    optional={
        "meta": records(["format", "highest", "highlights"]),
        "states": records(["read", "progress", "position", "tags", "read_at", "anchor"]),
        "highlights": records(["article", "quote", "note", "offset", "made", "colour"]),
        "bookmarks": records(["article", "offset"]),
        "views": records(["name", "query"]),
        "feeds": records(["url", "title"]),
        "journal": records(["label", "states"]),
        "x": JSON,
    },
)
LAYOUTS = {
    "stock": json.dumps,
    "lines": lambda data: json.dumps(data).replace('"articles": {"', '"articles": {\n"', 1),
    "pretty": lambda data: json.dumps(data, indent=2),
}


@given(LIBRARIES, READINGS, st.sampled_from(sorted(LAYOUTS)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_json_the_files_hold_the_doctor_ends_in_findings(articles, read, layout):
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        path, reading = place / "library.json", place / "library.reading.json"
        path.write_text(LAYOUTS[layout](articles))
        reading.write_text(json.dumps(read))
        before = everything_below(place)
        held = path.read_bytes(), reading.read_bytes()
        examine(path, cache_dir=place / "cache")
        assert everything_below(place) == before
        repair(path, cache_dir=place / "cache")
        for file, was in zip((path, reading), held, strict=True):
            kept = [copy.read_bytes() for copy in backups_of(path).glob("*")]
            assert file.read_bytes() == was or was in kept
        wrong = [f for f in examine(path, cache_dir=place / "cache") if f.level is Level.WRONG]
        if not wrong:
            with Library(path, cache_dir=place / "cache") as opened:
                opened.wait_until_searchable()
                opened.find("is:trashed OR -is:trashed")


@pytest.mark.parametrize(
    ("table", "field"),
    [("articles", "words"), ("states", "position"), ("highlights", "article"), ("states", "")],
)
def test_a_number_of_more_than_64_bits_is_named_or_harms_nothing(path, tmp_path, table, field):
    with Library(path, cache_dir=tmp_path / "cache") as opened:
        opened.add([Article(title="One", body="Text.")])
        opened.mark([1], starred=True)
        opened.highlight(Highlight(article=1, quote="Text"))
    file = path if table == "articles" else path.with_name("library.reading.json")
    data = json.loads(file.read_bytes())
    document = data[table]["1"]
    if field:
        document[field] = 2**63
    else:
        data[table]["9" * 19] = document
    file.write_text(json.dumps(data))
    found = examine(path, cache_dir=tmp_path / "cache")
    if not any("cannot be indexed" in finding.text for finding in found):
        with Library(path, cache_dir=tmp_path / "cache") as opened:
            assert opened.find("is:starred").ids == [1]


def test_of_two_reading_files_by_two_names_of_a_library_it_says_which_counts(
    library, look, mend, tmp_path
):
    link = tmp_path / "links" / "articles.json"
    link.parent.mkdir()
    link.symlink_to(library)
    examined = lambda: [f.text for f in examine(link, cache_dir=tmp_path / "cache")]  # noqa: E731
    assert not [text for text in examined() if "is a link" in text]
    own = link.with_name("articles.reading.json")
    own.write_text('{"meta": {"1": {"format": 1}}, "states": {}}')
    said = [text for text in examined() if "is a link" in text]
    other = library.with_name("library.reading.json")
    assert said == [f"articles.json is a link: the marks in {own} count, those in {other} do not"]
    assert not [text for _, _, text in look() if "is a link" in text]
    own.unlink()
    own.symlink_to(other)
    assert not [text for text in examined() if "is a link" in text]
