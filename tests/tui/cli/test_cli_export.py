"""`broadsheet export`."""

from __future__ import annotations

import json
import os

import pytest


def test_exporting_to_a_file_says_how_many(run, home):
    said = run("export", "-o", home / "all.json")
    assert (said.status, said.out) == (0, f"{home / 'all.json'}: 4 articles\n")
    assert len(json.loads((home / "all.json").read_text())["articles"]) == 4
    again = run("export", "-o", home / "all.json")
    assert again.status == 1
    assert "there already (--force replaces it)" in again.err
    assert run("export", "--force", "-o", home / "all.json").status == 0


def test_exporting_to_standard_output_keeps_the_report_apart(run):
    said = run("export", "lamp", "-tag:history", "--format", "text", "-o", "-")
    assert said.status == 0
    assert said.out.startswith("Why bridges sing\n")
    assert said.err == "-: 1 article\n"


def test_what_is_left_out_is_told_with_the_reason(run, home):
    said = run("export", "--format", "readwise", "-o", home / "h.csv")
    assert said.out == f"{home / 'h.csv'}: 0 articles; 4 left out: no highlights\n"


def test_the_report_as_json(run, home):
    said = run("export", "--format", "bookmarks", "-o", home / "b.html", "--json")
    assert json.loads(said.out) == {
        "format": "bookmarks", "target": str(home / "b.html"), "articles": 2, "highlights": 0,
        "files": 1, "left_out": {"no link": 2},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("-o", "somewhere"), "no format is given"),
        (("--format", "pdf"), "'pdf' is none of json, markdown"),
        (("--format", "epub", "-o", "x.zip"), "epub is one file"),
    ],
)
def test_wrong_usage_is_said_in_one_line(run, arguments, wrong):
    said = run("export", *arguments)
    assert said.status == 2
    assert wrong in said.err


def test_a_book_is_not_written_to_a_terminal(run, terminal):
    terminal()
    said = run("export", "--format", "epub")
    assert said.status == 2
    assert "nothing for a terminal" in said.err


def test_a_query_that_finds_nothing_is_a_failure(run, home):
    said = run("export", "tag:none", "-o", home / "none.txt")
    assert said.status == 1
    assert "no article is found by tag:none" in said.err
    assert not (home / "none.txt").exists()


#: Every command that writes a file where a person wants it, over what is there.
WRITERS = {
    "export": lambda place: ("export", "--format", "json", "--force", "-o", place),
    "markdown": lambda place: ("export", "id:1", "--format", "markdown", "--force", "-o", place),
    "backup": lambda place: ("backup", "--force", place),
    "feed export": lambda place: ("feed", "export", "--force", "--output", place),
}
writers = pytest.mark.parametrize("writer", WRITERS.values(), ids=list(WRITERS))


@writers
def test_a_file_that_is_there_is_replaced_only_when_that_is_asked_for(run, home, writer):
    place = home / "mine.md"
    place.write_text("mine")
    said = run(*[word for word in writer(place) if word != "--force"])
    assert (said.status, place.read_text()) == (1, "mine")
    assert said.err == f"broadsheet: {place}: it is there already (--force replaces it)\n"
    assert run(*writer(place)).status == 0
    assert place.read_text(errors="replace") != "mine"


@writers
@pytest.mark.parametrize("by", ["its name", "a link", "a hard link"])
@pytest.mark.parametrize(
    "own",
    ["some/library.json", "some/library.reading.json", "some/library.json.lock",
     "some/library.reading.json.lock", "some/library.json.torn",
     "some/library.backups/reading-2026-11-27.json", "config/broadsheet/config.toml"],
)  # fmt: skip
def test_the_programs_own_files_are_never_written_over(run, home, writer, by, own):
    run("tag", "--all", "+seen")
    place = name = home / own
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    if by != "its name":
        name = home / "other.md"
        (name.symlink_to if by == "a link" else name.hardlink_to)(place)
    before = place.stat().st_ino, place.read_bytes()
    said = run(*writer(name))
    assert said.status == 1
    assert said.err == (
        f"broadsheet: {name} is where broadsheet itself keeps {place.name}: name another place\n"
    )
    assert (place.stat().st_ino, place.read_bytes()) == before
    assert os.path.samefile(name, place)


@writers
def test_nor_is_the_index_or_what_is_kept_between_runs(run, home, writer):
    run("search", "lamp")
    (home / "state" / "broadsheet").mkdir(parents=True)
    (index,) = (home / "cache" / "broadsheet").glob("library-*/columns.sqlite")
    for place in (index, index.with_name("new.md"), home / "state" / "broadsheet" / "log"):
        said = run(*writer(place))
        assert (said.status, said.err.count("\n")) == (1, 1)
        assert f"{place} is where broadsheet itself keeps " in said.err
    assert index.read_bytes().startswith(b"SQLite")


@writers
def test_not_even_the_place_of_an_own_file_that_is_not_there_is_taken(run, library, writer):
    reading = library.with_name("library.reading.json")
    reading.unlink(missing_ok=True)
    for place in (reading, reading / "in it.md"):
        assert run(*writer(place)).status == 1
        assert not reading.exists()


@writers
def test_what_is_no_file_is_never_replaced(run, home, writer):
    os.mkfifo(home / "pipe.md")
    (home / "link.md").symlink_to("pipe.md")
    (home / "to itself.md").symlink_to("to itself.md")
    for name in ("pipe.md", "link.md", "to itself.md"):
        said = run(*writer(home / name))
        assert said.status == 1
        assert said.err.count("\n") == 1
        assert str(home / name) in said.err
    assert (home / "pipe.md").is_fifo()
    assert (home / "link.md").is_symlink() and (home / "to itself.md").is_symlink()


def test_of_a_damaged_library_what_is_whole_is_exported_and_what_is_not_is_told(library, run, home):
    library.write_bytes(library.read_bytes().replace(b'"title":"Why', b'"title:Why'))
    for command in (["list"], ["export", "-o", home / "all.json"]):
        done = run(*command)
        assert done.status == 0
        assert "library.json is damaged" in done.err and "left out" in done.err
    written = (home / "all.json").read_text()
    assert "Harbour Street" in written and "Draft of nothing" in written
    assert "Why bridges" not in written
