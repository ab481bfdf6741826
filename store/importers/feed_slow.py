"""Feeds by feedparser: every dialect there ever was, broken XML too, a hundred times slower."""

from __future__ import annotations

import time
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from store.dates import parse_date
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

_HTML: Final = frozenset({"html", "text/html", "xhtml", "application/xhtml+xml"})


def read_slow(data: bytes, kind: str, url: str) -> Feed:
    """Read a feed.

    Args:
        data: The document; entities that it declares were found harmless.
        kind: Name of its first element, "" where there is none.
        url: Where it came from, or "".

    Raises:
        SourceError: There is no feed in it.
    """
    import feedparser

    # Links are resolved and HTML is cleaned on the way to Markdown, each once.
    try:
        found = feedparser.parse(
            data,
            response_headers={"content-location": url} if url else None,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as broken:  # odd encodings and addresses break it in many ways
        raise SourceError(f"the feed is too odd to be read ({broken})") from broken
    entries = found.get("entries") or []
    about: dict[str, Any] = found.get("feed") or {}
    if not entries and not found.get("version"):
        error = found.get("bozo_exception")
        raise SourceError(f"there is no feed in it{f' ({error})' if error else ''}")
    link, links = _text(about.get("link")), _parts(about, "links")
    return Feed(
        title=one_line(_detail(about, "title", kind)),
        link=absolute(link, url),
        url=url,
        lang=_text(about.get("language")),
        author=_author(about),
        next=next((_text(e.get("href")) for e in links if e.get("rel") == "next"), ""),
        reader="feedparser",
        entries=tuple(_entry(each, kind, absolute(link, url) or url) for each in entries),
    )


def _entry(each: Any, kind: str, base: str) -> Entry:
    link, guid = _text(each.get("link")), _text(each.get("id"))
    blocks = _parts(each, "content")
    contents = [_value(block, kind) for block in blocks]
    summary = _detail(each, "summary", kind)
    content = next((c for c in contents if c.markup != "text" and c.value.strip()), None)
    content = content or next((c for c in contents if c.value.strip()), Text())
    if content.value.strip() == summary.value.strip():
        content, summary = (content if content.value.strip() else summary), Text()
    enclosures = tuple(
        Enclosure(absolute(address, base), _text(file.get("type")), _number(file.get("length")))
        for file in _parts(each, "links")
        if file.get("rel") == "enclosure"
        and (address := _text(file.get("href") or file.get("url")))
    )
    thumbnails = [*_parts(each, "media_thumbnail"), *_parts(each, "image")]
    image = next((_text(t.get("url") or t.get("href")) for t in thumbnails if t), "")
    tags = (
        one_line(Text(_text(t.get("label")) or _text(t.get("term")))) for t in _parts(each, "tags")
    )
    return Entry(
        guid=guid,
        link=absolute(link, base),
        title=_detail(each, "title", kind),
        content=content,
        summary=summary,
        author=_author(each),
        published=_date(each, "published") or _date(each, "created"),
        updated=_date(each, "updated"),
        tags=tuple(tag for tag in tags if tag),
        enclosures=enclosures,
        image=image,
        lang=_text(blocks[0].get("language") if blocks else "") or _text(each.get("language")),
    )


def _detail(holder: Any, name: str, kind: str) -> Text:
    detail = next(iter(_parts(holder, f"{name}_detail")), None)
    return _value(detail, kind) if detail else Text(_text(holder.get(name)))


def _parts(holder: Any, name: str) -> list[Mapping[str, Any]]:
    """What feedparser has put together under a name; an element called so is only text to it."""
    found = dict.get(holder, name)
    several = found if isinstance(found, list) else [found]
    return [each for each in several if isinstance(each, Mapping)]


def _value(detail: Any, kind: str) -> Text:
    """Feedparser says what it takes a text for; in RSS a plain text may be HTML all the same."""
    type = _text(detail.get("type")).lower()
    markup: Markup = "html" if type in _HTML else "text" if kind in ("feed", "entry") else ""
    return Text(_text(detail.get("value")), markup, _text(detail.get("base")))


def _author(holder: Any) -> str:
    names: dict[str, None] = {}
    for each in _parts(holder, "authors"):
        if name := person(_text(each.get("name")) or _text(each.get("email"))):
            names.setdefault(name)
    return ", ".join(names) or person(_text(holder.get("author")))


def _date(each: Any, name: str) -> str:
    # `get` would answer with another date where there is none of this name.
    written = _text(dict.get(each, name))
    parsed = dict.get(each, f"{name}_parsed")
    iso = parse_date(written)
    if iso or not isinstance(parsed, time.struct_time):
        return iso
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return ""


def _number(value: Any) -> int:
    text = str(value or "").strip()
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
