"""Menus, tags, details, help, the command palette, keys and themes of the config."""

from __future__ import annotations

import pytest
from app_harness import TITLES, fill, press, running, screen, text, until

from store import Article
from tui import config as configuration
from tui import options
from tui.config import Config
from tui.screens.choice import Choice, ChoiceDialog
from tui.screens.details import DetailsDialog
from tui.screens.help import HelpDialog
from tui.screens.tags import TagsDialog


@pytest.fixture
def path(tmp_path):
    fill(tmp_path / "library.json")
    return tmp_path / "library.json"


def titles(app) -> list[str]:
    return [row.title for row in app.library.rows(app.main.articles.ids)]


def line(app, words: str) -> str:
    return next(line for line in screen(app) if words in line)


# Views and order


async def test_views_are_listed_with_their_numbers(path):
    async with running(path) as (app, pilot):
        await press(pilot, "s", "f")
        await until(pilot, lambda: "1" in line(app, "Starred"), "counted")
        assert "10" in line(app, "All")
        assert "1" in line(app, "Stubs")
        assert "2" in line(app, "#harbour")


async def test_a_view_is_chosen_and_shown_in_the_status_line(path):
    async with running(path) as (app, pilot):
        await press(pilot, "j", "s", "f", "j", "j", "j", "enter")
        await until(pilot, lambda: titles(app) == [TITLES[1]], "starred only")
        assert screen(app)[-2].strip().startswith("Starred  1/1")


async def test_a_long_menu_can_be_narrowed_by_typing(path):
    async with running(path) as (app, pilot):
        await press(pilot, "f", "slash", *"trav", "enter")
        await until(pilot, lambda: titles(app) == [TITLES[0]], "tag:travel")


async def test_the_order_is_chosen_and_turned_round_by_choosing_it_again(path):
    async with running(path) as (app, pilot):
        await press(pilot, "S", "j", "j", "j", "enter")
        await until(pilot, lambda: titles(app) == sorted(TITLES, key=str.casefold), "by title")
        assert "All by title, A to Z  7/10" in text(app)
        await press(pilot, "S")
        assert "the same again turns it round" in text(app)
        await press(pilot, "enter")
        last = sorted(TITLES, key=str.casefold)[::-1]
        await until(pilot, lambda: titles(app) == last, "turned round")
        assert "All by title, Z to A  4/10" in text(app)
        await press(pilot, "S", "g", "enter")
        await until(pilot, lambda: titles(app) == list(TITLES), "by date")
        assert "All  1/10" in text(app)


async def test_another_order_leaves_the_cursor_on_its_article(path):
    fill(path, [Article(title=f"Number {n:03}", body="word " * n) for n in range(1, 400)])
    async with running(path) as (app, pilot):
        await press(pilot, "S", *"jjj", "enter")
        await until(pilot, lambda: titles(app)[0] == TITLES[6], "by title")
        await press(pilot, "x", "x", "j")
        here = app.main.articles.current_id
        for down in range(1, 7):
            before = app.main.listing.result
            await press(pilot, "S", "g", *"j" * down, "enter")
            await until(pilot, lambda old=before: app.main.listing.result is not old, "found")
            assert app.main.articles.current_id == here
            assert len(app.main.articles.selected) == 2
            assert app.library.get(here).title in text(app)


async def test_all_orders_of_the_config_are_offered(path):
    async with running(path) as (app, pilot):
        await press(pilot, *"jj", "r", "S")
        assert len(app.screen.query_one("#choices").options) == len(options.ORDERS)
        await press(pilot, *"jj", "enter")
        await until(pilot, lambda: titles(app)[0] == TITLES[2], "read last")
        assert "by date read, latest first" in text(app)
        await press(pilot, "S", "G", "enter")
        await until(pilot, lambda: "All by chance" in text(app), "shuffled")
        await press(pilot, "g")
        shuffled = titles(app)
        before = app.main.listing.result
        app.main.listing.requery()
        await until(pilot, lambda: app.main.listing.result is not before, "found anew")
        assert titles(app) == shuffled
        for _ in range(3):  # one in some millions is as it was
            await press(pilot, "S", "enter")
        await until(pilot, lambda: titles(app) != shuffled, "shuffled again")
        assert app.main.listing.sort == "random"


@pytest.mark.parametrize("key", ["f", "S", "t", "i", "question_mark"])
@pytest.mark.parametrize("size", [(40, 10), (80, 24)])
async def test_dialogs_fit_any_terminal_and_escape_leaves_them(path, key, size):
    async with running(path, size=size) as (app, pilot):
        await press(pilot, key)
        assert app.screen is not app.main
        box = app.screen.query_one("#box")
        assert box.region in app.screen.region
        hints = app.screen.query("#hint")
        assert all(hint.region in app.screen.region for hint in hints)
        await press(pilot, "escape")
        assert app.screen is app.main
        assert app.main.articles.has_focus


async def test_a_dialog_closes_with_a_click_beside_it(path):
    async with running(path) as (app, pilot):
        await press(pilot, "S")
        assert isinstance(app.screen, ChoiceDialog)
        await pilot.click(offset=(1, 1))
        assert app.screen is app.main


@pytest.mark.parametrize("key", ["t", "A"])
async def test_a_click_beside_a_dialog_throws_nothing_away(path, key):
    async with running(path) as (app, pilot):
        await press(pilot, key, "z")
        dialog, typed = app.screen, app.screen.query_one("Input").value
        for _ in range(2):
            await pilot.click(offset=(1, 1))
            assert app.screen is dialog
            assert dialog.query_one("Input").value == typed
            assert "esc throws away what you typed" in text(app)
        await press(pilot, "backspace")
        await pilot.click(offset=(1, 1))
        assert app.screen is app.main


# Tags


async def test_tags_are_edited_as_one_line(path):
    async with running(path) as (app, pilot):
        await press(pilot, "t")
        assert isinstance(app.screen, TagsDialog)
        assert "harbour travel" in text(app)
        await press(pilot, *["backspace"] * len("travel "), *"boats", "enter")
        await until(pilot, lambda: app.screen is app.main, "closed")
        assert app.library.rows([app.main.articles.current_id])[0].tags == ("harbour", "boats")


async def test_a_tag_is_completed_from_those_in_use(path):
    async with running(path) as (app, pilot):
        await press(pilot, "j", "j", "t", *"clo", "tab", *"ha", "tab", "enter")
        await until(pilot, lambda: app.screen is app.main, "closed")
        assert app.library.rows([app.main.articles.current_id])[0].tags == ("clocks", "harbour")


async def test_the_tags_of_a_selection_are_those_they_share(path):
    async with running(path) as (app, pilot):
        await press(pilot, "x", "x", "t")
        assert "Tags of 2 articles" in text(app)
        await press(pilot, *"sea", "enter")
        await until(pilot, lambda: app.screen is app.main, "closed")
        rows = app.library.rows(app.main.articles.ids[:2])
        assert [row.tags for row in rows] == [("harbour", "travel", "sea"), ("harbour", "sea")]


async def test_tags_that_only_some_of_a_selection_have_are_told_and_can_be_taken_away(path):
    async with running(path) as (app, pilot):
        await press(pilot, "x", "x", "x", "t")
        assert "On some: harbour (2 of 3), travel (1 of 3)" in text(app)
        assert app.screen.query_one("#tags").value == ""
        await press(pilot, "minus", *"tr", "tab", *"har", "tab")
        assert app.screen.query_one("#tags").value == "-travel harbour "
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen is app.main, "closed")
        rows = app.library.rows(app.main.articles.ids[:3])
        assert [row.tags for row in rows] == [("harbour",)] * 3
        assert "3 articles: +harbour -travel" in text(app)


async def test_tags_of_only_some_of_a_selection_stay_as_they_are(path):
    async with running(path) as (app, pilot):
        await press(pilot, "x", "x", "t", *"sea", "enter")
        await until(pilot, lambda: app.screen is app.main, "closed")
        rows = app.library.rows(app.main.articles.ids[:2])
        assert [row.tags for row in rows] == [("harbour", "travel", "sea"), ("harbour", "sea")]


async def test_the_tags_used_most_are_offered_first_and_then_those_that_begin_so(path):
    async with running(path) as (app, pilot):
        for id, tag in ((5, "archive"), (6, "archive"), (7, "archive"), (8, "arc")):
            app.library.tag([id], add=[tag])
        app.library.flush()
        await press(pilot, *"jj", "t")
        offered = [line for line in screen(app) if "archive" in line or "harbour" in line]
        assert "archive" in offered[0] and "harbour" in offered[1]
        await press(pilot, *"ch")
        assert "archive" in text(app) and "harbour" not in text(app)
        await press(pilot, "backspace", "backspace", *"ar", "down", "tab", "enter")
        await until(pilot, lambda: app.screen is app.main, "closed")
        assert app.library.rows([app.main.articles.current_id])[0].tags == ("arc",)


async def edited_tags(path, own: tuple[str, ...], typed: str, *keys: str) -> tuple[str, ...]:
    """The tags of an article that has `own`, after keys, a text and Enter in the tag editor."""
    fill(path, [Article(title="One", published="2026-11-25", tags=own)])
    async with running(path) as (app, pilot):
        await press(pilot, "t", *keys)
        app.screen.query_one("#tags").insert_text_at_cursor(typed)
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen is app.main, "closed")
        return app.library.rows([app.main.articles.current_id])[0].tags


@pytest.mark.parametrize("own", [("y", "x,y", "-minus", '"q', "a,", "-,")])
@pytest.mark.parametrize("typed", ["", "zzz", ",zzz"])
async def test_tags_stay_as_they_are_whatever_is_in_them(path, own, typed):
    more = ("zzz",) if typed else ()
    keys = ("backspace",) if "," in typed else ()
    assert await edited_tags(path, own, typed, *keys) == (*own, *more)


async def test_a_tag_with_a_comma_that_is_taken_out_of_the_field_goes_whole(path):
    keys = ("home", "delete", "delete", "delete")
    assert await edited_tags(path, ("x,y", "-minus"), "", *keys) == ("-minus",)


async def test_quotes_hold_a_tag_together(path):
    typed = '"two words" #"three,four" "-five"'
    assert await edited_tags(path, (), typed) == ("two-words", "three,four", "-five")


async def test_a_tag_with_a_comma_is_completed_as_one(path):
    fill(path, [Article(title="Other", published="2020", tags=("salt,rope",))])
    assert await edited_tags(path, ("own",), "", *"sal", "tab") == ("own", "salt,rope")


async def test_a_tag_of_some_that_begins_with_a_sign_is_given_to_all(path):
    fill(path, [Article(title="A", published="2026-11-26", tags=("-odd", "p,q"))])
    async with running(path) as (app, pilot):
        await press(pilot, "x", "x", "t", *"-odd -p,q", "enter")
        await until(pilot, lambda: app.screen is app.main, "closed")
        rows = app.library.rows(app.main.articles.ids[:2])
        assert [row.tags for row in rows] == [("-odd",), ("harbour", "travel", "-odd")]


async def test_leaving_the_tags_changes_nothing(path):
    async with running(path) as (app, pilot):
        await press(pilot, "t", *"sea", "escape")
        assert app.library.rows([app.main.articles.current_id])[0].tags == ("harbour", "travel")


async def test_markup_in_a_title_is_shown_not_obeyed(path):
    async with running(path) as (app, pilot):
        await press(pilot, *"jjjjjj", "t")
        assert TITLES[6][:20] in text(app)
        await press(pilot, "escape", "i")
        assert TITLES[6][:20] in text(app)


# Details and help


async def test_details_tell_all_that_is_known(path):
    async with running(path) as (app, pilot):
        await press(pilot, "s", "i")
        await until(pilot, lambda: isinstance(app.screen, DetailsDialog), "opened")
        for words in (
            TITLES[0],
            "Ada Reyes",
            "https://quay.example/0",
            "20 November 2026",
            "starred",
        ):
            assert words in text(app)


async def test_help_begins_with_the_pane_one_is_in(path):
    async with running(path, size=(40, 12)) as (app, pilot):
        await press(pilot, "question_mark")
        assert isinstance(app.screen, HelpDialog)
        assert screen(app)[1].strip() == "List"
        await press(pilot, "escape", "enter", "question_mark")
        assert screen(app)[1].strip() == "Reader"


async def test_help_shows_the_keys_in_force(path):
    async with running(path, config=Config(keys={"list.down": "e,down"})) as (app, pilot):
        await press(pilot, "question_mark")
        assert "e ↓" in line(app, "Down")


# Keys


async def test_keys_are_changed_by_the_config(path):
    async with running(path, config=Config(keys={"list.down": "e"})) as (app, pilot):
        await press(pilot, "j")
        assert app.main.articles.cursor == 0
        await press(pilot, "e")
        assert app.main.articles.cursor == 1


async def test_a_key_for_nothing_is_told_at_the_start(path):
    async with running(path, config=Config(keys={"list.donw": "e"})) as (app, pilot):
        notice = app.main.status.notice[0]
        assert "no binding is called 'list.donw'; did you mean 'list.down'?" in notice
        await press(pilot, "j")
        assert app.main.status.notice[0] == ""


async def test_no_binding_needs_a_key_that_terminals_eat():
    from tui.screens.keymap import KEYED

    eaten = {"ctrl+i", "ctrl+m", "ctrl+h", "ctrl+s", "ctrl+q", "ctrl+a", "ctrl+b"}
    for binding in KEYED:
        keys = [key.strip() for key in binding.key.split(",")]
        assert not all(
            key in eaten or key.startswith("alt+") or (key[:1] == "f" and key[1:].isdigit())
            for key in keys
        ), binding


async def test_every_key_stands_in_the_help():
    from tui.screens.help import SECTIONS
    from tui.screens.keymap import Keys

    beginnings = tuple(start for starts in SECTIONS.values() for start in starts)
    assert [id for id in Keys({}) if not id.startswith(beginnings)] == []


async def test_every_key_of_the_key_bar_exists():
    from tui.screens.keymap import Keys
    from tui.screens.keys import KEY_BAR

    known = Keys({})
    assert {id for keys in KEY_BAR.values() for id, _ in keys} <= set(known)


# The command palette and themes


async def test_the_palette_finds_a_command_by_its_name(path):
    async with running(path) as (app, pilot):
        await press(pilot, "colon")
        await press(pilot, *"star")
        await until(pilot, lambda: "Star" in text(app), "found")
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen is app.main, "closed")
        await until(
            pilot, lambda: app.library.state(app.main.articles.ids[0]).starred, "the star was set"
        )


async def test_the_theme_is_chosen_in_the_palette(path):
    async with running(path) as (app, pilot):
        assert app.theme == "broadsheet-dark"
        await press(pilot, "ctrl+p")
        await press(pilot, *"theme: light")
        await until(pilot, lambda: "Use the light theme" in text(app), "found")
        await press(pilot, "enter")
        await until(pilot, lambda: app.theme == "broadsheet-light", "chosen")


async def test_ctrl_p_in_the_search_moves_instead_of_opening_the_palette(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"quay", "ctrl+n", "ctrl+n", "ctrl+p")
        assert app.screen is app.main
        assert app.main.search.hits.cursor == 1


@pytest.mark.parametrize(
    ("environ", "config", "remembered", "theme"),
    [
        ("", "auto", "", "broadsheet-dark"),
        ("", "auto", "broadsheet-light", "broadsheet-light"),
        ("", "terminal", "broadsheet-light", "broadsheet-terminal"),
        ("light", "terminal", "", "broadsheet-light"),
        ("", "nord", "", "nord"),
    ],
)
async def test_environment_config_and_memory_choose_the_theme(
    path, monkeypatch, environ, config, remembered, theme
):
    monkeypatch.setenv("BROADSHEET_THEME", environ)
    if remembered:
        configuration.remember_theme(remembered)
    async with running(path, config=Config(theme=config)) as (app, _):
        assert app.theme == theme


async def test_a_theme_that_does_not_exist_is_told_and_the_default_used(path):
    async with running(path, config=Config(theme="paper")) as (app, _):
        assert app.theme == "broadsheet-dark"
        assert (
            "no theme is called 'paper'; there are dark, slate, light, mist, contrast, terminal"
            in app.main.status.notice[0]
        )


async def test_what_cannot_be_fetched_is_told_in_one_line(path):
    from tui.screens.ask import AskDialog

    async with running(path) as (app, pilot):
        await press(pilot, "A")
        await until(pilot, lambda: isinstance(app.screen, AskDialog), "asked")
        app.screen.query_one("Input").value = "https://["
        await press(pilot, "enter")
        said = "not fetched: it is no address"
        await until(pilot, lambda: app.main.status.notice[0].startswith(said), "told")


async def test_nothing_typed_adds_nothing(path):
    async with running(path) as (app, pilot):
        await press(pilot, "A", "enter")
        assert app.screen is app.main
        assert app.main.status.notice[0] == ""


async def test_a_menu_that_opens_while_the_app_is_being_left_stays_empty(path, monkeypatch):
    async def mount(self, widgets):
        """As when a signal has closed the screen meanwhile: nothing is mounted in it."""

    monkeypatch.setattr(ChoiceDialog, "mount_composed_widgets", mount)
    async with running(path) as (app, pilot):
        menu = ChoiceDialog("Sort", [Choice("new", "Newest first")])
        app.push_screen(menu)
        await until(pilot, lambda: menu.is_mounted, "opened")
        assert not menu.children
