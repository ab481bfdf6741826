"""The answer to a query: ids in order, and from them rows and hits with snippets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from store.article import Article
from store.errors import ArticleNotFoundError, CancelledError
from store.matching import Spans, TextMatcher, snippet, snippet_of_markdown
from store.results import Hit, Row

#: Highlights and notes of articles: quotes and notes by article.
Annotations = dict[int, list[tuple[str, str]]]


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
    _annotations: Callable[[Sequence[int]], Annotations]
    _scores: dict[int, float] = field(default_factory=dict)
    unfinished: bool = False

    def rows(self, start: int, stop: int) -> list[Row]:
        """List rows `start` to `stop` (exclusive)."""
        return self._rows(self.ids[start:stop])

    def hits(self, start: int, stop: int, cancelled: Callable[[], bool] | None = None) -> list[Hit]:
        """The same rows with snippets; reads each article.

        Raises:
            CancelledError: `cancelled` said so.
        """
        return list(self._hits(start, stop, cancelled))

    def _hits(self, start: int, stop: int, cancelled: Callable[[], bool] | None) -> Iterator[Hit]:
        rows = self.rows(start, stop)
        annotations = self._annotations([row.id for row in rows]) if self.matcher else {}
        for row in rows:
            if cancelled is not None and cancelled():
                raise CancelledError
            try:
                article = self._get(row.id)
            except ArticleNotFoundError:
                continue
            line, spans = self._snippet(article, annotations.get(row.id, ()))
            titles = self.matcher.spans(row.title, "title") if self.matcher else []
            yield Hit(row, self._scores.get(row.id, 0.0), line, tuple(spans), tuple(titles))

    def _snippet(
        self, article: Article, annotations: Sequence[tuple[str, str]]
    ) -> tuple[str, Spans]:
        """Where the words are: in the text, the summary, a note, a highlight; else the beginning.

        More of the words in a note are better than fewer in the text.
        """
        line, spans = snippet_of_markdown(article.body or article.summary, self.matcher)
        if not spans and article.summary:
            summary, marked = snippet_of_markdown(article.summary, self.matcher)
            if marked:
                line, spans = summary, marked
        if self.matcher is None:
            return line, spans
        best = len(self.matcher.met(line, "body")) if spans else 0
        for quote, note in annotations:
            for name, text in (("note", note), ("highlight", quote)):
                met = len(self.matcher.met(text, name)) if text else 0
                if met > best:
                    best = met
                    label = f"{name}: "
                    line, own = snippet(text, self.matcher, field=name)
                    line, spans = label + line, [(a + len(label), b + len(label)) for a, b in own]
        return line, spans
