"""Looking now and then for what other programs have changed; paints nothing by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from store import LibraryError
from tui.terminal.lane import Lane
from tui.work import follow

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from store import Library

#: Seconds between two looks.
INTERVAL = 1.0

#: Seconds that a library must not have changed before an error in it is told: stock TinyDB writes a
#: file where it stands, so that whoever looks meanwhile sees half of it.
_RESTED = 2.0


class Watching:
    """Has the library take in what changed, and passes on what it has to say.

    Args:
        host: The node whose timer and workers are used.
        library: The library.
        changed: Called when something has changed.
        announce: Shows the library's new notices.
        progress: Shows what the library is at in the background; "" when it is done.
        report: Shows an error; called once for as long as the error stays the same.
    """

    def __init__(
        self,
        host: DOMNode,
        library: Library,
        *,
        changed: Callable[[], None],
        announce: Callable[[Sequence[str]], None],
        progress: Callable[[str], None],
        report: Callable[[str], None],
    ) -> None:
        self._host = host
        self._library = library
        self._changed = changed
        self._announce = announce
        self._progress = progress
        self._shown = ""
        self._report = report
        self._busy = False
        self._error = ""
        self._told = 0
        self.lanes = (Lane("watching"),)

    def start(self) -> None:
        """Look from now on; say at once what opening the library brought up."""
        self._pass_on()
        self._host.set_interval(INTERVAL, self._look)

    def _look(self) -> None:
        if not self._busy:
            self._busy = True
            follow(self._host, "watching", self._refresh)

    async def _refresh(self) -> None:
        error = ""
        try:
            if await self.lanes[0].run(lambda _: self._library.refresh()):
                self._changed()
        except LibraryError as raised:
            error = str(raised)
        finally:
            self._busy = False
        if error and error != self._error and self._is_being_written():
            error = ""  # the next look tells, if it stays so
        elif error and error != self._error:
            self._report(error)
        self._error = error
        self._pass_on()

    def _is_being_written(self) -> bool:
        """Whether the library file has changed just now."""
        try:
            return abs(time.time() - self._library.path.stat().st_mtime) < _RESTED
        except OSError:
            return False  # it is gone, or out of reach: that is no writing

    def _pass_on(self) -> None:
        indexing = self._library.indexing
        done, total = indexing or (0, 0)
        text = f"indexing {done / max(1, total):.0%}" if indexing else ""
        if text != self._shown:
            self._shown = text
            self._progress(text)
        notices = self._library.notices[self._told :]
        self._told += len(notices)
        self._announce(notices)
