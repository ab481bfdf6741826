"""Archives: every entry through the registry, within limits, and nothing written."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Article, Rejected, Source, SourceError
from store.importers import archive, read_source, read_sources

PAGE = b"# A title\n\nSome text.\n\n## More\n"


def packed(*entries, **options):
    """A ZIP archive of (name, bytes) pairs."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, **options) as made:
        for name, data in entries:
            made.writestr(name, data)
    return stream.getvalue()


def read(data, name="a.zip", **options):
    return list(read_source(Source(name, data), **options))


def reasons(records):
    return [r.reason for r in records if isinstance(r, Rejected)]


def test_each_entry_is_read_as_what_it_is_and_named_by_its_place(tmp_path):
    path = tmp_path / "all.zip"
    path.write_bytes(
        packed(("b/note.md", PAGE), ("a.json", b'[{"title": "J", "body": "x"}]'),
               ("p.png", b"\x89PNG\r\n"))
    )  # fmt: skip
    first, second, third = read_sources([str(path)])
    assert (first.title, first.type, first.source) == ("J", "json", f"{path}/a.json")
    assert (second.title, second.type, second.source) == (
        "A title",
        "markdown",
        f"{path}/b/note.md",
    )
    assert (third.source, third.reason[:29]) == (f"{path}/p.png", "it looks like a PNG picture; ")
    assert [p.name for p in tmp_path.iterdir()] == ["all.zip"]


def test_the_place_of_an_entry_is_the_whole_path_of_its_archive(tmp_path, monkeypatch):
    (tmp_path / "all.zip").write_bytes(packed(("a.md", PAGE), ("b.png", b"\x89PNG\r\n")))
    monkeypatch.chdir(tmp_path)
    article, rejected = read_sources(["all.zip"])
    assert article.source == f"{tmp_path}/all.zip/a.md"
    assert rejected.source == "all.zip/b.png"


def test_names_that_lead_out_of_the_archive_are_only_names():
    for name in (
        "../../etc/passwd.md",
        "/etc/passwd.md",
        "..\\..\\etc\\passwd.md",
        "./etc/passwd.md",
    ):
        (article,) = read(packed((name, PAGE)))
        assert article.source == "a.zip/etc/passwd.md"
    (article,) = read(packed(("a\x1b[31m.md", PAGE)))
    assert article.source == "a.zip/a.md"


def test_what_systems_leave_in_archives_is_passed_over():
    data = packed(("__MACOSX/._a.md", b"\0\0"), (".DS_Store", b"\0"), ("d/Thumbs.db", b"x"),
                  ("a.md", PAGE))  # fmt: skip
    assert [type(record) for record in read(data)] == [Article]
    assert reasons(read(packed((".DS_Store", b"\0")))) == ["the archive is empty"]


def test_an_archive_in_an_archive_is_read_and_one_in_that_is_not():
    noise = random.Random(1).randbytes(100_000).hex().encode()
    inner = packed(("a.md", PAGE), ("b.md", noise))
    article, _ = read(packed(("in.zip", inner)))
    assert article.source == "a.zip/in.zip/a.md"
    (reason,) = reasons(read(packed(("mid.zip", packed(("in.zip", inner))))))
    assert "unpack it first" in reason


def test_a_gzip_file_is_read_as_what_is_in_it():
    (article,) = read(gzip.compress(PAGE), "notes/a.md.gz")
    assert (article.title, article.type, article.source) == (
        "A title", "markdown", "notes/a.md.gz/a.md")  # fmt: skip
    (article,) = read(gzip.compress(PAGE), "a.md.gz", format="text")
    assert article.type == "text"


def test_a_given_format_is_that_of_the_entries():
    (article,) = read(packed(("a.md", PAGE)), format="text")
    assert article.type == "text"


def test_bombs_are_refused_whatever_sizes_they_state():
    zeros = b"\0" * (archive.SMALL + 1)
    honest = packed(("a.txt", zeros), ("b.md", PAGE))
    bomb, good = read(honest)
    assert "times larger" in bomb.reason
    assert good.title == "A title"
    # The same with a size of ten bytes stated in both places.
    false = honest.replace(struct.pack("<L", len(zeros)), struct.pack("<L", 10))
    records = read(false)
    assert isinstance(records[0], Rejected)
    assert "times larger" in reasons(read(gzip.compress(b"a" * len(zeros)), "a.gz"))[0]


def test_an_archive_is_refused_that_is_too_large_when_unpacked(monkeypatch):
    monkeypatch.setattr(archive, "MAX_TOTAL", 50)
    records = read(packed(("a.md", PAGE), ("b.md", PAGE), ("c.md", PAGE)))
    assert isinstance(records[0], Article)
    assert all("larger when unpacked" in reason for reason in reasons(records))
    assert len(reasons(records)) == 2


def test_many_entries_may_not_be_a_bomb_together(monkeypatch):
    monkeypatch.setattr(archive, "LEAST_TOTAL", 1 << 20)
    data = packed(*((f"{n}.txt", b"a" * (1 << 20)) for n in range(20)))  # each within its limits
    with archive.Archive(Source("a.zip", data)) as opened:
        assert len(opened.read("0.txt")) == 1 << 20
        with pytest.raises(SourceError, match="larger when unpacked"):
            for name in opened.names:
                opened.read(name)


def test_an_archive_is_refused_that_has_too_many_entries(monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 2)
    data = packed(*((f"{n}.md", PAGE) for n in range(3)))
    assert reasons(read(data)) == ["it has more than 2 entries"]


def test_archives_in_an_archive_may_not_have_too_many_entries_together(monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 8)
    three = packed(*((f"{n}.md", PAGE + b"%d" % n) for n in range(3)))
    whole = packed(("a.zip", three), ("b.zip.gz", gzip.compress(three)), ("c.zip", three),
                   ("d.md", PAGE))  # fmt: skip
    records = read(whole)
    assert [r.source for r in records if isinstance(r, Rejected)] == [
        "a.zip/b.zip.gz/b.zip", "a.zip/c.zip",
    ]  # fmt: skip
    assert "more than 8 entries" in reasons(records)[1]
    assert len(records) == 6


def test_an_encrypted_entry_is_rejected_and_the_others_are_read():
    data = packed(("a.md", PAGE), ("b.md", PAGE))
    at = data.index(b"PK\x01\x02")  # the first entry in the list: its flags are at 8
    data = data[: at + 8] + struct.pack("<H", 1) + data[at + 10 :]
    first, second = read(data)
    assert "encrypted" in first.reason
    assert isinstance(second, Article)


def test_a_link_in_an_archive_is_not_followed_nor_read():
    link = zipfile.ZipInfo("a.md")
    link.external_attr = 0o120777 << 16
    assert reasons(read(packed((link, "../../etc/passwd")))) == ["it is a link to another file"]


@pytest.mark.parametrize(
    ("name", "kind"), [("[Content_Types].xml", "office"), ("META-INF/MANIFEST.MF", "Java")]
)
def test_documents_that_are_archives_inside_are_named(name, kind):
    assert kind in reasons(read(packed((name, b"<x/>"))))[0]


def test_a_cut_off_archive_is_rejected_with_the_reason():
    data = packed(("a.md", PAGE * 100))
    assert "damaged" in reasons(read(data[:-10]))[0]
    assert "damaged" in reasons(read(data[:40] + b"?" * 20 + data[60:]))[0]
    assert reasons(read(gzip.compress(PAGE)[:20], "a.gz"))


whole = packed(("a.md", PAGE), ("b.json", b'{"title": "A", "body": "x"}'))


@settings(max_examples=60)
@given(st.binary(max_size=60), st.integers(0, len(whole)))
def test_any_damage_is_a_rejection(noise, at):
    for record in read(whole[:at] + noise + whole[at + len(noise) :]):
        assert isinstance(record, Article | Rejected)


@settings(max_examples=40)
@given(st.binary(max_size=200))
def test_any_bytes_after_a_signature_are_read_or_rejected(data):
    for start in (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08"):
        assert read(start + data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_entries_of_one_name_are_all_read():
    data = packed(
        ("a.md", PAGE), ("a.md", b"# Other\n\nText.\n"), ("./a.md", b"# Third\n\nText.\n")
    )
    assert [a.source for a in read(data)] == ["a.zip/a.md", "a.zip/a.md (2)", "a.zip/a.md (3)"]
    assert [a.title for a in read(data, format="markdown")] == ["A title", "Other", "Third"]
