"""A library that a stranger's program wrote: what the store tells of it is safe to show."""

from __future__ import annotations

import time

import pytest

from store import Library
from store.sanitize import MAX_LINE
from tests.hostile import CORPUS, MARK, unsafe_in, write_library


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The library, all of it indexed."""
    home = tmp_path_factory.mktemp("hostile")
    write_library(home / "library.json")
    with Library(home / "library.json", cache_dir=home / "cache") as library:
        library.wait_until_searchable()
        yield library


def lines(value):
    """Every text in a value that is shown on one line."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from lines(each)


def test_rows_and_hits_hold_nothing_that_a_terminal_obeys(hostile):
    rows = hostile.newest(200)
    assert len(rows) == len(CORPUS)
    for row in rows:
        assert not unsafe_in("".join(lines(row)), line=True), row
        assert len(row.title) <= MAX_LINE
    assert sum(MARK in row.title for row in rows) >= len(CORPUS) - 2
    hits = hostile.find(MARK).hits(0, 200)
    assert hits
    for hit in hits:
        assert not unsafe_in(hit.snippet, line=True)


def test_articles_hold_nothing_that_a_terminal_obeys(hostile):
    for row in hostile.newest(200):
        article = hostile.get(row.id)
        for name in ("title", "author", "site", "url", "published", "saved", "lang", "type", "tags",
                     "image", "source"):  # fmt: skip
            shown = "".join(lines(getattr(article, name)))
            assert not unsafe_in(shown, line=True), (name, shown)
        assert not unsafe_in(article.body + article.summary)
        assert article.url == "" or article.url.startswith("https://")
        state = hostile.state(row.id)
        assert not unsafe_in("".join(lines(state)), line=True), state


def test_what_is_offered_holds_nothing_that_a_terminal_obeys(hostile):
    told = [view.name + view.query for view in hostile.all_views()]
    told += [tag for tag, _ in hostile.tags()]
    told += [f.name + f.site + f.error + f.checked + "".join(f.tags) for f in hostile.feeds.all()]
    told += [h.colour + h.made + h.before + h.after for hs in hostile.annotated().values()
             for h in hs]  # fmt: skip
    told += lines([hostile.facets(""), hostile.statistics(""), *hostile.notices])
    for field in ("tag:", "author:", "site:", "view:", "lang:", "type:", "#"):
        told += lines(hostile.complete(field, len(field)))
    assert len(told) > 200
    for text in told:
        assert not unsafe_in(text, line=True), text
    for highlights in hostile.annotated().values():
        assert not any(unsafe_in(h.quote + h.note) for h in highlights)


@pytest.mark.parametrize("text", CORPUS.values(), ids=list(CORPUS))
def test_any_text_is_a_query(hostile, text):
    found = hostile.find(text, typing=True)
    found.rows(0, 5)
    hostile.find(f'title:"{text}" OR tag:{text} -author:{text}').hits(0, 2)


@pytest.mark.parametrize(
    "query",
    [
        "a" * 1_000_000,
        "x".join("abcdefghij" * 20_000),
        "title:" + "ab" * 500_000 + "*",
        '"' + "a b " * 300_000 + '"',
        "tag:" + ",".join(f"t{n}" for n in range(20_000)),
        " OR ".join(f"w{n}" for n in range(20_000)),
        "-a " * 100_000,
        "(" * 100_000,
        "view:Unread " * 5_000,
        "https://a.example/" + "b/" * 200_000,
    ],
    ids=lambda query: query[:12],
)
def test_a_query_of_any_length_is_answered_at_once(hostile, query):
    start = time.process_time()
    hostile.find(query, typing=True).rows(0, 5)
    hostile.find(query).hits(0, 5)
    hostile.complete(query, len(query))
    assert time.process_time() - start < 3
