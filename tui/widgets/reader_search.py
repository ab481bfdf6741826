"""The reader's matches: goes to them, counts them, and never holds up the keys."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from time import monotonic

from store import Matcher
from tui.typeset.draw import CURRENT_MATCH, MATCH, Lit
from tui.typeset.matches import Matches
from tui.typeset.viewport import Place
from tui.widgets.reader_messages import MatchChanged, MatchesEnded
from tui.widgets.reader_view import ArticleView

#: Seconds that looking for matches may hold up the keys; then it goes on between them.
_SLICE = 0.006
_BEFORE_ALL = Place(0, -1)


class SearchingView(ArticleView):
    """An article view that lights up matches and moves between them.

    A match that is near is found at once.  In a long article looking goes on in a worker that
    gives way to every key; so does counting, which begins after the first frame.
    """

    matches: Matches | None = None
    """What is looked for in the article; None when nothing is."""
    current_match: Place | None = None
    """Where the current match begins."""

    def set_matcher(self, matcher: Matcher | None, *, origin: Place | None = None) -> None:
        """Look for something else in the article, or nothing.

        Args:
            matcher: Finds it in plain text; None to stop looking.
            origin: Where to begin; the first match from there on becomes the current one, or the
                first of all if there is none.  None for the beginning of the article.
        """
        had = self.matches is not None
        self._cancel()
        self.matches = self.current_match = None
        if matcher is not None and self.document is not None:
            self.matches = Matches(self.document, matcher.spans)
            steps = self.matches.after(_BEFORE_ALL)
            if origin is not None:
                from_origin = self.matches.after(Place(origin.block, origin.offset - 1))
                steps = chain(from_origin, steps)
            self._look(steps, True)
            self.call_after_refresh(self._start_counting, self.matches)
        if had != (self.matches is not None):
            self.refresh_bindings()
        self.restyle()

    def action_next_match(self) -> None:
        """Go to the next match."""
        if self.matches is not None:
            self._look(self.matches.after(self._from(1)), True)

    def action_previous_match(self) -> None:
        """Go to the previous match."""
        if self.matches is not None:
            self._look(self.matches.before(self._from(0)), False)

    def lit(self, block: int, start: int, end: int) -> Sequence[Lit]:
        """The matches in a part of a block."""
        if self.matches is None:
            return ()
        found = self.matches.inside(block)
        first = max(0, bisect_right(found, (start,)) - 1)  # the one before may reach into it
        return [
            (a, b, CURRENT_MATCH if self.current_match == (block, a) else MATCH)
            for a, b in found[first : bisect_right(found, (end,))]
        ]

    def _from(self, before: int) -> Place:
        """Where to go on looking: the current match if it is on screen, else the screen's top."""
        assert self.view is not None or self.current_match is not None
        if self.view is None:
            return self.current_match or _BEFORE_ALL
        if self.current_match is not None and self.view.row_of(self.current_match) is not None:
            return self.current_match
        top = self.view.top_place()
        return Place(top.block, top.offset - before)

    def _look(self, steps: Iterator[Place | None], forward: bool) -> None:
        """Go to the match that `steps` find; if that takes long, between the keys."""
        self.workers.cancel_group(self, "look")
        if not self._look_a_while(steps, forward):
            self.run_worker(self._look_on(steps, forward), group="look", exclusive=True)

    def _look_a_while(self, steps: Iterator[Place | None], forward: bool) -> bool:
        """Look until the slice is over; True when the search is done."""
        end = monotonic() + _SLICE
        for place in steps:
            if place is not None:
                self._arrive(place)
                return True
            if monotonic() > end:
                return False
        self.post_message(MatchesEnded(self, forward))
        return True

    async def _look_on(self, steps: Iterator[Place | None], forward: bool) -> None:
        while not self._look_a_while(steps, forward):
            await asyncio.sleep(0)

    def _arrive(self, place: Place) -> None:
        self.current_match = place
        self.restyle()
        if self.view is None:
            self.start_at(place)
        elif self.view.row_of(place) is None:
            self.go(place, self.size.height // 3)
        self._say()

    def _say(self) -> None:
        if self.matches is not None:
            index = self.matches.index(self.current_match) if self.current_match else 0
            self.post_message(MatchChanged(self, index, self.matches.count()))

    def _start_counting(self, matches: Matches) -> None:
        if self.matches is matches:
            self.run_worker(self._count(matches), group="count", exclusive=True)

    async def _count(self, matches: Matches) -> None:
        end = monotonic() + _SLICE
        for _ in matches.counting():
            if monotonic() > end:
                await asyncio.sleep(0)
                end = monotonic() + _SLICE
        if self.matches is matches:
            self._say()

    def _cancel(self) -> None:
        self.workers.cancel_group(self, "look")
        self.workers.cancel_group(self, "count")
