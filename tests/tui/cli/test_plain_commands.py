"""`--plain`: what commands print for screen readers."""

from __future__ import annotations

import re

DRAWN = re.compile("[\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u00b7\u2022]")


def test_an_article_is_shown_in_words(run, terminal):
    assert DRAWN.search(run("show", 1).out)
    terminal()
    out = run("show", 1, "--plain").out
    assert not DRAWN.search(out)
    assert "\x1b" not in out
    assert "Ada Reyes, ledger.example" in out


def test_articles_are_listed_a_sentence_each(run):
    lines = run("list", "--plain", "author:reyes").out.splitlines()
    assert lines == [
        "1, unread: The lamplighters of Harbour Street; Ada Reyes; 9 Mar 2019; 1 minute"
    ]


def test_hits_are_said_with_what_was_found(run):
    first, *_ = run("--plain", "search", "pylon").out.splitlines()
    assert first.startswith("2, unread: Why bridges sing; span.example; 2 Nov 2021")
    assert "the lamp on the pylon" in first
