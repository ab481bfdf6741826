"""Keys that arrive together do what they would have done one by one, whatever each begins."""

from __future__ import annotations

import asyncio
import threading

import pytest
from app_harness import TITLES, fill, press, running, until
from textual import events

from store import Article, Highlight, Library
from tui.terminal import keys_in_order

#: Names of keys by their characters.
NAMES = {"/": "slash", ":": "colon", " ": "space", "\r": "enter", "\x1b": "escape"}


@pytest.fixture
def path(tmp_path):
    fill(tmp_path / "library.json")
    return tmp_path / "library.json"


async def at_once(app, pilot, keys: str) -> None:
    """Characters as a slow link delivers them: in one read; returns when they are obeyed."""
    obeyed = app.keys_obeyed + len(keys)
    for key in keys:
        app.post_message(events.Key(NAMES.get(key, key), None if key == "\x1b" else key))
    await until(pilot, lambda: app.keys_obeyed >= obeyed, "obeyed")


def marked(app, mark: str) -> list[str]:
    """Titles of the articles with a mark, in the order of the list at first."""
    states = ((title, app.library.state(id)) for id, title in enumerate(TITLES, 1))
    return [title for title, state in states if getattr(state, mark)]


async def test_tags_typed_with_the_key_that_opens_their_dialog_are_whole(path):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, "tapple\r")
        assert "apple" in app.library.rows([1])[0].tags
        assert not marked(app, "archived")


async def test_a_key_that_takes_a_row_out_of_the_list_takes_the_next_one_when_pressed_again(path):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, "DDD")
        assert marked(app, "trashed") == list(TITLES[:3])
        await at_once(app, pilot, "DjD")
        assert marked(app, "trashed") == [*TITLES[:4], TITLES[5]]


async def test_undoing_puts_the_row_back_before_the_next_key(path):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, "jDUks")
        assert marked(app, "starred") == [TITLES[1]]
        assert marked(app, "trashed") == []


async def test_articles_are_marked_read_one_by_one_where_they_leave_the_view(path):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, "f/unread\rrrr")
        assert marked(app, "read") == list(TITLES[:3])


async def test_a_mark_is_for_the_article_that_the_key_before_went_to(path):
    with Library(path) as library:
        library.mark([1, 2, 3], read=True)
    async with running(path) as (app, pilot):
        await at_once(app, pilot, "ns")
        assert marked(app, "starred") == [TITLES[3]]


async def test_the_next_unread_article_is_gone_to_as_often_as_it_is_asked_for(path):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, "nnnnN")
        assert app.main.articles.cursor == 3


async def test_the_next_unread_article_may_be_far_away(tmp_path):
    path = tmp_path / "library.json"
    fill(path, [Article(title=f"{number}", body="text") for number in range(300)])
    with Library(path) as library:
        order = list(library.find("").ids)
        library.mark(order, read=True)
        library.mark([order[200], order[290]], read=False)
    async with running(path) as (app, pilot):
        await at_once(app, pilot, "nns")
        assert app.library.state(order[290]).starred


async def test_the_end_of_an_article_leads_to_the_next_before_the_key_that_follows(path):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, "jj\r s")
        assert marked(app, "starred") == [TITLES[3]]


async def test_a_key_after_the_one_that_lists_the_highlights_is_for_their_list(path):
    with Library(path) as library:
        for quote in ("boats", "before rain"):
            library.highlight(Highlight(1, quote))
    async with running(path) as (app, pilot):
        await at_once(app, pilot, "Hq")
        assert app.is_running
        assert app.screen is app.main
        await at_once(app, pilot, "H/rain\rd")
        assert [each.quote for each in app.library.highlights(1)] == ["boats"]


async def test_keys_after_the_one_that_opens_the_switcher_are_for_it(path):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, "f/arch\r")
        assert app.main.listing.view.name == "Archive"
        assert not app.main.is_searching
        await at_once(app, pilot, "fgjjj\r")
        assert app.screen is app.main
        assert app.main.listing.view == app.library.all_views()[3]


async def test_a_saved_view_is_removed_once_and_then_the_next(path):
    with Library(path) as library:
        for name in ("one", "two", "three"):
            library.save_view(name, name)
    async with running(path) as (app, pilot):
        await press(pilot, "f")
        names = [view.name for view in app.library.all_views()]
        await at_once(app, pilot, "j" * names.index("one") + "xx\x1b")
        assert [view.name for view in app.library.all_views() if view.kind == "saved"] == ["three"]


async def test_all_of_a_view_are_marked_not_what_was_listed_before_it(path):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, "f/harb\rXD")
        assert marked(app, "trashed") == list(TITLES[:2])


async def test_the_article_that_comes_first_in_another_order_is_opened(path):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, "SG\rg\r")
        assert app.main.in_reader
        assert app.main.article_shown.id == app.main.articles.ids[0]


async def test_keys_after_enter_in_a_narrowed_switcher_are_for_the_list(path):
    async with running(path) as (app, pilot):
        await press(pilot, "f", "slash", *"all")
        await at_once(app, pilot, "\rjjj")
        assert app.main.articles.cursor == 3


@pytest.mark.parametrize("keys", ["tapple\r", "e\x1b", "i\x1b", "c\x1b", "Sq"])
async def test_a_key_after_the_one_that_closes_a_dialog_is_for_the_list(path, keys):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, f"{keys}j")
        assert app.screen is app.main
        assert app.main.current_list.cursor == 1


@pytest.mark.parametrize("keys", ["/bridges\r", "jj\r"])
async def test_a_key_after_the_choice_of_a_heading_is_for_the_article(tmp_path, keys):
    path = tmp_path / "library.json"
    body = "\n\n".join(f"# The {name}\n\n{'Wind. ' * 400}" for name in ("quay", "boat", "bridges"))
    fill(path, [Article(title="Log", body=body)])
    async with running(path) as (app, pilot):
        await at_once(app, pilot, f"\rc{keys}s")
        assert app.library.state(1).starred


async def test_a_key_after_the_name_of_a_view_is_for_the_hits(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"ferry", "tab")
        await at_once(app, pilot, "wboats\rs")
        assert [view.name for view in app.library.all_views() if view.kind == "saved"] == ["boats"]
        assert marked(app, "starred") == [TITLES[0]]


async def test_keys_in_the_facets_wait_for_them(path, monkeypatch):
    free = threading.Event()
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"ferry", "tab")
        facets = app.library.facets
        monkeypatch.setattr(
            app.library, "facets", lambda *a, **k: free.wait(60) and facets(*a, **k)
        )
        for key in ("F", "enter"):
            app.post_message(events.Key(key, "\r" if key == "enter" else key))
        for _ in range(20):
            await pilot.pause()
        free.set()
        await until(pilot, lambda: ":" in app.main.search.text, "narrowed")


async def test_keys_after_the_end_of_a_query_are_for_what_it_finds(path):
    async with running(path) as (app, pilot):
        await asyncio.to_thread(app.library.wait_until_searchable)
        await at_once(app, pilot, "/ferry\rs")
        await until(pilot, lambda: app.main.in_reader, "opened")
        assert marked(app, "starred") == [TITLES[0]]
        assert app.main.search.text == "ferry"


async def test_escape_after_a_query_goes_to_what_it_finds_and_the_next_one_out_of_it(path):
    async with running(path) as (app, pilot):
        await asyncio.to_thread(app.library.wait_until_searchable)
        await at_once(app, pilot, "/ferry\x1bs")
        assert app.main.search.text == "ferry" and app.main.is_searching
        assert marked(app, "starred") == [TITLES[0]]
        await at_once(app, pilot, "\x1b")
        assert not app.main.is_searching
        await at_once(app, pilot, "/zebra\x1b\x1b")  # there is nothing to go to
        assert not app.main.is_searching


async def test_what_is_typed_does_not_wait_for_what_it_finds(path, monkeypatch):
    monkeypatch.setattr(keys_in_order, "PATIENCE", 60)
    free = threading.Event()

    def find_late(*args, **kwargs):
        free.wait(60)
        return find(*args, **kwargs)

    async with running(path) as (app, pilot):
        find = app.library.find
        monkeypatch.setattr(app.library, "find", find_late)
        for key in ("slash", *"ferry"):
            app.post_message(events.Key(key, "/" if key == "slash" else key))
        await asyncio.wait_for(keys_obeyed(app, 6), 30)
        assert app.main.search.text == "ferry"
        free.set()
        await until(pilot, lambda: app.main.searching.result is not None, "answered")


async def test_keys_do_not_wait_for_ever_nor_twice_and_what_takes_long_is_done(path, monkeypatch):
    free = threading.Event()
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "h", "j")
        monkeypatch.setattr(keys_in_order, "PATIENCE", 0.3)
        get, tags = app.library.get, app.library.tags
        monkeypatch.setattr(app.library, "get", lambda id: free.wait(60) and get(id))
        monkeypatch.setattr(app.library, "tags", lambda *ids: free.wait(60) and tags(*ids))
        obeyed = app.keys_obeyed
        app.post_message(events.Key("t", "t"))
        app.post_message(events.Key("enter", "\r"))
        await asyncio.wait_for(keys_obeyed(app, obeyed + 2), 30)
        monkeypatch.setattr(keys_in_order, "PATIENCE", 60)
        app.post_message(events.Key("j", "j"))
        await asyncio.wait_for(keys_obeyed(app, obeyed + 3), 30)
        assert app.main.articles.cursor == 2
        free.set()
        await until(pilot, lambda: app.screen is not app.main, "the tags are there")
        await until(pilot, lambda: app.main.in_reader, "so is the article")


async def keys_obeyed(app, number: int) -> None:
    while app.keys_obeyed < number:
        await asyncio.sleep(0.001)


# The palette


@pytest.mark.parametrize("typed", ["keyz", "sort by"])
async def test_enter_runs_no_command_that_fits_only_the_beginning_of_what_was_typed(path, typed):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, f":{typed}\r")
        assert app.screen is not app.main
        await at_once(app, pilot, "\x1b")
        assert app.screen is app.main
        assert not app.main.is_searching


async def test_a_command_typed_with_its_enter_is_run_before_the_key_that_follows(path):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, ":star\rj")
        assert marked(app, "starred") == [TITLES[0]]
        assert app.main.articles.cursor == 1


async def test_the_keys_are_found_by_that_word(path):
    async with running(path) as (app, pilot):
        await at_once(app, pilot, ":keys\r")
        await until(pilot, lambda: type(app.screen).__name__ == "HelpDialog", "shown")


async def test_commands_are_found_that_were_typed_before_the_views_were_read(path, monkeypatch):
    free = threading.Event()
    async with running(path) as (app, pilot):
        views = app.library.all_views
        monkeypatch.setattr(app.library, "all_views", lambda: free.wait(60) and views())
        for key in ("colon", *"arch"):
            app.post_message(events.Key(key, ":" if key == "colon" else key))
        await asyncio.wait_for(keys_obeyed(app, 5), 30)
        free.set()
        await at_once(app, pilot, "ive\r")
        assert marked(app, "archived") == [TITLES[0]]
