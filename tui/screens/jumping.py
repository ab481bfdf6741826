"""Back and forward: where one was before a jump, in the article and in those before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.screens.jumplist import JumpList
from tui.widgets.reader import Reader

if TYPE_CHECKING:
    from tui.widgets.reader_messages import Spot


class Jumping:
    """Keeps the places that were jumped from, and goes to them.

    Args:
        reader: What is jumped about in.
        open: Opens an article at a place.
        tell: Shows a notice to the person.
    """

    def __init__(
        self, reader: Reader, *, open: Callable[[Spot], None], tell: Callable[[str], None]
    ) -> None:
        self._reader = reader
        self._open = open
        self._tell = tell
        self._list = JumpList()
        self._aside: set[int] = set()  # articles that were come to by a link, not in the list

    def jumped(self, spot: Spot) -> None:
        """A jump began at `spot`."""
        self._list.push(spot)

    def is_aside(self, id: int) -> bool:
        """Whether an article was come to by a link, away from the list's cursor."""
        return id in self._aside

    def leave(self, *, aside: int | None = None) -> None:
        """The article in the reader gives way to another one: it can be come back to.

        Args:
            aside: The other one's id, if a link leads to it.
        """
        if aside is not None:
            self._aside.add(aside)
        if (here := self._reader.spot()) is not None:
            self._list.push(here)

    def begin(self) -> None:
        """An article is opened from the list, which is what `back` comes back to."""
        self._list.begin()
        self._aside.clear()

    def back(self) -> bool:
        """Back to before the last jump since the list was left; whether there was one."""
        return self._go(-1, beyond=False)

    def step(self, direction: int) -> None:
        """Back (-1) or forward (1) through all jumps, and say so when there is none."""
        if not self._go(direction):
            self._tell("no later place" if direction > 0 else "no earlier place")

    def last(self) -> None:
        """To where the last jump began; again, and one is where one was."""
        here, spot = self._reader.spot(), self._list.last
        if here is not None and spot is not None:
            self._list.push(here)
            self._open(spot)
        else:
            self._tell("nothing was jumped from yet")

    def _go(self, direction: int, *, beyond: bool = True) -> bool:
        here = self._reader.spot()
        if here is None:
            return False
        places = self._list
        spot = places.forward(here) if direction > 0 else places.back(here, beyond=beyond)
        if spot is not None:
            self._open(spot)
        return spot is not None
