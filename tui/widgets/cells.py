"""Text measured and cut by terminal cells, never through a wide character or a grapheme cluster.

A cell is one column of the terminal.  Widths are those of `rich.cells`, because the drawing uses
them: a text cut to 20 cells here fills 20 cells on the screen.  Simple text needs nothing of Rich,
which is loaded with the first that is not: the first frame is drawn with this module.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tui.typeset.simple import cell_len, is_simple, tags_in_flags

if TYPE_CHECKING:
    from rich.segment import Segment
    from rich.style import Style

#: A stretch of text as (start, end) in characters.
Span = tuple[int, int]

ELLIPSIS = "…"

#: A title is looked at up to this many characters for each cell to fill, so that a megabyte
#: without a line end costs no more than a title.  Family emoji need 11 characters for 2 cells.
_CHARACTERS_PER_CELL = 16

#: Characters a terminal would obey, not show.  Each is replaced by one character, so that
#: positions in the text stay what they are.
_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_OBEYED = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "\ufffd"),  # C0, DEL, C1
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd"),  # bidi
    **dict.fromkeys(map(ord, _SPACES), " "),
}
_SURROGATE = re.compile("[\ud800-\udfff]")  # alone they cannot be encoded
_STRAY_JOINER = re.compile("^\u200d|\u200d(?= |$)")  # would join what is drawn beside the text


def clean(text: str) -> str:
    """`text` with all that a terminal would obey replaced, character by character.

    Line ends and tabs become spaces; other controls, bidirectional overrides, tag characters
    outside flags and lone surrogates become U+FFFD; joiners with nothing to join become
    non-joiners.  The length stays the same, so that spans into the text stay valid.
    """
    if text.isprintable():
        return text
    text = tags_in_flags(_SURROGATE.sub("\ufffd", text.translate(_OBEYED)), "\ufffd")
    return _STRAY_JOINER.sub("\u200c", text)


def shorten(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """`text` in at most `width` cells; what does not fit goes, and `ellipsis` says so."""
    limit = max(width, 1) * _CHARACTERS_PER_CELL
    whole = len(text) <= limit
    if whole and cell_len(text) <= width:
        return text
    room = width - cell_len(ellipsis)
    if room < 0:
        return ellipsis[: max(width, 0)]
    return text[: _end_within(text[:limit], 0, room)].rstrip() + ellipsis


def fit(text: str, width: int, *, right: bool = False, ellipsis: str = ELLIPSIS) -> str:
    """`text` in exactly `width` cells: shortened, or filled with spaces (`right`: on the left)."""
    text = shorten(text, width, ellipsis)
    blank = " " * (width - cell_len(text))
    return blank + text if right else text + blank


def break_at(text: str, width: int) -> tuple[str, str]:
    """`text` in two: what of it fits in `width` cells, up to a word if one ends there, the rest."""
    end = _end_within(text, 0, width)
    if end < len(text):
        space = text.rfind(" ", end // 2, end + 1)
        end = space if space > 0 else end
    return text[:end].rstrip(), text[end:].lstrip()


def shorten_around(
    text: str, spans: Sequence[Span], width: int, ellipsis: str = ELLIPSIS
) -> tuple[str, list[Span]]:
    """`text` in at most `width` cells so that the first of `spans` shows, and the spans in it.

    Kept from the start where that shows the first span; otherwise the window opens at a word
    about a third of the width before it.
    """
    if cell_len(text) <= width or not spans:
        return _moved(shorten(text, width, ellipsis), spans, 0, 0, len(text), ellipsis)
    first, last = spans[0]
    mark = cell_len(ellipsis)
    if last <= _end_within(text, 0, max(0, width - mark)):
        return _moved(shorten(text, width, ellipsis), spans, 0, 0, len(text), ellipsis)
    start = _start_before(text, first, max(0, (width - 2 * mark) // 3))
    rest = text[start:]
    if mark + cell_len(rest) <= width:  # the end fits: show as much before it as there is room
        start = _start_before(text, len(text), max(0, width - mark))
        rest = text[start:]
    shown = shorten(rest, max(0, width - mark), ellipsis)
    return _moved(ellipsis + shown, spans, start, len(ellipsis), len(text), ellipsis)


def lit_parts(text: str, spans: Iterable[Span]) -> list[tuple[str, bool]]:
    """The parts of `text` in order, each with whether it is lit: inside one of `spans`.

    Spans are widened to whole grapheme clusters: half a cluster cannot be lit, and parting one
    would change its width.
    """
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, end in _widened(text, spans):
        if start > at:
            parts.append((text[at:start], False))
        parts.append((text[start:end], True))
        at = end
    if at < len(text):
        parts.append((text[at:], False))
    return parts


def lit(text: str, spans: Iterable[Span], plain: Style, match: Style) -> list[Segment]:
    """Segments of `text`, with `spans` in style `match`, the rest in `plain`; see `lit_parts`."""
    from rich.segment import Segment

    return [Segment(part, match if is_lit else plain) for part, is_lit in lit_parts(text, spans)]


def _end_within(text: str, start: int, width: int) -> int:
    """Where the longest run of whole pieces from `start` in at most `width` cells ends."""
    limit = start + max(width, 1) * _CHARACTERS_PER_CELL
    chunk = text[start:limit]
    if is_simple(chunk):
        return min(start + width, len(text))
    from tui.typeset.clusters import clusters

    used, end = 0, 0
    for _, stop, cells in clusters(chunk):
        used += cells
        if used > width:
            break
        end = stop
    return start + end


def _start_before(text: str, position: int, width: int) -> int:
    """Where to open a window at most `width` cells before `position`, at a word if one is near."""
    from tui.typeset.clusters import clusters

    low = max(0, position - max(width, 1) * _CHARACTERS_PER_CELL)
    start, used = position, 0
    for begin, _, cells in reversed(clusters(text[low:position])):
        used += cells
        if used > width:
            break
        start = low + begin
    if start == 0:
        return 0
    space = text.find(" ", max(0, start - 1), position)
    return start if space < 0 else space + 1


def _moved(
    shown: str, spans: Sequence[Span], start: int, shift: int, length: int, ellipsis: str
) -> tuple[str, list[Span]]:
    """`shown` and the spans in it: text from `start` on, found `shift` characters into `shown`."""
    cut = len(shown) - shift < length - start
    end = len(shown) - (len(ellipsis) if cut else 0)
    moved = ((a - start + shift, b - start + shift) for a, b in spans)
    return shown, [(max(a, shift), min(b, end)) for a, b in moved if b > shift and a < end]


def _widened(text: str, spans: Iterable[Span]) -> list[Span]:
    """`spans` inside the text, ascending, apart, each widened to whole pieces."""
    wanted = [(max(0, a), min(b, len(text))) for a, b in spans]
    wanted = [(a, b) for a, b in wanted if a < b]
    if not wanted or is_simple(text):
        return wanted
    from tui.typeset.clusters import clusters

    starts = [start for start, _, _ in clusters(text)]
    widened: list[Span] = []
    for a, b in wanted:
        begin = starts[bisect_right(starts, a) - 1]
        after = bisect_left(starts, b)
        end = starts[after] if after < len(starts) else len(text)
        if widened and begin < widened[-1][1]:
            begin = widened.pop()[0]
        widened.append((begin, end))
    return widened
