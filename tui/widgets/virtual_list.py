"""A list of any length, drawn line by line, whose rows are fetched a page at a time.

The list knows the ids of its rows, and asks for the rows it needs with `PageWanted`.  Until they
arrive the picture is held, but not for long: so neither a held key nor a new result flashes, and
a slow disk never makes the list seem dead.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from store import Row
from tui.widgets import list_style
from tui.widgets.article_line import GUTTER, StyleOf, columns
from tui.widgets.cells import shorten
from tui.widgets.cursor_view import CursorView
from tui.widgets.glyphs import WORDS, Glyphs
from tui.widgets.pane_keys import LIST_KEYS
from tui.widgets.row_cache import RowCache
from tui.widgets.when import Dates

Item = TypeVar("Item")

#: Drawn lines kept for scrolling back.
_MAX_STRIPS = 512

#: How far from the cursor an article is looked for first when the contents change.
_NEAR = 64


class VirtualList(CursorView, Generic[Item], can_focus=True):
    """Base of the lists of articles and of hits.

    Args:
        glyphs: Signs for the states; by default those for this environment.
        clock: Gives the present, for relative dates.
        name: Name of the widget.
        id: Id of the widget.
        classes: CSS classes.
    """

    #: Rows fetched at a time.
    PAGE_SIZE: ClassVar[int] = 64

    COMPONENT_CLASSES: ClassVar[set[str]] = list_style.COMPONENT_CLASSES
    DEFAULT_CSS = list_style.CSS

    BINDINGS: ClassVar[list[BindingType]] = LIST_KEYS

    class _Message(Message):
        """What a list says; `control` is the list."""

        def __init__(self, sender: VirtualList[Any]) -> None:
            super().__init__()
            self.sender = sender

        @property
        def control(self) -> VirtualList[Any]:
            """The list that says so."""
            return self.sender

    class PageWanted(_Message):
        """Rows `start` to `end` (exclusive) of the contents `generation` are needed.

        Answer with `put(start, rows, generation)`.  A newer request holds all that is still
        needed of older ones, so that these may be dropped.
        """

        def __init__(self, sender: VirtualList[Any], start: int, end: int, generation: int) -> None:
            super().__init__(sender)
            self.start = start
            self.end = end
            self.generation = generation

    class Moved(_Message):
        """The cursor is on another article, or has moved to another place with it."""

        def __init__(self, sender: VirtualList[Any], index: int, id: int | None) -> None:
            super().__init__(sender)
            self.index = index
            self.id = id

    class Opened(_Message):
        """The article is to be opened."""

        def __init__(self, sender: VirtualList[Any], index: int, id: int) -> None:
            super().__init__(sender)
            self.index = index
            self.id = id

    class SelectionChanged(_Message):
        """Other articles are selected."""

        def __init__(self, sender: VirtualList[Any], count: int) -> None:
            super().__init__(sender)
            self.count = count

    def __init__(
        self,
        *,
        glyphs: Glyphs | None = None,
        clock: Callable[[], datetime] | None = None,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(glyphs=glyphs, name=name, id=id, classes=classes)
        self.clock: Callable[[], datetime] = clock or datetime.now
        self.dates: Dates = "relative"
        """How dates are written; to be set before there are rows."""
        self.selected: set[int] = set()
        self._ids: Sequence[int] = ()
        self._rows: RowCache[Item] = RowCache(self.PAGE_SIZE)
        self._empty: Sequence[list_style.Note] = ()
        self._told: tuple[int, int | None] = (0, None)
        self._asking = False
        self._strips: dict[tuple[object, ...], Strip] = {}
        self._looks: dict[tuple[bool, bool], StyleOf] = {}

    # What a kind of list says about its rows.

    @abstractmethod
    def row_of(self, item: Item) -> Row:
        """The list columns of `item`."""

    @abstractmethod
    def with_row(self, item: Item, row: Row) -> Item:
        """`item` with newer list columns."""

    @abstractmethod
    def draw(
        self, item: Item, line: int, width: int, style: StyleOf, selected: bool
    ) -> list[Segment]:
        """Segments of line `line` of `item`, together `width` cells wide."""

    # Contents.

    @property
    def ids(self) -> Sequence[int]:
        """Ids of all rows in order."""
        return self._ids

    @property
    def row_count(self) -> int:
        """Rows in all."""
        return len(self._ids)

    @property
    def current_id(self) -> int | None:
        """Id of the current row."""
        return self._ids[self.cursor] if self._ids else None

    @property
    def current(self) -> Row | None:
        """The current row, if it is at hand."""
        item = self._rows.get(self.cursor) if self._ids else None
        return None if item is None else self.row_of(item)

    def row_at(self, index: int) -> Row | None:
        """The row at an index, if it is at hand as it is now."""
        item = self._rows.fresh(index)
        return None if item is None else self.row_of(item)

    def set_items(self, ids: Sequence[int], *, keep: int | None = None) -> None:
        """Show other contents.

        The cursor stays on the article `keep` (by default the one it is on), at the same height
        of the screen; where that article is gone, on the same index.  A list that stands at its
        top stays there as long as the cursor is in view.
        """
        height = self.ROW_HEIGHT
        above = self.cursor * height - self.top
        anchor = self.current_id if keep is None else keep
        self._ids = ids
        self._rows.reset(len(ids))
        self._forget_drawn()
        if self.selected:
            kept = self.selected.intersection(ids)
            if kept != self.selected:
                self.selected = kept
                self.post_message(self.SelectionChanged(self, len(kept)))
        index = None if anchor is None else self._find(anchor)
        if index is None:
            index = max(0, min(self.cursor, len(ids) - 1))
        self.set_reactive(VirtualList.cursor, index)
        self.set_height(len(ids) * height)
        if self.can_paint:
            self.show_row(index, index * height - above if self.top else 0, repaint=True)
        self.cursor_moved()

    def go_to(self, id: int) -> bool:
        """Put the cursor on an article; False where it is not in the list."""
        index = self._find(id)
        if index is not None:
            self.cursor = index
        return index is not None

    def put(self, start: int, rows: Sequence[Item], generation: int | None = None) -> None:
        """Take in a page: `rows`, of which the first is at index `start`.

        Args:
            start: Index of the first row.
            rows: The rows in order.
            generation: That of the request; a page for other contents is dropped.
        """
        if generation is not None and generation != self._rows.generation:
            return
        # A row whose id is not the one expected there would be opened as another article.
        expected = self._ids[start : start + len(rows)]
        fitting = [
            (index, item)
            for index, (id, item) in enumerate(zip(expected, rows, strict=False), start)
            if self.row_of(item).id == id
        ]
        other = {index for index, item in fitting if self._rows.get(index) != item}
        self._rows.put(fitting)
        for key in [key for key in self._strips if key[0] in other]:
            del self._strips[key]
        if not self.can_paint:
            return
        first, last = self.rows_in_view
        if not self.holding:
            seen = other.intersection(range(first, last))
            if seen:
                self.repaint_rows(min(seen), max(seen) + 1)
        elif self._rows.has(first, last):
            self.let_go()
        self._ask()

    def invalidate(self, ids: Iterable[int] | None = None) -> None:
        """Fetch rows again (None: all); the old ones are shown until the new ones are there."""
        if ids is None:
            self._rows.refetch()
        else:
            changed = frozenset(ids)
            self._rows.refetch(lambda item: self.row_of(item).id in changed)
        self._ask()

    def replace(self, row: Row) -> None:
        """Show `row` in the place of the row with the same id, at once."""
        for index, item in self._rows:
            if self.row_of(item).id == row.id:
                self._rows.replace(index, self.with_row(item, row))
                self._forget_drawn()
                self.repaint_rows(index, index + 1)
                self._ask()
                return

    def set_empty(self, notes: Sequence[list_style.Note]) -> None:
        """Lines to show when there are no rows."""
        if notes != self._empty:
            self._empty = notes
            if not self._ids:
                self.refresh()

    def clear_selection(self) -> None:
        """Select nothing."""
        if self.selected:
            self._select(set())

    # Moving and choosing.

    def action_open(self) -> None:
        """Open the current row."""
        if (id := self.current_id) is not None:
            self.post_message(self.Opened(self, self.cursor, id))

    def action_select(self) -> None:
        """Select the current row, or no longer, and go on to the next."""
        if (id := self.current_id) is not None:
            self._select(self.selected ^ {id})
            self.move(1)

    def action_select_all(self) -> None:
        """Select all rows, or none if all are selected."""
        everything = set(self._ids)
        self._select(set() if everything == self.selected else everything)

    def _select(self, selected: set[int]) -> None:
        self.selected = selected
        self.repaint_rows(*self.rows_in_view)
        self.post_message(self.SelectionChanged(self, len(selected)))

    def cursor_moved(self) -> None:
        """Say so, if another article is current or the same in another place."""
        now = (self.cursor, self.current_id)
        if now != self._told:
            self._told = now
            self.post_message(self.Moved(self, *now))

    def _find(self, id: int) -> int | None:
        """Index of article `id`: first near the cursor, where it nearly always is."""
        start = max(0, self.cursor - _NEAR)
        for index in range(start, min(self.cursor + _NEAR, len(self._ids))):
            if self._ids[index] == id:
                return index
        try:
            return self._ids.index(id)
        except ValueError:
            return None

    # Fetching.

    @property
    def is_complete(self) -> bool:
        """Whether all rows in view are at hand."""
        return self._rows.has(*self.rows_in_view)

    def _ask(self) -> None:
        """Ask for what is missing, once the code now running has put in what it has."""
        if not self._asking:
            self._asking = True
            self.call_later(self._post_wanted)

    def _post_wanted(self) -> None:
        self._asking = False
        if self.can_paint:
            request = self._rows.request(*self.rows_in_view)
            if request is not None:
                self.post_message(self.PageWanted(self, *request, self._rows.generation))

    # Painting.

    def view_changes(self, top: int, *, repaint: bool = False) -> None:
        """Hold the picture if rows are missing that will be in view from line `top` on."""
        if self._rows.is_worth_waiting(*self.rows_from(top)):
            self.hold()
        elif self.holding:
            self.let_go()
        elif repaint:
            self.refresh()
        self._ask()

    def lose_patience(self) -> None:
        """Paint the rows there are; do not wait for the others again."""
        self._rows.give_up(*self.rows_in_view)
        self.let_go()

    def line(self, y: int, width: int) -> Strip:
        """Line `y` of all rows, or of the notes when there are no rows."""
        index, line = divmod(y, self.ROW_HEIGHT)
        if index >= len(self._ids):
            note = self._empty[y] if y < len(self._empty) and not self._ids else ()
            return list_style.note_line(self, note, width, self.glyphs.ellipsis)
        current, chosen = index == self.cursor, self._ids[index] in self.selected
        active = current and (self.has_focus or self.lit)
        key = (index, line, width, current, active, chosen, self.clock().date())
        strip = self._strips.get(key)
        if strip is None:
            style = self._style_of(current=current, active=active)
            item = self._rows.get(index)
            if item is None:
                text = " " * GUTTER + (self.glyphs.ellipsis if line == 0 else "")
                segments = [Segment(shorten(text, width, ""), style("list--dim"))]
            else:
                segments = self.draw(item, line, width, style, chosen)
            strip = Strip(segments).adjust_cell_length(width, style())
            if current and self.sparing and item is not None and self.glyphs is not WORDS:
                strip = self._bar_on_title(strip, item, line, chosen)
            if len(self._strips) >= _MAX_STRIPS:
                self._strips.clear()
            self._strips[key] = strip
        return strip

    def _style_of(self, *, current: bool, active: bool) -> StyleOf:
        """Styles of the parts of a row, each found out once for all that is drawn."""
        known = self._looks.get((current, active))
        if known is None:
            styles = list_style.row_styles(self, current=current, active=active)
            known = self._looks[current, active] = cache(styles)
        return known

    def _forget_drawn(self) -> None:
        self._strips.clear()
        self._looks.clear()

    def _bar_on_title(self, strip: Strip, item: Item, line: int, chosen: bool) -> Strip:
        """The cursor's row with only its title lit; the rest is as in any other row."""
        width = strip.cell_length
        look = self._style_of(current=False, active=False)
        plain = Strip(self.draw(item, line, width, look, chosen)).adjust_cell_length(width, look())
        if line:
            return plain
        end = GUTTER + columns(width, self.dates).title
        return Strip.join([plain.crop(0, GUTTER), strip.crop(GUTTER, end), plain.crop(end)])

    def watch_sparing(self) -> None:
        """Draw the cursor's row in the other way."""
        super().watch_sparing()
        self._forget_drawn()

    def notify_style_update(self) -> None:
        """Forget drawn lines when the theme changes."""
        super().notify_style_update()
        self._forget_drawn()
