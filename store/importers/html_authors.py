"""Names of authors out of what pages write where they name them: "Posted by X on Monday"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from store.dates import parse_date
from store.entities import unescape
from store.sanitize import clean_line

#: A byline is no longer, and a name has no more words.
LONGEST = 160
MOST_WORDS = 6

_INTRODUCED = (
    r"(?:(?:written|posted|published|words|texts?|story|reported|erstellt|geschrieben|ver[öo]ffentlicht"
    r"|publi[ée]|[ée]crit|escrito|publicado|scritto)(?:\s+(?:on|am|le|el)\s+[^a-z]{0,12}\w*[\s\d.,]*)?\s+)?"
    r"(?:by|von|vom|par|por|di|da|door|av|af|przez)\s*:?\s+"
)
_LABEL = (
    r"(?:autor(?:in|en)?|auteure?s?|autora?|author|authors|words|texts?(?:\s*(?:&|und)\s*fotos?)?"
    r"|(?:texte?(?:,|\s*&|\s+und)\s*)?(?:interview|entrevista|intervista)"
    r"|redaktion|redakteur(?:in)?|verfasser(?:in)?|quelle)\s*:\s*"
)
BY = re.compile(
    rf"^\W*(?:{_INTRODUCED}|{_LABEL}|"
    r"(?:(?:ein |an )?(?:artikel von|article by))\s*:?\s+|(?:autor(?:in)?|author)\s+)+",
    re.I,
)
#: "... von NAME am", anywhere in a line that is about the article.
BY_WITHIN = re.compile(
    r"(?:^|[\s·•|,–-])(?:(?:posted|written|published)\s+)?(?:by|von|par|por|di|door)\s*:?\s+"
    r"(?=[^\W\d_])",
    re.I,
)
_ALL_OF = re.compile(
    r"^(?:view|see|read|show)?\s*(?:all|more)\s+(?:posts?|articles?|stories)\s+(?:by|from)\s+"
    r"|^(?:zeige\s+)?(?:alle[s]?|mehr)\s*(?:beitr[äa]ge|artikel)?\s+(?:von|vom)\s+"
    r"|^(?:voir|tous)\b.{0,30}\bde\s+|^(?:ver|todos)\b.{0,30}\bde\s+|^profile? (?:of|von)\s+"
    r"|^zum profil von\s+",
    re.I,
)
_AFTER_NAME = re.compile(
    r"\s*(?:[|•·—–]|\s/|/\s|\s-\s|(?<=[a-zà-ÿ])\s*\(|,\s*(?=\d|\w+\s+\d|[a-zà-ÿ])"
    r"|\b(?:on|am|vom|le|el|il)\s+(?=\w+[.,]?\s+\d|\d)|\s+[A-Z][a-z]{2,8}\.?\s+\d"
    r"|\b(?:am|on|um|vor|at|under|stand|follow|folgen|edited|published|updated|posted|alle|view|see"
    r"|illustration|fotos?|bilder|photos?|photography|share|teilen|datum|email|e-mail|twitter|kommentare?|comments?|reply|ver[öo]ffentlicht)\b\s*:?"
    r"(?:\s.*)?$|(?<!\w)\d{1,2}[\s./-]|\b(?:19|20)\d\d\b).*",
    re.I | re.S,
)
_JOINED = re.compile(
    r"\s*[;&]\s*|\s+(?:and|und|et|y|e|og|och)\s+(?=[^\W\d_a-z])|\s*,\s+(?=[A-ZÀ-Ý][\w.'’-]+\s)"
    r"|\s+(?:im Gespräch mit|in conversation with|en conversation avec)\s+"
)
#: Words that stand where a name should: of accounts, of labels, of other parts of a page.
_NOBODY = frozenset(
    {"admin", "administrator", "editor", "staff", "author", "unknown", "anonymous", "user", "guest",
     "webmaster", "root", "name", "username", "autor", "no author", "fail", "follow", "ca",
     "last", "von", "by", "gast", "share", "print", "email", "kontakt", "contact", "team", "mehr",
     "more", "kommentare", "comments", "login", "por", "menu", "home", "human", "red",
     "publiziert", "published", "posted", "updated", "written", "geschrieben", "aktualisiert",
     "letzte aktualisierung", "last updated", "last update", "alle artikel", "all articles",
     "all posts", "profile", "artikel von", "article by", "profil", "about the author",
     "über den autor", "über die autorin", "featured article", "sign in", "log in", "anmelden",
     "archiv", "archive", "uncategorized", "allgemein"}
)  # fmt: skip
#: Desks of a newspaper: they are named when nobody else is.
_DESKS = frozenset(
    {"redaktion", "redacción", "redaccion", "la rédaction", "rédaction", "redazione", "redação",
     "newsroom", "news desk", "editorial staff", "die redaktion"}
)  # fmt: skip
_BLANKS = re.compile(r"\s{2,}")
_NAME = re.compile(r"[^\W\d_]{2}")
_PARTICLE = "van|von|der|den|de|del|della|di|da|la|le|el|al|bin|ibn|zu|dos"
_PERSON = re.compile(
    rf"(?:[^\W\d_a-zà-ÿß][\w.'’-]*|(?:{_PARTICLE})\b)"
    rf"(?:\s+(?:[^\W\d_a-zà-ÿß][\w.'’-]*|(?:{_PARTICLE})\b)){{1,4}}"
)


def is_person(name: str) -> bool:
    """Whether a text has the shape of a person's name: two to five capitalised words."""
    return len(name) <= 80 and _PERSON.fullmatch(name) is not None


def clean_author(text: str, *, desks: bool = False) -> str:
    """A name without "By" and what follows it; "" for what is no name.

    Args:
        text: What stands where an author is named.
        desks: Whether "Redaktion" and the like is one, too.
    """
    text = re.sub(r"\s+@\w+$", "", _line(text))
    if "//" in text or "@" in text or "[at]" in text:
        return ""
    name = _AFTER_NAME.sub("", BY.sub("", _ALL_OF.sub("", text)))
    name = name.strip(" ,.;:|–—-)") if not re.search(r"\b\w\.$", name) else name.strip(" ,;:|–—-")
    key = name.casefold()
    if not 2 <= len(name) <= 80 or len(name.split()) > 8 or key in _NOBODY:
        return ""
    if (key in _DESKS and not desks) or (name.isalpha() and parse_date(f"{name} 2000")):
        return ""
    return name if _NAME.search(name) else ""


def names_in(texts: Iterable[str], site: str, *, desks: bool = False) -> str:
    """The names in some texts, each once, joined with ", "; that of the site is none."""
    names: dict[str, str] = {}
    for text in texts:
        if "&" in text:
            text = unescape(text)
        if len(text) > 3 * LONGEST:
            continue
        parts = _JOINED.split(BY.sub("", _line(text)))
        cleaned = [name for part in parts if (name := clean_author(part, desks=desks))]
        if len(cleaned) > 1 and is_person(cleaned[0]) and len(parts) == len(cleaned):
            cleaned = [cleaned[0], *(n for n in cleaned[1:] if not _is_role(n))]
        for name in cleaned:
            key = name.casefold()
            if not is_site(key, site) and not any(key in other for other in names):
                names[key] = name
    return ", ".join(names.values())


def is_site(name: str, site: str) -> bool:
    """Whether a name is that of the site, its ending left out of account."""
    bare = re.sub(r"\W|^www\.|\.\w{2,3}$", "", name.casefold())
    return bool(site) and bare == re.sub(r"\W|^www\.|\.\w{2,3}$", "", site.casefold())


def _line(text: str) -> str:
    """One line, in which no two blanks of whatever kind stand together.

    The patterns would read a run of them many times.
    """
    return _BLANKS.sub(" ", clean_line(text))


def _is_role(name: str) -> bool:
    """Whether words after a name say what the person is: "Head of Research at the Institute"."""
    words = name.split()
    return len(words) > 2 and any(
        word[0].islower() and not re.fullmatch(_PARTICLE, word) for word in words
    )
