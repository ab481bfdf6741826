"""What was read, and what is left: by week, by tag and site, against the pace of reading.

An article counts as read in the week in which it was marked read.  One that an import brings as
read has no such moment: it counts among what was read, and in no week.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from store.article import reading_minutes
from store.facets import check, chosen
from store.index import Index

#: Weeks that the pace of reading is taken from, up to today.
PACE_WEEKS: Final = 8

#: Weeks told of, up to this one.
WEEKS: Final = 26

#: Tags and sites told of, those most was read of.
MOST: Final = 12

_DAY: Final = 86_400  # seconds
_EPOCH: Final = date(1970, 1, 1)


class Week(NamedTuple):
    """What was read in the seven days from `start`, a Monday."""

    start: date
    articles: int = 0
    words: int = 0


class Share(NamedTuple):
    """What was read of a tag or site."""

    name: str
    articles: int
    words: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What was read of some articles, and what is left of them; never of those in the trash.

    Attributes:
        articles: How many articles there are.
        read: How many of them are read.
        words_read: Their words.
        undated: How many of the read were imported so, and count in no week.
        unread: How many are neither read nor archived.
        words_unread: Their words; of one that was begun what is left.
        weeks: The last `WEEKS` weeks, this one last.
        tags: The tags most was read of.
        sites: The sites likewise.
        pace: Words a week, over the last `PACE_WEEKS` weeks.
        streak: Days up to today, or up to yesterday, on each of which an article was read.
        longest: The longest run of such days there was.
    """

    articles: int = 0
    read: int = 0
    words_read: int = 0
    undated: int = 0
    unread: int = 0
    words_unread: int = 0
    weeks: tuple[Week, ...] = ()
    tags: tuple[Share, ...] = ()
    sites: tuple[Share, ...] = ()
    pace: float = 0.0
    streak: int = 0
    longest: int = 0

    @property
    def minutes_read(self) -> int:
        """About how long reading took, see `Article.minutes`."""
        return reading_minutes(self.words_read)

    @property
    def weeks_left(self) -> float | None:
        """Weeks of reading that are unread, at this pace; None where nothing is read."""
        return self.words_unread / self.pace if self.pace else None


def statistics_of(
    index: Index,
    ids: Sequence[int] | None,
    today: date,
    *,
    cancelled: Callable[[], bool] | None = None,
) -> Statistics:
    """Count what was read and what is left; reads the index.

    Args:
        index: The columns.
        ids: The articles; None: all.
        today: The day to count back from.
        cancelled: Asked now and then; once it says so, the counting ends.

    Raises:
        CancelledError: `cancelled` said so.
    """
    among = "" if ids is None else " and d.id in (select id from temp.chosen)"
    words: dict[int, int] = {}
    days: Counter[int] = Counter()
    words_by_day: Counter[int] = Counter()
    sites: dict[str, tuple[int, int]] = {}
    undated = 0
    try:
        with ExitStack() as stack:
            db = stack.enter_context(index.reading(cancelled))
            if ids is not None:
                stack.enter_context(chosen(db, ids, cancelled))
            total, unread, left = db.execute(
                "select count(*), coalesce(sum(open), 0), coalesce(sum(open * words), 0) from "
                "(select coalesce(s.read, 0) = 0 and coalesce(s.archived, 0) = 0 open, "
                "d.words * (1 - coalesce(s.progress, 0)) words "
                "from doc d left join state s on s.id = d.id "
                f"where coalesce(s.trashed, 0) = 0{among})"
            ).fetchone()
            rows = db.execute(
                "select d.id, d.words, d.site, s.read_at from state s cross join doc d using (id) "
                f"where s.read = 1 and s.trashed = 0{among}"
            )
            for id, count, site, read_at in rows:
                words[id] = count
                number, sum_ = sites.get(site, (0, 0))
                sites[site] = number + 1, sum_ + count
                if read_at is None:
                    undated += 1
                else:
                    days[read_at // _DAY] += 1
                    words_by_day[read_at // _DAY] += count
            tags = _by_tag(db, words, cancelled)
    except sqlite3.OperationalError:
        check(cancelled)
        raise
    now = (today - _EPOCH).days
    recent = sum(words_by_day[day] for day in range(now - 7 * PACE_WEEKS + 1, now + 1))
    streak, longest = _runs(days, now)
    return Statistics(
        articles=total,
        read=len(words),
        words_read=sum(words.values()),
        undated=undated,
        unread=unread,
        words_unread=round(left),
        weeks=_weeks(days, words_by_day, today),
        tags=_most(tags),
        sites=_most((site, *counts) for site, counts in sites.items() if site),
        pace=recent / PACE_WEEKS,
        streak=streak,
        longest=longest,
    )


def _by_tag(
    db: sqlite3.Connection, words: Mapping[int, int], cancelled: Callable[[], bool] | None
) -> list[tuple[str, int, int]]:
    """(tag, articles, words) of the read articles; tags stand in the table one after another."""
    found: list[tuple[str, int, int]] = []
    for (tag,) in db.execute("select distinct tag from tag").fetchall() if words else ():
        check(cancelled)
        rows = db.execute("select id from tag where tag = ?", (tag,)).fetchall()
        read = [count for (id,) in rows if (count := words.get(id)) is not None]
        if read:
            found.append((tag, len(read), sum(read)))
    return found


def _most(counts: Iterable[tuple[str, int, int]]) -> tuple[Share, ...]:
    ranked = sorted(counts, key=lambda each: (-each[2], -each[1], each[0]))
    return tuple(Share(*each) for each in ranked[:MOST])


def _weeks(days: Mapping[int, int], words: Mapping[int, int], today: date) -> tuple[Week, ...]:
    monday = today - timedelta(days=today.weekday())
    weeks: list[Week] = []
    for back in range(WEEKS - 1, -1, -1):
        start = monday - timedelta(weeks=back)
        first = (start - _EPOCH).days
        week = range(first, first + 7)
        weeks.append(
            Week(start, sum(days.get(d, 0) for d in week), sum(words.get(d, 0) for d in week))
        )
    return tuple(weeks)


def _runs(days: Iterable[int], now: int) -> tuple[int, int]:
    """Length of the run of days that lasts until now, and of the longest."""
    longest = run = streak = 0
    before: int | None = None
    for day in sorted(day for day in days if day <= now):
        run = run + 1 if before == day - 1 else 1
        longest = max(longest, run)
        before = day
    if before is not None and before >= now - 1:
        streak = run
    return streak, longest
