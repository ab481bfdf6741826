"""The contents of the article being read."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, text, until

from store import Article
from tui.typeset.document import Document
from tui.typeset.outline import headings

LINES = "\n\n".join(f"Line {i}: the boats went out before light." for i in range(12))

BODY = "\n\n".join(
    [f"# One [markup] *here*\n\n{LINES}", f"> ## Quoted\n\n{LINES}", f"- ### Listed\n\n{LINES}",
     f"Under\n=====\n\n{LINES}", f"#### Deep\n\n{LINES}", "```\n# no heading\n```"]
)  # fmt: skip


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    book = "\n\n".join(f"# Chapter {i}\n\n{LINES}" for i in range(900))
    fill(
        path,
        [
            Article(title="Parts", body=BODY, published="2026-11-20"),
            Article(title="Plain", body=LINES, published="2026-11-19"),
            Article(title="Book", body=book, published="2026-11-18"),
        ],
    )
    return path


def box(app) -> list[str]:
    """The lines of the dialog, without its frame."""
    lines = screen(app)
    top = next(y for y, line in enumerate(lines) if "╭" in line)
    bottom = next(y for y, line in enumerate(lines) if "╰" in line)
    return [line.split("│")[1].rstrip() for line in lines[top + 1 : bottom]]


def top(app) -> str:
    reader = app.main.reader
    lines = (reader.render_line(y).text.strip() for y in range(reader.size.height))
    return next(line for line in lines if line.strip("─━ "))


async def test_headings_are_indented_by_level_and_the_current_one_is_lit(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", *["right_square_bracket"] * 3, "c")
        assert box(app)[2:7] == [
            "   One [markup] here",
            "     Quoted",
            " •     Listed",
            "   Under",
            "         Deep",
        ]


async def test_enter_goes_to_the_heading_and_backspace_comes_back(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "j", "j", "c", "j", "j", "enter")
        assert top(app).endswith("Listed")
        await press(pilot, "c", "j", "escape")
        assert top(app).endswith("Listed")
        await press(pilot, "backspace")
        assert app.main.in_reader
        assert not top(app).endswith("Listed")


async def test_typing_narrows_the_headings(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "c", "slash", *"de")
        assert [line.strip() for line in box(app)[4:6]] == ["Under", "Deep"]
        await press(pilot, "down", "enter")
        assert top(app) == "Deep"


async def test_an_article_without_headings_says_so(path):
    async with running(path) as (app, pilot):
        await press(pilot, "j", "enter", "c")
        assert "this article has no headings" in screen(app)[-2]


async def test_a_book_shows_all_its_headings_and_where_one_is(path):
    async with running(path) as (app, pilot):
        await press(pilot, "j", "j", "enter", "G", "c")
        await until(pilot, lambda: "• Chapter 899" in text(app), "all headings found")
        await press(pilot, "g", "enter")
        assert top(app) == "Chapter 0"


def test_headings_are_found_wherever_they_stand_and_nowhere_else():
    found = [h for h in headings(Document(BODY)) if h is not None]
    assert [(h.level, h.text) for h in found] == [
        (1, "One [markup] here"), (2, "Quoted"), (3, "Listed"), (1, "Under"), (4, "Deep"),
    ]  # fmt: skip


async def test_every_heading_is_come_to_one_after_the_other_also_where_they_stand_close(tmp_path):
    path = tmp_path / "library.json"
    close = "- # Alpha\n- # Beta\n- ## Gamma\n\n> # Delta\n> ## Epsilon"
    fill(path, [Article(title="Close", body=f"{LINES}\n\n{close}\n\n{LINES}\n\n{LINES}")])
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        seen = []
        for _ in range(5):
            await press(pilot, "right_square_bracket")
            reader = app.main.reader
            place = reader.reading_place()
            seen.append(reader.document.plain(place.block)[place.offset :].split("\n")[0])
        assert seen == ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"]
        for name in reversed(seen[:-1]):
            await press(pilot, "left_square_bracket")
            place = reader.reading_place()
            assert reader.document.plain(place.block)[place.offset :].split("\n")[0] == name
