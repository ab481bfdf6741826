"""EPUB 3: a book for e-readers, a chapter an article, in the order they were found.

After EPUB 3.3 and OCF 3.3 of the W3C, with the table of contents of EPUB 2 (`toc.ncx`) besides for
older readers.  Nothing is loaded from the network; pictures are links.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from html import escape
from typing import Final, NamedTuple
from uuid import UUID

from store.exporters.archive import zipped
from store.exporters.html import notes_of
from store.exporters.markup import byline, html_of, language_of, source_link
from store.exporters.record import Entry, Export

_TYPE: Final = "mimetype"
_MIME: Final = b"application/epub+zip"  # OCF 3.3, 4.2.6: first, stored, without a line end

_CONTAINER: Final = b"""\
<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""

_STYLE: Final = b"""\
body { line-height: 1.4; }
h1, h2, h3 { line-height: 1.2; text-align: left; hyphens: none; }
.about, .tags { font-size: .85em; }
blockquote { border-left: .2em solid; margin-left: 0; padding-left: 1em; }
pre { white-space: pre-wrap; font-size: .85em; border: .05em solid; padding: .5em; }
table { border-collapse: collapse; }
th, td { border: .05em solid; padding: .2em .4em; text-align: left; vertical-align: top; }
aside { border: .05em solid; margin-top: 1em; padding: 0 .8em; }
"""


class _Chapter(NamedTuple):
    id: str
    title: str


def write_epub(entries: Iterable[Entry], export: Export) -> Iterator[bytes]:
    """The book in parts: chapters first, then what lists them."""
    yield from zipped(_files(entries, export), stored=frozenset({_TYPE}))


def _files(entries: Iterable[Entry], export: Export) -> Iterator[tuple[str, bytes]]:
    yield _TYPE, _MIME
    yield "META-INF/container.xml", _CONTAINER
    yield "book/style.css", _STYLE
    chapters: list[_Chapter] = []
    languages: Counter[str] = Counter()
    digest = blake2b(digest_size=16)
    for entry in entries:
        article = entry.shown
        export.report.articles += 1
        export.report.highlights += len(entry.highlights)
        chapter = _Chapter(f"a{article.id}", article.title or "Untitled")
        page = _chapter(entry, chapter.title)
        chapters.append(chapter)
        languages[language_of(article)] += 1
        digest.update(page)
        yield f"book/{chapter.id}.xhtml", page
    if not chapters:  # a book has at least one
        chapters.append(_Chapter("empty", export.title))
        yield "book/empty.xhtml", _page(export.title, "", "<p>No article was found.</p>")
    del languages[""]
    language = languages.most_common(1)[0][0] if languages else "und"
    name = UUID(bytes=digest.digest(), version=4).urn
    yield "book/nav.xhtml", _nav(chapters, export.title)
    yield "book/toc.ncx", _ncx(chapters, export.title, name)
    yield "book/package.opf", _package(chapters, export, name, language)


def _chapter(entry: Entry, title: str) -> bytes:
    article = entry.shown
    parts = [f"<h1>{escape(title)}</h1>"]
    about = " · ".join(part for part in (byline(article), source_link(article)) if part)
    parts += [f'<p class="about">{about}</p>'] if about else []
    if article.tags:
        parts.append(f'<p class="tags">{escape(" ".join(f"#{tag}" for tag in article.tags))}</p>')
    if article.is_stub and article.summary:
        parts.append(f"<p>{escape(article.summary)}</p>")
    parts += [html_of(article), *notes_of(entry)]
    return _page(title, language_of(article), "\n".join(parts))


def _page(title: str, language: str, body: str) -> bytes:
    tag = f' xml:lang="{language}" lang="{language}"' if language else ""
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"{tag}>
<head>
<title>{escape(title)}</title>
<link rel="stylesheet" type="text/css" href="style.css"/>
</head>
<body>
{body}
</body>
</html>
""".encode("utf-8", "replace")


def _nav(chapters: Iterable[_Chapter], title: str) -> bytes:
    items = "\n".join(
        f'<li><a href="{chapter.id}.xhtml">{escape(chapter.title)}</a></li>' for chapter in chapters
    )
    body = f'<nav epub:type="toc" id="toc">\n<h1>{escape(title)}</h1>\n<ol>\n{items}\n</ol>\n</nav>'
    return _page(title, "", body)


def _ncx(chapters: Iterable[_Chapter], title: str, name: str) -> bytes:
    points = "\n".join(
        f'<navPoint id="{chapter.id}" playOrder="{number}">'
        f"<navLabel><text>{escape(chapter.title)}</text></navLabel>"
        f'<content src="{chapter.id}.xhtml"/></navPoint>'
        for number, chapter in enumerate(chapters, 1)
    )
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">
<head><meta name="dtb:uid" content="{name}"/><meta name="dtb:depth" content="1"/></head>
<docTitle><text>{escape(title)}</text></docTitle>
<navMap>
{points}
</navMap>
</ncx>
""".encode("utf-8", "replace")


def _package(chapters: Iterable[_Chapter], export: Export, name: str, language: str) -> bytes:
    ids = [chapter.id for chapter in chapters]
    items = "\n".join(
        f'<item id="{id}" href="{id}.xhtml" media-type="application/xhtml+xml"/>' for id in ids
    )
    spine = "\n".join(f'<itemref idref="{id}"/>' for id in ids)
    modified = export.now[:19] + "Z"
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">{name}</dc:identifier>
<dc:title>{escape(export.title)}</dc:title>
<dc:language>{language}</dc:language>
<dc:creator>broadsheet</dc:creator>
<dc:date>{modified}</dc:date>
<meta property="dcterms:modified">{modified}</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="style" href="style.css" media-type="text/css"/>
{items}
</manifest>
<spine toc="ncx">
{spine}
</spine>
</package>
""".encode("utf-8", "replace")
