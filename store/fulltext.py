"""The full-text index: tantivy behind the few calls the library needs.

tantivy was chosen over SQLite's FTS5 by measurement on 100,000 articles of 6.6 KB: it builds 2.6
times as fast, its index is 0.36 of the JSON against 0.95, and a typing session's 95th percentile
is 15 ms against 43 ms.  What it does worse, a commit of about 60 ms, happens behind: new articles
are in the list at once and searchable a moment later.

One engine answers everything that has words in it.  Of 100,000 articles it scores those with a
word that is in all of them in 1.5 ms; two such words together take 3 ms, filtering them by date
inside the index (`COLUMNS`) 1.5 ms where a list of ids from SQL takes 100 ms.  Only a phrase of
such words is dear, at 28 ms, since the place of each word is looked at in every article.

Text is folded before it is handed over (`folding.fold_for_index`), so that accents, case and
width do not matter; scripts without spaces become one token a character, and a run of such
characters is looked up as a phrase.  Queries are taken apart by `folding.tokens`, which agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import tantivy

from store import textquery
from store.atomic import close_to_others, create_directories
from store.beginnings import Beginnings
from store.folding import fold_for_index, is_unspaced
from store.query import Filter, Node

_Q = tantivy.Query

#: Text fields and their weight in the ranking: title over tags over author over body.
FIELDS: Final = {
    "title": 6.0, "tags": 4.0, "author": 3.0, "site": 1.0, "body": 1.0, "note": 2.0,
    "highlight": 1.0,
}  # fmt: skip

#: Columns that are filtered and ordered by inside the index: seconds, and words.
COLUMNS: Final = ("at", "published", "saved", "words")

#: Fields of so many words that those of two letters are looked up beforehand.
_LARGE: Final = ("title", "body")

_LONGEST_TOKEN = 120  # bytes; longer runs (base64, URLs) are not words
_TOKENIZER = "broadsheet"
# Times it is loaded again after which it is opened anew.  tantivy (0.27) remembers the path of each
# file that it has ever mapped: 250 bytes for each of the six or more of a commit, strewn about.
_RELOADS: Final = 32

# Bytes for the writer's one thread.  Twice as much, or two threads, make it no faster: what comes
# before, in Python, is the narrow place.
_WRITER_HEAP = 40_000_000

_NEWEST: Final = 2_208_988_800  # 2040-01-01 in seconds
_YEAR: Final = 31_556_952


class Document(NamedTuple):
    """What is indexed of one article: text as plain text, and what it is filtered by.

    Attributes:
        at: When it was published, or else saved, in seconds; orders articles of equal score.
        published: When it was published, in seconds, None when unknown.
        saved: When it was saved, likewise.
        words: Its length.
        labels: See `labels`.
    """

    id: int
    title: str
    author: str
    site: str
    tags: str
    body: str
    note: str
    highlight: str
    at: int
    published: int | None
    saved: int | None
    words: int
    labels: tuple[str, ...]


class TextHit(NamedTuple):
    """One article found; `score` is comparable within one search only."""

    id: int
    score: float


class TextHits(NamedTuple):
    """The answer to a search.

    Attributes:
        hits: The articles, in order.
        all: Whether these are all there are.
        number: How many there are, None where it was not asked for.
        complete: Whether all words that begin like one being typed were taken in; if not, there
            may be more than `number`.
    """

    hits: list[TextHit]
    all: bool
    number: int | None
    complete: bool = True


def nothing_else(_: Filter) -> None:
    """Resolves no filter: a tree of words only."""


class Writer:
    """Adds and removes documents; each `commit` makes what came before it searchable."""

    def __init__(self, index: FullText, writer: tantivy.IndexWriter) -> None:
        self._index = index
        self._writer: Any = writer

    def put(self, document: Document, *, fresh: bool) -> None:
        """Index `document`; unless its id is known to be `fresh`, in place of the one it had."""
        if not fresh:
            self._writer.delete_documents_by_term("id", document.id)
        self._writer.add_document(self._index.document(document))

    def remove(self, doc_id: int) -> None:
        """Forget the article with that id, if it is there."""
        self._writer.delete_documents_by_term("id", doc_id)

    def commit(self) -> None:
        """Make it durable and searchable."""
        self._writer.commit()
        self._index.reload()

    def finish(self) -> None:
        """Wait for merges."""
        self._writer.wait_merging_threads()

    def release(self) -> None:
        """Let go of the engine's lock, even if a traceback still holds this object."""
        self._writer = None


class FullText:
    """A full-text index in a directory of its own.

    One process writes at a time (the caller holds the index lock); any number read.
    """

    def __init__(self, directory: Path) -> None:
        """Open the index, or create it empty.

        Raises:
            OSError: the directory cannot be written.
            ValueError: what stands there is damaged or of another version; `reset` mends it.
        """
        self.directory = directory
        self._analyzer = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.remove_long(_LONGEST_TOKEN))
            .filter(tantivy.Filter.lowercase())
            .build()
        )
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=False, indexed=True, fast=True)
        for name in COLUMNS:
            builder.add_integer_field(name, stored=False, indexed=False, fast=True)
        builder.add_text_field("label", stored=False, tokenizer_name="raw", index_option="basic")
        for name in FIELDS:
            builder.add_text_field(
                name, stored=False, tokenizer_name=_TOKENIZER, index_option="position"
            )
        self._schema = builder.build()
        create_directories(directory)
        self._reloads = 0
        self._index = self._prepared(tantivy.Index(self._schema, str(directory)))
        self.reload()
        close_to_others(directory)

    def _prepared(self, index: tantivy.Index) -> tantivy.Index:
        index.register_tokenizer(_TOKENIZER, self._analyzer)
        index.config_reader("manual")
        return index

    def reload(self) -> None:
        """See what has been committed since, by this process or another."""
        self._reloads += 1
        if not self._reloads % _RELOADS:
            with suppress(OSError, ValueError):  # then the one that is open will do for longer
                self._index = self._prepared(tantivy.Index.open(str(self.directory)))
        self._index.reload()
        searcher = self._index.searcher()

        def look(field: str, start: str) -> list[tuple[str, int]]:
            return searcher.terms_with_prefix(field, start, limit=textquery.EXPANSIONS + 1)

        self._beginnings = Beginnings(look)

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A writer for one or more commits; waits for merges at the end.

        When the body raises, nothing is waited for, and what it did not commit is forgotten.

        Raises:
            ValueError: the index is damaged or another process is writing.
        """
        writer = Writer(self, self._index.writer(heap_size=_WRITER_HEAP, num_threads=1))
        try:
            yield writer
            writer.finish()
        finally:
            writer.release()
            close_to_others(self.directory)
        self.reload()

    def document(self, document: Document) -> tantivy.Document:
        """The engine's form of a document, its text folded."""
        made = tantivy.Document()
        made.add_integer("id", document.id)
        for name in COLUMNS:
            value = getattr(document, name)
            if value is not None:
                made.add_integer(name, value)
        for label in document.labels:
            made.add_text("label", label)
        for name in FIELDS:
            text = getattr(document, name)
            if text:
                made.add_text(name, fold_for_index(text))
        return made

    # ------------------------------------------------------------------------- searching

    def search(
        self,
        tree: Node,
        *,
        limit: int,
        order: str = "relevance",
        conditions: Sequence[tantivy.Query] = (),
        resolve: Callable[[Filter], tantivy.Query | None] = nothing_else,
        complete: bool = True,
        counted: bool = False,
    ) -> TextHits:
        """Articles that match `tree`.

        Args:
            tree: Words, and filters that `resolve` knows.
            limit: Most hits to return.
            order: "relevance"; a column, "-" before it for the highest first; or "" for none.
            conditions: What they must meet besides, see `among` and its like.
            resolve: Gives a filter's condition.
            complete: Take in all words that begin like one being typed.  When not, the answer
                comes sooner, and what it leaves out shows in `TextHits.all`.
            counted: Whether the number of all matches is wanted too.

        Returns:
            The hits, equals newest first.
        """
        searcher = self._index.searcher()
        total = searcher.num_docs
        if not total or limit < 1:
            return TextHits([], not total, 0)
        compiler = self._compiler(searcher, resolve, conditions, complete=complete)
        query = compiler.compile(tree)
        options: dict[str, Any] = {}
        if order != "relevance":
            options["order_by_field"] = order.lstrip("-") or "id"
            options["order"] = tantivy.Order.Desc if order[:1] == "-" else tantivy.Order.Asc
        found = searcher.search(query, limit=min(limit, total), count=counted, **options)
        keys = [(key, address) for key, address in found.hits]
        whole = len(keys) < limit and not compiler.cut
        count = int(found.count) if counted else None  # type: ignore[attr-defined]
        if not order:
            return TextHits(
                [TextHit(int(key), 0.0) for key, _ in keys], whole, count, not compiler.cut
            )
        addresses = [address for _, address in keys]
        ids = searcher.fast_field_values("id", addresses) if keys else []
        dates = searcher.fast_field_values("at", addresses) if keys else []
        ranked = [
            (key * recency(int(at)) if order == "relevance" else key, int(at), int(doc_id))  # type: ignore[arg-type]
            for (key, _), at, doc_id in zip(keys, dates, ids, strict=True)
        ]
        ranked.sort(reverse=order == "relevance" or order[:1] == "-")
        scored = order == "relevance"
        return TextHits(
            [TextHit(doc_id, key if scored else 0.0) for key, _, doc_id in ranked],
            whole,
            count,
            not compiler.cut,
        )

    def count(
        self,
        tree: Node,
        *,
        conditions: Sequence[tantivy.Query] = (),
        resolve: Callable[[Filter], tantivy.Query | None] = nothing_else,
    ) -> int:
        """How many articles match `tree`; arguments as for `search`."""
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return 0
        query = self._compiler(searcher, resolve, conditions, complete=True).compile(tree)
        found = searcher.search(query, limit=1, count=True)
        return int(found.count)  # type: ignore[attr-defined]

    def cost(self, tree: Node) -> int:
        """About how many entries of the index are looked at for an answer that is not complete."""
        searcher = self._index.searcher()
        return self._compiler(searcher, nothing_else, (), complete=False).cost(tree)

    def rest(self, tree: Node) -> int:
        """About how many more are looked at for one that is complete."""
        searcher = self._index.searcher()
        return self._compiler(searcher, nothing_else, (), complete=False).rest(tree)

    def _compiler(
        self,
        searcher: tantivy.Searcher,
        resolve: Callable[[Filter], tantivy.Query | None],
        conditions: Sequence[tantivy.Query],
        *,
        complete: bool,
    ) -> textquery.Compiler:
        return textquery.Compiler(
            self._schema, searcher, FIELDS, self._beginnings.words, resolve, conditions,
            complete=complete,
        )  # fmt: skip

    def with_label(self, label: str, limit: int) -> tuple[list[int], int]:
        """Ids of the articles with that label, the newest first, and how many there are in all."""
        searcher = self._index.searcher()
        query = _Q.term_query(self._schema, "label", label, "basic")
        found = searcher.search(query, limit=limit, order_by_field="at", order=tantivy.Order.Desc)
        addresses = [address for _, address in found.hits]
        ids = searcher.fast_field_values("id", addresses) if addresses else []
        return [int(id) for id in ids], int(found.count)  # type: ignore[arg-type,attr-defined]

    # ------------------------------------------------------------------------- conditions

    def among(self, ids: Iterable[int], *, negated: bool = False) -> tantivy.Query:
        """The articles with those ids, or those with others; a millisecond for 2,000."""
        query = textquery.among(self._schema, ids)
        return textquery.negated(query) if negated else query

    def between(self, column: str, low: int | None, high: int | None) -> tantivy.Query:
        """Articles whose `column` is at least `low` and at most `high`; one may be None."""
        return textquery.without_score(
            _Q.range_query(self._schema, column, tantivy.FieldType.Integer, low, high)
        )

    def labelled(self, label: str) -> tantivy.Query:
        """Articles with that label, see `labels`."""
        return textquery.without_score(_Q.term_query(self._schema, "label", label, "basic"))

    def all_but(self, condition: tantivy.Query) -> tantivy.Query:
        """What does not meet the condition."""
        return textquery.negated(condition)

    def all_of(self, conditions: Iterable[tantivy.Query]) -> tantivy.Query:
        """What meets all the conditions."""
        return textquery.together(textquery.everything(), conditions)

    def any_of(self, conditions: Iterable[tantivy.Query]) -> tantivy.Query:
        """What meets any of the conditions."""
        return _Q.boolean_query([(tantivy.Occur.Should, one) for one in conditions])

    def weighted(
        self, words: Iterable[tuple[str, float]], *, without: Iterable[int] = ()
    ) -> tantivy.Query:
        """Articles with any of `words` in title, tags or text, scored by the words' weights.

        Those whose ids are in `without` are left out.
        """
        query = textquery.weighted_words(self._schema, ("title", "tags", "body"), words)
        return textquery.together(query, [self.among(without, negated=True)])

    # ------------------------------------------------------------------------- words

    def tokens(self, text: str) -> list[str]:
        """The words the index sees in `text`: those of `folding.tokens`, but for very long ones."""
        return list(self._analyzer.analyze(fold_for_index(text)))

    def frequency(self, token: str, *, prefix: bool = False, field: str = "") -> int:
        """Number of articles with `token`, or with a word that begins so.

        Args:
            token: A folded word, or a run of unspaced characters.
            prefix: Whether words that only begin so count; then it is that of the most frequent.
            field: The text field, "" for the one in which it is most frequent.
        """
        searcher = self._index.searcher()
        names = [field] if field else list(FIELDS)
        if len(token) > 1 and is_unspaced(token):
            return max(self._phrase_frequency(searcher, name, list(token)) for name in names)
        if not prefix:
            return max(searcher.doc_freq(name, token) for name in names)
        found = (self._beginnings.words(name, token) for name in names)
        return max((terms[0][1] for terms in found if terms), default=0)

    def _phrase_frequency(self, searcher: tantivy.Searcher, field: str, words: list[str]) -> int:
        query = textquery.side_by_side(self._schema, field, words)
        return int(searcher.search(query, limit=1, count=True).count)  # type: ignore[attr-defined]

    def terms_with_prefix(
        self, start: str, limit: int, *, field: str = ""
    ) -> list[tuple[str, int]]:
        """Words that begin with `start`, the most frequent first.

        Args:
            start: A folded beginning.
            limit: Most words to give.
            field: The text field, "" for all.

        Returns:
            Each with the number of articles that have it in the field where most do.
        """
        searcher = self._index.searcher()
        found: dict[str, int] = {}
        for name in [field] if field else FIELDS:
            for term, n in searcher.terms_with_prefix(name, start, limit=limit):
                found[term] = max(n, found.get(term, 0))
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]

    def with_similar(
        self, token: str, distance: int, limit: int, *, prefix: bool = False, field: str = ""
    ) -> list[int]:
        """Some articles with a word that is `distance` slips at most from `token`.

        Args:
            token: A folded word.
            distance: 0 to 2; see `spelling`.
            limit: Most articles to give.
            prefix: Whether a word that only begins like one so near will do.
            field: The text field, "" for all.
        """
        searcher = self._index.searcher()
        fuzzy = [
            (
                tantivy.Occur.Should,
                _Q.fuzzy_term_query(self._schema, name, token, distance=distance, prefix=prefix),
            )
            for name in ([field] if field else FIELDS)
        ]
        hits = searcher.search(_Q.boolean_query(fuzzy), limit=limit, count=False).hits
        addresses = [address for _, address in hits]
        return list(map(int, searcher.fast_field_values("id", addresses))) if hits else []  # type: ignore[arg-type]

    def prepare(self, cancelled: Callable[[], bool] | None = None) -> None:
        """Look up the words that begin with each letter and each two, for the keys of a search.

        Takes 0.3 s of a processor for 60,000 words, once for each state of the index.

        Args:
            cancelled: Asked between two beginnings; once it says so, the rest is left for later.
        """
        small = [name for name in FIELDS if name not in _LARGE]
        self._beginnings.prepare(small, _LARGE, cancelled)


def labels(tags: Iterable[str], lang: str, kind: str, stub: bool) -> tuple[str, ...]:
    """What filters look for word by word: tags, the language without its region, the type."""
    found = [f"tag:{tag}" for tag in tags]
    if lang:
        found.append(f"lang:{lang.partition('-')[0].lower()}")
    if kind:
        found.append(f"type:{kind.lower()}")
    if stub:
        found.append("stub")
    return tuple(found)


def recency(at: int) -> float:
    """By how much an article of that date (in seconds) counts more: 1 to 2.

    What it is above 1 halves every 40 years back from 2040, so that ten years cost about a
    fourteenth: enough to order equals, too little to bury a better match.
    """
    years_back = max(0, _NEWEST - at) / _YEAR
    return float(1.0 + 0.5 ** (years_back / 40.0))


__all__ = [
    "COLUMNS",
    "FIELDS",
    "Document",
    "FullText",
    "TextHit",
    "TextHits",
    "labels",
    "recency",
]
