"""Who wrote the article of a page: names in metadata, in marked elements, in a line "By ..."."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from store.dates import find_date
from store.importers.html_authors import (
    BY,
    BY_WITHIN,
    LONGEST,
    MOST_WORDS,
    is_person,
    is_site,
    names_in,
)
from store.importers.html_nearness import BELOW, MOST_ELEMENTS, by_nearness
from store.importers.html_title import same_title

if TYPE_CHECKING:
    from lxml.etree import _Element

    from store.importers.html_metadata import Metadata

#: Elements in one that is a byline, at most.
_MOST_WITHIN = 80
#: What stands near the title is worth so much more.
_NEAR = 0.6
#: A name of a shape that persons have is worth more, that of the site less.
_PERSON = 0.8
_SITE = 0.8
#: What is worth less is nobody's name.
_LEAST = 0.6

_MARKED = re.compile(
    r"author|byline|autor|auteur|verfasser|redakteur|contributor|writer|wrote|posted-?by|username|"
    r"full-?name|user__?name|\bfn\b|journalist|creator",
    re.I,
)
_SURE = re.compile(
    r"(?:author|autor|byline|contributor|writer)[-_]*(?:_name|name|link)|byline|\bfn\b", re.I
)
#: Elements that tell about the article: its date, its author, its section.
_ABOUT = re.compile(
    r"(?:entry|post|article|news|page|blog|story)[-_]*(?:meta|info|header|data|details|date)|"
    r"\bmeta[-_]*(?:info|data|box|line)?\b|dateline|postmetadata|publish",
    re.I,
)
#: Addresses of pages about authors; the name is the last part of most.
_OF_PERSON = re.compile(
    r"(?!https?://(?:[^/]*\.)?(?:youtube|facebook|twitter|instagram|linkedin|x)\.com/|https?://creativecommons\.org/)[^?#]*?"
    r"/(?:authors?|autor(?:en|es|as|e)?|auteurs?|autori|contributors?|profiles?|staff|journalists?|"
    r"writers?|newsteam|by|redakt\w+|periodistas?|firmas?|columnistas?)/([^/?#]+)",
    re.I,
)
_PLAIN = str.maketrans("áàâäãéèêëíìîïñóòôöõúùûüç", "aaaaaeeeeiiiinooooouuuuc")
_NOT_IT = re.compile(
    r"(?<!no-)comment(?!s?[-_]?(?:open|closed|link|count|status))|respond|reply|disqus|"
    r"(?<!has-)(?<!with-)(?<!right-)(?<!left-)(?<!no-)sidebar|related|teaser|recommend|popular|"
    r"footer|copyright|widget(?!-(?:wrap|container))|avatar|image|photo|caption|license|lizenz|"
    r"(?<!v)(?<!v-)card|snippet",
    re.I,
)
_COMMENT = re.compile(r"(?<!no-)comment(?!s?[-_]?(?:open|closed|link|count|status))", re.I)
#: The name of an account in a line of this kind: "by ruth7 on March 9".
_HANDLE = re.compile(r"[\w.-]{3,30}\s+(?:on|am|at|@|um|under|in|·|\||-|–)\s")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TIME = re.compile(r"\b\d{1,2}[:.h]\d\d\b(?:\s*(?:Uhr|[ap]\.?m\.?))?", re.I)
_OTHERS = re.compile(r"^\W*(?:photo|foto|bild|image|illustration|picture|credit)", re.I)
_SKIPPED = frozenset(
    {"script", "style", "head", "body", "html", "meta", "link", "img", "path", "svg", "option"}
)


class _Candidate(NamedTuple):
    """A text that may name the authors.

    Attributes:
        text: What stands there.
        value: How likely it names them; 3 for surely.
        marked: Whether the page marks it as their name, so that it may be of any shape.
    """

    text: str
    value: float
    marked: bool


def choose_author(found: Metadata, root: _Element, site: str, title: str) -> str:
    """The author's name, cleaned; several are joined with ", "; "" when nobody is named.

    Names in JSON-LD are right as a rule; that in a meta element is the site's as often, and gives
    way to a person's on the page.

    Args:
        found: What the metadata say.
        root: The page, for its byline.
        site: Name of the site, which is not an author where anybody else is named.
        title: The article's, for what stands near it.
    """
    known = names_in(found.authors, site) or names_in(filter(is_person, found.people), "")
    if known and (" " in known or len(known) > 3):
        return known
    candidates = list(by_nearness(_on_page(root, title), _nearer))
    byline = _byline(candidates, site)
    named = next((names for meta in found.named_authors if (names := names_in([meta], site))), "")
    if byline and (is_person(byline.split(",")[0]) or not named):
        return byline
    return (
        named
        or known
        or byline
        or names_in(found.authors, "", desks=True)
        or _byline([each for each in candidates if each.marked], "", desks=True)
        or names_in(found.named_authors[:1], site, desks=True)
    )


def _byline(candidates: Iterable[_Candidate], site: str, *, desks: bool = False) -> str:
    """The names in the element that most surely bears those of the authors."""
    best = ""
    worth = _LEAST
    lists: list[str] = []
    for order, (text, value, marked) in enumerate(candidates):
        value -= 0.06 * min(order, 30)
        if _OTHERS.match(text):
            continue
        names = names_in([text], "", desks=desks)
        first = names.split(", ")[0]
        if not names or len(first.split()) > MOST_WORDS:
            continue
        if is_person(first):
            value += _PERSON
            if first != names and value > 0 and all(map(is_person, names.split(", "))):
                lists.append(names)
        elif not marked:
            continue  # "By the numbers"
        if is_site(first, site):
            value -= _SITE
        if value > worth:
            best, worth = names, value
    # Where each author has an element, one around them names them all.
    return next((names for names in lists if best in names.split(", ")), best)


def _nearer(candidate: _Candidate) -> _Candidate:
    return candidate._replace(value=candidate.value + _NEAR)


def _on_page(root: _Element, title: str) -> Iterator[tuple[int, _Candidate | None]]:
    """Candidates with their places on the page; None stands for the title itself."""
    titled = -1
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
        value = _marked_value(element) if element.attrib else 0.0
        text = ""
        if not value:
            text, value = _line(element)
            if not value:
                near = titled >= 0 and count - titled < BELOW
                text = _beside_date(element, timed=not near)
                value = 1.5 if text else 0.0
            if not value:
                continue
        text = text or _text(element, apart=True)
        if not 2 < len(text) < LONGEST:
            continue
        marked = value >= 1.7
        text = _named_within(element, text) if marked else text
        value -= _doubt(element, sure=value == 3.0)
        inner = element.find(".//a")
        if inner is not None and tag != "a":
            linked = _text(inner)
            if linked and is_person(linked) and linked in text:
                text = ", ".join(map(_text, element.iter("a"))) if len(text) < 90 else linked
                value += 0.2
        yield count, _Candidate(text, value, marked)


def _marked_value(element: _Element) -> float:
    """How far the attributes of an element mark it as the authors' name."""
    attributes = element.attrib
    named = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    if (
        "author" in attributes.get("rel", "").split()
        or attributes.get("itemprop", "") in ("author", "creator")
        or attributes.get("property", "").rpartition(":")[2] in ("author", "creator")
        or "p-author" in named
    ):
        return 3.0
    if len(named) > 1 and _MARKED.search(named):
        return 2.6 if _SURE.search(named) else 1.8
    if element.tag == "a" and "/" in attributes.get("href", ""):
        return _of_person(attributes["href"], element)
    return 0.0


def _named_within(element: _Element, text: str) -> str:
    """The part of an author's element that microdata or a microformat mark as the name."""
    for path in (".//*[@itemprop='name']", ".//*[@class='fn']"):
        inner = element.find(path)
        if inner is not None and (name := _text(inner) or inner.get("content") or ""):
            return name
    return text


def _line(element: _Element) -> tuple[str, float]:
    """A line "By ..." or one that tells about the article and has such in it."""
    own = (element.text or "").strip()
    if 5 < len(own) < LONGEST and BY.match(own):
        if element.tag not in ("p", "li", "td"):
            return own, 1.6
        if len(own) < 70:
            return _text(element), 1.4
        return "", 0.0
    attributes = element.attrib
    if not attributes:
        return "", 0.0
    named = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    if len(named) > 1 and _ABOUT.search(named):
        text = _text(element)
        begin = BY_WITHIN.search(text) if len(text) < LONGEST else None
        if begin:
            rest = text[begin.end() :]
            return rest, 1.7 if _HANDLE.match(rest) else 1.3
    return "", 0.0


def _beside_date(element: _Element, *, timed: bool) -> str:
    """The name that stands with nothing but a date: "9 March 2017 | Ruth Okonjo".

    Args:
        element: Its text is looked at.
        timed: Whether the time has to stand there, too.
    """
    own = element.text or ""
    if len(element) > 6 or len(own) > 200:
        return ""
    # Most elements have no year in them; it is sought with as little ado as can be.
    if not _YEAR.search(own) and not any(
        (child.text and len(child.text) < 200 and _YEAR.search(child.text))
        or (child.tail and len(child.tail) < 200 and _YEAR.search(child.tail))
        for child in element
    ):
        return ""
    text = _text(element, 90)
    if len(text) < 15 or (timed and not _TIME.search(text)):
        return ""
    date = find_date(text, day_first=True)
    if date is None:
        return ""
    rest = _TIME.sub("", f"{text[: date.start]} {text[date.end :]}")
    rest = BY.sub("", rest.strip(" |·•,–—-@/")).strip(" |·•,–—-@/")
    return rest if is_person(rest) else ""


def _of_person(address: str, element: _Element) -> float:
    """How likely the text of a link is an author's name by where it leads."""
    match = _OF_PERSON.match(address) if len(address) < 300 else None
    if match is None:
        return 0.0
    text = _text(element)
    slug = re.sub(r"\W|_|html?$", "", match[1].casefold())
    name = re.sub(r"\W|_", "", text.casefold().translate(_PLAIN))
    if len(name) > 3 and (name in slug or slug in name):
        return 2.4
    return 1.2 if is_person(text) else 0.0


def _text(element: _Element, most: int = LONGEST, *, apart: bool = False) -> str:
    """The text of an element, or "" when it is longer; of `apart` ones with spaces between."""
    if next(islice(element.iter(), _MOST_WITHIN, None), None) is not None:
        return ""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        length += len(part) if len(part) < most else len(part.strip())
        if length > 4 * most:
            return ""
        parts.append(part)
    text = " ".join((" " if apart else "").join(parts).split())
    return text if len(text) < most else ""


def _doubt(element: _Element, *, sure: bool) -> float:
    """How much an element is worth less for the part of the page in which it stands."""
    around = [element.get("class") or ""]
    for outer in list(element.iterancestors())[:6]:
        if outer.tag in ("body", "html", "main"):
            break
        name = f"{outer.get('class') or ''} {outer.get('id') or ''}"
        around.append(name)
        if outer.tag == "article" or re.search(r"\bh-?entry\b", name):
            break
    names = " ".join(around)
    doubt = 0.0
    if _NOT_IT.search(names):
        doubt += 1.2 if sure else 1.6
    if _COMMENT.search(names):
        doubt += 2.0
    return doubt
