"""The input of a search shows what any input shows, and changes nothing but its line."""

from __future__ import annotations

import random

from list_harness import drawn
from textual.app import App, ComposeResult
from textual.widgets import Input

from tui.widgets.query_input import QueryInput

KEYS = (*"abcdefgh", *("left",) * 5, "right", "home", "end", "backspace", "delete", "ctrl+w")


class Two(App[None]):
    """An input of Textual's, and below it one of ours, of the same narrow width."""

    CSS = "Input { width: 20; height: 1; border: none; padding: 0; }"
    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield Input(compact=True, select_on_focus=False, id="theirs")
        yield QueryInput(compact=True, select_on_focus=False, id="ours")


async def test_shows_what_any_other_input_shows_of_a_text_longer_than_itself() -> None:
    chance = random.Random(5)
    app = Two()
    async with app.run_test() as pilot:
        theirs, ours = app.query_one("#theirs", Input), app.query_one("#ours", Input)
        for length in (18, 19, 20, 21, 40):
            keys = chance.choices(KEYS, k=5)
            for line in (theirs, ours):
                line.value = "harbour lights along the quay at night"[:length]
                line.action_end()
                line.focus()
                await pilot.press(*keys)
            theirs_shown, ours_shown = drawn(app)[:2]
            assert ours_shown == theirs_shown
            assert ours.value == theirs.value
            assert ours.cursor_screen_offset.x == theirs.cursor_screen_offset.x


async def test_a_letter_lays_nothing_out_anew() -> None:
    app = Two()
    async with app.run_test() as pilot:
        layouts: list[object] = []
        app.query_one("#ours").focus()
        await pilot.pause()
        app.screen.screen_layout_refresh_signal.subscribe(app.screen, layouts.append)
        await pilot.press(*"harbour lights at night", "backspace")
        await pilot.pause()
        assert drawn(app)[1].endswith("at nigh")
        assert layouts == []
