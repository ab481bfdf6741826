"""Statistics on the screen and in the shell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from app_harness import articles, fill, press, running, screen, text, until
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from store import Article, State, Statistics
from store.statistics import Share, Week
from tui.screens.statistics import StatisticsDialog
from tui.widgets.statistics_lines import statistics_lines

STATS = Statistics(
    articles=120, read=40, words_read=81_000, undated=3, unread=70, words_unread=140_000,
    weeks=tuple(Week(date(2026, 6, 1) + timedelta(weeks=n), n, n * 1000) for n in range(26)),
    tags=(Share("history", 12, 24_000), Share("港 [bold]", 1, 10)),
    sites=(Share("quay.example", 30, 60_000),), pace=7_000.0, streak=5, longest=21,
)  # fmt: skip


def plain(stats, width, **options):
    return [
        "".join(p.text for p in line).rstrip() for line in statistics_lines(stats, width, **options)
    ]


def test_the_figures_are_said_in_sentences():
    told = "\n".join(plain(STATS, 200))
    assert "Read: 40 articles of 120, 81,000 words, about 6 hours" in told
    assert "Streak: 5 days in a row, 21 days at the longest." in told
    assert "Unread: 70 articles, 140,000 words: 20 weeks of reading at 7,000 words a week" in told
    assert "3 articles came as read from elsewhere" in told


def test_bars_are_as_long_as_the_words_and_the_least_is_seen():
    lines = plain(STATS, 80)
    (history,) = (line for line in lines if line.startswith("history"))
    (harbour,) = (line for line in lines if line.startswith("港"))
    assert history.count("█") > 30
    assert "▏" in harbour and "█" not in harbour


def test_bars_can_be_of_ascii_and_left_out():
    assert all(line.isascii() for line in plain(STATS, 80, blocks=False) if "港" not in line)
    assert any("###" in line for line in plain(STATS, 80, blocks=False))
    assert not any(c in "".join(plain(STATS, 80, bars=False)) for c in "█#")


@pytest.mark.parametrize("bars", [True, False])
def test_the_headings_of_the_columns_stand_over_their_numbers(bars):
    lines = plain(STATS, 80, bars=bars)
    heads = [at for at, line in enumerate(lines) if line.endswith("words")]
    assert len(heads) == 3
    for at in heads:
        articles = lines[at].index("articles") + len("articles")
        ends = cell_len(lines[at]), articles
        number, words = lines[at + 1].rsplit(None, 1)
        assert (cell_len(lines[at + 1]), cell_len(number)) == ends, words


@given(st.integers(20, 220), st.booleans(), st.booleans())
def test_no_line_is_wider_than_there_is_room(width, blocks, bars):
    for line in plain(STATS, width, blocks=blocks, bars=bars):
        assert cell_len(line) <= max(width, 28)


def test_of_nothing_there_is_nothing_to_draw():
    assert plain(Statistics(), 80) == ["There are no articles here.", ""]
    assert "nothing was read in the last 8 weeks" in plain(Statistics(2, unread=2), 200)[1]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    now = datetime.now(UTC).isoformat(timespec="seconds")
    fill(path, [*articles(), Article(title="Read", body="a b c", tags=("sea",), site="s.example",
                                     state=State(read=True, read_at=now))])  # fmt: skip
    return path


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (200, 50)])
async def test_the_screen_shows_them_at_any_size(path, size):
    async with running(path, size=size) as (app, pilot):
        await press(pilot, "T")
        await until(pilot, lambda: app.screen.statistics is not None, "counted")
        assert "Read: 1 article of 11" in text(app)
        await press(pilot, "G")
        assert "s.example" in text(app)
        assert all(cell_len(line) <= size[0] for line in screen(app))
        await press(pilot, "q")
        assert app.screen is app.main


async def test_of_a_tag_that_is_listed_they_are_those_of_the_tag(path):
    async with running(path) as (app, pilot):
        (view,) = (view for view in app.library.all_views() if view.name == "#sea")
        app.main.listing.show(view)
        await press(pilot, "T")
        await until(pilot, lambda: isinstance(app.screen, StatisticsDialog), "open")
        await until(pilot, lambda: app.screen.statistics is not None, "counted")
        assert "Statistics: #sea" in text(app)
        assert app.screen.statistics.articles == 1
