"""Where words may be hyphenated, by the patterns of their language.

The patterns are those of TeX and LibreOffice (Liang, "Word Hy-phen-a-tion by Com-put-er", 1983),
read by Pyphen.  It is loaded when a text is first hyphenated; without it no word is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

#: Letters left before a hyphen and taken to the next line, at least.
_BEFORE, _AFTER = 2, 3
#: Shorter words stay whole; longer ones are not of any language, and would take long.
_SHORTEST, _LONGEST = 6, 60
_LETTERS = re.compile(r"[^\W\d_]+")

#: Gives the places inside a part of a text, from one offset to another, that may take a hyphen.
Hyphenator = Callable[[str, int, int], list[int]]

#: Gives the places in a word that may take a hyphen.
_Positions = Callable[[str], list[int]]
#: Of the languages that were asked for; Pyphen keeps their patterns anyway.
_known: dict[str, _Positions | None] = {}


def hyphenator(lang: str) -> Hyphenator | None:
    """The hyphenator of a language.

    The first call for a language reads its patterns, which takes from 10 ms (French) to most of a
    second (German): whoever draws on an event loop asks `is_ready`, and if need be calls it on a
    thread once, before setting anything in that language.

    Args:
        lang: Its code, as in "de" or "pt-BR"; an unknown region is left off.

    Returns:
        None when there are no patterns for it.
    """
    positions = _positions(_name(lang)) if lang else None
    if positions is None:
        return None

    def places(text: str, start: int, end: int) -> list[int]:
        return [
            word.start() + position
            for word in _LETTERS.finditer(text, start, end)
            if _SHORTEST <= word.end() - word.start() <= _LONGEST and not word.group().isupper()
            for position in positions(word.group())
        ]

    return places


def is_ready(lang: str) -> bool:
    """Whether `hyphenator` would answer for this language at once."""
    return not lang or _name(lang) in _known


def forget() -> None:
    """Forget all patterns that were read."""
    _known.clear()


def _name(lang: str) -> str:
    """A language as the files of patterns are called."""
    return lang.replace("-", "_").lower()


def _positions(lang: str) -> _Positions | None:
    """The places in a word that may take a hyphen; None for a language without patterns."""
    if lang not in _known:
        _known[lang] = _read(lang)
    return _known[lang]


def _read(lang: str) -> _Positions | None:
    try:
        import pyphen
    except ImportError:
        return None
    known = pyphen.language_fallback(lang)
    if known is None:
        return None
    patterns = pyphen.Pyphen(lang=known, left=_BEFORE, right=_AFTER)

    def positions(word: str) -> list[int]:
        if len(word.lower()) != len(word):
            return []  # the patterns are of the lower case, whose offsets would be others
        # A hyphen that would change the spelling (Hungarian, older German) is not taken.
        return [int(place) for place in patterns.positions(word) if place.data is None]

    return positions
