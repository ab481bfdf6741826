"""EPUB books: the text in order, named by the contents, with its notes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Article, Rejected, Source
from store.importers import read_source
from tests.store.importers.epub_maker import CONTAINER, METADATA, epub, nav, ncx, page

SAMPLE = Path(__file__).parents[3] / "sample_data" / "three-rooms.epub"

ONE = "<h1>The wick</h1><p>A wick drinks from below and burns at the top.</p>"
TWO = "<h1>The oil</h1><p>Oil came in barrels, by the winter boat, and smelled of it.</p>"


def read_all(data, *, split=False, name="book.epub"):
    source = Source(name, data)
    source.split = split
    return list(read_source(source))


def read(data):
    (record,) = read_all(data)
    return record


def test_a_book_is_one_article_with_its_chapters_as_headings():
    article = read(SAMPLE.read_bytes())
    assert article.title == "Three Rooms under the Clock: How a small town kept the time"
    assert (article.author, article.site) == ("Edda Moravec", "Weir Lane Books")
    assert (article.published, article.lang, article.type) == ("2022-03-18", "en", "epub")
    assert article.tags == ("clocks", "town-history")
    assert article.summary.startswith("A clock, the three rooms below it")
    headings = [line for line in article.body.split("\n") if line.startswith("#")]
    assert headings == [
        "## The weight room",
        "### What the stones weigh",
        "## Two: The room of the drum",
        "## The room behind the dials",
    ]
    assert article.body.startswith("## The weight room\n\nThe lowest of the three rooms")
    assert "| east | 31 | 142 |" in article.body
    assert "*The eastern weight. The stones are from the old bridge.*" in article.body
    assert "box on a rope" not in article.body  # the caption says it
    assert "Contents" not in article.body


def test_marked_notes_are_footnotes():
    body = read(SAMPLE.read_bytes()).body
    assert "every other day.[^1] She counted" in body
    assert "bell founder from Brünn.[^2] He" in body
    assert body.endswith(
        "[^1]: Parish book of Holm, 1939 to 1961: 4,017 entries, all in one hand.\n\n"
        "[^2]: Letter of 2 June 1887, in the town archive, box 14."
    )
    assert "Notes" not in body


def test_with_split_each_chapter_is_an_article_with_its_own_notes():
    one, two, three = read_all(SAMPLE.read_bytes(), split=True)
    assert [a.title for a in (one, two, three)] == [
        "The weight room", "Two: The room of the drum", "The room behind the dials",
    ]  # fmt: skip
    assert one.site == "Three Rooms under the Clock: How a small town kept the time"
    assert (two.extra["chapter"], two.extra["publisher"]) == (2, "Weir Lane Books")
    assert two.body.endswith("[^1]: Letter of 2 June 1887, in the town archive, box 14.")
    assert "[^" not in three.body


def test_the_contents_of_epub_2_name_chapters_too():
    data = epub(
        {"a.xhtml": page(ONE), "b.xhtml": page("<p>Oil came by boat.</p>")},
        contents=ncx([("The wick", "a.xhtml"), ("The oil", "b.xhtml")]),
    )
    article = read(data)
    assert article.author == "Ruth Okonjo"
    assert article.body.split("\n\n") == [
        "## The wick", "A wick drinks from below and burns at the top.",
        "## The oil", "Oil came by boat.",
    ]  # fmt: skip


def test_a_chapter_in_several_files_goes_on():
    data = epub(
        {"a.xhtml": page(ONE), "a2.xhtml": page("<p>And it goes on.</p>"), "b.xhtml": page(TWO)},
        contents=nav([("The wick", "a.xhtml"), ("The oil", "b.xhtml")]),
    )
    assert [a.title for a in read_all(data, split=True)] == ["The wick", "The oil"]
    assert "And it goes on." in read_all(data, split=True)[0].body


def test_chapters_in_one_file_keep_the_levels_of_the_contents():
    body = "<h2 id='p'>Light</h2><p>x</p><h2 id='w'>The wick</h2><p>y</p><p id='o'>Oil came.</p>"
    entries = [("Light", "a.xhtml#p", [("The wick", "a.xhtml#w"), ("The oil", "a.xhtml#o")])]
    article = read(epub({"a.xhtml": page(body)}, contents=nav(entries)))
    assert article.body.split("\n\n") == [
        "## Light", "x", "### The wick", "y", "### The oil", "Oil came.",
    ]  # fmt: skip


def test_covers_title_pages_contents_and_asides_are_skipped():
    data = epub(
        {
            "cover.xhtml": page('<img src="c.jpg" alt="A lamp"/>', kind="cover"),
            "title.xhtml": page("<h1>The Lamp Room</h1><p>Ruth Okonjo</p>"),
            "toc.xhtml": page("<p>Contents</p><p>The wick</p>"),
            "a.xhtml": page(ONE),
            "ads.xhtml": page("<p>Also by this press</p>"),
        },
        contents=nav([("The wick", "a.xhtml")]),
        guide='<reference type="toc" href="toc.xhtml"/>',
        spine={"ads.xhtml": 'linear="no"'},
    )
    assert read(data).body.startswith("## The wick\n\nA wick drinks")
    assert "Also by" not in read(data).body


def test_a_book_without_contents_keeps_its_own_headings():
    body = read(epub({"a.xhtml": page(ONE), "b.xhtml": page(TWO)})).body
    assert [line for line in body.split("\n") if line.startswith("#")] == [
        "## The wick", "## The oil",
    ]  # fmt: skip


def test_raised_links_to_paragraphs_below_are_notes_as_well():
    body = (
        '<p>Oil is dear.<sup><a href="#f1">1</a></sup> So is wick.</p>'
        '<p id="f1"><sup><a href="#r1">1</a></sup> Nine pence, in <em>1847</em>.</p>'
    )
    text = read(epub({"a.xhtml": page(body)})).body
    assert text == "Oil is dear.[^1] So is wick.\n\n[^1]: Nine pence, in *1847*."


def test_a_note_that_is_missing_leaves_its_mark():
    body = '<p>Oil is dear.<a epub:type="noteref" href="#gone">4</a></p>'
    assert read(epub({"a.xhtml": page(body)})).body == "Oil is dear.4"


@pytest.mark.parametrize("odd", ["a", "1" * 5_000], ids=["word", "number"])
def test_a_book_may_hold_what_its_notes_are_marked_with(odd):
    body = f'<p>Oil is <a zq-note="{odd}" href="#b">dear</a>, zqnote{"1" * 5_000}qz.</p>'
    assert read(epub({"a.xhtml": page(body)})).body.startswith("Oil is dear")


def test_entities_and_empty_elements_lose_no_text():
    body = '<p>Caf&eacute;&nbsp;&mdash; open<a id="x"/> late &amp; <i/>early &lt;all year&gt;</p>'
    text = read(epub({"a.xhtml": page(body, title="")})).body
    assert text.replace("\u00a0", " ") == "Café — open late & early \\<all year>"


def test_markup_that_is_no_xml_is_read_as_a_browser_would():
    body = "<p>One<br>two <b>bold<p>Three & four"
    assert "Three & four" in read(epub({"a.xhtml": page(body)})).body


def test_markup_nested_beyond_sense_still_gives_its_text():
    body = "<div>" * 3_000 + "The lamp burns." + "</div>" * 3_000
    assert read(epub({"a.xhtml": page(body)})).body.strip() == "x The lamp burns."


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({"META-INF/rights.xml": "<rights/>"}, "Adobe DRM"),
        ({"META-INF/license.lcpl": "{}"}, "Readium LCP"),
        ({"META-INF/encryption.xml": (
            "<encryption xmlns:enc='http://www.w3.org/2001/04/xmlenc#'><enc:EncryptedData>"
            "<enc:EncryptionMethod Algorithm='http://www.w3.org/2001/04/xmlenc#aes128-cbc'/>"
            "</enc:EncryptedData></encryption>")}, "DRM"),
    ],
)  # fmt: skip
def test_protected_books_are_rejected_with_the_reason(extra, reason):
    record = read(epub({"a.xhtml": page(ONE)}, extra=extra))
    assert isinstance(record, Rejected)
    assert "protected" in record.reason
    assert reason in record.reason


def test_scrambled_fonts_are_no_protection():
    encryption = (
        "<encryption xmlns:enc='http://www.w3.org/2001/04/xmlenc#'><enc:EncryptedData>"
        "<enc:EncryptionMethod Algorithm='http://www.idpf.org/2008/embedding'/>"
        "</enc:EncryptedData></encryption>"
    )
    data = epub({"a.xhtml": page(ONE)}, extra={"META-INF/encryption.xml": encryption})
    assert isinstance(read(data), Article)


def test_bombs_and_entities_are_bounded():
    record = read(epub({"a.xhtml": page("<p>" + "x" * 50_000_000 + "</p>")}))
    assert isinstance(record, Rejected)
    lol = '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;">]>'
    package = epub({"a.xhtml": page(ONE)}, metadata=METADATA + "<dc:rights>&b;</dc:rights>")
    data = io.BytesIO(package)
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("META-INF/other.xml", lol)
    assert isinstance(read(data.getvalue()), Article)


def test_what_is_no_whole_book_is_rejected_with_the_reason():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("META-INF/container.xml", CONTAINER)
    record = read(data.getvalue())
    assert isinstance(record, Rejected)
    assert "package file is missing" in record.reason
    assert read(epub({"a.xhtml": page("")})).reason == "there is no text in the book"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5_000), st.binary(min_size=1, max_size=60))
def test_no_damage_raises(place, noise):
    data = SAMPLE.read_bytes()
    records = read_all(data[:place] + noise + data[place + len(noise) :])
    assert all("failed" not in r.reason for r in records if isinstance(r, Rejected))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/=\"'#& apbodyepub:typenoteref1", max_size=80))
def test_no_markup_raises(markup):
    records = read_all(epub({"a.xhtml": page(markup)}, contents=nav([("A", "a.xhtml#1")])))
    assert all("failed" not in r.reason for r in records if isinstance(r, Rejected))


def spine_naming(name, times, book):
    """The book with a spine that names one part over and over."""
    old, new = io.BytesIO(book), io.BytesIO()
    with zipfile.ZipFile(old) as before, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.namelist():
            text = before.read(entry).decode()
            if entry.endswith(".opf"):
                items = "".join(
                    f'<item id="n{k}" href="{name}" media-type="application/xhtml+xml"/>'
                    for k in range(times)
                )
                named = "".join(f'<itemref idref="n{k}"/>' for k in range(times))
                text = text.replace("<manifest>", f"<manifest>{items}")
                text = text.replace("<spine>", f"<spine>{named}")
            after.writestr(entry, text)
    return new.getvalue()


def test_a_part_that_the_spine_names_again_is_read_once():
    words = "<p>The lamp was lit at five and it went on, said the man.</p>" * 2_000
    data = spine_naming("a.xhtml", 9_000, epub({"a.xhtml": page(f"<h1>One</h1>{words}")}))
    assert read(data).body.count("The lamp was lit") == 2_000
    (chapter,) = read_all(data, split=True)
    assert chapter.body.count("The lamp was lit") == 2_000


def test_a_note_below_each_chapter_counts_each_time(monkeypatch):
    monkeypatch.setattr("store.importers.deadline.GUARDED", ())  # or it is read elsewhere
    monkeypatch.setattr("store.importers.epub.MAX_TEXT", 300_000)
    mark = '<p>The lamp was lit.<a epub:type="noteref" href="notes.xhtml#n">1</a></p>'
    parts = {f"{k}.xhtml": page(f"<h1>Part {k}</h1>{mark}") for k in range(20)}
    note = "It went on and on. " * 3_000
    parts["notes.xhtml"] = page(f'<aside epub:type="footnote" id="n"><p>{note}</p></aside>')
    contents = nav([(f"Part {k}", f"{k}.xhtml") for k in range(20)])
    assert "It went on" in read(epub(parts, contents=contents)).body
    *chapters, rejected = read_all(epub(parts, contents=contents), split=True)
    assert sum(len(chapter.body) for chapter in chapters) <= 300_000
    assert "the text of the book is larger than" in rejected.reason


def test_contents_of_thousands_of_places_in_one_file_are_followed():
    places = "".join(f'<p id="p{k}">Lamp {k}.</p>' for k in range(9_000))
    contents = nav([(f"Room {k}", f"a.xhtml#p{k}") for k in range(9_000)])
    body = read(epub({"a.xhtml": page(places)}, contents=contents)).body
    assert body.count("\n## Room ") == 8_999
    assert "\n## Room 8999\n\nLamp 8999." in body
