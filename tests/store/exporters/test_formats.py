"""What each format makes of a library."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest

from store import EXPORT_FORMATS, Article, export_articles, export_format_of
from store.exporters.text import wrapped

XHTML = "{http://www.w3.org/1999/xhtml}"


def test_json_holds_all_there_is_in_one_document(exported):
    report, data = exported("json")
    document = json.loads(data)
    assert document["broadsheet"] == 1
    first, second, third, _ = document["articles"]
    assert first["tags"] == ["history", "cities"]
    assert first["state"]["tags"] == ["history", "evening"]
    assert first["extra"] == {"score": 4.5, "deep": {"list": [1, None, True, "x"]}}
    assert first["highlights"][0]["quote"] == "ladder on shoulder"
    assert second["state"]["anchor"] == "有一盏灯"
    assert third["state"] == {"trashed": True}
    assert document["views"] == [{"name": "Evenings", "query": "tag:evening"}]
    assert (report.articles, report.highlights) == (4, 2)


def test_json_of_a_query_holds_its_articles_and_nothing_of_the_library(exported):
    _, data = exported("json", "is:archived")
    document = json.loads(data)
    assert [article["id"] for article in document["articles"]] == [2]
    assert "views" not in document


def test_an_article_of_json_is_one_line(exported):
    _, data = exported("json")
    articles = data.split(b"\n]")[0].splitlines()[1:]
    assert [json.loads(line.rstrip(b","))["id"] for line in articles] == [1, 2, 3, 4]


def test_html_shows_markup_and_runs_none(exported):
    _, data = exported("html")
    page = data.decode()
    assert "<script" not in page.casefold()
    assert "&lt;script&gt;alert(2)" in page
    assert "onerror" not in re.sub(r"&lt;.*?&gt;", "", page)
    assert not re.search(r'(?:href|src)="(?!https://|#)', page)
    assert not re.search(r"<(?:img|link|iframe|object)\b", page)
    assert "default-src 'none'" in page
    for wanted in (
        "<h3>The last lamp</h3>", "<em>ladder</em>", "<table>", "<blockquote>",
        "#history #evening", "see *Reyes*", 'href="https://ledger.example/map.html"',
    ):  # fmt: skip
        assert wanted in page


def test_html_keeps_the_footnotes_of_articles_apart(exported):
    _, data = exported("html", "id:1")
    page = data.decode()
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="#([^"]+)"', page):
        assert target in ids


def test_text_has_no_markup_and_no_line_too_wide(exported):
    _, data = exported("text")
    text = data.decode()
    assert "At dusk they came, ladder on shoulder.[1]" in text
    assert "[1] In winter at four." in text
    assert "- one\n- two" in text
    assert "    print('<b>')" in text
    assert "The last lamp\n-------------" in text
    assert "a  b\n-  -\n1  2" in text
    assert "> Said so" in text
    for line in text.splitlines():
        assert len(line) <= 72


def test_lines_of_text_are_cut_between_wide_characters_and_lose_none():
    lines = wrapped("灯" * 100 + " end", 72)
    assert "".join(lines).replace(" ", "") == "灯" * 100 + "end"
    assert max(map(len, lines)) <= 36 + 4
    assert wrapped("a " + "b" * 90 + " c", 72) == ["a", "b" * 90, "c"]


@pytest.mark.parametrize("format", ["html", "text", "wallabag"])
def test_what_is_nested_too_deeply_to_be_parsed_is_shown_as_it_is_written(
    exported, library, format
):
    body = "before\n\n" + "> " * 200 + "inmost\n\n" + "- " * 200 + "last\n\n" + "[" * 5000 + "end"
    library.add([Article(title="Deep", body=body, url="https://deep.example/")])
    _, data = exported(format, "id:5")
    for word in ("before", "inmost", "last", "end"):
        assert word in data.decode()


def test_an_epub_is_laid_out_as_readers_want_it(exported):
    report, data = exported("epub")
    assert data[30:58] == b"mimetypeapplication/epub+zip"
    book = zipfile.ZipFile(io.BytesIO(data))
    assert book.testzip() is None
    first = book.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", 0, b"")
    pages = {
        name: ElementTree.fromstring(book.read(name))
        for name in book.namelist()
        if name.endswith((".xhtml", ".opf", ".ncx", ".xml"))
    }
    package = pages["book/package.opf"]
    ns = {"o": "http://www.idpf.org/2007/opf"}
    items = {i.get("id"): i.get("href") for i in package.iterfind(".//o:item", ns)}
    assert {f"book/{href}" for href in items.values()} | {
        "mimetype", "META-INF/container.xml", "book/package.opf"
    } == set(book.namelist())  # fmt: skip
    spine = [items[ref.get("idref")] for ref in package.iterfind(".//o:itemref", ns)]
    links = [a.get("href") for a in pages["book/nav.xhtml"].iter(f"{XHTML}a")]
    assert spine == links
    assert len(spine) == report.articles == 3
    for name, page in pages.items():
        ids = [e.get("id") for e in page.iter() if e.get("id")]
        assert len(ids) == len(set(ids)), name
        for element in page.iter(f"{XHTML}a"):
            href = element.get("href")
            assert href is None or href in links or href[1:] in ids or href.startswith("https://")


def test_the_same_articles_give_the_same_book(exported):
    one, two = (zipfile.ZipFile(io.BytesIO(exported("epub", "id:1")[1])) for _ in range(2))
    assert one.namelist() == two.namelist()
    assert one.read("book/a1.xhtml") == two.read("book/a1.xhtml")


def test_bookmarks_carry_date_tags_and_summary(exported):
    report, data = exported("bookmarks")
    page = data.decode()
    assert page.startswith("<!DOCTYPE NETSCAPE-Bookmark-file-1>")
    assert (
        '<DT><A HREF="https://ledger.example/lamps" ADD_DATE="1577934245" '
        'TAGS="history,evening">The lamplighters of Harbour Street</A>\n    <DD>On lamps.' in page
    )
    assert report.left_out == {"no link": 2}


def test_wallabag_takes_html_flags_and_annotations(exported):
    _, data = exported("wallabag", "id:1")
    (entry,) = json.loads(data)
    assert (entry["is_archived"], entry["is_starred"]) == (1, 1)
    assert entry["url"] == "https://ledger.example/lamps"
    assert "<em>ladder</em>" in entry["content"]
    assert entry["published_at"] == "2019-03-09T00:00:00+0000"
    assert entry["annotations"][0]["quote"] == "ladder on shoulder"
    assert entry["tags"] == ["history", "evening"]


def test_readwise_has_a_row_a_highlight(exported):
    report, data = exported("readwise")
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    assert [row["Highlight"] for row in rows] == ["ladder on shoulder", "一个注"]
    assert rows[0]["Note"] == "see *Reyes*"
    assert rows[0]["URL"] == "https://ledger.example/lamps"
    assert (report.articles, report.highlights) == (2, 2)


def test_markdown_is_a_file_an_article_with_names_of_its_own(library, tmp_path):
    library.add([Article(title="Only a link", body=str(n)) for n in range(3)])
    library.add([Article(title="../../etc/passwd\x00", body="x"), Article(title="?" * 9, body="y"),
                 Article(title="ß" * 300, body="z")])  # fmt: skip
    report = export_articles(library, str(tmp_path / "out"), format="markdown")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert report.files == len(names) == 11
    assert "000008-etc-passwd.md" in names
    assert "000009-article.md" in names
    assert "broadsheet-library.json" in names
    assert all(len(name.encode()) < 128 for name in names)
    text = (tmp_path / "out" / "000001-the-lamplighters-of-harbour-street.md").read_text()
    assert 'title: "The lamplighters of Harbour Street"\n' in text
    assert 'tags: ["history","evening"]\n' in text


def test_front_matter_is_yaml_to_other_programs(exported):
    import yaml

    _, data = exported("markdown", "id:1")
    _, block, body = data.decode().split("---\n", 2)
    front = yaml.safe_load(block)
    assert front["author"] == "Ada Reyes"
    assert front["broadsheet"]["state"]["starred"] is True
    assert body.startswith("\nAt dusk")


@pytest.mark.parametrize("format", EXPORT_FORMATS)
def test_a_library_with_nothing_in_it_is_exported_as_nothing(open_library, tmp_path, format):
    library = open_library(tmp_path / "empty.json")
    report = export_articles(library, str(tmp_path / "out"), format=format)
    assert report.articles == 0


@pytest.mark.parametrize(
    ("name", "format"),
    [("a.json", "json"), ("b.MD", "markdown"), ("c.zip", "markdown"), ("notes/", "markdown"),
     ("d.html", "html"), ("e.txt", "text"), ("f.epub", "epub"), ("g.csv", "readwise"),
     ("h", None), ("-", None)],
)  # fmt: skip
def test_the_name_of_the_output_tells_the_format(name, format):
    found = export_format_of(name)
    assert (found and found.name) == format
