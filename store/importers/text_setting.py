"""How lines were set in type: in which face, in how wide a column, with how much room left over."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import log
from typing import Final, NamedTuple

from store.importers.text_joining import Ending, Vocabulary, ending, starts_lower
from store.importers.text_lines import PAGE
from store.importers.text_metrics import faces
from store.importers.text_syllables import FirstPart, first_parts
from store.importers.text_words import COMPOUND_STARTS
from store.importers.text_wrap import columns

#: Fewer lines that surely go on tell too little of how a text was set.
ENOUGH: Final = 12
#: Bins of the room a line leaves, in parts of what had no room on it.
BINS: Final = 24
FROM: Final = -0.6
BIN: Final = 0.1
#: Share of the lines that are none of the text's own measure: lists, quotations, wide letters.
STRAY: Final = 0.04
#: Lines by which the face is chosen.
_SAMPLE: Final = 160
#: Share of its lines that a text which breaks words ends with a hyphen.
_BREAKS_WORDS: Final = 0.05
#: A line so much longer than its column is several; none is so many.
_JOINED: Final = 1.12
_MOST_JOINED: Final = 5
#: Lines fit at least so well, and are so long, in a text of which lines are parted.
_EVEN: Final = 0.5
_NARROWEST: Final = 16
#: Lines atop a text that may be a title across the columns.
_HEAD: Final = 8

_WORD = re.compile(r"\S+")
_LETTERS = re.compile(r"[^\W\d_]{4,}")


class Setting(NamedTuple):
    """How a text was set.

    Attributes:
        width: Width of its column, in characters of the usual mixture.
        room: `room_of` its lines.
        first: The first part of a word that may stay on a line.
        measure: The width of a text.
        even: How well the lines fit, as a mean of logarithms: 0 is no better than chance.
    """

    width: float
    room: list[float]
    first: FirstPart
    measure: Callable[[str], float]
    even: float

    def piece(self, following: str) -> float:
        """The width of what of the next line would have to have had room on a line."""
        return max(1.0, self.measure(_first_piece(following, self.first)))


def find_setting(pairs: Sequence[tuple[str, str]]) -> Setting | None:
    """How lines were set, from those that surely go on on the next; None when they are too few.

    The face and the column fit best in which these lines leave the least room, and least that what
    went on could have filled.
    """
    if len(pairs) < ENOUGH:
        return None
    sample = list(pairs[:: 1 + len(pairs) // _SAMPLE])
    breaks = sum(line.endswith(("-", "‐")) for line, _ in pairs) > _BREAKS_WORDS * len(pairs)
    first = first_parts(line for line, _ in sample) if breaks else _whole
    nexts = [_first_piece(following, first) for _, following in sample]
    best: Setting | None = None
    for measure in (columns, *(face.measure for face in faces())):
        widths = [measure(line) for line, _ in sample]
        needs = [max(1.0, measure(piece)) for piece in nexts]
        ordered = sorted(widths)
        # Where most lines end; lines that were joined to the next are longer.
        percents = [*range(40, 101, 6)]
        fits: dict[int, tuple[float, float, list[float]]] = {}
        for _ in range(2):
            for percent in percents:
                width = max(1.0, ordered[(len(ordered) - 1) * percent // 100])
                if percent not in fits:
                    room, fit = _fit(widths, needs, width)
                    fits[percent] = (fit / len(sample), width, room)
            top = max(fits, key=lambda percent: fits[percent][0])
            percents = [max(40, top - 3), max(40, top - 2), min(100, top + 2), min(100, top + 3)]
        even, width, room = fits[max(fits, key=lambda percent: fits[percent][0])]
        if best is None or even > best.even:
            best = Setting(width, room, first, measure, even)
    return best


def room_of(parts: Sequence[float]) -> list[float]:
    """How often lines that go on leave how much room: densities over the bins."""
    counts = [0.0] * BINS
    for part in parts:
        place = int((part - FROM) / BIN)
        if 0 <= place < BINS:
            counts[place] += 1
    last = BINS - 1
    prior = [1.0 if 0 <= FROM + (k + 0.5) * BIN < 1 else 0.1 for k in range(BINS)]
    smooth = [
        0.25 * counts[max(0, k - 1)] + 0.5 * counts[k] + 0.25 * counts[min(last, k + 1)] + prior[k]
        for k in range(BINS)
    ]
    total = sum(smooth) * BIN
    return [count / total for count in smooth]


def _fit(
    widths: Sequence[float], needs: Sequence[float], width: float
) -> tuple[list[float], float]:
    """`room_of` lines in a column of a width, and the logarithm of how likely they are in it."""
    parts = [(width - own) / need for own, need in zip(widths, needs, strict=True)]
    room = room_of(parts)
    fit = 0.0
    for part, need in zip(parts, needs, strict=True):
        place = (part - FROM) / BIN
        own = room[int(place)] * width / need if 0 <= place < BINS else 0.0
        fit += log((1 - STRAY) * own + STRAY)
    return room, fit


def _first_piece(text: str, first: FirstPart) -> str:
    """What of a line would have to have had room on the line before it."""
    return f" {first(text.lstrip().split(None, 1)[0])}"


def _whole(word: str) -> str:
    return word


def restore_lines(lines: list[str], vocabulary: Vocabulary) -> list[str]:
    """The lines with those parted again that were joined over a broken word.

    Programs that take text from pages drop the hyphen at the end of a line and join the next line
    to it.  A line that is as long as two is parted after the word that reaches beyond the column;
    where the typesetter's own hyphens are characters of another kind, that word is a compound, and
    its hyphen is put back.
    """
    pairs = [
        (line, following) for line, following in pairwise(lines)
        if line and following and PAGE not in (line, following) and _goes_on(line, following)
    ]  # fmt: skip
    setting = find_setting(pairs)
    if setting is None or setting.even < _EVEN or setting.width < _NARROWEST:
        return lines
    restored: list[str] = []
    for place, line in enumerate(lines):
        most = _MOST_JOINED * setting.width
        if setting.width * _JOINED < setting.measure(line) < most and place >= _HEAD:
            restored += _parted(line, setting, vocabulary)
        else:
            restored.append(line)
    return _closed_up(restored, setting)


def _closed_up(lines: list[str], setting: Setting) -> list[str]:
    """The lines with those put together that justification drew so wide that each word is one."""
    closed: list[str] = []
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _is_one_word(lines[end]):
            end += 1
        run = lines[start:end]
        if len(run) < 3 or not any(_goes_on(a, b) for a, b in pairwise(run)):
            closed += lines[start : end + 1]
            start = end + 1
            continue
        closed.append(run[0])
        for line in lines[start + 1 : end + 1]:
            longer = f"{closed[-1]} {line}"
            if line and line != PAGE and setting.measure(longer) <= 1.02 * setting.width:
                closed[-1] = longer
            else:
                closed.append(line)
        start = end + 1
    return closed


def _is_one_word(line: str) -> bool:
    return bool(line) and line != PAGE and " " not in line and line[0].isalpha()


def _goes_on(line: str, following: str) -> bool:
    state = ending(line)
    return state is Ending.CUT or (state is Ending.OPEN and starts_lower(following))


def _parted(line: str, setting: Setting, vocabulary: Vocabulary) -> list[str]:
    """The lines of which one was made."""
    parts: list[str] = []
    while setting.measure(line) > setting.width * _JOINED:
        end = 0
        for word in _WORD.finditer(line):
            if setting.measure(line[: word.end()]) > setting.width:
                end = word.end()
                break
        if not end or end == len(line):
            break
        left = _with_hyphen(line, word.start(), end, setting, vocabulary)
        if left:
            parts.append(left)
            line = line[len(left) - 1 :]
        elif vocabulary.typeset:
            break
        else:
            parts.append(line[:end])
            line = line[end:].lstrip()
    return [*parts, line]


def _with_hyphen(line: str, start: int, end: int, setting: Setting, vocabulary: Vocabulary) -> str:
    """The line up to where the compound from `start` to `end` was broken, hyphen and all; or ""."""
    letters = _LETTERS.search(line, start, end)
    if letters is None or not vocabulary.typeset:
        return ""
    word = letters[0]
    for cut in range(len(word) - 2, 1, -1):
        left, right = word[:cut], word[cut:]
        known = f"{left}-{right}" in vocabulary or (
            right in vocabulary and (left in vocabulary or left.casefold() in COMPOUND_STARTS)
        )
        upto = f"{line[: letters.start() + cut]}-"
        if known and setting.measure(upto) <= 1.01 * setting.width:
            return upto
    return ""
