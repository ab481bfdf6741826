"""Back and forward: in an article, and from article to article."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, text, until

from store import Article
from tui.screens.jumplist import MOST, JumpList
from tui.widgets.reader_messages import Spot


def chapters(count: int = 12) -> str:
    return "\n\n".join(
        f"## Chapter {n}\n\n"
        + "\n\n".join(
            f"Line {n}.{i}: the boats went out before light and came back before rain."
            for i in range(8)
        )
        for n in range(count)
    )


@pytest.fixture
def path(tmp_path):
    """A long article with headings, and a second one."""
    path = tmp_path / "library.json"
    fill(
        path,
        [
            Article(title="First", body=chapters(), published="2026-11-20"),
            Article(title="Second", body=chapters(), published="2026-11-19"),
            Article(title="Third", body=chapters(), published="2026-11-18"),
        ],
    )
    return path


def top(app) -> str:
    """The first line of the text on screen."""
    reader = app.main.reader
    lines = (reader.render_line(y).text.strip() for y in range(reader.size.height))
    return next(line for line in lines if line.strip("─ "))


def title(app) -> str:
    return app.main.reader.article.title


async def test_back_goes_where_the_jump_began_and_forward_where_it_led(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "j", "j", "j")
        before = top(app)
        await press(pilot, "G")
        end = top(app)
        await press(pilot, "backspace")
        assert top(app) == before
        await press(pilot, "L")
        assert top(app) == end
        await press(pilot, "ctrl+o")
        assert top(app) == before


async def test_without_a_jump_backspace_goes_to_the_list_and_scrolling_is_no_jump(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "space", "d", "j", "right_curly_bracket")
        await press(pilot, "backspace")
        assert not app.main.in_reader


async def test_headings_gone_through_one_after_the_other_are_one_jump(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", *["right_square_bracket"] * 3)
        assert top(app) == "Chapter 2"
        await press(pilot, "backspace")
        assert top(app) == "First"
        await press(pilot, "backspace")
        assert not app.main.in_reader


async def test_a_move_between_two_jumps_makes_them_two(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "right_square_bracket", "right_square_bracket", "j", "j")
        between = top(app)
        await press(pilot, "right_square_bracket", "backspace")
        assert top(app) == between
        await press(pilot, "backspace")
        assert top(app) == "First"


async def test_the_next_article_is_come_back_from_to_the_line(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "space", "J", "d", "J")
        assert title(app) == "Third"
        await press(pilot, "backspace")
        assert title(app) == "Second"
        await press(pilot, "backspace")
        assert title(app) == "First"
        assert "Line 1." in top(app) or "Line 0." in top(app)
        assert app.main.articles.cursor == 0
        await press(pilot, "backspace")
        assert not app.main.in_reader


async def test_backspace_stops_at_the_article_that_was_opened_from_the_list(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "G", "escape", "j", "enter", "G")
        await press(pilot, "backspace")
        assert title(app) == "Second"
        assert app.main.in_reader
        await press(pilot, "backspace")
        assert not app.main.in_reader
        await press(pilot, "enter", "ctrl+o")  # which goes further
        assert title(app) == "First"


async def test_found_text_is_come_back_from(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "j", "j")
        before = top(app)
        await press(pilot, "slash", *"9.3", "enter")
        assert before not in text(app)
        await press(pilot, "backspace")
        assert top(app) == before


async def test_a_place_survives_another_width(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", *["right_square_bracket"] * 4)
        await press(pilot, "G", "minus", "minus")
        await pilot.resize_terminal(50, 16)
        await press(pilot, "backspace")
        assert top(app) == "Chapter 3"


async def test_without_places_it_is_said(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "ctrl+o")
        assert "no earlier place" in screen(app)[-2]
        await press(pilot, "L")
        assert "no later place" in screen(app)[-2]


async def test_an_article_that_is_gone_is_reported_and_the_reader_stays_usable(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "J")
        app.library.purge([1])
        await press(pilot, "backspace")
        await until(pilot, lambda: "no article 1" in screen(app)[-2], "reported")


# The list of places


def spots(*numbers: int) -> list[Spot]:
    return [Spot(1, number) for number in numbers]


def test_a_place_is_not_gone_back_to_twice():
    jumps = JumpList()
    for spot in spots(10, 20, 10, 30):
        jumps.push(spot)
    here = Spot(1, 40)
    seen = []
    while (spot := jumps.back(here)) is not None:
        seen.append(spot.position)
        here = spot
    assert seen == [30, 10, 20]


def test_a_new_jump_gives_up_what_was_ahead():
    jumps = JumpList()
    jumps.push(Spot(1, 10))
    assert jumps.back(Spot(1, 20)) == Spot(1, 10)
    jumps.push(Spot(1, 10))
    assert jumps.forward(Spot(1, 30)) is None
    assert jumps.back(Spot(1, 30)) == Spot(1, 10)


def test_coming_forward_is_to_where_one_left():
    jumps = JumpList()
    jumps.push(Spot(1, 10))
    jumps.push(Spot(1, 20))
    assert jumps.back(Spot(1, 30)) == Spot(1, 20)
    assert jumps.back(Spot(1, 25)) == Spot(1, 10)  # scrolled on a little
    assert jumps.forward(Spot(1, 10)) == Spot(1, 25)
    assert jumps.forward(Spot(1, 25)) == Spot(1, 30)


def test_the_list_is_bounded():
    jumps = JumpList()
    for number in range(3 * MOST):
        jumps.push(Spot(1, number))
    assert len(jumps) == MOST
