"""The feeds of a page: those it names, and where they usually are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from store.encoding import decode
from store.entities import unescape
from store.sanitize import clean_line, clean_url

#: Where sites usually have their feed, most usual first.
COMMON_PATHS: Final = (
    "/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/rss", "/feed.json",
    "/feeds/posts/default",
)  # fmt: skip

#: Characters of a page in which links to feeds are looked for, and most that are taken.
_SAMPLE: Final = 1_000_000
_MOST: Final = 20

_TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
     "text/xml", "application/xml", "application/json", "application/x.atom+xml", "text/rss+xml"}
)  # fmt: skip
_LINK = re.compile(r"<(link|base|a)\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>", re.I)
_ATTRIBUTE = re.compile(r"(?<![\w:-])([\w:-]++)\s*+=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))")
_FEEDLIKE = re.compile(r"(?:/|^|\b)(?:rss|atom|feed|feeds)(?:[./?_-]|$)|\.(?:rss|atom|rdf)$", re.I)


class Candidate(NamedTuple):
    """An address that may be that of a feed.

    Attributes:
        url: The address.
        title: What the page calls it, or "".
        sure: The page says that it is a feed.
    """

    url: str
    title: str = ""
    sure: bool = True


def candidates(page: bytes, url: str) -> list[Candidate]:
    """Addresses that a page says are its feeds, then those that look so; none twice.

    Feeds of comments come last, whatever the page's order.

    Args:
        page: The page, in HTML.
        url: Its address.
    """
    text = decode(page)[:_SAMPLE]
    base = url
    named: list[Candidate] = []
    seeming: list[Candidate] = []
    for match in _LINK.finditer(text):
        attributes = {
            name.lower(): unescape(double or single or bare)
            for name, double, single, bare in _ATTRIBUTE.findall(match[2])
        }
        href = attributes.get("href", "").strip()
        kind = match[1].lower()
        if not href:
            continue
        if kind == "base":
            base = _join(url, href)
        elif kind == "link":
            rel = attributes.get("rel", "").lower().split()
            type = attributes.get("type", "").partition(";")[0].strip().lower()
            if "feed" in rel or ("alternate" in rel and type in _TYPES):
                named.append(Candidate(_join(base, href), clean_line(attributes.get("title", ""))))
        elif _FEEDLIKE.search(urlsplit_path(href)):
            seeming.append(Candidate(_join(base, href), sure=False))
    named.sort(key=lambda each: "comment" in f"{each.url} {each.title}".lower())
    found: dict[str, Candidate] = {}
    for each in (*named, *seeming[:5]):
        address = clean_url(each.url)
        if address.startswith(("http://", "https://")) and address != url:
            found.setdefault(address, each._replace(url=address))
    return list(found.values())[:_MOST]


def usual(url: str) -> Iterator[Candidate]:
    """Where the site of a page usually has its feed."""
    for path in COMMON_PATHS:
        yield Candidate(_join(url, path), sure=False)


def urlsplit_path(address: str) -> str:
    """The path and query of an address; "" for one that is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _join(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
