"""Places marked with a letter: set, gone to, and told of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker

from store import Bookmark, LibraryError
from tui.terminal.lane import Lane
from tui.widgets.reader_messages import Spot
from tui.work import ended, supersede

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from store import Library
    from tui.widgets.reader import Reader

_QUESTIONS = {"set": "mark this place: a letter", "go": "go to the mark: a letter, ? for all"}


class Bookmarking:
    """Marks places of articles and finds them again.

    Args:
        host: The node whose workers do the waiting.
        library: Keeps the marks.
        reader: What is marked in.
        go: Goes to a marked place, which may be in another article.
        last: Goes to where the last jump began, which is the mark `'`.
        tell: Shows a notice to the person.
        report: Shows an error to the person.
    """

    def __init__(
        self,
        host: DOMNode,
        library: Library,
        reader: Reader,
        *,
        go: Callable[[Spot], None],
        last: Callable[[], None],
        tell: Callable[[str], None],
        report: Callable[[str], None],
    ) -> None:
        self._host = host
        self._library = library
        self._reader = reader
        self._go = go
        self._last = last
        self._tell = tell
        self._report = report
        self._worker: Worker[None] | None = None
        self.lanes = (Lane("bookmarks"),)

    def ask(self, purpose: str) -> None:
        """Say that a letter is waited for: to "set" a mark, or to "go" to one."""
        self._tell(_QUESTIONS[purpose])

    def typed(self, purpose: str, letter: str) -> None:
        """The letter was typed."""
        spot = self._reader.spot()
        if spot is None:
            return
        if purpose == "go" and letter in ("'", "`"):
            self._last()
        else:
            act = self._set if purpose == "set" else self._find
            self._worker = supersede(self._host, "bookmarks", partial(self._try, act, letter, spot))

    async def settled(self) -> None:
        """Return when no mark is on its way to or from the disk."""
        worker, self._worker = self._worker, None
        if worker is not None:
            await ended(worker)

    async def _try(self, act: Callable[[str, Spot], object], letter: str, spot: Spot) -> None:
        try:
            done = await self.lanes[0].run(lambda _: act(letter, spot))
        except LibraryError as error:
            self._report(str(error))
            return
        if isinstance(done, Spot):
            self._go(done)
        else:
            self._tell(str(done))

    def _set(self, letter: str, spot: Spot) -> str:
        mark = Bookmark(letter, spot.id, spot.position, spot.anchor)
        self._library.bookmarks.set(mark)
        where = "from anywhere in the library" if letter.isupper() else "in this article"
        return f"marked: '{letter} comes back here {where}"

    def _find(self, letter: str, spot: Spot) -> Spot | str:
        mark = self._library.bookmarks.get(letter, spot.id)
        if mark is not None:
            return Spot(mark.article, mark.position, mark.anchor)
        marks = self._library.bookmarks.all(spot.id)
        here = " ".join(mark.letter for mark in marks if mark.letter.islower())
        library = " ".join(mark.letter for mark in marks if mark.letter.isupper())
        known = "; ".join(
            f"{where}: {letters}"
            for where, letters in (("in this article", here), ("in the library", library))
            if letters
        )
        none = f"no mark {letter}; " if letter.isalpha() else ""
        return none + (f"marks {known}" if known else "m and a letter marks a place")
