"""Who wrote the article of a page: names in metadata, in marked elements, in a line "By ..."."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from store.sanitize import clean_line

if TYPE_CHECKING:
    from lxml.etree import _Element

#: A byline is no longer, and a name has no more words.
_LONGEST = 160
_MOST_WORDS = 6
#: Elements that are looked at, from the top of the page.
_MOST_ELEMENTS = 20_000

_INTRODUCED = (
    r"(?:(?:written|posted|published|words|texts?|story|reported|erstellt|geschrieben|ver[öo]ffentlicht"
    r"|publi[ée]|[ée]crit|escrito|publicado|scritto)(?:\s+(?:on|am|le|el)\s+[^a-z]{0,12}\w*[\s\d.,]*)?\s+)?"
    r"(?:by|von|vom|par|por|di|da|door|av|af|przez)\s*:?\s+"
)
_LABEL = (
    r"(?:autor(?:in|en)?|auteure?s?|autora?|author|authors|words|texts?(?:\s*(?:&|und)\s*fotos?)?"
    r"|redaktion|redakteur(?:in)?|verfasser(?:in)?|quelle)\s*:\s*"
)
_BY = re.compile(rf"^\W*(?:{_INTRODUCED}|{_LABEL}|(?:autor(?:in)?|author)\s+)+", re.I)
_ALL_OF = re.compile(
    r"^(?:view|see|read|show)?\s*(?:all|more)\s+(?:posts?|articles?|stories)\s+(?:by|from)\s+"
    r"|^(?:zeige\s+)?(?:alle[s]?|mehr)\s*(?:beitr[äa]ge|artikel)?\s+(?:von|vom)\s+"
    r"|^(?:voir|tous)\b.{0,30}\bde\s+|^(?:ver|todos)\b.{0,30}\bde\s+|^profile? (?:of|von)\s+",
    re.I,
)
_AFTER_NAME = re.compile(
    r"\s*(?:[|•·—–/]|\s-\s|(?<=[a-zà-ÿ])\s*\(|,\s*(?=\d|\w+\s+\d|[a-zà-ÿ])"
    r"|\b(?:on|am|vom|le|el|il)\s+(?=\w+[.,]?\s+\d|\d)"
    r"|\b(?:am|on|um|vor|at|stand|follow|folgen|edited|published|updated|posted|alle|view|see|share|"
    r"teilen|datum|email|e-mail|twitter|kommentare?|comments?|reply|ver[öo]ffentlicht)\b\s*:?"
    r"(?:\s.*)?$|(?<!\w)\d{1,2}[\s./-]|\b(?:19|20)\d\d\b).*",
    re.I | re.S,
)
_JOINED = re.compile(
    r"\s*[;&]\s*|\s+(?:and|und|et|y|e|og|och)\s+(?=[^\W\d_a-z])|\s*,\s+(?=[A-ZÀ-Ý][\w.'’-]+\s)"
)
_NOBODY = frozenset(
    {"admin", "administrator", "editor", "staff", "author", "unknown", "anonymous", "user", "guest",
     "webmaster", "root", "name", "username", "redaktion", "autor", "no author", "fail", "follow",
     "last", "von", "by", "gast", "share", "print", "email", "kontakt", "contact", "team", "mehr",
     "more", "kommentare", "comments", "login", "por", "menu", "home", "human", "red"}
)  # fmt: skip
_NAME = re.compile(r"[^\W\d_]{2}")
_PERSON = re.compile(
    r"(?:[^\W\d_a-zà-ÿß][\w.'’-]*|(?:van|von|der|den|de|del|della|di|da|la|le|el|al|bin|ibn|zu|dos)\b)"
    r"(?:\s+(?:[^\W\d_a-zà-ÿß][\w.'’-]*|(?:van|von|der|den|de|del|della|di|da|la|le|el|al|bin|zu|dos)\b)){1,4}"
)
_MARKED = re.compile(
    r"author|byline|autor|auteur|verfasser|redakteur|contributor|writer|wrote|posted-?by|username|"
    r"full-?name|user__?name|\bfn\b|journalist|creator",
    re.I,
)
_SURE = re.compile(
    r"(?:author|autor|byline|contributor|writer)[-_]*(?:_name|name|link)|byline|\bfn\b", re.I
)
_CREATORS = ("author", "creator")
_NOT_IT = re.compile(
    r"comment|respond|reply|disqus|sidebar|related|teaser|recommend|popular|footer|copyright|widget|"
    r"avatar|image|photo|caption|license|lizenz|card|snippet",
    re.I,
)


def choose_author(said: Iterable[str], meta: str, guess: str, root: _Element, site: str) -> str:
    """The author's name, cleaned; several are joined with ", "; "" when nobody is named.

    Args:
        said: Names of the page's JSON-LD, which are right as a rule.
        meta: The name in a meta element, which is that of the site as often.
        guess: What the extraction took for the author, or "".
        root: The page, for its byline.
        site: Name of the site, which is not an author where anybody else is named.
    """
    said = list(said)
    known = _joined(said, site)
    if known and (" " in known or len(known) > 3):
        return known
    byline = _byline(root, site)
    named = _joined([meta], site)
    if byline and (_PERSON.fullmatch(byline.split(",")[0]) or not named):
        return byline
    return named or known or byline or _joined([guess], site) or _joined(said, "")


def clean_author(text: str) -> str:
    """A name without "By" and what follows it; "" for what is no name."""
    text = re.sub(r"\s+@\w+$", "", clean_line(text))
    if "//" in text or "@" in text or "[at]" in text:
        return ""
    name = _AFTER_NAME.sub("", _BY.sub("", _ALL_OF.sub("", text)))
    name = name.strip(" ,.;:|–—-)") if not re.search(r"\b\w\.$", name) else name.strip(" ,;:|–—-")
    if not 2 <= len(name) <= 80 or len(name.split()) > 8 or name.casefold() in _NOBODY:
        return ""
    return name if _NAME.search(name) else ""


def _joined(texts: Iterable[str], site: str) -> str:
    """The names in some texts, each once."""
    names: dict[str, str] = {}
    for text in texts:
        if "&" in text:
            text = html.unescape(text)
        for part in (
            _JOINED.split(_BY.sub("", clean_line(text))) if len(text) <= 3 * _LONGEST else ()
        ):
            name = clean_author(part)
            key = name.casefold()
            if name and not _same_site(key, site) and not any(key in other for other in names):
                names[key] = name
    return ", ".join(names.values())


def _same_site(name: str, site: str) -> bool:
    bare = re.sub(r"\W|^www\.|\.\w{2,3}$", "", name)
    return bool(site) and bare == re.sub(r"\W|^www\.|\.\w{2,3}$", "", site.casefold())


def _byline(root: _Element, site: str) -> str:
    """The names in the element that most surely bears those of the authors."""
    best = ""
    worth = 0.0
    for order, (text, value) in enumerate(_candidates(root)):
        value -= 0.06 * min(order, 30)
        if value <= worth:
            continue
        names = _joined([text], site)
        if value < 1.7 and not _PERSON.fullmatch(names.split(", ")[0]):
            continue  # "By the numbers"
        if not names or len(names.split(", ")[0].split()) > _MOST_WORDS:
            continue
        if _PERSON.fullmatch(names.split(", ")[0]):
            value += 0.8
        if value > worth:
            best, worth = names, value
    return best


def _candidates(root: _Element) -> Iterator[tuple[str, float]]:
    """Texts that may name the authors, and how likely they do (3 for surely)."""
    for count, element in enumerate(root.iter()):
        if count > _MOST_ELEMENTS:
            return
        tag = element.tag
        if not isinstance(tag, str) or tag in ("script", "style", "head", "body", "html", "meta",
                                               "link", "img", "path", "svg", "option"):  # fmt: skip
            continue
        attributes = element.attrib
        value = 0.0
        if attributes:
            named = f"{attributes.get('class', '')} {attributes.get('id', '')}"
            if (
                "author" in attributes.get("rel", "").split()
                or attributes.get("itemprop", "") in ("author", "creator")
                or "p-author" in named
            ):
                value = 3.0
            elif len(named) > 1 and _MARKED.search(named):
                value = 2.6 if _SURE.search(named) else 1.8
        text = ""
        if not value:
            own = element.text or ""
            if 5 < len(own) < _LONGEST and _BY.match(own.strip()) and tag not in ("p", "li", "td"):
                value, text = 1.6, own
            elif tag in ("p", "li", "td") and 5 < len(own) < 70 and _BY.match(own.strip()):
                value, text = 1.4, " ".join("".join(element.itertext()).split())
            else:
                continue
        text = text or " ".join(" ".join(element.itertext()).split())
        if not 2 < len(text) < _LONGEST:
            continue
        around = " ".join(
            f"{e.get('class') or ''} {e.get('id') or ''}" for e in list(element.iterancestors())[:6]
        )
        if _NOT_IT.search(around) or _NOT_IT.search(attributes.get("class", "")):
            value -= 1.6 if value < 3 else 1.2
        if "comment" in around.lower():
            value -= 2.0
        inner = element.find(".//a")
        if inner is not None and tag != "a":
            linked = " ".join("".join(inner.itertext()).split())
            if linked and _PERSON.fullmatch(linked) and linked in text:
                yield (", ".join(" ".join("".join(a.itertext()).split()) for a in element.iter("a"))
                       if len(text) < 90 else linked), value + 0.2  # fmt: skip
                continue
        yield text, value
