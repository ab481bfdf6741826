"""The list of articles: one line each."""

from __future__ import annotations

from rich.segment import Segment

from store import Row
from tui.widgets.article_line import GUTTER, StyleOf, draw_article
from tui.widgets.virtual_list import VirtualList


class ArticleList(VirtualList[Row]):
    """Articles of the library or of a view, one a line."""

    def tell_empty(self, trashed: int = 0) -> None:
        """Say that no article is listed, and how many are in the trash instead."""
        words = f"no articles here; {trashed:,} in the trash" if trashed else "no articles here"
        self.set_empty([[(" " * GUTTER + words, "list--dim")]])

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
