"""Completing the query: the list over the hits, and the keys that take from it or leave it be."""

from __future__ import annotations

import pytest
from app_harness import TITLES, fill, press, running, screen, settle, text

from store import Article


@pytest.fixture
def path(tmp_path):
    fill(tmp_path / "library.json")
    return tmp_path / "library.json"


def popup(app):
    """The lines of the completions shown."""
    shown = app.main.search._popup
    if not shown.display:
        return []
    region = shown.region
    lines = screen(app)[region.y : region.bottom]
    return [line.ljust(region.right)[region.x : region.right].strip() for line in lines]


async def test_a_field_is_completed_and_then_its_value(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"au")
        assert popup(app)[0].startswith("author:  ")
        assert popup(app)[0].endswith("tab")
        await press(pilot, "tab")
        assert app.main.search.text == "author:"
        assert [line.split()[:2] for line in popup(app)] == [
            ["Ada", "Reyes"], ["Jonas", "Holm"], ["Mei", "Sato"],
        ]  # fmt: skip
        await press(pilot, *"ho", "tab")
        assert app.main.search.text == 'author:"Jonas Holm" '
        assert popup(app) == []
        await press(pilot, *"quay")
        assert app.main.search.text == 'author:"Jonas Holm" quay'
        assert app.main.search.hits.row_count == 3


async def test_the_list_stands_under_the_term_it_completes(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"boats tag:")
        lines = screen(app)
        assert lines[1].index("harbour") == lines[0].index("tag:") + len("tag:")


async def test_enter_opens_the_first_hit_as_long_as_no_candidate_is_selected(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"author:ho")
        assert popup(app)
        await press(pilot, "enter")
        assert app.main.in_reader
        assert app.main.reader.article.title == TITLES[1]


async def test_enter_takes_the_candidate_that_was_selected(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"tag:", "ctrl+n", "down", "enter")
        assert not app.main.in_reader
        assert app.main.search.text == "tag:clocks "
        await press(pilot, "enter")
        assert app.main.reader.article.title == TITLES[3]


async def test_arrows_move_among_the_hits_until_the_list_is_entered(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"author:ho", "down")
        hits = app.main.search.hits
        assert hits.cursor == 1
        await press(pilot, "ctrl+n", "down", "up")
        assert hits.cursor == 1
        await press(pilot, "up")
        assert hits.cursor == 0
        assert app.main.search.input.has_focus


async def test_escape_puts_the_list_away_first(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"author:h", "escape")
        assert popup(app) == []
        assert app.main.search.input.has_focus
        await press(pilot, "o")
        assert popup(app)
        await press(pilot, "escape", "escape")
        assert app.main.search.hits.has_focus


async def test_tab_goes_to_the_hits_where_there_is_nothing_to_complete(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"boats", "tab")
        assert app.main.search.hits.has_focus


async def test_plain_words_offer_the_name_of_a_field_at_most(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash")
        offered = {}
        for key in "boats ferry":
            await press(pilot, key)
            offered[app.main.search.text] = len(popup(app))
        assert {text: number for text, number in offered.items() if number} == {
            "bo": 1,  # body:
            "boats fe": 1,  # feed:
        }


async def test_tab_pressed_before_the_candidates_are_there_waits_for_them(path):
    async with running(path) as (app, pilot):
        await pilot.press("slash", "t", "a", "g", "tab")
        await settle(pilot)
        assert app.main.search.text == "tag:"
        assert app.main.search.input.has_focus


async def test_completions_of_an_older_text_are_not_shown(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"tag:har")
        pane = app.main.search
        stale = app.library.complete("tag:", 4)
        pane.show_completions(stale, "tag:", 4)
        await settle(pilot)
        assert len(popup(app)) == 1
        await pilot.press("b")  # its answer is awaited while that to an older text arrives
        pane.show_completions(stale, "tag:", 4)
        await settle(pilot)
        assert len(popup(app)) == 1


async def test_the_cursor_moved_into_another_term_completes_that(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"tag:har ferry", *["left"] * 6)
        assert popup(app)[0].startswith("harbour")
        await press(pilot, "tab")
        assert app.main.search.text == "tag:harbour ferry"
        assert app.main.search.input.cursor_position == len("tag:harbour ")


async def test_a_click_takes_a_candidate(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"tag:")
        await pilot.click(app.main.search._popup, offset=(3, 1))
        await settle(pilot)
        assert app.main.search.text == "tag:clocks "
        assert app.main.search.input.has_focus


async def test_candidates_are_shown_literally_and_fit_the_smallest_terminal(tmp_path):
    odd = [Article(title="One", author="[bold]Ada[/bold] \x1b[1m" + "Longname " * 9)]
    fill(tmp_path / "library.json", odd)
    async with running(tmp_path / "library.json", size=(40, 10)) as (app, pilot):
        await press(pilot, "slash", *"author:")
        assert popup(app)[0].startswith("[bold]Ada[/bold]")
        assert popup(app)[0].endswith("tab")
        assert all(len(line) <= 40 for line in text(app).splitlines())
