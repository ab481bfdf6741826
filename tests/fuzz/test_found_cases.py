"""What the targets found once, as small as it could be made."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from store import Article, Library, Rejected
from store.errors import SourceError
from store.importers import FORMATS, read_source
from store.importers.record import Source
from store.linefile import LineFile
from store.query import parse
from store.sanitize import clean_url, scrub
from tui.typeset.document import Document
from tui.typeset.draw import draw
from tui.typeset.flow import Flow
from tui.typeset.styles import StyleSheet

NEWSBOAT = Path(__file__).parents[2] / "sample_data" / "newsboat-cache.db"


def test_no_more_characters_are_counted_than_there_are():
    text = "\x1b]0;\ud800\ud800\ud800\x07"
    assert scrub(text) == ("", len(text))


@pytest.mark.parametrize("query", ["\udcff", "tag:\udcff", 'title:"\ud800 a"', "-\udcff is:unread"])
def test_a_query_that_is_no_text_finds_nothing_and_breaks_nothing(tmp_path, query):
    parse(query).text.encode("utf-8", "surrogatepass")
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        library.add([Article(title="One", body="Text.", tags=("a",))])
        for typing in (False, True):
            library.find(query, typing=typing).rows(0, 9)
        library.facets(query)
        library.complete(query, len(query))


@pytest.mark.parametrize(
    "page",
    [
        "<pre>[&#27;[2J a \x1b[31m b</pre><p>The lamp was lit at five.</p>",
        "<p \x1bclass=x>The lamp was lit at five.<q>\x01</q></p>",
        "<p title='&#x1f;'>The lamp was lit at five.</p><figure><figcaption>\x0c\x08",
        "<a\x1bb>x</a\x1bb><p>The lamp was lit at five.",
    ],
)
def test_controls_anywhere_in_a_page_do_not_stop_it_from_being_read(page):
    [article] = read_source(Source("page.html", f"<html><body>{page}</body>".encode()), "html")
    assert isinstance(article, Article), article
    assert "The lamp was lit at five." in article.body
    assert article.body.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    "name",
    ["links", "enclosures", "tags", "content", "authors", "image", "media_thumbnail", "title",
     "title_detail", "summary_detail", "published_parsed", "author_detail", "entries", "href"],
)  # fmt: skip
def test_an_element_of_a_name_that_the_reader_uses_stops_no_feed(name):
    odd = f"<{name} a='1'><b>x</b></{name}><{name}>y</{name}>"
    feed = (
        f"<feed><title>Notes</title>{odd}<entry><title>One</title>{odd}<id>tag:a,2026:1</id>"
        "<link rel='enclosure' href='https://a.example/one.mp3' type='audio/mpeg'>"
        "<summary>The lamp was lit.</summary></entry>"
    )  # not well-formed: feedparser reads it
    articles = list(read_source(Source("feed.atom", feed.encode()), "feed"))
    assert [article.title for article in articles] == ["One"]


@pytest.mark.parametrize("depth", [2, 40])
def test_what_lies_in_cells_within_cells_is_told_once_and_at_once(depth):
    page = "<table role=presentation><tr><td><div><td>" * depth + "<p>The lamp was lit at five."
    mail = f"From: ada@a.example\nSubject: Lamp\nContent-Type: text/html\n\n<html>{page}</html>\n"
    [article] = read_source(Source("a.eml", mail.encode()), "mail")
    assert isinstance(article, Article) and article.body == "The lamp was lit at five."


def test_a_tag_of_signs_and_blanks_is_no_tag(tmp_path):
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        article = Article(title="One", body="Text.", tags=("#\v#\v", "# # rain #"))
        [id] = library.add([article]).added
        assert library.get(id).tags == ("rain-#",)
        library.tag([id], add=["# #", " #\t#ferry"])
        assert library.state(id).tags == ("rain-#", "ferry")


def test_an_entry_without_a_name_does_not_stop_an_archive_from_being_read():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("x", "nothing")
        archive.writestr("b.md", "# Title\n\nText.")
        archive.filelist[0].filename = ""  # the list of entries is written when it is closed
    articles = list(read_source(Source("a.zip", data.getvalue())))
    assert any(getattr(article, "title", "") == "Title" for article in articles)


def test_a_length_beyond_memory_in_a_cache_of_newsboat_is_damage():
    data = bytearray(NEWSBOAT.read_bytes())
    cell = data.index(b"tablesqlite_sequence") - 8
    data[cell : cell + 19] = b"\xff" * 19  # it begins with the length of what the schema says
    [rejected] = FORMATS["newsboat"].load()(Source("cache.db", bytes(data)))
    assert isinstance(rejected, Rejected)
    assert "a length in it is beyond all bounds" in rejected.reason


def test_nothing_is_no_cache_of_newsboat():
    with pytest.raises(SourceError, match="empty"):
        list(FORMATS["newsboat"].load()(Source("cache.db", b"")))


def test_a_reason_that_quotes_a_source_is_one_line():
    rejected = Rejected("a.mbox", "only text/\n plain\x1b[2J\u202e", "message \x9b1")
    assert rejected.reason == "only text/ plain"
    assert rejected.item.isprintable()


def test_a_damaged_file_with_a_line_end_of_another_system_is_mended(tmp_path):
    path = tmp_path / "library.json"
    path.write_bytes(b'{"articles": {\n"1":{"a":\n,"2":{"title":"Two"}\r\n,"3":{"title":"3"}\n}}\n')
    file = LineFile(path)
    assert file.verify() > 0
    assert [record.id for record in file.scan()] == [2, 3]
    file.close()
    assert path.read_bytes() == b'{"articles": {\n"2":{"title":"Two"}\n,"3":{"title":"3"}\n}}\n'
    assert path.with_name("library.json.torn").read_bytes() == b'"1":{"a":\n'


def test_a_feed_that_names_no_encoding_that_can_be_named_is_rejected():
    data = b"<?encoding='\xef'?><rss><item>&b"
    with pytest.raises(SourceError, match="too odd"):
        list(FORMATS["feed"].load()(Source("feed.rss", data)))


def test_a_footnote_within_the_name_of_a_footnote_is_none():
    document = Document("A [^1] b.\n\n[^1[^1]: text\n")
    assert [block.plain for block in map(document.block, range(len(document)))]


@pytest.mark.parametrize(
    "text",
    [
        '{"articles": {\n"1":{"title":"One"}\n,"9999999999999999999":{"title":"Large"}\n}}\n',
        '{"articles": {\n"1":{"title":"One"}\n,#\n,"9999999999999999999":{"title":"Large"}\n',
    ],
)
def test_an_article_whose_number_is_too_large_is_put_aside_wherever_it_stands(tmp_path, text):
    path = tmp_path / "library.json"
    path.write_text(text)
    with Library(path, cache_dir=tmp_path / "cache") as library:
        library.wait_until_listed()
        assert library.add([Article(title="Two", body="Text.")]).added == [2]
        assert [row.title for row in library.newest(5)] == ["Two", "One"]
    assert '"Large"' in (tmp_path / "library.json.torn").read_text()


def test_a_file_that_is_json_stays_whole_however_many_blank_lines_follow_it(tmp_path):
    path = tmp_path / "library.json"
    path.write_text(
        '{"articles": {\n"1":{"title":"One"},"2":{"title":"Two"}\n}}\n' + "\n" * 3_000_000
    )
    with Library(path, cache_dir=tmp_path / "cache") as library:
        assert library.add([Article(title="Three", body="Text.")]).added == [3]
        assert [row.title for row in library.newest(5)] == ["Three", "Two", "One"]
    assert not (tmp_path / "library.json.torn").exists()


def test_marks_of_a_link_that_a_line_end_kept_apart_are_counted_together():
    clean = clean_url("https://a.example/e" + "\u0301" * 5 + "\u2029" + "\u0301" * 5)
    assert clean == clean_url(clean) and clean.count("\u0301") == 8


@pytest.mark.parametrize("source", ["$$a\tb$$", "Text $$a\tb$$ here", "Text $$a\nb\tc$$ here"])
def test_a_tab_in_a_formula_is_set_as_a_space(source):
    lines = Flow(Document(source), 60).lines(0)
    rows = ["".join(part.text for part in draw(line, StyleSheet())) for line in lines]
    assert any("b" in row for row in rows) and not any("\t" in row for row in rows)
