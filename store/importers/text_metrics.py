"""Widths of letters in the usual typefaces.

Plain text that came from a printed page does not say in which face it was set.  Most faces for
running text are close to one of these.
"""

from __future__ import annotations

import unicodedata
from typing import Final

#: The characters whose widths the tables give, in order.
_CHARACTERS: Final = (
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
    "abcdefghijklmnopqrstuvwxyz{|}~‘’“”–—…‐"
)
#: Widths in hundredths of the size, from the metrics that come with the free versions of the faces
#: of every PostScript printer (Times, Helvetica, Palatino, New Century Schoolbook, Bookman, Avant
#: Garde) and with the DejaVu faces, which are as wide as Verdana and its like.
_WIDTHS: Final = {
    "Times": (
        "25 33 41 50 50 83 78 18 33 33 50 56 25 33 25 28 50 50 50 50 50 50 50 50 50 50 28 28 "
        "56 56 56 44 92 72 67 67 72 61 56 72 72 33 39 72 61 89 72 72 56 72 67 56 61 72 72 94 "
        "72 72 61 33 28 33 47 50 33 44 50 44 50 44 33 50 50 28 28 50 28 78 50 50 50 50 33 39 "
        "28 50 50 72 50 50 44 48 20 48 54 33 33 44 44 50 100 100 33"
    ),
    "Helvetica": (
        "28 28 36 56 56 89 67 19 33 33 39 58 28 33 28 28 56 56 56 56 56 56 56 56 56 56 28 28 "
        "58 58 58 56 102 67 67 72 72 67 61 78 72 28 50 67 56 83 72 78 67 78 72 67 61 72 67 94 "
        "67 67 61 28 28 28 47 56 33 56 56 50 56 56 28 56 56 22 22 50 22 83 56 56 56 56 33 50 "
        "28 56 50 72 50 50 50 33 26 33 58 22 22 33 33 56 100 100 33"
    ),
    "Palatino": (
        "25 28 37 50 50 84 78 21 33 33 39 61 25 33 25 61 50 50 50 50 50 50 50 50 50 50 25 25 "
        "61 61 61 44 75 78 61 71 77 61 56 76 83 34 33 73 61 95 83 79 60 79 67 52 61 78 72 100 "
        "67 67 67 33 61 33 61 50 33 50 55 44 61 48 33 56 58 29 23 56 29 88 58 55 60 56 40 42 "
        "33 60 56 83 52 56 50 33 61 33 61 28 28 50 50 50 100 100 33"
    ),
    "Century": (
        "28 30 39 56 56 83 82 20 33 33 50 61 28 33 28 28 56 56 56 56 56 56 56 56 56 56 28 28 "
        "61 61 61 44 74 72 72 72 78 72 67 78 83 41 56 78 67 94 82 78 67 78 72 63 67 82 72 98 "
        "70 70 61 33 61 33 61 50 33 56 56 44 57 50 33 54 61 32 30 59 32 89 61 50 57 56 44 46 "
        "39 61 54 78 54 54 48 33 61 33 61 20 20 39 39 56 100 100 33"
    ),
    "Bookman": (
        "32 30 38 62 62 90 80 22 30 30 44 60 32 40 32 60 62 62 62 62 62 62 62 62 62 62 32 32 "
        "60 60 60 54 82 68 74 74 80 72 64 80 80 34 60 72 60 92 74 80 62 82 72 66 62 78 70 96 "
        "72 64 64 30 60 30 60 50 34 58 62 52 62 52 32 54 66 30 30 62 30 94 66 56 62 58 44 52 "
        "38 68 52 78 56 54 48 28 60 28 60 22 22 40 40 50 100 100 40"
    ),
    "Gothic": (
        "28 30 31 55 55 78 76 20 37 37 42 61 28 33 28 44 55 55 55 55 55 55 55 55 55 55 28 28 "
        "61 61 61 59 87 74 57 81 74 54 48 87 68 23 48 59 46 92 74 87 59 87 61 50 43 66 70 96 "
        "61 59 48 35 60 35 61 50 38 68 68 65 68 65 31 67 61 20 20 50 20 94 61 66 68 68 30 39 "
        "34 61 55 83 48 54 42 35 67 35 61 35 35 50 48 50 100 100 33"
    ),
    "DejaVu Serif": (
        "32 40 46 84 64 95 89 27 39 39 50 84 32 34 32 34 64 64 64 64 64 64 64 64 64 64 34 34 "
        "84 84 84 54 100 72 73 77 80 73 69 80 87 40 40 75 66 102 88 82 67 82 75 69 67 84 72 "
        "103 71 66 69 39 34 39 84 50 50 60 64 56 64 59 37 64 64 32 31 61 32 95 64 60 64 64 48 "
        "51 40 64 56 86 56 56 53 64 34 64 84 32 32 51 51 50 100 100 34"
    ),
    "DejaVu Sans": (
        "32 40 46 84 64 95 78 27 39 39 50 84 32 36 32 34 64 64 64 64 64 64 64 64 64 64 34 34 "
        "84 84 84 53 100 68 69 70 77 63 58 77 75 29 29 66 56 86 75 79 60 79 69 63 61 73 68 99 "
        "69 61 69 39 34 39 84 50 50 61 63 55 63 62 35 63 63 28 28 58 28 97 63 61 63 63 41 52 "
        "39 63 59 82 59 59 52 64 34 64 84 32 32 52 52 50 100 100 36"
    ),
}

#: An average width, in hundredths; a character that no table has is as wide as a figure.
_MEAN: Final = 45
_OTHER: Final = 54


class Face:
    """The widths of one typeface."""

    def __init__(self, name: str) -> None:
        self.name = name
        widths = map(int, _WIDTHS[name].split())
        self._widths = dict(zip(_CHARACTERS, widths, strict=True))

    def measure(self, text: str) -> float:
        """The width of a text, in characters of the usual mixture."""
        widths = self._widths
        total = 0
        for character in text:
            width = widths.get(character)
            if width is None:
                width = widths.get(unicodedata.normalize("NFD", character)[0], _OTHER)
                widths[character] = width
            total += width
        return total / _MEAN


def faces() -> list[Face]:
    """All faces there are."""
    return list(map(Face, _WIDTHS))
