"""`broadsheet tag`: tags given and taken by a query."""

from __future__ import annotations

import json

import pytest

from store import Library
from tui.commands.tag import Changes, parse_changes


def tags(library):
    with Library(library) as opened:
        return {row.id: row.tags for row in opened.find("").rows(0, 9)}


def test_tags_are_given_and_taken_and_counted(run, library):
    done = run("tag", "lamp", "+light", "-cities")
    assert done.status == 0
    assert done.out.splitlines() == [
        "2 articles found",
        "+light added to 2",
        "-cities removed from 1, 1 did not have it",
    ]
    assert tags(library)[1] == ("history", "light")
    assert tags(library)[2] == ("light",)


def test_a_second_run_changes_nothing(run):
    run("tag", "lamp", "+light")
    assert "+light added to 0, 2 had it" in run("tag", "lamp", "+light").out


def test_a_dry_run_only_tells(run, library):
    before = tags(library)
    told = run("tag", "lamp", "+light", "--dry-run").out
    assert "+light would be added to 2" in told
    assert tags(library) == before


def test_the_report_can_be_json(run):
    assert json.loads(run("tag", "--json", "lamp", "+light", "-history").out) == {
        "found": 2,
        "dry_run": False,
        "added": {"light": 2},
        "removed": {"history": 1},
    }


def test_it_can_be_undone(run, library):
    run("tag", "lamp", "+light")
    with Library(library) as opened:
        assert opened.undo() == "tagged 2 articles with light"


def test_all_articles_must_be_asked_for(run, library):
    refused = run("tag", "+new")
    assert refused.status == 2
    assert "a query, or --all" in refused.err
    assert run("tag", "--all", "lamp", "+new").status == 2
    assert run("tag", "--all", "+new").status == 0
    assert all("new" in each for each in tags(library).values())


def test_a_query_that_finds_nothing_is_status_1(run):
    assert run("tag", "tag:none", "+new").status == 1


@pytest.mark.parametrize("query", ["misspeld:lamp", '"lamp', "lamb"])
def test_a_query_that_is_not_understood_changes_nothing(run, library, query):
    before = tags(library)
    refused = run("tag", query, "+new")
    assert refused.status == 2
    assert "nothing was changed" in refused.err
    assert tags(library) == before


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ships +a", Changes("ships", ("a",), ())),
        ("ships -draft -- +a -b", Changes("ships -draft", ("a",), ("b",))),
        ("+a -b ships -draft", Changes("ships -draft", ("a",), ("b",))),
        ("+a -b -- -draft", Changes("-draft", ("a",), ("b",))),
        ("-draft -- -b", Changes("-draft", (), ("b",))),
        ("(a OR b) -(c d) +x,y", Changes("(a OR b) -(c d)", ("x", "y"), ())),
        ("tag:todo is:read -todo +done", Changes("tag:todo is:read", ("done",), ("todo",))),
        ("+a", Changes("", ("a",), ())),
    ],
)
def test_the_query_is_parted_from_the_changes(line, expected):
    assert parse_changes(line.split()) == expected


@pytest.mark.parametrize("line", ["", "ships", "+a ships +b", "ships --", "ships +a -a", "x -- y"])
def test_what_cannot_be_parted_is_refused(run, line):
    assert run("tag", *line.split()).status == 2
