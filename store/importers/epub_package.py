"""The package of an EPUB book: what it says of itself, the order of its parts, its contents.

EPUB 2 (OPF 2.0.1, NCX) and EPUB 3.3 are read; what a book leaves out is done without.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from store.dates import parse_date
from store.errors import SourceError
from store.importers.archive import Archive
from store.importers.html_fragment import depth_of
from store.sanitize import clean_line, clean_url

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Largest XML file of a package in bytes; parts with text have a limit of their own.
MAX_XML = 16 * 1024**2
#: Most parts of a book, and most entries of its contents.
MAX_PARTS = 10_000
MAX_DEPTH = 200

# Fonts may be obfuscated in books that anybody may read (EPUB 3.3, 4.2.6.4).
_FONTS_ONLY = (
    "http://www.idpf.org/2008/embedding",
    "http://ns.adobe.com/pdf/enc#RC",
)
_RIGHTS = {
    "META-INF/rights.xml": "Adobe DRM",
    "META-INF/sinf.xml": "Apple FairPlay",
    "META-INF/license.lcpl": "Readium LCP",
}
_TEXT_TYPES = (
    "application/xhtml+xml",
    "text/html",
    "application/x-dtbook+xml",
    "text/x-oeb1-document",
)
_PERSON_ROLES = ("", "aut", "author", "edt")


@dataclass(slots=True)
class Part:
    """One file of the spine: its path in the archive and what the package says of it."""

    path: str
    properties: str = ""
    role: str = ""


@dataclass(slots=True)
class Entry:
    """One line of the contents; `level` is 0 for the outermost, `fragment` may be ""."""

    level: int
    title: str
    path: str
    fragment: str


@dataclass(slots=True)
class Package:
    """What a book says of itself; "" or empty where it says nothing."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    published: str = ""
    lang: str = ""
    publisher: str = ""
    summary: str = ""
    url: str = ""
    subjects: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    contents: list[Entry] = field(default_factory=list)


def open_package(archive: Archive) -> Package:
    """Read the package of a book.

    Raises:
        SourceError: it is protected, damaged, or no book; the text says so.
    """
    _refuse_protected(archive)
    container = read_xml(archive, "META-INF/container.xml")
    path = next(
        (e.get("full-path") or "" for e in container.iter() if name_of(e) == "rootfile"), ""
    )
    if path not in archive.names:
        path = next((name for name in archive.names if name.lower().endswith(".opf")), "")
    if not path:
        raise SourceError("it is no whole EPUB book: its package file is missing")
    root = read_xml(archive, path)
    package = Package()
    _read_metadata(root, package)
    items = {e.get("id") or "": e for e in root.iter() if name_of(e) == "item"}
    roles = _guide(root, path)
    parts: dict[str, Part] = {}  # by path: a part that the spine names again is read once
    for reference in root.iter():
        if name_of(reference) != "itemref" or reference.get("linear") == "no":
            continue
        item = items.get(reference.get("idref") or "")
        if item is None or (item.get("media-type") or "") not in _TEXT_TYPES:
            continue
        place = resolve(path, item.get("href") or "")[0]
        if place in archive.names:
            part = Part(place, item.get("properties") or "", roles.get(place, ""))
            parts.setdefault(place, part)
    package.parts = list(parts.values())
    if not package.parts:
        raise SourceError("it is no whole EPUB book: its spine names no text")
    if len(package.parts) > MAX_PARTS:
        raise SourceError(f"it has more than {MAX_PARTS:,} parts")
    package.contents = _contents(archive, root, path, list(items.values()))
    return package


def name_of(element: _Element) -> str:
    """The local name of an element; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def resolve(base: str, href: str) -> tuple[str, str]:
    """The path in the archive, and the fragment, that a reference in `base` leads to."""
    href, _, fragment = href.strip().partition("#")
    if not href:
        return base, unquote(fragment)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(href)))
    return joined, unquote(fragment)


def read_xml(archive: Archive, name: str) -> _Element:
    """The root of an XML file of the book; entities are not expanded, nothing is fetched.

    Raises:
        SourceError: it is missing or no XML.
    """
    from lxml.etree import LxmlError, XMLParser, fromstring

    if name not in archive.names:
        raise SourceError(f"it is no whole EPUB book: {name} is missing")
    parser = XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = fromstring(archive.read(name, MAX_XML), parser)
    except (LxmlError, ValueError) as error:
        raise SourceError(f"it is a damaged EPUB book: {name} is no XML") from error
    if root is None or depth_of(root, MAX_DEPTH) >= MAX_DEPTH:
        raise SourceError(f"it is a damaged EPUB book: {name} is no XML")
    return root


def _refuse_protected(archive: Archive) -> None:
    for name, kind in _RIGHTS.items():
        if name in archive.names:
            raise SourceError(f"it is protected ({kind}): only its seller's programs can open it")
    if "META-INF/encryption.xml" not in archive.names:
        return
    for element in read_xml(archive, "META-INF/encryption.xml").iter():
        if name_of(element) == "encryptionmethod":
            algorithm = element.get("Algorithm") or ""
            if algorithm and algorithm not in _FONTS_ONLY:
                raise SourceError("it is protected (DRM): only its seller's programs can open it")


def _read_metadata(root: _Element, package: Package) -> None:
    refined: dict[tuple[str, str], str] = {}
    for element in root.iter():
        if name_of(element) == "meta" and (element.get("refines") or "").startswith("#"):
            key = ((element.get("refines") or "")[1:], element.get("property") or "")
            refined.setdefault(key, text_of(element))
    titles: list[tuple[str, str]] = []
    for element in root.iter():
        name, said = name_of(element), text_of(element)
        if not said or "purl.org/dc" not in str(element.tag):
            continue
        own = element.get("id") or ""
        if name == "title":
            titles.append((refined.get((own, "title-type"), ""), said))
        elif name == "creator":
            role = _attribute(element, "role") or refined.get((own, "role"), "")
            if role.lower() in _PERSON_ROLES:
                package.authors.append(_in_order(said))
        elif name == "date":
            event = _attribute(element, "event")
            date = parse_date(said)
            if date and event in ("", "publication", "original-publication"):
                package.published = package.published or date
        elif name == "language":
            package.lang = package.lang or said.replace("_", "-")
        elif name == "publisher":
            package.publisher = package.publisher or said
        elif name == "description":
            package.summary = package.summary or clean_line(re.sub(r"<[^<>]+>", " ", said))
        elif name == "subject":
            package.subjects.append(said)
        elif name in ("identifier", "source") and said.startswith(("http://", "https://")):
            package.url = package.url or clean_url(said)
    main = [said for kind, said in titles if kind == "main"] or [said for _, said in titles[:1]]
    subtitle = [said for kind, said in titles if kind == "subtitle"]
    package.title = ": ".join(main[:1] + subtitle[:1])


def _in_order(name: str) -> str:
    """A person's name as it is spoken: "Ruth Okonjo" for "Okonjo, Ruth"."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and first and "," not in first and " " not in last else name


def _attribute(element: _Element, name: str) -> str:
    """An attribute in whatever namespace it stands."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value).strip()
    return ""


def text_of(element: _Element) -> str:
    """The text in an element, on one line."""
    return clean_line("".join(element.itertext())) if isinstance(element.tag, str) else ""


def _guide(root: _Element, base: str) -> dict[str, str]:
    """What the guide of EPUB 2 calls the files it names: "cover", "toc", "title-page"."""
    return {
        resolve(base, element.get("href") or "")[0]: (element.get("type") or "").lower()
        for element in root.iter()
        if name_of(element) == "reference"
        and (element.get("type") or "").lower() in ("cover", "toc", "title-page", "titlepage")
    }


def _contents(archive: Archive, root: _Element, base: str, items: list[_Element]) -> list[Entry]:
    """The table of contents: the navigation document, else the NCX."""
    documents = _paths(
        base, (item for item in items if "nav" in (item.get("properties") or "").split())
    )
    for path in documents:
        try:
            found = _from_nav(read_xml(archive, path), path)
        except SourceError:
            continue
        if found:
            return found
    for path in _paths(
        base, (item for item in items if item.get("media-type") == "application/x-dtbncx+xml")
    ):
        try:
            return _from_ncx(read_xml(archive, path), path)
        except SourceError:
            continue
    return []


def _paths(base: str, items: Iterable[_Element]) -> list[str]:
    """The paths that items of the manifest lead to, each once."""
    return list(dict.fromkeys(resolve(base, item.get("href") or "")[0] for item in items))


def _from_nav(root: _Element, path: str) -> list[Entry]:
    navs = [element for element in root.iter() if name_of(element) == "nav"]
    marked = [nav for nav in navs if "toc" in _attribute(nav, "type").split()]
    found: list[Entry] = []
    for nav in (marked or navs)[:1]:
        for link in nav.iter():
            if name_of(link) != "a" or not link.get("href") or len(found) >= MAX_PARTS:
                continue
            level = sum(name_of(parent) == "ol" for parent in link.iterancestors()) - 1
            place, fragment = resolve(path, link.get("href") or "")
            found.append(Entry(max(0, level), text_of(link), place, fragment))
    return found


def _from_ncx(root: _Element, path: str) -> list[Entry]:
    found: list[Entry] = []
    for point in root.iter():
        if name_of(point) != "navpoint" or len(found) >= MAX_PARTS:
            continue
        level = sum(name_of(parent) == "navpoint" for parent in point.iterancestors())
        label = next((text_of(e) for e in point if name_of(e) == "navlabel"), "")
        source = next((e.get("src") or "" for e in point if name_of(e) == "content"), "")
        place, fragment = resolve(path, source)
        found.append(Entry(level, label, place, fragment))
    return found
