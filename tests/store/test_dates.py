"""Dates as people and files write them become ISO 8601, as exact as they are known."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.dates import find_date, parse_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2017", "2017"),
        ("2017-03", "2017-03"),
        ("2017-03-09", "2017-03-09"),
        ("2017/3/9", "2017-03-09"),
        ("20170309", "2017-03-09"),
        ("20170309T140506Z", "2017-03-09T14:05:06+00:00"),
        ("2017-03-09T14:05:06Z", "2017-03-09T14:05:06+00:00"),
        ("2017-03-09T14:05:06.123+02:00", "2017-03-09T14:05:06+02:00"),
        ("2017-03-09 14:05:06 -0500", "2017-03-09T14:05:06-05:00"),
        ("2017-03-09 14:05", "2017-03-09T14:05:00"),
        ("2016-12-31T24:00:00", "2017-01-01T00:00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00"),
        ("Thu, 09 Mar 2017 14:05:06 GMT", "2017-03-09T14:05:06+00:00"),
        ("Thu, 09 Mar 17 14:05 EST", "2017-03-09T14:05:00-05:00"),
        ("Thursday, 09-Mar-17 08:49:37 GMT", "2017-03-09T08:49:37+00:00"),
        ("Thu Mar  9 14:05:06 2017", "2017-03-09T14:05:06"),
        ("Thu Mar  9 14:05:06 CET 2017", "2017-03-09T14:05:06+01:00"),
        ("Thursday, March 9, 2017", "2017-03-09"),
        ("March 9th, 2017", "2017-03-09"),
        ("Mar. 9, 2017", "2017-03-09"),
        ("9th of March, 2017", "2017-03-09"),
        ("March 2017", "2017-03"),
        ("Sept. 3, 2019 at 3:45 p.m. EDT", "2019-09-03T15:45:00-04:00"),
        ("Dec 25, 2019 12:30 AM PST", "2019-12-25T00:30:00-08:00"),
        ("9. März 2017 um 14:05 Uhr", "2017-03-09T14:05:00"),
        ("Donnerstag, den 9. März 2017", "2017-03-09"),
        ("jeudi 9 mars 2017 à 14h05", "2017-03-09T14:05:00"),
        ("1er avril 2018", "2018-04-01"),
        ("jueves, 9 de marzo de 2017", "2017-03-09"),
        ("quinta-feira, 9 de março de 2017", "2017-03-09"),
        ("9 marzo 2017", "2017-03-09"),
        ("9 maart 2017", "2017-03-09"),
        ("9 марта 2017 г.", "2017-03-09"),
        ("2017年3月9日（木）", "2017-03-09"),
        ("平成29年3月9日", "2017-03-09"),
        ("令和元年5月1日", "2019-05-01"),
        ("2017년 3월 9일", "2017-03-09"),
        ("9.3.2017", "2017-03-09"),
        ("13/03/2017", "2017-03-13"),
        ("03/13/2017", "2017-03-13"),
        ("1489068306", "2017-03-09T14:05:06+00:00"),
        ("1489068306000", "2017-03-09T14:05:06+00:00"),
        (" 2017-03-09. ", "2017-03-09"),
    ],
)
def test_the_usual_forms_are_read(text, iso):
    assert parse_date(text) == iso


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "March", "12345", "31.02.2017", "2017-13-01", "9 Foo 2017", "24:00"),
        *("Mark 5, 2017", "0000-00-00", "9 March 2017 in London", "2017-03-09" * 50),
    ],
)
def test_what_is_no_date_gives_nothing(text):
    assert parse_date(text) == ""


@pytest.mark.parametrize(("day_first", "iso"), [(True, "2017-03-09"), (False, "2017-09-03")])
def test_the_order_of_day_and_month_can_be_given(day_first, iso):
    assert parse_date("09/03/2017", day_first=day_first) == iso


def test_values_that_yaml_and_json_hold_are_read():
    assert parse_date(2017) == "2017"
    assert parse_date(20170309) == "2017-03-09"
    assert parse_date(1489068306) == "2017-03-09T14:05:06+00:00"
    assert parse_date(date(2017, 3, 9)) == "2017-03-09"
    assert parse_date(datetime(2017, 3, 9, 14, 5, tzinfo=UTC)) == "2017-03-09T14:05:00+00:00"
    for value in (
        None,
        True,
        [2017],
        {"year": 2017},
        float("nan"),
        float("inf"),
        1e300,
        17.5,
        10**400,
    ):
        assert parse_date(value) == ""


@given(st.one_of(st.text(), st.from_regex(r"[\d/.: a-zA-Z,+-]{1,30}"), st.floats(), st.integers()))
def test_nothing_raises_and_everything_read_is_iso(value):
    iso = parse_date(value)
    if len(iso) >= 10:
        datetime.fromisoformat(iso)
    else:
        assert iso == "" or 1000 <= int(iso[:4]) < 3000


@given(st.datetimes(datetime(1000, 1, 1), datetime(2999, 12, 31)))
def test_iso_dates_stay_as_they_are(moment):
    iso = moment.isoformat(timespec="seconds")
    assert parse_date(iso) == iso
    assert parse_date(iso[:10]) == iso[:10]


def test_a_date_is_found_in_a_line():
    line = "By Jane Doe | March 9, 2017 at 3:14 p.m. EST | Updated"
    found = find_date(line)
    assert found.iso == "2017-03-09T15:14:00-05:00"
    assert line[found.start : found.end] == "March 9, 2017 at 3:14 p.m. EST"
    assert find_date("LONDON, March 9, 2017 —").start == 8
    assert find_date("May the 4th be with you") is None
    assert find_date("In 2017 nothing happened") is None


def test_a_run_of_blanks_after_a_date_is_read_once():
    found = find_date("9 March 2017" + " " * 200_000 + "x")
    assert found
    assert found.iso == "2017-03-09"
