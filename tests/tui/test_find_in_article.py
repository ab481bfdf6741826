"""Finding in the article being read, through the whole app."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, settle, text, until

from store import Article

SENTENCE = "Line {} of the log says that the boats went out before light and came back before rain."


def log(lines: int = 60, **special: str) -> str:
    """Paragraphs of which no two are alike; `special` gives the text of some, as `_7="…"`."""
    return "\n\n".join(special.get(f"_{i}", SENTENCE.format(i)) for i in range(lines))


def library(tmp_path, *bodies: str, **fields):
    path = tmp_path / "library.json"
    records = [
        Article(title=f"Log {i}", body=body, published=f"2026-11-{20 - i:02}", **fields)
        for i, body in enumerate(bodies)
    ]
    fill(path, records)
    return path


@pytest.fixture
def path(tmp_path):
    """One article with three matches of "needle", below the first screen."""
    needles = {f"_{i}": f"Here is a needle, the one of {i}." for i in (20, 30, 40)}
    return library(tmp_path, log(**needles), log(_3="A needle in the other log."))


def bar(app) -> str:
    """The line of the find bar."""
    return next(line for line in screen(app) if "find " in line and "│" not in line).strip()


def status(app) -> str:
    return screen(app)[-2].strip()


def picture(app) -> list[str]:
    """The text on screen; how far one has read is told later, once it rests."""
    reader = app.main.reader
    return [reader.render_line(y).text for y in range(reader.size.height)]


def lit(app) -> str:
    """The text of the current match."""
    reader = app.main.reader
    block, start = reader.current_match
    end = next(b for a, b in reader.matches.inside(block) if a == start)
    return reader.document.plain(block)[start:end]


async def find(pilot, pattern: str) -> None:
    await press(pilot, "slash")
    await type_in(pilot, pattern)


async def type_in(pilot, pattern: str) -> None:
    names = {" ": "space", "/": "slash", "(": "left_parenthesis", ")": "right_parenthesis"}
    names |= {"|": "vertical_line", "+": "plus", "$": "dollar_sign", "[": "left_square_bracket"}
    await press(pilot, *(names.get(character, character) for character in pattern))


# Typing


async def test_the_first_match_from_where_one_is_is_shown_and_counted_while_typing(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await find(pilot, "need")
        await until(pilot, lambda: bar(app).endswith("1 of 3"), "counted")
        assert "the one of 20" in text(app)
        await type_in(pilot, "le, the one of 4")
        await until(pilot, lambda: bar(app).endswith("1 of 1"), "counted")
        assert "the one of 40" in text(app)


async def test_going_on_from_the_top_is_said(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "G")
        await find(pilot, "needle")
        await until(pilot, lambda: bar(app).endswith("1 of 3 from the top"), "wrapped")


async def test_with_fewer_letters_one_is_back_where_the_longer_text_was_not_found(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "space", "slash")
        before = picture(app)
        await type_in(pilot, "needlex")
        await until(pilot, lambda: bar(app).endswith("no match"), "counted")
        assert picture(app) == before
        await press(pilot, "backspace")
        await until(pilot, lambda: bar(app).endswith("1 of 3"), "counted")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
async def test_escape_goes_back_to_exactly_where_one_was(path, size):
    async with running(path, size=size) as (app, pilot):
        await press(pilot, "enter", "space", "j")
        before = picture(app)
        await find(pilot, "needle")
        assert picture(app) != before
        await press(pilot, "escape")
        assert picture(app) == before
        assert app.main.reader.matches is None
        assert app.main.reader.has_focus


async def test_a_capital_makes_case_matter(tmp_path):
    path = library(tmp_path, "The Keeper and the keeper of the café.")
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await find(pilot, "keeper")
        await until(pilot, lambda: bar(app).endswith("1 of 2"), "counted")
        await press(pilot, "ctrl+u")
        await type_in(pilot, "Keeper")
        await until(pilot, lambda: bar(app).endswith("1 of 1"), "counted")
        await press(pilot, "ctrl+u")
        await type_in(pilot, "cafe")
        await until(pilot, lambda: bar(app).endswith("1 of 1"), "counted")


PAGE = """
A *carrier* strike, a [carrier
strike](https://quay.example/a), and a **car**rier
strike that goes on and on until the line is wrapped somewhere.[^1]

- in a list
- of two

| ship | port |
|------|------|
| ferry | the northern harbour |

```python
answer = 'in code'
```

[^1]: In the footnote.
"""


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("carrier strike", 3),
        ("until the line is wrapped somewhere", 1),
        ("in a list of two", 1),
        ("northern harbour", 1),
        ("answer = 'in code'", 1),
        ("in the footnote", 1),
        ("log 0", 1),
        ("mei sato", 1),
        ("#tagged", 1),
        ("20 november", 1),
        ("the summary", 1),
    ],
)
@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_all_that_is_seen_is_found_whatever_its_form(tmp_path, pattern, count, size):
    path = library(
        tmp_path, PAGE, author="Mei Sato", tags=("tagged",), summary="This is the summary."
    )
    async with running(path, size=size) as (app, pilot):
        await press(pilot, "enter")
        app.main.reader.set_matcher(None)
        await find(pilot, pattern)
        reader = app.main.reader
        await until(pilot, lambda: reader.match_count == count, "counted")
        assert " ".join(lit(app).split()).casefold() == pattern
        assert reader.view.row_of(reader.current_match) is not None


# Enter, and after it


async def test_enter_stays_and_n_goes_through_the_matches_and_around(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await find(pilot, "needle")
        await press(pilot, "enter")
        await until(pilot, lambda: "match 1 of 3" in status(app), "in the status line")
        assert app.main.reader.has_focus
        assert not app.main.find_bar.is_open
        await press(pilot, "n", "n")
        assert "match 3 of 3" in status(app)
        await press(pilot, "n")
        assert "went on from the top" in status(app)
        assert app.main.reader.match_number == 1
        await press(pilot, "N")
        assert "went on from the end" in status(app)
        assert app.main.reader.match_number == 3
        assert app.main.reader.article.title == "Log 0"


async def test_the_only_match_is_said_to_be_so(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await find(pilot, "one of 30")
        await press(pilot, "enter", "n")
        assert "the only match" in status(app)
        assert app.main.reader.match_number == 1


async def test_enter_without_a_match_says_so_and_goes_back(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "space")
        before = picture(app)
        await find(pilot, "xyzzy")
        await press(pilot, "enter")
        assert "no match for xyzzy" in status(app)
        assert picture(app) == before
        assert app.main.reader.matches is None


async def test_nothing_typed_finds_again_what_was_found_last(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await find(pilot, "needle")
        await press(pilot, "enter")
        assert app.main.reader.match_number == 1
        await press(pilot, "slash", "enter")
        assert app.main.reader.match_number == 2
        await press(pilot, "J", "slash", "enter")
        assert app.main.reader.article.title == "Log 1"
        await until(pilot, lambda: "match 1 of 1" in status(app), "found in the next article")


async def test_the_arrow_keys_bring_back_what_was_found(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        for pattern in ("boats", "needle"):
            await find(pilot, pattern)
            await press(pilot, "enter")
        await find(pilot, "li")
        typed = []
        for key in ("up", "up", "up", "down", "down", "down"):
            await press(pilot, key)
            typed.append(app.main.find_bar.text)
        assert typed == ["needle", "boats", "boats", "needle", "li", "li"]


async def test_keys_typed_in_one_go_do_what_they_would_one_by_one(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await pilot.press("slash", *"needle", "enter", "n", "n")
        await settle(pilot)
        assert app.main.reader.article.title == "Log 0"
        assert app.main.reader.match_number == 3


async def test_keys_that_go_elsewhere_close_the_bar_and_leave_the_matches(path):
    async with running(path, size=(120, 40)) as (app, pilot):
        await press(pilot, "enter")
        await find(pilot, "needle")
        await press(pilot, "tab")
        assert not app.main.find_bar.is_open
        assert app.main.reader.match_number == 1


async def test_matches_end_with_the_reading_of_the_article(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await find(pilot, "needle")
        await press(pilot, "enter", "h", "enter")
        assert app.main.reader.matches is None


async def test_what_a_search_found_is_lit_again_after_finding(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"boats", "enter")
        if app.main.reader.article.title != "Log 0":
            await press(pilot, "J")
        await until(pilot, lambda: "1 of 57, article" in status(app), "counted")
        await press(pilot, "n")
        await find(pilot, "needle")
        await until(pilot, lambda: app.main.reader.match_count == 3, "counted")
        await press(pilot, "escape")
        assert "2 of 57, article" in status(app)
        await find(pilot, "needle")
        await press(pilot, "enter")
        assert "match 1 of 3" in status(app)
        await press(pilot, "h", "enter")
        assert "of 57, article" in status(app)


# Regular expressions


async def test_a_bad_regular_expression_is_told_and_the_last_good_one_stays(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await find(pilot, "/needle")
        await until(pilot, lambda: bar(app).endswith("1 of 3"), "counted")
        before = picture(app)
        await type_in(pilot, "(")
        assert bar(app).endswith("missing ) at the end")
        assert picture(app) == before
        await press(pilot, "enter")
        assert app.main.find_bar.input.has_focus
        await type_in(pilot, ",|x)")
        await until(pilot, lambda: bar(app).endswith("1 of 3"), "counted")


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_a_regular_expression_that_takes_too_long_is_given_up(tmp_path, size):
    path = library(tmp_path, log(_20="a" * 60 + "b"))
    async with running(path, size=size) as (app, pilot):
        await press(pilot, "enter", "slash")
        before = picture(app)
        app.main.find_bar.input.value = "/(a|aa)+$/"
        await until(pilot, lambda: "too slow" in bar(app), "given up")
        assert app.main.reader.matches is None
        assert picture(app) == before
        await press(pilot, "enter")
        assert app.main.find_bar.input.has_focus
        await press(pilot, "ctrl+u")
        await type_in(pilot, "line 3")
        await until(pilot, lambda: app.main.reader.match_count == 11, "another is found")
