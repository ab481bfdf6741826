"""The main screen: list, reader and search.  It routes, and does no work itself.

Messages of the widgets come up here (those of the reader in `reader_routes`, keys in `actions`) and
go to a controller (`listing`, `searching`, `reading` ...); what these find out goes down to the
widgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType

from tui.palette import ViewCommands
from tui.screens.actions import Actions
from tui.screens.adding import Adding
from tui.screens.bookmarking import Bookmarking
from tui.screens.contents import Contents
from tui.screens.exporting import Exporting
from tui.screens.finding import Finding
from tui.screens.following import Following
from tui.screens.highlight_lists import HighlightLists
from tui.screens.highlighting import Highlighting
from tui.screens.jumping import Jumping
from tui.screens.keys import MAIN_KEYS
from tui.screens.listing import Listing
from tui.screens.marking import Marking
from tui.screens.menus import Menus
from tui.screens.passages import Passages
from tui.screens.reading import Reading
from tui.screens.searching import Searching
from tui.screens.sharing import Sharing
from tui.screens.subscribing import Subscribing
from tui.screens.typesetting import Typesetting
from tui.screens.watching import Watching
from tui.terminal.lane import Lane
from tui.typeset.places import ANCHOR_LENGTH
from tui.widgets.empty_library import EmptyLibrary
from tui.widgets.reader_messages import Spot
from tui.widgets.search_pane import SearchPane
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from store import Highlight
    from tui.app import BroadsheetApp

#: Articles whose rows are drawn anew one by one; more are fetched again.
_FEW = 50


class MainScreen(Actions):
    """Everything but the dialogs."""

    BINDINGS: ClassVar[list[BindingType]] = MAIN_KEYS
    COMMANDS = {ViewCommands}

    def __init__(self, app: BroadsheetApp) -> None:
        library = self._library = app.library
        self._followed: tuple[object, int, int | None] | None = None
        self._doings: dict[str, str] = {}
        super().__init__(
            str(library.path), app.clock, layout="single" if app.config.plain else app.config.layout
        )
        self.listing = Listing(
            self, library, self.articles, order_of=app.config.sort_of,
            changed=self._list_changed, tell=self.tell, report=self.report,
        )  # fmt: skip
        self.searching = Searching(
            self, library, self.search, changed=self.refresh_status, report=self.report
        )
        self.reading = Reading(
            self, library, self.reader,
            read_when=app.config.read_when, preview_delay=app.link.preview_delay,
            shown=self.go_to_reader, changed=self.refresh_status,
            touched=self.refresh_rows, report=self.report, session=app.session,
        )  # fmt: skip
        self.marking = Marking(
            self, library,
            touched=self._marked, moved=self.library_changed,
            tell=self.tell, report=self.report,
        )  # fmt: skip
        self.sharing = Sharing(
            self, app.config, app.link,
            write=app.write_terminal, show=app.show_text, tell=self.tell, report=self.report,
        )  # fmt: skip
        self.finding = Finding(
            self, self.find_bar, self.reader, changed=self.matches_changed, tell=self.tell
        )
        self.typesetting = Typesetting(self, self.reader, app.config, tell=self.tell)
        self.highlighting = Highlighting(
            self, library, self.reader, self.select_bar,
            copy=self.sharing.copy, touched=self._highlights_changed,
            changed=self._selecting_changed, tell=self.tell, report=self.report,
        )  # fmt: skip
        self.highlight_lists = HighlightLists(
            self, library, self.highlighting, app,
            open=self._open_highlight, copy=self.sharing.copy, step=self._step_back,
            tell=self.tell, report=self.report,
        )  # fmt: skip
        self.passages = Passages(self, self.searching, self.listing)
        self.jumping = Jumping(self.reader, open=self._open_spot, tell=self.tell)
        self.bookmarking = Bookmarking(
            self, library, self.reader,
            go=self._open_mark, last=self.jumping.last, tell=self.tell, report=self.report,
        )  # fmt: skip
        self.contents = Contents(self, self.reader, tell=self.tell)
        self.following = Following(
            library, self.reader,
            open=self._open_linked, open_outside=self.sharing.open, tell=self.tell,
        )  # fmt: skip
        self.watching = Watching(
            self, library,
            changed=self.library_changed, announce=self.announce,
            progress=self._background, report=self.report,
        )  # fmt: skip
        self.menus = Menus(self, library, self.listing, tell=self.tell, report=self.report)
        self.adding = Adding(
            self, library,
            progress=partial(self._background, of="adding"), changed=self.library_changed,
            subscribed=self._subscribed, touched=self._texts_fetched,
            tell=self.tell, report=self.report,
        )  # fmt: skip
        self.subscribing = Subscribing(
            self, library,
            automatic=app.config.feed_refresh, interval=app.config.feed_interval,
            progress=partial(self._background, of="feeds"), show=self.listing.show,
            add=self.adding.ask, changed=self.library_changed,
            tell=self.tell, report=self.report,
        )  # fmt: skip
        self.exporting = Exporting(self, library, tell=self.tell, report=self.report)

    @property
    def is_presentable(self) -> bool:
        """Whether there is more to be seen than empty panes."""
        return self.listing.is_filled or not self.is_current

    @property
    def is_whole(self) -> bool:
        """Whether all is there that is shown at first, the article beside the list included."""
        if not self.is_current:
            return True
        shown = not self.wide or not self.articles.ids or self.reader.article is not None
        return self.listing.is_found and shown

    async def settled(self) -> None:
        """Return when the list is there, and the article that was asked for."""
        await self.listing.started()
        await self.bookmarking.settled()
        await self.reading.opened()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All threads that work for the screen."""
        return (
            *self.watching.lanes, *self.listing.lanes, *self.searching.lanes, *self.reading.lanes,
            *self.finding.lanes, *self.marking.lanes, *self.menus.lanes, *self.typesetting.lanes,
            *self.highlighting.lanes, *self.highlight_lists.lanes, *self.bookmarking.lanes,
            *self.adding.lanes, *self.subscribing.lanes, *self.exporting.lanes,
        )  # fmt: skip

    def on_mount(self) -> None:
        """Fill the list; look now and then for what other programs changed."""
        self.reader.column = self.reader.usual_column = self.app.config.column
        self.articles.dates = self.search.hits.dates = self.app.config.dates
        self.listing.start()
        self.reading.resume(self._resumed)
        self.articles.focus()
        self.watching.start()
        self.subscribing.start()
        self.watch(self.articles, "cursor", self._moved, init=False)
        self.watch(self.search.hits, "cursor", self._moved, init=False)
        # The reader's own key for it makes the text as wide as the pane; the list gives way.
        self.watch(self.reader, "full_width", self._full_width_changed, init=False)

    def on_unmount(self) -> None:
        """Remember the place in the article, however the app ends."""
        self.adding.close()
        self.subscribing.close()
        self.reading.end()

    # Lists

    @on(VirtualList.PageWanted)
    def _rows_wanted(self, event: VirtualList.PageWanted) -> None:
        self.listing.page_wanted(event)

    @on(SearchPane.PageWanted)
    def _hits_wanted(self, event: SearchPane.PageWanted) -> None:
        self.searching.page_wanted(event)

    @on(VirtualList.Moved)
    @on(SearchPane.Moved)
    def _moved(self) -> None:
        """Follow the cursor.

        Called by the cursor itself, so that one frame shows all that follows from a key, and by
        messages, which also tell of another article in the same place.
        """
        current = self.current_list
        followed = (current, current.cursor, current.current_id)
        if followed != self._followed:
            self._followed = followed
            self.refresh_status()
            if not self.in_reader:
                self.show_preview()

    @on(VirtualList.Opened)
    @on(SearchPane.Opened)
    def _opened(self, event: VirtualList.Opened | SearchPane.Opened) -> None:
        self.open_article(event.id)

    @on(VirtualList.SelectionChanged)
    def _selection_changed(self) -> None:
        self.refresh_status()

    @on(SearchPane.Changed)
    def _search_changed(self, event: SearchPane.Changed) -> None:
        self.searching.find(event.text)

    @on(SearchPane.CompletionWanted)
    def _completion_wanted(self, event: SearchPane.CompletionWanted) -> None:
        self.searching.completion_wanted(event)

    @on(SearchPane.FacetsWanted)
    def _facets_wanted(self) -> None:
        self.searching.facets_wanted()

    @on(SearchPane.FacetChosen)
    def _facet_chosen(self, event: SearchPane.FacetChosen) -> None:
        self.searching.facet_chosen(event)

    @on(SearchPane.Dismissed)
    def _search_dismissed(self) -> None:
        self.end_search()

    @on(EmptyLibrary.SampleWanted)
    def _sample_wanted(self) -> None:
        self.app.open_sample()

    def library_changed(self) -> None:
        """Find again what is listed."""
        self.listing.requery()
        self.searching.requery()
        self.menus.library_changed()

    def _marked(self, ids: Sequence[int]) -> None:
        self.refresh_rows(ids)
        if not self.in_reader:  # what is being read stays where it is in the list
            self.listing.marked()
        article = self.reader.article
        if article is not None and (not ids or article.id in ids):
            self.reading.state_changed()
        if not ids:  # undone or done again, and that may have been a highlight
            self.highlighting.load()
            self.highlight_lists.changed()

    def refresh_rows(self, ids: Sequence[int]) -> None:
        """Draw anew what shows articles whose state has changed; none given: all of them."""
        if 0 < len(ids) <= _FEW:
            for row in self._library.rows(ids):
                self.articles.replace(row)
                self.search.replace(row)
        else:
            self.articles.invalidate()
            self.search.hits.invalidate()
        self.refresh_status()

    def _list_changed(self) -> None:
        empty = not self.articles.ids and not len(self._library)
        if empty != self.has_class("-empty"):
            self.set_class(empty, "-empty")
            if not self.is_searching:
                self.go_to_list()
        self.refresh_status()

    def _selecting_changed(self) -> None:
        self.write_keys(self.app.keys_in_force())

    def _highlights_changed(self, id: int) -> None:
        self.highlighting.load()
        self.highlight_lists.changed()
        self.listing.marked()

    def _open_highlight(self, highlight: Highlight) -> None:
        if self.in_reader:
            self.jumping.leave()
        else:
            self.jumping.begin()
        anchor = " ".join(highlight.quote[:ANCHOR_LENGTH].split("\n"))
        row = self.reader.size.height // 3
        self._open_spot(Spot(highlight.article, highlight.offset, anchor, row))
        self.highlighting.reveal(highlight)

    def _step_back(self, direction: int) -> None:
        if direction < 0:
            self.marking.undo()
        else:
            self.marking.redo()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While text is being selected no other key of the screen does anything."""
        return not self.select_bar.has_focus or action in ("undo", "redo")

    def matches_changed(self) -> None:
        """Tell how many matches there are, and the keys for them."""
        self.refresh_status()
        self.write_keys(self.app.keys_in_force())

    def open_article(self, id: int, *, last: bool = False) -> None:
        """Open an article; Backspace comes back to where one is."""
        if self.in_reader:
            self.jumping.leave()
        else:
            self.jumping.begin()
        self.reading.open(id, self.passages.matcher, last=last)

    async def _resumed(self, id: int) -> None:
        await self.listing.started()
        self.articles.go_to(id)
        self.tell("taken up where the program was cut off")

    def _open_linked(self, id: int, fragment: str) -> None:
        self.jumping.leave(aside=id)
        name = partial(self.reader.go_to_name, fragment, jump=False)
        self.reading.open(id, then=name if fragment else None)

    def _open_mark(self, spot: Spot) -> None:
        article = self.reader.article
        if article is not None and article.id == spot.id:
            self.reader.jump_to_spot(spot)
        else:
            self.jumping.leave(aside=spot.id)
            self._open_spot(spot)

    def _open_spot(self, spot: Spot) -> None:
        if not self.jumping.is_aside(spot.id):
            self.current_list.go_to(spot.id)
        self.reading.open(spot.id, self.passages.matcher, spot=spot)

    def show_preview(self) -> None:
        """Show the article under the cursor, if the reader is beside the list."""
        if self.wide:
            self.reading.preview(self.current_list.current_id, self.passages.matcher)

    # The screen itself

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        if self.find_bar.is_open and not self.find_bar.input.has_focus:
            self.finding.left()
        if self.select_bar.is_open and not self.select_bar.has_focus:
            self.highlighting.left()
        if self.reader.has_focus and not self.in_reader and self.reader.article is not None:
            self.open_article(self.reader.article.id)  # a click on the preview
        elif self.current_list.has_focus and self.in_reader:  # a click beside the reader
            self.remove_class("-open")
            self.reading.close()
        self.write_keys(self.app.keys_in_force())
        self.refresh_status()

    def on_resize(self) -> None:
        """A preview may have found room."""
        if not self.in_reader:
            self.show_preview()
        self.refresh_status()

    def _background(self, doing: str, of: str = "index") -> None:
        if of == "index" and self._doings.get(of) and not doing:
            self.searching.requery()  # what was just indexed may be what is searched for
        self._doings[of] = doing
        self.doing = "  ".join(filter(None, self._doings.values()))
        self.refresh_status()

    def _full_width_changed(self, full: bool) -> None:
        self.set_class(full, "-full")

    def refresh_status(self) -> None:
        """Write the status line as things are."""
        if self.is_searching:
            view, count = "Search", len(self.search.hits.ids)
        else:
            view, count = self.listing.view.name, self.listing.count
        self.write_status(
            view, count, self.reading.marks, self.reading.progress, self.passages.place()
        )
