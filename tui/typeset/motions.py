"""Going about in an article's text by characters, words, sentences and paragraphs.

Places are those of plain text, and always before a character as it is seen (a grapheme cluster).
The head is no part of the text; footnotes are.  Words are those of vim: a run of letters and
digits, or of other signs; Han, hiragana and katakana are kinds of their own.  An apostrophe
between letters is part of the word, as in no editor and every book.

Forward, sentences and paragraphs are gone through by their ends and not by their beginnings, so
that what was gone over is whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence

from tui.typeset.clusters import clusters
from tui.typeset.document import Document
from tui.typeset.viewport import Place

# Kinds of characters, one letter each, so that patterns can be looked for in a text of kinds.
_SPACE, _LINE_END, _WORD, _SIGN = "s", "n", "w", "p"
_HAN, _HIRAGANA, _KATAKANA = "h", "i", "k"
_BLANK = _SPACE + _LINE_END
_BLANKS = re.compile(r"[\s\u200b]*")
_IDEOGRAPH = "[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_SCRIPTS = (
    (re.compile(_IDEOGRAPH), _HAN),
    (re.compile("[\u3041-\u309f]"), _HIRAGANA),
    (re.compile("[\u30a1-\u30ff\uff66-\uff9f]"), _KATAKANA),
)
_APOSTROPHES = "'’"
_KEPT = 8  # blocks

#: Gives offsets into a block's text, ascending.
_Offsets = Callable[[int], Iterator[int]]

#: Ends of sentences: with a space after them, or in Chinese and Japanese without.
_SENTENCE_END = re.compile(
    r"(?<![.!?…‽؟।])(?P<stop>[.!?…‽؟।]++)[\"'”’»›)\]]*+(?=\s|\Z)|[。！？｡．]+[」』”’）〉》】〕)]*"
)
#: What stands before a full stop that ends no sentence; also single capitals (initials).
_SHORT = """
mr mrs ms dr prof st jr sr vs etc cf al e.g i.e eg ie vol pp ed eds fig sec ch dept gen col lt sgt
capt rev hon gov sen rep ave blvd approx est inc ltd corp jan feb mar apr jun jul aug sep sept oct
nov dec u.s u.k a.m p.m ph.d b.c a.d z.b d.h u.a usw bzw ca nr hr fr str abs evtl ggf vgl mm mme
mlle art env sra
"""
_ABBREVIATIONS = frozenset(_SHORT.split())
_LAST_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\Z")


class Characters:
    """A block's text as characters as they are seen.

    Args:
        text: The text.

    Attributes:
        starts: Where each begins.
        kinds: What each is, as one letter.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: Sequence[int]
        if text.isascii():
            self.starts = range(len(text))
        else:
            self.starts = [start for start, _, _ in clusters(text)]
        kinds = [_kind(text[start]) for start in self.starts]
        if not text.isascii():
            ends = [*self.starts[1:], len(text)]
            for index, (start, end) in enumerate(zip(self.starts, ends, strict=True)):
                if kinds[index] == _SPACE and not text[start:end].isspace() and end - start > 1:
                    kinds[index] = _SIGN  # a mark on a blank is seen
        for index in range(1, len(kinds) - 1):
            if (
                kinds[index] == _SIGN
                and text[self.starts[index]] in _APOSTROPHES
                and kinds[index - 1] == kinds[index + 1] == _WORD
            ):
                kinds[index] = _WORD
        self.kinds = "".join(kinds)

    def __len__(self) -> int:
        return len(self.kinds)

    def at(self, offset: int) -> int:
        """Which character covers the offset."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def end(self, index: int) -> int:
        """One past the last character of the text in it."""
        return self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)


class Motions:
    """Answers where motions lead; at the ends of the article they stay where they are.

    Args:
        document: The article.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[int, Characters] = {}

    def characters(self, block: int) -> Characters:
        """The characters of a block; they are kept for a while."""
        known = self._known.get(block)
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[block] = Characters(self._document.plain(block))
        return known

    def end_of(self, place: Place) -> Place:
        """The end of the character at a place."""
        known = self.characters(place.block)
        return Place(place.block, known.end(known.at(place.offset)) if len(known) else 0)

    def snapped(self, place: Place) -> Place:
        """The beginning of the character at a place, which may be inside it."""
        known = self.characters(place.block)
        return Place(place.block, known.starts[known.at(place.offset)] if len(known) else 0)

    def first(self, place: Place | None = None) -> Place | None:
        """The first character of the article, or from a place on; None if there is none."""
        document = self._document
        start = Place(document.first, 0) if place is None else place
        if start.block < document.first:
            start = Place(document.first, 0)
        known = self.characters(start.block) if document.has(start.block) else None
        if known is not None and len(known):
            for index in range(bisect_left(known.starts, start.offset), len(known)):
                if known.kinds[index] not in _BLANK:
                    return Place(start.block, known.starts[index])
        for block in self._after(start.block):
            return self._begin(block)
        return None

    def last(self) -> Place | None:
        """The last character of the article."""
        for block in self._before(len(self._document)):
            return self._end(block)
        return None

    def right(self, place: Place) -> Place:
        """The next character that is no line end."""
        known = self.characters(place.block)
        end = self._end(place.block)
        for index in range(known.at(place.offset) + 1, len(known)):
            if known.starts[index] > end.offset:
                break  # blanks behind the text are no place to be in
            if known.kinds[index] != _LINE_END:
                return Place(place.block, known.starts[index])
        return next(map(self._begin, self._after(place.block)), place)

    def left(self, place: Place) -> Place:
        """The previous character that is no line end."""
        known = self.characters(place.block)
        begin = self._begin(place.block)
        for index in range(known.at(place.offset) - 1, -1, -1):
            if known.starts[index] < begin.offset:
                break  # blanks before the text are no place to be in
            if known.kinds[index] != _LINE_END:
                return Place(place.block, known.starts[index])
        return next(map(self._end, self._before(place.block)), place)

    def word(self, place: Place) -> Place:
        """The beginning of the next word; at the last one, its end."""
        known = self.characters(place.block)
        index = known.at(place.offset)
        kind = known.kinds[index]
        while index < len(known) and known.kinds[index] == kind and kind not in _BLANK:
            index += 1
        while index < len(known) and known.kinds[index] in _BLANK:
            index += 1
        if index < len(known):
            return Place(place.block, known.starts[index])
        following = next(map(self._begin, self._after(place.block)), None)
        return following or self._end(place.block)

    def word_end(self, place: Place) -> Place:
        """The last character of this word, or of the next when it is on that."""
        block, known = place.block, self.characters(place.block)
        index = known.at(place.offset) + 1
        while True:
            while index < len(known) and known.kinds[index] in _BLANK:
                index += 1
            if index < len(known):
                break
            following = next(self._after(block), None)
            if following is None:
                return self._end(block)
            block, known, index = following, self.characters(following), 0
        kind = known.kinds[index]
        while index + 1 < len(known) and known.kinds[index + 1] == kind:
            index += 1
        return Place(block, known.starts[index])

    def word_back(self, place: Place) -> Place:
        """The beginning of this word, or of the one before."""
        block, known = place.block, self.characters(place.block)
        index = known.at(place.offset) - 1
        while True:
            while index >= 0 and known.kinds[index] in _BLANK:
                index -= 1
            if index >= 0:
                break
            before = next(self._before(block), None)
            if before is None:
                return self._begin(block)
            block, known = before, self.characters(before)
            index = len(known) - 1
        kind = known.kinds[index]
        while index and known.kinds[index - 1] == kind:
            index -= 1
        return Place(block, known.starts[index])

    def sentence_end(self, place: Place) -> Place:
        """The last character of this sentence, or of the next."""
        return self._forward(place, self._sentence_ends)

    def sentence_start(self, place: Place) -> Place:
        """The first character of this sentence, or of the one before."""
        return self._back(place, self._sentence_starts)

    def paragraph_end(self, place: Place) -> Place:
        """The last character of this paragraph, or of the next."""
        return self._forward(place, self._paragraph_ends)

    def paragraph_start(self, place: Place) -> Place:
        """The first character of this paragraph, or of the one before."""
        return self._back(place, self._paragraph_starts)

    def word_at(self, place: Place) -> tuple[Place, Place]:
        """First and last character of the word (or of the blanks) at a place."""
        known = self.characters(place.block)
        first = last = known.at(place.offset)
        kind = known.kinds[first]
        while first and known.kinds[first - 1] == kind:
            first -= 1
        while last + 1 < len(known) and known.kinds[last + 1] == kind:
            last += 1
        return Place(place.block, known.starts[first]), Place(place.block, known.starts[last])

    # Inside

    def _forward(self, place: Place, ends: _Offsets) -> Place:
        for offset in ends(place.block):
            if (there := self.snapped(Place(place.block, offset))).offset > place.offset:
                return there
        for block in self._after(place.block):
            return self.snapped(Place(block, next(iter(ends(block)))))
        return place

    def _back(self, place: Place, starts: _Offsets) -> Place:
        for offset in reversed(list(starts(place.block))):
            if (there := self.snapped(Place(place.block, offset))).offset < place.offset:
                return there
        for block in self._before(place.block):
            return self.snapped(Place(block, list(starts(block))[-1]))
        return place

    def _paragraphs(self, block: int) -> Iterator[tuple[int, int]]:
        """The paragraphs of a block, without blanks around them."""
        for paragraph in self._document.block(block).paragraphs:
            text = paragraph.text
            start = _BLANKS.match(text).end()  # type: ignore[union-attr]  # of no length, too
            if start < len(text):
                end = len(text) - _BLANKS.match(text[::-1]).end()  # type: ignore[union-attr]
                yield paragraph.offset + start, paragraph.offset + end

    def _sentences(self, block: int) -> Iterator[tuple[int, int]]:
        text = self._document.plain(block)
        for start, end in self._paragraphs(block):
            begin = start
            for stop in _SENTENCE_END.finditer(text, start, end):
                if stop.end() < end and not _is_end(text, stop):
                    continue
                yield begin, stop.end()
                begin = stop.end()
                while begin < end and text[begin].isspace():
                    begin += 1
            if begin < end:
                yield begin, end

    def _paragraph_starts(self, block: int) -> Iterator[int]:
        return (start for start, _ in self._paragraphs(block))

    def _paragraph_ends(self, block: int) -> Iterator[int]:
        return (self.snapped(Place(block, end - 1)).offset for _, end in self._paragraphs(block))

    def _sentence_starts(self, block: int) -> Iterator[int]:
        return (start for start, _ in self._sentences(block))

    def _sentence_ends(self, block: int) -> Iterator[int]:
        return (self.snapped(Place(block, end - 1)).offset for _, end in self._sentences(block))

    def _after(self, block: int) -> Iterator[int]:
        """The blocks with text after one."""
        while self._document.has(block := block + 1):
            if self._document.plain(block).strip():
                yield block

    def _before(self, block: int) -> Iterator[int]:
        """The blocks with text before one, the nearest first."""
        for number in range(block - 1, self._document.first - 1, -1):
            if self._document.plain(number).strip():
                yield number

    def _begin(self, block: int) -> Place:
        known = self.characters(block)
        index = next(i for i, kind in enumerate(known.kinds) if kind not in _BLANK)
        return Place(block, known.starts[index])

    def _end(self, block: int) -> Place:
        known = self.characters(block)
        index = next(i for i in range(len(known) - 1, -1, -1) if known.kinds[i] not in _BLANK)
        return Place(block, known.starts[index])


def _kind(character: str) -> str:
    if character == "\n":
        return _LINE_END
    if character.isspace() or character == "\u200b":
        return _SPACE
    if not character.isascii():
        for pattern, kind in _SCRIPTS:
            if pattern.match(character):
                return kind
    return _WORD if character.isalnum() or character == "_" else _SIGN


def _is_end(text: str, stop: re.Match[str]) -> bool:
    """Whether a sentence ends at a full stop that has text after it."""
    if stop["stop"] is None:
        return True
    if text[stop.end() : stop.end() + 9].lstrip()[:1].islower():
        return False
    if not stop["stop"].startswith("."):
        return True
    word = _LAST_WORD.search(text, max(0, stop.start() - 20), stop.start())
    if word is None:
        return True
    last = word[0]
    return not (last.casefold() in _ABBREVIATIONS or (len(last) == 1 and last.isupper()))
