"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1; an article an entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from store.article import Article
from store.errors import SourceError
from store.importers.feed_guard import FEEDS, guarded, refuse_crowds, refuse_depth, root_of
from store.importers.feed_model import Feed, article_of, told_apart
from store.importers.record import Rejected, Source

#: Largest feed in bytes that feedparser is given, which needs up to 2 s for a megabyte.
MAX_ODD_SIZE: Final = 8 * 1024 * 1024

_TTL = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>", re.I)
_PERIOD = re.compile(rb"<(?:\w+:)?updatePeriod>\s*(\w+)\s*<", re.I)
_FREQUENCY = re.compile(rb"<(?:\w+:)?updateFrequency>\s*(\d{1,4})\s*<", re.I)
_SKIP = re.compile(rb"<skip(Hours|Days)>(.{0,2000}?)</skip\1>", re.I | re.S)
_LANGUAGE = re.compile(
    rb"<(?:dc:)?language>\s*+(?:<!\[CDATA\[\s*+)?([A-Za-z][\w-]{1,30})"
    rb"|\bxml:lang\s*=\s*[\"']([A-Za-z][\w-]{1,30})"
)
_PERIODS = {b"hourly": 60, b"daily": 1440, b"weekly": 10080, b"monthly": 43200, b"yearly": 525600}
_DAYS = (b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun")
_HEAD = 16 * 1024
_ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>/]", re.I)


def looks_like_feed(data: bytes) -> bool:
    """Whether a document is a feed, by its first element or, for JSON, its version."""
    from store.importers.feed_json import may_be_json_feed

    name, _ = root_of(data)
    if name in FEEDS:
        # RDF holds many things; the ones that are feeds have a channel of RSS.
        return name != "rdf" or b"purl.org/rss/" in data or b"netscape.com/rdf/" in data \
            or b"<channel" in data  # fmt: skip
    return not name and may_be_json_feed(data)


def parse_feed(data: bytes, url: str = "") -> Feed:
    """Take a feed apart; time and memory are bounded whatever is in it.

    Args:
        data: The document.
        url: Where it came from, for relative links, or "".

    Raises:
        SourceError: It is no feed, or one that is refused; the text says why.
    """
    from store.importers.deadline import call_in_time
    from store.importers.feed_fast import is_plain, read_fast
    from store.importers.feed_json import may_be_json_feed, read_json_feed
    from store.importers.feed_slow import read_slow

    if not data.strip():
        raise SourceError("it is empty")
    kind, attributes = root_of(data)
    if not kind and may_be_json_feed(data):
        return read_json_feed(data, url)
    if kind in ("html", "opml"):
        raise SourceError(f"it is no feed, but {'a page' if kind == 'html' else 'a list of feeds'}")
    data, declares = guarded(data, "feed")
    refuse_depth(data, "feed")
    refuse_crowds(data, "feed")
    feed: Feed | None = None
    if kind in FEEDS and not declares and is_plain(data, kind):
        try:
            feed = read_fast(data, kind, attributes, url)
        except SourceError:
            feed = None
    if feed is None or (not feed.entries and _ITEM.search(data)):
        if len(data) > MAX_ODD_SIZE:
            raise SourceError(
                f"the feed is odd or broken, and larger than {MAX_ODD_SIZE >> 20} MiB"
            )
        feed = call_in_time("the feed", len(data), read_slow, data, kind, url)
    if not feed.entries and kind not in FEEDS:
        raise SourceError("there is no feed in it")
    return _with_head(feed, data)


def read_feed(source: Source) -> Iterator[Article | Rejected]:
    """The articles of a feed in a file."""
    url = source.name if source.name.startswith(("http://", "https://")) else ""
    feed = parse_feed(source.data, url)
    if not feed.entries:
        yield Rejected(source.name, "the feed has no entries")
    known, _ = told_apart(feed.entries)
    for number, (entry, (key, apart)) in enumerate(zip(feed.entries, known, strict=True), 1):
        # Of one with neither guid nor page the text tells it apart, whatever the file is called.
        apart = apart and bool(entry.guid.strip() or entry.page)
        article = article_of(entry, feed, source.name, apart=key if apart else "")
        if not (article.title or article.body or article.url):
            yield Rejected(source.name, "it has neither title, text nor link", f"entry {number}")
        else:
            yield article


def _with_head(feed: Feed, data: bytes) -> Feed:
    """The feed with what its head says of its language and of when to ask it again."""
    head = data[:_HEAD]
    minutes = 0
    if match := _TTL.search(head):
        minutes = int(match[1])
    elif match := _PERIOD.search(head):
        frequency = _FREQUENCY.search(head)
        times = max(1, int(frequency[1])) if frequency else 1
        minutes = _PERIODS.get(match[1].lower(), 0) // times
    hours: set[int] = set()
    days: set[int] = set()
    for match in _SKIP.finditer(head):
        if match[1].lower() == b"hours":
            hours |= {int(n) % 24 for n in re.findall(rb"<hour>\s*(\d{1,2})\s*<", match[2], re.I)}
        else:
            names = re.findall(rb"<day>\s*(\w{3})", match[2], re.I)
            days |= {_DAYS.index(n.lower()) for n in names if n.lower() in _DAYS}
    lang = feed.lang
    if not lang and (match := _LANGUAGE.search(head)):
        lang = (match[1] or match[2]).decode("ascii")
    if not (minutes or hours or days or lang):
        return feed
    return replace(
        feed,
        lang=lang,
        ttl=minutes,
        skip_hours=frozenset(hours) if len(hours) < 24 else frozenset(),
        skip_days=frozenset(days) if len(days) < 7 else frozenset(),
    )
