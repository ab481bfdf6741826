"""Lists of feeds: read from whatever programs write, and written so that they read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Source, SourceError
from store.article import clean_tags
from store.importers import read_source
from store.importers.opml import read_opml, write_opml
from store.importers.record import FeedLink
from store.sanitize import clean_line

SAMPLES = Path(__file__).parents[3] / "sample_data"


def test_groups_and_categories_are_tags_and_any_case_will_do():
    ledger, radio, garden = read_opml((SAMPLES / "feeds.opml").read_bytes())
    assert ledger.url == "https://ledger.example/feed.rss"
    assert ledger.title == "The Harbour Ledger"
    assert ledger.site == "https://ledger.example/"
    assert ledger.tags == ("harbour",)
    assert radio.tags == ("harbour", "radio")
    assert garden.tags == ("markup", "plants", "garden")


def test_a_feed_in_two_groups_is_one_with_both_tags():
    data = b"""<opml><body><outline text='A'><outline xmlurl='http://a.example/f'/></outline>
    <outline title='B'><outline XMLURL='http://a.example/f'/></outline></body></opml>"""
    (feed,) = read_opml(data)
    assert feed.tags == ("a", "b")


@pytest.mark.parametrize(
    "data",
    [
        b"<opml><body><outline text='A & B' xmlUrl='http://a.example/f?x=1&y=2'></body>",
        b"<opml><outline text='A &amp; B' xmlUrl=http://a.example/f?x=1&amp;y=2 >",
        b"<opml version=2.0><body></bogus></outline><outline text='A &#38; B' type=rss"
        b" xmlUrl='http://a.example/f?x=1&amp;y=2' /></opml><opml/>",
    ],
)
def test_a_broken_list_is_read(data):
    (feed,) = read_opml(data)
    assert (feed.title, feed.url) == ("A & B", "http://a.example/f?x=1&y=2")


def test_only_addresses_of_the_web_are_taken():
    data = b"<opml><outline xmlUrl='file:///etc/passwd'/><outline xmlUrl='exec:rm'/></opml>"
    assert read_opml(data) == []


def test_a_list_of_lists_is_told_apart():
    (inner,) = read_opml(b"<opml><outline type='include' url='http://a.example/more'/></opml>")
    assert inner.is_list


def test_what_declares_entities_does_not_swell():
    data = b'<!DOCTYPE opml [<!ENTITY a "' + b"x" * 1000 + b'">]><opml><outline text="'
    data += b"&a;" * 1000 + b'" xmlUrl="http://a.example/f"/></opml>'
    assert len(read_opml(data)[0].title) < 5000


def test_outlines_that_are_never_closed_cost_no_feed():
    groups = "".join(f'<outline text="g{n}"><outline xmlUrl="http://a.example/{n}"/>'
                     for n in range(20_000))  # fmt: skip
    feeds = read_opml(f"<opml><body>{groups}".encode())
    assert len(feeds) == 20_000
    assert feeds[2].tags == ("g0", "g1", "g2")
    assert feeds[-1].tags == tuple(f"g{n}" for n in range(32))
    unclosed = "".join(f'<outline xmlUrl="http://a.example/{n}">' for n in range(20_000))
    last = '<outline text="G"><outline xmlUrl="http://a.example/"/>'
    feeds = read_opml(f"<opml><body>{unclosed}{last}".encode())
    assert (len(feeds), feeds[-1].tags) == (20_001, ("g",))


def test_a_feed_named_over_and_over_has_no_tags_without_end():
    outlines = "".join(f'<outline xmlUrl="http://a.example/" category="/c{n}"/>'
                       for n in range(20_000))  # fmt: skip
    (feed,) = read_opml(f"<opml><body>{outlines}".encode())
    assert feed.tags == tuple(f"c{n}" for n in range(200))


def test_an_outline_with_a_name_of_an_attribute_without_end_is_read():
    data = f"<opml><body><outline {'x' * 400_000} xmlUrl=http://a.example/f/ />"
    (feed,) = read_opml(data.encode())
    assert feed.url == "http://a.example/f/"


def test_what_is_no_list_is_refused():
    with pytest.raises(SourceError, match="no OPML"):
        read_opml(b"<html><body>Hello</body></html>")
    (record,) = read_source(Source("x", b"<?xml version='1.0'?><!-- x --><opml version='1.0'>"))
    assert "no feed in the list" in record.reason


TEXTS = st.text(max_size=30)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            FeedLink,
            url=st.integers(0, 9).map(lambda n: f"https://a.example/{n}?a=1&b=<'\">".replace(
                "<'\">", "%3C")),
            title=TEXTS.map(lambda text: clean_line(text).strip()),
            tags=st.lists(
                st.text("abcé-&<'\"", min_size=1, max_size=5), max_size=3
            ).map(clean_tags),
            interval=st.integers(0, 99_999),
            full_text=st.booleans(),
        ),
        max_size=6,
        unique_by=lambda outline: outline.url,
    )
)  # fmt: skip
def test_what_is_written_reads_back(outlines):
    back = read_opml("".join(write_opml(outlines)).encode())
    key = lambda outline: outline.url  # noqa: E731
    for written, read in zip(sorted(outlines, key=key), sorted(back, key=key), strict=True):
        assert read.title == (written.title or written.url)
        assert set(read.tags) == set(written.tags)
        assert (read.interval, read.full_text) == (written.interval, written.full_text)
