"""The journal of the reading file: what was done, so that it can be undone and done again.

An entry holds what was done in words, when, and both sides of it: of the articles' states the
fields that changed, grouped by their values, and of other tables the documents that changed.  Of
articles whose ids follow one another it holds the first and the last: the whole file is read and
written with each change, and whoever marks all there is marks a hundred thousand.
Undoing puts one side in the place of the other; a field, a view or a marked place that was changed
since by something that is not undone (reading on, an import) is left as it is.

The entries stand in the order of their numbers.  Those that were undone are the last ones, until
a new change takes their place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from store.migration import Table
from store.moments import utc_now
from store.numbers import free_numbers, is_id, number_of
from store.state import State

#: The journal keeps at most this many entries, and entries about at most this many articles.  One
#: about more names each: what somebody else wrote by a first and a last is not to fill the memory.
JOURNAL_ENTRIES: Final = 200
JOURNAL_ARTICLES: Final = 400_000

#: Ids in a row from which on the first and the last take less room.
_ROW: Final = 3

#: Documents of a table by key; None for one that is not there.
Documents = dict[str, dict[str, Any] | None]

#: Tables besides `states` whose documents an entry may hold.
_TABLES: Final = ("highlights", "views", "bookmarks", "feeds")


_SIDES: Final = ("before", "after")


class Step(NamedTuple):
    """What undoing or doing again changed.

    Attributes:
        label: What was done, in words.
        states: The new states of the articles concerned, by id.
        documents: Table -> its documents that changed, as they are now.
    """

    label: str
    states: dict[int, State]
    documents: dict[str, Documents]


def record_states(
    journal: Table, label: str, before: Mapping[int, State], after: Mapping[int, State]
) -> None:
    """Enter a change of states, if there is one.

    Args:
        journal: The table to enter it in.
        label: What was done, in words; "{}" in it stands for the articles that it changed.
        before: The states that changed, by article id.
        after: The same as they are now.
    """
    if before:
        what = _articles(len(before))
        sides = {"before": _grouped(before, after), "after": _grouped(after, before)}
        _enter(journal, {"label": label.format(what), "at": utc_now(), **sides})


def record_documents(
    journal: Table, label: str, table: str, before: Documents, after: Documents
) -> None:
    """Enter a change of documents of `table`, if there is one; arguments as `record_states`."""
    if before != after:
        sides = {"before": dict(before), "after": dict(after)}
        _enter(journal, {"label": label, "at": utc_now(), table: sides})


def step(
    tables: dict[str, Table], *, back: bool, state_of: Callable[[Mapping[str, Any]], State]
) -> Step | None:
    """Undo the last change (`back`), or do the last undone one again.

    Args:
        tables: The tables of the reading file.  Documents are changed in place; those of
            `states` are the caller's to store.
        back: Whether to undo.
        state_of: The state a document stands for.

    Returns:
        What changed; None when there was nothing to do.
    """
    journal = tables["journal"]
    keys = [key for key in _numbered(journal) if bool(journal[key].get("undone")) is not back]
    entries = map(journal.__getitem__, reversed(keys) if back else keys)
    entry = next(filter(_makes_sense, entries), None)
    if entry is None:
        return None
    to, from_ = ("before", "after") if back else ("after", "before")
    left = {id: fields for fields, ids in entry.get(from_, []) for id in _each(ids)}
    states: dict[int, State] = {}
    for fields, ids in entry.get(to, []):
        for id in _each(ids):
            document = tables["states"].get(str(id), {})
            now = state_of(document)
            there = state_of({**document, **left.get(id, {})})
            then = state_of({**document, **fields})
            names = [name for name in fields if name in State._fields]
            states[id] = now._replace(
                **{
                    name: getattr(then, name)
                    for name in names
                    if getattr(now, name) == getattr(there, name)
                }
            )
    documents: dict[str, Documents] = {}
    for name in _TABLES:
        sides = entry.get(name, {})
        changed = sides.get(to, {})
        if not changed:
            continue
        if name == "feeds":
            put_feeds(tables[name], changed, sides.get(from_, {}))
        elif name == "highlights":
            put_documents(tables[name], changed)
        else:
            _put_named(tables[name], name, changed, sides.get(from_, {}))
        documents[name] = {key: tables[name].get(key) for key in changed}
    entry["undone"] = back
    return Step(str(entry.get("label", "")), states, documents)


def forget_articles(journal: Table, gone: Collection[int]) -> None:
    """Let nobody undo what was done to articles that are gone for good."""
    for key in _numbered(journal):
        entry = journal[key]
        if not _makes_sense(entry):
            continue
        sides: dict[str, list[Any]] = {
            side: [
                [fields, left]
                for fields, ids in entry[side]
                if (left := _spanned([id for id in _each(ids) if id not in gone]))
            ]
            for side in _SIDES
            if side in entry
        }
        if any(entry.get(side) for side in sides) and not any(sides.values()):
            del journal[key]
        elif sides and "label" in entry:
            were, are = (_articles(_count(s.get("before", []))) for s in (entry, sides))
            entry.update(sides, label=str(entry["label"]).replace(were, are, 1))


def _articles(number: int) -> str:
    return "1 article" if number == 1 else f"{number:,} articles"


def put_documents(table: Table, documents: Documents) -> None:
    """Put documents into a table, and take away those that are None."""
    for key, document in documents.items():
        if document is None:
            table.pop(key, None)
        else:
            table[key] = document


def next_numbers(tables: Mapping[str, Table], name: str, given: int = 0) -> Iterator[int]:
    """Numbers for new documents of a table: no document has them, none comes back under them.

    Args:
        tables: The tables of the reading file.
        name: The table.
        given: The highest number ever given, as far as it is noted.
    """
    keys = set(tables.get(name, ()))
    if name in _TABLES:
        for entry in filter(_makes_sense, tables["journal"].values()):
            keys.update(*(entry.get(name, {}).get(side, ()) for side in _SIDES))
    return free_numbers(keys, given)


def _put_named(table: Table, name: str, documents: Documents, left: Documents) -> None:
    """Put back views or marked places, which are known by a name or a letter.

    What has come under their keys since, in a file of before such keys were spared, stays there;
    and none is put beside another that has taken its name or its letter meanwhile.

    Args:
        table: The table.
        name: Its name.
        documents: What is to be put there.
        left: What is there as far as the journal knows.
    """
    from store.belongings import identity

    for key, document in documents.items():
        if table.get(key) != left.get(key):
            continue
        if document is None:
            table.pop(key, None)
        elif all(
            other == key or identity(name, table[other]) != identity(name, document)
            for other in table
        ):
            table[key] = document


def put_feeds(table: Table, documents: Documents, left: Documents) -> None:
    """Put back feeds that were removed, remove others (None), and change fields of the rest.

    Only the fields that a person changes are changed, for a feed is asked meanwhile.  One that
    somebody has subscribed to again is not put back beside itself.

    Args:
        table: The feeds.
        documents: What is to be put there.
        left: What is there as far as the journal knows; of feeds that are removed it gets what is
            there indeed, lest they forget what they have brought once they are put back.
    """
    from store.identity import canonical_url

    for key, document in documents.items():
        if document is None:
            if key in table:
                left[key] = table.pop(key)
        elif key in table:
            merged = {**table[key], **document}
            table[key] = {name: value for name, value in merged.items() if value is not None}
        elif (url := str(document.get("url", ""))) and all(
            canonical_url(str(other.get("url", ""))) != canonical_url(url)
            for other in table.values()
        ):
            table[key] = document


def _enter(journal: Table, entry: dict[str, Any]) -> None:
    """Add an entry, and let the oldest go when the journal grows beyond its bounds."""
    for key in [key for key in _numbered(journal) if journal[key].get("undone")]:
        del journal[key]  # a new change ends the line of what could be done again
    journal[str(next(free_numbers(journal)))] = entry
    room = JOURNAL_ARTICLES
    for rank, key in enumerate(reversed(_numbered(journal))):
        before = journal[key].get("before", [])
        room -= _count(before) if _are_groups(before) else 0
        if rank and (rank >= JOURNAL_ENTRIES or room < 0):
            del journal[key]


def _numbered(journal: Table) -> list[str]:
    """The keys of the entries in order; others are no entries, whoever wrote them."""
    numbers = {key: number for key in journal if (number := number_of(key)) is not None}
    return sorted(numbers, key=numbers.__getitem__)


def _makes_sense(entry: Mapping[str, Any]) -> bool:
    """Whether a row says what was changed, as an entry does; other rows are left alone."""
    groups = [entry[side] for side in _SIDES if side in entry]
    changes = [entry[name] for name in _TABLES if name in entry]
    return (
        bool(groups or changes)
        and all(map(_are_groups, groups))
        and all(_are_ids(ids) for side in groups for _, ids in side)
        and all(_count(side) or not any(ids for _, ids in side) for side in groups)
        and all(isinstance(change, dict) for change in changes)
        and all(_are_documents(change.get(side, {})) for change in changes for side in _SIDES)
    )


def _are_groups(value: Any) -> bool:
    """Whether it is a side of an entry: fields, each with a list, which ought to be one of ids."""
    return isinstance(value, list) and all(
        isinstance(group, list)
        and len(group) == 2
        and isinstance(group[0], dict)
        and isinstance(group[1], list)
        for group in value
    )


def _are_ids(ids: list[Any]) -> bool:
    """Whether all in a list are ids, or pairs of a first and a last one."""
    return all(
        is_id(id)
        or (isinstance(id, list) and len(id) == 2 and all(map(is_id, id)) and id[0] <= id[1])
        for id in ids
    )


def _count(side: list[Any]) -> int:
    """How many articles a side of an entry is about; 0 if nobody could have named so many."""
    spans = [id for _, ids in side for id in ids if isinstance(id, list) and _are_ids([id])]
    count = sum(len(ids) for _, ids in side) + sum(last - first for first, last in spans)
    return 0 if spans and count > JOURNAL_ARTICLES else count


def _each(ids: list[Any]) -> Iterator[int]:
    """The ids of a list that `_spanned` made."""
    for id in ids:
        if isinstance(id, list):
            yield from range(id[0], id[1] + 1)
        else:
            yield id


def _spanned(ids: Sequence[int]) -> list[int | list[int]]:
    """Ascending ids, with the first and the last in the place of three or more in a row."""
    spans: list[int | list[int]] = []
    for _, run in groupby(enumerate(ids), lambda item: item[1] - item[0]):
        row = [id for _, id in run]
        spans.extend(row if len(row) < _ROW else [[row[0], row[-1]]])
    return spans


def _are_documents(value: Any) -> bool:
    return isinstance(value, dict) and all(d is None or isinstance(d, dict) for d in value.values())


def _grouped(states: Mapping[int, State], other: Mapping[int, State]) -> list[list[Any]]:
    """The fields in which `states` differs from `other`, with the ids that share them."""
    groups: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for id, state in states.items():
        fields = tuple(
            (name, value)
            for name, value, unlike in zip(State._fields, state, other[id], strict=True)
            if value != unlike
        )
        groups.setdefault(fields, []).append(id)
    spanned = _spanned if len(states) <= JOURNAL_ARTICLES else list
    return [[dict(fields), spanned(sorted(ids))] for fields, ids in groups.items()]
