"""Colours of the terminal's table of 256 that look like the ones that are meant.

A colour by its place in the table takes half the bytes of one by red, green and blue.  Colours 16
to 255 are the same in every terminal (a cube of 6 x 6 x 6 and 24 greys, xterm's `256colres.pl`),
but for those that set sixteen colours more than there are places for: base16-shell puts orange in
the place of black.  So 16 to 21 are left alone like the first sixteen, which are the person's own.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Final

from tui.terminal.pens import FIRST, LEVELS

#: How far colours may lie apart, as CIE76 differences in L*a*b* (about 2 can just be told apart
#: side by side on large fields; thin strokes of letters take several times that).
TEXT_LIMIT: Final = 12.5
FIELD_LIMIT: Final = 4.0

#: Contrasts that the app promises for signs, for text, and for text in its theme of high contrast.
_CONTRASTS: Final = (4.5, 7.0, 10.0)
_WHITE: Final = (0.95047, 1.0, 1.08883)  # D65

Rgb = tuple[int, int, int]


@cache
def table() -> dict[int, Rgb]:
    """Red, green and blue of the colours 22 to 255."""
    cube = [(r, g, b) for r in LEVELS for g in LEVELS for b in LEVELS]
    greys = [(8 + 10 * step,) * 3 for step in range(24)]
    return dict(list(enumerate([*cube, *greys], 16))[FIRST - 16 :])


@lru_cache(maxsize=4096)
def near(colour: Rgb, limit: float, behind: Rgb | None = None) -> int | None:
    """The number of the nearest colour of the table.

    Args:
        colour: The colour that is meant.
        limit: How far the other one may be.
        behind: What it is read on; the contrast that is promised stays.

    Returns:
        Its number, None where there is none.
    """
    lab = _lab(colour)
    least = 0.0
    if behind is not None:
        meant = contrast(colour, behind)
        least = max((level for level in _CONTRASTS if level <= meant), default=0.0)
    found = [
        (distance, number)
        for number, other in _labs().items()
        if (distance := math.dist(lab, other)) <= limit
        and (behind is None or contrast(table()[number], behind) >= least)
    ]
    return min(found)[1] if found else None


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    r, g, b = map(_linear, colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _linear(component: int) -> float:
    """A component of sRGB as light, 0 to 1 (IEC 61966-2-1)."""
    value = component / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


@cache
def _labs() -> dict[int, tuple[float, float, float]]:
    return {number: _lab(colour) for number, colour in table().items()}


def _lab(colour: Rgb) -> tuple[float, float, float]:
    """CIE L*a*b* of an sRGB colour (white D65)."""
    r, g, b = map(_linear, colour)
    xyz = (
        0.4124 * r + 0.3576 * g + 0.1805 * b,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        0.0193 * r + 0.1192 * g + 0.9505 * b,
    )
    x, y, z = (_root(value / white) for value, white in zip(xyz, _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(t: float) -> float:
    return t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116
