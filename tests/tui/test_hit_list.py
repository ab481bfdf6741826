"""The hits of a search, as they are drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable

from list_harness import NOW, ListApp, drawn, row, styles_at

from store.results import Hit, Row
from tui.widgets.glyphs import UNICODE
from tui.widgets.hit_list import HitList
from tui.widgets.virtual_list import VirtualList

LONG = (
    "It had rained for a week when they came down from the hills, tired and with little to say, "
    "and found the harbour empty but for one boat."
)


def hit(article: Row, snippet: str = LONG, word: str = "harbour") -> Hit:
    def found(text: str) -> tuple[tuple[int, int], ...]:
        return tuple(match.span() for match in re.finditer(word, text, re.IGNORECASE))

    return Hit(article, 1.0, snippet, found(snippet), found(article.title))


def hit_list() -> HitList:
    return HitList(glyphs=UNICODE, clock=lambda: NOW)


class HitApp(ListApp):
    """Answers with hits."""

    def reply(self, index: int = -1) -> None:
        request = self.requests[index]
        found = [hit(row(index + 1)) for index in range(request.start, request.end)]
        self.list.put(request.start, found, request.generation)


async def show(hits: Iterable[Hit], size: tuple[int, int] = (80, 24)) -> HitApp:
    app = HitApp(hit_list(), 0)
    found = list(hits)
    app.list.set_items([hit.row.id for hit in found])
    app.list.put(0, found)
    return app


def lit(app: HitApp, y: int) -> list[str]:
    """The pieces of line `y` drawn as matches."""
    match = app.list.get_visual_style("list--match").rich_style
    pieces = styles_at(app, y)
    return [text for text, style in pieces if style.color == match.color and text.strip()]


async def test_a_hit_is_an_articles_line_and_a_snippet_below_the_title() -> None:
    app = await show([hit(row(1)._replace(title="The Harbour"), "At the harbour."), hit(row(2))])
    async with app.run_test() as pilot:
        await pilot.press("j")
        await pilot.pause()
        lines = drawn(app, app.list)
        assert lines[0].startswith(" ●  The Harbour  ")
        assert lines[1] == "    At the harbour."
        assert lines[2].startswith(" ●  Article 2 ")
        assert lit(app, 0) == ["Harbour"]
        assert lit(app, 1) == ["harbour"]


async def test_the_first_match_shows_at_any_width() -> None:
    for width in (24, 40, 80, 120):
        app = await show([hit(row(1)), hit(row(2))])
        async with app.run_test(size=(width, 12)) as pilot:
            await pilot.press("j")
            await pilot.pause()
            assert lit(app, 1) == ["harbour"], width
            assert len(drawn(app, app.list)[1]) <= width - 1


async def test_a_match_in_what_is_cut_from_the_title_is_not_lit() -> None:
    title = "A very long title about boats and men and the weather over a harbour"
    app = await show([hit(row(1)._replace(title=title)), hit(row(2))])
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("j")
        await pilot.pause()
        assert lit(app, 0) == []
        assert "…" in drawn(app, app.list)[0]


async def test_foreign_text_in_a_snippet_is_shown_and_not_obeyed() -> None:
    app = await show([hit(row(1), "[red]x[/]\n\x1b[2J at the harbour"), hit(row(2))])
    async with app.run_test() as pilot:
        await pilot.press("j")
        await pilot.pause()
        assert drawn(app, app.list)[1] == "    [red]x[/] �[2J at the harbour"
        assert lit(app, 1) == ["harbour"]


async def test_the_cursor_takes_both_lines_and_moves_by_hits() -> None:
    app = HitApp(hit_list(), 1000)
    async with app.run_test(size=(80, 12)) as pilot:  # 11 lines: five hits and a half
        await pilot.press("j", "j", "j", "j", "j")
        await pilot.pause()
        lines = drawn(app, app.list)
        y = next(y for y, line in enumerate(lines) if "Article 6 " in line)
        cursor = app.list.get_visual_style("list--cursor").rich_style.bgcolor
        for line in (y, y + 1):
            assert all(s.bgcolor == cursor for text, s in styles_at(app, line) if text.strip(" ▐"))
        await pilot.click(app.list, offset=(10, y - 1))
        assert app.list.cursor == 4


async def test_the_last_hit_is_shown_whole() -> None:
    app = HitApp(hit_list(), 1000)
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.press("G")
        await pilot.pause()
        assert "Article 1000 " in drawn(app, app.list)[-2]


async def test_hits_are_fetched_in_small_pages() -> None:
    app = HitApp(hit_list())
    async with app.run_test() as pilot:
        await pilot.press("G")
        await pilot.pause()
        assert all(request.end - request.start <= 32 for request in app.requests)
        assert isinstance(app.requests[0], VirtualList.PageWanted)


async def test_a_changed_row_keeps_its_snippet() -> None:
    app = await show([hit(row(1)), hit(row(2))])
    async with app.run_test() as pilot:
        await pilot.pause()
        snippet = drawn(app, app.list)[3]
        app.list.replace(row(2)._replace(read=True))
        await pilot.pause()
        assert drawn(app, app.list)[2].startswith("    Article 2 ")
        assert drawn(app, app.list)[3] == snippet
