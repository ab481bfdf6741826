"""Bookmarks as HTML, the format that Netscape began and every browser and service writes.

<DT><H3>folder</H3> <DL><p> <DT><A HREF="…" ADD_DATE="…" TAGS="a,b">title</A> <DD>note …
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from store.article import Article
from store.encoding import decode
from store.importers.fields import article_of, flag, state_of, tags_of
from store.importers.markup import Element, elements
from store.importers.record import Rejected, Source

#: Folders of the browsers themselves, which say nothing of what is in them.
_ROOTS = (
    "bookmarks", "bookmarks bar", "bookmarks toolbar", "bookmarks menu", "other bookmarks",
    "mobile bookmarks", "favorites", "favorites bar", "favourites", "imported", "unsorted",
    "reading list", "personal toolbar folder",
)  # fmt: skip
_ROOT_MARKS = ("personal_toolbar_folder", "unfiled_bookmarks_folder")


def read_netscape(source: Source) -> Iterator[Article | Rejected]:
    """The bookmarks of a file; their folders become tags."""
    folders: list[str] = []
    opening = ""
    number = 0
    waiting: Article | Rejected | None = None
    for element in elements(decode(source.data), ("h3", "a", "dd", "dl", "/dl")):
        if element.name == "dd":
            if isinstance(waiting, Article) and not waiting.summary:
                waiting = replace(waiting, summary=element.text)
            continue
        if waiting is not None:
            yield waiting
            waiting = None
        if element.name == "h3":
            mark = any(element.attributes.get(name) for name in _ROOT_MARKS)
            opening = "" if mark or element.text.lower() in _ROOTS else element.text
        elif element.name == "dl":
            folders.append(opening)
            opening = ""
        elif element.name == "/dl":
            del folders[-1:]
        elif "href" in element.attributes:
            number += 1
            waiting = _article(element, folders, (source.name, f"item {number}"))
    if waiting is not None:
        yield waiting


def _article(link: Element, folders: list[str], place: tuple[str, str]) -> Article | Rejected:
    said = link.attributes
    to_read = said.get("toread", said.get("unread"))
    return article_of(
        place,
        "bookmarks",
        title=link.text,
        url=said["href"],
        saved=said.get("add_date") or said.get("time_added", ""),
        tags=[*tags_of(said.get("tags", ""), ","), *(f for f in folders if f)],
        state=state_of(
            read=to_read is not None and not flag(to_read),
            starred=flag(said.get("favorite", said.get("important", ""))),
        ),
    )
