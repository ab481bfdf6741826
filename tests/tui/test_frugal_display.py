"""What is sent to the terminal draws what Textual meant, and no more bytes than need be."""

from __future__ import annotations

import gc
import random

import pyte
import pytest
from app_harness import NOW, articles, fill, press, settle
from rich.style import Style
from textual.strip import Strip

from store import Article, Library
from tests.emulator import Screen
from tui.app import BroadsheetApp
from tui.config import Config
from tui.terminal.display import want
from tui.terminal.painter import Painter
from tui.terminal.pens import Pens

#: Keys of a random session; none that ends it or leaves the terminal.
KEYS = (
    *("j",) * 6, *("k",) * 3, *("down",) * 3, "d", "u", "space", "b", "pagedown", "pageup", "g",
    "G", "enter", "enter", "l", "escape", "h", "slash", "f", "o", "e", "r", "s", "a", "t", "i",
    "question_mark", "tab", "n", "N", "J", "K", "x", "X", "right_square_bracket", "plus", "minus",
    "right_curly_bracket", "z", "U", "c", "w", "colon", "S", "R", "backspace", "D",
)  # fmt: skip

SESSIONS = (
    ((80, 24), "dark", "ssh"), ((120, 30), "terminal", "local"), ((44, 12), "mist", "local"),
    ((160, 45), "dark", "local"),
)  # fmt: skip


class Watched(BroadsheetApp):
    """The app with two terminals: one gets Textual's own bytes, one the painter's."""

    def watch_over(self, width, height, *, fills=True):
        self.sizes = (width, height)
        self.painter = Painter(Pens(self.console._color_system), fills=fills)
        self.theirs, self.ours = Screen(width, height), Screen(width, height)
        for screen in (self.theirs, self.ours):
            screen.reset_mode(pyte.modes.DECAWM)
        self.their_stream, self.our_stream = pyte.Stream(self.theirs), pyte.Stream(self.ours)
        self.sent = []
        self.plainly = 0
        self.wrong = []

    def _display(self, screen, renderable):
        if getattr(self, "painter", None) is not None and hasattr(renderable, "render_segments"):
            plain = renderable.render_segments(self.console)
            self.plainly += len(plain)
            self.their_stream.feed(plain.replace("\n", "\r\n"))
            self.painter.resize(*self.size)
            want(self.painter, renderable)
            data = self.painter.paint()
            self.sent.append(data)
            self.our_stream.feed(data)
            self.compare()
        super()._display(screen, renderable)

    def compare(self):
        for y in range(self.theirs.lines):
            for x in range(self.theirs.columns):
                theirs, ours = self.theirs.buffer[y][x], self.ours.buffer[y][x]
                if look(theirs) != look(ours) and len(self.wrong) < 5:
                    self.wrong.append((len(self.sent), x, y, theirs, ours))


def look(cell):
    """What a person sees of a cell: on a blank neither its colour nor its weight."""
    if cell.data == " " and not (cell.underscore or cell.strikethrough or cell.reverse):
        return " ", cell.bg
    return tuple(cell)


def nasty_articles():
    """Articles whose lines hold wide, marked and right-to-left text, tables and code."""
    body = "\n\n".join(
        (
            "# 港の朝 and the tide",
            "夜明け前に船が出て、雨の前に戻った。" * 12,
            "> quoted **bold** text\n> goes on",
            "| port | boats |\n|---|---:|\n| Varn | 12 |\n| 港 | 3 |",
            "```python\nfor boat in harbour:\n    print(boat, '—')\n```",
            "A [link](https://quay.example/1) and `code` with ~~struck~~ and *slanted* words. " * 6,
            "Ångström, naïve, cafe\u0301: marks that stand on their letters.",
        )
    )  # fmt: skip
    return [*articles(), Article(title="港 and \x1b[31mred", body=body * 3, published="2026-11-21")]


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("COLORTERM", "truecolor")
    # Rich keeps with each style the codes it was drawn with first, in whatever colours that was.
    Strip.render_ansi.cache_clear()
    for style in gc.get_objects():
        if isinstance(style, Style):
            style._ansi = None
    path = tmp_path / "library.json"
    fill(path, nasty_articles())
    return path


@pytest.mark.parametrize(("size", "theme", "link"), SESSIONS)
async def test_random_sessions_look_the_same_through_both_streams(path, size, theme, link):
    chance = random.Random(f"{size}{theme}")
    with Library(path) as library:
        app = Watched(library, Config(theme=theme, link=link), clock=lambda: NOW)
        async with app.run_test(size=size) as pilot:
            app.watch_over(*size, fills=size != (44, 12))
            app.screen.refresh(layout=True)
            await settle(pilot)
            for _ in range(50):
                key = chance.choice(KEYS)
                await pilot.press(key)
                if chance.random() < 0.5:
                    await settle(pilot)
                if not app.is_running:
                    break
                assert not app.wrong, (key, app.wrong)
        app.stop_lanes()
    assert len("".join(app.sent)) < app.plainly / 2


async def test_a_frame_that_changes_nothing_sends_nothing(path):
    with Library(path) as library:
        app = Watched(library, clock=lambda: NOW)
        async with app.run_test(size=(80, 24)) as pilot:
            app.watch_over(80, 24)
            app.screen.refresh(layout=True)
            await settle(pilot)
            app.sent.clear()
            app.screen.refresh(layout=True)
            await settle(pilot)
            assert app.sent
            assert "".join(app.sent) == ""
        app.stop_lanes()


async def test_a_line_of_scrolling_sends_the_line_and_not_the_page(path):
    with Library(path) as library:
        app = Watched(library, clock=lambda: NOW)
        async with app.run_test(size=(80, 24)) as pilot:
            app.watch_over(80, 24)
            app.screen.refresh(layout=True)
            await press(pilot, "j", "enter", "j")
            app.sent.clear()
            await press(pilot, "j")
            assert 0 < len("".join(app.sent)) < 400
        app.stop_lanes()


async def test_under_a_dialog_nothing_is_painted_unless_something_has_changed(path):
    with Library(path) as library:
        app = Watched(library, clock=lambda: NOW)
        async with app.run_test(size=(80, 24)) as pilot:
            await press(pilot, "t")
            app.watch_over(80, 24)
            app.main._background("indexing 50%")
            await settle(pilot)
            assert "indexing 50%" in app.ours.display[22]
            app.sent.clear()
            for _ in range(5):
                app.main.call_later(lambda: None)
                await settle(pilot)
            assert app.sent == []
        app.stop_lanes()


async def test_what_is_painted_now_is_painted_once_and_waits_for_no_tick(path):
    with Library(path) as library:
        app = Watched(library, clock=lambda: NOW)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.watch_over(80, 24)
            app.screen.refresh()
            await settle(pilot)
            app.main.tell("told at once")
            app.paint_now()
            assert any("told at once" in line for line in app.ours.display)
            frames = len(app.sent)
            await settle(pilot)
            assert len(app.sent) == frames
        app.stop_lanes()
