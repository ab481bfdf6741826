"""Values as other programs write them (flags, times, tags, progress), and an article of them.

What is no such value gives the empty one: a missing date is better than a wrong one.
"""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from store.article import Article, Passage, State, clean_tags, count_words
from store.dates import parse_date
from store.entities import unescape
from store.importers.html_fragment import looks_like_html, markdown_of
from store.importers.record import Rejected
from store.plaintext import plain_text
from store.sanitize import URL_SCHEMES, clean_line, clean_url

#: Words for yes.
_YES: Final = frozenset({"1", "true", "yes", "y", "t", "on", "x"})

#: Unix time in other units, by size.  Seconds reach 1e11 in the year 5138; milliseconds stand for
#: times before 1973 below that, and microseconds below 1e14.
_MILLISECONDS: Final = 1e11
_MICROSECONDS: Final = 1e14
#: Microseconds between 1601-01-01, where Windows and WebKit count from, and 1970-01-01.  As Unix
#: microseconds such a number would be a time after the year 2338.
_SINCE_1601: Final = 11_644_473_600_000_000
_NANOSECONDS: Final = 1e17
_NUMBER = re.compile(r"\s*([-+]?\d{1,20}(?:\.\d{1,9})?)\s*\Z")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.I)
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]{0,30}):")
_PYTHON = re.compile(
    r"""(?:[\s\[\](){},:]|u?'(?:[^'\\\n]|\\.)*+'|u?"(?:[^"\\\n]|\\.)*+"|"""
    r"""[-+]?\d+(?:\.\d+)?(?![\w.])|(?:None|True|False)\b)*+"""
)
_ESCAPE = re.compile(r"\\([\\'\"abfnrtv]|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})?", re.A)
_DEEPEST: Final = 8  # lists in lists of names
_LONGEST_LIST: Final = 100_000  # characters of a text that holds a list


def flag(value: object) -> bool:
    """Whether a value says yes: true, 1, "1", "true", "yes" in any case."""
    if isinstance(value, str):
        return value.strip().lower() in _YES
    return isinstance(value, bool | int | float) and value == 1


def text_of(value: object) -> str:
    """A text or number as text; "" for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value)


def unescaped(text: str) -> str:
    """Text whose entities (`&amp;`) were left in it by the program that wrote it."""
    return unescape(text) if _ENTITY.search(text) else text


def plain(text: str) -> str:
    """A short text of HTML or not, as plain text."""
    text = plain_text(markdown_of(text)) if looks_like_html(text) else unescaped(text)
    return text.strip()


def moment(value: object) -> str:
    """A point in time, ISO 8601 in UTC to the second; "" when it is none.

    Args:
        value: Seconds, milliseconds, microseconds or nanoseconds since 1970, or microseconds since
            1601 as WebKit counts them, as a number or a text; or a date in a usual form.  A time
            without a zone is taken as UTC.
    """
    if isinstance(value, bool):
        return ""
    match = _NUMBER.match(value) if isinstance(value, str) else None
    if match is not None:
        value = float(match[1])
    if isinstance(value, int | float):
        return _of_number(float(value)) if abs(value) < 1e20 else ""
    iso = parse_date(value) if isinstance(value, str) else ""
    if "T" not in iso:
        return iso
    try:
        when = datetime.fromisoformat(iso)
        if when.tzinfo is not None:
            return when.astimezone(UTC).isoformat(timespec="seconds")
        return when.replace(tzinfo=UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return iso


def _of_number(number: float) -> str:
    if not math.isfinite(number) or number < 1e8:  # before 1973: a year, a count, or nothing
        return ""
    if number >= _NANOSECONDS:
        number /= 1e9
    elif number >= _SINCE_1601:
        number = (number - _SINCE_1601) / 1e6
    elif number >= _MICROSECONDS:
        number /= 1e6
    elif number >= _MILLISECONDS:
        number /= 1e3
    try:
        return datetime.fromtimestamp(math.floor(number), UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return ""


def progress(value: object, *, percent: bool = False) -> float:
    """How far something was read, 0.0 to 1.0, from a share or a percentage.

    Args:
        value: A number, or a text of one that may end with "%", and then is a percentage.
        percent: It is a percentage; else a number up to 1 is a share, and a larger one is not.
    """
    if isinstance(value, str):
        percent = percent or value.strip().endswith("%")
        match = _NUMBER.match(value.strip().rstrip("% "))
        value = float(match[1]) if match else 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        return 0.0
    return min(value, 100) / 100 if percent or value > 1 else float(value)


def tags_of(value: object, separators: str = ",;|") -> tuple[str, ...]:
    """Tags from a list of texts or objects, a list written in JSON or Python, or a text.

    Args:
        value: What stands there.
        separators: The characters that part tags in a text; "" when it is always one.
    """
    if isinstance(value, str):
        value = _written_list(value, separators)
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list | tuple):
        return ()
    return clean_tags(name for name in map(_tag_name, value) if name)


def _written_list(text: str, separators: str) -> list[Any]:
    text = text.strip()
    if text.startswith(("[", "(")) and text.endswith(("]", ")")) and len(text) < _LONGEST_LIST:
        for read in (json.loads, _of_python):
            try:
                value = read(text)
            except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
                continue
            if isinstance(value, list | tuple):
                return list(value)
        inner = text[1:-1]
        return [part.strip(" '\"") for part in re.split(r"[,;|]", inner)]
    return re.split(f"[{re.escape(separators)}]", text) if separators else [text]


def _of_python(text: str) -> Any:
    """The value of a list or the like written in Python.

    It is given to Python's own parser only if it has nothing in it of which that one warns on the
    terminal, foreign bytes and all: an unknown escape is a backslash.
    """
    if not _PYTHON.fullmatch(text):
        raise ValueError("it is no list of texts and numbers")
    return ast.literal_eval(_ESCAPE.sub(lambda match: match[0] if match[1] else r"\\", text))


def _tag_name(value: object) -> str:
    if isinstance(value, Mapping):
        for name in ("name", "label", "title", "tag", "slug", "value"):
            if isinstance(value.get(name), str):
                return str(value[name])
        return ""
    return text_of(value)


def names_of(value: object, depth: int = _DEEPEST) -> str:
    """Authors, joined with ", ": from a text, a list of texts, or of objects with a name."""
    if isinstance(value, str):
        return clean_line(unescaped(value))
    if isinstance(value, Mapping):
        return clean_line(_tag_name(value))
    if isinstance(value, list | tuple):
        names = [names_of(each, depth - 1) for each in value if depth]
        return ", ".join(filter(None, names))
    return ""


def state_of(
    *,
    read: bool = False,
    starred: bool = False,
    archived: bool = False,
    done: float = 0.0,
    opened: str = "",
    read_at: str = "",
) -> State | None:
    """What is said of reading; None when that is nothing."""
    state = State(
        read=read, starred=starred, archived=archived, progress=done, opened=opened,
        read_at=read_at if read else "",
    )  # fmt: skip
    return state if state != State() else None


def markdown_text(text: str, base: str = "") -> str:
    """A body of HTML, Markdown or plain text, as Markdown."""
    return markdown_of(text, base=base) if looks_like_html(text) else text


def article_of(
    place: tuple[str, str],
    kind: str,
    *,
    title: str = "",
    url: str = "",
    html: str = "",
    body: str = "",
    author: str = "",
    site: str = "",
    published: object = "",
    saved: object = "",
    tags: Iterable[str] = (),
    lang: str = "",
    summary: str = "",
    image: str = "",
    state: State | None = None,
    highlights: Iterable[Passage] = (),
    extra: Mapping[str, Any] | None = None,
) -> Article | Rejected:
    """The article of one item of an export, or why it is none.

    Args:
        place: Name of the source, and which item of it this is.
        kind: Name of the format.
        title: As given, entities and all; a title that repeats the link is none.
        url: The link.
        html: The text as HTML.
        body: The text as Markdown, when there is no `html`.
        author: Names, joined with ", ".
        site: Name or domain of the publisher.
        published: A date in any usual form.
        saved: When it was saved there, in any form `moment` knows.
        tags: Labels.
        lang: Its language.
        summary: As given, HTML too.
        image: The lead picture.
        state: What is said of reading.
        highlights: Marked passages and notes; those with neither quote nor note are left out.
        extra: What else is to be kept.
    """
    given = url.strip()
    link = clean_url(given)
    title = clean_line(unescaped(title))
    if title and title in (given, link):
        title = ""
    text = markdown_of(html, base=link) if html.strip() else body
    if given and not link and not text.strip():
        return Rejected(place[0], f"its link is none that can be read: {_shown(given)}", place[1])
    if not (title or link or text.strip()):
        return Rejected(place[0], "it has neither title, text nor link", place[1])
    kept = dict(extra or {})
    day = published if isinstance(published, str) else text_of(published)
    iso = moment(published) if _NUMBER.match(day) else parse_date(published)
    if day.strip() and not iso and not _NUMBER.match(day):
        kept["published_as_given"] = day
    return Article(
        title=title,
        body=text,
        author=author,
        site=clean_line(unescaped(site)),
        url=link,
        published=iso,
        saved=moment(saved),
        tags=clean_tags(tags),
        lang=lang.strip().replace("_", "-"),
        summary=plain(summary),
        image=clean_url(image),
        source=place[0],
        type=kind,
        words=count_words(plain_text(text)) if text else 0,
        extra=kept,
        state=state,
        highlights=tuple(h for h in highlights if h.quote.strip() or h.note.strip()),
    )


def _shown(url: str) -> str:
    match = _SCHEME.match(url)
    if match and match[1].lower() not in URL_SCHEMES:
        return f"{match[1].lower()}:…"
    line = clean_line(url)
    return line if len(line) <= 60 else line[:59] + "…"
