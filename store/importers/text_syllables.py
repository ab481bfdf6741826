"""The first part of a word that a typesetter may leave on a line, by the patterns of its language.

The patterns are Liang's ("Word Hy-phen-a-tion by Com-put-er", 1983), as TeX, browsers and office
programs have them, read by Pyphen.  They are loaded for texts only that break words at line ends.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

#: Words that hardly a sentence is without, by language; the names are those of the patterns.
_COMMON: Final = {
    "en_GB": "the of and to in is that it was for with as his be at on not this are have but",
    "de": "der die und das den von zu ist mit dem des sich auf nicht ein eine auch wird bei",
    "fr": "le la les et des est une dans qui que pour du sur pas plus par avec au ce cette",
    "es": "el la los las y que en una por con para es del se como más pero sus fue este",
    "it": "il di che la è per una non con gli del della sono alla anche nel dei più questo",
    "pt": "o que não uma com para os as dos da do em por mais foi ao são pela como mas",
    "nl": "de het een van en is dat niet zijn op met voor die aan ook door werd naar bij maar",
    "sv": "och att det som en på är av för med den till inte har ett om var från jag kan",
}
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE: Final = 2_000
#: Letters left before a hyphen and taken to the next line, and letters of a word, at least.
_BEFORE: Final = 2
_AFTER: Final = 3
_SHORTEST: Final = 5
_LONGEST: Final = 60

#: Gives the first part of a word, or all of it.
FirstPart = Callable[[str], str]


def first_parts(lines: Iterable[str]) -> FirstPart:
    """What gives the first part of a word, with its hyphen, in the language of some lines."""
    words = Counter(word.lower() for line in lines for word in _WORD.findall(line)[:_SAMPLE])
    name = max(_COMMON, key=lambda name: sum(words[word] for word in _COMMON[name].split()))
    positions = _patterns(name)

    def first(word: str) -> str:
        letters = _WORD.search(word)
        if letters is None or not _SHORTEST <= len(letters[0]) <= _LONGEST:
            return word
        places = positions(letters[0])
        return f"{word[: letters.start() + places[0]]}-" if places else word

    return first


@cache
def _patterns(name: str) -> Callable[[str], list[int]]:
    """Where a word of a language may be broken."""
    import pyphen

    patterns = pyphen.Pyphen(lang=name, left=_BEFORE, right=_AFTER)
    return lambda word: list(map(int, patterns.positions(word)))
