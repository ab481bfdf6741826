"""HTML pages: one page, one article, as it would be read without the page around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from store.article import Article, count_words
from store.importers.html_article import MAX_ELEMENTS, extract
from store.importers.html_byline import choose_author
from store.importers.html_dates import choose_date
from store.importers.html_ends import without_ends
from store.importers.html_fragment import MAX_ATTRIBUTES, depth_of, has_swollen_tag, parse
from store.importers.html_metadata import read_metadata
from store.importers.html_saved import open_page
from store.importers.html_title import (
    choose_title,
    headings,
    is_generic,
    same_title,
    site_in_title,
)
from store.importers.names import title_from_name
from store.importers.record import Rejected, Source

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Largest page in characters, embedded pictures not counted: ten times the largest of real ones.
MAX_LENGTH = 20_000_000
#: Deepest nesting of elements; real pages have 30 to 60, and extraction recurses.
MAX_DEPTH = 500
#: A text with fewer words may be a notice of the page and not an article.
_FEW_WORDS = 60
#: Meta elements that give the title, best first.
_TITLES = ("og:title", "twitter:title", "citation_title")
_NOTICE = re.compile(r"\b(?:java\s?script|cookies?|captcha|enable|unsupported browser)\b", re.I)


def read_html(source: Source) -> Iterator[Article | Rejected]:
    """The article of a page: text, title, author, date, site, language, address, lead picture.

    A page without text becomes a stub when it has an address and a title, else it is rejected.
    """
    page = open_page(source.data)
    if len(page.markup) > MAX_LENGTH:
        yield Rejected(source.name, f"the page is longer than {MAX_LENGTH // 10**6} MB")
        return
    if has_swollen_tag(page.markup):
        yield Rejected(source.name, f"a tag in it has more than {MAX_ATTRIBUTES:,} attributes")
        return
    root = _parsed(page.markup)
    if root is None:
        yield Rejected(source.name, "there is no HTML in it")
        return
    if depth_of(root, MAX_DEPTH) >= MAX_DEPTH:
        yield Rejected(source.name, f"its elements are nested more than {MAX_DEPTH} deep")
        return
    article = _article(root, page.url, source.name)
    if article.is_stub and not (article.url and article.title):
        yield Rejected(source.name, "there is no article text on the page")
        return
    yield article


def _parsed(markup: str) -> _Element | None:
    from lxml.etree import LxmlError

    try:
        return parse(markup)
    except (LxmlError, ValueError, AssertionError):
        return None


def _article(root: _Element, saved_from: str, name: str) -> Article:
    from store.importers.html_markdown import to_markdown

    # lxml makes an object of an element each time it comes by, unless somebody keeps it.
    _kept = list(islice(root.iter(), MAX_ELEMENTS))
    found = read_metadata(root, saved_from)
    url = found.url
    heads = headings(root)
    site = found.site or site_in_title(found.title, [heading.text for heading in heads[:3]])
    site = site or (urlsplit(url).hostname or "").removeprefix("www.")
    title = choose_title(
        [found.headline, *(found.named.get(one, "") for one in _TITLES)], found.title, heads, site
    )
    author = choose_author(found, root, site, title)
    published = choose_date(found, root, url, title)
    body = extract(root, url or saved_from, found.image)
    _drop_title(body, title, site)
    named = found.named
    summary = named.get("description") or named.get("og:description") or found.summary
    markdown = without_ends(to_markdown(body, base=url), title, summary)
    if _is_notice(markdown):
        markdown = ""
    return Article(
        title=title or (title_from_name(name) if markdown else ""),
        body=markdown,
        author=author,
        site=site.removeprefix("www."),
        url=url,
        published=published,
        lang=found.lang,
        summary=summary,
        image=found.image,
        source=name,
        type="html",
        words=count_words(markdown),
    )


def _drop_title(body: _Element, title: str, site: str) -> None:
    """Take the title out of the body, and a site's name that stands where a title should."""
    for element in list(body)[:3]:
        if element.tag not in ("h1", "h2", "h3"):
            continue
        text = "".join(element.itertext())
        if same_title(text, title) or (element.tag == "h1" and is_generic(text, site)):
            body.remove(element)


def _is_notice(markdown: str) -> bool:
    """Whether all that was found is "Please enable JavaScript" or the like."""
    return (
        len(markdown) < 600
        and count_words(markdown) < _FEW_WORDS
        and bool(_NOTICE.search(markdown))
    )
