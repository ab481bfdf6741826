"""The main screen: list, reader and search.  It routes, and does no work itself.

Messages of the widgets come up here and go to a controller (`listing`, `searching`, `reading`,
`marking`, `sharing`, `menus`); what these find out goes down to the widgets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType

from store import BUILT_IN_VIEWS
from tui.palette import ViewCommands
from tui.screens.adding import Adding
from tui.screens.bookmarking import Bookmarking
from tui.screens.contents import Contents
from tui.screens.exporting import Exporting
from tui.screens.find_bar import FindBar
from tui.screens.finding import Finding
from tui.screens.following import Following
from tui.screens.highlight_lists import HighlightLists
from tui.screens.highlighting import Highlighting
from tui.screens.jumping import Jumping
from tui.screens.keys import MAIN_KEYS
from tui.screens.listing import Listing
from tui.screens.marking import Marking, articles
from tui.screens.menus import Menus
from tui.screens.panes import Panes
from tui.screens.passages import Passages
from tui.screens.reading import Reading
from tui.screens.searching import Searching
from tui.screens.select_bar import SelectBar
from tui.screens.sharing import Sharing, citation, full_text
from tui.screens.subscribing import Subscribing
from tui.screens.typesetting import Typesetting
from tui.screens.watching import Watching
from tui.terminal.lane import Lane
from tui.typeset.places import ANCHOR_LENGTH
from tui.widgets.empty_library import EmptyLibrary
from tui.widgets.reader_messages import (
    BackWanted,
    EndReached,
    HighlightClicked,
    Jumped,
    LetterTyped,
    LetterWanted,
    LinkActivated,
    LinkFocused,
    LinksLabelled,
    MatchChanged,
    MatchesEnded,
    MatchesWrapped,
    Moving,
    NextWanted,
    NothingThere,
    PaneWanted,
    PassagesWanted,
    PatternsWanted,
    PositionChanged,
    SelectionMoved,
    SelectWanted,
    Spot,
)
from tui.widgets.search_pane import SearchPane
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from store import Article, Highlight, Subscription
    from tui.app import BroadsheetApp

#: Articles whose rows are drawn anew one by one; more are fetched again.
_FEW = 50


class MainScreen(Panes):
    """Everything but the dialogs."""

    app: BroadsheetApp
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
            self, library, self.search, changed=self._write_status, report=self.report
        )
        self.reading = Reading(
            self, library, self.reader,
            read_when=app.config.read_when, preview_delay=app.link.preview_delay,
            shown=self.go_to_reader, changed=self._write_status,
            touched=self.refresh_rows, report=self.report, session=app.session,
        )  # fmt: skip
        self.marking = Marking(
            self, library,
            touched=self._marked, moved=self._library_changed,
            tell=self.tell, report=self.report,
        )  # fmt: skip
        self.sharing = Sharing(
            self, app.config, app.link,
            write=app.write_terminal, show=app.show_text, tell=self.tell, report=self.report,
        )  # fmt: skip
        self.finding = Finding(
            self, self.find_bar, self.reader, changed=self._matches_changed, tell=self.tell
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
            changed=self._library_changed, announce=self.announce,
            progress=self._background, report=self.report,
        )  # fmt: skip
        self.menus = Menus(self, library, self.listing, tell=self.tell, report=self.report)
        self.adding = Adding(
            self, library,
            progress=partial(self._background, of="adding"), changed=self._library_changed,
            subscribed=self._subscribed, touched=self._texts_fetched,
            tell=self.tell, report=self.report,
        )  # fmt: skip
        self.subscribing = Subscribing(
            self, library,
            automatic=app.config.feed_refresh, interval=app.config.feed_interval,
            progress=partial(self._background, of="feeds"), show=self.listing.show,
            add=self.adding.ask, changed=self._library_changed,
            tell=self.tell, report=self.report,
        )  # fmt: skip
        self.exporting = Exporting(self, library, tell=self.tell, report=self.report)

    @property
    def is_presentable(self) -> bool:
        """Whether there is more to be seen than empty panes."""
        return self.listing.is_filled or not self.is_current

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
            self._write_status()
            if not self.in_reader:
                self._preview()

    @on(VirtualList.Opened)
    @on(SearchPane.Opened)
    def _opened(self, event: VirtualList.Opened | SearchPane.Opened) -> None:
        self._open(event.id)

    @on(VirtualList.SelectionChanged)
    def _selection_changed(self) -> None:
        self._write_status()

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
        self.leave_search()
        self._preview()

    @on(EmptyLibrary.SampleWanted)
    def _sample_wanted(self) -> None:
        self.app.open_sample()

    def _library_changed(self) -> None:
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
        self._write_status()

    def _list_changed(self) -> None:
        empty = not self.articles.ids and not len(self._library)
        if empty != self.has_class("-empty"):
            self.set_class(empty, "-empty")
            if not self.is_searching:
                self.go_to_list()
        self._write_status()

    # Reader

    @on(PositionChanged)
    def _position_changed(self, event: PositionChanged) -> None:
        self.reading.position_changed(event)
        self._write_status()

    @on(Moving)
    def _moving(self, event: Moving) -> None:
        self.reading.moving(event)

    @on(EndReached)
    def _end_reached(self, event: EndReached) -> None:
        self.reading.end_reached(event)

    @on(LinkActivated)
    def _link_activated(self, event: LinkActivated) -> None:
        self.following.follow(event.url)

    @on(LinkFocused)
    def _link_focused(self, event: LinkFocused) -> None:
        self.following.tell_of(event.address, event.url)

    @on(LetterWanted)
    def _letter_wanted(self, event: LetterWanted) -> None:
        self.bookmarking.ask(event.purpose)

    @on(LetterTyped)
    def _letter_typed(self, event: LetterTyped) -> None:
        self.bookmarking.typed(event.purpose, event.letter)

    @on(LinksLabelled)
    def _links_labelled(self, event: LinksLabelled) -> None:
        self.tell(f"follow {event.typed}_   esc leaves")

    @on(NothingThere)
    def _nothing_there(self, event: NothingThere) -> None:
        self.tell(event.text)

    @on(PaneWanted)
    def _pane_wanted(self, event: PaneWanted) -> None:
        self.action_pane("next" if event.direction > 0 else "previous")

    @on(NextWanted)
    def _next_wanted(self) -> None:
        self.listing.to_unread(1, self._open)

    @on(Jumped)
    def _jumped(self, event: Jumped) -> None:
        self.jumping.jumped(event.spot)

    @on(BackWanted)
    def _back_wanted(self) -> None:
        if not self.jumping.back():
            self.action_back()

    @on(PatternsWanted)
    def _patterns_wanted(self, event: PatternsWanted) -> None:
        self.typesetting.patterns_wanted(event)

    @on(MatchChanged)
    def _match_changed(self, event: MatchChanged) -> None:
        self.finding.match_changed(event.index, event.count)
        self._matches_changed()

    @on(MatchesWrapped)
    def _matches_wrapped(self, event: MatchesWrapped) -> None:
        self.finding.wrapped(event.forward)

    @on(MatchesEnded)
    def _matches_ended(self, event: MatchesEnded) -> None:
        if self.reader.wraps:
            return  # there is none at all, which the count tells
        id = self.passages.step(1 if event.forward else -1)
        if id is None:
            self.tell("no further match" if event.forward else "no earlier match")
        else:
            self._open(id, last=not event.forward)

    @on(FindBar.Changed)
    def _find_changed(self, event: FindBar.Changed) -> None:
        self.finding.find(event.text)

    @on(FindBar.Submitted)
    def _find_submitted(self) -> None:
        self.finding.accept()

    @on(FindBar.Dismissed)
    def _find_dismissed(self) -> None:
        self.finding.leave()

    @on(PassagesWanted)
    def _passages_wanted(self, event: PassagesWanted) -> None:
        self.highlighting.passages_wanted(event)

    @on(SelectWanted)
    def _select_wanted(self) -> None:
        self.highlighting.start()

    @on(SelectionMoved)
    def _selection_moved(self) -> None:
        self.highlighting.selection_moved()

    @on(HighlightClicked)
    def _highlight_clicked(self, event: HighlightClicked) -> None:
        self.highlighting.clicked(event.id)

    @on(SelectBar.Moved)
    def _selection_to_move(self, event: SelectBar.Moved) -> None:
        self.highlighting.moved(event.motion)

    @on(SelectBar.Acted)
    def _selection_acted(self, event: SelectBar.Acted) -> None:
        self.highlighting.act(event.what)

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

    def _matches_changed(self) -> None:
        self._write_status()
        self.write_keys(self.app.keys_in_force())

    def _open(self, id: int, *, last: bool = False) -> None:
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

    def _preview(self) -> None:
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
            self._open(self.reader.article.id)  # a click on the preview
        elif self.current_list.has_focus and self.in_reader:  # a click beside the reader
            self.remove_class("-open")
            self.reading.close()
        self.write_keys(self.app.keys_in_force())
        self._write_status()

    def on_resize(self) -> None:
        """A preview may have found room."""
        if not self.in_reader:
            self._preview()
        self._write_status()

    def _background(self, doing: str, of: str = "index") -> None:
        if of == "index" and self._doings.get(of) and not doing:
            self.searching.requery()  # what was just indexed may be what is searched for
        self._doings[of] = doing
        self.doing = "  ".join(filter(None, self._doings.values()))
        self._write_status()

    def _full_width_changed(self, full: bool) -> None:
        self.set_class(full, "-full")

    def _write_status(self) -> None:
        if self.is_searching:
            view, count = "Search", len(self.search.hits.ids)
        else:
            view, count = self.listing.view.name, self.listing.count
        self.write_status(
            view, count, self.reading.marks, self.reading.progress, self.passages.place()
        )

    # Actions: articles

    def action_mark(self, mark: str) -> None:
        """Set or take away a mark."""
        if ids := self.targets:
            self.marking.toggle(ids, mark)

    def action_tags(self) -> None:
        """Edit the tags."""
        if ids := self.targets:
            one = len(ids) == 1
            name = f"“{self._library.rows(ids)[0].title}”" if one else articles(len(ids))
            self.marking.edit_tags(ids, f"Tags of {name}")

    def action_highlights(self) -> None:
        """List the highlights of the article being read; elsewhere all there are."""
        self.highlight_lists.show(self.reader.article if self.in_reader else None)

    def action_undo(self) -> None:
        """Take the last change back."""
        self.marking.undo()

    def action_redo(self) -> None:
        """Do again what was undone."""
        self.marking.redo()

    def action_open_link(self) -> None:
        """Open the focused link, or the article's."""
        focused = self.reader.focused_url if self.in_reader else ""
        self._with_article(lambda article: self.sharing.open(focused or article.url))

    def action_copy_link(self) -> None:
        """Copy the focused link, or the article's."""
        focused = self.reader.focused_url if self.in_reader else ""
        self._with_article(lambda article: self.sharing.copy(focused or article.url, "link"))

    def action_copy_text(self) -> None:
        """Copy the text of the article being read, the citation of one in the list."""
        if self.in_reader:
            self._with_article(lambda article: self.sharing.copy(full_text(article), "text"))
        else:
            self._with_article(lambda article: self.sharing.copy(citation(article), "citation"))

    def action_export(self) -> None:
        """Write the article, those selected, or all that are listed to files."""
        where = "the search" if self.is_searching else f"“{self.listing.view.name}”"
        listed = () if self.in_reader else self.current_list.ids
        self.exporting.start(self.targets, listed, where)

    def action_details(self) -> None:
        """Show all that is known of the article."""
        self._with_article(self._show_details)

    def _show_details(self, article: Article) -> None:
        self.menus.details(
            article,
            self._library.state(article.id),
            open_article=self._open,
            open_link=self.sharing.open,
        )

    # Actions: what comes in

    def action_add(self) -> None:
        """Add a page, a feed or a file."""
        self.adding.ask()

    def action_feeds(self) -> None:
        """Show the feeds."""
        self.leave_search()
        self.subscribing.open()

    def action_refresh_feeds(self) -> None:
        """Ask the feeds for what is new."""
        self.subscribing.refresh()

    def action_fetch_text(self) -> None:
        """Fetch the texts of articles from their links."""
        self.adding.fetch_texts(self.targets)

    def _subscribed(self, feed: Subscription) -> None:
        self.subscribing.refresh([feed])

    def _texts_fetched(self, ids: Sequence[int]) -> None:
        self._library_changed()
        article = self.reader.article
        if article is not None and article.id in ids:
            self.reading.reload()

    # Actions: what is listed

    def action_search(self) -> None:
        """Find in the article being read; elsewhere search the library."""
        if self.in_reader:
            self.finding.start()
        else:
            self.action_search_library()

    def action_search_library(self) -> None:
        """Search the library."""
        self.reading.close()
        self.go_to_search()
        self.searching.prepare()
        self.searching.resume()

    def action_related(self) -> None:
        """Search for the articles most like this one."""
        article = self.reader.article
        id = article.id if self.in_reader and article else self.current_list.current_id
        if id is not None:
            self.reading.close()
            self.go_to_hits(f"like:{id}")

    def action_save_view(self) -> None:
        """Keep the search under a name."""
        if self.is_searching and self.search.text.strip():
            self.menus.save_view(self.search.text.strip())

    def action_views(self) -> None:
        """Choose what is listed."""
        self.leave_search()
        self.menus.choose_view()

    def action_statistics(self) -> None:
        """Show what was read, and what is left: of the library, or of a tag or saved view."""
        view = self.listing.view
        self.menus.statistics(view if view.kind != "built-in" else BUILT_IN_VIEWS[0])

    def action_sort(self) -> None:
        """Choose the order of the list."""
        self.menus.choose_sort()

    def action_next(self, direction: int) -> None:
        """To the next hit while a search is on, else to the next unread article."""
        if self.is_searching:
            self.search.hits.move(direction)
        else:
            self.listing.to_unread(direction, self._open if self.in_reader else None)

    def action_step(self, direction: int) -> None:
        """Open the next or previous article of the list."""
        if self.in_reader:
            article = self.reader.article
            aside = article is not None and self.jumping.is_aside(article.id)
            if (id := self.passages.step(direction, aside=aside)) is not None:
                self._open(id)

    def action_jump(self, direction: int) -> None:
        """Back to before the last jump, or forward again."""
        if self.in_reader:
            self.jumping.step(direction)

    def action_contents(self) -> None:
        """Show the headings of the article being read."""
        if self.in_reader:
            self.contents.open()

    # Actions: panes

    def action_back(self) -> None:
        """From the reader to the list, from a search to the list, from a selection to none."""
        if self.in_reader:
            self.finding.stop()
            self.reading.close()
            self.go_to_list()
            self._preview()
        elif self.is_searching:
            self._search_dismissed()
        else:
            self.articles.clear_selection()

    def action_leave(self) -> None:
        """Go back where there is a way back, else quit."""
        if self.in_reader or self.is_searching:
            self.action_back()
        else:
            self.app.exit()

    def action_full(self) -> None:
        """Open the article in the full width of the terminal."""
        self.reader.full_width = True
        self.current_list.action_open()

    def action_pane(self, pane: str) -> None:
        """Go to a pane by name, or to the next or previous one."""
        order = ["search" if self.is_searching else "list", "reader"]
        if pane in ("next", "previous"):
            pane = order[0] if self.in_reader else "reader"
        if pane == "search":
            self.action_search_library()
        elif pane == "reader":
            self.current_list.action_open()
        else:
            if pane == "list" and self.is_searching:
                self.remove_class("-searching")
            self.reading.close()
            self.go_to_list()

    def _with_article(self, act: Callable[[Article], None]) -> None:
        if self.in_reader:
            if self.reading.article is not None:
                act(self.reading.article)
        elif (id := self.current_list.current_id) is not None:
            self.reading.fetch(id, act)
