"""Views: queries with a name, saved, counted, and named in other queries."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import (
    BUILT_IN_VIEWS,
    Article,
    CancelledError,
    Highlight,
    Library,
    LibraryError,
    View,
)
from store.query import And, Filter, Not, Or, Word, parse
from store.views import tag_view

TODAY = datetime.now(UTC).isoformat(timespec="seconds")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.json"
    with Library(path) as library:
        library.add(
            [
                Article(title="Sea", body="The sea is grey. " * 90, tags=("water", "north")),
                Article(title="Lake", body="The lake is green. " * 90, tags=("water",)),
                Article(title="Stub", url="https://example.org/stub", tags=("c,d",)),
                Article(title="Old", body="A grey old page. " * 90, saved="2001-01-01"),
                Article(title="Thrown", body="Into the grey sea. " * 90, tags=("water",)),
            ]
        )
        library.mark([5], trashed=True)
    return path


@pytest.fixture
def library(path):
    with Library(path) as library:
        yield library


def titles(library, query):
    found = library.find(query)
    return sorted(row.title for row in found.rows(0, 99))


def counts(library, *names):
    views = [view for view in library.all_views() if view.name in names]
    return {
        view.name: tuple(count)
        for view, count in zip(views, library.view_counts(views), strict=True)
    }


# ------------------------------------------------------------------------ the built-in ones


def test_built_in_views_show_what_their_names_promise(library):
    library.mark([1], starred=True, read=True)
    library.mark([2], archived=True)
    library.mark([5], starred=True)
    library.remember(4, position=9, anchor="grey", progress=0.3)
    library.highlight(Highlight(article=4, quote="grey"))
    everything = ["Lake", "Old", "Sea", "Stub"]
    shown = {view.name: titles(library, view.query) for view in BUILT_IN_VIEWS}
    assert shown == {
        "All": everything,
        "Unread": ["Old", "Stub"],
        "Started": ["Old"],
        "Starred": ["Sea"],
        "Today": ["Lake", "Sea", "Stub"],
        "Archive": ["Lake"],
        "Highlights": ["Old"],
        "Stubs": ["Stub"],
        "Trash": ["Thrown"],
    }


def test_a_tag_is_a_view_however_it_is_written(library):
    views = library.all_views()
    assert [view.name for view in views[-3:]] == ["#water", "#c,d", "#north"]
    assert titles(library, views[-2].query) == ["Stub"]
    assert titles(library, 'view:"#c,d"') == ["Stub"]
    assert titles(library, "view:#water,#north -view:#north") == ["Lake"]


@pytest.mark.parametrize("tag", ['quo"te', '"all"', '"', 'a"b,c'])
def test_a_tag_with_quotes_in_it_is_a_view_too(library, tag):
    library.tag([2], add=[tag])
    library.flush()
    view = next(view for view in library.all_views() if view.name == f"#{tag}")
    assert library.find(view.query).warnings == ()
    assert titles(library, view.query) == ["Lake"]
    assert library.view_counts([view]) == [(1, 1)]


@pytest.mark.parametrize("name", ['a"b', 'a " b', 'the "best"'])
def test_a_view_with_quotes_in_its_name_is_found_as_it_is_completed(library, name):
    library.save_view(name, "lake")
    [found] = library.complete("view:" + name[0], 6).candidates[:1]
    assert found.label == name
    assert library.find(f"view:{found.text}").warnings == ()
    assert titles(library, f"view:{found.text}") == ["Lake"]


# ------------------------------------------------------------------------ saving


def test_views_are_listed_built_in_saved_and_tags(library):
    library.save_view("Grey", "grey")
    names = [view.name for view in library.all_views()]
    assert names[: len(BUILT_IN_VIEWS)] == [view.name for view in BUILT_IN_VIEWS]
    assert names[len(BUILT_IN_VIEWS) :] == ["Grey", "#water", "#c,d", "#north"]


def test_saving_under_a_name_in_use_replaces_it_in_its_place(library):
    assert library.save_view("Grey", "grey") is None
    library.save_view("Lakes", "lake")
    assert library.save_view("GREY", "grey sea") == View("Grey", "grey")
    assert library.views() == {"GREY": "grey sea", "Lakes": "lake"}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "needs a name"),
        (" \t\n", "needs a name"),
        ('""', "needs a name"),
        ("\x1b[31m\u202e", "needs a name"),
        ("x" * 61, "at most 60"),
        ("unread", "Unread is a view that every library has"),
        ("TRASH", "Trash is a view that every library has"),
        ("#water", "those of tags"),
    ],
)
def test_names_that_will_not_do_are_refused(library, name, says):
    with pytest.raises(LibraryError, match=says):
        library.save_view(name, "grey")
    library.save_view("Grey", "grey")
    with pytest.raises(LibraryError, match=says):
        library.rename_view("Grey", name)
    assert library.views() == {"Grey": "grey"}


@pytest.mark.parametrize("query", ["", "  \n ", "x " * 600])
def test_a_query_that_is_empty_or_endless_is_refused(library, query):
    with pytest.raises(LibraryError):
        library.save_view("Grey", query)


def test_names_and_queries_are_one_line_of_safe_text(library):
    library.save_view("Two\nlines \x1b[31mred", "grey\n\x1b]0;x\x07 sea")
    assert library.views() == {"Two lines red": "grey sea"}


def test_a_view_is_renamed_in_its_place(library):
    library.save_view("Grey", "grey")
    library.save_view("Lakes", "lake")
    library.rename_view("grey", "Gray")
    library.rename_view("gray", "GRAY")  # the same name in another case is not taken
    assert library.views() == {"GRAY": "grey", "Lakes": "lake"}
    with pytest.raises(LibraryError, match="Lakes already"):
        library.rename_view("gray", "LAKES")
    library.rename_view("nowhere", "Elsewhere")
    assert library.views() == {"GRAY": "grey", "Lakes": "lake"}


def test_what_is_removed_is_given_back(library):
    library.save_view("Grey", "grey")
    assert library.remove_view("gREY") == View("Grey", "grey")
    assert library.remove_view("Grey") is None
    assert library.views() == {}


def test_a_read_only_library_keeps_its_views(path):
    with Library(path) as library:
        library.save_view("Grey", "grey")
    with Library(path, readonly=True) as library:
        for change in (
            lambda: library.save_view("New", "grey"),
            lambda: library.rename_view("Grey", "New"),
            lambda: library.remove_view("Grey"),
        ):
            with pytest.raises(LibraryError, match="read-only"):
                change()
        assert library.views() == {"Grey": "grey"}


def test_another_process_sees_views_and_marks_are_not_read_again_for_them(path, library):
    with Library(path) as other:
        other.save_view("Grey", "grey")
        assert not other.refresh()
        assert titles(other, "view:grey") == ["Old", "Sea"]
    assert library.views() == {"Grey": "grey"}
    assert titles(library, "view:grey") == ["Old", "Sea"]
    assert library.refresh()


def test_whoever_wrote_the_file_its_views_are_safe(path, library):
    library.save_view("Grey", "grey")
    file = path.with_name("library.reading.json")
    tables = json.loads(file.read_text())
    tables["views"] |= {
        "x": {"name": "\x1b[31mRed", "query": "sea\nlake"},
        "9" * 5000: {"name": ["odd"], "query": None},
        "7": {"query": "nameless"},
        "8": {},
    }
    file.write_text(json.dumps(tables))
    assert library.views()["Red"] == "sea lake"
    assert all(name.isprintable() for name in library.views())
    assert library.save_view("New", "x") is None
    assert library.views()["New"] == "x"
    assert library.remove_view("Red") == View("Red", "sea lake")


# ------------------------------------------------------------------------ counts


def test_counts_tell_what_is_unread_and_what_there_is(library):
    library.save_view("Grey", "grey")
    library.save_view("Grey water", "grey tag:water OR is:stub")
    library.save_view("Newest", "sort:-saved limit:1")
    library.save_view("Thrown out", "is:trashed grey")
    library.mark([1, 3], read=True)
    assert counts(library, "All", "Unread", "Trash", "Stubs", "#water", "#north", "#c,d") == {
        "All": (2, 4),
        "Unread": (2, 2),
        "Trash": (1, 1),
        "Stubs": (0, 1),
        "#water": (1, 2),
        "#north": (0, 1),
        "#c,d": (0, 1),
    }
    assert counts(library, *library.views()) == {
        "Grey": (1, 2),
        "Grey water": (0, 2),
        "Newest": (1, 1),
        "Thrown out": (1, 1),
    }


@pytest.mark.parametrize(
    "query",
    [
        "", "is:unread", "-is:read", "tag:water,north", "-tag:water", "is:trashed",
        "-is:trashed", "(is:starred OR tag:water) -is:read", "is:starred OR is:trashed",
        "saved:today", "grey", "grey -tag:water", "-grey", "view:Unread,Trash", "-view:All",
        "view:All OR grey", "limit:2", "sea OR is:stub", "has:tag no:author", "isue:x",
    ],
)  # fmt: skip
def test_a_count_is_that_of_what_is_found(library, query):
    library.mark([1], read=True)
    library.mark([2], starred=True)
    unread = set(library.find("is:unread OR is:trashed -is:read").ids)
    ids = library.find(query, everything=True).ids
    (count,) = library.view_counts([View("any", query)])
    assert count == (len(unread.intersection(ids)), len(ids))


def test_marks_count_at_once(library):
    library.mark([1], read=True)
    assert counts(library, "Unread") == {"Unread": (3, 3)}
    library.undo()
    assert counts(library, "Unread") == {"Unread": (4, 4)}


def test_a_tag_that_nothing_has_counts_nothing(library):
    assert library.view_counts([tag_view("nothing")]) == [(0, 0)]


def test_counting_ends_when_it_is_cancelled(library):
    with pytest.raises(CancelledError):
        library.view_counts([View("Grey", "grey")], cancelled=lambda: True)


def test_a_view_of_any_size_is_counted(library):
    query = " OR ".join(f"#t{n}" for n in range(120))
    library.save_view("Many", f"{query} OR #water")
    library.save_view("More", ",".join(["view:many"] + ["many"] * 60))
    assert counts(library, "Many", "More") == {"Many": (2, 2), "More": (2, 2)}


# ------------------------------------------------------------------------ in the language


def tree(text, **views):
    return parse(text, views=lambda: views).tree


def test_a_view_stands_for_its_query():
    assert tree("view:Sea", Sea="grey sea") == And((Word("grey"), Word("sea")))
    assert tree("view:sEA", Sea="tag:a") == Filter("tag", "a")
    assert tree('view:"long  reads"', **{"Long Reads": "words:>9"}) == Filter("words", ">9")


def test_a_view_is_a_term_like_others():
    a, b, x = Word("a"), Word("b"), Word("x")
    views = {"A": "a OR b", "B": "a b", "X": "x"}
    assert tree("-view:B", **views) == Not(And((a, b)))
    assert tree("view:A x", **views) == And((Or((a, b)), x))
    assert tree("view:B x", **views) == And((a, b, x))
    assert tree("view:B,X", **views) == Or((And((a, b)), x))
    assert tree("(view:A OR x) b", **views) == And((Or((Or((a, b)), x)), b))


def test_views_nest():
    assert tree("view:A", A="view:B x", B="tag:c") == And((Filter("tag", "c"), Word("x")))


def test_a_view_of_everything_is_everything(library):
    assert tree("view:All", All="") == And()
    assert tree("view:All x", All="") == Word("x")
    for query in ("view:All", "view:All,Trash -is:trashed", "view:All OR grey"):
        assert len(titles(library, query)) == 4
        assert library.find(query).warnings == ()
    assert titles(library, "-view:All") == []


def test_no_view_is_read_without_need():
    def read():
        raise AssertionError

    assert parse("grey tag:a review:x preview", views=read).tree != And()


def test_order_and_cap_of_a_view_count_where_it_stands_alone():
    def asked(text):
        query = parse(text, views=lambda: {"V": "x sort:title limit:3", "W": "view:V"})
        return query.sort, query.limit

    assert asked("view:V") == ("title", 3)
    assert asked("(view:W)") == ("title", 3)
    assert asked("view:V limit:9") == ("title", 9)
    assert asked("sort:-words view:V") == ("-words", 3)
    for text in ("view:V y", "-view:V", "-(view:V)", "view:V,W", "view:V view:W", "#x view:V"):
        assert asked(text) == ("", None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("view:unred", "no view unred; nearest is Unread"),
        ("view:long", "nearest is Long reads"),
        ("view:qqqqq", "no view qqqqq: searched"),
        ("view:", "view: needs a value"),
        ("view:Round", "in the view Round: in the view Again: the view Round leads back to itself"),
        ("view:Wrong", "in the view Wrong: is: takes no unred"),
    ],
)
def test_what_a_view_does_not_mean_is_told_in_one_line(text, says):
    views = {
        "Unread": "is:unread",
        "Long reads": "words:>9",
        "Round": "view:Again a",
        "Again": "view:round b",
        "Wrong": "is:unred",
    }
    (warning,) = parse(text, views=lambda: views).warnings
    assert says in warning
    assert "\n" not in warning


def test_an_unknown_view_is_text_and_the_others_stay():
    assert tree("view:a,b", a="x") == Or((Word("x"), tree('"view b"')))


def test_a_view_that_leads_back_to_itself_is_left_out_there():
    assert tree("view:A", A="x OR view:B", B="view:a y") == Or((Word("x"), Word("y")))
    assert tree("view:A", A="view:A") == And()


@pytest.mark.parametrize("text", ["view:", "view:Unr", "x view:Unr", 'view:"Unr', "view:Unread,St"])
def test_a_view_being_typed_is_no_mistake(text):
    assert parse(text, typing=True).warnings == ()


def test_views_that_branch_without_end_are_bounded():
    views = {str(n): f"x view:{n + 1} -view:{n + 1} view:{n + 1},{n + 1}" for n in range(30)}
    query = parse("view:0", views=lambda: views)
    assert any("more than 64 views" in warning for warning in query.warnings)
    deep = {str(n): f"({'(' * 40}x view:{n + 1}" for n in range(30)}
    warnings = parse("view:0", views=lambda: deep).warnings
    assert any("brackets" in warning for warning in warnings)
    line = {str(n): f"view:{n + 1}" for n in range(30)}
    assert any("nested deeper than 8" in w for w in parse("view:0", views=lambda: line).warnings)


NAMES = st.sampled_from(["a", "b", "c", "A b", "#t", "é", "", "\n", '"'])
PIECES = st.sampled_from(
    ["view:a", "view:b", "-view:c", 'view:"A b"', "view:a,b,c", "view:", "view:é", "view:#t",
     "(", ")", "OR", " ", "-", '"', "x", "sort:title", "limit:3", "view:A", ",", "tag:t", "\n"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=12).map("".join))


@given(TEXTS, st.dictionaries(st.one_of(NAMES, st.text(max_size=5)), TEXTS), st.booleans())
def test_any_text_is_a_query_whatever_the_views(text, views, typing):
    query = parse(text, typing=typing, views=lambda: views)
    assert query.text == text
    assert all("\n" not in warning for warning in query.warnings)
    assert size(query.tree) < 10_000


def size(node):
    parts = getattr(node, "parts", ()) or ((node.part,) if isinstance(node, Not) else ())
    return 1 + sum(map(size, parts))
