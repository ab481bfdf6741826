"""Putting lines and paragraphs of plain text together again.

Two questions decide everything: can this text end here, and how do these two pieces meet?
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from store.importers.text_words import (
    COMPOUND_STARTS,
    NEVER_LAST,
    SELDOM_LAST,
    SUSPENDING,
    WORD_ENDS,
)

# Abbreviations that stand before something: their full stop closes no sentence.
_LEADING_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"‘])(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sen|Rep|Gov|Gen|Adm|Col|Maj|Lt|Capt|Cmdr|Sgt|Cpl|Pvt|"
    r"Rev|Hon|Frl|Hrn|vs|cf|ca|e\.g|i\.e|z\.B|d\.h|fig|vol|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.$"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"‘])(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sen|Rep|Gov|Gen|Adm|Col|Maj|Lt|Capt|Cmdr|Sgt|Cpl|Pvt|St|"
    r"Ste|Rev|Hon|Fr|Mt|No|Nos|Nr|vs|v|cf|ca|e\.g|i\.e|z\.B|d\.h|Frl|Hrn|Bd|S|pp?|fig|Fig|Vol|vol|"
    r"Jan|Feb|Aug|Sept|Oct|Nov|Dec|[A-Z])\.$"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"‘])(?:[A-Za-z]\.){2,}$|\b(?:Inc|Corp|Ltd|Co|Jr|Sr|etc|approx)\.$"
)
_CLOSERS = "\"'”’»›)]}*_›“"
_OPENERS = "\"'“‘«‹„‚([{*_¿¡"
_TERMINAL = ".!?…:;。！？；：।؟۔"
_LAST_WORD = re.compile(r"\W*([^\W\d_]+)")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐’'][^\W\d_]+)*")
_HYPHENATED_END = re.compile(r"((?:[^\W\d_]+[-‐])*[^\W\d_]+)[-‐]$")
# From the beginning of a word only: else a word of megabytes is tried from each of its letters.
_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]++)[-‐][ \t]*+\n\s*+([^\W\d_]++)")
_TYPESET_BREAK = re.compile(r"[^\W\d_]‐[ \t]*\n\s*[^\W\d_]")
_TYPESET_HYPHEN = re.compile(r"\w‐(?=\w)")
_CJK = re.compile(r"[\u2e80-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")

#: A text longer than this many characters is a paragraph; a shorter one may be a heading.
_PARAGRAPH = 80
#: "Dear Tom," is no longer than this.
_SALUTATION = 40


class Ending(Enum):
    """How a piece of text ends."""

    CLOSED = "closed"  #: with punctuation that closes a sentence
    OPEN = "open"  #: with a word: a heading does so, and a sentence that was cut
    CUT = "cut"  #: in a way that nothing ends: hyphen, comma, dash, "the", "Mr."


class Vocabulary:
    """The words of a text, to decide whether a hyphen at a line end is the author's.

    Attributes:
        lowercase: The words that the text has in lower case.
        splits_words: Whether the text breaks words at line ends, as typeset text does.
        typeset: Whether it breaks them with a character of its own (U+2010), as some typesetters
            do, so that a plain hyphen at a line end is the author's.
    """

    def __init__(self, text: str) -> None:
        found = _WORD.findall(_BROKEN.sub(" ", text))
        self.lowercase = frozenset(word for word in found if word.islower())
        self._words = frozenset(word.casefold() for word in found)
        self.splits_words = False
        breaks, hyphens = len(_TYPESET_BREAK.findall(text)), len(_TYPESET_HYPHEN.findall(text))
        self.typeset = breaks > 10 * hyphens
        broken = [(match[1], match[2]) for match in _BROKEN.finditer(text)]
        split = sum(not self.keeps_hyphen(left, right) for left, right in broken)
        compounds = sum(f"{left}-{right}" in self for left, right in broken)
        self.splits_words = split > compounds

    def __contains__(self, word: str) -> bool:
        return word.casefold() in self._words

    def keeps_hyphen(self, left: str, right: str) -> bool:
        """Whether `left-right`, cut at its hyphen, is written with it.

        What the text writes elsewhere decides; then the shape of the parts.  For what is left, a
        text that is known to break words is taken to have broken this one, unless both parts
        are words of the text.
        """
        if f"{left}-{right}" in self:
            return True
        if left + right in self:
            return False
        last = left.rpartition("-")[2].casefold()
        if last in COMPOUND_STARTS or len(last) == 1:
            return True
        if right.casefold() in WORD_ENDS:
            return False
        return not self.splits_words or (last in self and right in self)


def ending(text: str) -> Ending:
    """How `text` ends."""
    bare = text.rstrip()
    inner = bare.rstrip(_CLOSERS)
    if not inner:
        return Ending.CLOSED
    last = inner[-1]
    if last in ",-‐–—،、":
        framed = last != "," and bare[0] == last  # "-30-", "— fin —"
        return Ending.CLOSED if framed else Ending.CUT
    tail = inner[-40:]  # the last word is in it: patterns that look for an end are slow
    if last in _TERMINAL:
        leads = last == "." and len(inner) == len(bare) and _LEADING_ABBREVIATION.search(tail)
        return Ending.CUT if leads else Ending.CLOSED
    if len(inner) < len(bare):
        return Ending.OPEN
    match = _LAST_WORD.fullmatch(tail.split()[-1]) if tail.split() else None
    if match is None or (len(match[1]) > 1 and match[1].isupper()):
        return Ending.OPEN
    word = match[1].casefold()
    cut = word in NEVER_LAST or (len(bare) > _PARAGRAPH and word in SELDOM_LAST)
    return Ending.CUT if cut else Ending.OPEN


def starts_lower(text: str) -> bool:
    """Whether the first letter is in lower case and nothing but opening marks stands before."""
    bare = text.lstrip().lstrip(_OPENERS)
    return bare[:1].islower()


def starts_upper(text: str) -> bool:
    """Whether the text begins as sentences do: a capital, a letter without case, or a number."""
    first = text.lstrip().lstrip(_OPENERS)[:1]
    return first.isalnum() and not first.islower()


def is_one_paragraph(before: str, after: str) -> bool:
    """Whether two paragraphs that blank lines part are one that was cut in the middle.

    A sentence that did not end goes on with what follows: always when it ends as nothing can end,
    else when what follows begins in lower case.  A few words and a comma are a salutation.
    """
    state = ending(before)
    if len(before) <= _SALUTATION and before.endswith(","):
        return False
    if state is Ending.CUT:
        return True
    if not starts_lower(after):
        return False
    return state is Ending.OPEN or bool(_ABBREVIATION.search(before.rstrip()[-40:]))


def join(left: str, right: str, vocabulary: Vocabulary) -> str:
    """One text of two pieces that a line end parted."""
    return join_all((left, right), vocabulary)


def join_all(lines: Iterable[str], vocabulary: Vocabulary) -> str:
    """One text of the lines of a paragraph."""
    parts: list[str] = []
    for line in lines:
        bare = line.strip()
        if not bare:
            continue
        if parts:
            glue = _glue(parts[-1], bare, vocabulary)
            if glue is None:
                parts[-1] = parts[-1][:-1]
            elif glue:
                parts.append(glue)
        parts.append(bare)
    return "".join(parts)


def _glue(left: str, right: str, vocabulary: Vocabulary) -> str | None:
    """What stands between two lines: a space, nothing, or None: nothing, and no hyphen either."""
    end, start = left[-1], right[0]
    if end in "-‐" and len(left) > 1 and left[-2].isalnum():
        return _glue_hyphenated(left, right, vocabulary)
    dash = end in "—–" or left.endswith("--")
    before_dash = left.rstrip("—–-")
    if dash and before_dash and not before_dash[-1].isspace():
        return ""
    if start in "—–" and len(right) > 1 and not right[1].isspace():
        return ""
    if end == "/" and len(left) > 1 and not left[-2].isspace():
        return ""
    return "" if _CJK.match(end) and _CJK.match(start) else " "


def _glue_hyphenated(left: str, right: str, vocabulary: Vocabulary) -> str | None:
    word = _HYPHENATED_END.search(left[-60:])
    following = _FIRST_WORD.match(right)
    if word is None or following is None:
        return ""  # "2016-" "17", "F-" "35"
    if vocabulary.typeset and left[-1] == "‐":
        return None
    if following[0].casefold() in SUSPENDING:
        return " "  # "pre- and post-war"
    if vocabulary.typeset:
        return ""
    if not following[0][0].islower() or vocabulary.keeps_hyphen(word[1], following[0]):
        return ""
    return None
