"""Articles like one: the terms that tell most about it, as a query.

The terms with the highest tf-idf, each boosted by it, searched for together: the method of
Lucene's MoreLikeThis.  Words of the title and the tags count several times.  In text without
spaces the terms are pairs of characters.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from store.article import Article
from store.folding import is_unspaced, tokens
from store.plaintext import plain_text

#: Terms that are searched for.
TERMS: Final = 25

#: A word of the title or a tag weighs as much as so many in the text.
TITLE_WEIGHT: Final = 3

#: A term that is in a larger share of the library tells nothing.
COMMONPLACE: Final = 0.2

_SHORTEST = 3  # letters of a word; shorter ones are seldom telling
_LOOK = 100_000  # characters of an article that are counted
_CANDIDATES = 400  # most frequent terms whose rarity is looked up


def telling_terms(
    article: Article, frequency: Callable[[str], int], total: int
) -> list[tuple[str, float]]:
    """The terms that tell most about `article`, with their weight, the highest (1.0) first.

    Args:
        article: The article.
        frequency: Number of articles with a term: a word, or a run of unspaced characters.
        total: Number of articles.
    """
    counts: Counter[str] = Counter(_terms(plain_text(f"{article.summary}\n{article.body[:_LOOK]}")))
    for term in _terms(f"{article.title}\n{' '.join(article.tags)}"):
        counts[term] += TITLE_WEIGHT
    weighed = []
    for term, count in counts.most_common(_CANDIDATES):
        articles = frequency(term)
        # A term of this article alone finds nothing; in a small library each is in a large share.
        if 2 <= articles <= max(COMMONPLACE * total, 3):
            # As BM25 counts it, so that one word over and over does not drown the others.
            often = count * 2.2 / (count + 1.2)
            weighed.append((often * math.log(1 + total / articles), term))
    weighed.sort(key=lambda pair: (-pair[0], pair[1]))
    return [(term, weight / weighed[0][0]) for weight, term in weighed[:TERMS]]


def _terms(text: str) -> Iterator[str]:
    found = tokens(text)
    for token in found:
        if not is_unspaced(token) and len(token) >= _SHORTEST and not token.isdecimal():
            yield token
    for left, right in pairwise(found):
        if is_unspaced(left) and is_unspaced(right):
            yield left + right
