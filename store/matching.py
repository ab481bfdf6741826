"""Marking a query's words in any text, and cutting a snippet around the best of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise

from store.folding import fold_mapped, is_unspaced, is_word, tokens
from store.plaintext import one_line, plain_text
from store.query import Phrase, Word

Spans = list[tuple[int, int]]

#: Matches as (start, end, number of the term).
Matches = list[tuple[int, int, int]]

_SNIPPET = 160  # characters, about two lines of a hit list
_AROUND = 600  # characters of source taken on either side of the best matches
_LOOK = 400_000  # characters of an article that are searched for a snippet
_MOST = 32  # matches of each term considered for a snippet
_JOINING = "[0-9A-Za-z]"  # the ASCII characters that continue a word

#: A syllable of Hangul: Korean words take endings, so that one is looked up as a beginning.
_SYLLABLES = re.compile("[\uac00-\ud7a3]{2,}\\Z")


@dataclass(frozen=True)
class Term:
    """Folded tokens side by side, the last of which may be the beginning of a word.

    Attributes:
        tokens: The words.
        prefix: Whether the last one may go on.
        field: The text field they are looked for in, "" for all of them.
    """

    tokens: tuple[str, ...]
    prefix: bool = False
    field: str = ""

    @classmethod
    def of(cls, node: Word | Phrase) -> Term:
        """What a node of a query looks for; without tokens when that is nothing."""
        words = tuple(tokens(node.text))
        prefix = False
        if isinstance(node, Word) and words and not is_unspaced(words[-1]):
            prefix = node.prefix or _SYLLABLES.match(words[-1]) is not None
        return cls(words, prefix, node.field)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """The tokens and what may stand between them; it starts with a literal to be fast."""
        parts = [re.escape(self.tokens[0])]
        for left, right in pairwise(self.tokens):
            apart = "*" if is_unspaced(left) or is_unspaced(right) else "+"
            parts += [rf"[\W_]{apart}", re.escape(right)]
        return re.compile("".join(parts))

    @cached_property
    def _word_pattern(self) -> re.Pattern[str]:
        """The only token, as far as ASCII tells where a word begins and ends.

        The literal comes before the look behind it, so that it is what is searched for.
        """
        literal = re.escape(self.tokens[0])
        rest = f"{_JOINING}*" if self.prefix else f"(?!{_JOINING})"
        return re.compile(f"{literal}(?<!{_JOINING}{literal}){rest}")

    def spans(self, folded: str) -> Iterator[tuple[int, int]]:
        """Where the term stands in folded text, in ascending order."""
        first_joins = not is_unspaced(self.tokens[0])
        last_joins = not is_unspaced(self.tokens[-1])
        single = len(self.tokens) == 1
        search = (self._word_pattern if single and first_joins else self._pattern).search
        prefix, size = self.prefix, len(folded)
        at = 0
        while (match := search(folded, at)) is not None:
            start, end = match.span()
            at = start + 1
            if first_joins and start and _joins(folded[start - 1]):
                continue
            if last_joins:
                stop = end
                while stop < size and _joins(folded[stop]):
                    stop += 1
                    if not prefix:
                        break
                if stop > end and not prefix:
                    continue
                end = stop
            if not single and not folded.isascii() and not self._is(folded[start:end]):
                continue  # what is between them belongs to a word after all
            yield start, end
            at = end

    def _is(self, found: str) -> bool:
        words = tokens(found)
        return len(words) == len(self.tokens) and tuple(words[:-1]) == self.tokens[:-1]


def _joins(character: str) -> bool:
    """Whether a character continues a word that stands before or after it."""
    if character.isalnum():
        return character.isascii() or not is_unspaced(character)
    return not character.isascii() and is_word(character) and not is_unspaced(character)


class TextMatcher:
    """Finds a query's terms in any text, case, accents and width aside."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """A matcher for any of `terms`."""
        self.terms = tuple(dict.fromkeys(term for term in terms if term.tokens))

    def spans(self, text: str, field: str = "body") -> Spans:
        """Matches in `text` as (start, end) in characters, ascending, not overlapping.

        Args:
            text: Any text.
            field: The text field it is: terms for another field are not looked for.
        """
        return [match[:2] for match in self.matches(text, field)]

    def met(self, text: str, field: str = "body") -> set[int]:
        """The numbers of the terms that are in `text`."""
        return {match[2] for match in self.matches(text, field, 1)}

    def matches(self, text: str, field: str = "body", most: int | None = None) -> Matches:
        """As `spans`, with the number of the term, and at most `most` of each."""
        terms = [pair for pair in enumerate(self.terms) if pair[1].field in ("", field)]
        if not terms:
            return []
        folded, offsets = fold_mapped(text)
        found = [(*span, n) for n, term in terms for span in islice(term.spans(folded), most)]
        if len(terms) > 1:
            found = _apart(found)
        if offsets is None:
            return found
        return [(offsets[start], offsets[end], n) for start, end, n in found]


def _apart(matches: Matches) -> Matches:
    """Matches in order; of those that overlap the first, of those that start alike the longest."""
    kept: Matches = []
    for match in sorted(matches, key=lambda match: (match[0], -match[1])):
        if not kept or match[0] >= kept[-1][1]:
            kept.append(match)
    return kept


def snippet(
    text: str, matcher: TextMatcher | None, width: int = _SNIPPET, field: str = "body"
) -> tuple[str, Spans]:
    """One line of about `width` characters around the densest cluster of matches.

    Args:
        text: Plain text of an article.
        matcher: What to mark; None gives the beginning.
        width: Length in characters, ellipses not counted.
        field: The text field it is.

    Returns:
        The line and the matches in it.
    """
    text = text[:_LOOK]
    matches = matcher.matches(text, field, _MOST) if matcher else []
    if not matches:
        line = one_line(text[: width * 3])
        return (_cut(line, width), [])
    start, end = _densest(matches, width)
    room = max(0, width - (end - start))
    left = max(0, start - room // 2)
    right = min(len(text), left + width)
    left = max(0, right - width)
    if left:
        space = _next_space(text, left, min(start, left + 24))
        left = space if space is not None else left
    if right < len(text):
        space = text.rfind(" ", max(end, right - 24), right)
        right = space if space > 0 else right
    line = one_line(text[left:right])
    if left:
        line = "…" + line
    if right < len(text):
        line += "…"
    return line, matcher.spans(line, field) if matcher else []


def snippet_of_markdown(
    markdown: str, matcher: TextMatcher | None, width: int = _SNIPPET
) -> tuple[str, Spans]:
    """As `snippet`, of the plain text of a Markdown source.

    Matches are looked for in the source and only what surrounds them is made plain; the whole
    text is when all of them lie in what is not shown, such as an address.
    """
    source = markdown[:_LOOK]
    matches = matcher.matches(source, most=_MOST) if matcher else []
    if matches:
        start, end = _densest(matches, width)
        left = max(source.rfind("\n", 0, start) + 1, start - _AROUND)
        right = source.find("\n", end)
        right = min(right if right >= 0 else len(source), end + _AROUND)
        line, spans = snippet(plain_text(source[left:right]), matcher, width)
        if spans:
            before = "…" if source[:left].strip() and not line.startswith("…") else ""
            after = "…" if source[right:].strip() and not line.endswith("…") else ""
            return before + line + after, [(a + len(before), b + len(before)) for a, b in spans]
    return snippet(plain_text(source if matches else source[: width * 20]), matcher, width)


def _next_space(text: str, low: int, high: int) -> int | None:
    for at in range(low, high):
        if text[at].isspace():
            return at + 1
    return None


def _densest(matches: Matches, width: int) -> tuple[int, int]:
    """The window with the most different terms, then the most matches, then the earliest."""
    inside: dict[int, int] = {}
    best = (0, 0)
    window = matches[0][:2]
    first = 0
    for last, (_, end, term) in enumerate(matches):
        inside[term] = inside.get(term, 0) + 1
        while end - matches[first][0] > width and first < last:
            gone = matches[first][2]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            first += 1
        score = (len(inside), last - first + 1)
        if score > best:
            best = score
            window = (matches[first][0], end)
    return window


def _cut(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    cut = line.rfind(" ", width // 2, width)
    return line[: cut if cut > 0 else width] + "…"
