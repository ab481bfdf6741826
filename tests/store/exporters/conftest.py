"""A library with something of everything, and a way to export it."""

from __future__ import annotations

import io

import pytest

from store import Article, Bookmark, Highlight, export_articles
from store.importers.record import FeedLink

ARTICLES = [
    Article(
        title="The lamplighters of Harbour Street",
        body="At dusk they came, *ladder* on shoulder.[^1]\n\n## The last lamp\n\n- one\n- two\n\n"
        "> Said so\n\n```py\nprint('<b>')\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "![A lamp](/lamp.jpg) and a [map](map.html \"big\").\n\n[^1]: In winter at four.",
        author="Ada Reyes",
        site="Ledger",
        url="https://ledger.example/lamps",
        published="2019-03-09",
        saved="2020-01-02T03:04:05+00:00",
        tags=("history", "cities"),
        lang="en-GB",
        summary="On lamps.",
        extra={"score": 4.5, "deep": {"list": [1, None, True, "x"]}},
    ),
    Article(title="长城上的灯", body="夜里有一盏灯。" * 30, published="2018", lang="zh"),
    Article(title="Only a link", url="https://span.example/none", summary="What it is about."),
    Article(
        title="<script>alert(1)</script> & [b]",
        body="<script>alert(2)</script>\n\n<img src=x onerror=alert(3)>\n\n"
        "[x](javascript:alert(4)) [y](data:text/html,hi) [z](relative.html) <http://[>\n\n"
        "[![in](https://a.example/i.png)](https://a.example/)",
        author='"><script>',
        tags=("a&b", "<i>"),
    ),
]  # fmt: skip


@pytest.fixture
def library(open_library, path):
    library = open_library(path)
    library.add(ARTICLES)
    library.mark([1], read=True, starred=True)
    library.mark([2], archived=True)
    library.mark([3], trashed=True)
    library.tag([1], add=["evening"], remove=["cities"])
    library.remember(2, position=7, anchor="有一盏灯", progress=0.25)
    library.highlight(Highlight(1, quote="ladder on shoulder", note="see *Reyes*", colour="green"))
    library.highlight(Highlight(2, note="一个注"))
    library.save_view("Evenings", "tag:evening")
    library.feeds.add_links(
        [FeedLink("https://ledger.example/feed.xml", "Ledger", tags=("news",), interval=60)]
    )
    for letter, article in (("a", 1), ("a", 2), ("B", 4)):
        library.bookmarks.set(Bookmark(letter, article, 7, "ladder"))
    library.flush()
    return library


@pytest.fixture
def exported(library):
    """Exports to memory: the report, and the bytes."""

    def export(format, query="", **options):
        out = io.BytesIO()
        report = export_articles(library, "-", format=format, query=query, out=out, **options)
        return report, out.getvalue()

    return export
