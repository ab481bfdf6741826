"""What another program does to what is open shows within two seconds, without a key."""

from __future__ import annotations

import os

import pytest
from app_harness import fill, press, running, screen, text, until
from tinydb import TinyDB

from store import Article, Highlight, Library

LINES = [f"Paragraph {i} of the log, which is like no other paragraph." for i in range(60)]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    fill(
        path,
        [
            Article(title="The log", body="\n\n".join(LINES), published="2026-11-20"),
            Article(title="The other", body="Something else.", published="2026-11-19"),
        ],
    )
    return path


def edit(path, body: str) -> None:
    """Give the first article another text, as a program of the person's own does."""
    with TinyDB(path) as stock:
        stock.table("articles").update({"body": body}, doc_ids=[1])


def top(app) -> str:
    """The first line of text on the screen."""
    return next(line.strip() for line in screen(app) if "Paragraph" in line)


async def test_marks_and_tags_show_in_the_reader_and_the_status_line(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        with Library(path) as other:
            other.mark([1], starred=True)
            other.tag([1], add=["fromother"])
        await until(pilot, lambda: "#fromother" in text(app), "its tag")
        await until(pilot, lambda: "starred" in screen(app)[-2], "its star")


async def test_a_highlight_shows_in_the_reader(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        with Library(path) as other:
            other.highlight(Highlight(1, quote=LINES[0], note="seen there"))
        await until(pilot, lambda: [h.note for h in app.main.reader.highlights] == ["seen there"])


async def test_an_edited_text_shows_and_one_stays_where_one_reads(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "space", "space")
        before = top(app)
        opened = app.main.in_reader
        edit(path, "\n\n".join(["New at the beginning. " * 40, *LINES[:40], "New at the end."]))
        reader = app.main.reader
        await until(pilot, lambda: "New at the end" in reader.article.body, "taken in")
        assert top(app) == before
        assert app.main.in_reader is opened is True
        await press(pilot, "G")
        assert "New at the end." in text(app)


async def test_what_was_found_in_the_text_is_lit_in_the_new_one(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "slash", *"log", "enter")
        edit(path, "\n\n".join([*LINES[:3], "The last of the log."]))
        reader = app.main.reader
        await until(pilot, lambda: "The last" in reader.article.body, "taken in")
        await until(pilot, lambda: reader.match_count == 5, "lit")  # and in the title
        await press(pilot, "n", "n", "n", "n", "n", "n")
        assert reader.match_number > 0


async def test_nothing_is_shown_anew_while_one_types_what_to_find(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "slash", *"log")
        body = app.main.reader.article.body
        edit(path, "Another log.")
        await until(pilot, lambda: "Another log." in app.library.get(1).body, "taken in")
        await pilot.pause(1.2)
        assert app.main.reader.article.body == body
        await press(pilot, "escape")
        await until(pilot, lambda: "Another log." in text(app), "shown")


async def test_an_article_that_is_removed_elsewhere_can_be_read_to_its_end(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "space")
        before = screen(app)[:-3]
        with Library(path) as other:
            other.mark([1], trashed=True)
            other.purge([1])
        await until(pilot, lambda: len(app.main.articles.ids) == 1, "gone from the list")
        assert screen(app)[:-3] == before
        await press(pilot, "j", "G", "h")
        assert app.is_running


async def test_an_open_list_of_highlights_shows_another(path):
    with Library(path) as other:
        other.highlight(Highlight(1, quote=LINES[0], note="the first"))
    async with running(path) as (app, pilot):
        await press(pilot, "H")
        await until(pilot, lambda: "the first" in text(app), "listed")
        with Library(path) as other:
            other.highlight(Highlight(2, quote="Something", note="the second"))
        await until(pilot, lambda: "the second" in text(app), "listed, too")


async def test_an_open_list_of_feeds_shows_another(path):
    async with running(path) as (app, pilot):
        await press(pilot, "F")
        with Library(path) as other:
            other.feeds.subscribe("http://127.0.0.1:9/feed", title="Tidings", by_hand=True)
        await until(pilot, lambda: "Tidings" in text(app), "listed")


async def test_the_open_details_of_an_article_tell_what_others_did_with_it(path):
    async with running(path, size=(80, 40)) as (app, pilot):
        await press(pilot, "i")
        await until(pilot, lambda: "Links out: none" in text(app), "told")
        assert "starred" not in text(app)
        with Library(path) as other:
            other.mark([1], starred=True)
            other.tag([1], add=["fromother"])
        edit(path, "Another log, with [a link](https://away.example/).")
        await until(pilot, lambda: "starred" in text(app) and "fromother" in text(app), "told")
        await until(pilot, lambda: "https://away.example/" in text(app), "its links, too")
        await press(pilot, "escape")
        assert app.screen is app.main


async def test_the_open_statistics_count_what_others_read(path):
    async with running(path) as (app, pilot):
        await press(pilot, "T")
        await until(pilot, lambda: getattr(app.screen, "statistics", None) is not None, "counted")
        before = text(app)
        with Library(path) as other:
            other.mark([1], read=True)
        await until(pilot, lambda: text(app) != before, "counted again")


def looks(app) -> list[bool]:
    """Grows with each look for what others have changed."""
    seen, refresh = [], app.library.refresh

    def refreshed() -> bool:
        seen.append(True)
        return refresh()

    app.library.refresh = refreshed
    return seen


async def test_a_file_that_is_being_written_raises_no_alarm(path):
    edit(path, "As stock TinyDB leaves it.")
    whole = path.read_text()
    async with running(path) as (app, pilot):
        await until(pilot, lambda: "As stock" in app.library.get(1).body, "taken in")
        seen = looks(app)
        path.write_text(whole[:-40])
        await until(pilot, lambda: len(seen) >= 1, "looked at")
        assert app.main.status.notice[0] == ""
        path.write_text(whole.replace("Something else.", "Something new."))
        await until(pilot, lambda: len(seen) >= 3, "looked at")
        assert app.main.status.notice[0] == ""
        assert app.library.get(2).body == "Something new."


async def test_a_file_that_stays_broken_is_told(path):
    edit(path, "As stock TinyDB leaves it.")
    async with running(path) as (app, pilot):
        seen = looks(app)
        path.write_text(path.read_text()[:-40])
        os.utime(path, (1_700_000_000, 1_700_000_000))
        await until(pilot, lambda: len(seen) >= 2, "looked at")
        await until(pilot, lambda: "ends in the middle" in app.main.status.notice[0], "told")
