"""When the article of a page was published: in metadata, in marked elements, beside the title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from store.dates import find_date, parse_date
from store.importers.html_nearness import BELOW, MOST_ELEMENTS, by_nearness
from store.importers.html_title import same_title
from store.moments import utc_now

if TYPE_CHECKING:
    from lxml.etree import _Element

    from store.importers.html_metadata import Metadata

#: Meta elements that say when it was published, best first.
PUBLISHED: Final = (
    "article:published_time", "og:published_time", "datepublished", "article:published",
    "citation_publication_date", "citation_online_date", "dc.date.issued", "dcterms.issued",
    "parsely-pub-date", "sailthru.date", "vr:published-time", "publish-date", "publication_date",
    "og:article:published_time", "bt:pubdate", "cxenseparse:recs:publishtime",
)  # fmt: skip
#: Those that say so on some sites, and on others when the page was made.
DATED: Final = ("dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "pubdate", "date")

#: Longest text that is a date.
_LONGEST = 120
#: Dates in the text that are looked at.
_MOST_IN_TEXT = 30
#: Elements in one that is a date, at most.
_MOST_WITHIN = 30
#: What stands near the title is worth so much more.
_NEAR = 1.0
#: From so much on a date on the page comes before one in `DATED`.
_SURE = 2.6
#: From so much on it tells which of several dates of the metadata is meant.
_LIKELY = 2.0
#: No web page is older.
_FIRST_YEAR = "1991"

_PUBLISHED_CLASS = re.compile(
    r"publi(?:sh|c)|pub-?date|entry-date|post(?:ed)?[-_]?(?:date|on|time)|dt-published|creat(?:e|ion)"
    r"|veroeffentlich|erschien|single-timedata|article[-_]*(?:date|time)|news[-_]*(?:date|time)|"
    r"date-?line|byline|author",
    re.I,
)
_DATE_CLASS = re.compile(
    r"dat(?:e|um)(?!a)|time(?!line|out)|(?:post|entry|article|page)-?meta|"
    r"meta-?(?:info|data|line)|\bmeta\b|stand\b|fecha",
    re.I,
)
_CHANGED = re.compile(
    r"updat|modif|aktualis|chang|edited|mise à jour|actualiza|geändert|letzte änderung|stand:?\s",
    re.I,
)
_NOT_IT = re.compile(
    r"(?<!no-)comment(?!s?[-_]?(?:open|closed|link|count|status))|related|sidebar|teaser|footer|"
    r"widget(?!-(?:wrap|container))|popular|recommend|event|veranstaltung|kalend|calendar|copyright|"
    r"ticker|weather|top-?bar|top-?menu|nav|recent|latest|listing|list-?item|crp_",
    re.I,
)
_IN_PATH = re.compile(
    r"(?:^|[/_-])((?:19|20)\d\d)[/_-]?(0?[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01]|[1-9](?=/))(?=[/_.-]|$)"
)
_YEAR = re.compile(r"(?:19|20)\d\d|\d\.\s?\d{1,2}\.\s?\d\d\b")
_SKIPPED = frozenset(
    {"script", "style", "head", "body", "html", "meta", "link", "img", "path", "svg", "option"}
)


class _Candidate(NamedTuple):
    """A date on the page, and how likely it is that of publication (4 for surely)."""

    iso: str
    value: float


def choose_date(found: Metadata, root: _Element, url: str, title: str) -> str:
    """When the article was published, ISO 8601, or "".

    JSON-LD and the meta elements for it are believed.  One that they give in universal time may be
    another day where the page is read: then it is the day that the page shows.  Else a date that
    the page marks as the article's comes first, then the meta elements that may be about the page,
    then the address, then any date near the title; where there is none of them, htmldate looks at
    all that the page says.

    Args:
        found: What the metadata say.
        root: The page.
        url: Its address.
        title: The article's, for what stands near it.
    """
    by_day = _is_day_first(found.lang)
    stated = [found.published, *(_read(found.named.get(name, ""), by_day) for name in PUBLISHED)]
    stated = [iso for iso in stated if _is_likely(iso)]
    if stated and len({iso[:10] for iso in stated}) == 1 and not _is_universal(stated[0]):
        return _most_exact(stated[0], stated)
    shown = sorted(
        by_nearness(_on_page(root, title, by_day), _nearer), key=lambda each: -each.value
    )
    path = _in_path(url)
    if stated:
        near = [each.iso for each in shown if each.value >= _LIKELY]
        return _as_shown(stated, [*near, *([path] if path else [])])
    dated = [iso for name in DATED if _is_likely(iso := _read(found.named.get(name, ""), by_day))]
    every = [*dated, *(each.iso for each in shown), *([path] if path else [])]
    if shown and shown[0].value >= _SURE:
        return _most_exact(shown[0].iso, every)
    if path:
        return _most_exact(path, every)
    if dated:
        return _most_exact(dated[0], every)
    if shown and shown[0].value >= 1.0:
        return _most_exact(shown[0].iso, every)
    guessed = _guessed(root, url) or _in_text(root, by_day)
    return _most_exact(guessed, every) if guessed else next(iter(every), "")


def _read(text: str, by_day: bool | None) -> str:
    """The date in a short text, whatever stands around it."""
    text = " ".join(text[: 2 * _LONGEST].split())
    if not text:
        return ""
    iso = parse_date(text, day_first=by_day)
    if not iso and (match := find_date(text[:_LONGEST], day_first=by_day)):
        iso = match.iso
    return iso


def _is_likely(iso: str) -> bool:
    """Whether a page can have been published then."""
    return bool(iso) and iso[:4] >= _FIRST_YEAR and iso[:10] <= _tomorrow()


def _tomorrow() -> str:
    return (date.fromisoformat(utc_now()[:10]) + timedelta(days=1)).isoformat()


def _most_exact(iso: str, every: list[str]) -> str:
    """The longest form of a date among those of the same day."""
    if len(iso) < 10:
        return next((each for each in every if each.startswith(iso) and len(each) > len(iso)), iso)
    return max((each for each in [iso, *every] if each[:10] == iso[:10]), key=len)


def _as_shown(stated: list[str], shown: list[str]) -> str:
    """That of the dates stated which the page shows, too, else the first of them.

    A moment in universal time becomes the day on which the page says it was.
    """
    days = {iso[:10] for iso in shown}
    first = next((iso for iso in stated if iso[:10] in days), "")
    if first:
        return _most_exact(first, stated)
    iso = _most_exact(stated[0], stated)
    if _is_universal(iso):
        for local in shown:
            apart = date.fromisoformat(local[:10]) - date.fromisoformat(iso[:10])
            hour = int(iso[11:13])
            # Clocks are up to 12 hours behind universal time and up to 14 before it.
            if (apart.days == -1 and hour < 12) or (apart.days == 1 and hour >= 10):
                return local
    return iso


def _is_universal(iso: str) -> bool:
    """Whether a date is a moment in universal time, which may be another day elsewhere."""
    return iso.endswith("+00:00")


def _nearer(candidate: _Candidate) -> _Candidate:
    return candidate._replace(value=candidate.value + _NEAR)


def _on_page(
    root: _Element, title: str, by_day: bool | None
) -> Iterator[tuple[int, _Candidate | None]]:
    """Dates with their places on the page; None stands for the title itself."""
    titled = -1
    found = 0
    for count, element in enumerate(root.iter()):
        if count > MOST_ELEMENTS:
            return
        tag = element.tag
        if tag in ("h1", "h2") and titled < 0 and same_title(_text(element, 400), title):
            titled = count
            yield count, None
            continue
        if not isinstance(tag, str) or tag in _SKIPPED:
            continue
        value = _marked_value(element) if element.attrib or tag == "time" else 0.0
        if not value:
            own = element.text or ""
            if not (titled >= 0 and count - titled < BELOW and 5 < len(own) < 80):
                continue
            value = 0.3
        iso = _date_of(element, by_day)
        if not _is_likely(iso) or len(iso) < 10:
            continue
        text = _text(element, _LONGEST)
        if _CHANGED.search(f"{element.get('class') or ''} {text}"):
            value -= 0.9
        value -= 1.8 if _is_aside(element) else 0.0
        yield count, _Candidate(iso, value - 0.02 * found)
        found += 1


def _marked_value(element: _Element) -> float:
    """How far the attributes of an element mark it as the date of publication."""
    attributes = element.attrib
    prop = attributes.get("itemprop", "") or attributes.get("property", "").rpartition(":")[2]
    if prop in ("datePublished", "dateCreated") or "pubdate" in attributes:
        return 3.0
    if prop == "dateModified":
        return 0.8
    named = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    value = 0.0
    if len(named) > 3 and len(named) < 400:
        if _PUBLISHED_CLASS.search(named):
            value = 1.9
        elif _DATE_CLASS.search(named):
            value = 1.6
    if element.tag == "time":
        value = max(value + 0.2, 1.9)
    return value


def _date_of(element: _Element, by_day: bool | None) -> str:
    """The date that an element gives, in its attributes or its text."""
    for name in ("datetime", "content"):
        said = element.get(name)
        if said and (iso := parse_date(said[:60], day_first=by_day)):
            return iso
    text = _text(element, _LONGEST)
    return _read(text, by_day) if text and _YEAR.search(text) else ""


def _text(element: _Element, most: int) -> str:
    """The text of an element, or "" when it is longer or holds too much."""
    if next(islice(element.iter(), _MOST_WITHIN, None), None) is not None:
        return ""
    text = " ".join(" ".join(part[: 2 * most] for part in element.itertext()).split())
    return text if len(text) < most else ""


def _is_aside(element: _Element) -> bool:
    """Whether an element stands in a part of the page that is about something else."""
    names = [element.get("class") or ""]
    for outer in list(element.iterancestors())[:6]:
        if outer.tag in ("body", "html", "main"):
            break
        if outer.tag in ("nav", "aside", "footer"):
            return True
        names.append(f"{outer.get('class') or ''} {outer.get('id') or ''}")
        if outer.tag == "article":
            break
    return bool(_NOT_IT.search(" ".join(names)[:2000]))


def _in_path(url: str) -> str:
    """The date in the path of an address: "/2017/03/09/key", "/news-20170309.html"."""
    try:
        match = _IN_PATH.search(urlsplit(url).path)
    except ValueError:
        return ""
    iso = parse_date(f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}") if match else ""
    return iso if _is_likely(iso) else ""


def _in_text(root: _Element, by_day: bool | None) -> str:
    """The first date that stands early in a text of the page, with its day if there is one."""
    days: list[str] = []
    months: list[str] = []
    for count, element in enumerate(root.iter()):
        if count > MOST_ELEMENTS or len(days) > _MOST_IN_TEXT:
            break
        if not isinstance(element.tag, str) or element.tag in _SKIPPED:
            continue
        for text in (element.text, element.tail):
            if not text or len(text) < 7 or not _YEAR.search(text, 0, _LONGEST):
                continue
            if _is_likely(iso := _read(text, by_day)):
                (days if len(iso) >= 10 else months).append(iso)
    return next(iter(days or months), "")


def _is_day_first(lang: str) -> bool | None:
    """Whether "09/03/2017" is in March in a language; None leaves it to the locale."""
    lang = lang.lower()
    return None if not lang else lang not in ("en", "en-us")


def _guessed(root: _Element, url: str) -> str:
    from htmldate import find_date as guess

    try:
        # The extensive search would load two hundred languages for some pages.
        found = guess(root, original_date=True, url=url or None, extensive_search=False)
    except (Exception, RecursionError):  # pages are stranger than any list of errors
        return ""
    iso = parse_date(found or "")
    return iso if _is_likely(iso) else ""
