"""Keeps the person's own files and environment out of the tests."""

from __future__ import annotations

import gc

import pytest


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    """Every test has its own config, state and cache, and a terminal nothing is known of."""
    from app_harness import FOREIGN

    from tests import person

    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(person.own_home(home)))
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    return home


@pytest.fixture
def by_hand():
    """No search for garbage but those that are asked for."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()
