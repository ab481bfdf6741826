"""Dates in the list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.when import LONG_CELLS, SHORT_CELLS, Dates, long_date, short_date

NOW = datetime(2026, 3, 12, 15, 30, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(
    ("value", "long", "short"),
    [
        ("2026-03-12T14:05:00Z", "14:05", "14:05"),
        ("2026-03-12T14:05:00+02:00", "12:05", "12:05"),
        ("2026-03-12T16:45:00Z", "16:45", "16:45"),
        ("2026-03-12 09:00", "09:00", "09:00"),
        ("2026-03-12", "today", "today"),
        ("2026-03-11", "yesterday", "Wed"),
        ("2026-03-12T01:00:00+03:00", "yesterday", "Wed"),
        ("2026-03-10", "2 days", "Tue"),
        ("2026-03-06", "6 days", "Fri"),
        ("2026-03-05", "5 Mar", "5 Mar"),
        ("2026-01-01", "1 Jan", "1 Jan"),
        ("2026-03-13", "13 Mar", "13 Mar"),
        ("2025-12-31", "2025-12-31", "2025"),
        ("2027-01-01", "2027-01-01", "2027"),
        ("2017-03-09T23:59:59Z", "2017-03-09", "2017"),
        ("2017-03", "Mar 2017", "2017"),
        ("2026-03", "Mar 2026", "Mar"),
        ("2017", "2017", "2017"),
        ("2026", "2026", "2026"),
        ("0987-05-01", "0987-05-01", "0987"),
        ("", "", ""),
        ("  ", "", ""),
        ("2017-03-09T99:99", "2017-03-09", "2017"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01", "0001"),
    ],
)
def test_dates_are_relative_while_young_and_never_more_exact_than_known(
    value: str, long: str, short: str
) -> None:
    assert long_date(value, NOW) == long
    assert short_date(value, NOW) == short


@pytest.mark.parametrize(
    ("value", "plain", "iso"),
    [
        ("2026-03-12T14:05:00Z", ("12 Mar 2026", "12 Mar"), ("2026-03-12", "03-12")),
        ("2026-03-11", ("11 Mar 2026", "11 Mar"), ("2026-03-11", "03-11")),
        ("2017-03-09", ("9 Mar 2017", "2017"), ("2017-03-09", "2017")),
        ("2026-03", ("Mar 2026", "Mar"), ("2026-03", "2026")),
        ("2017-03", ("Mar 2017", "2017"), ("2017-03", "2017")),
        ("2017", ("2017", "2017"), ("2017", "2017")),
        ("May", ("May", "May"), ("May", "May")),
        ("", ("", ""), ("", "")),
    ],
)
def test_dates_can_be_absolute_always(value: str, plain: tuple, iso: tuple) -> None:
    assert (long_date(value, NOW, "plain"), short_date(value, NOW, "plain")) == plain
    assert (long_date(value, NOW, "iso"), short_date(value, NOW, "iso")) == iso


@pytest.mark.parametrize("value", ["March 2017", "2017-13", "2017-02-30", "20170309", "-5", "٢٠١٧"])
def test_what_is_no_date_is_shown_as_it_is(value: str) -> None:
    assert long_date(value, NOW) == value
    assert short_date(value, NOW) == value


def test_the_day_is_that_of_the_readers_time_zone() -> None:
    eastern = timezone(timedelta(hours=8))
    evening = "2026-03-11T20:00:00Z"
    assert long_date(evening, NOW) == "yesterday"
    assert long_date(evening, NOW.astimezone(eastern)) == "04:00"


def test_days_of_the_old_year_are_counted_over_new_year() -> None:
    january = datetime(2026, 1, 2, 8, 0)
    assert long_date("2025-12-29", january) == "4 days"
    assert short_date("2025-12-29", january) == "Mon"
    assert long_date("2025-12-20", january) == "2025-12-20"


@given(st.datetimes(timezones=st.just(UTC)), st.integers(4, 25))
def test_every_date_fits_its_column(moment: datetime, precision: int) -> None:
    value = moment.isoformat()[:precision].rstrip("-")
    if len(value) in (4, 7, 10) or len(value) > 15:
        for dates in get_args(Dates):
            assert len(long_date(value, NOW, dates)) <= LONG_CELLS[dates]
            assert len(short_date(value, NOW, dates)) <= SHORT_CELLS
