"""The app as a person uses it: reading, going about, marking."""

from __future__ import annotations

import pytest
from app_harness import TITLES, fill, press, running, screen, settle, text, until

from store import Article, Library
from tui.config import Config

SIZES = [(80, 24), (120, 40), (40, 10)]


@pytest.fixture
def path(tmp_path):
    fill(tmp_path / "library.json")
    return tmp_path / "library.json"


def title_in_reader(app) -> str:
    return "" if app.main.reader.article is None else app.main.reader.article.title


def titles(app) -> list[str]:
    return [row.title for row in app.library.rows(app.main.current_list.ids)]


def current(app) -> str:
    return app.library.rows([app.main.current_list.current_id])[0].title


def state(app, title: str):
    row = next(row for row in app.library.newest(100) if row.title == title)
    return app.library.state(row.id)


# Where things are


async def test_the_newest_articles_are_listed_at_the_start(path):
    async with running(path) as (app, _):
        assert titles(app) == list(TITLES)
        assert "The ferry that waited" in screen(app)[0]
        assert screen(app)[-2].strip().startswith("All  1/10")


async def test_in_a_wide_terminal_the_reader_follows_the_cursor(path):
    async with running(path, size=(120, 40)) as (app, pilot):
        assert title_in_reader(app) == TITLES[0]
        await press(pilot, "j", "j")
        assert title_in_reader(app) == TITLES[2]
        assert "One line about the quay." in text(app)
        assert app.main.articles.has_focus


async def test_in_a_narrow_terminal_one_pane_is_seen_at_a_time(path):
    async with running(path) as (app, pilot):
        assert title_in_reader(app) == ""
        await press(pilot, "enter")
        assert app.main.reader.has_focus
        assert TITLES[0] in text(app)
        assert TITLES[1] not in text(app)
        await press(pilot, "h")
        assert TITLES[1] in text(app)
        assert app.main.articles.has_focus


@pytest.mark.parametrize("key", ["h", "backspace", "escape", "q"])
async def test_there_are_several_ways_back_to_the_list(path, key):
    async with running(path) as (app, pilot):
        await press(pilot, "j", "enter", key)
        assert app.main.articles.has_focus
        assert current(app) == TITLES[1]


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_is_cut_without_a_mark(path, size):
    async with running(path, size=size) as (app, pilot):
        for keys in ([], ["enter"], ["h", "slash", "q", "u", "a", "y"]):
            await press(pilot, *keys)
            lines = screen(app)
            assert len(lines) == size[1]
            assert all(len(line) <= size[0] for line in lines)
            for title in TITLES:
                for line in lines:
                    if title[:12] in line and title not in line:
                        assert "…" in line


async def test_a_terminal_that_is_too_small_says_so_in_one_line(path):
    async with running(path, size=(39, 12)) as (app, pilot):
        assert [line for line in screen(app) if line] == ["too small: 40x10 cells needed"]
        await pilot.resize_terminal(80, 9)
        await settle(pilot)
        assert [line for line in screen(app) if line] == ["too small: 40x10 cells needed"]
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert TITLES[0] in text(app)


async def test_the_layout_follows_the_size_of_the_terminal(path):
    async with running(path) as (app, pilot):
        await press(pilot, "j")
        await pilot.resize_terminal(120, 40)
        await settle(pilot)
        assert title_in_reader(app) == TITLES[1]
        assert TITLES[0] in text(app)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert app.main.articles.size.width == 80


async def test_panes_are_reached_by_number_and_tab(path):
    async with running(path, size=(120, 40)) as (app, pilot):
        await press(pilot, "tab")
        assert app.main.reader.has_focus
        await press(pilot, "tab", "tab")  # over the link in the head
        assert app.main.articles.has_focus
        await press(pilot, "2")
        assert app.main.reader.has_focus
        await press(pilot, "3")
        assert app.main.search.input.has_focus
        await press(pilot, "escape", "1")
        assert app.main.articles.has_focus
        assert not app.main.is_searching


async def test_the_reader_can_have_the_whole_width(path):
    async with running(path, size=(120, 40)) as (app, pilot):
        await press(pilot, "z")
        assert app.main.reader.size.width == 120
        assert app.main.reader.has_focus
        await press(pilot, "z")
        assert app.main.reader.size.width < 80


# Reading


async def test_reading_goes_on_where_it_stopped(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "space", "space", "space")
        place = app.main.reader.position_now()[:3]
        await until(pilot, lambda: state(app, TITLES[0]).position > 0, "position remembered")
        await press(pilot, "h", "j", "enter", "h", "k", "enter")
        assert app.main.reader.position_now()[:3] == place
    with Library(path) as library:
        assert library.state(library.newest(1)[0].id).position > 0
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        assert app.main.reader.position_now()[:3] == place


async def test_the_place_is_remembered_even_when_one_leaves_at_once(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await pilot.press("space", "space", "h")
        await settle(pilot)
        place = state(app, TITLES[0]).position
        assert place > 0
        await press(pilot, "enter")
        await pilot.press("space", "ctrl+c")
    with Library(path) as library:
        assert library.state(library.newest(1)[0].id).position > place


async def test_an_article_that_was_only_looked_at_is_not_begun(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "h")
        assert not state(app, TITLES[0]).started


async def test_the_status_line_tells_the_marks_of_the_article_being_read(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "s", "a")
        assert "starred archived  " in screen(app)[-2]
        await press(pilot, "J")
        assert "starred" not in screen(app)[-2]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_status_line_tells_how_far_an_article_is_read_as_soon_as_it_stands_there(
    path, size
):
    async with running(path, size=size) as (app, pilot):
        await press(pilot, "j", "j", "enter")
        await until(pilot, lambda: screen(app)[-2].endswith("read  100%"), "all of it")
        await press(pilot, "h")
        assert state(app, TITLES[2]).progress == 1.0
        await press(pilot, "k", "k", "enter")
        here = app.main.reader.position_now().progress
        assert 0 < here < 1
        assert screen(app)[-2].endswith(f" {here:.0%}")
        await press(pilot, "h")
        assert not state(app, TITLES[0]).started


async def test_how_far_an_article_is_read_follows_the_size_of_the_terminal(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        before = app.main.reading.progress
        await pilot.resize_terminal(80, 40)
        await until(pilot, lambda: app.main.reading.progress > before, "more of it")
        assert screen(app)[-2].endswith(f"{app.main.reading.progress:.0%}")


async def test_an_article_is_read_when_its_end_was_seen(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        assert not state(app, TITLES[0]).read
        await press(pilot, "G")
        assert state(app, TITLES[0]).read
        await press(pilot, "h")
        assert "●" not in screen(app)[0]


async def test_a_short_article_is_read_when_it_is_opened_not_when_it_is_previewed(path):
    async with running(path, size=(120, 40)) as (app, pilot):
        await press(pilot, "j", "j")
        assert not state(app, TITLES[2]).read
        await press(pilot, "enter")
        assert state(app, TITLES[2]).read


async def test_a_short_article_that_opens_in_the_place_of_the_list_is_read_at_once(path):
    async with running(path) as (app, pilot):
        await press(pilot, "j", "j", "enter")
        await until(pilot, lambda: state(app, TITLES[2]).read, "read")
        await press(pilot, "h")
        assert "●" not in next(line for line in screen(app) if TITLES[2] in line)


@pytest.mark.parametrize("when", ["open", "end"])
async def test_an_article_of_which_there_is_but_a_link_is_not_read_by_looking_at_it(path, when):
    async with running(path, config=Config(read_when=when)) as (app, pilot):
        await press(pilot, "j", "j", "j", "enter", "G", "j")
        assert "Only the link of this article was saved." in text(app)
        assert not state(app, TITLES[3]).read
        assert not state(app, TITLES[3]).started
        await press(pilot, "space")
        await until(pilot, lambda: title_in_reader(app) == TITLES[4], "the next")


async def test_a_summary_without_a_text_can_be_read(tmp_path):
    path = tmp_path / "library.json"
    fill(path, [Article(title="Brief", summary="The quay is closed.", url="https://quay.example")])
    async with running(path) as (app, pilot):
        await press(pilot, "enter")
        await until(pilot, lambda: state(app, "Brief").read, "read")


@pytest.mark.parametrize(("when", "read"), [("open", True), ("hand", False)])
async def test_the_config_says_when_an_article_is_read(path, when, read):
    async with running(path, config=Config(read_when=when)) as (app, pilot):
        await press(pilot, "enter")
        await press(pilot, *(["G"] if when == "hand" else []))
        assert state(app, TITLES[0]).read is read


async def test_j_and_k_in_capitals_go_through_the_articles(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "J")
        assert title_in_reader(app) == TITLES[1]
        await press(pilot, "J", "K")
        assert title_in_reader(app) == TITLES[1]
        await press(pilot, "h")
        assert current(app) == TITLES[1]


async def test_n_goes_to_the_next_unread_article(path):
    async with running(path) as (app, pilot):
        await press(pilot, "j", "r", "j", "r", "k", "k", "n")
        assert current(app) == TITLES[3]
        await press(pilot, "N")
        assert current(app) == TITLES[0]
        await press(pilot, "N")
        assert "no unread article before this one" in text(app)


async def test_space_at_the_end_goes_on_to_the_next_unread_article(path):
    async with running(path) as (app, pilot):
        await press(pilot, "j", "r", "k", "enter", "G", "space")
        assert title_in_reader(app) == TITLES[2]


async def test_a_preview_that_is_late_never_takes_the_place_of_a_newer_one(path):
    async with running(path, size=(120, 40)) as (app, pilot):
        await pilot.press(*"jjjjjj")
        await settle(pilot)
        assert title_in_reader(app) == TITLES[6]


async def test_on_a_slow_link_the_preview_waits_until_the_keys_rest(path, monkeypatch):
    async with running(path, size=(120, 40), config=Config(link="slow")) as (app, pilot):
        get, loaded = app.library.get, []
        monkeypatch.setattr(app.library, "get", lambda id: loaded.append(id) or get(id))
        await pilot.press(*"jjjj")
        await settle(pilot)
        assert loaded == [app.main.articles.current_id]
        assert app.theme == "broadsheet-terminal"


# Marks


@pytest.mark.parametrize(
    ("key", "mark"), [("r", "read"), ("s", "starred"), ("a", "archived"), ("D", "trashed")]
)
async def test_a_key_sets_a_mark_and_takes_it_away(path, key, mark):
    async with running(path) as (app, pilot):
        id = app.main.articles.current_id
        await press(pilot, key)
        assert getattr(app.library.state(id), mark)
        await press(pilot, "U")
        await until(pilot, lambda: not getattr(app.library.state(id), mark), "undone")


async def test_a_star_is_seen_at_once(path):
    async with running(path) as (app, pilot):
        await pilot.press("s")
        await pilot.pause()
        assert "★" in screen(app)[0]


async def test_marks_act_on_the_selection(path):
    async with running(path) as (app, pilot):
        await press(pilot, "x", "x", "s")
        await until(pilot, lambda: state(app, TITLES[1]).starred, "starred")
        assert [state(app, title).starred for title in TITLES[:3]] == [True, True, False]
        assert "2 articles starred" in text(app)
        await press(pilot, "escape")
        assert not app.main.articles.selected


async def test_trash_takes_the_article_from_the_list_and_the_cursor_stays(path):
    async with running(path) as (app, pilot):
        await press(pilot, "j", "j", "D")
        assert TITLES[2] not in titles(app)
        assert current(app) == TITLES[3]
        assert "1 article put into the trash" in text(app)


async def test_undo_brings_it_back_and_redo_takes_it_again(path):
    async with running(path) as (app, pilot):
        await press(pilot, "D", "U")
        await until(pilot, lambda: TITLES[0] in titles(app), "undone")
        assert "undone" in text(app)
        await press(pilot, "ctrl+r")
        await until(pilot, lambda: TITLES[0] not in titles(app), "redone")


async def test_marks_in_the_reader_act_on_the_article_being_read(path):
    async with running(path, size=(120, 40)) as (app, pilot):
        await press(pilot, "enter", "s", "D")
        assert state(app, TITLES[1]).starred is False
        assert title_in_reader(app) == TITLES[0]
        assert app.library.state(app.main.reader.article.id).trashed
        await press(pilot, "J")
        assert title_in_reader(app) == TITLES[1]


async def test_a_read_only_library_refuses_marks_in_one_line(path):
    with Library(path):
        pass
    path.chmod(0o400)
    from tui.app import BroadsheetApp

    with Library(path, readonly=True) as library:
        app = BroadsheetApp(library)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "s")
            assert "read-only" in screen(app)[-2]
            await press(pilot, "enter", "G", "h")
            assert not library.state(library.newest(1)[0].id).read
        app.stop_lanes()


# Search


async def test_hits_come_while_typing(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"bridg")
        assert titles(app) == [TITLES[1]]
        assert "1 of 10" in text(app)
        await press(pilot, *"es")
        assert titles(app) == [TITLES[1]]


async def test_leaving_a_search_puts_the_list_back_as_it_was(path):
    async with running(path, size=(40, 10)) as (app, pilot):
        await press(pilot, "G", "k")
        before = screen(app)
        await press(pilot, "slash", *"ferry", "escape", "escape")
        assert screen(app) == before


async def test_a_hit_opens_at_the_match_and_n_goes_on_to_the_next_article(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"quay", "enter")
        first = title_in_reader(app)
        assert app.main.reader.current_match is not None
        assert app.main.reader.has_focus
        ids = list(app.main.search.hits.ids)
        while title_in_reader(app) == first:
            await press(pilot, "n")
        assert app.main.reader.article.id == ids[1]
        await press(pilot, "h")
        assert app.main.is_searching
        assert app.main.search.hits.current_id == ids[1]


async def test_a_superseded_search_is_cancelled_and_never_shown(path, monkeypatch):
    async with running(path) as (app, pilot):
        find, cancelled = app.library.find, []

        def slow(query="", **options):
            if query == "f":
                while not options["cancelled"]():
                    pass
                cancelled.append(query)
            return find(query, **options)

        monkeypatch.setattr(app.library, "find", slow)
        await pilot.press("slash", "f")
        await pilot.press("e", "r", "r")
        await settle(pilot)
        assert cancelled == ["f"]
        assert app.main.searching.result.query == "ferr"


async def test_backslash_in_the_reader_searches_the_library(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "backslash")
        assert app.main.search.input.has_focus


async def test_slash_in_the_reader_finds_in_the_article(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "slash", *"boats")
        assert app.main.reader.current_match is not None
        await until(pilot, lambda: "of 40" in text(app), "counted")
        await press(pilot, "enter")
        assert app.main.reader.has_focus
        match = app.main.reader.current_match
        await press(pilot, "n")
        assert app.main.reader.current_match != match
        assert title_in_reader(app) == TITLES[0]


async def test_escape_ends_finding_in_the_article(path):
    async with running(path) as (app, pilot):
        await press(pilot, "enter", "slash", *"boats", "escape")
        assert app.main.reader.matches is None
        assert app.main.reader.has_focus


async def test_a_search_can_be_saved_as_a_view(path):
    async with running(path) as (app, pilot):
        await press(pilot, "slash", *"ferry", "escape", "w")
        await press(pilot, *"boats", "enter")
        await until(pilot, lambda: app.library.views() == {"boats": "ferry"}, "saved")
        await press(pilot, "escape", "f")
        await until(pilot, lambda: "boats" in text(app), "in the menu")


# Other programs, and nothing at all


async def test_what_another_program_adds_appears_and_the_cursor_stays(path):
    from store import Article

    async with running(path) as (app, pilot):
        await press(pilot, "j")
        with Library(path) as other:
            other.add([Article(title="Hot off the press", body="New.", published="2026-11-22")])
        await until(pilot, lambda: "Hot off the press" in text(app), "seen")
        assert current(app) == TITLES[1]


async def test_nothing_is_drawn_while_nothing_happens(path):
    async with running(path) as (app, pilot):
        painted = []
        app.post_display_hook = lambda: painted.append(1)
        await pilot.pause(1.5)
        assert painted == []


async def test_an_empty_library_tells_how_to_fill_it(tmp_path):
    async with running(tmp_path / "new.json", size=(120, 40)) as (app, pilot):
        assert "Your library is empty." in text(app)
        await press(pilot, "o")
        assert app.return_value == "sample"


async def test_an_empty_library_becomes_a_list_when_something_is_added(tmp_path):
    async with running(tmp_path / "new.json") as (app, pilot):
        fill(tmp_path / "new.json")
        await until(pilot, lambda: TITLES[0] in text(app), "listed")
        assert app.main.articles.has_focus
