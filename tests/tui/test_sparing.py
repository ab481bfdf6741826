"""Over a link little changes with each key: the bar is short, and nothing has to be mended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from app_harness import NOW, articles, fill, press, settle, until

from store import Library
from tui.app import BroadsheetApp
from tui.config import Config
from tui.terminal.profile import Link
from tui.widgets.article_line import GUTTER, columns


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("COLORTERM", "truecolor")
    path = tmp_path / "library.json"
    fill(
        path,
        [
            replace(a, id=0, title=f"{a.title} {n}", url=f"{a.url}-{n}")
            for n in range(8)
            for a in articles()
        ],
    )
    return path


def lit_cells(view, y, width=79):
    """The cells of a line that are drawn otherwise than in a row without the cursor."""
    spread = [style for text, style, _ in view.line(y, width) for _ in text]
    plain = {style.bgcolor for _, style, _ in view.line(y + 2, width)}
    return [x for x, style in enumerate(spread) if style.bgcolor not in plain]


async def shown(path, link, check, theme="dark"):
    with Library(path) as library:
        app = BroadsheetApp(library, Config(link=link, theme=theme), clock=lambda: NOW)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await check(app, pilot)
        app.stop_lanes()


@pytest.mark.parametrize(("link", "short"), [("local", False), ("ssh", True), ("slow", True)])
async def test_the_bar_lies_on_the_title_alone_over_a_link(path, link, short):
    async def check(app, pilot):
        lit = lit_cells(app.main.articles, 0)
        end = GUTTER + columns(79).title
        assert lit == (list(range(GUTTER, end)) if short else list(range(79)))

    await shown(path, link, check)


async def test_over_a_link_no_thumb_moves_and_the_cursor_goes_to_the_edge(path):
    async def check(app, pilot):
        view = app.main.articles
        await press(pilot, *("j",) * (view.rows_a_page - 1))
        assert view.top == 0
        assert view.cursor == view.rows_a_page - 1
        bars = [app.main.articles, (await app.main.search_mounted()).hits, app.main.reader]
        await settle(pilot)
        assert {bar.vertical_scrollbar.renderer.GLYPH for bar in bars} == {" "}

    await shown(path, "ssh", check)


async def test_a_link_that_turns_out_to_be_slow_is_spared_from_then_on(path):
    async def check(app, pilot):
        assert len(lit_cells(app.main.articles, 0)) == 79
        app.round_trip_measured(0.4)
        await settle(pilot)
        assert app.link is Link.SLOW
        assert app.main.articles.sparing
        assert app.main.articles.vertical_scrollbar.renderer.GLYPH == " "
        assert app.theme == app.first_theme == "broadsheet-terminal"  # sixteen colours, unasked

    await shown(path, "auto", check, theme="auto")


async def test_a_theme_that_was_chosen_stays_on_a_slow_link(path):
    async def check(app, pilot):
        app.round_trip_measured(0.4)
        await settle(pilot)
        assert app.theme == "broadsheet-mist"

    await shown(path, "auto", check, theme="mist")


@pytest.mark.parametrize(("link", "shown_each"), [("ssh", True), ("slow", False)])
async def test_previews_wait_until_the_keys_rest_on_a_slow_link_alone(path, link, shown_each):
    with Library(path) as library:
        app = BroadsheetApp(library, Config(link=link), clock=lambda: NOW)
        async with app.run_test(size=(120, 30)) as pilot:
            await settle(pilot)
            reading, reader = app.main.reading, app.main.reader
            assert (reading.preview_delay > 0) is not shown_each
            if not shown_each:
                reading.preview_delay = 1.0  # this machine may be slow, too
            seen = []
            shows = reader.show
            reader.show = lambda *args, **named: (seen.append(app.main.articles.cursor),
                                                  shows(*args, **named))  # fmt: skip
            for place in range(1, 5):
                await pilot.press("j")
                if shown_each:
                    await settle(pilot)
                    assert seen[-1] == place
            await until(pilot, lambda: seen and seen[-1] == 4, "previewed where the keys rest")
            assert seen == ([1, 2, 3, 4] if shown_each else [4])
        app.stop_lanes()
