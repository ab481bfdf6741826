"""`broadsheet highlights`."""

from __future__ import annotations

import json

import pytest

from store import Highlight, Library


@pytest.fixture
def marked(library):
    with Library(library) as opened:
        opened.highlight(Highlight(1, "It was taken down", "a todo", "green"))
        opened.highlight(Highlight(1, "ladder on shoulder"))
        opened.highlight(Highlight(2, "a bridge is an instrument", "music"))
    return library


def test_all_are_written_as_markdown_unless_asked_otherwise(run, marked):
    done = run("highlights")
    assert done.status == 0
    assert done.out.index("## Why bridges sing") < done.out.index("## [The lamplighters of Harbour")
    assert "> It was taken down\n\na todo\n\n*green, " in done.out


def test_a_query_says_whose_and_which(run, marked):
    found = json.loads(run("highlights", "note:todo", "--format", "json").out)
    assert [each["quote"] for each in found] == ["It was taken down"]
    found = json.loads(run("highlights", "--format", "json", "tag:history").out)
    assert len(found) == 2
    assert run("highlights", "-tag:history", "--format", "csv").out.count("\r\n") == 2


def test_finding_none_is_status_1(run, marked):
    done = run("highlights", "title:nothing")
    assert (done.status, done.out) == (1, "")
    assert run("highlights", "title:nothing", "--format", "json").out.strip() == "[]"


def test_a_format_there_is_not_is_wrong_usage(run, marked):
    done = run("highlights", "--format", "xml")
    assert done.status == 2
    assert "choose from" in done.err


def test_what_was_not_understood_is_told_and_the_rest_written(run, marked):
    done = run("highlights", "colour:red")
    assert "no field colour" in done.err


def test_help_tells_the_formats_and_the_query_language(run, marked):
    done = run("highlights", "--help")
    assert "Readwise" in done.out
    assert "has:highlight" in done.out
