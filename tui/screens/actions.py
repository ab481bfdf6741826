"""What the keys and the palette do on the main screen; each action is a word to a controller."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from store import BUILT_IN_VIEWS
from tui.screens.reader_routes import ReaderRoutes

if TYPE_CHECKING:
    from store import Article, Subscription


class Actions(ReaderRoutes):
    """The actions of `MAIN_KEYS`, those on articles first."""

    def back(self) -> None:
        """Out of the article, or of what is going on in it."""
        self.action_back()

    async def to_pane(self, pane: str) -> None:
        """Give another pane the keys."""
        await self.action_pane(pane)

    # Actions: articles

    def action_mark(self, mark: str) -> None:
        """Set or take away a mark."""
        if ids := self.targets:
            self.marking.toggle(ids, mark)

    def action_tags(self) -> None:
        """Edit the tags."""
        if ids := self.targets:
            from tui.screens.marking import articles

            one = len(ids) == 1
            name = f"“{self._library.rows(ids)[0].title}”" if one else articles(len(ids))
            self.marking.edit_tags(ids, f"Tags of {name}")

    def action_highlights(self) -> None:
        """List the highlights of the article being read; elsewhere all there are."""
        self.highlight_lists.show(self.reader.article if self.in_reader else None)

    def action_purge(self) -> None:
        """Remove articles of the trash for good, once that is said twice."""
        self.marking.purge(self.targets)

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
        from tui.screens.sharing import citation, full_text

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
            open_article=self.open_article,
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
        self.library_changed()
        article = self.article_shown
        if article is not None and article.id in ids:
            self.reading.reload()

    # Actions: what is listed

    async def action_search(self) -> None:
        """Find in the article being read; elsewhere search the library."""
        if self.in_reader:
            await self.find_bar_mounted()
            self.finding.start()
        else:
            await self.action_search_library()

    async def action_search_library(self) -> None:
        """Search the library."""
        self._close_article()
        searching = self.searching  # from now on what can wait does
        await self.go_to_search()
        searching.prepare()
        searching.resume()

    async def action_related(self) -> None:
        """Search for the articles most like this one."""
        article = self.article_shown
        id = article.id if self.in_reader and article else self.current_list.current_id
        if id is not None:
            self._close_article()
            await self.go_to_hits(f"like:{id}")

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
        if self.is_searching and self.in_reader:
            self.action_step(direction)  # a search without words has no matches to go through
        elif self.is_searching:
            self.search.hits.move(direction)
        else:
            self.listing.to_unread(direction, self.open_article if self.in_reader else None)

    def action_step(self, direction: int) -> None:
        """Open the next or previous article of the list."""
        if self.in_reader:
            article = self.reader.article
            aside = article is not None and self.jumping.is_aside(article.id)
            if (id := self.passages.step(direction, aside=aside)) is not None:
                self.open_article(id)

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
            self.show_preview()
        elif self.is_searching:
            self.end_search()
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

    async def action_pane(self, pane: str) -> None:
        """Go to a pane by name, or to the next or previous one."""
        order = ["search" if self.is_searching else "list", "reader"]
        if pane in ("next", "previous"):
            pane = order[0] if self.in_reader else "reader"
        if pane == "search":
            await self.action_search_library()
        elif pane == "reader":
            self.current_list.action_open()
        else:
            if pane == "list" and self.is_searching:
                self.remove_class("-searching")
            self._close_article()
            self.go_to_list()

    def end_search(self) -> None:
        """Put the list back as it was before the search."""
        self.leave_search()
        self.show_preview()

    def _close_article(self) -> None:
        if self.made("reading"):
            self.reading.close()

    def _with_article(self, act: Callable[[Article], None]) -> None:
        if self.in_reader:
            if self.reading.article is not None:
                act(self.reading.article)
        elif (id := self.current_list.current_id) is not None:
            self.reading.fetch(id, act)
