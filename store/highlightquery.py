"""Which highlights a query means: those of the articles it finds, or those it fits themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from store.folding import fold
from store.highlights import Highlight, KnownHighlight
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


def known_highlight(highlight: Highlight, title: str = "", author: str = "") -> KnownHighlight:
    """A highlight made ready to be filtered."""
    texts = {
        "quote": fold(highlight.quote),
        "note": fold(highlight.note),
        "title": fold(title),
        "author": fold(author),
    }
    texts[""] = "\n".join((*texts.values(), highlight.colour))
    return KnownHighlight(highlight, title, author, texts)


class HighlightFilter:
    """Finds among highlights those that fit what is typed, by the rules of the query language.

    Words are looked for in the passage, the note, the colour's name, and the article's title and
    author, in any order; the last one is a beginning.  `"phrases"`, `OR`, `-excluded`, `note:`,
    `highlight:`, `title:`, `author:`, `has:note` and `has:highlight` are known; what else the
    language has says nothing of highlights, and leaves all.  Ten thousand take about 50 ms.

    Args:
        text: What is typed.
    """

    def __init__(self, text: str) -> None:
        self._tree = parse(text, typing=True).tree
        self._terms: dict[Word | Phrase, Term] = {}

    def fits(self, known: KnownHighlight) -> bool:
        """Whether a highlight is meant."""
        return self._fits(self._tree, known) is not False

    def _fits(self, node: Node, known: KnownHighlight) -> bool | None:
        """Whether it fits a part; None where that says nothing of highlights."""
        if isinstance(node, And | Or):
            found = [each for part in node.parts if (each := self._fits(part, known)) is not None]
            if not found:
                return None
            return all(found) if isinstance(node, And) else any(found)
        if isinstance(node, Not):
            inner = self._fits(node.part, known)
            return None if inner is None else not inner
        if isinstance(node, Filter):
            return _has(node, known.highlight)
        name = _PARTS.get(node.field, node.field)
        term = self._terms.get(node)
        if term is None:
            term = self._terms[node] = Term.of(node)
        if name not in known.texts or not term.tokens:
            return None
        return next(term.spans(known.texts[name]), None) is not None


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


def orphans(body: str, highlights: Iterable[Highlight]) -> set[int]:
    """Numbers of the highlights whose passage is not in an article any more.

    Args:
        body: The article's Markdown.
        highlights: The highlights; notes on the whole article are no orphans.
    """
    from store.anchoring import Anchors
    from store.plaintext import plain_text

    wanted: Sequence[Highlight] = [each for each in highlights if each.quote.strip()]
    if not wanted:
        return set()
    text = plain_text(body)
    anchors = Anchors(text)
    scale = len(text) / max(1, len(body))
    return {
        each.id
        for each in wanted
        if anchors.find(each.quote, each.before, each.after, int(each.offset * scale)) is None
    }
