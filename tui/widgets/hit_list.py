"""The hits of a search: an article's line, and under it where it was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment

from store import Hit, Row
from tui.widgets.article_line import GUTTER, StyleOf, draw_article
from tui.widgets.cells import clean, lit, shorten_around
from tui.widgets.list_style import Note
from tui.widgets.virtual_list import VirtualList


class HitList(VirtualList[Hit]):
    """Search hits, two lines each: the article, and a snippet around the first match."""

    ROW_HEIGHT: ClassVar[int] = 2
    #: Smaller than for articles: a hit costs the reading of its article.
    PAGE_SIZE: ClassVar[int] = 16

    @property
    def screenful(self) -> int:
        """Hits to fetch first: as many as are seen, each costs the reading of its article."""
        return -(-self.size.height // self.ROW_HEIGHT) or self.PAGE_SIZE

    def set_items(self, ids: Sequence[int], *, keep: int | None = None) -> None:
        """As for any list; where there are none, what is shown instead can be scrolled."""
        super().set_items(ids, keep=keep)
        if not ids:
            self.set_height(len(self._empty))

    def set_empty(self, notes: Sequence[Note]) -> None:
        """Lines to show when there are no hits, any number."""
        super().set_empty(notes)
        if not self.row_count:
            self.set_height(len(notes))

    def row_of(self, item: Hit) -> Row:
        """The article's list columns."""
        return item.row

    def with_row(self, item: Hit, row: Row) -> Hit:
        """The hit with newer list columns, lit as before if the title is the same."""
        spans = item.title_spans if row.title == item.row.title else ()
        return item._replace(row=row, title_spans=spans)

    def draw(
        self, item: Hit, line: int, width: int, style: StyleOf, selected: bool
    ) -> list[Segment]:
        """The article's line, or its snippet with the matches lit."""
        if line == 0:
            return draw_article(
                item.row,
                width,
                style=style,
                glyphs=self.glyphs,
                now=self.clock(),
                selected=selected,
                title_spans=item.title_spans,
                dates=self.dates,
            )
        dim = style("list--dim")
        room = max(0, width - GUTTER - 1)
        text, spans = shorten_around(clean(item.snippet), item.spans, room, self.glyphs.ellipsis)
        return [Segment(" " * GUTTER, dim), *lit(text, spans, dim, style("list--match"))]
