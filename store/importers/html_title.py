"""The title of a page's article, which is often not what stands largest on the page."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SEPARATORS = re.compile(r"\s+[|\-–—·•»«:]\s+|\s*[|»]\s*|:{2}")
#: Headings that name no article, in the languages of most pages.
_GENERIC = frozenset({
    "home", "homepage", "home page", "new tab", "news", "blog", "article", "articles", "untitled",
    "untitled document", "index", "page", "start", "post", "posts", "story", "stories", "welcome",
    "archive", "archives", "menu", "search", "login", "main", "document", "feature", "features",
    "opinion", "latest", "startseite", "artikel", "nachrichten", "willkommen", "beitrag",
    "beiträge", "accueil", "actualités", "bienvenue", "inicio", "noticias", "artículo",
    "bienvenido", "articolo", "notizie", "nyheter", "nieuws", "hjem", "hem",
})  # fmt: skip


def choose_title(
    guess: str, others: Iterable[str], page_title: str, headings: Iterable[str], site: str
) -> str:
    """The title of the article.

    Args:
        guess: What the extraction took for the title.
        others: Titles in metadata, best first.
        page_title: The `title` of the page, often with the site's name.
        headings: Headings in the article, in order.
        site: Name or domain of the site.
    """
    others = list(others)
    headings = [heading for heading in headings if not is_generic(heading, site)]
    if guess in page_title and not any(same_title(guess, one) for one in (*others, *headings)):
        guess = ""  # cut out of the page's title, which is done with more care below
    for candidate in (guess, *others):
        title = without_site(candidate, site)
        if not is_generic(title, site):
            return title
    short = _shortened(without_site(page_title, site), headings)
    if not is_generic(short, site):
        return short
    return headings[0] if headings else (guess or page_title)


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


def site_in_title(page_title: str, heading: str) -> str:
    """The heading, when it is the short end of the page's title and so names the site, else ""."""
    separators = list(_SEPARATORS.finditer(page_title))
    if not separators or len(heading.split()) > 4:
        return ""
    first, last = page_title[: separators[-1].start()], page_title[separators[-1].end() :]
    return heading if same_title(heading, last) and len(last) < len(first) else ""


def _shortened(title: str, headings: list[str]) -> str:
    """A page's title less a short last part, which is a site that is named nowhere else."""
    parts = list(_SEPARATORS.finditer(title))
    for separator in parts:
        if any(same_title(title[: separator.start()], heading) for heading in headings):
            return title[: separator.start()]
    if not parts:
        return title
    first, last = title[: parts[-1].start()].strip(), title[parts[-1].end() :]
    is_suffix = len(last.split()) <= 4 and len(last) < len(first)
    return first if is_suffix or "|" in parts[-1][0] else title


def _key(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
