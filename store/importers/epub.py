"""EPUB books: one article a book with its chapters as headings, or one a chapter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from store.article import Article, clean_tags, count_words
from store.errors import SourceError
from store.importers.archive import Archive
from store.importers.epub_notes import Notes
from store.importers.epub_package import Entry, Package, Part, name_of, open_package
from store.importers.html_fragment import depth_of, parse, take_out
from store.importers.html_saved import open_page
from store.importers.html_title import same_title
from store.importers.names import title_from_name
from store.importers.record import Rejected, Source
from store.sanitize import clean_line

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Most bytes of one part of a book, and of all of them; and most characters of what is made of it.
MAX_PART = 32 * 1024**2
MAX_TEXT = 128 * 1024**2
#: Deepest nesting of elements; deeper parts are read as text without structure.
MAX_DEPTH = 1_000

_HEADINGS = tuple(f"h{level}" for level in range(1, 7))
_SKIPPED = {"cover", "titlepage", "title-page", "halftitlepage", "toc", "landmarks", "loi", "lot",
            "page-list"}  # fmt: skip
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_XML_ENTITIES = ("amp", "lt", "gt", "quot", "apos")
_DECLARATION = re.compile(r"\A\s*<\?xml.*?\?>", re.S)
_NAME = re.compile(r"[a-z][a-z0-9-]*")
# At the beginning alone, where it stands: each of many would be looked for to the end.
_DOCTYPE = re.compile(
    r"\A((?>\s++|<\?.*?\?>|<!--.*?-->)*+)<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*)?>", re.S | re.I
)
_CUT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>", re.S | re.I)


@dataclass(slots=True)
class _Chapter:
    """A chapter: the title the contents give it, or "", and its text."""

    title: str
    level: int
    blocks: list[str] = field(default_factory=list)


def read_epub(source: Source) -> Iterator[Article | Rejected]:
    """A book, or each of its chapters when `source.split` says so.

    Title, authors, date, language, publisher and description come from the package; chapters are
    named by the contents; covers, title pages and contents are skipped; marked notes become
    footnotes.  Protected books are rejected with the reason.
    """
    with Archive(source) as archive:
        package = open_package(archive)
        notes = Notes()
        chapters = list(_chapters(archive, package, notes))
    if not any(chapter.blocks for chapter in chapters):
        yield Rejected(source.name, "there is no text in the book")
        return
    if source.split:
        yield from _split(source, package, chapters, notes)
        return
    blocks: list[str] = []
    only = sum(bool(chapter.title) for chapter in chapters) == 1
    for chapter in chapters:
        if chapter.title and not (only and same_title(chapter.title, package.title)):
            blocks.append(f"{'#' * min(6, chapter.level + 2)} {_escaped(chapter.title)}")
        blocks += chapter.blocks
    body = notes.finish("\n\n".join(blocks))
    yield _article(source, package, package.title or title_from_name(source.name), body)


def _split(
    source: Source, package: Package, chapters: list[_Chapter], notes: Notes
) -> Iterator[Article | Rejected]:
    number = 0
    left = MAX_TEXT
    for chapter in chapters:
        body = notes.finish("\n\n".join(chapter.blocks))
        left -= len(body)  # a note stands below each chapter that refers to it
        if left < 0:
            raise _too_long()
        if not count_words(body):
            continue
        number += 1
        title = chapter.title or (package.title if number == 1 else f"{package.title}, {number}")
        article = _article(source, package, title, body)
        yield _with_book(article, package, number)


def _with_book(article: Article, package: Package, number: int) -> Article:
    from dataclasses import replace

    extra = {**article.extra, "book": package.title, "chapter": number}
    if package.publisher:
        extra["publisher"] = package.publisher
    return replace(article, site=package.title or article.site, url="", summary="", extra=extra)


def _article(source: Source, package: Package, title: str, body: str) -> Article:
    return Article(
        title=title,
        body=body,
        author=", ".join(dict.fromkeys(package.authors)),
        site=package.publisher,
        url=package.url,
        published=package.published,
        tags=clean_tags(package.subjects[:20]),
        lang=package.lang,
        summary=package.summary,
        source=source.name,
        type="epub",
        words=count_words(body),
    )


def _chapters(archive: Archive, package: Package, notes: Notes) -> Iterator[_Chapter]:
    """The chapters in order; what stands before the first has no title."""
    from store.importers.html_markdown import to_markdown

    entries: dict[str, list[Entry]] = {}
    for entry in package.contents:
        if entry.title:
            entries.setdefault(entry.path, []).append(entry)
    trees = _trees(archive, package)
    for path, tree in trees.items():
        notes.find(path, tree)
    notes.take(trees)
    current = _Chapter("", 0)
    for part in package.parts:
        tree = trees.get(part.path)
        if tree is None:
            continue
        own = entries.get(part.path, [])
        if not own and not current.title and _is_title_page(tree, package.title):
            continue
        if own:
            if current.blocks or current.title:
                yield current
            current = _Chapter(clean_line(own[0].title), min(own[0].level, 4))
        _settle_headings(tree, own, current, is_start=bool(own))
        _caption_images(tree)
        text = to_markdown(tree)
        if text:
            current.blocks.append(text)
    if current.blocks or current.title:
        yield current


def _trees(archive: Archive, package: Package) -> dict[str, _Element]:
    """The body of each part that is text to be read."""
    trees: dict[str, _Element] = {}
    left = MAX_TEXT
    for part in package.parts:
        data = archive.read(part.path, MAX_PART)
        left -= len(data)
        if left < 0:
            raise _too_long()
        tree = _body(data)
        if tree is not None and not _is_skipped(part, tree):
            trees[part.path] = tree
    return trees


def _too_long() -> SourceError:
    return SourceError(f"the text of the book is larger than {MAX_TEXT >> 20} MiB")


def _body(data: bytes) -> _Element | None:
    """The body of an XHTML file, with names as those of HTML; None when there is none.

    What is no XML is read as a browser would read it.
    """
    markup = open_page(data).markup
    for read in (_as_xml, _as_html):
        body = read(markup)
        if body is not None:
            return body
    return parse(f"<body><p>{_CUT.sub(' ', markup)}</p></body>")


def _as_xml(markup: str) -> _Element | None:
    from lxml.etree import LxmlError, XMLParser, fromstring

    # Without the declaration of types there are no entities but those of XML itself.
    plain = _ENTITY.sub(_entity, _DOCTYPE.sub(r"\1", markup))
    plain = _DECLARATION.sub("", plain, count=1)
    parser = XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = fromstring(plain.encode("utf-8", "replace"), parser)
    except (LxmlError, ValueError):
        return None
    if root is None or depth_of(root, MAX_DEPTH) >= MAX_DEPTH:
        return None
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = name_of(element)
        element.tag = name if _NAME.fullmatch(name) else "span"
        for key, value in list(element.attrib.items()):
            if str(key).startswith("{") and str(key).endswith("}type"):
                element.set("epub-type", str(value))
    body: _Element | None = root.find(".//body")
    return body


def _as_html(markup: str) -> _Element | None:
    from lxml.etree import LxmlError

    try:
        root = parse(markup)
    except (LxmlError, ValueError, AssertionError):
        return None
    if root is None or depth_of(root, MAX_DEPTH) >= MAX_DEPTH:
        return None
    for element in root.iter():
        if isinstance(element.tag, str) and element.get("epub:type"):
            element.set("epub-type", element.get("epub:type"))
    body: _Element | None = root.find(".//body")
    return body


def _entity(match: re.Match[str]) -> str:
    import html

    if match[1] in _XML_ENTITIES:
        return match[0]
    said = html.unescape(match[0])
    return said if said != match[0] and "<" not in said and "&" not in said else ""


def _is_skipped(part: Part, body: _Element) -> bool:
    """Whether a part is a cover, a title page or a table of contents."""
    if part.role or {"nav", "cover", "cover-image"} & set(part.properties.split()):
        return True
    kinds: set[str] = set()
    whole = [body, *body]
    for element in whole if len(whole) <= 2 else whole[:1]:
        kinds |= set((element.get("epub-type") or "").lower().split())
        kinds |= set((element.get("role") or "").lower().replace("doc-", "").split())
    return bool(kinds & _SKIPPED)


def _is_title_page(body: _Element, title: str) -> bool:
    """Whether a part that the contents do not name holds little but the title of the book."""
    text = " ".join("".join(body.itertext()).split())
    return len(text.split()) < 40 and bool(title) and title.casefold() in text.casefold()


def _settle_headings(
    body: _Element, entries: list[Entry], chapter: _Chapter, *, is_start: bool
) -> None:
    """Bring the headings of a part below that of its chapter; one that repeats it goes.

    The contents give the level of those they name, and make headings of what is only named there.
    """
    from lxml.etree import Element

    named: dict[_Element, int] = {}  # not by id: that of an element nobody holds is given again
    targets = _by_id(body) if entries[1:] else {}
    inner: dict[_Element, _Element | None] = {}  # the first heading in what is named
    for entry in entries[1:]:
        target = targets.get(entry.fragment)
        if target is None:
            continue
        if target not in inner:
            inner[target] = _heading_in(target)
        heading = inner[target]
        if heading is None:
            heading = _heading_after(target, entry.title)
        if heading is None:
            heading = Element("h1")
            heading.text = entry.title
            if target is body:
                continue
            target.addprevious(heading)
        named[heading] = entry.level
    headings = list(body.iter(*_HEADINGS))
    if is_start and headings and chapter.title:
        first = headings[0]
        text = clean_line(" ".join("".join(first.itertext()).split()))
        if same_title(text, chapter.title) or not text:
            take_out(first)
            headings = headings[1:]
        elif _is_title_in_two(headings, chapter.title):
            for part in headings[:2]:
                take_out(part)
            headings = headings[2:]
        elif _ends_title(text, chapter.title):
            # "Chapter 1: The Door" in the contents, "The Door" on the page.
            number = first.getprevious()
            before = chapter.title[: len(chapter.title) - len(text)]
            if number is not None and same_title("".join(number.itertext()), before):
                take_out(number)
            take_out(first)
            headings = headings[1:]
    own = chapter.level + 2 if chapter.title else 1
    highest = min((int(h.tag[1]) for h in headings if h not in named), default=1)
    for heading in headings:
        level = named[heading] + 2 if heading in named else own + 1
        if heading not in named:
            level += int(heading.tag[1]) - highest
        heading.tag = f"h{max(2, min(6, level))}"


def _is_title_in_two(headings: list[_Element], title: str) -> bool:
    """Whether the first two headings are the number and the name of the chapter."""
    if len(headings) < 2:
        return False
    both = " ".join(" ".join("".join(heading.itertext()).split()) for heading in headings[:2])
    return same_title(both, title)


def _ends_title(text: str, title: str) -> bool:
    before, found, after = title.rpartition(text)
    return bool(found) and not after and bool(re.fullmatch(r"[\w\s]{0,20}[.:—–-]?\s*", before))


def _by_id(body: _Element) -> dict[str, _Element]:
    """The elements that can be led to, by the fragments that do."""
    found: dict[str, _Element] = {}
    for element in body.iter():
        if isinstance(element.tag, str) and element.attrib:
            for name in filter(None, (element.get("id"), element.get("name"))):
                found.setdefault(name, element)
    return found


def _heading_in(target: _Element) -> _Element | None:
    """The heading that an element is, stands in or holds."""
    for element in (target, *target.iterancestors(*_HEADINGS), *target.iterdescendants(*_HEADINGS)):
        if element.tag in _HEADINGS:
            return element
    return None


def _heading_after(target: _Element, title: str) -> _Element | None:
    """The heading of this title that stands below what leads to it."""
    following = target.getnext()
    for _ in range(3):
        if following is None:
            return None
        if following.tag in _HEADINGS and same_title("".join(following.itertext()), title):
            return following
        following = following.getnext()
    return None


def _caption_images(body: _Element) -> None:
    """Pictures stay in the book; what they show is said in a line of its own."""
    from lxml.etree import Element

    for image in list(body.iter("img")):
        parent = image.getparent()
        if parent is None:
            continue
        said = " ".join((image.get("alt") or "").split())
        figure = next(image.iterancestors("figure"), None)
        caption = None if figure is None else figure.find(".//figcaption")
        if not said or said.lower() in ("image", "cover", "img", "picture", "illustration"):
            continue
        if caption is not None and "".join(caption.itertext()).strip():
            continue
        shown = Element("em")
        shown.text = f"[{said}]"
        shown.tail, image.tail = image.tail, None
        parent.replace(image, shown)


def _escaped(title: str) -> str:
    from store.importers.html_inline import Kind, Run, render_heading

    return render_heading([Run(Kind.TEXT, title)])
