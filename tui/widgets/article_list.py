"""The list of articles: one line each."""

from __future__ import annotations

from rich.segment import Segment

from store import Row
from tui.widgets.article_line import StyleOf, draw_article
from tui.widgets.virtual_list import VirtualList


class ArticleList(VirtualList[Row]):
    """Articles of the library or of a view, one a line."""

    def row_of(self, item: Row) -> Row:
        """The row itself."""
        return item

    def with_row(self, item: Row, row: Row) -> Row:
        """The newer row."""
        return row

    def draw(
        self, item: Row, line: int, width: int, style: StyleOf, selected: bool
    ) -> list[Segment]:
        """The article's line."""
        return draw_article(
            item,
            width,
            style=style,
            glyphs=self.glyphs,
            now=self.clock(),
            selected=selected,
            dates=self.dates,
        )
