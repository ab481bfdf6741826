"""Everything there is of some articles, as one JSON document that `add` takes in without loss.

    {"broadsheet": 1, "made": "2017-03-09T14:05:06+00:00", "articles": [
    {"id": 12, "title": "…", "body": "…", …, "extra": {…}, "state": {…}, "highlights": [{…}]},
    …
    ], "views": [{"name": "…", "query": "…"}], …}

An article is one line, so that a large document can be read as it was written, line by line.
Its fields are those of `Article`, `State` and `Highlight`; empty ones are left out.  Behind the
articles stand the library's views, subscriptions and whatever else the reading file holds, by
the names of its tables, if the whole library was exported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from store.article import Article
from store.exporters.record import Entry, Export
from store.highlights import document_of_highlight
from store.jsontext import dumps
from store.reading import document_of

#: Version of the document; raised when an older program would misread it.
VERSION: Final = 1

#: Fields that have a place of their own in the document, or none.
_APART: Final = ("extra", "state", "highlights", "edited_from", "title_edited")

_FIELDS: Final = tuple(f.name for f in fields(Article) if f.name not in _APART)
_BLOCK: Final = 1 << 18  # bytes


def write_json(entries: Iterable[Entry], export: Export) -> Iterator[bytes]:
    """The document in parts."""
    block = bytearray(b'{"broadsheet": %d, "made": %s, "articles": [' % (
        VERSION, dumps(export.now)))  # fmt: skip
    separator = b"\n"
    for entry in entries:
        block += separator + dumps(document(entry))
        separator = b",\n"
        export.report.articles += 1
        export.report.highlights += len(entry.highlights)
        if len(block) >= _BLOCK:
            yield bytes(block)
            block.clear()
    yield bytes(block + b"\n]" + tail(export) + b"}\n")


def tail(export: Export) -> bytes:
    """The members of the document that belong to no article."""
    return b"".join(
        b",\n%s: %s" % (dumps(name), dumps(documents))
        for name, documents in export.tables.items()
        if documents
    )


def document(entry: Entry) -> dict[str, Any]:
    """One article with state and highlights."""
    article = entry.article
    values: dict[str, Any] = {name: getattr(article, name) for name in _FIELDS}
    values["tags"] = list(article.tags)
    values["extra"] = dict(article.extra)
    values["state"] = document_of(entry.state)
    values["highlights"] = highlights(entry)
    return said(values, article)


def said(values: Mapping[str, Any], article: Article) -> dict[str, Any]:
    """Without what is empty; no words in a text is said, for else they would be counted."""
    return {
        name: value for name, value in values.items() if value or (name == "words" and article.body)
    }


def highlights(entry: Entry) -> list[dict[str, Any]]:
    """The highlights of one article, which need not name it."""
    documents = [document_of_highlight(highlight) for highlight in entry.highlights]
    for each in documents:
        del each["article"]
    return documents
