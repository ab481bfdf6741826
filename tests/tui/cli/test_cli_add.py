"""`broadsheet add`."""

from __future__ import annotations

import io
import json
import stat
import sys

import pytest

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
