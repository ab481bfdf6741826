"""`e`: exporting from the app."""

from __future__ import annotations

import json
import os

import pytest
from app_harness import TITLES, fill, press, running, screen, until

from store import EXPORT_FORMATS
from tui.screens.export import ExportDialog


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    fill(tmp_path / "library.json")
    return tmp_path / "library.json"


@pytest.fixture
def home(path):
    return path.parent / "home"


async def opened(app, pilot, *keys):
    """Press keys and wait for the dialog."""
    await press(pilot, *keys)
    await until(pilot, lambda: isinstance(app.screen, ExportDialog), "the dialog")
    await until(pilot, lambda: any("Export" in line for line in screen(app)), "drawn")


def status(app):
    return screen(app)[-2]


async def test_the_article_under_the_cursor_is_exported_with_what_happened_in_the_status_line(
    path, home
):
    async with running(path) as (app, pilot):
        await opened(app, pilot, "e")
        assert any(f"This article: {TITLES[0]}" in line for line in screen(app))
        await press(pilot, "enter")
        await until(pilot, lambda: "exported to ~/" in status(app), "told")
    (file,) = home.iterdir()
    assert file.suffix == ".md"
    assert TITLES[0] in file.read_text()


async def test_a_selection_goes_where_it_is_told_in_the_format_chosen(path, home):
    async with running(path) as (app, pilot):
        await opened(app, pilot, "x", "x", "e")
        assert any("2 articles selected" in line for line in screen(app))
        await press(pilot, "up", "enter")
        await until(pilot, lambda: "2 articles" in status(app), "told")
    articles = json.loads((home / "selection.json").read_text())["articles"]
    assert [article["title"] for article in articles] == list(TITLES[:2])


async def test_all_that_is_listed_is_exported_after_tab(path, home):
    async with running(path) as (app, pilot):
        await opened(app, pilot, "e", "tab")
        assert any("10 articles: all in “All”" in line for line in screen(app))
        await press(pilot, "down", "down", "down", "enter")
        await until(pilot, lambda: "exported to ~/articles.epub" in status(app), "told")
    assert (home / "articles.epub").stat().st_size > 1_000


async def test_what_is_there_is_replaced_only_when_asked_twice(path, home):
    (home / "selection.json").write_text("mine")
    async with running(path) as (app, pilot):
        await opened(app, pilot, "x", "x", "e", "up", "enter")
        await until(pilot, lambda: any("it is there already" in line for line in screen(app)), "")
        assert (home / "selection.json").read_text() == "mine"
        await press(pilot, "enter")
        await until(pilot, lambda: "exported to" in status(app), "told")
    assert (home / "selection.json").read_text().startswith('{"broadsheet"')


@pytest.mark.parametrize("size", [(40, 30), (80, 24), (120, 40)])
async def test_what_each_format_is_can_be_read_in_full(path, size):
    async with running(path, size=size) as (app, pilot):
        await opened(app, pilot, "e")
        box = " ".join(line.split("│")[1] for line in screen(app) if line.count("│") > 1)
        for format in EXPORT_FORMATS.values():
            assert format.description in " ".join(box.split())
        assert app.screen.query_one("#box").region in app.screen.region


async def test_the_ending_of_a_name_of_ones_own_follows_the_format(path):
    async with running(path) as (app, pilot):
        await opened(app, pilot, "e", "ctrl+u", *"mine.md", "down")
        assert app.screen.query_one("#place").value == "mine.html"
        await press(pilot, "escape")
        await until(pilot, lambda: not isinstance(app.screen, ExportDialog), "closed")


async def test_an_error_is_told_and_nothing_is_lost(path, home):
    (home / "file").write_text("")
    async with running(path) as (app, pilot):
        await opened(app, pilot, "e", "ctrl+u", *"~/file/x.md")
        await press(pilot, "enter")
        await until(pilot, lambda: "cannot be written" in "\n".join(screen(app)), "told")


@pytest.mark.parametrize(
    ("place", "told"),
    [("~nobody-of-that-name/x.md", "no such person"), ("x" * 300 + ".md", "File name too long"),
     ("~/pipe.md", "is no file"), ("STATE/broadsheet/x.md", "broadsheet itself keeps")],
)  # fmt: skip
async def test_a_place_that_can_be_none_is_told_of_and_the_app_goes_on(
    path, home, monkeypatch, place, told
):
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    os.mkfifo(home / "pipe.md")
    async with running(path, size=(300, 30)) as (app, pilot):
        await opened(app, pilot, "e")
        app.screen.query_one("#place").value = place.replace("STATE", str(home / "state"))
        await press(pilot, *["enter"] * (2 if "pipe" in place else 1))  # a second time: replace it
        await until(pilot, lambda: told in " ".join(screen(app)), told)
    assert (home / "pipe.md").is_fifo()


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 50)])
async def test_the_dialog_fits_the_terminal(path, size):
    async with running(path, size=size) as (app, pilot):
        await opened(app, pilot, "e")
        shown = "\n".join(screen(app))
        for words in ("This article", "~/", "markdown", "esc cancel" if size[0] > 60 else "tab"):
            assert words in shown


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("~nobody-of-that-name/x.md", "no such person is known"),
        ("x" * 300, "File name too long:"),
        ("a\ud800b", "this is no path"),
    ],
)
async def test_a_place_that_cannot_be_is_told_in_the_dialog(path, place, said):
    async with running(path) as (app, pilot):
        await opened(app, pilot, "e")
        app.screen.query_one("#place").value = place
        await press(pilot, "enter")
        await until(pilot, lambda: any(said in line for line in screen(app)), "told")
        assert isinstance(app.screen, ExportDialog)
