"""Bookmarks as HTML, the format that Netscape began and every browser and service writes.

<DT><H3>folder</H3> <DL><p> <DT><A HREF="…" ADD_DATE="…" TAGS="a,b">title</A> <DD>note …
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from store.article import Article
from store.encoding import decode
from store.importers.fields import article_of, flag, state_of, tags_of
from store.importers.markup import Element, elements
from store.importers.record import Rejected, Source
from store.sanitize import MAX_TAG, clean_line

#: Folders of the browsers themselves, which say nothing of what is in them.
_ROOTS = (
    "bookmarks", "bookmarks bar", "bookmarks toolbar", "bookmarks menu", "other bookmarks",
    "mobile bookmarks", "favorites", "favorites bar", "favourites", "imported", "unsorted",
    "reading list", "personal toolbar folder",
)  # fmt: skip
_ROOT_MARKS = ("personal_toolbar_folder", "unfiled_bookmarks_folder")
#: Folders in folders that become tags; what is deeper was not closed, and says nothing of a link.
_DEPTH: Final = 32


def read_netscape(source: Source) -> Iterator[Article | Rejected]:
    """The bookmarks of a file; the outermost `_DEPTH` of their folders become tags."""
    folders: list[str] = []
    around: list[int] = []  # how many named folders stand around each list that is open
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
            name = clean_line(element.text)
            # One more than a tag may have, so that the cut is shown.
            opening = "" if mark or name.lower() in _ROOTS else name[: MAX_TAG + 1]
        elif element.name == "dl":
            around.append(len(folders))
            if opening and len(folders) < _DEPTH:
                folders.append(opening)
            opening = ""
        elif element.name == "/dl":
            if around:
                del folders[around.pop() :]
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
        tags=[*tags_of(said.get("tags", ""), ","), *folders],
        state=state_of(
            read=to_read is not None and not flag(to_read),
            starred=flag(said.get("favorite", said.get("important", ""))),
        ),
    )
