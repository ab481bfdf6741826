"""Highlights and notes: kept, found by query, undone."""

from __future__ import annotations

import json

import pytest
from tinydb import TinyDB

from store import Article, Highlight, ReadOnlyError


@pytest.fixture
def library(path, open_library):
    library = open_library(path)
    library.add(
        [
            Article(title="Lighthouses", body="The keeper wound the clock every night."),
            Article(title="Harbours", body="Ships wait for the tide."),
        ]
    )
    return library


def found(library, query):
    return [row.title for row in library.find(query).rows(0, 10)]


def test_a_highlight_is_there_after_reopening(path, library, open_library):
    number = library.highlight(
        Highlight(1, quote="wound the clock", note="look this up", colour="green", offset=11)
    )
    library.close()
    (kept,) = open_library(path).highlights(1)
    assert kept.id == number
    assert kept[:4] == (1, "wound the clock", "look this up", "green")
    assert kept.made


def test_articles_are_found_by_words_of_notes_and_of_highlights(library):
    library.highlight(Highlight(2, quote="wait for the tide", note="Astronomy, again"))
    assert found(library, "astronomy") == ["Harbours"]
    assert found(library, "note:astronomy") == ["Harbours"]
    assert found(library, "highlight:tide") == ["Harbours"]
    assert found(library, "highlight:astronomy") == []
    assert found(library, "has:note") == found(library, "has:highlight") == ["Harbours"]
    assert found(library, "no:highlight") == ["Lighthouses"]


def test_a_note_on_the_whole_article_is_no_highlight(library):
    library.highlight(Highlight(1, note="for the talk"))
    assert found(library, "has:note") == ["Lighthouses"]
    assert found(library, "has:highlight") == []


def test_a_highlight_that_was_changed_is_found_by_its_new_words_only(library):
    number = library.highlight(Highlight(1, quote="clock", note="first"))
    library.highlight(Highlight(1, quote="clock", note="second", id=number))
    assert found(library, "note:first") == []
    assert found(library, "note:second") == ["Lighthouses"]
    assert len(library.highlights()) == 1


def test_a_highlight_is_undone_and_done_again_across_restarts(path, library, open_library):
    library.highlight(Highlight(1, quote="clock", note="mine"))
    library.close()
    again = open_library(path)
    assert again.undo() == "added a highlight"
    assert again.highlights() == []
    assert found(again, "note:mine") == []
    assert again.redo() == "added a highlight"
    assert found(again, "note:mine") == ["Lighthouses"]


def test_removing_is_undone_and_no_number_is_given_twice(library):
    first = library.highlight(Highlight(1, quote="clock"))
    library.remove_highlight(first)
    second = library.highlight(Highlight(1, quote="keeper"))
    assert second != first
    library.undo()
    library.undo()
    assert [h.quote for h in library.highlights()] == ["clock"]


def test_marks_and_highlights_are_undone_in_the_order_they_were_made(library):
    library.mark([1], starred=True)
    library.highlight(Highlight(1, quote="clock"))
    library.mark([2], starred=True)
    assert [library.undo() for _ in range(3)] == [
        "starred “Harbours”",
        "added a highlight",
        "starred “Lighthouses”",
    ]


def test_highlights_of_two_sessions_are_both_kept(path, library, open_library):
    other = open_library(path)
    library.highlight(Highlight(1, quote="clock", note="here"))
    other.highlight(Highlight(2, quote="tide", note="there"))
    assert sorted(found(other, "note:here OR note:there")) == ["Harbours", "Lighthouses"]
    library.refresh()
    assert found(library, "has:note") == ["Harbours", "Lighthouses"]


def test_the_reading_file_stays_plain_tinydb(path, library):
    library.highlight(Highlight(1, quote="clock", note="mine"))
    (document,) = TinyDB(path.with_name("library.reading.json")).table("highlights").all()
    assert (document["article"], document["quote"], document["note"]) == (1, "clock", "mine")


def test_unsafe_text_in_a_highlight_does_not_get_past_the_door(path, library, open_library):
    library.highlight(Highlight(1, quote="a\x1b[2Jb", note="c\x07d"))
    library.flush()
    library.close()
    file = path.with_name("library.reading.json")
    document = json.loads(file.read_text())
    document["highlights"]["9"] = {"article": 2, "quote": "x\x1b]52;c;y\x07", "offset": "many"}
    document["highlights"]["10"] = {"article": "none", "quote": "lost"}
    file.write_text(json.dumps(document))
    quotes = [h.quote + h.note for h in open_library(path).highlights()]
    assert len(quotes) == 2
    assert not any(c in quote for quote in quotes for c in "\x1b\x07")


def test_a_read_only_library_takes_no_highlights(path, library, open_library):
    library.close()
    with pytest.raises(ReadOnlyError):
        open_library(path, readonly=True).highlight(Highlight(1, quote="clock"))


def test_highlights_that_another_session_made_are_seen_at_once(path, library, open_library):
    assert library.highlights(1) == library.highlights() == []
    other = open_library(path)
    number = other.highlight(Highlight(1, quote="clock"))
    assert [h.quote for h in library.highlights(1)] == ["clock"]
    other.remove_highlight(number)
    library.mark([2], starred=True)
    library.flush()
    assert library.highlights(1) == []


def test_a_space_at_the_edge_of_the_context_is_kept(library):
    library.highlight(Highlight(1, quote="wound", before="The  keeper\n", after=" the clock."))
    (kept,) = library.highlights(1)
    assert (kept.before, kept.after) == ("The keeper ", " the clock.")
