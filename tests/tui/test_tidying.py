"""Memory that was needed for a moment goes back to the system."""

from __future__ import annotations

from app_harness import fill, press, running, until

import store
import tui.app


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
