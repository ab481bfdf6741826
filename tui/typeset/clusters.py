"""Characters as they are seen: grapheme clusters (UAX #29), and cutting text between them.

Widths are those of `rich.cells` everywhere, because the drawing uses them: a text that is cut to
20 cells fills 20 cells on the screen; see `widths` for what is corrected there.  wcwidth is asked
for nothing but where clusters end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from rich.cells import cell_len, split_graphemes

from tui.typeset.widths import spacing_marks

#: A part of a text: from its first character to one past the last.
Extent = tuple[int, int]

#: Joiner and emoji presentation selector, which change the width of what is beside them.
_VARIATION = "\u200d\ufe0f"

#: Characters of one or two cells that may join their neighbours, by the grapheme break property
#: of UAX #29: conjoining Hangul, regional indicators (flags), Thai and Lao AM, signs that belong
#: to the letter after them, spacing marks.  All other joining characters have no width.
_JOINING = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\u0e33\u0eb3\u1100-\u11ff"
    "\ua960-\ua97f\ud7b0-\ud7ff\uff9e\uff9f\U000110bd\U000110cd\U000111c2\U000111c3"
    "\U0001193f\U00011941\U00011a3a\U00011a84-\U00011a89\U00011d46\U0001f1e6-\U0001f1ff"
    f"{spacing_marks()}]"
)


def clusters(text: str) -> list[tuple[int, int, int]]:
    """The smallest pieces of `text` that may be parted: (start, end, cells) of each.

    Pieces are extended grapheme clusters of UAX #29, joined further where the width of the
    drawing would change if they were parted.
    """
    head = 0  # a joiner with nothing before it: `cell_len` leaves out what it would join
    while head < len(text) and text[head] in _VARIATION:
        head = min(head + (2 if text[head] == "\u200d" else 1), len(text))
    spans, _ = split_graphemes(text[head:])
    if head:
        spans = [(0, head, 0), *((a + head, b + head, cells) for a, b, cells in spans)]
    if len(spans) == len(text) and not _JOINING.search(text):
        return spans
    from wcwidth import iter_graphemes  # slow to import, and most libraries never need it

    starts = {0, *accumulate(map(len, iter_graphemes(text)))}
    pieces: list[tuple[int, int, int]] = []
    for start, end, cells in spans:
        if pieces and start not in starts:
            before, _, width = pieces[-1]
            pieces[-1] = (before, end, width + cells)
        else:
            pieces.append((start, end, cells))
    return pieces


def units(text: str, width: int) -> Iterator[tuple[int, int, int]]:
    """Clusters; one that is wider than the measure is taken apart."""
    for first, last, cells in clusters(text):
        if cells <= width:
            yield first, last, cells
        else:
            for index in range(first, last):
                yield index, index + 1, cell_len(text[index])


def cut(text: str, start: int, end: int, width: int) -> list[Extent]:
    """Cut text into lines of `width` cells anywhere between clusters; spaces are kept (code)."""
    if end - start <= width // 2 or cell_len(text[start:end]) <= width:
        return [(start, end)]
    if text.isascii():
        return [(at, min(at + width, end)) for at in range(start, end, width)]
    parts: list[Extent] = []
    begin, used = start, 0
    for first, _, cells in units(text[start:end], width):
        if used + cells > width and begin < start + first:
            parts.append((begin, start + first))
            begin, used = start + first, 0
        used += cells
    return [*parts, (begin, end)]
