"""What a query means in this library: typing errors put right, `like:12` spelt out in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from store.article import Article
from store.errors import ArticleNotFoundError
from store.folding import tokens
from store.matching import Term
from store.plaintext import plain_text
from store.query import Filter, Node, Phrase, Word, leaves
from store.related import telling_terms
from store.spelling import Correction

if TYPE_CHECKING:
    from store.fulltext import FullText

#: The filter that is spelt out.
LIKE: Final = "like"

_WORDS = 2_000  # words with the same beginning that are compared with one typed wrongly
_ARTICLES = 6  # articles with a similar word that are read to find out which


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a query means.

    Attributes:
        tree: The query's tree with its words as they are to be searched for.
        notes: One line for each thing that is not as it was typed.
        likes: The telling terms of each `like:` filter, with their weight.
    """

    tree: Node
    notes: tuple[str, ...]
    likes: dict[Filter, list[tuple[str, float]]]

    def terms(self) -> Iterator[Term]:
        """What is marked in the text: the words that are looked for, the telling terms."""
        for node in leaves(self.tree, excluded=False):
            if isinstance(node, Filter):
                yield from (Term(tuple(tokens(term))) for term, _ in self.likes.get(node, ()))
            elif isinstance(node, Word | Phrase):
                yield Term.of(node)


def meaning(
    tree: Node,
    fulltext: Callable[[], FullText],
    get: Callable[[int], Article],
    check: Callable[[], None],
) -> Meaning:
    """Work out what a tree means.

    Args:
        tree: A query's tree.
        fulltext: Gives the full-text index; asked for only when it is needed.
        get: Reads an article.
        check: Called before each look at the disk; raises to call the work off.
    """
    notes: list[str] = []
    likes: dict[Filter, list[tuple[str, float]]] = {}
    for node in leaves(tree):
        if isinstance(node, Filter) and node.operator == LIKE and node not in likes:
            check()
            likes[node] = _telling(int(node.value), fulltext(), get, notes)
    if any(isinstance(node, Word) for node in leaves(tree, excluded=False)):
        tree = Correction(_Library(fulltext(), get), check, notes).of(tree)
    return Meaning(tree, tuple(notes), likes)


def _telling(
    doc_id: int, fulltext: FullText, get: Callable[[int], Article], notes: list[str]
) -> list[tuple[str, float]]:
    try:
        article = get(doc_id)
    except ArticleNotFoundError:
        notes.append(f"{LIKE}:{doc_id}: there is no article {doc_id}")
        return []

    def frequency(term: str) -> int:
        # How many have the pair of characters would be a search each; the rarer one bounds it.
        return min((fulltext.frequency(token) for token in tokens(term)), default=0)

    found = telling_terms(article, frequency, len(fulltext))
    if not found:
        notes.append(f"{LIKE}:{doc_id}: it has no words in common with others that tell anything")
    return found


@dataclass(frozen=True, slots=True)
class _Library:
    """The vocabulary of a library, see `spelling.Vocabulary`."""

    fulltext: FullText
    get: Callable[[int], Article]

    def frequency(self, token: str, *, prefix: bool = False, field: str = "") -> int:
        return self.fulltext.frequency(token, prefix=prefix, field=field)

    def similar(
        self, token: str, distance: int, *, prefix: bool = False, field: str = ""
    ) -> Iterator[list[str]]:
        # Most often the first half is right: its words stand together in the index.
        start = token[: len(token) // 2]
        yield [term for term, _ in self.fulltext.terms_with_prefix(start, _WORDS, field=field)]
        # Else the index tells which articles have a word so near, though not which word it is.
        yield list(
            chain.from_iterable(
                tokens(_text(self.get(doc_id)))
                for doc_id in self.fulltext.with_similar(
                    token, distance, _ARTICLES, prefix=prefix, field=field
                )
            )
        )


def _text(article: Article) -> str:
    return "\n".join(
        (
            article.title, article.author, article.site, " ".join(article.tags),
            plain_text(f"{article.summary}\n{article.body}"),
        )
    )  # fmt: skip
