"""What an import says of reading: taken in once, and never against what was done here."""

from __future__ import annotations

import pytest
from tinydb import TinyDB

from store import Article, Highlight, Library, State
from store.article import Passage

URL = "https://example.org/a"


def article(state=None, *passages, tags=(), body="Some text.", url=URL):
    return Article(title="A", body=body, url=url, tags=tags, state=state, highlights=passages)


@pytest.fixture
def library(path, open_library):
    return open_library(path)


def add(library, *articles):
    """What became of them: added, merged, unchanged, new highlights."""
    report = library.add(articles)
    assert report.total == len(articles)
    return len(report.added), len(report.merged), report.unchanged, report.highlights


def test_state_and_highlights_are_on_disk_when_the_report_says_so(path, library):
    state = State(read=True, starred=True, progress=0.5, read_at="2020-02-02T02:02:02+00:00")
    said = add(
        library, article(state, Passage("text", "why?", "green", "2021-01-01T00:00:00+00:00"))
    )
    assert said == (1, 0, 0, 1)
    with TinyDB(path.with_name("library.reading.json"), access_mode="r") as db:
        assert db.table("states").get(doc_id=1)["read_at"] == state.read_at
        (made,) = db.table("highlights").all()
    assert (made["quote"], made["note"], made["colour"]) == ("text", "why?", "green")
    assert made["made"] == "2021-01-01T00:00:00+00:00"
    assert library.state(1) == state
    assert library.count("is:read has:highlight note:why") == 1


def test_saying_it_again_changes_nothing_and_does_not_write(path, library):
    items = [article(State(read=True), Passage("text"), Passage(note="a thought"))]
    add(library, *items)
    before = path.with_name("library.reading.json").stat()
    assert add(library, *items) == (0, 0, 1, 0)
    after = path.with_name("library.reading.json").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_what_comes_later_is_added_to_articles_that_are_there(library):
    add(library, article())
    assert add(library, article(State(starred=True))) == (0, 1, 0, 0)
    assert add(library, article(None, Passage("text"))) == (0, 1, 0, 1)
    assert library.state(1).starred
    assert [h.quote for h in library.highlights(1)] == ["text"]


def test_an_import_undoes_nothing_that_was_done_here(library):
    add(library, article(State(progress=0.2), tags=("one", "two")))
    library.mark([1], read=True, starred=True)
    library.tag([1], remove=["two"], add=["mine"])
    library.remember(1, position=7, anchor="here", progress=0.9)
    add(library, article(State(progress=0.3, position=2, anchor="there"), tags=("two", "three")))
    state = library.state(1)
    assert (state.read, state.starred, state.progress) == (True, True, 0.9)
    assert (state.position, state.anchor) == (7, "here")
    assert set(state.tags) == set(library.get(1).tags) == {"one", "mine", "three"}
    assert add(library, article(tags=("two", "three"))) == (0, 0, 1, 0)


def test_a_mark_that_was_taken_away_does_not_come_back_with_the_same_import(library):
    said = article(State(read=True, starred=True, archived=True, progress=0.7))
    add(library, said)
    library.mark([1], read=False, starred=False)
    assert add(library, said) == (0, 0, 1, 0)
    state = library.state(1)
    assert (state.read, state.starred, state.archived, state.progress) == (False, False, True, 0.0)
    library.undo()
    assert library.state(1).read
    assert add(library, said) == (0, 0, 1, 0)


def test_a_highlight_that_was_removed_does_not_come_back_with_the_same_import(library):
    said = article(None, Passage("to be removed"), Passage("kept"), Passage(note="a thought"))
    add(library, said)
    library.remove_highlight(1)
    library.remove_highlight(3)
    assert add(library, said) == (0, 0, 1, 0)
    assert [h.quote for h in library.highlights(1)] == ["kept"]
    library.undo()
    assert [h.note for h in library.highlights(1)] == ["", "a thought"]
    assert add(library, said) == (0, 0, 1, 0)


def test_a_trashed_article_stays_so_and_an_import_puts_none_in_the_trash(library):
    add(library, article(), article(url=f"{URL}/2"))
    library.mark([1], trashed=True)
    add(library, article(State()), article(State(trashed=True), url=f"{URL}/2"))
    assert [library.state(n).trashed for n in (1, 2)] == [True, False]


def test_a_highlight_is_known_again_by_its_words_and_a_note_is_filled_in(library):
    add(library, article(None, Passage("It’s  the\nend")))
    add(
        library,
        article(None, Passage("it's the end", "so?")),
        article(None, Passage("It's the end")),
    )
    (made,) = library.highlights(1)
    assert (made.quote, made.note) == ("It’s  the\nend", "so?")
    library.highlight(made._replace(note="my own"))
    add(library, article(None, Passage("It's the end", "so?")))
    assert [h.note for h in library.highlights(1)] == ["my own"]


def test_two_notes_on_one_passage_are_kept_and_known_again_also_when_edited(library):
    rows = [article(None, Passage("the whale", note), body="") for note in ("first", "second", "")]
    assert add(library, *rows)[3] == 2
    assert sorted(h.note for h in library.highlights(1)) == ["first", "second"]
    assert add(library, *rows)[3] == 0
    (second,) = [h for h in library.highlights(1) if h.note == "second"]
    library.highlight(second._replace(note="on second thought"))
    assert add(library, *rows)[3] == 0
    assert sorted(h.note for h in library.highlights(1)) == ["first", "on second thought"]


def test_short_quotes_may_stand_at_several_places(library):
    places = [Passage("the", offset=3), Passage("the", offset=90), Passage("the", before="x")]
    assert add(library, article(None, *places)) == (1, 0, 0, 3)
    assert add(library, article(None, *places)) == (0, 0, 1, 0)
    assert add(library, article(None, Passage("the"))) == (0, 0, 1, 0)


def test_items_about_one_article_are_each_counted_and_read_in_order(library):
    rows = [article(None, Passage(f"quote {n}"), body="") for n in range(3)]
    assert add(library, *rows, rows[0]) == (1, 2, 1, 3)
    assert [h.quote for h in library.highlights(1)] == ["quote 0", "quote 1", "quote 2"]


def test_colours_of_other_programs_become_ours_and_numbers_are_never_given_twice(library):
    add(library, article(None, Passage("a", colour="Purple"), Passage("b", colour="no colour")))
    assert [h.colour for h in library.highlights(1)] == ["blue", "yellow"]
    library.remove_highlight(2)
    add(library, article(None, Passage("c")))
    assert [h.id for h in library.highlights(1)] == [1, 3]
    assert library.highlight(Highlight(1, "d")) == 4


def test_what_an_import_says_passes_the_door(library):
    add(library, article(State(anchor="\x1b[31mx", opened="\x07"), Passage("q\x1b[2J", "\u202en")))
    (made,) = library.highlights(1)
    assert (made.quote, made.note) == ("q", "n")
    assert library.state(1).anchor == "x"


def test_many_highlights_are_one_write(path, library, monkeypatch):
    import store.reading

    writes = []
    replace = store.reading.replace_file
    monkeypatch.setattr(
        store.reading, "replace_file", lambda *a: (writes.append(a), replace(*a))
    )  # fmt: skip
    items = [article(None, *(Passage(f"{a} {n}") for n in range(50)), url=f"{URL}/{a}")
             for a in range(100)]  # fmt: skip
    assert add(library, *items) == (100, 0, 0, 5000)
    assert len(writes) == 1


def test_an_import_cut_off_before_the_reading_file_is_completed_by_the_next(
    path, open_library, monkeypatch
):
    import store.arrivals

    library = open_library(path)
    monkeypatch.setattr(store.arrivals, "take_in", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        library.add([article(State(read=True))])
    monkeypatch.undo()
    library.close()
    with Library(path, cache_dir=path.parent / "other") as again:
        assert add(again, article(State(read=True))) == (0, 1, 0, 0)
        assert again.state(1).read


def test_a_link_without_a_title_is_listed_by_its_address_until_it_has_one(library):
    link = Article(url="https://www.example.org/a/")
    assert add(library, link) == (1, 0, 0, 0)
    assert library.rows([1])[0].title == "example.org/a"
    assert add(library, link) == (0, 0, 1, 0)
    assert library.get(1).title == ""
    assert add(library, Article(title="Found", url="http://example.org/a")) == (0, 1, 0, 0)
    assert add(library, link, Article(title="Other", url=link.url)) == (0, 0, 2, 0)
    assert library.rows([1])[0].title == "Found"


def test_highlights_of_a_mere_title_go_to_the_one_article_that_has_it(library):
    add(library, article(), Article(title="Twice", body="x"), Article(title="Twice", body="y"))
    mine = Article(title="a", highlights=(Passage("one"),))
    assert add(library, mine, Article(title="A", highlights=(Passage("two"),))) == (0, 2, 0, 2)
    assert add(library, mine) == (0, 0, 1, 0)
    assert [h.quote for h in library.highlights(1)] == ["one", "two"]
    assert add(library, Article(title="Twice", highlights=(Passage("z"),))) == (1, 0, 0, 1)
    add(library, Article(title="By somebody", author="Ada", body="x"))
    other = Article(title="By somebody", author="Tom", highlights=(Passage("z"),))
    assert add(library, other) == (1, 0, 0, 1)
    assert add(library, other) == (0, 0, 1, 0)
