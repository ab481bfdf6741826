"""The title of a page's article, which is often not what stands largest on the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from store.dates import match_date, parse_date
from store.sanitize import clean_line

if TYPE_CHECKING:
    from lxml.etree import _Element

_SEPARATORS = re.compile(r"(?<!\s)\s++[|\-–—·•»«:]\s++|(?:(?<!\s)\s++)?[|»]\s*+|:{2}")
_WORD = re.compile(r"\w+")
_NO_LETTER = re.compile(r"[\W_]+")
_LEVELS = {"h1": 3.0, "h2": 1.2, "h3": 0.6}
_LONGEST = 250
_SHORTEST = 8
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
# What may stand between a date that a heading begins with and the title; "Jun 17" has no year.
_AFTER_DATE = re.compile(r"\s*+(?:[:|–-]\s*+)?(?=[^\W\d_]|[„“\"»])")
_DAY = re.compile(r"([A-Z][a-z]{2,8})\.? \d{1,2}(?!\d)")
_KICKER = re.compile(
    r"kicker|dachzeile|over-?line|roof-?line|top-?line|eyebrow|spitzmarke|surtitre|antetitulo|"
    r"pre-?title|super-?title",
    re.I,
)
_UNSEEN = frozenset({"script", "style", "svg", "noscript", "template"})
# Chinese and Japanese sites write no spaces around what parts a title from their name.
_WIDE_END = re.compile(
    r"(?<=[\u3000-\u9fff\uac00-\ud7af\uff01-\uff60])[-_－＿|｜][^-_－＿|｜\s]{2,12}$"
)
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d+[a-z_]*/")
_PARTED = re.compile(r"\s+\W{1,3}\s+|\s*[|»:]\s*")
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
        text = clean_line(_shown(element))
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
        rank -= 3.0 if _leads_home(element) else 0.0
        found.append(Heading(text, rank))
        if len(found) == _MOST_HEADINGS:
            break
    return found


def _shown(element: _Element) -> str:
    """The text of a heading without the kicker above the title, which has an element of its own."""
    whole: list[str] = []
    title: list[str] = []
    stack: list[tuple[_Element, bool, bool]] = [(element, False, False)]
    while stack:
        item, is_kicker, is_end = stack.pop()
        if is_end:
            text = item.tail or ""
        else:
            if item is not element:
                outer = is_kicker
                stack.append((item, outer, True))
                if not isinstance(item.tag, str) or item.tag in _UNSEEN:
                    continue
                is_kicker = outer or bool(_KICKER.search(item.get("class") or ""))
            text = " " if item.tag == "br" else item.text or ""
            stack += [(child, is_kicker, False) for child in reversed(item)]
        whole.append(text)
        if not is_kicker:
            title.append(text)
    bare = " ".join("".join(title).split()).strip(" :|–—-")
    return bare if len(bare) >= _SHORTEST else " ".join("".join(whole).split())


def _leads_home(element: _Element) -> bool:
    """Whether a heading is a link to the front page and so names the site."""
    for link in (*element.iter("a"), *element.iterancestors("a")):
        if "home" in (link.get("rel") or "").split():
            return True
        address = _ARCHIVED.sub("", (link.get("href") or "").strip())
        if re.fullmatch(r"(?:https?://[^/?#]+)?/?(?:index\.(?:html?|php))?", address) and address:
            return True
    return False


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
    if best is not None and _is_the_title(best[1], best[2], heads, alone=not named):
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


def _is_the_title(best: Heading, borne: float, heads: list[Heading], *, alone: bool) -> bool:
    """Whether a heading is believed: the metadata bear it out, or say nothing, or no other may be.

    What stands in the metadata is often made for search engines and not what the page shows.
    """
    marked = best.rank >= 3.6 and sum(heading.rank > 2 for heading in heads) == 1
    return borne >= 1.2 or marked or (best.rank >= 2.8 and alone)


def _bears_out(heading: str, title: str) -> float:
    """How far a title says that a heading is the article's: 3 for the same, 0 for another."""
    one, other = _key(heading), _key(title)
    if one == other:
        return 3.0
    if len(one) > 10 and one in other:
        return _worth_of_part(one, title, len(one) / len(other))
    if len(other) > 10 and other in one:
        return 2.0
    words, said = (set(_WORD.findall(text.casefold())) for text in (heading, title))
    shared = len(words & said) / max(1, len(words))
    if shared < 0.5 or len(words) < 3:
        return 0.0
    return shared * (2.2 if 3 * len(words) > len(said) else 1.4)


def _worth_of_part(key: str, title: str, share: float) -> float:
    """How far a title bears out a heading that is a part of it and has this share of its length."""
    for end in _PARTED.finditer(title):
        if key in (_key(title[: end.start()]), _key(title[end.end() :])):
            return 2.6
    inner = key in map(_key, _PARTED.split(title))
    return max(2.0 if inner else 0.0, 2.6 * share)


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
    dated = match_date(heading)
    day = _DAY.match(heading)
    end = dated.end if dated and len(dated.iso) > 7 else 0
    if day and parse_date(f"{day[1]} 2000"):
        end = max(end, day.end())
    after = _AFTER_DATE.match(heading, end) if end else None
    return heading[after.end() :] if after and len(heading) - after.end() > 12 else heading


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
    title = _WIDE_END.sub("", title)
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


@lru_cache(512)
def _key(text: str) -> str:
    return _NO_LETTER.sub("", text.casefold())
