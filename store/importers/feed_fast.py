"""Feeds by fastfeedparser: quick, and right about nearly all of what is published today.

What it is known to read differently from what was meant, `is_plain` sends on to feedparser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import entities
from typing import Any, Final

from store.dates import parse_date
from store.encoding import decode
from store.errors import SourceError
from store.importers.feed_model import (
    Enclosure,
    Entry,
    Feed,
    Markup,
    Text,
    absolute,
    one_line,
    person,
)

# What fastfeedparser passes over: texts in base 64 or as elements where it expects characters,
# Atom 0.3 with its modes.  Each is looked for only where the bytes before it are anywhere at all,
# since a search for a few bytes takes a hundredth of the time of a pattern.
_ODD: Final = tuple(
    (mark, re.compile(pattern))
    for mark, pattern in (
        (b"purl.org/atom/ns#", rb"purl\.org/atom/ns#"),
        (b"mode=", rb"\bmode\s*=\s*[\"'](?:base64|xml)"),
        (b"content:item", rb"<content:items?\b"),
        (b"fullitem", rb"<(?:\w+:)?fullitem\b"),
        (b"<dcterms:created", rb"<dcterms:created"),
        (b"<content", rb"<content\b[^<>/]*\btype\s*=\s*[\"'](?:text/)?html[^<>/]*>\s*<[a-zA-Z]"),
        (b"<itunes:keywords", rb"<itunes:keywords>\s*[^<\s]"),
        (b"body", rb"<(?:xhtml:)?body[\s>]"),
        (b"<xhtml:", rb"<xhtml:(?:body|div)\b"),
        (
            b"<content",
            rb"<content\b[^<>]*\btype\s*=\s*[\"'](?:application/(?!xhtml|xml)|image/|audio/|video/)",
        ),
        (
            b"type=",
            rb"<(?:title|summary|subtitle|tagline)\b[^<>]*\btype\s*=\s*[\"'](?:xhtml|application/)",
        ),
        (b"<title", rb"<title\b[^<>/]*>\s*<[a-zA-Z]"),
        (b"<description", rb"<description\b[^<>/]*>\s*<[a-zA-Z]"),
        (b"<summary", rb"<summary\b[^<>/]*>\s*<[a-zA-Z]"),
    )
)
_BASE = re.compile(rb"<([\w:.-]++)[^<>]*?\bxml:base\s*=\s*[\"']([^\"']*)[\"']")
_BASE_HERE = re.compile(r"\bxml:base\s*=\s*[\"']([^\"']*)[\"']")
_CDATA = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.S)
_LOOSE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:(\w{2,31});)?")
_CHANNEL = 16 * 1024
_CHANNEL_AUTHOR = re.compile(
    rb"<(dc:creator|itunes:author|managingEditor)>\s*+(?:<!\[CDATA\[\s*+)?([^<>\[\]]{1,200})"
)
_TITLE_TYPE = re.compile(rb"<title\b([^<>]*)>")
_TYPE = re.compile(rb"\btype\s*=\s*[\"']([^\"']*)[\"']")
_ITEM: Final = re.compile(rb"<item[\s>]")
_DATE: Final = re.compile(
    rb"<(?:\w+:)?(?:pubdate|date|published|updated|modified|issued|created|lastbuilddate)"
    rb"(?:\s[^<>]*)?>([^<>]*)", re.I,
)  # fmt: skip
_HTML: Final = frozenset({"html", "text/html", "xhtml", "application/xhtml+xml"})
_PLAIN: Final = frozenset({"text", "text/plain", "text/markdown"})


def is_plain(data: bytes, kind: str) -> bool:
    """Whether there is nothing in a feed that fastfeedparser is known to misread."""
    if kind != "feed" and b"<summary>" in data:
        return False
    if kind == "rdf" and b":encoded" in data:
        return False  # of RSS 1.0 it reads summaries only
    for mark, pattern in _ODD:
        if mark in data and pattern.search(data):
            return False
    # The base of a text it tells, that of the whole feed is read here.
    return b"xml:base" not in data or all(
        name in (b"feed", b"content") and value.startswith((b"http://", b"https://"))
        for name, value in _BASE.findall(data)
    )


def read_fast(data: bytes, kind: str, attributes: str, url: str) -> Feed:
    """Read a feed.

    Args:
        data: The document, without a document type.
        kind: Name of its first element.
        attributes: Those of its first element.
        url: Where it came from, or "".

    Raises:
        SourceError: fastfeedparser cannot read it, or what it reads is not certain.
    """
    import fastfeedparser

    try:
        found = fastfeedparser.parse(mended(data))
    except Exception as error:  # it raises whatever its parts raise
        raise SourceError(f"it cannot be read ({error})") from error
    entries = found.get("entries") or []
    if kind != "feed":
        _drop_guessed(data, entries)
    about: Mapping[str, Any] = found.get("feed") or {}
    unsaid: Markup = ""
    titles = _titles(data, entries) if kind == "feed" else [unsaid] * (len(entries) + 1)
    link = _text(about.get("link")).strip()
    base = link if link.startswith(("http://", "https://")) else url
    if match := _BASE_HERE.search(attributes):
        base = match[1]
    start = max(0, data.find(b"<item" if kind != "feed" else b"<entry"))
    if any(data.count(name, start) > len(entries) for name in (b"<dc:creator", b"<author>")):
        raise SourceError("an entry of it has several authors")
    author = person(_text(about.get("author"))) or _channel_author(data)
    return Feed(
        title=one_line(Text(_text(about.get("title")), titles[0])),
        link=absolute(_text(about.get("link")), url),
        url=url,
        lang=_text(about.get("language")),
        author=author,
        next=absolute(_next(about.get("links")), url),
        reader="fastfeedparser",
        entries=tuple(
            _entry(each, markup, kind, base)
            for each, markup in zip(entries, titles[1:], strict=True)
        ),
    )


def mended(data: bytes) -> bytes:
    """The document with ampersands and HTML's entities as XML wants them.

    libxml2 would leave them out, and fastfeedparser all others in the document with them.
    """
    if not _LOOSE.search(data) or not _LOOSE.search(_CDATA.sub(b"", data)):
        return data
    parts: list[bytes] = []
    at = 0
    for section in _CDATA.finditer(data):
        parts += (_LOOSE.sub(_escaped, data[at : section.start()]), section[0])
        at = section.end()
    return b"".join((*parts, _LOOSE.sub(_escaped, data[at:])))


def _escaped(match: re.Match[bytes]) -> bytes:
    name = (match[1] or b"").decode("ascii")
    meant = entities.html5.get(f"{name};", "") if name else ""
    if not meant:
        return b"&amp;" + match[0][1:]
    return "".join(f"&#{ord(character)};" for character in meant).encode()


def _channel_author(data: bytes) -> str:
    head = data[: data.find(b"<item")] if b"<item" in data else b""
    match = _CHANNEL_AUTHOR.search(head[:_CHANNEL])
    return person(one_line(Text(decode(match[2]), "html"))) if match else ""


def _titles(data: bytes, entries: Sequence[Mapping[str, Any]]) -> list[Markup]:
    """How the titles of an Atom feed and its entries are written, which fastfeedparser drops."""
    count = len(entries) + 1
    if not any("<" in (t := _text(each.get("title"))) or "&" in t for each in entries):
        return ["text"] * count
    kinds: list[Markup] = []
    for match in _TITLE_TYPE.finditer(data):
        found = _TYPE.search(match[1])
        kind = found[1].decode("ascii", "replace").strip().lower() if found else "text"
        if kind not in _PLAIN and kind not in _HTML:
            raise SourceError(f"a title of it is of the type {kind}")
        kinds.append("html" if kind in _HTML else "text")
    if len(set(kinds)) == 1:
        return kinds[:1] * count
    if len(kinds) != count:
        raise SourceError("its titles are written in several ways")
    return kinds


def _drop_guessed(data: bytes, entries: Sequence[dict[str, Any]]) -> None:
    """Take dates away from entries that have none: fastfeedparser guesses them from a guid.

    Of the guid "12" it makes the 12th of the month in which it is read.

    Raises:
        SourceError: an entry has a date that only fastfeedparser can make one of.
    """
    if not any(_may_be_guessed(each) for each in entries):
        return
    items = _ITEM.split(_CDATA.sub(_without_markup, data))[1:]
    if len(items) != len(entries):
        raise SourceError("its entries are not told apart")
    for each, item in zip(entries, items, strict=True):
        if _may_be_guessed(each):
            dates = [value for match in _DATE.finditer(item) if (value := match[1].strip())]
            if not dates:
                each.pop("published", None)
                each.pop("updated", None)
            elif not any(parse_date(decode(value).strip()) for value in dates):
                raise SourceError("an entry of it has an odd date")


def _may_be_guessed(each: Mapping[str, Any]) -> bool:
    guid = _text(each.get("id"))
    return bool(each.get("published")) and not guid.startswith(("http://", "https://"))


def _without_markup(match: re.Match[bytes]) -> bytes:
    """A section of characters without what looks like elements in it; no comments."""
    return match[0][9:].rstrip(b"]>").replace(b"<", b" ") if match[0][2:3] == b"[" else b""


def _entry(each: Mapping[str, Any], title: Markup, kind: str, base: str) -> Entry:
    content, summary = Text(), Text(_text(each.get("description")))
    blocks = each.get("content") or []
    if blocks:
        block = blocks[0]
        content = Text(
            _text(block.get("value")),
            _markup(_text(block.get("type")), kind),
            _text(block.get("base")),
        )
        if kind != "feed" and content.value.strip() == summary.value.strip():
            content, summary = Text(summary.value), Text()
    if not (content.value.strip() or summary.value.strip()):
        content = Text(_described(each.get("media_content")), "text")
    link, guid = _text(each.get("link")), _text(each.get("id"))
    if not link and guid.startswith(("http://", "https://")) and kind != "feed":
        link = guid
    published, updated = _text(each.get("published")), _text(each.get("updated"))
    return Entry(
        guid=guid,
        link=absolute(link, base),
        title=Text(_text(each.get("title")), title),
        content=content,
        summary=summary,
        author=person(_text(each.get("author"))),
        published=parse_date(published),
        updated=parse_date(updated),
        tags=tuple(_tag(tag) for tag in each.get("tags") or [] if _tag(tag)),
        enclosures=_enclosures(each, base),
        image=_image(each.get("media_content")),
    )


def _markup(type: str, kind: str) -> Markup:
    type = type.strip().lower()
    if type in _HTML:
        return "html" if kind == "feed" else ""
    return "text" if kind == "feed" and (not type or type in _PLAIN) else ""


def _tag(tag: Mapping[str, Any]) -> str:
    term, label = _text(tag.get("term")), _text(tag.get("label"))
    return one_line(Text(label if "://" in term else term or label))


def _enclosures(each: Mapping[str, Any], base: str) -> tuple[Enclosure, ...]:
    links = [link for link in each.get("links") or [] if link.get("rel") == "enclosure"]
    return tuple(
        Enclosure(absolute(address, base), _text(file.get("type")), _number(file.get("length")))
        for file in each.get("enclosures") or links
        if (address := _text(file.get("url") or file.get("href")))
    )


def _image(media: Any) -> str:
    for each in media or []:
        address = _text(each.get("thumbnail_url")) or _text(each.get("url"))
        if _text(each.get("medium")) == "image" or _text(each.get("type")).startswith("image/"):
            return address
        if _text(each.get("thumbnail_url")):
            return address
    return ""


def _described(media: Any) -> str:
    return next((text for each in media or [] if (text := _text(each.get("description")))), "")


def _next(links: Any) -> str:
    return next((_text(e.get("href")) for e in links or [] if e.get("rel") == "next"), "")


def _number(value: Any) -> int:
    text = str(value or "").strip()
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
