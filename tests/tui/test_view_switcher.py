"""Views in the app: the switcher, the command palette, and the list they fill."""

from __future__ import annotations

import pytest
from app_harness import TITLES, fill, press, running, screen, text, until

from store import Article, Library
from tui.screens.ask import AskDialog
from tui.screens.switcher import SwitcherDialog


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    fill(path)
    with Library(path) as library:
        library.save_view("Ferries", "ferry")
        library.save_view("Short", "words:<10")
        library.mark([1, 2], read=True)
    return path


def line(app, words: str) -> str:
    return next((line for line in screen(app) if words in line), "")


def titles(app) -> list[str]:
    return [row.title for row in app.library.rows(app.main.articles.ids)]


def status(app) -> str:
    return screen(app)[-2].strip()


async def switcher(pilot) -> None:
    """Open the switcher, and wait until all views are counted."""
    await press(pilot, "f")
    await until(pilot, lambda: isinstance(pilot.app.screen, SwitcherDialog), "opened")


async def test_views_are_shown_with_what_is_unread_in_them_and_the_current_one_marked(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        assert "8 unread  10" in line(app, "• All")
        assert "8 unread   8" in line(app, " Unread ")
        assert "2 unread   2" in line(app, " Short ")
        assert " 1 " in line(app, " Ferries ")
        assert "unread" not in line(app, " Ferries ")  # its one article is read
        rows = [line(app, name).split("│")[1] for name in ("• All", " Unread ", " Short ")]
        assert len({row.find(" unread ") for row in rows}) == 1


async def test_the_query_of_the_view_under_the_cursor_is_shown(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        assert "everything but the trash" in text(app)
        await press(pilot, "j")
        assert "is:unread -is:archived" in text(app)
        await press(pilot, "slash", *"ferr")
        assert line(app, "│ ferry ")
        await press(pilot, *"xx")
        assert not line(app, "│ ferry ")


async def test_a_view_is_picked_after_narrowing_and_named_in_the_status_line(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        await press(pilot, "slash", *"SHO", "enter")
        await until(pilot, lambda: titles(app) == ["A short note", TITLES[3]], "shown")
        assert status(app).startswith("Short  1/2")
        await press(pilot, "f")
        await until(pilot, lambda: "• Short" in text(app), "marked as the one in force")


async def test_letters_typed_to_narrow_are_no_commands(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        await press(pilot, "slash", *"ferries", "x", "r", "e", "delete", "escape")
        assert isinstance(app.screen, SwitcherDialog)
        assert app.library.views() == {"Ferries": "ferry", "Short": "words:<10"}


async def test_a_saved_view_is_removed_and_put_back(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        await press(pilot, "slash", *"ferr", "enter")
        await switcher(pilot)
        await press(pilot, "x")
        await until(pilot, lambda: app.library.views() == {"Short": "words:<10"}, "removed")
        await until(pilot, lambda: not line(app, "│   Ferries"), "gone from the menu")
        assert "removed: U puts back Ferries (ferry)" in text(app)
        await press(pilot, "U")
        await until(pilot, lambda: app.library.views().get("Ferries") == "ferry", "put back")
        await until(pilot, lambda: app.screen.highlighted.value == "Ferries", "in the menu again")
        assert "Ferries is back" in text(app)
        assert "U puts back" not in text(app)


async def test_how_to_put_a_view_back_is_read_in_full_whatever_its_name(path):
    with Library(path) as library:
        library.save_view("Long reads of the year", "words:>2000 is:unread published:2026 -draft")
    async with running(path) as (app, pilot):
        await switcher(pilot)
        await press(pilot, "slash", *"long", "enter")
        await switcher(pilot)
        await press(pilot, "x")
        await until(pilot, lambda: "removed: U puts back Long reads of" in text(app), "told")


async def test_the_cursor_stays_on_a_view_that_was_renamed(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        while app.screen.highlighted.value != "Ferries":
            await press(pilot, "j")
        await press(pilot, "r")
        await until(pilot, lambda: isinstance(app.screen, AskDialog), "asked")
        await press(pilot, *["backspace"] * 7, *"Zebras", "enter")
        await until(pilot, lambda: line(app, "Zebras"), "shown")
        assert app.screen.highlighted.value == "Zebras"
        assert line(app, "│ ferry ")
        await press(pilot, "x")
        await until(pilot, lambda: app.library.views() == {"Short": "words:<10"}, "removed")


async def test_the_cursor_stays_where_it_was_when_its_view_is_removed(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        while app.screen.highlighted.value != "Ferries":
            await press(pilot, "j")
        await press(pilot, "x")
        await until(pilot, lambda: not line(app, "│   Ferries"), "gone from the menu")
        assert app.screen.highlighted.value == "Short"


@pytest.mark.parametrize(("key", "to", "kind"), [("x", "Unread", "built in"), ("r", "#", "a tag")])
async def test_built_in_views_and_tags_stay_as_they_are(path, key, to, kind):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        await press(pilot, *(["j"] if to == "Unread" else ["G"]), key)
        assert isinstance(app.screen, SwitcherDialog)
        assert f"is {kind}: only saved views can be changed" in text(app)
        await press(pilot, "k")
        assert "only saved views" not in text(app)


async def test_the_view_in_force_is_renamed(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        await press(pilot, "slash", *"short", "enter")
        await switcher(pilot)
        await press(pilot, "r")
        await until(pilot, lambda: isinstance(app.screen, AskDialog), "asked")
        await press(pilot, "end", *" ones", "enter")
        await until(pilot, lambda: "Short ones" in app.library.views(), "renamed")
        await until(pilot, lambda: "• Short ones" in text(app), "shown")
        await press(pilot, "escape")
        assert status(app).startswith("Short ones  1/2")


async def test_a_name_that_will_not_do_is_told(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        await press(pilot, "slash", *"short", "enter", "f")
        await until(pilot, lambda: isinstance(app.screen, SwitcherDialog), "opened again")
        await press(pilot, "r")
        await until(pilot, lambda: isinstance(app.screen, AskDialog), "asked")
        await press(pilot, *["backspace"] * 5, *"TRASH", "enter")
        await until(pilot, lambda: "a view that every library has" in text(app), "told")
        assert "Short" in app.library.views()


async def test_the_query_of_the_view_in_force_is_edited_and_found_again(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        await press(pilot, "slash", *"short", "enter")
        await switcher(pilot)
        await press(pilot, "e")
        await until(pilot, lambda: isinstance(app.screen, AskDialog), "asked")
        await press(pilot, "end", *" is:stub", "enter")
        await until(pilot, lambda: app.library.views()["Short"] == "words:<10 is:stub", "saved")
        await until(pilot, lambda: titles(app) == [TITLES[3]], "found again")


async def test_counts_follow_what_other_programs_do_while_the_switcher_is_open(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        with Library(path) as other:
            other.add([Article(title="Another ferry", body="The ferry.", tags=("new-tag",))])
            other.save_view("From elsewhere", "ferry another")
        await until(pilot, lambda: "9 unread  11" in line(app, "• All"), "counted again")
        await until(pilot, lambda: line(app, "From elsewhere"), "saved there")
        assert "1 unread   2" in line(app, "Ferries")
        await press(pilot, "slash", *"#new-tag")
        assert "1 unread   1" in line(app, "│   #new-tag")


@pytest.mark.parametrize("size", [(40, 10), (40, 12), (80, 24), (200, 50)])
async def test_the_switcher_fits_any_terminal(path, size):
    async with running(path, size=size) as (app, pilot):
        await switcher(pilot)
        box = app.screen.query_one("#box").region
        await press(pilot, "slash", "e")
        for selector in ("#title", "#narrow", "#choices", "#query", "#hint"):
            part = app.screen.query_one(selector).region
            assert part.height > 0
            assert part in app.screen.query_one("#box").region
        assert box in app.screen.region


async def test_names_are_shown_not_obeyed(path):
    with Library(path) as library:
        library.save_view("[red]Danger[/red]", "[bold]ferry[/bold]")
    async with running(path, size=(100, 30)) as (app, pilot):
        await switcher(pilot)
        await press(pilot, "slash", *"danger")
        assert "[red]Danger[/red]" in text(app)
        assert "[bold]ferry[/bold]" in text(app)
        await press(pilot, "escape", "escape", "colon", *"danger")
        await until(pilot, lambda: "View: [red]Danger[/red]" in text(app), "in the palette")
        assert "[bold]ferry[/bold]" in text(app)


# The command palette


async def test_views_are_commands_with_their_numbers(path, monkeypatch):
    monkeypatch.setattr("tui.palette._PATIENCE", 60.0)  # on a busy machine they may come later
    async with running(path) as (app, pilot):
        await press(pilot, "colon", *"view: a")
        await until(pilot, lambda: "View: All (8 of 10 unread)" in text(app), "offered")
        await press(pilot, "backspace", *"unr")
        await until(pilot, lambda: "View: Unread (8 of 8 unread)" in text(app), "offered")
        await press(pilot, "enter")
        await until(pilot, lambda: status(app).startswith("Unread  1/8"), "shown")


async def test_saved_views_and_tags_are_commands(path):
    async with running(path) as (app, pilot):
        await press(pilot, "colon", *"#trav")
        await until(pilot, lambda: "View: #travel" in text(app), "offered")
        await press(pilot, "enter")
        await until(pilot, lambda: titles(app) == [TITLES[0]], "shown")
        await press(pilot, "colon", *"ferries")
        await until(pilot, lambda: "View: Ferries" in text(app), "offered")


# The list


async def test_what_is_marked_in_the_list_leaves_a_view_it_no_longer_belongs_to(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        await press(pilot, "j", "enter")
        await until(pilot, lambda: status(app).startswith("Unread  1/8"), "unread only")
        await press(pilot, "j", "r")
        await until(pilot, lambda: status(app).startswith("Unread  2/7"), "one less")
        assert TITLES[3] not in titles(app)
        await press(pilot, "U")
        await until(pilot, lambda: TITLES[3] in titles(app), "there again")


async def test_a_view_without_articles_says_so(path):
    async with running(path) as (app, pilot):
        await press(pilot, "f", "slash", *"started", "enter")
        await until(pilot, lambda: app.main.listing.name == "Started", "shown")
        assert screen(app)[0].strip() == "no articles here"
        app.library.mark(app.library.find("").ids, trashed=True)
        await press(pilot, "f", "slash", *"all", "enter")
        await until(pilot, lambda: app.main.listing.name == "All", "shown")
        number = len(app.library)
        assert screen(app)[0].strip() == f"no articles here; {number} in the trash"
        await press(pilot, "T")
        assert "There are no articles here." in text(app)


async def test_what_is_read_in_the_reader_stays_in_the_list(path):
    async with running(path) as (app, pilot):
        await switcher(pilot)
        await press(pilot, "j", "enter")
        await until(pilot, lambda: status(app).startswith("Unread  1/8"), "unread only")
        await press(pilot, "enter")  # it is on the screen to its end
        await until(pilot, lambda: app.library.state(app.main.articles.ids[0]).read, "read")
        await press(pilot, "escape")
        assert titles(app)[0] == TITLES[2]
        assert app.library.state(app.main.articles.ids[0]).read


async def test_saving_a_search_under_a_name_in_use_tells_what_it_was(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"quay", "escape", "w")
        await press(pilot, *"FERRIES", "enter")
        await until(pilot, lambda: app.library.views().get("FERRIES") == "quay", "replaced")
        await until(pilot, lambda: "it was ferry" in text(app), "told")
