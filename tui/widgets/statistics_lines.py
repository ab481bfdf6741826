"""What was read and what is left, as lines: for the app and for the shell.

Every bar stands beside its number, so that nothing is told by length alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from rich.cells import cell_len

from store import Statistics
from store.statistics import PACE_WEEKS
from tui.widgets.cells import clean, fit

#: From so many cells on, tags and sites stand beside the weeks.
_BROAD: Final = 110
_GAP: Final = 4

_NUMBERS = 8  # cells of a number of articles, "articles"
_WORDS = 11  # and of words
_NAME = 20  # of a tag or site, at most
_BAR = 40  # of a bar, at most

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: Eighths of a cell, from one to all of them.
_EIGHTHS: Final = "▏▎▍▌▋▊▉█"


class Part(NamedTuple):
    """A piece of a line; `kind` is "", "title", "bar" or "dim"."""

    text: str
    kind: str = ""


Line = Sequence[Part]


def statistics_lines(
    stats: Statistics, width: int, *, weeks: int = 12, blocks: bool = True, bars: bool = True
) -> list[Line]:
    """The lines, none wider than `width` cells.

    Args:
        stats: What to tell.
        width: Cells there are.
        weeks: How many weeks to tell of, this one first.
        blocks: Whether bars are of block elements, an eighth of a cell exact; else of "#".
        bars: Whether there are bars at all.
    """
    draw = _Bars(blocks) if bars else None
    lines: list[Line] = [*_wrapped(summary(stats), width), ()]
    if not stats.read:
        return lines
    column = (width - _GAP) // 2 if width >= _BROAD else width
    time = _by_week(stats, weeks, column, draw)
    subjects = [
        *_by_name("By tag", stats.tags, column, draw),
        *_by_name("By site", stats.sites, column, draw),
    ]
    if column == width:
        return [*lines, *time, (), *subjects]
    for left, right in zip_longest(time, subjects, fillvalue=()):
        blank = column + _GAP - sum(cell_len(part.text) for part in left)
        lines.append((*left, Part(" " * blank), *right) if right else left)
    return lines


def summary(stats: Statistics) -> list[str]:
    """The most telling figures, a sentence each."""
    if not stats.articles:
        return ["There are no articles here."]
    hours = stats.minutes_read / 60
    time = f"{stats.minutes_read} minutes" if hours < 2 else f"{hours:,.0f} hours"
    lines = []
    if stats.read:
        lines.append(
            f"Read: {_articles(stats.read)} of {stats.articles:,}, {stats.words_read:,} words, "
            f"about {time} at 230 words a minute."
        )
    else:
        lines.append(f"Read: nothing yet of {_articles(stats.articles)}.")
    if stats.longest:
        now = f"{_days(stats.streak)} in a row" if stats.streak else "no days in a row just now"
        lines.append(f"Streak: {now}, {_days(stats.longest)} at the longest.")
    left = stats.weeks_left
    backlog = f"Unread: {_articles(stats.unread)}, {stats.words_unread:,} words"
    if not stats.unread:
        lines.append("Unread: nothing.")
    elif left is None:
        lines.append(f"{backlog}; nothing was read in the last {PACE_WEEKS} weeks to measure by.")
    else:
        weeks = "less than a week" if left < 1 else f"{left:,.0f} week{'s' * (round(left) != 1)}"
        lines.append(
            f"{backlog}: {weeks} of reading at {stats.pace:,.0f} words a week, the pace of the "
            f"last {PACE_WEEKS} weeks."
        )
    if stats.undated:
        lines.append(
            f"{_articles(stats.undated)} came as read from elsewhere and count in no week."
        )
    return lines


def _by_week(stats: Statistics, weeks: int, width: int, draw: _Bars | None) -> list[Line]:
    rows = []
    for week in reversed(stats.weeks[-weeks:]):
        day = f"{week.start.day:>2} {_MONTHS[week.start.month - 1]}"
        rows.append((day, week.articles, week.words))
    return _table("By week, from Monday", rows, width, draw)


def _by_name(
    title: str, shares: Iterable[tuple[str, int, int]], width: int, draw: _Bars | None
) -> list[Line]:
    rows = [(clean(name), articles, words) for name, articles, words in shares]
    return [*_table(title, rows, width, draw), ()] if rows else []


def _table(
    title: str, rows: Sequence[tuple[str, int, int]], width: int, draw: _Bars | None
) -> list[Line]:
    """A heading, and a line for each row: name, bar, articles, words."""
    numbers = _NUMBERS + 1 + _WORDS
    name = max((cell_len(name) for name, _, _ in rows), default=0)
    name = max(4, min(name, _NAME, width - numbers - 1))
    bar = min(_BAR, width - name - numbers - 4) if draw else 0
    bar = 0 if bar < 4 else bar
    if not bar:  # nothing else parts the numbers from the title
        name = max(name, min(cell_len(title), width - numbers - 1))
    most = max((words for _, _, words in rows), default=0)
    between = bar + 2 if bar else 0
    head = f"{'articles':>{_NUMBERS}} {'words':>{_WORDS}}"
    blank = max(1, name + between + 1 - cell_len(title))
    first = [Part(title, "title")]
    if cell_len(title) + blank + cell_len(head) <= width:
        first.append(Part(" " * blank + head, "dim"))
    lines: list[Line] = [tuple(first)]
    for label, articles, words in rows:
        parts = [Part(fit(label, name))]
        if bar and draw:
            parts += [Part("  "), Part(fit(draw.bar(words, most, bar), bar), "bar")]
        parts.append(Part(f" {articles:>{_NUMBERS},} {words:>{_WORDS},}"))
        lines.append(tuple(parts))
    return lines


class _Bars:
    """Draws bars, of eighths of a cell or of whole ones."""

    def __init__(self, blocks: bool) -> None:
        self._blocks = blocks

    def bar(self, value: int, most: int, width: int) -> str:
        """`value` as a part of `most`, which is `width` cells; the least there is is seen."""
        if not value or not most:
            return ""
        if not self._blocks:
            return "#" * max(1, round(value / most * width))
        eighths = max(1, round(value / most * width * 8))
        whole, rest = divmod(eighths, 8)
        return _EIGHTHS[-1] * whole + (_EIGHTHS[rest - 1] if rest else "")


def _wrapped(sentences: Iterable[str], width: int) -> Iterator[Line]:
    from textwrap import wrap

    for sentence in sentences:
        for number, line in enumerate(wrap(sentence, max(10, width - 2))):
            yield (Part(f"{'  ' if number else ''}{line}"),)


def _articles(number: int) -> str:
    return "1 article" if number == 1 else f"{number:,} articles"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"
