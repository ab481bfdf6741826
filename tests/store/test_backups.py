"""Backups, daily copies, and back again."""

from __future__ import annotations

import errno
import fcntl
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager, nullcontext
from functools import partial

import pytest
from tinydb import TinyDB

from store import (
    Article,
    Highlight,
    Kind,
    Library,
    LibraryError,
    backups_of,
    copies_of,
    examine,
    read_backup,
    repair,
    replace_file,
    restore_backup,
    restore_library,
    restore_reading,
    write_backup,
)

ARTICLES = [Article(title=f"Title {n}", body=f"Text {n} of the harbour. " * 50) for n in range(30)]
DAY = 86_400


@pytest.fixture
def library(path, open_library):
    opened = open_library(path)
    opened.add(ARTICLES)
    opened.mark([1, 2], read=True)
    opened.tag([3], add=("kept",))
    opened.highlight(Highlight(article=4, quote="Text 3", note="so it is"))
    opened.save_view("Kept", "tag:kept")
    opened.flush()
    return opened


def everything(library):
    ids = sorted(library.find("is:trashed OR -is:trashed", everything=True).ids)
    return (
        [library.stored(id) for id in ids],
        [library.state(id) for id in ids],
        library.highlights(),
        library.views(),
    )


def age(file, days):
    """Make a file as if it were last written so many days ago; its day."""
    then = time.time() - days * DAY
    os.utime(file, (then, then))
    return time.strftime("%Y-%m-%d", time.localtime(then))


def test_a_backup_restored_elsewhere_is_the_library_it_was_made_of(
    library, path, tmp_path, open_library
):
    made = write_backup(path, tmp_path / "all.zip")
    assert made.articles == 30
    assert read_backup(tmp_path / "all.zip") == made
    elsewhere = tmp_path / "other" / "mine.json"
    assert restore_backup(elsewhere, tmp_path / "all.zip").kept == ()
    assert everything(open_library(elsewhere, cache="other")) == everything(library)
    assert elsewhere.read_bytes() == path.read_bytes()


def test_a_backup_is_made_into_a_stream_too(library, path, tmp_path):
    stream = io.BytesIO()
    write_backup(path, stream)
    (tmp_path / "all.zip").write_bytes(stream.getvalue())
    assert read_backup(tmp_path / "all.zip").articles == 30


def test_a_backup_is_for_its_owner_only_and_replaces_nothing_unasked(library, path, tmp_path):
    target = tmp_path / "all.zip"
    write_backup(path, target)
    assert target.stat().st_mode & 0o777 == 0o600
    before = target.read_bytes()
    with pytest.raises(LibraryError, match="there already"):
        write_backup(path, target)
    assert target.read_bytes() == before
    write_backup(path, target, force=True)
    assert sorted(p.name for p in tmp_path.glob("*.zip")) == ["all.zip"]
    assert not list(tmp_path.glob(".*.tmp"))


def test_what_is_added_while_a_backup_is_made_does_not_spoil_it(
    library, path, tmp_path, open_library
):
    added = []

    def add(what, done, total):
        if not added:
            added.extend(library.add([Article(title="Late", body="It came late.")]).added)

    write_backup(path, tmp_path / "all.zip", on_progress=add)
    assert added
    restore_backup(tmp_path / "other.json", tmp_path / "all.zip")
    restored = open_library(tmp_path / "other.json", cache="other")
    assert len(restored) in (30, 31)


def test_an_open_library_sees_what_was_restored_and_the_old_files_are_kept(library, path, tmp_path):
    write_backup(path, tmp_path / "all.zip")
    before = everything(library)
    library.purge([5, 6])
    library.mark([10], starred=True)
    library.flush()
    done = restore_backup(path, tmp_path / "all.zip")
    library.refresh()
    assert everything(library) == before
    assert [p.name.split("-")[0] for p in done.kept] == ["library", "reading"]
    assert json.loads(done.kept[1].read_text())["states"]["10"]["starred"] is True
    assert all(p.parent == backups_of(path) for p in done.kept)


def test_an_id_given_since_the_backup_is_not_given_again(library, path, tmp_path):
    write_backup(path, tmp_path / "all.zip")
    (late,) = library.add([Article(title="Late", body="Text.")]).added
    library.purge([late])
    restore_backup(path, tmp_path / "all.zip")
    library.refresh()
    assert library.add([Article(title="Later", body="Text.")]).added == [late + 1]


@pytest.mark.parametrize("what", ["the backup", "the library alone"])
def test_an_id_of_an_article_that_a_restoration_takes_away_is_not_given_again(
    library, path, tmp_path, what
):
    write_backup(path, tmp_path / "all.zip")
    done = restore_backup(path, tmp_path / "all.zip")
    (late,) = library.add([Article(title="Late", body="Text.")]).added
    if what == "the backup":
        restore_backup(path, tmp_path / "all.zip")
    else:
        restore_library(path, next(p for p in done.kept if "reading" not in p.name))
    library.refresh()
    assert library.add([Article(title="Later", body="Text.")]).added == [late + 1]


def test_a_damaged_library_is_not_backed_up_as_if_it_were_whole(library, path, tmp_path):
    library.close()
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(LibraryError, match=r"doctor --repair"):
        write_backup(path, tmp_path / "all.zip")
    assert not (tmp_path / "all.zip").exists()


@pytest.mark.parametrize("name", ["library.json", "library.reading.json"])
def test_a_backup_with_one_byte_turned_round_restores_nothing(library, path, tmp_path, name):
    write_backup(path, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        contents = {entry: archive.read(entry) for entry in archive.namelist()}
    spoiled = bytearray(contents[name])
    spoiled[len(spoiled) // 2] ^= 1
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        for entry, data in contents.items():
            archive.writestr(entry, bytes(spoiled) if entry == name else data)
    library.mark([20], starred=True)
    library.flush()
    before = path.read_bytes(), everything(library)
    with pytest.raises(LibraryError, match="nothing was restored"):
        restore_backup(path, tmp_path / "bad.zip")
    assert (path.read_bytes(), everything(library)) == before


def test_a_backup_that_holds_more_than_it_says_is_refused(library, path, tmp_path):
    write_backup(path, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        about = archive.read("backup.json")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("library.json", b"0" * 50_000_000)
        archive.writestr("backup.json", about)
    with pytest.raises(LibraryError, match="is damaged"):
        restore_backup(path, tmp_path / "bomb.zip")


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"sizes": {"library.json": -10}}, "is no backup"),
        ({"sizes": {"library.json": True}}, "is no backup"),
        ({"sizes": {"library.json": 1 << 70}}, "is damaged"),
        ({"sizes": {"library.json": 10}, "articles": float("inf")}, "is damaged"),
        ({"sizes": {"library.json": 10}, "articles": [1]}, "is damaged"),
        ({"format": float("nan")}, "is damaged|is no backup"),
    ],
)
def test_a_backup_that_says_what_cannot_be_is_refused(library, path, tmp_path, said, error):
    write_backup(path, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        about = json.loads(archive.read("backup.json"))
    with zipfile.ZipFile(tmp_path / "odd.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("library.json", b"0" * 50_000_000)
        archive.writestr("backup.json", json.dumps(about | said))
    before = path.read_bytes()
    with pytest.raises(LibraryError, match=error):
        restore_backup(path, tmp_path / "odd.zip")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "contents", [b"", b"PK\x03\x04", b"no archive", None], ids=["empty", "cut", "text", "other"]
)
def test_what_is_no_backup_is_refused(library, path, tmp_path, contents):
    target = tmp_path / "x.zip"
    if contents is None:
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("readme", "hello")
    else:
        target.write_bytes(contents)
    before = path.read_bytes()
    with pytest.raises(LibraryError, match="no backup"):
        restore_backup(path, target)
    assert path.read_bytes() == before


def test_a_backup_of_a_newer_format_is_refused_by_name(library, path, tmp_path):
    write_backup(path, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        contents = {entry: archive.read(entry) for entry in archive.namelist()}
    about = {**json.loads(contents["backup.json"]), "format": 2, "version": "9.1"}
    with zipfile.ZipFile(tmp_path / "new.zip", "w") as archive:
        for entry, data in {**contents, "backup.json": json.dumps(about)}.items():
            archive.writestr(entry, data)
    with pytest.raises(LibraryError, match=r"9\.1"):
        restore_backup(path, tmp_path / "new.zip")


def test_a_backup_of_an_older_format_is_restored(
    library, path, tmp_path, open_library, monkeypatch
):
    before = everything(library)
    write_backup(path, tmp_path / "b.zip")
    monkeypatch.setattr("store.backup.FORMAT", 2)
    target = tmp_path / "elsewhere" / "library.json"
    restore_backup(target, tmp_path / "b.zip")
    assert everything(open_library(target, cache="elsewhere")) == before


def newer_library(path):
    path.write_bytes(
        path.read_bytes().replace(
            b'{"articles": {', b'{"broadsheet": {"1":{"format":2}}, "articles": {', 1
        )
    )


def newer_reading(path):
    reading = path.with_name("library.reading.json")
    document = json.loads(reading.read_bytes())
    document["meta"]["1"]["format"] = 99
    reading.write_text(json.dumps(document))


@pytest.mark.parametrize("dry_run", [True, False], ids=["dry", "real"])
@pytest.mark.parametrize("newer", [newer_library, newer_reading])
def test_what_a_newer_version_wrote_takes_no_librarys_place(
    library, path, tmp_path, open_library, newer, dry_run
):
    library.close()
    there = tmp_path / "there" / "library.json"
    there.parent.mkdir()
    for file in (path, path.with_name("library.reading.json")):
        shutil.copy(file, there.with_name(file.name))
    newer(there)
    write_backup(there, tmp_path / "b.zip")
    before = path.read_bytes(), path.with_name("library.reading.json").read_bytes()
    with pytest.raises(LibraryError, match="a newer broadsheet wrote") as caught:
        restore_backup(path, tmp_path / "b.zip", dry_run=dry_run)
    assert str(tmp_path / "b.zip") in str(caught.value) and "\n" not in str(caught.value)
    if newer is newer_library:
        with pytest.raises(LibraryError, match="a newer broadsheet wrote"):
            restore_library(path, there, dry_run=dry_run)
    assert (path.read_bytes(), path.with_name("library.reading.json").read_bytes()) == before
    restore_backup(tmp_path / "new.json", tmp_path / "b.zip", dry_run=dry_run)
    if not dry_run:
        new = open_library(tmp_path / "new.json", cache="new")
        assert new.readonly and len(new) == 30 and new.state(1).read


def test_a_backup_that_cannot_be_read_to_its_end_is_told_in_a_line(
    library, path, tmp_path, monkeypatch
):
    write_backup(path, tmp_path / "all.zip")
    read = zipfile.ZipExtFile.read

    def unreadable(self, *arguments):
        if self.name == "library.json":
            raise OSError(errno.EIO, "Input/output error")
        return read(self, *arguments)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", unreadable)
    with pytest.raises(LibraryError, match=r"all\.zip cannot be read: Input/output error; see to"):
        restore_backup(path, tmp_path / "all.zip")


def test_a_full_disk_leaves_the_library_as_it_was(library, path, tmp_path, monkeypatch):
    write_backup(path, tmp_path / "all.zip")
    library.purge([5])
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("store.atomic.os.fsync", full)
    with pytest.raises(LibraryError, match="No space left"):
        restore_backup(path, tmp_path / "all.zip")
    monkeypatch.undo()
    assert path.read_bytes() == before


def no_links(*_, **__):
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("linked", [True, False], ids=["links", "no links"])
def test_both_files_are_restored_or_none(library, path, tmp_path, monkeypatch, linked):
    """Also where the library is a link to another file system, and the copies are on this one."""
    write_backup(path, tmp_path / "all.zip")
    library.purge([5])
    library.flush()
    library.close()
    real = tmp_path / "elsewhere" / "real.json"
    real.parent.mkdir()
    path.rename(real)
    real.chmod(0o640)
    path.symlink_to(real)
    before, status = real.read_bytes(), real.stat()
    rename = os.rename

    def in_one_file_system(old, new, **options):
        if os.path.dirname(old) != os.path.dirname(new):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        rename(old, new, **options)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    for name in ("rename", "replace"):
        monkeypatch.setattr(os, name, in_one_file_system)
    if not linked:
        monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr("store.reading.replace_file", full)
    with pytest.raises(LibraryError, match="No space left"):
        restore_backup(path, tmp_path / "all.zip")
    with pytest.raises(LibraryError, match="No space left"):
        restore_backup(tmp_path / "new.json", tmp_path / "all.zip")
    monkeypatch.undo()
    assert path.is_symlink() and real.read_bytes() == before
    assert (real.stat().st_mode, real.stat().st_uid) == (status.st_mode, status.st_uid)
    assert not linked or real.stat().st_ino == status.st_ino
    assert copies_of(path) == []
    assert path.with_name("library.reading.json").stat().st_nlink == 1
    assert not (tmp_path / "new.json").exists()
    assert not [*tmp_path.rglob(".*.tmp")]
    restore_backup(path, tmp_path / "all.zip")
    assert real.read_bytes() != before


def test_a_library_that_cannot_be_put_back_is_named_with_its_copy(
    library, path, tmp_path, monkeypatch
):
    write_backup(path, tmp_path / "all.zip")
    library.purge([5])
    library.flush()
    before = path.read_bytes()
    replaced = []

    def full(target, chunks, **more):
        if replaced or not str(target).endswith("library.json"):
            raise OSError(errno.ENOSPC, "No space left on device")
        replaced.append(target)
        replace_file(target, chunks, **more)

    monkeypatch.setattr(os, "link", no_links)
    for module in ("reading", "restoring"):
        monkeypatch.setattr(f"store.{module}.replace_file", full)
    with pytest.raises(LibraryError, match="what was there is kept: ") as raised:
        restore_backup(path, tmp_path / "all.zip")
    (copy,) = backups_of(path).glob("library-*")
    assert str(copy) in str(raised.value)
    assert copy.read_bytes() == before


def test_what_is_kept_stays_as_it_was_though_stock_tinydb_had_the_file_open(
    library, path, tmp_path
):
    write_backup(path, tmp_path / "all.zip")
    before = path.read_bytes()
    with TinyDB(path) as stock:
        done = restore_backup(path, tmp_path / "all.zip")
        stock.table("articles").insert({"title": "Into a file that is gone"})
    assert done.kept[0].read_bytes() == before
    assert done.kept[0].stat().st_mode & 0o777 == 0o600


def test_a_restoration_that_has_no_room_for_a_copy_keeps_the_file_itself(
    library, path, tmp_path, monkeypatch
):
    write_backup(path, tmp_path / "all.zip")
    before = path.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("store.copies._copy", full)
    done = restore_backup(path, tmp_path / "all.zip")
    assert done.kept[0].read_bytes() == before


def test_the_first_change_of_a_day_keeps_what_the_last_day_left(library, path):
    reading = path.with_name("library.reading.json")
    before = reading.read_bytes()
    day = age(reading, 1)
    library.mark([7], starred=True)
    library.flush()
    library.mark([8], starred=True)
    library.flush()
    (copy,) = copies_of(path)
    assert (copy.kind, copy.day, copy.at) == ("reading", day, "")
    assert copy.path.read_bytes() == before
    assert copy.path.stat().st_mode & 0o777 == 0o600
    assert backups_of(path).stat().st_mode & 0o777 == 0o700


KILLED_BETWEEN = """
import os, signal, sys
from pathlib import Path
from store import reading, restore_backup
reading.ReadingFile.replace = lambda self, raw: os.kill(os.getpid(), signal.SIGKILL)
restore_backup(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture
def between(library, path, tmp_path):
    """A library between whose two files a restoration was killed; the backup."""
    write_backup(path, tmp_path / "b.zip")
    library.purge([5])
    library.mark([9], starred=True)
    library.close()
    subprocess.run([sys.executable, "-c", KILLED_BETWEEN, path, tmp_path / "b.zip"], check=False)
    return tmp_path / "b.zip"


def broken_off(path, tmp_path):
    """What the doctor and an opened library say of it."""
    found = examine(path, cache_dir=tmp_path / "cache")
    said = [f"{f.text}; {f.mend}" for f in found if "broken off" in f.text]
    with Library(path, cache_dir=tmp_path / "cache") as opened:
        assert [line for line in opened.notices if "broken off" in line] == said
    return said


def test_a_restoration_that_was_killed_between_the_files_is_told_until_it_is_done_again(
    between, path, tmp_path
):
    (said,) = broken_off(path, tmp_path)
    assert f"broadsheet --library {path} restore {between}" in said
    (tmp_path / "bad.zip").write_bytes(b"garbage")
    with pytest.raises(LibraryError):
        restore_backup(path, tmp_path / "bad.zip")
    assert broken_off(path, tmp_path) == [said]
    restore_backup(path, between)
    assert broken_off(path, tmp_path) == []
    with Library(path, cache_dir=tmp_path / "cache") as opened:
        assert len(opened) == 30 and not opened.state(9).starred


def test_what_was_there_before_a_restoration_that_was_killed_comes_back_too(
    between, path, tmp_path
):
    (copy,) = [copy for copy in copies_of(path) if copy.kind == "library"]
    restore_library(path, copy.path)
    assert broken_off(path, tmp_path) == []
    with Library(path, cache_dir=tmp_path / "cache") as opened:
        assert len(opened) == 29 and opened.state(9).starred


def test_a_restoration_that_fails_or_goes_on_is_not_called_broken_off(
    library, path, tmp_path, monkeypatch
):
    write_backup(path, tmp_path / "b.zip")
    library.close()
    said = []

    def full(*_):
        found = examine(path, cache_dir=tmp_path / "cache")
        said.extend(f for f in found if "broken off" in f.text)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("store.reading.replace_file", full)
    with pytest.raises(LibraryError, match="No space left"):
        restore_backup(path, tmp_path / "b.zip")
    monkeypatch.undo()
    assert said == broken_off(path, tmp_path) == []


@contextmanager
def no_room():
    """A disk that takes no byte more, for this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("in_the_way", [None, os.mkdir, os.mkfifo], ids=["full", "dir", "pipe"])
def test_a_restoration_that_fails_leaves_neither_a_mark_nor_a_copy(
    library, path, tmp_path, in_the_way
):
    write_backup(path, tmp_path / "b.zip")
    library.purge([5])
    library.close()
    mark = path.with_name("library.restoring")
    if in_the_way:
        in_the_way(mark)
    there = sorted(tmp_path.iterdir())
    with no_room() if in_the_way is None else nullcontext(), pytest.raises(LibraryError):
        restore_backup(path, tmp_path / "b.zip")
    assert copies_of(path) == [] and path.stat().st_nlink == 1
    assert {*tmp_path.iterdir()} - {*there} <= {backups_of(path)}
    if in_the_way is None:
        assert broken_off(path, tmp_path) == []


def test_an_empty_mark_of_a_restoration_that_replaced_nothing_is_not_told(library, path, tmp_path):
    library.close()
    path.with_name("library.restoring").touch()
    assert broken_off(path, tmp_path) == []


@pytest.mark.parametrize("fails", ["the mark", "what was read"])
def test_a_restoration_that_was_broken_off_is_told_also_after_another_that_failed(
    between, path, tmp_path, monkeypatch, fails
):
    said = broken_off(path, tmp_path)
    write_backup(path, tmp_path / "another-one.zip")
    copies = copies_of(path)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    if fails == "what was read":
        monkeypatch.setattr("store.reading.replace_file", full)
    with no_room() if fails == "the mark" else nullcontext(), pytest.raises(LibraryError):
        restore_backup(path, tmp_path / "another-one.zip")
    monkeypatch.undo()
    assert len(said) == 1 and broken_off(path, tmp_path) == said
    assert copies_of(path) == copies


def test_a_library_that_was_not_replaced_yet_need_not_be_put_back(
    library, path, tmp_path, monkeypatch
):
    """On a file system without links that would take as much room again."""
    write_backup(path, tmp_path / "b.zip")
    library.purge([5])
    library.close()
    before = path.read_bytes()

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr("store.restoring.replace_file", full)
    with pytest.raises(LibraryError, match="could not be restored: "):
        restore_backup(path, tmp_path / "b.zip")
    monkeypatch.undo()
    assert path.read_bytes() == before and copies_of(path) == []
    assert broken_off(path, tmp_path) == []


KILLED = """
import os, signal, sys
from store import Library, copies
def half(old, new):
    new.write(old.read(40))
    new.flush()
    os.kill(os.getpid(), signal.SIGKILL)
copies._copy = half
with Library(sys.argv[1], cache_dir=sys.argv[2]) as library:
    library.mark([7], starred=True)
"""


def test_a_copy_that_a_killed_program_began_does_not_count_and_is_made_again(
    library, path, tmp_path
):
    library.close()
    reading = path.with_name("library.reading.json")
    day, before = age(reading, 1), reading.read_bytes()
    subprocess.run([sys.executable, "-c", KILLED, path, tmp_path / "cache"], check=False)
    assert copies_of(path) == []
    (left,) = backups_of(path).iterdir()
    assert left.stat().st_mode & 0o777 == 0o600
    told = [f.text for f in examine(path, cache_dir=tmp_path / "cache") if f.kind is Kind.LEFT]
    assert told == ["1 unfinished file of programs that were killed"]
    assert repair(path, cache_dir=tmp_path / "cache") == [f"directory: removed {left.name}"]
    with Library(path, cache_dir=tmp_path / "cache") as again:
        again.mark([7], starred=True)
    (copy,) = copies_of(path)
    assert (copy.day, copy.path.read_bytes()) == (day, before)


BROKEN_OFF = """
import os, signal, sys
from pathlib import Path
from store import linefile, write_backup
linefile.LineFile.count = lambda self: os.kill(os.getpid(), signal.SIGKILL)
write_backup(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    "place", ["library.backups/mine.zip", "library-2026-11-27T081500.zip"], ids=["copies", "beside"]
)
def test_what_a_killed_backup_left_is_told_and_cleared_and_that_of_another_is_not(
    library, path, tmp_path, place
):
    library.close()
    arguments = [path, tmp_path / place]
    subprocess.run([sys.executable, "-c", BROKEN_OFF, *arguments], check=False)
    (left,) = (tmp_path / place).parent.glob(".*.zip.*.tmp")
    with left.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # as a program that writes it holds it
        assert not [f for f in examine(path, cache_dir=tmp_path / "cache") if f.kind is Kind.LEFT]
    assert [f for f in examine(path, cache_dir=tmp_path / "cache") if f.kind is Kind.LEFT]
    assert repair(path, cache_dir=tmp_path / "cache") == [f"directory: removed {left.name}"]
    assert not left.exists()


def test_the_copies_of_seven_days_are_kept_and_no_more(library, path):
    reading = path.with_name("library.reading.json")
    days = []
    for number, days_ago in enumerate(range(12, 0, -1)):
        days.append(age(reading, days_ago))
        library.mark([10 + number], starred=True)
        library.flush()
    assert [copy.day for copy in copies_of(path)] == sorted(days, reverse=True)[:7]


def test_the_copies_of_a_clock_that_was_ahead_give_way_to_those_of_true_days(library, path):
    reading = path.with_name("library.reading.json")
    left = []
    for number, days_ago in enumerate([*range(-20, -11), 5, 4, 3]):
        left.append(age(reading, days_ago))
        library.mark([10 + number], starred=True)
        library.flush()
        assert left[-1] in [copy.day for copy in copies_of(path)]
    kept = [copy.day for copy in copies_of(path)]
    assert kept[-3:] == left[:-4:-1]
    assert len(kept) == 7


def test_what_a_clock_that_was_behind_left_is_kept_until_the_next_day(library, path):
    reading = path.with_name("library.reading.json")
    for number, days_ago in enumerate([*range(12, 4, -1), 20_000]):
        day = age(reading, days_ago)
        library.mark([10 + number], starred=True)
        library.flush()
    assert copies_of(path)[-1].day == day
    new = age(reading, 1)
    library.mark([1], starred=True)
    library.flush()
    days = [copy.day for copy in copies_of(path)]
    assert days[0] == new
    assert day not in days


def test_a_days_copy_is_restored_and_what_was_there_is_kept(library, path):
    reading = path.with_name("library.reading.json")
    age(reading, 2)
    library.mark([1, 2], read=False)
    library.flush()
    (copy,) = copies_of(path)
    kept = restore_reading(path, copy.path)
    library.refresh()
    assert library.state(1).read
    assert kept is not None
    assert "1" not in json.loads(kept.read_text())["states"]


def test_what_a_restoration_replaces_is_that_days_copy_too(library, path, tmp_path):
    write_backup(path, tmp_path / "b.zip")
    library.mark([9], starred=True)
    library.flush()
    reading = path.with_name("library.reading.json")
    day, left = age(reading, 1), reading.read_bytes()
    restore_backup(path, tmp_path / "b.zip")
    (copy,) = [copy for copy in copies_of(path) if copy.day == day and not copy.at]
    assert copy.path.read_bytes() == left
    restore_reading(path, copy.path)
    now, then = (json.loads(raw) for raw in (reading.read_bytes(), left))
    assert now["meta"].pop("2") == {"highest": 30}  # no id is given again
    assert now == then


def test_a_copy_of_the_library_is_restored_if_it_is_whole(library, path, tmp_path):
    copy = tmp_path / "library-2020.json"
    copy.write_bytes(path.read_bytes())
    library.purge([5])
    assert restore_library(path, copy) is not None
    library.refresh()
    assert len(library) == 30
    copy.write_bytes(copy.read_bytes()[:-60])
    for dry_run in (True, False):
        with pytest.raises(LibraryError, match="is damaged"):
            restore_library(path, copy, dry_run=dry_run)
    assert len(library) == 30


@pytest.fixture
def restorations(library, path, tmp_path):
    """All three ways to restore, each with something it takes."""
    reading = tmp_path / "reading-x.json"
    shutil.copy(path, tmp_path / "library-x.json")
    shutil.copy(path.with_name("library.reading.json"), reading)
    write_backup(path, tmp_path / "x.zip")
    library.close()
    return [
        partial(restore_backup, path, tmp_path / "x.zip"),
        partial(restore_library, path, tmp_path / "library-x.json"),
        partial(restore_reading, path, reading),
    ]


@pytest.mark.parametrize(
    ("put", "said"),
    [
        (lambda place: place.touch(), "Not a directory; move it away"),
        (lambda place: place.symlink_to("nowhere"), "File exists; move it away"),
    ],
    ids=["file", "link"],
)
def test_what_keeps_a_restoration_from_keeping_a_copy_is_named(restorations, path, put, said):
    put(backups_of(path))
    for restore in restorations:
        with pytest.raises(LibraryError, match=rf": {backups_of(path)}: {said}$"):
            restore()


@pytest.mark.parametrize("name", ["library.json.lock", "library.reading.json.lock"])
def test_a_lock_that_is_a_link_is_named_where_it_keeps_from_restoring(restorations, path, name):
    lock = path.with_name(name)
    lock.rename(lock.with_suffix(".real"))
    lock.symlink_to(lock.with_suffix(".real"))
    restore = restorations[0 if name == "library.json.lock" else 2]
    with pytest.raises(LibraryError, match=rf": {lock}: Too many .* links; move it away$"):
        restore()


def test_a_restoration_says_what_may_not_be_written_and_what_to_do(powerless):
    path = powerless / "library.json"
    for name in ("library", "other"):
        Library(powerless / f"{name}.json", cache_dir=powerless / "cache").close()
    backups_of(path).mkdir(mode=0o555)
    with pytest.raises(LibraryError, match=rf": {backups_of(path)}: Permission denied; see to"):
        restore_library(path, powerless / "other.json")


NO_COPIES = {
    "garbage": (b"garbage", "is not JSON", "is damaged"),
    "nothing": (b"", "is empty", "is empty"),
    "a blank": (b" \n", "is empty", "is empty"),
    "no table": (b"{ }\n", "is empty", "is empty"),
    "a list": (b"[1, 2]", "no library", "no reading file"),
    "the other": (None, "no table of articles", "is a library file"),
    "newer": (b'{"broadsheet": {"1": {"format": 2}}, "articles": {"1": {}}}', "", "a library file"),
    "newer marks": (b'{"meta": {"1": {"format": 99}}}', "no table of articles", "newer"),
}


@pytest.mark.parametrize("dry_run", [True, False], ids=["dry", "real"])
@pytest.mark.parametrize("kind", ["library", "reading"])
@pytest.mark.parametrize("case", NO_COPIES)
def test_a_file_that_is_no_copy_changes_nothing(library, path, tmp_path, case, kind, dry_run):
    raw, *said = NO_COPIES[case]
    reading = path.with_name("library.reading.json")
    if raw is None:
        raw = (path if kind == "reading" else reading).read_bytes()
    copy = tmp_path / f"{kind}-2020-01-01.json"
    copy.write_bytes(raw)
    before = path.read_bytes(), reading.read_bytes(), sorted(tmp_path.iterdir())
    message = said[kind == "reading"]
    if not message:
        pytest.skip("a newer library is one")
    restore = restore_library if kind == "library" else restore_reading
    with pytest.raises(LibraryError, match=message):
        restore(path, copy, dry_run=dry_run)
    assert (path.read_bytes(), reading.read_bytes(), sorted(tmp_path.iterdir())) == before


def test_a_dry_run_of_a_sound_copy_changes_nothing(library, path, tmp_path):
    reading = path.with_name("library.reading.json")
    before = path.read_bytes(), reading.read_bytes(), sorted(tmp_path.iterdir())
    assert restore_library(path, path, dry_run=True) is None
    assert restore_reading(path, reading, dry_run=True) is None
    assert (path.read_bytes(), reading.read_bytes(), sorted(tmp_path.iterdir())) == before


def test_no_room_for_a_daily_copy_does_not_keep_a_mark_from_being_written(library, path):
    reading = path.with_name("library.reading.json")
    age(reading, 1)
    backups_of(path).write_text("a file is in the way")
    library.mark([9], starred=True)
    library.flush()
    assert json.loads(reading.read_text())["states"]["9"]["starred"] is True
