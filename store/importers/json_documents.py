"""TinyDB files, other JSON, and JSON Lines: every object that looks like an article.

Known shapes: a list of documents; TinyDB (tables of documents by number, any tables); an object
that wraps a list (`{"articles": [...]}`); one document; one JSON document a line.  Fields are
found by their usual names (`article.FIELD_NAMES`); what is not known is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from store.article import Article, State, count_words
from store.dates import parse_date
from store.encoding import decode
from store.importers.html_fragment import looks_like_html, markdown_of
from store.importers.record import Rejected, Source
from store.jsontext import loads
from store.plaintext import plain_text

#: Names under which other programs keep the list of documents.
_LISTS: Final = ("articles", "items", "entries", "documents", "docs", "posts", "data", "results")

#: Marks of reading, by the names other programs give them.
_FLAGS: Final[dict[str, tuple[str, ...]]] = {
    "read": ("read", "is_read", "isRead"),
    "starred": ("starred", "is_starred", "favorite", "is_favorite", "favourite", "liked"),
    "archived": ("archived", "is_archived", "isArchived"),
}
_PROGRESS: Final = ("progress", "reading_progress", "readingProgress")


def read_json(source: Source) -> Iterator[Article | Rejected]:
    """The articles of one JSON or JSON Lines file."""
    text = decode(source.data).strip()
    if not text:
        yield Rejected(source.name, "it is empty")
        return
    try:
        whole = loads(text.encode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        if "\n" in text:
            yield from _lines(text, source.name, error)
        else:
            yield Rejected(source.name, f"it is no JSON: {_short(error)}")
        return
    documents = list(_documents(whole))
    if not documents:
        yield Rejected(source.name, "it is JSON, but holds no documents")
    for item, document in documents:
        yield _article(document, source.name, item)


def _lines(text: str, name: str, whole: Exception) -> Iterator[Article | Rejected]:
    good = False
    rejected: list[Rejected] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            document = loads(line.encode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError) as error:
            rejected.append(Rejected(name, f"it is no JSON: {_short(error)}", f"line {number}"))
            if not good and len(rejected) > 20:
                break  # not JSON Lines but one document that is broken
            continue
        good = True
        yield from rejected
        rejected.clear()
        yield _article(document, name, f"line {number}")
    if good:
        yield from rejected
    else:
        yield Rejected(name, f"it is no JSON: {_short(whole)}")


def _documents(whole: Any) -> Iterator[tuple[str, Any]]:
    """(where, document) for everything in `whole` that may be an article."""
    if isinstance(whole, list):
        for number, document in enumerate(whole, 1):
            yield f"item {number}", document
        return
    if not isinstance(whole, dict):
        return
    if _is_document(whole):
        yield "", whole
        return
    tables = [name for name, table in whole.items() if _is_table(table)]
    if tables:
        for name in tables:
            for key, document in whole[name].items():
                yield (f"{name} {key}" if len(tables) > 1 else f"item {key}"), document
        return
    for name in (*_LISTS, *whole):
        inner = whole.get(name)
        if isinstance(inner, list) and inner:
            for number, document in enumerate(inner, 1):
                yield f"item {number}", document
            return


def _is_table(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(key.lstrip("-").isdecimal() for key in value)
        and any(isinstance(document, dict) for document in value.values())
    )


def _is_document(value: Mapping[str, Any]) -> bool:
    article = Article.from_document(value)
    return bool(
        (article.title or article.url)
        and (article.body or article.url)
        and not any(isinstance(value.get(name), list) and value[name] and
                    isinstance(value[name][0], dict) for name in _LISTS)
    )  # fmt: skip


def _article(document: Any, name: str, item: str) -> Article | Rejected:
    if not isinstance(document, dict):
        return Rejected(name, "it is no object, but " + _kind(document), item)
    try:
        article = Article.from_document(document)
    except RecursionError:
        return Rejected(name, "it is nested too deeply", item)
    if not (article.title.strip() or article.body.strip() or article.url.strip()):
        return Rejected(name, "it has neither title, text nor link", item)
    body = article.body
    if looks_like_html(body):
        body = markdown_of(body, base=article.url)
    published, saved = parse_date(article.published), parse_date(article.saved)
    extra = dict(article.extra)
    if article.published and not published:
        extra["published_as_given"] = article.published
    state = _state(document)
    if state is not None:
        for names in (*_FLAGS.values(), _PROGRESS):
            for each in names:
                extra.pop(each, None)
    return replace(
        article,
        body=body,
        published=published,
        saved=saved,
        source=name,
        type="json",
        words=count_words(plain_text(body)),
        extra=extra,
        state=state,
    )


def _state(document: Mapping[str, Any]) -> State | None:
    def marked(field: str) -> bool:
        return any(document.get(name) in (True, 1, "1", "true") for name in _FLAGS[field])

    progress = 0.0
    for name in _PROGRESS:
        value = document.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            progress = min(1.0, value / 100 if value > 1 else float(value))
    state = State(
        read=marked("read"),
        starred=marked("starred"),
        archived=marked("archived"),
        progress=progress,
    )
    return state if state != State() else None


def _kind(value: Any) -> str:
    return {list: "a list", str: "a text", type(None): "null", bool: "a boolean"}.get(
        type(value), "a number"
    )


def _short(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 120 else text[:119] + "…"
