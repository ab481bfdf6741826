"""The way of the web into a library: pages, the feeds of pages, the texts of stubs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from store.answer import FetchError, host_of, shown
from store.article import TEXT_SOURCE, clean_tags
from store.errors import ArticleNotFoundError, CancelledError, LibraryError, ReadOnlyError
from store.importers.record import Record, Rejected, Update
from store.moments import utc_now
from store.subscription import Subscription
from store.workers import beside

if TYPE_CHECKING:
    from store.answer import Fetched
    from store.fetch import Fetcher
    from store.library import Library
    from store.results import ImportReport
    from store.webpages import Found

#: What is fetched anew is put into the library together, which rewrites its file: after so many
#: seconds, or so many times as long as the last time took, and at so many characters at the latest.
_PAGES_SECONDS: Final = 10.0
_PAGES_SHARE: Final = 9.0
_PAGES_CHARACTERS: Final = 32_000_000


class Web:
    """Fetches for a library; every method waits for the network but `records`.

    Args:
        library: Where what is fetched belongs.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._fetcher: Fetcher | None = None
        self._typed: set[str] = set()  # since the start: nothing that is stored gives the leave

    @property
    def fetcher(self) -> Fetcher:
        """What fetches; another one may be set before the first use."""
        if self._fetcher is None:
            from store.fetch import Fetcher

            self._fetcher = Fetcher()
        return self._fetcher

    @fetcher.setter
    def fetcher(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def close(self) -> None:
        """Close all connections; idempotent."""
        if self._fetcher is not None:
            self._fetcher.close()

    def discover(
        self, url: str, *, cancelled: Callable[[], bool] = lambda: False
    ) -> list[Subscription]:
        """The feeds at an address that a person typed, or of its page; waits for the network.

        Returns:
            Subscriptions that are not stored, best first; none when there is no feed.

        Raises:
            FetchError: the address cannot be fetched.
        """
        from store.discovery import candidates, usual
        from store.importers.feeds import looks_like_feed
        from store.webpages import readable

        typed = host_of(url)

        def private(address: str, got: Fetched) -> bool:
            """Whether a feed needs the leave: of the host that was typed, where that is private."""
            return got.private and host_of(address) == typed

        got = self.fetcher.get(url, by_hand=True, cancelled=cancelled)
        if looks_like_feed(got.data):
            return [
                _described(got.moved_to or url, readable(got), private(got.moved_to or url, got))
            ]
        named = candidates(got.data, got.url)
        sure = [each for each in named if each.sure]
        if sure:
            return [
                Subscription(each.url, each.title, private=private(each.url, got)) for each in sure
            ]
        for each in (*named, *usual(got.url)):
            by_hand = host_of(each.url) == typed
            try:
                found = self.fetcher.get(each.url, by_hand=by_hand, cancelled=cancelled)
            except FetchError:
                continue
            if looks_like_feed(found.data):
                return [_described(found.url, readable(found), private(found.url, found))]
        return []

    def is_private(self, url: str) -> bool:
        """Whether an address that a person typed is a private one; waits for the look-up.

        Not where its name is not known.
        """
        return self.fetcher.is_private(url)

    def fetch(self, url: str, *, cancelled: Callable[[], bool] = lambda: False) -> Found:
        """What is at an address that a person typed; waits for the network, stores nothing."""
        from store.sanitize import clean_url
        from store.webpages import fetch_page

        self._typed.add(clean_url(url))
        return fetch_page(self.fetcher, url, cancelled=cancelled)

    def records(self, found: Found, *, tags: Iterable[str] = ()) -> list[Record]:
        """What was found at an address, to be added to the library.

        A stub that would stand for an article that is there already is a rejection.
        """
        given = clean_tags(tags)
        records: list[Record] = [*found.rejected]
        for article in found.articles:
            id = self._library.known_as([article])[0] if found.error else 0
            if id and not self._library.get(id).is_stub:
                records.append(Rejected(article.source, found.error))
                continue
            records.append(replace(article, tags=clean_tags((*article.tags, *given))))
        records += [replace(link, tags=clean_tags((*link.tags, *given))) for link in found.links]
        return records

    def retry(
        self,
        ids: Iterable[int],
        *,
        on_article: Callable[[int, str], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> ImportReport:
        """Fetch the text of stubs, or the text of articles anew; waits for the network.

        What fails stays a stub, with the new reason.  Private addresses are not asked but those
        that the person has typed since the start (see `fetch`).

        Args:
            ids: Articles with links.
            on_article: Told of each that was tried: its id, and why it failed or "".
            cancelled: Asked now and then; once it says so, the rest is left.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: what came cannot be written.
        """
        from store.results import ImportReport
        from store.webpages import fetch_page, is_address

        if self._library.readonly:
            raise ReadOnlyError(f"{self._library.path} is read-only")
        report = ImportReport()

        def fetch(id: int) -> tuple[int, str, Update | Rejected]:
            try:
                return attempt(id)
            except ArticleNotFoundError as error:
                reason = str(error)
            except (CancelledError, LibraryError):
                raise
            except Exception as error:  # a bug in a reader costs one article, not all of them
                import logging

                logging.getLogger(__name__).exception("fetching article %s failed", id)
                reason = f"fetching it failed ({type(error).__name__}: {error})"
            return id, reason, Rejected(f"article {id}", reason)

        def attempt(id: int) -> tuple[int, str, Update | Rejected]:
            article = self._library.get(id)
            if not is_address(article.url):
                reason = "it has no link to fetch"
                return id, reason, Rejected(f"article {id}", reason)
            # Whether an address was typed before the start cannot be known from what is stored,
            # which may have come with a file: it is asked for as a stranger's.
            by_hand = article.url in self._typed
            found = fetch_page(self.fetcher, article.url, by_hand=by_hand, cancelled=cancelled)
            page = next((each for each in found.articles if each.body.strip()), None)
            if page is None or found.kind == "feed":
                reason = found.error or "there is no article in it"
                if not article.is_stub:
                    return id, reason, Rejected(shown(article.url), reason)
                extra = {"fetch_error": reason, "fetch_tried": utc_now()}
                return id, reason, Update(replace(article, extra={**article.extra, **extra}), id)
            if not article.is_stub:  # in the place of its text, however much shorter
                page = replace(
                    page,
                    source=article.source,
                    type=article.type,
                    author=article.author or page.author,
                    summary=article.summary or page.summary,
                    extra={**page.extra, TEXT_SOURCE: page.source},
                )
            return id, "", Update(page, id)

        held: list[Record] = []
        characters = 0
        since = time.monotonic()
        pause = _PAGES_SECONDS
        threads = self.fetcher.limits.connections
        try:
            for id, reason, record in beside(fetch, list(ids), threads, cancelled):
                held.append(record)
                characters += len(record.article.body) if isinstance(record, Update) else 0
                begin = time.monotonic()
                if begin - since >= pause or characters >= _PAGES_CHARACTERS:
                    _join(report, self._library.add(held))
                    held.clear()
                    characters = 0
                    since = time.monotonic()
                    pause = max(_PAGES_SECONDS, _PAGES_SHARE * (since - begin))
                if on_article is not None:
                    on_article(id, reason)
        except CancelledError:
            pass
        finally:
            if held:
                _join(report, self._library.add(held))
        return report


def _described(url: str, data: bytes, private: bool) -> Subscription:
    from store.errors import SourceError
    from store.importers.feeds import parse_feed

    try:
        feed = parse_feed(data, url)
    except SourceError:
        return Subscription(url, private=private)
    return Subscription(url, feed.title, feed.link, private=private)


def _join(report: ImportReport, other: ImportReport) -> None:
    report.added += other.added
    report.merged += other.merged
    report.unchanged += other.unchanged
    report.rejected += other.rejected
    report.cleaned += other.cleaned
