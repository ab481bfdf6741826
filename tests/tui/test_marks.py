"""Marks with a letter in the reader, and the mark before the last jump."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen
from test_jumping import chapters, title, top

from store import Article, Library


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    fill(
        path,
        [
            Article(
                title="First", body=chapters(), published="2026-11-20", url="https://a.example"
            ),
            Article(title="Second", body=chapters(), published="2026-11-19"),
        ],
    )
    return path


def status(app) -> str:
    return screen(app)[-2]


async def test_a_mark_is_gone_to_and_come_back_from(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "space", "m")
        assert "mark this place" in status(app)
        marked = top(app)
        await press(pilot, "a")
        assert "marked: 'a" in status(app)
        await press(pilot, "G")
        end = top(app)
        await press(pilot, "apostrophe", "a")
        assert top(app) == marked
        await press(pilot, "backspace")
        assert top(app) == end


async def test_a_capital_leads_to_its_article_from_any_other(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "space", "m", "A")
        marked = top(app)
        await press(pilot, "escape", "j", "enter", "apostrophe", "A")
        assert title(app) == "First"
        assert top(app) == marked
        await press(pilot, "backspace")
        assert title(app) == "Second"


async def test_the_number_in_the_list_is_that_of_the_article_on_show_or_there_is_none(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "m", "A", "J")
        assert status(app).strip().startswith("All  2/2 ")
        await press(pilot, "apostrophe", "A")
        assert title(app) == "First"
        assert status(app).strip().startswith("All  ")
        assert "/2" not in status(app)
        await press(pilot, "backspace")
        assert status(app).strip().startswith("All  2/2 ")
        await press(pilot, "K")
        assert status(app).strip().startswith("All  1/2 ")


async def test_marks_survive_a_restart_another_width_and_edits_above(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", *["right_square_bracket"] * 4, "m", "c")
    with Library(path) as library:
        body = "New words above.\n\n" * 30 + chapters()
        library.add([Article(title="First", body=body, published="2026-11-20",
                             url="https://a.example")])  # fmt: skip
    async with running(path, size=(50, 18)) as (app, pilot):
        await press(pilot, "enter", "g", "apostrophe", "c")
        assert top(app) == "Chapter 3"


async def test_marks_there_are_and_are_not_are_told(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "apostrophe", "x")
        assert "no mark x; m and a letter marks a place" in status(app)
        await press(pilot, "m", "b", "m", "B", "apostrophe", "question_mark")
        assert "in this article: b; in the library: B" in status(app)
        await press(pilot, "m", "1")
        assert "a to z" in status(app)
        await press(pilot, "m", "escape", "j")
        assert app.main.in_reader


async def test_two_apostrophes_go_to_and_fro(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "j", "j")
        before = top(app)
        await press(pilot, "G")
        end = top(app)
        await press(pilot, "apostrophe", "apostrophe")
        assert top(app) == before
        await press(pilot, "apostrophe", "apostrophe")
        assert top(app) == end
