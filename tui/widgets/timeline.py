"""A timeline: how many articles there are of each month, as bars one line high."""

from __future__ import annotations

from collections.abc import Sequence

#: A month takes at most so many cells where there is room.
_WIDEST = 3


def bars(months: Sequence[tuple[str, int]], width: int, signs: str) -> str:
    """The months as bars in at most `width` cells, empty ones as spaces.

    Args:
        months: (“2017-03”, count) of each month in order, without gaps.
        width: Cells there are; where there are more months, each bar stands for several.
        signs: The bars to draw with, each one cell wide, the lowest first.
    """
    if not months or width < 1:
        return ""
    together = -(-len(months) // width)
    sums = [
        sum(count for _, count in months[start : start + together])
        for start in range(0, len(months), together)
    ]
    cells = min(_WIDEST, max(1, width // len(sums)))
    highest = max(1, *sums)
    steps = (-(-count * len(signs) // highest) for count in sums)  # the least count shows too
    return "".join((signs[step - 1] if step else " ") * cells for step in steps)


def ends(months: Sequence[tuple[str, int]]) -> tuple[str, str]:
    """What to write under the first and the last bar: years, or months within one year."""
    if not months:
        return "", ""
    first, last = months[0][0], months[-1][0]
    if first[:4] != last[:4]:
        return first[:4], last[:4]
    return (first, last) if first != last else (first, "")
