"""`broadsheet doctor`, and `backup` and `restore`, as a person and a script use them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time

import pytest

from store import Library, backups_of


@pytest.fixture
def marked(library):
    with Library(library) as opened:
        opened.mark([1], read=True)
        opened.wait_until_searchable()
    return library


def test_the_doctor_says_that_all_is_well(run, marked):
    done = run("doctor")
    assert done.status == 0
    assert "4 articles" in done.out and "All is well." in done.out
    assert "WRONG" not in done.out


def test_it_says_what_is_wrong_and_what_to_do_and_exits_1(run, marked):
    marked.write_bytes(marked.read_bytes()[:-30])
    done = run("doctor")
    assert done.status == 1
    assert "WRONG  library" in done.out and "-> broadsheet doctor --repair" in done.out
    assert "1 is wrong." in done.out


def test_repair_mends_and_tells_what_it_did(run, marked):
    marked.write_bytes(marked.read_bytes()[:-30])
    done = run("doctor", "--repair")
    assert done.status == 0
    assert "a copy is kept" in done.err and "All is well." in done.out


def test_repair_of_a_sound_library_does_nothing(run, marked):
    assert "nothing had to be mended" in run("doctor", "--repair").err
    assert not backups_of(marked).exists()


@pytest.mark.parametrize("name", ["library.json", "library.reading.json"])
def test_repair_closes_what_others_may_write_and_all_is_well(run, marked, name):
    marked.with_name(name).chmod(0o666)
    done = run("doctor", "--repair")
    assert done.status == 0 and "All is well." in done.out
    assert done.err == f"broadsheet: {name}: others can no longer read or write it\n"


def test_repair_tells_in_one_line_what_it_cannot_mend_and_exits_1(run, marked):
    marked.write_bytes(b"garbage")
    done = run("doctor", "--repair")
    assert done.status == 1 and done.err.count("\n") == 1
    assert done.err.startswith("broadsheet: library: not mended: ") and "1 is wrong." in done.out
    assert marked.read_bytes() == b"garbage"


def test_the_doctor_makes_no_cache_directory(run, marked, home):
    shutil.rmtree(home / "cache")
    assert run("doctor").status == 0
    assert not (home / "cache").exists()


@pytest.mark.parametrize("name", ["library-2020.json", "reading-2020.json"])
def test_a_dry_run_examines_a_copy_of_one_file_too(run, marked, home, name):
    copy = home / name
    kind = marked if name.startswith("library") else marked.with_name("library.reading.json")
    copy.write_bytes(kind.read_bytes())
    before = marked.read_bytes()
    assert " is sound: " in run("restore", "--dry-run", copy).out
    copy.write_bytes(b"garbage")
    for arguments in (["--dry-run", copy], [copy]):
        done = run("restore", *arguments)
        assert done.status == 1 and done.out == "" and done.err.count("\n") == 1
        assert str(copy) in done.err
    assert marked.read_bytes() == before
    assert not backups_of(marked).exists()


@pytest.mark.parametrize("layout", ["its own", "pretty"])
@pytest.mark.parametrize(
    ("of", "name", "said"),
    [
        ("library.json", "reading-list.json", "the library"),
        ("library.json", "my.reading.json", "the library"),
        ("library.json", "articles", "the library"),
        ("library.reading.json", "myread.json", "what was read"),
        ("library.reading.json", "marks.bak", "what was read"),
    ],
)
def test_a_copy_is_restored_as_what_it_is_by_any_name(run, marked, home, of, name, said, layout):
    raw = marked.with_name(of).read_bytes()
    copy = home / name
    copy.write_bytes(raw if layout == "its own" else json.dumps(json.loads(raw), indent=2).encode())
    assert f"{copy} is sound: {said}" in run("restore", "--dry-run", copy).out
    with Library(marked) as opened:
        opened.mark([1], read=False)
        opened.purge([2])
    done = run("restore", copy)
    assert done.status == 0 and f"{said} is as in {name}" in done.out
    with Library(marked) as opened:
        assert len(opened) == (4 if of == "library.json" else 3)
        assert opened.state(1).read is (of != "library.json")


def test_a_backup_is_restored_by_any_name(run, marked, home):
    run("backup", home / "all.zip")
    (home / "all.zip").rename(home / "reading-all.json")
    assert "is sound: 4 articles" in run("restore", "--dry-run", home / "reading-all.json").out


def test_a_table_of_others_is_not_taken_for_what_was_read(run, marked, home):
    (home / "people.json").write_text('{"people": {"1": {"name": "Ada"}}}')
    done = run("restore", home / "people.json")
    assert done.status == 1 and "its tables are people" in done.err


def test_repair_does_not_go_with_read_only(run, marked):
    done = run("--read-only", "doctor", "--repair")
    assert done.status == 1 and "read-only" in done.err


def test_faults_of_the_settings_are_found(run, marked, home):
    config = home / "config" / "broadsheet" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('colum = 66\nlist_share = "x"\n')
    done = run("doctor")
    assert done.status == 1
    assert "config.toml line 1" in done.out and "config.toml line 2" in done.out


def test_scripts_get_json(run, marked):
    found = json.loads(run("doctor", "--json").out)
    assert {finding["level"] for finding in found} <= {"fine", "note", "wrong"}
    assert {"library", "reading file", "index", "settings", "terminal"} <= {
        finding["about"] for finding in found
    }


def test_a_backup_goes_out_and_comes_back(run, marked, home):
    done = run("backup")
    assert done.status == 0 and "4 articles" in done.out
    (archive,) = backups_of(marked).glob("*.zip")
    assert run("restore", "--dry-run", archive).out.startswith(f"{archive} is sound: 4 articles")
    with Library(marked) as opened:
        opened.purge([2])
    done = run("restore", archive.name)
    assert done.status == 0
    assert done.err.count("what was there is kept") == 2
    with Library(marked) as opened:
        assert len(opened) == 4 and opened.state(1).read


def test_a_backup_goes_into_a_directory_under_a_dated_name(run, marked, home):
    (home / "stick").mkdir()
    run("backup", home / "stick")
    (archive,) = (home / "stick").iterdir()
    assert archive.name.startswith(f"library-{time.strftime('%Y')}")


def test_a_backup_goes_into_a_pipe(marked, home):
    done = subprocess.run(
        [sys.executable, "-m", "tui", "--library", marked, "backup", "-"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        check=True,
    )
    assert done.stdout.startswith(b"PK") and done.stderr == b""


def test_a_day_is_restored(run, marked):
    reading = marked.with_name("library.reading.json")
    then = time.time() - 86_400
    os.utime(reading, (then, then))
    with Library(marked) as opened:
        opened.mark([1], read=False)
    day = time.strftime("%Y-%m-%d", time.localtime(then))
    assert f"reading-{day}.json" in run("restore", "--list").out
    assert run("restore", day).status == 0
    with Library(marked) as opened:
        assert opened.state(1).read


def test_a_copy_of_the_library_is_restored_by_its_name(run, marked):
    whole = marked.read_bytes()
    marked.write_bytes(whole[:-30])
    run("doctor", "--repair")
    run("backup")
    (archive,) = backups_of(marked).glob("*.zip")
    marked.write_bytes(whole)
    run("restore", archive)  # keeps the whole one
    (copy, *_) = sorted(backups_of(marked).glob("library-*.json"), key=lambda p: -p.stat().st_size)
    assert run("restore", copy.name).status == 0
    assert marked.read_bytes() == whole


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("restore", "2001-01-01"), "no copy was kept of 2001-01-01"),
        (("restore", "2026-99-99"), "there is no day 2026-99-99"),
        (("restore", "nothing.zip"), "cannot be read: No such file"),
        (("backup", "/dev/null/x.zip"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_1(run, marked, arguments, said):
    done = run(*arguments)
    assert done.status == 1
    assert said in done.err and done.err.count("\n") == 1


def test_restore_wants_to_be_told_what(run, marked):
    assert run("restore").status == 2
    assert run("restore", "--list").status == 1


def test_the_list_of_copies_says_which_cannot_be_restored(run, marked):
    backups_of(marked).mkdir()
    reading = marked.with_name("library.reading.json").read_bytes()
    for day, raw in ((20, reading), (21, reading[:40])):
        (backups_of(marked) / f"reading-2026-11-{day}.json").write_bytes(raw)
    first, second = run("restore", "--list").out.splitlines()
    assert first.endswith("what was read, cannot be restored") and "2026-11-21" in first
    assert second.endswith("what was read")


def test_a_place_for_copies_that_cannot_be_read_is_not_called_empty(run, marked):
    backups_of(marked).write_text("a file is in the way")
    done = run("restore", "--list")
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert f"{backups_of(marked)} cannot be read: Not a directory" in done.err
