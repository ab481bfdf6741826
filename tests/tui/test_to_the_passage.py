"""From a hit to the passage that was looked for, and on to the next article's."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, settle, until

from store import Article, Highlight, Library
from tui.widgets import reader_view

FILLER = "Line {} of the log says that the boats went out before light and came back before rain."


def log(*needles: int, lines: int = 60) -> str:
    """Paragraphs of which no two are alike; those of the numbers `needles` have a "needle"."""
    return "\n\n".join(
        f"Here is the needle of line {i}." if i in needles else FILLER.format(i)
        for i in range(lines)
    )


#: Newest first: two, none (but a tag), one, and none at all.
BODIES = (log(20, 40), log(), log(30), log())
QUERY = "(needle OR tag:logbook) sort:published"


@pytest.fixture
def path(tmp_path):
    """Three articles that a search for QUERY finds, the second by its tag."""
    path = tmp_path / "library.json"
    fill(
        path,
        [
            Article(
                title=f"Log {i}",
                body=body,
                published=f"2026-11-{20 - i:02}",
                tags=("logbook",) if i == 1 else (),
            )
            for i, body in enumerate(BODIES)
        ],
    )
    return path


async def search(app, pilot, query: str) -> None:
    await press(pilot, "slash")
    app.main.search.text = query
    await settle(pilot)
    await press(pilot, "enter")


def status(app) -> str:
    return screen(app)[-2].strip()


def title(app) -> str:
    return app.main.reader.article.title


def row_of_match(app) -> int | None:
    reader = app.main.reader
    return reader.view.row_of(reader.current_match)


async def test_a_hit_opens_with_its_first_match_a_third_from_the_top(path):
    async with running(path) as (app, pilot):
        await search(app, pilot, "needle")
        assert row_of_match(app) == app.main.reader.size.height // 3


async def test_n_and_capital_n_go_on_into_the_other_articles_of_the_result(path):
    async with running(path) as (app, pilot):
        await search(app, pilot, QUERY)
        seen = []
        for key in (*"nnnn", *"NNNN"):
            await press(pilot, key)
            reader = app.main.reader
            seen.append((title(app), reader.match_number if reader.current_match else None))
            assert reader.current_match is None or row_of_match(app) is not None
        there = [("Log 0", 2), ("Log 1", None), ("Log 2", 1), ("Log 2", 1)]
        assert seen == [*there, ("Log 1", None), ("Log 0", 2), ("Log 0", 1), ("Log 0", 1)]


async def test_n_opens_the_next_hit_of_a_search_without_words(path):
    async with running(path) as (app, pilot):
        await search(app, pilot, "words:>1 sort:published")
        await press(pilot, "n")
        assert title(app) == "Log 1"
        await press(pilot, "N")
        assert title(app) == "Log 0"


async def test_an_article_without_a_match_opens_at_its_beginning(path):
    async with running(path) as (app, pilot):
        app.library.remember(2, position=900, anchor="", progress=0.5)
        await search(app, pilot, QUERY)
        await press(pilot, "J")
        assert title(app) == "Log 1"
        assert app.main.reader.view.y == 0


async def test_at_both_ends_of_the_result_one_stays_and_is_told(path):
    async with running(path) as (app, pilot):
        await search(app, pilot, "needle sort:published")
        await press(pilot, "N")
        assert "no earlier match" in status(app)
        assert title(app) == "Log 0"
        await press(pilot, "n", "n", "n")
        assert "no further match" in status(app)
        assert (title(app), app.main.reader.match_number) == ("Log 2", 1)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_the_status_line_says_which_match_in_which_article(path, size):
    async with running(path, size=size) as (app, pilot):
        await search(app, pilot, "needle sort:published")
        await press(pilot, "n")
        assert "2 of 2, article 1 of 2" in status(app)
        await press(pilot, "h")
        assert "article" not in status(app)


async def test_space_at_the_end_of_a_hit_passes_over_what_is_no_hit(path):
    async with running(path) as (app, pilot):
        await search(app, pilot, "needle sort:published")
        await press(pilot, "G", "space")
        assert title(app) == "Log 2"
        assert "1 of 1, article 2 of 2" in status(app)
        await press(pilot, "G", "space")
        assert "no unread hit after this one" in status(app)
        await press(pilot, "h")
        assert app.main.search.hits.has_focus


async def test_space_at_the_end_of_a_hit_passes_over_hits_that_are_read(path):
    async with running(path) as (app, pilot):
        await search(app, pilot, QUERY)
        await press(pilot, "h", "j", "r")
        assert app.library.state(app.main.search.hits.ids[1]).read
        await press(pilot, "k", "enter", "G", "space")
        assert title(app) == "Log 2"


async def test_words_looked_for_in_the_title_or_the_author_are_lit_in_the_head(tmp_path):
    path = tmp_path / "library.json"
    fill(path, [Article(title="Knots", author="Ada Reyes", body="Of knots, by no Reyes.")])
    async with running(path) as (app, pilot):
        for query in ("title:knots", "author:reyes"):
            await search(app, pilot, query)
            await until(pilot, lambda: "1 of 1, article 1 of 1" in status(app), query)
            await press(pilot, "h", "escape")


async def test_an_article_found_by_what_is_not_in_its_text_is_said_to_be_so(path):
    async with running(path) as (app, pilot):
        app.library.highlight(Highlight(3, note="An anchorage."))
        await search(app, pilot, "note:anchorage")
        await until(pilot, lambda: "article 1 of 1" in status(app), "counted")
        assert "Search  found outside its text, article 1 of 1" in status(app)
        assert "no match" not in status(app)


async def test_other_articles_are_reached_with_their_matches_lit(path):
    async with running(path) as (app, pilot):
        await search(app, pilot, "needle sort:published")
        await press(pilot, "J")
        assert "1 of 1, article 2 of 2" in status(app)
        await press(pilot, "K")
        assert "1 of 2, article 1 of 2" in status(app)


async def test_a_view_whose_query_has_words_is_gone_through_likewise(path):
    with Library(path) as library:
        library.save_view("needles", "needle sort:published")
    async with running(path) as (app, pilot):
        await press(pilot, "f", "slash", *"needles", "enter")
        await until(pilot, lambda: len(app.main.articles.ids) == 2, "the view")
        await press(pilot, "enter")
        assert "needles  1 of 2, article 1 of 2" in status(app)
        await press(pilot, "n", "n")
        assert "1 of 1, article 2 of 2" in status(app)


async def test_a_change_of_the_library_does_not_move_what_is_being_read(path):
    async with running(path) as (app, pilot):
        await search(app, pilot, "needle sort:published")
        await press(pilot, "n", "j")
        matches, top = app.main.reader.matches, app.main.reader.view.top_place()
        app.main.searching.find("needle sort:published")
        await settle(pilot)
        await press(pilot, "h", "enter")
        assert app.main.reader.matches is matches
        assert app.main.reader.view.top_place() == top


async def test_tags_edited_while_reading_are_searched_too(path):
    async with running(path) as (app, pilot):
        await search(app, pilot, "needle sort:published")
        await until(pilot, lambda: "1 of 2, article" in status(app), "counted")
        app.library.tag([app.main.reader.article.id], add=["needle"])
        app.main.reading.state_changed()
        await until(pilot, lambda: "2 of 3, article" in status(app), "counted again")


async def test_the_next_article_is_not_seen_before_its_match(tmp_path, monkeypatch):
    monkeypatch.setattr(reader_view, "_PATIENCE", 60.0)  # however slow the machine is
    path = tmp_path / "library.json"
    bodies = (log(20), log(11_000, lines=12_000))
    fill(path, [Article(title=f"Log {i}", body=body) for i, body in enumerate(bodies)])
    async with running(path) as (app, pilot):
        await search(app, pilot, "needle sort:title")
        reader, seen = app.main.reader, []
        draw = reader.render_lines

        def render_lines(crop):
            strips = draw(crop)
            seen.append("".join(strip.text for strip in strips))
            return strips

        reader.render_lines = render_lines
        await press(pilot, "n")
        await until(pilot, lambda: reader.match_number == 1, "found")
        assert title(app) == "Log 1"
        assert "needle of line 11000" in seen[-1]
        assert not any("Line 0 of the log" in picture for picture in seen)


# Articles like this one


async def test_related_articles_are_a_search_that_can_be_read(path):
    async with running(path) as (app, pilot):
        await press(pilot, "j")
        before = screen(app)
        await press(pilot, "R")
        assert app.main.search.text == f"like:{app.main.articles.current_id}"
        assert app.main.search.hits.has_focus
        await press(pilot, "escape")
        assert screen(app) == before


async def test_related_articles_of_the_one_being_read(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "J", "R")
        assert app.main.search.text == f"like:{app.main.reader.article.id}"
        assert title(app) == "Log 1"
        assert not app.main.in_reader
