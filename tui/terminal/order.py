"""The order in which the parts of a frame are written in the fewest bytes.

Changing the pen costs up to forty bytes, moving about up to eight: which cells come first decides
what a frame costs.  It is a travelling salesman's problem; for a frame of few runs a good tour is
found by moving one run at a time to where it costs least (Or, 1976), from several first tours.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tui.terminal.moves import way

if TYPE_CHECKING:
    from tui.terminal.pens import Pens
    from tui.terminal.runs import Run
    from tui.terminal.writer import At

#: Most runs whose order is sought; beyond them it takes longer than the bytes are worth.
_MOST: Final = 14


def orders(runs: Sequence[Run], at: At, pens: Pens, width: int) -> list[Sequence[Run]]:
    """Orders worth trying: line by line, pen by pen, and for few runs the best that was found.

    Args:
        runs: The runs, line by line.
        at: Where the terminal's cursor stands and what it draws with.
        pens: The pens of the runs.
        width: Columns of the screen.
    """
    if len(runs) < 2 or not all(run.sure for run in runs):
        return [runs]
    found: list[Sequence[Run]] = [runs]
    if (by_pen := _by_pen(runs, at, pens)) is not None:
        found.append(by_pen)
    if len(runs) <= _MOST and at.pen is not None:
        found = [_Tours(runs, at, pens, width).shortest(found)]
    return found


def _by_pen(runs: Sequence[Run], at: At, pens: Pens) -> list[Run] | None:
    """The runs in the order of their pens; None where nothing would be won."""
    different = dict.fromkeys(run.pen for run in runs)
    changes = sum(a.pen != b.pen for a, b in pairwise(runs))
    if changes <= len(different):
        return None
    on_blank = pens.on_blank
    first: dict[int, int] = {}  # blanks -> the first pen that draws them
    for pen in different:
        first.setdefault(on_blank[pen], pen)
    if at.pen is not None:
        first[on_blank[at.pen]] = at.pen
    order = {pen: rank for rank, pen in enumerate(different, 1)}
    if at.pen in order:
        order[at.pen] = 0

    def rank(run: Run) -> int:
        return order.get(first[run.pen] if on_blank[run.pen] == run.pen else run.pen, 0)

    return sorted(runs, key=rank)


class _Tours:
    """What tours through some runs cost, in bytes besides their text."""

    def __init__(self, runs: Sequence[Run], at: At, pens: Pens, width: int) -> None:
        self._runs = runs
        self._at = at
        self._pens = pens
        self._steps: dict[tuple[int, int, int], tuple[int, int]] = {}
        self._numbers = {run: number for number, run in enumerate(runs)}
        starts = [(run.x, run.y) for run in runs]
        ends = [
            (run.x if not run.text else run.end if run.end < width else None, run.y)
            for run in runs
        ]  # fmt: skip
        #: Bytes of the moves from each run, and last from the beginning, to each.
        self._moves = [
            [len(way(x, y, *start)) for start in starts] for x, y in (*ends, (at.x, at.y))
        ]
        slot = at.slot
        self._returns: list[int] = []
        if slot is not None:
            self._returns = [2 + len(way(slot.x, slot.y, *start)) for start in starts]

    def shortest(self, first: Sequence[Sequence[Run]]) -> list[Run]:
        """The best order found, beginning with those given and with always the nearest next."""
        tours = [[self._numbers[run] for run in order] for order in first]
        tours.append(self._nearest())
        best = min(tours, key=self._cost)
        cost = self._cost(best)
        better = True
        while better:
            better = False
            for run in list(best):
                others = [other for other in best if other != run]
                for place in range(len(best)):
                    tour = [*others[:place], run, *others[place:]]
                    if (other := self._cost(tour)) < cost:
                        best, cost, better = tour, other, True
                        others = [other for other in best if other != run]
        return [self._runs[number] for number in best]

    def _nearest(self) -> list[int]:
        left = list(range(len(self._runs)))
        tour: list[int] = []
        place, pen = -1, self._at.pen or 0
        while left:
            costs = [self._step(place, pen, run) for run in left]
            nearest = min(range(len(left)), key=lambda at: costs[at][0])
            pen = costs[nearest][1]
            place = left.pop(nearest)
            tour.append(place)
        return tour

    def _cost(self, tour: Sequence[int]) -> int:
        total, place, pen = 0, -1, self._at.pen or 0
        known = self._steps
        for run in tour:
            cost, pen = known.get((place, pen, run)) or self._step(place, pen, run)
            total += cost
            place = run
        return total

    def _step(self, place: int, pen: int, number: int) -> tuple[int, int]:
        """Bytes until a run can be written, and the pen that then is in hand."""
        key = place, pen, number
        step = self._steps.get(key)
        if step is None:
            step = self._steps[key] = self._measured(place, pen, number)
        return step

    def _measured(self, place: int, pen: int, number: int) -> tuple[int, int]:
        run = self._runs[number]
        pens = self._pens
        wanted = pen if pens.draws(pen, run.pen, blank=run.blank) else run.pen
        cost = self._moves[place][number] + len(pens.change(pen, wanted))
        slot = self._at.slot
        if slot is not None and pens.draws(slot.pen, run.pen, blank=run.blank):
            other = self._returns[number]
            if other < cost and not pens.pens[pen].link:
                return other, slot.pen
        return cost, wanted
