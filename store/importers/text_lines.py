"""The lines of a plain text, made safe and even: no margins, no trailing spaces, single-spaced.

What a page break leaves behind is the line `PAGE`, since a paragraph may go on beyond it.
"""

from __future__ import annotations

import re
from itertools import pairwise

from store.importers.text_joining import Ending, ending, starts_lower
from store.sanitize import scrub

#: Stands as a line of its own where one page ended and the next began.
PAGE = "\f"

_SOFT_HYPHEN_END = re.compile("\u00ad[ \t]*(?:\r\n?|\n)[ \t]*")
#: No line of double-spaced text is longer.
_LONGEST = 120


def tidy(text: str) -> tuple[list[str], int]:
    """The lines of `text`: safe, no margins, no trailing spaces, `PAGE` for form feeds.

    Tabs at the start of a line become spaces up to the next multiple of 4; tabs within a line,
    which part the columns of tables, are kept.

    Returns:
        The lines, and the number of unsafe characters removed (see `store.sanitize`).
    """
    text = _SOFT_HYPHEN_END.sub("", text)
    lines: list[str] = []
    removed = 0
    for number, page in enumerate(text.split("\f")):
        clean, count = scrub(page)
        removed += count
        if number:
            lines.append(PAGE)
        lines += _dedent(_page_lines(clean))
    return _single_spaced(lines), removed


def _page_lines(page: str) -> list[str]:
    lines = []
    for line in page.split("\n"):
        bare = line.rstrip()
        start = len(bare) - len(bare.lstrip())
        if "\t" in bare[:start]:
            bare = bare[:start].expandtabs(4) + bare[start:]
        lines.append(bare)
    return lines


def _dedent(lines: list[str]) -> list[str]:
    """Without the margin that all lines of a page share."""
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line), default=0)
    return [line[margin:] for line in lines] if margin else lines


def _single_spaced(lines: list[str]) -> list[str]:
    """Double-spaced text with its line pairs closed up.

    It is double-spaced when hardly any two lines touch, and yet many lines end in the middle of a
    sentence that the next line goes on with.
    """
    filled = [i for i, line in enumerate(lines) if line and line != PAGE]
    if len(filled) < 8 or max(len(lines[i]) for i in filled) > _LONGEST:
        return lines
    steps = [b - a for a, b in pairwise(filled)]
    if sum(step == 1 for step in steps) > 0.1 * len(steps):
        return lines
    cut = sum(
        ending(lines[a]) is not Ending.CLOSED and starts_lower(lines[b])
        for a, b in pairwise(filled)
    )
    if cut < 0.4 * len(steps):
        return lines
    closed: list[str] = []
    blank_before = False
    for line in lines:
        if line or blank_before:
            closed.append(line)
            blank_before = False
        else:
            blank_before = True  # the first blank line of a run is the spacing
    return closed
