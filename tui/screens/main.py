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

from tui.screens.actions import Actions
from tui.screens.keys import MAIN_KEYS
from tui.screens.listing import ALL
from tui.terminal.keys_in_order import handled
from tui.widgets import search_messages
from tui.widgets.geometry import SMALLEST
from tui.widgets.reader_messages import Spot
from tui.widgets.virtual_list import VirtualList
from tui.work import follow, supersede

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.timer import Timer

    from store import Highlight
    from tui.app import BroadsheetApp
    from tui.drafts import Drafts

#: Seconds after the start before the first look for news, and other things nobody waits for.
_AT_LEISURE = 0.5

#: Articles whose rows are drawn anew one by one; more are fetched again.
_FEW = 50


def _view_commands() -> type[Provider]:
    from tui.palette import ViewCommands

    return ViewCommands


class MainScreen(Actions):
    """Everything but the dialogs."""

    BINDINGS: ClassVar[list[BindingType]] = MAIN_KEYS
    COMMANDS = {_view_commands}

    def __init__(self, app: BroadsheetApp) -> None:
        self._followed: tuple[object, int, int | None] | None = None
        self._doings: dict[str, str] = {}
        self._renewal: Timer | None = None
        super().__init__(app)

    @property
    def is_presentable(self) -> bool:
        """Whether there is more to be seen than empty panes."""
        return self.listing.is_filled or not self.is_current

    @property
    def is_whole(self) -> bool:
        """Whether all is there that is shown at first, the article beside the list included."""
        if not self.is_current:
            return True
        if not self.listing.is_found or self.focused is None or not self.key_bar.keys:
            return False
        if self.has_class("-empty") and not self.is_searching:
            return self.focused is self.empty and self.empty.is_mounted
        beside = self.wide and bool(self.articles.ids)
        return not beside or (self.article_shown is not None and self.reader.bar_is_told)

    async def settled(self) -> None:
        """Return when the list is there, and the article that was asked for."""
        await self.listing.started()
        if self.made("searching") and await self.searching.settled():
            await handled(self.search.hits)  # the answer may have been waited for to open a hit
        if self.made("bookmarking"):
            await self.bookmarking.settled()
        if self.made("reading"):
            await self.reading.opened()

    def on_mount(self) -> None:
        """Fill the list; look now and then for what other programs changed."""
        self.articles.dates = self.app.config.dates
        self.listing.start()
        session = self.app.session
        if session is not None and session.is_left_behind:
            self.reading.resume(self._resumed)
        # Not `focus()`, after which everything would be styled anew.
        self.set_focus(self.articles, scroll_visible=False)
        self.watching.start()
        self.set_timer(_AT_LEISURE, self._begin_rest)
        self.watch(self.articles, "cursor", self._moved, init=False)

    def _begin_rest(self) -> None:
        """Begin what the first picture and the first keys do not wait for."""
        self.subscribing.start()
        session = self.app.session
        if session is not None and session.has_drafts and not self._library.readonly:
            follow(self, "drafts", partial(self._tell_of_drafts, session.drafts))

    async def _tell_of_drafts(self, drafts: Drafts) -> None:
        if words := await drafts.lane.run(lambda _: drafts.load(self._library)):
            self.tell(words)

    def on_unmount(self) -> None:
        """Remember the place in the article, however the app ends."""
        if self.made("adding"):
            self.adding.close()
        if self.made("subscribing"):
            self.subscribing.close()
        if self.made("reading"):
            self.reading.end()

    # Lists

    @on(VirtualList.PageWanted)
    def _rows_wanted(self, event: VirtualList.PageWanted) -> None:
        self.listing.page_wanted(event)

    @on(search_messages.PageWanted)
    def _hits_wanted(self, event: search_messages.PageWanted) -> None:
        self.searching.page_wanted(event)

    @on(VirtualList.Moved)
    @on(search_messages.Moved)
    def _moved(self) -> None:
        """Follow the cursor.

        Called by the cursor itself, so that one frame shows all that follows from a key, and by
        messages, which also tell of another article in the same place.
        """
        current = self.current_list
        followed = (current, current.cursor, current.current_id)
        if followed != self._followed:
            self._followed = followed
            if not self.in_reader:  # where one reads, the article it leads to is still to come
                self.refresh_status()
                self.show_preview()

    @on(VirtualList.Opened)
    @on(search_messages.Opened)
    def _opened(self, event: VirtualList.Opened | search_messages.Opened) -> None:
        self.open_article(event.id)

    @on(VirtualList.SelectionChanged)
    def _selection_changed(self) -> None:
        self.refresh_status()

    @on(search_messages.Changed)
    def _search_changed(self, event: search_messages.Changed) -> None:
        self.searching.find(event.text)

    @on(search_messages.Left)
    def _search_left(self) -> None:
        self.searching.finish()

    @on(search_messages.CompletionWanted)
    def _completion_wanted(self, event: search_messages.CompletionWanted) -> None:
        self.searching.completion_wanted(event)

    @on(search_messages.FacetsWanted)
    def _facets_wanted(self) -> None:
        self.searching.facets_wanted()

    @on(search_messages.FacetChosen)
    def _facet_chosen(self, event: search_messages.FacetChosen) -> None:
        self.searching.facet_chosen(event)

    @on(search_messages.Dismissed)
    def _search_dismissed(self) -> None:
        self.end_search()

    def on_empty_library_sample_wanted(self) -> None:
        """Leave this library for the sample library."""
        self.app.open_sample()

    def library_changed(self) -> None:
        """Find again what is listed."""
        self.listing.requery()
        if self.made("searching"):
            self.searching.requery()
        if self.made("menus"):
            self.menus.library_changed()

    def _changed_elsewhere(self) -> None:
        self.library_changed()
        self._reload_highlights()
        if self.made("subscribing"):
            self.subscribing.subscriptions_changed()
        self._renew_reader()

    def _renew_reader(self) -> None:
        """Show the article as others have changed it, unless the person is at its very words."""
        if self._renewal is not None:
            self._renewal.stop()
            self._renewal = None
        if self.is_selecting or self.is_finding:
            self._renewal = self.set_timer(_AT_LEISURE, self._renew_reader)
        elif self.made("reading"):
            self.reading.refresh()

    def _marked(self, ids: Sequence[int]) -> None:
        self.refresh_rows(ids)
        if not self.in_reader:  # what is being read stays where it is in the list
            self.listing.marked()
        article = self.article_shown
        if article is not None and (not ids or article.id in ids):
            self.reading.state_changed()
        if not ids:  # undone or done again, and that may have been a highlight
            self._reload_highlights()

    def refresh_rows(self, ids: Sequence[int]) -> None:
        """Draw anew what shows articles whose state has changed; none given: all of them."""
        if 0 < len(ids) <= _FEW:
            for row in self._library.rows(ids):
                self.articles.replace(row)
                if self.has_search:
                    self.search.replace(row)
        else:
            self.articles.invalidate()
            if self.has_search:
                self.search.hits.invalidate()
        self.refresh_status()

    def _list_changed(self) -> None:
        if not self.articles.ids:
            self.articles.tell_empty(len(self._library) if self.listing.view == ALL else 0)
        empty = not self.articles.ids and not len(self._library)
        if empty != self.has_class("-empty"):
            self.set_class(empty, "-empty")
            if not self.is_searching:
                self.go_to_list()
        self.refresh_status()

    def _keys_changed(self) -> None:
        self.write_keys(self.app.keys_in_force())

    def _reload_highlights(self) -> None:
        if self.has_reader:
            self.highlighting.load()
        if self.made("highlight_lists"):
            self.highlight_lists.changed()

    def _highlights_changed(self, id: int) -> None:
        self._reload_highlights()
        self.listing.marked()

    def _open_highlight(self, highlight: Highlight) -> None:
        if self.in_reader:
            self.jumping.leave()
        else:
            self.jumping.begin()
        from tui.typeset.places import ANCHOR_LENGTH

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
        return not (self.is_selecting and self.select_bar.has_focus) or action in ("undo", "redo")

    def matches_changed(self) -> None:
        """Tell how many matches there are, and the keys for them."""
        self.refresh_status()
        self._keys_changed()

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
        article = self.article_shown
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
        if not self.wide:
            return
        if self.made("reading"):
            self.reading.preview(self.current_list.current_id, self.passages.matcher)
        else:
            supersede(self, "first preview", self._first_preview)

    async def _first_preview(self) -> None:
        await self.preloading.reader()
        if not self.made("reading"):  # nothing was opened meanwhile
            self.reading.preview(self.current_list.current_id, self.passages.matcher)

    # The screen itself

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        if self.is_finding and not self.find_bar.input.has_focus:
            self.finding.left()
        if self.is_selecting and not self.select_bar.has_focus:
            self.highlighting.left()
        article = self.article_shown
        if article is not None and self.reader.has_focus and not self.in_reader:
            self.open_article(article.id)  # a click on the preview
        elif self.current_list.has_focus and self.in_reader:  # a click beside the reader
            self.remove_class("-open")
            self.reading.close()
        self._keys_changed()
        self.refresh_status()

    def on_resize(self) -> None:
        """A preview may have found room, or the terminal may be too small for anything."""
        if self.size.width < SMALLEST[0] or self.size.height < SMALLEST[1]:
            self.show_too_small()
        self.fit_notice()
        if not self.in_reader:
            self.show_preview()
        self.refresh_status()

    def _background(self, doing: str, of: str = "index") -> None:
        if of == "index" and self._doings.get(of) and not doing and self.made("searching"):
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
            view, count = self.listing.name, self.listing.count
        if self.made("reading"):
            reading = self.reading
            self.write_status(view, count, reading.marks, reading.progress, self.passages.place())
        else:
            self.write_status(view, count)
