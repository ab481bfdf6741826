"""Widths of characters: those of `rich.cells`, with one correction.

Rich counts spacing marks (Unicode's Mc, such as the vowel signs of Devanagari and Tamil) as no
cell; glibc, and with it xterm and tmux, VTE and wcwidth count them as one.  By Rich's count a line
of Hindi would run over the edge of its column.  The correction is made in Rich's own table, since
whatever draws goes by that: there is one truth about widths, and it is the terminal's.
"""

from __future__ import annotations

from functools import cache
from unicodedata import category

from rich import cells
from rich._unicode_data import load

#: The tone marks of old Hangul: spacing by name, but drawn over the syllable before them.
_NO_CELL = frozenset("\u302e\u302f")

#: Spacing marks are between these: above are variation selectors and tags, 4,096 of no width.
_FIRST, _LAST = 0x900, 0xDFFFF


@cache
def spacing_marks() -> str:
    """All marks that take a cell of their own; Rich's table is made to say so too."""
    table = load("auto").widths
    marks: list[str] = []
    ranges: list[tuple[int, int, int]] = []
    for start, end, width in table:
        if width or end < _FIRST or start > _LAST:
            ranges.append((start, end, width))
            continue
        begin = start
        for code in range(start, end + 1):
            character = chr(code)
            if category(character) == "Mc" and character not in _NO_CELL:
                marks.append(character)
                if begin < code:
                    ranges.append((begin, code - 1, 0))
                begin = code + 1
        if begin <= end:
            ranges.append((begin, end, 0))
    if marks and isinstance(table, list):  # what is not in the table is one cell wide
        table[:] = ranges
        cells.get_character_cell_size.cache_clear()
        cells.cached_cell_len.cache_clear()
    return "".join(marks)
