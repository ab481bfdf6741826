"""TinyDB files, other JSON, and JSON Lines: every object that looks like an article.

Known shapes: a list of documents; TinyDB (tables of documents by number, any tables); an object
that wraps a list (`{"articles": [...]}`); one document; one JSON document a line, which is read by
the line.  Fields are found by their usual names (`article.FIELD_NAMES`); what is not known is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from store.article import Article
from store.encoding import decode
from store.errors import SourceError
from store.importers.documents import article_of_document
from store.importers.json_items import why_none
from store.importers.json_stream import (
    LongList,
    LongObject,
    holds_several,
    is_long,
    open_json,
    short,
    whole_value,
)
from store.importers.lines import text_lines
from store.importers.record import HEAD, Record, Rejected, Source
from store.jsontext import loads

#: Names under which other programs keep the list of documents.
_LISTS: Final = (
    "articles", "items", "entries", "documents", "docs", "posts", "bookmarks", "links", "data",
    "results",
)  # fmt: skip
#: Longest line of JSON Lines, in characters.
_LONGEST_LINE: Final = 256 * 1024**2
#: Members of a large object that are looked at to tell whether it is a table.
_LOOKED_AT: Final = 20


def read_json(source: Source) -> Iterator[Record]:
    """The articles of one JSON or JSON Lines file."""
    if _is_lines(source):
        yield from _streamed(source)
        return
    if is_long(source):
        try:
            whole = open_json(source)
        except SourceError as error:
            yield from _lines(text_lines(source, _LONGEST_LINE), source.name, str(error))
            return
        if isinstance(whole, dict) and _is_document(whole):
            whole = whole_value(whole)
    else:
        text = decode(source.data).strip()
        if not text:
            yield Rejected(source.name, "it is empty")
            return
        try:
            whole = loads(text.encode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError) as error:
            reason = f"it is no JSON: {short(error)}"
            yield from _lines(text.split("\n"), source.name, reason)
            return
    if isinstance(whole, dict) and "broadsheet" in whole:
        from store.importers import own_json

        yield from own_json.documents(whole, source.name)
        return
    found = False
    for item, document in _documents(whole):
        found = True
        yield _article(document, source.name, item)
    if not found:
        yield Rejected(source.name, "it is JSON, but holds no documents")


def _is_lines(source: Source) -> bool:
    """Whether the first line is a whole document and another follows.

    Only files larger than their head are asked: of a smaller one all is in memory anyway.
    """
    if len(source.head) < HEAD:
        return False
    if is_long(source):
        return holds_several(source)
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


def _lines(lines: Iterable[str], name: str, reason: str) -> Iterator[Article | Rejected]:
    """What is in lines that are a document each; all is rejected for `reason` if none is."""
    good = False
    rejected: list[Rejected] = []
    for number, line in enumerate(lines, 1):
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
        yield Rejected(name, reason)


def _documents(whole: Any) -> Iterator[tuple[str, Any]]:
    """(where, document) for everything in `whole` that may be an article."""
    if isinstance(whole, list | LongList):
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
        if isinstance(inner, list | LongList) and inner:
            for number, document in enumerate(inner, 1):
                yield f"item {number}", document
            return


def _is_table(value: Any) -> bool:
    if isinstance(value, LongObject):  # told by its beginning
        value = dict(islice(value.items(), _LOOKED_AT))
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
        and not any(isinstance(value.get(name), list | LongList) and
                    isinstance(next(iter(value[name]), None), dict) for name in _LISTS)
    )  # fmt: skip


def _article(document: Any, name: str, item: str) -> Article | Rejected:
    if not isinstance(document, dict):
        return Rejected(name, why_none(document), item)
    return article_of_document(whole_value(document), (name, item), "json")
