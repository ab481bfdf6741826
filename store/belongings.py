"""What the reading file holds that is about no article: views, subscriptions, and the like.

An export of the whole library carries it and an import takes it in, table by table, without
knowing what is in them: a table is named in `KEYS` only to tell when two documents are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from store.errors import LibraryError
from store.index import Index
from store.reading import ReadingFile, Tables
from store.sanitize import clean_line, clean_text
from store.sqlitefile import DamagedError

#: Tables that are about articles, or about the file itself.
_OTHERS: Final = frozenset({"states", "highlights", "journal", "meta"})

#: The field by which a document of a table is known; without one its whole contents.
KEYS: Final[dict[str, str]] = {"views": "name", "feeds": "url"}

_MAX_DEPTH: Final = 8
_MAX_TABLES: Final = 20


def belongings(reading: ReadingFile) -> dict[str, list[dict[str, Any]]]:
    """The documents of those tables, in the order of their numbers.

    Raises:
        LibraryError: the reading file is damaged.
    """
    tables, _ = reading.load()
    return {
        name: [document for _, document in sorted(table.items(), key=_by_number)]
        for name, table in tables.items()
        if name not in _OTHERS and table and not _about_articles(table)
    }


def take_in(reading: ReadingFile, index: Index, given: Mapping[str, Any]) -> dict[str, int]:
    """Put what an exported library had, and this one has not, into the reading file.

    Returns:
        How many documents were added, by table.

    Raises:
        LibraryError: the reading file is damaged or cannot be written.
    """
    wanted: dict[str, list[dict[str, Any]]] = {}

    def change(tables: Tables) -> bool:
        nonlocal wanted
        wanted = missing(tables, given)
        put(tables, wanted)
        return bool(wanted)

    before, after = reading.update(change)
    try:
        with index.writing():
            if index.meta("reading") == [repr(before)]:
                index.set_meta(reading=repr(after))
    except DamagedError:
        pass  # it will be made anew, from the file as it is now
    return {name: len(documents) for name, documents in wanted.items()}


def missing(tables: Tables, given: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The documents of `given` that `tables` has not, cleaned; what is no such table is dropped.

    One that is there already, under the key of its table, stays as it is.
    """
    wanted: dict[str, list[dict[str, Any]]] = {}
    for name in list(given)[:_MAX_TABLES]:
        documents = given[name]
        if name in _OTHERS or not isinstance(documents, list) or clean_line(name) != name:
            continue
        known = {_identity(name, each) for each in tables.get(name, {}).values()}
        for document in documents:
            if not isinstance(document, dict) or not document:
                continue
            clean = {str(key): _cleaned(value, _MAX_DEPTH) for key, value in document.items()}
            if name == "views" and not _is_view(clean):
                continue
            identity = _identity(name, clean)
            if identity not in known:
                known.add(identity)
                wanted.setdefault(name, []).append(clean)
    return wanted


def put(tables: Tables, wanted: Mapping[str, Iterable[dict[str, Any]]]) -> None:
    """Add documents to their tables under new numbers."""
    for name, documents in wanted.items():
        table = tables.setdefault(name, {})
        number = max((int(key) for key in table if key.isdecimal()), default=0)
        for document in documents:
            number += 1
            table[str(number)] = document


def _about_articles(table: Mapping[str, Mapping[str, Any]]) -> bool:
    return any("article" in document for document in table.values())


def _is_view(document: Mapping[str, Any]) -> bool:
    """Whether it is a view that a person could have saved."""
    from store.views import checked_name, checked_query

    try:
        checked_name(str(document.get("name", "")))
        checked_query(str(document.get("query", "")))
    except LibraryError:
        return False
    return True


def _by_number(item: tuple[str, object]) -> tuple[int, str]:
    key = item[0]
    return int(key) if key.isdecimal() else 0, key


def _identity(table: str, document: Mapping[str, Any]) -> str:
    from store.jsontext import dumps
    from store.views import view_key

    value = document.get(KEYS.get(table, ""))
    if isinstance(value, str):
        return view_key(value) if table == "views" else value
    return dumps(dict(sorted(document.items()))).decode("utf-8")


def _cleaned(value: Any, depth: int) -> Any:
    """A JSON value whose text has passed the door; deeper than `depth` is dropped."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_line(str(k)): _cleaned(v, depth - 1) for k, v in value.items() if depth}
    if isinstance(value, list):
        return [_cleaned(each, depth - 1) for each in value if depth]
    return value
