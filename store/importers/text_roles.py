"""What a single line at the head of a text is: a date, a byline, a named field, a link."""

from __future__ import annotations

import re
from enum import Enum

from store.dates import DateMatch, find_date
from store.importers.text_joining import Ending, ending
from store.importers.text_markup import to_plain

BY = re.compile(
    r"(?:(?:written|story|text|words|reported|report|interview|review|analysis|essay|opinion)\s+)?"
    r"(?:by|von|par|por|door|af|av|автор)\s+(?=\S)"
    r"|(?:authors?|autore?n?|auteur|text|words|story|writer)\s*:\s*",
    re.IGNORECASE,
)
FIELD = re.compile(
    r"(title|headline|subject|author|from|to|by|byline|date|published|publication date|"
    r"source url|url|link|tags|keywords|site|source|publication|publisher)\s*:\s+(\S.*)",
    re.IGNORECASE,
)
_FIELD_NAMES = {
    "headline": "title", "subject": "title", "from": "author", "by": "author",
    "byline": "author", "date": "published", "publication date": "published", "source url": "url",
    "link": "url", "keywords": "tags", "source": "site", "publication": "site", "publisher": "site",
}  # fmt: skip
DATE_WORDS = re.compile(
    r"(?:(?:first\s+)?(?:published|posted|updated|created|last\s+(?:updated|modified)|modified|date|"
    r"dated|filed|veröffentlicht|erschienen|aktualisiert|stand|datum|publié|mis\s+à\s+jour|"
    r"publicado|actualizado|pubblicato|gepubliceerd|опубликовано|am|le|on|el|op)\b\s*:?\s*)+",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
URL = re.compile(r"<?(https?://[^\s<>]+)>?")
_PARTS = re.compile(r"\s*(?:[|•·/]|\s[–—-]{1,2}\s|\s{3,}|\t)\s*")
_AND = re.compile(r"\s*(?:,|;|&|\s(?:and|und|et|y|e|en|och|og|и)\s)\s*")
_INITIAL = r"[^\W\d_]\."
_NAME_WORD = r"(?:[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁΑ-Ω][\w'’\-]*\.?|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+)"
_PARTICLE = r"(?:de|da|di|del|della|der|den|du|dos|van|von|zu|bin|ibn|al|el|la|le|y|e|st\.|ter|ten)"
_NAME = re.compile(rf"{_NAME_WORD}(?:\s+(?:{_INITIAL}|{_NAME_WORD}|{_PARTICLE})){{0,5}}")
_EAST_ASIAN_NAME = re.compile(r"[\u4e00-\u9fff\u3040-\u30ff]{2,7}|[\uac00-\ud7af]{2,4}")
_AFFILIATION = re.compile(
    r"(?i)\b(?:writer|staff|reporter|correspondent|editor|columnist|critic|contributor|special|for|"
    r"the|news|times|press|post|journal|gazette|herald|agency|bureau|service|university|institute|"
    r"college|company|redaktion|associate|fellow|director|professor|photographer|reuters|afp|dpa|ap|"
    r"upi|freelance|guest|author)\b"
)
_READING_TIME = re.compile(r"(?i)\d+\s*(?:min|minutes?|minuten)\.?\s*(?:read|lesezeit|de lecture)?")
_PLACE = re.compile(rf"{_NAME_WORD}(?:[\s,/]+(?:{_NAME_WORD}|{_PARTICLE}|of|the|and)){{0,5}}")


class Role(Enum):
    """What a line of the head is."""

    TEXT = "text"
    DATE = "date"
    BYLINE = "byline"
    NAME = "name"  #: capitalised words that may be a byline
    NAME_AND_DATE = "name and date"  #: the same before a date: a person or a place
    FIELD = "field"  #: "Title: …"
    LINK = "link"


def role_of(text: str) -> Role:
    """What one line is, seen by itself."""
    if len(text) > 160:
        return Role.TEXT
    if FIELD.fullmatch(text):
        return Role.FIELD
    if URL.fullmatch(text):
        return Role.LINK
    if authors_of(text) is not None:
        return Role.BYLINE if BY.match(text) else Role.NAME_AND_DATE
    if date_of(text) is not None:
        return Role.DATE
    if _EMAIL.fullmatch(text.strip("<>()")):
        return Role.BYLINE
    words = len(text.split())
    named = is_name(text) and (2 <= words <= 5 or bool(_EAST_ASIAN_NAME.fullmatch(text)))
    return Role.NAME if named else Role.TEXT


def field_name(text: str) -> str:
    """The name of the field that a line such as "Published: …" gives."""
    name = text.partition(":")[0].strip().lower()
    return _FIELD_NAMES.get(name, name)


def date_of(text: str) -> DateMatch | None:
    """The date of a line that says nothing but a date, a place and a reading time."""
    found = find_date(text)
    if found is None:
        return None
    before = DATE_WORDS.sub("", text[: found.start]).strip(" ,.;:()[]|•·-–—")
    after = text[found.end :]
    second = find_date(after)  # "… Updated 10 March 2017"
    if second:
        after = DATE_WORDS.sub("", after[: second.start]) + after[second.end :]
    after = _READING_TIME.sub("", after).strip(" ,.;:()[]|•·-–—")
    after = DATE_WORDS.sub("", after + " ").strip(" :")
    places = [part for part in (before, after) if part]
    if not all(_PLACE.fullmatch(part) and len(part) <= 40 for part in places):
        return None
    return found if len(places) < 2 or len(text) < 60 else None


def authors_of(text: str) -> list[str] | None:
    """The authors that a line with "By" or "Author:" names; None when it is no byline.

    A date after the names is allowed, and an address or an affiliation.
    """
    match = BY.match(text)
    found = find_date(text)
    if found:
        text = text[: found.start]
        text = re.sub(rf"(?:{DATE_WORDS.pattern})\s*$", "", text, flags=re.IGNORECASE)
        text = text.rstrip(" ,|•·–—-(:")
        if not match:
            return names_in(text) if is_name(text) and len(text.split()) >= 2 else None
    if not match:
        return None
    rest = text[match.end() :]
    if len(rest) > 120 or (
        ending(rest) is Ending.CLOSED and not re.search(r"(?:\b\w|Jr|Sr)\.$", rest)
    ):
        return None
    return names_in(rest) or None


def names_in(text: str) -> list[str]:
    """The persons of a byline, without address and affiliation; [] when it names none."""
    text = _EMAIL.sub("", URL.sub("", text))
    text = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|(?<!\S)@\w+", "", text)
    first = _PARTS.split(text.strip(" ,;"))[0].strip(" ,;")
    names: list[str] = []
    for part in _AND.split(to_plain(first)):
        if not part:
            continue
        if not _NAME.fullmatch(part):
            return names if names and _AFFILIATION.search(part) else []
        affiliated = _AFFILIATION.search(part) or (names and len(part.split()) == 1)
        if affiliated and names:
            break
        names.append(part)
    return names


def is_name(text: str) -> bool:
    """Whether a line is nothing but the names of persons, as far as its shape tells."""
    return bool(
        0 < len(text) <= 60
        and not _AFFILIATION.search(text)
        and all(_NAME.fullmatch(part) for part in _AND.split(text) if part)
        and text[-1] not in ",;"
        and (text[-1] != "." or re.search(r"\b(?:\w|Jr|Sr|PhD|MD)\.$", text) is not None)
    )
