"""TinyDB files, other JSON, and JSON Lines: every object that looks like an article.

Known shapes: a list of documents; TinyDB (tables of documents by number, any tables); an object
that wraps a list (`{"articles": [...]}`); one document; one JSON document a line, which is read by
the line.  Fields are found by their usual names (`article.FIELD_NAMES`); what is not known is kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

from store.article import Article
from store.encoding import decode
from store.importers.documents import article_of_document
from store.importers.json_items import kind_of, short
from store.importers.lines import text_lines
from store.importers.record import HEAD, Record, Rejected, Source
from store.jsonspans import Layout, MalformedError, WrongShapeError, survey
from store.jsontext import loads
from store.lineformat import parse_record

#: Names under which other programs keep the list of documents.
_LISTS: Final = (
    "articles", "items", "entries", "documents", "docs", "posts", "bookmarks", "links", "data",
    "results",
)  # fmt: skip
#: Longest line of JSON Lines, in characters.
_LONGEST_LINE: Final = 256 * 1024**2
#: Bytes of a file from which on it is read by parts where that can be.
_LARGE: Final = 4 * 1024**2


def read_json(source: Source) -> Iterator[Record]:
    """The articles of one JSON or JSON Lines file."""
    if source.path is not None and source.size > _LARGE and source.head.lstrip()[:1] == b"{":
        with source.path.open("rb") as file:
            layout = _layout(file.fileno())
            if layout is not None:
                yield from _spanned(file.fileno(), layout, source.name)
                return
    if _is_lines(source):
        yield from _streamed(source)
        return
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
            yield Rejected(source.name, f"it is no JSON: {short(error)}")
        return
    if isinstance(whole, dict) and "broadsheet" in whole:
        from store.importers import own_json

        yield from own_json.documents(whole, source.name)
        return
    documents = list(_documents(whole))
    if not documents:
        yield Rejected(source.name, "it is JSON, but holds no documents")
    for item, document in documents:
        yield _article(document, source.name, item)


def _layout(descriptor: int) -> Layout | None:
    """Where the articles of a large library of TinyDB lie; None when it is anything else.

    Only the spans are held, so that the file's size does not matter.
    """
    try:
        layout = survey(lambda offset, length: os.pread(descriptor, length, offset))
    except (MalformedError, WrongShapeError):
        return None
    return layout if layout.ids and not layout.tables else None


def _spanned(descriptor: int, layout: Layout, name: str) -> Iterator[Article | Rejected]:
    for number, offset, length in zip(layout.ids, layout.offsets, layout.lengths, strict=True):
        try:
            _, document = parse_record(os.pread(descriptor, length, offset))
        except (ValueError, RecursionError) as error:
            yield Rejected(name, f"it is no JSON: {short(error)}", f"item {number}")
            continue
        yield _article(document, name, f"item {number}")


def _is_lines(source: Source) -> bool:
    """Whether the first line is a whole document and another follows.

    Only files larger than their head are asked: of a smaller one all is in memory anyway.
    """
    if len(source.head) < HEAD:
        return False
    lines = text_lines(source, _LONGEST_LINE)
    try:
        first = loads(next(lines, "").encode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and next(lines, "").lstrip().startswith("{")


def _streamed(source: Source) -> Iterator[Article | Rejected]:
    for number, line in enumerate(text_lines(source, _LONGEST_LINE), 1):
        if not line.strip():
            continue
        item = f"line {number}"
        try:
            document = loads(line.encode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError) as error:
            yield Rejected(source.name, f"it is no JSON: {short(error)}", item)
            continue
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
            rejected.append(Rejected(name, f"it is no JSON: {short(error)}", f"line {number}"))
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
        yield Rejected(name, f"it is no JSON: {short(whole)}")


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
        return Rejected(name, "it is no object, but " + kind_of(document), item)
    return article_of_document(document, (name, item), "json")
