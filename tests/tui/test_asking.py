"""Questions with one line for an answer: what cannot be done is told where it was typed."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, settle, text, until

from store import Library
from tui.config import Config
from tui.screens.ask import AskDialog


@pytest.fixture
def path(tmp_path, monkeypatch):
    fill(tmp_path / "l.json")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("notes one.md", "notes two.md", "Letters.txt", ".hidden.md", "odd\x1b[31m.md"):
        (here / name).write_text("A line of text.\n")
    (here / "mail").mkdir()
    (here / "mail" / "[bold]inbox.mbox").touch()
    return tmp_path / "l.json"


async def asked(pilot, *keys):
    await press(pilot, *keys)
    await until(pilot, lambda: isinstance(pilot.app.screen, AskDialog), "asked")


def line(app):
    return app.screen.query_one("Input").value


async def write(pilot, value):
    field = pilot.app.screen.query_one("Input")
    field.value = value
    field.cursor_position = len(value)
    await settle(pilot)


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("no", "notes "),
        ("notes o", "notes one.md"),
        ("let", "Letters.txt"),
        ("ma", "mail/"),
        ("mail/", "mail/[bold]inbox.mbox"),
        (".h", ".hidden.md"),
        ("~/he", "~/here/"),
        ("~", "~/"),
        ("/nowhere/at all", "/nowhere/at all"),
        ("od", "od"),
        ("notes one.md", "notes one.md"),
    ],
)
async def test_tab_continues_the_name_of_a_file_as_far_as_it_is_clear(path, typed, becomes):
    async with running(path) as (app, pilot):
        await asked(pilot, "A")
        await write(pilot, typed)
        await press(pilot, "tab")
        if becomes == "~/":
            assert line(app).startswith("~/")
        else:
            assert line(app) == becomes
        assert app.focused is app.screen.query_one("Input")


async def test_names_that_begin_alike_are_told_until_one_goes_on(path):
    async with running(path) as (app, pilot):
        await asked(pilot, "A")
        await write(pilot, "notes ")
        await press(pilot, "tab")
        assert "notes one.md   notes two.md" in text(app)
        await press(pilot, "t")
        assert "tab complete   enter add   esc cancel" in text(app)
        await write(pilot, "nothing of the kind")
        await press(pilot, "tab")
        assert "nothing begins so" in text(app)


async def test_of_many_names_the_first_are_told_and_how_many_more_there_are(path, tmp_path):
    for number in range(300):
        (tmp_path / "here" / f"letter {number:03}.txt").touch()
    async with running(path) as (app, pilot):
        await asked(pilot, "A")
        await write(pilot, "letter ")
        await press(pilot, "tab")
        assert "letter 000.txt   letter 001.txt" in text(app)
        assert "and 291 more" in text(app)


async def test_hidden_files_and_names_with_controls_are_not_offered(path):
    async with running(path) as (app, pilot):
        await asked(pilot, "A", "tab")
        assert "Letters.txt   mail/   notes one.md   notes two.md" in text(app)
        assert "hidden" not in text(app)
        assert "odd" not in text(app)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("~nobody-of-that-name/x", "~nobody-of-that-name/x: no such person"),
        ("x" * 300, "File name too long:"),
        ("notes.md", "there is no such file or folder: notes.md"),
        ("[red]x", "there is no such file or folder: [red]x"),
        ("-", "there is no such file or folder: -"),
    ],
)
async def test_what_is_not_there_is_told_and_stays_to_be_mended(path, typed, said):
    async with running(path) as (app, pilot):
        await asked(pilot, "A")
        await write(pilot, typed)
        await press(pilot, "enter")
        assert isinstance(app.screen, AskDialog)
        assert said in text(app)
        assert line(app) == typed
        await write(pilot, "notes one.md")
        assert said not in text(app)
        await press(pilot, "enter")
        await until(pilot, lambda: len(app.library) == 11, "added")
        assert not isinstance(app.screen, AskDialog)


async def test_keys_typed_behind_an_answer_are_for_what_comes_after_it(path):
    async with running(path) as (app, pilot):
        await asked(pilot, "A")
        await write(pilot, "Letters.txt")
        for key in ("enter", "j", "j"):
            app.post_message(_key(key))
        await until(pilot, lambda: len(app.library) == 11, "added")
        await until(pilot, lambda: app.main.articles.cursor == 3, "moved")


def _key(name):
    from textual import events

    return events.Key(name, name if len(name) == 1 else None)


async def test_a_name_that_no_view_can_have_is_told_and_stays(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"ferry", "enter")
        await asked(pilot, "w")
        await press(pilot, *"Unread", "enter")
        assert isinstance(app.screen, AskDialog)
        assert "Unread is a view that every library has" in text(app)
        await press(pilot, *" boats", "enter")
        await until(pilot, lambda: "Unread boats" in app.library.views(), "saved")
        assert app.screen is app.main


async def test_a_query_made_empty_leaves_the_view_as_it_was(path):
    with Library(path) as library:
        library.save_view("Boats", "ferry")
    async with running(path) as (app, pilot):
        await press(pilot, "f", "slash", *"boats", "enter")
        await press(pilot, "f")
        await asked(pilot, "e")
        await write(pilot, "")
        await press(pilot, "enter")
        assert app.library.views() == {"Boats": "ferry"}


async def test_a_message_too_long_for_the_line_is_told_in_several(path):
    async with running(path, size=(40, 12), config=Config(theme="light")) as (app, pilot):
        await asked(pilot, "A")
        await write(pilot, "a-name-that-is-rather-long/and-another/and-a-third.md")
        await press(pilot, "enter")
        rows = screen(app)
        first = next(at for at, row in enumerate(rows) if "there is no" in row)
        told = "".join(row.strip() for row in rows[first : first + 3])
        assert told == (
            "there is no such file or folder:a-name-that-is-rather-long/and-another/and-a-third.md"
        )
