r"""Breaking text into lines by width in cells.

`wrap` gives for each line the part of the text it shows; what lies between two lines is white
space.  Widths are those of `rich.cells`, with which the terminal is drawn.  Rules:

- Lines break at spaces; no-break spaces hold.  They also break after the hyphen of a compound, and
  after dashes between words.
- Chinese and Japanese break between characters, but no line starts with closing punctuation or
  ends with opening punctuation (kinsoku).  So do scripts written without spaces (Thai, Lao, Khmer,
  Burmese), for want of their dictionaries.  Korean breaks at its spaces.
- A word wider than the measure, such as a URL, breaks after punctuation, else anywhere.
- Grapheme clusters (UAX #29) are never broken, unless one alone is wider than the measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

#: Text in which every character is one cell and lines break at spaces and hyphens only: Latin,
#: Greek, Cyrillic and the usual punctuation.
_PLAIN = re.compile(
    "[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u03e1\u0400-\u0482"
    "\u048a-\u052f\u1e00-\u1eff\u2010-\u2011\u2013-\u2015\u2018-\u201f\u2020-\u2022\u2026"
    "\u2030\u2032-\u2033\u2039-\u203a\u20ac\u2116\u2190-\u2193\u2212]*"
)
#: A word with the spaces after it.  Spaces that hold (U+00A0, U+2007, U+202F) are part of words.
_WORD = re.compile(
    "([^ \t\u1680\u2000-\u2006\u2008-\u200b\u205f\u3000]+)([ \t\u1680\u2000-\u2006\u2008-\u200b"
    "\u205f\u3000]*)"
)
_SPACE = " \t\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u200b\u205f\u3000"
#: After these a line may break inside a word.
_HYPHEN = re.compile(r"(?<=[^\W_])(?:-(?=[^\W\d_])|\u2010(?=\w))|(?<=\w)--(?=\w)|(?<=\S)[–—](?=\w)")
#: After these a word that is wider than the measure may break.
_URL_BREAK = re.compile(r"[/?&.\-=_#,;:](?![/?&.\-=_#,;:])(?=[!-~]|\w)")
#: Characters beside which a line may break though there is no space.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u3190-\u4dbf\u4e00-\ua4cf\uf900-\ufaff"
    "\ufe30-\ufe4f\uff01-\uff9f\uffe0-\uffe6\U0001f000-\U0001faff\U00020000-\U0003ffff]"
)
#: Not at the start of a line (JIS X 4051 and GB/T 15834, the common part; Thai follows).
_NO_START = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】〗〙〟°′″℃％‰‐–—…‥～〜､｡･｣ｰ"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    ",.;:!?)]}%»›'\"\xa0\u202f\u2060\u2007"
    "ะาำๅๆฯ"
)
#: Not at the end of a line.
_NO_END = frozenset("（〔［｛〈《「『【〖〘〝｢‘“([{«‹¥￥＄£＃$€№'\"\xa0\u202f\u2060\u2007เแโใไ")
#: A line's text: from the first character to one past the last.
Extent = tuple[int, int]
#: A part of a line that does not break: start, end, cells, cells of the spaces after it.
_Atom = tuple[int, int, int, int]


def wrap(text: str, width: int) -> list[Extent]:
    r"""Break `text` into lines of at most `width` cells.

    Args:
        text: Plain text; "\n" ends a line.
        width: The measure in cells, at least 2.

    Returns:
        For each line, where its visible text starts and ends.  What lies between, before and
        after is white space.  At least one line.
    """
    width = max(2, width)
    plain = _PLAIN.fullmatch
    if "\n" not in text:
        return _wrap_plain(text, 0, len(text), width) if plain(text) else _wrap(text, 0, width)
    lines: list[Extent] = []
    start = 0
    for line in text.split("\n"):
        if plain(line):
            lines += _wrap_plain(text, start, start + len(line), width)
        else:
            lines += _wrap(line, start, width)
        start += len(line) + 1
    return lines


def widest_part(text: str) -> int:
    """Cells of the widest part of `text` that does not break: the least good measure for it."""
    return max((cells for _, _, cells, _ in _atoms(text)), default=0)


def cut(text: str, start: int, end: int, width: int) -> list[Extent]:
    """Cut text into lines of `width` cells anywhere between clusters; spaces are kept (code)."""
    if end - start <= width // 2 or cell_len(text[start:end]) <= width:
        return [(start, end)]
    return [(a, b) for a, b, _ in _hard_parts(text, start, end, width)]


def clusters(text: str) -> Iterator[tuple[int, int, int]]:
    """Grapheme clusters of `text`: (start, end, cells).

    Clusters without width (stray marks) are part of the one before.
    """
    from wcwidth import iter_graphemes

    start = end = cells = 0
    for cluster in iter_graphemes(text):
        width = cell_len(cluster)
        if end and not width:
            end += len(cluster)
            cells = cell_len(text[start:end])
            continue
        if end:
            yield start, end, cells
        start, end, cells = end, end + len(cluster), width
    if end:
        yield start, end, cells


def _wrap_plain(text: str, start: int, end: int, width: int) -> list[Extent]:
    """Break text of one-cell characters: the work is per line, not per word."""
    lines: list[Extent] = []
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    while end - start > width:
        space = text.rfind(" ", start, start + width + 1)
        cut = after = space
        begin = space + 1 if space > start else start
        # The word that does not fit may have a place to break: a hyphen, or punctuation if it
        # would not fit on a line of its own.
        limit = start + width
        far = min(end, limit + width + 2)  # looking further would change nothing
        stop = text.find(" ", limit, far)
        stop = stop if stop >= 0 else far
        if begin < limit and (inner := _last_break(text, begin, stop, limit, width)) > begin:
            cut = after = inner
        elif space <= start:
            cut = after = limit
        while cut > start and text[cut - 1] == " ":
            cut -= 1
        lines.append((start, cut))
        start = after
        while start < end and text[start] == " ":
            start += 1
    lines.append((start, end))
    return lines


def _last_break(text: str, begin: int, end: int, limit: int, width: int) -> int:
    """The last place before `limit` where the word from `begin` to `end` may break, or `begin`.

    For text of one-cell characters; places are offsets, `limit` is the end of the line.
    """
    place = begin
    for match in _HYPHEN.finditer(text, begin, end):
        if match.end() > limit:
            break
        place = match.end()
    # Parts between hyphens that are wider than the measure break after punctuation.
    following = _HYPHEN.search(text, place, end)
    stop = following.end() if following else end
    if stop - place > width:
        for match in _URL_BREAK.finditer(text, place, stop):
            if match.end() > limit:
                break
            place = match.end()
    return place


def _wrap(text: str, offset: int, width: int) -> list[Extent]:
    """Break any text without line ends; `offset` is added to the result."""
    lines: list[Extent] = []
    start = end = 0  # of the line so far; empty while start == end
    used = 0  # its cells, without the spaces after it
    for a, b, cells, spaces in _atoms(text):
        parts = ((a, b, cells),) if cells <= width else _soft_parts(text, a, b)
        for first, last, part in parts:
            if start < end and part <= width and used + part <= width:
                end, used = last, used + part
                continue
            if start < end:
                lines.append((offset + start, offset + end))
            start, end, used = first, last, part
            if part > width:
                *full, (start, end, used) = _hard_parts(text, first, last, width)
                lines += [(offset + x, offset + y) for x, y, _ in full]
        used += spaces
    if start < end or not lines:
        lines.append((offset + start, offset + end))
    return lines


def _atoms(text: str) -> Iterator[_Atom]:
    """The parts of `text` between which a line may break."""
    for match in _WORD.finditer(text):
        a, b = match.span(1)
        spaces = match[2]
        after = len(spaces) if spaces.isascii() else cell_len(spaces)
        breaks = [hyphen.end() for hyphen in _HYPHEN.finditer(text, a, b)]
        if _UNSPACED.search(text, a, b):
            breaks = _unspaced_breaks(text, a, b, frozenset(breaks))
        for place in breaks:
            yield a, place, _cells(text, a, place), 0
            a = place
        yield a, b, _cells(text, a, b), after


def _cells(text: str, a: int, b: int) -> int:
    """Cells that the part adds to a line; a stray emoji selector widens what is before it."""
    return cell_len(text[a:b]) + text.startswith("\ufe0f", a)


def _unspaced_breaks(text: str, a: int, b: int, hyphens: frozenset[int]) -> list[int]:
    """Where the word from `a` to `b`, with characters that need no space, may break."""
    breaks = []
    before = ""
    for start, end, _ in clusters(text[a:b]):
        cluster = text[a + start : a + end]
        if (
            before
            and cluster[0] not in _NO_START
            and before[0] not in _NO_END
            and (a + start in hyphens or _UNSPACED.match(before) or _UNSPACED.match(cluster))
        ):
            breaks.append(a + start)
        before = cluster
    return breaks


def _soft_parts(text: str, a: int, b: int) -> Iterator[tuple[int, int, int]]:
    """A word wider than the measure, cut after punctuation."""
    for match in _URL_BREAK.finditer(text, a, b):
        yield a, match.end(), _cells(text, a, match.end())
        a = match.end()
    if a < b:
        yield a, b, _cells(text, a, b)


def _hard_parts(text: str, a: int, b: int, width: int) -> list[tuple[int, int, int]]:
    """A word without any place to break, cut into lines between clusters."""
    parts: list[tuple[int, int, int]] = []
    start = end = a
    used = 0
    for first, last, cells in _units(text[a:b], width):
        if used + cells > width and start < end:
            parts.append((start, end, used))
            start, used = a + first, 0
        end, used = a + last, used + cells
    parts.append((start, end, used))
    return parts


def _units(text: str, width: int) -> Iterator[tuple[int, int, int]]:
    """Clusters; one that is wider than the measure is taken apart."""
    for first, last, cells in clusters(text):
        if cells <= width:
            yield first, last, cells
        else:
            for index in range(first, last):
                yield index, index + 1, cell_len(text[index])
