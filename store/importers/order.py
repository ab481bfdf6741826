"""The order in which files are read that came together."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"([0-9]+)")

#: Words and numbers in turn; a number is compared by its length, then by its digits.
Natural = list[tuple[int, str]]


def natural(name: str) -> Natural:
    """A key that sorts names as people number them: "part 2" before "part 10".

    Names that only differ in zeros before a number are equal, and stay in the order they were in.
    """
    parts = _DIGITS.split(name)
    words = [(0, part) for part in parts[::2]]
    numbers = [(len(digits), digits) for digits in (part.lstrip("0") for part in parts[1::2])]
    key: Natural = []
    for at, word in enumerate(words):
        key.append(word)
        key += numbers[at : at + 1]
    return key
