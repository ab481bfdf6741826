"""Memory that was needed for a moment goes back to the system."""

from __future__ import annotations

import gc
import weakref

from app_harness import fill, press, running, until

import store
import tui.app
from store import Article


async def test_memory_is_given_back_now_and_then_while_the_app_is_used(tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr(tui.app, "_TIDY", 0.02)
    monkeypatch.setattr(store, "give_back", lambda: given.append(None), raising=False)
    fill(tmp_path / "library.json")
    async with running(tmp_path / "library.json") as (app, pilot):
        assert given == []
        await press(pilot, "j")
        await until(pilot, lambda: given)
        await press(pilot, "j")
        await until(pilot, lambda: len(given) == 2)
        rounds = []
        app.set_interval(0.02, lambda: rounds.append(None))
        await until(pilot, lambda: len(rounds) > 3)
        assert len(given) == 2  # nothing was done since


async def test_nothing_of_a_dialog_stays_when_it_is_closed(tmp_path):
    fill(tmp_path / "library.json", [Article(title="The keeper", body="He wound the clock.")])
    async with running(tmp_path / "library.json") as (app, pilot):
        await press(pilot, "enter")
        stays = []
        for keys in (("v", "e", "i"), ("?",), ("t",), ("T",)):
            await press(pilot, *keys)
            await until(pilot, lambda: len(app.screen_stack) == 2)
            nodes = app.screen.walk_children(with_self=True)
            opened = [weakref.ref(one) for node in nodes for one in (node, node._styles_cache)]
            del nodes
            await press(pilot, "escape")
            await until(pilot, lambda: len(app.screen_stack) == 1)
            await press(pilot, "v", "escape")
            gc.collect()
            stays += [node for node in (one() for one in opened) if node is not None]
        assert stays == []
