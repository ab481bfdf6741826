"""Flags, times, tags and progress as other programs write them."""

from __future__ import annotations

import csv
import io
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Article, Rejected, Source
from store.importers import read_source
from store.importers.fields import article_of, flag, moment, progress, tags_of, unescaped

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("value", [True, 1, "1", "true", "True", " YES ", "y", "on", 1.0])
def test_yes(value):
    assert flag(value)


@pytest.mark.parametrize("value", [False, 0, "0", "false", "no", "", None, [], 2, "2", {}])
def test_no(value):
    assert not flag(value)


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        (1600322788, "2020-09-17T06:06:28+00:00"),
        ("1600322788", "2020-09-17T06:06:28+00:00"),
        ("1600322788.75", "2020-09-17T06:06:28+00:00"),
        (1600322788123, "2020-09-17T06:06:28+00:00"),
        (1388166091504000, "2013-12-27T17:41:31+00:00"),
        ("13118850929335823", "2016-09-20T13:15:29+00:00"),
        (1600322788123456789, "2020-09-17T06:06:28+00:00"),
        ("2016-09-08T11:55:58+0200", "2016-09-08T09:55:58+00:00"),
        ("2015-09-09 11:10:32 UTC", "2015-09-09T11:10:32+00:00"),
        ("2021-02-03T04:05:06.789Z", "2021-02-03T04:05:06+00:00"),
        ("2016-08-25T12:05:00", "2016-08-25T12:05:00+00:00"),
        ("2016-08-25", "2016-08-25"),
        (0, ""), ("0", ""), (None, ""), ("", ""), ("soon", ""), (True, ""), (-5, ""), (7, ""),
        ("99999999999999999999", ""), (float("nan"), ""), (float("inf"), ""),
    ],
)  # fmt: skip
def test_points_in_time(value, iso):
    assert moment(value) == iso


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("a|B c", ("a", "b-c")),
        ("one, two;three", ("one", "two", "three")),
        ('["a", "b c"]', ("a", "b-c")),
        ("['a', 'it''s', \"it's\"]", ("a", "its", "it's")),
        ("['broken, b]", ("broken", "b")),
        ("[]", ()),
        ("", ()),
        (["a", "A", "#a", None, 5], ("a", "5")),
        ([{"name": "x"}, {"label": "y", "slug": "z"}, {"id": 1}], ("x", "y")),
        ({"0": "a", "1": "b"}, ("a", "b")),
        (5, ()),
    ],
)
def test_lists_of_tags(value, tags):
    assert tags_of(value) == tags


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        (r"['c:\d', 'a,b']", (r"c:\d", "a,b")),
        (r"""[u'it\'s', "caf\u00e9\\x\x61\777"]""", ("it's", r"café\xa\777")),
        ("['x\\\x1b', 'y']", ("x\\", "y")),
        ("['a', 1if 2else 3]", ("a", "1if-2else-3")),
        (r"[{'name': 'a\,b'}, ('c'), 5]", (r"a\,b", "c", "5")),
    ],
)
def test_a_list_written_in_python_is_read_without_a_word_of_python_about_it(written, tags):
    table = io.StringIO()
    csv.writer(table).writerows([["title", "url", "tags"], ["A", "https://a.example/1", written]])
    source = Source("a.csv", table.getvalue().encode())
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        [article] = read_source(source)
    assert article.tags == tags
    assert said == []


def test_a_list_written_by_a_stranger_is_read_and_never_run():
    assert tags_of("[__import__('os').system('touch x')]") == (
        "__import__('os').system('touch-x')",
    )
    assert tags_of("[" * 5000 + "]" * 5000) is not None


@pytest.mark.parametrize(
    ("value", "share"),
    [(0.45, 0.45), ("0.45", 0.45), (45, 0.45), ("45%", 0.45), ("1%", 0.01), (1, 1.0), ("1.0", 1.0),
     (250, 1.0), (-3, 0.0), ("", 0.0), (None, 0.0), (True, 0.0), (float("nan"), 0.0)],
)  # fmt: skip
def test_progress(value, share):
    assert progress(value) == share


def test_one_percent_is_not_all_of_it():
    assert progress(1, percent=True) == 0.01


def test_entities_are_resolved_and_other_ampersands_kept():
    assert unescaped("Salt &amp; pepper&hellip; &#8217; R&D &c") == "Salt & pepper… ’ R&D &c"


@settings(max_examples=150)
@given(anything)
def test_any_value_is_read(value):
    assert isinstance(flag(value), bool)
    assert isinstance(moment(value), str)
    assert isinstance(tags_of(value), tuple)
    assert 0.0 <= progress(value) <= 1.0


@settings(max_examples=60)
@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_item_is_an_article_or_a_rejection(title, url, text):
    record = article_of(("a", "line 1"), "x", title=title, url=url, html=text, summary=text)
    assert isinstance(record, Article | Rejected)
    assert isinstance(record, Rejected) or record.title or record.url or record.body


def test_a_link_that_is_none_is_said_and_not_taken_for_a_stub():
    record = article_of(("a", "line 1"), "x", title="A bookmarklet", url="javascript:alert(1)")
    assert record == Rejected("a", "its link is none that can be read: javascript:…", "line 1")
    kept = article_of(("a", ""), "x", title="A", url="javascript:alert(1)", html="<p>Text</p>")
    assert (kept.url, kept.body) == ("", "Text")
