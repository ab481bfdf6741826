"""Removing from the trash for good, which is asked for first."""

from __future__ import annotations

import pytest

from store import ArticleNotFoundError, Library
from tests.tui.app_harness import TITLES, fill, press, running, screen, settle, text, until


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    fill(path)
    return path


async def show_trash(app, pilot):
    app.library.mark([1, 2, 3], trashed=True)
    app.main.menus.show(next(view for view in app.library.all_views() if view.name == "Trash"))
    await settle(pilot)
    await until(pilot, lambda: len(app.main.articles.ids) == 3, "the trash")


async def test_the_trash_is_emptied_once_that_was_said_twice(path):
    async with running(path) as (app, pilot):
        await show_trash(app, pilot)
        await press(pilot, "P")
        await until(pilot, lambda: "cannot be undone" in text(app), "the question")
        (line,) = (line for line in screen(app) if "Remove all of the trash" in line)
        assert "3 articles" in line
        await press(pilot, "enter")  # the first answer keeps them
        assert len(app.main.articles.ids) == 3
        await press(pilot, "P")
        await until(pilot, lambda: "cannot be undone" in text(app), "the question")
        await press(pilot, "j", "j", "enter")
        await until(pilot, lambda: "3 articles removed for good" in screen(app)[-2], "the removal")
        await until(pilot, lambda: not app.main.articles.ids, "the empty list")
        assert len(app.library) == len(TITLES) - 3
        with pytest.raises(ArticleNotFoundError):
            app.library.get(1)


async def test_one_article_is_removed_and_the_others_stay_in_the_trash(path):
    async with running(path) as (app, pilot):
        await show_trash(app, pilot)
        await press(pilot, "j", "P")
        await until(pilot, lambda: f"Remove “{TITLES[1]}”" in text(app), "the question")
        await press(pilot, "j", "enter")
        await until(pilot, lambda: "1 article removed for good" in screen(app)[-2], "the removal")
        await until(pilot, lambda: app.main.articles.ids == [1, 3], "the list")


async def test_what_is_taken_out_of_the_trash_while_the_question_stands_is_not_removed(path):
    async with running(path) as (app, pilot):
        await show_trash(app, pilot)
        app.library.flush()
        await press(pilot, "P")
        await until(pilot, lambda: "Remove all of the trash" in text(app), "the question")
        with Library(path) as other:
            other.mark([1], trashed=False, starred=True)
        await press(pilot, "j", "j", "enter")
        words = "2 articles removed for good; 1 was taken out of the trash meanwhile, and kept"
        await until(pilot, lambda: words in screen(app)[-2], "the removal")
        assert app.library.get(1).title == TITLES[0]
        assert app.library.state(1).starred
        assert len(app.library) == len(TITLES) - 2


async def test_only_what_is_in_the_trash_can_be_removed_for_good(path):
    async with running(path) as (app, pilot):
        await press(pilot, "P")
        await until(pilot, lambda: "the trash is empty" in screen(app)[-2], "the word")
        app.library.mark([5], trashed=True)
        await press(pilot, "P")
        await until(pilot, lambda: "Remove all of the trash" in text(app), "the question")
        assert f"Remove “{TITLES[0]}”" not in text(app)
        await press(pilot, "escape")
        assert len(app.library) == len(TITLES)
