"""A library, a home of the test's own, and a way to run the command line on them."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from store import Article, Library
from tui.cli import main

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
