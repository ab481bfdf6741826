"""What is at an address on the web, as articles: a page, a feed, a paper, a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from store.answer import Fetched, FetchError, host_of, shown
from store.article import Article
from store.encoding import decode, detect_encoding
from store.errors import SourceError
from store.fetch import ACCEPT_PAGE
from store.identity import canonical_url
from store.importers.record import FeedLink, Rejected, Source
from store.moments import utc_now
from store.sanitize import clean_line, clean_url

if TYPE_CHECKING:
    from store.discovery import Candidate
    from store.fetch import Fetcher

_MARKDOWN: Final = frozenset({"text/markdown", "text/x-markdown", "text/x-web-markdown"})
_DECLARES = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=|<meta[^>]{0,300}charset\s*=", re.I)


@dataclass(slots=True)
class Found:
    """What an address holds.

    Attributes:
        asked: The address that was asked for.
        url: Where it was in the end.
        kind: Name of the format that read it; "feed" for a feed.
        articles: The articles; one stub, with the reason in it, where it could not be had.
        links: Feeds that a list names.
        rejected: What could not be taken, with the reason.
        feeds: Feeds that the page names.
        error: Why it could not be fetched, or "".
    """

    asked: str
    url: str
    kind: str = ""
    articles: list[Article] = field(default_factory=list)
    links: list[FeedLink] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    feeds: list[Candidate] = field(default_factory=list)
    error: str = ""


def is_address(text: str) -> bool:
    """Whether what a person typed is an address on the web and not the name of a file."""
    return bool(re.match(r"https?://[^\s/]", text.strip(), re.I))


def fetch_page(
    fetcher: Fetcher,
    url: str,
    *,
    by_hand: bool = True,
    cancelled: Callable[[], bool] | None = None,
) -> Found:
    """Fetch an address and read what is there; what fails becomes a stub that says why.

    Args:
        fetcher: Fetches.
        url: The address.
        by_hand: A person typed it: its host may be a private address.
        cancelled: Asked now and then.

    Raises:
        CancelledError: `cancelled` said so.
    """
    try:
        got = fetcher.get(url, by_hand=by_hand, accept=ACCEPT_PAGE, cancelled=cancelled)
    except FetchError as error:
        return Found(url, url, articles=[stub(url, error.reason)], error=error.reason)
    return read_page(got, url)


def read_page(got: Fetched, url: str) -> Found:
    """Read what came from an address.

    Args:
        got: The answer.
        url: The address that was asked for.
    """
    from store.importers import FORMATS, find_format, read_source

    data = readable(got)
    found = Found(url, got.url)
    source = Source(_name(got), data)
    try:
        format = _format(got, data) or find_format(source).name
    except SourceError as error:
        reason = str(error)
        return Found(url, got.url, articles=[stub(got.url, reason)], error=reason)
    found.kind = format
    for record in read_source(Source(_name(got), data), format if format in FORMATS else None):
        if isinstance(record, Rejected):
            found.rejected.append(record)
        elif isinstance(record, FeedLink):
            found.links.append(record)
        elif isinstance(record, Article):
            found.articles.append(_placed(record, got, url, format))
    if format == "html":
        from store.discovery import candidates

        found.feeds = [each for each in candidates(data, got.url) if each.sure]
    if not found.articles and not found.links:
        reason = found.rejected[0].reason if found.rejected else "there is nothing to read in it"
        found.rejected.clear()
        found.articles.append(stub(got.url, reason))
        found.error = reason
    return found


def stub(url: str, reason: str, title: str = "") -> Article:
    """An article that is still to be fetched, with the reason why it was not."""
    reason = clean_line(reason)[:300]
    return Article(
        title=title or shown(url),
        url=clean_url(shown(url)),
        site=host_of(shown(url)).rpartition(":")[0].removeprefix("www."),
        source=shown(url),
        type="html",
        extra={"fetch_error": reason, "fetch_tried": utc_now()} if reason else {},
    )


def readable(got: Fetched) -> bytes:
    """The document in an encoding that its readers will find.

    The encoding that the server names counts where the document names none and is not UTF-8.
    """
    data = got.data
    if not got.charset or data.isascii() or _DECLARES.search(data[:4096]):
        return data
    if detect_encoding(data).startswith(("utf-8", "utf-16", "utf-32")):
        return data
    return decode(data, got.charset).encode("utf-8", "surrogatepass")


def _format(got: Fetched, data: bytes) -> str:
    """The format that the server's media type names, where the content does not say it better."""
    from store.importers.feeds import looks_like_feed

    if looks_like_feed(data):
        return "feed"
    if got.content_type in _MARKDOWN:
        return "markdown"
    if got.content_type in ("text/html", "application/xhtml+xml") and not data.startswith(b"%PDF-"):
        return "html"
    if got.content_type == "text/plain" and not urlsplit(got.url).path.lower().endswith(
        (".md", ".markdown", ".opml", ".xml", ".json")
    ):
        return "" if data.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")) else "text"
    return ""


def _name(got: Fetched) -> str:
    return shown(got.url)


def _placed(article: Article, got: Fetched, url: str, format: str) -> Article:
    """The article with its address; titles made of the address become words."""
    if format == "feed":
        return article
    address = article.url or shown(got.url)
    # A page may say that its address is another; it is believed about its own site.
    if canonical_url(address) == "" or _site(address) != _site(got.url):
        address = shown(got.url)
    title = article.title
    if not title:
        title = unquote(urlsplit(got.url).path.rstrip("/").rpartition("/")[2]) or shown(url)
    site = article.site or (urlsplit(got.url).hostname or "").removeprefix("www.")
    return replace(article, url=address, title=title, site=site, source=shown(got.url))


def _site(url: str) -> str:
    host = (urlsplit(url).hostname or "").lower()
    return ".".join(host.split(".")[-2:])
