"""`broadsheet view`, and views in the queries of other commands."""

from __future__ import annotations

import errno
import json
import os
import shlex

import pytest
from rich.cells import cell_len

from store import BUILT_IN_VIEWS, Library
from tui.cli import main


def lines(run, *arguments):
    return [line.split("\t") for line in run("view", "list", *arguments).out.splitlines()]


def test_a_piped_list_is_one_line_a_view_its_fields_parted_by_tabs(run):
    run("view", "add", "Lamps", "lamp", "-bridge")
    rows = lines(run)
    assert [row[0] for row in rows] == [*(view.name for view in BUILT_IN_VIEWS), "Lamps"]
    assert rows[0] == ["All", "4", "4", "built-in", ""]
    assert rows[1] == ["Unread", "4", "4", "built-in", "is:unread -is:archived"]
    assert rows[-1] == ["Lamps", "1", "1", "saved", "lamp -bridge"]


def test_tags_are_listed_when_asked_for(run):
    assert lines(run, "--tags")[-2:] == [
        ["#cities", "1", "1", "tag", "tag:cities"],
        ["#history", "1", "1", "tag", "tag:history"],
    ]


def test_the_list_is_written_as_json(run, library):
    with Library(library) as opened:
        opened.mark([1], read=True)
    run("view", "add", "Lamps", "lamp")
    *_, lamps = json.loads(run("view", "list", "--json").out)
    assert lamps == {"name": "Lamps", "query": "lamp", "kind": "saved", "unread": 1, "total": 2}


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_on_a_terminal_the_list_is_a_table_that_fits(run, terminal, columns):
    run("view", "add", "长城上的灯 " * 5, "lamp " * 40)
    terminal(columns)
    head, *rows = run("view", "list").out.splitlines()
    assert head.split()[:3] == ["NAME", "UNREAD", "TOTAL"]
    assert len(rows) == len(BUILT_IN_VIEWS) + 1
    assert all(cell_len(line) <= columns for line in (head, *rows))
    column = cell_len(head[: head.index("QUERY")])
    assert cell_len(rows[-1][: rows[-1].index("lamp")]) == column


def test_what_is_said_to_be_saved_is_what_is_saved(run):
    said = run("view", "add", " e\x1b[31mX\u200bYZ ", "lamp\x1b[31m  \n-bridge")
    assert said.out == "saved eXYZ: lamp -bridge\n"
    assert lines(run)[-1][0::4] == ["eXYZ", "lamp -bridge"]


def test_a_view_is_saved_replaced_and_removed(run, library):
    added = run("view", "add", "Long reads", "words:>20", "-draft")
    assert (added.status, added.out) == (0, "saved Long reads: words:>20 -draft\n")
    again = run("view", "add", "LONG READS", "words:>30")
    assert again.out == "replaced Long reads: words:>30 (it was words:>20 -draft)\n"
    removed = run("view", "rm", "long reads")
    assert removed.status == 0
    with Library(library) as opened:
        assert opened.views() == {}


def test_what_was_removed_is_put_back_by_the_command_that_is_told(run, library):
    run("view", "add", "It's long", 'title:"the lamp"', "-a")
    command = run("view", "rm", "It's long").out.partition("put it back: ")[2]
    program, *arguments = shlex.split(command)
    assert program == "broadsheet"
    assert run(*arguments).status == 0
    with Library(library) as opened:
        assert opened.views() == {"It's long": 'title:"the lamp" -a'}


def test_what_of_a_query_is_not_understood_is_told_and_saved(run):
    said = run("view", "add", "Odd", "is:unred", "view:Nowhere")
    assert said.status == 0
    first, second = said.err.splitlines()
    assert "unread" in first
    assert "no view Nowhere" in second
    assert lines(run)[-1][4] == "is:unred view:Nowhere"


def test_a_view_that_names_itself_is_told(run):
    assert "leads back to itself" in run("view", "add", "Round", "view:round").err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "unread", "lamp"), "Unread is a view that every library has"),
        (("add", "", "lamp"), "a view needs a name"),
        (("add", "x" * 61, "lamp"), "at most 60"),
        (("add", "#history", "lamp"), "those of tags"),
        (("add", "Lamps", ""), "needs a query"),
        (("rm", "Nowhere"), "no saved view is called Nowhere"),
        (("rm", "Unread"), "cannot be removed"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(run, arguments, says):
    said = run("view", *arguments)
    assert (said.status, said.out) == (1, "")
    assert says in said.err
    assert said.err.count("\n") == 1


def test_while_an_earlier_change_waits_for_room_a_view_is_told_of_as_it_is(run, monkeypatch):
    def replace_file(target, chunks):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("store.reading.replace_file", replace_file)
    assert "; 1 change waits in " in run("tag", "lamp", "+lit").err
    assert "; 1 earlier change waits in " in run("view", "add", "Lamps", "lamp").err
    said = run("view", "rm", "Nowhere")
    assert "no saved view is called Nowhere" in said.err
    assert "; 1 earlier change waits in " in said.err
    assert (said.status, said.out, said.err.count("\n")) == (1, "", 1)


def test_a_read_only_library_takes_no_views(run):
    for arguments in (("add", "Lamps", "lamp"), ("rm", "Lamps")):
        said = run("--read-only", "view", *arguments)
        assert said.status == 1
        assert "read-only" in said.err


@pytest.mark.parametrize("arguments", [(), ("add",), ("add", "Lamps"), ("rm",), ("list", "x")])
def test_wrong_usage_ends_with_2(run, arguments):
    assert run("view", *arguments).status == 2


def test_without_a_library_there_is_nothing_and_nothing_is_made(home, capsys):
    assert main(["view", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["view", "rm", "Lamps"]) == 1
    assert not list(home.rglob("*.json"))


def test_other_commands_take_views_in_their_queries(run, library):
    run("view", "add", "Lamps", "lamp", "sort:title")
    titles = [line.split("\t")[2] for line in run("list", "view:lamps").out.splitlines()]
    assert titles == ["The lamplighters of Harbour Street", "Why bridges sing"]
    found = run("search", "view:Lamps", "pylon")
    assert found.out.split("\t")[2] == "Why bridges sing"
    missing = run("search", "view:Lump")
    assert missing.status == 1
    assert "nearest is Lamps" in missing.err


@pytest.mark.parametrize("command", [("list",), ("search",), ("view", "add")])
def test_help_tells_the_whole_language(run, command):
    from store import help_lines

    shown = run(*command, "--help")
    assert shown.status == 0
    assert all(example in shown.out for example, _ in help_lines())
    for name in ("score", "snippet", "spans", "title_spans") if command == ("search",) else ():
        assert f"  {name} " in shown.out
