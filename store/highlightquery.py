"""Which highlights a query means: those of the articles it finds, or those it fits themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from store.highlights import Highlight
from store.matching import Term, TextMatcher
from store.query import And, Filter, Node, Not, Or, Phrase, Word, parse

if TYPE_CHECKING:
    from store.library import Library

#: Fields and filters of the query language that are about highlights.
_PARTS = {"note": "note", "highlight": "quote"}


class FoundHighlights(NamedTuple):
    """What a query finds.

    Attributes:
        groups: Articles in the order of the result, each with its highlights in their order.  The
            articles of no result that are gone from the library come last.
        warnings: What of the query was not understood, one line each.
    """

    groups: list[tuple[int, list[Highlight]]]
    warnings: tuple[str, ...] = ()


def find_highlights(library: Library, query: str = "") -> FoundHighlights:
    """The highlights and notes of the articles that a query finds.

    Where it asks for words in notes or highlights, or for there being such (`note:`,
    `highlight:`, `has:note`, `has:highlight`), only those that fit are given.  Without a query
    these are all of them, but for articles in the trash; also those whose article was removed for
    good.

    Args:
        library: The library.
        query: In the query language.

    Raises:
        LibraryError: the reading file cannot be read.
    """
    by_article = library.annotated()
    result = library.find(query, everything=True)
    tree = parse(query, views=library.views).tree
    groups = [
        (id, [each for each in mine if _about(tree, each) is not False] or mine)
        for id in result.ids
        if (mine := by_article.pop(id, None))
    ]
    if not query.strip():
        there = {row.id for row in library.rows(list(by_article))}
        groups += [(id, mine) for id, mine in by_article.items() if id not in there]
    return FoundHighlights(groups, tuple(result.warnings))


class HighlightFilter:
    """Finds among highlights those that fit what is typed, by the rules of the query language.

    Words are looked for in the passage, the note, the colour's name and the article's title, in
    any order; the last one is a beginning.  `"phrases"`, `OR`, `-excluded`, `note:`, `highlight:`,
    `title:`, `author:`, `has:note` and `has:highlight` are known; other filters do nothing.

    Args:
        text: What is typed.
    """

    def __init__(self, text: str) -> None:
        self._tree = parse(text, typing=True).tree
        self._terms: dict[Word | Phrase, TextMatcher] = {}
        self.is_empty = self._tree == And()
        """Whether everything fits."""

    def fits(self, highlight: Highlight, title: str = "", author: str = "") -> bool:
        """Whether a highlight in an article of that title, by that author, is meant."""
        texts = {
            "quote": highlight.quote,
            "note": highlight.note,
            "title": title,
            "author": author,
            "colour": highlight.colour,
        }
        return self._fits(self._tree, highlight, texts) is not False

    def _fits(self, node: Node, highlight: Highlight, texts: dict[str, str]) -> bool | None:
        if isinstance(node, And | Or):
            found = [self._fits(part, highlight, texts) for part in node.parts]
            known = [each for each in found if each is not None]
            if not known:
                return None
            return all(known) if isinstance(node, And) else any(known)
        if isinstance(node, Not):
            inner = self._fits(node.part, highlight, texts)
            return None if inner is None else not inner
        if isinstance(node, Filter):
            return _has(node, highlight)
        name = _PARTS.get(node.field, node.field)
        if name and name not in texts:
            return None
        matcher = self._terms.get(node)
        if matcher is None:
            term = Term.of(node)
            matcher = self._terms[node] = TextMatcher([Term(term.tokens, term.prefix)])
        if not matcher.terms:
            return None
        return any(matcher.met(texts[each]) for each in ([name] if name else texts))


def _about(node: Node, highlight: Highlight) -> bool | None:
    """Whether it fits what a query asks of highlights; None where that is not about them."""
    if isinstance(node, And):
        known = [each for part in node.parts if (each := _about(part, highlight)) is not None]
        return all(known) if known else None
    if isinstance(node, Or):
        found = [_about(part, highlight) for part in node.parts]
        return None if None in found else any(found)
    if isinstance(node, Filter):
        return _has(node, highlight)
    if isinstance(node, Word | Phrase) and node.field in _PARTS:
        term = Term.of(node)
        matcher = TextMatcher([Term(term.tokens, term.prefix)])
        text: str = getattr(highlight, _PARTS[node.field])
        return bool(matcher.met(text)) if matcher.terms else None
    return None


def _has(node: Filter, highlight: Highlight) -> bool | None:
    if node.operator == "has" and node.value in _PARTS:
        return bool(getattr(highlight, _PARTS[node.value]).strip())
    return None


def orphans(text: str, highlights: Iterable[Highlight], length: int) -> set[int]:
    """Numbers of the highlights whose passage is not in a text any more.

    Args:
        text: The article's plain text.
        highlights: The highlights; notes on the whole article are none.
        length: Characters of the article's body, which their offsets are offsets into.
    """
    from store.anchoring import Anchors

    wanted: Sequence[Highlight] = [each for each in highlights if each.quote.strip()]
    if not wanted:
        return set()
    anchors = Anchors(text)
    scale = len(text) / max(1, length)
    return {
        each.id
        for each in wanted
        if anchors.find(each.quote, each.before, each.after, int(each.offset * scale)) is None
    }
