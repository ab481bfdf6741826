"""Subscriptions: kept, asked for what is new, and what is new taken into the library."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from store.answer import shown
from store.article import Article, clean_tags
from store.errors import LibraryError, ReadOnlyError
from store.identity import canonical_url
from store.importers.record import FeedLink, Update
from store.moments import utc_now
from store.sanitize import clean_url
from store.schedule import DEFAULT, is_due, is_left_alone
from store.subscription import (
    Subscription,
    SubscriptionTable,
    bounded_interval,
    checked_interval,
    feed_key,
)
from store.views import ViewCount

if TYPE_CHECKING:
    from store.index import Index
    from store.library import Library
    from store.reading import ReadingFile
    from store.refreshing import Answer, Outcome, RefreshReport


#: Answers that are written together at most, articles, and seconds that they wait for it.
_TOGETHER: Final = 25
_ARTICLES: Final = 500
_SECONDS: Final = 1.0


class Feeds:
    """The subscriptions of a library.

    `refresh` waits for the network; the others read or write the disk.

    Attributes:
        default: Minutes between two checks of a feed that has no interval of its own.
    """

    def __init__(
        self,
        library: Library,
        reading: ReadingFile,
        index: Index,
        sound: Callable[[Callable[[], Any]], Any],
    ) -> None:
        self.default = DEFAULT
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._library = library
        self._index = index
        self._sound = sound
        self._table = SubscriptionTable(reading, index)

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
        """Subscribe to a feed at its address; nothing is fetched; it can be undone.

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
            clean_url(url), title, site, clean_tags(tags), checked_interval(interval), full_text,
            private=by_hand, added=utc_now(),
        )  # fmt: skip
        self._library.flush()
        return self._table.add([new])[0]

    def add_links(self, links: Iterable[FeedLink]) -> int:
        """Subscribe to the feeds of a list, which can be undone; how many are new.

        Raises:
            ReadOnlyError: the library is read-only.
        """
        self._require_writable()
        new = [
            Subscription(
                clean_url(link.url), link.title, link.site, link.tags,
                bounded_interval(link.interval), link.full_text, added=utc_now(),
            )
            for link in links
        ]  # fmt: skip
        self._library.flush()
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

        It can be undone.

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
        self._library.flush()  # the journal keeps the order in which things were done
        changed = self._table.change(
            {subscription.id: lambda there: replace(there, **fields)}, undone=True
        )
        if not changed:
            raise LibraryError(f"{subscription.name} is subscribed to no more")
        return changed[0]

    def remove(self, subscription: Subscription) -> None:
        """Forget a subscription; its articles stay; it can be undone.

        Raises:
            ReadOnlyError: the library is read-only.
        """
        self._require_writable()
        self._library.flush()
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
        now = self.now()
        return [each for each in self.all() if is_due(each, now)]

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
        from store.refreshing import Asking, RefreshReport, ask_all

        self._require_writable()
        chosen = list(self.all() if subscriptions is None else subscriptions)
        report = RefreshReport()
        now = self.now()
        if not insist:
            asked = [each for each in chosen if not each.gone]
            report.waiting = [each for each in asked if is_left_alone(each, now)]
            chosen = [each for each in asked if not is_left_alone(each, now)]
        asking = Asking(self._library.web.fetcher, self.default, self.now)
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
            known = self._library.known_as([article for *_, article in origins])
            counted: set[tuple[int, int]] = set()
            for (answer, key, mark, id, _), same in zip(origins, known, strict=True):
                id, outcome = id or same, answer.outcome
                answer.seen[key] = (mark, id)
                which = (outcome.subscription.id, id)
                first = which not in counted  # two entries may be one article
                counted.add(which)
                if id in added and first:
                    outcome.new.append(id)
                elif id in merged and first:
                    outcome.updated.append(id)
                elif id:
                    outcome.unchanged += 1
                else:
                    outcome.rejected += 1
        self._table.change({a.outcome.subscription.id: a.change for a in answers})
        for answer in answers:
            report.outcomes.append(answer.outcome)
            if on_outcome is not None:
                on_outcome(answer.outcome, len(report.outcomes), total)

    # ------------------------------------------------------------------------- inside

    def _require_writable(self) -> None:
        if self._library.readonly:
            raise ReadOnlyError(f"{self._library.path} is read-only")

    def _is_there(self, id: int) -> bool:
        return self._sound(lambda: self._index.place(id)) is not None


def view_of(subscription: Subscription) -> str:
    """The query for the articles of a feed."""
    addresses = (subscription.url, *subscription.formerly)
    terms = [f'feed:"{shown(url)}"' for url in addresses]
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"
