"""Preloading modules by a thread, so that keys are obeyed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Final

from tui.terminal.lane import Lane
from tui.work import follow

if TYPE_CHECKING:
    from textual.dom import DOMNode

#: Seconds from when the first keys were obeyed until what the next ones may need is loaded: by
#: then what they did is painted.
_SOON: Final = 0.1

#: What the reader is made of; nothing else of the app takes as long to load.
_READER: Final = (
    "tui.widgets.reader",
    "tui.screens.reading",
    "tui.screens.typesetting",
    "tui.screens.jumping",
    "tui.screens.passages",
)


class Preloading:
    """Loads what the first picture does without.

    Args:
        host: The node whose workers and timers are used.
        busy: Whether somebody waits for something else just now.
    """

    def __init__(self, host: DOMNode, busy: Callable[[], bool]) -> None:
        self._host = host
        self._busy = busy
        self._begun = False
        self.lanes = (Lane("loading"),)

    def keys_were_obeyed(self) -> None:
        """The person is there, and will read."""
        if not self._begun:
            self._begun = True
            self._host.set_timer(_SOON, self._begin)

    def _begin(self) -> None:
        if self._busy():  # loading takes turns with whatever else is done in Python
            self._host.set_timer(_SOON, self._begin)
        else:
            follow(self._host, "loading", self.reader)

    async def reader(self) -> None:
        """Load what the reader is made of; returns at once where that was done."""
        self._begun = True
        await self.lanes[0].run(lambda _: list(map(import_module, _READER)))
