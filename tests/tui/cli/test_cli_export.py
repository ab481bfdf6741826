"""`broadsheet export`."""

from __future__ import annotations

import json

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


def test_the_report_as_json(run, home):
    said = run("export", "--format", "bookmarks", "-o", home / "b.html", "--json")
    assert json.loads(said.out) == {
        "format": "bookmarks", "target": str(home / "b.html"), "articles": 2, "highlights": 0,
        "files": 1, "left_out": {"it has no link": 2},
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
