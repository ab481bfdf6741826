"""Nothing is laid out for a size that the terminal no longer has, whatever is open."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running
from textual import events
from textual.geometry import Size


def laid_out(screen):
    """The size that a screen is laid out for."""
    return screen._compositor.size


@pytest.mark.parametrize("key", ["", "t", "question_mark", "ctrl+p", "T"])
async def test_a_size_that_is_outdated_is_left_out(tmp_path, monkeypatch, key):
    path = tmp_path / "library.json"
    fill(path)
    async with running(path) as (app, pilot):
        await press(pilot, *([key] if key else []))
        screen, now = app.screen, app.size
        assert (screen is app.main) == (not key)
        told = events.Resize.from_dimensions((97, 31), None)
        with monkeypatch.context() as patch:
            patch.setattr(app, "is_outdated", lambda event: event is told)
            screen.post_message(told)
            await pilot.pause()
            assert laid_out(screen) == laid_out(app.main) == now
        screen.post_message(events.Resize.from_dimensions((97, 31), None))
        await pilot.pause()
        assert laid_out(screen) == laid_out(app.main) == Size(97, 31)
