"""What was looked up for a dialog and comes when it is being closed is let go."""

from __future__ import annotations

import asyncio

import pytest
from app_harness import fill, press, running, until

from store import Article, Highlight, Library, Links, State

ARTICLE = Article(title="The log", body="See [the quay](https://quay.example/).", tags=("sea",))

#: Key that opens a dialog -> what may come late for it.
LATE = {
    "H": lambda dialog: dialog.set_items([], 3) or dialog.set_orphans({}) or dialog.say("late"),
    "F": lambda dialog: dialog.set_feeds([], {}) or dialog.tell("late"),
    "i": lambda dialog: (
        dialog.set_article(ARTICLE, State()) or dialog.set_links(Links((), (), 0), "late")
    ),
    "T": lambda dialog: dialog.set_statistics(None, "late"),
    "f": lambda dialog: dialog.set_views([], dialog._current) or dialog.tell("late"),
    "t": lambda dialog: dialog.set_known([("late", 1)]),
}


@pytest.mark.parametrize("key", LATE)
async def test_an_answer_that_comes_while_its_dialog_closes_is_let_go(tmp_path, key):
    path = tmp_path / "library.json"
    fill(path, [ARTICLE])
    with Library(path) as library:
        library.highlight(Highlight(1, quote="See"))
        library.feeds.subscribe("http://127.0.0.1:9/feed", title="Tidings", by_hand=True)
    async with running(path) as (app, pilot):
        await press(pilot, key)
        await until(pilot, lambda: app.screen is not app.main, "opened")
        dialog = app.screen
        LATE[key](dialog)
        dialog.dismiss(None)
        for _ in range(500):
            LATE[key](dialog)
            if not dialog.is_running:
                break
            await asyncio.sleep(0)
        await until(pilot, lambda: app.screen is app.main, "closed")
        LATE[key](dialog)
        assert app.is_running
