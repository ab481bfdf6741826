"""What a document is by its first element, and XML that would grow when read, refused unread.

XML may declare entities: a text of a kilobyte that stands for gigabytes, a file of this machine,
an address in the net.  No reader of feeds here loads anything from outside; what is declared
inside is allowed only where it is short, refers to nothing else and cannot swell the document.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from store.encoding import decode
from store.errors import SourceError

#: Bytes in which a document's first element must begin.
HEAD: Final = 64 * 1024
#: Largest feed in bytes.
MAX_SIZE: Final = 32 * 1024 * 1024
#: Longest text of a declared entity, and what all uses of such may add to a document, in bytes.
MAX_ENTITY: Final = 500
MAX_GROWTH: Final = 4 * 1024 * 1024
#: Deepest nesting of elements; feeds have 5 to 10, and XHTML in them some 30 more.
MAX_DEPTH: Final = 500
#: Most attributes of one element.
MAX_ATTRIBUTES: Final = 1_000

_SKIP = re.compile(
    r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^<>\[\]]|\[(?:[^\]\"']|\"[^\"]*\"|'[^']*')*\])*>",
    re.S | re.I,
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)(?=[\s/>])([^>]*)")
_ENCODING = re.compile(r"\A(\ufeff?\s*<\?xml[^>]{0,200}?)\s+encoding=(?:\"[^\"]*\"|'[^']*')")
_DOCTYPE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*+(?P<it><!DOCTYPE\b)", re.I | re.S
)
_ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|.)?", re.S)
_ENTITY = re.compile(rb"<!ENTITY\b", re.I)
_DECLARED = re.compile(
    rb"<!ENTITY\s+(?P<name>[\w.:-]+)\s+(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')\s*>", re.I
)
_LONG = re.compile(rb"<[A-Za-z_][^<>]{8000,}")
_NESTED = re.compile(rb"<(?P<end>/)?[A-Za-z_][^<>]*>")
_CDATA = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.S)

#: First elements of feeds.
FEEDS: Final = frozenset({"rss", "rdf", "feed", "channel"})


def root_of(data: bytes) -> tuple[str, str]:
    """Name (lower case, without prefix) and attributes of a document's first element.

    Both are "" where there is none in the first `HEAD` bytes.
    """
    head = data[:HEAD]
    if b"<" not in head:
        return "", ""
    text = decode(head).lstrip("\ufeff")
    at = 0
    while match := _SKIP.match(text, at):
        at = match.end()
    root = _ROOT.match(text, at)
    return (root[1].lower(), root[2]) if root else ("", "")


def guarded(data: bytes, name: str) -> tuple[bytes, bool]:
    """The document, and whether it declares entities.

    What is in a document type that could load or swell anything is cut out of it.

    Raises:
        SourceError: it is too large, or a bomb.
    """
    if len(data) > MAX_SIZE:
        raise SourceError(f"the {name} is larger than {MAX_SIZE >> 20} MiB")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:4]:
        data = _ENCODING.sub(r"\1", decode(data), count=1).encode("utf-8", "replace")
    if b"\x1b" in data:  # XML readers drop the one character, and leave the rest as text
        data = _ESCAPE.sub(b"", data)
    match = _DOCTYPE.match(data, 0, HEAD)
    if match is None:
        return data, False
    start = match.start("it")
    end = _end_of_doctype(data, match.end())
    subset = data[start:end]
    if not _ENTITY.search(subset):
        return data[:start] + data[end:], False
    kept: list[bytes] = []
    growth = 0
    for found in _DECLARED.finditer(subset):
        value = found["double"] if found["double"] is not None else found["single"]
        plain = re.sub(rb"&#(?:\d+|x[0-9a-fA-F]+);", b"", value)
        if len(value) > MAX_ENTITY or b"&" in plain or b"%" in plain or b"<" in value:
            if b"&" in plain or len(value) > MAX_ENTITY:
                raise SourceError(f"the {name} declares entities that would swell it: refused")
            continue
        growth += len(value) * data.count(b"&" + found["name"] + b";")
        kept.append(b'\n<!ENTITY %b "%b">' % (found["name"], value.replace(b'"', b"&#34;")))
    if growth > MAX_GROWTH:
        raise SourceError(f"the {name} declares entities that would swell it: refused")
    document_type = b"<!DOCTYPE feed [%b\n]>" % b"".join(kept) if kept else b""
    return data[:start] + document_type + data[end:], bool(kept)


def refuse_crowds(data: bytes, name: str) -> None:
    """Refuse an element with so many attributes that reading it takes time by their square.

    Raises:
        SourceError: there is one.
    """
    if _LONG.search(data) and any(
        match[0].count(b"=") > MAX_ATTRIBUTES for match in _LONG.finditer(_CDATA.sub(b"", data))
    ):
        raise SourceError(f"an element of the {name} has more than {MAX_ATTRIBUTES:,} attributes")


def refuse_depth(data: bytes, name: str) -> None:
    """Refuse a document whose elements are nested deeper than any reader can bear.

    Raises:
        SourceError: they are.
    """
    if data.count(b"<") - data.count(b"</") * 2 < MAX_DEPTH and data.count(b"</") < MAX_DEPTH:
        return
    depth = deepest = 0
    for match in _NESTED.finditer(_CDATA.sub(b"", data)):
        if match["end"]:
            depth = max(0, depth - 1)
        elif not match[0].endswith(b"/>"):
            depth += 1
            deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise SourceError(f"the elements of the {name} are nested more than {MAX_DEPTH} deep")


def _end_of_doctype(data: bytes, at: int) -> int:
    """Where a document type ends that begins before `at`; quotes and brackets are minded."""
    inside = False
    quote = 0
    comment = -1
    for index in range(at, min(len(data), at + HEAD * 4)):
        byte = data[index]
        if index < comment:
            continue
        if not quote and data.startswith(b"<!--", index):
            comment = data.find(b"-->", index)
            if comment < 0:
                break
        elif quote:
            quote = 0 if byte == quote else quote
        elif byte in b"\"'":
            quote = byte
        elif byte == 0x5B:
            inside = True
        elif byte == 0x5D:
            inside = False
        elif byte == 0x3E and not inside:
            return index + 1
    raise SourceError("its document type never ends")
