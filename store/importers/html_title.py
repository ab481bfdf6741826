"""The title of a page's article, which is often not what stands largest on the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from store.sanitize import clean_line

if TYPE_CHECKING:
    from lxml.etree import _Element

_SEPARATORS = re.compile(r"\s+[|\-–—·•»«:]\s+|\s*[|»]\s*|:{2}")
_WORD = re.compile(r"\w+")
_LEVELS = {"h1": 3.0, "h2": 1.2, "h3": 0.6}
_LONGEST = 250
_MOST_HEADINGS = 60
_ASIDE = re.compile(
    r"comment|related|sidebar|widget|footer|nav|menu|cookie|newsletter|share|teaser|popular|"
    r"recommend|breadcrumb|modal|popup|consent|logo|(?:site|blog)-?(?:title|name)|masthead|"
    r"header-title",
    re.I,
)
_OF_TITLE = re.compile(
    r"(?:entry|post|article|page|story|content|news)[-_]*(?:title|headline|heading)|headline|"
    r"\btitle\b|p-name",
    re.I,
)
# A date that a heading begins with: "27.01.2022", "1. Februar 2022", "Jun 17".
_DATED = re.compile(
    r"^(?:\d{1,2}\.\s?(?:\d{1,2}\.\s?|[^\W\d_]{3,9}\.?\s)\d{2,4}"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2}(?:,? \d{4})?(?!\d))"
    r"\s*[:|–-]?\s*(?=[^\W\d_]|[„“\"»])"
)
#: Headings that name no article, in the languages of most pages.
_GENERIC = frozenset({
    "home", "homepage", "home page", "new tab", "news", "blog", "article", "articles", "untitled",
    "untitled document", "index", "page", "start", "post", "posts", "story", "stories", "welcome",
    "archive", "archives", "menu", "search", "login", "main", "document", "feature", "features",
    "opinion", "latest", "startseite", "artikel", "nachrichten", "willkommen", "beitrag",
    "beiträge", "accueil", "actualités", "bienvenue", "inicio", "noticias", "artículo",
    "bienvenido", "articolo", "notizie", "nyheter", "nieuws", "hjem", "hem",
})  # fmt: skip


class Heading(NamedTuple):
    """A heading of a page: its text, and how much it looks like the article's (see `headings`)."""

    text: str
    rank: float


def headings(root: _Element) -> list[Heading]:
    """The headings of a page with their ranks, by level, class and place.

    Numbers of `rank` were weighed on pages marked by hand: a first `h1` has about 3, a heading of a
    side column less than 0.
    """
    found: list[Heading] = []
    for element in root.iter("h1", "h2", "h3"):
        text = clean_line(" ".join("".join(element.itertext()).split()))
        if not text or len(text) > _LONGEST:
            continue
        around = list(element.iterancestors())[:6]
        own = f"{element.get('class') or ''} {element.get('id') or ''}"
        named = " ".join(
            [own, *(f"{e.get('class') or ''} {e.get('id') or ''}" for e in around[:4])]
        )
        tags = {e.tag for e in around}
        rank = _LEVELS[str(element.tag)] - 0.08 * len(found)
        rank -= 2.0 if _ASIDE.search(named) else 0.0
        rank -= 3.0 if tags & {"nav", "aside", "footer"} else 0.0
        rank += 0.7 if tags & {"article", "main"} else 0.0
        rank += 1.2 if _OF_TITLE.search(own) or element.get("itemprop") else 0.0
        found.append(Heading(text, rank))
        if len(found) == _MOST_HEADINGS:
            break
    return found


def choose_title(named: Iterable[str], page_title: str, found: list[Heading], site: str) -> str:
    """The title of the article.

    A heading that the metadata or the page's own title bears out comes first, since it is what a
    reader of the page sees; then the metadata, a heading that looks like one, the page's title.

    Args:
        named: Titles in metadata, best first.
        page_title: The `title` of the page, often with the site's name.
        found: The headings of the page.
        site: Name or domain of the site.
    """
    named = [title for title in named if title and not is_generic(title, site)]
    said = [*named, page_title] if not is_generic(page_title, site) else named
    heads = [heading for heading in found if not is_generic(heading.text, site)]
    of_site = _names_of_site(page_title, heads)
    best: tuple[float, Heading, float] | None = None
    for heading in heads:
        borne = max((_bears_out(heading.text, title) for title in said), default=0.0)
        rank = heading.rank - (2.5 if _key(heading.text) in of_site else 0.0)
        if best is None or rank + borne > best[0]:
            best = (rank + borne, heading, borne)
    texts = [heading.text for heading in heads]
    if best is not None and (best[2] >= 1.2 or (best[1].rank >= 2.8 and not named)):
        return _trimmed(best[1].text, [_shortened(title, texts, site) for title in said])
    for title in named:
        short = _shortened(title, texts, site)
        if not is_generic(short, site):
            return short
    if best is not None and best[1].rank >= 2.5:
        return best[1].text
    short = _without_end(_shortened(page_title, texts, site))
    if not is_generic(short, site):
        return short
    return texts[0] if texts else page_title


def _bears_out(heading: str, title: str) -> float:
    """How far a title says that a heading is the article's: 3 for the same, 0 for another."""
    one, other = _key(heading), _key(title)
    if one == other:
        return 3.0
    if len(one) > 10 and one in other:
        return 2.6
    if len(other) > 10 and other in one:
        return 2.0
    words = set(_WORD.findall(heading.casefold()))
    shared = len(words & set(_WORD.findall(title.casefold()))) / max(1, len(words))
    return 2.2 * shared if shared >= 0.5 and len(words) > 2 else 0.0


def _names_of_site(page_title: str, heads: list[Heading]) -> set[str]:
    """Keys of headings that are one end of the page's title, when another is the rest of it."""
    keys = {_key(heading.text) for heading in heads}
    parts = [_key(part) for part in _SEPARATORS.split(page_title) if part and _key(part)]
    if len(parts) < 2:
        return set()
    ends = {parts[0], parts[-1]} & keys
    inner = [key for key in keys if any(part and key == part for part in parts)]
    if len(inner) < 2:
        return set()
    return ends - {max(inner, key=len)}


def _trimmed(heading: str, titles: list[str]) -> str:
    """A heading without the date or the kicker that stands in it before the title itself."""
    key = _key(heading)
    for title in titles:
        own = _key(title)
        if key != own and key.endswith(own) and len(own) >= 12 and 2 * len(own) >= len(key):
            return title
    rest = _DATED.sub("", heading)
    return rest if len(rest) > 12 else heading


def _shortened(title: str, texts: list[str], site: str) -> str:
    """A title less the name of the site, or less all but the part that a heading says."""
    short = without_site(title, site)
    for separator in _SEPARATORS.finditer(short):
        for part in (short[: separator.start()], short[separator.end() :]):
            if len(part) > 8 and any(same_title(part, text) for text in texts):
                return part.strip()
    return short


def _without_end(title: str) -> str:
    """A page's title less a short last part, which is a site that is named nowhere else."""
    parts = list(_SEPARATORS.finditer(title))
    if not parts:
        return title
    first, last = title[: parts[-1].start()].strip(), title[parts[-1].end() :]
    is_suffix = len(last.split()) <= 4 and len(last) < len(first)
    return first if is_suffix or "|" in parts[-1][0] else title


def is_generic(title: str, site: str) -> bool:
    """Whether a title could stand on any page of the site."""
    key = _key(title)
    return (
        not key
        or title.strip().casefold() in _GENERIC
        or key == _key(site)
        or (bool(site) and key == _key(re.sub(r"^www\.|\.\w+$", "", site)))
    )


def without_site(title: str, site: str) -> str:
    """A title without the name of the site at either end."""
    title = title.strip()
    names = {_key(site), _key(re.sub(r"^www\.|\.\w+$", "", site))} - {""}
    for separator in reversed(list(_SEPARATORS.finditer(title))):
        if _key(title[separator.end() :]) in names:
            return title[: separator.start()].strip()
    for separator in _SEPARATORS.finditer(title):
        if _key(title[: separator.start()]) in names:
            return title[separator.end() :].strip()
    return title


def same_title(one: str, other: str) -> bool:
    """Whether two titles say the same, whatever their case and punctuation."""
    return bool(_key(one)) and _key(one) == _key(other)


def site_in_title(page_title: str, texts: Iterable[str]) -> str:
    """The heading that is the short end of the page's title and so names the site, else ""."""
    separators = list(_SEPARATORS.finditer(page_title))
    if not separators:
        return ""
    first, last = page_title[: separators[-1].start()], page_title[separators[-1].end() :]
    for text in texts:
        if len(text.split()) <= 4 and same_title(text, last) and len(last) < len(first):
            return text
    return ""


def _key(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
