"""A made-up library and an app around one widget, for the tests of the lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import Static

from store.results import Row
from tui.widgets.glyphs import UNICODE
from tui.widgets.virtual_list import VirtualList

NOW = datetime(2026, 3, 12, 15, 30, tzinfo=UTC)

TITLES = (
    "A plain title",
    "Ein längerer Titel über Brücken, Häfen und die Menschen, die dort seit Jahren arbeiten",
    "港の町で働く人々の長い一日についての短い報告と、その後のこと",
    "강가의 오래된 시장을 걷는 사람들의 이야기",
    "👩‍👩‍👧‍👦 family 🇩🇪🇫🇷 flags 👍🏽 thumbs ❤️ hearts 1️⃣ keycaps, all in one overlong title",
    "नदी के किनारे पुराने बाज़ार की कहानी और क्षेत्र की स्मृति",
    "การเดินทางริมน้ำและตลาดเก่าที่ยังมีชีวิตอยู่ในความทรงจำ",
    "e\u0301te\u0301, a\u0300 la cre\u0300me: combining marks all the way down the page and on",
    "[bold red]markup[/] and \\[more\\] of it [@click=app.quit]here[/]",
    "\u1100\u1161\u11a8 conjoining jamo \u1112\u1161\u11ab",
)


def row(id: int) -> Row:
    """Row of article `id`, the same each time."""
    return Row(id=id, title=f"Article {id}", author=f"Author {id % 7}", words=id * 230 % 9000)


def rows(start: int, end: int) -> list[Row]:
    """Rows at the indexes `start` to `end` of a list whose ids are index + 1."""
    return [row(index + 1) for index in range(start, end)]


class ListApp(App[None]):
    """One list; answers what it asks for at once, or keeps the requests for the test."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, widget: VirtualList, count: int = 100_000, *, answer: bool = True) -> None:
        super().__init__()
        self.list = widget
        self.answer = answer
        self.requests: list[VirtualList.PageWanted] = []
        self.heard: list[object] = []
        widget.set_items(range(1, count + 1))

    def compose(self) -> ComposeResult:
        yield self.list
        yield Static("", id="below")

    def on_mount(self) -> None:
        self.query_one("#below").styles.height = 1
        self.list.focus()

    def on_virtual_list_page_wanted(self, event: VirtualList.PageWanted) -> None:
        self.requests.append(event)
        if self.answer:
            self.reply()

    def reply(self, index: int = -1) -> None:
        """Answer a request, the last one by default."""
        request = self.requests[index]
        self.list.put(request.start, rows(request.start, request.end), request.generation)

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        self.heard.append(("moved", event.index, event.id))

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        self.heard.append(("opened", event.index, event.id))

    def on_virtual_list_selection_changed(self, event: VirtualList.SelectionChanged) -> None:
        self.heard.append(("selected", event.count))


def drawn(app: App[None], widget: Widget | None = None) -> list[str]:
    """The lines on the screen, or those of `widget` without its scroll bar; right-stripped."""
    strips = app.screen._compositor.render_strips(app.size)
    if widget is None:
        return [strip.text.rstrip() for strip in strips]
    region = widget.scrollable_content_region
    return [
        strip.crop(region.x, region.right).text.rstrip()
        for strip in strips[region.y : region.bottom]
    ]


def styles_at(app: App[None], y: int) -> Iterator[tuple[str, object]]:
    """(text, style) of the pieces of screen line `y`."""
    for segment in app.screen._compositor.render_strips(app.size)[y]:
        yield segment.text, segment.style


def article_list(**options: object) -> VirtualList:
    """An article list with fixed signs and a fixed present."""
    from tui.widgets.article_list import ArticleList

    return ArticleList(glyphs=UNICODE, clock=lambda: NOW, **options)  # type: ignore[arg-type]
