"""The command line in general: help, errors, endings, and the way into the app."""

from __future__ import annotations

import logging
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.cells import cell_len

from store import Article, Library, LibraryError
from tui import paths
from tui.cli import COMMANDS, main, make_parser

ROOT = Path(__file__).parents[3]


def process(*arguments, **options):
    """A process of the program, its own output and errors kept."""
    return subprocess.Popen(
        [sys.executable, "-m", "tui", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, **options,
    )  # fmt: skip


def test_version_is_one_line(run):
    assert re.fullmatch(r"broadsheet \d+\.\d+\.\d+\S*\n", run("--version").out)


def test_help_shows_every_command_and_examples(run):
    shown = run("--help")
    assert shown.status == 0
    for word in ("demo", "add", "list", "search", "show", "examples:", "broadsheet add ~/articles"):
        assert word in shown.out


@pytest.mark.parametrize("command", ["demo", "add", "list", "search", "show"])
def test_every_command_explains_itself(run, command):
    shown = run(command, "--help")
    assert shown.status == 0
    assert f"usage: broadsheet {command}" in shown.out


@pytest.mark.parametrize(
    "arguments",
    [["lisst"], ["list", "--limt", "3"], ["search"], ["show", "twelve"], ["list", "--limit", "-1"],
     ["list", "--sort", "colour"], ["add"], ["add", "x", "--format", "stone"]],
)  # fmt: skip
def test_wrong_usage_is_said_and_exits_2(run, arguments):
    said = run(*arguments)
    assert said.status == 2
    assert "error: " in said.err.splitlines()[-1]
    assert said.out == ""


def test_a_library_that_was_named_and_is_not_there_is_an_error_and_is_not_made(home, capsys):
    missing = home / "missing.json"
    assert main(["--library", str(missing), "list"]) == 1
    assert capsys.readouterr().err.startswith(f"broadsheet: {missing}: ")
    assert not missing.exists()


def test_a_file_that_is_no_library_is_said_in_one_line_and_left_alone(home, capsys):
    file = home / "notes.txt"
    file.write_text("not a library")
    assert main(["list", "--library", str(file)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("broadsheet: ")
    assert said.count("\n") == 1
    assert file.read_text() == "not a library"


def test_a_default_library_that_is_not_there_is_empty_and_is_not_made(home, capsys):
    assert main(["list"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "broadsheet add" in said.err
    assert not (home / "data").exists()


def test_the_default_library_is_in_the_data_directory_or_named_by_the_environment(
    library, home, monkeypatch, capsys
):
    assert paths.default_library() == home / "data" / "broadsheet" / "library.json"
    monkeypatch.setenv("BROADSHEET_LIBRARY", str(library))
    assert main(["list", "--limit", "1"]) == 0
    assert "Why bridges sing" in capsys.readouterr().out


def test_a_relative_xdg_directory_is_ignored(monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert paths.data_dir() == Path.home() / ".local/share/broadsheet"


def test_an_interrupt_ends_quietly_with_130(run, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Library, "find", interrupt)
    ended = run("list")
    assert (ended.status, ended.out, ended.err) == (130, "", "")


def test_an_unexpected_error_goes_to_the_log_and_one_line_names_it(run, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("the lamp \x1b[31mwent out")

    monkeypatch.setattr(Library, "find", fail)
    said = run("list")
    assert said.status == 1
    assert said.err.count("\n") == 1
    assert str(paths.log_file()) in said.err
    assert "\x1b" not in said.err
    assert "Traceback" in paths.log_file().read_text()
    assert stat.S_IMODE(paths.log_file().stat().st_mode) == 0o600


def test_what_the_library_logs_goes_to_the_log_and_not_to_the_terminal(run, monkeypatch):
    def log(self, *_, **__):
        try:
            raise ValueError("out of oil")
        except ValueError:
            logging.getLogger("store.library").exception("lighting failed")
        return find(self)

    find = Library.find
    monkeypatch.setattr(Library, "find", log)
    listed = run("list")
    assert (listed.status, listed.err) == (0, "")
    logged = paths.log_file().read_text()
    assert "ValueError: out of oil" in logged
    assert "lighting failed" in logged


def test_an_error_of_the_library_is_one_line(run, monkeypatch):
    def fail(*_, **__):
        raise LibraryError("the disk is full")

    monkeypatch.setattr(Library, "find", fail)
    said = run("list")
    assert (said.status, said.err) == (1, "broadsheet: the disk is full\n")


def test_a_reader_that_goes_away_is_no_error(library):
    with Library(library) as opened:
        opened.add(Article(title=f"Number {n}", body="Lamps. " * 50) for n in range(3_000))
    child = process("--library", library, "list", "--json", env=os.environ)
    assert child.stdout.readline() == b"[\n"
    child.stdout.close()
    assert child.stderr.read() == b""
    assert child.wait() == 128 + signal.SIGPIPE
    child.stderr.close()


def test_a_reader_that_was_never_there_is_no_error(library):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "tui", "--library", str(library), "list"],
            stdout=pipe, stderr=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


def test_a_terminal_without_unicode_gets_question_marks_and_no_crash(library):
    plain = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    child = process("--library", library, "show", "3", env=plain)
    shown, said = child.communicate()
    assert child.returncode == 0, said
    assert b"?????" in shown


def test_without_a_terminal_the_newest_articles_are_printed(run):
    shown = run()
    assert shown.status == 0
    assert "Why bridges sing" in shown.out.splitlines()[1]
    assert all(cell_len(line) <= 80 for line in shown.out.splitlines())


def test_on_a_terminal_the_app_opens_on_the_library(run, terminal, library, monkeypatch):
    opened = []

    def fake(path, *, readonly=False, demo=False, plain=False, link="", start=None):
        opened.append((path, readonly, plain, link))
        return 7

    monkeypatch.setitem(sys.modules, "tui.running", SimpleNamespace(run=fake))
    terminal()
    assert run().status == 7
    assert run("--read-only").status == 7
    assert run("--plain").status == 7
    assert run("--link", "slow").status == 7
    assert opened == [
        (library, False, False, ""),
        (library, True, False, ""),
        (library, False, True, ""),
        (library, False, False, "slow"),
    ]


def test_the_demo_reads_a_copy_that_keeps_what_was_marked_until_it_is_renewed(
    library, monkeypatch, capsys
):
    before = library.read_bytes()
    monkeypatch.setattr(paths, "sample_library", lambda: library)
    assert main(["demo"]) == 0
    assert "Why bridges sing" in capsys.readouterr().out
    copy = paths.demo_library()
    with Library(copy) as opened:
        opened.mark([1], starred=True)
    main(["demo"])
    with Library(copy) as opened:
        assert opened.state(1).starred
    main(["demo", "--fresh"])
    with Library(copy) as opened:
        assert not opened.state(1).starred
    assert library.read_bytes() == before


def test_the_sample_is_found_in_a_checkout():
    assert paths.sample_library() == ROOT / "sample_data" / "library.json"


@pytest.mark.parametrize(("command", "module"), COMMANDS.items())
def test_a_command_is_known_once_its_module_is_loaded(command, module, capsys):
    with pytest.raises(SystemExit) as ending:
        make_parser([module]).parse_args([command, "--help"])
    assert ending.value.code == 0
    assert f"broadsheet {command}" in capsys.readouterr().out
