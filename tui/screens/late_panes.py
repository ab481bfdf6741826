"""The panes that the first picture does not show: each is made when it is first asked for.

What they are made of takes as long to load and to style as all the rest of the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Static

from tui.terminal.display import RestingScreen
from tui.widgets.geometry import SMALLEST

if TYPE_CHECKING:
    from textual.widget import AwaitMount, Widget

    from tui.screens.find_bar import FindBar
    from tui.screens.select_bar import SelectBar
    from tui.widgets.empty_library import EmptyLibrary
    from tui.widgets.reader import Reader
    from tui.widgets.search_pane import SearchPane


class LatePanes(RestingScreen[None]):
    """Puts the reader, its bars, the search pane and the empty library in their places.

    A pane may be asked for once the screen is mounted.  Those that have parts are whole a moment
    later: `search_mounted` and `find_bar_mounted` wait for it.

    Args:
        path: The library's file, for the empty library's text.
        clock: Gives the present, for dates.
    """

    def __init__(self, path: str, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._path = path
        self._clock = clock
        self._mounting: list[AwaitMount] = []
        self._desk: Vertical | None = None
        self._reader: Reader | None = None
        self._find_bar: FindBar | None = None
        self._select_bar: SelectBar | None = None
        self._search: SearchPane | None = None
        self._empty: EmptyLibrary | None = None
        self._too_small: Static | None = None

    @property
    def reader(self) -> Reader:
        """The pane an article is read in."""
        if self._reader is None:
            from tui.widgets.reader import Reader

            self._reader = Reader(id="reader")
            self._put(self._reader, self.desk)
            self.reader_made(self._reader)
        return self._reader

    @property
    def has_reader(self) -> bool:
        """Whether the reader was made."""
        return self._reader is not None

    def reader_made(self, reader: Reader) -> None:
        """Called once, when the reader was made and before anything is shown in it."""

    @property
    def desk(self) -> Vertical:
        """Where the reader and the bars under it are."""
        if self._desk is None:
            self._style("desk")
            self._desk = Vertical(id="desk")
            self._put(self._desk, self.query_one("#panes"))
        return self._desk

    @property
    def find_bar(self) -> FindBar:
        """The line in which one types what to find in the article."""
        if self._find_bar is None:
            from tui.screens.find_bar import FindBar

            self._find_bar = FindBar(id="find")
            self._put_under_reader(self._find_bar)
        return self._find_bar

    @property
    def is_finding(self) -> bool:
        """Whether the find bar is on the screen."""
        return self._find_bar is not None and self._find_bar.is_open

    @property
    def select_bar(self) -> SelectBar:
        """The line that has the keys while text is selected."""
        if self._select_bar is None:
            from tui.screens.select_bar import SelectBar

            self._select_bar = SelectBar(id="select")
            self._put_under_reader(self._select_bar)
        return self._select_bar

    @property
    def is_selecting(self) -> bool:
        """Whether the select bar is on the screen."""
        return self._select_bar is not None and self._select_bar.is_open

    @property
    def search(self) -> SearchPane:
        """The pane in which the library is searched."""
        if self._search is None:
            from tui.widgets.search_pane import SearchPane

            self._style("search")
            self._search = SearchPane(id="search", clock=self._clock)
            self._put(self._search, self.query_one("#index"))
            self.search_made(self._search)
        return self._search

    @property
    def has_search(self) -> bool:
        """Whether the search pane was made."""
        return self._search is not None

    def search_made(self, search: SearchPane) -> None:
        """Called once, when the search pane was made."""

    @property
    def empty(self) -> EmptyLibrary:
        """What is shown in the place of the list when there are no articles at all."""
        if self._empty is None:
            from tui.widgets.empty_library import EmptyLibrary

            self._style("empty")
            self._empty = EmptyLibrary(self._path, id="empty")
            self._put(self._empty, self.query_one("#index"))
        return self._empty

    def show_too_small(self) -> None:
        """Say that the terminal is too small; seen only while it is."""
        if self._too_small is None:
            self._style("too_small")
            width, height = SMALLEST
            self._too_small = Static(f"too small: {width}x{height} cells needed", id="too-small")
            self._put(self._too_small, self)

    async def search_mounted(self) -> SearchPane:
        """The search pane with all its parts."""
        search = self.search
        await self._mounted()
        return search

    async def find_bar_mounted(self) -> FindBar:
        """The find bar with all its parts."""
        bar = self.find_bar
        await self._mounted()
        return bar

    async def _mounted(self) -> None:
        while self._mounting:
            await self._mounting[0]
            self._mounting.pop(0)

    def _style(self, name: str) -> None:
        """Take in the style sheet of that name, which says where a pane is to be seen."""
        file = Path(__file__).with_name(f"{name}.tcss")
        self.app.stylesheet.add_source(file.read_text("utf-8"), read_from=(str(file), ""))

    def _put(self, pane: Widget, place: Widget) -> None:
        self._mounting.append(place.mount(pane))

    def _put_under_reader(self, bar: Widget) -> None:
        self._mounting.append(self.desk.mount(bar, after=self.reader))
