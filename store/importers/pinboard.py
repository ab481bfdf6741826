"""Pinboard's JSON, and that of Delicious, which it grew from.

Pinboard:  [{href, description, extended, time, shared, toread, tags: "a b"}]
Delicious: [{url, title, description, created, private, tags: []}]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from store.article import Article
from store.importers.fields import article_of, flag, state_of, tags_of, text_of
from store.importers.json_items import read_objects
from store.importers.json_stream import open_json
from store.importers.record import Rejected, Source


def read_pinboard(source: Source) -> Iterator[Article | Rejected]:
    """The bookmarks of Pinboard; those that are not to be read count as read."""
    yield from read_objects(open_json(source), source.name, _pin)


def _pin(place: tuple[str, str], pin: Mapping[str, Any]) -> Article | Rejected:
    return article_of(
        place,
        "pinboard",
        title=text_of(pin.get("description")),
        url=text_of(pin.get("href")),
        summary=text_of(pin.get("extended")),
        saved=pin.get("time") or "",
        tags=tags_of(pin.get("tags"), " "),
        state=state_of(read="toread" in pin and not flag(pin["toread"])),
    )


def read_delicious(source: Source) -> Iterator[Article | Rejected]:
    """The bookmarks of Delicious."""
    yield from read_objects(open_json(source), source.name, _link)


def _link(place: tuple[str, str], link: Mapping[str, Any]) -> Article | Rejected:
    return article_of(
        place,
        "delicious",
        title=text_of(link.get("title")),
        url=text_of(link.get("url")),
        summary=text_of(link.get("description")),
        saved=link.get("created") or "",
        tags=tags_of(link.get("tags"), ", "),
    )
