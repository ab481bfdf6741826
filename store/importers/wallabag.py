"""wallabag's JSON, of version 2 and of version 1.

2: [{title, url, is_archived, is_starred, created_at, published_at, published_by: [],
     content, language, domain_name, tags: [], annotations: [{text, quote, ranges}]}]
1: [{"0": …, title, url, is_read, is_fav, content, tags: "a,b"}]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from store.article import Article, Passage
from store.importers.fields import article_of, flag, moment, names_of, state_of, tags_of, text_of
from store.importers.json_items import dicts, read_objects
from store.importers.json_stream import LongObject, open_json
from store.importers.record import Rejected, Source

# What stands in the text where wallabag could fetch none, and in the title.
_NO_TEXT = re.compile(
    r"\s*+(?:<p>\s*+)?(?:wallabag can.t retrieve contents for this article|"
    r"\[?unable to retrieve (?:full-text|readable) content)", re.I
)  # fmt: skip
_NO_TITLE = ("no title found", "untitled")


def read_wallabag(source: Source) -> Iterator[Article | Rejected]:
    """The articles of an export, with text, state, tags and annotations."""
    value = open_json(source)
    if isinstance(value, dict):  # as the API answers
        embedded = value.get("_embedded")
        value = embedded.get("items") if isinstance(embedded, dict | LongObject) else [value]
    yield from read_objects(value, source.name, _article)


def _article(place: tuple[str, str], entry: Mapping[str, Any]) -> Article | Rejected:
    title = text_of(entry.get("title"))
    content = text_of(entry.get("content"))
    archived = flag(entry.get("is_archived", entry.get("is_read")))
    return article_of(
        place,
        "wallabag",
        title="" if title.strip().lower() in _NO_TITLE else title,
        url=text_of(entry.get("url")) or text_of(entry.get("given_url")),
        html="" if _NO_TEXT.match(content) else content,
        author=names_of(entry.get("published_by") or entry.get("authors")),
        site=text_of(entry.get("domain_name")),
        published=entry.get("published_at") or "",
        saved=entry.get("created_at") or "",
        tags=tags_of(entry.get("tags"), ","),
        lang=text_of(entry.get("language")),
        image=text_of(entry.get("preview_picture")),
        state=state_of(
            read=archived,
            archived=archived,
            starred=flag(entry.get("is_starred", entry.get("is_fav"))),
            read_at=moment(entry.get("archived_at")),
        ),
        highlights=map(_passage, dicts(entry.get("annotations"))),
    )


def _passage(annotation: Mapping[str, Any]) -> Passage:
    return Passage(
        text_of(annotation.get("quote")),
        text_of(annotation.get("text")),
        made=moment(annotation.get("created_at")),
    )
