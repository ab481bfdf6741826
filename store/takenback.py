"""What the reader took back by hand, so that no import says it again.

A table of the reading file, `imports`, holds one document: the ids of articles that were marked
unread, or lost their star or their place in the archive, and a number for each highlight that was
removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, Final

from store.migration import Tables
from store.state import State

#: Marks that are remembered when they are taken away.
MARKS: Final = ("read", "starred", "archived")

_TABLE = "imports"
_REMOVED = "removed"
_WORD: Final = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The words alone: programs store other white space and other quotation marks."""
    return _WORD.findall(text.casefold()) or [text]


def passage_number(article: int, quote: str, note: str) -> int:
    """A number of 52 bits for a highlight: for its words, or for those of a note with no quote."""
    key = f"{article}\0{' '.join(words(quote)) if quote else f'n {words(note)}'}"
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 12  # every program reads it exactly, as a float too


def note_unmarked(tables: Tables, before: Mapping[int, State], after: Mapping[int, State]) -> None:
    """Remember the articles that lost a mark."""
    for name in MARKS:
        gone = {i for i, state in before.items() if getattr(state, name)} & {
            i for i, state in after.items() if not getattr(state, name)
        }
        _add(tables, name, gone)


def note_removed(tables: Tables, documents: Iterable[Mapping[str, Any]]) -> None:
    """Remember highlights, given as their documents, that were removed."""
    _add(
        tables,
        _REMOVED,
        {
            passage_number(d["article"], str(d.get("quote") or ""), str(d.get("note") or ""))
            for d in documents
            if isinstance(d.get("article"), int)
        },
    )


def unmarked(tables: Tables) -> dict[str, frozenset[int]]:
    """The articles that lost each of `MARKS`."""
    return {name: _numbers(tables, name) for name in MARKS}


def removed(tables: Tables) -> frozenset[int]:
    """The numbers (`passage_number`) of highlights that were removed."""
    return _numbers(tables, _REMOVED)


def _numbers(tables: Tables, name: str) -> frozenset[int]:
    value = tables.get(_TABLE, {}).get("1", {}).get(name)
    return (
        frozenset(n for n in value if isinstance(n, int))
        if isinstance(value, list)
        else (frozenset())
    )


def _add(tables: Tables, name: str, numbers: set[int]) -> None:
    if numbers:
        document = tables.setdefault(_TABLE, {}).setdefault("1", {})
        document[name] = sorted(_numbers(tables, name) | numbers)
