"""From a query's tree to ids in order, and from ids to rows and hits.

The tree is a conjunction at heart.  Its parts that only look for words go to the full-text index,
those that only filter become SQL over the columns; a part that mixes both has its words answered
first and becomes SQL too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from store.article import Article
from store.errors import ArticleNotFoundError, CancelledError
from store.folding import tokens as plain_tokens
from store.index import Index, order_by
from store.matching import Term, TextMatcher, snippet_of_markdown
from store.operators import OPERATORS, Condition
from store.query import And, Filter, Node, Not, Or, Phrase, Query, Word
from store.results import Hit, Row

if TYPE_CHECKING:
    from store.fulltext import FullText

#: A ranked search gives this many hits to scroll through; its count tells of the others.
RANKED: Final = 1_000

#: A filter that leaves at most this many articles is handed to the full-text index as ids.
_FEW: Final = 2_000

_NOT_TRASHED: Final = "d.id not in (select id from state where trashed = 1)"


@dataclass(slots=True)
class Found:
    """The answer to a query; see `results.Result`."""

    query: str
    count: int
    exact: bool
    warnings: tuple[str, ...]
    matcher: TextMatcher | None
    ids: Sequence[int]
    _get: Callable[[int], Article]
    _rows: Callable[[Sequence[int]], list[Row]]
    _scores: dict[int, float] = field(default_factory=dict)

    def rows(self, start: int, stop: int) -> list[Row]:
        """List rows `start` to `stop` (exclusive)."""
        return self._rows(self.ids[start:stop])

    def hits(self, start: int, stop: int) -> list[Hit]:
        """The same rows with snippets; reads each article."""
        return list(self._hits(start, stop))

    def _hits(self, start: int, stop: int) -> Iterator[Hit]:
        for row in self.rows(start, stop):
            try:
                article = self._get(row.id)
            except ArticleNotFoundError:
                continue
            line, spans = snippet_of_markdown(article.body or article.summary, self.matcher)
            if not spans and article.summary:
                line, spans = snippet_of_markdown(article.summary, self.matcher)
            titles = self.matcher.spans(row.title) if self.matcher else []
            yield Hit(row, self._scores.get(row.id, 0.0), line, tuple(spans), tuple(titles))


@dataclass(slots=True)
class Searcher:
    """Answers queries over one index.

    Attributes:
        index: The columns.
        fulltext: Gives the full-text index; called only when a query has words.
        get: Reads an article, for snippets.
        rows: Reads list rows.
    """

    index: Index
    fulltext: Callable[[], FullText]
    get: Callable[[int], Article]
    rows: Callable[[Sequence[int]], list[Row]]

    def find(
        self,
        query: Query,
        *,
        sort: str = "",
        everything: bool = False,
        cancelled: Callable[[], bool] | None = None,
    ) -> Found:
        """Answer `query`.

        Args:
            query: The parsed query.
            sort: Sort key that overrides the query's own.
            everything: All ids, however many, also when ranked.
            cancelled: Asked now and then; once it says so, the search ends.

        Raises:
            CancelledError: `cancelled` said so.
        """
        words, where, parameters = self._split(query.tree, cancelled)
        if not _mentions_trash(query.tree):
            where.append(_NOT_TRASHED)
        sort = sort or query.sort or ("relevance" if words else "published")
        ranked = words is not None and sort.lstrip("-") == "relevance"
        limit = query.limit
        scores: dict[int, float] = {}
        exact = True
        condition = " and ".join(f"({part})" for part in where) or "1"
        if words is None:
            ids = self._sql(condition, parameters, order_by(sort), limit, cancelled)
            count = len(ids)
        else:
            wanted = RANKED if ranked and not everything else None
            if limit is not None and ranked:
                wanted = limit
            filtered = len(where) > 1 or where != [_NOT_TRASHED]
            pairs, count, exact = self._words(
                words, condition if filtered else "", parameters, wanted, ranked, cancelled
            )
            ids = [doc_id for doc_id, _ in pairs]
            if ranked:
                scores = dict(pairs)
                if sort.startswith("-"):
                    ids.reverse()
            else:
                ids = self._sql(
                    "d.id in (select value from json_each(?))",
                    [json.dumps(ids)], order_by(sort), limit, cancelled,
                )  # fmt: skip
            if limit is not None:
                count = min(count, limit)
                exact = exact or count == limit
        return Found(
            query.text, count, exact, query.warnings, self.matcher(query), ids,
            self.get, self.rows, scores,
        )  # fmt: skip

    def matcher(self, query: Query) -> TextMatcher | None:
        """What marks the query's words in a text, or None when it has none."""
        terms = []
        for node in query.words():
            words = plain_tokens(node.text)
            if words:
                terms.append(Term(tuple(words), isinstance(node, Word) and node.prefix))
        return TextMatcher(terms) if terms else None

    # ------------------------------------------------------------------------- evaluation

    def _sql(
        self,
        where: str,
        parameters: Sequence[Any],
        order: str,
        limit: int | None,
        cancelled: Callable[[], bool] | None,
    ) -> list[int]:
        import sqlite3

        try:
            return self.index.ids(where, parameters, order=order, limit=limit, cancelled=cancelled)
        except sqlite3.OperationalError:
            _check(cancelled)
            raise

    def _words(
        self,
        tree: Node,
        condition: str,
        parameters: Sequence[Any],
        wanted: int | None,
        ranked: bool,
        cancelled: Callable[[], bool] | None,
    ) -> tuple[list[tuple[int, float]], int, bool]:
        """(id, score) of articles with the words that also meet `condition`; count; exactness."""
        fulltext = self.fulltext()
        _check(cancelled)
        most = len(fulltext)
        if not condition:
            trash = self.index.ids("d.id in (select id from state where trashed = 1)", ())
            if len(trash) <= _FEW:
                hits, count = fulltext.search(
                    tree, limit=most if wanted is None else wanted, without=trash, ranked=ranked
                )
                _check(cancelled)
                return [(hit.id, hit.score) for hit in hits], count, True
            condition, parameters = _NOT_TRASHED, ()
        allowed = self._sql(condition, parameters, "", None, cancelled)
        if len(allowed) <= _FEW:
            if not allowed:
                return [], 0, True
            hits, count = fulltext.search(tree, limit=len(allowed), only=allowed, ranked=ranked)
            pairs = [(hit.id, hit.score) for hit in hits]
            return pairs[:wanted] if wanted is not None else pairs, count, True
        among = set(allowed)
        look = most if wanted is None else min(most, max(wanted * 4, 1))
        while True:
            _check(cancelled)
            hits, total = fulltext.search(tree, limit=look, ranked=ranked)
            pairs = [(hit.id, hit.score) for hit in hits if hit.id in among]
            if look >= total or look >= most:
                kept = pairs if wanted is None else pairs[:wanted]
                return kept, len(pairs), True
            if wanted is not None and len(pairs) >= wanted:
                return pairs[:wanted], len(pairs), False
            look = min(most, look * 4)

    def _split(
        self, tree: Node, cancelled: Callable[[], bool] | None
    ) -> tuple[Node | None, list[str], list[Any]]:
        """The part of `tree` that is only words, and the rest as SQL conditions."""
        words: list[Node] = []
        where: list[str] = []
        parameters: list[Any] = []
        for part in tree.parts if isinstance(tree, And) else (tree,):
            if _only_words(part):
                words.append(part)
            else:
                sql, values = self._condition(part, cancelled)
                where.append(sql)
                parameters.extend(values)
        if not words:
            return None, where, parameters
        return (words[0] if len(words) == 1 else And(tuple(words))), where, parameters

    def _condition(self, node: Node, cancelled: Callable[[], bool] | None) -> Condition:
        if isinstance(node, Filter):
            compile_ = OPERATORS[node.operator].compile
            made = compile_(node.value) if compile_ else None
            return made if made is not None else ("0", ())
        if _only_words(node):
            fulltext = self.fulltext()
            hits, _ = fulltext.search(node, limit=len(fulltext), ranked=False)
            _check(cancelled)
            ids = json.dumps([hit.id for hit in hits])
            return "d.id in (select value from json_each(?))", (ids,)
        if isinstance(node, Not):
            sql, values = self._condition(node.part, cancelled)
            return f"not coalesce(({sql}), 0)", values
        if isinstance(node, And | Or):
            if not node.parts:
                return "1", ()
            parts = [self._condition(part, cancelled) for part in node.parts]
            joint = " and " if isinstance(node, And) else " or "
            return (
                "(" + joint.join(f"({sql})" for sql, _ in parts) + ")",
                tuple(value for _, values in parts for value in values),
            )
        raise TypeError(f"not a query node: {node!r}")


def _check(cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise CancelledError


def _only_words(node: Node) -> bool:
    if isinstance(node, Word | Phrase):
        return True
    if isinstance(node, Not):
        return _only_words(node.part)
    if isinstance(node, And | Or):
        return bool(node.parts) and all(map(_only_words, node.parts))
    return False


def _mentions_trash(node: Node) -> bool:
    if isinstance(node, Filter):
        return node.operator == "is" and node.value.lower() == "trashed"
    if isinstance(node, Not):
        return _mentions_trash(node.part)
    if isinstance(node, And | Or):
        return any(map(_mentions_trash, node.parts))
    return False
