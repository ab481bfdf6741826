"""Which part of a page is the article, and what is said of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Article, Rejected, Source
from store.importers.html import read_html
from store.importers.html_authors import clean_author
from store.importers.html_density import cleaned, densest
from store.importers.html_ends import without_ends
from store.importers.html_fragment import parse

NAMES = ("customs house", "ice store", "net loft", "pilot office", "rope walk", "fish hall",
         "lamp room", "tide house", "salt shed", "weigh house")  # fmt: skip
PARAGRAPHS = [
    f"The {name} had stood on the quay since the war, and nobody could say who had the key, so "
    "every spring somebody climbed in through the roof to wind its clock."
    for name in NAMES
]
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def read(body, head="", name="page.html"):
    markup = f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
    (record,) = read_html(Source(name, markup.encode()))
    return record


def test_a_page_may_hold_what_its_tables_are_marked_with():
    mark = f"<p>zqkept{'1' * 5_000}qz</p><table><tr><td>1</td><td>2</td></tr></table>"
    assert PARAGRAPHS[0] in read(f"<article>{TEXT}{mark}<pre>code</pre></article>").body


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        # The site stands in the first heading, the article in the second.
        ("<title>The Quay » The customs house</title>",
         "<h1>The Quay</h1><h2>The customs house</h2>", "The customs house"),
        ("<title>The customs house - News</title>", "<h1>News</h1><h2>The customs house</h2>",
         "The customs house"),
        ("<title>Home</title>", "<h1>The customs house and its key</h1>",
         "The customs house and its key"),
        # A kicker or a date before the title is not a part of it.
        ('<meta property="og:title" content="Who had the key to the customs house?">',
         "<h1><span>Harbour</span> Who had the key to the customs house?</h1>",
         "Who had the key to the customs house?"),
        ("<title>Who had the key? | The Quay</title>", "<h1>27.01.2022 Who had the key?</h1>",
         "Who had the key?"),
        # A heading of the side column is none of the article.
        ("<title>The customs house</title>", '<div class="sidebar"><h1>Most read</h1></div>',
         "The customs house"),
        ('<meta property="og:title" content="The customs house | The Quay">'
         '<meta property="og:site_name" content="The Quay">', "", "The customs house"),
        # A word and a number are no date.
        ("<title>Top 10 keys of the quay | The Quay</title>", "<h1>Top 10 keys of the quay</h1>",
         "Top 10 keys of the quay"),
        ("<title>Who had the key?</title>", "<h1>Jun 17 Who had the key to it?</h1>",
         "Who had the key to it?"),
        # The kicker has an element of its own in the heading.
        ("<title>Harbour: Who had the key? | The Quay</title>",
         '<h1><span class="article__kicker">Harbour</span><span class="hidden">: </span>'
         "<span>Who had the key?</span></h1>", "Who had the key?"),
        ("<title>Who had the key?</title>",
         "<h1><style>.x{color:red}</style>Who had<br>the key?</h1>", "Who had the key?"),
        # A heading that leads to the front page is the site's.
        ("<title>The old customs house</title>",
         '<h1><a href="https://quay.example/">News of the old customs house</a></h1>'
         "<h2>The old customs house</h2>", "The old customs house"),
        # The only heading that is marked as the title beats what is meant for search engines.
        ('<meta property="og:title" content="Key and customs house: all you must know">',
         '<h1 class="entry-title">Who had the key?</h1>', "Who had the key?"),
        # A heading that says half of the title is a heading of the text.
        ("<title>What is a key for and what is it that makes it a good one? - The Quay</title>",
         '<h1 class="breadcrumb">What is a key for and what is it that makes it a good one?</h1>'
         '<h2 class="headline">What is a key for?</h2>',
         "What is a key for and what is it that makes it a good one?"),
        ("<title>海关大楼的钥匙在谁手里-码头新闻网</title>", "", "海关大楼的钥匙在谁手里"),
    ],
)  # fmt: skip
def test_the_title_is_what_a_reader_of_the_page_sees(head, body, title):
    assert read(f"{body}<article>{TEXT}</article>", head).title == title


@pytest.mark.parametrize(
    ("head", "byline", "author"),
    [
        ('<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", '
         '"author": [{"name": "Ruth Okonjo"}, {"name": "Tomas Brandvold"}]}</script>', "",
         "Ruth Okonjo, Tomas Brandvold"),
        ("", '<a rel="author" href="/a/7">View all posts by Ruth Okonjo</a>', "Ruth Okonjo"),
        ("", '<p class="byline">By <a href="/a/7">Ruth Okonjo</a>, Harbour Editor, 9 March</p>',
         "Ruth Okonjo"),
        ("", '<div class="entry-author-text">Von Ruth Okonjo am 9. März 2017</div>', "Ruth Okonjo"),
        ("", "<span>Text: Ruth Okonjo</span>", "Ruth Okonjo"),
        ('<meta name="author" content="Ruth Okonjo">', "", "Ruth Okonjo"),
        # A meta element that names the site gives way to the line on the page.
        ('<meta name="author" content="The Quay"><meta property="og:site_name" content="The Quay">',
         '<span class="author-name">Ruth Okonjo</span>', "Ruth Okonjo"),
        ('<meta name="author" content="admin">', "<span>By the numbers</span>", ""),
        ("", '<ol class="comments"><li class="comment-author">Tomas Brandvold</li></ol>', ""),
        # WordPress: the card's label; the name of an account; a desk, where nobody else is named.
        ('<meta name="twitter:label1" content="Written by">'
         '<meta name="twitter:data1" content="Ruth Okonjo">', "", "Ruth Okonjo"),
        ("", '<div class="hentry right-sidebar"><span class="author vcard">'
         '<a class="url fn n" href="/author/ruth7">ruth7</a></span></div>', "ruth7"),
        ("", '<div class="entry-meta">In News by ruth7 on March 9, 2017</div>', "ruth7"),
        ("", '<span class="author">Redaktion</span>', "Redaktion"),
        ("", '<span class="author">Redaktion</span><span class="byline">Ruth Okonjo</span>',
         "Ruth Okonjo"),
        # Academic: several elements, each with the last name first.
        ('<meta name="citation_author" content="Okonjo, Ruth">'
         '<meta name="citation_author" content="Brandvold, Tomas">', "",
         "Ruth Okonjo, Tomas Brandvold"),
        # What the link leads to tells that it is a name; where each has one, all are named.
        ("", '<div><a href="/newsteam/ruth-okonjo">Ruth Okonjo</a></div>', "Ruth Okonjo"),
        ("", '<p class="byline"><a rel="author" href="/1">Ruth Okonjo</a>, '
         '<a rel="author" href="/2">Tomas Brandvold</a></p>', "Ruth Okonjo, Tomas Brandvold"),
        ("", '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY</a>', ""),
        # A name that stands with nothing but the date; one with a role; microdata within.
        ("", "<small>09.03.2017 | 13:10 Uhr | Ruth Okonjo</small>", "Ruth Okonjo"),
        ("", "<div>Autorin: Ruth Okonjo, Leiterin des Archivs in Bergen.</div>", "Ruth Okonjo"),
        ("", '<div itemprop="author"><b itemprop="name">Ruth Okonjo</b> Writes about keys</div>',
         "Ruth Okonjo"),
        ("", '<p class="author">Ruth Okonjo im Gespräch mit Tomas Brandvold</p>',
         "Ruth Okonjo, Tomas Brandvold"),
        # The author of a blog may be its name; on any other page that name gives way.
        ('<meta property="og:site_name" content="The Quay">',
         '<a rel="author" href="/about">The Quay</a>', "The Quay"),
        ('<script type="application/ld+json">{"@type": "BlogPosting", "headline": "x", "publisher":'
         '{"name": "Ruth Okonjo"}, "author": {"@type": "Person", "givenName": "Ruth", '
         '"familyName": "Okonjo"}}</script>', "", "Ruth Okonjo"),
    ],
)  # fmt: skip
def test_the_author_is_found_wherever_the_page_names_one(head, byline, author):
    assert (
        read(f"<h1>The customs house</h1>{byline}<article>{TEXT}</article>", head).author == author
    )


def test_the_author_near_the_title_comes_before_those_of_other_articles():
    others = "".join(
        f'<li><a href="/opinion/{k}">{name}</a> <a href="/authors/{k}">Anna Lindqvist</a></li>'
        for k, name in enumerate(NAMES)
    )
    page = (
        f"<ul>{others}</ul><h1>The customs house</h1>"
        f'<div class="writer">Ruth Okonjo</div><article>{TEXT}</article>'
    )
    assert read(page, "<title>The customs house</title>").author == "Ruth Okonjo"


@pytest.mark.parametrize(
    ("text", "name"),
    [("Posted on March 9, 2017 by Ruth Okonjo", "Ruth Okonjo"), ("Alle Beiträge von Ruth Okonjo",
      "Ruth Okonjo"), ("Ruth Okonjo on March 9", "Ruth Okonjo"), ("Ruth Okonjo | 12:30",
      "Ruth Okonjo"), ("ruth@quay.example", ""), ("Redaktion", ""), ("Publiziert", ""),
     ("December", ""), ("AFP/The Quay", "AFP/The Quay"), ("Ruth Okonjo Fotos: Tomas Brandvold",
      "Ruth Okonjo"), ("Text, Interview: Ruth Okonjo", "Ruth Okonjo")],
)  # fmt: skip
def test_what_stands_around_a_name_is_taken_off(text, name):
    assert clean_author(text) == name


TITLE = "<h1>The customs house</h1>"
STATED = '<meta property="article:published_time" content="{}">'


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        # The metadata for it are believed, the most exact form of the day is taken.
        (STATED.format("2017-03-09T07:30:00+01:00") + '<meta name="date" content="2017-03-09">',
         '<time datetime="2021-01-01">1 January</time>', "2017-03-09T07:30:00+01:00"),
        (STATED.format("Di., 07.03.2017 - 14:45"), "", "2017-03-07T14:45:00"),
        # Universal time is another day than that which the page shows.
        (STATED.format("2017-03-10T02:25:00+00:00"),
         TITLE + '<p class="byline-date">March 9, 2017</p>', "2017-03-09"),
        (STATED.format("2017-03-10T02:25:00Z"),
         TITLE + '<time class="published" datetime="2017-03-09T21:25:00-05:00">9 March</time>',
         "2017-03-09T21:25:00-05:00"),
        (STATED.format("2017-03-10T02:25:00+00:00"),
         TITLE + '<p class="date">Updated March 12, 2017</p>', "2017-03-10T02:25:00+00:00"),
        # Of two that the metadata give it is the one that the page shows.
        (STATED.format("2017-03-09") + '<meta name="publish-date" content="2017-03-12">',
         TITLE + '<span class="date">12.03.2017</span>', "2017-03-12"),
        # A marked date near the title comes before a meta element that may be the page's.
        ('<meta name="date" content="2017-03-20">',
         TITLE + '<div class="news-date">9.3.2017</div>', "2017-03-09"),
        ('<meta name="date" content="2017-03-20">', TITLE, "2017-03-20"),
        # Dates of comments, events and side columns are none of the article.
        ("", '<div class="events"><time datetime="2017-04-01">soon</time></div>' + TITLE
         + '<span itemprop="datePublished">9 March 2017 - 18:50 Uhr</span>', "2017-03-09T18:50:00"),
        ("", TITLE + '<p>9 March 2017</p><ol class="comments"><li class="comment">'
         '<time datetime="2017-03-11">11 March</time></li></ol>', "2017-03-09"),
        # The address, where nothing is marked; no date can be in years to come.
        ('<link rel="canonical" href="https://quay.example/2017/03/09/key">', TITLE, "2017-03-09"),
        (STATED.format("2917-03-09"), TITLE + '<time>9 March 2017</time>', "2017-03-09"),
    ],
)  # fmt: skip
def test_the_date_is_that_of_publication(head, body, published):
    assert read(f"{body}<article>{TEXT}</article>", head).published == published


def test_a_body_that_the_first_extraction_cuts_short_is_found_whole():
    # What looks like the article is its beginning only.
    begin, rest = (
        "".join(f"<p>{text}</p>" for text in part) for part in (PARAGRAPHS[:2], PARAGRAPHS[2:])
    )
    page = (
        f'<nav><a href="/">Home</a></nav><div><article>{begin}</article>'
        f'<div class="continued">{rest}</div></div>'
    )
    body = read(page).body
    assert all(paragraph in body for paragraph in PARAGRAPHS)


def test_the_densest_part_is_the_article_without_what_is_around_it():
    teasers = "".join(f'<li><a href="/{k}">{text}</a></li>' for k, text in enumerate(PARAGRAPHS))
    root = parse(
        f'<html><body><ul>{teasers}</ul><div id="story">{TEXT}'
        f"<aside><p>{PARAGRAPHS[0]}</p></aside></div><footer>{PARAGRAPHS[0]}</footer></body></html>"
    )
    dense = densest(root)
    assert dense.element.get("id") == "story"
    assert dense.length == sum(map(len, PARAGRAPHS))
    assert cleaned(dense.element).find(".//aside") is None


def test_several_articles_on_a_page_are_not_taken_for_one():
    one = f"<article><h1>The customs house</h1>{TEXT[: len(TEXT) // 4]}</article>"
    more = "".join(
        f'<div class="teaser"><h2><a href="/{k}">Another</a></h2><p>{text}</p></div>'
        for k, text in enumerate(PARAGRAPHS)
    )
    assert "weigh house" not in read(one + more).body


def test_the_title_and_what_stands_above_it_go():
    text = f"Harbour news\n\n# The customs house\n\n{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}"
    assert without_ends(text, "The customs house") == f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}"


def test_lists_of_other_articles_below_the_text_go():
    text = "\n\n".join(PARAGRAPHS)
    for end in (
        "### Related articles\n\n- [The ice store is sold](https://a.example/1)\n"
        "- [The net loft leaks](https://a.example/2)",
        "**Read next**\n\n[The pilot office is closed for good](https://a.example/3)",
        "#### Newsletter\n\nSign up for our newsletter, by any tide.\n\nAll rights reserved",
    ):
        assert without_ends(f"{text}\n\n{end}", "x") == text


def test_a_post_that_the_article_quotes_stays():
    post = (
        '<div class="social-media-embed"><blockquote class="twitter-tweet"><p>The key is in the '
        'sea, says the harbour master of all people.</p><a href="https://t.example/1">9 March</a>'
        "</blockquote></div>"
    )
    half = len(PARAGRAPHS) // 2
    first, second = (
        "".join(f"<p>{text}</p>" for text in part)
        for part in (PARAGRAPHS[:half], PARAGRAPHS[half:])
    )
    assert "> The key is in the sea" in read(f"<article>{first}{post}{second}</article>").body


def test_what_is_shown_on_paper_only_goes():
    header = (
        '<div class="print-header"><img src="https://quay.example/logo.png" alt="print logo">'
        "<span>https://quay.example/news/key.html</span></div> "
    )
    body = read(f'<div class="article-content">{header}{TEXT}</div>').body
    assert body.startswith("The customs house")


def test_a_caption_that_is_shown_again_is_shown_once():
    caption = "The customs house in the spring of the year in which its key was found at last"
    picture = f"![{caption}](https://quay.example/1.jpg)"
    text = "\n\n".join([picture, caption, *PARAGRAPHS[:2], f"*{caption}*", *PARAGRAPHS[2:]])
    once = "\n\n".join([picture, caption, *PARAGRAPHS])
    assert without_ends(text, "x") == once
    refrain = "\n\n".join([*PARAGRAPHS, *PARAGRAPHS])
    assert without_ends(refrain, "x") == refrain


def test_lines_about_the_author_and_the_paper_below_the_text_go():
    text = "\n\n".join(PARAGRAPHS)
    for end in ("*Email Ruth Okonjo at ruth@quay.example or follow her on Mastodon.*",
                "Have a tip? Tomas Brandvold may be reached at tomas@quay.example.",
                "This copy is for your personal, non-commercial use only."):  # fmt: skip
        assert without_ends(f"{text}\n\n{end}", "x") == text


def test_links_that_interrupt_the_text_go_and_those_that_are_the_text_stay():
    teaser = "**READ MORE:** [The ice store has been sold for a song](https://a.example/1)"
    text = "\n\n".join(PARAGRAPHS)
    broken = "\n\n".join([*PARAGRAPHS[:5], teaser, *PARAGRAPHS[5:]])
    assert without_ends(broken, "x") == text
    links = "\n\n".join([PARAGRAPHS[0], teaser, PARAGRAPHS[1], teaser, PARAGRAPHS[2]])
    assert without_ends(links, "x") == links


def test_references_and_code_at_the_end_stay():
    for end in ("## References\n\n1. Okonjo, R.: The Key. Quay Press, 1999.", "```\ncode\n```",
                "[^1]: A note.", "| a | b |\n| --- | --- |\n| 1 | 2 |"):  # fmt: skip
        text = "\n\n".join([*PARAGRAPHS, end])
        assert without_ends(text, "x") == text


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<div>" * 100_000 + TEXT, "nested more than 500 deep"),
        (
            f"<p {' '.join(f'a{k}=1' for k in range(20_000))}>x</p>{TEXT}",
            "more than 1,000 attributes",
        ),
        (f"<p>{'word ' * 5_000_000}</p>", "longer than 20 MB"),
    ],
    ids=["depth", "attributes", "size"],
)
def test_hostile_pages_are_refused_with_the_reason(markup, reason):
    record = read(markup)
    assert isinstance(record, Rejected)
    assert reason in record.reason


def test_attributes_without_values_are_counted_and_text_behind_a_stray_quote_is_not():
    bare = f"<p {' '.join(f'a{k}' for k in range(20_000))}>x</p>{TEXT}"
    assert "attributes" in read(bare).reason
    code = "<script>for (k = 0; k <n.length; k++) {" + "a = b; " * 5_000 + "}</script>"
    assert isinstance(read(f'<img src="/a.png" height="6"">{code}{TEXT}'), Article)


def test_an_attribute_may_be_long():
    data = '{"a": "' + "x=y&" * 20_000 + '"}'
    assert isinstance(read(f"<div data-props='{data[:2000]}'></div>{TEXT}"), Article)


PIECES = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<div class='byline'>", "</div>", "<h1>", "</h1>", "By Ann Lee",
         "<pre>", "<article>", "<a href='#'>", "</a>", "<time datetime='x'>", " word " * 20, "|",
         "&", "<script type='application/ld+json'>{", "<meta property='og:title' content='",
         "'>", "<figure>", "\0"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(PIECES)
def test_no_page_makes_it_fail(markup):
    assert isinstance(read(markup), Article | Rejected)
