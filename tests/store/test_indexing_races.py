"""Articles that change, move and come while they are indexed, by another process or thread."""

from __future__ import annotations

import threading

import pytest

from store import Article, adding, wordkeeper
from store.index import Index
from store.linefile import LineFile
from store.sqlitefile import DamagedError


def articles(*numbers):
    return [
        Article(title=f"No {n}", body=f"word{n}", url=f"https://e.example/{n}") for n in numbers
    ]


@pytest.fixture
def two(path, open_library):
    """The same library, opened twice on one index."""
    one = open_library(path)
    one.add(articles(*range(1, 9)))
    one.wait_until_searchable()
    return one, open_library(path)


def test_an_article_newer_than_the_open_file_is_indexed(two):
    one, other = two
    other.purge([3])  # another file is in its place now
    other.add(articles(9))
    one._keeper.work(lambda: False)
    assert list(one.find("word9").ids) == [9]
    assert list(other.find("word9").ids) == [9]


def test_an_article_that_changes_while_it_is_indexed_is_indexed_again(two, monkeypatch):
    one, other = two
    documents = wordkeeper.FullTextKeeper._documents
    changes = [
        lambda: other.tag([5], add=["late"]),
        lambda: other.add([Article(body="word5 and later much", url="https://e.example/5")]),
    ]

    def slow(self, ids, unread):
        yield from documents(self, ids, unread)
        if changes and 5 in ids:
            changes.pop()()
            other.flush()

    monkeypatch.setattr(wordkeeper.FullTextKeeper, "_documents", slow)
    one.tag([5], add=["early"])
    one.flush()
    one.wait_until_searchable()
    assert not changes
    assert list(one.find("title:5 late").ids) == [5]
    assert list(one.find("much").ids) == [5]
    assert list(one.find("word5").ids) == [5]


@pytest.mark.parametrize(("out", "left"), [([5], [5]), ([5, 6], [5, 6])], ids=["one", "all"])
def test_what_is_taken_out_of_the_trash_while_the_file_is_written_anew_stays(
    path, two, monkeypatch, out, left
):
    one, other = two
    one.mark([5, 6], trashed=True)
    one.mark([5], starred=True)
    scan, goes_out = LineFile.scan, [out]

    def slow(self, *start):
        yield from scan(self, *start)
        if goes_out:
            other.mark(goes_out.pop(), trashed=False)
            other.flush()

    monkeypatch.setattr(LineFile, "scan", slow)
    assert one.purge([5, 6], trashed_only=True) == 2 - len(left)
    assert not goes_out
    assert sorted(one.find("", everything=True).ids) == sorted({1, 2, 3, 4, 7, 8, *left})
    assert one.state(5).starred
    assert not one.state(5).trashed


def test_who_writes_does_not_wait_for_the_thread_that_waits_for_them(path, two, monkeypatch):
    one, _ = two
    waiting = threading.Event()
    held = one._upkeep._columns.lock.attempt

    def attempt():
        if threading.current_thread().name == "upkeep":
            waiting.set()
        return held()

    monkeypatch.setattr(one._upkeep._columns.lock, "attempt", attempt)

    def write():
        with one._upkeep.writing():
            one._file.rewrite((r.id, r.raw) for r in one._file.scan() if r.id != 2)
            one._upkeep.begin()
            waiting.wait(10)
            one._upkeep.wait_for_columns()

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    writer.join(20)
    assert waiting.is_set()
    assert not writer.is_alive()
    assert len(one.newest(20)) == 7


@pytest.mark.parametrize("moment", ["edited_files", "dumps"])
def test_an_index_that_is_made_anew_in_the_midst_of_adding_is_not_taken_for_whole(
    two, monkeypatch, moment
):
    one, _ = two
    real = getattr(adding, moment)
    renewed = []

    def renew_first(*arguments):
        if not renewed:
            renewed.append(True)
            one._index.renew()  # as a thread does that meets damage
        return real(*arguments)

    monkeypatch.setattr(adding, moment, renew_first)
    report = one.add(articles(3, 9))
    assert renewed
    assert (report.added, report.unchanged) == ([9], 1)
    one.wait_until_listed()
    assert sorted(row.id for row in one.newest(20)) == list(range(1, 10))
    assert list(one.find("word4").ids) == [4]


def test_tags_are_saved_though_the_index_is_damaged_and_another_writes_the_library(
    path, open_library, monkeypatch
):
    library = open_library(path)
    library.add([Article(title="One", body="Text.", tags=("own",))])
    real = Index.own_tags

    def damaged(self, ids):
        monkeypatch.setattr(Index, "own_tags", real)
        self.damaged = True
        raise DamagedError("a page of it is not what it was")

    monkeypatch.setattr(Index, "own_tags", damaged)
    with LineFile(path).lock():  # as another process holds it that then waits for our marks
        library.tag([1], add=["late"])
        saving = threading.Thread(target=library.flush, daemon=True)
        saving.start()
        saving.join(20)
        assert not saving.is_alive()
    library.wait_until_listed()
    assert [tag for tag, _ in library.tags()] == ["late", "own"]
