"""Backups that another program packed, spoiled or made up: one line, and the library stays."""

from __future__ import annotations

import json
import re
import zipfile
from hashlib import blake2b

import pytest

from store import Article, LibraryError, restore_backup


def packed(target, library_json, reading_json=None, method=zipfile.ZIP_DEFLATED):
    """A backup with these files in it, and what it says of them is true."""
    files = {"library.json": library_json, "library.reading.json": reading_json}
    files = {name: data for name, data in files.items() if data is not None}
    about = {
        "broadsheet": "backup", "format": 1, "made": "2026-01-01", "articles": 0,
        "sizes": {name: len(data) for name, data in files.items()},
        "hashes": {n: blake2b(data, digest_size=16).hexdigest() for n, data in files.items()},
    }  # fmt: skip
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in {**files, "backup.json": json.dumps(about).encode()}.items():
            archive.writestr(name, data)


@pytest.fixture
def library(path, open_library):
    """A library with an article that is starred, closed."""
    opened = open_library(path)
    opened.add([Article("The harbour", "A text of it.")])
    opened.mark([1], starred=True)
    opened.close()


@pytest.mark.parametrize("dry_run", [True, False], ids=["dry", "real"])
@pytest.mark.parametrize(
    ("library_json", "reading_json"),
    [
        (b"hello world", None),
        (b"[1,2]", None),
        (b'{"articles": {\n"1":{"title":"a"}\n,"2":{"ti', None),
        (b'{"articles": {"1": {"title": "a"}, "2": {"ti', None),
        (b'{"articles": {\n}}\n', b"garbage"),
        (b'{"articles": {\n}}\n', b"[]"),
        (b'{"articles": {\n}}\n', b"[" * 100_000),
        (b'{"articles": {\n}}\n', b'{"articles": {}}'),
    ],
    ids=["text", "list", "torn", "cut", "no JSON", "no table", "nested", "library as reading"],
)  # fmt: skip
def test_what_is_in_a_backup_and_is_no_library_takes_no_librarys_place(
    library, path, tmp_path, library_json, reading_json, dry_run
):
    packed(tmp_path / "b.zip", library_json, reading_json)
    files = path, path.with_name("library.reading.json")
    before = [file.read_bytes() for file in files]
    with pytest.raises(LibraryError, match="nothing was restored") as caught:
        restore_backup(path, tmp_path / "b.zip", dry_run=dry_run)
    assert str(caught.value).startswith(str(tmp_path / "b.zip"))
    assert [file.read_bytes() for file in files] == before
    assert not list(path.parent.glob(".*.tmp*"))


@pytest.mark.parametrize("reading_json", [None, b"{}"])
@pytest.mark.parametrize(
    "library_json", [b"", b"{}", b'{"articles": {"1": {"title": "a"}}}', b'{"articles": {\n}}\n']
)
def test_any_library_in_a_backup_is_restored(tmp_path, library_json, reading_json):
    packed(tmp_path / "b.zip", library_json, reading_json)
    target = tmp_path / "new" / "library.json"
    restore_backup(target, tmp_path / "b.zip", dry_run=True)
    assert not target.parent.exists()
    restore_backup(target, tmp_path / "b.zip")
    assert target.read_bytes() == library_json


def test_a_backup_of_a_huge_reading_file_is_refused_before_it_is_unpacked(
    library, path, tmp_path, monkeypatch
):
    packed(tmp_path / "b.zip", b"{}", b" " * 5_000 + b"{}")
    monkeypatch.setattr("store.backupexam.LARGEST_READING", 5_000)
    with pytest.raises(LibraryError, match=r"5,002 bytes, and at most 5,000.*nothing was restored"):
        restore_backup(path, tmp_path / "b.zip", dry_run=True)


def flag_encrypted(raw):
    for mark, place in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        for match in re.finditer(re.escape(mark), bytes(raw)):
            raw[match.start() + place] |= 1


def say_method_99(raw):
    for mark, place in ((b"PK\1\2", 10), (b"PK\3\4", 8)):
        for match in re.finditer(re.escape(mark), bytes(raw)):
            raw[match.start() + place] = 99


def rot(name):
    def spoil(raw):
        start = raw.index(name) + len(name)
        for at in range(start + 10, start + 40):
            raw[at] ^= 0xFF

    return spoil


@pytest.mark.parametrize(
    "spoil", [flag_encrypted, say_method_99, rot(b"backup.json"), rot(b"library.json")],
    ids=["encrypted", "unknown method", "rotten head", "rotten library"],
)  # fmt: skip
@pytest.mark.parametrize(
    "method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2],
    ids=["deflated", "lzma", "bzip2"],
)  # fmt: skip
def test_an_archive_that_cannot_be_unpacked_is_told_in_a_line(tmp_path, spoil, method):
    target = tmp_path / "b.zip"
    packed(target, b'{"articles": {\n"1":{"title":"%s"}\n}}\n' % (b"abcdef" * 30), None, method)
    raw = bytearray(target.read_bytes())
    spoil(raw)
    target.write_bytes(raw)
    with pytest.raises(LibraryError, match=r"damaged|encrypted") as caught:
        restore_backup(tmp_path / "library.json", target)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "library.json").exists()


def test_a_backup_whose_head_is_nested_without_end_is_told_in_a_line(tmp_path):
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("backup.json", "[" * 60_000)
    with pytest.raises(LibraryError, match="is no backup"):
        restore_backup(tmp_path / "library.json", tmp_path / "b.zip")
