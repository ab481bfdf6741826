"""Whole screens, as they are; look at the picture before you accept a new one."""

from __future__ import annotations

import pytest
from app_harness import NOW, fill, press, settle, until

from store import Library
from tui.app import BroadsheetApp
from tui.config import Config

#: (name, columns and lines, theme, keys)
SCREENS = [
    ("list", (80, 24), "dark", ["j", "s", "j", "r"]),
    ("list_and_reader", (120, 40), "light", ["j"]),
    ("list_in_the_smallest_terminal", (40, 10), "dark", ["j"]),
    ("reader", (80, 24), "light", ["enter", "space"]),
    ("reader_in_terminal_colours", (80, 24), "terminal", ["j", "enter"]),
    ("search", (120, 40), "dark", ["slash", *"boats"]),
    ("search_help", (80, 24), "light", ["slash"]),
    ("find", (80, 24), "dark", ["enter", "slash", *"quay"]),
    ("views", (80, 24), "dark", ["f"]),
    ("order", (80, 24), "light", ["S"]),
    ("tags", (80, 24), "dark", ["t"]),
    ("details", (80, 24), "light", ["i"]),
    ("help", (80, 24), "dark", ["question_mark"]),
    ("help_in_a_small_terminal", (40, 12), "light", ["question_mark"]),
    ("too_small", (30, 8), "dark", []),
]


@pytest.mark.parametrize(
    ("size", "theme", "keys"), [screen[1:] for screen in SCREENS], ids=[s[0] for s in SCREENS]
)
def test_a_screen_looks_as_it_did(snap_compare, tmp_path, size, theme, keys):
    path = tmp_path / "library.json"
    fill(path)

    async def prepare(pilot) -> None:
        await settle(pilot)
        await press(pilot, *keys)
        if "space" in keys:  # the place is told once the reader rests
            reading, reader = pilot.app.main.reading, pilot.app.main.reader
            there = reader.position_now().progress
            await until(pilot, lambda: reading.progress == there, "rested")

    with Library(path) as library:
        app = BroadsheetApp(library, Config(theme=theme), clock=lambda: NOW)
        assert snap_compare(app, terminal_size=size, run_before=prepare)


def test_an_empty_library_looks_as_it_did(snap_compare, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Library("library.json") as library:
        app = BroadsheetApp(library, clock=lambda: NOW)
        assert snap_compare(app, terminal_size=(80, 24), run_before=settle)
