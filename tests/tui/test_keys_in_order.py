"""Keys that arrive faster than they are handled."""

from __future__ import annotations

import asyncio
import threading

import pytest
from app_harness import TITLES, fill, press, running, until
from textual import events

from store import Library
from tui.app import BroadsheetApp
from tui.terminal import keys_in_order


@pytest.fixture
def path(tmp_path):
    fill(tmp_path / "library.json")
    return tmp_path / "library.json"


def at_once(app, *keys: str) -> None:
    """Keys as a slow link delivers them: in one read."""
    for key in keys:
        character = {"slash": "/", "escape": None, "enter": "\r"}.get(key, key)
        app.post_message(events.Key(key, character))


async def test_a_query_typed_at_once_with_the_key_before_it_is_whole(path):
    async with running(path) as (app, pilot):
        at_once(app, "slash", *"stars")
        await until(pilot, lambda: app.main.search.input.value == "stars")
        row = app.library.rows(app.main.articles.ids)[0]
        assert not row.starred  # the s of stars did not reach the list


async def test_keys_after_a_move_of_focus_go_where_the_focus_went(path):
    async with running(path) as (app, pilot):
        at_once(app, "j", "j", "enter", "j", "h", "j", "slash", *"fer", "escape", "escape", "j")
        await until(pilot, lambda: app.main.articles.cursor == 4)
        assert not app.main.is_searching


async def test_a_thousand_keys_at_once_are_all_handled(path):
    async with running(path) as (app, pilot):
        at_once(app, *["j", "k"] * 500, "j")
        await until(pilot, lambda: app.main.articles.cursor == 1)


async def test_the_last_query_can_be_typed_over(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"map", "escape", "escape", "slash", *"ferry")
        assert app.main.search.input.value == "ferry"
        assert TITLES[0] in [row.title for row in app.library.rows(app.main.search.hits.ids)]


async def test_keys_typed_before_the_list_is_there_wait_for_it(path):
    with Library(path) as library:
        app = BroadsheetApp(library)
        async with app.run_test(size=(80, 24)) as pilot:
            at_once(app, "G")
            await until(pilot, lambda: app.main.articles.cursor == len(TITLES) - 1)
        app.stop_lanes()


@pytest.mark.parametrize(
    ("key", "action"), [("f", "move('cursor_down')"), ("question_mark", "scroll('down')")]
)
async def test_a_key_that_comes_before_a_dialog_is_there_does_nothing(path, key, action):
    async with running(path) as (app, pilot):
        for _ in range(5):
            depth = len(app.screen_stack)
            at_once(app, key)
            while len(app.screen_stack) == depth:
                await asyncio.sleep(0)
            dialog = app.screen
            await app.run_action(action, dialog)  # it has no parts yet
            await until(pilot, lambda dialog=dialog: dialog.is_mounted)
            await press(pilot, "escape")
            assert app.screen is app.main


async def test_a_key_waits_for_the_dialog_of_the_key_before_it(path):
    async with running(path) as (app, pilot):
        at_once(app, "question_mark", "j", "j")
        await until(pilot, lambda: [pane.scroll_y for pane in app.screen.query("#pane")] == [2])


async def test_an_article_that_takes_longer_than_keys_wait_for_is_opened(path, monkeypatch):
    free = threading.Event()
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "h", "j")
        monkeypatch.setattr(keys_in_order, "PATIENCE", 0.3)
        get = app.library.get
        monkeypatch.setattr(app.library, "get", lambda id: free.wait(60) and get(id))
        obeyed = app.keys_obeyed
        at_once(app, "enter")
        while app.keys_obeyed == obeyed:
            await asyncio.sleep(0.001)
        free.set()
        await until(pilot, lambda: app.main.in_reader, "opened")
