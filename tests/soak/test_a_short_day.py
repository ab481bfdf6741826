"""A few minutes of a random day, with the same keys each time; `make soak` is the long one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.soak import __main__ as soak
from tests.soak import terminal


@pytest.mark.pty
def test_typing_at_random_into_a_terminal_ends_in_no_error(tmp_path, monkeypatch):
    monkeypatch.setattr(soak, "ARTICLES", 60)
    monkeypatch.setattr(soak, "HOURS", 2)
    measured = soak.in_terminal(tmp_path, 150, random.Random(7), lambda _: None)
    # Caches still fill: memory is for the long run.
    assert [fault for fault in measured.faults() if "memory" not in fault] == []


def test_random_keys_export_nothing_into_the_home_of_whoever_runs_them(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "real"))
    assert Path(terminal._environment(tmp_path)["HOME"]).parent == tmp_path
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))  # to be put back
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(soak.elsewhere, "fill", lambda *_: tmp_path / "library.json")
    homes = []

    async def press(*_: object) -> None:
        homes.append(Path.home())

    monkeypatch.setattr(soak, "_press", press)
    soak.in_pilot(tmp_path, 1, random.Random(7), lambda _: None)
    assert [home.parent for home in homes] == [tmp_path]
