"""A glance at the newest articles, from the side index alone."""

from __future__ import annotations

import os
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Article, Highlight, Known, Library, glance, is_new
from store.indexrows import VERSION

ARTICLES = [
    Article(title=f"Tram {n}", body="It ran.", published=f"20{n:02}-05-01") for n in range(10, 20)
]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    with Library(path, cache_dir=tmp_path / "cache") as library:
        library.add(ARTICLES)
    return path


def seen(path, limit=50, **options):
    return glance(str(path), limit, cache_dir=str(path.parent / "cache"), **options)


def opened(path):
    return Library(path, cache_dir=path.parent / "cache")


def test_it_shows_what_the_library_has_newest_first(path):
    with opened(path) as library:
        library.mark([3], starred=True)
        library.mark([10], trashed=True)
        library.mark([2], read=True)
    with opened(path) as library:
        newest = library.newest(4)
        count = library.find("").count
    look = seen(path, 4)
    assert look is not None
    assert list(look.rows) == newest
    assert look.total == count == 9


def test_it_sees_what_a_running_program_has_written(path):
    with opened(path) as library:
        (added,) = library.add([Article(title="Late", body=".", published="2030")]).added
        library.mark([added], starred=True)
        library.flush()
        look = seen(path)
        assert look is not None
        assert (look.rows[0].title, look.rows[0].starred) == ("Late", True)
    assert seen(path) is not None


def test_a_count_that_is_known_is_not_counted_again(path):
    look = seen(path)
    assert seen(path, known=Known(look.signs, 1_234)).total == 1_234
    with opened(path) as library:
        library.mark([1], trashed=True)
    assert seen(path, known=Known(look.signs, 1_234)).total == 9


@pytest.mark.parametrize("sort", ["title", "-words", "saved", "-read", "author"])
def test_an_order_of_ones_own_is_that_of_a_search(path, sort):
    with opened(path) as library:
        library.mark([3, 7], read=True)
        library.mark([9], trashed=True)
        library.flush()
        found = library.find("", sort=sort)
        assert list(seen(path, 4, sort=sort).rows) == found.rows(0, 4)
        assert list(seen(path, sort=sort).rows) == found.rows(0, 50)
    look = seen(path, 4, sort=sort)
    known = Known(look.signs, look.total, [row.id for row in look.rows][::-1])
    assert seen(path, 4, sort=sort, known=known).rows == look.rows[::-1]  # not looked for again
    assert seen(path, 5, sort=sort, known=known).rows[:4] == look.rows
    with opened(path) as library:
        library.mark([1], starred=True)
    assert [row.id for row in seen(path, 4, sort=sort, known=known).rows] == [
        row.id for row in look.rows
    ]


def test_an_empty_library_is_told_from_one_whose_articles_are_in_the_trash(path, tmp_path):
    with opened(path) as library:
        library.mark(list(range(1, 11)), trashed=True)
    look = seen(path)
    assert (look.rows, look.total, look.holds_any) == ((), 0, True)
    bare = tmp_path / "bare" / "library.json"
    assert is_new(str(bare))
    assert glance(str(bare), 5, cache_dir=str(bare.parent / "cache")) is None
    with opened(bare):
        pass
    assert not is_new(str(bare))
    assert seen(bare).holds_any is False


def test_the_newest_article_is_told_from_what_it_was(path):
    before = seen(path).first
    with opened(path) as library:
        library.mark([1], starred=True)
    assert seen(path).first == before
    with opened(path) as library:
        library.mark([10], starred=True)
    marked = seen(path).first
    assert marked != before
    with opened(path) as library:
        library.highlight(Highlight(10, "It"))
    assert seen(path).first not in (before, marked)


def test_nothing_is_seen_where_the_index_is_not_in_step(path):
    text = path.read_text()
    path.write_text(text.replace("Tram 19", "Ferry 9"))
    assert seen(path) is None
    with opened(path) as library:
        library.wait_until_listed()
    assert seen(path).rows[0].title == "Ferry 9"
    (path.parent / "library.reading.json").write_text("{}")
    assert seen(path) is None


def test_nothing_is_seen_of_a_library_that_was_never_opened_or_is_gone(tmp_path, path):
    assert seen(tmp_path / "other.json") is None
    path.unlink()
    assert seen(path) is None


def columns(path):
    (file,) = (path.parent / "cache").glob("*/columns.sqlite")
    return file


@pytest.mark.parametrize("step", [-1, 1])
def test_nothing_is_seen_of_an_index_of_an_older_or_a_newer_version(path, monkeypatch, step):
    with opened(path) as library:
        assert library.newest(1)[0].title == "Tram 19"
    with monkeypatch.context() as other:
        # What another version writes, its own sums and all.
        other.setattr("store.index.VERSION", VERSION + step)
        columns(path).unlink()
        with opened(path) as library:
            library.wait_until_listed()
    assert seen(path) is None
    with opened(path) as library:
        library.wait_until_listed()
    assert seen(path).rows[0].title == "Tram 19"


def test_nothing_is_seen_of_a_row_that_does_not_bear_its_checksum(path):
    with sqlite3.connect(columns(path)) as db:
        db.execute("update doc set title = 'Trap 19' where id = 10")
    assert seen(path) is None


@settings(max_examples=30)
@given(st.data())
def test_no_damage_of_the_index_raises_or_shows_another_title(tmp_path_factory, data):
    place = tmp_path_factory.mktemp("glance")
    path = place / "library.json"
    with Library(path, cache_dir=place / "cache") as library:
        library.add(ARTICLES)
    file = columns(path)
    raw = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    file.write_bytes(raw[: data.draw(st.sampled_from([len(raw), len(raw) // 2, 0]))])
    look = seen(path)
    if look is not None:
        titles = {article.title for article in ARTICLES}
        assert {row.title for row in look.rows} <= titles


def test_it_writes_nothing(path):
    before = {file: file.stat().st_mtime_ns for file in path.parent.rglob("*") if file.is_file()}
    directory = columns(path).parent
    os.chmod(directory, 0o500)
    try:
        assert seen(path) is not None
    finally:
        os.chmod(directory, 0o700)
    assert before == {
        file: file.stat().st_mtime_ns for file in path.parent.rglob("*") if file.is_file()
    }
