"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from store.dates import parse_date
from store.encoding import decode
from store.errors import SourceError
from store.importers.feed_model import Enclosure, Entry, Feed, Text, absolute, one_line
from store.jsontext import loads

#: What the version of every JSON Feed begins with.
VERSION: Final = "jsonfeed.org/version/"

_HEAD: Final = 4096


def may_be_json_feed(data: bytes) -> bool:
    """Whether a document looks like a JSON Feed; cheap, and sure enough to be read as one."""
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    # The order of members is free: the version may stand behind the entries.
    mark = b"jsonfeed.org/version/"
    escaped = mark.replace(b"/", b"\\/")
    return head.startswith(b"{") and any(
        part in data[:_HEAD] or part in data[-_HEAD:] or part in data for part in (mark, escaped)
    )


def read_json_feed(data: bytes, url: str) -> Feed:
    """Read a JSON Feed.

    Raises:
        SourceError: It is none.
    """
    try:
        document = loads(decode(data).strip().encode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"it is no JSON: {error}") from error
    if not isinstance(document, Mapping) or VERSION not in _text(document.get("version")):
        raise SourceError("it is JSON, but no JSON Feed")
    items = document.get("items")
    base = absolute(_text(document.get("home_page_url")), url)
    address = absolute(_text(document.get("feed_url")), url)
    return Feed(
        title=one_line(Text(_text(document.get("title")), "text")),
        link=base,
        url=url or address,
        lang=_text(document.get("language")),
        author=_authors(document),
        next=absolute(_text(document.get("next_url")), url),
        reader="json",
        entries=tuple(
            _entry(item, base or address or url)
            for item in (items if isinstance(items, list) else [])
            if isinstance(item, Mapping)
        ),
    )


def _entry(item: Mapping[str, Any], base: str) -> Entry:
    markup, plain = _text(item.get("content_html")), _text(item.get("content_text"))
    id = item.get("id")
    guid = str(id) if isinstance(id, (str, int, float)) and not isinstance(id, bool) else ""
    link = _text(item.get("url")) or _text(item.get("external_url"))
    if not link and guid.startswith(("http://", "https://")):
        link = guid
    tags = item.get("tags")
    files = item.get("attachments")
    return Entry(
        guid=guid,
        link=absolute(link, base),
        title=Text(_text(item.get("title")), "text"),
        content=Text(markup, "html") if markup.strip() else Text(plain, "text"),
        summary=Text(_text(item.get("summary")), "text"),
        author=_authors(item),
        published=parse_date(_text(item.get("date_published"))),
        updated=parse_date(_text(item.get("date_modified"))),
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        enclosures=tuple(
            Enclosure(
                absolute(_text(file.get("url")), base),
                _text(file.get("mime_type")),
                size if isinstance(size := file.get("size_in_bytes"), int) else 0,
            )
            for file in (files if isinstance(files, list) else [])
            if isinstance(file, Mapping) and _text(file.get("url"))
        ),
        image=absolute(_text(item.get("image")) or _text(item.get("banner_image")), base),
        lang=_text(item.get("language")),
    )


def _authors(holder: Mapping[str, Any]) -> str:
    """The `authors` of version 1.1, else the `author` of version 1."""
    authors = holder.get("authors")
    if not isinstance(authors, list) or not authors:
        authors = [holder.get("author")]
    names = (_text(each.get("name")) for each in authors if isinstance(each, Mapping))
    return ", ".join(dict.fromkeys(name.strip() for name in names if name.strip()))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
