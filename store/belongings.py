"""What the reading file holds beside states and highlights: views, subscriptions, bookmarks.

An export of the whole library carries it and an import takes it in, table by table, without
knowing what is in them: a table is named in `KEYS` only to tell when two documents are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from store.bookmarks import bookmark_of
from store.errors import LibraryError
from store.index import Index
from store.indexing import update_apart
from store.journal import next_numbers
from store.numbers import number_of
from store.reading import ReadingFile, Tables
from store.sanitize import clean_line, clean_text
from store.subscription import (
    document_of_subscription,
    feed_key,
    highest_feed,
    note_highest_feed,
    subscription_of,
)

#: Tables that are about articles, or about the file itself.  What was taken back by hand (see
#: `takenback`) holds ids, and numbers made of ids: of another library they would tell nothing true.
_OTHERS: Final = frozenset({"states", "highlights", "journal", "imports", "meta"})

#: The field by which a document of a table is known; without one its whole contents.
KEYS: Final[dict[str, str]] = {"views": "name", "feeds": "url"}

#: The one table about articles that comes along: its ids become those the articles have here.
_MARKED: Final = "bookmarks"

#: The field by which a document of an unknown table is about an article, whose id is another here.
_ABOUT: Final = "article"

_MAX_DEPTH: Final = 8
_MAX_TABLES: Final = 20


def belongings(reading: ReadingFile) -> dict[str, list[dict[str, Any]]]:
    """The documents of those tables, in the order of their numbers; text passes the door here.

    Raises:
        LibraryError: the reading file is damaged.
    """
    tables, _ = reading.load()
    return {
        name: [
            _cleaned(document, _MAX_DEPTH) for _, document in sorted(table.items(), key=_by_number)
        ]
        for name, table in tables.items()
        if name not in _OTHERS and table and (name == _MARKED or not _about_articles(table))
    }


def take_in(
    reading: ReadingFile, index: Index, given: Mapping[str, Any], ids: Mapping[int, int]
) -> dict[str, int]:
    """Put what an exported library had, and this one has not, into the reading file.

    Args:
        reading: The reading file.
        index: Told of the change.
        given: Lists of documents by table.
        ids: What the articles that came along are called here, by their ids there.

    Returns:
        How many documents were added, by table.

    Raises:
        LibraryError: the reading file is damaged or cannot be written.
    """
    wanted: dict[str, list[dict[str, Any]]] = {}

    def change(tables: Tables) -> bool:
        nonlocal wanted
        wanted = missing(tables, given, ids)
        put(tables, wanted)
        return bool(wanted)

    update_apart(reading, index, change)
    return {name: len(documents) for name, documents in wanted.items()}


def missing(
    tables: Tables, given: Mapping[str, Any], ids: Mapping[int, int]
) -> dict[str, list[dict[str, Any]]]:
    """The documents of `given` that `tables` has not, cleaned; what is no such table is dropped.

    One that is there already, under the key of its table, stays as it is.
    """
    wanted: dict[str, list[dict[str, Any]]] = {}
    for name in list(given)[:_MAX_TABLES]:
        documents = given[name]
        if name in _OTHERS or not isinstance(documents, list) or clean_line(name) != name:
            continue
        known = {identity(name, each) for each in tables.get(name, {}).values()}
        for document in documents:
            if not isinstance(document, dict) or not document:
                continue
            if name != _MARKED and _ABOUT in document:
                continue
            clean = {str(key): _cleaned(value, _MAX_DEPTH) for key, value in document.items()}
            if name == "views" and not _is_view(clean):
                continue
            if name == "feeds":
                clean = _feed(document, ids)
                if not clean:
                    continue
            if name == _MARKED:
                clean = _marked(document, ids)
                if not clean:
                    continue
            own = identity(name, clean)
            if own not in known:
                known.add(own)
                wanted.setdefault(name, []).append(clean)
    return wanted


def put(tables: Tables, wanted: Mapping[str, Iterable[dict[str, Any]]]) -> None:
    """Add documents to their tables under new numbers."""
    for name, documents in wanted.items():
        table = tables.setdefault(name, {})
        number = given = highest_feed(tables) if name == "feeds" else 0
        free = next_numbers(tables, name, given)
        for document in documents:
            number = next(free)
            table[str(number)] = document
        if name == "feeds":
            note_highest_feed(tables, number)


def _about_articles(table: Mapping[str, Mapping[str, Any]]) -> bool:
    return any(_ABOUT in document for document in table.values())


def _is_view(document: Mapping[str, Any]) -> bool:
    """Whether it is a view that a person could have saved."""
    from store.views import checked_name, checked_query

    try:
        checked_name(str(document.get("name", "")))
        checked_query(str(document.get("query", "")))
    except LibraryError:
        return False
    return True


def _feed(document: Mapping[str, Any], ids: Mapping[int, int]) -> dict[str, Any]:
    """The document of a subscription as it is here; nothing when it is none.

    That its host may be a private one was allowed to another library, and perhaps by nobody.
    """
    there = subscription_of("1", document)
    if there is None:
        return {}
    seen = {key: (print_, ids.get(number, 0)) for key, (print_, number) in there.seen.items()}
    return document_of_subscription(replace(there, seen=seen, private=False))


def _marked(document: Mapping[str, Any], ids: Mapping[int, int]) -> dict[str, Any]:
    """The document of a bookmark in an article that came along; nothing when it is none."""
    there = bookmark_of(document)
    if there is None or there.article not in ids:
        return {}
    here = there._replace(article=ids[there.article], made=clean_line(there.made))
    return {name: value for name, value in here._asdict().items() if value}


def _by_number(item: tuple[str, object]) -> tuple[int, str]:
    key = item[0]
    return number_of(key) or 0, key


def identity(table: str, document: Mapping[str, Any]) -> str:
    """What a document of a table is known by: two with the same are one."""
    from store.jsontext import dumps
    from store.views import view_key

    if table == _MARKED and (mark := bookmark_of(document)):
        # As in vim: a capital is one place in the library, any other letter one in its article.
        return mark.letter if mark.letter.isupper() else f"{mark.letter} {mark.article}"
    value = document.get(KEYS.get(table, ""))
    if isinstance(value, str):
        return view_key(value) if table == "views" else feed_key(value)
    clean = _cleaned(document, _MAX_DEPTH + 1)  # as it is exported, and no deeper than it is read
    return dumps(dict(sorted(clean.items()))).decode("utf-8")


def _cleaned(value: Any, depth: int) -> Any:
    """A JSON value whose text has passed the door; deeper than `depth` is dropped."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_line(str(k)): _cleaned(v, depth - 1) for k, v in value.items() if depth}
    if isinstance(value, list):
        return [_cleaned(each, depth - 1) for each in value if depth]
    return value
