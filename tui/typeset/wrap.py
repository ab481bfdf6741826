r"""Breaking text into lines by width in cells.

`wrap` gives for each line the part of the text it shows; what lies between two lines is white
space.  Widths are those of `rich.cells`, with which the terminal is drawn.  Rules:

- Lines break at spaces; no-break spaces hold.  They also break after the hyphen of a compound, and
  after dashes between words.
- Chinese and Japanese break between characters, but no line starts with closing punctuation or
  ends with opening punctuation (kinsoku).  So do scripts written without spaces (Thai, Lao, Khmer,
  Burmese), for want of their dictionaries.  Korean breaks at its spaces.
- Closing punctuation that stands alone (French sets spaces before it) starts no line, and opening
  punctuation ends none, if there is any other place to break.
- A word wider than the measure breaks after punctuation, else anywhere; a URL only then.
- Where a language's hyphenation is given, the word that does not fit takes a hyphen if it can, but
  not on more than two lines running.
- Grapheme clusters (UAX #29) are never broken, unless one alone is wider than the measure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rich.cells import cell_len

from tui.typeset.clusters import Extent, clusters, units

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
_URL_BREAK = re.compile(r"[/?&.\-=_#,;:](?![/?&.\-=_#,;:!)\]}>\"'])(?=[!-~]|\w)")
#: After these an address breaks: where one of its parts ends, and no hyphen is in doubt.
_URL_PART = re.compile(r"[/?&=#;,](?![/?&.\-=_#,;:!)\]}>\"'])(?=[!-~]|\w)")
#: What begins an address, whose hyphens are its own.
_URL = re.compile(r"\W*(?:[A-Za-z][A-Za-z0-9+.\-]*://|www\.)")
#: Punctuation that closes, or opens, apart from any word.
_CLOSING_WORD = re.compile(r"[,.;:!?…)\]}»›”’‼⁇⁈⁉]++(?!\w)")
_OPENING_WORD = re.compile(r"[(\[{«‹“‘„‚¿¡]++(?!\S)")
#: Text that the fast way does not know how to break.
_DELICATE = re.compile(
    rf" (?:{_CLOSING_WORD.pattern})|(?<!\S)(?:{_OPENING_WORD.pattern})|://|www\."
)
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
#: Not at the start, or at the end, of a line even where a word is cut.
_NEVER_FIRST = _NO_START - frozenset("'\"\xa0\u202f\u2060\u2007")
_NEVER_LAST = _NO_END - frozenset("'\"#$£¥\xa0\u202f\u2060\u2007")
#: Lines running that may end with a hyphen.
_MOST_HYPHENS = 2
#: A part of a line that does not break: start, end, cells, cells of the spaces after it, and
#: whether it should stay with what is before it.
_Atom = tuple[int, int, int, int, bool]
#: Places inside a part of the text (start, end) that may take a hyphen, ascending.
Hyphens = Callable[[int, int], Sequence[int]]


def wrap(text: str, width: int, indent: int = 0) -> list[Extent]:
    r"""Break `text` into lines of at most `width` cells.

    Args:
        text: Plain text; "\n" ends a line.
        width: The measure in cells, at least 2.
        indent: Cells that the first line has less.

    Returns:
        For each line, where its visible text starts and ends.  What lies between, before and
        after is white space.  At least one line.
    """
    width = max(2, width)
    plain = _PLAIN.fullmatch
    delicate = _DELICATE.search
    lines: list[Extent] = []
    for start, end in _rows(text):
        row = text[start:end]
        if not indent and plain(row) and not delicate(row):
            lines += _wrap_plain(text, start, end, width)
        else:
            lines += _Breaker(text, start, width, indent).lines(row)
        indent = 0
    return lines


def wrap_hyphenated(
    text: str, width: int, hyphens: Hyphens, indent: int = 0
) -> tuple[list[Extent], set[int]]:
    """Break `text` as `wrap` does, with words hyphenated.

    Returns:
        The lines, and the ends of those that a hyphen is to be shown after.
    """
    lines: list[Extent] = []
    hyphenated: set[int] = set()
    for start, end in _rows(text):
        breaker = _Breaker(text, start, max(2, width), indent, hyphens)
        lines += breaker.lines(text[start:end])
        hyphenated |= breaker.hyphenated
        indent = 0
    return lines, hyphenated


def _rows(text: str) -> Iterator[Extent]:
    """The parts between the line ends of the text itself."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield start, end
        start = end + 1
    yield start, len(text)


def widest_part(text: str) -> int:
    """Cells of the widest part of `text` that does not break: the least good measure for it."""
    return max((atom[2] for atom in _atoms(text)), default=0)


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
            cut = after = _kept_whole(text, start, limit)
        while cut > start and text[cut - 1] == " ":
            cut -= 1
        lines.append((start, cut))
        start = after
        while start < end and text[start] == " ":
            start += 1
    lines.append((start, end))
    return lines


def _kept_whole(text: str, start: int, limit: int) -> int:
    """Where a word that fills the line from `start` to `limit` is cut: see `_kept_together`."""
    for cut in range(limit, start + (limit - start) // 2, -1):
        if text[cut] not in _NEVER_FIRST and text[cut - 1] not in _NEVER_LAST:
            return cut
    return limit


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


class _Breaker:
    """Breaks any text without line ends, word by word.

    Args:
        text: The text that `lines` is given a part of.
        offset: Where that part begins.
        width: The measure in cells.
        indent: Cells that the first line has less.
        hyphens: Where words may be hyphenated, or None.

    Attributes:
        hyphenated: Ends of lines that a hyphen is to be shown after.
    """

    def __init__(
        self, text: str, offset: int, width: int, indent: int = 0, hyphens: Hyphens | None = None
    ) -> None:
        self.hyphenated: set[int] = set()
        self._text = text
        self._offset = offset
        self._width = width
        self._room = max(2, width - indent)  # of the line that is being filled
        self._hyphens = hyphens
        self._running = 0  # lines just before that end with a hyphen
        self._lines: list[Extent] = []

    def lines(self, text: str) -> list[Extent]:
        """The lines of `text`, which is the part that begins at the offset."""
        start = end = 0  # of the line so far; empty while start == end
        used = 0  # its cells, with the spaces after it
        other: tuple[int, int, int] | None = None  # where it may break: end, next start, cells
        for a, b, cells, spaces, held in _atoms(text):
            room = self._room if start == end else self._width
            parts = ((a, b, cells),) if cells <= room else _soft_parts(text, a, b, room)
            for first, last, part in parts:
                if start < end and held and other and used + part > self._room:
                    self._end(start, other[0])
                    start, used, other = other[1], used - other[2], None
                if start < end and used + part <= self._room:
                    if not held:
                        other = end, first, used
                    end, used, held = last, used + part, False
                    continue
                if start < end:
                    place = self._hyphen(first, last, self._room - used)
                    if place and self._running < _MOST_HYPHENS:
                        self._end(start, place, hyphen=True)
                        first, part = place, _cells(text, place, last)
                    else:
                        self._end(start, end)
                while part > self._room and (place := self._hyphen(first, last, self._room)):
                    self._end(first, place, hyphen=True)
                    first, part = place, _cells(text, place, last)
                start, end, used, other, held = first, last, part, None, False
                if part > self._room:
                    *full, (start, end, used) = _hard_parts(
                        text, first, last, self._width, self._room
                    )
                    for x, y, _ in full:
                        self._end(x, y)
            used += spaces
        if start < end or not self._lines:
            self._end(start, end)
        return self._lines

    def _end(self, start: int, end: int, *, hyphen: bool = False) -> None:
        """End a line."""
        self._lines.append((self._offset + start, self._offset + end))
        self._room = self._width
        self._running = self._running + 1 if hyphen else 0
        if hyphen:
            self.hyphenated.add(self._offset + end)

    def _hyphen(self, start: int, end: int, room: int) -> int:
        """The last place in a word where a hyphen fits into `room` cells, or 0."""
        if self._hyphens is None or room < 3:
            return 0
        offset = self._offset
        best = 0
        for place in self._hyphens(offset + start, offset + end):
            if cell_len(self._text[offset + start : place]) >= room:
                break
            best = place - offset
        return best


def _atoms(text: str) -> Iterator[_Atom]:
    """The parts of `text` between which a line may break."""
    held = False
    for match in _WORD.finditer(text):
        a, b = match.span(1)
        spaces = match[2]
        after = len(spaces) if spaces.isascii() else cell_len(spaces)
        held = a > 0 and (held or _CLOSING_WORD.match(text, a, b) is not None)
        if _URL.match(text, a, b):
            breaks = []
        else:
            breaks = [hyphen.end() for hyphen in _HYPHEN.finditer(text, a, b)]
        if _UNSPACED.search(text, a, b):
            breaks = _unspaced_breaks(text, a, b, frozenset(breaks))
        first = a
        for place in breaks:
            yield a, place, _cells(text, a, place), 0, held
            a, held = place, False
        yield a, b, _cells(text, a, b), after, held
        held = _OPENING_WORD.match(text, first, b) is not None


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


def _soft_parts(text: str, a: int, b: int, room: int) -> Iterator[tuple[int, int, int]]:
    """A word wider than the room for it, cut after punctuation; an address between its parts."""
    if not _URL.match(text, a, b):
        yield from _cut_after(_URL_BREAK, text, a, b)
        return
    for first, last, cells in _cut_after(_URL_PART, text, a, b):
        if cells <= room:
            yield first, last, cells
        else:
            yield from _cut_after(_URL_BREAK, text, first, last)


def _cut_after(
    pattern: re.Pattern[str], text: str, a: int, b: int
) -> Iterator[tuple[int, int, int]]:
    for match in pattern.finditer(text, a, b):
        yield a, match.end(), _cells(text, a, match.end())
        a = match.end()
    if a < b:
        yield a, b, _cells(text, a, b)


def _hard_parts(text: str, a: int, b: int, width: int, room: int = 0) -> list[tuple[int, int, int]]:
    """A word without any place to break, cut into lines between clusters.

    A line is cut a little shorter where the next would start with closing punctuation, or it
    would end with opening punctuation.  The first line has `room` cells, if that is given.
    """
    seen = list(units(text[a:b], width))
    parts: list[tuple[int, int, int]] = []
    room = room or width
    begin = used = index = 0
    while index < len(seen):
        cells = seen[index][2]
        if used + cells > room and begin < index:
            cut = _kept_together(text, a, seen, begin, index)
            used = sum(unit[2] for unit in seen[begin:cut])
            parts.append((a + seen[begin][0], a + seen[cut][0], used))
            begin = index = cut
            used, room = 0, width
            continue
        used += cells
        index += 1
    parts.append((a + seen[begin][0], b, used))
    return parts


def _kept_together(
    text: str, offset: int, seen: Sequence[tuple[int, int, int]], begin: int, index: int
) -> int:
    """The unit before which a line that begins at `begin` and is full before `index` is cut."""
    cut = index
    while cut > begin + (index - begin) // 2:
        here, before = offset + seen[cut][0], offset + seen[cut - 1][0]
        if text[here] not in _NEVER_FIRST and text[before] not in _NEVER_LAST:
            return cut
        cut -= 1
    return index
