"""The whole list, known at once: its length and its ends before the ids between."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import Article, Library, LibraryError
from store.listed import LaterIds


def later(ids, ends, fetch=None):
    """Ids of which `ends` are known at either end."""
    return LaterIds(ids[:ends], ids[-ends:], len(ids), fetch or (lambda: array("q", ids)))


def unread():
    raise AssertionError("was read")


@given(st.data(), st.integers(1, 30), st.integers(1, 40))
def test_ids_that_come_later_are_the_same_as_a_list(data, ends, count):
    ids = list(range(1000, 1000 + count))
    known = later(ids, ends)
    bound = st.none() | st.integers(-50, 50)
    part = slice(data.draw(bound), data.draw(bound), data.draw(st.sampled_from([None, 1, 2, -1])))
    assert list(known[part]) == ids[part]
    index = data.draw(st.integers(0, count - 1))
    assert known[index] == ids[index] == known[index - count]
    assert known.index(ids[index]) == index
    assert ids[index] in known
    assert list(known) == ids and len(known) == count


def test_both_ends_are_known_without_reading():
    known = later(list(range(100)), 10, unread)
    assert known[0] == 0 and known[-1] == 99
    assert list(known[2:9]) == list(range(2, 9))
    assert list(known[95:]) == list(range(95, 100))
    assert list(known[40:40]) == []
    with pytest.raises(AssertionError):
        known[50]


def test_a_list_that_has_changed_meanwhile_keeps_its_length():
    for now in (list(range(60)), list(range(200)), []):
        known = later(list(range(100)), 10, lambda now=now: array("q", now))
        assert len(list(known)) == len(known) == 100 or not now


def test_a_list_that_cannot_be_read_keeps_its_length():
    def fail():
        raise LibraryError("gone")

    assert len(list(later(list(range(100)), 10, fail))) == 100


def test_the_library_lists_what_the_empty_query_finds(tmp_path):
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        ids = library.add(
            [Article(title=f"Number {n}", published=f"{2000 + n % 7}-01-01") for n in range(60)]
        ).added
        library.mark(ids[5:9], trashed=True)
        listed, found = library.listed(10), library.find("")
        assert listed.count == found.count == 56
        assert list(listed.ids) == list(found.ids)
        assert listed.rows(3, 20) == found.rows(3, 20)
        assert listed.rows(3, 8) == library.newest(8)[3:]
        assert [hit.row for hit in listed.hits(0, 3)] == listed.rows(0, 3)
