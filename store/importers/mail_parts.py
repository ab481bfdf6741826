"""The parts of a mail message (RFC 2045 to 2047), taken apart within limits.

The parser of the standard library recurses once for each level of nesting and looks at each line
once for each; a hostile message of a few megabytes keeps it busy for minutes.  Here a level costs
one pass, and there are `MAX_DEPTH` of them.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from store.encoding import decode
from store.sanitize import clean_line

#: Real messages have 3 levels and a handful of parts; digests some hundred.
MAX_DEPTH = 12
MAX_PARTS = 2_000
#: Longest block of headers in bytes.
MAX_HEADERS = 1 << 20
#: Longest header with parameters, in characters; each parameter is compared with all the others.
MAX_PARAMETERS = 10_000
#: Characters of a header that are looked at, twenty times as many as are kept.
MAX_TEXT = 20_000

_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n|\A[ \t]*\r?\n")
_ENCODED = re.compile(r"=\?[^?\s]+\?[bq]\?", re.I)
# "=?utf-8?Q?a b?=": spaces do not belong there, and some programs put them in.
_LOOSE = re.compile(r"=\?([^?\s]+)\?q\?([^?]*?)\?=", re.I)


@dataclass(slots=True)
class Part:
    """One part of a message.

    Attributes:
        headers: Its headers.
        type: Media type in lower case: "text/html".
        body: Its content as it was sent, encoded.
        parts: The parts in it.
    """

    headers: Message
    type: str
    body: bytes = b""
    parts: list[Part] = field(default_factory=list)

    def header(self, name: str) -> str:
        """A header as text on one line, encoded words decoded; "" when there is none."""
        return header_text(self.raw(name))

    def raw(self, name: str) -> str:
        """A header as it was sent; "" when there is none."""
        for key, value in self.headers.raw_items():
            if key.lower() == name:
                return str(value)
        return ""

    @property
    def name(self) -> str:
        """The file name that the part bears, or ""."""
        try:
            return header_text(self.headers.get_filename() or "")
        except (LookupError, ValueError, TypeError):
            return ""

    @property
    def is_attachment(self) -> bool:
        """Whether the part is a file that comes with the message and not its text."""
        disposition = self.raw("content-disposition").lower().lstrip()
        if disposition.startswith("attachment"):
            return True
        return not self.type.startswith(("text/", "multipart/", "message/")) or (
            bool(self.name) and self.type not in ("text/plain", "text/html")
        )

    def parameter(self, name: str) -> str:
        """A parameter of the content type, in lower case; "" when there is none."""
        try:
            value = self.headers.get_param(name, "")
        except (LookupError, ValueError, TypeError):
            return ""
        return value.lower().strip() if isinstance(value, str) else ""

    def content(self) -> bytes:
        """The content without its transfer encoding; what cannot be decoded stays as it is."""
        encoding = self.raw("content-transfer-encoding").lower().strip()
        if encoding == "base64":
            return _from_base64(self.body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.body)
        return self.body

    def text(self) -> str:
        """The content as text, with LF for line ends."""
        try:
            charset = self.headers.get_content_charset() or ""
        except (LookupError, ValueError, TypeError):
            charset = ""
        text = decode(self.content(), charset)
        return text.replace("\r\n", "\n").replace("\r", "\n")


class _Budget:
    def __init__(self) -> None:
        self.left = MAX_PARTS


def take_apart(data: bytes) -> Part:
    """The parts of a message; what lies too deep or is too much is left as one part of text."""
    return _part(data, "text/plain", 0, _Budget())


def _part(data: bytes, usual: str, depth: int, budget: _Budget) -> Part:
    budget.left -= 1
    match = _BLANK.search(data[: MAX_HEADERS + 4])
    end = match.start() if match else min(len(data), MAX_HEADERS)
    head, body = data[:end], data[match.end() :] if match else b""
    headers = BytesParser(policy=compat32).parsebytes(head, headersonly=True)
    for name in ("content-type", "content-disposition"):
        value = str(headers.get(name, ""))
        if len(value) > MAX_PARAMETERS:
            headers.replace_header(name, value[:MAX_PARAMETERS])
    kind = headers.get_content_type() if headers.get("content-type") else usual
    part = Part(headers, kind.lower(), body)
    if depth >= MAX_DEPTH or budget.left <= 0:
        return part
    if kind.startswith("multipart/"):
        boundary = _boundary(headers)
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        if boundary:
            for piece in _pieces(body, boundary):
                if budget.left <= 0:
                    break
                part.parts.append(_part(piece, inner, depth + 1, budget))
    elif kind == "message/rfc822" and "content-transfer-encoding" not in headers:
        part.parts.append(_part(body, "text/plain", depth + 1, budget))
    return part


def _boundary(headers: Message) -> bytes:
    try:
        said = headers.get_boundary()
    except (LookupError, ValueError, TypeError):
        return b""
    return said.encode("utf-8", "surrogateescape")[:200] if said else b""


def _pieces(body: bytes, boundary: bytes) -> list[bytes]:
    """What stands between the lines of a boundary; the last one may be missing."""
    mark = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    pieces: list[bytes] = []
    start = -1
    for match in mark.finditer(body):
        if start >= 0:
            pieces.append(body[start : match.start()])
        start = -1 if match[1] else min(match.end() + _line_end(body, match.end()), len(body))
        if match[1] or len(pieces) > MAX_PARTS:
            break
    if start >= 0:
        pieces.append(body[start:])
    return pieces


def _line_end(data: bytes, place: int) -> int:
    if data[place : place + 2] == b"\r\n":
        return 2
    return 1 if data[place : place + 1] == b"\n" else 0


def _from_base64(data: bytes) -> bytes:
    """What can be decoded of base64, whatever stands between its letters."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def header_text(text: str) -> str:
    """A header's value as text on one line; encoded words (RFC 2047) are decoded."""
    text = text[:MAX_TEXT]
    if not text.isascii():  # bytes that were sent as they are, against the rules
        text = decode(text.encode("utf-8", "surrogateescape"))
    if _ENCODED.search(text):
        text = _LOOSE.sub(lambda m: f"=?{m[1]}?q?{m[2].replace(' ', '_')}?=", text)
        # Unfolded, and no word is looked for where none can end: each would be to the end.
        head, end, rest = " ".join(text.splitlines()).rpartition("?=")
        words = head + end
        text = (_decoded_words(words) or words) + rest
    return clean_line(text)


def _decoded_words(text: str) -> str:
    try:
        pieces = decode_header(text)
    except (ValueError, LookupError, binascii.Error, HeaderParseError):
        return text
    merged: list[tuple[bytes, str]] = []
    shown = ""
    for piece, charset in pieces:
        if isinstance(piece, str):
            return text
        # A character may be cut in two by the end of an encoded word.
        if charset and merged and merged[-1][1] == charset:
            merged[-1] = (merged[-1][0] + piece, charset)
        else:
            merged.append((piece, charset or ""))
    for data, name in merged:
        shown += decode(data, name) if name else data.decode("utf-8", "replace")
    return shown
