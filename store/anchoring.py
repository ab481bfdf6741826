"""Finding a marked passage again in a text that may have been edited since.

A passage is known by its quote, by the text before and after it, and by where it was.  It is
looked for in this order, as the annotators of the web do it (W3C Web Annotation Data Model,
TextQuoteSelector and TextPositionSelector):

1. the quote as it stands: where the context fits best, else nearest to where it was;
2. the same without regard to case, accents, white space, punctuation and typography;
3. the stretch of text that differs least from it, if that is little enough (`_EDITED`).

What none of them finds is gone: an orphan, until the text comes back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import nsmallest

from store.folding import is_unspaced
from store.likeness import TELLING, Letters, Span, edit_distance
from store.plaintext import plain_text

#: Share of the letters that may differ, with some of the context beside it and without.
_EDITED, _EDITED_ALONE = 1 / 3, 1 / 5
#: Share that may differ where the context stands beside it, for nothing better to be looked for.
_SURE = 1 / 8
#: Letters a passage needs at least to be looked for by what resembles it.
_LEAST_ALIKE = 10
#: Letters of which all are compared; of more, this many at either end, and the words between.
_WHOLE, _EDGE = 512, 128
_SAME_WORDS = 0.6
#: Markup inside of markup that is taken off a quote; a hostile one has thousands of layers.
_LAYERS = 4
#: Places of a quote that are weighed against each other.
_MOST_PLACES = 2_000

_SPACE = re.compile(r"\s+")
#: What is no letter at the start of a quote, and one such mark beside a stretch of text.
_AT_START = re.compile(r"[\W_]*")
_MARK_BEFORE, _MARK_AFTER = re.compile(r"([^\w\s]|_)\s*\Z"), re.compile(r"\s*(?:[^\w\s]|_)")


class Anchors:
    """Finds passages in one text.

    The text is prepared as far as it is needed: finding what was not edited costs a search for a
    string.  For the other ways it is folded and indexed once, which takes about a second for ten
    million characters.

    Args:
        text: The text now, without markup.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded: Letters | None = None

    def find(
        self, quote: str, before: str = "", after: str = "", near: int | None = None
    ) -> Span | None:
        """Where a passage is now, or None when it is not there any more.

        Args:
            quote: The passage; with markup in it, it is tried without as well.
            before: What stood before it; white space in it does not matter.
            after: What stood after it.
            near: About where it was, in characters into the text; None when that is not known.
        """
        if not quote.strip():
            return None
        span = self._to_the_letter(quote, before, after, near)
        for _ in range(_LAYERS):
            if span is not None or not any(mark in quote for mark in "*`[\\<"):
                break
            plain = plain_text(quote).strip()
            if not plain or plain == quote:
                break
            quote = plain
            span = self._to_the_letter(quote, before, after, near)
        return span or self._alike(quote, before, after, near)

    def _to_the_letter(self, quote: str, before: str, after: str, near: int | None) -> Span | None:
        return self._exactly(quote, before, after, near) or self._folded_away(
            quote, before, after, near
        )

    # As it stands

    def _exactly(self, quote: str, before: str, after: str, near: int | None) -> Span | None:
        spans = ((at, at + len(quote)) for at in _occurrences(self.text, quote))
        return self._best(spans, before, after, near)

    def _best(
        self, spans: Iterable[Span], before: str, after: str, near: int | None
    ) -> Span | None:
        """The stretch whose surroundings fit best; of equal ones the nearest."""
        origin = near or 0
        possible = (span for span in spans if _parts_no_word(self.text, *span, before, after))
        whole = nsmallest(_MOST_PLACES, possible, key=lambda span: abs(span[0] - origin))
        if len(whole) < 2:
            return whole[0] if whole else None
        left, right = _dense(before), _dense(after)
        return min(
            whole,
            key=lambda span: (
                -self._context(span[0], span[1], left, right),
                abs(span[0] - origin),
            ),
        )

    def _context(self, start: int, end: int, before: str, after: str) -> int:
        """How well a stretch fits its context: 0 not at all, 4 wholly on both sides.

        Args:
            start: Where it begins.
            end: Where it ends.
            before: What stood before it, without white space.
            after: What stood after it, likewise.
        """
        here = _dense(self.text[max(0, start - 3 * len(before)) : start])
        there = _dense(self.text[end : end + 3 * len(after)])
        fits = 0
        for known, found in ((before[::-1], here[::-1]), (after, there)):
            same = _common_start(known, found)
            fits += 2 if known and same == len(known) else 1 if same >= TELLING else 0
        return fits

    # By its letters

    @property
    def _letters(self) -> Letters:
        if self._folded is None:
            self._folded = Letters(self.text)
        return self._folded

    def _folded_away(self, quote: str, before: str, after: str, near: int | None) -> Span | None:
        wanted = Letters(quote)
        letters, size = self._letters, len(wanted.text)
        if not size:
            return None
        spans = (
            letters.span(at, at + size)
            for at in _occurrences(letters.text, wanted.text)
            if letters.is_whole(at, at + size)
        )
        best = self._best(spans, before, after, near)
        return best and self._with_punctuation(best, quote)

    def _with_punctuation(self, span: Span, quote: str) -> Span:
        """The span with as much punctuation at its ends as the quote has."""
        start, end = span
        quote = quote.strip()
        ahead = len(_dense(_AT_START.match(quote)[0]))  # type: ignore[index]
        behind = len(_dense(_AT_START.match(quote[::-1])[0]))  # type: ignore[index]
        while ahead and (more := _MARK_BEFORE.search(self.text, max(0, start - 9), start)):
            start, ahead = more.start(1), ahead - 1
        while behind and (more := _MARK_AFTER.match(self.text, end)):
            end, behind = more.end(), behind - 1
        return start, end

    # What resembles it

    def _alike(self, quote: str, before: str, after: str, near: int | None) -> Span | None:
        wanted, letters = Letters(quote), self._letters
        size = len(wanted.text)
        if size < _LEAST_ALIKE:
            return None
        origin = 0 if near is None else letters.index(near)
        found: list[tuple[int, int, Span]] = []
        for low, high in letters.candidates(wanted, origin):
            span = (
                _nearest_to(wanted.text, letters.text, low, high)
                if size <= _WHOLE
                else _nearest_ends(wanted, letters, low, high)
            )
            if span is None:
                continue
            start, end, errors = span
            beside = letters.has_beside(start, end, before, after)
            if errors <= size * (_EDITED if beside else _EDITED_ALONE):
                found.append((errors, abs(start - origin), (start, end)))
                if beside and errors <= size * _SURE:
                    break  # no other stretch is looked at, which takes most of the time
        if not found:
            return None
        return self._with_punctuation(letters.span(*min(found)[2]), quote)


def _nearest_to(pattern: str, text: str, low: int, high: int) -> tuple[int, int, int] | None:
    """The part of `text[low:high]` that differs least from `pattern`: (start, end, errors)."""
    window = text[low:high]
    errors, end = edit_distance(pattern, window)
    if not end:
        return None
    _, back = edit_distance(pattern[::-1], window[:end][::-1], from_start=True)
    return (low + end - back, low + end, errors) if back else None


def _nearest_ends(
    wanted: Letters, letters: Letters, low: int, high: int
) -> tuple[int, int, int] | None:
    """As `_nearest_to` for long passages: their ends are looked for, and the words between."""
    pattern, size = wanted.text, len(wanted.text)
    middle = low + (high - low) // 2
    first = _nearest_to(pattern[:_EDGE], letters.text, low, middle)
    last = _nearest_to(pattern[-_EDGE:], letters.text, middle, high)
    if first is None or last is None or last[1] <= first[0]:
        return None
    if first[2] + last[2] > 2 * _EDGE * _EDITED:
        return None
    start, end = first[0], last[1]
    mine = Counter(word for word, _ in wanted.words())
    theirs = Counter(word for word, _ in letters.words_between(start, end))
    same = (mine & theirs).total() / max(1, mine.total(), theirs.total())
    return (start, end, round(size * (1 - same) / 2)) if same >= _SAME_WORDS else None


def _occurrences(text: str, part: str) -> Iterator[int]:
    """Where `part` is in `text`, also where it overlaps itself.

    Where it does, it is there again so many characters on for as long as the text repeats itself;
    to look for the whole of it each time would take the product of the lengths.
    """
    at = text.find(part)
    while at >= 0:
        yield at
        last, at = at, text.find(part, at + 1)
        step = at - last
        if 0 < step < len(part):
            repeated = part[-step:]
            while text.startswith(repeated, at + len(part)):
                yield at
                at += step


def _parts_no_word(text: str, start: int, end: int, before: str, after: str) -> bool:
    """Whether a stretch begins and ends where words do, unless the passage itself did not."""
    first, last = text[start : start + 1], text[end - 1 : end]
    return not (
        (start and _joined(text[start - 1], first) and not _joined(before[-1:], first))
        or (end < len(text) and _joined(last, text[end]) and not _joined(last, after[:1]))
    )


def _joined(left: str, right: str) -> bool:
    """Whether two characters are of one word."""
    return left.isalnum() and right.isalnum() and not is_unspaced(left) and not is_unspaced(right)


def _dense(text: str) -> str:
    return _SPACE.sub("", text)


def _common_start(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
