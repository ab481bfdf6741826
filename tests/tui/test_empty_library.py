"""What an empty library shows."""

from __future__ import annotations

import pytest
from list_harness import drawn
from textual.app import App, ComposeResult

from tui.widgets.empty_library import EmptyLibrary
from tui.widgets.glyphs import ASCII, UNICODE, Glyphs


class EmptyApp(App[None]):
    def __init__(self, glyphs: Glyphs = UNICODE) -> None:
        super().__init__()
        self.wanted = 0
        self.widget = EmptyLibrary("~/[b]library.json", glyphs=glyphs)

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_mount(self) -> None:
        self.widget.focus()

    def on_empty_library_sample_wanted(self) -> None:
        self.wanted += 1


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
async def test_an_empty_library_says_how_to_fill_it(size: tuple[int, int]) -> None:
    app = EmptyApp()
    async with app.run_test(size=size):
        screen = "\n".join(drawn(app))
        for part in (
            "Your library is empty.",
            "~/[b]library.json",
            "broadsheet add FILE…",
            "broadsheet add FOLDER",
            "… | broadsheet add -",
            "o  look around in the sample library",
        ):
            assert part in screen


@pytest.mark.parametrize("key", ["o", "enter"])
async def test_one_key_opens_the_sample_library(key: str) -> None:
    app = EmptyApp()
    async with app.run_test() as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert app.wanted == 1


async def test_plain_ascii_suffices() -> None:
    app = EmptyApp(ASCII)
    async with app.run_test():
        assert "\n".join(drawn(app)).isascii()
