"""Feeds and the web in the app: add, subscribe, refresh in the background, fetch texts."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from app_harness import NOW, fill, press, screen, settle, text, until

from store import Library
from store.answer import Limits
from store.fetch import Fetcher
from tests.webserver import Page, Web
from tui.app import BroadsheetApp
from tui.config import Config
from tui.screens.choice import ChoiceDialog
from tui.screens.subscriptions import SubscriptionsDialog

SAMPLES = Path(__file__).parents[2] / "sample_data"

PAGE = (
    "<html><head><title>{0} - Site</title>{1}</head><body><article><h1>{0}</h1><p>"
    + "A story of lamps and harbours, at length. " * 30
    + "</p></article></body></html>"
)
NAMES_FEED = "<link rel=alternate type=application/rss+xml title=Ledger href=/feed>"


@pytest.fixture
def web():
    server = Web()
    server.pages["/feed"] = Page((SAMPLES / "feed.rss").read_bytes(), "application/rss+xml")
    yield server
    server.close()


@asynccontextmanager
async def running(path, web, *, size=(80, 24), config=None, prepare=None):
    with Library(path) as library:
        library.web.fetcher = web.fetcher()
        if prepare is not None:
            prepare(library)
        app = BroadsheetApp(library, config, clock=lambda: NOW)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            yield app, pilot
        app.stop_lanes()


async def type_and_enter(pilot, words):
    await pilot.press(*(character for character in words))
    await press(pilot, "enter")


def notice(app):
    return app.main.status.notice[0]


async def test_a_page_is_added_by_its_address(tmp_path, web):
    fill(tmp_path / "l.json")
    web.pages["/a"] = Page(PAGE.format("The lamps", "").encode())
    async with running(tmp_path / "l.json", web) as (app, pilot):
        await press(pilot, "A")
        await type_and_enter(pilot, web.url("/a"))
        await until(pilot, lambda: notice(app) == "added The lamps", "the notice")
        assert len(app.library) == 11
        await until(pilot, lambda: app.main.doing == "", "rest")


async def test_a_page_with_a_feed_offers_to_subscribe(tmp_path, web):
    fill(tmp_path / "l.json")
    web.pages["/a"] = Page(PAGE.format("The lamps", NAMES_FEED).encode())
    async with running(tmp_path / "l.json", web) as (app, pilot):
        await press(pilot, "A")
        await type_and_enter(pilot, web.url("/a"))
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog), "the offer")
        assert "Subscribe to Ledger" in text(app)
        await press(pilot, "enter")
        await until(pilot, lambda: len(app.library) == 13, "the entries")
        (feed,) = app.library.feeds.all()
        assert feed.url == web.url("/feed")
        assert "The ferry & the fog" in text(app)


async def test_the_address_of_a_feed_is_subscribed_to_or_taken_in_once(tmp_path, web):
    fill(tmp_path / "l.json")
    async with running(tmp_path / "l.json", web) as (app, pilot):
        await press(pilot, "A")
        await type_and_enter(pilot, web.url("/feed"))
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog), "the offer")
        assert "Only take in its 2 entries" in text(app)
        await press(pilot, "j", "enter")
        await until(pilot, lambda: len(app.library) == 12, "the entries")
        assert app.library.feeds.all() == ()


async def test_what_cannot_be_fetched_is_kept_and_tried_again(tmp_path, web):
    fill(tmp_path / "l.json", [])
    async with running(tmp_path / "l.json", web) as (app, pilot):
        await press(pilot, "A")
        await type_and_enter(pilot, web.url("/later"))
        await until(pilot, lambda: "W tries again" in notice(app), "the notice")
        await until(pilot, lambda: len(app.main.articles.ids) == 1, "the stub")
        await press(pilot, "escape", "enter")
        assert "It could not be fetched: there is no such page (HTTP 404)." in text(app)
        web.pages["/later"] = Page(PAGE.format("At last", "").encode())
        await press(pilot, "W")
        await until(pilot, lambda: "at length" in text(app), "the text")
        assert notice(app) == "fetched 1 text"


async def test_a_file_is_added_by_its_path(tmp_path, web):
    fill(tmp_path / "l.json", [])
    (tmp_path / "note.md").write_text("# A note\n\nWith some words in it.\n")
    async with running(tmp_path / "l.json", web) as (app, pilot):
        await press(pilot, "A")
        await type_and_enter(pilot, str(tmp_path / "note.md"))
        await until(pilot, lambda: len(app.library) == 1, "the note")
        await press(pilot, "A")
        await type_and_enter(pilot, str(tmp_path / "none.md"))
        await until(pilot, lambda: "no such file" in text(app), "the reason")


async def test_feeds_that_are_due_are_asked_at_the_start(tmp_path, web):
    fill(tmp_path / "l.json")
    subscribe = lambda library: library.feeds.subscribe(web.url("/feed"))  # noqa: E731
    async with running(tmp_path / "l.json", web, prepare=subscribe) as (app, pilot):
        await until(pilot, lambda: len(app.library) == 12, "the entries")
        await until(pilot, lambda: notice(app) == "1 feed: 2 new", "the notice")
        await until(pilot, lambda: app.main.doing == "", "the end")
    asked = len(web.asked)
    async with running(tmp_path / "l.json", web) as (app, pilot):
        await pilot.pause()
        assert len(web.asked) == asked  # not due yet


async def test_nothing_is_asked_where_the_config_says_so(tmp_path, web):
    fill(tmp_path / "l.json")
    subscribe = lambda library: library.feeds.subscribe(web.url("/feed"))  # noqa: E731
    config = Config(feed_refresh=False)
    async with running(tmp_path / "l.json", web, prepare=subscribe, config=config) as (app, pilot):
        await pilot.pause()
        assert web.asked == []
        await press(pilot, "dollar_sign")
        await until(pilot, lambda: len(app.library) == 12, "the entries")


async def test_failures_name_the_feed(tmp_path, web):
    fill(tmp_path / "l.json")

    def subscribe(library):
        library.feeds.subscribe(web.url("/none"), title="The lost one")

    async with running(tmp_path / "l.json", web, prepare=subscribe) as (app, pilot):
        await until(pilot, lambda: notice(app) != "", "the notice")
        assert notice(app) == "The lost one: there is no such page (HTTP 404)"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
async def test_the_feeds_are_shown_with_what_is_unread_and_what_is_wrong(tmp_path, web, size):
    fill(tmp_path / "l.json")

    def subscribe(library):
        library.feeds.subscribe(web.url("/feed"), tags=["harbour"], interval=360)
        library.feeds.subscribe(web.url("/none"), title="The lost one")
        library.feeds.refresh()

    async with running(tmp_path / "l.json", web, prepare=subscribe, size=size) as (app, pilot):
        await press(pilot, "F")
        await until(pilot, lambda: "2 unread" in text(app), "the counts")
        assert "The Harbour Ledger" in text(app)
        assert "failing" in text(app)
        assert "every 6h" in text(app)
        await press(pilot, "j")
        assert "there is no such page" in text(app)
        await press(pilot, "k", "enter")
        await until(pilot, lambda: app.main.listing.view.name == "The Harbour Ledger", "its view")
        assert len(app.main.articles.ids) == 2


async def test_feeds_are_edited_removed_and_put_back(tmp_path, web):
    fill(tmp_path / "l.json")

    def subscribe(library):
        library.feeds.subscribe(web.url("/feed"), tags=["harbour"])
        library.feeds.refresh()

    async with running(tmp_path / "l.json", web, prepare=subscribe) as (app, pilot):
        feeds = app.library.feeds
        await press(pilot, "F", "T")
        await until(pilot, lambda: feeds.all()[0].full_text, "full texts")
        await press(pilot, "t", "end")
        await type_and_enter(pilot, " news")
        await until(pilot, lambda: "news" in feeds.all()[0].tags, "the tag")
        await press(pilot, "I")
        await type_and_enter(pilot, "often")
        await until(pilot, lambda: "often is no number of minutes" in text(app), "the refusal")
        await press(pilot, *["backspace"] * 5)
        await type_and_enter(pilot, "90")
        await until(pilot, lambda: feeds.all()[0].interval == 90, "the interval")
        await press(pilot, "t", "backspace", "enter")
        await until(pilot, lambda: feeds.all()[0].tags == (), "no tags")
        await press(pilot, "U")
        await until(pilot, lambda: feeds.all()[0].tags == ("harbour", "news"), "the tags")
        await press(pilot, "x")
        await until(pilot, lambda: not feeds.all(), "the removal")
        assert "U puts it back" in text(app)
        await press(pilot, "U")
        await until(pilot, lambda: bool(feeds.all()), "its return")
        assert (feeds.all()[0].tags, feeds.all()[0].interval) == (("harbour", "news"), 90)
        assert isinstance(app.screen, SubscriptionsDialog)


async def test_a_feed_is_subscribed_to_by_the_address_of_its_page(tmp_path, web):
    fill(tmp_path / "l.json")
    web.pages["/"] = Page(PAGE.format("Front", NAMES_FEED).encode())
    async with running(tmp_path / "l.json", web) as (app, pilot):
        await press(pilot, "F", "a")
        await type_and_enter(pilot, web.url("/"))
        await until(pilot, lambda: bool(app.library.feeds.all()), "subscribed")
        await until(pilot, lambda: "The Harbour Ledger" in text(app), "shown")
        await until(pilot, lambda: len(app.library) == 12, "its entries, and not the page")


@pytest.mark.parametrize(
    ("address", "said"),
    [("/none", "there is no such page"), ("/a", "there is no feed, nor does the page name one")],
)
async def test_what_has_no_feed_is_told_and_nothing_is_added(tmp_path, web, address, said):
    fill(tmp_path / "l.json")
    del web.pages["/feed"]
    web.pages["/a"] = Page(PAGE.format("No feed", "").encode())
    async with running(tmp_path / "l.json", web) as (app, pilot):
        await press(pilot, "F", "a")
        await type_and_enter(pilot, web.url(address))
        await until(pilot, lambda: said in text(app), "told")
        assert len(app.library) == 10
        assert not app.library.feeds.all()


async def test_of_several_feeds_of_a_page_one_is_chosen(tmp_path, web):
    fill(tmp_path / "l.json")
    other = "<link rel=alternate type=application/rss+xml title=Comments href=/feed?comments>"
    web.pages["/"] = Page(PAGE.format("Front", other + NAMES_FEED).encode())
    async with running(tmp_path / "l.json", web) as (app, pilot):
        await press(pilot, "F", "a")
        await type_and_enter(pilot, web.url("/"))
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog), "the choice")
        assert "Comments" in text(app)
        await press(pilot, "j", "enter")
        await until(pilot, lambda: bool(app.library.feeds.all()), "subscribed")
        assert app.library.feeds.all()[0].url == web.url("/feed?comments")


async def test_the_text_of_an_address_that_was_typed_is_fetched_from_a_private_host(tmp_path, web):
    fill(tmp_path / "l.json", [])

    def careful(library):
        library.web.fetcher = Fetcher(Limits(total=5), proxies={})

    async with running(tmp_path / "l.json", web, prepare=careful) as (app, pilot):
        await press(pilot, "A")
        await type_and_enter(pilot, f"http://localhost:{web.port}/late")
        await until(pilot, lambda: len(app.library) == 1, "the stub")
        web.pages["/late"] = Page(PAGE.format("The lamps", "").encode())
        await press(pilot, "W")
        await until(pilot, lambda: not app.library.newest(1)[0].stub, "its text")
        assert app.library.newest(1)[0].title == "The lamps"
    async with running(tmp_path / "l.json", web, prepare=careful) as (app, pilot):
        await press(pilot, "W")  # whoever starts anew has typed nothing
        await until(pilot, lambda: "it is asked only when you type" in notice(app), "refused")


async def test_quitting_does_not_wait_for_the_network(tmp_path, web):
    fill(tmp_path / "l.json")
    web.hold = threading.Event()
    subscribe = lambda library: library.feeds.subscribe(web.url("/feed"))  # noqa: E731
    async with running(tmp_path / "l.json", web, prepare=subscribe) as (app, pilot):
        await until(pilot, lambda: bool(web.asked), "the request")
        assert "asking feeds" in screen(app)[-2]
    assert not any(lane.stop(0.0) is False for lane in app.main.lanes)


@pytest.mark.parametrize("keys", [("A",), ("F", "a")])
async def test_leaving_while_an_address_is_asked_is_no_error(tmp_path, web, keys):
    fill(tmp_path / "l.json")
    web.hold = threading.Event()
    async with running(tmp_path / "l.json", web) as (app, pilot):
        await press(pilot, *keys)
        await pilot.press(*web.url("/feed"), "enter")
        await until(pilot, lambda: bool(web.asked), "the request")
        app.main.adding.close()
        app.main.subscribing.close()  # as the screen does when it goes
        web.hold.set()
        await until(pilot, lambda: app._exception is not None or not _at_work(app), "the end")
    assert app._exception is None


def _at_work(app):
    return any(w.is_running and w.group in ("adding", "ask") for w in app.workers)


async def test_a_read_only_library_takes_nothing_in(tmp_path, web):
    fill(tmp_path / "l.json")
    with Library(tmp_path / "l.json", readonly=True) as library:
        library.web.fetcher = web.fetcher()
        app = BroadsheetApp(library, clock=lambda: NOW)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            for key in ("A", "dollar_sign", "W"):
                await press(pilot, "j", key)
                assert "read-only" in notice(app), key
        app.stop_lanes()
