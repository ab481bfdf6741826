"""`broadsheet stats`: what was read, for eyes and for scripts."""

from __future__ import annotations

import json

from store import Library


def test_it_tells_what_was_read_and_what_is_left(run, library):
    with Library(library) as opened:
        opened.mark([1], read=True)
    out = run("stats").out
    assert "Read: 1 article of 4" in out
    assert "By tag" in out and "history" in out and "ledger.example" in out
    assert "Streak: 1 day in a row" in out


def test_it_counts_what_a_query_finds(run, library):
    with Library(library) as opened:
        opened.mark([1], read=True)
    assert "Read: nothing yet of 1 article." in run("stats", "bridges").out


def test_scripts_get_json(run, library):
    with Library(library) as opened:
        opened.mark([1], read=True)
    told = json.loads(run("stats", "--json", "tag:history").out)
    assert (told["articles"], told["read"], told["streak"]) == (1, 1, 1)
    assert told["tags"][0]["name"] in ("cities", "history")
    assert told["weeks"][-1]["articles"] == 1


def test_where_there_is_no_library_there_is_nothing(capsys):
    from tui.cli import main

    assert main(["stats"]) == 0
    assert "There are no articles here." in capsys.readouterr().out
