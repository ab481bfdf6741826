"""`broadsheet add` with the exports of other programs."""

from __future__ import annotations

import json
from pathlib import Path

from store.importers import FORMATS

SAMPLES = Path(__file__).parents[3] / "sample_data"


def test_an_export_comes_in_with_what_was_read_and_marked(run):
    added = run("add", SAMPLES / "wallabag.json", SAMPLES / "pocket.zip")
    assert added.status == 0
    assert added.out.startswith("5 added (4 without text), 1 merged, 0 unchanged, 0 rejected; 2")
    assert run("list", "is:read has:highlight").out.count("\n") == 1
    assert run("search", 'highlight:"charged the moon"').status == 0
    again = run("add", SAMPLES / "wallabag.json", SAMPLES / "pocket.zip")
    assert again.out.startswith("0 added, 0 merged, 6 unchanged, 0 rejected")


def test_each_rejected_row_is_named_with_its_line(run, home):
    table = home / "pocket.csv"
    table.write_text("title,url,time_added,tags,status\nA,javascript:x,,,unread\n,,,,unread\n")
    said = run("add", table)
    assert said.status == 1
    assert said.err.splitlines() == [
        f"rejected {table}:2: its link is none that can be read: javascript:…",
        f"rejected {table}:3: it has neither title, text nor link",
    ]


def test_the_report_counts_highlights(run):
    report = json.loads(run("add", "--json", SAMPLES / "readwise-highlights.csv").out)
    assert (len(report["added"]), len(report["merged"]), report["highlights"]) == (2, 1, 3)


def test_help_lists_every_format_there_is(run):
    shown = run("add", "--help").out
    assert [name for name in FORMATS if f"\n  {name} " not in shown] == []
