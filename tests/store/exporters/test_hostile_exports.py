"""A library full of hostile text, exported: what reads the files obeys none of it."""

from __future__ import annotations

import os
import re
import zipfile
from urllib.parse import urlsplit

import pytest
from lxml import etree
from lxml import html as lxml_html

from store import EXPORT_FORMATS, Library, export_articles, find_highlights, write_highlights
from tests.hostile import CORPUS, MARK, unsafe_in, write_library

_SAFE_NAME = re.compile(r"[\w][\w-]*\.(?:md|txt|html)")
_OUT = {"http", "https", "mailto", ""}


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The files of every format, by format."""
    home = tmp_path_factory.mktemp("hostile")
    path = home / os.fsdecode(b"library \x1b]0;pwn\x07\xe2\x80\xae\xff.json")
    write_library(path)
    found = {}
    with Library(path, cache_dir=home / "cache") as library:
        library.wait_until_listed()
        for name, format_ in EXPORT_FORMATS.items():
            target = home / (name if format_.several else f"{name}{format_.extension}")
            export_articles(library, str(target), format=name)
            files = [target] if target.is_file() else sorted(target.rglob("*"))
            found[name] = {str(file.relative_to(home)): file.read_bytes() for file in files}
        found["highlights"] = {
            kind: "".join(write_highlights(library, find_highlights(library), kind)).encode()
            for kind in ("md", "json", "csv")
        }
    return found


def pages(exported):
    """Every page and chapter of a format that a browser or an e-reader shows."""
    yield from exported["html"].values()
    [book] = exported["epub"].items()
    import io

    with zipfile.ZipFile(io.BytesIO(book[1])) as archive:
        for name in archive.namelist():
            assert not name.startswith(("/", "..")) and ".." not in name.split("/")
            if name.endswith((".xhtml", ".opf", ".ncx")):
                yield archive.read(name)


def test_no_file_holds_what_a_terminal_obeys(exported):
    for name, files in exported.items():
        if name == "epub":
            continue
        for path, data in files.items():
            assert not unsafe_in(data.decode().replace("\r\n", "\n")), (name, path)
    assert sum(MARK.encode() in data for data in exported["markdown"].values()) >= len(CORPUS) - 2


def test_names_of_files_are_plain(exported):
    for path in exported["markdown"]:
        folder, _, name = path.partition("/")
        assert folder == "markdown"
        assert _SAFE_NAME.fullmatch(name) or name == "broadsheet-library.json", name
        assert len(name.encode()) < 200


def test_pages_hold_no_script_and_no_link_but_out(exported):
    for page in pages(exported):
        root = lxml_html.fromstring(page)
        for element in root.iter(etree.Element):
            assert element.tag not in ("script", "iframe", "object", "embed", "form", "base")
            for name, value in element.attrib.items():
                assert not name.startswith("on"), (element.tag, name)
                if name in ("href", "src", "action"):
                    scheme = urlsplit(value).scheme
                    assert scheme in _OUT or value.startswith("data:image/"), value


def test_books_and_lists_are_well_formed(exported):
    for page in pages(exported):
        if page.startswith(b"<?xml"):
            etree.fromstring(page, etree.XMLParser(resolve_entities=False, load_dtd=False))


def test_no_cell_of_a_table_is_a_formula(exported):
    import csv
    import io

    rows = list(csv.reader(io.StringIO(exported["highlights"]["csv"].decode())))
    assert len(rows) > 10
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]
