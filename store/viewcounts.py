"""How many articles views show, and how many of them are unread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from store.errors import CancelledError
from store.index import Index
from store.query import And, Filter, Query
from store.search import Searcher
from store.views import View, ViewCount, tag_view

_UNREAD: Final = Filter("is", "unread")


def view_counts(
    index: Index,
    searcher: Searcher,
    views: Iterable[View],
    parse: Callable[[str], Query],
    cancelled: Callable[[], bool] | None = None,
) -> list[ViewCount]:
    """The counts of each of `views`, in their order; all tags are counted by one statement.

    Args:
        index: The columns.
        searcher: Counts what is no tag.
        views: Built-in, saved and those of tags.
        parse: Understands a query.
        cancelled: Asked now and then; once it says so, the counting ends.

    Raises:
        CancelledError: `cancelled` said so.
    """
    by_tag: dict[str, ViewCount] | None = None
    counts = []
    for view in views:
        if view.kind == "tag" and view == tag_view(view.name[1:]):
            if by_tag is None:
                by_tag = _of_tags(index, cancelled)
            counts.append(by_tag.get(view.name[1:], ViewCount(0, 0)))
        else:
            counts.append(_of_query(searcher, parse(view.query), cancelled))
    return counts


def _of_query(searcher: Searcher, query: Query, cancelled: Callable[[], bool] | None) -> ViewCount:
    if query.limit is not None:  # which articles these are depends on their order
        found = searcher.find(query, everything=True, cancelled=cancelled)
        rows = found.rows(0, len(found.ids))
        return ViewCount(sum(not row.read for row in rows), len(rows))
    parts = query.tree.parts if isinstance(query.tree, And) else (query.tree,)
    total = searcher.count(query, cancelled=cancelled)
    if _UNREAD in parts or not total:
        return ViewCount(total, total)
    unread = replace(query, tree=And((*parts, _UNREAD)))
    return ViewCount(searcher.count(unread, cancelled=cancelled), total)


def _of_tags(index: Index, cancelled: Callable[[], bool] | None) -> dict[str, ViewCount]:
    try:
        with index.reading(cancelled) as db:
            return {
                tag: ViewCount(unread, total)
                for tag, unread, total in db.execute(
                    "select tag, sum(coalesce(s.read, 0) = 0), count(*) "
                    "from tag left join state s on s.id = tag.id "
                    "where coalesce(s.trashed, 0) = 0 group by tag"
                )
            }
    except sqlite3.OperationalError:
        if cancelled is not None and cancelled():
            raise CancelledError from None
        raise
