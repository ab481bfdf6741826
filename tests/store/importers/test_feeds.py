"""Feeds of every kind to articles: texts, links, names, dates, files; and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Rejected, Source, SourceError
from store.importers.feed_model import article_of
from store.importers.feeds import looks_like_feed, parse_feed, read_feed

SAMPLES = Path(__file__).parents[3] / "sample_data"

ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry>%b</entry></feed>'
RSS = b'<rss version="2.0"><channel><title>T</title><item>%b</item></channel></rss>'


def articles(data: bytes, url: str = "https://site.example/feed"):
    feed = parse_feed(data, url)
    return [article_of(entry, feed, url) for entry in feed.entries]


def only(data: bytes, url: str = "https://site.example/feed"):
    (article,) = articles(data, url)
    return article


def test_a_feed_of_rss_2_gives_an_article_an_entry():
    fog, radio = articles((SAMPLES / "feed.rss").read_bytes())
    assert fog.title == "The ferry & the fog: four crossings"
    assert fog.url == "https://ledger.example/2026/ferry-and-fog"
    assert fog.author == "Ada Reyes"
    assert fog.site == "The Harbour Ledger"
    assert fog.published.startswith("2026-03-02T")
    assert fog.tags == ("harbour", "weather-reports")
    assert fog.lang == "en-GB"
    assert fog.extra["guid"] == "ledger-0041"
    assert "**sound**" in fog.body
    assert "[horn](https://ledger.example/glossary#horn)" in fog.body
    assert "## What the horn is for" in fog.body
    assert "track(" not in fog.body
    assert fog.summary == "Four crossings in one morning, and what the horn is for."
    assert "[12.mp3](<https://ledger.example/radio/12.mp3>), 12.5 MB" in radio.body
    assert radio.extra["enclosures"][0]["type"] == "audio/mpeg"
    assert "guid" not in radio.extra


def test_a_feed_of_atom_keeps_titles_as_they_were_meant_and_minds_xml_base():
    tag, seeds = articles((SAMPLES / "feed.atom").read_bytes())
    assert tag.title == "Why the <b> tag is not a weed"
    assert tag.url == "https://garden.example/notes/b-tag.html"
    assert tag.author == seeds.author == "Jonas Weil"
    assert tag.published.startswith("2026-03-03T")
    assert tag.extra["updated"].startswith("2026-03-04")
    assert "**bold**" in tag.body
    assert "[the list of seeds](https://garden.example/seeds.html)" in tag.body
    assert tag.lang == "en"
    assert seeds.title == "Seeds & dates"
    assert seeds.body == "Sow in *March*, whatever the calendar says."
    assert seeds.published.startswith("2026-02-20T12:00:00")


def test_a_json_feed_is_read_with_files_and_several_authors():
    tram, other = articles((SAMPLES / "feed.json").read_bytes())
    assert tram.title == "The last tram has no number"
    assert tram.body == "It carries [the drivers](https://night.example/drivers) home."
    assert tram.tags == ("trams", "night")
    assert tram.author == "M. Okafor"
    assert other.author == "L. Brandt, S. Ito"
    assert other.extra["guid"] == "17"
    assert other.body.startswith("2 \\< 3, even at night.\n\nA second paragraph.") or (
        other.body.startswith("2 < 3, even at night.\n\nA second paragraph.")
    )
    assert "17.ogg" in other.body
    assert other.title.startswith("2 < 3, even at night.")


@pytest.mark.parametrize(
    ("data", "title", "link"),
    [
        (b'<rss version="0.91"><channel><title>T</title><item><title>A</title>'
         b"<link>http://a.example/1</link></item></channel></rss>", "A", "http://a.example/1"),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
         b'xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel>'
         b'<item rdf:about="http://a.example/1"><title>A</title>'
         b"<link>http://a.example/1</link></item></rdf:RDF>", "A", "http://a.example/1"),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
         b'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>T</title></channel>'
         b"<item><title>A</title><link>http://a.example/1</link></item></rdf:RDF>",
         "A", "http://a.example/1"),
        (b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry>'
         b'<title mode="base64">QQ==</title><link rel="alternate" href="http://a.example/1"/>'
         b"</entry></feed>", "A", "http://a.example/1"),
    ],
)  # fmt: skip
def test_older_kinds_of_feeds_are_read(data, title, link):
    article = only(data)
    assert (article.title, article.url) == (title, link)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (b"AT&amp;T", "AT&T"),
        (b"AT&amp;amp;T", "AT&T"),
        (b"Fish &#38; chips", "Fish & chips"),
        (b"Caf&eacute; &mdash; open", "Café — open"),
        (b"This & that", "This & that"),
        (b"<![CDATA[<b>Bold</b> claims]]>", "Bold claims"),
        (b"if a &lt; b then", "if a < b then"),
        (b"[bold]not markup[/bold]", "[bold]not markup[/bold]"),
        (b"red \x1b[31malert", "red alert"),
    ],
)
def test_a_title_is_shown_as_text_whatever_it_is_written_in(title, shown):
    data = RSS % (b"<title>" + title + b"</title><link>http://a.example/</link>")
    records = list(read_feed(Source("-", data)))
    from store.sanitize import clean_article

    assert clean_article(records[0])[0].title == shown


def test_whole_texts_are_preferred_to_summaries():
    data = ATOM % b"<title>A</title><summary>Short.</summary><content>The whole text.</content>"
    article = only(data)
    assert article.body == "The whole text."
    assert article.summary == "Short."


def test_the_whole_text_of_an_entry_of_rss_1_is_read():
    data = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        b'xmlns="http://purl.org/rss/1.0/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        b"<channel><title>T</title></channel><item><title>A</title><description>Short.</description>"
        b"<content:encoded>&lt;p&gt;The &lt;b&gt;whole&lt;/b&gt; text.&lt;/p&gt;</content:encoded>"
        b"</item></rdf:RDF>"
    )
    assert only(data).body == "The **whole** text."


def test_a_reference_of_thousands_of_digits_stands_for_no_character():
    endless = b"&amp;#%b;" % (b"1" * 5_000)
    article = only(
        RSS
        % b"<title>A %b</title><author>B %b</author><description>C %b</description>"
        % (endless, endless, endless)
    )
    assert (article.title, article.author, article.body) == ("A \ufffd", "B \ufffd", "C \ufffd")


def test_a_name_loses_the_mail_address_beside_it():
    for written in (b"ada@example.org (Ada Reyes)", b"Ada Reyes &lt;ada@example.org&gt;"):
        data = RSS % (b"<title>A</title><author>" + written + b"</author>")
        assert only(data).author == "Ada Reyes"


def test_an_entry_without_a_text_is_a_stub_with_its_link():
    article = only(ATOM % b'<title>A</title><link href="http://a.example/1"/>')
    assert article.is_stub
    assert article.url == "http://a.example/1"


def test_an_enclosed_file_of_atom_is_linked():
    data = ATOM % (
        b'<title>A</title><link rel="enclosure" type="video/mp4" href="http://a.example/v.mp4"/>'
    )
    assert "Video: [v.mp4](<http://a.example/v.mp4>)" in only(data).body


def test_what_a_feed_says_of_its_schedule_is_known():
    feed = parse_feed((SAMPLES / "feed.rss").read_bytes())
    assert feed.ttl == 240
    assert feed.skip_hours == {1, 2, 3}


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ("<guid isPermaLink='false'>12</guid>", ""),
        (
            "<guid>Sat</guid><description><![CDATA[<item> <pubDate>now</pubDate>]]></description>",
            "",
        ),
        ("<pubDate></pubDate><guid>7</guid>", ""),
        ("<pubDate>Mon, 32 Foo 2020</pubDate><guid>7</guid>", ""),
        ("<guid>7</guid><pubDate>Mon, 02 Mar 2020 10:00:00 GMT</pubDate>", "2020-03-02"),
        ("<guid>7</guid><pubDate><![CDATA[ 2020-03-02 ]]></pubDate>", "2020-03-02"),
        ("<guid>7</guid><dc:date>2020-03-02T10:00:00Z</dc:date>", "2020-03-02"),
    ],
)
def test_an_entry_has_the_date_that_is_said_and_none_that_is_made_of_its_guid(fields, published):
    other = "<item><guid>8</guid><title>B</title><pubDate>Tue, 03 Mar 2020 10:00:00 GMT</pubDate>"
    data = (
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>F</title>"
        f"<item><title>A</title>{fields}</item>{other}</item></channel></rss>"
    )
    first, second = parse_feed(data.encode(), "https://f.example/feed").entries
    assert first.published[:10] == published
    assert second.published[:10] == "2020-03-03"


def test_an_edit_changes_the_fingerprint_and_a_new_date_does_not():
    def entry(body: bytes):
        return parse_feed(RSS % body).entries[0]

    first = entry(b"<guid>1</guid><title>A</title><pubDate>Mon, 02 Mar 2026 07:00 GMT</pubDate>")
    dated = entry(b"<guid>1</guid><title>A</title><pubDate>Tue, 03 Mar 2026 07:00 GMT</pubDate>")
    edited = entry(b"<guid>1</guid><title>B</title>")
    assert first.names[0] == dated.names[0] == edited.names[0]
    assert first.fingerprint == dated.fingerprint != edited.fingerprint


def test_encodings_are_read_as_declared():
    text = '<?xml version="1.0" encoding="{}"?>' + (RSS % b"<title>@</title>").decode()
    for encoding in ("windows-1251", "utf-16", "koi8-r", "utf-8"):
        data = text.format(encoding).replace("@", "Привет, мир").encode(encoding)
        assert only(data).title == "Привет, мир", encoding


LAUGHS = b"".join(
    b'<!ENTITY l%d "%b">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10)
)  # fmt: skip


@pytest.mark.parametrize(
    "declared",
    [
        b'<!ENTITY l0 "lol">' + LAUGHS,
        b'<!ENTITY big "' + b"a" * 100_000 + b'">',
        b'<!ENTITY a "' + b"a" * 400 + b'">',
    ],
    ids=["nested", "long", "often"],
)
def test_entities_that_would_swell_a_feed_are_refused(declared):
    title = b"&l9;&big;" + b"&a;" * 20_000
    data = b"<!DOCTYPE rss [" + declared + b"]>" + RSS % (b"<title>" + title + b"</title>")
    with pytest.raises(SourceError, match="refused"):
        parse_feed(data)


def test_nothing_is_loaded_from_outside(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("do not read me")
    data = (
        b'<!DOCTYPE rss [<!ENTITY xxe SYSTEM "file://%b"><!ENTITY %% p SYSTEM "http://a.example/">'
        b"]>" % str(secret).encode() + RSS % b"<title>A &xxe;</title>"
    )
    assert "do not" not in repr(articles(data))


def test_short_entities_of_a_document_are_read():
    data = b'<!DOCTYPE rss [<!ENTITY who "Ada">]>' + RSS % b"<title>By &who;</title>"
    assert only(data).title == "By Ada"


def test_elements_nested_without_end_are_refused():
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    with pytest.raises(SourceError, match="deep"):
        parse_feed(RSS % deep)


def test_an_element_with_attributes_without_number_is_refused():
    crowd = b" ".join(b'a%d="x"' % number for number in range(20_000))
    with pytest.raises(SourceError, match="attributes"):
        parse_feed(RSS % (b"<title " + crowd + b">A</title>"))


def test_a_page_is_no_feed_and_says_so():
    with pytest.raises(SourceError, match="a page"):
        parse_feed(b"<!DOCTYPE html><html><body><p>Hello</p></body></html>")
    assert not looks_like_feed(b"<html><body/></html>")
    assert not looks_like_feed(b'{"version": 1, "items": []}')
    assert looks_like_feed(b"\xef\xbb\xbf <?xml version='1.0'?><!-- x --><rss>")
    assert looks_like_feed((SAMPLES / "feed.json").read_bytes())


def test_a_broken_feed_gives_what_can_be_saved():
    data = (RSS % b"<title>A</title><description>One<description>").replace(
        b"</channel></rss>", b""
    )
    assert [article.title for article in articles(data)] == ["A"]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([RSS, ATOM]))
def test_any_bytes_give_articles_or_one_reason(inner, frame):
    try:
        found = list(read_feed(Source("-", frame.replace(b"%b", inner))))
    except SourceError as error:
        assert str(error)
    else:
        assert all(isinstance(r, Rejected) or r.type == "feed" for r in found)
