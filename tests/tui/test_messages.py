"""Notices that are longer than the status line, and those that are gone already."""

from __future__ import annotations

import pytest
from app_harness import TITLES, fill, press, running, screen, text, until

from tui.config import Config
from tui.screens.messages import MessagesDialog


@pytest.fixture
def path(tmp_path):
    fill(tmp_path / "library.json")
    return tmp_path / "library.json"


FAULTY = Config(keys={f"list.bogus{n}": "e" for n in range(1, 6)})


def lines(app) -> str:
    """The last two lines of the screen as one text."""
    return " ".join(line.strip() for line in screen(app)[-2:])


async def test_a_notice_that_does_not_fit_takes_the_line_of_the_keys_until_the_next_key(path):
    async with running(path, config=Config(theme="paper")) as (app, pilot):
        rows = app.main.articles.size.height
        said = app.main.status.notice[0]
        assert len(said) > 80
        assert said in lines(app)
        assert app.main.articles.size.height == rows
        await press(pilot, "j")
        assert screen(app)[-2].strip() == "All  2/10"
        assert "enter read" in screen(app)[-1]
        assert app.main.articles.size.height == rows


async def test_a_short_notice_leaves_the_keys_where_they_are(path):
    async with running(path) as (app, pilot):
        app.main.report("a short one")
        await pilot.pause()
        assert screen(app)[-2].strip() == "a short one"
        assert "enter read" in screen(app)[-1]


async def test_a_notice_is_fitted_again_when_the_terminal_gets_another_size(path):
    async with running(path, size=(120, 24)) as (app, pilot):
        app.main.report("long words " * 9)
        await pilot.pause()
        assert "enter read" in screen(app)[-1]
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: "long words" in screen(app)[-1], "in two lines")
        await pilot.resize_terminal(120, 24)
        await until(pilot, lambda: "enter read" in screen(app)[-1], "in one line")


async def test_all_faults_of_the_config_are_found_whatever_keys_are_pressed(path):
    async with running(path, size=(80, 40), config=FAULTY) as (app, pilot):
        assert "1 of 5 (:messages shows all): config.toml: no binding" in lines(app)
        await press(pilot, "j")
        assert "2 of 5: config.toml: no binding is called 'list.bogus2'" in lines(app)
        await press(pilot, "colon", *"mess")
        await until(pilot, lambda: "Messages" in text(app), "offered")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, MessagesDialog), "opened")
        for n in range(1, 6):
            assert f"list.bogus{n}" in text(app)


async def test_messages_are_read_in_full_the_last_one_first(path):
    async with running(path) as (app, pilot):
        app.main.report(f"cannot write {'a/long/path/' * 20}end: [b]no[/b] room")
        app.main.tell("all is well")
        app.action_messages()
        await until(pilot, lambda: isinstance(app.screen, MessagesDialog), "opened")
        box = "".join(line.split("│")[1].strip() for line in screen(app) if line.count("│") > 1)
        assert "a/long/path/end: [b]no[/b]" in box
        first, second = (line for line in screen(app) if "12:00" in line)
        assert "all is well" in first
        assert "cannot write" in second
        await press(pilot, "escape")
        assert app.screen is app.main
        assert TITLES[0] in text(app)
