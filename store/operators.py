"""The operators of the query language: one table for parsing, evaluation, help and completion.

A text operator looks for words in one text field of the full-text index.  A filter operator is a
condition in SQL over the index's tables: `d`, the articles, and `s`, the reader's state.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from store import moments
from store.row import fewest_words
from store.state import clean_tags

#: A condition in SQL and its parameters.
Condition: TypeAlias = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator.

    Attributes:
        name: As typed before the colon.
        kind: "text" (a field of the full-text index) or "filter".
        example: One use of it.
        help: What it means, one line.
        values: The values it knows, when they are few; also for completion.
        compile: For a filter: value to condition, or None when the value makes no sense.
    """

    name: str
    kind: str
    example: str
    help: str
    values: tuple[str, ...] = ()
    compile: Callable[[str], Condition | None] | None = None

    def accepts(self, value: str) -> bool:
        """Whether `value` makes sense for this operator."""
        return self.compile is None or self.compile(value) is not None

    def begins(self, value: str) -> bool:
        """Whether a value could make sense for this operator once more of it is typed."""
        begun = value.lower()
        words = (word for word in (*self.values, *_DAYS) if word.startswith(begun))
        return any(map(self.accepts, words)) or any(self.accepts(value + end) for end in _ENDS)


#: What may follow the beginning of a value: digits of a number or date, a unit, the end of a range.
_ENDS: Final = ("1", "7", "17", "017", "2017", "-01", "01", "d", ".9", ".2017")
_DAYS: Final = ("today", "yesterday")

_FLAGS: Final[dict[str, str]] = {
    "unread": "coalesce(s.read, 0) = 0",
    "read": "s.read = 1",
    "started": "coalesce(s.read, 0) = 0 and s.progress > 0",
    "starred": "s.starred = 1",
    "archived": "s.archived = 1",
    "trashed": "s.trashed = 1",
    "stub": "d.stub = 1",
}

_HAS: Final[dict[str, str]] = {
    "tag": "exists (select 1 from tag where tag.id = d.id)",
    "link": "d.url <> ''",
    "author": "d.author <> ''",
    "date": "d.published_at is not null",
    "note": "d.id in (select article from annotation where note <> '')",
    "highlight": "d.id in (select article from annotation where quote <> '')",
}


def _flag(value: str) -> Condition | None:
    sql = _FLAGS.get(value.lower())
    return (sql, ()) if sql else None


def _has(value: str) -> Condition | None:
    sql = _HAS.get(value.lower())
    return (sql, ()) if sql else None


def _no(value: str) -> Condition | None:
    sql = _HAS.get(value.lower())
    return (f"not ({sql})", ()) if sql else None


def _tag(value: str) -> Condition | None:
    name = tag_name(value)
    if not name:
        return None
    if name.endswith("*"):
        return ("exists (select 1 from tag where tag.id = d.id and tag.tag glob ?)",
                (re.sub(r"([\[?])", r"[\1]", name.rstrip("*")) + "*",))  # fmt: skip
    return "d.id in (select id from tag where tag = ?)", (name,)


def tag_name(value: str) -> str:
    """The tag that a value means, as tags are kept: "Long Reads" is `long-reads`; "" for none."""
    return "".join(clean_tags([value]))


def _equal(column: str) -> Callable[[str], Condition | None]:
    def compile_(value: str) -> Condition | None:
        return f"lower({column}) = ?", (value.lower(),)

    return compile_


def _contains(column: str) -> Callable[[str], Condition | None]:
    def compile_(value: str) -> Condition | None:
        return f"instr(lower({column}), ?) > 0", (value.lower(),)

    return compile_


def _feed(value: str) -> Condition | None:
    address = value.lower()
    if address.startswith(("http://", "https://")):
        return "(d.type = 'feed' and lower(d.source) = ?)", (address,)
    return "(d.type = 'feed' and instr(lower(d.source), ?) > 0)", (address,)


def _language(value: str) -> Condition | None:
    tag = value.lower()
    return "(lower(d.lang) = ? or lower(d.lang) glob ?)", (tag, re.sub(r"[\[*?]", "", tag) + "-*")


def _id(value: str) -> Condition | None:
    if not value.isdecimal() or len(value) > 18:
        return None
    return "d.id = ?", (int(value),)


def _like(value: str) -> Condition | None:
    # Looked up by its words (see `related`); what is compiled here only says that it is a number.
    return None if _id(value) is None else ("0", ())


_COMPARISON = re.compile(r"(<=|>=|<|>)?(.+)\Z", re.S)


def _date(column: str) -> Callable[[str], Condition | None]:
    def compile_(value: str) -> Condition | None:
        if ".." in value:
            low, _, high = value.partition("..")
            start = moments.period(low) if low else (None, None)
            end = moments.period(high) if high else (None, None)
            if start is None or end is None or not (low or high):
                return None
            return _between(column, start[0], end[1])
        match = _COMPARISON.match(value)
        if match is None:
            return None
        sign, text = match[1], match[2]
        since = moments.ago(text)
        if since is not None:  # an age: `<7d` is younger than seven days
            if sign in ("<", "<=", None):
                return f"{column} >= ?", (since,)
            return f"{column} < ?", (since,)
        span = moments.period(text)
        if span is None:
            return None
        low_second, high_second = span
        return {
            None: _between(column, low_second, high_second),
            ">": (f"{column} >= ?", (high_second,)),
            ">=": (f"{column} >= ?", (low_second,)),
            "<": (f"{column} < ?", (low_second,)),
            "<=": (f"{column} < ?", (high_second,)),
        }[sign]

    return compile_


def _between(column: str, low: int | None, high: int | None) -> Condition:
    if low is None:
        return f"{column} < ?", (high,)
    if high is None:
        return f"{column} >= ?", (low,)
    return f"({column} >= ? and {column} < ?)", (low, high)


def _shifted(column: str, sign: str, age_sign: str) -> Callable[[str], Condition | None]:
    compile_date = _date(column)

    def compile_(value: str) -> Condition | None:
        if moments.ago(value) is not None:
            return compile_date(age_sign + value)
        return compile_date(sign + value) if value[:1] not in "<>" else None

    return compile_


def _number(column: str, unit: str = "", scale: float = 1.0) -> Callable[[str], Condition | None]:
    number = re.compile(rf"(\d+(?:\.\d+)?){unit}\Z", re.I)

    def one(text: str) -> float | None:
        match = number.match(text)
        return min(float(match[1]), float(_MOST)) * scale if match else None

    def compile_(value: str) -> Condition | None:
        if ".." in value:
            low_text, _, high_text = value.partition("..")
            low, high = one(low_text or "0"), one(high_text or _MOST)
            if low is None or high is None or not (low_text or high_text):
                return None
            return f"({column} >= ? and {column} <= ?)", (low, high)
        match = _COMPARISON.match(value)
        limit = one(match[2]) if match else None
        if match is None or limit is None:
            return None
        return f"{column} {match[1] or '='} ?", (limit,)

    return compile_


def _minutes(value: str) -> Condition | None:
    """Reading time as the list shows it: whole minutes, any text at least one."""
    if ".." in value:
        low_text, _, high_text = value.partition("..")
        low, high = _whole_minutes(low_text or "0"), _whole_minutes(high_text or _MOST)
        if low is None or high is None or not (low_text or high_text):
            return None
        return _words_between(low, high + 1)
    match = _COMPARISON.match(value)
    minutes = _whole_minutes(match[2]) if match else None
    if match is None or minutes is None:
        return None
    return {
        None: _words_between(minutes, minutes + 1),
        ">": _words_between(minutes + 1, None),
        ">=": _words_between(minutes, None),
        "<": _words_between(None, minutes),
        "<=": _words_between(None, minutes + 1),
    }[match[1]]


def _whole_minutes(text: str) -> int | None:
    match = re.fullmatch(r"(\d+)m?", text, re.I)
    return int(min(float(match[1]), float(_MOST))) if match else None


def _words_between(low: int | None, high: int | None) -> Condition:
    """Articles of at least `low` minutes and less than `high`."""
    if low is None:
        return "d.words < ?", (fewest_words(high or 0),)
    if high is None:
        return "d.words >= ?", (fewest_words(low),)
    return "(d.words >= ? and d.words < ?)", (fewest_words(low), fewest_words(high))


def _table(*operators: Operator) -> dict[str, Operator]:
    return {operator.name: operator for operator in operators}


#: The largest number that is compared with; a larger one, which nothing reaches, is taken as it.
_MOST: Final = "999999999"

#: Every operator by name, in the order in which help lists them.
OPERATORS: Final[dict[str, Operator]] = _table(
    Operator("title", "text", "title:carrier", "word or phrase in the title"),
    Operator("author", "text", 'author:"Ada Reyes"', "word or phrase in the author's name"),
    Operator("site", "text", "site:ledger", "word or phrase in the site's name"),
    Operator("body", "text", "body:telegraph", "word or phrase in the text"),
    Operator("note", "text", "note:check", "word or phrase in your notes"),
    Operator("highlight", "text", "highlight:telegraph", "word or phrase in your highlights"),
    Operator("tag", "filter", "tag:history,news", "has the tag; #history is short for it",
             compile=_tag),
    Operator("is", "filter", "is:unread", "state: unread, read, started, starred, archived, "
             "trashed, stub", tuple(_FLAGS), _flag),
    Operator("has", "filter", "has:link", "has a tag, link, author, date, note or "
             "highlight", tuple(_HAS), _has),
    Operator("no", "filter", "no:tag", "has no tag, link, author, date, note or highlight",
             tuple(_HAS), _no),
    Operator("published", "filter", "published:2017-03..2018",
             "date: 2017, 2017-03, 2017-03-09, a..b, >=d, <7d, today, yesterday",
             compile=_date("d.published_at")),
    Operator("saved", "filter", "saved:<7d", "when it entered the library, likewise",
             compile=_date("d.saved_at")),
    Operator("read", "filter", "read:today", "when it was read, likewise",
             compile=_date("s.read_at")),
    Operator("after", "filter", "after:2020", "short for published:>",
             compile=_shifted("d.published_at", ">", "<")),
    Operator("before", "filter", "before:2020-06", "short for published:<",
             compile=_shifted("d.published_at", "<", ">")),
    Operator("newer", "filter", "newer:2w", "short for published:<2w",
             compile=_shifted("d.published_at", ">", "<")),
    Operator("older", "filter", "older:1y", "short for published:>1y",
             compile=_shifted("d.published_at", "<", ">")),
    Operator("words", "filter", "words:>2000", "length in words: N, >N, <N, a..b",
             compile=_number("d.words")),
    Operator("time", "filter", "time:<10m", "reading time in minutes, likewise",
             compile=_minutes),
    Operator("progress", "filter", "progress:>50", "how far it was read, in percent",
             compile=_number("(coalesce(s.progress, 0) * 100)", "%?")),
    Operator("url", "filter", "url:example.org", "text in the link", compile=_contains("d.url")),
    Operator("source", "filter", "source:notes.md", "text in the name of the file or link it "
             "was imported from", compile=_contains("d.source")),
    Operator("feed", "filter", "feed:ledger.example", "came with the feed at that address, or one "
             "with that in it", compile=_feed),
    Operator("type", "filter", "type:html", "import format", compile=_equal("d.type")),
    Operator("lang", "filter", "lang:de", "language", compile=_language),
    Operator("id", "filter", "id:12", "article number", compile=_id),
    Operator("like", "like", "like:12", "articles most like that number", compile=_like),
    Operator("view", "view", "view:Unread", "what a view shows: a saved one, a built-in one, #tag"),
)  # fmt: skip
