"""TinyDB files, other JSON, JSON Lines."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB

from store import Article, Rejected, Source
from store.importers import read_source
from store.importers.json_documents import read_json


def read(value, name="x.json"):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(read_json(Source(name, data)))


def test_a_stock_tinydb_file_gives_the_documents_of_all_its_tables(tmp_path):
    with TinyDB(tmp_path / "db.json") as db:
        db.insert({"headline": "A", "content": "x", "byline": "Ada", "pub_date": "March 9, 2017"})
        db.table("more").insert({"name": "B", "text": "y", "labels": ["One Two"]})
    first, second = read((tmp_path / "db.json").read_bytes())
    assert (first.title, first.body, first.author) == ("A", "x", "Ada")
    assert first.published == "2017-03-09"
    assert (second.title, second.tags) == ("B", ("one-two",))


def test_lists_wrappers_and_single_documents_are_found():
    document = {"title": "A", "body": "x"}
    for shape in ([document], {"articles": [document]}, {"meta": 1, "items": [document]}, document):
        (article,) = read(shape)
        assert (article.title, article.body) == ("A", "x")


def test_json_lines_are_read_line_by_line_and_bad_ones_named():
    data = b'{"title": "A", "body": "x"}\n\n{broken\n{"title": "B", "body": "y"}\n'
    first, bad, second = read(data, "x.jsonl")
    assert (first.title, second.title) == ("A", "B")
    assert isinstance(bad, Rejected)
    assert bad.item == "line 3"


def test_what_is_no_article_is_rejected_with_its_place_and_reason():
    good, number, empty = read([{"title": "A", "body": "x"}, 5, {"mood": "blue"}])
    assert isinstance(good, Article)
    assert (number.item, number.reason) == ("item 2", "it is no object, but a number")
    assert empty.item == "item 3"
    assert "neither title, text nor link" in empty.reason


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": %s}]}'),
        ("a.json", '[{"title": "A", "url": "https://a.example/1", "n": [%s]}]'),
        ("a.jsonl", '{"title": "A", "url": "https://a.example/1"}\n{"title": "B", "n": %s}\n'),
    ],
)
def test_a_number_without_end_is_told_in_words_for_its_reader(name, text):
    *_, rejected = read_source(Source(name, (text % ("1" * 10_000)).encode()))
    assert rejected.reason == "it is no JSON: a number in it has more than 4,300 digits"


def test_html_bodies_become_markdown():
    html = "<p>One <em>two</em></p><ul><li>x</li></ul>"
    (article,) = read([{"title": "A", "content_html": html}])
    assert "*two*" in article.body
    assert "<p>" not in article.body


def test_unix_times_and_written_dates_become_iso_and_odd_ones_are_kept():
    one, two, three = read([
        {"title": "A", "text": "x", "date": 1262304000},
        {"title": "B", "text": "x", "published_at": "2018-06-01T08:30:00Z"},
        {"title": "C", "text": "x", "date": "when the snow went"},
    ])  # fmt: skip
    assert one.published.startswith("2010-01-01")
    assert two.published.startswith("2018-06-01T08:30:00")
    assert (three.published, three.extra["published_as_given"]) == ("", "when the snow went")


def test_names_are_known_in_every_spelling():
    one, two = read([
        {"Article Title": "A", "sourceUrl": "https://example.org/a", "datePublished": "2017-03-09",
         "Body-HTML": "<p>x</p>", "Topics": ["t"], "dateAdded": 1600000000000, "Writer": "Ada"},
        {"title": "B", "headline": "other", "Title": "kept", "link": "https://example.org/b"},
    ])  # fmt: skip
    assert (one.title, one.url, one.published) == ("A", "https://example.org/a", "2017-03-09")
    assert (one.body, one.tags, one.author) == ("x", ("t",), "Ada")
    assert one.saved == "2020-09-13T12:26:40+00:00"
    assert (two.title, two.extra["Title"], two.extra["headline"]) == ("B", "kept", "other")


def test_names_are_known_whatever_controls_stand_in_them():
    (article,) = read([{"he\x00adline\x1b[1m": "A", "body": "x", "mo\x07od": "blue"}])
    assert (article.title, article.extra) == ("A", {"mood": "blue"})
    (article,) = read([{"title\x00": "B", "title": "A", "body": "x"}])
    assert (article.title, article.extra) == ("A", {})


def test_a_bare_link_has_the_date_of_its_record_as_that_of_saving():
    link, article = read([{"url": "https://example.org/a", "created_at": "2015-09-09 11:10:32 UTC"},
                          {"title": "A", "text": "x", "created_at": "2015-09-09"}])  # fmt: skip
    assert (link.saved, link.published) == ("2015-09-09T11:10:32+00:00", "")
    assert (article.saved, article.published) == ("", "2015-09-09")


def test_json_lines_larger_than_the_head_are_read_by_the_line(tmp_path):
    path = tmp_path / "big.jsonl"
    line = '{"title": "A", "body": "' + "word " * 50 + '"}'
    path.write_text("\n".join([line] * 1000 + ["{broken", line]) + "\n")
    source = Source(str(path), path=path)
    records = list(read_json(source))
    assert source._data is None
    assert len(records) == 1002
    assert (records[1000].item, records[1000].reason[:13]) == ("line 1001", "it is no JSON")


def test_marks_come_along_and_unknown_fields_are_kept():
    (article,) = read([{"title": "A", "text": "x", "is_read": 1, "favorite": True,
                        "progress": 40, "mood": [1]}])  # fmt: skip
    assert article.state is not None
    assert (article.state.read, article.state.starred, article.state.progress) == (True, True, 0.4)
    assert dict(article.extra) == {"mood": [1]}


def test_a_link_without_text_is_a_stub():
    (article,) = read([{"title": "A", "url": "https://example.org/a"}])
    assert article.is_stub


def test_broken_json_is_rejected_in_one_line():
    for data in (b"{", b'{"title": "A", "body"', b"[1, 2\n, 3", b"[" * 100_000):
        (rejected,) = read(data)
        assert isinstance(rejected, Rejected)
        assert "\n" not in rejected.reason


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["title", "body", "url", "date", "tags", "items", "1", "articles"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_read(value):
    for record in read(value):
        assert isinstance(record, Article | Rejected)
