"""Dates as numbers that compare: wall-clock seconds.

Articles carry dates of unequal exactness ("2017", "2017-03-09", a time with an offset).  They are
compared as a person in the local time zone reads them: a moment with an offset is turned into
local wall-clock time, a date without one is taken as it stands, and both become the number of
seconds since 1970-01-01 00:00 on that wall clock.
"""

from __future__ import annotations

import re
from calendar import timegm
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from typing import Final

_YEAR_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?\Z")
_RELATIVE = re.compile(r"(\d+)([dwmy])\Z")
_EPOCH = datetime(1970, 1, 1)
_SECOND = timedelta(seconds=1)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
#: The largest number of days, weeks, months or years before now; a larger one is taken as it.
_LONGEST_AGO: Final = 99_999


def wall_seconds(text: str) -> int | None:
    """Seconds on the local wall clock of an ISO 8601 date, the start of what it names.

    Returns None when `text` is empty or not such a date.
    """
    if not text:
        return None
    match = _YEAR_MONTH.match(text)
    try:
        if match:
            return _seconds(datetime(int(match[1]), int(match[2] or 1), 1))
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone().replace(tzinfo=None)
        return _seconds(moment)
    except (ValueError, OverflowError):
        return None


def _seconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _SECOND


def utc_now() -> str:
    """Now, ISO 8601 in UTC to the second: the form of every time broadsheet writes."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def wall_now() -> int:
    """Now, in seconds on the local wall clock."""
    return _seconds(datetime.now())


def period(text: str) -> tuple[int, int] | None:
    """The span of wall-clock seconds [start, end) that a date of the query language names.

    `text` is a year, a month, a day, a full ISO time (one second), `today` or `yesterday`.
    Returns None for anything else.
    """
    today = date.today()
    if text in ("today", "yesterday"):
        day = today if text == "today" else today - timedelta(days=1)
        start = timegm(day.timetuple())
        return start, start + 86400
    match = _YEAR_MONTH.match(text)
    try:
        if match:
            year, month = int(match[1]), match[2]
            first = date(year, int(month or 1), 1)
            if month is None or month == "12":
                after = _start_of_year(year + 1)
            else:
                after = timegm(date(year, int(month) + 1, 1).timetuple())
            return timegm(first.timetuple()), after
        start_of = wall_seconds(text)
        if start_of is None:
            return None
        return start_of, start_of + (86400 if len(text) == 10 else 1)
    except (ValueError, OverflowError):
        return None


def _start_of_year(year: int) -> int:
    """Its first wall-clock second; the year after the last one that a date can have, too."""
    if year > MAXYEAR:
        return timegm(date.max.timetuple()) + 86400
    return timegm(date(year, 1, 1).timetuple())


def ago(text: str) -> int | None:
    """Wall-clock second that lies `7d`, `2w`, `3m` or `1y` (30 and 365 days) before now."""
    match = _RELATIVE.match(text)
    if not match:
        return None
    number = int(min(float(match[1]), _LONGEST_AGO))
    return wall_now() - number * _DAYS[match[2]] * 86400
