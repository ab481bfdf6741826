"""Links out of an article, and links of the library into it."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from store import Article, Fetcher, Library, export_articles
from store.identity import canonical_url
from store.importers import read_source
from store.importers.record import Source
from store.links import MOST, links_in
from store.sanitize import clean_url
from tests.fuzz.findings import nothing_logged, scratch


def urls(markdown, base=""):
    return [link.url for link in links_in(markdown, base)]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("See [the quay](https://quay.example/1).", [("https://quay.example/1", "the quay")]),
        ("[a](<https://x.example/a b> 'title')", [("https://x.example/a b", "a")]),
        ("[*a* `b`](https://x.example/(c)/d \"t\")", [("https://x.example/(c)/d", "a")]),
        ("[![alt](https://x.example/p)](https://x.example/y)", [("https://x.example/y", "alt")]),
        ("![alt](https://x.example/p.png)", []),
        ("<https://x.example/z> <mailto:a@x.example>",
         [("https://x.example/z",) * 2, ("mailto:a@x.example",) * 2]),
        ("[one][1] [two][] [2]\n\n[1]: https://x.example/1 't'\n[TWO]: <https://x.example/2>\n"
         "[2]: https://x.example/3",
         [("https://x.example/1", "one"), ("https://x.example/2", "two"),
          ("https://x.example/3", "2")]),
        ("[unused]: https://x.example/1", []),
        ('<a class="x" href="https://x.example/h">here</a>', [("https://x.example/h", "here")]),
        ("`[a](https://x.example/1)`\n\n```\n[b](https://x.example/2)\n```\n", []),
        (r"\[a](https://x.example/1) [a\]b](https://x.example/2)",
         [("https://x.example/2", "a]b")]),
        ("[note][^1] [up](#top)\n\n[^1]: https://x.example/1", []),
        ("[a](https://x.example/?a=1&amp;b=2)", [("https://x.example/?a=1&b=2", "a")]),
        ("[](https://x.example/1)", [("https://x.example/1", "https://x.example/1")]),
        ("[odd](http://[::1)", []),
        ("[a](/relative)", []),
    ],
)  # fmt: skip
def test_links_are_found_as_they_are_written(markdown, expected):
    assert [tuple(link) for link in links_in(markdown)] == expected


def test_a_reference_of_thousands_of_digits_in_an_address_stands_for_no_character():
    assert urls(f"[a]\n\n[a]: https://x.example/&#{'1' * 5_000};") == ["https://x.example/\ufffd"]


def test_relative_links_belong_to_the_article_and_each_address_counts_once():
    text = "[a](/x) [b](../y?utm_source=feed) [c](https://quay.example/x/)"
    assert urls(text, "https://quay.example/1/2") == [
        "https://quay.example/x",
        "https://quay.example/y?utm_source=feed",
    ]


def test_terminal_sequences_do_not_get_through_a_link():
    (link,) = links_in("[a\x1b[2Jb](https://x.example/&#27;[2J)")
    assert "\x1b" not in link.url + link.text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(
    ["[", "]", "(", ")", "![", "](", "https://x.example/1", "<", ">", "`", "\\", " ", "\n", "a",
     "[b](https://x.example/2)", "[r]", "[r]: https://x.example/3\n", "<https://x.example/4>"]
), max_size=14).map("".join))  # fmt: skip
def test_what_is_found_is_written_there(markdown):
    for link in links_in(markdown):
        assert link.url.startswith("https://x.example/")
        assert link.text


WORDS = st.sampled_from(["quay", "*tide*", "`code`", "![p](https://x.example/p.png)", "a \\] b"])
LINK = st.tuples(WORDS, st.integers(0, 9)).map(lambda p: f"[{p[0]}](https://x.example/{p[1]})")
PIECE = st.one_of(
    LINK, WORDS, st.just("<https://x.example/auto>"), st.just("\n\n> "), st.just("- ")
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECE, max_size=10).map(" ".join))
def test_the_links_are_those_of_commonmark(markdown):
    expected: dict[str, None] = {}
    for token in MarkdownIt("commonmark").parse(markdown):
        for child in token.children or ():
            if child.type == "link_open":
                expected.setdefault(canonical_url(str(child.attrs["href"])))
    assert [canonical_url(url) for url in urls(markdown)] == list(expected)


@pytest.mark.parametrize(
    "text",
    ["[" * 200_000, "](" * 100_000, "[](" * 100_000, "[a](b" * 50_000, "<a href=" * 50_000,
     "`" * 100_001, "[a](" + "(" * 200_000, "[x]: " * 50_000, "\\" * 200_001, "```\n" * 50_000],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
def test_hostile_text_does_not_hang(text):
    assert len(links_in(text)) <= 1  # a scan that goes back and forth would take minutes


def test_at_most_so_many_links_are_looked_at():
    assert len(urls(" ".join(f"[a](https://x.example/{n})" for n in range(MOST + 9)))) == MOST


# ------------------------------------------------------------------------------- in a library


@pytest.fixture
def library(path, open_library):
    library = open_library(path)
    library.add(
        [
            Article(title="Hub", body="x", url="https://hub.example/a?ref=x", published="2020"),
            Article(
                title="First",
                body="[hub](http://www.hub.example/a/) [away](https://away.example/)",
                url="https://one.example/", published="2021",
            ),
            Article(
                title="Second", body="See [it][1] and [First](https://one.example).\n\n"
                "[1]: https://hub.example/a#part", url="https://two.example/", published="2022",
            ),
            Article(title="Third", body="`[hub](https://hub.example/a)` https://hub.example/a"),
            Article(title="Self", body="[me](https://self.example)", url="https://self.example"),
        ]
    )  # fmt: skip
    library.wait_until_searchable()
    return library


def into(library, id):
    return [row.title for row in library.links(library.get(id)).into]


def test_links_out_tell_what_is_in_the_library(library):
    links = library.links(library.get(2))
    assert [(link.text, link.id) for link in links.out] == [("hub", 1), ("away", None)]


def test_links_in_are_found_whatever_form_the_address_has(library):
    assert into(library, 1) == ["Second", "First"]
    assert into(library, 2) == ["Second"]
    assert into(library, 4) == []


def test_a_link_to_itself_is_no_link_in(library):
    assert into(library, 5) == []


def test_links_in_follow_edits_purges_and_the_trash(library):
    library.mark([2], trashed=True)
    library.flush()
    assert into(library, 1) == ["Second"]
    library.mark([2], trashed=False)
    library.purge([3])
    library.wait_until_searchable()
    assert into(library, 1) == ["First"]
    library.add([Article(title="Late", body="[h](https://hub.example/a)", published="2023")])
    library.wait_until_searchable()
    assert into(library, 1) == ["Late", "First"]


# ------------------------------------------------------------------------------- any address

#: What no parser of addresses takes, and what it takes in another way than a person would.
ODD = (
    "http://[", "https://[::1", "http://a]b/", "https://\u2100.example/", "http://a.example:99999/",
    "http://a.example:x/", "http://[::1]:/", "//[", "www.a.example:x", "https:///x",
    "http://n:p@[/x", "http://[\u200b::1]/", "HTTP://a.example/", "http://a.example:\u0663/",
)  # fmt: skip

ADDRESSES = st.one_of(
    st.sampled_from(ODD),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(
            ["http://", "https://", "//", "http:", "ftp://", "mailto:", "www.a.example"]
        ),
        st.text("ab.:@[]/?#%0\u2100\u200b\u3002", max_size=12),
        st.sampled_from(["", "/x", ":80", ":65536", "]", "/a]b", "#[", "?x=http://["]),
    ),
)


@given(ADDRESSES)
def test_an_address_that_passes_the_door_can_be_taken_apart(url):
    clean = clean_url(url)
    parts = urlsplit(clean)
    assert (parts.hostname, parts.port) is not None
    assert clean_url(clean) == clean


def files_with(url):
    """A file of each kind that has an article at that address."""
    link, row = quoteattr(url), io.StringIO()
    csv.writer(row).writerows([["title", "url", "text"], ["One", url, "It is here."]])
    own = {"broadsheet": 1, "made": "", "articles": [{"title": "One", "url": url, "image": url}]}
    yield "a.csv", row.getvalue()
    yield "a.json", json.dumps([{"title": "One", "url": url, "text": "It is here.", "image": url}])
    yield "own.json", json.dumps(own)
    yield "a.md", f"---\ntitle: One\nurl: {json.dumps(url)}\n---\n[it]({url}) <{url}>"
    yield (
        "a.html",
        (
            f"<!doctype html><!-- saved from url=(0014){url} --><html><head><title>One</title>"
            f"<link rel=canonical href={link}><base href={link}></head>"
            f"<body><article><h1>One</h1><p>It is <a href={link}>here</a>.<img src={link}></p>"
        ),
    )
    yield (
        "b.html",
        (f"<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p><DT><A HREF={link} TAGS='a'>One</A></DL>"),
    )
    yield (
        "a.xml",
        (
            f"<rss version='2.0'><channel><link>{link[1:-1]}</link><item><title>One</title>"
            f"<link>{link[1:-1]}</link><enclosure url={link} type='audio/mpeg' length='1'/>"
            f"<description>&lt;a href={link[1:-1]}&gt;It is here.</description></item>"
            "</channel></rss>"
        ),
    )


def nowhere(host, port):
    raise OSError(f"{host} is not known")


@settings(max_examples=25)
@example("http://[")
@example("http://a.example:99999/")
@example("http://。")
@given(ADDRESSES)
def test_no_address_hinders_an_import_a_fetch_or_the_opening(url):
    with (
        tempfile.TemporaryDirectory(dir=scratch()) as name,
        nothing_logged(),
        Library(Path(name) / "library.json", cache_dir=Path(name) / "cache") as library,
    ):
        place = Path(name)
        library.web.fetcher = Fetcher(resolver=nowhere, proxies={})
        (place / "library.json").write_text(json.dumps({"articles": {
            "1": {"title": "Stock", "url": url}, "2": {"title": "Other", "url": "https://a.example/"},
        }}))  # fmt: skip
        library.refresh()
        for name, text in files_with(url):
            records = list(read_source(Source(name, text.encode("utf-8", "surrogatepass"))))
            assert not [r for r in records if "failed" in getattr(r, "reason", "")], records
            library.add(records)
        library.wait_until_searchable()
        ids = [row.id for row in library.newest(50)]
        tried = {}
        library.web.retry(ids, on_article=tried.__setitem__)
        assert tried.keys() == set(ids) and all(tried.values())
        assert "failed" not in "".join(tried.values())
        assert library.web.fetch(url).error
        for id in ids:
            library.links(library.get(id))
        for format in ("json", "html", "bookmarks", "markdown"):
            target = place / f"out-{format}"
            export_articles(library, str(target), format=format)
