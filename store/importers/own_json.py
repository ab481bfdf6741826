"""What `broadsheet export --format json` wrote: articles as they were, with all that was done.

The document is read line by line, as it was written (see `exporters.own_json`), so that its size
does not matter; one that was arranged anew since is read as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from store.article import Article, Passage, clean_tags, words_of
from store.exporters.own_json import VERSION
from store.importers.json_items import why_none
from store.importers.json_stream import LongList, open_json, whole_value
from store.importers.record import NOTHING, Belongings, Record, Rejected, Source
from store.jsontext import loads
from store.numbers import is_id, whole
from store.reading import state_of

_TEXTS: Final = (
    "title", "body", "author", "site", "url", "published", "saved", "lang", "summary", "image",
    "source", "type",
)  # fmt: skip

_OPENING: Final = re.compile(
    rb'\{"broadsheet": (\d{1,9}), "made": "[^"]*", "articles": \[\r?\n', re.ASCII
)
_LONGEST_OPENING: Final = 200  # bytes

#: Members of the document that are no tables of the reading file.
_NO_TABLES: Final = frozenset({"broadsheet", "made", "articles"})


def read_own_json(source: Source) -> Iterator[Record]:
    """The articles of one document, and what else belonged to the library."""
    with source.open() as stream:
        opening = _OPENING.fullmatch(stream.readline(_LONGEST_OPENING))
        if opening is None:
            yield from _whole(source)
            return
        if wrong := wrong_version(int(opening[1])):
            yield Rejected(source.name, wrong)
            return
        number = 1
        closing = b""
        for number, line in enumerate(stream, 2):
            if line.startswith(b"]"):
                closing = line
                break
            if stripped := line.strip().removesuffix(b","):
                yield _line(stripped, source.name, number)
        tail = stream.read(_LONGEST_TAIL)
    if not closing:
        yield Rejected(
            source.name, "it ends in the middle; what stands before was read", f"line {number}"
        )
        return
    try:
        document = loads(b'{"articles": [' + closing + tail)
    except ValueError:
        yield Rejected(source.name, "what follows the articles is no JSON", f"line {number}")
        return
    yield from _belongings(document)


#: Bytes of what follows the articles: more views and subscriptions than anybody has.
_LONGEST_TAIL: Final = 64 * 1024**2


def documents(whole: Mapping[str, Any], name: str) -> Iterator[Record]:
    """The records of a document that was read as a whole."""
    if wrong := wrong_version(whole.get("broadsheet")):
        yield Rejected(name, wrong)
        return
    articles = whole.get("articles", [])
    if not isinstance(articles, list | LongList):
        yield Rejected(name, "its articles are no list")
        return
    for number, document in enumerate(articles, 1):
        yield _article(whole_value(document), name, f"item {number}")
    yield from _belongings(whole)


def wrong_version(version: object) -> str:
    """Why a document of that version cannot be read, or ""."""
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        return f"it names no version of broadsheet's format that there is: {str(version)[:20]}"
    if version > VERSION:
        return f"a newer broadsheet wrote it (version {version} of the format): update broadsheet"
    return ""


def own_article(document: Mapping[str, Any]) -> Article:
    """The article of a document, as it was; values of a wrong type count as not there."""
    texts: dict[str, Any] = {
        name: value for name in _TEXTS if isinstance(value := document.get(name), str) and value
    }
    tags, extra = document.get("tags"), document.get("extra")
    state = document.get("state")
    return Article(
        **texts,
        tags=clean_tags(each for each in tags if isinstance(each, str))
        if isinstance(tags, list)
        else (),
        words=words_of(document.get("words"), texts.get("body", "")),
        id=number if is_id(number := document.get("id")) else 0,
        extra=extra if isinstance(extra, dict) else {},
        state=state_of(state) if isinstance(state, dict) else None,
        highlights=_passages(document.get("highlights")),
    )


def _whole(source: Source) -> Iterator[Record]:
    whole = open_json(source)
    if not isinstance(whole, dict):
        yield Rejected(source.name, "it is no document that broadsheet exported")
        return
    yield from documents(whole, source.name)


def _line(line: bytes, name: str, number: int) -> Record:
    try:
        document = loads(line)
    except ValueError as error:
        return Rejected(name, f"it is no JSON: {error}", f"line {number}")
    return _article(document, name, f"line {number}")


def _article(document: object, name: str, item: str) -> Record:
    if not isinstance(document, dict):
        return Rejected(name, why_none(document), item)
    article = own_article(document)
    return Rejected(name, NOTHING, item) if article.is_nothing else article


def _belongings(document: Mapping[str, Any]) -> Iterator[Record]:
    tables = {
        name: whole_value(value) for name, value in document.items() if name not in _NO_TABLES
    }
    if tables:
        yield Belongings(tables)


def _passages(value: object) -> tuple[Passage, ...]:
    passages = []
    for each in value if isinstance(value, list) else ():
        if not isinstance(each, dict):
            continue
        texts = {
            name: text
            for name in Passage._fields
            if name != "offset" and isinstance(text := each.get(name), str)
        }
        if texts.get("quote") or texts.get("note"):
            passages.append(Passage(**texts, offset=whole(each.get("offset"))))
    return tuple(passages)
