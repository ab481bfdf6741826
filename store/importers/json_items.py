"""JSON that holds a list of records, which are gone through one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from store.article import Article
from store.importers.json_stream import Broken, LongList
from store.importers.record import Rejected


def objects(
    value: Any, name: str, what: str = "item"
) -> Iterator[tuple[tuple[str, str], dict[str, Any]] | Rejected]:
    """((source, item), object) for each of a list; what is no object is rejected.

    Args:
        value: The list, be it a long one; anything else holds nothing.
        name: Name of the source.
        what: What an item is called in a report.
    """
    for number, each in enumerate(value if isinstance(value, list | LongList) else (), 1):
        place = (name, f"{what} {number}")
        if isinstance(each, dict):
            yield place, each
        else:
            yield Rejected(name, why_none(each), place[1])


def read_objects(
    value: Any,
    name: str,
    article_of: Callable[[tuple[str, str], dict[str, Any]], Article | Rejected],
) -> Iterator[Article | Rejected]:
    """What `article_of` makes of each object in a list, given its (source, item)."""
    for each in objects(value, name):
        yield each if isinstance(each, Rejected) else article_of(*each)


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; none when it is no list."""
    there = value if isinstance(value, list | LongList) else ()
    return [each for each in there if isinstance(each, dict)]


def why_none(value: Any) -> str:
    """Why a value of a list is no record."""
    if isinstance(value, Broken):
        return f"it is no JSON: {value.reason}"
    return f"it is no object, but {kind_of(value)}"


def kind_of(value: Any) -> str:
    """What a value of JSON is, in words."""
    kinds = {
        list: "a list",
        str: "a text",
        type(None): "null",
        bool: "a boolean",
        dict: "an object",
    }
    return kinds.get(type(value), "a number")
