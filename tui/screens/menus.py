"""The menus and panels over the main screen: views, order, details, keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from store import LibraryError, View
from tui.options import ORDERS
from tui.screens.listing import Listing
from tui.terminal.lane import Lane, Work
from tui.work import follow, supersede

if TYPE_CHECKING:
    from textual.screen import Screen

    from store import Article, Library, State, ViewCount
    from tui.screens.ask import Attempt
    from tui.screens.details import DetailsDialog, Target
    from tui.screens.statistics import StatisticsDialog
    from tui.screens.switcher import Change, SwitcherDialog

P = ParamSpec("P")
T = TypeVar("T")


class Menus:
    """Opens dialogs and acts on their answers.

    Args:
        screen: The screen the dialogs open over.
        library: Where views and tags are.
        listing: What a view or an order is chosen for.
        tell: Shows what was done to the person.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        screen: Screen[None],
        library: Library,
        listing: Listing,
        *,
        tell: Callable[[str], None],
        report: Callable[[str], None],
    ) -> None:
        self._screen = screen
        self._library = library
        self._listing = listing
        self._tell = tell
        self._report = report
        self._switcher: SwitcherDialog | None = None
        self._renew: Callable[[], object] | None = None  # renews what a dialog tells
        self.lanes = (Lane("menus"),)

    def library_changed(self) -> None:
        """Tell anew what an open dialog tells: counts of views, details, what was read."""
        if self._switcher is not None:
            supersede(self._screen, "views", partial(self._refill, self._switcher))
        if self._renew is not None:
            self._renew()

    async def views(self) -> list[View]:
        """The built-in views, the saved ones and the tags; none when they cannot be read."""
        return await self._try(lambda _: self._library.all_views()) or []

    async def count(self, views: Sequence[View]) -> list[ViewCount]:
        """How many articles each of `views` shows; nothing when they cannot be counted."""
        count = partial(self._library.view_counts, views)
        return await self._try(lambda cancelled: count(cancelled=cancelled)) or []

    def show(self, view: View) -> None:
        """List what a view shows."""
        self._listing.show(view)

    def choose_view(self) -> None:
        """Let the person choose among the built-in views, the saved ones and the tags."""
        supersede(self._screen, "menu", self._choose_view)

    def choose_sort(self) -> None:
        """Let the person choose the order; choosing the one in force turns it round."""
        from tui.screens.choice import Choice, ChoiceDialog

        now = self._listing.sort or "published"
        choices = []
        for key, (by, forward, backward) in ORDERS.items():
            current = key == now.removeprefix("-")
            note = backward if current and now.startswith("-") else forward
            choices.append(Choice(key, by.capitalize(), note, current))

        def chosen(key: str | None) -> None:
            if key is not None:
                if key == now == "random":
                    self._library.shuffle()
                turned = key == now and bool(ORDERS[key][1])
                self._listing.reorder(f"-{key}" if turned else key)

        hint = "the same again turns it round   esc close"
        self._screen.app.push_screen(ChoiceDialog("Order of the list", choices, hint=hint), chosen)

    def save_view(self, query: str) -> None:
        """Ask for a name and keep the query under it."""
        supersede(self._screen, "menu", partial(self._save_view, query))

    def details(
        self,
        article: Article,
        state: State,
        *,
        open_article: Callable[[int], None],
        open_link: Callable[[str], None],
    ) -> None:
        """Show everything known of an article; what is chosen there is opened."""
        from tui.screens.details import DetailsDialog

        dialog = DetailsDialog(article, state)

        def chosen(target: Target | None) -> None:
            self._renew = None
            self._screen.workers.cancel_group(self._screen, "links")
            if target is not None and target.id is not None:
                open_article(target.id)
            elif target is not None:
                open_link(target.url)

        self._screen.app.push_screen(dialog, chosen)
        supersede(self._screen, "links", partial(self._find_links, dialog, article))
        renewed = partial(self._find_details, dialog, article.id)
        self._renew = partial(supersede, self._screen, "links", renewed)

    def statistics(self, view: View) -> None:
        """Show what was read of a view, and what is left of it."""
        from tui.screens.statistics import StatisticsDialog

        dialog = StatisticsDialog(view.name)

        def closed(_: None) -> None:
            self._renew = None
            self._screen.workers.cancel_group(self._screen, "statistics")

        self._screen.app.push_screen(dialog, closed)
        counted = partial(self._count_read, dialog, view.query)
        count = self._renew = partial(supersede, self._screen, "statistics", counted)
        count()

    async def _count_read(self, dialog: StatisticsDialog, query: str) -> None:
        count = partial(self._library.statistics, query)
        try:
            found = await self.lanes[0].run(lambda cancelled: count(cancelled=cancelled))
        except LibraryError as error:
            dialog.set_statistics(None, str(error))
        else:
            dialog.set_statistics(found)

    async def _find_details(self, dialog: DetailsDialog, id: int) -> None:
        try:
            article = await self._work(self._library.get, id)
        except LibraryError:
            return  # it was removed; what is told of it stays true of what it was
        dialog.set_article(article, self._library.state(id))
        await self._find_links(dialog, article)

    async def _find_links(self, dialog: DetailsDialog, article: Article) -> None:
        try:
            links = await self._work(self._library.links, article)
        except LibraryError as error:
            dialog.set_links(None, str(error))
            return
        busy = self._library.indexing is not None
        dialog.set_links(links, "more may be found: articles are being indexed" if busy else "")

    async def _choose_view(self) -> None:
        from tui.screens.switcher import SwitcherDialog

        views = await self._try(lambda _: self._library.all_views())
        if views is None:
            return
        dialog = self._switcher = SwitcherDialog(views, self._listing.view, change=self._change)
        # They are counted while the switcher is already open.
        supersede(self._screen, "counts", partial(self._count, dialog, views))
        try:
            name = await self._screen.app.push_screen_wait(dialog)
        finally:
            self._switcher = None
            self._screen.workers.cancel_group(self._screen, "counts")
        if name is not None:
            self._listing.show(dialog.view(name))

    async def _refill(self, dialog: SwitcherDialog) -> None:
        views = await self._try(lambda _: self._library.all_views())
        if views is not None:
            dialog.set_views(views, self._listing.view)
            if self._switcher is dialog:
                supersede(self._screen, "counts", partial(self._count, dialog, views))

    async def _count(self, dialog: SwitcherDialog, views: Sequence[View]) -> None:
        saved = [view for view in views if view.kind == "saved"]
        others = [view for view in views if view.kind != "saved"]
        for some in (others, saved):  # those that may have to be searched for last
            if some and (counts := await self.count(some)):
                names = (view.name for view in some)
                dialog.set_counts(dict(zip(names, counts, strict=True)))

    def _change(self, what: Change, view: View) -> None:
        if self._switcher is not None:
            follow(self._screen, "menu", partial(self._change_view, self._switcher, what, view))

    async def _change_view(self, dialog: SwitcherDialog, what: Change, view: View) -> None:
        name, query = view
        shown = view == self._listing.view
        try:
            if what == "remove":
                removed = await self._work(self._library.remove_view, name)
                if removed is not None:
                    dialog.was_removed(removed)
            elif what == "save":
                await self._work(self._library.save_view, name, query)
                dialog.was_put_back(view)
            elif what == "rename":
                renamed: View | None = None

                async def rename(new: str) -> None:
                    nonlocal renamed
                    renamed = await self._work(self._library.rename_view, name, new)

                await self._ask(f"New name of “{name}”", name, rename)
                if renamed is not None:
                    dialog.was_renamed(view, renamed.name)
                    if shown:
                        self._listing.rename(renamed.name)
            elif new := await self._ask(
                f"Query of “{name}”",
                query,
                lambda new: self._work(self._library.save_view, name, new),
            ):
                for warning in await self._work(self._library.misunderstood, new):
                    dialog.tell(warning)
                if shown:
                    self._listing.show(View(name, new))
        except LibraryError as error:
            dialog.tell(str(error))
        self.library_changed()

    async def _ask(self, title: str, value: str, attempt: Attempt) -> str | None:
        from tui.screens.ask import AskDialog

        dialog = AskDialog(title, value, attempt=attempt)
        return await self._screen.app.push_screen_wait(dialog)

    async def _work(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.lanes[0].run(lambda _: work(*args, **kwargs))

    async def _try(self, work: Work[T]) -> T | None:
        try:
            return await self.lanes[0].run(work)
        except LibraryError as error:
            self._report(str(error))
            return None

    async def _save_view(self, query: str) -> None:
        replaced: View | None = None

        async def save(name: str) -> None:
            nonlocal replaced
            replaced = await self._work(self._library.save_view, name, query)

        name = await self._ask(f"Save “{query}” as the view", "", save)
        if name is None:
            return
        was = f"; it was {replaced.query}" if replaced is not None else ""
        self._tell(f"saved: f shows the view “{name}”{was}")
