"""Undo and redo of everything a reader can change."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import TinyDB

from store import (
    Article,
    Bookmark,
    Highlight,
    Library,
    LibraryError,
    State,
    export_articles,
    journal,
)
from store.importers import read_sources
from store.journal import JOURNAL_ENTRIES

TITLES = ("Lighthouses", "Harbours", "Tides", "Ropes")


@pytest.fixture
def shelf(path, open_library):
    library = open_library(path)
    library.add(
        Article(title=title, body=f"All about {title}.", tags=("sea",) if title != "Ropes" else ())
        for title in TITLES
    )
    return library


def tags(library, id):
    return library.get(id).tags


# --------------------------------------------------------------------------------- one by one


def test_what_was_done_to_one_article_is_told_with_its_title(shelf):
    shelf.mark([1], read=True)
    assert shelf.undo() == "marked “Lighthouses” read"
    shelf.mark([1, 2], archived=True)
    assert shelf.undo() == "archived 2 articles"


def test_only_the_articles_that_were_changed_are_counted(shelf):
    shelf.mark([1], starred=True)
    shelf.mark([1, 2, 3], starred=True)
    assert shelf.undo() == "starred 2 articles"


def test_what_was_done_to_articles_that_are_gone_for_good_is_not_undone(shelf):
    shelf.mark([2, 3], starred=True)
    shelf.mark([1, 2, 3], trashed=True)
    shelf.mark([1, 3], read=True)
    shelf.purge([1, 3])
    assert shelf.undo() == "moved “Harbours” to the trash"
    assert shelf.undo() == "starred “Harbours”"
    assert shelf.undo() is None
    assert shelf.redo() == "starred “Harbours”"
    assert shelf.state(2).starred
    assert not shelf.state(3).starred


def test_changes_of_tags_are_told_by_name(shelf):
    shelf.tag([1, 2], add=["north", "{odd}"], remove=["sea"])
    assert shelf.undo() == "tagged 2 articles with north {odd}, took the tag sea from them"
    assert tags(shelf, 1) == ("sea",)
    assert shelf.redo() == "tagged 2 articles with north {odd}, took the tag sea from them"
    assert tags(shelf, 2) == ("north", "{odd}")
    shelf.tag([1], add=["west"], remove=["north"])
    assert shelf.undo() == "tagged “Lighthouses” with west, took the tag north from it"


def test_an_article_that_has_its_own_tags_again_is_found_by_them_alone(shelf):
    shelf.tag([1], add=["north"], remove=["sea"])
    assert shelf.find("tag:north").ids == [1]
    shelf.undo()
    assert tags(shelf, 1) == ("sea",)
    assert shelf.find("tag:north").ids == []
    assert 1 in shelf.find("#sea").ids
    assert "north" not in dict(shelf.tags())
    shelf.redo()
    assert shelf.find("tag:north lighthouses").ids == [1]
    shelf.undo()
    assert shelf.find("tag:north lighthouses").ids == []


def test_marking_unread_begins_the_article_anew_and_undo_brings_the_place_back(shelf):
    shelf.remember(1, position=40, anchor="all about", progress=0.8)
    shelf.mark([1], read=True)
    read = shelf.state(1)
    shelf.mark([1], read=False)
    assert shelf.state(1)._replace(opened="") == State()
    shelf.undo()
    assert shelf.state(1) == read


def test_reading_on_is_not_lost_by_undo(shelf):
    shelf.remember(1, position=40, anchor="all about", progress=0.5)
    shelf.mark([1], read=True)
    shelf.mark([1], read=False)
    shelf.remember(1, position=70, anchor="further on", progress=0.9)
    shelf.undo()
    state = shelf.state(1)
    assert (state.read, state.position, state.progress) == (True, 70, 0.9)


def test_a_saved_view_is_undone_and_done_again(shelf):
    shelf.save_view("North", "tag:north")
    assert shelf.undo() == "saved the view “North”"
    assert shelf.views() == {}
    assert shelf.redo() == "saved the view “North”"
    assert shelf.views() == {"North": "tag:north"}


def test_changing_renaming_and_removing_a_view_are_undone(shelf, path, open_library):
    shelf.save_view("North", "tag:north")
    shelf.save_view("north", "tag:arctic")
    shelf.rename_view("North", "Arctic")
    shelf.remove_view("Arctic")
    shelf.close()
    again = open_library(path)
    assert again.undo() == "removed the view “Arctic”"
    assert again.views() == {"Arctic": "tag:arctic"}
    assert again.undo() == "renamed the view “north” to “Arctic”"
    assert again.views() == {"north": "tag:arctic"}
    assert again.undo() == "changed the view “north”"
    assert again.views() == {"North": "tag:north"}
    assert [row.id for row in again.find('view:"North"').rows(0, 9)] == []


def test_a_view_that_could_not_be_saved_leaves_nothing_to_undo(shelf):
    with pytest.raises(LibraryError):
        shelf.save_view("All", "x")
    with pytest.raises(LibraryError):
        shelf.rename_view("gone", "")
    assert shelf.rename_view("gone", "here") is None
    assert shelf.undo() is None


def test_changes_are_undone_in_the_order_they_were_made_whatever_they_were(shelf):
    shelf.mark([1], starred=True)  # still waits to be written when the view is
    shelf.save_view("North", "tag:north")
    shelf.tag([2], add=["north"])
    number = shelf.highlight(Highlight(3, quote="tides"))
    done = [shelf.undo() for _ in range(5)]
    assert done == [
        "added a highlight",
        "tagged “Harbours” with north",
        "saved the view “North”",
        "starred “Lighthouses”",
        None,
    ]
    assert [shelf.redo() for _ in range(5)] == [*reversed(done[:4]), None]
    assert [h.id for h in shelf.highlights()] == [number]


def test_a_new_change_ends_what_could_be_done_again(shelf):
    shelf.mark([1], starred=True)
    shelf.undo()
    shelf.save_view("North", "tag:north")
    assert shelf.redo() is None


# --------------------------------------------------------------------------------- two sessions


def test_two_sessions_undo_what_was_done_last_in_either(shelf, path, open_library):
    other = open_library(path, cache="other")
    shelf.mark([1], starred=True)
    shelf.flush()
    other.mark([2], archived=True)
    assert shelf.undo() == "starred “Lighthouses”"  # the other has not written yet
    other.flush()
    assert shelf.undo() == "archived “Harbours”"
    other.refresh()
    assert other.state(2) == State()
    assert other.redo() == "archived “Harbours”"
    shelf.refresh()
    assert shelf.state(2).archived


# --------------------------------------------------------------------------------- what came in


@pytest.fixture
def come_in(shelf, tmp_path, open_library):
    """Takes in what another library exported: a view, and a place marked in its first article."""

    def take(view, letter):
        other = open_library(tmp_path / "other.json", cache="elsewhere")
        other.add([Article(title=TITLES[0], body=f"All about {TITLES[0]}.", tags=("sea",))])
        other.save_view(view, "is:read")
        other.bookmarks.set(Bookmark(letter, 1, 4, "about"))
        export_articles(other, str(tmp_path / "other.export.json"), format="json")
        shelf.add(read_sources([str(tmp_path / "other.export.json")]))

    return take


def places(library):
    return {mark.letter: mark.position for mark in library.bookmarks.all(1)}


def test_what_came_in_between_is_there_beside_what_is_done_again(shelf, come_in):
    shelf.save_view("Mine", "is:unread")
    shelf.bookmarks.set(Bookmark("A", 1, 0, "All"))
    assert (shelf.undo(), shelf.undo()) == ("set the mark A", "saved the view “Mine”")
    come_in("Other", "Z")
    assert (shelf.redo(), shelf.redo()) == ("saved the view “Mine”", "set the mark A")
    assert shelf.views() == {"Mine": "is:unread", "Other": "is:read"}
    assert places(shelf) == {"A": 0, "Z": 4}
    assert (shelf.undo(), shelf.undo()) == ("set the mark A", "saved the view “Mine”")
    assert shelf.views() == {"Other": "is:read"}
    assert places(shelf) == {"Z": 4}


def test_what_came_in_under_a_name_keeps_it_when_that_is_given_again(shelf, come_in):
    shelf.save_view("Mine", "is:unread")
    shelf.bookmarks.set(Bookmark("A", 1, 0, "All"))
    assert (shelf.undo(), shelf.undo()) == ("set the mark A", "saved the view “Mine”")
    come_in("mine", "A")
    assert (shelf.redo(), shelf.redo()) == ("saved the view “Mine”", "set the mark A")
    assert shelf.views() == {"mine": "is:read"}
    assert places(shelf) == {"A": 4}
    assert (shelf.undo(), shelf.undo()) == ("set the mark A", "saved the view “Mine”")
    assert shelf.views() == {"mine": "is:read"}
    assert places(shelf) == {"A": 4}


def test_a_name_that_came_in_since_is_not_given_back_by_undoing_a_renaming(shelf, come_in):
    shelf.save_view("North", "tag:north")
    shelf.rename_view("North", "Arctic")
    come_in("North", "Z")
    assert shelf.undo() == "renamed the view “North” to “Arctic”"
    assert shelf.views() == {"Arctic": "tag:north", "North": "is:read"}


def test_a_file_in_which_a_key_was_given_twice_loses_nothing(shelf, path, open_library):
    shelf.save_view("Mine", "is:unread")
    shelf.undo()
    shelf.close()
    file = path.with_name("library.reading.json")
    document = json.loads(file.read_text())
    document["views"] = {"1": {"name": "Other", "query": "is:read"}}
    file.write_text(json.dumps(document))
    again = open_library(path)
    assert again.redo() == "saved the view “Mine”"
    assert again.views() == {"Other": "is:read"}
    assert again.undo() == "saved the view “Mine”"
    assert again.views() == {"Other": "is:read"}


# --------------------------------------------------------------------------------- bounds


def test_the_journal_is_bounded_in_entries(shelf, path):
    for _ in range(JOURNAL_ENTRIES // 2 + 5):
        shelf.mark([1], starred=True)
        shelf.mark([1], starred=False)
    shelf.flush()
    document = json.loads(path.with_name("library.reading.json").read_text())
    assert len(document["journal"]) == JOURNAL_ENTRIES
    assert sum(1 for _ in iter(shelf.undo, None)) == JOURNAL_ENTRIES


def test_the_journal_is_bounded_in_articles_and_keeps_the_last_change(shelf, path, monkeypatch):
    monkeypatch.setattr(journal, "JOURNAL_ARTICLES", 6)
    for value in (True, False, True):
        shelf.mark([1, 2, 3, 4], starred=value)
        shelf.flush()
    assert shelf.undo() == "starred 4 articles"
    assert shelf.undo() is None


def test_articles_in_a_row_take_no_more_room_than_one(path, open_library):
    library = open_library(path)
    library.add(Article(title=f"No {n}") for n in range(1, 401))
    library.mark([*range(1, 101), 200, 201, *range(300, 401)], starred=True)
    library.flush()
    (entry,) = json.loads(path.with_name("library.reading.json").read_text())["journal"].values()
    assert entry["before"] == [[{"starred": False}, [[1, 100], 200, 201, [300, 400]]]]
    assert entry["after"] == [[{"starred": True}, [[1, 100], 200, 201, [300, 400]]]]
    assert library.undo() == "starred 203 articles"
    assert not library.find("is:starred").ids
    assert library.redo() == "starred 203 articles"
    assert len(library.find("is:starred").ids) == 203


def test_an_entry_that_names_each_article_is_undone_too(shelf, path):
    shelf.mark([1, 2, 3, 4], starred=True)
    shelf.close()
    file = path.with_name("library.reading.json")
    document = json.loads(file.read_text())
    (entry,) = document["journal"].values()
    for side in ("before", "after"):
        entry[side][0][1] = [1, 2, 3, 4]
    file.write_text(json.dumps(document))
    with Library(path) as again:
        assert again.undo() == "starred 4 articles"
        assert not again.find("is:starred").ids


def test_the_journal_is_plain_tinydb(shelf, path):
    shelf.save_view("North", "tag:north")
    (entry,) = TinyDB(path.with_name("library.reading.json")).table("journal").all()
    assert entry["views"]["after"]["1"] == {"name": "North", "query": "tag:north"}


# --------------------------------------------------------------------------------- any sequence

IDS = st.lists(st.integers(1, 4), min_size=1, max_size=4)
TAGS = st.lists(st.sampled_from(["sea", "north", "salt"]), max_size=2)
NAMES = st.sampled_from(["North", "north", "Long", "Short"])
MARK = st.tuples(
    st.just("mark"), IDS, st.sampled_from(["read", "starred", "archived", "trashed"]), st.booleans()
)
TAG = st.tuples(st.just("tag"), IDS, TAGS, TAGS)
LIGHT = st.tuples(st.just("light"), st.integers(1, 4), st.text("ab", max_size=3))
DARK = st.tuples(st.just("dark"), st.integers(0, 5))
SAVE = st.tuples(st.just("save"), NAMES, st.sampled_from(["tag:sea", "is:read"]))
RENAME = st.tuples(st.just("rename"), NAMES, NAMES)
REMOVE = st.tuples(st.just("remove"), NAMES)
BACK = st.sampled_from([("undo",), ("redo",), ("flush",), ("reopen",)])
CHANGES = st.lists(
    st.tuples(st.integers(0, 1), st.one_of(MARK, TAG, LIGHT, DARK, SAVE, RENAME, REMOVE, BACK)),
    max_size=14,
)


def everything(library):
    """All that a reader can change, as a second program would see it."""
    library.flush()
    library.refresh()
    states = {id: library.state(id)._replace(tags=tags(library, id)) for id in range(1, 5)}
    for tag in ("sea", "north", "salt"):
        tagged = {id for id, state in states.items() if tag in state.tags and not state.trashed}
        assert set(library.find(f"tag:{tag}").ids) == tagged
    return states, library.highlights(), library.views()


def do(library, name, *arguments):
    if name == "mark":
        ids, mark, value = arguments
        library.mark(ids, **{mark: value})
    elif name == "tag":
        ids, add, remove = arguments
        library.tag(ids, add=add, remove=remove)
    elif name == "light":
        article, note = arguments
        library.highlight(Highlight(article, quote="All", note=note, made="2020"))
    elif name == "dark":
        known = library.highlights()
        if known:
            library.remove_highlight(known[arguments[0] % len(known)].id)
    elif name in ("save", "rename", "remove"):
        try:
            getattr(library, f"{name}_view")(*arguments)
        except LibraryError:
            pass  # the name is taken
    else:
        getattr(library, name)()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=CHANGES)
def test_undoing_all_gives_the_beginning_and_doing_all_again_the_end(tmp_path_factory, changes):
    directory = tmp_path_factory.mktemp("undo")
    path = directory / "library.json"
    with Library(path, cache_dir=directory / "maker") as maker:
        maker.add(Article(title=t, body=f"All about {t}.", tags=("sea",)) for t in TITLES)
    sessions = [Library(path, cache_dir=directory / str(n)) for n in range(2)]
    try:
        beginning = everything(sessions[0])
        for who, change in changes:
            if change == ("reopen",):
                sessions[who].close()
                sessions[who] = Library(path, cache_dir=directory / str(who))
            else:
                do(sessions[who], *change)
        for session in sessions:
            session.flush()
        end = everything(sessions[0])
        assert everything(sessions[1]) == end
        while sessions[1].redo():  # what was undone last, as if it had not been
            pass
        end = everything(sessions[0])
        undone = list(iter(sessions[0].undo, None))
        assert everything(sessions[0]) == everything(sessions[1]) == beginning
        assert list(iter(sessions[1].redo, None)) == undone[::-1]
        assert everything(sessions[0]) == end
    finally:
        for session in sessions:
            session.close()
