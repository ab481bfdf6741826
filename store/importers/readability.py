"""Readability's export.

{"bookmarks": [{article__title, article__url, article__excerpt, date_added, date_archived,
                favorite, archive}]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from store.article import Article
from store.importers.fields import article_of, flag, moment, state_of, text_of
from store.importers.json_items import read_objects
from store.importers.json_stream import open_json
from store.importers.record import Rejected, Source


def read_readability(source: Source) -> Iterator[Article | Rejected]:
    """The bookmarks of an export."""
    value = open_json(source)
    bookmarks = value.get("bookmarks") if isinstance(value, dict) else value
    yield from read_objects(bookmarks, source.name, _article)


def _article(place: tuple[str, str], link: Mapping[str, Any]) -> Article | Rejected:
    title = text_of(link.get("article__title"))
    archived = flag(link.get("archive"))
    return article_of(
        place,
        "readability",
        title="" if title.strip().lower() == "no title found" else title,
        url=text_of(link.get("article__url")),
        summary=text_of(link.get("article__excerpt")),
        saved=link.get("date_added") or "",
        state=state_of(
            read=archived,
            archived=archived,
            starred=flag(link.get("favorite")),
            read_at=moment(link.get("date_archived")),
        ),
    )
