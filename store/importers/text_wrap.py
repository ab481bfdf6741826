"""How the lines of a plain text were broken, and the pieces that blank lines part."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise, repeat
from types import MappingProxyType
from typing import Final, NamedTuple

from store.importers.text_joining import Ending, ending, starts_lower
from store.importers.text_lines import PAGE

#: A wrapped line has at most this many characters; a longer one is a paragraph of its own.
MAX_WRAP = 130
FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_WIDE = re.compile(
    r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]"
)
#: Share of the lines of a text, at most, that end before there was need to though the next line
#: goes on: those of lists, tables and verse.  The edge is the farthest place that all others reach.
_STRAY: Final = 0.13
_EDGES: Final = (1.0, 0.99, 0.98, 0.97, 0.96, 0.95, 0.94, 0.93, 0.92, 0.91, 0.9)
#: Pairs of lines that are enough to tell a proportional face.
_ENOUGH = 12
# Widths in thousandths of the size: the mean of Times-Roman and Helvetica (Adobe's font metrics for
# the fonts that every PDF reader has).
_EMS: Final = {
    **dict.fromkeys("il'j‘’|", 250), **dict.fromkeys(" .,:;!It/()[]", 278), "f": 306, "r": 333,
    "-": 333, "‐": 333, "s": 445, **dict.fromkeys("cz", 472), **dict.fromkeys("ae“”\"?", 490),
    **dict.fromkeys("kvxy", 500), **dict.fromkeys("bdghnopqu0123456789*$_–", 528), "J": 445,
    **dict.fromkeys("FLPSE", 600), **dict.fromkeys("TZ", 611), **dict.fromkeys("BXYKVARCU", 690),
    **dict.fromkeys("DGHNOQw&", 722), "m": 805, "M": 861, "W": 944, "@": 960, "—": 1000, "…": 1000,
    **dict.fromkeys("ïîíìıľł", 260),
}  # fmt: skip
_OTHER: Final = 528
_MEAN: Final = 450
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class Piece:
    """A run of lines between blank lines."""

    lines: list[str]
    after_page: bool = False


class Wrap(NamedTuple):
    """How the lines of a text were broken.

    Attributes:
        width: Length of the longest wrapped lines in characters; 0 when the text is not wrapped.
        least: Least length that a line must have, together with the next word, to have been
            broken for lack of room.
        spaced: Whether blank lines part the paragraphs, so that a line that is merely a little
            short does not end one.
        typeset: Whether lines are measured as they were set in a proportional face, and not by
            their number of characters.
        ends: Whether a paragraph ends between two lines, where more than the two tells it (see
            `text_ends`).
    """

    width: float = 0
    least: float = 0
    spaced: bool = False
    typeset: bool = False
    ends: Mapping[tuple[str, str], bool] = MappingProxyType({})

    def measure(self, text: str) -> float:
        """The width of a text, in characters."""
        return _set_width(text) if self.typeset else columns(text)

    def is_full(self, line: str, following: str) -> bool:
        """Whether the first word of the following line had no room on this one."""
        return bool(self.width) and _filled(line, following, self.measure) >= self.least


def columns(text: str) -> int:
    """The width of a text in columns; ideographs take two."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _set_width(text: str) -> float:
    """The width of a text in a proportional face, in characters of the usual mixture."""
    return sum(map(_EMS.get, text, repeat(_OTHER))) / _MEAN


def _filled(line: str, following: str, measure: Callable[[str], float]) -> float:
    """The width of a line with the first word of the next one."""
    bare = following.lstrip()
    if _WIDE.match(bare):  # no spaces: any character may begin a line
        return measure(line) + 2
    word = bare.split(None, 1)
    return measure(line) + (measure(f" {word[0]}") if word else 1)


def measure_wrap(pieces: list[Piece]) -> Wrap:
    """How the lines of prose were broken.

    Only a line that the next one goes on with in the middle of a sentence tells.  Lines are
    measured in characters or as set in a proportional face, whichever makes them more even.
    """
    pairs = [
        (line, following)
        for piece in pieces
        for line, following in pairwise(piece.lines)
        if columns(line) <= MAX_WRAP and _goes_on(line, following)
    ]
    wrap = _measured(pairs, columns)
    if not wrap.width:
        return wrap
    if len(pairs) >= _ENOUGH:
        typeset = _measured(pairs, _set_width)._replace(typeset=True)
        if typeset.width and typeset.least / typeset.width > wrap.least / wrap.width + 0.005:
            wrap = typeset
    return wrap._replace(spaced=_is_spaced(pieces, wrap))


def _measured(pairs: list[tuple[str, str]], measure: Callable[[str], float]) -> Wrap:
    lengths = sorted(measure(line) for line, _ in pairs)
    if not lengths or (len(lengths) < 3 and lengths[-1] < 40):
        return Wrap()
    width = lengths[int(0.95 * (len(lengths) - 1))]
    if width < 20:
        return Wrap()
    fills = sorted(_filled(line, following, measure) for line, following in pairs)
    least = fills[int(0.05 * len(fills))]
    if len(fills) >= _ENOUGH:
        # Lines of lists and the like end before; nearly all others end at the same place.
        low = fills[int(_STRAY * len(fills))]
        least = next((share * width for share in _EDGES if low >= share * width), least)
    return Wrap(width, max(min(least, width + 1), 0.6 * width))


def _is_spaced(pieces: list[Piece], wrap: Wrap) -> bool:
    """Whether paragraphs are parted by blank lines.

    They are not when lines that close a sentence within a piece often had room for another word.
    """
    long = [len(piece.lines) for piece in pieces if len(piece.lines) > 1]
    if len(pieces) <= 2 or sum(long) >= 12 * len(long):
        return False
    closed = short = 0
    for piece in pieces:
        for line, following in pairwise(piece.lines):
            if ending(line) is Ending.CLOSED and not starts_lower(following):
                closed += 1
                short += not wrap.is_full(line, following)
    return not (short >= 3 and short >= 0.3 * closed)


def _goes_on(line: str, following: str) -> bool:
    """Whether a sentence goes on beyond a line end, for certain."""
    state = ending(line)
    if state is Ending.CLOSED:
        return False
    return may_continue(following) or (state is Ending.CUT and line[-1].isalpha())


def without_margin(lines: list[str]) -> list[str]:
    """Without the margin that nearly all of the text has."""
    filled = [line for line in lines if line and line != PAGE]
    total = sum(map(len, filled))
    margins: Counter[int] = Counter()
    for line in filled:
        margins[len(line) - len(line.lstrip())] += len(line)
    base = left = 0
    for margin in sorted(margins):  # the widest that still holds most of the text
        if total - left < 0.75 * total:
            break
        base = margin
        left += margins[margin]
    if not base:
        return lines
    return [line[min(base, len(line) - len(line.lstrip())) :] for line in lines]


def pieces_of(lines: list[str]) -> list[Piece]:
    """The runs of lines between blank lines; a fenced block is one run, blank lines and all."""
    pieces: list[Piece] = []
    fences = [i for i, line in enumerate(lines) if FENCE.match(line)]
    after_page = False
    start = 0
    while start < len(lines):
        if not lines[start] or lines[start] == PAGE:
            after_page = after_page or lines[start] == PAGE
            start += 1
            continue
        end = _fence_end(lines, start, fences) or _run_end(lines, start)
        run = ["" if line == PAGE else line for line in lines[start:end]]
        pieces.append(Piece(run, after_page and bool(pieces)))
        after_page = False
        start = end
    return pieces


def _run_end(lines: list[str], start: int) -> int:
    end = start + 1
    while end < len(lines) and lines[end] and lines[end] != PAGE:
        end += 1
    return end


def _fence_end(lines: list[str], start: int, fences: list[int]) -> int:
    """The index after the line that closes the fence opened at `start`; 0 without one."""
    position = bisect_left(fences, start)
    if position == len(fences) or fences[position] != start or position + 1 == len(fences):
        return 0
    opening = lines[start].strip()
    closing = lines[fences[position + 1]].strip()
    mark = opening[: len(opening) - len(opening.lstrip(opening[0]))]
    return fences[position + 1] + 1 if closing.startswith(mark) and not closing.strip(mark) else 0


def may_continue(line: str) -> bool:
    """Whether a line may go on in the middle of a sentence: lower case, or letters without case."""
    bare = line.lstrip()
    return starts_lower(bare) or bool(_LETTER.match(bare) and bare[0].lower() == bare[0].upper())
