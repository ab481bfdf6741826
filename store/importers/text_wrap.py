"""How the lines of a plain text were broken, and the pieces that blank lines part."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from store.importers.text_joining import Ending, ending, starts_lower
from store.importers.text_lines import PAGE

#: A wrapped line has at most this many characters; a longer one is a paragraph of its own.
MAX_WRAP = 130
FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_WIDE = re.compile(
    r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]"
)
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
    """

    width: int = 0
    least: int = 0
    spaced: bool = False

    def is_full(self, line: str, following: str) -> bool:
        """Whether the first word of the following line had no room on this one."""
        return bool(self.width) and _filled(line, following) >= self.least


def columns(text: str) -> int:
    """The width of a text in columns; ideographs take two."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _filled(line: str, following: str) -> int:
    """The width of a line with the first word of the next one."""
    bare = following.lstrip()
    if _WIDE.match(bare):  # no spaces: any character may begin a line
        return columns(line) + 2
    word = bare.split(None, 1)
    return columns(line) + 1 + (columns(word[0]) if word else 0)


def measure_wrap(pieces: list[Piece]) -> Wrap:
    """How the lines of prose were broken.

    Only a line that the next one goes on with in the middle of a sentence tells.
    """
    pairs = [
        (line, following)
        for piece in pieces
        for line, following in pairwise(piece.lines)
        if columns(line) <= MAX_WRAP and _goes_on(line, following)
    ]
    lengths = sorted(columns(line) for line, _ in pairs)
    if not lengths or (len(lengths) < 3 and lengths[-1] < 40):
        return Wrap()
    width = lengths[int(0.95 * (len(lengths) - 1))]
    if width < 20:
        return Wrap()
    fills = sorted(_filled(line, following) for line, following in pairs)
    least = min(fills[int(0.05 * len(fills))], width + 1)
    long = [len(piece.lines) for piece in pieces if len(piece.lines) > 1]
    spaced = len(pieces) > 2 and sum(long) < 12 * len(long)
    return Wrap(width, max(least, int(0.6 * width)), spaced=spaced)


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
