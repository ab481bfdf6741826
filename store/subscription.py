"""Subscriptions: the feeds a person reads, kept in the reading file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final

from store import journal
from store.article import clean_tags
from store.errors import LibraryError
from store.identity import canonical_url
from store.indexing import update_apart
from store.journal import Documents
from store.numbers import free_numbers, is_whole, number_of, whole
from store.remembered import Seen, seen_of
from store.sanitize import clean_line, clean_url

if TYPE_CHECKING:
    from store.index import Index
    from store.reading import ReadingFile, Stamp, Tables

#: Minutes between two checks of a feed, least and most.
INTERVALS: Final = (5, 60 * 24 * 30)

#: What a person changes of a feed; all else is what asking it has brought.
_BY_HAND: Final = ("title", "site", "tags", "interval", "full_text", "private")

#: Hours and days that a feed can want to be left alone in, first and last.
_ALONE: Final = {"skip_hours": (0, 23), "skip_days": (0, 6)}


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed a person reads.

    Attributes:
        url: The feed's address.
        title: What it is called: what the person or a list says, else what the feed says.
        site: The page it belongs to, or "".
        tags: Tags that its new articles get.
        interval: Minutes between two checks; 0 for the default.
        full_text: Whether the pages of its new entries are fetched.
        private: Its address was typed by the person and is a private one, so it may be asked.  It
            lapses once the host is met on the public internet.
        gone: The server says that it is gone for good (HTTP 410): it is asked no more.
        etag: To ask with, or "".
        last_modified: To ask with, or "".
        added: When it was subscribed to, ISO 8601 in UTC.
        checked: When it was asked last, or "".
        next_check: When it is to be asked next, or "" for at once.
        wait_until: Before when its server asked not to be asked again, or "".
        error: Why the last check failed, or "".
        errors: How many checks have failed in a row.
        ttl: Minutes for which the feed asks not to be asked again.
        skip_hours: Hours of the day (UTC) in which it wants to be left alone.
        skip_days: Days of the week in which it does, Monday is 0.
        formerly: Addresses that it had before it moved.
        seen: What its entries were like when they were taken in: the entry's key -> its
            fingerprint (see `remembered`) and the article's id (0 where none was made of it).
        id: Its number in the reading file; 0 until it is stored.
    """

    url: str
    title: str = ""
    site: str = ""
    tags: tuple[str, ...] = ()
    interval: int = 0
    full_text: bool = False
    private: bool = False
    gone: bool = False
    etag: str = ""
    last_modified: str = ""
    added: str = ""
    checked: str = ""
    next_check: str = ""
    wait_until: str = ""
    error: str = ""
    errors: int = 0
    ttl: int = 0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    formerly: tuple[str, ...] = ()
    seen: Seen = field(default_factory=dict)
    id: int = 0

    @property
    def name(self) -> str:
        """What to call it: its title, else its address."""
        from store.answer import shown

        return self.title or shown(self.url)

    @property
    def state(self) -> str:
        """One of "new", "ok", "failing" and "gone"."""
        if self.gone:
            return "gone"
        return "failing" if self.errors else "ok" if self.checked else "new"


def subscription_of(key: str, document: Mapping[str, Any]) -> Subscription | None:
    """The subscription a document stands for, or None when it has no address.

    Values of a wrong type count as not there; text passes the door here, whoever wrote the file.
    """
    number = number_of(key)
    if number is None:
        return None
    values: dict[str, Any] = {"id": number}
    for each in fields(Subscription):
        value = document.get(each.name)
        if each.name == "id" or value is None:
            continue
        if each.name == "tags":
            values["tags"] = clean_tags(map(clean_line, map(str, value))) if isinstance(
                value, list) else ()  # fmt: skip
        elif each.name == "seen":
            values["seen"] = seen_of(value)
        elif each.name in _ALONE:
            numbers = value if isinstance(value, list) else []
            least, most = _ALONE[each.name]
            values[each.name] = tuple(n for n in numbers if is_whole(n) and least <= n <= most)
        elif each.name == "formerly":
            values["formerly"] = tuple(filter(None, map(clean_url, map(str, value)))) if isinstance(
                value, list) else ()  # fmt: skip
        elif each.name == "interval":
            values["interval"] = bounded_interval(value)
        elif each.type == "int":
            values[each.name] = whole(value)
        elif each.type in ("str", "bool") and type(value).__name__ == each.type:
            values[each.name] = clean_line(value) if isinstance(value, str) else value
    url = clean_url(str(values.get("url", "")))
    if not url.startswith(("http://", "https://")):
        return None
    values["url"] = url
    values["site"] = clean_url(values.get("site", ""))
    return Subscription(**values)


def document_of_subscription(subscription: Subscription) -> dict[str, Any]:
    """The document for a subscription: what is empty is left out."""
    document: dict[str, Any] = {}
    for each in fields(Subscription):
        value = getattr(subscription, each.name)
        if each.name != "id" and value:
            if each.name == "seen":
                value = {key: list(pair) for key, pair in value.items()}
            document[each.name] = list(value) if isinstance(value, tuple) else value
    return document


def checked_interval(minutes: int) -> int:
    """Minutes between two checks, 0 for the default.

    Raises:
        LibraryError: it is too short or too long.
    """
    least, most = INTERVALS
    if minutes and not least <= minutes <= most:
        raise LibraryError(f"the interval is {minutes} minutes, and must be {least} to {most:,}")
    return minutes


def bounded_interval(minutes: Any) -> int:
    """An interval that another program wrote, within the bounds; 0 for none."""
    if not is_whole(minutes) or minutes <= 0:
        return 0
    return min(max(minutes, INTERVALS[0]), INTERVALS[1])


class SubscriptionTable:
    """The subscriptions of a reading file, read again only when the file has changed.

    Args:
        reading: Where they are kept.
        index: Told of changes that concern nothing it mirrors.
    """

    def __init__(self, reading: ReadingFile, index: Index) -> None:
        self._reading = reading
        self._index = index
        self._known: tuple[Stamp, tuple[Subscription, ...]] | None = None

    def all(self) -> tuple[Subscription, ...]:
        """All of them, in the order they were subscribed to.

        Raises:
            LibraryError: the reading file is damaged.
        """
        known = self._known
        if known is None or known[0] != self._reading.stamp():
            tables, stamp = self._reading.load()
            known = self._known = stamp, tuple(_subscriptions(tables))
        return known[1]

    def find(self, url: str) -> Subscription | None:
        """The one with that address, however it is written."""
        wanted = feed_key(url)
        return next((each for each in self.all() if feed_key(each.url) == wanted), None)

    def add(self, new: Iterable[Subscription]) -> list[tuple[Subscription, bool]]:
        """Keep subscriptions; one whose address is there gets the tags of the new one.

        Returns:
            Each as it is now, and whether it was not there before.
        """
        result: list[tuple[Subscription, bool]] = []

        def change(tables: Tables) -> bool:
            result.clear()
            known = {feed_key(each.url): each for each in _subscriptions(tables)}
            number = highest_feed(tables)
            free = free_numbers(list(tables["feeds"]), number)
            before: Documents = {}
            for subscription in new:
                there = known.get(feed_key(subscription.url))
                if there is None:
                    number = next(free)
                    stored = replace(subscription, id=number)
                else:
                    stored = replace(
                        there,
                        title=there.title or subscription.title,
                        site=there.site or subscription.site,
                        tags=clean_tags((*there.tags, *subscription.tags)),
                        interval=there.interval or subscription.interval,
                        full_text=there.full_text or subscription.full_text,
                        private=there.private or subscription.private,
                    )
                result.append((stored, there is None))
                if stored != there:
                    known[feed_key(stored.url)] = stored
                    key = str(stored.id)
                    before.setdefault(key, tables["feeds"].get(key))
                    tables["feeds"][key] = document_of_subscription(stored)
            if before:
                note_highest_feed(tables, number)
                added = [stored.name for stored, is_new in result if is_new]
                _record(tables, before, _subscribed_in_words(added, len(before)))
            return bool(before)

        new = list(new)
        self._update(change)
        return result

    def change(
        self, changes: Mapping[int, Callable[[Subscription], Subscription]], *, undone: bool = False
    ) -> list[Subscription]:
        """Change subscriptions by number, as they are in the file now; one gone stays gone.

        Args:
            changes: Make each what it is to be.
            undone: Whether it can be undone: the fields that a person changes.

        Returns:
            Those changed, as they are now.
        """
        result: list[Subscription] = []

        def apply(tables: Tables) -> bool:
            result.clear()
            before: Documents = {}
            for number, change in changes.items():
                key = str(number)
                there = subscription_of(key, tables["feeds"].get(key, {}))
                if there is not None:
                    stored = change(there)
                    result.append(stored)
                    before[key] = tables["feeds"][key]
                    tables["feeds"][key] = document_of_subscription(stored)
            if undone and result:
                _record(tables, before, f"changed the feed “{result[0].name}”")
            return bool(result)

        self._update(apply)
        return result

    def remove(self, number: int) -> Subscription | None:
        """Forget a subscription; its articles stay."""
        removed: Subscription | None = None

        def apply(tables: Tables) -> bool:
            nonlocal removed
            document = tables["feeds"].pop(str(number), None)
            removed = subscription_of(str(number), document) if document else None
            if removed is not None:
                _record(tables, {str(number): document}, f"unsubscribed from “{removed.name}”")
            return removed is not None

        self._update(apply)
        return removed

    def _update(self, change: Callable[[Tables], bool]) -> None:
        update_apart(self._reading, self._index, change)


def _record(tables: Tables, before: Documents, label: str) -> None:
    """Enter what was done to feeds in the journal.

    Of one that was and is there only the fields that a person changes: the others change whenever
    it is asked.
    """
    sides: tuple[Documents, Documents] = {}, {}
    for key, old in before.items():
        new = tables["feeds"].get(key)
        if old is None or new is None:
            sides[0][key], sides[1][key] = old, new
            continue
        names = [name for name in _BY_HAND if old.get(name) != new.get(name)]
        if names:
            for side, document in zip(sides, (old, new), strict=True):
                side[key] = {name: document.get(name) for name in names}
    journal.record_documents(tables["journal"], label, "feeds", *sides)


def _subscribed_in_words(added: Sequence[str], count: int) -> str:
    if len(added) == 1:
        return f"subscribed to “{added[0]}”"
    return f"subscribed to {len(added):,} feeds" if added else f"changed {count:,} feeds"


def feed_key(url: str) -> str:
    """What two addresses of one feed share."""
    return canonical_url(url) or url


def _subscriptions(tables: Tables) -> list[Subscription]:
    found = (subscription_of(key, document) for key, document in tables["feeds"].items())
    return sorted((each for each in found if each is not None), key=lambda each: each.id)


def highest_feed(tables: Tables) -> int:
    """The highest number that a subscription was ever given, as far as it is noted."""
    return whole(tables["meta"].get("4", {}).get("feeds"))


def note_highest_feed(tables: Tables, number: int) -> None:
    """Note the highest number given, so that none is given again."""
    tables["meta"].setdefault("4", {})["feeds"] = number
