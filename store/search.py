"""From a query's tree to ids in order.

The tree is a conjunction at heart.  Its parts that look for words go to the full-text index, and
with them the filters that it can answer itself (`narrowing`).  What is left becomes SQL over the
columns.  The best articles by their words are asked for first, and then whether they meet that;
only when few of them do, the articles that meet it are listed and handed to the index.  A part
that mixes words and filters (`ships OR is:starred`) goes to the index with its filters as ids.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from store.article import Article
from store.errors import CancelledError
from store.found import Found
from store.index import Index
from store.jsontext import loads
from store.listrows import order_by
from store.matching import TextMatcher
from store.meaning import LIKE, Meaning, meaning
from store.narrowing import narrowed
from store.operators import OPERATORS, Condition
from store.query import And, Filter, Node, Not, Or, Phrase, Query, Word, leaves
from store.results import Row

if TYPE_CHECKING:
    import tantivy

    from store.fulltext import FullText, TextHit

#: A search gives this many hits to scroll through; its count tells of the others.
RANKED: Final = 1_000

#: So many ids at most are handed to the full-text index for an article in the trash.
_FEW: Final = 2_000

#: ... and for the articles that meet a filter, which costs it 20 ms.
_MANY: Final = 50_000

#: When it takes more hits than this to have enough that meet a filter, those are listed instead.
_LONG: Final = 10_000

#: A search that looks at no more entries of the index than this is counted at once: 5 ms.
_COUNTED: Final = 400_000

#: One that looks at more than this (30 ms) asks the newest articles first, this many of them.
_DEAR: Final = 2_500_000
_NEWEST: Final = 100_000

_PIECE: Final = 20_000  # ids checked by one statement

_NOT_TRASHED: Final = "d.id not in (select id from state where trashed = 1)"

#: Orders that the full-text index knows.
_COLUMNS: Final = {"published": "-at", "-published": "at", "words": "-words", "-words": "words"}

Cancelled = Callable[[], bool] | None


@dataclass(slots=True)
class Plan:
    """How a query is answered.

    Attributes:
        words: What the full-text index looks for; None when the query has no words.
        where: Conditions in SQL, all of which must be met.
        parameters: Theirs.
        conditions: Conditions of the full-text index.
        filters: Conditions of the full-text index for the filters among `words`.
    """

    words: Node | None = None
    where: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)
    conditions: list[tantivy.Query] = field(default_factory=list)
    filters: dict[Filter, tantivy.Query] = field(default_factory=dict)

    @property
    def condition(self) -> str:
        """All of `where`."""
        return _joined(self.where, "and")


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
    _newest: tuple[int, int] = (0, 0)

    def prepare(self, cancelled: Cancelled = None) -> None:
        """Load what the first search and the first look at an article load.

        Args:
            cancelled: Asked now and then; once it says so, the rest is left for later.
        """
        fulltext = self.fulltext()
        loads(b"0")
        fulltext.prepare(cancelled)

    def find(
        self,
        query: Query,
        *,
        sort: str = "",
        everything: bool = False,
        cancelled: Cancelled = None,
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
        meant, plan = self._planned(query, cancelled)
        sort = sort or query.sort or ("relevance" if plan.words else "published")
        scores: dict[int, float] = {}
        exact = True
        if plan.words is None:
            ids = self._sql(plan, order_by(sort), query.limit, cancelled)
            count = len(ids)
        else:
            ranked = sort.lstrip("-") == "relevance"
            order = "relevance" if ranked else _COLUMNS.get(sort, "")
            if ranked and not _is_scored(plan.words):
                order = _COLUMNS["published"]  # all are equal, and the newest come first
            wanted = None if everything or not order else RANKED
            if query.limit is not None and order:
                wanted = query.limit
            hits, count, exact = self._words(plan, wanted, order, cancelled)
            ids = [hit.id for hit in hits]
            if ranked:
                scores = {hit.id: hit.score for hit in hits}
                if sort.startswith("-"):
                    ids.reverse()
            elif not order:
                among = Plan(None, ["d.id in (select value from json_each(?))"], [json.dumps(ids)])
                ids = self._sql(among, order_by(sort), query.limit, cancelled)
            if query.limit is not None:
                count = min(count, query.limit)
                exact = exact or count == query.limit
        return Found(
            query.text, count, exact, query.warnings + meant.notes, _matcher(meant), ids,
            self.get, self.rows, self.index.annotations_of, scores, query.unfinished,
        )  # fmt: skip

    def ids(self, query: Query, *, cancelled: Cancelled = None) -> list[int]:
        """Everything `query` finds, in no order: for counting what it has in common.

        Raises:
            CancelledError: `cancelled` said so.
        """
        if query.limit is not None:
            return list(self.find(query, cancelled=cancelled).ids)  # the first of an order
        _, plan = self._planned(query, cancelled)
        if plan.words is None:
            return self._sql(plan, "", None, cancelled)
        return [hit.id for hit in self._words(plan, None, "", cancelled)[0]]

    def count(self, query: Query, *, cancelled: Cancelled = None) -> int:
        """How many articles `query` finds, exactly.

        Raises:
            CancelledError: `cancelled` said so.
        """
        _, plan = self._planned(query, cancelled)
        if plan.words is None:
            with self._reading(cancelled) as db:
                statement = f"select count(*) from doc d {_STATE} where {plan.condition}"
                number = int(db.execute(statement, plan.parameters).fetchone()[0])
        else:
            fulltext = self.fulltext()
            if self._without_trash(fulltext, plan, cancelled):
                _check(cancelled)
                number = fulltext.count(
                    plan.words, conditions=plan.conditions, resolve=plan.filters.get
                )
            else:
                number = len(self._words(plan, None, "", cancelled)[0])
        _check(cancelled)
        return number if query.limit is None else min(number, query.limit)

    # ------------------------------------------------------------------------- planning

    def _planned(self, query: Query, cancelled: Cancelled) -> tuple[Meaning, Plan]:
        meant = meaning(query.tree, self.fulltext, self.get, lambda: _check(cancelled))
        return meant, self._plan(meant, cancelled)

    def _plan(self, meant: Meaning, cancelled: Cancelled) -> Plan:
        plan = Plan()
        tree = meant.tree
        for like, terms in meant.likes.items():
            # An article is not like itself.
            plan.filters[like] = self.fulltext().weighted(terms, without=[int(like.value)])
        words: list[Node] = []
        filters: list[Node] = []
        for part in tree.parts if isinstance(tree, And) else (tree,):
            if _only_words(part) or self._resolved(part, plan, cancelled):
                words.append(part)
            else:
                filters.append(part)
        if words:
            plan.words = words[0] if len(words) == 1 else And(tuple(words))
        for part in filters:
            condition = narrowed(self.fulltext(), part) if words else None
            if condition is not None:
                plan.conditions.append(condition)
            else:
                sql, values = self._condition(part, plan.filters, cancelled)
                plan.where.append(sql)
                plan.parameters.extend(values)
        if not _mentions_trash(tree):
            plan.where.append(_NOT_TRASHED)
        _check(cancelled)
        return plan

    def _resolved(self, part: Node, plan: Plan, cancelled: Cancelled) -> bool:
        """Whether `part` has words, and its filters could be noted for the full-text index."""
        if not any(map(_has_words, leaves(part))):
            return False
        fulltext = self.fulltext()
        for node in leaves(part):
            if isinstance(node, Filter) and node not in plan.filters:
                condition = narrowed(fulltext, node) or self._listed(fulltext, node, cancelled)
                if condition is None:
                    return False
                plan.filters[node] = condition
        return True

    def _listed(
        self, fulltext: FullText, node: Filter, cancelled: Cancelled
    ) -> tantivy.Query | None:
        """A filter as ids of the articles that meet it, or of those that do not, if either few."""
        for negated in (False, True):
            sql, values = self._condition(Not(node) if negated else node, {}, cancelled)
            ids = self._sql(Plan(None, [sql], list(values)), "", _MANY + 1, cancelled)
            if len(ids) <= _MANY:
                return fulltext.among(ids, negated=negated)
        return None

    def _condition(
        self, node: Node, filters: Mapping[Filter, tantivy.Query], cancelled: Cancelled
    ) -> Condition:
        """`node` in SQL; what the full-text index must find of it, `filters` too, becomes ids."""
        if isinstance(node, Filter) and node.operator != LIKE:
            compile_ = OPERATORS[node.operator].compile
            made = compile_(node.value) if compile_ else None
            return made if made is not None else ("0", ())
        if isinstance(node, Filter) or _only_words(node):
            fulltext = self.fulltext()
            _check(cancelled)
            found = fulltext.search(node, limit=len(fulltext), order="", resolve=filters.get)
            return "d.id in (select value from json_each(?))", (_json(found.hits),)
        if isinstance(node, Not):
            sql, values = self._condition(node.part, filters, cancelled)
            return f"not coalesce(({sql}), 0)", values
        if isinstance(node, And | Or):
            if not node.parts:
                return "1", ()
            parts = [self._condition(part, filters, cancelled) for part in node.parts]
            return (
                _joined([sql for sql, _ in parts], "and" if isinstance(node, And) else "or"),
                tuple(value for _, values in parts for value in values),
            )
        raise TypeError(f"not a query node: {node!r}")

    def _without_trash(self, fulltext: FullText, plan: Plan, cancelled: Cancelled) -> bool:
        """Whether the full-text index can do all of it, few articles in the trash left out."""
        if plan.where == [_NOT_TRASHED]:
            trashed = Plan(None, ["d.id in (select id from state where trashed = 1)"])
            ids = self._sql(trashed, "", _FEW + 1, cancelled)
            if len(ids) <= _FEW:
                plan.where.clear()
                if ids:
                    plan.conditions.append(fulltext.among(ids, negated=True))
        return not plan.where

    # ------------------------------------------------------------------------- evaluation

    def _words(
        self, plan: Plan, wanted: int | None, order: str, cancelled: Cancelled
    ) -> tuple[list[TextHit], int, bool]:
        """The articles, how many there are, and whether that is exact.

        Args:
            plan: What to look for; it has words.
            wanted: Most articles to give, None for all.
            order: As in `FullText.search`.
            cancelled: As in `find`.
        """
        fulltext = self.fulltext()
        if self._without_trash(fulltext, plan, cancelled):
            return self._best(fulltext, plan, wanted, order, cancelled)
        listed = False
        most = len(fulltext)
        look = most if wanted is None else wanted
        while True:
            hits, count, exact = self._best(fulltext, plan, look, order, cancelled)
            meeting = self._meeting(plan, [hit.id for hit in hits], cancelled)
            kept = [hit for hit in hits if hit.id in meeting]
            if wanted is None or look >= most or (exact and count <= look):
                return kept[:wanted], len(kept), True
            if len(kept) >= wanted:
                return kept[:wanted], len(kept), False
            needed = 1 + wanted * look * 5 // (max(1, len(kept)) * 4)
            if needed > _LONG and not listed:
                listed = True
                ids = self._sql(plan, "", _MANY + 1, cancelled)
                if len(ids) <= _MANY:
                    plan.conditions.append(fulltext.among(ids))
                    return self._best(fulltext, plan, wanted, order, cancelled)
            look = min(most, max(needed, look * 4))

    def _best(
        self, fulltext: FullText, plan: Plan, limit: int | None, order: str, cancelled: Cancelled
    ) -> tuple[list[TextHit], int, bool]:
        """As `_words`, without the conditions in SQL."""
        assert plan.words is not None
        _check(cancelled)
        options: dict[str, Any] = {"order": order, "resolve": plan.filters.get}
        if limit is None or limit >= len(fulltext):
            found = fulltext.search(
                plan.words, limit=len(fulltext), conditions=plan.conditions, **options
            )
            _check(cancelled)
            return found.hits, len(found.hits), True
        cost = fulltext.cost(plan.words)
        if cost > _DEAR and len(fulltext) > 2 * _NEWEST and order in ("relevance", "-at"):
            newest = fulltext.between("at", self._newest_from(len(fulltext), cancelled), None)
            found = fulltext.search(
                plan.words, limit=limit, conditions=[*plan.conditions, newest],
                complete=False, **options,
            )  # fmt: skip
            _check(cancelled)
            if len(found.hits) >= limit:
                return found.hits, len(found.hits), False
        options |= {"limit": limit, "conditions": plan.conditions, "counted": cost <= _COUNTED}
        found = fulltext.search(plan.words, complete=False, **options)
        _check(cancelled)
        # Rarer words that begin so give more, unless the frequent ones are everywhere.
        few = not found.all and len(found.hits) < limit
        if few and fulltext.rest(plan.words) <= _COUNTED:
            found = fulltext.search(plan.words, complete=True, **options)
            _check(cancelled)
        if found.all:
            return found.hits, len(found.hits), True
        if found.number is None:
            return found.hits, len(found.hits), False
        return found.hits, found.number, found.complete

    def _newest_from(self, articles: int, cancelled: Cancelled) -> int:
        """The date from which on the newest `_NEWEST` articles are."""
        if self._newest[0] != articles:
            with self._reading(cancelled) as db:
                row = db.execute(
                    "select at from doc order by at desc limit 1 offset ?", (_NEWEST,)
                ).fetchone()
            self._newest = (articles, int(row[0]) if row else 0)
        return self._newest[1]

    def _meeting(self, plan: Plan, ids: Sequence[int], cancelled: Cancelled) -> set[int]:
        """Those of `ids` that meet the conditions in SQL."""
        found: set[int] = set()
        for start in range(0, len(ids), _PIECE):
            with self._reading(cancelled) as db:
                found.update(
                    row[0]
                    for row in db.execute(
                        # The order of the joins is ours: few ids, and each looked up.
                        f"select d.id from json_each(?) j cross join doc d on d.id = j.value "
                        f"{_STATE} where {plan.condition}",
                        (json.dumps(ids[start : start + _PIECE]), *plan.parameters),
                    )
                )
        return found

    def _sql(self, plan: Plan, order: str, limit: int | None, cancelled: Cancelled) -> list[int]:
        try:
            return self.index.ids(
                plan.condition, plan.parameters, order=order, limit=limit, cancelled=cancelled
            )
        except sqlite3.OperationalError:
            _check(cancelled)
            raise

    @contextmanager
    def _reading(self, cancelled: Cancelled) -> Iterator[sqlite3.Connection]:
        try:
            with self.index.reading(cancelled) as db:
                yield db
        except sqlite3.OperationalError:
            _check(cancelled)
            raise


_STATE: Final = "left join state s on s.id = d.id"


def _check(cancelled: Cancelled) -> None:
    if cancelled is not None and cancelled():
        raise CancelledError


def _json(hits: Sequence[TextHit]) -> str:
    return json.dumps([hit.id for hit in hits])


def _joined(conditions: Sequence[str], joint: str) -> str:
    """Conditions joined pairwise: SQLite takes trees a thousand deep, and a row is one."""
    if len(conditions) < 2:
        return conditions[0] if conditions else "1"
    half = len(conditions) // 2
    left, right = _joined(conditions[:half], joint), _joined(conditions[half:], joint)
    return f"({left}) {joint} ({right})"


def _matcher(meant: Meaning) -> TextMatcher | None:
    terms = [term for term in meant.terms() if term.tokens]
    return TextMatcher(terms) if terms else None


def _has_words(leaf: Node) -> bool:
    return isinstance(leaf, Word | Phrase) or (isinstance(leaf, Filter) and leaf.operator == LIKE)


def _only_words(node: Node) -> bool:
    found = list(leaves(node))
    return bool(found) and all(isinstance(leaf, Word | Phrase) for leaf in found)


def _is_scored(node: Node) -> bool:
    """Whether some of what matches can be better than the rest."""
    if isinstance(node, Filter):
        return OPERATORS[node.operator].kind != "filter"
    if isinstance(node, And | Or):
        return any(map(_is_scored, node.parts))
    return not isinstance(node, Not)


def _mentions_trash(tree: Node) -> bool:
    return any(
        isinstance(node, Filter) and node.operator == "is" and node.value.lower() == "trashed"
        for node in leaves(tree)
    )


__all__ = ["RANKED", "Found", "Plan", "Searcher"]
