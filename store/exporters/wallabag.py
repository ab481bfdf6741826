"""wallabag's JSON (v2): what its own export writes and its import, and that of others, read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from store.exporters.markup import html_of, link_of
from store.exporters.record import Entry, Export
from store.highlights import Highlight
from store.indexrows import site_of
from store.jsontext import dumps


def write_wallabag(entries: Iterable[Entry], export: Export) -> Iterator[bytes]:
    """The array in parts, an entry a line; articles without a link are not wallabag's."""
    separator = b"[\n"
    for entry in entries:
        if not link_of(entry.article.url):
            export.report.leave_out("no link")
            continue
        export.report.articles += 1
        export.report.highlights += len(entry.highlights)
        yield separator + dumps(document(entry))
        separator = b",\n"
    yield b"[]\n" if separator == b"[\n" else b"\n]\n"


def document(entry: Entry) -> dict[str, Any]:
    """One entry."""
    article, state = entry.shown, entry.state
    saved = _moment(article.saved)
    return {
        "id": article.id,
        "is_archived": int(state.archived or state.read),
        "is_starred": int(state.starred),
        "tags": list(article.tags),
        "is_public": False,
        "title": article.title,
        "url": article.url,
        "content": html_of(article),
        "created_at": saved,
        "updated_at": _moment(state.read_at) or saved,
        "published_at": _moment(article.published) or None,
        "published_by": [article.author] if article.author else [],
        "annotations": [_annotation(highlight) for highlight in entry.highlights],
        "mimetype": "text/html",
        "language": article.lang.replace("-", "_"),
        "reading_time": article.minutes,
        "domain_name": site_of(article.url),
        "preview_picture": article.image,
    }


def _annotation(highlight: Highlight) -> dict[str, Any]:
    moment = _moment(highlight.made)
    return {
        "text": highlight.note,
        "quote": highlight.quote,
        "created_at": moment,
        "updated_at": moment,
        "ranges": [],
    }


def _moment(text: str) -> str:
    """An ISO 8601 time as wallabag writes it, `2017-03-09T14:05:06+0000`; "" for none."""
    whole = text + {4: "-01-01", 7: "-01"}.get(len(text), "")  # a year, a month
    try:
        value = datetime.fromisoformat(whole)
    except ValueError:
        return ""
    value = value if value.tzinfo else value.replace(tzinfo=UTC)
    return value.strftime("%Y-%m-%dT%H:%M:%S%z")
