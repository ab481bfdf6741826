"""Small EPUB books for tests."""

from __future__ import annotations

import io
import zipfile

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" '
    'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
METADATA = (
    "<dc:title>The Lamp Room</dc:title><dc:creator>Okonjo, Ruth</dc:creator>"
    "<dc:language>en-GB</dc:language><dc:date>2019-10-03</dc:date>"
    "<dc:publisher>Slip Press</dc:publisher>"
    "<dc:description>&lt;p&gt;Of lamps.&lt;/p&gt;</dc:description>"
    "<dc:subject>Lamps</dc:subject>"
)


def page(body, *, kind="", title="x"):
    """An XHTML file of a book."""
    mark = f' epub:type="{kind}"' if kind else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>{title}</title></head><body{mark}>{body}</body></html>"
    )


def nav(entries):
    """A navigation document; an entry is (title, reference) or (title, reference, entries)."""

    def listed(some):
        lines = "".join(
            f'<li><a href="{entry[1]}">{entry[0]}</a>{listed(entry[2]) if entry[2:] else ""}</li>'
            for entry in some
        )
        return f"<ol>{lines}</ol>"

    return page(f'<nav epub:type="toc"><h1>Contents</h1>{listed(entries)}</nav>')


def ncx(entries):
    """The contents of a book of EPUB 2."""
    points = "".join(
        f'<navPoint><navLabel><text>{title}</text></navLabel><content src="{source}"/></navPoint>'
        for title, source in entries
    )
    return f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>'


def epub(parts, *, contents="", metadata=METADATA, guide="", extra=None, spine=None):
    """The bytes of a book.

    Args:
        parts: Text by file name, in the order of the spine.
        contents: A navigation document, or an NCX.
        metadata: Elements of the metadata.
        guide: References of the guide.
        extra: Other entries of the archive by name.
        spine: Attributes of references in the spine by file name.
    """
    items = "".join(
        f'<item id="i{k}" href="{name}" media-type="application/xhtml+xml"/>'
        for k, name in enumerate(parts)
    )
    order = "".join(
        f'<itemref idref="i{k}" {(spine or {}).get(name, "")}/>' for k, name in enumerate(parts)
    )
    files = {f"OEBPS/{name}": text for name, text in parts.items()}
    if contents.startswith("<ncx"):
        items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        files["OEBPS/toc.ncx"] = contents
    elif contents:
        items += '<item id="nav" href="nav.xhtml" properties="nav" ' + (
            'media-type="application/xhtml+xml"/>'
        )
        files["OEBPS/nav.xhtml"] = contents
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:opf="http://www.idpf.org/2007/opf">{metadata}</metadata>'
        f"<manifest>{items}</manifest><spine>{order}</spine><guide>{guide}</guide></package>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OEBPS/book.opf", package)
        for name, text in {**files, **(extra or {})}.items():
            archive.writestr(name, text)
    return data.getvalue()
