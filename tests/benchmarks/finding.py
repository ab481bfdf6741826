"""Known items: queries that somebody makes who remembers an article, and its rank for them.

The measure is the mean reciprocal rank (Voorhees 1999, TREC-8 question answering): 1 where the
article wanted is always the first, 0.5 where it is always the second.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice

from store import Article, Library
from tests.benchmarks import corpus

#: Queries of each kind.
QUERIES = 200

_CHUNKS = 12  # parts of the corpus that the articles are taken from
_LOOKED_AT = 20  # articles further down count as not found
_WORDS = 3
_RUN = 5  # words of a phrase, characters of a Chinese one


def known_items(size: int) -> dict[str, list[tuple[str, int]]]:
    """Queries and the id of the article that each is after, by kind, in a corpus of `size`."""
    rng = random.Random(f"{corpus.SEED} known items {size}")
    made: dict[str, list[tuple[str, int]]] = {}
    kinds: dict[str, Callable[[random.Random, Article], str]] = {
        "title words": _title_words,
        "body words": _body_words,
        "phrases": _phrase,
    }
    english = [article for article in _articles(size) if article.lang == "en"]
    for kind, make in kinds.items():
        chosen = rng.sample(english, min(QUERIES, len(english)))
        made[kind] = [(make(rng, article), article.id) for article in chosen]
    chinese = [article for article in _articles(size) if article.lang == "zh"]
    made["Chinese"] = [
        (_chinese(rng, article), article.id)
        for article in islice((a for _ in range(QUERIES) for a in chinese), QUERIES)
    ]
    return made


def mean_reciprocal_rank(library: Library, items: Iterable[tuple[str, int]]) -> float:
    """The mean over `items` of 1 / rank, 0 for what is not among the first twenty."""
    ranks = []
    for query, wanted in items:
        ids = list(library.find(query).ids[:_LOOKED_AT])
        ranks.append(1 / (ids.index(wanted) + 1) if wanted in ids else 0.0)
    return sum(ranks) / len(ranks)


def _articles(size: int) -> Iterator[Article]:
    chunks = max(1, size // corpus.CHUNK)
    for number in range(min(_CHUNKS, chunks)):
        start = number * chunks // min(_CHUNKS, chunks) * corpus.CHUNK
        yield from corpus.articles(start, min(size, start + corpus.CHUNK))


def _title_words(rng: random.Random, article: Article) -> str:
    """What is remembered of a title: the words in it that say something, in any order."""
    words = _rarest(article.title, _WORDS)
    rng.shuffle(words)
    return " ".join(words)


def _body_words(rng: random.Random, article: Article) -> str:
    """Words of one sentence that say something, in any order."""
    sentences = [s for s in re.split(r"[.?!]\s", article.body) if len(s.split()) > 12]
    words = _rarest(rng.choice(sentences), _WORDS)
    rng.shuffle(words)
    return " ".join(words)


def _phrase(rng: random.Random, article: Article) -> str:
    """Words side by side within a sentence, the most frequent as they come."""
    runs = re.findall(r"[^\W\d_]+(?: [^\W\d_]+){4,}", article.body)
    run = rng.choice(runs).split()
    at = rng.randrange(len(run) - _RUN + 1)
    return '"{}"'.format(" ".join(run[at : at + _RUN]))


def _chinese(rng: random.Random, article: Article) -> str:
    """Characters side by side within a clause."""
    clauses = [c for c in re.split(r"[。，\s]", article.body) if len(c) >= _RUN]
    clause = rng.choice(clauses)
    at = rng.randrange(len(clause) - _RUN + 1)
    return clause[at : at + _RUN]


def _rarest(text: str, number: int) -> list[str]:
    ranks = _ranks()
    words = dict.fromkeys(re.findall(r"[^\W\d_]+", text.lower()))
    return sorted(words, key=lambda word: -ranks.get(word, 0))[:number]


@cache
def _ranks() -> dict[str, int]:
    return {word: rank for rank, word in enumerate(corpus.vocabulary())}
