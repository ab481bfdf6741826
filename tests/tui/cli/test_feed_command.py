"""`broadsheet feed`, `broadsheet add URL` and `broadsheet fetch`, on a web server of the tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from store import Library
from store.importers.opml import read_opml
from tests.webserver import Page, Web, redirect

SAMPLES = Path(__file__).parents[3] / "sample_data"

PAGE = (
    "<html><head><title>{0} - Site</title>"
    "<link rel=alternate type=application/atom+xml href=/feed></head>"
    "<body><article><h1>{0}</h1><p>" + "A story of lamps and harbours, at length. " * 30 + "</p>"
    "</article></body></html>"
)


@pytest.fixture
def web():
    server = Web()
    server.pages["/feed"] = Page((SAMPLES / "feed.rss").read_bytes(), "application/rss+xml")
    yield server
    server.close()


@pytest.fixture
def url(web):
    return lambda path: web.url(path, "127.0.0.1")


def test_a_page_is_enough_to_subscribe_and_its_articles_come_at_once(run, web, url):
    web.pages["/"] = Page(PAGE.format("Home").encode())
    added = run("feed", "add", url("/"), "--tag", "News", "--interval", "6h")
    assert added.status == 0
    assert f"subscribed to The Harbour Ledger: {url('/feed')}" in added.out or (
        f": {url('/feed')}" in added.out
    )
    assert "2 new" in added.out
    (line,) = run("feed", "list").out.splitlines()
    fields = line.split("\t")
    assert fields[0] == url("/feed")
    assert fields[2:8] == ["news", "ok", "2", "2", "360", "no"]
    assert "ferry" in run("search", f'feed:"{url("/feed")}"', "crossings").out
    again = run("feed", "add", url("/feed"))
    assert "already subscribed" in again.out


def test_an_unchecked_feed_may_be_private_only_where_it_is_so_now(run, web, url, library):
    for address in (url("/feed"), "http://1.1.1.1/feed"):
        assert run("feed", "add", "--unchecked", address).status == 0
    with Library(library) as opened:
        assert [each.private for each in opened.feeds.all()] == [True, False]
    assert not web.asked
    assert "2 new" in run("feed", "refresh", url("/feed")).out


@pytest.mark.parametrize(
    "address",
    [
        "http://..",
        "http://a..b/",
        "http://[v1.x]/",
        f"http://{'a' * 64}.example",
        r"http:\\host\ok",
    ],
)
def test_an_address_that_nobody_can_ask_is_not_subscribed_to(run, address):
    added = run("feed", "add", "--unchecked", address)
    assert added.status == 1
    assert added.err.endswith(": it is no address: it is written as none that can be asked for\n")
    assert run("feed", "list").out == ""


def test_an_address_with_an_invisible_character_is_subscribed_to_once(run, url):
    for said in ("subscribed to it", "already subscribed to it"):
        added = run("feed", "add", "--unchecked", url("/ok?a=\u202eb"))
        assert added.out == f"{said}: {url('/ok?a=b')}\n"
    assert len(run("feed", "list").out.splitlines()) == 1


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["words", "json"])
def test_where_a_feed_moved_to_is_told_without_the_password(run, web, url, form):
    web.pages["/old"] = redirect("/feed", 301)
    address = url("/old").replace("//", "//me:secret@")
    run("feed", "add", "--unchecked", address)
    told = run("feed", "refresh", *form)
    assert url("/feed") in told.out
    assert "secret" not in told.out + told.err


def test_an_address_without_a_feed_says_so(run, web, url):
    web.pages.clear()
    web.pages["/"] = Page(b"<html><body>Hello</body></html>")
    nothing = run("feed", "add", url("/"))
    assert nothing.status == 1
    assert "there is no feed" in nothing.err
    lost = run("feed", "add", url("/lost"))
    assert lost.status == 1
    assert "HTTP 404" in lost.err
    assert "--unchecked" in lost.err
    assert run("feed", "add", url("/lost"), "--unchecked").status == 0
    assert run("feed", "list").out.startswith(url("/lost"))


def test_a_refresh_names_what_failed_and_fails_only_when_all_did(run, web, url):
    run("feed", "add", url("/feed"))
    run("feed", "add", url("/lost"), "--unchecked", "--title", "The lost one")
    refreshed = run("feed", "refresh")
    assert refreshed.status == 0
    assert "failed The lost one: there is no such page (HTTP 404)" in refreshed.err
    assert refreshed.out.splitlines()[-1] == "2 feeds: 0 new; 1 failed: The lost one"
    web.pages["/feed"].status = 500
    assert run("feed", "refresh").status == 1
    listed = run("feed", "list", "--json")
    ledger, lost = json.loads(listed.out)
    assert (ledger["state"], lost["errors"]) == ("failing", 2)
    assert run("feed", "refresh", "--due", "--json").status == 0


def test_a_refresh_takes_addresses_tags_and_titles(run, web, url):
    run("feed", "add", url("/feed"), "--tag", "harbour")
    for name in (url("/feed"), "#harbour", "the harbour ledger"):
        assert run("feed", "refresh", name, "--verbose").out.endswith("1 feed: 0 new\n"), name
    unknown = run("feed", "refresh", "nothing")
    assert unknown.status == 1
    assert "feed list" in unknown.err


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_on_a_terminal_the_list_is_a_table_that_fits(run, web, url, terminal, columns):
    run("feed", "add", url("/feed"), "--tag", "harbour")
    run("feed", "add", url("/lost"), "--unchecked", "--title", "长城" * 30)
    run("feed", "refresh")
    terminal(columns)
    lines = run("feed", "list").out.splitlines()
    assert lines[0].split()[:3] == ["TITLE", "UNREAD", "TOTAL"]
    assert len(lines) == 3
    assert all(cell_len(line) <= columns for line in lines)


def test_lists_are_imported_and_exported(run, tmp_path):
    imported = run("feed", "import", SAMPLES / "feeds.opml")
    assert imported.out == "3 subscribed to, 0 known, 0 rejected\n"
    assert run("feed", "import", SAMPLES / "feeds.opml").out.startswith("0 subscribed to, 3 known")
    exported = run("feed", "export").out
    assert {link.url for link in read_opml(exported.encode())} == {
        "https://ledger.example/feed.rss", "https://ledger.example/radio.rss",
        "https://garden.example/notes/atom.xml",
    }  # fmt: skip
    target = tmp_path / "out.opml"
    run("feed", "export", "--output", target)
    assert target.read_text() == exported
    assert run("feed", "export", "-o", target, "--force").status == 0
    assert target.read_text() == exported
    added = run("add", SAMPLES / "feeds.opml")
    assert "subscribed to 0 of 3 feeds" in added.out


def test_a_subscription_is_removed_and_its_articles_stay(run, web, url, library):
    run("feed", "add", url("/feed"), "--tag", "a b", "--full-text")
    removed = run("feed", "rm", "The Harbour Ledger")
    assert "to put it back: broadsheet feed add" in removed.out
    assert "--tag a-b --full-text" in removed.out
    assert run("feed", "list").out == ""
    with Library(library) as opened:
        assert len(opened) == 6


def test_a_page_on_the_web_is_added_with_its_address(run, web, url, library):
    web.pages["/a"] = Page(PAGE.format("The lamps").encode())
    added = run("add", url("/a"))
    assert (added.status, added.err) == (0, "")
    assert added.out.startswith("1 added")
    with Library(library) as opened:
        article = opened.get(5)
    assert (article.title, article.url) == ("The lamps", url("/a"))
    assert "at length" in article.body
    assert run("add", url("/a")).out.startswith("0 added, 0 merged, 1 unchanged")


@pytest.mark.parametrize(
    ("body", "type", "title"),
    [
        (b"# A note\n\nWith *Markdown* in it.\n", "text/markdown", "A note"),
        (b"A plain text\n\nIt has some words, and they go on for a while.\n", "text/plain", None),
        ("Привет".encode("cp1251") + b"\n\n" + "Всем привет, это текст. ".encode("cp1251") * 5,
         "text/plain; charset=windows-1251", "Привет"),
        ((SAMPLES / "feed.json").read_bytes(), "application/feed+json", "The last tram"),
    ],
)  # fmt: skip
def test_what_is_at_an_address_is_read_as_what_it_is(run, web, url, library, body, type, title):
    web.pages["/x"] = Page(body, type)
    assert run("add", url("/x")).status == 0
    with Library(library) as opened:
        article = opened.get(5)
    assert article.body.strip()
    assert title is None or title in article.title


def test_what_cannot_be_fetched_is_a_stub_with_the_reason_and_is_tried_again(
    run, web, url, library
):
    web.pages["/a"] = Page(status=503)
    failed = run("add", url("/a"))
    assert failed.status == 1
    assert "the server is overloaded (HTTP 503); `broadsheet fetch` tries again" in failed.err
    assert failed.out.startswith("1 added")
    with Library(library) as opened:
        stub = opened.get(5)
        assert stub.is_stub
        assert "overloaded" in stub.extra["fetch_error"]
    again = run("add", url("/a"))
    assert again.status == 1
    web.pages["/a"] = redirect("/b", 301)
    web.pages["/b"] = Page(PAGE.format("At last").encode(), headers={"X": "y"})
    # What is stored may have come with a file: only what is typed may be a private address.
    refused = run("fetch", f'url:"{url("/a")}"')
    assert (refused.status, refused.out) == (1, "0 of 1 fetched\n")
    assert "private address" in refused.err
    assert web.asked_for("/b") == 0
    web.pages["/a"] = web.pages["/b"]
    assert run("add", url("/a")).status == 0
    with Library(library) as opened:
        article = opened.get(5)
        assert len(opened) == 5
    assert article.title == "At last"
    assert "at length" in article.body
    assert "fetch_error" not in article.extra


def test_a_failure_never_harms_an_article_that_is_there(run, web, url, library):
    web.pages["/a"] = Page(PAGE.format("The lamps").encode())
    run("add", url("/a"))
    web.pages["/a"].status = 404
    failed = run("add", url("/a"))
    assert failed.status == 1
    assert "404" in failed.err
    with Library(library) as opened:
        assert "at length" in opened.get(5).body
        assert "fetch_error" not in opened.get(5).extra


def test_links_of_imports_are_not_asked_on_private_networks(run, web, url, library):
    web.pages["/a"] = Page(PAGE.format("Secret").encode())
    with Library(library) as opened:
        from store import Article

        opened.add([Article("A link", url=url("/a"))])
    refused = run("fetch", "is:stub")
    assert refused.status == 1
    assert "private address" in refused.err
    assert not web.asked


def test_a_wrong_interval_is_wrong_usage(run):
    assert run("feed", "add", "https://a.example/", "--interval", "soon").status == 2
    assert run("fetch", "--again").status == 2
