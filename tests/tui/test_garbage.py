"""Looking for garbage does not hold up typing, and nothing of it stays."""

from __future__ import annotations

import gc
import weakref

import pytest
from app_harness import fill, press, running, until

import tui.app
import tui.garbage
from tui.garbage import Garbage


class _Circle:
    """Refers to itself, so that only a search for garbage removes it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def thresholds():
    before = gc.get_threshold()
    yield before
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.fixture
def long_search(monkeypatch, by_hand):
    monkeypatch.setattr(tui.garbage, "_LONG", 0.0)


def _is_searched(found: _Circle) -> bool:
    return any(one is found for one in gc.get_objects())


def test_what_stands_when_the_app_begins_is_not_looked_at(thresholds):
    stands = _Circle()
    tui.garbage.begin()
    assert not _is_searched(stands)
    assert gc.isenabled()
    assert gc.get_threshold()[:2] == thresholds[:2]  # what is new is looked at as ever
    assert gc.get_threshold()[2] > thresholds[2]


def test_what_is_of_use_is_not_looked_at_again_after_a_long_search(long_search):
    garbage, of_use = Garbage(), _Circle()
    garbage.collect(quiet=False)
    assert _is_searched(of_use)  # everything is looked at first, in a quiet moment
    garbage.collect(quiet=True)
    assert not _is_searched(of_use)


def test_a_short_search_leaves_nothing_out(monkeypatch, by_hand):
    monkeypatch.setattr(tui.garbage, "_LONG", 3_600.0)
    garbage, of_use = Garbage(), _Circle()
    garbage.collect(quiet=False)
    assert _is_searched(of_use)
    assert not garbage.is_owed


def test_garbage_of_before_the_search_is_gone_after_it(long_search):
    gone = weakref.ref(_Circle())
    assert gone() is not None
    Garbage().collect(quiet=False)
    assert gone() is None


def test_what_was_left_out_and_is_garbage_by_now_goes_in_a_quiet_moment(long_search):
    garbage, circle = Garbage(), _Circle()
    garbage.collect(quiet=True)
    gone = weakref.ref(circle)
    del circle
    garbage.collect(quiet=False)
    assert gone() is not None
    assert garbage.is_owed
    garbage.collect(quiet=True)
    assert gone() is None
    assert not garbage.is_owed


def test_a_quiet_moment_is_not_waited_for_without_end(long_search):
    garbage, circle = Garbage(), _Circle()
    garbage.collect(quiet=True)
    gone = weakref.ref(circle)
    del circle
    for _ in range(20):
        garbage.collect(quiet=False)
    assert gone() is None


async def test_the_app_looks_for_garbage_itself_while_it_is_used(tmp_path, monkeypatch, by_hand):
    monkeypatch.setattr(tui.garbage, "_LONG", 3_600.0)
    monkeypatch.setattr(tui.app, "_TIDY", 0.02)
    fill(tmp_path / "library.json")
    async with running(tmp_path / "library.json") as (app, pilot):
        await press(pilot, "question_mark")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        opened = weakref.ref(app.screen)
        await press(pilot, "escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        for _ in range(20):
            await press(pilot, "v", "escape")
            if opened() is None:
                break
        assert opened() is None


async def test_everything_is_looked_at_once_no_key_was_pressed_for_a_while(
    tmp_path, monkeypatch, long_search
):
    asked = []

    def noted(garbage: Garbage, *, quiet: bool) -> None:
        asked.append(quiet)
        collect(garbage, quiet=quiet)

    collect = Garbage.collect
    monkeypatch.setattr(Garbage, "collect", noted)
    monkeypatch.setattr(tui.app, "_TIDY", 0.02)
    monkeypatch.setattr(tui.app, "_QUIET", 3_600.0)
    fill(tmp_path / "library.json")
    async with running(tmp_path / "library.json") as (app, pilot):
        await press(pilot, "j")
        await until(pilot, lambda: asked)
        assert asked == [False] * len(asked)
        monkeypatch.setattr(tui.app, "_QUIET", 0.0)
        await until(pilot, lambda: asked[-1])
        rounds = []
        app.set_interval(0.02, lambda: rounds.append(None))
        await until(pilot, lambda: len(rounds) > 3)
        assert asked.count(True) == 1  # nothing is owed any more
