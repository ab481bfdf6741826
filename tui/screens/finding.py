"""Finding in the article being read: the words of a query, lit up and gone through."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from store import LibraryError
from tui.screens.find_bar import FindBar
from tui.screens.work import supersede
from tui.terminal.lane import Lane
from tui.widgets.reader import Reader

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from store import Library
    from tui.typeset.viewport import Place


class Finding:
    """Turns what is typed into the find bar into matches in the reader.

    Args:
        host: The node whose workers do the waiting.
        library: Understands the query, so that the same text finds the same words everywhere.
        bar: The find bar.
        reader: Where to find.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        host: DOMNode,
        library: Library,
        bar: FindBar,
        reader: Reader,
        *,
        report: Callable[[str], None],
    ) -> None:
        self._host = host
        self._library = library
        self._bar = bar
        self._reader = reader
        self._report = report
        self._origin: Place | None = None
        self.lanes = (Lane("find"),)

    def start(self) -> None:
        """Open the bar; matches are looked for from what is on the screen now."""
        view = self._reader.view
        self._origin = None if view is None else view.top_place()
        self._bar.open()

    def find(self, text: str) -> None:
        """Light up what `text` finds, and go to the first match from where one was."""
        supersede(self._host, "find", partial(self._find, text))

    def accept(self) -> None:
        """Give the keys to the reader, where n and N go through the matches."""
        self._bar.close()
        self._reader.focus()

    def stop(self) -> None:
        """Light nothing up any more."""
        self._host.workers.cancel_group(self._host, "find")
        self._reader.set_matcher(None)
        self.accept()

    async def _find(self, text: str) -> None:
        if not text.strip():
            self._reader.set_matcher(None)
            return
        try:
            result = await self.lanes[0].run(
                lambda cancelled: self._library.find(text, typing=True, cancelled=cancelled)
            )
        except LibraryError as error:
            self._report(str(error))
            return
        self._reader.set_matcher(result.matcher, origin=self._origin)
