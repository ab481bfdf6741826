"""The details of an article: what is known of it, where it leads, what leads to it."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, settle, text, until

from store import Article
from store.identity import ENTRY
from tui.config import Config
from tui.screens.details import DetailsDialog, moment

HUB = Article(
    title="The hub", url="https://hub.example/a", published="2026-11-20", author="Ada Reyes",
    body="It leads to [the first](http://one.example/?utm_source=x), "
    "[elsewhere](https://away.example/x) and <https://bare.example/>.",
)  # fmt: skip
ONE = Article(title="One", url="https://one.example", published="2026-11-19", lang="en", site="S",
              body="From [the hub](https://hub.example/a/).", tags=("t",))  # fmt: skip
TWO = Article(title="[b]Two[/b]", published="2026-11-18", body="[h](https://www.hub.example/a)")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    fill(path, [HUB, ONE, TWO])
    return path


async def details(app, pilot):
    await until(pilot, lambda: app.library.indexing is None, "indexed")
    app.library.wait_until_searchable()
    await press(pilot, "i")
    await until(pilot, lambda: isinstance(app.screen, DetailsDialog), "opened")
    await until(pilot, lambda: app.screen.links is not None, "links found")


async def test_links_in_and_out_are_told_and_those_of_the_library_marked(path):
    async with running(path, size=(100, 40)) as (app, pilot):
        await details(app, pilot)
        shown = text(app)
        assert "Links out: 3" in shown and "Links in: 2" in shown
        (first,) = (line for line in screen(app) if "the first" in line)
        assert "in the library" in first
        (away,) = (line for line in screen(app) if "elsewhere" in line)
        assert "in the library" not in away and "https://away.example/x" in away
        assert "One  S, 19 November 2026" in shown
        assert "[b]Two[/b]" in shown


async def test_a_link_to_an_article_of_the_library_opens_it_there(path):
    async with running(path) as (app, pilot):
        await details(app, pilot)
        await press(pilot, "tab", "enter")
        await until(pilot, lambda: app.screen is app.main and app.main.in_reader, "reading")
        assert app.main.reader.article.title == "One"


async def test_a_link_from_another_article_opens_that(path):
    async with running(path) as (app, pilot):
        await details(app, pilot)
        await press(pilot, "G", "enter")
        await until(pilot, lambda: app.main.in_reader, "reading")
        assert app.main.reader.article.title == "[b]Two[/b]"


async def test_other_links_go_the_way_of_all_links(path):
    async with running(path, config=Config(opener="true")) as (app, pilot):
        await details(app, pilot)
        await press(pilot, "tab", "j", "enter")
        await until(pilot, lambda: "opening https://away.example/x" in text(app), "told")
        assert not app.main.in_reader


async def test_a_link_into_the_library_can_be_opened_outside(path):
    async with running(path, config=Config(opener="true")) as (app, pilot):
        await details(app, pilot)
        await press(pilot, "tab", "o")
        await until(pilot, lambda: "opening http://one.example" in text(app), "told")
        assert not app.main.in_reader


async def test_a_fact_leads_nowhere_and_the_dialog_stays(path):
    async with running(path) as (app, pilot):
        await details(app, pilot)
        await press(pilot, "enter")
        assert isinstance(app.screen, DetailsDialog)
        await press(pilot, "q")
        assert app.screen is app.main


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 50)])
async def test_every_line_can_be_reached_at_any_size(path, size):
    async with running(path, size=size) as (app, pilot):
        await details(app, pilot)
        assert "Details" in text(app) and "The hub" in text(app)
        await press(pilot, "G")
        assert "[b]Two[/b]" in text(app)
        await press(pilot, *["k"] * 4)
        assert "the first" in text(app)
        await press(pilot, "shift+tab", "shift+tab")
        await settle(pilot)
        assert "Title" in text(app)


def test_moments_are_for_people(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    assert moment("2017") == "2017"
    assert moment("2017-03-09") == "9 March 2017"
    assert moment("2017-03-09T14:05:00+00:00").startswith("9 March 2017, ")
    assert moment("2017-03-09T99") == "9 March 2017"


async def test_an_article_of_one_word_has_one_word(tmp_path):
    path = tmp_path / "library.json"
    fill(path, [Article(title="Short", body="Word.", words=1)])
    async with running(path) as (app, pilot):
        await details(app, pilot)
        assert "1 word, 1 min" in text(app)
        await press(pilot, "escape", "enter")
        assert "1 word · 1 min" in text(app)


async def test_what_tells_an_entry_of_a_feed_from_others_is_for_no_one_to_read(tmp_path):
    path = tmp_path / "library.json"
    extra = {ENTRY: "79bd9c6b4cd1e66c", "guid": "g7"}
    fill(path, [Article(title="Entry", type="feed", extra=extra)])
    async with running(path, size=(80, 40)) as (app, pilot):
        await details(app, pilot)
        assert "g7" in text(app)
        assert "79bd9c6b4cd1e66c" not in text(app)
        assert ENTRY not in text(app)


async def test_a_fetch_that_failed_is_told_in_words(tmp_path):
    path = tmp_path / "library.json"
    tried = {"fetch_error": "it was refused", "fetch_tried": "2026-11-21T08:00:00Z", "rights": "x"}
    fill(path, [Article(title="Stub", url="https://stub.example/", extra=tried)])
    async with running(path, size=(80, 40)) as (app, pilot):
        await details(app, pilot)
        lines = [" ".join(line.strip("│ ").split()) for line in screen(app)]
        assert "Not fetched it was refused" in lines
        assert f"Last tried {moment('2026-11-21T08:00:00Z')}" in lines
        assert "rights x" in lines
        assert "fetch_" not in text(app)
