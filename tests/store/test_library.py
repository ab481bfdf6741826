"""The library through its one door."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time

import pytest
from tinydb import TinyDB

from store import (
    Article,
    ArticleNotFoundError,
    Bookmark,
    CancelledError,
    Highlight,
    Library,
    LibraryError,
    NotALibraryError,
    ReadOnlyError,
    Rejected,
    State,
    export_articles,
)
from store.importers import read_sources
from store.reading import ReadingFile


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "library.json"


@pytest.fixture
def library(path, open_library):
    return open_library(path)


def numbered(*numbers):
    return [
        Article(
            title=f"Number {n}",
            body=f"Text of article {n}.",
            url=f"https://example.org/{n}",
            published=f"2020-01-{n:02}",
        )
        for n in numbers
    ]


# ------------------------------------------------------------------------------------ adding


def test_what_was_added_is_there_after_reopening(path, library, open_library):
    library.add(numbered(1, 2))
    library.close()
    again = open_library(path)
    assert [row.title for row in again.newest(10)] == ["Number 2", "Number 1"]
    assert again.get(1).body == "Text of article 1."


def test_stock_tinydb_reads_the_same_documents(path, library):
    library.add(numbered(1, 2, 3))
    documents = TinyDB(path).table("articles").all()
    assert [d.doc_id for d in documents] == [1, 2, 3]
    assert [Article.from_document(d, d.doc_id) for d in documents] == [
        library.get(i) for i in (1, 2, 3)
    ]


def test_a_second_import_adds_nothing(path, library):
    library.add(numbered(1, 2))
    before = path.read_bytes()
    report = library.add(numbered(1, 2, 2))
    assert (len(report.added), len(report.merged), report.unchanged) == (0, 0, 3)
    assert path.read_bytes() == before


def test_every_item_is_accounted_for(library):
    items = [*numbered(1, 1, 2), Rejected("x.txt", "it is empty"), Article()]
    report = library.add(items)
    assert report.summary() == "2 added, 0 merged, 1 unchanged, 2 rejected"
    assert report.total == len(items)


def test_a_stub_is_filled_in_under_its_own_id_and_keeps_its_state(library):
    library.add([Article(title="Later", url="http://www.example.org/1?utm_source=feed")])
    library.mark([1], starred=True)
    report = library.add(numbered(1))
    assert (report.added, report.merged) == ([], [1])
    assert library.get(1).body == "Text of article 1."
    assert library.state(1).starred
    assert library.find("text").count == 1
    assert library.find("is:stub").count == 0


def test_an_edited_file_updates_its_article(library):
    first = Article(title="Notes", body="one two three", url="https://example.org/n", source="n.md")
    library.add([first])
    report = library.add(
        [Article(title="Notes!", body="one", url="https://example.org/n", source="n.md")]
    )
    assert report.merged == [1]
    assert library.get(1).body == "one"
    assert library.find("three").count == 0


def test_state_that_an_import_brings_is_kept(library):
    library.add([Article(title="Old friend", body="x", state=State(read=True, starred=True))])
    library.flush()
    assert library.state(1).read
    assert library.find("is:starred is:read").count == 1


def test_unsafe_text_does_not_get_past_the_door(path, library):
    library.add([Article(title="a\x1b]0;own\x07b", body="x\x1b[2Jy\x00z")])
    assert library.get(1).title == "ab"
    assert library.get(1).body == "xyz"
    assert b"\\u001b" not in path.read_bytes()


def test_unsafe_text_that_another_program_wrote_does_not_get_out(path, open_library):
    path.parent.mkdir()
    TinyDB(path).table("articles").insert({"title": "a\x1b[31mb", "body": "c\x9b2Jd"})
    library = open_library(path)
    assert library.newest(1)[0].title == "ab"
    assert library.get(1).body == "cd"


def test_ids_are_not_given_again_after_a_purge(path, library, open_library):
    library.add(numbered(1, 2, 3))
    assert library.purge([3, 2]) == 2
    library.close()
    for file in (path.parent.parent / "cache").rglob("columns.sqlite*"):
        file.unlink()
    again = open_library(path)
    assert again.add(numbered(4)).added == [4]
    assert again.find("sort:saved").count == 2


@pytest.mark.parametrize("how", ["another program", "an empty file", "no file"])
def test_an_id_something_was_kept_of_is_not_given_again(path, library, open_library, how):
    library.add(numbered(1, 2, 3))
    library.mark([2], trashed=True)
    library.highlight(Highlight(id=0, article=3, quote="Text"))
    library.close()
    if how == "another program":
        with TinyDB(path) as db:
            db.table("articles").remove(doc_ids=[2, 3])
    elif how == "an empty file":
        path.write_bytes(b"")
    else:
        path.unlink()
    again = open_library(path)
    assert again.add(numbered(4)).added == [4]
    assert again.state(4) == State()
    assert again.highlights(4) == []


def test_what_an_export_holds_comes_back_to_what_was_kept_of_it(
    path, library, open_library, tmp_path
):
    library.add(numbered(1, 2, 3))
    library.mark([2], starred=True)
    library.bookmarks.set(Bookmark("Q", 3))
    export_articles(library, str(tmp_path / "all.json"), format="json")
    library.close()
    path.unlink()
    again = open_library(path)
    records = list(read_sources([str(tmp_path / "all.json")]))
    assert again.rehearse(records).added == [1, 2, 3]
    assert again.add(records).added == [1, 2, 3]
    assert again.state(2).starred
    assert again.get(3).title == "Number 3"


def test_an_id_that_nobody_gave_ends_no_ids(path, library, open_library):
    library.add(numbered(1))
    library.close()
    reading = path.with_name("library.reading.json")
    reading.write_text(json.dumps({"states": {str((1 << 63) - 1): {"read": True}}}))
    assert open_library(path).add(numbered(2)).added == [2]


def test_a_purge_takes_the_state_along_and_leaves_the_highlights(path, library, open_library):
    library.add(numbered(1, 2, 3))
    library.mark([1, 2, 3], starred=True)
    library.highlight(Highlight(id=0, article=2, quote="Text"))
    library.bookmarks.set(Bookmark("a", 2))
    library.bookmarks.set(Bookmark("Q", 3))
    library.mark([2], trashed=True)  # not on the disk yet
    library.purge([2])
    with TinyDB(path.with_name("library.reading.json")) as db:
        assert {document.doc_id for document in db.table("states")} == {1, 3}
        assert [document["letter"] for document in db.table("bookmarks")] == ["Q"]
    assert [highlight.quote for highlight in library.highlights()] == ["Text"]
    again = open_library(path)
    assert sorted(again.find("is:starred").ids) == [1, 3]
    assert again.find("is:trashed").ids == []
    assert again.state(2) == State()


def test_a_purge_passes_over_marks_that_make_no_sense(path, library, open_library):
    library.add(numbered(1, 2))
    library.bookmarks.set(Bookmark("a", 2))
    library.close()
    reading = path.with_name("library.reading.json")
    tables = json.loads(reading.read_text())
    tables["bookmarks"]["9"] = {"letter": "b", "article": [2]}
    reading.write_text(json.dumps(tables))
    again = open_library(path)
    assert again.purge([2]) == 1
    assert list(json.loads(reading.read_text())["bookmarks"]) == ["9"]


def test_articles_are_removed_though_their_states_cannot_be(
    path, library, open_library, monkeypatch
):
    library.add(numbered(1, 2))
    library.mark([2], starred=True)
    library.flush()
    update, calls = ReadingFile.update, []

    def fails(reading, change):
        calls.append(change)
        if len(calls) > 1:
            raise LibraryError("the disk is full")
        return update(reading, change)

    monkeypatch.setattr(ReadingFile, "update", fails)
    assert library.purge([2]) == 1
    assert len(calls) == 2
    assert [row.id for row in library.newest(9)] == [1]


def test_fields_of_other_programs_survive(path, open_library):
    path.parent.mkdir()
    TinyDB(path).table("articles").insert(
        {"headline": "H", "content": "C", "mood": {"x": [1, None]}, "link": "https://e.org/1"}
    )
    library = open_library(path)
    assert (library.get(1).title, library.get(1).body) == ("H", "C")
    library.add([Article(title="H", body="C and more words", url="https://e.org/1")])
    (document,) = TinyDB(path).table("articles").all()
    assert document["mood"] == {"x": [1, None]}


# ------------------------------------------------------------------------------------ finding


@pytest.fixture
def shelf(library):
    library.add(
        [
            Article(title="The carrier", body="A **missile** and a ship.", author="Ada Reyes",
                    site="Ledger", tags=("news", "sea"), published="2017-03-09", lang="en"),
            Article(title="Pigeons", body="The carrier pigeon flew. " + "It rested. " * 300,
                    author="Bo Lind", tags=("birds",), published="2019-06"),
            Article(title="活字印刷", body="毕昇发明了活字印刷术。", lang="zh-Hans",
                    published="2021"),
            Article(title="Café society", body="A résumé of the naïve.", published="2001-01-01"),
            Article(title="Only a link", url="https://example.org/later"),
        ]
    )  # fmt: skip
    return library


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("carrier", ["The carrier", "Pigeons"]),
        ("CARRIER", ["The carrier", "Pigeons"]),
        ("carrier missile", ["The carrier"]),
        ('"carrier pigeon"', ["Pigeons"]),
        ('"pigeon carrier"', []),
        ("pig*", ["Pigeons"]),
        ("carrier -pigeon", ["The carrier"]),
        ("missile OR resume", ["Café society", "The carrier"]),
        ("cafe naive", ["Café society"]),
        ("印刷", ["活字印刷"]),
        ("发明", ["活字印刷"]),
        ("明发", []),
        ("author:ada", ["The carrier"]),
        ('author:"bo lind"', ["Pigeons"]),
        ("author:carrier", []),
        ("title:carrier", ["The carrier"]),
        ("site:ledger", ["The carrier"]),
        ("tag:sea", ["The carrier"]),
        ("tag:sea,birds sort:title", ["Pigeons", "The carrier"]),
        ("#news", ["The carrier"]),
        ("sea", ["The carrier"]),
        ("is:stub", ["Only a link"]),
        ("has:tag sort:title", ["Pigeons", "The carrier"]),
        ("no:tag -is:stub sort:title", ["Café society", "活字印刷"]),
        ("lang:zh", ["活字印刷"]),
        ("published:2017", ["The carrier"]),
        ("published:2017-03-09", ["The carrier"]),
        ("published:2017..2019 sort:published", ["Pigeons", "The carrier"]),
        ("before:2005", ["Café society"]),
        ("after:2019", ["活字印刷"]),
        ("words:>500", ["Pigeons"]),
        ("time:<2m -is:stub carrier", ["The carrier"]),
        ("time:1 carrier -pigeon", ["The carrier"]),
        ("time:3", ["Pigeons"]),
        ("pigeon time:3m", ["Pigeons"]),
        ("time:2..3", ["Pigeons"]),
        ("time:>3 OR time:<1", ["Only a link"]),
        ("words:..20 carrier", ["The carrier"]),
        ("words:500..", ["Pigeons"]),
        ("#news,birds sort:title", ["Pigeons", "The carrier"]),
        ('tag:"Sea"', ["The carrier"]),
        ("carrier AND missile", ["The carrier"]),
        ("author:* sort:title", ["Pigeons", "The carrier"]),
        ("carrier (tag:birds OR missile) sort:title", ["Pigeons", "The carrier"]),
        ("(is:stub OR pigeon) sort:title", ["Only a link", "Pigeons"]),
        ("carrier limit:1", ["The carrier"]),
        ("sort:title limit:2", ["Café society", "Only a link"]),
        ("sort:-title limit:1", ["活字印刷"]),
        ("sort:words limit:1", ["Pigeons"]),
    ],
)
def test_a_query_finds(shelf, query, titles):
    found = shelf.find(query)
    got = [row.title for row in found.rows(0, 50)]
    assert (got if "sort:" in query or len(got) < 2 else sorted(got)) == (
        titles if "sort:" in query or len(got) < 2 else sorted(titles)
    )
    assert (found.count, found.exact) == (len(titles), True)


def test_a_word_in_the_title_ranks_over_one_in_the_text(shelf):
    assert [row.title for row in shelf.find("carrier").rows(0, 2)] == ["The carrier", "Pigeons"]


def test_of_equals_the_newer_ranks_first(library):
    library.add([Article(title=f"Same {y}", body="equal words", published=str(y))
                 for y in (2005, 2020, 1980)])  # fmt: skip
    titles = [row.title for row in library.find("equal").rows(0, 3)]
    assert titles == ["Same 2020", "Same 2005", "Same 1980"]


def test_each_letter_typed_answers(shelf):
    for end in range(1, len("pigeons") + 1):
        assert "Pigeons" in [r.title for r in shelf.find("pigeons"[:end], typing=True).rows(0, 9)]


def test_a_hit_shows_a_line_of_the_text_with_the_words_marked(shelf):
    (hit,) = shelf.find("flew resume OR pigeon flew").hits(0, 1)
    assert [hit.snippet[a:b].lower() for a, b in hit.spans][:2] == ["pigeon", "flew"]
    (hit,) = shelf.find("missile").hits(0, 1)
    assert hit.snippet == "A missile and a ship."  # without the markup


def test_accents_do_not_shift_the_marks(shelf):
    (hit,) = shelf.find("resume").hits(0, 1)
    assert [hit.snippet[a:b] for a, b in hit.spans] == ["résumé"]


def test_the_trash_is_left_out_unless_asked_for(shelf):
    shelf.mark([1], trashed=True)
    assert [r.id for r in shelf.find("carrier").rows(0, 9)] == [2]
    assert 1 not in shelf.find().ids
    assert list(shelf.find("is:trashed").ids) == [1]
    assert list(shelf.find("carrier is:trashed").ids) == [1]


def test_filters_see_marks_made_a_moment_ago(shelf):
    shelf.mark([1, 2], read=True)
    assert sorted(shelf.find("is:unread").ids) == [3, 4, 5]
    assert sorted(shelf.find("carrier is:read").ids) == [1, 2]


def test_edited_tags_are_found_by_field_and_by_word(shelf):
    shelf.tag([2], add=["Long Read"], remove=["birds"])
    assert list(shelf.find("tag:long-read").ids) == [2]
    assert list(shelf.find("tag:birds").ids) == []
    assert shelf.get(2).tags == ("long-read",)
    assert 2 in shelf.find("long").ids


def test_a_search_that_is_called_off_ends_at_once(shelf):
    with pytest.raises(CancelledError):
        shelf.find("carrier", cancelled=lambda: True)


def test_a_wrong_query_warns_and_raises_nothing(shelf):
    assert shelf.find("is:wibble carrier").warnings


# ------------------------------------------------------------------------------------ state


def test_marks_show_at_once_and_are_on_disk_after_closing(path, shelf, open_library):
    shelf.mark([1], read=True, starred=True)
    assert shelf.rows([1])[0].starred
    shelf.remember(2, position=120, anchor="pigeon flew", progress=0.4)
    shelf.close()
    again = open_library(path)
    assert again.state(1).starred
    assert again.state(1).read_at
    assert (again.state(2).position, again.state(2).anchor) == (120, "pigeon flew")
    assert [r.id for r in again.find("is:started").rows(0, 9)] == [2]


def test_marks_reach_the_disk_soon_by_themselves(path, shelf):
    shelf.mark([1], starred=True)
    file = path.with_name("library.reading.json")
    deadline = time.monotonic() + 10
    while not file.exists():
        assert time.monotonic() < deadline
        os.sched_yield()
    assert json.loads(file.read_text())["states"]["1"] == {"starred": True}


def test_the_reading_file_is_plain_tinydb(path, shelf):
    shelf.mark([3], archived=True)
    shelf.save_view("Sea", "tag:sea")
    shelf.flush()
    db = TinyDB(path.with_name("library.reading.json"))
    assert db.table("states").get(doc_id=3) == {"archived": True}
    assert db.table("views").all() == [{"name": "Sea", "query": "tag:sea"}]
    assert shelf.views() == {"Sea": "tag:sea"}


def test_changes_are_undone_and_done_again_across_restarts(path, shelf, open_library):
    shelf.mark([1, 2], starred=True)
    shelf.tag([1], add=["later"])
    shelf.close()
    again = open_library(path)
    assert again.undo() == "tagged “The carrier” with later"
    assert again.undo() == "starred 2 articles"
    assert again.undo() is None
    assert again.get(1).tags == ("news", "sea")
    assert not again.state(1).starred
    assert again.redo() == "starred 2 articles"
    assert again.state(2).starred
    again.mark([3], read=True)
    assert again.redo() is None  # a new change ends what could be done again


def test_undo_leaves_what_was_changed_since_alone(shelf):
    shelf.mark([1], starred=True)
    shelf.remember(1, position=7, anchor="x", progress=0.3)
    shelf.undo()
    assert shelf.state(1).position == 7


def test_a_saved_view_is_replaced_and_removed_by_name(shelf):
    shelf.save_view("A", "x")
    shelf.save_view("A", "y")
    shelf.save_view("B", "z")
    shelf.remove_view("A")
    assert shelf.views() == {"B": "z"}


# ------------------------------------------------------------------------ more than one session


def test_a_second_session_sees_articles_and_marks_of_the_first(path, library, open_library):
    other = open_library(path)
    assert not other.refresh()
    library.add(numbered(1))
    library.mark([1], starred=True)
    library.flush()
    assert other.refresh()
    assert not other.refresh()
    assert other.rows([1])[0].starred
    assert other.find("text").count == 1


WRITES = {
    "add": lambda library: library.add(numbered(50)),
    "mark": lambda library: (library.mark([1], starred=True), library.flush()),
    "highlight": lambda library: library.highlight(Highlight(1, quote="Text")),
    "undo": lambda library: (library.mark([2], read=True), library.undo()),
    "view": lambda library: library.save_view("A", "x"),
    "bookmark": lambda library: library.bookmarks.set(Bookmark("a", 1)),
    "feed": lambda library: library.feeds.subscribe("http://127.0.0.1:9/f", by_hand=True),
    "purge": lambda library: (library.mark([4], trashed=True), library.purge([4])),
}


@pytest.mark.parametrize("theirs", WRITES)
@pytest.mark.parametrize("ours", WRITES)
def test_what_another_session_changed_is_told_whatever_is_written_here_before_one_asks(
    path, library, open_library, ours, theirs
):
    library.add(numbered(1, 2, 3, 4))
    other = open_library(path)
    library.refresh()
    WRITES[theirs](other)
    other.flush()
    WRITES[ours](library)
    library.flush()
    assert library.refresh()


@pytest.mark.parametrize("ours", WRITES)
def test_what_one_writes_oneself_is_no_change_by_others(library, ours):
    library.add(numbered(1, 2, 3, 4))
    library.refresh()
    for _ in range(2):
        WRITES[ours](library)
        library.flush()
    assert not library.refresh()
    assert not library.refresh()


def test_marks_of_two_sessions_are_both_kept(path, library, open_library):
    library.add(numbered(1, 2))
    other = open_library(path)
    library.mark([1], starred=True)
    other.mark([2], read=True)
    library.flush()
    other.flush()
    states = json.loads(path.with_name("library.reading.json").read_text())["states"]
    assert states["1"]["starred"]
    assert states["2"]["read"]
    library.refresh()
    assert library.rows([2])[0].read


def test_a_file_that_stock_tinydb_rewrote_is_taken_in(path, library):
    library.add(numbered(1, 2, 3))
    with TinyDB(path) as db:
        db.table("articles").update({"title": "Changed"}, doc_ids=[2])
        db.table("articles").remove(doc_ids=[1])
    assert library.refresh()
    assert [row.title for row in library.find("sort:published").rows(0, 9)] == [
        "Number 3", "Changed",
    ]  # fmt: skip
    assert library.find("changed").count == 1
    with pytest.raises(ArticleNotFoundError):
        library.get(1)
    library.add(numbered(4))
    assert len(TinyDB(path).table("articles")) == 3


def test_the_first_article_added_to_a_stock_file_loses_none_of_the_others(path, open_library):
    with TinyDB(path, create_dirs=True) as db:
        db.table("articles").insert_multiple(
            {"title": f"No {n}", "body": f"word{n}"} for n in range(1, 9)
        )
    library = open_library(path)
    library.add([Article(title="No 9", body="word9")])
    library.wait_until_searchable()
    for n in range(1, 10):
        assert list(library.find(f"word{n}").ids) == [n]
        assert library.get(n).body == f"word{n}"


def test_what_killed_writers_left_is_removed_by_the_next_write(path, library):
    left = [path.with_name(f".{name}.0123abcd.tmp") for name in (path.name, "library.reading.json")]
    for file in left:
        file.write_bytes(b"half")
    library.add([Article(title="A", body="b")])
    library.mark([1], read=True)
    library.flush()
    assert not any(file.exists() for file in left)


def test_an_edit_by_hand_that_keeps_every_length_is_taken_in(path, library):
    library.add([Article(title="A long first one", body="x " * 5_000), *numbered(1, 2)])
    data = path.read_bytes()
    path.write_bytes(data.replace(b"A long first one", b"A fine first one"))
    assert library.refresh()
    assert library.rows([1])[0].title == "A fine first one"
    assert library.find("fine").count == 1


# --------------------------------------------------------------------------- the side index


def test_a_lost_index_is_rebuilt_without_a_word(path, shelf, open_library, tmp_path):
    shelf.close()
    shutil.rmtree(tmp_path / "cache")
    again = open_library(path)
    assert again.notices == []
    assert again.find("carrier").count == 2


@pytest.mark.parametrize("victim", ["columns.sqlite", "words/meta.json", "words/*.term"])
def test_a_damaged_index_is_rebuilt_without_a_word(path, shelf, open_library, tmp_path, victim):
    shelf.find("carrier")
    shelf.close()
    files = list((tmp_path / "cache").glob(f"*/{victim}"))
    assert files
    for file in files:
        file.write_bytes(b"\xff" * 200)
    again = open_library(path)
    assert again.find("carrier").count == 2
    assert again.find("pigeon").count == 1
    assert again.get(1).title == "The carrier"


def test_an_unwritable_cache_directory_does_not_matter(path, tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with Library(path, cache_dir=blocked / "cache") as library:
        library.add(numbered(1))
        assert library.find("text").count == 1


# --------------------------------------------------------------------------------- bad files


@pytest.mark.parametrize(
    "content",
    [b"not json", b'{"articles": {"1": {"title": "cut o', b"[1, 2]", b'{"articles": 5}',
     b'{"_default": {"1": {"a": 1}}}', b"\x00\x01\x02\xff"],
)  # fmt: skip
def test_a_file_that_is_no_library_is_refused_in_one_line_and_left_alone(
    path, open_library, content
):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(NotALibraryError) as caught:
        open_library(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content
    assert [p.name for p in path.parent.iterdir() if p.suffix != ".lock"] == [path.name]


def test_a_read_only_library_reads_and_refuses_to_change(path, library, open_library):
    library.add(numbered(1))
    library.close()
    before = path.read_bytes()
    readonly = open_library(path, readonly=True)
    assert readonly.find("text").count == 1
    readonly.remember(1, position=3, anchor="", progress=0.1)
    for change in (
        lambda: readonly.add(numbered(2)),
        lambda: readonly.mark([1], read=True),
        lambda: readonly.tag([1], add=["x"]),
        lambda: readonly.undo(),
        lambda: readonly.purge([1]),
        lambda: readonly.save_view("a", "b"),
    ):
        with pytest.raises(ReadOnlyError):
            change()
    readonly.close()
    assert path.read_bytes() == before
    assert not path.with_name("library.reading.json").exists()


def test_a_damaged_reading_file_is_named_and_left_alone(path, shelf, open_library):
    shelf.mark([1], starred=True)
    shelf.close()
    file = path.with_name("library.reading.json")
    file.write_bytes(b'{"states": {"1": {"star')
    with pytest.raises(LibraryError, match=r"library\.reading\.json"):
        open_library(path)
    assert file.read_bytes() == b'{"states": {"1": {"star'


def test_values_of_a_wrong_type_in_the_reading_file_count_as_not_there(path, shelf, open_library):
    shelf.close()
    path.with_name("library.reading.json").write_text(
        json.dumps({"states": {"1": {"starred": "yes", "progress": [], "tags": 4, "read": True},
                               "x": {"read": True}}})
    )  # fmt: skip
    again = open_library(path)
    assert again.state(1) == State(read=True)


def test_a_torn_tail_is_mended_and_said(path, shelf, open_library):
    shelf.close()
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 40])
    again = open_library(path)
    assert len(again) == 4
    (notice,) = again.notices
    assert "library.json.torn" in notice
    assert len(TinyDB(path).table("articles")) == 4


def test_a_missing_article_is_said_to_be_missing(library):
    with pytest.raises(ArticleNotFoundError, match="no article 99"):
        library.get(99)


def test_a_file_that_another_process_wrote_anew_and_indexed_is_read(open_library, path):
    first, second = open_library(path), open_library(path)
    first.add([Article(title="A", url="https://example.org/a"), Article(title="B", body="b")])
    second.refresh()
    first.add([Article(title="A", url="https://example.org/a", body="The text of A.")])
    assert second.get(2).title == "B"  # its place is another now
    second.refresh()
    assert second.get(1).body == "The text of A."


DOUBLED = b"""{"articles": {
"1":{"title":"One","body":"b"}
,"2":{"title":"Old","body":"b"}
,"2":{"title":"New","body":"b"}
,"3":{"title":"Three","body":"d"}
}}
"""


@pytest.mark.parametrize(
    ("purged", "left", "aside"),
    [([2], {"1": "One", "3": "Three"}, b""), ([1], {"2": "New", "3": "Three"}, b"Old")],
)
def test_purge_takes_every_record_of_an_id_and_loses_none_of_another(
    path, open_library, purged, left, aside
):
    path.parent.mkdir()
    path.write_bytes(DOUBLED)
    with TinyDB(path) as stock:
        assert [each["title"] for each in stock.table("articles").all()] == ["One", "New", "Three"]
    library = open_library(path)
    assert library.purge(purged) == 1
    articles = json.loads(path.read_bytes())["articles"]
    assert {number: article["title"] for number, article in articles.items()} == left
    torn = path.with_name("library.json.torn")
    assert aside in torn.read_bytes() if aside else not torn.exists()


def test_whoever_asks_again_and_again_is_told_of_nothing_one_writes_oneself(library):
    library.refresh()
    over, told = threading.Event(), []

    def ask():
        while not over.is_set():
            told.append(library.refresh())

    asking = threading.Thread(target=ask)
    asking.start()
    for number in range(100):
        library.add(numbered(number))
    over.set()
    asking.join()
    assert told and not any(told)
