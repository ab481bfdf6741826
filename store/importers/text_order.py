"""The blocks of a printed page put in the order of reading.

Programs that take text from a page by its blocks (`pdftotext` does) can give a block of the second
column before the last ones of the first.  Each column's own blocks stay in order, so a page is two
columns shuffled together.  They are told apart by how sentences meet: a word broken at the
end of one block goes on at the beginning of another, and what begins in lower case goes on from a
sentence that did not end.  A page is left alone unless its own order breaks sentences and another
mends them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from store.importers.text_joining import Ending, Vocabulary, ending, starts_lower, starts_upper
from store.importers.text_lines import PAGE
from store.importers.text_lists import list_kind

#: A page with more blocks is left as it is, and so is one with narrower lines (in characters): it
#: has three columns or more, which are seldom out of order, and seldom put right by their words.
_MOST_BLOCKS: Final = 60
_NARROWEST: Final = 42
#: Orders that are followed up at once.
_BEAM: Final = 120
#: What a broken sentence costs, and what another order must mend.
_BROKEN: Final = 3.0
_WORTH: Final = 2.4
#: A block that goes on in another column than the one before it, and columns of unlike length.
_SWITCH: Final = 0.1
_UNLIKE: Final = 4.0

# From the beginning of a word only: else a long word is tried from each of its letters.
_LAST_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]++)[-‐]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Block:
    lines: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.lines[0]

    @property
    def last(self) -> str:
        return self.lines[-1]


@dataclass(frozen=True, slots=True)
class _Order:
    """Blocks dealt out to columns so far, and what their meetings cost."""

    columns: tuple[tuple[int, ...], tuple[int, ...]]
    cost: float
    latest: int


def in_reading_order(lines: list[str], vocabulary: Vocabulary) -> list[str]:
    """The lines with the blocks of each page in the order in which sentences go on."""
    if PAGE not in lines:  # not from a page
        return lines
    ordered: list[str] = []
    page: list[str] = []
    # Words that stand within a line are whole.
    words = {
        word.casefold() for line in lines for word in _FIRST_WORD.findall(line.partition(" ")[2])
    }
    before: _Block | None = None
    end = len(lines)
    for place, line in enumerate([*lines, PAGE]):
        if line != PAGE:
            page.append(line)
            continue
        blocks = _blocks_of(page)
        order = _order_of(blocks, before, vocabulary, words, last=place == end)
        if order is not None:
            page = []
            for index in order:
                page += [*blocks[index].lines, ""]
        if blocks:
            before = blocks[order[-1] if order is not None else -1]
        ordered += [*page, PAGE]
        page = []
    return ordered[:-1]


def _blocks_of(page: Sequence[str]) -> list[_Block]:
    blocks: list[_Block] = []
    run: list[str] = []
    for line in [*page, ""]:
        if line:
            run.append(line)
        elif run:
            blocks.append(_Block(tuple(run)))
            run = []
    return blocks


def _order_of(
    blocks: Sequence[_Block],
    before: _Block | None,
    vocabulary: Vocabulary,
    words: Container[str],
    *,
    last: bool,
) -> list[int] | None:
    """The order of reading; None for the one there is."""
    if not 3 <= len(blocks) <= _MOST_BLOCKS:
        return None
    lengths = sorted(len(line) for block in blocks for line in block.lines)
    if lengths[int(0.9 * (len(lengths) - 1))] < _NARROWEST:
        return None
    given = [_meeting(one, other, vocabulary, words) for one, other in pairwise(blocks)]
    if max(given) < _BROKEN:
        return None
    costs = [[_meeting(one, other, vocabulary, words) for other in blocks] for one in blocks]
    starts = [_meeting(before, block, vocabulary, words) if before else 0.0 for block in blocks]
    own = starts[0] + sum(given)
    best: tuple[float, list[int]] | None = None
    for order in _deal(costs, starts):
        left, right = order.columns
        sizes = [sum(len(blocks[k].lines) for k in column) for column in order.columns]
        # The columns of a page that is full are of one length.
        unlike = (0.3 if last else 1.0) * _UNLIKE * (1 - min(sizes) / max(sizes))
        cost = order.cost + costs[left[-1]][right[0]] + unlike
        whole = [*left, *right]
        if (best is None or cost < best[0]) and all(
            costs[a][b] < _BROKEN for a, b in pairwise(whole)
        ):
            best = (cost, whole)
    if best is None or own - best[0] < _WORTH:
        return None
    return best[1]


def _deal(costs: Sequence[Sequence[float]], starts: Sequence[float]) -> list[_Order]:
    """The cheapest ways to deal blocks out to two columns, both of them used."""
    beam = [_Order(((0,), ()), starts[0], 0)]
    for block in range(1, len(costs)):
        found: list[_Order] = []
        for order in beam:
            left, right = order.columns
            for place, column in enumerate(order.columns):
                cost = order.cost + (costs[column[-1]][block] if column else 0.0)
                cost += _SWITCH * (place != order.latest)
                longer = (*column, block)
                columns = (left, longer) if place else (longer, right)
                found.append(_Order(columns, cost, place))
        found.sort(key=lambda order: order.cost)
        beam = found[:_BEAM]
    return [order for order in beam if order.columns[1]]


def _going_on(block: _Block, words: Container[str]) -> float:
    """What it costs that a sentence goes on with a block: less when it begins with a whole word."""
    first = _FIRST_WORD.match(block.first)
    return -1.0 if first and first[0].casefold() in words else -0.3


def _meeting(one: _Block, other: _Block, vocabulary: Vocabulary, words: Container[str]) -> float:
    """What it costs that one block follows another: less than nothing when a sentence goes on."""
    state = ending(one.last)
    lower = starts_lower(other.first) and not list_kind(other.first)
    if state is Ending.CUT:
        if not lower:
            return _BROKEN if one.last.endswith(("-", "‐")) else 0.5
        left, right = _LAST_WORD.search(one.last), _FIRST_WORD.match(other.first)
        if left and right:
            known = left[1] + right[0] in vocabulary
            return -2.0 if known else -0.8 if right[0].casefold() in words else -1.5
        return _going_on(other, words)
    if state is Ending.CLOSED:
        return _BROKEN if lower else 0.0
    heading = len(one.lines) <= 2 and starts_upper(one.first)
    if lower:
        return 1.0 if heading else _going_on(other, words)
    return 0.0 if heading else 0.7
