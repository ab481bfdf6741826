"""What was exported as JSON or Markdown is, added to an empty library, what it was."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from store import Article, Highlight, Library, State, export_articles
from store.highlights import COLOURS
from store.identity import identity
from store.importers import read_sources
from store.sanitize import clean_article, clean_line

#: Names of what an export without loss is written to, by format.
TARGETS = {"json": "all.json", "markdown": "all", "markdown in an archive": "all.zip"}


def contents(library):
    """All there is in a library, to be compared."""
    ids = sorted(library.find("is:trashed OR -is:trashed", everything=True).ids)
    return {
        "articles": [library.stored(id) for id in ids],
        "effective tags": [library.get(id).tags for id in ids],
        "states": [library.state(id) for id in ids],
        "highlights": [h._replace(id=0) for h in library.highlights()],
        "views": library.views(),
        "others": library.belongings(),
    }


def carried(library, target, format, into):
    """Export to `target` and add it to the library `into`."""
    export_articles(library, str(target), format=format.split()[0])
    return into.add(read_sources([str(target)]))


@pytest.mark.parametrize("format", TARGETS)
def test_a_library_comes_through_as_it_was(library, open_library, tmp_path, format):
    other = open_library(tmp_path / "other.json", cache="other")
    report = carried(library, tmp_path / TARGETS[format], format, other)
    assert contents(other) == contents(library)
    assert (len(report.added), report.rejected, report.highlights) == (4, [], 2)
    assert report.others == {"bookmarks": 3, "views": 1, "feeds": 1}
    assert [(b.letter, b.article) for b in other.bookmarks.all(2)] == [("a", 2), ("B", 4)]


def test_a_subscription_knows_its_articles_by_their_new_ids_and_trusts_no_private_host(
    open_library, path, tmp_path
):
    import orjson

    target = tmp_path / "all.json"
    feed = {"url": "https://a.example/feed", "private": True,
            "seen": {"k1": ["f1", 7], "k2": ["f2", 99]}}  # fmt: skip
    document = {"broadsheet": 1, "articles": [{"id": 7, "title": "A", "body": "x"}],
                "feeds": [feed, {"url": "file:///etc/passwd"}]}  # fmt: skip
    target.write_bytes(orjson.dumps(document))
    library = open_library(path)
    library.add([Article(title=str(n), body=str(n)) for n in range(9)])
    assert library.add(read_sources([str(target)])).others == {"feeds": 1}
    (there,) = library.feeds.all()
    assert dict(there.seen) == {"k1": ("f1", 10), "k2": ("f2", 0)}
    assert not there.private


@pytest.mark.parametrize("format", TARGETS)
def test_a_second_run_adds_and_changes_nothing(library, open_library, tmp_path, format):
    other = open_library(tmp_path / "other.json", cache="other")
    target = tmp_path / TARGETS[format]
    carried(library, target, format, other)
    before = contents(other)
    again = other.add(read_sources([str(target)]))
    assert again.summary() == "0 added, 0 merged, 4 unchanged, 0 rejected; 1 of them in the trash"
    assert again.others == {}
    assert contents(other) == before
    assert library.add(read_sources([str(target)])).unchanged == 4


@pytest.mark.parametrize("format", TARGETS)
def test_articles_without_title_text_and_link_come_through_once_each(
    open_library, path, tmp_path, format
):
    bare = {
        "-3": {"author": "Ada Reyes"},
        "1": {"summary": "A lead.", "note": "keep"},
        "2": {"summary": "A lead.", "note": "keep this as well"},
        "4": {"published": "2019-03-09", "tags": ["t"]},
        "5": {"title": "???"},
        "6": {"title": "!!!"},
        "7": {},
        "8": {"title": "A", "body": "four words of text", "words": 0},
    }
    path.write_text(json.dumps({"articles": bare}))
    library = open_library(path)
    library.tag([1], add=["mine"])
    other = open_library(tmp_path / "other.json", cache="other")
    for into, added in ((other, len(bare)), (other, 0), (library, 0)):
        report = carried(library, tmp_path / TARGETS[format], format, into)
        (tmp_path / TARGETS[format]).rename(tmp_path / f"{len(list(tmp_path.iterdir()))}")
        assert (len(report.added), report.merged, report.rejected) == (added, [], [])
        there = [replace(article, id=0) for article in contents(into)["articles"]]
        assert len(there) == len(bare)
        assert all(replace(library.stored(int(number)), id=0) in there for number in bare)
    assert [other.get(id).extra for id in other.find("tag:mine").ids] == [{"note": "keep"}]
    assert [article.words for article in there if article.title == "A"] == [0]


def test_what_says_nothing_is_rejected_by_the_name_of_its_file(open_library, path, tmp_path):
    for name, text in {
        "a.md": '---\nbroadsheet: {"version": 1}\n---\n',
        "b.json": '{"broadsheet": 1, "articles": [{"body": "\\u200b"}]}',
    }.items():
        (tmp_path / name).write_text(text)
        (rejected,) = open_library(path).add(read_sources([str(tmp_path / name)])).rejected
        assert rejected.source == str(tmp_path / name)
        assert rejected.reason == "it has neither title, text nor link"


@pytest.mark.parametrize("format", TARGETS)
def test_what_was_done_in_both_libraries_is_joined(library, open_library, tmp_path, format):
    other = open_library(tmp_path / "other.json", cache="other")
    other.add([Article(title="Mine", body="before"), library.stored(1)])
    other.mark([2], archived=True)
    other.tag([2], add=["mine"])
    other.highlight(Highlight(2, quote="At dusk"))
    other.save_view("evenings", "tag:mine")
    report = carried(library, tmp_path / TARGETS[format], format, other)
    assert (len(report.added), len(report.merged)) == (3, 1)
    state = other.state(2)
    assert (state.read, state.starred, state.archived) == (True, True, True)
    assert set(other.get(2).tags) >= {"mine", "evening", "history"}
    assert {h.quote for h in other.highlights(2)} == {"At dusk", "ladder on shoulder"}
    assert other.views() == {"evenings": "tag:mine"}
    marks = [(b.letter, b.article) for id in (2, 3) for b in other.bookmarks.all(id)]
    names = {article.title: article.id for article in contents(other)["articles"]}
    assert set(marks) == {
        ("a", 2), ("a", names["长城上的灯"]), ("B", names["<script>alert(1)</script> & [b]"]),
    }  # fmt: skip


def test_ids_are_kept_where_they_are_free(library, open_library, tmp_path):
    library.purge([2])
    other = open_library(tmp_path / "other.json", cache="other")
    carried(library, tmp_path / "all.json", "json", other)
    assert [article.id for article in contents(other)["articles"]] == [1, 3, 4]


def test_an_edited_file_says_what_it_says_now(library, open_library, tmp_path):
    export_articles(library, str(tmp_path / "all"), format="markdown")
    file = tmp_path / "all" / "000001-the-lamplighters-of-harbour-street.md"
    text = file.read_text()
    text = text.replace(
        'title: "The lamplighters of Harbour Street"', "title: Lamplighters, a study"
    )
    text = text.replace('tags: ["history","evening"]', "tags: [history, dusk]\nrating: 5")
    text = text.replace('date: "2019-03-09"', "date: 2019-03-10")
    file.write_text(text.rstrip("\n") + " In three words more.\n")
    other = open_library(tmp_path / "other.json", cache="other")
    other.add(read_sources([str(file)]))
    article = other.get(1)
    assert article.title == "Lamplighters, a study"
    assert article.tags == ("history", "dusk")
    assert article.published == "2019-03-10"
    assert article.extra == {"score": 4.5, "deep": {"list": [1, None, True, "x"]}, "rating": 5}
    assert article.body.endswith("In three words more.")
    assert article.words == 33
    assert other.state(1).starred


def test_a_file_edited_into_what_is_no_yaml_keeps_what_can_be_read(library, open_library, tmp_path):
    export_articles(library, str(tmp_path / "a.md"), format="markdown", ids=[1])
    text = (tmp_path / "a.md").read_text().replace('title: "The', "title: Note: the")
    text = text.replace('\ntags: ["history","evening"]', "\ntags: [history, dusk]")
    (tmp_path / "a.md").write_text(text)
    other = open_library(tmp_path / "other.json", cache="other")
    other.add(read_sources([str(tmp_path / "a.md")]))
    assert other.get(1).title.startswith("Note: the lamplighters")
    assert other.get(1).tags == ("history", "dusk")
    assert other.state(1).starred


def test_a_document_that_was_arranged_anew_is_read_all_the_same(library, open_library, tmp_path):
    target = tmp_path / "all.json"
    export_articles(library, str(target), format="json")
    target.write_text(json.dumps(json.loads(target.read_text()), indent=4))
    other = open_library(tmp_path / "other.json", cache="other")
    other.add(read_sources([str(target)]))
    assert contents(other) == contents(library)


def test_of_a_document_that_was_cut_off_what_is_whole_is_read(library, open_library, tmp_path):
    target = tmp_path / "all.json"
    export_articles(library, str(target), format="json")
    lines = target.read_bytes().splitlines(keepends=True)
    target.write_bytes(b"".join([*lines[:3], b"nonsense,\n", lines[3][:40]]))
    other = open_library(tmp_path / "other.json", cache="other")
    report = other.add(read_sources([str(target)]))
    assert len(report.added) == 2
    assert [(r.item, r.reason.partition(":")[0]) for r in report.rejected] == [
        ("line 4", "it is no JSON"),
        ("line 5", "it is no JSON"),
        ("line 5", "it ends in the middle; what stands before was read"),
    ]


def test_what_a_newer_version_wrote_is_refused_with_the_reason(open_library, path, tmp_path):
    newer = tmp_path / "all.json"
    newer.write_text('{"broadsheet": 2, "made": "x", "articles": [\n{"title": "A"}\n]}\n')
    (tmp_path / "a.md").write_text('---\nbroadsheet: {"version": 2}\n---\nx\n')
    report = open_library(path).add(read_sources([str(newer), str(tmp_path / "a.md")]))
    assert all("update broadsheet" in rejected.reason for rejected in report.rejected)
    assert report.total == 2


@pytest.mark.parametrize("format", TARGETS)
def test_what_an_older_version_wrote_is_taken_in(
    library, open_library, tmp_path, monkeypatch, format
):
    monkeypatch.setattr("store.importers.own_json.VERSION", 2)
    other = open_library(tmp_path / "other.json", cache="other")
    report = carried(library, tmp_path / TARGETS[format], format, other)
    assert (len(report.added), report.rejected) == (4, [])
    assert contents(other) == contents(library)


def test_a_document_of_odd_values_does_no_harm(open_library, path, tmp_path):
    odd = tmp_path / "odd.json"
    odd.write_text(
        '{"broadsheet": 1, "articles": [{"title": 5, "body": "text", "tags": {"a": 1}, "words": -1,'
        ' "id": 9223372036854775807, "extra": [], "state": {"read": "yes", "position": "x"},'
        ' "highlights": [7, {"quote": 1}, {"note": "ok", "offset": "x"}]}, 5, {"extra": {}}],'
        ' "views": [5, {"name": "All", "query": "x"}, {"name": "Mine", "query": "is:read"}],'
        ' "states": [{"read": true}], "meta": [{"format": 9}], "odd\\u0000": [{"a": 1}]}'
    )
    library = open_library(path)
    report = library.add(read_sources([str(odd)]))
    assert (report.added, len(report.rejected)) == ([1], 2)
    assert library.views() == {"Mine": "is:read"}
    assert library.highlights()[0].note == "ok"
    assert not library.state(1).read


# ----------------------------------------------------------------------------- properties

_NASTY = ["---", "+++", "{", "\u2028", "\r\n", "  trailing  ", "\ttab", "# a heading", "'", '"',
          ": ", " #", "\\", "null", "true", "1e5", "\u00a0", "é", "ے", "\U0001f600", "\x00",
          "broadsheet: {}", "*x*", "[y](z)"]  # fmt: skip
texts = st.lists(st.sampled_from(_NASTY) | st.text(max_size=12), max_size=4).map("".join)
bodies = st.lists(st.sampled_from([*_NASTY, "\n", "\n\n", "---\n"]) | st.text(max_size=20),
                  max_size=8).map("".join)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
articles = st.builds(
    Article,
    title=texts,
    body=bodies,
    author=texts,
    site=texts,
    url=st.sampled_from(
        ["", "https://a.example/", "https://a.example/b?c=d", "mailto:a@b.example"]
    ),
    published=st.sampled_from(["", "2017", "2017-03", "2017-03-09T14:05:06+02:00"]) | texts,
    saved=st.sampled_from(["", "2020-01-02T03:04:05+00:00"]),
    tags=st.lists(texts, max_size=3).map(tuple),
    lang=st.sampled_from(["", "en", "zh-Hant"]),
    summary=bodies,
    source=texts,
    type=st.sampled_from(["", "html", "odd"]),
    extra=st.dictionaries(texts.map("x".__add__), values, max_size=3),
)
#: What only a file of another program has: neither title, text nor link, words that are not there.
bare = st.builds(
    Article,
    body=st.sampled_from(["", "", "a b"]),
    author=texts,
    published=st.sampled_from(["", "2017"]),
    tags=st.lists(texts, max_size=2).map(tuple),
    summary=bodies,
    extra=st.dictionaries(texts.map("x".__add__), values, max_size=2),
)
deeds = st.fixed_dictionaries(
    {
        "read": st.none() | st.booleans(),
        "starred": st.none() | st.booleans(),
        "trashed": st.none() | st.booleans(),
        "tags": st.lists(texts, max_size=2),
        "place": st.none()
        | st.tuples(st.integers(0, 10**6), texts.map(clean_line), st.floats(0, 1)),
        "marks": st.lists(st.tuples(texts, texts, st.sampled_from(COLOURS), texts), max_size=2),
    }
)


@settings(
    max_examples=20,
    deadline=None,
    # Each example opens four libraries: one that fails is not made smaller.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    given_=st.lists(st.tuples(articles, deeds), min_size=1, max_size=4),
    views=st.dictionaries(texts, texts, max_size=2),
    bare=st.lists(bare, max_size=3, unique_by=lambda article: identity(clean_article(article)[0])),
)
def test_any_library_comes_through_as_it_was(given_, views, bare):
    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory()))

        def opened(name):
            library = Library(place / name / "library.json", cache_dir=place / name / "cache")
            return stack.enter_context(library)

        (place / "a").mkdir()
        documents = {str(id): article.to_document() for id, article in enumerate(bare, 1)}
        (place / "a" / "library.json").write_text(json.dumps({"articles": documents}))
        library = opened("a")
        library.add(article for article, _ in given_)
        for id, (_, deed) in enumerate(given_[: len(library)], 1):
            library.mark([id], **{name: deed[name] for name in ("read", "starred", "trashed")})
            library.tag([id], add=deed["tags"])
            if deed["place"]:
                position, anchor, progress = deed["place"]
                library.remember(id, position=position, anchor=anchor, progress=progress)
            for number, (quote, note, colour, before) in enumerate(deed["marks"]):
                # Not twice the same, of the same passage: that is one.
                made = f"2020-01-02T03:04:{number:02}+00:00"
                library.highlight(
                    Highlight(id, quote, f"{note} {number}", colour, before, made=made)
                )
        for name, query in views.items():
            try:
                library.save_view(name, query)
            except Exception:
                continue
        library.flush()
        wanted = contents(library)
        for name, format in enumerate(TARGETS):
            (place / str(name)).mkdir()
            other = opened(str(name))
            carried(library, place / TARGETS[format], format, other)
            assert contents(other) == wanted, format


@pytest.mark.parametrize("older", [False, True])
def test_what_was_taken_back_in_one_library_is_not_taken_back_in_another(
    open_library, tmp_path, older
):
    there = open_library(tmp_path / "there.json", cache="there")
    there.add(Article(title=f"There {n}", body=f"t{n}") for n in range(1, 4))
    there.mark([2], read=True)
    there.mark([2], read=False)
    there.flush()
    target = tmp_path / "all.json"
    export_articles(there, str(target), format="json")
    document = json.loads(target.read_text())
    assert "imports" not in document
    if older:  # which exported it with its ids
        document |= {"imports": [{"read": [2]}], "unknown": [{"article": 2}, {"a": "b"}]}
        target.write_text(json.dumps(document))
    here = open_library(tmp_path / "here.json", cache="here")
    here.add([Article(title=f"Here {n}", body=f"h{n}") for n in range(1, 4)])
    here.add(read_sources([str(target)]))
    here.add([Article(title="Here 2", body="h2", state=State(read=True))])
    assert here.state(2).read
    assert here.belongings() == ({"unknown": [{"a": "b"}]} if older else {})


@pytest.mark.parametrize("format", TARGETS)
def test_ids_of_any_length_are_kept_and_no_date_is_made_up(open_library, path, tmp_path, format):
    documents = {
        number: {"title": f"Number {number}", "body": f"Text of {number}."}
        for number in (7, 200_000, 1_000_000, 100_000_000)
    }
    path.write_text(json.dumps({"articles": documents}))
    library = open_library(path)
    other = open_library(tmp_path / "other.json", cache="other")
    carried(library, tmp_path / TARGETS[format], format, other)
    assert contents(other) == contents(library)
    assert [other.get(number).saved for number in documents] == [""] * 4


# ------------------------------------------------------------------------------- older exports


@pytest.fixture
def feed_article():
    """An article of a feed whose text has that many words."""
    return lambda words, title="Lamps": Article(
        title, "lamp " * words, url="https://ledger.example/lamps", words=words,
        source="https://ledger.example/feed", type="feed",
    )  # fmt: skip


@pytest.mark.parametrize("format", TARGETS)
@pytest.mark.parametrize("words", [30, 6], ids=["longer since", "shorter since"])
def test_an_older_export_undoes_no_edit_and_brings_back_what_is_missing(
    open_library, path, tmp_path, feed_article, format, words
):
    library = open_library(path)
    note = tmp_path / "note.txt"
    note.write_text("Title one\n\nThe first wording, and a few words more.\n")
    library.add([feed_article(10), Article("Lost", "Its text.")])
    library.add(read_sources([str(note)]))
    library.mark([1], starred=True)
    export_articles(library, str(tmp_path / TARGETS[format]), format=format.split()[0])
    library.mark([1], starred=False)
    library.purge([2])
    library.add([feed_article(words, "Lamps, corrected")])
    note.write_text("Title one\n\nThe second wording.\n")
    library.add(read_sources([str(note)]))
    library.tag([1], add=["mine"])
    report = library.add(read_sources([str(tmp_path / TARGETS[format])]))
    assert (len(report.added), report.rejected) == (1, [])
    article = library.get(1)
    assert (article.title, article.words) == ("Lamps, corrected", words)
    assert article.tags == ("mine",)
    assert library.get(3).body == "The second wording."
    assert library.get(report.added[0]).body == "Its text."


@pytest.mark.parametrize("format", TARGETS)
@pytest.mark.parametrize("left", ["", "A teaser. Comments"], ids=["none", "a teaser"])
def test_an_export_gives_a_text_back_of_which_there_is_next_to_nothing_left(
    open_library, path, tmp_path, feed_article, format, left
):
    library = open_library(path)
    library.add([replace(feed_article(3), body=left, words=3 if left else 0)])
    other = open_library(tmp_path / "other.json", cache="other")
    other.add([feed_article(300)])
    assert carried(other, tmp_path / TARGETS[format], format, library).merged == [1]
    assert library.get(1).words == 300


@pytest.mark.parametrize("format", TARGETS)
def test_an_older_export_of_a_stub_takes_nothing_of_the_text_that_was_fetched_since(
    open_library, path, tmp_path, format
):
    stub = Article("Lamps", url="https://ledger.example/lamps", source="links.csv", type="pocket")
    library = open_library(path)
    library.add([replace(stub, extra={"fetch_error": "no answer", "fetch_tried": "2026-01-01"})])
    export_articles(library, str(tmp_path / TARGETS[format]), format=format.split()[0])
    library.add([replace(stub, body="The whole text.", words=3)])
    assert library.add(read_sources([str(tmp_path / TARGETS[format])])).unchanged == 1
    assert library.get(1).body == "The whole text."
    assert "fetch_error" not in library.get(1).extra


def test_an_exported_file_that_was_edited_changes_the_text_it_was_made_of_and_no_later_one(
    open_library, path, tmp_path, feed_article
):
    library = open_library(path)
    library.add([feed_article(10)])
    file = tmp_path / "a.md"
    export_articles(library, str(file), format="markdown", ids=[1])
    for before, after in ("lamp lamp lamp", "light"), ("light lamp", "a lamp"):
        file.write_text(file.read_text().replace(before, after, 1))
        assert library.add(read_sources([str(file)])).merged == [1]
        assert library.get(1).body.startswith(after)
        assert library.add(read_sources([str(file)])).unchanged == 1
    library.add([feed_article(20)])
    assert library.add(read_sources([str(file)])).unchanged == 1
    assert library.get(1).words == 20


def test_the_title_of_an_exported_file_may_be_edited_as_often_as_one_likes(
    open_library, path, tmp_path, feed_article
):
    library = open_library(path)
    library.add([replace(feed_article(10), title="Teh lamp")])
    file = tmp_path / "a.md"
    export_articles(library, str(file), format="markdown", ids=[1])
    for before, after in ("Teh lamp", "The lamp"), ("The lamp", "A lamp"):
        file.write_text(file.read_text().replace(before, after, 1))
        assert library.add(read_sources([str(file)])).merged == [1]
        assert library.get(1).title == after
        assert library.add(read_sources([str(file)])).unchanged == 1


def test_of_several_exports_that_make_a_library_the_last_one_counts(
    open_library, path, tmp_path, feed_article
):
    library = open_library(path)
    library.add([Article("First", "Text."), feed_article(30)])
    export_articles(library, str(tmp_path / "1.json"), format="json")
    library.add([feed_article(20)])
    export_articles(library, str(tmp_path / "2.json"), format="json")
    other = open_library(tmp_path / "other.json", cache="other")
    other.add(read_sources([str(tmp_path / "1.json"), str(tmp_path / "2.json")]))
    assert [other.get(id).words for id in (1, 2)] == [1, 20]
