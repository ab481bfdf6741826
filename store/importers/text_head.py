"""The head of a plain text: title, byline, date and lead, in whatever order they stand.

A line is taken for what it is only when all of it is understood: a sentence that has a date in
it is no date line.  What a recognised line says beyond name and date (a place, an affiliation, an
address) is kept in `Head.extra`, so that nothing is thrown away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from store.dates import DateMatch, find_date, parse_date
from store.importers.text_joining import Ending, Vocabulary, ending, join_all
from store.importers.text_lines import PAGE
from store.importers.text_markup import to_plain
from store.importers.text_roles import (
    BY,
    DATE_WORDS,
    FIELD,
    URL,
    Role,
    authors_of,
    field_name,
    is_name,
    names_in,
    role_of,
)

#: A head has no more lines than this; a title no more than `_TITLE_LINES`, and none is longer
#: than `_LONGEST_TITLE` characters.
_HEAD_LINES = 14
_TITLE_LINES = 3
_LONGEST_TITLE = 200
_LONGEST_LEAD = 500
#: A line of capitalised words is no byline below text with a longer line than this.
_LONGEST_NAMED = 160

_DATELINE = re.compile(r"^[^—–:]{3,80}?\s*(?:—|–|--|:)\s")


@dataclass(slots=True)
class Head:
    """What the head of a text says.

    Attributes:
        extra: What recognised lines say beyond the fields: "byline", "dateline", "kicker".
        fields: Fields given by name ("Tags: a, b").
    """

    title: str = ""
    author: str = ""
    published: str = ""
    summary: str = ""
    url: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Line:
    index: int
    text: str
    role: Role
    group: int  #: lines with no blank line between them have the same number


def read_head(lines: list[str], vocabulary: Vocabulary) -> tuple[Head, list[str]]:
    """Take the head off a text.

    Args:
        lines: The tidied lines of the text.
        vocabulary: The words of the whole text; words that it has in lower case make no name.

    Returns:
        The head and the lines after it.  Without a title in the text `title` is "" and nothing
        but recognised lines is taken.
    """
    zone = list(_zone(lines))
    head = Head()
    _settle_names(zone, vocabulary)
    zone = _without_masthead(head, zone)
    title: list[_Line] = []
    lead: list[_Line] = []
    end = 0
    k = 0
    while k < len(zone):
        line = zone[k]
        if line.role is not Role.TEXT:
            _take(head, line)
            end = line.index + 1
            k += 1
            continue
        run = _run(zone, k)
        ahead = _is_ahead(zone, k + len(run), head)
        if not title and not head.fields.get("title"):
            title, taken = _split_title(run, ahead=ahead)
            if not title:
                break
            lead += taken
            run = title + taken
        elif ahead and not lead and sum(len(part.text) for part in run) <= _LONGEST_LEAD:
            lead = run
        else:
            break
        end = run[-1].index + 1
        k += len(run)
    title = _without_kicker(head, title)
    head.title = head.fields.pop("title", "") or to_plain(
        join_all((line.text for line in title), vocabulary)
    )
    head.summary = to_plain(join_all((line.text for line in lead), vocabulary))
    rest = lines[end:]
    if not head.published:
        head.published = _date_of_dateline(rest)
    return head, rest


def _zone(lines: list[str]) -> Iterator[_Line]:
    """The first lines that are not blank, up to the first that is surely body."""
    group = count = 0
    for index, line in enumerate(lines):
        if not line:
            group += 1
            continue
        if line == PAGE or count == _HEAD_LINES:
            return
        text = line.strip()
        role = role_of(text)
        if role is Role.TEXT and len(text) > _LONGEST_LEAD:
            return
        count += 1
        yield _Line(index, text, role, group)


def _without_masthead(head: Head, zone: list[_Line]) -> list[_Line]:
    """The lines without the short ones of a page's head above the title.

    The title is what stands right above the byline; name and date of a paper are parted from it.
    """
    place = next((k for k, line in enumerate(zone) if line.role is Role.BYLINE), 0)
    title = place - 1
    if place < 2 or zone[title].role is not Role.TEXT or zone[title].group != zone[place].group:
        return zone
    start = title
    while start and zone[start - 1].group == zone[title].group:
        start -= 1
    above = zone[:start]
    groups = Counter(line.group for line in above)
    short = all(len(line.text) <= 60 and ending(line.text) is Ending.OPEN for line in above)
    if not above or not short or len(groups) < 2 or max(groups.values()) > 1:
        return zone
    for line in above:
        found = find_date(line.text)
        head.published = head.published or (found.iso if found else "")
    head.extra["kicker"] = "; ".join(line.text for line in above)
    return zone[start:]


def _run(zone: list[_Line], start: int) -> list[_Line]:
    """Lines of text from `start` up to a blank line or a recognised one."""
    end = start + 1
    while end < len(zone) and zone[end].role is Role.TEXT and zone[end].group == zone[start].group:
        end += 1
    return zone[start:end]


def _is_ahead(zone: list[_Line], start: int, head: Head) -> bool:
    """Whether a byline or date follows so close that what stands before it is head as well."""
    if head.author and head.published:
        return False
    reach = 1 if head.author or head.published else 3
    return any(line.role is not Role.TEXT for line in zone[start : start + reach])


def _settle_names(zone: list[_Line], vocabulary: Vocabulary) -> None:
    """Decide which lines of capitalised words are bylines; the others are text.

    One is when it comes after a title, no other byline stands there, it touches a date line or
    the beginning of the body, and its words are not ones the text has in lower case.
    """
    found = any(
        line.role is Role.BYLINE or (line.role is Role.FIELD and field_name(line.text) == "author")
        for line in zone
    )
    for k, line in enumerate(zone):
        if line.role is Role.NAME_AND_DATE:  # "Ruth Okonjo, 9 March 2017", "LONDON, March 9, 2017"
            line.role = Role.DATE if found or line.text.partition(",")[0].isupper() else Role.BYLINE
            found = True
        if line.role is not Role.NAME:
            continue
        words = re.findall(r"[^\W\d_]{2,}", line.text)
        common = sum(word.lower() in vocabulary.lowercase for word in words)
        before = [part.text for part in zone[:k] if part.role in (Role.TEXT, Role.FIELD)]
        plausible = before and max(map(len, before)) <= _LONGEST_NAMED and 2 * common < len(words)
        near = [zone[n] for n in (k - 1, k + 1) if 0 <= n < len(zone)]
        by_date = any(part.role is Role.DATE for part in near)
        alone = all(part.group != line.group for part in near)
        before_body = k + 1 == len(zone) or len(zone[k + 1].text) > 100
        if not found and plausible and (by_date or (alone and before_body)):
            line.role = Role.BYLINE
            found = True
        else:
            line.role = Role.TEXT


def _split_title(run: list[_Line], *, ahead: bool) -> tuple[list[_Line], list[_Line]]:
    """Part a run of lines into title and lead; ([], []) when it is body.

    `ahead` says that a byline or date follows, so that the run is head for certain.
    """
    if _is_kicker(run):
        title, lead = _split_title(run[1:], ahead=ahead)
        return (run[:1] + title, lead) if title else ([], [])
    first = run[0].text
    if len(first) > _LONGEST_TITLE or (not ahead and _is_prose(run)):
        return [], []
    title = [run[0]]
    for line in run[1:_TITLE_LINES]:
        before = title[-1].text
        goes_on = ending(before) is Ending.CUT or before.endswith(":") or line.text[:1].islower()
        similar = (
            ending(before) is Ending.OPEN
            and len(line.text) <= 1.5 * len(before)
            and len(line.text) <= 80
            and len(before) >= 16
        )
        if not (goes_on or similar):
            break
        title.append(line)
    rest = run[len(title) :]
    if rest and not ahead:  # what follows without a blank line is the body
        return title, []
    if sum(len(line.text) for line in rest) > _LONGEST_LEAD:
        return title, []
    return title, rest


def _is_prose(run: list[_Line]) -> bool:
    """Whether a run of lines is a paragraph and no title."""
    last = run[-1].text
    length = sum(len(line.text) for line in run)
    closed = last.rstrip("\"'”’»)").endswith((".", "!", "?", "…", "。"))
    if len(run) == 1:
        return length > 120 and closed
    return (len(run) > _TITLE_LINES and min(len(line.text) for line in run[:2]) > 40) or (
        closed and length > 150 and min(len(line.text) for line in run[:-1]) > 40
    )


def _is_kicker(lines: list[_Line]) -> bool:
    """Whether a section name ("OPINION") stands above the title."""
    if len(lines) < 2:
        return False
    kicker, following = lines[0].text, lines[1].text
    return kicker.isupper() and len(kicker.split()) <= 2 and not following.isupper()


def _without_kicker(head: Head, title: list[_Line]) -> list[_Line]:
    if not _is_kicker(title):
        return title
    head.extra["kicker"] = title[0].text
    return title[1:]


def _take(head: Head, line: _Line) -> None:
    text = line.text
    if line.role is Role.FIELD:
        _take_field(head, text)
    elif line.role is Role.LINK:
        match = URL.fullmatch(text)
        if head.url:
            _keep(head, "link", text)
        elif match:
            head.url = match[1]
    elif line.role is Role.DATE:
        _take_date(head, text)
    else:
        authors = authors_of(text) or (names_in(text) if is_name(text) else [])
        found = find_date(text)
        if found:
            head.published = head.published or found.iso
        names = ", ".join(authors)
        head.author = ", ".join(filter(None, (head.author, names)))
        if re.sub(r"\s*(?:,|&|\band\b)\s*", ", ", _beyond(text, found)) != names:
            _keep(head, "byline", text)


def _take_field(head: Head, text: str) -> None:
    match = FIELD.fullmatch(text)
    if not match:
        return
    name, value = field_name(text), match[2].strip()
    if name == "published":
        head.published = head.published or parse_date(value)
        if not head.published:
            _keep(head, "dateline", value)
    elif name == "author":
        head.author = head.author or ", ".join(names_in(value)) or value
        if head.author != value:
            _keep(head, "byline", value)
    elif name == "url":
        head.url = head.url or value
    elif name == "to":
        _keep(head, "to", value)
    else:
        head.fields.setdefault(name, value)


def _take_date(head: Head, text: str) -> None:
    found = find_date(text)
    if found is None:
        return
    head.published = head.published or found.iso
    if found.iso != head.published or _beyond(text, found):
        _keep(head, "dateline", text)


def _beyond(text: str, found: DateMatch | None) -> str:
    """What a line says besides its date and the words that introduce date and author."""
    if found:
        text = f"{text[: found.start]} {text[found.end :]}"
    words = DATE_WORDS.sub("", BY.sub("", text.strip(), count=1))
    return words.strip(" ,.;:()[]|•·-–—")


def _keep(head: Head, name: str, text: str) -> None:
    head.extra[name] = "; ".join(filter(None, (head.extra.get(name), " ".join(text.split()))))


def _date_of_dateline(rest: list[str]) -> str:
    """The date at the start of the first paragraph: "LONDON, March 9, 2017 (Agency) — …"."""
    first = next((line for line in rest if line and line != PAGE), "")
    match = _DATELINE.match(first[:100])
    found = find_date(match[0]) if match else None
    return found.iso if found else ""
