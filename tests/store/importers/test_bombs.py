"""Documents made to fill memory, to take for ever, or to reach what is not theirs: refused.

Each is read in a process that may take a second or two and little memory more than it has.
"""

from __future__ import annotations

import io
import resource
import time
import tracemalloc
import zipfile
import zlib

import pytest
from epub_maker import epub

from store.article import Article
from store.importers import read_source
from store.importers.record import Source


def read(name: str, data: str | bytes) -> list[object]:
    return list(read_source(Source(name, data if isinstance(data, bytes) else data.encode())))


@pytest.fixture
def in_bounds():
    """Reads a document and fails when that took more than a few seconds of the processor."""

    def bounded(name: str, data: str | bytes, seconds: float = 3.0) -> list[object]:
        start = time.process_time()
        records = read(name, data)
        assert time.process_time() - start < seconds
        return records

    return bounded


def aliases(first: str, each: str) -> str:
    """Front matter of a kilobyte whose last value stands for 9 to the power of 11 others."""
    lines = [f"a0: &a0 {first}"]
    lines += [f"a{n}: &a{n} {each % ','.join([f'*a{n - 1}'] * 9)}" for n in range(1, 12)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "front",
    [
        aliases("[x,x,x,x,x,x,x,x,x]", "[%s]") + "\ntitle: *a11\ntags: *a11",
        aliases("{x: 1}", "{<<: [%s]}") + "\ntitle: t",
        "title: &a [*a]\ntags: &t [*t]\nx: &x {y: *x}",
        "title: " + "[" * 100_000,
        "title: " + "1:" * 5_000 + "1\nwords: 0x" + "f" * 100_000,
    ],
    ids=["aliases", "merges", "circle", "depth", "number"],
)
def test_front_matter_that_stands_for_more_than_it_says_is_read_line_by_line(front):
    [article] = read("a.md", f"---\n{front}\n---\n\nThe lamp was lit.")
    assert isinstance(article, Article), article
    assert article.body == "The lamp was lit."
    assert len(str(article)) < 300_000


@pytest.mark.parametrize("values", [20_000, 1_000_000])
def test_front_matter_of_too_many_values_takes_no_memory_for_each(monkeypatch, values):
    monkeypatch.setattr("store.importers.markdown._MOST_NODES", 1_000)
    source = Source(
        "a.md", f"---\ntitle: T\nq: [{'a,' * values}]\nz: {{}}\n---\n\nThe lamp was lit.".encode()
    )
    list(read_source(Source("b.md", b"---\nz: {}\n---\n\nThe lamp.")))  # what is loaded for it
    tracemalloc.start()
    [article] = read_source(source)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert article.body == "The lamp was lit."
    assert most < 2_000_000 + 20 * len(source.data)


def test_a_mail_with_parameters_without_end_is_read_at_once(in_bounds):
    name = "".join(f" name*{n}=a;" for n in range(50_000))
    message = f"From: a@a.example\nSubject: S\nContent-Type: text/plain;{name} charset=utf-8\n\nHi."
    [article] = in_bounds("a.eml", message)
    assert (article.title, article.body) == ("S", "Hi.")


def swollen(megabytes: int) -> bytes:
    """A stream of zlib that is so many MiB of blanks; made of one of them, over and over."""
    packer = zlib.compressobj(9)
    first = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (megabytes - 1) + packer.flush()


def test_a_pdf_that_unpacks_to_gigabytes_is_refused_and_takes_no_more_than_one():
    stream = zlib.compress(swollen(4_000))
    data = (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
        b"/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R>>"
        b"endobj\n4 0 obj<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%b\nendstream"
        b" endobj\ntrailer<</Root 1 0 R>>\n"
    ) % (len(stream), stream)
    assert len(data) < 100_000
    [rejected] = read("a.pdf", data)
    assert rejected.reason == "reading it takes too much memory"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_200_000  # KiB


def test_a_subject_without_end_is_cut_before_it_is_decoded(in_bounds):
    message = f"From: a@a.example\nMIME-Version: 1.0\nSubject: {'=?utf-8?q?a?= ' * 50_000}\n\nHi."
    [article] = in_bounds("a.eml", message)
    assert article.title.startswith("aaaa")


def test_a_line_of_blanks_after_a_number_is_no_number_of_a_page(in_bounds):
    [article] = in_bounds("a.txt", "The lamp was lit at five.\n\n7\n0" + " " * 20_000 + "x\n\n8\n")
    assert "The lamp was lit" in article.title + article.body


def test_an_archive_does_not_choose_how_much_memory_it_takes():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.md", "# A\n\ntext " * 100)
    packed = bytearray(data.getvalue())
    packed[39:43] = b"\xff\xff\xff\xff"  # the size of the dictionary: four gigabytes
    [rejected] = read("a.zip", bytes(packed))
    assert rejected.reason == "it is packed in a way that is not read (method 14)"


@pytest.mark.parametrize("name", ["a.html", "a.xhtml", "a.opml", "a.rss", "a.epub"])
def test_no_document_reads_another_file(tmp_path, name):
    secret = tmp_path / "secret"
    secret.write_text("the-secret")
    declared = (
        f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">'
        f'<!ENTITY % p SYSTEM "{secret.as_uri()}">%p;]>'
    )
    include = (
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" '
        f'href="{secret.as_uri()}"/>'
    )
    bodies = {
        "a.html": f"<html><body><p>The lamp &s; {include} was lit.</p></body></html>",
        "a.opml": '<opml><body><outline text="&s;" xmlUrl="http://a.example/"/></body></opml>',
        "a.rss": "<rss><channel><item><title>T &s;</title><description>x</description></item>"
        f"<item><title>{include}</title></item></channel></rss>",
    }
    body = bodies.get(name, bodies["a.html"])
    document = f'<?xml version="1.0"?>\n{declared}{body}'
    data = epub({"c.xhtml": document}) if name == "a.epub" else document
    records = read(name, data)
    assert records
    assert "the-secret" not in repr(records)


OPENING = "The lamp was lit\n\nBy Ada Reyes\n\nSome text is here and it goes on.\n\n"


def test_numbers_that_begin_lines_of_prose_without_end_are_read():
    numbers = "and so it went on\n" + "2. again\n" * 40_000
    [article] = read("a.txt", f"{OPENING}{numbers}\nend of it.\n")
    assert article.body.count("again") == 40_000


def test_columns_that_stand_at_another_place_in_each_line_are_read():
    lines = [" " + "x" * start + "    " + "abcdefgh    " * 12_000 for start in (4, 8, 12)]
    [article] = read("a.txt", f"{OPENING}{chr(10).join(lines)}\n\nend of it.\n")
    assert article.body.count("abcdefgh") == 36_000


def test_headings_without_end_in_one_piece_are_looked_for_in_the_first_lines():
    [article] = read("a.txt", OPENING + "a\n=\n" * 20 + "\nend of it.\n")
    assert article.body.count("## a") == 20
    [article] = read("a.txt", OPENING + "a\n=\n" * 20_000 + "\nend of it.\n")
    assert article.body.count("## a") <= 2
