"""Facets: what the articles of a result have in common, and how to narrow the query by it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final, TypeAlias

from store.errors import CancelledError
from store.folding import tokens
from store.index import Index
from store.terms import Term, quote, terms

#: Values with the number of articles that have them.
Counts: TypeAlias = tuple[tuple[str, int], ...]

#: Values given of each kind.
SHOWN: Final = 8

#: Ids handed to SQL at a time: each piece holds the interpreter for a few milliseconds at most.
_PIECE: Final = 20_000

#: Rows counted between two questions whether to go on.
_ROWS: Final = 1_000

_EPOCH: Final = date(1970, 1, 1)
_DAY: Final = 86_400  # seconds

#: Days are counted from far before the first date there is, so that division rounds down.
_SHIFT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Facets:
    """What the articles of a result have in common.

    Tags, authors and sites stand in order of frequency, years newest first.  A count is that of
    the articles with just this value; the query narrowed by an author or site finds those at
    least, and also articles whose author holds the same words among others.

    Attributes:
        count: Articles in the result.
        tags: The most frequent tags.
        authors: The most frequent authors.
        sites: The most frequent sites.
        years: The newest years of publication.
        months: (“2017-03”, count) of each month from the first to the last, also of empty ones.
    """

    count: int = 0
    tags: Counts = ()
    authors: Counts = ()
    sites: Counts = ()
    years: Counts = ()
    months: Counts = ()

    @property
    def groups(self) -> tuple[tuple[str, Counts], ...]:
        """(field that narrows by them, values) of each kind."""
        return (
            ("tag", self.tags),
            ("author", self.authors),
            ("site", self.sites),
            ("published", self.years),
        )


def facets_of(
    index: Index,
    ids: Sequence[int],
    query: str = "",
    *,
    cancelled: Callable[[], bool] | None = None,
) -> Facets:
    """Count what the articles `ids` have in common; reads the index.

    Args:
        index: The columns.
        ids: The articles.
        query: What they are the result of; values it asks for come first among equals.
        cancelled: Asked now and then; once it says so, the counting ends.

    Raises:
        CancelledError: `cancelled` said so.
    """
    authors: Counter[str] = Counter()
    sites: Counter[str] = Counter()
    days: Counter[int | None] = Counter()
    try:
        with index.reading(cancelled) as db, chosen(db, ids, cancelled):
            tags = dict(
                db.execute(
                    "select tag, count(*) from tag cross join temp.chosen using (id) group by tag"
                ).fetchall()
            )
            # One pass over the wide rows; grouping in SQL would take one, and a sort, for each.
            rows = db.execute(
                f"select author, site, (published_at + {_DAY * _SHIFT}) / {_DAY} - {_SHIFT} "
                "from temp.chosen join doc using (id)"
            )
            with closing(rows):  # what is left of them keeps the table from going
                while some := rows.fetchmany(_ROWS):
                    check(cancelled)
                    some_authors, some_sites, some_days = zip(*some, strict=True)
                    authors.update(some_authors)
                    sites.update(some_sites)
                    days.update(some_days)
    except sqlite3.OperationalError:
        check(cancelled)
        raise
    del days[None]
    months = _months(days)
    years: Counter[str] = Counter()
    for month, n in months:
        years[month[:4]] += n
    asked = [term for term in _conjuncts(query) if term.kind in ("tag", "field")]
    return Facets(
        count=len(ids),
        tags=_most(tags, "tag", asked),
        authors=_most(authors, "author", asked),
        sites=_most(sites, "site", asked),
        years=tuple((year, n) for year, n in sorted(years.items(), reverse=True) if n)[:SHOWN],
        months=months,
    )


def can_narrow(field: str, value: str) -> bool:
    """Whether the query language can ask for `value` in `field`."""
    try:
        _written(field, value)
    except ValueError:
        return False
    return True


def is_narrowed(query: str, field: str, value: str) -> bool:
    """Whether the query already asks for `value` in `field`, see `narrowed`."""
    return _asks(_conjuncts(query), field, value)


def narrowed(query: str, field: str, value: str, *, typing: bool = False) -> str:
    """The query with the condition that `field` is `value`; without it, if it is there already.

    The condition goes before the words, so that a word being typed stays the last one.

    Args:
        query: The query.
        field: "tag", "author", "site" or "published".
        value: One of the values that `Facets` counts for that field.
        typing: The last word is also a beginning, as in `Library.find`; it stays one.

    Raises:
        ValueError: the query language cannot ask for that value.
    """
    condition = _written(field, value)
    present = [term for term in _conjuncts(query) if _asks([term], field, value)]
    if present:
        return _without(query, present, typing=typing)
    all_terms = list(terms(query))
    if any(term.kind == "or" and term.depth == 0 for term in all_terms):
        return f"{condition} ({_finished(query, typing=typing)})"
    at = 0
    for term in all_terms:
        last = term.end == len(query)
        if term.kind not in ("tag", "field") or (last and (typing or not term.closed)):
            break
        at = term.end
    text = " ".join(part for part in (query[:at].strip(), condition, query[at:].lstrip()) if part)
    final = list(terms(text))[-1]
    # A space after a tag that comes last, or it would be the beginning of others.
    return f"{text} " if typing and text.endswith(condition) and _is_beginning(final) else text


def _most(counts: Mapping[str, int], field: str, asked: Sequence[Term]) -> Counts:
    """The most frequent values a query can ask for; among equals those it asks for already."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    able = list(islice((item for item in ordered if can_narrow(field, item[0])), 4 * SHOWN))
    able.sort(key=lambda item: (-item[1], not _asks(asked, field, item[0])))
    return tuple(able[:SHOWN])


def _written(field: str, value: str) -> str:
    """The condition in the query language."""
    if field == "tag":
        if value != value.strip().lstrip("#").lower() or not value or value.endswith("*"):
            raise ValueError(f"no query finds just the tag {value}")
        return f"tag:{quote(value)}"
    if field in ("author", "site"):
        words = " ".join(value.replace('"', " ").split())  # a quote parts words like a space
        if not tokens(words):
            raise ValueError(f"there are no words to look for in {value}")
        # In quotes even when it is one word, which else would be a beginning while it is typed.
        return f"{field}:{quote(words, always=True)}"
    if field == "published" and len(value) == 4 and value.isdecimal():
        return f"published:{value}"
    raise ValueError(f"no query is narrowed by {field}:{value}")


def _conjuncts(query: str) -> list[Term]:
    """The terms that every article of the result meets."""
    all_terms = [term for term in terms(query) if term.depth == 0]
    if any(term.kind == "or" for term in all_terms):
        return []
    return [term for term in all_terms if not term.negative]


def _asks(conjuncts: Iterable[Term], field: str, value: str) -> bool:
    wanted = _key(field, value)
    return any(
        term.kind in ("tag", "field") and term.name == field and _key(field, term.value) == wanted
        for term in conjuncts
    )


def _key(field: str, value: str) -> object:
    """What is the same for two values that find the same."""
    return tuple(tokens(value)) if field in ("author", "site") else value.lstrip("#").lower()


def _without(query: str, gone: Sequence[Term], *, typing: bool) -> str:
    text = query
    for term in reversed(gone):
        before, after = text[: term.start].rstrip(), text[term.end :].lstrip()
        text = f"{before} {after}" if before and after else before or after
    left = list(terms(text))
    if len(left) > 1 and left[0].kind == "open" and not left[0].negative:
        first_closed = next((t for t in left if t.kind == "close" and not t.depth), None)
        if first_closed is left[-1]:  # brackets around everything say nothing
            text = text[left[0].end : left[-1].start]
    last = list(terms(query))[-1]
    typed = last not in gone and last.end == len(query) and _is_beginning(last)
    if typing and not typed and text and _is_beginning(list(terms(text))[-1]):
        return f"{text.rstrip()} "  # a whole word, which as the last one would be a beginning
    return text


def _finished(query: str, *, typing: bool) -> str:
    """The query as it can stand in brackets: what is open closed, what is unfinished left out."""
    kept = [term for term in terms(query) if term.kind != "stray"]
    while kept and kept[-1].kind == "or":
        del kept[-1]
        typing = False
    text, at = "", kept[0].start if kept else 0
    for term in kept:
        gap = " " if query[at : term.start] else ""  # strays went with the spaces around them
        text, at = f"{text}{gap}{query[term.start : term.end]}", term.end
    if not kept:
        return text
    last = kept[-1]
    if not last.closed:
        text += '"'
    elif typing and last.end == len(query) and _is_beginning(last):
        text += "*"
    return text + ")" * (last.depth + (last.kind == "open"))


def _is_beginning(term: Term) -> bool:
    """Whether a term that is still typed also finds words that begin so."""
    from store.operators import OPERATORS

    if term.negative or term.value.endswith("*") or term.quoted:
        return False
    if term.kind == "field" and term.name != "tag":
        operator = OPERATORS.get(term.name)
        return operator is not None and operator.kind == "text"
    return term.kind in ("word", "tag") or (term.kind == "field" and bool(term.value))


def _months(days: Mapping[int | None, int]) -> Counts:
    """Every month from the first day to the last with its number of articles."""
    counts: Counter[str] = Counter()
    for number, n in days.items():
        counts[(_EPOCH + timedelta(days=number or 0)).isoformat()[:7]] += n
    if not counts:
        return ()
    return tuple((month, counts[month]) for month in _between(min(counts), max(counts)))


def _between(first: str, last: str) -> Iterator[str]:
    year, month = int(first[:4]), int(first[5:])
    while (text := f"{year:04}-{month:02}") <= last:
        yield text
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


@contextmanager
def chosen(
    db: sqlite3.Connection, ids: Sequence[int], cancelled: Callable[[], bool] | None
) -> Iterator[None]:
    """The ids in the table `temp.chosen`, as long as the counting takes."""
    db.execute("pragma temp_store = memory")
    db.execute("drop table if exists temp.chosen")
    db.execute("create temp table chosen(id integer primary key)")
    try:
        for start in range(0, len(ids), _PIECE):
            check(cancelled)
            piece = json.dumps(list(ids[start : start + _PIECE]))
            db.execute("insert or ignore into temp.chosen select value from json_each(?)", (piece,))
        yield
    finally:
        db.set_progress_handler(None, 0)  # what cleans up is not to be cancelled
        db.execute("drop table temp.chosen")


def check(cancelled: Callable[[], bool] | None) -> None:
    """Raise a `CancelledError` once `cancelled` says so."""
    if cancelled is not None and cancelled():
        raise CancelledError
