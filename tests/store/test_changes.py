"""Changes that an import makes to articles are written together, once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store import Article
from store.importers.record import Update
from store.linefile import LineFile


@pytest.fixture
def rewrites(monkeypatch):
    """How often a library file was written anew."""
    monkeypatch.setattr("store.adding.BATCH_ARTICLES", 3)
    made = []
    rewrite = LineFile.rewrite

    def counted(self, records, **options):
        made.append(self.path)
        rewrite(self, records, **options)

    monkeypatch.setattr(LineFile, "rewrite", counted)
    return made


def stub(n: int) -> Article:
    return Article(title=f"No {n}", url=f"https://example.org/{n}")


def test_stubs_that_many_batches_fill_are_written_once(open_library, path, rewrites):
    library = open_library(path)
    library.add(map(stub, range(1, 11)))
    report = library.add(replace(stub(n), body=f"Text of {n}.") for n in range(1, 11))
    assert report.merged == list(range(1, 11))
    assert len(rewrites) == 1
    assert [library.get(n).body for n in range(1, 11)] == [f"Text of {n}." for n in range(1, 11)]
    library.close()
    assert open_library(path).get(7).body == "Text of 7."


def test_an_article_that_batches_change_twice_has_both_changes(open_library, path, rewrites):
    library = open_library(path)
    library.add([stub(1)])
    others = [stub(n) for n in range(2, 6)]
    library.add([replace(stub(1), body="The text."), *others, replace(stub(1), author="Ada")])
    assert len(rewrites) == 1
    assert (library.get(1).body, library.get(1).author) == ("The text.", "Ada")


def test_an_article_is_known_by_the_address_that_a_change_gave_it(open_library, path, rewrites):
    library = open_library(path)
    library.add([Article(title="A", body="Some text.")])
    addressed = Article(title="A", body="Some text.", url="https://example.org/a")
    others = [stub(n) for n in range(2, 6)]
    report = library.add([Update(addressed, 1), *others, replace(addressed, author="Ada")])
    assert len(report.added) == 4
    assert (library.get(1).url, library.get(1).author) == (addressed.url, "Ada")


def test_what_another_process_changes_meanwhile_is_kept(open_library, path, rewrites):
    first, second = open_library(path), open_library(path)
    first.add(map(stub, range(1, 9)))

    def records():
        for n in range(1, 9):
            if n == 8:  # the change of the first is held back
                second.add([replace(stub(1), author="Ada"), replace(stub(2), body="Theirs.")])
            yield replace(stub(n), body=f"Text of {n}.")

    first.add(records())
    second.refresh()
    for library in (first, second):
        assert (library.get(1).body, library.get(1).author) == ("Text of 1.", "Ada")
        assert library.get(2).body == "Text of 2."


def test_a_text_that_another_process_edits_meanwhile_stays(open_library, path, rewrites):
    first, second = open_library(path), open_library(path)
    note = Article(
        "Note", "The first wording.", words=3, url="https://example.org/note", source="n"
    )
    first.add([note])

    def records():
        yield replace(note, author="Ada")
        yield from map(stub, range(1, 4))
        second.add([replace(note, body="The second.", words=2)])

    first.add(records())
    assert (first.get(1).body, first.get(1).author) == ("The second.", "Ada")


def test_an_import_that_fails_midway_keeps_what_it_added_and_can_be_repeated(
    open_library, path, rewrites
):
    library = open_library(path)
    library.add([stub(1)])

    def broken():
        yield replace(stub(1), body="The text.")
        yield from map(stub, range(2, 6))
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        library.add(broken())
    assert library.get(1).is_stub
    assert library.get(2).title == "No 2"
    assert library.add([replace(stub(1), body="The text.")]).merged == [1]
    assert library.get(1).body == "The text."
