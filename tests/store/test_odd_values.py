"""Any JSON at any place, in what is imported and in the library's own files: it makes sense, or it
counts as not there, or it is told in one line.  No value shuts a library for good."""

from __future__ import annotations

import copy
import io
import json
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import (
    Article,
    ArticleNotFoundError,
    Bookmark,
    Highlight,
    Level,
    Library,
    LibraryError,
    examine,
    export_articles,
)
from store.importers import read_source, read_sources
from store.importers.record import Source
from store.lineformat import MAX_ID
from tests.fuzz.findings import nothing_logged, scratch
from tests.hostile import LIBRARIES, READINGS

#: Numbers that something in the program cannot hold, and some that everything can.
NUMBERS = st.one_of(
    st.sampled_from([
        1 << 31, 1 << 53, (1 << 63) - 1, 1 << 63, -(1 << 63), -(1 << 63) - 1, 1 << 64, 10**30,
        10**400, -(10**400), 1e18, 1e19, 1e308, -1e308, float("inf"), float("-inf"), float("nan"),
        0, -1, True, 0.5, -0.0,
    ]),
    st.integers(),
    st.floats(),
)  # fmt: skip

KEYS = st.one_of(
    st.sampled_from(["0", "-1", "007", "²", "٣", "j one", "", "1.5", "9" * 5_000, str(1 << 63)]),
    st.integers(-(1 << 65), 1 << 65).map(str),
    st.text(max_size=4),
)

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=6), KEYS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@contextmanager
def home():
    """A directory of one example's own, in memory where there is such a place."""
    with tempfile.TemporaryDirectory(dir=scratch()) as name, nothing_logged():
        yield Path(name)


def look(library):
    """Everything that is listed, found and shown."""
    library.wait_until_searchable()
    rows = library.newest(50)
    for row in rows:
        library.get(row.id)
        library.state(row.id)
        library.bookmarks.all(row.id)
    for query in ("", "text", "is:read", "words:>1", "progress:>50", "text sort:words"):
        library.find(query).rows(0, 9)
        library.count(query)
    library.facets("")
    library.statistics()
    library.annotated()
    library.view_counts(library.all_views())
    library.feeds.due()
    library.feeds.counts_of(library.feeds.all())
    export_articles(library, "-", format="json", out=io.BytesIO())


def use(library):
    """Everything that a reader does, twice, with undo and redo."""
    ids = [row.id for row in library.newest(50)]
    for name in ("x", "y"):
        library.mark(ids[:2], read=True, starred=True)
        library.mark(ids[:1], read=False)
        library.tag(ids, add=[name], remove=["a"])
        library.flush()
        number = library.highlight(Highlight(ids[0], quote="text", note=name))
        library.remove_highlight(number)
        library.highlight(Highlight(ids[0], quote="some"))
        library.bookmarks.set(Bookmark("a", ids[0], 3, "anchor"))
        view = f"{name} {len(library.views())} {library.free_ids().give()}"
        library.save_view(view, "is:unread")
        library.rename_view(view, f"{view} again")
        feed, _ = library.feeds.subscribe(f"https://a.example/{name}", tags=["b"])
        assert library.feeds.edit(feed, interval=30).interval == 30
        library.remember(ids[0], position=1 << 70, anchor="text", progress=float("nan"))
        for _ in range(3):
            library.undo()
        library.redo()
    assert library.add(
        [Article(title=f"New {library.free_ids().give()}", body="It was added.")]
    ).added
    library.add(
        [Article(title="One", url="https://a.example/1", tags=("n",), body="longer text of it")]
    )
    library.flush()


def goes_on(path):
    """The library opens and is used, or says in one line why not; it does so again afterwards."""
    for cache in ("one", "two"):
        try:
            with Library(path, cache_dir=path.parent / cache) as library:
                look(library)
                use(library)
        except LibraryError as error:
            assert "\n" not in str(error) and str(error).isprintable()
            return str(error)
    return ""


# ------------------------------------------------------------------------------- what is imported


def own_json(words, position, progress, offset, number, extra):
    document = {
        "title": "One", "body": "some text", "url": "https://a.example/1", "words": words,
        "id": number, "published": extra, "extra": {"n": extra},
        "state": {"read": True, "position": position, "progress": progress, "tags": [extra]},
        "highlights": [{"quote": "text", "offset": offset}],
    }  # fmt: skip
    return {
        "broadsheet": 1, "made": "2024-05-04", "articles": [document],
        "bookmarks": [{"letter": "b", "article": number, "position": position}],
        "feeds": [{"url": "https://a.example/f", "interval": words, "ttl": position,
                   "errors": offset, "skip_hours": [number], "seen": {"k": ["m", number]}}],
    }  # fmt: skip


def as_markdown(export):
    own = {"version": 1, **export["articles"][0]}
    return f"---\ntitle: One\nbroadsheet: {json.dumps(own)}\n---\nsome text\n"


@settings(max_examples=20)
@given(st.tuples(*[NUMBERS] * 6), st.sampled_from(["json", "markdown", "tinydb"]))
def test_no_number_in_an_import_shuts_the_library(numbers, kind):
    export = own_json(*numbers)
    with home() as place:
        file = place / f"in.{kind.replace('tinydb', 'json')}"
        if kind == "markdown":
            file.write_text(as_markdown(export))
        elif kind == "json":
            file.write_text(json.dumps(export))
        else:
            file.write_text(json.dumps({"articles": {"1": export["articles"][0]}}))
        path = place / "library.json"
        with Library(path, cache_dir=place / "cache") as library:
            report = library.add(read_sources([str(file)], workers=0))
            assert len(report.added) == 1, report
        assert not goes_on(path)


@pytest.mark.parametrize("value", ["0x" + "f" * 5_000, "9" * 5_000, "[" * 3_000, "2020-01-01"])
def test_front_matter_that_says_more_than_json_can_costs_no_more_than_itself(
    path, tmp_path, open_library, value
):
    own = f"version = 1\nwords = {value}\n[broadsheet.extra]\nx = {value}\n"
    texts = [
        f'+++\ntitle = "One"\nx = {value}\n+++\nText.',
        f'+++\ntitle = "Two"\n[broadsheet]\n{own}+++\nText.',
        f'+++\ntitle = "Three"\n[broadsheet]\nversion = {value}\n+++\nText.',
        f"---\ntitle: Four\nbroadsheet:\n  version: 1\n  extra: {{x: {value}}}\n---\nText.",
        '{"a":' * 3_000,
        "# Six\n\nText.",
    ]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.md").write_text(text)
    library = open_library(path)
    names = [str(tmp_path / f"{number}.md") for number in range(len(texts))]
    report = library.add(read_sources(names, workers=0))
    assert len(report.added) + len(report.rejected) == len(texts)
    assert "Six" in {row.title for row in library.newest(9)}


# ------------------------------------------------------------------------------- the library file


@settings(max_examples=20)
@given(st.dictionaries(st.sampled_from(["words", "published", "saved", "tags", "url", "title",
                                        "word_count", "n"]), JSON), st.booleans())  # fmt: skip
def test_any_json_in_an_article_of_the_library_file_is_shown_or_left_out(fields, in_lines):
    document = json.dumps({"title": "One", "body": "some text", **fields})
    with home() as place:
        path = place / "library.json"
        lines = f'{{"articles": {{\n"1":{document}\n}}}}\n'
        path.write_text(lines if in_lines else f'{{"articles": {{"1": {document}}}}}')
        assert not goes_on(path)


@pytest.mark.parametrize("id", [MAX_ID, MAX_ID - 1])
@pytest.mark.parametrize("in_lines", [True, False])
def test_where_no_number_is_left_the_error_says_so_and_all_else_goes_on(
    path, open_library, id, in_lines
):
    record = f'"{id}": {{"title": "One", "body": "some text"}}'.replace(": {", ":{", 1)
    path.write_text(f'{{"articles": {{\n{record}\n}}}}\n' if in_lines else
                    f'{{"articles": {{{record}}}}}')  # fmt: skip
    before = path.read_bytes()
    library = open_library(path)
    new = [Article(title=f"New {n}", body="b") for n in range(2)]
    with pytest.raises(LibraryError, match=f"the highest number there is, {MAX_ID}"):
        library.add(new)
    assert path.read_bytes() == before
    library.wait_until_searchable()
    assert list(library.find("text").ids) == [id]
    library.mark([id], starred=True)
    library.flush()
    assert open_library(path, cache="other").state(id).starred
    library.purge([id])  # which makes room: a number that nothing can follow is not kept
    assert len(library.add(new[:1]).added) == 1


# ------------------------------------------------------------------------------- the reading file


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The bytes of a library, and the tables of a reading file that has everything in it."""
    place = tmp_path_factory.mktemp("real")
    path = place / "library.json"
    with Library(path, cache_dir=place / "cache") as library:
        library.add(Article(title=f"No {n}", body="some text", tags=("a",)) for n in range(1, 4))
        use(library)
        library.mark([2], starred=False)
        library.purge([3])
    tables = json.loads(path.with_name("library.reading.json").read_bytes())
    assert {*tables} >= {
        "states", "highlights", "bookmarks", "views", "feeds", "journal", "imports", "meta"
    }  # fmt: skip
    return path.read_bytes(), tables


def places_in(value, at=()):
    """The way to every value in a JSON value, itself included."""
    yield at
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places_in(value[key], (*at, key))


@settings(max_examples=50)
@given(st.data())
def test_any_json_at_any_place_of_the_reading_file_is_refused_or_does_no_harm(real, data):
    raw, tables = real
    tables = copy.deepcopy(tables)
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from([at for at in places_in(tables) if at]))
        into = tables
        for key in way:
            into = into[key]
        if isinstance(into, dict) and data.draw(st.booleans()):
            into[data.draw(KEYS)] = into.pop(last)
        else:
            into[last] = data.draw(JSON)
    with home() as place:
        path = place / "library.json"
        reading = place / "library.reading.json"
        path.write_bytes(raw)
        reading.write_text(json.dumps(tables))
        before = reading.read_bytes()
        error = goes_on(path)
        assert not error or (reading.read_bytes(), path.read_bytes()) == (before, raw), error


@pytest.mark.parametrize("id", [1 << 63, -(1 << 63), 10**30])
def test_there_is_no_article_of_an_id_that_cannot_be(path, open_library, id):
    library = open_library(path)
    for way in (library.get, library.stored):
        with pytest.raises(ArticleNotFoundError):
            way(id)
    assert not library.state(id).read


DEEP = {"lists": "[" * 500 + "]" * 500, "objects": '{"a":' * 500 + "1" + "}" * 500}
OTHER = '{"title": "Two", "body": "b"}'


@pytest.mark.parametrize("deep", DEEP.values(), ids=list(DEEP))
def test_values_of_any_depth_cost_no_more_than_themselves(open_library, path, deep):
    odd = f'{{"title": "One", "body": "b", "author": {deep}, "tags": {deep}, "x": {deep}}}'
    marked = f'{{"title": "One", "body": "b", "state": {deep}, "extra": {deep}}}'
    texts = {
        "own.json": '{"broadsheet": 1, "made": "", "articles": [\n'
                    f'{marked},\n{OTHER}\n], "v": [{deep}]}}',
        "whole.json": f'{{"broadsheet": 1, "articles": [{marked}, {OTHER}], "v": [{deep}]}}',
        "list.json": f"[{odd}, {OTHER}]",
        "tiny.json": f'{{"articles": {{"1": {odd}, "2": {OTHER}}}}}',
        "lines.jsonl": f"{odd}\n{OTHER}\n",
    }  # fmt: skip
    for name, text in texts.items():
        records = list(read_source(Source(name, text.encode())))
        titles = [each.title for each in records if isinstance(each, Article)]
        assert titles == ["One", "Two"], (name, records)
        open_library(path).add(records)
    heads = (
        f"title: One\nauthor: {deep}\ntags: {deep}\nx: {deep}",
        f'title: "One"\nbroadsheet: {{"version": 1, "state": {deep}, "extra": {deep}}}',
    )
    for head in heads:
        (article,) = read_source(Source("a.md", f"---\n{head}\n---\nThe text.".encode()))
        assert (article.title, article.body) == ("One", "The text.")
    mail = (
        f"From: {'(' * 500}a{')' * 500} <a@b.example>\nSubject: One\nTo: c@d.example\n\nThe text."
    )
    (article,) = read_source(Source("a.eml", mail.encode()))
    assert (article.title, article.body) == ("One", "The text.")


@pytest.mark.parametrize("nested", [3_000, 50_000])
def test_what_no_reader_can_go_into_is_refused_in_plain_words(nested):
    deep = "[" * nested + "]" * nested
    for name, text in {
        "list.json": f'[{{"title": "One", "x": {deep}}}, {OTHER}]',
        "own.json": f'{{"broadsheet": 1, "made": "", "articles": [\n{{"x": {deep}}},\n{OTHER}\n]}}',
        "a.md": f"---\ntitle: One\nx: {deep}\n---\nThe text.",
        "b.md": f"+++\ntitle = 'One'\nx = {deep}\n+++\nThe text.",
        "c.md": f"+++\ntitle = 'One'\n{'.'.join('a' * nested)} = 1\n+++\nThe text.",
        "d.md": f'{{"title": "One", "x": {deep}}}\nThe text.',
    }.items():  # fmt: skip
        for record in read_source(Source(name, text.encode())):
            assert "failed" not in getattr(record, "reason", ""), (name, record)
            assert name.endswith(".json") or isinstance(record, Article)


@pytest.mark.parametrize("name", ["progress", "progress_percent", "words", "date", "published"])
def test_a_number_too_large_for_anything_costs_itself_alone(name):
    odd = f'{{"title": "One", "body": "b", "url": "https://a.example/", "{name}": {10**400}}}'
    for text in (f"[{odd}, {OTHER}]", f'{{"broadsheet": 1, "articles": [{odd}, {OTHER}]}}'):
        records = list(read_source(Source("a.json", text.encode())))
        assert [each.title for each in records if isinstance(each, Article)] == ["One", "Two"]


# ------------------------------------------------------------------------------- odd files


def goes_on_or_is_left(path):
    """It is used, or refused in one line with both files as they were."""
    files = [path, path.with_name("library.reading.json")]
    before = [file.read_bytes() if file.exists() else None for file in files]
    error = goes_on(path)
    after = [file.read_bytes() if file.exists() else None for file in files]
    assert not error or after == before, error
    with nothing_logged():
        findings = examine(path, cache_dir=path.parent / "one")
    assert not error or any(each.level is Level.WRONG for each in findings), error
    lines = [each.text + each.mend for each in findings]
    assert all(line.isprintable() for line in lines), lines


@pytest.mark.parametrize("text", LIBRARIES.values(), ids=list(LIBRARIES))
def test_a_library_file_built_in_any_way_is_used_or_refused_untouched(text, monkeypatch):
    monkeypatch.setattr("store.sharedfile._LONG_REST", 0.0)  # nobody goes on writing it
    with home() as place:
        path = place / "library.json"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        goes_on_or_is_left(path)


@pytest.mark.parametrize("text", READINGS.values(), ids=list(READINGS))
def test_a_reading_file_built_in_any_way_is_used_or_refused_untouched(text):
    with home() as place:
        path = place / "library.json"
        path.write_text('{"articles": {"1": {"title": "One", "body": "some text"}}}')
        path.with_name("library.reading.json").write_bytes(text.encode("utf-8", "surrogatepass"))
        goes_on_or_is_left(path)
