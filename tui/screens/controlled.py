"""What the routes and the actions of the main screen stand on: its controllers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.panes import Panes

if TYPE_CHECKING:
    from store import Library
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
    from tui.screens.reading import Reading
    from tui.screens.searching import Searching
    from tui.screens.sharing import Sharing
    from tui.screens.subscribing import Subscribing
    from tui.screens.typesetting import Typesetting
    from tui.screens.watching import Watching


class Controlled(Panes):
    """The panes with the controllers that `MainScreen` makes, and what it does for all of them."""

    app: BroadsheetApp
    _library: Library
    listing: Listing
    searching: Searching
    reading: Reading
    marking: Marking
    sharing: Sharing
    finding: Finding
    typesetting: Typesetting
    highlighting: Highlighting
    highlight_lists: HighlightLists
    passages: Passages
    jumping: Jumping
    bookmarking: Bookmarking
    contents: Contents
    following: Following
    watching: Watching
    menus: Menus
    adding: Adding
    subscribing: Subscribing
    exporting: Exporting

    def open_article(self, id: int, *, last: bool = False) -> None:
        """Open an article to be read, at its first match or (`last`) its last."""
        raise NotImplementedError

    def show_preview(self) -> None:
        """Show the article under the cursor beside the list, where there is room."""
        raise NotImplementedError

    def library_changed(self) -> None:
        """Find again what is listed: articles have come, gone or changed."""
        raise NotImplementedError

    def refresh_status(self) -> None:
        """Write the status line as things are now."""
        raise NotImplementedError

    def matches_changed(self) -> None:
        """Show how many matches there are, and the keys for them."""
        raise NotImplementedError
