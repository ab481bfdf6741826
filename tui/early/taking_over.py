"""When the app may paint for the first time: once there is something to be seen, or all of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.app import BroadsheetApp
    from tui.early.screen import EarlyScreen

#: Seconds that the app's first frame waits for the list, and for all there is to be seen where an
#: early frame is shown already.
_LIST, _ALL = 0.4, 1.0

#: Refreshes of the screen until what is there is surely in the frame: it passes through the queue
#: of the widget and that of the screen.
_HOPS: Final = 3


class TakingOver:
    """Holds the app's first frame back.

    Args:
        app: The app.
        early: The screen with a frame on it already, of which the first one must take nothing back;
            None where there is none.
    """

    def __init__(self, app: BroadsheetApp, *, early: EarlyScreen | None) -> None:
        self._app = app
        self._early = early
        self._until: float | None = None  # None: nothing was to be painted yet; 0.0: held no more
        self._letting_go = False

    def is_held(self) -> bool:
        """Whether the frame waits; it is settled (`settle_debt`) when it does no more."""
        if self._until == 0.0:
            return False
        now, main = time.monotonic(), self._app.main
        if self._until is None:
            patience = _LIST if self._early is None else _ALL
            self._until = now + patience
            self._app.set_timer(patience, self._app.settle_debt)
        if now >= self._until:
            self._until = 0.0
        elif self._early is None:
            return not main.is_presentable
        elif main.is_whole and self._knows_link and self._knows_keys and not self._letting_go:
            self._letting_go = True
            self._let_go(_HOPS)
        return self._until != 0.0 and main.is_current

    @property
    def _knows_link(self) -> bool:
        """Whether the link is what it was: a slow one, which has another theme, shows in time."""
        link = None if self._early is None else self._early.link
        return self._app.link.value == link or self._app.link_was_measured

    @property
    def _knows_keys(self) -> bool:
        """Whether the app has done all that moved the cursor before it was there."""
        moves = None if self._early is None else self._early.moves
        return moves is None or self._app.keys_obeyed >= moves.steps

    def _let_go(self, hops: int) -> None:
        if hops:
            self._app.main.call_after_refresh(self._let_go, hops - 1)
        elif not self._app.main.is_whole:  # a bar was told late, and will be painted yet
            self._letting_go = False
        else:
            self._until = 0.0
            self._app.settle_debt()
