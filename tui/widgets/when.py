"""Dates of the list: relative while they are young and absolute after, or always absolute.

Dates come as exact as they are known ("2017", "2017-03", "2017-03-09", a time with offset), and
are never shown more exact than that.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal, TypeAlias

#: How dates are written: "yesterday" and "9 Mar" while they are young, "9 Mar 2017", "2017-03-09".
Dates: TypeAlias = Literal["relative", "plain", "iso"]

#: The widest the long form gets in each way of writing, and the short form in all, in cells.
LONG_CELLS: dict[Dates, int] = {"relative": 10, "plain": 11, "iso": 10}
SHORT_CELLS = 6

# Not strftime: names would follow the locale, and so would the width of the column.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?", re.ASCII)


def long_date(value: str, now: datetime, dates: Dates = "relative") -> str:
    """`value` in at most `LONG_CELLS`, seen from `now`.

    Relative: "14:05" or "today", "yesterday", "3 days", "9 Mar" within the year, "2017-03-09"
    before it, "Mar 2017" and "2017" where no more is known, "" for no date.  Plain: "9 Mar 2017",
    "Mar 2017", "2017".  ISO 8601: "2017-03-09", "2017-03", "2017".  What is no ISO 8601 date comes
    back as it is, at any length.

    Args:
        value: ISO 8601 of any precision.
        now: The present; times are turned into its time zone (naive: the local one).
        dates: How to write it.
    """
    day, clock, precision = _read(value, now)
    if day is None:
        return value.strip()
    if precision == "year":
        return f"{day.year:04}"
    if dates == "iso":
        return day.isoformat() if precision == "day" else f"{day.year:04}-{day.month:02}"
    if precision == "month":
        return f"{_MONTHS[day.month - 1]} {day.year:04}"
    if dates == "plain":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year:04}"
    age = (now.date() - day).days
    if age == 0:
        return clock or "today"
    if age == 1:
        return "yesterday"
    if 1 < age < 7:
        return f"{age} days"
    if day.year == now.year:
        return f"{day.day} {_MONTHS[day.month - 1]}"
    return day.isoformat()


def short_date(value: str, now: datetime, dates: Dates = "relative") -> str:
    """`value` in at most 6 cells, seen from `now`, otherwise as `long_date`.

    Relative: "14:05" or "today", "Thu" within the week, "9 Mar" or "Mar" within the year, "2017"
    before it.  Plain: the same without the first two.  ISO 8601: "03-09" within the year, "2017"
    before it.
    """
    day, clock, precision = _read(value, now)
    if day is None:
        return value.strip()
    age = (now.date() - day).days
    relative = dates == "relative" and precision == "day"
    if relative and age == 0:
        return clock or "today"
    if relative and 0 < age < 7:
        return _WEEKDAYS[day.weekday()]
    if precision == "year" or day.year != now.year:
        return f"{day.year:04}"
    if dates == "iso":
        return f"{day.month:02}-{day.day:02}" if precision == "day" else f"{day.year:04}"
    if precision == "month":
        return _MONTHS[day.month - 1]
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _read(value: str, now: datetime) -> tuple[date | None, str, str]:
    """Day, time of day ("14:05" or "") in the zone of `now`, precision; (None, "", "") if none."""
    value = value.strip()
    match = _ISO.fullmatch(value)
    if match is None:
        return None, "", ""
    year, month, day = match.groups()
    try:
        known = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None, "", ""
    if day is None:
        return known, "", "month" if month else "year"
    if len(value) > len("2017-03-09"):
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                moment = moment.astimezone(now.tzinfo)
            return moment.date(), f"{moment:%H:%M}", "day"
        except (ValueError, OverflowError, OSError):
            pass  # an odd time leaves the day good
    return known, "", "day"


def until_words(moment: str, now: datetime) -> str:
    """How long it is until a moment: "now", "in 25m", "in 3h", "in 2d".

    Args:
        moment: ISO 8601 with a zone; one that is past, or none, is "now".
        now: The present, with its zone.
    """
    try:
        minutes = int((datetime.fromisoformat(moment) - now).total_seconds() // 60)
    except (ValueError, TypeError):
        return "now"
    if minutes < 1:
        return "now"
    if minutes < 120:
        return f"in {minutes}m"
    return f"in {minutes // 60}h" if minutes < 2880 else f"in {minutes // 1440}d"
