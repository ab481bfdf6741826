"""Facets beside the hits, the timeline above them, and counts that come later."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, settle, text, until

from store import Article, Library
from tui.screens import searching
from tui.widgets.glyphs import ASCII, UNICODE
from tui.widgets.timeline import bars, ends

BROAD = (160, 40)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(searching, "IDLE", 0)


@pytest.fixture
def path(tmp_path):
    fill(tmp_path / "library.json")
    return tmp_path / "library.json"


def column(app):
    """The lines of the facets, as they are on the screen."""
    region = app.main.search.facets.region
    lines = screen(app)[region.y : region.bottom]
    return [line[region.x : region.right - 1].rstrip() for line in lines]


def value(app, name):
    """The line of a value: its sign, name and count."""
    return next(line.split() for line in column(app) if name in line)


async def test_facets_of_the_result_stand_beside_the_hits(path):
    async with running(path, size=BROAD) as (app, pilot):
        await press(pilot, "slash", *"ferry")
        lines = column(app)
        assert [line.strip() for line in lines if line.strip() in ("Tags", "Authors", "Sites")]
        assert value(app, "harbour") == ["harbour", "1"]
        assert value(app, "Ada Reyes") == ["Ada", "Reyes", "1"]
        assert "The ferry that waited" in text(app)
        await press(pilot, *["backspace"] * 5)
        assert value(app, "harbour") == ["harbour", "2"]  # of all, where nothing is asked for


async def test_choosing_a_facet_changes_the_text_and_choosing_it_again_takes_it_back(path):
    async with running(path, size=BROAD) as (app, pilot):
        await press(pilot, "slash", *"quay", "tab", "tab")
        assert app.main.search.facets.has_focus
        count = len(app.main.search.hits.ids)
        await press(pilot, "enter")
        assert app.main.search.text == "tag:harbour quay"
        assert value(app, "harbour") == ["✓", "harbour", "2"]
        assert app.main.search.hits.row_count == 2 < count
        assert app.main.search.facets.has_focus
        await press(pilot, "enter")
        assert app.main.search.text == "quay"
        assert app.main.search.hits.row_count == count


async def test_the_cursor_goes_from_value_to_value_past_the_headings(path):
    async with running(path, size=BROAD) as (app, pilot):
        await press(pilot, "slash", *"quay", "tab", "tab")
        facets = app.main.search.facets
        seen = [facets.current]
        for _ in range(30):
            await press(pilot, "j")
            if facets.current == seen[-1]:
                break
            seen.append(facets.current)
        assert None not in seen
        assert {field for field, _ in seen} == {"tag", "author", "site", "published"}
        await press(pilot, "g")
        assert facets.current == seen[0]
        assert facets.top == 0


async def test_a_click_chooses_what_is_under_the_cursor(path):
    async with running(path, size=BROAD) as (app, pilot):
        await press(pilot, "slash", *"quay")
        y = next(i for i, line in enumerate(column(app)) if "Mei Sato" in line)
        facets = app.main.search.facets
        await pilot.click(facets, offset=(4, y))
        await settle(pilot)
        await pilot.click(facets, offset=(4, y))
        await settle(pilot)
        assert 'author:"Mei Sato"' in app.main.search.text


async def test_a_narrow_terminal_shows_facets_in_the_place_of_the_hits(path):
    async with running(path, size=(80, 24)) as (app, pilot):
        await press(pilot, "slash", *"quay", "escape")
        assert "Authors" not in text(app)
        await press(pilot, "F")
        assert app.main.search.facets.has_focus
        assert value(app, "harbour") == ["harbour", "2"]
        await press(pilot, "enter")
        assert app.main.search.text == "tag:harbour quay"
        assert app.main.search.hits.has_focus
        assert "Authors" not in text(app)
        await press(pilot, "F", "escape")
        assert app.main.search.hits.has_focus
        assert app.main.is_searching


async def test_markup_in_values_is_shown_and_not_obeyed(tmp_path):
    odd = "[red]Ada[/red] \x1b[31mReyes"
    fill(tmp_path / "library.json", [Article(title="One", author=odd, body="A quay.")])
    async with running(tmp_path / "library.json", size=BROAD) as (app, pilot):
        await press(pilot, "slash", *"quay")
        assert any("[red]Ada[/red]" in line for line in column(app))


async def test_facets_of_an_older_search_are_never_shown(path, monkeypatch):
    async with running(path, size=BROAD) as (app, pilot):
        facets, asked = app.library.facets, []

        def slow(query="", **options):
            if query == "quay":
                asked.append(query)
                while not options["cancelled"]():
                    pass
            return facets(query, **options)

        monkeypatch.setattr(app.library, "facets", slow)
        for key in ("slash", *"quay"):
            await pilot.press(key)
        while not asked:
            await pilot.pause()
        shown = app.main.search.facets._facets
        await press(pilot, "s")
        assert asked == ["quay"]
        assert app.main.search.facets._facets is not shown


async def test_the_number_of_hits_becomes_exact_when_keys_rest(path, monkeypatch):
    async with running(path) as (app, pilot):
        find = app.library.find

        def vague(query="", *, everything=False, **options):
            found = find(query, everything=everything, **options)
            if query == "quay" and not everything:
                found.count, found.exact = 1, False
            return found

        monkeypatch.setattr(app.library, "find", vague)
        await press(pilot, "slash", *"quay")
        assert screen(app)[0].endswith("10 of 10")


async def test_what_is_added_meanwhile_is_found_and_the_cursor_stays_on_its_hit(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"quay", "down", "down")
        hits = app.main.search.hits
        id = hits.current_id
        with Library(path) as other:
            other.add([Article(title="Quay quay quay", body="quay", published="2026-11-22")])
        await until(pilot, lambda: hits.row_count == 11, "found")
        assert hits.current_id == id
        await press(pilot, "s")
        assert hits.cursor == 0


def test_bars_show_the_months_and_the_years_at_their_ends():
    months = [("2019-11", 1), ("2019-12", 0), ("2020-01", 8), ("2020-02", 4)]
    assert bars(months, 4, UNICODE.bars) == "▁ █▄"
    assert bars(months, 30, UNICODE.bars) == "▁▁▁   ███▄▄▄"
    assert bars(months, 2, UNICODE.bars) == "▁█"
    assert bars(months, 4, ASCII.bars) == ". #="
    assert bars(months, 4, ASCII.bars).isascii()
    assert bars([], 10, UNICODE.bars) == ""
    assert ends(months) == ("2019", "2020")
    assert ends(months[:2]) == ("2019-11", "2019-12")
    assert ends(months[:1]) == ("2019-11", "")
    assert ends([]) == ("", "")


@pytest.mark.parametrize("width", range(1, 40))
def test_bars_never_take_more_than_their_room(width):
    months = [(f"{2000 + i // 12}-{i % 12 + 1:02}", i % 7) for i in range(131)]
    drawn = bars(months, width, UNICODE.bars)
    assert 0 < len(drawn) <= width
    assert any(bar != " " for bar in drawn)
