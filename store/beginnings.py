"""The most frequent words that begin with some letters: what a word being typed may become.

Looking them up takes the longer, the more words begin so: of 60,000 words those with an s 17 ms,
those with st 4 ms, those with sta half a millisecond.  Those of one letter and of two are therefore
found out before they are asked for, and all are kept: in some 2 MB, since the words of a beginning
are kept as one text.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from string import ascii_lowercase
from typing import Final

#: Words and in how many articles each is, the most frequent first.
Words = list[tuple[str, int]]

#: Beginnings kept besides those that were prepared; all are forgotten when there are more.
_REMEMBERED: Final = 1_000

#: Beginnings of which the words are kept at hand: those of one search, and a few before it.
_AT_HAND: Final = 64

#: Parts the words of a beginning in one text; no word has it.
_PARTING: Final = "\n"

_Key = tuple[str, str]
_Packed = tuple[str, "array[int]"]


class Beginnings:
    """Looks up the words of beginnings in one state of an index, each beginning once."""

    def __init__(self, look: Callable[[str, str], Words]) -> None:
        """Keep what `look` gives for a field and a beginning; any thread may ask."""
        self._look = look
        self._lock = threading.Lock()
        self._prepared: dict[_Key, _Packed] = {}
        self._others: dict[_Key, _Packed] = {}
        self._at_hand: dict[_Key, Words] = {}
        self._complete = False

    def words(self, field: str, start: str) -> Words:
        """The words of a field that begin with `start`; not to be changed."""
        key = field, start
        words = self._at_hand.get(key)
        if words is None:
            packed = self._prepared.get(key) or self._others.get(key)
            words = self._look(field, start) if packed is None else _unpacked(packed)
            with self._lock:
                if packed is None:
                    if len(self._others) >= _REMEMBERED:
                        self._others.clear()
                    self._others[key] = _packed(words)
                if len(self._at_hand) >= _AT_HAND:
                    self._at_hand.clear()
                self._at_hand[key] = words
        return words

    def prepare(
        self,
        small: Iterable[str],
        large: Iterable[str],
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """Look up the words of each letter, and where it takes long those of each two.

        Args:
            small: Fields of so few words that two letters are quickly looked up.
            large: Fields of more words, the largest last.
            cancelled: Asked between two beginnings; once it says so, the rest is left for another
                time, and what is known by then is not looked up again.
        """
        if self._complete:
            return
        for key in _wanted(tuple(small), tuple(large)):
            if key in self._prepared:
                continue
            if cancelled is not None and cancelled():
                return
            packed = self._others.get(key) or _packed(self._look(*key))
            with self._lock:
                self._prepared[key] = packed
                self._others.pop(key, None)
        self._complete = True


def _wanted(small: tuple[str, ...], large: tuple[str, ...]) -> Iterator[_Key]:
    """Fields and beginnings in the order in which they may be needed."""
    # The first letter is not looked for among the words of the largest field unless it begins a
    # second word.
    yield from product((*large[:-1], *small), ascii_lowercase)
    for letter in ascii_lowercase:
        yield from product(large, (letter + other for other in ascii_lowercase))
    yield from product(large[-1:], ascii_lowercase)


def _packed(words: Words) -> _Packed:
    return _PARTING.join(word for word, _ in words), array("Q", (number for _, number in words))


def _unpacked(packed: _Packed) -> Words:
    text, numbers = packed
    return list(zip(text.split(_PARTING), numbers, strict=True)) if numbers else []
