"""Marking a query's words in any text, and cutting a snippet around the best of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from store.folding import fold_with_offsets, is_unspaced
from store.plaintext import one_line, plain_text

Spans = list[tuple[int, int]]

_SNIPPET = 160  # characters, about two lines of a hit list
_AROUND = 600  # characters of source taken on either side of the best matches
_LOOK = 400_000  # characters of an article that are searched for a snippet
_MOST = 400  # matches considered for a snippet


@dataclass(frozen=True, slots=True)
class Term:
    """Folded tokens side by side, the last of which may be the beginning of a word."""

    tokens: tuple[str, ...]
    prefix: bool = False

    def pattern(self) -> str:
        """A regular expression over folded text."""
        parts = [re.escape(self.tokens[0])]
        for left, right in pairwise(self.tokens):
            apart = "*" if is_unspaced(left) or is_unspaced(right) else "+"
            parts += [rf"[\W_]{apart}", re.escape(right)]
        before = "" if is_unspaced(self.tokens[0]) else r"(?<![^\W_])"
        after = r"[^\W_]*" if self.prefix else r"(?![^\W_])"
        if is_unspaced(self.tokens[-1]):
            after = ""
        return before + "".join(parts) + after


class TextMatcher:
    """Finds a query's terms in any text, case, accents and width aside."""

    def __init__(self, terms: Iterable[Term]) -> None:
        """A matcher for any of `terms`."""
        unique = dict.fromkeys(term for term in terms if term.tokens)
        patterns = sorted({term.pattern() for term in unique}, key=len, reverse=True)
        self._pattern = re.compile("|".join(patterns) or r"(?!)")
        self.terms = tuple(unique)

    def spans(self, text: str) -> Spans:
        """Matches in `text` as (start, end) in characters, ascending, not overlapping."""
        folded, offsets = fold_with_offsets(text)
        found = self._pattern.finditer(folded)
        if offsets is None:
            return [match.span() for match in found]
        return [
            (offsets[match.start()], _end(offsets, match.end()))
            for match in found
            if match.end() > match.start()
        ]


def _end(offsets: list[int], end: int) -> int:
    """End in the original text of a match that ends before folded character `end`.

    Marks that folded to nothing belong to the letter before them.
    """
    return offsets[end]


def snippet(text: str, matcher: TextMatcher | None, width: int = _SNIPPET) -> tuple[str, Spans]:
    """One line of about `width` characters around the densest cluster of matches.

    Args:
        text: Plain text of an article.
        matcher: What to mark; None gives the beginning.
        width: Length in characters, ellipses not counted.

    Returns:
        The line and the matches in it.
    """
    text = text[:_LOOK]
    matches = matcher.spans(text)[:_MOST] if matcher else []
    if not matches:
        line = one_line(text[: width * 3])
        return (_cut(line, width), [])
    start, end = _densest(text, matches, width)
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
    return line, matcher.spans(line) if matcher else []


def snippet_of_markdown(
    markdown: str, matcher: TextMatcher | None, width: int = _SNIPPET
) -> tuple[str, Spans]:
    """As `snippet`, of the plain text of a Markdown source.

    Matches are looked for in the source and only what surrounds them is made plain; the whole
    text is when all of them lie in what is not shown, such as an address.
    """
    source = markdown[:_LOOK]
    matches = matcher.spans(source)[:_MOST] if matcher else []
    if matches:
        start, end = _densest(source, matches, width)
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


def _densest(text: str, matches: Spans, width: int) -> tuple[int, int]:
    """The window with the most different words, then the most matches, then the earliest."""
    words = [text[start:end].casefold() for start, end in matches]
    best = (0, 0)
    window = matches[0]
    first = 0
    for last in range(len(matches)):
        while matches[last][1] - matches[first][0] > width and first < last:
            first += 1
        score = (len(set(words[first : last + 1])), last - first + 1)
        if score > best:
            best = score
            window = (matches[first][0], matches[last][1])
    return window


def _cut(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    cut = line.rfind(" ", width // 2, width)
    return line[: cut if cut > 0 else width] + "…"


def terms_in(text: str, matcher: TextMatcher | None) -> Sequence[tuple[int, int]]:
    """Matches in a short text such as a title."""
    return matcher.spans(text) if matcher else ()
