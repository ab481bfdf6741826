"""The list of highlights: of one article, of all, filtered, opened, changed."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, settle, text, until

from store import Article, Highlight, Library
from tui.config import Config
from tui.screens.spoken import place_of

FILLER = "\n\n".join(f"Paragraph {i} tells of the tide and of nothing else." for i in range(60))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    fill(path, [
        Article(title="The keeper", author="Ada Reyes", published="2026-11-20",
                body=f"The keeper wound the clock.\n\n{FILLER}\n\nThe lamp was taken down."),
        Article(title="Bridges", body="Wind and cable sing.", published="2026-11-19"),
    ])  # fmt: skip
    with Library(path) as library:
        made = "2026-11-21T10:00:00Z"
        end = library.get(1).body.index("The lamp was")
        library.highlight(Highlight(1, "wound the clock", "look up brass", "green", made=made))
        library.highlight(Highlight(1, "lamp was taken", colour="red", offset=end, made=made))
        library.highlight(Highlight(1, "words of an older edition, all of them", made=made))
        library.highlight(Highlight(2, "Wind and cable", colour="blue", made=made))
        library.highlight(Highlight(2, note="for the talk", made=made))
    return path


def rows(app) -> list[str]:
    return [each.highlight.quote or each.highlight.note for each in app.screen.list.items]


async def test_all_are_listed_with_passage_note_colour_article_and_date(path):
    async with running(path) as (app, pilot):
        await press(pilot, "H")
        shown = text(app)
        assert "Highlights  5" in shown
        lines = [line.strip("│ ") for line in screen(app)]
        at = next(i for i, line in enumerate(lines) if line.startswith("g* wound the clock"))
        assert lines[at].endswith("yesterday")
        assert "look up brass" in lines[at + 1]
        assert lines[at + 1].endswith("The keeper")
        assert any(line.startswith("b  Wind and cable") for line in lines)
        assert any(line.startswith("n  for the talk") for line in lines)


async def test_a_passage_that_is_gone_is_said_to_be_so(path):
    async with running(path) as (app, pilot):
        await press(pilot, "H")
        await until(pilot, lambda: "gone: words of an older" in text(app), "orphan")
        assert text(app).count("gone: ") == 1


@pytest.mark.parametrize("plain", [False, True])
async def test_passages_of_an_article_without_text_are_not_said_to_be_gone(tmp_path, plain):
    path = tmp_path / "library.json"
    fill(path, [Article(title="Stub", url="https://stub.example/")])
    with Library(path) as library:
        library.highlight(Highlight(1, "words that were read elsewhere"))
    async with running(path, config=Config(plain=plain)) as (app, pilot):
        for keys in (["H"], ["escape", "enter", "H"]):
            await press(pilot, *keys)
            said = "its text is not here: words that"
            await until(pilot, lambda said=said: said in text(app), "said")
            assert "gone" not in text(app)
        await press(pilot, "enter")
        await until(pilot, lambda: "the article has no text yet" in text(app), "said")


async def test_in_the_reader_only_those_of_the_article_are_listed(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "H")
        assert len(rows(app)) == 3
        assert "Highlights of “The keeper”  3" in text(app)


async def test_typing_filters_as_the_query_language_does(path):
    async with running(path) as (app, pilot):
        await press(pilot, "H", "slash", *"bras")
        await until(pilot, lambda: rows(app) == ["wound the clock"], "filtered")
        assert "1 of 5" in text(app)
        await press(pilot, "escape")
        await until(pilot, lambda: len(rows(app)) == 5, "all again")
        await press(pilot, "slash", *"bridges", "enter", "j")
        assert rows(app) == ["Wind and cable", "for the talk"]
        assert app.screen.list.cursor == 1


async def test_enter_opens_the_article_at_the_passage_and_backspace_comes_back(path):
    async with running(path) as (app, pilot):
        await press(pilot, "H", "slash", *"lamp", "enter", "enter")
        await until(pilot, lambda: app.main.reader.highlights_placed, "placed")
        reader = app.main.reader
        assert app.main.in_reader
        assert "The lamp was taken down." in text(app)
        assert reader.view.row_of(reader.passage_of(2).start) is not None
        await press(pilot, "g", "H", "slash", *"lamp", "enter", "enter")
        assert "The lamp was taken down." in text(app)
        await press(pilot, "backspace")
        assert "The keeper wound the clock." in text(app)


async def test_opening_one_that_is_gone_says_so(path):
    async with running(path) as (app, pilot):
        await press(pilot, "H", "slash", *"edition", "enter", "enter")
        await until(pilot, lambda: "no longer in the article" in text(app), "said")


async def test_note_and_colour_are_changed_and_one_is_removed_and_brought_back(path):
    async with running(path) as (app, pilot):
        await press(pilot, "H", "slash", *"lamp", "enter")
        await press(pilot, "e", "o", "k", "enter", "3")
        (lamp,) = (h for h in app.library.highlights(1) if h.id == 2)
        assert (lamp.note, lamp.colour) == ("ok", "blue")
        assert any(line.strip("│ ").startswith("b* lamp was taken") for line in screen(app))
        await press(pilot, "d")
        await until(pilot, lambda: rows(app) == [], "removed")
        await press(pilot, "U")
        await until(pilot, lambda: rows(app) == ["lamp was taken"], "brought back")


async def test_a_note_on_the_article_is_written_and_taken_away_when_emptied(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "H", "n", *"hm", "enter")
        await until(pilot, lambda: "hm" in rows(app), "listed")
        assert [h.note for h in app.library.highlights(1) if not h.quote] == ["hm"]
        app.screen.list.cursor = rows(app).index("hm")
        await press(pilot, "e", "backspace", "backspace", "enter")
        await until(pilot, lambda: "hm" not in rows(app), "gone")


async def test_without_any_one_is_told_how_to_make_one(tmp_path):
    path = tmp_path / "library.json"
    fill(path)
    async with running(path) as (app, pilot):
        await press(pilot, "H")
        assert "no highlights yet" in text(app)


async def test_ten_thousand_are_listed_and_filtered(tmp_path):
    path = tmp_path / "library.json"
    fill(path, [Article(title=f"Article {i}", body="Text.") for i in range(20)])
    with Library(path) as library:
        library._reading.update(  # one by one would take a write each
            lambda tables: tables["highlights"].update(
                {
                    str(i): {"article": i % 20 + 1, "quote": f"passage {i} of it", "made": "2026"}
                    for i in range(1, 10_001)
                }
            )
        )
    async with running(path) as (app, pilot):
        await press(pilot, "H")
        assert "Highlights  10,000" in text(app)
        await press(pilot, "G")
        assert app.screen.list.cursor == 9_999
        await press(pilot, "slash", *"9999")
        await until(pilot, lambda: rows(app) == ["passage 9999 of it"], "filtered")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (40, 12)])
async def test_it_fits_every_terminal(path, size):
    async with running(path, size=size) as (app, pilot):
        await press(pilot, "H")
        shown = screen(app)
        assert all(len(line.rstrip()) <= size[0] for line in shown)
        assert any("lamp was taken" in line for line in shown)
        await settle(pilot)


async def test_for_screen_readers_it_is_all_in_words_and_the_cursor_is_where_one_selects(path):
    async with running(path, config=Config(plain=True)) as (app, pilot):
        await press(pilot, "H")
        lines = [line.strip() for line in screen(app)]
        assert "green, with a note: wound the clock; yesterday" in lines
        assert "note: look up brass; in The keeper" in lines
        assert any(line.startswith("note on the article: for the talk") for line in lines)
        await until(pilot, lambda: "gone from the text: words of an" in text(app), "orphan")
        await press(pilot, "escape", "enter", "v", "w", "w")
        place = place_of(app.focused)
        assert screen(app)[place.y][place.x :].startswith("wound the clock")
        assert not any(line.startswith(("g*", " g*")) for line in screen(app))
