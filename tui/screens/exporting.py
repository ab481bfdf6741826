"""Writing articles to files, on a thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from store import CancelledError, LibraryError, export_articles
from store.exporters.markdown import file_name
from tui.paths import spared
from tui.screens.export import ExportDialog, Scope, Wanted
from tui.screens.marking import articles
from tui.terminal.lane import Lane
from tui.work import supersede

if TYPE_CHECKING:
    from textual.screen import Screen

    from store import Library


class Exporting:
    """Asks what to export and where to, and does it while the app goes on.

    Args:
        screen: The screen the dialog opens over.
        library: Where the articles are.
        tell: Shows what was done to the person.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        screen: Screen[None],
        library: Library,
        *,
        tell: Callable[[str], None],
        report: Callable[[str], None],
    ) -> None:
        self._screen = screen
        self._library = library
        self._tell = tell
        self._report = report
        self._format = "markdown"
        self.lanes = (Lane("exporting"),)

    def start(self, targets: Sequence[int], listed: Sequence[int], where: str) -> None:
        """Ask what to do with the articles a command acts on, or all that are listed.

        Args:
            targets: The article in the reader, those selected, or the current one.
            listed: All of the list.
            where: What the list is called.
        """
        supersede(self._screen, "menu", partial(self._start, targets, listed, where))

    async def _start(self, targets: Sequence[int], listed: Sequence[int], where: str) -> None:
        scopes = []
        try:
            if len(targets) == 1:
                article = await self.lanes[0].run(lambda _: self._library.get(targets[0]))
                name = file_name(article, "").partition("-")[2]
                scopes.append(Scope(f"This article: {article.title}", targets, name))
            elif targets:
                scopes.append(Scope(f"{articles(len(targets))} selected", targets, "selection"))
        except LibraryError as error:
            self._report(str(error))
            return
        if len(listed) > 1:
            scopes.append(Scope(f"{articles(len(listed))}: all in {where}", listed, "articles"))
        if not scopes:
            self._tell("there is nothing to export")
            return
        wanted = await self._screen.app.push_screen_wait(ExportDialog(scopes, self._format))
        if wanted is not None:
            self._format = wanted.format
            supersede(self._screen, "exporting", partial(self._export, wanted))

    async def _export(self, wanted: Wanted) -> None:
        if len(wanted.ids) > 1:
            self._tell(f"exporting {articles(len(wanted.ids))} to {wanted.place} …")
        try:
            report = await self.lanes[0].run(
                lambda cancelled: export_articles(
                    self._library, wanted.place, format=wanted.format, ids=wanted.ids,
                    force=wanted.force, spared=spared(), cancelled=cancelled,
                )
            )  # fmt: skip
        except CancelledError:
            return
        except LibraryError as error:
            self._report(str(error))
            return
        self._tell(f"exported to {wanted.place}: {report.summary()}")
