"""A term that makes no sense yet: left out while it is typed, told once the input is left."""

from __future__ import annotations

import pytest
from app_harness import TITLES, fill, press, running, text, until
from textual import events


@pytest.fixture
def path(tmp_path):
    fill(tmp_path / "l.json")
    return tmp_path / "l.json"


async def type_query(app, pilot, query):
    await press(pilot, "slash")
    app.main.search.text = query
    await until(pilot, lambda: app.main.searching.result is not None, "an answer")
    await until(pilot, lambda: app.main.searching.result.query == query, "the answer")


async def test_a_state_that_cannot_be_is_told_while_it_is_typed(path):
    async with running(path) as (app, pilot):
        await type_query(app, pilot, "is:unred")
        assert "is: takes no unred; nearest is unread" in text(app)
        assert len(app.main.searching.result.ids) == 0


@pytest.mark.parametrize("leave", ["escape", "down", "tab"])
@pytest.mark.parametrize("query", ["is:unr", "published:2017-", "words:>"])
async def test_what_is_left_unfinished_is_no_query_for_everything(path, query, leave):
    async with running(path) as (app, pilot):
        await type_query(app, pilot, query)
        assert len(app.main.searching.result.ids) == len(TITLES)
        assert "takes no" not in text(app)
        await press(pilot, leave)
        if leave == "down":  # which moves among the hits while one goes on typing
            await press(pilot, "escape")
        assert "takes no" in text(app)
        assert len(app.main.searching.result.ids) == 0


async def test_keys_that_follow_at_once_act_on_what_is_found_then(path):
    async with running(path) as (app, pilot):
        await type_query(app, pilot, "is:unr")
        for name in ("escape", "X", "D"):
            app.post_message(events.Key(name, name if len(name) == 1 else None))
        await until(pilot, lambda: "takes no" in text(app), "the warning")
        await press(pilot, "j")
        app.library.flush()
        assert len(app.library.find("is:trashed").ids) == 0


async def test_enter_opens_nothing_that_was_not_asked_for(path):
    async with running(path) as (app, pilot):
        await type_query(app, pilot, "is:unr")
        await press(pilot, "enter")
        assert "takes no" in text(app)
        assert not app.main.in_reader
        await press(pilot, *"ead", "enter")
        await until(pilot, lambda: app.main.in_reader, "opened")


async def test_a_word_that_was_typed_in_part_still_finds(path):
    async with running(path) as (app, pilot):
        await type_query(app, pilot, "ferr")
        ids = app.main.searching.result.ids
        await press(pilot, "escape")
        assert app.main.searching.result.ids == ids != []
