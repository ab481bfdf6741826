"""HTML pages, saved ones among them."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from store import Article, Rejected, Source
from store.importers.html import read_html

SAMPLE = Path(__file__).parents[3] / "sample_data" / "saved-page.html"

TEXT = "".join(
    f"<p>The {name} had stood on the quay since the war, and nobody could say who had the key, "
    "so every spring somebody climbed in through the roof to wind its clock.</p>"
    for name in ("customs house", "ice store", "net loft", "pilot office")
)


def page(head="", body=TEXT, *, lang="en"):
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head>'
        f"<body><article>{body}</article></body></html>"
    )


def read(markup, name="page.html"):
    data = markup if isinstance(markup, bytes) else markup.encode()
    (record,) = read_html(Source(name, data))
    return record


@pytest.fixture(scope="module")
def sample():
    return read(SAMPLE.read_bytes())


def test_a_saved_page_gives_its_metadata(sample):
    assert sample.title == "The room where paper talks"
    assert sample.author == "Imogen Tarrant"
    assert sample.site == "The Long Wire"
    assert sample.published == "2023-11-04T07:30:00+00:00"
    assert sample.lang == "en-GB"
    assert sample.image == "https://thelongwire.example/media/2023/line-room.jpg"
    assert sample.url == "https://thelongwire.example/features/2023/the-room-where-paper-talks/"
    assert sample.summary.startswith("In a former rope works")
    assert (sample.type, sample.words > 500) == ("html", True)


def test_the_article_stands_without_the_page_around_it(sample):
    assert sample.body.startswith("You hear the Harwick Teleprinter Rooms")
    assert sample.body.endswith("when we stop feeding it.”")
    for noise in ("214 partners", "Lease a van", "Advertisement", "Most read", "Read next",
                  "All rights reserved", "Subscribe", "First!", "Share", "dataLayer"):  # fmt: skip
        assert noise not in sample.body


def test_the_article_keeps_its_structure(sample):
    blocks = sample.body.split("\n\n")
    assert "### Five answers to a letter" in blocks
    assert "*The line room at eleven in the morning, when the forecast arrives.*" in blocks
    assert any(block.startswith("> Not the speed.") for block in blocks)
    assert (
        "| Sent as letters | Printed as figures | What it was |\n| --- | --- | --- |" in sample.body
    )
    assert (
        "3. If it smells of:\n   - warm oil, carry on;\n   - hot dust, fetch Odile;" in sample.body
    )
    assert "`GA OM AND MIND THE STEP`" in sample.body
    assert "(https://thelongwire.example/news/2023/harwick-lease/)" in sample.body
    assert "\n\n\n" not in sample.body


def test_a_picture_saved_beside_the_page_has_its_address_on_the_web_or_none(sample):
    assert "](https://thelongwire.example/media/2023/line-room.jpg)" in sample.body
    other = SAMPLE.read_text().replace("talks_files/line-room", "talks_files/other")
    assert "_files" not in read(other).body


@pytest.mark.parametrize(
    ("head", "heading"),
    [
        ('<meta property="og:title" content="The clock upstairs"><title>Quay</title>', "News"),
        ("<title>The clock upstairs | The Quay Post</title>", "The Quay Post"),
        ("<title>The clock upstairs - Quay Post</title>", "Home"),
        ("<title>The Quay Post — The clock upstairs</title>"
         '<meta property="og:site_name" content="The Quay Post">', "the QUAY post"),
        ('<title>Blog</title><script type="application/ld+json">{"@type": "BlogPosting", '
         '"headline": "The clock upstairs"}</script>', "Blog"),
        ('<meta property="og:title" content="The clock upstairs · Quay Post">'
         '<meta property="og:site_name" content="Quay Post">', "Article"),
    ],
)  # fmt: skip
def test_a_heading_that_names_no_article_is_not_the_title(head, heading):
    article = read(page(head, f"<h1>{heading}</h1>{TEXT}"))
    assert article.title == "The clock upstairs"
    assert article.body.startswith("The customs house")


def test_a_dash_in_a_title_is_no_separator():
    head = "<title>Oil - and what it cost the harbour of Harwick</title>"
    assert read(page(head)).title == "Oil - and what it cost the harbour of Harwick"


def test_the_title_is_not_said_again_in_the_body():
    article = read(page("<title>Quay</title>", f"<h1>A Key, Lost</h1>{TEXT}<h2>After</h2>{TEXT}"))
    assert article.title == "A Key, Lost"
    assert "A Key" not in article.body
    assert "## After" in article.body


@pytest.mark.parametrize(
    ("head", "body", "author"),
    [
        ('<meta name="author" content="By Ada Reyes">', "", "Ada Reyes"),
        ("", '<p>by <a rel="author" href="/ada">Ada Reyes</a></p>', "Ada Reyes"),
        ("", '<div class="byline">By Ada Reyes and Bo Lind | 4 March 2019</div>',
         "Ada Reyes, Bo Lind"),
        ('<script type="application/ld+json">{"@graph": [{"@type": "Person", "@id": "#p", "name": '
         '"Ada Reyes"}, {"@type": ["NewsArticle"], "author": {"@id": "#p"}}]}</script>', "",
         "Ada Reyes"),
        ('<meta name="author" content="admin">', '<p class="byline">Von Ada Reyes</p>',
         "Ada Reyes"),
        ('<meta property="article:author" content="https://social.example/ada">', "", ""),
    ],
)  # fmt: skip
def test_the_author_is_found_where_pages_name_one(head, body, author):
    assert read(page(head, body + TEXT)).author == author


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://quay.example/key">', "https://quay.example/key"),
        ('<meta property="og:url" content="https://quay.example/key">', "https://quay.example/key"),
        ("<!-- saved from url=(0024)https://quay.example/key -->", "https://quay.example/key"),
        ("<!--\n Page saved with SingleFile \n url: https://quay.example/key \n saved date: x -->",
         "https://quay.example/key"),
        ('<!-- saved from url=(0024)https://quay.example/key --><link rel="canonical" href="/">',
         "https://quay.example/key"),
        ('<link rel="canonical" href="javascript:0">', ""),
    ],
)  # fmt: skip
def test_the_address_is_found(head, url):
    assert read(page(head)).url == url


def test_links_and_pictures_are_resolved_against_the_address():
    head = '<link rel="canonical" href="https://quay.example/2019/key">'
    body = f'{TEXT}<p>See <a href="clock">the clock</a> and <img src="/i.png" alt="it">.</p>'
    article = read(page(head, body))
    assert "[the clock](https://quay.example/2019/clock)" in article.body
    assert "![it](https://quay.example/i.png)" in article.body


def test_code_captions_and_rules_come_through():
    body = (
        f'{TEXT}<pre><code class="language-python">def wind():\n    return "12"</code></pre>{TEXT}'
        "<hr><figure><img src='https://e.org/i.png' alt='The tower'>"
        f"<figcaption>At noon.</figcaption></figure><p>He said <q>no</q> and left it.</p>{TEXT}"
    )
    text = read(page(body=body)).body
    assert '\n\n```python\ndef wind():\n    return "12"\n```\n\n' in text
    assert "\n\n___\n\n![The tower](https://e.org/i.png)\n\n*At noon.*\n\n" in text
    assert "\n\nHe said “no” and left it.\n\n" in text
    assert "zqkept" not in text


def test_text_that_looks_like_markdown_is_escaped():
    assert "1\\*2\\*3 \\<b> \\_x\\_" in read(page(body=f"{TEXT}<p>1*2*3 &lt;b&gt; _x_</p>")).body


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.replace("utf-8", "iso-8859-1").encode("cp1252"),
        lambda text: text.replace('<meta charset="utf-8">', "").encode("cp1252"),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xef\xbb\xbf" + text.replace("utf-8", "latin1").encode(),
    ],
)
def test_the_encoding_is_declared_marked_or_detected(encode):
    body = TEXT + "<p>Søren’s café “à l’ancre” had naïve prices – €5 for soup.</p>"
    assert "Søren’s café “à l’ancre” had naïve prices – €5" in read(encode(page(body=body))).body


def test_a_web_archive_is_read_for_its_page():
    archive = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://quay.example/key\r\n"
        "Subject: Key\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--b--"\r\n\r\n'
        "----b--\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + page("<title>Key</title>", TEXT + "<p>Caf=C3=A9</p>").replace('="', '=3D"')
        + "\r\n----b----\r\n"
    )
    article = read(archive.encode())
    assert (article.title, article.url) == ("Key", "https://quay.example/key")
    assert article.body.endswith("Café")


def test_pictures_embedded_in_a_page_cost_nothing():
    embedded = f'<img alt="x" src="data:image/png;base64,{"A" * 25_000_000}">'
    assert read(page(body=TEXT + embedded)).body.startswith("The customs house")


def test_a_page_without_text_is_a_stub_when_it_can_be_filled_later():
    head = '<title>The clock</title><link rel="canonical" href="https://quay.example/clock">'
    empty = read(page(head, "<noscript>Please enable JavaScript to run this app.</noscript>"))
    assert isinstance(empty, Article)
    assert (empty.is_stub, empty.title, empty.url) == (
        True,
        "The clock",
        "https://quay.example/clock",
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (page("<title>x</title>", "").encode(), "there is no article text on the page"),
        (page(body="<div>" * 600 + TEXT).encode(), "its elements are nested more than 500 deep"),
        (page(body="x" * 20_000_001).encode(), "the page is longer than 20 MB"),
        (b"<!-- -->", "there is no HTML in it"),
    ],
    ids=["empty", "deep", "long", "nothing"],
)
def test_what_cannot_be_read_is_rejected_with_the_reason(data, reason):
    assert read(data) == Rejected("page.html", reason)


@pytest.mark.parametrize("tag", ["ul><li", "b", "blockquote", "table><tr><td", "span", "a href=x"])
def test_deep_nesting_within_the_limit_is_read(tag):
    depth = 480 // (tag.count("<") + 1)
    article = read(page(body=TEXT + f"<{tag}>" * depth + "the deep end"))
    assert "The customs house" in article.body


def test_a_page_as_long_as_a_book_is_read_from_its_main_part():
    markup = page("<title>Tides</title>", "<h1>Tides</h1>" + "<p>High <i>water</i>.</p>" * 26_000)
    article = read(markup.replace("<article>", "<nav>Shop</nav><div>Ad</div><article>"))
    assert article.title == "Tides"
    assert article.body.startswith("High *water*.\n\nHigh")
    assert article.words == 52_000


def test_a_cell_as_wide_as_a_street_does_no_harm():
    rows = '<tr><td colspan="9999" rowspan="9999">a</td><td>b</td></tr>' * 300
    assert "| a | b |" in read(page(body=f"{TEXT}<table>{rows}</table>{TEXT}")).body


def test_broken_metadata_does_no_harm():
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": 5, "author": '
        '[null, 3, {"name": ["Ada"]}], "image": [], "publisher": "P", "datePublished": {}}</script>'
        '<script type="application/ld+json">{broken</script>'
        '<script type="application/ld+json">' + "[" * 5000 + "</script>"
        '<link rel="canonical" href="http://[broken"><base href="http://[">'
        '<meta property="og:image" content="//[">'
    )
    article = read(page(head, TEXT + '<a href="http://[x">bad</a>'))
    assert article.body.startswith("The customs house")
    assert article.url == ""


def test_reading_is_quiet(capfd, caplog):
    with caplog.at_level(logging.DEBUG, logger="store"):
        read(page("<title>x</title>", ""))
    assert capfd.readouterr() == ("", "")
    assert not [record for record in caplog.records if record.name.startswith("trafilatura")]
