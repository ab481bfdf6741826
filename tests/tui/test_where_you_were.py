"""The place in an article is not lost: restarts, other widths, edits above it."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, settle, until
from test_jumping import chapters, top

from store import Article, Library

URL = "https://quay.example/long"


def article(body: str) -> Article:
    return Article(title="Long", body=body, url=URL, published="2026-11-20")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    fill(path, [article(chapters()), Article(title="Other", body="Text.", published="2026-11-19")])
    return path


async def left_at_chapter_six(path) -> None:
    async with running(path) as (app, pilot):
        await press(pilot, "enter", *["right_square_bracket"] * 7)
        assert top(app) == "Chapter 6"


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40), (200, 50)])
async def test_an_article_opens_where_it_was_left_at_any_size(path, size):
    await left_at_chapter_six(path)
    async with running(path, size=size) as (app, pilot):
        await press(pilot, "enter")
        assert top(app) == "Chapter 6"


async def test_the_sentence_at_the_top_stays_through_widths_and_sizes(path):
    await left_at_chapter_six(path)
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "minus", "minus", "z", "z", "plus", "equals_sign")
        for size in ((40, 12), (200, 50), (64, 18), (80, 24)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            assert top(app) == "Chapter 6"


@pytest.mark.parametrize(
    "edit",
    [
        lambda body: "A paragraph more.\n\n" * 40 + body,
        lambda body: body[body.index("## Chapter 3") :] + "\n\nMore below." * 400,
        lambda body: body.replace("## Chapter 2", "## A new name\n\nWith *text* under it."),
    ],
    ids=["more above", "less above", "another above"],
)
async def test_an_article_that_was_imported_anew_opens_at_the_same_words(path, edit):
    await left_at_chapter_six(path)
    with Library(path) as library:
        report = library.add([article(edit(chapters()))])
        assert report.merged == [1]
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        assert top(app) == "Chapter 6"


async def test_how_far_one_read_stands_in_the_list_and_in_the_status_line(path):
    async with running(path, size=(120, 30)) as (app, pilot):
        await press(pilot, "enter", "space", "space", "space", "space")
        await until(pilot, lambda: 0.2 < app.main.reading.progress < 1, "at rest")
        progress = app.main.reading.progress
        assert screen(app)[-2].rstrip().endswith(f"{progress:.0%}")
        await press(pilot, "escape")
        assert app.library.rows([1])[0].progress == pytest.approx(progress, abs=0.01)
        row = next(line for line in screen(app) if "Long" in line)
        assert row.split()[0] in "◔◑◕"


async def test_a_jump_back_after_a_new_import_finds_the_words(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", *["right_square_bracket"] * 7, "J")
        app.library.add([article("A paragraph more.\n\n" * 40 + chapters())])
        await press(pilot, "backspace")
        assert top(app) == "Chapter 6"
