"""When a feed is asked next: its interval, what the feed and its server say, and back-off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from store.subscription import Subscription

#: Minutes between two checks where neither the person nor the feed says anything.
DEFAULT: Final = 60

#: Most minutes that a feed or its server may ask to be left alone, and that back-off grows to.
LONGEST: Final = 24 * 60

#: Share of a waiting time after a failure that is chosen at random, so that clients that failed
#: together do not come back together.
_JITTER: Final = 0.3

#: How far in the future the last check may lie, as of programs on two machines that share a
#: library; beyond it, the clock was wrong then, and with it all that was reckoned from it.
_AHEAD: Final = timedelta(hours=1)


def is_due(subscription: Subscription, now: datetime) -> bool:
    """Whether a feed is to be asked now."""
    if subscription.gone:
        return False
    return subscription.next_check <= iso(now) or _was_ahead(subscription, now)


def is_left_alone(subscription: Subscription, now: datetime) -> bool:
    """Whether a feed's server asked not to be asked yet."""
    return subscription.wait_until > iso(now) and not _was_ahead(subscription, now)


def iso(moment: datetime) -> str:
    """A moment as subscriptions have it: ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _was_ahead(subscription: Subscription, now: datetime) -> bool:
    """Whether a feed was asked by a clock that was ahead of the present one."""
    return subscription.checked > iso(now + _AHEAD)


def after_success(
    subscription: Subscription, max_age: int, now: datetime, default: int
) -> datetime:
    """When to ask again after an answer.

    An interval that the person set for the feed holds.  Otherwise the feed may ask for a longer
    one than the default (`ttl`, `sy:updatePeriod`, `Cache-Control`), up to a day.  Hours and days
    that the feed wants to be left alone in are passed over (`skipHours`, `skipDays`).

    Args:
        subscription: The feed, with what it says of itself.
        max_age: Seconds for which its server says that it stays the same.
        now: The present, with its zone.
        default: Minutes of the default interval.
    """
    if subscription.interval:
        return now + timedelta(minutes=subscription.interval)
    asked = max(subscription.ttl, max_age // 60)
    moment = now + timedelta(minutes=max(default, min(asked, LONGEST)))
    for _ in range(24 * 7):
        hour, day = moment.astimezone(UTC).hour, moment.astimezone(UTC).weekday()
        if hour not in subscription.skip_hours and day not in subscription.skip_days:
            break
        moment = moment.replace(minute=0, second=0) + timedelta(hours=1)
    return moment


def after_failure(
    subscription: Subscription,
    retry_after: float | None,
    now: datetime,
    default: int,
    random: Callable[[], float],
) -> datetime:
    """When to ask again after a failure: twice as long with each in a row, up to a day.

    Args:
        subscription: The feed, with this failure counted.
        retry_after: Seconds its server asks to wait, or None.
        now: The present.
        default: Minutes of the default interval.
        random: Gives numbers from 0 to 1.
    """
    interval = subscription.interval or default
    minutes = min(LONGEST, interval * 2.0 ** min(subscription.errors - 1, 12))
    wait = timedelta(minutes=minutes * (1 + _JITTER * random()))
    if retry_after is not None:
        asked = timedelta(seconds=min(retry_after, 30 * 24 * 3600))
        wait = max(wait, asked * (1 + _JITTER * random() / 3))
    return now + wait
