"""The library file: appending, reading, repairing, replacing, and what it refuses."""

import errno
import fcntl
import json
import os
import resource
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tinydb import TinyDB

from store import lineformat, opening, sharedfile
from store.errors import LibraryError, ReadOnlyError
from store.linefile import LineFile, Shape, dumps

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library.json"


@pytest.fixture
def file(path):
    file = LineFile(path)
    yield file
    file.close()


@pytest.fixture(autouse=True)
def at_rest(monkeypatch):
    """What changed a moment ago is damage here, not another program's copying."""
    monkeypatch.setattr(sharedfile, "_LONG_REST", 0.0)


def article(number, body="A short text."):
    return {"title": f"Nº {number}", "body": body, "words": 3}


def add(file, *numbers, body="A short text."):
    return file.append([(number, dumps(article(number, body))) for number in numbers])


def ids(file):
    return [record.id for record in file.scan()]


def reopened(path, **options):
    file = LineFile(path, **options)
    file.verify()
    return file


def read_by_stock(path):
    with TinyDB(path, access_mode="r") as db:
        return {document.doc_id: dict(document) for document in db.table("articles")}


# -- opening


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_new_library_is_private_and_empty_in_our_form(tmp_path, umask):
    path = tmp_path / "deep" / "down" / "library.json"
    before = os.umask(umask)
    try:
        file = LineFile(path)
    finally:
        os.umask(before)
    assert path.read_bytes() == b'{"articles": {\n}}\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    assert (file.shape, file.count(), file.last_id()) == (Shape.LINES, 0, 0)
    assert file.first() == file.end() == 15
    assert list(file.scan()) == []


def test_a_library_that_another_process_created_first_is_not_replaced(path, monkeypatch):
    def be_slower(_):
        path.write_bytes(b'{"articles": {\n"1":{}\n}}\n')

    monkeypatch.setattr(opening, "create_directories", be_slower)
    assert ids(LineFile(path)) == [1]


def test_a_missing_file_is_not_created_for_reading(path):
    with pytest.raises(LibraryError, match="there is no such file"):
        LineFile(path, readonly=True)
    assert not path.exists()


def test_a_directory_is_named_as_such(tmp_path):
    with pytest.raises(LibraryError, match="is a directory"):
        LineFile(tmp_path)


def test_a_named_pipe_is_refused_without_waiting(path):
    os.mkfifo(path)
    with pytest.raises(LibraryError, match="is not a file"):
        LineFile(path)
    with pytest.raises(LibraryError, match="is not a file"):
        LineFile(path, readonly=True)


def test_a_file_in_place_of_a_directory_is_said_in_one_line(tmp_path):
    (tmp_path / "notes").write_text("x")
    with pytest.raises(LibraryError, match="cannot be opened: Not a directory"):
        LineFile(tmp_path / "notes" / "library.json")


# -- appending and reading


def test_the_bytes_are_one_article_a_line(file, path):
    file.append([(1, b'{"title":"One"}'), (2, '{"title":"Zwölf"}'.encode())])
    file.append([(7, b"{}")])
    assert path.read_text("utf-8") == (
        '{"articles": {\n"1":{"title":"One"}\n,"2":{"title":"Zwölf"}\n,"7":{}\n}}\n'
    )
    assert read_by_stock(path) == {1: {"title": "One"}, 2: {"title": "Zwölf"}, 7: {}}


def test_an_append_tells_where_each_record_lies(file, path):
    spans = add(file, 1, 2) + add(file, 5)
    assert [file.read(offset, length) for _, offset, length in spans] == [
        (1, article(1)),
        (2, article(2)),
        (5, article(5)),
    ]
    assert spans == [(r.id, r.offset, r.length) for r in file.scan()]
    content = path.read_bytes()
    for record in file.scan():
        assert content[record.offset + record.length : record.offset + record.length + 1] == b"\n"
        assert json.loads(record.raw) == article(record.id)


def test_a_batch_is_one_write_and_then_one_sync(file, monkeypatch):
    calls = []
    pwrite, fdatasync = os.pwrite, os.fdatasync
    monkeypatch.setattr(os, "pwrite", lambda *a: (calls.append("write"), pwrite(*a))[1])
    monkeypatch.setattr(os, "fdatasync", lambda fd: (calls.append("sync"), fdatasync(fd))[1])
    add(file, *range(1, 50))
    assert calls == ["write", "sync"]


def test_short_writes_are_carried_on(file, path, monkeypatch):
    pwrite = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda fd, data, at: pwrite(fd, bytes(data)[:7], at))
    add(file, 1, 2, 3)
    monkeypatch.undo()
    assert list(read_by_stock(path)) == [1, 2, 3]


def test_nothing_to_append_writes_nothing(file, path):
    before = path.stat()
    assert file.append([]) == []
    assert path.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("numbers", [(2,), (1,), (4, 3), (4, 4), (2**63,)])
def test_ids_only_ascend(file, path, numbers):
    add(file, 1, 2)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="id"):
        add(file, *numbers)
    assert path.read_bytes() == before


@pytest.mark.parametrize("raw", [b'{"a":\n1}', b"[1]", b"", b"null"])
def test_only_an_object_on_one_line_is_appended(file, raw):
    with pytest.raises(ValueError, match="not a JSON object on one line"):
        file.append([(1, raw)])
    assert file.count() == 0


def test_reading_bytes_that_hold_no_record_is_an_error(file):
    ((_, offset, length), *_) = add(file, 1, 2)
    for wrong in ((offset + 1, length), (offset, length - 1), (offset, length + 3), (9999, 10)):
        with pytest.raises(ValueError):
            file.read(*wrong)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 50, 400])
def test_every_id_is_found_and_no_other(file, size):
    numbers = [n * 3 for n in range(1, size + 1)]
    spans = add(file, *numbers) if numbers else []
    assert [file.find(n) for n in numbers] == [(offset, length) for _, offset, length in spans]
    assert all(file.find(n + 1) is None for n in [-5, 0, *numbers])


def test_very_long_articles_are_found_and_scanned(file):
    book = "long " * 300_000
    numbers = [1, 2, 3, 4, 5, 6]
    for number in numbers:
        add(file, number, body=book if number % 2 else "short")
    assert ids(file) == numbers
    assert all(file.read(*file.find(n))[0] == n for n in numbers)
    assert file.find(7) is None
    assert file.last_id() == 6
    add(file, 7, body=book)
    assert LineFile(file.path).last_id() == 7


def test_a_scan_starts_and_stops_at_given_bytes(file):
    spans = add(file, 1, 2, 3, 4)
    second, fourth = spans[1][1], spans[3][1]
    assert [r.id for r in file.scan(second)] == [2, 3, 4]
    assert [r.id for r in file.scan(second, fourth)] == [2, 3]


def test_a_scan_does_not_see_what_is_appended_meanwhile(file):
    add(file, 1, 2)
    scan = file.scan()
    assert next(scan).id == 1
    add(file, 3)
    assert [record.id for record in scan] == [2]


# -- when the disk refuses


class Disk:
    """Lets `room` bytes be written, then fails."""

    def __init__(self, monkeypatch, room, code=errno.ENOSPC):
        self.room, self.code, self.real = room, code, os.pwrite
        monkeypatch.setattr(os, "pwrite", self.pwrite)

    def pwrite(self, fd, data, at):
        if len(data) > 3:  # the footer is put back into space that was there
            if self.room == 0:
                raise OSError(self.code, os.strerror(self.code))
            data = bytes(data)[: self.room]
            self.room -= len(data)
        return self.real(fd, data, at)


@pytest.mark.parametrize("room", [0, 1, 2, 3, 4, 30, 80])
def test_a_full_disk_leaves_the_file_as_it_was(file, path, monkeypatch, room):
    add(file, 1, 2)
    before = path.read_bytes()
    Disk(monkeypatch, room)
    with pytest.raises(LibraryError, match="nothing was added: No space left on device"):
        add(file, 3, 4)
    monkeypatch.undo()
    assert path.read_bytes() == before
    add(file, 3)
    assert list(read_by_stock(path)) == [1, 2, 3]


def test_a_file_size_limit_leaves_the_file_as_it_was(file, path):
    add(file, 1)
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, hard))
    try:
        with pytest.raises(LibraryError, match="nothing was added"):
            add(file, 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before


def test_a_sync_that_fails_is_no_append(file, path, monkeypatch):
    add(file, 1)
    before = path.read_bytes()

    def fail(_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fdatasync", fail)
    with pytest.raises(LibraryError, match="nothing was added"):
        add(file, 2)
    assert path.read_bytes() == before


def test_a_read_error_after_a_rewrite_is_told_in_words(file, path, monkeypatch):
    add(file, 1, 2)

    def fail(descriptor):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(lineformat, "read_header", fail)
    with pytest.raises(LibraryError, match="cannot be read"):
        file.rewrite([(2, dumps(article(2)))])
    monkeypatch.undo()
    assert ids(file) == ids(reopened(path)) == [2]


def test_an_interrupted_append_is_taken_back(file, path, monkeypatch):
    add(file, 1)
    before = path.read_bytes()

    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fdatasync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        add(file, 2)
    assert path.read_bytes() == before


# -- torn tails


def test_a_tail_torn_at_any_byte_is_cut_and_kept_beside_the_file(tmp_path):
    whole = LineFile(tmp_path / "whole.json")
    spans = add(whole, 1, 2, 30)
    content = whole.path.read_bytes()
    ends = [15] + [offset + length + 1 for _, offset, length in spans]
    for size in range(15, len(content)):
        path = tmp_path / f"{size}.json"
        path.write_bytes(content[:size])
        file = LineFile(path)
        dropped = file.verify()
        kept = [number for (number, *_), end in zip(spans, ends[1:], strict=True) if end <= size]
        rest = content[max(end for end in ends if end <= size) : size]
        torn = tmp_path / f"{size}.json.torn"
        assert ids(file) == kept
        assert list(read_by_stock(path)) == kept
        if rest in (b"", b"}", b"}}"):
            assert (dropped, torn.exists()) == (0, False)
        else:
            assert (dropped, torn.read_bytes()) == (len(rest), rest)
            assert stat.S_IMODE(torn.stat().st_mode) == 0o600
        add(file, 31)
        assert list(read_by_stock(path)) == [*kept, 31]
        file.close()


def test_an_append_mends_a_tail_that_another_process_tore(file, path):
    add(file, 1, 2)
    with path.open("r+b") as handle:
        handle.truncate(path.stat().st_size - 10)
    add(file, 3)
    assert list(read_by_stock(path)) == [1, 3]


def test_zeros_that_a_file_system_left_are_no_loss(file, path):
    add(file, 1, 2)
    with path.open("r+b") as handle:
        handle.seek(-3, os.SEEK_END)
        handle.write(bytes(5000))
    assert file.verify() == 0
    assert ids(file) == [1, 2]
    assert not path.with_name("library.json.torn").exists()


def test_every_tear_is_kept(file, path):
    add(file, 1)
    for number in (2, 3):
        with path.open("r+b") as handle:
            handle.seek(-3, os.SEEK_END)
            handle.write(b',"%d":{"half' % number)
        assert file.verify() == 11
    assert path.with_name("library.json.torn").read_bytes() == b',"2":{"half,"3":{"half'


def test_damage_in_the_middle_costs_only_the_damaged_lines(file, path):
    add(file, 1, 2, 3, 4)
    damaged = path.read_bytes().replace("Nº 2".encode(), b'N"2')
    path.write_bytes(damaged)
    assert file.verify() == len(damaged.splitlines()[2]) + 1
    assert ids(file) == [1, 3, 4]
    assert list(read_by_stock(path)) == [1, 3, 4]
    assert b'N"2' in path.with_name("library.json.torn").read_bytes()


def test_a_first_line_removed_by_hand_leaves_the_others(file, path):
    add(file, 1, 2, 3)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], *lines[2:]]))
    assert file.verify() == 0
    assert list(read_by_stock(path)) == [2, 3]


def test_a_missing_line_end_after_the_footer_is_put_back(file, path):
    add(file, 1)
    content = path.read_bytes()
    path.write_bytes(content.rstrip())
    assert file.verify() == 0
    assert path.read_bytes() == content


def test_a_file_edited_by_hand_that_is_still_json_is_not_torn(file, path):
    add(file, 1, 2, 3)
    whole = path.read_bytes()
    spread = json.dumps(article(2), indent=2, ensure_ascii=False).encode()
    edited = whole.replace(dumps(article(2)), spread)
    path.write_bytes(edited)
    reader = reopened(path, readonly=True)
    assert (reader.shape, ids(reader)) == (Shape.FOREIGN, [1, 2, 3])
    assert path.read_bytes() == edited
    assert file.verify() == 0
    assert (file.shape, ids(file)) == (Shape.LINES, [1, 2, 3])
    assert path.read_bytes() == whole


def test_a_scan_stops_at_damage_with_an_error_so_that_a_rewrite_loses_nothing(file, path):
    add(file, 1, 2, 3)
    for damaged in (
        path.read_bytes().replace(b',"2":', b',"2" :'),
        path.read_bytes().replace(b',"2":', b'"2"::'),
    ):
        path.write_bytes(damaged)
        with pytest.raises(LibraryError, match="changed or was damaged: the line at byte"):
            ids(file)
        with pytest.raises(LibraryError):
            file.rewrite((record.id, record.raw) for record in file.scan())
        assert path.read_bytes() == damaged


def test_a_file_cut_short_during_a_scan_is_not_taken_for_its_end(file, path):
    add(file, *range(1, 500), body="x" * 5000)
    scan = file.scan()
    next(scan)
    os.truncate(path, 3_000)
    with pytest.raises(LibraryError, match="the file ends at byte"):
        list(scan)


def test_articles_put_in_by_hand_out_of_order_are_sorted(file, path):
    add(file, 1, 2, 3)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], b',"99":{"title":"By hand"}\n', *lines[2:]]))
    assert file.verify() == 0
    assert (ids(file), file.last_id()) == ([1, 2, 3, 99], 99)
    add(file, 100)
    assert list(read_by_stock(path)) == [1, 2, 3, 99, 100]


def test_only_what_follows_the_known_part_is_checked(file, path):
    add(file, 1, 2)
    known = file.end()
    add(file, 3)
    damaged = path.read_bytes().replace("Nº 1".encode(), b'N"  1')
    path.write_bytes(damaged)
    assert file.verify(known) == 0  # the damage before is not looked at
    assert path.read_bytes() == damaged


def test_a_known_part_that_does_not_fit_the_file_is_not_believed(file, path):
    add(file, 1, 2)
    damaged = path.read_bytes().replace("Nº 1".encode(), b'N"1')
    for start in (3, 20, len(damaged) - 1, len(damaged), 10_000):
        path.write_bytes(damaged)
        assert file.verify(start) > 0
        assert ids(file) == [2]
        path.unlink()
        LineFile(path).close()
        file.reopen_if_replaced()


def test_a_torn_file_is_read_up_to_the_tear_and_not_touched(file, path):
    add(file, 1, 2, 3)
    torn = path.read_bytes()[:-20]
    path.write_bytes(torn)
    reader = reopened(path, readonly=True)
    assert ids(reader) == [1, 2]
    assert (reader.last_id(), reader.count()) == (2, 2)
    assert path.read_bytes() == torn
    assert not path.with_name("library.json.torn").exists()


# -- telling of it


def test_each_write_is_told_with_the_stamps_before_and_after(file):
    told = [file.stamp()]

    def tell(before, after):
        assert before == told[-1]
        assert after == file.stamp()
        told.append(after)

    file.on_write = tell
    add(file, 1, 2)
    add(file, 3)
    file.rewrite((record.id, record.raw) for record in file.scan() if record.id != 2)
    add(file)  # nothing
    assert len(set(told)) == 4


# -- replacing


def test_a_rewrite_replaces_the_articles_and_keeps_the_rest(path):
    path.write_bytes(b'{"notes": {"1":{"a":1}}, "articles": {\n"1":{}\n,"2":{"b":2}\n}}\n')
    path.chmod(0o640)
    file = LineFile(path)
    assert file.tables() == {"notes": {"1": {"a": 1}}}
    file.rewrite((record.id, record.raw) for record in file.scan() if record.id != 1)
    assert path.read_bytes() == b'{"notes": {"1":{"a":1}}, "articles": {\n"2":{"b":2}\n}}\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert ids(file) == [2]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_rewrite_keeps_the_owner(file, path):
    os.chown(path, 12345, 23456)
    file.rewrite([(1, b"{}")])
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


def test_a_rewrite_syncs_the_file_before_the_rename_and_the_directory_after(
    file, path, monkeypatch
):
    calls = []
    fsync, rename = os.fsync, Path.rename

    def note_sync(fd):
        kind = "directory" if stat.S_ISDIR(os.fstat(fd).st_mode) else "file"
        calls.append(f"sync {kind}")
        fsync(fd)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "rename", lambda *a: (calls.append("rename"), rename(*a))[1])
    file.rewrite([(1, b"{}")])
    assert calls == ["sync file", "rename", "sync directory"]


def test_a_rewrite_that_fails_changes_nothing(file, path, tmp_path):
    add(file, 1, 2)
    before = path.read_bytes()

    def broken():
        yield 1, b"{}"
        raise RuntimeError("a script's own error")

    with pytest.raises(RuntimeError):
        file.rewrite(broken())
    for records in ([(2, b"{}"), (1, b"{}")], [(1, b"{}"), (1, b"{}")], [(1, b"no object")]):
        with pytest.raises(ValueError):
            file.rewrite(records)
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        "library.json",
        "library.json.lock",
    ]


def test_a_full_disk_during_a_rewrite_changes_nothing(file, path, tmp_path):
    add(file, 1, 2)
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(LibraryError, match="could not be written and is as it was"):
            file.rewrite((n, dumps(article(n, "x" * 1000))) for n in range(100))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before
    assert not [entry for entry in tmp_path.iterdir() if entry.name.endswith(".tmp")]


def test_what_a_killed_rewrite_left_is_removed_by_the_next(file, tmp_path):
    leftover = tmp_path / ".library.json.0a1b2c3d.tmp"
    leftover.write_bytes(b"half a library")
    stranger = tmp_path / ".library.json.notes.tmp"
    stranger.write_bytes(b"not ours")
    file.rewrite([(1, b"{}")])
    assert (leftover.exists(), stranger.exists()) == (False, True)


def test_a_symbolic_link_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "articles.json"
    LineFile(target).close()
    link = tmp_path / "library.json"
    link.symlink_to(target)
    file = LineFile(link)
    add(file, 1, 2)
    file.rewrite((record.id, record.raw) for record in file.scan() if record.id == 2)
    assert link.is_symlink()
    assert list(read_by_stock(target)) == [2]
    assert (tmp_path / "real" / "articles.json.lock").exists()  # one lock by whatever name


def test_a_link_to_nothing_creates_what_it_names(tmp_path):
    link = tmp_path / "library.json"
    link.symlink_to(tmp_path / "elsewhere.json")
    add(LineFile(link), 1)
    assert link.is_symlink()
    assert list(read_by_stock(tmp_path / "elsewhere.json")) == [1]


# -- beside other processes and programs


def test_two_processes_that_append_at_once_lose_nothing(path):
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from store.linefile import LineFile, dumps\n"
        "file = LineFile(Path(sys.argv[1]))\n"
        "for n in range(150):\n"
        "    with file.lock():\n"
        "        if n % 50 == 49:\n"
        "            file.rewrite((r.id, r.raw) for r in file.scan())\n"
        "        number = file.last_id() + 1\n"
        "        file.append([(number, dumps({'by': sys.argv[2], 'n': n}))])\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(path), name], cwd=ROOT)
        for name in ("a", "b")
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    documents = read_by_stock(path)
    assert list(documents) == list(range(1, 301))
    for name in ("a", "b"):
        assert [d["n"] for d in documents.values() if d["by"] == name] == list(range(150))


def test_threads_that_append_at_once_lose_nothing(file, path):
    def work():
        for _ in range(50):
            with file.lock():
                add(file, file.last_id() + 1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(read_by_stock(path)) == list(range(1, 201))


def is_locked(path):
    with path.with_name("library.json.lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def test_the_lock_is_reentrant_and_keeps_others_out(file, path):
    other = LineFile(path)
    order = []

    def write():
        add(other, 2)
        order.append("other")

    thread = threading.Thread(target=write)
    with file.lock():
        with file.lock():
            thread.start()
        assert is_locked(path)
        add(file, 1)
        order.append("first")
    thread.join()
    assert order == ["first", "other"]
    assert not is_locked(path)
    assert list(read_by_stock(path)) == [1, 2]


def test_a_lock_file_that_was_removed_is_made_anew(file, path):
    add(file, 1)
    path.with_name("library.json.lock").unlink()
    with file.lock():
        assert is_locked(path)


def test_the_lock_file_can_be_taken_by_all_who_may_write_the_library(path):
    LineFile(path).close()
    path.chmod(0o660)
    add(LineFile(path), 1)
    lock = path.with_name("library.json.lock")
    assert stat.S_IMODE(lock.stat().st_mode) == 0o660


def test_an_append_goes_to_the_file_that_replaced_the_open_one(file, path):
    add(file, 1)
    other = LineFile(path)
    other.rewrite([(5, dumps(article(5)))])
    add(file, 6)
    assert list(read_by_stock(path)) == [5, 6]


def test_a_scan_goes_on_in_the_file_it_began_in(file):
    add(file, 1, 2, 3)
    scan = file.scan()
    assert next(scan).id == 1
    file.rewrite([(9, b"{}")])
    assert [record.id for record in scan] == [2, 3]
    assert ids(file) == [9]


def test_appends_of_others_are_seen(file, path):
    add(file, 1)
    assert file.last_id() == 1
    stamp = file.stamp()
    add(LineFile(path), 2)
    assert file.stamp() != stamp
    assert (file.last_id(), ids(file), file.count()) == (2, [1, 2], 2)
    assert file.find(2) is not None


def test_stock_tinydb_may_write_the_file_while_it_is_open(file, path):
    add(file, 1, 2)
    stamp = file.stamp()
    with TinyDB(path) as db:
        db.table("articles").insert({"title": "By stock"})
        db.table("notes").insert({"a": 1})
    assert file.stamp() != stamp
    assert not file.reopen_if_replaced()
    assert file.reexamine() is Shape.FOREIGN
    assert ids(file) == [1, 2, 3]
    add(file, 4)
    assert file.shape is Shape.LINES
    assert list(read_by_stock(path)) == [1, 2, 3, 4]
    assert file.tables() == {"notes": {"1": {"a": 1}}}


def test_whoever_takes_the_lock_sees_the_file_as_it_is_then(file, path):
    add(file, 1)
    with TinyDB(path) as db:
        db.table("articles").insert({"title": "By stock"})
    with file.lock():
        assert file.shape is Shape.FOREIGN


def test_an_append_notices_what_stock_tinydb_wrote(file, path):
    add(file, 1)
    with TinyDB(path) as db:
        db.table("articles").insert({"title": "By stock"})
    add(file, 3)
    assert list(read_by_stock(path)) == [1, 2, 3]


def test_a_file_that_was_removed_takes_no_more_articles(file, path):
    add(file, 1)
    path.unlink()
    with pytest.raises(LibraryError, match="is gone"):
        add(file, 2)
    with pytest.raises(LibraryError, match="is gone"):
        file.stamp()


# -- reading only


def test_a_file_that_cannot_be_written_is_read(powerless):
    path = powerless / "library.json"
    add(LineFile(path), 1, 2)
    path.chmod(0o400)
    file = reopened(path)
    assert file.readonly
    assert "Permission denied" in file.readonly_reason
    assert ids(file) == [1, 2]
    with pytest.raises(ReadOnlyError, match="open for reading only"):
        add(file, 3)
    with pytest.raises(ReadOnlyError):
        file.rewrite([])


def test_a_file_in_a_directory_that_cannot_be_written_is_read(powerless):
    path = powerless / "library.json"
    path.write_bytes(b'{"articles": {"1": {}}}')
    powerless.chmod(0o500)
    file = reopened(path)
    assert file.readonly
    assert ids(file) == [1]
    with file.lock():
        assert file.count() == 1
    with pytest.raises(ReadOnlyError, match="no lock file can be opened beside it"):
        file.convert()


def test_a_file_that_cannot_be_read_is_said_in_one_line(powerless):
    path = powerless / "library.json"
    LineFile(path).close()
    path.chmod(0)
    with pytest.raises(LibraryError, match="cannot be opened: Permission denied"):
        LineFile(path)


def test_a_library_that_cannot_be_created_is_said_in_one_line(powerless):
    powerless.chmod(0o500)
    with pytest.raises(LibraryError, match="cannot be opened: Permission denied"):
        LineFile(powerless / "new" / "library.json")


def test_reading_only_writes_nothing_at_all(file, path, tmp_path):
    add(file, 1)
    file.close()
    path.with_name("library.json.lock").unlink()
    before = path.stat()
    reader = reopened(path, readonly=True)
    with reader.lock():
        assert ids(reader) == [1]
    with pytest.raises(ReadOnlyError):
        add(reader, 2)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert [entry.name for entry in tmp_path.iterdir()] == ["library.json"]


def test_lines_longer_than_a_block_are_put_together(file, monkeypatch):
    monkeypatch.setattr(lineformat, "_BLOCK", 16)
    monkeypatch.setattr(lineformat, "_PROBE", 16)
    numbers = list(range(1, 40))
    add(file, *numbers, body="Some text that is longer than that.")
    assert ids(file) == numbers
    assert file.verify() == 0
    again = LineFile(file.path)
    assert again.last_id() == 39
    assert all(again.read(*again.find(n))[0] == n for n in numbers)
    assert again.find(40) is None
