"""What a query being typed could go on with, and the help that explains the language.

Both come from `store.operators.OPERATORS`, to which only what is no operator is added: order and
cap, which say nothing of an article, and the signs between words.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from store.folding import fold, tokens
from store.index import Index
from store.operators import OPERATORS, Operator
from store.query import SORT_KEYS, unquoted
from store.terms import Term, quote, terms

#: Candidates given at most.
SHOWN: Final = 8

#: A bare word is taken for the beginning of a field's name from so many letters on.
_SHORTEST_NAME: Final = 2

#: Values known of one field at most, the most used ones.
_KNOWN: Final = 50_000


_DIRECTIVES: Final = (
    Operator("sort", "order", "sort:-words", f"order: {', '.join(SORT_KEYS)}; - turns it round",
             SORT_KEYS),
    Operator("limit", "cap", "limit:20", "so many articles at most"),
)  # fmt: skip

#: All that can stand before a colon.
_FIELDS: Final = {**{each.name: each for each in _DIRECTIVES}, **OPERATORS}

_SIGNS: Final = (
    ("carrier strike", "both words, anywhere"),
    ('"aircraft carrier"', "the words side by side"),
    ("carr*", "words that begin so"),
    ("-draft", "not this word; so with all that follows, and with (...)"),
    ("ships OR planes", "either; brackets group"),
)


class Candidate(NamedTuple):
    """One way to go on.

    Attributes:
        text: What is inserted, quoted where the language needs it.
        label: What is shown.
        note: What it means, or how many articles have it.
    """

    text: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Completions:
    """What the term at the cursor could become.

    Attributes:
        start: Where what is replaced starts, in characters.
        end: Where it ends (exclusive).
        candidates: The likeliest first; none where nothing useful is known.
    """

    start: int
    end: int
    candidates: tuple[Candidate, ...] = ()


class Value(NamedTuple):
    """A value of a field: as written, folded for matching, and what is said of it."""

    text: str
    key: str
    note: str = ""


class Vocabulary:
    """The values in use, most used first, kept until the library is another.

    Args:
        index: The columns.
        views: Gives the queries of the views by name; may read the disk.
    """

    _COLUMNS: Final = ("author", "site", "type", "lang")

    def __init__(self, index: Index, views: Callable[[], Mapping[str, str]]) -> None:
        self._index = index
        self._views = views
        self._lock = threading.Lock()
        self._known: dict[str, tuple[tuple[str, ...], list[Value]]] = {}

    def values(self, field: str) -> list[Value]:
        """The values of a field; none for fields of which none are known."""
        if field == "view":
            return [Value(name, fold(name), query) for name, query in self._views().items()]
        if field == "tag":
            return self._kept(field, ("stamp", "reading"), self._index.tags)
        if field in self._COLUMNS:
            return self._kept(field, ("stamp",), lambda: self._column(field))
        return []

    def _kept(
        self, field: str, signs: tuple[str, ...], read: Callable[[], Iterable[tuple[str, int]]]
    ) -> list[Value]:
        state = tuple(self._index.meta(*signs))
        with self._lock:
            known = self._known.get(field)
            if known is None or known[0] != state:
                values = [Value(text, fold(text), f"{n:,}") for text, n in read()]
                known = self._known[field] = state, values
            return known[1]

    def _column(self, column: str) -> list[tuple[str, int]]:
        with self._index.reading() as db:
            return db.execute(
                f"select {column}, count(*) from doc where {column} <> '' and id not in "
                "(select id from state where trashed = 1) group by 1 order by 2 desc, 1 limit ?",
                (_KNOWN,),
            ).fetchall()


def completable(text: str, cursor: int) -> bool:
    """Whether the term at the cursor is one that `complete` may know candidates for."""
    term = _term_at(text, cursor)
    if term is None:
        return False
    return term.kind != "word" or term.value == "#" or bool(_name(term).candidates)


def complete(text: str, cursor: int, vocabulary: Vocabulary) -> Completions:
    """What the term at the cursor could become.

    Args:
        text: The query as typed so far.
        cursor: Where the cursor stands in it, in characters.
        vocabulary: The values in use.
    """
    term = _term_at(text, cursor)
    if term is None:
        return Completions(cursor, cursor)
    if term.kind == "field":
        return _value(text, cursor, term, vocabulary)
    if term.kind == "tag" or term.value == "#":
        return _label(text, cursor, term, vocabulary)
    return _name(term)


def _term_at(text: str, cursor: int) -> Term | None:
    """The term at the cursor, if it is of a kind that can be completed there."""
    term = next((term for term in terms(text) if term.start < cursor <= term.end), None)
    if term is None or term.kind not in ("field", "tag", "word"):
        return None
    if term.kind == "field":
        known = term.name in _FIELDS and cursor >= term.value_start
        return term if known else None
    return term if term.kind == "tag" or cursor == term.end else None


def help_lines() -> list[tuple[str, str]]:
    """The query language: (example, what it means) of each of its elements."""
    operators = (*OPERATORS.values(), *(d for d in _DIRECTIVES if d.name not in OPERATORS))
    return [*_SIGNS, *((each.example, each.help) for each in operators)]


def _name(term: Term) -> Completions:
    """Fields whose names begin with a bare word."""
    key = term.value.lower()
    candidates = [
        Candidate(f"{name}:", f"{name}:", operator.help)
        for name, operator in _FIELDS.items()
        if len(key) >= _SHORTEST_NAME and name.startswith(key)
    ]
    return Completions(term.value_start, term.end, tuple(candidates[:SHOWN]))


def _label(text: str, cursor: int, term: Term, vocabulary: Vocabulary) -> Completions:
    """Tags for #x."""
    start = term.start + term.negative
    found = _matching(vocabulary.values("tag"), unquoted(text[start + 1 : cursor].strip('"')))
    candidates = (
        Candidate(f"#{written}", f"#{value.text}", value.note)
        for value in found
        if (written := _written("tag", value.text))
    )
    return _offered(text, start, term.end, candidates)


def _value(text: str, cursor: int, term: Term, vocabulary: Vocabulary) -> Completions:
    """Values of a field; in a list with commas, of the part at the cursor."""
    operator = _FIELDS[term.name]
    start, end = term.value_start, term.end if term.closed else cursor
    others: set[str] = set()
    if not term.quoted and operator.kind != "order":  # an order is one, not a list
        start = text.rfind(",", start, cursor) + 1 or start
        comma = text.find(",", cursor, end)
        end = end if comma < 0 else comma
        others = {*text[term.value_start : start].split(","), *text[end : term.end].split(",")}
    listed = len(others) > 1  # quotes have no place in a list, nor what it has already
    typed = text[start + term.quoted : cursor].removesuffix('"' if term.quoted else "")
    typed = unquoted(typed)
    if operator.kind == "order":
        sign = "-" if typed.startswith("-") else ""
        values = [Value(sign + each, sign + each) for each in operator.values]
    else:
        values = [Value(each, each) for each in operator.values] or vocabulary.values(term.name)
    candidates = []
    for value in _matching(values, typed):
        written = _written(term.name, value.text)
        if written and written not in others and not (listed and written.startswith('"')):
            candidates.append(Candidate(written, value.text, value.note))
            if len(candidates) > SHOWN:
                break
    return _offered(text, start, end, candidates)


def _written(field: str, value: str) -> str:
    """`value` as it is written in a query; "" when no query finds it."""
    if field == "tag":
        return "" if value.endswith("*") else quote(value)
    if field == "view":
        return quote(value)
    clean = " ".join(value.replace('"', " ").split())  # a quote parts words like a space
    return quote(clean) if clean and (field not in ("author", "site") or tokens(clean)) else ""


def _matching(values: Iterable[Value], typed: str) -> Iterator[Value]:
    """Values that begin with what was typed, then those that hold it."""
    key = fold(typed)
    others = []
    for value in values:
        if value.key.startswith(key):
            yield value
        elif key in value.key:
            others.append(value)
    yield from others


def _offered(text: str, start: int, end: int, candidates: Iterable[Candidate]) -> Completions:
    """The first candidates that are not what stands there already."""
    useful: list[Candidate] = []
    for candidate in candidates:
        if candidate.text != text[start:end]:
            useful.append(candidate)
        if len(useful) == SHOWN:
            break
    return Completions(start, end, tuple(useful))
