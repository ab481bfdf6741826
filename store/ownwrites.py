"""Telling what others changed from what was written here."""

from __future__ import annotations

from typing import Final

#: Own writes that are remembered until somebody asks what others have changed.
_KEPT: Final = 1_000


class OwnWrites:
    """The writes of this process that nobody has asked about yet.

    Files go from one state to the next, each named by a sign (the `repr` of a stamp).  Whoever saw
    one state and finds another follows our own writes from the one; where they lead to the other,
    nobody else wrote.
    """

    def __init__(self) -> None:
        self._seen: tuple[str, ...] = ()
        self._led: dict[str, str] = {}  # from sign to sign

    def note(self, before: object, after: object) -> None:
        """A file went from one stamp to another, by what was written here; any thread."""
        if len(self._led) >= _KEPT:
            self._led.clear()
        if before != after:
            self._led[repr(before)] = repr(after)

    def begin(self, signs: tuple[str, ...]) -> None:
        """These are the signs that are compared with first."""
        self._seen = signs

    def others_wrote(self, signs: tuple[str, ...]) -> bool:
        """Whether these signs differ from the last ones by more than what was written here."""
        changed = signs != tuple(map(self._after, self._seen, signs))
        self._seen = signs
        return changed

    def _after(self, seen: str, now: str) -> str:
        """The sign of the state that our own writes have led to from one that was seen."""
        while seen != now and (after := self._led.pop(seen, None)) is not None:
            seen = after
        return seen
