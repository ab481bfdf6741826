"""`broadsheet add`."""

from __future__ import annotations

import io
import json
import os
import signal
import stat
import sys
import tempfile

import pytest

from store import Library
from tui import paths
from tui.cli import main


@pytest.fixture
def notes(home):
    directory = home / "notes"
    directory.mkdir()
    (directory / "one.md").write_text("# First of all\n\nSome text about lanterns.\n")
    (directory / "two.md").write_text("# And then\n\nMore text, of another kind.\n")
    return directory


def test_adding_says_what_became_of_everything_and_twice_adds_nothing(run, notes):
    added = run("add", notes)
    assert (added.status, added.out) == (0, "2 added, 0 merged, 0 unchanged, 0 rejected\n")
    assert added.err == ""
    again = run("add", notes, notes / "one.md")
    assert (again.status, again.out) == (0, "0 added, 0 merged, 3 unchanged, 0 rejected\n")
    assert run("search", "lanterns").status == 0


def test_what_is_added_again_and_lies_in_the_trash_is_told_and_stays_there(run, notes, library):
    run("add", notes)
    with Library(library) as opened:
        (first,) = opened.find("lanterns text", everything=True).ids
        opened.mark([first], trashed=True)
    again = run("add", notes)
    assert again.out == ("0 added, 0 merged, 2 unchanged, 0 rejected; 1 of them in the trash\n")
    assert json.loads(run("add", notes, "--json").out)["in_trash"] == [first]


def test_adding_makes_the_default_library(notes, capsys):
    assert main(["add", str(notes)]) == 0
    assert stat.S_IMODE(paths.default_library().stat().st_mode) == 0o600
    assert main(["list"]) == 0
    assert "First of all" in capsys.readouterr().out


def test_adding_from_standard_input(run, monkeypatch):
    source = io.TextIOWrapper(io.BytesIO(b"# Piped in\n\nThrough a pipe.\n"))
    monkeypatch.setattr(sys, "stdin", source)
    assert run("add", "--format", "markdown", "-").out.startswith("1 added")
    assert "Piped in" in run("list").out


def test_standard_input_is_taken_once_however_often_it_is_named(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"# Piped in\n\nA pipe.\n")))
    said = run("add", "-", "-")
    assert (said.out, said.err) == ("1 added, 0 merged, 0 unchanged, 0 rejected\n", "")


class Endless(io.RawIOBase):
    """Gives the same bytes again and again, and fails where they are taken for ever."""

    def __init__(self, data):
        self.data, self.given = data * 65_536, 0

    def readable(self):
        return True

    def readinto(self, buffer):
        piece = self.data[: len(buffer)]
        buffer[: len(piece)] = piece
        self.given += len(piece)
        assert self.given < 100 * 1024**2, "it is read without end"
        return len(piece)


@pytest.mark.parametrize(
    ("data", "options", "most", "why"),
    [
        (b"y\n", (), 70, "it is larger than 64 MiB"),
        (b"\0", ("--format", "markdown"), 70, "it is larger than 64 MiB"),
        (b"\0", (), 20, "it looks like a binary file"),
        (b"a,b\n", ("--format", "csv"), 40, "it is larger than 32 MiB; put it into a file"),
    ],
)
def test_standard_input_without_end_is_refused(run, monkeypatch, data, options, most, why):
    if "csv" in options:
        monkeypatch.setattr("store.importers.sources.MAX_PIPED", 32 * 1024**2)
    source = Endless(data)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(source)))
    said = run("add", "-", *options)
    assert (said.status, source.given < most * 1024**2) == (1, True)
    assert said.err.startswith(f"rejected -: {why}")


def test_a_long_table_is_read_whole_from_standard_input(run, monkeypatch):
    monkeypatch.setattr("store.importers.sources._HELD", 1000)
    rows = b"".join(b"https://quay.example/%d,Lamp %d\n" % (n, n) for n in range(90))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"url,title\n" + rows)))
    said = run("add", "-")
    assert said.out == "90 added (90 without text), 0 merged, 0 unchanged, 0 rejected\n"


def test_no_room_for_standard_input_is_told_with_the_place(run, monkeypatch):
    full = open("/dev/full", "wb", buffering=0)  # noqa: SIM115 - the source closes it
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: full)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"lamp " * 4_000_000)))
    said = run("add", "-")
    assert said.status == 1
    assert said.err.startswith(
        f"rejected -: it cannot be kept in {tempfile.gettempdir()}: No space"
    )


def test_who_names_a_pipe_is_told_how_it_is_read(run):
    read, write = os.pipe()
    said = run("add", f"/dev/fd/{read}")
    os.close(read)
    os.close(write)
    assert said.status == 1
    assert 'what a pipe brings is read as "-": … | broadsheet add -' in said.err


def test_what_is_rejected_is_named_and_only_rejects_are_a_failure(run, notes, home):
    missing = home / "missing.md"
    said = run("add", missing)
    assert said.status == 1
    assert said.err.startswith(f"rejected {missing}")
    mixed = run("add", missing, notes)
    assert (mixed.status, mixed.out) == (0, "2 added, 0 merged, 0 unchanged, 1 rejected\n")


def test_of_many_rejected_the_first_are_named_unless_all_are_asked_for(run, home):
    missing = [home / f"missing-{n}.md" for n in range(25)]
    said = run("add", *missing).err.splitlines()
    assert len(said) == 21
    assert said[-1] == "and 5 more (--verbose names all)"
    assert len(run("add", "--verbose", *missing).err.splitlines()) == 25


def test_the_report_as_json(run, notes, home):
    said = run("add", notes, home / "missing.md", "--json")
    report = json.loads(said.out)
    assert len(report["added"]) == 2
    assert [item["source"] for item in report["rejected"]] == [str(home / "missing.md")]
    assert said.err == ""


def test_progress_is_drawn_on_a_terminal_and_taken_away(run, notes, terminal):
    terminal()
    said = run("add", notes).err
    assert "articles" in said
    assert said.endswith("\r\x1b[K")


def test_nothing_is_added_when_only_reading_is_allowed(run, notes, library):
    before = library.read_bytes()
    said = run("--read-only", "add", notes)
    assert said.status == 1
    assert said.err.startswith("broadsheet: ")
    assert library.read_bytes() == before


def test_a_dry_run_says_what_would_be_done_and_does_nothing(run, notes, library, home):
    def files():
        kept = {
            p: p.read_bytes() for p in home.rglob("*") if p.is_file() and "cache" not in p.parts
        }
        return {p: data for p, data in kept.items() if p.suffix != ".lock"}

    before = files()
    said = run("add", "--dry-run", notes, home / "missing.md")
    assert said.status == 0
    assert said.out == (
        "would be added 5: First of all\nwould be added 6: And then\n"
        "nothing was written; it would be: 2 added, 0 merged, 0 unchanged, 1 rejected\n"
    )
    assert files() == before
    report = json.loads(run("add", "--dry-run", "--json", notes).out)
    done = json.loads(run("add", "--json", notes).out)
    assert {name: report[name] for name in done} == done
    assert [(a["what"], a["id"]) for a in report["articles"]] == [("added", 5), ("added", 6)]
    assert run("add", "--dry-run", notes).out.endswith(
        "0 added, 0 merged, 2 unchanged, 0 rejected\n"
    )


def test_a_dry_run_makes_no_library(notes, capsys):
    assert main(["add", "--dry-run", str(notes)]) == 0
    assert "2 added" in capsys.readouterr().out
    assert not paths.default_library().exists()


def test_a_dry_run_foresees_what_is_merged(run, home, library):
    file = home / "more.jsonl"
    file.write_text(
        '{"title": "Draft of nothing", "url": "https://ledger.example/none", "body": "Text."}\n'
        '{"title": "New", "body": "a text"}\n{"title": "New", "body": "a text", "author": "Ada"}\n'
        '{"title": "Link", "url": "https://a.example/"}\nno json\n'
    )
    foreseen = run("add", "--dry-run", "--json", file)
    done = run("add", "--json", file)
    report = json.loads(done.out)
    assert {name: json.loads(foreseen.out)[name] for name in report} == report
    assert (report["merged"], report["added"], report["stubs"]) == ([4, 5], [5, 6], 1)


def test_a_line_that_is_rejected_is_named_as_editors_take_it(run, home):
    file = home / "lines.jsonl"
    file.write_text('{"title": "A", "body": "x"}\nnonsense\n{"title": "B", "body": "y"}\n')
    said = run("add", file)
    assert said.err.startswith(f"rejected {file}:2: ")
    assert said.out == "2 added, 0 merged, 0 unchanged, 1 rejected\n"


def test_verbose_names_what_was_added(run, notes):
    said = run("add", "--verbose", notes)
    assert said.out.startswith("added 5: First of all\nadded 6: And then\n2 added")


def test_broken_off_it_reports_what_is_in_and_goes_on_when_repeated(run, notes, monkeypatch):
    from store import importers

    real = importers.read_source

    def slow(source, *arguments, **options):
        yield from real(source, *arguments, **options)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(importers, "read_source", slow)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored
    said = run("add", notes)
    signal.signal(signal.SIGINT, before)
    monkeypatch.setattr(importers, "read_source", real)
    assert said.status == 130
    assert said.out == "1 added, 0 merged, 0 unchanged, 0 rejected\n"
    assert "the same command does the rest" in said.err
    assert run("add", notes).out == "1 added, 0 merged, 1 unchanged, 0 rejected\n"
