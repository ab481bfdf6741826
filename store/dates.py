"""Dates as people and files write them, to ISO 8601 with the precision that is known.

    >>> parse_date("Thu, 9 Mar 2017 14:05:06 GMT")
    '2017-03-09T14:05:06+00:00'
    >>> parse_date("March 2017")
    '2017-03'

A time without a zone stays without one, since guessing would move it to another day for half
of the world.  What is not a date gives "": an unknown date is better than a wrong one.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import NamedTuple

# Full month names; of the abbreviations only those that are not the first three or four letters.
_MONTHS = """
january february march april may june july august september october november december
januar februar märz april mai juni juli august september oktober november dezember
jänner feber marz april mai juni juli august september oktober november dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november december
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta
    lokakuuta marraskuuta joulukuuta
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
ledna února března dubna května června července srpna září října listopadu prosince
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
"""
_ABBREVIATIONS = "jan feb mar apr may jun jul aug sep oct nov dec sept mär mrz mai okt dez janv févr fév avr juil aoû août déc ene abr ago dic gen mag giu lug set ott fev out янв фев мар апр авг сен сент окт ноя дек"  # noqa: E501
_ABBREVIATED = (
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 9, 3, 3, 5, 10, 12, 1, 2, 2, 4, 7, 8, 8, 12, 1, 4, 8,
    12, 1, 5, 6, 7, 9, 10, 2, 10, 1, 2, 3, 4, 8, 9, 9, 10, 11, 12,
)  # fmt: skip

_WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag
freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes
miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì segunda terça
quarta quinta sexta maandag dinsdag woensdag donderdag vrijdag zaterdag zondag måndag tisdag onsdag
torsdag fredag lördag söndag mandag tirsdag lørdag søndag maanantaina tiistaina keskiviikkona
torstaina perjantaina lauantaina sunnuntaina poniedziałek wtorek środa czwartek piątek sobota
niedziela pondělí úterý středa čtvrtek pátek neděle понедельник вторник среда четверг пятница
суббота воскресенье понеділок вівторок середа п'ятниця субота неділя pazartesi salı çarşamba
perşembe cuma cumartesi
"""

# Offsets in hours of the zone names of RFC 5322 and of European and Asian agencies.  Names with
# several meanings (IST, CST in Asia) have the one of RFC 5322 or are left out.
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "est": -5, "edt": -4, "et": None, "cst": -6,
    "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "bst": 1, "cet": 1, "cest": 2,
    "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "jst": 9, "kst": 9, "aest": 10,
    "aedt": 11, "nzst": 12, "nzdt": 13, "pt": None, "ct": None, "uhr": None, "h": None,
}  # fmt: skip

_TIME = (
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
    r"\s*+(?P<half>(?i:[ap]\.?\s?m\b\.?))?"
    r"\s*+(?:\(?(?P<zone>(?:UTC|GMT)?\s?[+\-−]\d{1,2}:?(?:\d{2})?"
    rf"|(?i:{'|'.join(sorted(_ZONES, key=len, reverse=True))})\b)\)?)?"
)
_ISO = re.compile(
    r"(?P<year>\d{4})(?:(?P<sep>[-/.])(?P<month>\d{1,2})(?:(?P=sep)(?P<day>\d{1,2}))?)?"
    rf"(?:(?:[Tt]|,?\s+(?:at\s+)?)(?=\d{{1,2}}[:.h]\d){_TIME})?"
)
_COMPACT = re.compile(
    r"(?P<year>[12]\d{3})(?P<month>\d{2})(?P<day>\d{2})(?:[T ]?(?P<hour>\d{2})(?P<minute>\d{2})"
    r"(?P<second>\d{2})?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_ARTICLE = r"(?:(?:den|the|le|el|il)\s+)?"
_WEEKDAY = rf"(?:(?P<weekday>[^\W\d_]{{2,13}})(?:-feira)?\.?,?\s+)??{_ARTICLE}"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|°|ª|\.)?"
_NAME = r"(?P<name>[^\W\d_]{3,14})\.?"
_OF = r"(?:(?:of|de|di|do|del)\s+|d['’])?"
_YEAR = r"(?P<year>[12]\d{3})\b(?:\s?(?:г\.?|года|р\.?|року)(?!\w))?"
_CLOCK = (
    r"(?:\s*+(?:(?:[,|·•–—@-]|at\b|um\b|à\b|a las\b|alle\b|kl\.?|ore\b|de\b|в\b)\s*+)?"
    rf"(?:(?:at|um|kl\.?)\s++)?(?=\d{{1,2}}(?:[:.h]\d\d|\s*[apAP]\.?\s?[mM])){_TIME})?"
)
# "9 March 2017", "March 9, 2017", "March 2017"; names are looked up afterwards.
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}{_DAY}[\s-]+{_OF}{_NAME},?[\s-]+(?:de\s+|del\s+)?{_YEAR}{_CLOCK}"
)
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}{_NAME}\s+{_DAY},?\s+{_YEAR}{_CLOCK}")
_MONTH_ONLY = re.compile(rf"{_NAME},?\s+(?:of\s+|de\s+|del\s+)?{_YEAR}")
_TWO_DIGITS = re.compile(  # RFC 850, and what is left of it in feeds
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})[\s-](?P<name>[A-Za-z]{{3}})[\s-](?P<year>\d{{2}})\b{_CLOCK}"
)
_UNIX_DATE = re.compile(  # date(1) and ctime(3): "Thu Mar  9 14:05:06 GMT 2017"
    r"[A-Za-z]{3},?\s+(?P<name>[A-Za-z]{3})\s+(?P<day>\d{1,2})\s+(?P<hour>\d\d):(?P<minute>\d\d)"
    r":(?P<second>\d\d)\s+(?:(?P<zone>[A-Z]{3,4}|[+-]\d{4})\s+)?(?P<year>\d{4})"
)
_NUMERIC = re.compile(
    r"(?P<first>\d{1,2})(?P<sep>[-/.])\s?(?P<second_part>\d{1,2})(?P=sep)\s?(?P<year>\d{4}|\d{2})\b"
    rf"{_CLOCK}"
)
_EAST_ASIAN = re.compile(
    r"(?:(?P<era>令和|平成|昭和|大正|明治)\s?(?P<era_year>元|\d{1,2})|(?P<year>\d{4}))\s?[年년]"
    r"(?:\s?(?P<month>\d{1,2})\s?[月월](?:\s?(?P<day>\d{1,2})\s?[日일])?)?"
    r"(?:\s?[(（][月火水木金土日一二三四五六월화수목금토일][)）])?"
    r"(?:\s*(?P<hour>\d{1,2})[:時时시](?:\s?(?P<minute>\d{2})分?분?)?)?"
)
#: Year before the first of each Japanese era.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_NUMBER = re.compile(r"-?\d{9,13}(?:\.\d+)?")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")


class DateMatch(NamedTuple):
    """A date found in a text: its ISO 8601 form and where it stands."""

    iso: str
    start: int
    end: int


def parse_date(value: object, *, day_first: bool | None = None) -> str:
    """The ISO 8601 form of a date, or "" when `value` is not one.

    Args:
        value: A text in a usual form, in one of about 15 languages; a number or a text of 9 to
            13 digits as Unix seconds or milliseconds; a `date` or `datetime`; anything else is
            no date.
        day_first: Whether "09/03/2017" is in March; None decides by the locale (`LC_TIME`).

    Returns:
        "2017", "2017-03", "2017-03-09", "2017-03-09T14:05:06" or that with an offset.
    """
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return ""
    if isinstance(value, (int, float)):
        return _from_unix(value) if abs(value) >= 1e8 else _bare_year(value)
    if not isinstance(value, str) or len(value) > 200:
        return ""
    text = _SPACES.sub(" ", value).strip(" .,;()[]")
    if _NUMBER.fullmatch(text):
        return _from_unix(float(text))
    found = match_date(text, 0, day_first=day_first)
    return found.iso if found and found.end == len(text) else ""


def match_date(text: str, position: int = 0, *, day_first: bool | None = None) -> DateMatch | None:
    """The longest date that stands at `position` of a one-line text, or None."""
    best: DateMatch | None = None
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST, _NUMERIC, _EAST_ASIAN, _UNIX_DATE, _COMPACT,
                    _MONTH_ONLY, _TWO_DIGITS):  # fmt: skip
        match = pattern.match(text, position)
        if match is None or (best and match.end() <= best.end):
            continue
        iso = _iso(match, day_first)
        if iso:
            best = DateMatch(iso, position, match.end())
            if best.end == len(text):
                break
    return best


def find_date(text: str, *, day_first: bool | None = None) -> DateMatch | None:
    """The first date within a one-line text that names at least a month, or None."""
    for start in _starts(text):
        found = match_date(text, start, day_first=day_first)
        if found and len(found.iso) > 4:
            return found
    return None


def _starts(text: str) -> list[int]:
    """Where a date may begin: at words and numbers, for a date only if a digit follows."""
    if not any(character.isdigit() for character in text):
        return []
    return [match.start() for match in re.finditer(r"(?<![\w])\w", text)]


def _iso(match: re.Match[str], day_first: bool | None) -> str:
    fields = match.groupdict()
    year = int(fields.get("year") or 0)
    day_text = fields.get("day")
    if fields.get("era"):
        count = 1 if fields["era_year"] == "元" else int(fields["era_year"])
        year = _ERAS[fields["era"]] + count
    if fields.get("year") and len(fields["year"]) == 2:
        year += 1900 if year >= 69 else 2000  # POSIX strptime(3)
    if fields.get("weekday") and not _is_weekday(fields["weekday"]):
        return ""
    month = 0
    if "name" in fields:
        month = _month_names().get(fields["name"].casefold(), 0)
        if not month:
            return ""
    elif fields.get("month"):
        month = int(fields["month"])
    elif "first" in fields:
        first, second = int(fields["first"]), int(fields["second_part"])
        if first > 12 or second > 12:
            by_day = first > 12
        elif fields["sep"] == ".":  # only countries that write the day first use dots
            by_day = True
        else:
            by_day = _locale_is_day_first() if day_first is None else day_first
        day_text, month = (str(first), second) if by_day else (str(second), first)
    if not month:
        return f"{year:04}" if 1000 <= year < 3000 and not fields.get("hour") else ""
    if not day_text:
        return f"{year:04}-{month:02}" if 1000 <= year < 3000 and month <= 12 else ""
    try:
        day = date(year, month, int(day_text))
    except ValueError:
        return ""
    if not 1000 <= year < 3000:
        return ""
    if not fields.get("hour"):
        return day.isoformat()
    return _with_time(day, fields)


def _with_time(day: date, fields: dict[str, str | None]) -> str:
    hour, minute = int(fields["hour"] or 0), int(fields.get("minute") or 0)
    second = min(int(fields.get("second") or 0), 59)  # leap seconds
    half = (fields.get("half") or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    following = hour == 24 and minute == 0  # ISO 8601: the end of the day
    if following:
        hour, day = 0, day + timedelta(days=1)
    zone = _zone(fields.get("zone") or "")
    try:
        moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return day.isoformat()
    return moment.isoformat(timespec="seconds")


def _zone(name: str) -> timezone | None:
    name = name.strip().casefold().replace("−", "-")
    if name in _ZONES:
        hours = _ZONES[name]
        return None if hours is None else timezone(timedelta(hours=hours))
    match = re.fullmatch(r"(?:utc|gmt)?\s?([+-])(\d{1,2}):?(\d{2})?", name)
    if not match:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset >= timedelta(hours=24):
        return None
    return timezone(-offset if match[1] == "-" else offset)


def _from_unix(seconds: float) -> str:
    """Unix time in seconds, or in milliseconds when seconds would lie beyond the year 5138."""
    try:
        if abs(seconds) >= 1e11:
            seconds /= 1000
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return ""


def _bare_year(value: float) -> str:
    """A number such as 2017 or 20170309, as YAML and JSON hold it."""
    if not math.isfinite(value) or value != int(value):
        return ""
    text = str(int(value))
    return match.iso if len(text) in (4, 8) and (match := match_date(text)) else ""


@cache
def _month_names() -> dict[str, int]:
    names = {name: i % 12 + 1 for i, name in enumerate(_MONTHS.split())}
    names.update(zip(_ABBREVIATIONS.split(), _ABBREVIATED, strict=True))
    return names


@cache
def _weekday_names() -> frozenset[str]:
    """Full names, their first three or four letters, and the two letters of German."""
    names = _WEEKDAYS.split()
    short = "mo di mi do fr sa so tues thurs"
    return frozenset((*names, *short.split(), *(n[:3] for n in names), *(n[:4] for n in names)))


def _is_weekday(name: str) -> bool:
    return name.casefold() in _weekday_names()


@cache
def _locale_is_day_first() -> bool:
    """Whether the person's locale writes the day before the month.

    Of all locales only those of the United States and a few islands do not; C and POSIX follow
    them (`%x` is `%m/%d/%y`).
    """
    import os

    name = os.environ.get("LC_ALL") or os.environ.get("LC_TIME") or os.environ.get("LANG") or "C"
    return name.partition(".")[0] not in {
        "C", "POSIX", "en_US", "es_US", "es_PR", "fil_PH", "en_PH", "chr_US", "haw_US",
    }  # fmt: skip
