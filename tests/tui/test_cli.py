"""The command line, through `main` and as a process."""

from __future__ import annotations

import io
import json
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

from store import Article, Library, LibraryError, Row
from tui import paths
from tui.cli import main
from tui.commands.output import tab_separated, to_json

ROOT = Path(__file__).parents[2]

ARTICLES = [
    Article(
        title="The lamplighters of Harbour Street",
        body="At dusk they came, *ladder* on shoulder.\n\n## The last lamp\n\n"
        + "It was taken down in spring. " * 20,
        author="Ada Reyes",
        site="ledger.example",
        url="https://ledger.example/lamps",
        published="2019-03-09",
        tags=("history", "cities"),
    ),
    Article(
        title="Why bridges sing",
        body="Wind, cable and the lamp on the pylon: a bridge is an instrument.",
        site="span.example",
        published="2021-11-02T08:30:00+00:00",
    ),
    Article(title="长城上的灯", body="夜里有一盏灯。", published="2018-01-01", lang="zh"),
    Article(title="Draft of nothing", url="https://ledger.example/none", published="2017"),
]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """XDG directories of the test's own, and no terminal."""
    for kind in ("DATA", "CACHE", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    # Python does not write into a closed pipe twice when it is unbuffered.
    for name in ("BROADSHEET_LIBRARY", "COLUMNS", "TERM", "PYTHONUNBUFFERED"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def library(home):
    path = home / "some" / "library.json"
    with Library(path) as opened:
        opened.add(ARTICLES)
    return path


@pytest.fixture
def run(library, capsys):
    """Runs a command on the library: status, output, errors."""

    def run_(*arguments):
        status = main(["--library", str(library), *map(str, arguments)])
        return SimpleNamespace(status=status, **capsys.readouterr()._asdict())

    return run_


@pytest.fixture
def terminal(monkeypatch):
    """Makes standard output (and error, and input) a terminal of 80 columns."""

    def make(columns=80):
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", str(columns))
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)

    return make


def process(*arguments, **options):
    """A process of the program, its own output and errors kept."""
    return subprocess.Popen(
        [sys.executable, "-m", "tui", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, **options,
    )  # fmt: skip


# ------------------------------------------------------------------------------- in general


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


# ------------------------------------------------------------------------------- list


def test_a_piped_list_is_one_line_an_article_its_fields_parted_by_tabs(run):
    rows = [line.split("\t") for line in run("list").out.splitlines()]
    assert [row[2] for row in rows] == [
        "Why bridges sing", "The lamplighters of Harbour Street", "长城上的灯", "Draft of nothing",
    ]  # fmt: skip
    lamps = rows[1]
    assert lamps[:2] == ["1", "2019-03-09"]
    assert lamps[3:5] == ["Ada Reyes", "ledger.example"]
    assert lamps[6:] == ["history,cities", ""]
    assert rows[3][7] == "stub"


def test_list_takes_a_query_with_options_among_its_words(run):
    shown = run("list", "-draft", "--limit", "2", "lamp", "--sort", "-published", "-instrument")
    assert [line.split("\t")[2] for line in shown.out.splitlines()] == [
        "The lamplighters of Harbour Street"
    ]


def test_list_sorts_and_limits(run):
    shown = run("list", "--sort=title", "--limit", "1")
    assert shown.out.split("\t")[2] == "Draft of nothing"
    assert run("list", "--limit", "0").out.count("\n") == 4


def test_list_writes_json(run):
    rows = json.loads(run("list", "tag:history", "--json").out)
    assert [row["title"] for row in rows] == ["The lamplighters of Harbour Street"]
    assert rows[0]["tags"] == ["history", "cities"]
    assert rows[0]["starred"] is False
    assert json.loads(run("list", "tag:none", "--json").out) == []


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_table_is_aligned_by_cells_and_fits_the_terminal(run, terminal, columns):
    terminal(columns)
    head, *rows = run("list").out.splitlines()
    assert head.split()[:3] == ["ID", "DATE", "TITLE"]
    assert len(rows) == 4
    assert all(cell_len(line) <= columns for line in (head, *rows))
    column = cell_len(head[: head.index("TITLE")])
    for row, title in zip(rows, ("Why", "The lamp", "长城", "Draft"), strict=True):
        assert cell_len(row[: row.index(title)]) == column


def test_a_terminal_gets_the_first_fifty_and_is_told_of_the_rest(run, terminal, library):
    with Library(library) as opened:
        opened.add(Article(title=f"Number {n}", body=f"Text {n}.") for n in range(60))
    terminal()
    shown = run("list")
    assert len(shown.out.splitlines()) == 51
    assert "14 more" in shown.err


def test_a_misspelt_operator_is_told_of_and_searched_for_literally(run):
    said = run("list", "titel:lamp")
    assert said.status == 0
    assert said.err.startswith("broadsheet: ")


# ------------------------------------------------------------------------------- search


def test_search_finds_nothing_as_grep_does(run):
    found = run("search", "qqqqzzzz")
    assert (found.status, found.out) == (1, "")


def test_a_piped_hit_ends_with_its_snippet_and_holds_no_escapes(run):
    found = run("search", "pylon")
    assert found.status == 0
    fields = found.out.rstrip("\n").split("\t")
    assert fields[2] == "Why bridges sing"
    assert "the lamp on the pylon" in fields[8]
    assert "\x1b" not in found.out


def test_on_a_terminal_matches_are_bold_and_lines_fit(run, terminal):
    terminal(60)
    found = run("search", "lamp", "-instrument").out
    assert "\x1b[1mlamp\x1b[22m" in found
    assert all(cell_len(re.sub(r"\x1b\[\d+m", "", line)) <= 60 for line in found.splitlines())


def test_a_dumb_terminal_gets_no_escapes(run, terminal, monkeypatch):
    terminal()
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in run("search", "lamp").out


def test_search_writes_json_with_spans(run):
    (hit,) = json.loads(run("search", "pylon", "--json").out)
    (start, end), *_ = hit["spans"]
    assert hit["snippet"][start:end] == "pylon"
    assert hit["title_spans"] == []
    assert hit["score"] > 0


def test_search_finds_what_was_only_just_added(run, library):
    with Library(library) as opened:
        opened.add(Article(title=f"New {n}", body=f"quillwort{n}") for n in range(700))
    assert len(run("search", "quillwort699").out.splitlines()) == 1


# ------------------------------------------------------------------------------- show


def test_a_piped_article_is_plain_text_within_the_width(run):
    shown = run("show", "1", "--width", "50").out
    lines = shown.splitlines()
    assert lines[0] == "The lamplighters of Harbour Street"
    assert lines[1].startswith("Ada Reyes · ledger.example")
    assert "https://ledger.example/lamps" in lines
    assert "At dusk they came, ladder on shoulder." in lines
    assert "The last lamp" in lines
    assert max(map(len, lines)) <= 50
    assert "\x1b" not in shown


def test_a_stub_shows_its_link_and_no_keys(run):
    shown = run("show", "4").out
    assert "https://ledger.example/none" in shown.splitlines()
    assert "Press" not in shown


def test_on_a_terminal_an_article_is_typeset(run, terminal):
    terminal()
    shown = run("show", "1").out
    assert "\x1b[1mThe lamplighters of Harbour Street\x1b[0m" in shown
    assert "\x1b[3mladder\x1b[0m" in shown


def test_show_writes_the_whole_article_and_its_state_as_json(run, library):
    with Library(library) as opened:
        opened.mark([1], starred=True)
    article = json.loads(run("show", "1", "--json").out)
    assert article["body"].startswith("At dusk they came, *ladder*")
    assert article["url"] == "https://ledger.example/lamps"
    assert article["state"]["starred"] is True


def test_an_article_that_is_not_there_is_an_error(run):
    said = run("show", "99")
    assert (said.status, said.out) == (1, "")
    assert "99" in said.err


# ------------------------------------------------------------------------------- hostile text


HOSTILE = "Red\x1b[31m \x9b2J\u202edaer\u2066\tme\nnow\x07 [bold]please[/bold]"


@pytest.fixture
def hostile(home):
    """A library that another program wrote."""
    path = home / "foreign.json"
    article = {"title": HOSTILE, "site": HOSTILE, "body": f"{HOSTILE} lamp", "published": HOSTILE}
    path.write_text(json.dumps({"articles": {"1": article}}))
    return path


@pytest.mark.parametrize(
    "command",
    [[], ["list"], ["search", "lamp"], ["show", "1"], ["list", "--json"],
     ["search", "lamp", "--json"], ["show", "1", "--json"]],
)  # fmt: skip
def test_nothing_in_a_library_is_obeyed_by_the_terminal(hostile, command, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["--library", str(hostile), *command]) == 0
    shown = capsys.readouterr().out
    assert "[bold]please[/bold]" in shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_a_line_of_tab_separated_fields_is_one_line_and_safe_whatever_a_row_holds():
    line = tab_separated(Row(1, HOSTILE, author=HOSTILE, tags=(HOSTILE,)), HOSTILE)
    assert line.count("\t") == 8
    assert line.replace("\t", "").isprintable()


def test_json_escapes_what_a_terminal_would_obey():
    text = to_json({"title": HOSTILE})
    assert text.isprintable()
    assert json.loads(text) == {"title": HOSTILE}


# ------------------------------------------------------------------------------- the app


def test_without_a_terminal_the_newest_articles_are_printed(run):
    shown = run()
    assert shown.status == 0
    assert "Why bridges sing" in shown.out.splitlines()[1]
    assert all(cell_len(line) <= 80 for line in shown.out.splitlines())


def test_on_a_terminal_the_app_opens_on_the_library(run, terminal, library, monkeypatch):
    opened = []

    def fake(path, *, readonly=False, demo=False):
        opened.append((path, readonly, demo))
        return 7

    monkeypatch.setitem(sys.modules, "tui.app", SimpleNamespace(run=fake))
    terminal()
    assert run().status == 7
    assert run("--read-only").status == 7
    assert opened == [(library, False, False), (library, True, False)]


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


# ------------------------------------------------------------------------------- add


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
