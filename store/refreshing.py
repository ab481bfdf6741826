"""Asking feeds for what is new: many at once, each on its own, none able to stop the others."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from store.answer import Fetched, FetchError, host_of, shown
from store.article import TEXT_SOURCE, Article, clean_tags, count_words
from store.errors import CancelledError, SourceError
from store.plaintext import plain_text
from store.remembered import SHARED, Seen, fingerprint_of, is_removed, remembered
from store.schedule import after_failure, after_success, iso
from store.subscription import Subscription
from store.workers import beside

if TYPE_CHECKING:
    from store.fetch import Fetcher
    from store.importers.feed_model import Entry, Feed

#: Pages of new entries that are fetched of one feed in one refresh; the rest keep their summaries.
MOST_PAGES: Final = 50

#: Longest reason of a failure that is kept, in characters.
LONGEST_REASON: Final = 300

#: Most entries taken of one feed.
MOST_ENTRIES: Final = 2_000

#: Failures in a row at one site after which its pages are left alone for this refresh.
_PATIENCE: Final = 3


@dataclass(slots=True)
class Outcome:
    """What became of asking one feed.

    Attributes:
        subscription: The feed as it was.
        new: Ids of articles that it brought.
        updated: Ids of articles that it changed.
        unchanged: Entries that were as before.
        error: Why it failed, or "".
        gone: The server says that it is gone for good.
        moved_to: Its new address, when it moved for good, or "".
        rejected: Entries that could not be taken.
    """

    subscription: Subscription
    new: list[int] = field(default_factory=list)
    updated: list[int] = field(default_factory=list)
    unchanged: int = 0
    error: str = ""
    gone: bool = False
    moved_to: str = ""
    rejected: int = 0

    def to_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "url": shown(self.subscription.url),
            "title": self.subscription.title,
            "new": self.new,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "error": self.error,
            "gone": self.gone,
            "moved_to": shown(self.moved_to),
        }


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


@dataclass(slots=True)
class Answer:
    """What a feed answered, not yet taken into the library.

    Attributes:
        outcome: What is known of it so far.
        articles: (entry's key, its fingerprint, article's id or 0, article) of new and edited
            entries.
        seen: What there is to remember of the entries that are not in `articles`.
        change: Makes the subscription what it is after this.
    """

    outcome: Outcome
    articles: list[tuple[str, str, int, Article]] = field(default_factory=list)
    seen: dict[str, tuple[str, int]] = field(default_factory=dict)
    change: Callable[[Subscription], Subscription] = lambda subscription: subscription


@dataclass(frozen=True, slots=True)
class Asking:
    """How feeds are asked.

    Attributes:
        fetcher: Fetches.
        default: Minutes of the default interval.
        now: The present, with its zone.
        random: Gives numbers from 0 to 1.
    """

    fetcher: Fetcher
    default: int
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    random: Callable[[], float] = random.random


def ask_all(
    asking: Asking, subscriptions: Sequence[Subscription], cancelled: Callable[[], bool]
) -> Iterator[Answer]:
    """Ask feeds beside one another; their answers as they come.

    Once `cancelled` says so, no further feed is asked, and what is under way is given up.
    """
    stopped = threading.Event()

    def is_over() -> bool:
        return stopped.is_set() or cancelled()

    def work(subscription: Subscription) -> Answer | None:
        try:
            return ask(asking, subscription, is_over)
        except CancelledError:
            return None

    threads = asking.fetcher.limits.connections
    try:
        for answer in beside(work, _mixed(subscriptions), threads, is_over):
            if answer is not None:
                yield answer
    finally:
        stopped.set()


def _mixed(subscriptions: Iterable[Subscription]) -> list[Subscription]:
    """Feeds in an order in which those of one host are far apart, so that none waits for it."""
    from urllib.parse import urlsplit

    hosts: dict[str, list[Subscription]] = {}
    for subscription in subscriptions:
        hosts.setdefault(urlsplit(subscription.url).netloc, []).append(subscription)
    ordered: list[Subscription] = []
    while hosts:
        for host in list(hosts):
            ordered.append(hosts[host].pop(0))
            if not hosts[host]:
                del hosts[host]
    return ordered


def ask(asking: Asking, subscription: Subscription, cancelled: Callable[[], bool]) -> Answer:
    """Ask one feed; whatever goes wrong is in the answer.

    Raises:
        CancelledError: `cancelled` said so.
    """
    outcome = Outcome(subscription)
    try:
        got = asking.fetcher.get(
            subscription.url,
            by_hand=subscription.private,
            etag=subscription.etag,
            last_modified=subscription.last_modified,
            cancelled=cancelled,
        )
        outcome.moved_to = got.moved_to
        feed = None if got.not_modified else _parsed(got)
    except FetchError as error:
        return _failed(asking, outcome, error.reason, error)
    except SourceError as error:
        return _failed(asking, outcome, str(error), None)
    except CancelledError:
        raise
    except Exception as error:  # a bug in a reader costs one feed, not the refresh
        import logging

        logging.getLogger(__name__).exception("reading %s failed", subscription.name)
        return _failed(
            asking, outcome, f"reading it failed ({type(error).__name__}: {error})", None
        )
    answer = Answer(outcome)
    if feed is not None:
        _compare(asking, answer, feed, cancelled, private=got.private)
    now = asking.now()

    def change(there: Subscription) -> Subscription:
        if feed is not None:
            there = replace(
                there,
                title=there.title or feed.title,
                site=there.site or feed.link,
                etag=got.etag,
                last_modified=got.last_modified,
                seen=remembered(there.seen, answer.seen),
                ttl=feed.ttl,
                skip_hours=tuple(sorted(feed.skip_hours)),
                skip_days=tuple(sorted(feed.skip_days)),
            )
        due = after_success(there, got.max_age, now, asking.default)
        # What was met on the public internet has no more need of the leave, and may not turn to a
        # private address behind the person's back.  Who typed it again meanwhile gave it anew.
        private = there.private and (got.private or not subscription.private)
        return _moved(
            replace(
                there, private=private, checked=iso(now), next_check=iso(due), wait_until="",
                error="", errors=0, gone=False,
            ),
            got.moved_to,
        )  # fmt: skip

    answer.change = change
    return answer


def _parsed(got: Fetched) -> Feed:
    from store.firstentries import first_entries
    from store.importers.feeds import parse_feed
    from store.webpages import readable

    return parse_feed(first_entries(readable(got), MOST_ENTRIES), got.url)


def _failed(asking: Asking, outcome: Outcome, reason: str, error: FetchError | None) -> Answer:
    outcome.error = reason
    outcome.gone = error is not None and error.gone
    retry_after = error.retry_after if error is not None else None

    if error is not None and error.busy:
        return Answer(outcome)  # nothing is known of it: it stays due

    def change(there: Subscription) -> Subscription:
        now = asking.now()
        there = replace(
            there, errors=there.errors + 1, error=reason[:LONGEST_REASON], checked=iso(now)
        )
        due = after_failure(there, retry_after, now, asking.default, asking.random)
        return replace(
            there,
            next_check="" if outcome.gone else iso(due),
            wait_until=iso(due) if retry_after is not None else "",
            gone=outcome.gone,
        )

    return Answer(outcome, change=change)


def _moved(subscription: Subscription, address: str) -> Subscription:
    """The subscription at its new address; one that may be private stays on its host."""
    if not address:
        return subscription
    same = host_of(address) == host_of(subscription.url)
    formerly = [url for url in (*subscription.formerly, subscription.url) if url != address]
    return replace(
        subscription,
        url=address,
        private=subscription.private and same,
        formerly=tuple(dict.fromkeys(formerly))[-5:],
    )


def _compare(
    asking: Asking, answer: Answer, feed: Feed, cancelled: Callable[[], bool], *, private: bool
) -> None:
    """Sort the entries into new, edited and unchanged ones.

    `private` tells that the feed needed the leave: its pages on the same host may too.
    """
    from store.importers.feed_model import told_apart

    subscription = answer.outcome.subscription
    pages = _Pages(asking, subscription, cancelled, private) if subscription.full_text else None
    seen = subscription.seen
    entries = feed.entries[:MOST_ENTRIES]
    known, shared = told_apart(
        entries, {name for name, (mark, _) in seen.items() if mark == SHARED}
    )
    answer.seen.update(dict.fromkeys(shared, (SHARED, 0)))
    claims = Counter(seen[key][1] for key, _ in known if key in seen)
    met: set[str] = set()
    for entry, (key, apart) in zip(entries, known, strict=True):
        mark = entry.fingerprint
        if key in met:
            continue  # the same entry twice
        met.add(key)
        before = seen.get(key) or _formerly(entry, seen)
        if before is not None and (before[0] == mark or is_removed(before)):
            answer.outcome.unchanged += 1
            answer.seen[key] = before
            continue
        id = before[1] if before is not None else 0
        if apart and claims[id] > 1:
            id = 0  # several entries were taken for this one article
        article = _article(entry, feed, subscription, key if apart and not id else "")
        if not (article.title or article.body or article.url):
            answer.outcome.rejected += 1
            continue
        if pages is not None:
            article = pages.whole(article, edited=bool(id))
        answer.articles.append((key, mark, id, article))


def _formerly(entry: Entry, seen: Seen) -> tuple[str, int] | None:
    """What is remembered of an entry by a name that it shares by now, if it is as it was then."""
    mark = entry.fingerprint
    there = (seen.get(name) for name in entry.names)
    return next((each for each in there if each and fingerprint_of(each) == mark), None)


def _article(entry: Entry, feed: Feed, subscription: Subscription, apart: str) -> Article:
    from store.importers.feed_model import article_of

    article = article_of(entry, feed, shown(subscription.url), apart=apart)
    site = subscription.title or article.site
    return replace(article, site=site, tags=clean_tags((*article.tags, *subscription.tags)))


class _Pages:
    """Fetches the pages of one feed's entries, and gives up on a site that does not answer."""

    def __init__(
        self,
        asking: Asking,
        subscription: Subscription,
        cancelled: Callable[[], bool],
        private: bool,
    ) -> None:
        self._asking = asking
        self._by_hand = private
        self._own = subscription.url
        self._cancelled = cancelled
        self._left = MOST_PAGES
        self._failures = 0

    def whole(self, article: Article, *, edited: bool) -> Article:
        """The article with the text of its page; as it was where that cannot be had."""
        if not article.url or self._left <= 0 or self._failures >= _PATIENCE:
            return replace(article, body="") if edited else article
        from store.webpages import fetch_page

        self._left -= 1
        # The person typed the feed's address: its own host may be asked, whatever it is.
        own = host_of(article.url) == host_of(self._own)
        found = fetch_page(
            self._asking.fetcher, article.url, by_hand=self._by_hand and own,
            cancelled=self._cancelled,
        )  # fmt: skip
        page = next((each for each in found.articles if each.body.strip()), None)
        if found.error or page is None or found.kind == "feed":
            self._failures += 1
            return replace(article, body="") if edited else article
        self._failures = 0
        if count_words(plain_text(page.body)) < count_words(plain_text(article.body)):
            return article  # the feed has more of it than what was found on the page
        return replace(
            article,
            body=page.body,
            words=page.words,
            author=article.author or page.author,
            published=article.published or page.published,
            image=article.image or page.image,
            lang=article.lang or page.lang,
            extra={**article.extra, TEXT_SOURCE: page.source},
        )
