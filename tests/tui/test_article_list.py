"""The list of articles, as it is drawn."""

from __future__ import annotations

import asyncio

import pytest
from list_harness import NOW, TITLES, ListApp, article_list, drawn, row, rows, styles_at
from rich.cells import cell_len
from textual.events import MouseScrollDown

from store.results import Row
from tui.widgets import line_view
from tui.widgets.article_line import columns, draw_article
from tui.widgets.article_list import ArticleList
from tui.widgets.glyphs import ASCII, UNICODE, glyphs_for

FULL = Row(
    id=1,
    title="The harbour at night",
    author="Ada Berg",
    site="Harbour Review",
    published="2026-03-11",
    words=1600,
)


class RecordingList(ArticleList):
    """Remembers which lines were drawn."""

    def __init__(self) -> None:
        super().__init__(glyphs=UNICODE, clock=lambda: NOW)
        self.lines: list[int] = []

    def render_line(self, y: int):
        self.lines.append(y)
        return super().render_line(y)


async def show(*articles: Row, size: tuple[int, int] = (80, 24)) -> list[str]:
    app = ListApp(article_list(), 0)
    async with app.run_test(size=size) as pilot:
        app.list.set_items([article.id for article in articles])
        app.list.put(0, articles)
        await pilot.pause()
        return drawn(app, app.list)


# What a row looks like.


async def test_a_row_has_state_title_author_date_and_reading_time_in_columns() -> None:
    lines = await show(FULL, FULL._replace(id=2, title="Fog", author="", words=46_000, read=True))
    assert lines[0] == f" ●  {'The harbour at night':40}  {'Ada Berg':15}   yesterday   7m"
    assert lines[1].startswith("    Fog ")
    for one, other in (("Ada Berg", "Harbour Review"), ("yesterday", "yesterday"), ("7m", "3h")):
        assert lines[0].index(one) == lines[1].index(other)


async def test_forty_columns_hold_state_title_and_a_short_date() -> None:
    title = "The harbour at night and all the boats in it"
    (line, *_) = await show(FULL._replace(title=title, starred=True), size=(40, 12))
    assert line == " ●★ The harbour at night and…      Wed"


async def test_a_wide_list_spells_out_the_reading_time() -> None:
    (line, *_) = await show(FULL, size=(120, 40))
    assert line.endswith("yesterday   7 min")


async def test_an_article_without_a_title_or_date_still_has_a_row() -> None:
    (line, *_) = await show(Row(id=1, title=""))
    assert line == " ●  untitled"


@pytest.mark.parametrize(
    ("state", "sign"),
    [
        ({}, "●"),
        ({"progress": 0.05}, "◔"),
        ({"progress": 0.5}, "◑"),
        ({"progress": 0.97}, "◕"),
        ({"read": True, "progress": 0.5}, " "),
        ({"stub": True}, "◌"),
        ({"archived": True, "read": True}, "▾"),
        ({"trashed": True, "archived": True}, "×"),
    ],
)
async def test_each_state_has_its_sign(state: dict[str, object], sign: str) -> None:
    (line, *_) = await show(FULL._replace(**state))
    assert line[:4] == f" {sign}  "


def test_signs_are_one_cell_wide_and_plain_ascii_where_the_locale_says_so() -> None:
    for glyphs in (UNICODE, ASCII):
        signs = [sign for name, sign in glyphs._asdict().items() if name not in ("ellipsis",)]
        assert all(cell_len(part) == 1 for sign in signs for part in sign)
    assert "".join("".join(sign) for sign in ASCII).isascii()


@pytest.mark.parametrize(
    ("environ", "glyphs"),
    [
        ({"LANG": "en_GB.UTF-8"}, UNICODE),
        ({"LANG": "de_DE.utf8@euro"}, UNICODE),
        ({}, UNICODE),
        ({"LC_CTYPE": "UTF-8"}, UNICODE),
        ({"LANG": "C"}, ASCII),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, ASCII),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "C"}, ASCII),
        ({"LANG": "C", "LC_ALL": "C.UTF-8"}, UNICODE),
        ({"LANG": "de_DE.ISO-8859-1"}, ASCII),
        ({"LANG": "en_GB.UTF-8", "TERM": "linux"}, ASCII),
    ],
)
def test_the_locale_chooses_the_signs(environ: dict[str, str], glyphs: object) -> None:
    assert glyphs_for(environ) is glyphs


async def test_an_ascii_list_draws_nothing_but_ascii() -> None:
    app = ListApp(ArticleList(glyphs=ASCII, clock=lambda: NOW), 100)
    async with app.run_test(size=(40, 12)) as pilot:
        long = FULL._replace(title="long " * 20, starred=True, progress=0.5)
        app.list.put(0, [long, *rows(1, 64)])
        await pilot.press("x")
        await pilot.pause()
        assert all(line.isascii() for line in drawn(app))
        assert drawn(app)[0].startswith("+=* long long")


@pytest.mark.parametrize("title", TITLES)
def test_every_row_is_exactly_as_wide_as_the_list(title: str) -> None:
    from rich.style import Style

    article = FULL._replace(title=title, author=title, starred=True)
    for width in range(1, 140):
        segments = draw_article(
            article, width, style=lambda *_: Style(), glyphs=UNICODE, now=NOW, selected=True
        )
        assert sum(segment.cell_length for segment in segments) == width


def test_the_title_gets_what_the_other_columns_leave() -> None:
    for width in range(60, 200):
        parts = columns(width)
        assert sum(parts) + 3 * 2 + 4 + 1 == width
        assert parts.title >= 24


async def test_markup_and_control_characters_are_shown_and_not_obeyed() -> None:
    title = "[red]x[/] \x1b[31mred\x1b]0;owned\x07 \u202eback"
    (line, *_) = await show(FULL._replace(title=title, author="a\nb\tc"))
    assert "[red]x[/] �[31mred�]0;owned� �back" in line
    assert "a b c" in line


async def test_unread_titles_are_bold_and_the_cursor_is_reversed_without_colour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ListApp(article_list(), 0)
    async with app.run_test() as pilot:
        app.list.set_items([1, 2, 3])
        app.list.put(0, [FULL, FULL._replace(id=2), FULL._replace(id=3, read=True)])
        await pilot.pause()
        titles = [
            next(style for text, style in styles_at(app, y) if "harbour" in text) for y in range(3)
        ]
        assert [bool(style.reverse) for style in titles] == [True, False, False]
        assert [bool(style.bold) for style in titles] == [True, True, False]
        app.set_focus(None)
        await pilot.pause()
        (_, style), *_ = styles_at(app, 0)
        assert style.underline and not style.reverse


async def test_in_the_terminals_own_colours_the_cursor_is_reversed() -> None:
    app = ListApp(article_list(), 3)
    async with app.run_test() as pilot:
        before = list(styles_at(app, 1))
        app.theme = "textual-ansi" if "textual-ansi" in app.available_themes else "ansi-dark"
        await pilot.pause()
        assert all(style.reverse for text, style in styles_at(app, 0) if "Article" in text)
        assert list(styles_at(app, 1)) != before


# Moving.


async def test_the_usual_keys_move_the_cursor() -> None:
    app = ListApp(article_list(), 1000)
    async with app.run_test(size=(80, 21)) as pilot:  # 20 rows
        for key, cursor in [
            ("j", 1), ("down", 2), ("k", 1), ("up", 0), ("up", 0), ("G", 999), ("g", 0),
            ("end", 999), ("home", 0), ("space", 19), ("pagedown", 38), ("b", 19), ("pageup", 0),
            ("d", 10), ("u", 0), ("u", 0),
        ]:  # fmt: skip
            await pilot.press(key)
            assert app.list.cursor == cursor, key


async def test_a_cursor_move_redraws_the_two_rows_it_touches() -> None:
    app = ListApp(widget := RecordingList(), 1000)
    async with app.run_test() as pilot:
        await pilot.pause()
        widget.lines.clear()
        await pilot.press("j")
        await pilot.pause()
        assert sorted(widget.lines) == [0, 1]


async def test_rows_stay_in_view_around_the_cursor() -> None:
    app = ListApp(article_list(), 1000)
    async with app.run_test(size=(80, 21)) as pilot:
        app.list.cursor = 30
        await pilot.pause()
        lines = drawn(app, app.list)
        assert "Article 31 " in lines[-3]
        assert "Article 33 " in lines[-1]


async def test_turning_pages_keeps_one_row_in_view() -> None:
    app = ListApp(article_list(), 1000)
    async with app.run_test(size=(80, 21)) as pilot:
        await pilot.pause()
        last = drawn(app, app.list)[-1]
        await pilot.press("space")
        await pilot.pause()
        assert drawn(app, app.list)[0] == last


async def test_moves_are_told_with_index_and_id_and_enter_opens() -> None:
    app = ListApp(article_list(), 10)
    async with app.run_test() as pilot:
        await pilot.press("j", "j", "k", "enter", "G", "l")
        await pilot.pause()
        assert app.heard == [
            ("moved", 0, 1), ("moved", 1, 2), ("moved", 2, 3), ("moved", 1, 2), ("opened", 1, 2),
            ("moved", 9, 10), ("opened", 9, 10),
        ]  # fmt: skip


async def test_the_cursor_stays_in_view_when_the_terminal_shrinks() -> None:
    app = ListApp(article_list(), 1000)
    async with app.run_test(size=(80, 40)) as pilot:
        app.list.cursor = 30
        await pilot.resize_terminal(40, 12)
        await pilot.pause()
        assert any(line.endswith("Article 31") for line in drawn(app, app.list))


async def test_each_key_binding_has_an_id_to_change_it_by() -> None:
    ids = [binding.id for _, binding in ArticleList()._bindings]
    assert all(id and id.startswith("list.") for id in ids)
    assert {"list.down", "list.page_up", "list.open", "list.select_all"} <= set(ids)


# Fetching.


async def test_of_a_hundred_thousand_rows_only_a_few_pages_are_fetched() -> None:
    app = ListApp(article_list())
    async with app.run_test() as pilot:
        await pilot.press("j", "space", "G", "b", "k")
        await pilot.pause()
        assert app.list.current_id == 99_977
        assert sum(request.end - request.start for request in app.requests) < 1000
        assert any("Article 99977 " in line for line in drawn(app, app.list))


async def test_the_rows_kept_are_bounded() -> None:
    app = ListApp(article_list())
    async with app.run_test() as pilot:
        for start in range(0, 64_000, 640):
            app.list.put(start, rows(start, start + 64))
        assert len(app.list._rows) <= 24 * 64
        app.list.cursor = 63_361
        await pilot.pause()
        assert any("Article 63362 " in line for line in drawn(app, app.list))


async def test_the_pages_beside_the_one_in_view_are_fetched_ahead() -> None:
    app = ListApp(article_list())
    async with app.run_test() as pilot:
        app.list.cursor = 50_000
        await pilot.pause()
        before = len(app.requests)
        app.answer = False
        await pilot.press("space", "space", "space", "space")  # into the next page
        await pilot.pause()
        assert len(app.requests) == before + 1
        assert any(f"Article {app.list.cursor + 1} " in line for line in drawn(app, app.list))


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are held for as long as the test takes."""
    monkeypatch.setattr(line_view, "PATIENCE", 60)


@pytest.mark.usefixtures("patient")
async def test_a_jump_keeps_the_old_picture_until_the_rows_are_there() -> None:
    app = ListApp(article_list())
    async with app.run_test() as pilot:
        await pilot.pause()
        old = drawn(app, app.list)
        app.answer = False
        await pilot.press("G")
        app.list.refresh()
        await pilot.pause()
        assert app.list.holding
        assert drawn(app, app.list) == old
        app.reply()
        await pilot.pause()
        assert "Article 100000 " in drawn(app, app.list)[-1]
        assert not app.list.holding


async def test_rows_that_do_not_come_are_drawn_as_an_ellipsis_after_a_moment() -> None:
    app = ListApp(article_list())
    async with app.run_test() as pilot:
        await pilot.pause()
        app.answer = False
        await pilot.press("G")
        while app.list.holding:
            await asyncio.sleep(0.005)
        await pilot.pause()
        assert set(drawn(app, app.list)) == {"    …"}
        app.list.action_cursor_up()
        assert not app.list.holding  # they were waited for once
        app.reply()
        await pilot.pause()
        assert "Article 100000 " in drawn(app, app.list)[-1]


@pytest.mark.usefixtures("patient")
async def test_of_fast_jumps_the_last_one_wins() -> None:
    app = ListApp(article_list())
    async with app.run_test() as pilot:
        await pilot.pause()
        app.answer = False
        app.requests.clear()
        await pilot.press("G", "g", "G", "b", "b", "b")
        await pilot.pause()
        app.reply()
        await pilot.pause()
        lines = drawn(app, app.list)
        assert any(f"Article {app.list.cursor + 1} " in line for line in lines)
        assert not any("…" in line for line in lines)


async def test_a_page_for_older_contents_is_dropped() -> None:
    app = ListApp(article_list(), answer=False)
    async with app.run_test() as pilot:
        await pilot.pause()
        (request,) = app.requests
        app.list.set_items(range(1, 100))
        await pilot.pause()
        app.list.put(0, [row(i)._replace(title="stale") for i in range(1, 65)], request.generation)
        app.reply()
        await pilot.pause()
        assert "Article 1 " in drawn(app, app.list)[0]


async def test_a_row_of_another_article_is_never_drawn() -> None:
    app = ListApp(article_list(), answer=False)
    async with app.run_test() as pilot:
        await pilot.pause()
        app.list.put(0, [row(1), row(3), row(4)])
        while app.list.holding:
            await asyncio.sleep(0.005)
        await pilot.pause()
        assert "Article 1 " in drawn(app, app.list)[0]
        assert drawn(app, app.list)[1] == "    …"


async def test_changed_rows_are_fetched_again_and_shown_as_they_were_until_then() -> None:
    app = ListApp(article_list())
    async with app.run_test() as pilot:
        await pilot.pause()
        app.answer = False
        app.list.invalidate([2])
        await pilot.pause()
        assert "Article 2 " in drawn(app, app.list)[1]
        request = app.requests[-1]
        assert (request.start, request.end) == (0, 64)
        page = [article._replace(read=True) for article in rows(0, 64)]
        app.list.put(0, page, request.generation)
        await pilot.pause()
        assert drawn(app, app.list)[1].startswith("    Article 2 ")
        app.list.invalidate([99_999])  # not at hand: nothing to fetch
        await pilot.pause()
        assert app.requests[-1] is request


async def test_one_row_can_be_replaced_at_once() -> None:
    app = ListApp(widget := RecordingList())
    async with app.run_test() as pilot:
        await pilot.pause()
        widget.lines.clear()
        widget.replace(row(3)._replace(starred=True))
        await pilot.pause()
        assert drawn(app, widget)[2].startswith(" ●★ Article 3 ")
        assert widget.lines == [2]


async def test_an_answer_on_its_way_does_not_undo_a_replaced_row() -> None:
    app = ListApp(article_list())
    async with app.run_test() as pilot:
        await pilot.pause()
        app.answer = False
        app.list.invalidate([1])
        await pilot.pause()
        app.list.replace(row(1)._replace(read=True))
        app.reply()
        await pilot.pause()
        assert drawn(app, app.list)[0].startswith("    Article 1 ")


# New contents.


async def test_the_cursor_stays_on_its_article_and_at_its_height() -> None:
    app = ListApp(article_list(), 1000)
    async with app.run_test() as pilot:
        app.list.cursor = 499
        await pilot.pause()
        before = drawn(app, app.list)
        y = next(y for y, line in enumerate(before) if "Article 500 " in line)
        ids = [id for id in range(-10, 1001) if id % 3]
        app.answer = False
        app.list.set_items(ids)
        assert app.list.current_id == 500
        app.list.put(300, [row(id) for id in ids[300:500]])
        await pilot.pause()
        assert "Article 500 " in drawn(app, app.list)[y]


async def test_what_comes_back_above_the_cursor_is_in_view_when_the_list_stood_at_its_top() -> None:
    app = ListApp(article_list(), 1000)
    async with app.run_test() as pilot:
        for gone in ([1], [1, 2, 3]):
            app.list.set_items(range(gone[-1] + 1, 1001))
            assert (app.list.top, app.list.current_id) == (0, gone[-1] + 1)
            app.list.set_items(range(1, 1001))
            await pilot.pause()
            assert (app.list.top, app.list.current_id) == (0, gone[-1] + 1)
            assert "Article 1 " in drawn(app, app.list)[0]
            app.list.action_cursor_top()
        app.list.set_items([*range(2000, 2100), *range(1, 1001)])
        await pilot.pause()
        first, last = app.list.rows_in_view
        assert app.list.current_id == 1
        assert first <= app.list.cursor < last


async def test_the_cursor_stays_on_its_index_when_its_article_is_gone() -> None:
    app = ListApp(article_list(), 1000)
    async with app.run_test():
        app.list.cursor = 499
        app.list.set_items([id for id in range(1, 1001) if id != 500])
        assert (app.list.cursor, app.list.current_id) == (499, 501)
        app.list.set_items([7, 8, 9])
        assert (app.list.cursor, app.list.current_id) == (2, 9)
        app.list.set_items([])
        assert (app.list.cursor, app.list.current_id) == (0, None)


async def test_the_cursor_goes_to_the_article_asked_for() -> None:
    app = ListApp(article_list(), 1000)
    async with app.run_test() as pilot:
        app.list.set_items(range(1000, 0, -1), keep=3)
        await pilot.pause()
        assert (app.list.cursor, app.list.current_id) == (997, 3)
        assert app.heard[-1] == ("moved", 997, 3)


@pytest.mark.usefixtures("patient")
async def test_new_contents_replace_the_picture_when_their_rows_are_there() -> None:
    app = ListApp(article_list(), 1000)
    async with app.run_test() as pilot:
        await pilot.pause()
        old = drawn(app, app.list)
        app.answer = False
        app.list.set_items(range(2000, 0, -1))
        assert app.list.holding
        assert drawn(app, app.list) == old


async def test_an_empty_list_shows_its_notes_literally() -> None:
    app = ListApp(article_list(), 0)
    async with app.run_test() as pilot:
        app.list.set_empty([[], [("    nothing [b]here[/b]", "list--dim")]])
        await pilot.press("j", "G", "space", "enter", "x", "X")
        await pilot.pause()
        assert drawn(app, app.list)[1] == "    nothing [b]here[/b]"
        assert app.heard == [("selected", 0)]


async def test_rows_are_drawn_anew_in_another_theme() -> None:
    app = ListApp(article_list(), 100)
    async with app.run_test() as pilot:
        await pilot.pause()
        dark = list(styles_at(app, 3))
        app.theme = "textual-light"
        await pilot.pause()
        light = list(styles_at(app, 3))
        assert [text for text, _ in dark] == [text for text, _ in light]
        assert all(one != other for (_, one), (_, other) in zip(dark, light, strict=True))


# Selecting.


async def test_rows_are_selected_one_by_one_and_all_at_once() -> None:
    app = ListApp(article_list(), 100)
    async with app.run_test() as pilot:
        await pilot.press("x", "x", "k", "x")
        await pilot.pause()
        assert app.list.selected == {1}
        assert drawn(app, app.list)[0].startswith("✓●")
        assert drawn(app, app.list)[1].startswith(" ●")
        await pilot.press("X")
        assert app.list.selected == set(range(1, 101))
        await pilot.press("X")
        assert app.list.selected == set()
        assert [heard for heard in app.heard if heard[0] == "selected"] == [
            ("selected", count) for count in (1, 2, 1, 100, 0)
        ]


async def test_what_is_no_longer_listed_is_no_longer_selected() -> None:
    app = ListApp(article_list(), 100)
    async with app.run_test() as pilot:
        await pilot.press("X")
        app.list.set_items(range(91, 200))
        assert app.list.selected == set(range(91, 101))
        app.list.clear_selection()
        assert not app.list.selected


# Mouse and scroll bar.


async def test_a_click_moves_and_a_click_on_the_current_row_opens() -> None:
    app = ListApp(article_list(), 100)
    async with app.run_test() as pilot:
        await pilot.pause()
        app.heard.clear()
        await pilot.click(app.list, offset=(10, 4))
        assert app.heard == [("moved", 4, 5)]
        await pilot.click(app.list, offset=(10, 4))
        await pilot.pause()
        assert app.heard == [("moved", 4, 5), ("opened", 4, 5)]


async def test_a_double_click_opens_once() -> None:
    app = ListApp(article_list(), 100)
    async with app.run_test() as pilot:
        await pilot.click(app.list, offset=(10, 6), times=2)
        await pilot.pause()
        await pilot.click(app.list, offset=(10, 6), times=2)
        await pilot.pause()
        opened = [heard for heard in app.heard if heard[0] == "opened"]
        assert opened == [("opened", 6, 7), ("opened", 6, 7)]


async def test_the_wheel_scrolls_three_lines_and_leaves_the_cursor() -> None:
    app = ListApp(article_list(), 100)
    async with app.run_test() as pilot:
        await pilot.pause()
        wheel = MouseScrollDown(app.list, 5, 5, 0, 3, 0, False, False, False)
        app.list.post_message(wheel)
        await pilot.pause()
        assert "Article 4 " in drawn(app, app.list)[0]
        assert app.list.cursor == 0
        await pilot.press("j")
        await pilot.pause()
        assert app.list.cursor == 1
        assert "Article 1 " in drawn(app, app.list)[0]


async def test_the_scroll_bar_is_there_only_when_needed_and_moves_by_whole_cells() -> None:
    app = ListApp(article_list(), 1000)

    def bar() -> str:
        return "".join(line[-1:] for line in (line.ljust(80) for line in drawn(app)[:-1]))

    async with app.run_test(size=(80, 21)) as pilot:
        await pilot.pause()
        assert bar() == "▐" + " " * 19
        await pilot.press("G")
        await pilot.pause()
        assert bar() == " " * 19 + "▐"
        app.list.set_items(range(1, 21))
        await pilot.pause()
        assert bar() == " " * 20
        app.list.set_items(range(1, 41))
        await pilot.pause()
        assert bar() == "▐" * 10 + " " * 10
