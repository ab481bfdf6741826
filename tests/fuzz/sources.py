"""Targets that take what a person imports: every format, by itself and by its content."""

from __future__ import annotations

import gzip
import io
import math
import warnings
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from store.article import MOST_WORDS, Article, State
from store.errors import SourceError
from store.exporters.own_json import VERSION
from store.importers import FORMATS, Format, json_stream, read_source
from store.importers.record import Belongings, FeedLink, Record, Rejected, Source
from store.jsontext import dumps, loads
from store.numbers import MAX_ID
from store.sanitize import clean_article
from tests.fuzz.findings import HUGE, Target, nothing_logged, promise, scratch
from tests.fuzz.texts import bytes_of
from tests.hostile import CORPUS, unsafe_in

SAMPLES = Path(__file__).parents[2] / "sample_data"

#: Samples by format; every other format begins with those of its kin.
_SEEDS = {
    "omnivore": ("omnivore.zip",), "pocket": ("pocket.csv", "pocket.zip"),
    "newsboat": ("newsboat-cache.db",), "epub": ("three-rooms.epub",), "zip": ("pocket.zip",),
    "pdf": (), "mbox": ("mailbox.mbox",), "mail": ("newsletter.eml",),
    "pocket-html": ("pocket.html",), "bookmarks": ("bookmarks.html",),
    "feed": ("feed.rss", "feed.atom", "feed.json"), "opml": ("feeds.opml",),
    "html": ("saved-page.html",), "markdown": ("front-matter.md",),
    "instapaper": ("instapaper.csv",), "readwise-reader": ("readwise-reader.csv",),
    "readwise-highlights": ("readwise-highlights.csv",), "raindrop": ("raindrop.csv",),
    "csv": ("links.csv",), "wallabag": ("wallabag.json",), "karakeep": ("karakeep.json",),
    "linkwarden": ("linkwarden.json",), "pinboard": ("pinboard.json",),
    "delicious": ("delicious.json",), "readability": ("readability.json",),
    "chrome": ("chrome-bookmarks.json",), "firefox": ("firefox-bookmarks.json",),
    "json": ("tinydb-stock.json", "articles.jsonl"), "text": ("two-column.txt",),
}  # fmt: skip

#: Formats that are read by parts where they are large.
_BY_PARTS = ("broadsheet", "json", "wallabag", "karakeep", "linkwarden", "pinboard", "delicious",
             "readability")  # fmt: skip

_MARKUP = (b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE ", b"&lt;",
           b"&#27;", b"<p>", b"<table><tr><td>", b"<script>", b"<pre>", b'="', b"<?xml ", b"<li>",
           b"<blockquote>", b"<!ENTITY a \"b\">", b"&a;", b"\xff\xfe", b"\0")  # fmt: skip
_JSON = (b"{", b"}", b"[", b"]", b'":', b",", b"null", b"true", b"-1", b"1e999", b"\\ud800", b'"',
         b"99999999999999999999", b"0.5", b'""', b"\xef\xbb\xbf", *HUGE)  # fmt: skip
_TABLE = (b'"', b",", b"\r\n", b"\n", b"\t", b";", b'""', b"\0", b"1609459200", b"\xef\xbb\xbf")
_MAIL = (b"\n\n", b"Content-Type: multipart/mixed; boundary=x\n", b"--x\n", b"--x--\n", b"=\n",
         b"Content-Transfer-Encoding: base64\n", b"=?utf-8?q?=41?=", b"From - \n", b"Subject: ",
         b"charset=", b"utf-7", b"Content-Type: text/html\n", b"> ", b"\r\n")  # fmt: skip
_PROSE = (b"---\n", b"\n\n", b"# ", b"> ", b"- ", b"title: ", b"tags: [a]", b"\x0c", b"    ", b"&a",
          b"```\n", b"|a|b|\n|-|-|\n", b"*a", b"<<: ", b"!!", b"2019-05-04", b"-\n", b"+++\n",
          b"[broadsheet]\n", b"version = 1\n", b"0x" + b"f" * 5_000, b"extra: ",
          b"position: ", *HUGE)  # fmt: skip
_PACKED = (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\x1f\x8b\x08", b"META-INF/container.xml",
           b"../", b"\xff\xff\xff\xff", b"\0\0\0\0", b"SQLite format 3\0", b"rss_item")  # fmt: skip
_KINDS = {
    **dict.fromkeys(("mbox", "mail"), _MAIL),
    **dict.fromkeys(("pocket-html", "bookmarks", "feed", "opml", "html"), _MARKUP),
    **dict.fromkeys(("markdown", "text"), _PROSE),
    **dict.fromkeys(("instapaper", "readwise-reader", "readwise-highlights", "raindrop", "csv",
                     "pocket"), _TABLE),
    **dict.fromkeys(("omnivore", "newsboat", "epub", "zip", "gzip", "pdf"), _PACKED),
}  # fmt: skip


def check(record: Record) -> None:
    """What must be true of everything that an importer yields."""
    if isinstance(record, Rejected):
        promise(record.reason and record.source, "a rejection without a reason")
        promise("\n" not in record.reason + record.item, "a reason of two lines")
        return
    if isinstance(record, FeedLink):
        promise(isinstance(record.url, str) and record.interval >= 0, "no feed")
        return
    if isinstance(record, Belongings):
        promise(isinstance(record.tables, dict), "no tables")
        return
    article = record if isinstance(record, Article) else record.article
    clean, _ = clean_article(article)
    for name in ("title", "author", "site", "url", "published", "saved", "lang", "source", "type"):
        value = getattr(clean, name)
        promise(isinstance(value, str), f"{name} is no text")
        promise(not unsafe_in(value, line=True), f"an unsafe {name}")
    promise(not unsafe_in(clean.body) and not unsafe_in(clean.summary), "an unsafe body")
    promise(all(tag and not unsafe_in(tag, line=True) for tag in clean.tags), "an unsafe tag")
    promise(0 <= clean.words <= MOST_WORDS, "a number of words that cannot be")
    state = clean.state or State()
    promise(0 <= state.position <= MAX_ID and 0 <= state.progress <= 1, "a place nowhere")
    promise(all(0 <= each.offset <= MAX_ID for each in clean.highlights), "an offset beyond")
    raw = dumps(clean.to_document())
    promise(b"\n" not in raw, "a document of two lines")
    back = Article.from_document(loads(raw))
    promise(back.body == clean.body and back.title == clean.title, "an article is not kept")


def run_format(format_: Format, data: bytes) -> None:
    """A reader yields records or raises `SourceError`, whatever it is given."""
    source = Source("case", packed(format_.name, data))
    source.limit = format_.limit
    try:
        read: Callable[..., Iterator[Record]] = format_.load()
        for record in read(source, None) if format_.container else read(source):
            check(record)
    except (SourceError, OSError) as error:
        promise("\n" not in str(error), "an error of two lines")


def packed(name: str, data: bytes) -> bytes:
    """The case itself; for one that begins with "@", an archive made of its parts.

    A part is a line with the entry's name and what follows up to the next line that begins with
    "@".  So what is in an archive can be changed without breaking the archive.
    """
    if not data.startswith(b"@"):
        return data
    if name == "gzip":
        return gzip.compress(data[1:], 1, mtime=0)
    if name not in ("zip", "epub", "omnivore", "pocket"):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in data[1:].split(b"\n@")[:40]:
            entry, _, content = part.partition(b"\n")
            info = zipfile.ZipInfo(entry.decode("utf-8", "replace")[:200])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that a name is there twice is meant
                archive.writestr(info, content)
    return out.getvalue()


def _unpacked(data: bytes) -> bytes:
    """An archive as parts; see `packed`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(
            (b"\n@" if k else b"@") + info.filename.encode() + b"\n" + archive.read(info)
            for k, info in enumerate(archive.infolist())
        )


def run_import(data: bytes) -> None:
    """Any bytes are taken for something, read or rejected, and nothing is logged as a fault."""
    name, _, rest = data.partition(b"\n")
    source = Source(name.decode("utf-8", "replace")[:60] or "case", rest)
    with nothing_logged():
        records = list(read_source(source))
    promise(records, "nothing is said of it")
    for record in records:
        check(record)


def run_json_parts(data: bytes) -> None:
    """What is large is read by parts: the same values as at once, and only rejections else.

    The first byte of a case says what is taken for large, the second who reads it.
    """
    if len(data) < 3:
        return
    sizes, readers = (16, 64, 640, 8_000), [FORMATS[name] for name in _BY_PARTS]
    path = scratch() / "parts.json"
    path.write_bytes(data[2:])
    with patch.multiple(json_stream, LARGE=1, _LONG=sizes[data[0] % len(sizes)]):
        _same_by_parts(path)
        try:
            for record in readers[data[1] % len(readers)].load()(Source("case", path=path)):
                check(record)
        except SourceError as error:
            promise("\n" not in str(error), "an error of two lines")


def _same_by_parts(path: Path) -> None:
    try:
        whole = json_stream.load_json(Source("case", path.read_bytes()))
    except SourceError:
        return
    if _is_deep(whole, 40):
        return  # what is too deep to be kept is left out
    by_parts = json_stream.whole_value(json_stream.open_json(Source("case", path=path)))
    promise(repr(by_parts) == repr(whole), "another value by parts")


def _is_deep(value: Any, depth: int) -> bool:
    """Whether lists and objects lie in each other that often."""
    if not isinstance(value, list | dict):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return depth == 0 or any(_is_deep(each, depth - 1) for each in inner)


def run_pdf_text(data: bytes) -> None:
    """Whatever the process that reads PDFs answers, it becomes an article or a rejection."""
    from store.importers import pdf_pages
    from store.importers.pdf import read_pdf

    answer = _answer(data)
    if answer is None:
        return
    asked, pdf_pages._ask = pdf_pages._ask, lambda _: answer
    try:
        for record in read_pdf(Source("case.pdf", b"%PDF-")):
            check(record)
    except SourceError:
        pass
    finally:
        pdf_pages._ask = asked


def _answer(data: bytes) -> dict[str, Any] | None:
    """Pages with runs of text anywhere, as the process would tell them."""
    lines: list[Any] = []
    pages: list[Any] = [[600.0, 800.0, lines]]
    for piece in data.split(b"\n")[:400]:
        if piece == b"":
            lines = []
            pages.append([600.0, 800.0, lines])
            continue
        if len(piece) < 5:
            continue
        x, y, size, style, *_ = piece
        text = piece[4:].decode("utf-8", "replace").replace("\0", "")
        left, top, height = x * 2.4, y * 3.2, 2.0 + size % 40
        right = left + 0.5 * height * len(text)
        promise(math.isfinite(right), "")
        run = [left, top, right, top + height, height, style & 15, text]
        if style & 64 and lines:
            lines[-1].append(run)
        else:
            lines.append([run])
    if not any(page[2] for page in pages):
        return None
    return {
        "meta": {"Title": data[:30].decode("utf-8", "replace")}, "lang": "en", "unread": [],
        "outline": [[0, "One", 0]], "pages": pages,
    }  # fmt: skip


def _seeds(name: str) -> list[bytes]:
    found = [(SAMPLES / sample).read_bytes() for sample in _SEEDS.get(name, ())]
    if name == "gzip":
        mail = (SAMPLES / "newsletter.eml").read_bytes()
        found += [
            gzip.compress(b"# A\n\nText.", mtime=0),
            gzip.compress(mail, mtime=0),
            b"@" + mail,
        ]
    elif name == "broadsheet":
        found += [_OWN, _OWN.replace(b"\n", b" "), _OWN.replace(b": 3", b": %d" % 2**63)]
    elif name == "json":
        found.append(b'[{"title": "One", "body": "A.", "words": %d, "n": 1e999}]' % 10**30)
    elif name == "markdown":
        found += [_OWN_MARKDOWN, _OWN_TOML]
    elif name == "pdf":
        found.append(_PDF)
    found += [_unpacked(each) for each in found if each.startswith(b"PK\x03\x04")]
    if name == "zip":
        found.append(b"@a/../b.md\n# A\n\nText.\n@/etc/c.html\n<p>x</p>\n@d.zip\nPK\x05\x06")
    if name in ("text", "markdown", "html", "feed", "mail"):
        found += [bytes_of(text) for text in CORPUS.values()]
    return found


_OWN = (
    b'{"broadsheet": %d, "made": "2024-05-04T10:00:00Z", "articles": [\n'
    b'{"title": "One", "body": "A.", "url": "https://a.example/1", "tags": ["a"], "words": 1, '
    b'"state": {"read": true, "position": 3}, "highlights": [{"quote": "A", "note": "n"}]},\n'
    b'{"title": "Two", "body": "B", "published": "2019-05-04", "n": [1, {"x": null}]}\n'
    b'], "views": [{"name": "V", "query": "is:unread"}],\n'
    b'"feeds": [{"url": "https://a.example/f", "tags": ["a"]}]}\n'
) % VERSION
_OWN_MARKDOWN = (
    b'---\ntitle: "One"\ntags: ["a"]\nbroadsheet: {"version": 1, "id": 3, "words": %d, "state": '
    b'{"read": true, "position": %d, "progress": 0.5}, "highlights": [{"quote": "A", "offset": 0}]}'
    b"\n---\nA.\n"
) % (10**30, 2**63)
_OWN_TOML = (
    b'+++\ntitle = "One"\ndate = 2019-05-04\n[broadsheet]\nversion = 1\nwords = 3\n'
    b"[broadsheet.state]\nposition = 9\n[broadsheet.extra]\nmade = 2019-05-04\n+++\nA.\n"
)
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
    b"/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
    b"/Resources<</Font<</F1 5 0 R>>>>>>endobj\n4 0 obj<</Length 60>>stream\nBT /F1 12 Tf 20 200 "
    b"Td (The lamp was lit at five that evening.) Tj ET\nendstream endobj\n5 0 obj<</Type/Font"
    b"/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n"
)
_PDF_TEXT = b"".join(
    bytes([12, 11 + 6 * n, 10, 0]) + b"The keeper wrote the height down every hour of the day\n"
    for n in range(30)
)
_HEAVY = {"html": 3, "feed": 3, "text": 3, "markdown": 2, "epub": 2, "mail": 2, "mbox": 2}

TARGETS = (
    *(
        Target(
            f"import-{name}", partial(run_format, format_), partial(_seeds, name),
            _KINDS.get(name, _JSON), weight=_HEAVY.get(name, 1), seconds=4.0,
            longest=24_576 if name in ("newsboat", "pdf") else 16_384, slow=name == "pdf",
        )
        for name, format_ in FORMATS.items()
    ),
    Target("import-anything", run_import, lambda: [
               path.name.encode() + b"\n" + path.read_bytes() for path in sorted(SAMPLES.iterdir())
               if path.suffix not in (".svg", ".pdf") and path.stat().st_size < 24_000],
           _MARKUP + _JSON + _TABLE + _MAIL + _PACKED, weight=2, seconds=4.0, longest=24_576),
    Target("json-parts", run_json_parts, lambda: [
               bytes([size, number]) + seed for number, name in enumerate(_BY_PARTS)
               for seed in _seeds(name) for size in range(4)], _JSON, seconds=4.0),
    Target("pdf-text", run_pdf_text, lambda: [
               _PDF_TEXT, _PDF_TEXT.replace(b"\x0a\0T", b"\x20\1T"),
               _PDF_TEXT + b"\n" + _PDF_TEXT], (b"\n\n", b"- ", b"1. ", b"\n"),
           weight=2, seconds=4.0),
)  # fmt: skip
