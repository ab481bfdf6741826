"""The status line and the key bar."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from list_harness import TITLES, drawn
from textual.app import App, ComposeResult
from textual.widget import Widget

from tui.widgets.glyphs import UNICODE
from tui.widgets.key_bar import KeyBar
from tui.widgets.status_line import StatusLine

KEYS = [("j/k", "move"), ("enter", "open"), ("/", "search"), ("?", "help")]


def app_of(widget: Widget) -> App[None]:
    class LineApp(App[None]):
        def compose(self) -> ComposeResult:
            yield widget

    return LineApp()


def counting(kind: Callable[..., Widget], **options: object) -> tuple[Widget, list[int]]:
    """A widget, and a list that grows with each time its line is drawn."""
    painted: list[int] = []

    class Counting(kind):  # type: ignore[valid-type, misc]
        def render_line(self, y: int):
            painted.append(y)
            return super().render_line(y)

    return Counting(**options), painted


async def test_left_and_right_stand_at_their_ends() -> None:
    line = StatusLine(glyphs=UNICODE)
    async with app_of(line).run_test(size=(30, 4)) as pilot:
        line.left, line.right = "All articles", "3 of 12"
        await pilot.pause()
        assert drawn(line.app)[0].rstrip() == " All articles         3 of 12"


async def test_a_message_takes_the_left_place_until_it_is_cleared() -> None:
    line = StatusLine(glyphs=UNICODE)
    async with app_of(line).run_test(size=(40, 4)) as pilot:
        line.left, line.right = "All articles", "3 of 12"
        line.message("marked [b]2[/b] read")
        await pilot.pause()
        assert drawn(line.app)[0].startswith(" marked [b]2[/b] read ")
        assert drawn(line.app)[0].endswith("3 of 12")
        line.message("cannot write", error=True)
        await pilot.pause()
        assert drawn(line.app)[0].startswith(" cannot write ")
        line.clear_message()
        await pilot.pause()
        assert drawn(line.app)[0].startswith(" All articles ")


@pytest.mark.parametrize("width", [1, 2, 5, 12, 24, 41])
async def test_any_text_fits_any_width(width: int) -> None:
    line = StatusLine(glyphs=UNICODE)
    async with app_of(line).run_test(size=(width, 2)) as pilot:
        for title in TITLES:
            line.left, line.right = title, title
            await pilot.pause()
            assert sum(segment.cell_length for segment in line.render_line(0)) == width
            line.left = ""
            assert sum(segment.cell_length for segment in line.render_line(0)) == width


async def test_the_right_text_keeps_its_room_when_the_left_is_long() -> None:
    line = StatusLine(glyphs=UNICODE)
    async with app_of(line).run_test(size=(30, 4)) as pilot:
        line.left, line.right = "a very long name of a view indeed", "3 of 12"
        await pilot.pause()
        assert drawn(line.app)[0].rstrip() == " a very long name o…  3 of 12"


async def test_a_long_right_text_leaves_half_the_line_to_the_left() -> None:
    line = StatusLine(glyphs=UNICODE)
    async with app_of(line).run_test(size=(30, 4)) as pilot:
        line.left, line.right = "All articles", "a very long name of a view indeed"
        await pilot.pause()
        assert drawn(line.app)[0].rstrip() == " All articles  a very long n…"


async def test_the_line_is_painted_again_only_when_its_text_is_another() -> None:
    line, painted = counting(StatusLine, glyphs=UNICODE)
    async with app_of(line).run_test() as pilot:
        line.left = "All articles"
        await pilot.pause()
        painted.clear()
        line.left = "All " + "articles"
        line.clear_message()
        await pilot.pause()
        assert painted == []


async def test_the_key_bar_shows_keys_that_fit_whole_and_drops_the_rest() -> None:
    bar = KeyBar()
    async with app_of(bar).run_test(size=(80, 2)) as pilot:
        bar.show(KEYS)
        await pilot.pause()
        assert drawn(bar.app)[0].rstrip() == " j/k move  enter open  / search  ? help"
        await pilot.resize_terminal(31, 2)
        await pilot.pause()
        assert drawn(bar.app)[0].rstrip() == " j/k move  enter open  / search"
        await pilot.resize_terminal(30, 2)
        await pilot.pause()
        assert drawn(bar.app)[0].rstrip() == " j/k move  enter open"


async def test_the_key_bar_is_painted_again_only_when_its_keys_are_others() -> None:
    bar, painted = counting(KeyBar)
    async with app_of(bar).run_test() as pilot:
        bar.show(KEYS)
        await pilot.pause()
        painted.clear()
        bar.show(list(KEYS))
        await pilot.pause()
        assert painted == []
