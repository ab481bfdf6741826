"""The panes of the main screen: where they are, which one has the keys, what the lines below say.

What is seen depends on classes of the screen: `-wide` (list and reader side by side) or `-broad`
(so too, and facets beside the hits), `-open` (an article is being read), `-full` (in the full
width), `-searching`, `-empty`.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Size

from tui.screens import keys
from tui.screens.keymap import Keys
from tui.screens.late_panes import LatePanes
from tui.widgets.article_list import ArticleList
from tui.widgets.bars import place_text, progress_text, spoken_place
from tui.widgets.geometry import HIGH, SMALLEST, WIDE
from tui.widgets.glyphs import WORDS, default_glyphs
from tui.widgets.key_bar import KeyBar
from tui.widgets.status_line import StatusLine
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from store import Article

#: Cells of the status line that stay blank: at either end, and between its two texts.
_BLANKS = 4

#: Notices that can be read again.
_MESSAGES = 100

#: From so many columns on, the facets of a search stand beside its hits.
BROAD = 150


class Told(NamedTuple):
    """Something the status line said: when, what, and whether it was an error."""

    when: datetime
    text: str
    error: bool


class Panes(LatePanes):
    """The widgets and what is shown of them; knows nothing of the library.

    Args:
        path: The library's file, for the empty library's text.
        clock: Gives the present, for dates.
        layout: "auto", "stacked" or "single".
    """

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [
        (0, "-too-narrow"),
        (SMALLEST[0], "-narrow"),
        (WIDE, "-wide"),
        (BROAD, "-broad"),
    ]
    VERTICAL_BREAKPOINTS = [
        (0, "-too-low"),
        (SMALLEST[1], "-high"),
    ]

    def __init__(self, path: str, clock: Callable[[], datetime], *, layout: str = "auto") -> None:
        super().__init__(path, clock)
        self._layout_wanted = layout
        if layout != "auto":
            self.HORIZONTAL_BREAKPOINTS = self.HORIZONTAL_BREAKPOINTS[:2]
        if layout == "stacked":
            self.VERTICAL_BREAKPOINTS = [*self.VERTICAL_BREAKPOINTS, (HIGH, "-stacked")]
        self._expect_size()
        self.articles = ArticleList(id="list", clock=clock)
        self.status = StatusLine(id="status")
        self.key_bar = KeyBar(id="keys")
        self.doing = ""
        """What goes on in the background, for the status line."""
        self._notices: deque[str] = deque()
        self.messages: deque[Told] = deque(maxlen=_MESSAGES)
        """What the status line said last."""
        self._status_height = 1
        self._sparing = False

    def _expect_size(self) -> None:
        """Be of the classes of the terminal's size, which will be told: no style changes then."""
        try:
            size = os.get_terminal_size(2)
        except OSError:
            return
        for cells, points in (
            (size.columns, self.HORIZONTAL_BREAKPOINTS),
            (size.lines, self.VERTICAL_BREAKPOINTS),
        ):
            self.add_class(max(point for point in points if point[0] <= cells)[1])

    def _screen_resized(self, size: Size) -> None:
        # Textual draws a screen anew when it is told its size, the one that it has too (8.2).
        if size != self._size:
            super()._screen_resized(size)

    def compose(self) -> ComposeResult:
        """The list, and the two lines under it; the other panes come when they are needed."""
        with Horizontal(id="panes"), Vertical(id="index"):
            yield self.articles
        yield self.status
        yield self.key_bar

    def spare_bytes(self, sparing: bool) -> None:
        """Draw so that little changes with each key, for a link; or without regard to that."""
        self._sparing = self.articles.sparing = sparing
        if self.has_search:
            self.search.hits.sparing = sparing
        if self.has_reader:
            self.reader.sparing = sparing

    # What is where

    @property
    def wide(self) -> bool:
        """Whether list and reader are both on the screen."""
        if self._layout_wanted == "stacked":
            return self.size.height >= HIGH
        return self._layout_wanted == "auto" and self.size.width >= WIDE

    @property
    def in_reader(self) -> bool:
        """Whether an article is being read: it is open, and keys go to it."""
        return self.has_class("-open")

    @property
    def article_shown(self) -> Article | None:
        """The article in the reader, which may be but a preview."""
        return self.reader.article if self.has_reader else None

    @property
    def is_searching(self) -> bool:
        """Whether the search pane is in the list's place."""
        return self.has_class("-searching")

    @property
    def current_list(self) -> VirtualList[Any]:
        """The list one moves in: of articles, or of hits."""
        return self.search.hits if self.is_searching else self.articles

    @property
    def targets(self) -> Sequence[int]:
        """The articles a command acts on: that in the reader, those selected, or the current."""
        if self.in_reader:
            article = self.article_shown
            return [article.id] if article else []
        current = self.current_list
        if current.selected:
            return [id for id in current.ids if id in current.selected]
        return [] if current.current_id is None else [current.current_id]

    def go_to_reader(self) -> None:
        """Show the reader, and give it the keys."""
        self.add_class("-open")
        self.reader.focus()

    def go_to_list(self) -> None:
        """Show the list, or the hits of a search, and give them the keys."""
        self.remove_class("-open")
        if self.has_class("-empty") and not self.is_searching:
            self.empty.focus()
        else:
            self.current_list.focus()

    async def go_to_search(self) -> None:
        """Put the search pane in the list's place, and start typing.

        The query of the last time is there to be edited, or typed over.
        """
        search = await self.search_mounted()
        if not self.is_searching:
            search.input.select_all()
        self.remove_class("-open")
        self.add_class("-searching")
        search.focus_input()

    async def go_to_hits(self, query: str) -> None:
        """Search for `query`, as if it had been typed, and go to the hits."""
        await self.go_to_search()
        self.search.text = query
        self.set_focus(self.search.hits, scroll_visible=False)

    def leave_search(self) -> None:
        """Put the list back as it was."""
        self.remove_class("-searching")
        self.go_to_list()

    # Words for the person

    def tell(self, text: str) -> None:
        """Show a notice until the next key."""
        self._show_notice(text)

    def report(self, text: str) -> None:
        """Show an error until the next key."""
        self._show_notice(text, error=True)

    def announce(self, notices: Sequence[str]) -> None:
        """Show several notices, one after the other with each key."""
        self._notices.extend(notices)
        if self._notices and not self.status.notice[0]:
            self.report(self._notices.popleft())

    @property
    def waiting_notices(self) -> Sequence[str]:
        """Those that come with the next keys."""
        return tuple(self._notices)

    def key_was_pressed(self) -> None:
        """A notice has been seen; the next one may come."""
        self.status.clear_message()
        self.announce(())
        self.fit_notice()

    def _show_notice(self, text: str, *, error: bool = False) -> None:
        self.messages.append(Told(self._clock(), text, error))
        self.status.message(text, error=error)
        self.fit_notice()

    def fit_notice(self) -> None:
        """Let a notice that does not fit in its line take that of the keys as well."""
        high = self.status.lines_wanted(self.size.width)
        if high != self._status_height:
            self._status_height = high
            self.status.styles.height = high
            self.key_bar.display = high == 1

    def write_status(
        self,
        view: str,
        count: int,
        marks: str = "",
        progress: float = 0.0,
        matches: Sequence[str] = (),
    ) -> None:
        """Write the status line.

        Args:
            view: Name of what is listed.
            count: How many articles that is.
            marks: Those of the article in the reader.
            progress: How far the article in the reader was read, 0.0 to 1.0.
            matches: Which match in it is the current one, the longest text first; where there
                is none, the place in the list is told.
        """
        current = self.current_list
        words = default_glyphs() is WORDS
        chosen = f"{len(current.selected):,} selected" if current.selected else ""
        told = spoken_place if words else place_text
        article = self.article_shown
        # An article that a link or a mark led to may be elsewhere in the list, or nowhere.
        aside = self.in_reader and article is not None and article.id != current.current_id
        number = count if current.ids and not aside else 0
        left = told(view, current.cursor, number, chosen, self.doing)
        shown = article is not None and (self.wide or self.in_reader)
        right = progress_text(marks, progress) if shown else ""
        if words and shown:
            marks = ", ".join((*marks.split(), f"{progress * 100:.0f} percent read"))
            right = f"{marks}."
        if matches:
            room = self.size.width - _BLANKS
            choices = [(f"{view}  {matches[0]}", right), (matches[0], right)]
            choices += [(text, f"{progress:.0%}") for text in matches]
            fitting = ((a, b) for a, b in choices if cell_len(a) + cell_len(b) <= room)
            left, right = next(fitting, choices[-1])
        self.status.left, self.status.right = left, right

    def write_keys(self, known: Keys) -> None:
        """Write the key bar for the pane that has the keys.

        Args:
            known: The keys in force by binding id.
        """
        if self.is_finding and self.find_bar.input.has_focus:
            pane = "find"
        elif self.is_selecting:
            pane = self.select_bar.state
        elif self.in_reader:
            pane = "reader" if self.reader.matches is None else "matches"
        elif self.is_searching:
            pane = "search" if self.search.input.has_focus else "hits"
        else:
            pane = "empty" if self.has_class("-empty") else "list"
        self.key_bar.show(
            [(known.first(id), label) for id, label in keys.KEY_BAR[pane] if known.first(id)]
        )
