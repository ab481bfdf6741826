"""Bookmarks as browsers keep them: Chrome's file `Bookmarks`, Firefox's backup in JSON.

Chrome:  {"roots": {"bookmark_bar": {children: [{type: "url", name, url, date_added}]}}}
         times in microseconds since 1601
Firefox: {guid: "root________", children: [{type: "text/x-moz-place", title, uri, dateAdded,
         tags: "a,b"}]}; times in microseconds since 1970
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from store.article import Article
from store.importers.fields import article_of, tags_of, text_of
from store.importers.json_stream import load_json
from store.importers.record import Rejected, Source

#: Folders nested deeper are read as if they were not.
_DEPTH = 200
_FIREFOX_ROOTS = ("root________", "toolbar_____", "menu________", "unfiled_____", "mobile______")
# Tags are folders as well in Firefox, whose children repeat the bookmarks.
_FIREFOX_TAGS = ("tags________", "tagsFolder")


class _Node(NamedTuple):
    value: Mapping[str, Any]
    folders: tuple[str, ...]


def read_chrome(source: Source) -> Iterator[Article | Rejected]:
    """The bookmarks of Chrome and its kin; folders become tags."""
    value = load_json(source)
    roots = value.get("roots") if isinstance(value, dict) else None
    # The names of the roots themselves say nothing, in any language.
    tops = [
        _Node(child, ())
        for root in (roots.values() if isinstance(roots, dict) else ())
        if isinstance(root, dict)
        for child in _children(root)
    ]
    for number, (node, folders) in enumerate(_links(tops, "name", _is_chrome_folder), 1):
        yield article_of(
            (source.name, f"item {number}"),
            "chrome",
            title=text_of(node.get("name")),
            url=text_of(node.get("url")),
            saved=node.get("date_added") or "",
            tags=folders,
        )


def read_firefox(source: Source) -> Iterator[Article | Rejected]:
    """The bookmarks of Firefox; folders become tags."""
    value = load_json(source)
    tops = [_Node(value, ())] if isinstance(value, dict) else []
    for number, (node, folders) in enumerate(_links(tops, "title", _is_firefox_folder), 1):
        yield article_of(
            (source.name, f"item {number}"),
            "firefox",
            title=text_of(node.get("title")),
            url=text_of(node.get("uri")),
            saved=node.get("dateAdded") or "",
            tags=[*tags_of(node.get("tags"), ","), *folders],
        )


def _children(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    children = node.get("children")
    return [c for c in children if isinstance(c, dict)] if isinstance(children, list) else []


def _is_chrome_folder(node: Mapping[str, Any]) -> str | None:
    if node.get("type") == "folder" or "children" in node:
        return text_of(node.get("name"))
    return None


def _is_firefox_folder(node: Mapping[str, Any]) -> str | None:
    kind = node.get("type")
    if kind == "text/x-moz-place-container" or "children" in node:
        return "" if node.get("guid") in _FIREFOX_ROOTS else text_of(node.get("title"))
    return None


def _links(tops: list[_Node], title: str, folder_of: Any) -> Iterator[_Node]:
    """The bookmarks below some nodes, in order, each with the folders it lies in."""
    pending = list(reversed(tops))
    while pending:
        node = pending.pop()
        value = node.value
        if value.get("guid") in _FIREFOX_TAGS or value.get("root") in _FIREFOX_TAGS:
            continue
        folder = folder_of(value)
        if folder is None:
            if value.get("type") != "text/x-moz-place-separator":
                yield node
            continue
        folders = (*node.folders, folder) if folder and len(node.folders) < _DEPTH else node.folders
        pending += [_Node(child, folders) for child in reversed(_children(value))]
