"""What the config sets, as it is seen in the app."""

from __future__ import annotations

import pytest
from app_harness import TITLES, fill, press, running, screen, text

from tui.config import Config


@pytest.fixture
def path(tmp_path):
    fill(tmp_path / "library.json")
    return tmp_path / "library.json"


@pytest.mark.parametrize(
    ("dates", "shown"),
    [("relative", "2 days"), ("plain", "20 Nov 2026"), ("iso", "2026-11-20")],
)
async def test_dates_are_written_as_the_config_says_in_list_and_hits(path, dates, shown):
    async with running(path, size=(90, 24), config=Config(dates=dates)) as (app, pilot):
        assert shown in screen(app)[0]
        await press(pilot, "slash", *"ferry")
        assert shown in text(app)


async def test_a_view_opens_in_its_own_order_and_the_others_in_that_chosen(path):
    config = Config(sort={"all": "title", "Unread": "-title"})
    async with running(path, config=config) as (app, pilot):
        library = app.library

        def titles():
            return [library.get(id).title for id in app.main.articles.ids]

        assert titles() == sorted(TITLES, key=str.casefold)
        assert app.main.articles.cursor == 0
        await press(pilot, "f", "j", "enter")
        assert app.main.listing.view.name == "Unread"
        assert app.main.listing.sort == "-title"
        await press(pilot, "f", "g", "enter")
        assert app.main.listing.sort == "title"


@pytest.mark.parametrize(
    ("layout", "size", "both"),
    [
        ("auto", (120, 30), True), ("auto", (80, 30), False), ("single", (160, 50), False),
        ("stacked", (80, 30), True), ("stacked", (160, 50), True), ("stacked", (80, 16), False),
    ],
)  # fmt: skip
async def test_list_and_reader_share_the_terminal_as_the_config_says(path, layout, size, both):
    async with running(path, size=size, config=Config(layout=layout)) as (app, pilot):
        main = app.main
        assert main.articles.region.area > 0
        assert (main.reader.region.area > 0) == both
        await press(pilot, "enter")
        assert main.reader.region.area > 0
        assert (main.articles.region.area > 0) == both
        if both:
            beside = main.reader.region.x > 0
            assert beside == (layout == "auto")
            assert "Paragraph 1 on the ferry" in text(app)


@pytest.mark.parametrize("share", [25, 60])
async def test_the_list_takes_its_share(path, share):
    for layout in ("auto", "stacked"):
        config = Config(list_share=share, layout=layout)
        async with running(path, size=(200, 40), config=config) as (app, _):
            index = app.main.query_one("#index")
            panes = app.main.query_one("#panes")
            taken = index.size.width / panes.size.width
            if layout == "stacked":
                taken = index.outer_size.height / panes.size.height
            assert taken == pytest.approx(share / 100, abs=0.03)
