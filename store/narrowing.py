"""Filters that the full-text index answers itself, by its columns and labels.

A list of ids from SQL costs time for each id; what is decided inside the index costs next to
nothing.  The rest, above all what the reader does to articles, stays with SQL.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from store.operators import OPERATORS, tag_name
from store.query import And, Filter, Node, Not, Or

if TYPE_CHECKING:
    import tantivy

    from store.fulltext import FullText

#: Columns of SQL that the index has too.
_COLUMNS: Final = {"d.published_at": "published", "d.saved_at": "saved", "d.words": "words"}

_COMPARISON: Final = re.compile(r"(\S+) (>=|<=|<|>|=) \?")


def narrowed(fulltext: FullText, node: Node) -> tantivy.Query | None:
    """The condition of the full-text index that is just what `node` means, None if there is none.

    Args:
        fulltext: The index.
        node: A filter, or filters joined.
    """
    if isinstance(node, Filter):
        return _of_filter(fulltext, node)
    if isinstance(node, Not):
        inner = narrowed(fulltext, node.part)
        return None if inner is None else fulltext.all_but(inner)
    if isinstance(node, And | Or):
        parts = []
        for part in node.parts:
            condition = narrowed(fulltext, part)
            if condition is None:
                return None
            parts.append(condition)
        return fulltext.all_of(parts) if isinstance(node, And) else fulltext.any_of(parts)
    return None


def _of_filter(fulltext: FullText, node: Filter) -> tantivy.Query | None:
    value = node.value.strip().lower()
    if node.operator == "tag":
        name = tag_name(value)
        return None if name.endswith("*") else fulltext.labelled(f"tag:{name}")
    if node.operator == "lang":
        return fulltext.labelled(f"lang:{value}") if value.isalpha() else None
    if node.operator == "type":
        return fulltext.labelled(f"type:{node.value.lower()}")
    if node.operator == "is" and value == "stub":
        return fulltext.labelled("stub")
    if node.operator == "id":
        return fulltext.among([int(value)])
    compile_ = OPERATORS[node.operator].compile
    made = compile_(node.value) if compile_ else None
    return None if made is None else _of_comparisons(fulltext, *made)


def _of_comparisons(
    fulltext: FullText, sql: str, parameters: Sequence[Any]
) -> tantivy.Query | None:
    """A condition in SQL that compares one column of the index with numbers, if it is one."""
    bare = sql[1:-1] if sql.startswith("(") and sql.endswith(")") else sql
    low: int | None = None
    high: int | None = None
    columns = set()
    parts = bare.split(" and ")
    if len(parts) != len(parameters):
        return None
    for part, value in zip(parts, parameters, strict=True):
        match = _COMPARISON.fullmatch(part)
        if match is None or match[1] not in _COLUMNS or not isinstance(value, int | float):
            return None
        columns.add(_COLUMNS[match[1]])
        if match[2] in (">=", "=", ">"):
            bound = math.floor(value) + 1 if match[2] == ">" else math.ceil(value)
            low = bound if low is None else max(low, bound)
        if match[2] in ("<=", "=", "<"):
            bound = math.ceil(value) - 1 if match[2] == "<" else math.floor(value)
            high = bound if high is None else min(high, bound)
    if len(columns) != 1:
        return None
    if low is not None and high is not None and low > high:
        return fulltext.among([])
    return fulltext.between(columns.pop(), low, high)
