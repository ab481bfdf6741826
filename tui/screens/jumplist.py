"""Places one has jumped from, to go back to and forward again."""

from __future__ import annotations

from typing import Final

from tui.widgets.reader_messages import Spot

#: Places that are kept, as many as vim keeps.
MOST: Final = 100


class JumpList:
    """The places of one way through the library, with where one is on it.

    Going back leaves what is ahead, until a new jump takes its place, as in a browser (and in vim
    with `jumpoptions=stack`).  A place that is jumped from again moves to the end of the list, as
    in vim, so that no place is gone back to twice.
    """

    def __init__(self) -> None:
        self._spots: list[Spot] = []
        self._now = 0  # how many of them are behind us
        self._floor = 0  # where the article was come to from the list
        self.last: Spot | None = None
        """Where the last jump began, back and forward included."""

    def __len__(self) -> int:
        return len(self._spots)

    def push(self, spot: Spot) -> None:
        """A jump begins at `spot`; what was ahead is given up."""
        del self._spots[self._now :]
        self._add(spot)
        self._now = len(self._spots)
        self.last = spot

    def begin(self) -> None:
        """An article was chosen from the list: `back` stops here if it is told to."""
        del self._spots[self._now :]
        self._floor = self._now

    def back(self, here: Spot, *, beyond: bool = True) -> Spot | None:
        """The place before `here`; None where there is none.

        Args:
            here: Where one is; kept, to come forward to again.
            beyond: Whether also places of before the last `begin` count.
        """
        now = self._now
        while now > (0 if beyond else self._floor):
            now -= 1
            if not _same(spot := self._spots[now], here):
                self._leave(here)
                self._now = now
                self._floor = min(self._floor, now)
                return spot
        return None

    def forward(self, here: Spot) -> Spot | None:
        """The place after `here` that one has gone back from; None where there is none."""
        for now in range(self._now + 1, len(self._spots)):
            if not _same(spot := self._spots[now], here):
                self._leave(here)
                self._now = now
                return spot
        return None

    def _leave(self, here: Spot) -> None:
        """Keep where one is: in the place of where one had come back to, or as the newest."""
        self._spots[self._now : self._now + 1] = [here]
        self.last = here

    def _add(self, spot: Spot) -> None:
        for index in range(len(self._spots) - 1, -1, -1):
            if _same(self._spots[index], spot):
                del self._spots[index]
                self._floor -= index < self._floor
        self._spots.append(spot)
        if len(self._spots) > MOST:
            del self._spots[0]
            self._floor = max(0, self._floor - 1)


def _same(one: Spot, other: Spot) -> bool:
    return one[:2] == other[:2]
