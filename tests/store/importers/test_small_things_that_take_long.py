"""Texts of some kilobytes that would take minutes if what reads them took time by their square.

Each is taken into a library and indexed, and may take a few seconds of the processor; most take a
tenth of one.
"""

from __future__ import annotations

import json
import time

import pytest
from epub_maker import epub

from store import Library
from store.importers import read_sources

PROSE = "The lamp was lit at five, and nobody could say by whom. " * 20
MAIL = "From: a@a.example\nSubject: S\nMIME-Version: 1.0\nContent-Type: text/{}\n\n{}"
RSS = '<rss version="2.0"{}><channel>{}<item><title>T</title></item></channel></rss>'


def chapter(markup: str) -> bytes:
    return epub({"c.xhtml": markup})


#: Name of the file, and what is in it.
THINGS = {
    "escaped brackets": ("a.md", "# T\n\n[a](b) " + "\\[" * 60_000),
    "escaped brackets before a reference": ("a.md", "# T\n\n[a][b] " + "\\[" * 60_000),
    "brackets of a page": (
        "a.html", f"<article><p>{PROSE}<a href='http://b.example/'>b</a> {'[' * 40_000}</article>"
    ),
    "a heading of blanks": ("a.md", "# T" + " " * 5_000 + "x\n\ntext"),
    "links without end": ("a", "[a](" * 5_000),
    "blanks of front matter": ("a.md", f"---\na: b{' ' * 60_000}\\\n---\n\nText."),
    "times of a mailbox": (
        "a.mbox", f"From a@b\nSubject: S\n\n{PROSE}" + f"\n\nFrom x{'11:11 ' * 10_000}" * 5
    ),
    "document types": ("a.epub", chapter(f"<p>{PROSE}</p>" + "<!DOCTYPE" * 50_000)),
    "scripts of a chapter": ("a.epub", chapter(PROSE + "<i>" * 1_100 + "<script>" * 50_000)),
    "a name without end": (
        "a.rss", RSS.format(' xml:base="http://a.example/"', "<" + "a" * 200_000)
    ),
    "a declaration without end": (
        "a.rss",
        ("<?xml" * 50_000 + RSS.format("", "")).encode("utf-16"),
    ),
    "links of a tag": ("a.md", "# T\n\n[a](http://b.example/) <a href=" + "href=" * 20_000),
    "parts of a tag": ("a.json", json.dumps([{"title": "T", "text": "</a a=" + ";" * 19_000}])),
    "slashes of a tag": ("a.eml", MAIL.format("html", f"<p>{PROSE}<br " + "/" * 50_000 + ">")),
    "hidden words": (
        "a.eml",
        MAIL.format("html", f"<p>{PROSE}" + ("<i style='display:none'></i>" + "x" * 60) * 20_000),
    ),
    "encoded words without end": (
        "a.mbox", f"From a@b\nSubject: {'=?a?q?b ' * 2_500}\nFrom: a@a.example\n\n{PROSE}\n\n" * 40
    ),
    "numbers between blanks": ("a.txt", f"{PROSE}\n\n" + f"7{' ' * 78}x\n\n" * 6_000),
    "addresses without blanks": ("a.txt", PROSE + "@a" * 60_000 + f" x\n\nThe end\n\n{PROSE}"),
    "blanks of a row": ("a.txt", f"{PROSE}\n\n" + "a\tb\n" * 5 + "a" + " " * 60_000 + "\tb\na b\n"),
    "blanks of a rule": ("a.txt", f"{PROSE}\n\n|a|\n|--" + " " * 60_000 + "x\n"),
    "columns without end": ("a.txt", f"{PROSE}\n\n" + ("abc d   " * 6_000 + "\n") * 7),
    "a word before the end of a page": (
        "a.txt", f"{PROSE[:55]},\n\n" * 3 + "a" * 60_000 + f" the\n\n{PROSE.lower()}\n\n\f"
    ),
    "rules below digits": ("a.txt", "".join(map(str, range(12_000))) + "---\n" * 16_000),
    "blanks before a name": (
        "a.rss",
        RSS.format(
            "",
            f"<item><title>A</title><author>a@b.example ({chr(160) * 950}x</author></item>" * 3,
        ),
    ),
    "blanks of an article": (
        "a.json",
        json.dumps([{"title": "T", "url": "http://a.example/", "is_archived": 0, "is_starred": 0,
                     "content": " " * 60_000 + "x"}]),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data"), THINGS.values(), ids=list(THINGS))
def test_a_small_thing_takes_no_long_time(tmp_path, name, data):
    file = tmp_path / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        start = time.process_time()
        report = library.add(read_sources([str(file)], workers=0))
        library.wait_until_searchable()
        assert time.process_time() - start < 3
        assert report.added
        assert not report.rejected
