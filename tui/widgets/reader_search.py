"""The reader's matches: goes to them, counts them, and never holds up the keys."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from time import monotonic
from typing import NamedTuple

from store import Matcher
from tui.typeset.draw import CURRENT_MATCH, MATCH, Lit
from tui.typeset.matches import Matches
from tui.typeset.viewport import Place
from tui.widgets.reader_messages import MatchChanged, MatchesEnded, MatchesWrapped
from tui.widgets.reader_places import PlacedView
from tui.widgets.reader_view import Standing
from tui.work import Work, supersede

#: Seconds that looking for matches may hold up the keys; then it goes on between them.
_SLICE = 0.006
_BEFORE_ALL = Place(0, -1)


class Lights(NamedTuple):
    """What is lit up in an article, to be lit again with `relight`.

    Attributes:
        matcher: What finds it; None when nothing is lit.
        matches: The matches, as far as they were counted.
        current: Where the current match begins.
        wraps: Whether one goes on from the other end after the last match.
    """

    matcher: Matcher | None
    matches: Matches | None
    current: Place | None
    wraps: bool


#: Nothing is lit.
NO_LIGHTS = Lights(None, None, None, False)


class _Look(NamedTuple):
    """A look for a match.

    Attributes:
        steps: Finds it; None after each block without one.
        forward: Whether the next one is looked for, not the previous.
        start: Where it began, if it goes on from the other end; a match on the other side of
            that was found after doing so.
        asked: Whether the person asked for this match, and is told if there is none.
    """

    steps: Iterator[Place | None]
    forward: bool = True
    start: Place | None = None
    asked: bool = True


class SearchingView(PlacedView):
    """An article view that lights up matches and moves between them.

    A match that is near is found at once.  In a long article looking goes on in a worker that
    gives way to every key; so does counting, which begins after the first frame.
    """

    matcher: Matcher | None = None
    """What finds the matches; None when nothing is looked for."""
    matches: Matches | None = None
    """What is looked for in the article; None when nothing is."""
    current_match: Place | None = None
    """Where the current match begins."""
    wraps: bool = False
    """Whether after the last match the first comes again."""

    _looking: _Look | None = None  # goes on in a worker

    def set_matcher(
        self,
        matcher: Matcher | None,
        *,
        origin: Standing | None = None,
        last: bool = False,
        wraps: bool = False,
    ) -> None:
        """Look for something else in the article, or nothing.

        Args:
            matcher: Finds it in plain text; None to stop looking.
            origin: Where to begin: the text is put there, and the first match from there on
                becomes the current one, or the first of all if there is none.  None for the
                beginning of the article.
            last: Whether the last match is wanted, not the first.
            wraps: Whether after the last match the first comes again.
        """
        self._stop_looking()
        had = self.matches is not None
        self.matcher = self.matches = self.current_match = None
        self.wraps = wraps
        if matcher is not None and self.document is not None:
            self.matcher = matcher
            matches = self.matches = Matches(self.document, matcher.spans)
            if origin is not None:
                self.stand(origin)
                start = Place(origin.place.block, origin.place.offset - 1)
                steps = chain(matches.after(start), matches.after(_BEFORE_ALL))
                self._look(_Look(steps, start=start, asked=False))
            elif last:
                self._look(_Look(matches.from_end(), forward=False, asked=False))
            else:
                self._look(_Look(matches.after(_BEFORE_ALL), asked=False))
        self._lights_changed(had)

    def lights(self) -> Lights:
        """What is lit up now."""
        return Lights(self.matcher, self.matches, self.current_match, self.wraps)

    def relight(self, lights: Lights) -> None:
        """Light up again what was lit in this article; the text stays where it is."""
        self._stop_looking()
        had = self.matches is not None
        self.matcher, self.matches, self.current_match, self.wraps = lights
        if self.matches is not None and self.matches.document is not self.document:
            self.matcher = self.matches = self.current_match = None
        self._lights_changed(had)
        self._say()

    @property
    def match_number(self) -> int:
        """Which match is the current one, from 1; 0 when none is, or while that is not known."""
        if self.matches is None or self.current_match is None:
            return 0
        return self.matches.index(self.current_match)

    @property
    def match_count(self) -> int | None:
        """How many matches there are; None while they are being counted."""
        return 0 if self.matches is None else self.matches.count()

    def action_next_match(self) -> None:
        """Go to the next match."""
        if self.matches is not None and not (self._looking and self._looking.forward):
            start = self._from(1)
            steps = self.matches.after(start)
            if self.wraps:
                steps = chain(steps, self.matches.after(_BEFORE_ALL))
            self._look(_Look(steps, True, start if self.wraps else None))

    def action_previous_match(self) -> None:
        """Go to the previous match."""
        if self.matches is not None and (self._looking is None or self._looking.forward):
            start = self._from(0)
            steps = self.matches.before(start)
            if self.wraps:
                steps = chain(steps, self.matches.from_end())
            self._look(_Look(steps, False, start if self.wraps else None))

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

    def text_changed(self, block: int) -> None:
        """Look for the matches of a block anew."""
        if self.matches is not None:
            self.matches.renew(block)
            self._say()

    def _from(self, before: int) -> Place:
        """Where to go on looking: the current match if it is on screen, else the screen's top."""
        assert self.view is not None or self.current_match is not None
        if self.view is None:
            return self.current_match or _BEFORE_ALL
        if self.current_match is not None and self.view.row_of(self.current_match) is not None:
            return self.current_match
        top = self.view.top_place()
        return Place(top.block, top.offset - before)

    def _look(self, look: _Look) -> None:
        """Go to the match that `look` finds; if that takes long, between the keys."""
        self._stop_looking(count=False)
        if not self._look_a_while(look):
            self._looking = look
            if not look.asked:
                self.hold()  # the article opens at the match, not somewhere else first
            self._go_on("look", partial(self._look_on, look))

    def _look_a_while(self, look: _Look) -> bool:
        """Look until the slice is over; True when the search is done."""
        end = monotonic() + _SLICE
        for place in look.steps:
            if place is not None:
                self._arrive(place, look)
                return True
            if monotonic() > end:
                return False
        if look.asked:
            self.post_message(MatchesEnded(self, look.forward))
        else:
            self._say()
        return True

    async def _look_on(self, look: _Look) -> None:
        await asyncio.sleep(0)
        while not self._look_a_while(look):
            await asyncio.sleep(0)
        self._looking = None
        self.let_go()

    def _arrive(self, place: Place, look: _Look) -> None:
        self.current_match = place
        self.restyle()
        if self.view is None:
            self.start_at(place)
        elif self.view.row_of(place) is None:
            if look.asked:
                self.jump(place, self.size.height // 3, "match")
            else:
                self.go(place, self.size.height // 3)
        start = look.start
        if start is not None and (place <= start if look.forward else place >= start):
            self.post_message(MatchesWrapped(self, look.forward))
        self._say()

    def _say(self) -> None:
        self.post_message(MatchChanged(self, self.match_number, self.match_count))

    def _lights_changed(self, had: bool) -> None:
        if self.matches is not None:
            self.call_after_refresh(self._start_counting, self.matches)
        if had != (self.matches is not None):
            self.refresh_bindings()
        self.restyle()

    def _start_counting(self, matches: Matches) -> None:
        if self.matches is matches and matches.count() is None:
            self._go_on("count", partial(self._count, matches))

    async def _count(self, matches: Matches) -> None:
        end = monotonic() + _SLICE
        for _ in matches.counting():
            if monotonic() > end:
                await asyncio.sleep(0)
                end = monotonic() + _SLICE
        if self.matches is matches:
            self._say()

    def _go_on(self, group: str, work: Work) -> None:
        """Do `work` between the keys, instead of whatever its group was at."""
        supersede(self, group, work)

    def _stop_looking(self, *, count: bool = True) -> None:
        """Look no longer; with `count` nor count."""
        self.workers.cancel_group(self, "look")
        self._looking = None
        self.let_go()
        if count:
            self.workers.cancel_group(self, "count")
