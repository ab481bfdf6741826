"""Subscriptions: asked politely, taken in once, and never able to take anything away."""

from __future__ import annotations

import json
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import (
    Article,
    LibraryError,
    ReadOnlyError,
    Source,
    repair,
    restore_library,
    view_of,
)
from store.answer import Limits
from store.fetch import Fetcher
from store.highlights import Highlight
from store.importers import feed_fast, read_source
from store.importers.feeds import parse_feed
from tests.webserver import HERE, Page, Web, redirect

#: The same server by another address (127.0.0.1), which counts as private.
NEAR = "127.1"

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class World:
    """A library, a web and a clock."""

    def __init__(self, web, library):
        self.web, self.library = web, library
        self.feeds = library.feeds
        self.now = START
        self.feeds.now = lambda: self.now
        library.web.fetcher = web.fetcher(now=lambda: self.now.timestamp())

    def feed(self, path, *items, title="Ledger", status=200, **headers):
        body = (
            f"<rss version='2.0'><channel><title>{title}</title>"
            f"<link>{self.web.url('/')}</link>{''.join(items)}</channel></rss>"
        )
        self.web.pages[path] = Page(body.encode(), "application/rss+xml", status, headers)
        return self.web.url(path)

    def refresh(self, *urls, **options):
        chosen = [self.feeds.find(url) for url in urls] if urls else None
        return self.feeds.refresh(chosen, **options)

    def titles(self, query=""):
        result = self.library.find(query, sort="title")
        return [row.title for row in result.rows(0, 100)]


def item(number, title=None, text="Some text.", link=True, **more):
    tags = "".join(f"<{name}>{value}</{name}>" for name, value in more.items())
    address = f"<link>http://site.example/{number}</link>" if link else ""
    title = title or f"Item {number}"
    return (
        f"<item><guid isPermaLink='false'>g{number}</guid><title>{title}</title>"
        f"{address}<description>{text}</description>{tags}</item>"
    )


@pytest.fixture
def world(path, open_library):
    web = Web()
    yield World(web, open_library(path))
    web.close()


def test_new_entries_become_unread_articles_with_the_tags_of_the_feed(world):
    url = world.feed("/f", item(1), item(2, category="Ships"))
    _, is_new = world.feeds.subscribe(url, tags=["Harbour"])
    assert is_new
    (outcome,) = world.refresh().outcomes
    assert len(outcome.new) == 2
    assert world.titles() == ["Item 1", "Item 2"]
    assert world.titles("tag:harbour tag:ships is:unread") == ["Item 2"]
    assert world.library.get(outcome.new[0]).site == "Ledger"
    assert world.feeds.find(url).title == "Ledger"
    assert world.titles(view_of(world.feeds.find(url))) == ["Item 1", "Item 2"]
    assert world.feeds.counts()[url] == (2, 2)


def test_a_second_refresh_adds_nothing_and_asks_only_what_has_changed(world):
    url = world.feed("/f", item(1), ETag='"1"')
    world.feeds.subscribe(url)
    world.refresh()
    (outcome,) = world.refresh().outcomes
    assert (outcome.new, outcome.updated, outcome.error) == ([], [], "")
    assert world.web.asked[1][1]["if-none-match"] == '"1"'
    world.feed("/f", item(2), item(1), ETag='"2"')
    (outcome,) = world.refresh().outcomes
    assert (len(outcome.new), outcome.unchanged) == (1, 1)


@pytest.mark.parametrize("link", [True, False], ids=["linked", "by guid alone"])
def test_an_edited_entry_changes_its_article_and_keeps_what_the_reader_did(world, link):
    url = world.feed("/f", item(1, text="The first wording of it.", link=link))
    world.feeds.subscribe(url)
    (id,) = world.refresh().outcomes[0].new
    world.library.mark([id], read=True, starred=True)
    world.library.highlight(Highlight(id, quote="wording"))
    world.feed("/f", item(1, title="Item 1, corrected", text="The second wording.", link=link))
    (outcome,) = world.refresh().outcomes
    assert outcome.updated == [id]
    article = world.library.get(id)
    assert (article.title, article.body) == ("Item 1, corrected", "The second wording.")
    assert world.library.state(id).read
    assert world.library.state(id).starred
    assert [h.quote for h in world.library.highlights(id)] == ["wording"]
    assert len(world.library) == 1


#: Ways in which feeds fail to tell their entries apart: number, text -> an entry.
ALIKE = {
    "nothing but text": lambda n, text: f"<item><description>{text} {n}</description></item>",
    "one title": lambda n, text: (
        f"<item><title>Same</title><description>{text} {n}</description></item>"
    ),
    "one guid and no link": lambda n, text: (
        f"<item><guid isPermaLink='false'>site</guid><title>Title {n}</title>"
        f"<description>{text}</description></item>"
    ),
    "one guid": lambda n, text: item(n, text=text).replace(f">g{n}<", ">site<"),
    "one guid and title": lambda n, text: (
        item(n, "Same", text=text).replace(f">g{n}<", ">site<")
    ),
    "one link": lambda n, text: item(n, text=text).replace(f"example/{n}<", "example/page<"),
    "one page": lambda n, text: item(n, text=text).replace(f"example/{n}<", f"example/page#{n}<"),
    "one link and no guid": lambda n, text: (
        f"<item><link>http://site.example/page</link><title>Title {n}</title>"
        f"<description>{text}</description></item>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("alike", ALIKE.values(), ids=ALIKE)
@pytest.mark.parametrize("at_first", [1, 3], ids=["one at first", "all at first"])
def test_entries_that_a_feed_does_not_tell_apart_are_an_article_each(world, alike, at_first):
    world.feeds.subscribe(world.feed("/f", *(alike(n, "A text") for n in range(at_first))))
    ids = list(world.refresh().outcomes[0].new)
    assert len(ids) == at_first
    for count in (3, 4):
        world.feed("/f", *(alike(n, "A text") for n in range(count)))
        (outcome,) = world.refresh().outcomes
        assert outcome.unchanged == len(ids)
        ids += outcome.new
        assert len(set(ids)) == len(ids) == len(world.library) == count
    articles = [world.library.get(id) for id in ids]
    assert len({(each.title, each.body, each.url) for each in articles}) == 4
    (outcome,) = world.refresh().outcomes
    assert (outcome.new, outcome.updated, outcome.unchanged) == ([], [], 4)


@pytest.mark.parametrize("alike", [each for each in ALIKE if "guid" in each or "link" in each])
def test_an_edit_of_an_entry_that_shares_its_guid_or_page_changes_its_article_alone(world, alike):
    entry = ALIKE[alike]
    world.feeds.subscribe(world.feed("/f", *(entry(n, f"Text {n}") for n in range(3))))
    world.refresh()
    world.feed("/f", entry(0, "Text 0"), entry(1, "Other words"), entry(2, "Text 2"))
    (outcome,) = world.refresh().outcomes
    assert (outcome.new, len(outcome.updated), outcome.unchanged) == ([], 1, 2)
    bodies = sorted(world.library.get(id).body for id in range(1, 4))
    assert bodies == ["Other words", "Text 0", "Text 2"]
    world.feed("/f", entry(7, "Text 7"))  # the only one by now
    assert world.refresh().new == 1
    assert len(world.library) == 4


@pytest.mark.parametrize("alike", ALIKE.values(), ids=ALIKE)
def test_entries_of_a_file_that_are_not_told_apart_are_an_article_each(world, alike):
    entries = "".join(alike(n, "A text") for n in range(3))
    data = f"<rss version='2.0'><channel><title>T</title>{entries}</channel></rss>".encode()
    for count in (3, 0):  # the second time they are there
        report = world.library.add(read_source(Source("f.rss", data)))
        assert len(report.added) == count
    assert len(world.library) == 3


@pytest.mark.parametrize("text", ["Text.", "<![CDATA[</item>]]>", "<![CDATA[ <!-- ]]>"])
def test_of_a_feed_with_too_many_entries_only_those_that_are_taken_are_read(
    world, monkeypatch, text
):
    read = []

    def read_fast(*arguments):
        feed = feed_fast.read_fast_indeed(*arguments)
        read.append(len(feed.entries))
        return feed

    monkeypatch.setattr(feed_fast, "read_fast_indeed", feed_fast.read_fast, raising=False)
    monkeypatch.setattr(feed_fast, "read_fast", read_fast)
    monkeypatch.setattr("store.refreshing.MOST_ENTRIES", 3)
    items = [item(n, text=text if n in (2, 3, 7) else "Text.") for n in range(1, 9)]
    world.feeds.subscribe(world.feed("/f", *items, "<copyright>nobody</copyright>"))
    world.refresh()
    assert world.titles() == ["Item 1", "Item 2", "Item 3"]
    assert read == [3]


def test_a_feed_that_lists_an_entry_twice_has_one_article_of_it(world):
    again = item(1).replace(">g1<", ">g1-again<")
    world.feeds.subscribe(world.feed("/f", item(1), item(1), again))
    (outcome,) = world.refresh().outcomes
    assert (outcome.new, outcome.unchanged) == ([1], 1)
    (outcome,) = world.refresh().outcomes
    assert (outcome.new, outcome.updated, outcome.unchanged) == ([], [], 2)


def test_entries_that_were_taken_for_one_article_part_once_they_are_edited(world):
    url = world.feed("/f", item(1), item(2))
    world.feeds.subscribe(url)
    world.refresh()
    reading = world.library.path.with_name(f"{world.library.path.stem}.reading.json")
    tables = json.loads(reading.read_text("utf-8"))
    pages = [item(n, link=False).replace("</item>", "<link>http://site.example/1</link></item>")
             for n in (1, 2)]  # fmt: skip
    world.feed("/f", *pages)
    tables["feeds"]["1"]["seen"] = {
        entry.names[0]: [entry.fingerprint, 1]
        for entry in parse_feed(world.web.pages["/f"].body, url).entries
    }
    reading.write_text(json.dumps(tables), "utf-8")
    (outcome,) = world.refresh().outcomes
    assert (outcome.new, outcome.updated, outcome.unchanged) == ([], [], 2)
    world.feed("/f", pages[0], pages[1].replace("Some text", "Other text"))
    assert world.refresh().outcomes[0].new == [3]
    assert world.library.get(1).body == "Some text."


def test_an_entry_that_moves_to_another_address_stays_one_article(world):
    url = world.feed("/f", item(1))
    world.feeds.subscribe(url)
    world.refresh()
    moved = item(1).replace("http://site.example/1", "http://site.example/one")
    world.feed("/f", moved)
    world.refresh()
    assert len(world.library) == 1


def test_what_was_thrown_away_does_not_come_back(world):
    url = world.feed("/f", item(1), item(2), item(3))
    world.feeds.subscribe(url)
    ids = world.refresh().outcomes[0].new
    by_title = {world.library.get(id).title: id for id in ids}
    world.library.mark([by_title["Item 1"]], trashed=True)
    world.library.purge([by_title["Item 2"]])
    world.feed("/f", item(1, text="New."), item(2, text="New."), item(3))
    report = world.refresh()
    assert report.new == 0
    assert world.titles() == ["Item 3"]
    assert world.titles("is:trashed") == ["Item 1"]
    world.refresh()
    assert len(world.library) == 2


def lose_by_damage(path, tmp_path, old):
    raw = path.read_bytes()
    at = raw.index(b"Item 3")
    path.write_bytes(raw[:at] + b'"\0{' + raw[at + 3 :])
    said = repair(path, cache_dir=tmp_path / "mending")
    assert (
        "reading file: 1 article is missing that came from feeds: a refresh brings what is left"
    ) in said


def lose_by_restoring(path, tmp_path, old):
    restore_library(path, old)


@pytest.mark.parametrize("lose", [lose_by_damage, lose_by_restoring])
def test_what_a_library_has_lost_comes_again_but_not_what_was_thrown_away(
    world, path, tmp_path, lose
):
    world.feeds.subscribe(world.feed("/f", item(1), item(2), ETag='"1"'))
    assert world.refresh().new == 2
    old = Path(shutil.copy(path, tmp_path / "old.json"))
    world.feed("/f", item(1), item(2), item(3), item(4), ETag='"2"')
    world.refresh()
    gone = world.library.find("Item 4").ids[0]
    world.library.purge([gone])
    lose(path, tmp_path, old)
    world.library.refresh()
    assert world.refresh().new == 1
    assert world.titles() == ["Item 1", "Item 2", "Item 3"]
    world.feed("/f", item(1), item(2), item(3), item(4, text="New."))
    assert world.refresh().new == 0


def test_an_entry_that_is_in_the_library_already_is_met_and_not_added(world):
    world.library.add(
        [Article("Item 1", "A much longer text of it.", url="https://site.example/1")]
    )
    world.feeds.subscribe(world.feed("/f", item(1, text="Short.")))
    world.refresh()
    assert len(world.library) == 1
    assert world.library.get(1).body == "A much longer text of it."


def test_a_feed_whose_etag_is_not_ascii_is_asked_again_also_with_what_was_kept_of_it(world):
    url = world.feed("/f", item(1), ETag='"\xe9\xfc"')
    world.feeds.subscribe(url)
    world.refresh()
    reading = world.library.path.with_name(f"{world.library.path.stem}.reading.json")
    tables = json.loads(reading.read_text("utf-8"))
    tables["feeds"]["1"]["etag"] = '"\xe9\xfc"'  # as it was kept formerly
    reading.write_text(json.dumps(tables), "utf-8")
    world.feed("/f", item(1), item(2))
    (outcome,) = world.refresh().outcomes
    assert (outcome.error, len(outcome.new)) == ("", 1)


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(world):
    old, new = world.web.url("/old"), world.feed("/new", item(1))
    world.web.pages["/old"] = redirect("/new", 301)
    world.feeds.subscribe(old)
    (outcome,) = world.refresh().outcomes
    assert outcome.moved_to == new
    (subscription,) = world.feeds.all()
    assert subscription.url == new
    assert world.titles(view_of(subscription)) == ["Item 1"]
    world.refresh()
    assert world.web.asked_for("/old") == 1


def test_a_feed_that_moved_for_now_is_asked_at_its_own_address(world):
    world.feed("/new", item(1))
    world.web.pages["/old"] = redirect("/new", 307)
    world.feeds.subscribe(world.web.url("/old"))
    world.refresh()
    assert world.feeds.all()[0].url == world.web.url("/old")


def test_a_feed_that_is_gone_is_asked_no_more(world):
    world.feed("/f", item(1), status=410)
    url = world.web.url("/f")
    world.feeds.subscribe(url)
    (outcome,) = world.refresh().outcomes
    assert outcome.gone
    assert world.feeds.find(url).state == "gone"
    assert world.refresh().outcomes == []
    assert world.feeds.due() == []
    world.feed("/f", item(1))
    assert world.refresh(url, insist=True).new == 1  # asked by name, it may be back
    assert world.feeds.find(url).state == "ok"


def test_failures_are_named_counted_and_asked_again_later_and_later(world):
    url = world.feed("/f", item(1), status=500)
    world.feeds.subscribe(url)
    waits = []
    for errors in (1, 2, 3):
        (outcome,) = world.refresh().outcomes
        assert "HTTP 500" in outcome.error
        subscription = world.feeds.find(url)
        assert subscription.errors == errors
        assert "HTTP 500" in subscription.error
        waits.append(datetime.fromisoformat(subscription.next_check) - world.now)
    hour = timedelta(hours=1)
    assert hour <= waits[0] <= 1.31 * hour
    assert 2 * hour <= waits[1] <= 2.61 * hour
    assert 4 * hour <= waits[2] <= 5.21 * hour
    world.feed("/f", item(1))
    world.refresh()
    assert world.feeds.find(url).errors == 0
    assert world.feeds.find(url).error == ""


def test_a_feed_whose_host_is_busy_with_others_has_not_failed(world):
    held = threading.Event()
    world.web.pages["/slow"] = Page(fault=lambda handler: held.wait(5))
    url = world.feed("/f", item(1))
    world.feeds.subscribe(url)
    fetcher = world.library.web.fetcher = world.web.fetcher(per_host=1, turn=0.01)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(fetcher.get, world.web.url("/slow"))
        while not world.web.asked:
            threading.Event().wait(0.005)
        assert "busy" in world.refresh().outcomes[0].error
        held.set()
    assert world.feeds.find(url).state == "new"
    assert [each.url for each in world.feeds.due()] == [url]
    assert world.refresh().new == 1


def test_a_server_that_asks_for_time_gets_it(world):
    url = world.feed("/f", item(1), status=429, **{"Retry-After": "7200"})
    world.feeds.subscribe(url)
    world.refresh()
    assert [each.url for each in world.refresh().waiting] == [url]
    assert world.web.asked_for("/f") == 1
    world.now += timedelta(hours=3)
    world.feed("/f", item(1))
    assert world.refresh().new == 1


def test_a_feed_that_was_asked_by_a_clock_that_was_ahead_is_asked_again(world):
    url = world.feed("/f", item(1))
    busy = world.feed("/busy", status=429, **{"Retry-After": "7200"})
    world.feeds.subscribe(url)
    world.feeds.subscribe(busy)
    world.now = START + timedelta(days=1500)
    world.refresh()
    assert world.feeds.due() == []
    world.now = START
    assert [each.url for each in world.feeds.due()] == [url, busy]
    world.feed("/f", item(1), item(2))
    world.feed("/busy", item(3))
    report = world.refresh()
    assert (report.new, report.waiting) == (2, [])
    assert world.feeds.due() == []


def test_a_clock_that_is_a_little_ahead_has_no_feed_asked_too_soon(world):
    world.feeds.subscribe(world.feed("/busy", status=429, **{"Retry-After": "7200"}))
    world.now = START + timedelta(minutes=5)  # another program's, on another machine
    world.refresh()
    world.now = START
    assert world.feeds.due() == []
    assert len(world.refresh().waiting) == 1
    assert world.web.asked_for("/busy") == 1


def test_feeds_are_due_by_their_interval_and_by_what_they_say(world):
    own = world.feed("/own", "<ttl>1440</ttl>", item(1))
    slow = world.feed("/slow", "<ttl>240</ttl>", item(2), ETag='"1"')
    usual = world.feed("/usual", item(3))
    cached = world.feed("/cached", item(4), **{"Cache-Control": "max-age=10800"})
    world.feeds.subscribe(own, interval=15)
    for url in (slow, usual, cached):
        world.feeds.subscribe(url)
    assert len(world.feeds.due()) == 4
    world.refresh()
    world.refresh()  # what a feed said holds also where it has not changed
    due = {}
    for minutes in range(0, 300, 5):
        world.now = START + timedelta(minutes=minutes)
        for each in world.feeds.due():
            due.setdefault(each.url, minutes)
    assert due == {own: 15, usual: 60, cached: 180, slow: 240}


def test_hours_that_a_feed_wants_to_sleep_are_passed_over(world):
    url = world.feed("/f", "<skipHours><hour>13</hour><hour>14</hour></skipHours>", item(1))
    world.feeds.subscribe(url)
    world.refresh()
    assert world.feeds.find(url).next_check == "2026-03-02T15:00:00+00:00"


def test_a_bad_feed_stops_none_of_the_others(world):
    world.web.pages["/page"] = Page(b"<html><body>no feed</body></html>")
    world.web.pages["/bomb"] = Page(
        b"<!DOCTYPE rss [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;'>]><rss><channel><item><title>&b;"
    )
    for path in ("/page", "/bomb", "/none"):
        world.feeds.subscribe(world.web.url(path))
    world.feeds.subscribe("http://nowhere.example/f")
    world.feeds.subscribe(world.feed("/good", item(1)))
    told = []
    report = world.refresh(on_outcome=lambda outcome, done, total: told.append((done, total)))
    assert report.new == 1
    reasons = {o.subscription.url.rpartition("/")[2]: o.error for o in report.failed}
    assert "a page" in reasons["page"]
    assert "refused" in reasons["bomb"]
    assert "404" in reasons["none"]
    assert "not known" in reasons["f"]
    assert told == [(n, 5) for n in range(1, 6)]
    assert "4 failed" in report.summary()


def test_a_feed_cannot_send_the_fetcher_to_a_private_address(world):
    world.web.pages["/f"] = redirect(world.web.url("/secret", "private.example"), 301)
    url = world.web.url("/f")
    world.feeds.subscribe(url, by_hand=True)
    (outcome,) = world.refresh().outcomes
    assert "private address" in outcome.error
    assert world.feeds.find(url) is not None  # nor does it become the feed's address
    assert world.web.asked_for("/secret") == 0
    # A list of feeds is a stranger's word too.
    records = read_source(
        Source("l.opml", b'<opml><outline xmlUrl="http://private.example/f"/></opml>')
    )
    world.library.add(records)
    outcomes = world.refresh("http://private.example/f").outcomes
    assert "private address" in outcomes[0].error


@pytest.fixture
def meaning(world):
    """Lets names mean addresses from now on; `NEAR` is a private one of the same server."""

    def mean(**names):
        world.library.web.fetcher.close()
        world.library.web.fetcher = Fetcher(
            Limits(total=5), resolver=lambda host, port: names[host.partition(".")[0]],
            public=lambda address: address == HERE, proxies={},
        )  # fmt: skip

    return mean


def test_a_feed_that_the_typed_address_leads_to_has_no_leave_to_be_private(world, meaning):
    meaning(typed=[HERE], evil=[HERE])
    feed = world.feed("/f", item(1)).replace("site.", "evil.")
    world.web.pages["/go"] = redirect(feed, 301)
    (found,) = world.library.web.discover(world.web.url("/go", "typed.example"))
    assert (found.url, found.private) == (feed, False)
    world.feeds.subscribe(found.url, by_hand=found.private)
    meaning(evil=[NEAR])
    assert "private address" in world.refresh().outcomes[0].error
    assert world.web.asked_for("/f") == 1


def test_a_feed_that_was_public_when_it_was_typed_is_not_asked_once_it_is_private(world, meaning):
    meaning(site=[HERE])
    (found,) = world.library.web.discover(world.feed("/f", item(1)))
    world.feeds.subscribe(found.url, by_hand=found.private)
    meaning(site=[NEAR])
    assert "private address" in world.refresh().outcomes[0].error
    # Nor where a part of its addresses is: the public one is asked, or none.
    meaning(site=[NEAR, HERE])
    assert world.refresh().outcomes[0].error == ""
    meaning(site=[NEAR, "127.0.0.3"])
    assert "private address" in world.refresh().outcomes[0].error


def test_a_private_feed_that_was_typed_is_asked_as_long_as_it_is_private(world, meaning):
    meaning(site=[NEAR], far=[HERE])
    world.web.pages["/"] = Page(
        f"<link rel=alternate type=application/rss+xml href=/f>"
        f"<link rel=alternate type=application/rss+xml "
        f"href={world.web.url('/f', 'far.example')}>".encode()
    )
    url = world.feed("/f", item(1))
    found = world.library.web.discover(world.web.url("/"))
    assert [each.private for each in found] == [True, False]
    (typed,) = world.library.web.discover(url)
    world.feeds.subscribe(typed.url, by_hand=typed.private)
    for _ in range(2):
        assert world.refresh().outcomes[0].error == ""
    # Met on the public internet it has no more need of the leave, and loses it.
    meaning(site=[HERE])
    world.refresh()
    assert not world.feeds.find(url).private
    meaning(site=[NEAR])
    assert "private address" in world.refresh().outcomes[0].error
    # Typed again it is asked again.
    (again,) = world.library.web.discover(url)
    world.feeds.subscribe(again.url, by_hand=again.private)
    assert world.refresh().outcomes[0].error == ""


def test_a_feed_found_where_feeds_usually_are_has_the_leave_only_on_the_typed_host(world, meaning):
    meaning(site=[NEAR], far=[HERE])
    world.web.pages["/"] = Page(b"<html><body>Hello</body></html>")
    world.web.pages["/feed"] = redirect(world.feed("/f", item(1)).replace("site.", "far."))
    (found,) = world.library.web.discover(world.web.url("/"))
    assert (found.url, found.private) == (world.web.url("/f", "far.example"), False)
    world.web.pages["/feed"] = redirect("/f")
    (found,) = world.library.web.discover(world.web.url("/"))
    assert (found.url, found.private) == (world.web.url("/f"), True)


def test_whole_texts_are_fetched_where_a_feed_only_has_summaries(world):
    article = "<p>" + "The whole story of the harbour, told at length. " * 30 + "</p>"
    page = f"<html><body><article><h1>Item 1</h1>{article}</article></body></html>"
    world.web.pages["/1"] = Page(page.encode())
    first = item(1, text="Short.").replace("http://site.example/1", world.web.url("/1"))
    lost = item(2, text="Only this.").replace("http://site.example/2", world.web.url("/2"))
    secret = item(3, text="And this.").replace(
        "http://site.example/3", world.web.url("/3", "private.example")
    )
    url = world.feed("/f", first, lost, secret)
    world.feeds.subscribe(url, full_text=True)
    world.refresh()
    bodies = {a.title: a.body for a in map(world.library.get, (1, 2, 3))}
    assert bodies["Item 1"].count("told at length") == 30
    assert bodies["Item 2"] == "Only this."
    assert bodies["Item 3"] == "And this."
    assert world.web.asked_for("/3") == 0
    # An edit of the summary fetches the page again, and never puts the summary in its place.
    world.web.pages["/1"].status = 500
    world.feed("/f", first.replace("Short.", "Shorter."), lost, secret)
    world.refresh()
    assert world.library.get(1).body.count("told at length") == 30


def _page(world, path="/1", times=30):
    """A page with a long text, put at a path."""
    text = "<p>" + "The whole story of the harbour, told at length. " * times + "</p>"
    page = f"<html><body><article><h1>The harbour</h1>{text}</article></body></html>"
    world.web.pages[path] = Page(page.encode())


def _fetched_by_hand(world, id):
    world.library.web.retry([id])


def _address_added(world, id):
    found = world.library.web.fetch(world.library.get(id).url)
    world.library.add(world.library.web.records(found))


def _whole_texts_for_a_while(world, id):
    (feed,) = world.feeds.all()
    world.feeds.edit(feed, full_text=True)
    world.feed("/f", _entry(world, "Item 1 at first"))
    world.refresh()
    world.feeds.edit(world.feeds.all()[0], full_text=False)


def _entry(world, title, text="A short teaser. Comments"):
    return item(1, title, text=text).replace("http://site.example/1", world.web.url("/1"))


@pytest.mark.parametrize("text", ["A short teaser. Comments", ""], ids=["a teaser", "no text"])
@pytest.mark.parametrize(
    "fetch", [_fetched_by_hand, _address_added, _whole_texts_for_a_while], ids=lambda f: f.__name__
)
@pytest.mark.parametrize("anew", [False, True], ids=["edited", "subscribed to anew"])
def test_a_text_that_was_fetched_stays_when_its_entry_is_edited(world, fetch, text, anew):
    _page(world)
    world.library.web.fetch(world.web.url("/1"))  # typed, since its address is private
    url = world.feed("/f", _entry(world, "Itme 1", text))
    world.feeds.subscribe(url)
    (id,) = world.refresh().outcomes[0].new
    fetch(world, id)
    assert world.library.get(id).body.count("told at length") == 30
    world.library.highlight(Highlight(id, quote="story of the harbour"))
    if anew:
        world.feeds.remove(world.feeds.find(url))
        world.feeds.subscribe(url)
    world.feed("/f", _entry(world, "Item 1", "Another teaser. Comments", ).replace("</item>",
               "<author>ada@example.org (Ada Reyes)</author></item>"))  # fmt: skip
    (outcome,) = world.refresh().outcomes
    article = world.library.get(id)
    assert article.body.count("told at length") == 30
    assert article.author == "Ada Reyes"
    if not anew:
        assert outcome.updated == [id]
        assert article.title == "Item 1"


def test_a_feed_that_has_more_than_was_fetched_is_followed_again(world):
    _page(world, times=3)
    world.library.web.fetch(world.web.url("/1"))
    world.feeds.subscribe(world.feed("/f", _entry(world, "Item 1")))
    (id,) = world.refresh().outcomes[0].new
    world.library.web.retry([id])
    assert "told at length" in world.library.get(id).body
    for text in ("All of it stands in the feed. " * 50, "All of it, put more briefly."):
        world.feed("/f", _entry(world, "Item 1", text))
        world.refresh()
        assert world.library.get(id).body == text.strip()


def test_a_text_is_fetched_anew_however_much_shorter_it_became(world):
    _page(world)
    world.library.web.fetch(world.web.url("/1"))
    world.feeds.subscribe(world.feed("/f", _entry(world, "Item 1")))
    (id,) = world.refresh().outcomes[0].new
    for times in (30, 20):
        _page(world, times=times)
        world.library.web.retry([id])
        assert world.library.get(id).body.count("told at length") == times


def test_a_title_that_alone_is_corrected_is_corrected_here(world):
    world.feeds.subscribe(world.feed("/f", item(1, "Itme 1")))
    (id,) = world.refresh().outcomes[0].new
    world.feed("/f", item(1, "Item 1"))
    assert world.refresh().outcomes[0].updated == [id]
    assert world.library.get(id).title == "Item 1"


def test_a_refresh_can_be_called_off(world):
    for number in range(5):
        world.feeds.subscribe(world.feed(f"/{number}", item(number)))
    report = world.refresh(cancelled=lambda: True)
    assert report.cancelled
    assert report.outcomes == []
    assert world.refresh().new == 5


def test_a_list_of_feeds_is_subscribed_to_and_written_again(world):
    from store.importers.opml import read_opml, write_opml

    data = b"""<opml><body><outline text='News'><outline text='A' xmlUrl='http://a.example/f'/>
    </outline><outline type='link' url='http://a.example/more.opml'/></body></opml>"""
    report = world.library.add(read_source(Source("feeds.opml", data)))
    assert report.subscribed == 1
    assert "another list" in report.rejected[0].reason
    assert "subscribed to 1 of 1" in report.summary()
    assert world.library.add(read_source(Source("feeds.opml", data))).subscribed == 0
    (link,) = read_opml("".join(write_opml(world.feeds.links())).encode())
    assert (link.url, link.title, link.tags) == ("http://a.example/f", "A", ("news",))


def test_subscriptions_are_found_by_address_tag_and_title(world):
    one, _ = world.feeds.subscribe("http://a.example/f", title="The Ledger", tags=["news"])
    two, _ = world.feeds.subscribe("https://b.example/f", tags=["news"])
    assert world.feeds.chosen(["https://www.a.example/f/"]) == [one]
    assert world.feeds.chosen(["#news"]) == [one, two]
    assert world.feeds.chosen(["the ledger"]) == [one]
    with pytest.raises(LibraryError, match="no subscription"):
        world.feeds.chosen(["nothing"])


def test_a_subscription_is_edited_and_removed_and_its_articles_stay(world):
    url = world.feed("/f", item(1))
    subscription, _ = world.feeds.subscribe(url)
    world.refresh()
    changed = world.feeds.edit(subscription, tags=["x"], interval=30, full_text=True)
    assert (changed.tags, changed.interval, changed.full_text) == (("x",), 30, True)
    with pytest.raises(LibraryError, match="5 to 43,200"):
        world.feeds.edit(subscription, interval=1)
    world.feeds.remove(changed)
    assert world.feeds.all() == ()
    assert len(world.library) == 1
    with pytest.raises(LibraryError, match="no more"):
        world.feeds.edit(changed, title="y")


def test_subscriptions_live_in_the_reading_file_beside_everything_else(world, path, open_library):
    world.library.save_view("Long", "words:>10")
    world.feeds.subscribe("http://a.example/f", tags=["news"])
    world.library.flush()
    tables = json.loads(path.with_name("library.reading.json").read_bytes())
    assert tables["feeds"]["1"]["url"] == "http://a.example/f"
    assert tables["views"]
    other = open_library(path, cache="other")
    assert other.feeds.all() == world.feeds.all()
    other.feeds.subscribe("http://b.example/f")
    assert len(world.feeds.all()) == 2  # what another process did is seen


@pytest.mark.parametrize(
    "document",
    [
        {"url": 3},
        {"url": "javascript:alert(1)"},
        {"url": "http://a.example/", "seen": [1], "errors": "x", "tags": 5, "title": "\x1b[31mred"},
    ],
)
def test_whatever_stands_in_the_file_is_read(world, document):
    from store.subscription import subscription_of

    subscription = subscription_of("1", document)
    if subscription is not None:
        assert (subscription.errors, subscription.tags, subscription.title) == (0, (), "red")


def test_a_read_only_library_subscribes_to_nothing(world, path, open_library):
    world.library.flush()
    reader = open_library(path, readonly=True, cache="other")
    with pytest.raises(ReadOnlyError):
        reader.feeds.subscribe("http://a.example/f")
    with pytest.raises(ReadOnlyError):
        reader.feeds.refresh()


def test_the_feeds_of_a_page_are_found(world):
    world.feed("/posts.xml", item(1), title="Posts")
    world.web.pages["/"] = Page(
        b"""<html><head><link rel="alternate" type="application/rss+xml" title="Comments"
        href="/comments.xml"><link rel=alternate type=application/rss+xml title=Posts
        href=posts.xml></head></html>"""
    )
    found = world.library.web.discover(world.web.url("/"))
    assert [(each.url, each.title) for each in found] == [
        (world.web.url("/posts.xml"), "Posts"), (world.web.url("/comments.xml"), "Comments"),
    ]  # fmt: skip
    assert world.library.web.discover(world.web.url("/posts.xml"))[0].title == "Posts"


def test_feeds_are_looked_for_in_a_page_whose_tag_holds_a_word_without_end(world):
    world.web.pages["/"] = Page(b"<html><a " + b"a" * 100_000 + b"><p>The lamp was lit.")
    start = time.process_time()
    assert world.library.web.discover(world.web.url("/")) == []
    assert time.process_time() - start < 10  # minutes, if from each of its letters


def test_a_feed_that_no_page_names_is_looked_for_where_feeds_usually_are(world):
    world.feed("/atom.xml", item(1), title="Hidden")
    world.web.pages["/blog"] = Page(b"<html><body>Hello</body></html>")
    (found,) = world.library.web.discover(world.web.url("/blog"))
    assert (found.url, found.title) == (world.web.url("/atom.xml"), "Hidden")
    del world.web.pages["/atom.xml"]
    assert world.library.web.discover(world.web.url("/blog")) == []


def test_stubs_are_fetched_into_the_articles_they_are(world):
    body = "<p>" + "A story of lamps and harbours, at length. " * 30 + "</p>"
    page = f"<html><body><article><h1>The lamps</h1>{body}</article></body></html>"
    world.web.pages["/moved"] = Page(page.encode())
    world.web.pages["/a"] = redirect("/moved", 301)
    found = world.library.web.fetch(world.web.url("/later"))
    world.library.add([
        Article("A link", url=world.web.url("/a")),
        *world.library.web.records(found),
        Article("Secret", url=world.web.url("/x", "private.example")),
        Article("No link at all"),
    ])  # fmt: skip
    told = {}
    report = world.library.web.retry([1, 2, 3, 4], on_article=told.__setitem__)
    assert told[1] == ""
    assert "404" in told[2]
    assert "private address" in told[3]
    assert "no link" in told[4]
    article = world.library.get(1)
    assert (article.title, article.url) == ("A link", world.web.url("/a"))
    assert "at length" in article.body
    assert "404" in world.library.get(2).extra["fetch_error"]
    assert report.merged[0] == 1 or 1 in report.merged
    assert len(world.library) == 4
    world.web.pages["/later"] = Page(page.replace("The lamps", "At last").encode())
    world.library.web.retry([2])
    assert world.library.get(2).title == "At last"
    assert "fetch_error" not in world.library.get(2).extra


# ------------------------------------------------------------------------------- undo


def test_unsubscribing_is_undone_with_all_that_is_known_of_the_feed(world):
    url = world.feed("/f", item(1), etag='"1"')
    world.feeds.subscribe(url, tags=["harbour"], interval=90)
    world.refresh()
    before = world.feeds.find(url)
    world.feeds.remove(before)
    assert world.library.undo() == "unsubscribed from “Ledger”"
    assert world.feeds.find(url) == before
    assert world.refresh().new == 0
    assert world.library.redo() == "unsubscribed from “Ledger”"
    assert world.feeds.all() == ()


def test_subscribing_is_undone_and_done_again(world):
    world.feeds.subscribe(world.feed("/f", item(1)), title="The Ledger")
    assert world.library.undo() == "subscribed to “The Ledger”"
    assert world.feeds.all() == ()
    assert world.library.redo() == "subscribed to “The Ledger”"
    assert [feed.title for feed in world.feeds.all()] == ["The Ledger"]


def test_subscribing_is_done_again_with_all_that_is_known_of_the_feed(world):
    url = world.feed("/f", item(1), item(2))
    world.feeds.subscribe(url)
    world.library.purge(world.refresh().outcomes[0].new[:1])
    before = world.feeds.find(url)
    world.library.undo()
    assert world.feeds.all() == ()
    world.library.redo()
    assert world.feeds.find(url) == before
    assert world.refresh(insist=True).new == 0


def test_undoing_a_change_keeps_what_asking_the_feed_has_brought_since(world):
    url = world.feed("/f", item(1))
    feed, _ = world.feeds.subscribe(url, tags=["a"])
    world.feeds.edit(feed, tags=["b"], full_text=True, interval=90)
    world.feeds.edit(feed, full_text=False)
    world.refresh()
    for _ in range(2):
        assert world.library.undo().startswith("changed the feed")
    (now,) = world.feeds.all()
    assert (now.tags, now.full_text, now.interval) == (("a",), False, 0)
    assert now.seen
    assert now.title == "Ledger"


def test_changes_of_feeds_and_of_articles_are_undone_in_their_order(world):
    url = world.feed("/f", item(1))
    world.feeds.subscribe(url)
    (outcome,) = world.refresh().outcomes
    world.library.mark(outcome.new, starred=True)
    world.feeds.remove(world.feeds.find(url))
    world.library.mark(outcome.new, read=True)
    undone = [world.library.undo() for _ in range(3)]
    assert [words.partition(" ")[0] for words in undone] == ["marked", "unsubscribed", "starred"]


def test_a_feed_that_was_subscribed_to_again_is_not_put_back_beside_itself(world):
    url = world.feed("/f", item(1))
    feed, _ = world.feeds.subscribe(url)
    world.feeds.remove(feed)
    world.library.undo()
    world.library.undo()
    assert world.feeds.all() == ()
    world.library.redo()
    world.library.redo()
    world.feeds.subscribe(url)
    world.library.undo()
    world.library.undo()
    assert [each.url for each in world.feeds.all()] == [url]
