"""OPML 1.0 and 2.0: lists of feeds, read from any program's export and written for any.

Read by tags and not as XML, since the lists that people have are broken in many ways, and a list
needs nothing that XML could do beyond: entities that a document declares are never expanded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from store.article import clean_tags
from store.encoding import decode
from store.entities import unescape
from store.errors import SourceError
from store.importers.record import FeedLink, Rejected, Source
from store.sanitize import MAX_TAGS, clean_line, clean_url

#: Largest list in bytes, and most feeds of one: ten times the largest that people have.
MAX_SIZE: Final = 16 * 1024 * 1024
MAX_FEEDS: Final = 50_000
#: Groups within groups that become tags; those of readers go two or three deep.  What is deeper
#: was not closed, and says nothing of a feed.
MAX_DEPTH: Final = 32

#: Namespace of what other programs have no attribute for.
NAMESPACE: Final = "urn:broadsheet:opml"

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}\bencoding\s*=\s*[\"']([\w.:-]+)")
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<(?P<end>/)?(?:[\w-]+:)?(?P<name>outline|opml|title|body)\b"
    r"(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>",
    re.S | re.I,
)
# A name is tried from its beginning only, however long it is.
_ATTRIBUTE = re.compile(
    r"(?<![\w:.-])(?P<name>[\w:.-]++)\s*+=\s*+(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>(?:[^\s\"'<>/]|/(?!\Z))++))"
)
_LISTS: Final = frozenset({"link", "include", "source"})


def read_outlines(source: Source) -> Iterator[FeedLink | Rejected]:
    """The feeds of a list in a file."""
    links = read_opml(source.data)
    if not links:
        yield Rejected(source.name, "there is no feed in the list")
    for number, link in enumerate(links, 1):
        if link.is_list:
            reason = f"it is another list, at {link.url}: `broadsheet add` takes it"
            yield Rejected(source.name, reason, f"outline {number}")
        else:
            yield link


def read_opml(data: bytes) -> list[FeedLink]:
    """The feeds of a list in its order, each once, with the tags of all places it stands in.

    The outermost `MAX_DEPTH` groups count, and the first `MAX_TAGS` tags of a feed.

    Raises:
        SourceError: it is too large, or no list.
    """
    if len(data) > MAX_SIZE:
        raise SourceError(f"the list is larger than {MAX_SIZE >> 20} MiB")
    declared = _DECLARED.match(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
    text = decode(data, declared[1].decode("ascii") if declared else "")
    found: dict[str, FeedLink] = {}
    tags: dict[str, dict[str, None]] = {}  # by the address of the feed; at most MAX_TAGS of each
    groups: list[str] = []
    around: list[int] = []  # how many groups stand around each outline that is open
    seen = False
    for match in _TAG.finditer(text):
        name = (match["name"] or "").lower()
        seen = seen or name in ("opml", "outline")
        if name != "outline":
            continue
        if match["end"]:
            if around:
                del groups[around.pop() :]
            continue
        attributes = _attributes(match["attributes"])
        outline = _outline(attributes)
        if outline is not None:
            if outline.url not in found and len(found) >= MAX_FEEDS:
                raise SourceError(f"the list has more than {MAX_FEEDS:,} feeds")
            found.setdefault(outline.url, outline)
            own = tags.setdefault(outline.url, {})
            for tag in (*groups, *_categories(attributes)):
                if len(own) < MAX_TAGS:
                    own.setdefault(tag)
        if not match["attributes"].rstrip().endswith("/"):
            around.append(len(groups))
            group = _tag(attributes.get("text", "") or attributes.get("title", ""))
            if outline is None and group and len(groups) < MAX_DEPTH:
                groups.append(group)
    if not seen:
        raise SourceError("there is no OPML in it")
    return [replace(link, tags=tuple(tags[url])) for url, link in found.items()]


def write_opml(outlines: Iterable[FeedLink], title: str = "broadsheet") -> Iterator[str]:
    """The lines of an OPML 2.0 document.

    A feed stands in the group of its first tag, for programs that know groups only; all of its
    tags are its categories.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<opml version="2.0" xmlns:broadsheet="{NAMESPACE}">\n'
    yield f"  <head>\n    <title>{html.escape(title)}</title>\n  </head>\n  <body>\n"
    grouped: dict[str, list[FeedLink]] = {}
    for outline in outlines:
        grouped.setdefault(outline.tags[0] if outline.tags else "", []).append(outline)
    for outline in grouped.pop("", []):
        yield f"    {_written(outline)}\n"
    for group, members in grouped.items():
        name = html.escape(group)
        yield f'    <outline text="{name}" title="{name}">\n'
        for outline in members:
            yield f"      {_written(outline)}\n"
        yield "    </outline>\n"
    yield "  </body>\n</opml>\n"


def _outline(attributes: dict[str, str]) -> FeedLink | None:
    """The feed, or the list of them, that an outline names, without tags; None for others."""
    kind = attributes.get("type", "").lower()
    address = attributes.get("xmlurl", "")
    is_list = kind == "source" if address else kind in _LISTS
    if not address and (is_list or kind in ("rss", "atom", "feed")):
        address = attributes.get("url", "")
    url = clean_url(address)
    if not url.startswith(("http://", "https://")):
        return None
    interval = attributes.get("interval", "")
    return FeedLink(
        url=url,
        title=clean_line(attributes.get("text", "") or attributes.get("title", "")),
        site=clean_url(attributes.get("htmlurl", "")),
        interval=int(interval) if interval.isdecimal() and len(interval) < 8 else 0,
        full_text=attributes.get("fulltext", "").lower() == "true",
        is_list=is_list,
    )


def _categories(attributes: dict[str, str]) -> Iterator[str]:
    """The tags among the categories of an outline, which are paths: "/Harbour/Light,radio"."""
    for category in re.finditer(r"[^,/]+", attributes.get("category", "")):
        if tag := _tag(category[0]):
            yield tag


def _tag(text: str) -> str:
    """A text as a tag; "" when nothing is left of it."""
    return "".join(clean_tags([clean_line(text)]))


def _attributes(text: str) -> dict[str, str]:
    """Attributes by their names in lower case, without prefix; the first of each counts."""
    attributes: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match["double"] or match["single"] or match["bare"] or ""
        name = match["name"].lower().rpartition(":")[2]
        attributes.setdefault(name, unescape(value).strip())
    return attributes


def _written(outline: FeedLink) -> str:
    pairs = [("type", "rss"), ("text", outline.title or outline.url)]
    if outline.title:
        pairs.append(("title", outline.title))
    pairs.append(("xmlUrl", outline.url))
    if outline.site:
        pairs.append(("htmlUrl", outline.site))
    if outline.tags:
        pairs.append(("category", ",".join(outline.tags)))
    if outline.interval:
        pairs.append(("broadsheet:interval", str(outline.interval)))
    if outline.full_text:
        pairs.append(("broadsheet:fullText", "true"))
    written = " ".join(f'{name}="{html.escape(value)}"' for name, value in pairs)
    return f"<outline {written}/>"
