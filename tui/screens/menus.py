"""The menus and panels over the main screen: views, order, details, keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from store import LibraryError
from tui.screens.ask import AskDialog
from tui.screens.choice import Choice, ChoiceDialog
from tui.screens.details import DetailsDialog
from tui.screens.listing import BUILT_IN, Listing, View
from tui.screens.work import supersede
from tui.terminal.lane import Lane

if TYPE_CHECKING:
    from textual.screen import Screen

    from store import Article, Library, State

#: Orders of the list: sort key -> what it is called, its direction, and that turned round.
SORTS = {
    "published": ("Date published", "newest first", "oldest first"),
    "saved": ("Date saved", "newest first", "oldest first"),
    "title": ("Title", "A to Z", "Z to A"),
    "author": ("Author", "A to Z", "Z to A"),
    "words": ("Length", "longest first", "shortest first"),
}


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
        self.lanes = (Lane("menus"),)

    def choose_view(self) -> None:
        """Let the person choose among the built-in views, the saved ones and the tags."""
        supersede(self._screen, "menu", self._choose_view)

    def choose_sort(self) -> None:
        """Let the person choose the order; choosing the one in force turns it round."""
        now = self._listing.sort or "published"
        choices = []
        for key, (label, forward, backward) in SORTS.items():
            current = key == now.lstrip("-")
            note = backward if current and now.startswith("-") else forward
            choices.append(Choice(key, label, note, current))

        def chosen(key: str | None) -> None:
            if key is not None:
                self._listing.show(self._listing.view, f"-{key}" if key == now else key)

        self._screen.app.push_screen(ChoiceDialog("Order of the list", choices), chosen)

    def save_view(self, query: str) -> None:
        """Ask for a name and keep the query under it."""
        supersede(self._screen, "menu", partial(self._save_view, query))

    def details(self, article: Article, state: State) -> None:
        """Show everything known of an article."""
        self._screen.app.push_screen(DetailsDialog(article, state))

    async def _choose_view(self) -> None:
        try:
            saved = await self.lanes[0].run(lambda _: self._library.views())
            tags = await self.lanes[0].run(lambda _: self._library.tags())
        except LibraryError as error:
            self._report(str(error))
            return
        queries = [*BUILT_IN, *(View(name, query) for name, query in saved.items())]
        views = [*queries, *(View(f"#{tag}", f"tag:{tag}") for tag, _ in tags)]
        notes = {f"tag:{tag}": f"{number:,}" for tag, number in tags}
        choices = [
            Choice(str(i), view.name, notes.get(view.query, ""), view == self._listing.view)
            for i, view in enumerate(views)
        ]
        dialog = ChoiceDialog("Views", choices)
        # These are counted while the menu is already open.
        supersede(self._screen, "counts", partial(self._count, dialog, queries))
        answer = await self._screen.app.push_screen_wait(dialog)
        if answer is not None:
            self._listing.show(views[int(answer)])

    async def _count(self, dialog: ChoiceDialog, views: Sequence[View]) -> None:
        def count(cancelled: Callable[[], bool]) -> Mapping[str, str]:
            notes = {}
            for number, view in enumerate(views):
                result = self._library.find(view.query, cancelled=cancelled)
                notes[str(number)] = f"{result.count:,}{'' if result.exact else '+'}"
            return notes

        try:
            dialog.set_notes(await self.lanes[0].run(count))
        except LibraryError as error:
            self._report(str(error))

    async def _save_view(self, query: str) -> None:
        name = await self._screen.app.push_screen_wait(AskDialog(f"Save “{query}” as the view"))
        if name is None:
            return
        try:
            await self.lanes[0].run(lambda _: self._library.save_view(name, query))
        except LibraryError as error:
            self._report(str(error))
            return
        self._tell(f"saved: f shows the view “{name}”")
