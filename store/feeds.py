"""Subscriptions and the web: what is new in feeds, and what is at an address, into the library."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from store.article import Article, clean_tags
from store.errors import CancelledError, LibraryError, ReadOnlyError
from store.fetch import FetchError, shown
from store.identity import canonical_url, identity
from store.importers.record import FeedLink, Record, Rejected, Update
from store.moments import utc_now
from store.schedule import DEFAULT
from store.subscription import (
    Subscription,
    SubscriptionTable,
    checked_interval,
    feed_key,
)
from store.views import ViewCount
from store.workers import beside

if TYPE_CHECKING:
    from store.fetch import Fetcher
    from store.index import Index
    from store.library import Library
    from store.reading import ReadingFile
    from store.refreshing import Answer, Outcome
    from store.results import ImportReport
    from store.webpages import Found

T = TypeVar("T")

#: Answers that are written together at most, articles, and seconds that they wait for it.
_TOGETHER: Final = 25
_ARTICLES: Final = 500
_SECONDS: Final = 1.0

#: Pages that are put into the library together, which rewrites its file, and seconds they wait.
_PAGES: Final = 200
_PAGES_SECONDS: Final = 10.0


@dataclass(slots=True)
class RefreshReport:
    """What became of each feed that was asked.

    Attributes:
        outcomes: One for each, as they came.
        waiting: Feeds that were left alone since their server asked for it.
        cancelled: The refresh was called off before all were asked.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    waiting: list[Subscription] = field(default_factory=list)
    cancelled: bool = False

    @property
    def new(self) -> int:
        """Articles that are new."""
        return sum(len(outcome.new) for outcome in self.outcomes)

    @property
    def updated(self) -> int:
        """Articles that were changed."""
        return sum(len(outcome.updated) for outcome in self.outcomes)

    @property
    def failed(self) -> list[Outcome]:
        """Those that could not be read."""
        return [outcome for outcome in self.outcomes if outcome.error]

    def summary(self) -> str:
        """One line: "12 feeds: 3 new, 1 updated; 2 failed: The Ledger, span.example"."""
        count = len(self.outcomes)
        line = f"{count:,} feed{'' if count == 1 else 's'}: {self.new:,} new"
        if self.updated:
            line += f", {self.updated:,} updated"
        if self.waiting:
            line += f", {len(self.waiting):,} waiting"
        if failed := self.failed:
            names = ", ".join(outcome.subscription.name for outcome in failed[:3])
            more = f" and {len(failed) - 3} more" if len(failed) > 3 else ""
            line += f"; {len(failed):,} failed: {names}{more}"
        return f"{line}; called off" if self.cancelled else line

    def to_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "new": self.new,
            "updated": self.updated,
            "failed": len(self.failed),
            "waiting": [shown(each.url) for each in self.waiting],
            "cancelled": self.cancelled,
            "feeds": [outcome.to_json() for outcome in self.outcomes],
        }


class Feeds:
    """The subscriptions of a library, and the way of the web into it.

    Methods that say so wait for the network; the others read or write the disk.

    Attributes:
        default: Minutes between two checks of a feed that has no interval of its own.
    """

    def __init__(
        self,
        library: Library,
        reading: ReadingFile,
        index: Index,
        sound: Callable[[Callable[[], Any]], Any],
        written: Callable[[], None],
    ) -> None:
        self.default = DEFAULT
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._library = library
        self._index = index
        self._sound = sound
        self._table = SubscriptionTable(reading, index, written)
        self._fetcher: Fetcher | None = None

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

    # ------------------------------------------------------------------------- subscriptions

    def all(self) -> tuple[Subscription, ...]:
        """All subscriptions, in the order they were made.

        Raises:
            LibraryError: the reading file is damaged.
        """
        return self._table.all()

    def find(self, url: str) -> Subscription | None:
        """The subscription with that address, however it is written."""
        return self._table.find(url)

    def chosen(self, names: Iterable[str]) -> list[Subscription]:
        """The subscriptions that names stand for: addresses, tags (`#news`, `news`), titles.

        Raises:
            LibraryError: a name stands for none.
        """
        everything = self.all()
        found: dict[int, Subscription] = {}
        for name in names:
            tag = "".join(clean_tags([name]))
            title = name.casefold().strip()
            these = [
                each
                for each in everything
                if feed_key(each.url) == feed_key(name.strip())
                or tag in each.tags
                or each.title.casefold() == title
                or each.site.rstrip("/") == name.strip().rstrip("/")
            ]
            if not these:
                raise LibraryError(
                    f"no subscription has the address, tag or title {name}: "
                    "`broadsheet feed list` names them"
                )
            found.update((each.id, each) for each in these)
        return list(found.values())

    def subscribe(
        self,
        url: str,
        *,
        title: str = "",
        site: str = "",
        tags: Iterable[str] = (),
        interval: int = 0,
        full_text: bool = False,
        by_hand: bool = False,
    ) -> tuple[Subscription, bool]:
        """Subscribe to a feed at its address; nothing is fetched.

        Returns:
            The subscription, and whether it is new; an old one gets the tags.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: the address is none, or the interval too short or long.
        """
        self._require_writable()
        if not canonical_url(url) or not url.lower().startswith(("http://", "https://")):
            raise LibraryError(f"{shown(url)} is no address of a feed: it begins with https://")
        new = Subscription(
            url, title, site, clean_tags(tags), checked_interval(interval), full_text,
            private=by_hand, added=utc_now(),
        )  # fmt: skip
        return self._table.add([new])[0]

    def add_links(self, links: Iterable[FeedLink]) -> int:
        """Subscribe to the feeds of a list; how many are new.

        Raises:
            ReadOnlyError: the library is read-only.
        """
        self._require_writable()
        new = [
            Subscription(
                link.url, link.title, link.site, link.tags, _bounded(link.interval),
                link.full_text, added=utc_now(),
            )
            for link in links
        ]  # fmt: skip
        return sum(is_new for _, is_new in self._table.add(new))

    def links(self) -> list[FeedLink]:
        """The subscriptions as a list for other programs."""
        return [
            FeedLink(each.url, each.title, each.site, each.tags, each.interval, each.full_text)
            for each in self.all()
        ]

    def edit(
        self,
        subscription: Subscription,
        *,
        title: str | None = None,
        tags: Iterable[str] | None = None,
        interval: int | None = None,
        full_text: bool | None = None,
    ) -> Subscription:
        """Change what a person may change of a subscription; None leaves a field as it is.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: the interval is too short or long, or the subscription is gone.
        """
        self._require_writable()
        fields: dict[str, Any] = {}
        if title is not None:
            fields["title"] = title
        if tags is not None:
            fields["tags"] = clean_tags(tags)
        if interval is not None:
            fields["interval"] = checked_interval(interval)
            fields["next_check"] = ""
        if full_text is not None:
            fields["full_text"] = full_text
        changed = self._table.change({subscription.id: lambda there: replace(there, **fields)})
        if not changed:
            raise LibraryError(f"{subscription.name} is subscribed to no more")
        return changed[0]

    def remove(self, subscription: Subscription) -> None:
        """Forget a subscription; its articles stay.

        Raises:
            ReadOnlyError: the library is read-only.
        """
        self._require_writable()
        self._table.remove(subscription.id)

    def counts(self) -> dict[str, ViewCount]:
        """Unread and all articles by the address of the feed they came from."""

        def read() -> dict[str, ViewCount]:
            with self._index.reading() as db:
                rows = db.execute(
                    "select d.source, sum(coalesce(s.read, 0) = 0), count(*) "
                    "from doc d left join state s on s.id = d.id "
                    "where d.type = 'feed' and coalesce(s.trashed, 0) = 0 group by d.source"
                )
                return {source: ViewCount(unread, total) for source, unread, total in rows}

        counts: dict[str, ViewCount] = self._sound(read)
        return counts

    def counts_of(self, subscriptions: Iterable[Subscription]) -> list[ViewCount]:
        """Unread and all articles of each subscription, those from before it moved included."""
        counts = self.counts()
        none = ViewCount(0, 0)
        result: list[ViewCount] = []
        for each in subscriptions:
            parts = [counts.get(shown(url), none) for url in (each.url, *each.formerly)]
            result.append(ViewCount(sum(p.unread for p in parts), sum(p.total for p in parts)))
        return result

    def due(self) -> list[Subscription]:
        """The subscriptions that are to be asked now."""
        now = self._iso_now()
        return [each for each in self.all() if not each.gone and each.next_check <= now]

    # ------------------------------------------------------------------------- refreshing

    def refresh(
        self,
        subscriptions: Sequence[Subscription] | None = None,
        *,
        insist: bool = False,
        on_outcome: Callable[[Outcome, int, int], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> RefreshReport:
        """Ask feeds for what is new, and take it in; waits for the network.

        An entry that is new becomes an article, one that was edited changes its article, whose
        state and highlights stay; one whose article was removed for good does not come back.

        Args:
            subscriptions: Whom to ask; by default all that are not gone.
            insist: Ask also those that are gone or whose server asked to be left alone.
            on_outcome: Told of each feed that was asked, how many were, and of how many.
            cancelled: Asked now and then; once it says so, no further one is asked.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: what came cannot be written; what was reported so far is safe.
        """
        from store.refreshing import Asking, ask_all

        self._require_writable()
        chosen = list(self.all() if subscriptions is None else subscriptions)
        report = RefreshReport()
        now = self._iso_now()
        if not insist:
            report.waiting = [each for each in chosen if not each.gone and each.wait_until > now]
            chosen = [each for each in chosen if not each.gone and each.wait_until <= now]
        asking = Asking(self.fetcher, self.default, self.now)
        held: list[Answer] = []
        edits: list[Answer] = []
        since = time.monotonic()
        for answer in ask_all(asking, chosen, cancelled):
            # Editing rewrites the library's file, which is done once for all of them.
            (edits if any(id for _, _, id, _ in answer.articles) else held).append(answer)
            articles = sum(len(each.articles) for each in held)
            if (
                len(held) >= _TOGETHER
                or articles >= _ARTICLES
                or time.monotonic() - since >= _SECONDS
            ):
                self._take_in(held, report, len(chosen), on_outcome)
                held.clear()
                since = time.monotonic()
        if cancelled():
            edits.clear()  # they take long to write, and are met again the next time
        self._take_in([*held, *edits], report, len(chosen), on_outcome)
        report.cancelled = len(report.outcomes) < len(chosen)
        return report

    def _take_in(
        self,
        answers: Sequence[Answer],
        report: RefreshReport,
        total: int,
        on_outcome: Callable[[Outcome, int, int], None] | None,
    ) -> None:
        """Put articles into the library, then what is remembered of them into the reading file.

        In this order: cut off between the two, the entries are met again, and found to be there.
        """
        if not answers:
            return
        records: list[Article | Update] = []
        origins: list[tuple[Answer, str, str, int, Article]] = []
        for answer in answers:
            for key, mark, id, article in answer.articles:
                if not id:
                    records.append(article)
                elif self._is_there(id):
                    records.append(Update(article, id))
                else:  # it was removed for good, and stays so
                    answer.seen[key] = (mark, id)
                    answer.outcome.unchanged += 1
                    continue
                origins.append((answer, key, mark, id, article))
        if records:
            done = self._library.add(records)
            added, merged = set(done.added), set(done.merged)
            for answer, key, mark, id, article in origins:
                id = id or self._id_of(article)
                answer.seen[key] = (mark, id)
                if id in added:
                    answer.outcome.new.append(id)
                elif id in merged:
                    answer.outcome.updated.append(id)
                elif id:
                    answer.outcome.unchanged += 1
                else:
                    answer.outcome.rejected += 1
        self._table.change({a.outcome.subscription.id: a.change for a in answers})
        for answer in answers:
            report.outcomes.append(answer.outcome)
            if on_outcome is not None:
                on_outcome(answer.outcome, len(report.outcomes), total)

    # ------------------------------------------------------------------------- the web

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

        got = self.fetcher.get(url, by_hand=True, cancelled=cancelled)
        if looks_like_feed(got.data):
            return [self._described(url if not got.moved_to else got.moved_to, readable(got), True)]
        named = candidates(got.data, got.url)
        sure = [each for each in named if each.sure]
        if sure:
            return [
                Subscription(each.url, each.title, private=_same_host(each.url, url))
                for each in sure
            ]
        for each in (*named, *usual(got.url)):
            private = _same_host(each.url, url)
            try:
                found = self.fetcher.get(each.url, by_hand=private, cancelled=cancelled)
            except FetchError:
                continue
            if looks_like_feed(found.data):
                return [self._described(found.url, readable(found), private)]
        return []

    def fetch(self, url: str, *, cancelled: Callable[[], bool] = lambda: False) -> Found:
        """What is at an address that a person typed; waits for the network, stores nothing."""
        from store.webpages import fetch_page

        return fetch_page(self.fetcher, url, cancelled=cancelled)

    def records(self, found: Found, *, tags: Iterable[str] = ()) -> list[Record]:
        """What was found at an address, to be added to the library.

        A stub that would stand for an article that is there already is a rejection.
        """
        given = clean_tags(tags)
        records: list[Record] = [*found.rejected]
        for article in found.articles:
            id = self._id_of(article) if found.error else 0
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

        What fails stays a stub, with the new reason.  Private addresses are not asked: `fetch` is
        for those that the person types.

        Args:
            ids: Articles with links.
            on_article: Told of each that was tried: its id, and why it failed or "".
            cancelled: Asked now and then; once it says so, the rest is left.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: what came cannot be written.
        """
        from store.results import ImportReport
        from store.webpages import fetch_page

        self._require_writable()
        report = ImportReport()

        def fetch(id: int) -> tuple[int, str, Update | Rejected]:
            article = self._library.get(id)
            if not article.url.startswith(("http://", "https://")):
                reason = "it has no link to fetch"
                return id, reason, Rejected(f"article {id}", reason)
            # Whether an address was typed once cannot be known from what is stored, which may
            # have come with a file: it is asked for as a stranger's.
            found = fetch_page(self.fetcher, article.url, by_hand=False, cancelled=cancelled)
            page = next((each for each in found.articles if each.body.strip()), None)
            if page is None or found.kind == "feed":
                reason = found.error or "there is no article in it"
                if not article.is_stub:
                    return id, reason, Rejected(shown(article.url), reason)
                extra = {"fetch_error": reason, "fetch_tried": utc_now()}
                return id, reason, Update(replace(article, extra={**article.extra, **extra}), id)
            if not article.is_stub:
                page = replace(page, source=article.source, type=article.type)
            return id, "", Update(page, id)

        held: list[Record] = []
        since = time.monotonic()
        threads = self.fetcher.limits.connections
        try:
            for id, reason, record in beside(fetch, list(ids), threads, cancelled):
                held.append(record)
                if len(held) >= _PAGES or time.monotonic() - since >= _PAGES_SECONDS:
                    _join(report, self._library.add(held))
                    held.clear()
                    since = time.monotonic()
                if on_article is not None:
                    on_article(id, reason)
        except CancelledError:
            pass
        finally:
            if held:
                _join(report, self._library.add(held))
        return report

    # ------------------------------------------------------------------------- inside

    def _described(self, url: str, data: bytes, private: bool) -> Subscription:
        from store.errors import SourceError
        from store.importers.feeds import parse_feed

        try:
            feed = parse_feed(data, url)
        except SourceError:
            return Subscription(url, private=private)
        return Subscription(url, feed.title, feed.link, private=private)

    def _require_writable(self) -> None:
        if self._library.readonly:
            raise ReadOnlyError(f"{self._library.path} is read-only")

    def _is_there(self, id: int) -> bool:
        return self._sound(lambda: self._index.place(id)) is not None

    def _id_of(self, article: Article) -> int:
        from store.sanitize import clean_article

        number = identity(clean_article(article)[0])
        found: list[int] = self._sound(lambda: self._index.with_identity(number))
        return found[0] if found else 0

    def _iso_now(self) -> str:
        return self.now().astimezone(UTC).isoformat(timespec="seconds")


def view_of(subscription: Subscription) -> str:
    """The query for the articles of a feed."""
    addresses = (subscription.url, *subscription.formerly)
    terms = [f'feed:"{shown(url)}"' for url in addresses]
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def _same_host(url: str, other: str) -> bool:
    from urllib.parse import urlsplit

    return urlsplit(url).netloc == urlsplit(other).netloc


def _bounded(interval: int) -> int:
    """An interval that another program wrote, within the bounds."""
    from store.subscription import INTERVALS

    return min(max(interval, INTERVALS[0]), INTERVALS[1]) if interval else 0


def _join(report: ImportReport, other: ImportReport) -> None:
    report.added += other.added
    report.merged += other.merged
    report.unchanged += other.unchanged
    report.rejected += other.rejected
    report.cleaned += other.cleaned
