"""Karakeep's (once Hoarder's) and Linkwarden's exports in JSON.

Karakeep:   {bookmarks: [{createdAt, title, tags: [], content: {type, url | text}, note,
            archived}]}; createdAt in seconds
Linkwarden: {collections: [{name, links: [{name, url, description, tags: [{name}],
            createdAt}]}]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from store.article import Article, Passage
from store.importers.fields import article_of, flag, moment, state_of, tags_of, text_of
from store.importers.json_items import dicts, objects, read_objects
from store.importers.json_stream import open_json
from store.importers.record import Rejected, Source


def read_karakeep(source: Source) -> Iterator[Article | Rejected]:
    """The bookmarks of an export: links, and notes, which are articles of their own."""
    value = open_json(source)
    bookmarks = value.get("bookmarks") if isinstance(value, dict) else value
    yield from read_objects(bookmarks, source.name, _bookmark)


def _bookmark(place: tuple[str, str], mark: Mapping[str, Any]) -> Article | Rejected:
    content = mark.get("content")
    content = content if isinstance(content, dict) else {}
    note = text_of(mark.get("note"))
    title = text_of(mark.get("title")) or text_of(content.get("title"))
    text = text_of(content.get("text")) if content.get("type") == "text" else ""
    if not text and not content.get("url") and content.get("type") == "asset":
        return Rejected(place[0], "it is a file that the export does not hold", place[1])
    return article_of(
        place,
        "karakeep",
        title=title or (" ".join(text.split()[:12]) if text else ""),
        url=text_of(content.get("url")) or text_of(content.get("sourceUrl")),
        html=text_of(content.get("htmlContent")),
        body=text,
        author=text_of(content.get("author")),
        site=text_of(content.get("publisher")),
        published=content.get("datePublished") or "",
        saved=mark.get("createdAt") or "",
        tags=tags_of(mark.get("tags")),
        summary=text_of(mark.get("summary")) or text_of(content.get("description")),
        image=text_of(content.get("imageUrl")),
        state=state_of(archived=flag(mark.get("archived")), starred=flag(mark.get("favourited"))),
        highlights=[
            *([Passage(note=note)] if note else []),
            *map(_passage, dicts(mark.get("highlights"))),
        ],
    )


def _passage(value: Mapping[str, Any]) -> Passage:
    return Passage(
        text_of(value.get("text")), text_of(value.get("note")), text_of(value.get("color")),
        moment(value.get("createdAt")),
    )  # fmt: skip


def read_linkwarden(source: Source) -> Iterator[Article | Rejected]:
    """The links of all collections, whose names become tags."""
    value = open_json(source)
    value = value if isinstance(value, dict) else {}
    pinned = {text_of(link.get("id")) for link in dicts(value.get("pinnedLinks"))} - {""}
    for each in objects(value.get("collections"), source.name, "collection"):
        if isinstance(each, Rejected):
            yield each
            continue
        (_, where), collection = each
        for link in objects(collection.get("links"), source.name, f"{where}, item"):
            if isinstance(link, Rejected):
                yield link
            else:
                yield _link(*link, text_of(collection.get("name")), pinned)


def _link(
    place: tuple[str, str], link: Mapping[str, Any], collection: str, pinned: set[str]
) -> Article | Rejected:
    folder = [] if collection.lower() in ("unorganized", "") else [collection]
    return article_of(
        place,
        "linkwarden",
        title=text_of(link.get("name")),
        url=text_of(link.get("url")),
        body=text_of(link.get("textContent")),
        summary=text_of(link.get("description")),
        saved=link.get("importDate") or link.get("createdAt") or "",
        tags=[*tags_of(link.get("tags")), *folder],
        state=state_of(starred=bool(link.get("pinnedBy")) or text_of(link.get("id")) in pinned),
    )
