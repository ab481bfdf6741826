"""Texts by their letters alone: what stays of them after an edit, and how far two are apart."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from store.folding import fold_mapped, is_unspaced

#: A stretch of text as (start, end) in characters.
Span = tuple[int, int]

#: Letters of context that tell one place from another.
TELLING = 8
#: Words that are looked up, places of a word that are followed, stretches that are given.
_RARE_WORDS, _COMMON, _MOST_CANDIDATES = 16, 500, 4

_RUN = re.compile(r"[^\W_]+")


class Letters:
    """The letters and digits of a text, folded, and where they came from.

    Args:
        text: Any text.

    Attributes:
        text: Its letters and digits, one after the other.
    """

    def __init__(self, text: str) -> None:
        self._folded, self._offsets = fold_mapped(text)
        self._length = len(text)
        self._starts, self._places = array("l"), array("l")
        pieces: list[str] = []
        at = 0
        for run in _RUN.finditer(self._folded):
            self._starts.append(at)
            self._places.append(run.start())
            pieces.append(run[0])
            at += len(run[0])
        self.text = "".join(pieces)
        self._index: dict[str, array[int]] | None = None

    def span(self, start: int, end: int) -> Span:
        """Where the letters `start` to `end` (not empty) are in the text they came from."""
        first, last = self._place(start), self._place(end - 1)
        offsets = self._offsets
        if offsets is None:
            return first, last + 1
        return offsets[first], max(offsets[last] + 1, offsets[last + 1])

    def is_whole(self, start: int, end: int) -> bool:
        """Whether no character is cut that stands for several letters (ß is ss)."""
        if self._offsets is None:
            return True
        return not any(
            0 < edge < len(self.text)
            and self.span(edge - 1, edge)[0] == self.span(edge, edge + 1)[0]
            for edge in (start, end)
        )

    def index(self, place: int) -> int:
        """Which letter stands at a place of the text, or next after it."""
        low, high = 0, len(self.text)
        while low < high:
            middle = (low + high) // 2
            if self.span(middle, middle + 1)[0] < place:
                low = middle + 1
            else:
                high = middle
        return low

    def words(self) -> Iterator[tuple[str, int]]:
        """Words with the place of each among the letters; of scripts without spaces, pairs."""
        return self.words_between(0, len(self.text))

    def words_between(self, start: int, end: int) -> Iterator[tuple[str, int]]:
        """The words of a stretch of the letters, as `words` gives them."""
        starts = self._starts
        first = max(0, bisect_right(starts, start) - 1)
        for low, high in pairwise([*starts[first : bisect_left(starts, end)], end]):
            yield from _words(self.text, max(low, start), high)

    def candidates(self, wanted: Letters, near: int) -> list[Span]:
        """Stretches of the letters that may resemble `wanted`, those likeliest first."""
        if self._index is None:
            self._index = {}
            for word, at in self.words():
                self._index.setdefault(word, array("l")).append(at)
        index, size = self._index, len(wanted.text)
        known = [(len(index[word]), word, at) for word, at in wanted.words() if word in index]
        step = max(16, size // 4)
        votes: Counter[int] = Counter()
        for count, word, at in sorted(known)[:_RARE_WORDS]:
            places: Iterable[int] = index[word]
            if count > _COMMON:
                middle = bisect_left(index[word], near + at)
                places = index[word][max(0, middle - _COMMON // 2) : middle + _COMMON // 2]
            for bucket in {(place - at) // step for place in places}:
                votes[bucket] += 1
                votes[bucket - 1] += 1  # so that two halves of a cluster count together
        likeliest = sorted(votes, key=lambda each: (-votes[each], abs(each * step - near)))
        slack = max(8, size // 3)
        return [
            (max(0, each * step - slack), (each + 2) * step + size + slack)
            for each in likeliest[:_MOST_CANDIDATES]
        ]

    def has_beside(self, start: int, end: int, before: str, after: str) -> bool:
        """Whether letters of the context stand about where they did."""
        left, right = Letters(before).text[-2 * TELLING :], Letters(after).text[: 2 * TELLING]
        room = 4 * TELLING
        return any(
            part in around
            for known, around in (
                (left, self.text[max(0, start - room) : start + TELLING]),
                (right, self.text[max(0, end - TELLING) : end + room]),
            )
            for part in (known[:TELLING], known[-TELLING:])
            if len(part) == TELLING
        )

    def _place(self, at: int) -> int:
        run = bisect_right(self._starts, at) - 1
        return self._places[run] + at - self._starts[run]


def edit_distance(pattern: str, text: str, *, from_start: bool = False) -> tuple[int, int]:
    """The least edit distance between `pattern` and a part of `text`, and where that part ends.

    Bit-parallel: Myers, "A fast bit-vector algorithm for approximate string matching based on
    dynamic programming", JACM 46 (1999), as put by Hyyrö (2003).  Of equal ones the first.

    Args:
        pattern: What to look for, not empty.
        text: Where.
        from_start: Whether the part has to begin where `text` does.
    """
    size = len(pattern)
    mask, high = (1 << size) - 1, 1 << (size - 1)
    places: dict[str, int] = {}
    for index, character in enumerate(pattern):
        places[character] = places.get(character, 0) | 1 << index
    rises, falls, score = mask, 0, size
    best, end = size, 0
    carry = 1 if from_start else 0
    for index, character in enumerate(text, 1):
        equal = places.get(character, 0)
        vertical = equal | falls
        across = (((equal & rises) + rises) ^ rises) | equal
        up = falls | (~(across | rises) & mask)
        down = rises & across
        if up & high:
            score += 1
        elif down & high:
            score -= 1
        up = ((up << 1) | carry) & mask
        down = (down << 1) & mask
        rises = down | (~(vertical | up) & mask)
        falls = up & vertical
        if score < best:
            best, end = score, index
    return best, end


def _words(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    word = text[start:end]
    if word.isascii() or not any(map(is_unspaced, word)):
        yield word, start
    else:
        for at in range(start, end - 1):
            yield text[at : at + 2], at
