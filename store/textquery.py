"""From the text part of a query's tree to the full-text engine's query.

Words of `And` must all be there, each in any field; a word's score is the sum of what it scores in
each field, and so an article with both words in its title comes before one with both in its text.
The word being typed is the most frequent words that begin so, the one that is just that first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import tantivy

from store.folding import is_unspaced, tokens
from store.matching import Term
from store.query import And, Filter, Node, Not, Or, Phrase, Word

_Q = tantivy.Query
_MUST, _SHOULD, _MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot

#: A word being typed stands for at most this many of the most frequent words that begin so; only
#: where these find too little, for all of them.
EXPANSIONS: Final = 64

#: As above, for beginnings of so few letters; their words are frequent, and each costs as much.
_SHORT_EXPANSIONS: Final = 24
_SHORT: Final = 2

#: As above, for the last word of several side by side: don't, state-of-the-ar.
_PHRASE_EXPANSIONS: Final = 16

#: A beginning shorter than this that is all of a query is looked up in the text only as a word of
#: its own, as long as there is enough without: it begins a word of nearly every text, and would
#: say nothing about it.
_SHORTEST_BODY_PREFIX: Final = 2

#: How much more the word itself counts than one that only begins like it.
_EXACT: Final = 2.0

_REST: Final = 0.1  # the score of words that begin so beyond the most frequent

#: What looking at one article for a phrase costs, where finding a word in it costs 1; measured.
_PHRASE_COST: Final = 20

#: Words are near each other when so many moves bring them side by side: a sentence's length.
_NEAR: Final = 20

#: How much that counts in each field, where a word counts as much as its field: found with queries
#: of three words out of one sentence, on 100,000 articles.
_NEAR_WEIGHTS: Final = {"title": 12.0, "body": 6.0}

#: Nearness is looked at where the rarest of the words is in no more articles than this.
_NEAR_AT_MOST: Final = 20_000

Clause = tuple[tantivy.Occur, tantivy.Query]


class Compiler:
    """Turns trees into queries over one state of the index.

    Attributes:
        cut: Whether words that begin like the one being typed were left out.
    """

    def __init__(
        self,
        schema: tantivy.Schema,
        searcher: tantivy.Searcher,
        fields: Mapping[str, float],
        expand: Callable[[str, str], list[tuple[str, int]]],
        resolve: Callable[[Filter], tantivy.Query | None],
        conditions: Sequence[tantivy.Query],
        *,
        complete: bool,
    ) -> None:
        """A compiler.

        Args:
            schema: The index's.
            searcher: The state of the index.
            fields: Text fields and their weight.
            expand: Field and beginning to the words that begin so and their frequency, the most
                frequent first, more than `EXPANSIONS` where there are more.
            resolve: What a filter among the words stands for.
            conditions: What all that is found meets besides.
            complete: Take in all words that begin like the one being typed.
        """
        self._schema = schema
        self._searcher = searcher
        self._all_fields = fields
        self._expand = expand
        self._resolve = resolve
        self._conditions = conditions
        self._complete = complete
        self._alone = False
        self.cut = False

    def compile(self, tree: Node) -> tantivy.Query:
        """The engine's query for a tree and the conditions.

        Raises:
            TypeError: it holds a filter that cannot be resolved.
        """
        self._alone = isinstance(tree, Word)
        return together(self._node(tree), self._conditions)

    def _node(self, node: Node) -> tantivy.Query:
        if isinstance(node, Word | Phrase):
            return self._term(Term.of(node), node.text)
        if isinstance(node, Filter):
            query = self._resolve(node)
            if query is None:
                raise TypeError(f"not a text node: {node!r}")
            return query
        if isinstance(node, Or):
            return _Q.boolean_query([(_SHOULD, part) for part in self._each(node.parts)])
        return _Q.boolean_query(self._clauses(node))

    def _clauses(self, node: Node) -> list[Clause]:
        parts = node.parts if isinstance(node, And) else (node,)
        excluded = dict.fromkeys(part.part for part in parts if isinstance(part, Not))
        clauses: list[Clause] = [(_MUST_NOT, self._excluded(part)) for part in excluded]
        wanted = (part for part in parts if not isinstance(part, Not))
        clauses += ((_MUST, part) for part in self._each(wanted))
        if all(occur == _MUST_NOT for occur, _ in clauses):
            clauses.append((_MUST, everything()))
        return [*clauses, *self._near(node)]

    def _each(self, nodes: Iterable[Node]) -> Iterator[tantivy.Query]:
        """Queries for nodes, each once: one that is there several times counts so much more.

        A beginning is hundreds of words, and a query has room for thousands of them.
        """
        for node, times in Counter(nodes).items():
            query = self._node(node)
            yield query if times == 1 else _Q.boost_query(query, times)

    def _excluded(self, node: Node) -> tantivy.Query:
        """What must not be there, complete: a word left out would let articles in."""
        before, self._complete = self._complete, True
        query = self._node(node)
        self._complete = before
        return query

    def _near(self, node: Node) -> list[Clause]:
        """Words of a conjunction close together, in any order; counts on top."""
        parts = node.parts if isinstance(node, And) else ()
        terms = [Term.of(part) for part in parts if isinstance(part, Word)]
        found = {term.tokens[0]: None for term in terms if _is_plain(term)}
        words: list[str | tuple[int, str]] = list(found)
        if len(words) < 2:
            return []
        if min(self._searcher.doc_freq("body", word) for word in found) > _NEAR_AT_MOST:
            return []
        return [
            (_SHOULD, _Q.boost_query(_Q.phrase_query(self._schema, name, words, _NEAR), weight))
            for name, weight in _NEAR_WEIGHTS.items()
        ]

    def cost(self, node: Node) -> int:
        """About how many entries of the index must be looked at, in the middle of things."""
        if isinstance(node, Word | Phrase):
            term = Term.of(node)
            if not term.tokens:
                return 0
            least = min(self._frequency(token, term) for token in term.tokens)
            return least * _PHRASE_COST if len(term.tokens) > 1 else least
        if isinstance(node, Not):
            return int(self._searcher.num_docs)
        if isinstance(node, And):
            parts = dict.fromkeys(node.parts)
            costs = [self.cost(part) for part in parts if not isinstance(part, Not)]
            # The rarest leads, and the others are looked up where it is.
            return min(costs, default=self._searcher.num_docs) * max(1, len(costs))
        if isinstance(node, Or):
            return sum(map(self.cost, dict.fromkeys(node.parts)))
        return 0

    def rest(self, node: Node) -> int:
        """About how many entries `complete` has to look at besides."""
        if isinstance(node, Word):
            term = Term.of(node)
            if not term.prefix or len(term.tokens) > 1:
                return 0
            fields = self._fields(term.field)
            return sum(n for name in fields for _, n in self._expand(name, term.tokens[0]))
        if isinstance(node, Not):
            return self.rest(node.part)
        if isinstance(node, And | Or):
            return sum(map(self.rest, dict.fromkeys(node.parts)))
        return 0

    def _frequency(self, token: str, term: Term) -> int:
        fields = self._fields(term.field)
        if term.prefix and token is term.tokens[-1]:
            return sum(n for name in fields for _, n in self._expanded(name, token))
        return sum(self._searcher.doc_freq(name, token) for name in fields)

    # ---------------------------------------------------------------- words

    def _fields(self, name: str) -> Mapping[str, float]:
        return {name: self._all_fields[name]} if name else self._all_fields

    def _term(self, term: Term, text: str) -> tantivy.Query:
        if not term.tokens:
            return _Q.empty_query() if any(map(str.isalnum, text)) else everything()
        words = list(term.tokens)
        fields = self._fields(term.field)
        if term.prefix and len(words) == 1:
            return self._any(
                pair
                for name, weight in fields.items()
                for pair in self._beginning(name, weight, words[0])
            )
        if term.prefix:
            return self._any(
                (self._phrase(name, [*words[:-1], last]), weight)
                for name, weight in fields.items()
                for last in self._lasts(name, words[-1])
            )
        if len(words) == 1:
            return self._any((self._word(name, words[0]), w) for name, w in fields.items())
        return self._any((self._phrase(name, words), w) for name, w in fields.items())

    def _word(self, field: str, token: str) -> tantivy.Query:
        return _Q.term_query(self._schema, field, token)

    def _phrase(self, field: str, words: list[str]) -> tantivy.Query:
        query = side_by_side(self._schema, field, words)
        # Among alternatives a phrase would be looked for everywhere, whatever is asked besides;
        # only in the text does that take long.
        return together(query, self._conditions) if field == "body" else query

    def _expanded(self, field: str, start: str) -> list[tuple[str, int]]:
        if self._is_vague(field, start):
            number = self._searcher.doc_freq(field, start)
            return [(start, number)] if number else []
        most = EXPANSIONS if len(start) > _SHORT else _SHORT_EXPANSIONS
        return self._expand(field, start)[:most]

    def _is_vague(self, field: str, start: str) -> bool:
        """Whether nearly every text has a word that begins so, and nothing else is asked for."""
        return field == "body" and len(start) < _SHORTEST_BODY_PREFIX and self._alone

    def _beginning(
        self, field: str, weight: float, start: str
    ) -> list[tuple[tantivy.Query, float]]:
        """The words of one field that begin with `start`."""
        terms = self._expanded(field, start)
        words = [(self._word(field, term), weight) for term, _ in terms if term != start]
        words.append((self._word(field, start), weight * _EXACT))
        if self._is_vague(field, start) or len(self._expand(field, start)) > len(terms):
            if self._complete:
                rest = _Q.fuzzy_term_query(self._schema, field, start, distance=0, prefix=True)
                words.append((_Q.const_score_query(rest, _REST), weight))
            else:
                self.cut = True
        return words

    def _lasts(self, field: str, start: str) -> list[str]:
        terms = [term for term, _ in self._expand(field, start)]
        most = EXPANSIONS if self._complete else _PHRASE_EXPANSIONS
        if len(terms) > most:
            self.cut = self.cut or not self._complete
        return list(dict.fromkeys([start, *terms[:most]]))

    @staticmethod
    def _any(weighted: Iterable[tuple[tantivy.Query, float]]) -> tantivy.Query:
        # One flat disjunction of words: the engine skips what cannot be among the best.
        parts = [
            (_SHOULD, query if weight == 1.0 else _Q.boost_query(query, weight))
            for query, weight in weighted
        ]
        return _Q.boolean_query(parts)


def _is_plain(term: Term) -> bool:
    """Whether it is a whole word that is looked for everywhere."""
    return len(term.tokens) == 1 and not term.prefix and term.field == ""


def side_by_side(schema: tantivy.Schema, field: str, words: Iterable[str]) -> tantivy.Query:
    """Articles with two or more words next to each other in a field."""
    return _Q.phrase_query(schema, field, list(words))


def everything() -> tantivy.Query:
    """What every article matches, with no score."""
    return without_score(_Q.all_query())


def without_score(query: tantivy.Query) -> tantivy.Query:
    """`query` as a condition that does not count in the ranking."""
    return _Q.const_score_query(query, 0.0)


def among(schema: tantivy.Schema, ids: Iterable[int]) -> tantivy.Query:
    """The articles with those ids."""
    return without_score(_Q.term_set_query(schema, "id", list(ids)))


def negated(query: tantivy.Query) -> tantivy.Query:
    """What does not match `query`."""
    return _Q.boolean_query([(_MUST, everything()), (_MUST_NOT, query)])


def together(query: tantivy.Query, conditions: Iterable[tantivy.Query]) -> tantivy.Query:
    """What matches `query` and meets `conditions`."""
    clauses = [(_MUST, condition) for condition in conditions]
    return _Q.boolean_query([(_MUST, query), *clauses]) if clauses else query


def weighted_words(
    schema: tantivy.Schema, fields: Iterable[str], words: Iterable[tuple[str, float]]
) -> tantivy.Query:
    """Any of `words` (or runs of unspaced characters) in `fields`, each counting so much."""
    parts = []
    for text, weight in words:
        run = tokens(text)
        for name in fields:
            if len(run) == 1:
                query = _Q.term_query(schema, name, run[0])
            elif run and all(map(is_unspaced, run)):
                query = side_by_side(schema, name, run)
            else:
                continue
            parts.append((_SHOULD, _Q.boost_query(query, weight)))
    return _Q.boolean_query(parts) if parts else _Q.empty_query()


__all__ = [
    "EXPANSIONS",
    "Compiler",
    "among",
    "everything",
    "negated",
    "side_by_side",
    "together",
    "weighted_words",
    "without_score",
]
