"""What was read and what is left, counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from store import Article, CancelledError, Highlight, State
from store.statistics import WEEKS, Share, Week

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.fixture(autouse=True)
def in_utc(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def library(path, open_library):
    return open_library(path)


def ago(days):
    at = datetime(TODAY.year, TODAY.month, TODAY.day, 20, tzinfo=UTC) - timedelta(days=days)
    return at.isoformat(timespec="seconds")


def article(n, words=100, **fields):
    return Article(title=f"Number {n}", body="word " * words, **fields)


def read(n, days, words=100, **fields):
    """An article that was marked read so many days ago."""
    return article(n, words, state=State(read=True, read_at=ago(days)), **fields)


def test_an_empty_library_has_nothing_to_tell(library):
    stats = library.statistics(today=TODAY)
    assert (stats.articles, stats.read, stats.unread, stats.streak) == (0, 0, 0, 0)
    assert stats.weeks_left is None
    assert len(stats.weeks) == WEEKS


def test_articles_count_in_the_week_they_were_read_in(library):
    library.add([read(1, 0, 50), read(2, 2, 30), read(3, 3, 7), read(4, 400, 9)])
    stats = library.statistics(today=TODAY)
    assert stats.weeks[-1] == Week(date(2026, 11, 23), 2, 80)  # Monday is two days ago
    assert stats.weeks[-2] == Week(date(2026, 11, 16), 1, 7)
    assert sum(week.articles for week in stats.weeks) == 3
    assert (stats.read, stats.words_read) == (4, 96)


def test_what_came_as_read_counts_in_no_week(library):
    library.add([article(1, state=State(read=True)), read(2, 0)])
    stats = library.statistics(today=TODAY)
    assert (stats.read, stats.undated) == (2, 1)
    assert sum(week.articles for week in stats.weeks) == 1
    assert stats.streak == 1


def test_the_backlog_is_what_is_neither_read_nor_put_away_and_of_what_was_begun_the_rest(library):
    library.add([
        article(1, 100), article(2, 200, state=State(progress=0.75)),
        article(3, 1000, state=State(archived=True)), read(4, 0, 560), article(5, 5000),
    ])  # fmt: skip
    library.mark([5], trashed=True)
    stats = library.statistics(today=TODAY)
    assert (stats.articles, stats.unread, stats.words_unread) == (4, 2, 150)
    assert stats.pace == 70  # 560 words in eight weeks
    assert stats.weeks_left == pytest.approx(150 / 70)


def test_the_pace_is_that_of_the_last_weeks(library):
    library.add([read(1, 55, 80), read(2, 56, 8000)])
    assert library.statistics(today=TODAY).pace == 10


def test_tags_and_sites_are_told_by_the_words_read(library):
    library.add([
        read(1, 0, 10, tags=("sea", "north"), site="a.example"),
        read(2, 0, 30, tags=("north",), site="b.example"),
        article(3, 90, tags=("sea",), site="c.example"),
    ])  # fmt: skip
    library.tag([2], add=["late"])
    stats = library.statistics(today=TODAY)
    assert stats.tags == (Share("north", 2, 40), Share("late", 1, 30), Share("sea", 1, 10))
    assert stats.sites == (Share("b.example", 1, 30), Share("a.example", 1, 10))


@pytest.mark.parametrize(
    ("days", "streak", "longest"),
    [([0, 1, 2], 3, 3), ([1, 2], 2, 2), ([2, 3], 0, 2), ([0, 2, 3, 4], 1, 3), ([0, 0, 1], 2, 2)],
)
def test_a_streak_is_a_run_of_days_up_to_today_or_yesterday(library, days, streak, longest):
    library.add(read(number, day) for number, day in enumerate(days))
    stats = library.statistics(today=TODAY)
    assert (stats.streak, stats.longest) == (streak, longest)


def test_a_query_narrows_what_is_counted(library):
    library.add([read(1, 0, 10, tags=("sea",)), read(2, 0, 30), article(3, 50, tags=("sea",))])
    library.wait_until_searchable()
    stats = library.statistics("tag:sea", today=TODAY)
    assert (stats.articles, stats.read, stats.words_read, stats.words_unread) == (2, 1, 10, 50)
    assert [share.name for share in stats.tags] == ["sea"]
    assert library.statistics("Number tag:sea", today=TODAY).articles == 2


def test_undoing_a_mark_takes_it_out_again(library):
    library.add([article(1)])
    library.highlight(Highlight(1, quote="word"))
    library.mark([1], read=True)
    assert library.statistics().read == 1
    library.undo()
    assert library.statistics().read == 0


def test_counting_ends_when_nobody_waits(library):
    library.add([read(1, 0, tags=("sea",))])
    with pytest.raises(CancelledError):
        library.statistics(cancelled=lambda: True)
