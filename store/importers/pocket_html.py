"""Pocket's and Instapaper's exports as pages: lists of links under a heading for each folder.

<h1>Unread</h1> <ul> <li><a href="…" time_added="…" tags="a,b">title</a></li> … </ul>
<h1>Read Archive</h1> …
"""

from __future__ import annotations

from collections.abc import Iterator

from store.article import Article
from store.encoding import decode
from store.importers.fields import article_of, state_of, tags_of
from store.importers.markup import Element, elements
from store.importers.record import Rejected, Source
from store.sanitize import MAX_TAG, clean_line

_READ = ("read archive", "archive", "archived", "read")
_STARRED = ("starred", "liked", "favorites", "favourites")
_PLACES = ("unread", "home", "", "my list", *_READ, *_STARRED)


def read_pocket_html(source: Source) -> Iterator[Article | Rejected]:
    """The links of an export, by folder."""
    folder = ""
    number = 0
    for element in elements(decode(source.data), ("h1", "a")):
        if element.name == "h1":
            folder = clean_line(element.text)[: MAX_TAG + 1]  # so that the cut is shown
        elif "href" in element.attributes:
            number += 1
            yield _article(element, folder, (source.name, f"item {number}"))


def _article(link: Element, folder: str, place: tuple[str, str]) -> Article | Rejected:
    there = folder.lower()
    attributes = link.attributes
    tags = list(tags_of(attributes.get("tags", ""), ","))
    return article_of(
        place,
        "pocket-html",
        title=link.text,
        url=attributes["href"],
        saved=attributes.get("time_added", ""),
        tags=tags if there in _PLACES else [*tags, folder],
        state=state_of(
            read=there in _READ,
            archived=there in _READ,
            starred=there in _STARRED or attributes.get("favorite") == "1",
        ),
    )
