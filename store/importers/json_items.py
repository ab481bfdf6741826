"""JSON that holds a list of records: loaded whatever its encoding, and gone through one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from store.article import Article
from store.encoding import decode
from store.errors import SourceError
from store.importers.record import Rejected, Source
from store.jsontext import loads


def load_json(source: Source) -> Any:
    """The value of a file.

    Raises:
        SourceError: it is no JSON, or too large.
        OSError: it cannot be read.
    """
    data = source.data
    try:
        return loads(data)
    except (ValueError, RecursionError) as error:
        text = decode(data)
        try:
            return loads(text.strip().encode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            raise SourceError(f"it is no JSON: {short(error)}") from None


def objects(
    value: Any, name: str, what: str = "item"
) -> Iterator[tuple[tuple[str, str], dict[str, Any]] | Rejected]:
    """((source, item), object) for each of a list; what is no object is rejected.

    Args:
        value: The list; anything else holds nothing.
        name: Name of the source.
        what: What an item is called in a report.
    """
    for number, each in enumerate(value if isinstance(value, list) else (), 1):
        place = (name, f"{what} {number}")
        if isinstance(each, dict):
            yield place, each
        else:
            yield Rejected(name, f"it is no object, but {kind_of(each)}", place[1])


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
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


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


def short(error: Exception) -> str:
    """What an error says, in one line that is not too long."""
    text = " ".join(str(error).split())
    return text if len(text) <= 120 else text[:119] + "…"
