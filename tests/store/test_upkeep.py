"""The index follows the files: at once where little changed, behind where much did."""

from __future__ import annotations

import json
import shutil
import threading
import time

import pytest
from tinydb import TinyDB

from store import (
    Article,
    Library,
    NotALibraryError,
    columnskeeper,
    fulltext,
    indexing,
    upkeep,
    wordkeeper,
)  # fmt: skip
from store.filelock import FileLock
from store.places import index_place

_PATIENCE = 20.0  # seconds until a condition that never comes true fails its test


def articles(*numbers):
    return [
        Article(
            title=f"Number {n}",
            body=f"Text of article {n}, which says word{n}.",
            url=f"https://example.org/{n}",
            published=f"20{n // 300:02}-{n // 25 % 12 + 1:02}-{n % 25 + 1:02}",
        )
        for n in numbers
    ]


@pytest.fixture
def large(monkeypatch):
    """Every library counts as large: 20 articles are shown first, the others come in behind."""
    monkeypatch.setattr(columnskeeper, "SMALL", 1_000)
    monkeypatch.setattr(upkeep, "SOON", 10)
    monkeypatch.setattr(columnskeeper, "_FIRST", 3_000)
    monkeypatch.setattr(indexing, "BATCH", 50)
    monkeypatch.setattr(wordkeeper, "COMMIT", 100)


class Gate:
    """Stops the work behind before it begins, until it is opened."""

    def __init__(self, monkeypatch):
        self._open = threading.Event()
        behind = columnskeeper.catch_up

        def catch_up(file, index, stop, on_progress):
            while on_progress is not None and not self._open.wait(0.01) and not stop():
                pass
            return behind(file, index, stop, on_progress)

        monkeypatch.setattr(columnskeeper, "catch_up", catch_up)

    def open(self):
        self._open.set()


@pytest.fixture
def gate(monkeypatch, large):
    return Gate(monkeypatch)


@pytest.fixture
def filled(path, tmp_path):
    """A library of 400 articles that was never opened with the cache of the test."""
    with Library(path, cache_dir=tmp_path / "another cache") as library:
        library.add(articles(*range(1, 401)))
    return path


def until(condition):
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def titles(library, query=""):
    result = library.find(query, everything=True)
    return [row.title for row in result.rows(0, len(result.ids))]


# ------------------------------------------------------------------------------- first opening


def test_a_large_library_that_was_never_opened_shows_its_newest_at_once(filled, open_library, gate):
    library = open_library(filled)
    assert [row.title for row in library.newest(3)] == ["Number 400", "Number 399", "Number 398"]
    assert 0 < len(library) < 50
    done, total = library.indexing
    assert done < total


def test_an_article_that_is_not_listed_yet_can_be_read(filled, open_library, gate):
    library = open_library(filled)
    assert library.get(7).title == "Number 7"
    library.mark([7], starred=True)
    assert library.state(7).starred


def test_the_list_fills_and_says_so(filled, open_library, gate):
    library = open_library(filled)
    assert not library.refresh()
    gate.open()
    until(library.refresh)
    library.wait_until_searchable()
    library.refresh()
    assert len(library) == 400
    assert library.indexing is None
    assert titles(library, "word7") == ["Number 7"]
    assert not library.refresh()


def test_waiting_for_the_list_tells_how_far_it_is(filled, open_library, large):
    told = []
    library = open_library(filled)
    library.wait_until_listed(lambda *progress: told.append(progress))
    assert len(library) == 400
    assert all(0 <= done <= total for _, done, total in told)


def test_what_was_read_before_the_index_was_lost_is_read(path, filled, open_library, large):
    library = open_library(filled)
    library.mark([5, 6], read=True)
    library.tag([5], add=["sea"])
    library.close()
    again = open_library(filled, cache="yet another")
    again.wait_until_searchable()
    assert titles(again, "is:read sort:-published") == ["Number 5", "Number 6"]
    assert titles(again, "tag:sea") == ["Number 5"]


def test_two_sessions_that_open_it_first_both_end_with_all(filled, open_library, large):
    sessions = [open_library(filled), open_library(filled)]
    for session in sessions:
        session.wait_until_searchable()
        assert len(session) == 400
        assert titles(session, "word400") == ["Number 400"]


def test_a_library_of_stock_tinydb_fills_likewise(path, open_library, gate):
    table = TinyDB(path).table("articles")
    table.insert_multiple(a.to_document() for a in articles(*range(1, 201)))
    library = open_library(path)
    assert library.newest(1)[0].title == "Number 200"
    assert library.get(3).title == "Number 3"
    gate.open()
    library.wait_until_searchable()
    assert len(titles(library)) == 200


# ------------------------------------------------------------------------------- later changes


def edited(path, number, **fields):
    """Another program changes an article, and writes the whole file anew."""
    data = json.loads(path.read_text())
    data["articles"][str(number)] |= fields
    path.write_text(json.dumps(data))


def test_the_old_goes_on_answering_until_a_changed_file_is_taken_in(
    filled, open_library, large, monkeypatch
):
    library = open_library(filled)
    library.wait_until_searchable()
    library.refresh()
    gate = Gate(monkeypatch)
    edited(filled, 9, title="Renamed", body="Something new.")
    library.refresh()
    assert len(titles(library)) == 400
    assert titles(library, "word9") == ["Number 9"]
    assert library.get(10).title == "Number 10"
    assert not library.refresh()
    gate.open()
    library.wait_until_searchable()
    assert library.refresh()
    assert titles(library, "renamed") == ["Renamed"]
    assert titles(library, "word9") == []
    assert library.get(9).body == "Something new."


def test_a_few_articles_that_another_session_added_are_there_at_once(filled, open_library, gate):
    gate.open()
    library = open_library(filled)
    library.wait_until_searchable()
    other = open_library(filled)
    other.add(articles(401))
    assert library.refresh()
    assert library.indexing is None
    assert titles(library, "word401") == ["Number 401"]


def test_articles_that_are_gone_from_the_file_leave_the_list(filled, open_library, large):
    library = open_library(filled)
    library.wait_until_searchable()
    data = json.loads(filled.read_text())
    for number in (1, 200, 399, 400):
        del data["articles"][str(number)]
    filled.write_text(json.dumps(data))
    library.refresh()
    library.wait_until_searchable()
    assert len(library) == 396
    assert titles(library, "word200 OR word201") == ["Number 201"]


def test_a_file_that_is_no_library_any_more_is_said_and_the_list_stays(filled, open_library, large):
    library = open_library(filled)
    library.wait_until_listed()
    other = filled.with_name("other")
    other.write_text("[1, 2]")
    other.replace(filled)  # at once: an empty file would be a library without articles

    def refused():
        try:
            library.refresh()
        except NotALibraryError:
            return True
        return False

    # The thread may just be looking at the file itself; then it is said the next time.
    until(refused)
    assert len(titles(library)) == 400


# ------------------------------------------------------------------------------- writing


def test_adding_waits_until_all_is_known(filled, open_library, gate):
    library = open_library(filled)
    reports = []
    adding = threading.Thread(
        target=lambda: reports.append(library.add(articles(3, 401))), daemon=True
    )
    adding.start()
    gate.open()
    adding.join(_PATIENCE)
    assert (reports[0].added, reports[0].unchanged) == ([401], 1)


def test_removing_for_good_waits_until_all_is_known(filled, open_library, gate):
    gate.open()
    library = open_library(filled)
    assert library.purge([3, 400]) == 2
    assert len(library) == 398
    assert library.add(articles(401)).added == [401]


# ------------------------------------------------------------------------------- closing


def test_closing_in_the_midst_breaks_the_work_off(filled, open_library, gate):
    library = open_library(filled)
    assert library.indexing is not None
    library.close()  # the gate is never opened
    until(lambda: all(thread.name != "upkeep" for thread in threading.enumerate()))


def test_work_that_was_broken_off_is_resumed(filled, open_library, large, monkeypatch):
    rows = []
    made = indexing._row

    def count(record):
        rows.append(record.id)
        if len(rows) == 250:
            raise MemoryError
        return made(record)

    monkeypatch.setattr(indexing, "_row", count)
    library = open_library(filled)
    until(lambda: len(rows) == 250)
    library.close()
    again = open_library(filled)
    again.wait_until_searchable()
    assert len(titles(again, "text")) == 400
    assert len(rows) < 500


def test_full_text_that_was_broken_off_is_resumed(filled, open_library, large, monkeypatch):
    documents = wordkeeper.FullTextKeeper._documents
    seen = []

    def some(self, ids, unread):
        seen.extend(ids)
        if len(seen) == 300:
            raise MemoryError
        return documents(self, ids, unread)

    monkeypatch.setattr(wordkeeper.FullTextKeeper, "_documents", some)
    library = open_library(filled)
    until(lambda: len(seen) == 300)
    library.close()
    again = open_library(filled)
    again.wait_until_searchable()
    assert len(titles(again, "text")) == 400
    assert len(seen) == 300 + 200  # the first 200 were safe


# ------------------------------------------------------------------------------- the cache goes


def test_a_cache_directory_that_is_removed_while_open_does_not_matter(
    filled, tmp_path, open_library, large
):
    library = open_library(filled)
    library.wait_until_searchable()
    shutil.rmtree(tmp_path / "cache")
    assert library.get(5).title == "Number 5"
    library.refresh()
    library.wait_until_searchable()
    assert titles(library, "word5") == ["Number 5"]
    assert library.add(articles(5, 401)).added == [401]


def test_what_is_found_stays_right_while_the_full_text_is_opened_anew(path, tmp_path, monkeypatch):
    opened = []
    prepared = fulltext.FullText._prepared
    monkeypatch.setattr(fulltext, "_RELOADS", 3)
    monkeypatch.setattr(
        fulltext.FullText,
        "_prepared",
        lambda *arguments: opened.append(None) or prepared(*arguments),
    )
    with Library(path, cache_dir=tmp_path / "cache") as library:
        for number in range(1, 25):
            library.add(articles(number))
            library.wait_until_searchable()
            assert list(library.find(f"word{number}").ids) == [number]
            assert library.count("says") == number
        library.mark([3], trashed=True)
        library.purge([3])
        library.wait_until_searchable()
        assert library.count("says") == 23
    assert len(opened) > 5


@pytest.mark.parametrize("number", [40, 4])
def test_a_search_that_went_without_words_that_others_were_indexing_is_to_be_asked_again(
    path, tmp_path, open_library, monkeypatch, number
):
    monkeypatch.setattr(upkeep, "SOON", 10)
    with Library(path, cache_dir=tmp_path / "another cache") as maker:
        maker.add(articles(*range(1, number + 1)))
    index = index_place(path, tmp_path / "cache")
    index.mkdir(parents=True)
    lock = FileLock(index / "words.lock", like=index)
    with lock.hold():
        library = open_library(path)
        library.wait_until_listed()
        assert library.find("word3").count == 0
    lock.close()
    until(library.refresh)
    assert list(library.find("word3").ids) == [3]
    assert not library.refresh()
