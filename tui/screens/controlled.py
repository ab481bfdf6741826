"""What the routes and the actions of the main screen stand on: its controllers.

Each is made, and what it needs is loaded, when something is first asked of it: only `listing` and
`watching` are at work when the app begins.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from tui.screens.panes import Panes

if TYPE_CHECKING:
    from store import Highlight, Library, Subscription
    from tui.app import BroadsheetApp
    from tui.screens.adding import Adding
    from tui.screens.bookmarking import Bookmarking
    from tui.screens.contents import Contents
    from tui.screens.exporting import Exporting
    from tui.screens.finding import Finding
    from tui.screens.following import Following
    from tui.screens.highlight_lists import HighlightLists
    from tui.screens.highlighting import Highlighting
    from tui.screens.jumping import Jumping
    from tui.screens.listing import Listing
    from tui.screens.marking import Marking
    from tui.screens.menus import Menus
    from tui.screens.passages import Passages
    from tui.screens.preloading import Preloading
    from tui.screens.reading import Reading
    from tui.screens.searching import Searching
    from tui.screens.sharing import Sharing
    from tui.screens.subscribing import Subscribing
    from tui.screens.typesetting import Typesetting
    from tui.screens.watching import Watching
    from tui.terminal.lane import Lane
    from tui.widgets.reader import Reader
    from tui.widgets.reader_messages import Spot
    from tui.widgets.search_pane import SearchPane


class Controlled(Panes):
    """The panes with their controllers, and what `MainScreen` does for all of them.

    Args:
        app: The app, whose library, settings and link they get.
    """

    app: BroadsheetApp

    def __init__(self, app: BroadsheetApp) -> None:
        layout = "single" if app.config.plain else app.config.layout
        super().__init__(str(app.library.path), app.clock, layout=layout)
        self._library: Library = app.library

    def made(self, name: str) -> bool:
        """Whether a controller was made: if not, it has nothing to be told, nor to tell."""
        return name in self.__dict__

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All threads that work for the screen."""
        lanes: list[Lane] = []
        for made in self.__dict__.values():
            # Of itself Textual keeps the screen as what the mouse is over.
            if made is not self and type(made).__module__.startswith(__package__):
                lanes += getattr(made, "lanes", ())
        return tuple(lanes)

    # What is at work from the beginning

    @cached_property
    def listing(self) -> Listing:
        """What the list shows."""
        from tui.screens.listing import Listing

        return Listing(
            self, self._library, self.articles, order_of=self.app.config.sort_of,
            changed=self._list_changed, tell=self.tell, report=self.report,
        )  # fmt: skip

    @cached_property
    def watching(self) -> Watching:
        """What other programs change."""
        from tui.screens.watching import Watching

        return Watching(
            self, self._library,
            changed=self._changed_elsewhere, announce=self.announce,
            progress=self._background, report=self.report,
        )  # fmt: skip

    @cached_property
    def preloading(self) -> Preloading:
        """What is loaded beside it."""
        from tui.screens.preloading import Preloading

        return Preloading(self, lambda: self.made("searching") and self.searching.is_typed)

    # The reader

    @cached_property
    def reading(self) -> Reading:
        """The article that is read."""
        from tui.screens.reading import Reading

        app = self.app
        return Reading(
            self, self._library, self.reader,
            read_when=app.config.read_when, preview_delay=app.link.preview_delay,
            shown=self.go_to_reader, changed=self.refresh_status,
            touched=self.refresh_rows, report=self.report, session=app.session,
        )  # fmt: skip

    @cached_property
    def typesetting(self) -> Typesetting:
        """How it is set."""
        from tui.screens.typesetting import Typesetting

        return Typesetting(self, self.reader, self.app.config, tell=self.tell)

    def reader_made(self, reader: Reader) -> None:
        """Have it set articles as the config and the link want."""
        from tui.terminal.links import takes_links

        reader.sparing = self._sparing
        reader.hyperlinks = takes_links(os.environ)
        reader.column = reader.usual_column = self.app.config.column
        # The reader's own key for it makes the text as wide as the pane; the list gives way.
        self.watch(reader, "full_width", self._full_width_changed, init=False)
        assert self.typesetting

    @cached_property
    def finding(self) -> Finding:
        """What is found in it."""
        from tui.screens.finding import Finding

        return Finding(
            self, self.find_bar, self.reader, changed=self.matches_changed, tell=self.tell
        )

    @cached_property
    def highlighting(self) -> Highlighting:
        """What is selected and highlighted in it."""
        from tui.screens.highlighting import Highlighting

        return Highlighting(
            self, self._library, self.reader, self.select_bar,
            copy=self.sharing.copy, touched=self._highlights_changed,
            changed=self._keys_changed, tell=self.tell, report=self.report,
            session=self.app.session,
        )  # fmt: skip

    @cached_property
    def highlight_lists(self) -> HighlightLists:
        """The lists of what is highlighted."""
        from tui.screens.highlight_lists import HighlightLists

        return HighlightLists(
            self, self._library, self.highlighting, self.app,
            open=self._open_highlight, copy=self.sharing.copy, step=self._step_back,
            tell=self.tell, report=self.report,
        )  # fmt: skip

    @cached_property
    def passages(self) -> Passages:
        """Where the words of a result stand."""
        from tui.screens.passages import Passages

        return Passages(self, lambda: self.searching if self.has_search else None, self.listing)

    @cached_property
    def jumping(self) -> Jumping:
        """Where one jumped from."""
        from tui.screens.jumping import Jumping

        return Jumping(self.reader, open=self._open_spot, tell=self.tell)

    @cached_property
    def bookmarking(self) -> Bookmarking:
        """The marked places."""
        from tui.screens.bookmarking import Bookmarking

        return Bookmarking(
            self, self._library, self.reader,
            go=self._open_mark, last=self.jumping.last, tell=self.tell, report=self.report,
        )  # fmt: skip

    @cached_property
    def contents(self) -> Contents:
        """The headings."""
        from tui.screens.contents import Contents

        return Contents(self, self.reader, tell=self.tell)

    @cached_property
    def following(self) -> Following:
        """The links."""
        from tui.screens.following import Following

        return Following(
            self._library, self.reader,
            open=self._open_linked, open_outside=self.sharing.open, tell=self.tell,
        )  # fmt: skip

    # What is done now and then

    @cached_property
    def searching(self) -> Searching:
        """What is searched for in the library."""
        from tui.screens.searching import Searching

        return Searching(
            self, self._library, self.search,
            changed=self.refresh_status, paint=self.app.paint_now, report=self.report,
        )  # fmt: skip

    def search_made(self, search: SearchPane) -> None:
        """Have it write dates as the config wants, and follow its cursor."""
        search.hits.sparing = self._sparing
        search.hits.dates = self.app.config.dates
        self.watch(search.hits, "cursor", self._moved, init=False)

    @cached_property
    def marking(self) -> Marking:
        """The marks of articles."""
        from tui.screens.marking import Marking

        return Marking(
            self, self._library,
            touched=self._marked, moved=self.library_changed,
            tell=self.tell, report=self.report,
        )  # fmt: skip

    @cached_property
    def sharing(self) -> Sharing:
        """Links and texts on their way out."""
        from tui.screens.sharing import Sharing

        app = self.app
        return Sharing(
            self, app.config, app.link,
            write=app.write_terminal, show=app.show_text, tell=self.tell, report=self.report,
        )  # fmt: skip

    @cached_property
    def menus(self) -> Menus:
        """The menus and panels."""
        from tui.screens.menus import Menus

        return Menus(self, self._library, self.listing, tell=self.tell, report=self.report)

    @cached_property
    def adding(self) -> Adding:
        """What the person adds."""
        from tui.screens.adding import Adding

        return Adding(
            self, self._library,
            progress=partial(self._background, of="adding"), changed=self.library_changed,
            subscribed=self._subscribed, touched=self._texts_fetched,
            tell=self.tell, report=self.report,
        )  # fmt: skip

    @cached_property
    def subscribing(self) -> Subscribing:
        """What the feeds bring."""
        from tui.screens.subscribing import Subscribing

        config = self.app.config
        return Subscribing(
            self, self._library,
            automatic=config.feed_refresh, interval=config.feed_interval,
            progress=partial(self._background, of="feeds"), show=self.listing.show,
            changed=self.library_changed,
            tell=self.tell, report=self.report,
        )  # fmt: skip

    @cached_property
    def exporting(self) -> Exporting:
        """What is written to files."""
        from tui.screens.exporting import Exporting

        return Exporting(self, self._library, tell=self.tell, report=self.report)

    # What they have done

    def open_article(self, id: int, *, last: bool = False) -> None:
        """Open an article to be read, at its first match or (`last`) its last."""
        raise NotImplementedError

    def show_preview(self) -> None:
        """Show the article under the cursor beside the list, where there is room."""
        raise NotImplementedError

    def library_changed(self) -> None:
        """Find again what is listed: articles have come, gone or changed."""
        raise NotImplementedError

    def _changed_elsewhere(self) -> None:
        raise NotImplementedError

    def refresh_status(self) -> None:
        """Write the status line as things are now."""
        raise NotImplementedError

    def refresh_rows(self, ids: Sequence[int]) -> None:
        """Draw anew what shows articles whose state has changed; none given: all of them."""
        raise NotImplementedError

    def matches_changed(self) -> None:
        """Show how many matches there are, and the keys for them."""
        raise NotImplementedError

    def _list_changed(self) -> None:
        raise NotImplementedError

    def _moved(self) -> None:
        raise NotImplementedError

    def _marked(self, ids: Sequence[int]) -> None:
        raise NotImplementedError

    def _keys_changed(self) -> None:
        raise NotImplementedError

    def _full_width_changed(self, full: bool) -> None:
        raise NotImplementedError

    def _highlights_changed(self, id: int) -> None:
        raise NotImplementedError

    def _open_highlight(self, highlight: Highlight) -> None:
        raise NotImplementedError

    def _open_linked(self, id: int, fragment: str) -> None:
        raise NotImplementedError

    def _open_mark(self, spot: Spot) -> None:
        raise NotImplementedError

    def _open_spot(self, spot: Spot) -> None:
        raise NotImplementedError

    def _step_back(self, direction: int) -> None:
        raise NotImplementedError

    def _subscribed(self, feed: Subscription) -> None:
        raise NotImplementedError

    def _texts_fetched(self, ids: Sequence[int]) -> None:
        raise NotImplementedError

    def _background(self, doing: str, of: str = "index") -> None:
        raise NotImplementedError
