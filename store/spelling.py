"""Typing errors: a word that is nowhere in the library gives way to the nearest one that is.

Nearness is the restricted Damerau-Levenshtein distance (Damerau 1964; "optimal string
alignment"): letters put in, left out, exchanged, or swapped with their neighbour.  One such slip
is forgiven, two in words of eight letters or more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from store.folding import is_unspaced, tokens
from store.query import And, Node, Or, Word

#: Words shorter than this are taken as they are: everything is near them.
SHORTEST: Final = 3

#: Words from this length on may be off by two.
LONG: Final = 8

#: Words of a query that are corrected; a text pasted in is looked for as it is.
MOST: Final = 8


class Vocabulary(Protocol):
    """What is asked about the words of a library; "" as field stands for all of them."""

    def frequency(self, token: str, *, prefix: bool = False, field: str = "") -> int:
        """Number of articles with the word, or with words that begin so."""
        ...

    def similar(
        self, token: str, distance: int, *, prefix: bool = False, field: str = ""
    ) -> Iterable[Iterable[str]]:
        """Lots of words of the library, the cheaper first, that may be near `token`."""
        ...


@dataclass(slots=True)
class Correction:
    """Corrects the words of a query, and remembers what it said of them.

    Attributes:
        vocabulary: The words of the library.
        check: Called before each look into it; raises to call the work off.
        notes: One line for each word that gave way: "no 'misile': showing 'missile'".
        looked: Words that are nowhere, so far.
    """

    vocabulary: Vocabulary
    check: Callable[[], None]
    notes: list[str]
    looked: int = 0

    def of(self, node: Node) -> Node:
        """`node` with its words corrected; what is excluded stays as it was typed."""
        if isinstance(node, Word):
            return self._word(node)
        if isinstance(node, And):
            return And(tuple(map(self.of, node.parts)))
        if isinstance(node, Or):
            return Or(tuple(map(self.of, node.parts)))
        return node

    def _word(self, word: Word) -> Word:
        found = tokens(word.text)
        if len(found) != 1:
            return word
        token = found[0]
        if len(token) < SHORTEST or not token.isalpha() or is_unspaced(token):
            return word
        self.check()
        if self.vocabulary.frequency(token, prefix=word.prefix, field=word.field):
            return word
        self.looked += 1
        if self.looked > MOST:
            return word
        near = self._nearest(token, word)
        if near is None:
            return word
        self.notes.append(f"no '{word.text}': showing '{near}'")
        return replace(word, text=near, prefix=False)

    def _nearest(self, token: str, word: Word) -> str | None:
        """The word with the fewest slips; of equals the most frequent, then by the alphabet."""
        counted: dict[str, int] = {}

        def near(meant: str, distance: int) -> bool:
            longer = len(meant) - len(token)
            if longer < -distance or (longer > distance and not word.prefix):
                return False
            beginning = meant[: len(token) + distance]
            if beginning not in counted:
                counted[beginning] = slips(token, beginning, prefix=word.prefix, most=distance)
            return counted[beginning] <= distance

        for distance in range(1, 3 if len(token) >= LONG else 2):
            counted.clear()  # as far as the shorter distance they were
            lots = self.vocabulary.similar(token, distance, prefix=word.prefix, field=word.field)
            for lot in lots:
                self.check()
                found = {meant for meant in set(lot) if near(meant, distance)}
                if found:
                    return min(found, key=lambda meant: self._rank(meant, token, word.field))
        return None

    def _rank(self, meant: str, token: str, field: str) -> tuple[bool, int, str]:
        """Words that begin alike come first, since the first letter is seldom the wrong one."""
        return meant[0] != token[0], -self.vocabulary.frequency(meant, field=field), meant


def slips(typed: str, meant: str, *, prefix: bool = False, most: int | None = None) -> int:
    """Slips from `meant` to `typed`; with `prefix`, to the beginning of `meant` that is nearest.

    The dynamic programme over both words: row i holds the slips between the first i letters of
    `meant` and each beginning of `typed`.

    Args:
        typed: What was typed.
        meant: What may have been meant.
        prefix: Whether only its beginning may have been typed.
        most: Where there are more, it does not matter how many: some number above it is given.
    """
    above: list[int] = []
    last = list(range(len(typed) + 1))
    best = last[-1]
    for i, letter in enumerate(meant, 1):
        row = [i]
        for j, own in enumerate(typed, 1):
            slip = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (own != letter))
            if i > 1 and j > 1 and own == meant[i - 2] and typed[j - 2] == letter:
                slip = min(slip, above[j - 2] + 1)
            row.append(slip)
        above, last = last, row
        best = min(best, row[-1])
        if most is not None and min(row) > most and min(above) > most:
            break  # what follows is made of these two rows, and is no less
    return best if prefix else last[-1]
