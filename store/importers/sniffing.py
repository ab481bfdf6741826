"""Telling a format by the first bytes of a source: what each format's `sniff` is made of.

A sniff is a function of a `Head`, which looks at the source no further than needed and only once.
Most are made of the functions here: `columns`, `json_keys`, `xml_root`, `zip_entries`, `matches`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import islice
from pathlib import PurePath
from typing import Final, TypeAlias

from store.encoding import decode
from store.importers.record import HEAD, Source

#: Files that hold no text, by their first bytes, and what to call them.
SIGNATURES: Final = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"OggS", "a sound or film"),
    (b"ID3", "a sound"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
)
#: Endings of the names of texts that are made for programs to read.
PARTS_OF_PROGRAMS: Final = frozenset({
    ".c", ".cc", ".cfg", ".conf", ".cpp", ".cs", ".css", ".go", ".h", ".hpp", ".ini", ".java",
    ".js", ".kt", ".less", ".lock", ".lua", ".map", ".mjs", ".php", ".pl", ".ps1", ".py", ".rb",
    ".rs", ".scss", ".sh", ".sql", ".swift", ".toml", ".ts", ".tsx", ".vue", ".yaml", ".yml",
})  # fmt: skip
_OF_TEXT: Final = ("a PDF file", "an RTF document")
_TAR: Final = (257, b"ustar")

_CONTROLS = bytes((*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)))
_HEADER_BYTES = 16_384  # a line of column names is never longer

# Each part is atomic: a comment ends where it first can, however the rest fails to match.
_PROLOG = re.compile(
    r"(?>(?:(?><\?.*?\?>)|(?><!--.*?-->)|(?><!doctype[^>\[]*+(?:\[.*?\]\s*)?>))\s*+)*+<([\w.:-]++)",
    re.I | re.S,
)
_HTML_DOCTYPE = re.compile(
    r"(?>(?:(?><\?.*?\?>)|(?><!--.*?-->))\s*+)*+<!doctype\s+html\b", re.I | re.S
)
_WEB_ARCHIVE = re.compile(
    rb"(?:[\w-]+:[^\n]*+\n(?:[ \t][^\n]*+\n)*+)*?content-type:\s*multipart/related\b", re.I
)
_LIST_OF_LINKS = re.compile(
    r"<title>\s*(?:Pocket Export|Instapaper: Export)\s*</title>"
    r"|<h1>\s*(?:Unread|Read Archive|Archive)\s*</h1>\s*<[ou]l>\s*(?:<li>\s*<a\s|</[ou]l>)", re.I
)  # fmt: skip
_JSON_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},:]|[^\s"\[\]{},:]+', re.S)
#: The line that begins a message in a mailbox.
FROM_LINE = re.compile(
    rb"From \S.{0,200}?\d\d:\d\d.{0,60}?\d{4}|From (?:-|\S+@\S+|MAILER-DAEMON)\s*\S*"
)
_FIELD = re.compile(rb"([!-9;-~]+):[^\n]*\n(?:[ \t][^\n]*\n)*")
#: Headers that only mail has, and those of which it has most.
_OF_MAIL = frozenset({b"message-id", b"received", b"return-path", b"delivered-to", b"list-id",
                      b"dkim-signature", b"x-mailer"})  # fmt: skip
_USUAL = frozenset({b"from", b"date", b"subject", b"to", b"mime-version", b"content-type"})
_JSON_HEAD: Final = 2 * 1024**2
_JSON_KEYS: Final = 2_000
_JSON_DEPTH = 5  # deeper keys tell nothing
_JSON_LITERAL = re.compile(r"-?\d[\d.eE+-]*|true|false|null")

Sniff: TypeAlias = Callable[["Head"], bool]


def _controls(data: bytes) -> int:
    """How many bytes are control characters that no text holds."""
    return len(data) - len(data.translate(None, _CONTROLS))


class Head:
    """The beginning of a source, looked at in several ways."""

    def __init__(self, source: Source) -> None:
        """Reads the first bytes.

        Raises:
            OSError: they cannot be read.
        """
        self.source = source
        #: The first bytes.
        self.data: bytes = source.head
        #: The same without a byte order mark and white space.
        self.start: bytes = self.data.lstrip(b"\xef\xbb\xbf \t\r\n")
        #: The end of the file's name, in lower case: ".csv".
        self.suffix: str = PurePath(source.name).suffix.lower()

    @cached_property
    def text(self) -> str:
        """The first bytes as text."""
        return decode(self.data)

    @cached_property
    def mark(self) -> str:
        """The first character that is no white space; "" when there is none.

        Told by the byte where that is sure, so that most texts need not be decoded.
        """
        first = self.start[:1]
        if b"\0" not in self.data[:4] and first < b"\x80":
            return first.decode("ascii")
        return self.text.lstrip()[:1]

    @cached_property
    def binary(self) -> str:
        """What a file is that holds no text, as "a PNG picture"; "" when it may be text."""
        for signature, kind in SIGNATURES:
            # Some are words: a text may begin with "MZ", but no text has controls soon after.
            if self.data.startswith(signature) and (
                kind in _OF_TEXT or not signature.isalnum() or _controls(self.data[:512])
            ):
                return kind
        if self.data[_TAR[0] :].startswith(_TAR[1]):
            return "a tar archive"
        sample = self.data[:8192]
        if sample.startswith((b"\xff\xfe", b"\xfe\xff")) or not sample:
            return ""
        if _controls(sample) <= min(len(sample) // 10, max(8, len(sample) // 50)):
            return ""
        from store.encoding import detect_encoding

        return "" if detect_encoding(sample).startswith("utf-16") else "a binary file"

    @cached_property
    def no_article(self) -> str:
        """What a text is that nobody reads as an article, as "an SVG picture"; "" when none is.

        By its name that goes only for what was found in a folder or an archive: a file that
        somebody names is meant.
        """
        if self.root == "svg":
            return "an SVG picture"
        if self.source.was_found and self.suffix in PARTS_OF_PROGRAMS:
            return f"a part of a page or program ({self.suffix})"
        return ""

    @cached_property
    def columns(self) -> frozenset[str]:
        """The names in the first line, if it is one of a table with commas: lower case, trimmed.

        Empty when the first line is anything else.
        """
        head = self.start[:_HEADER_BYTES]
        if b"\0" in self.data[:4]:
            head = self.text.lstrip()[:_HEADER_BYTES].encode("utf-8", "replace")
        lines = [decode(line) for line in head.splitlines()[:2]]
        delimiter = separator_in(lines[0]) if lines else ""
        line = lines[-1] if delimiter else "".join(lines[:1])
        if delimiter not in line:
            delimiter = ""
        if not delimiter and not re.search("[,;\t]", line):
            return frozenset()
        return frozenset(name for name in header_of(line, delimiter) if name)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Where JSON has which keys: "[].url" for that of objects in a list, "meta.name"."""
        if self.mark not in ("{", "["):
            return frozenset()
        text = self.text
        if len(self.data) >= HEAD:  # the first record may hold a long text
            with self.source.open() as stream:
                text = decode(stream.read(_JSON_HEAD))
        return frozenset(islice(_json_paths(text), _JSON_KEYS))

    @cached_property
    def markup(self) -> str:
        """The text from its first tag, comment or declaration; "" when it begins with no such."""
        return self.text.lstrip() if self.mark == "<" else ""

    @cached_property
    def root(self) -> str:
        """The name of the first element of XML or HTML, in lower case, or ""."""
        match = _PROLOG.match(self.markup)
        return match[1].lower() if match else ""

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """The names in a ZIP archive; none when it is none, or damaged."""
        if not self.data.startswith(b"PK\x03\x04"):
            return ()
        from store.importers.archive import names_in

        return names_in(self.source)


#: Spreadsheets write and read it; a letter or a digit parts no columns.
_SEPARATOR = re.compile(r'\ufeff?"?sep=([^\w\s"]|\t)"?\s*', re.I)


def delimiter_of(line: str) -> str:
    """What parts the columns of a header line: a comma, a semicolon or a tab."""
    return max(",;\t", key=line.count)


def separator_in(line: str) -> str:
    """What parts the columns by a line before the header that only says so: "sep=;"; or ""."""
    match = _SEPARATOR.fullmatch(line)
    return match[1] if match else ""


def header_of(line: str, delimiter: str = "") -> list[str]:
    """The names in a header line, lower case and trimmed."""
    try:
        row = next(csv.reader([line], delimiter=delimiter or delimiter_of(line)), [])
    except csv.Error:
        return []
    return [" ".join(name.split()).casefold() for name in row]


def columns(*names: str) -> Sniff:
    """Tables whose header line has all of these columns (in lower case), in any order."""
    wanted = frozenset(names)
    return lambda head: wanted <= head.columns


def json_keys(*paths: str) -> Sniff:
    """JSON that has all of these keys near its beginning; "[].url" is a key of a list's items."""
    wanted = frozenset(paths)
    return lambda head: wanted <= head.keys


def xml_root(*names: str) -> Sniff:
    """XML or HTML whose first element has one of these names (in lower case)."""
    return lambda head: head.root in names


def zip_entries(*patterns: str) -> Sniff:
    """ZIP archives with an entry for each of these shell patterns."""
    return lambda head: all(
        any(fnmatchcase(name, pattern) for name in head.entries) for pattern in patterns
    )


def matches(pattern: bytes) -> Sniff:
    """Sources that begin so (a regular expression), white space and byte order mark aside."""
    compiled = re.compile(pattern, re.I | re.S)
    return lambda head: bool(compiled.match(head.start))


def begins(pattern: str) -> Sniff:
    """The same for markup of any encoding: text that begins with "<"."""
    compiled = re.compile(pattern, re.I | re.S)
    return lambda head: not head.binary and bool(compiled.match(head.markup))


def signature(start: bytes) -> Sniff:
    """Sources that begin with exactly these bytes."""
    return lambda head: head.data.startswith(start)


def contains(start: bytes, word: bytes) -> Sniff:
    """Sources that begin with exactly these bytes and have a word near their beginning."""
    return lambda head: head.data.startswith(start) and word in head.data


def suffix(*endings: str) -> Sniff:
    """Sources whose name ends so, whatever is in them."""
    return lambda head: head.suffix in endings


def any_of(*sniffs: Sniff) -> Sniff:
    """What one of the others says yes to."""
    return lambda head: any(sniff(head) for sniff in sniffs)


def never(head: Head) -> bool:
    """A format that is taken by the file's name or by force only."""
    return False


def is_html(head: Head) -> bool:
    """A web page, or a web archive of one (MHTML)."""
    return (
        head.root in ("html", "head", "body")
        or bool(_HTML_DOCTYPE.match(head.markup))
        or bool(_WEB_ARCHIVE.match(head.start))
    )


#: Names of columns that make a table one of articles or links.
_TITLES: Final = frozenset({"title", "name", "headline", "article title", "page title"})
_LINKS: Final = frozenset({"url", "link", "href", "uri", "permalink", "address", "page url"})
_OTHERS: Final = frozenset({
    "author", "authors", "body", "byline", "content", "created", "created_at", "date",
    "description", "excerpt", "folder", "published", "saved", "status", "summary", "tags", "text",
    "time_added", "timestamp",
})  # fmt: skip


def is_table(head: Head) -> bool:
    """A table whose columns name titles or links, or anything at all if it is named as one."""
    if head.suffix in (".csv", ".tsv"):
        return len(head.columns) > 1
    kinds = sum(bool(head.columns & names) for names in (_TITLES, _LINKS, _OTHERS))
    return kinds > 1 and bool(head.columns & (_TITLES | _LINKS))


def is_list_of_links(head: Head) -> bool:
    """Pocket's or Instapaper's export as a page."""
    return head.root in ("html", "head", "body", "h1", "title") and bool(
        _LIST_OF_LINKS.search(head.markup[:8192])
    )


def is_mail(head: Head) -> bool:
    """Whether a source is one message: it begins with headers of mail."""
    if head.data.startswith(b"From ") or not head.data[:1].strip():
        return False
    names = _field_names(head.data.replace(b"\r\n", b"\n"))
    if b"snapshot-content-location" in names:
        return False
    return b"from" in names and (
        bool(names & _OF_MAIL) or (len(names & _USUAL) >= 4 and b"mime-version" in names)
    )


def is_mbox(head: Head) -> bool:
    """Whether a source is a mailbox: it begins with a "From " line and headers below it."""
    data = head.data.lstrip(b"\r\n").replace(b"\r\n", b"\n")
    first, _, rest = data.partition(b"\n")
    return bool(FROM_LINE.match(first)) and bool(_field_names(rest) & (_OF_MAIL | _USUAL))


def _field_names(data: bytes) -> set[bytes]:
    names: set[bytes] = set()
    place = 0
    while match := _FIELD.match(data, place):
        names.add(match[1].lower())
        place = match.end()
    return names


def is_pdf(head: Head) -> bool:
    """A PDF; what stands before its mark in the first 1,024 bytes is ignored by all readers."""
    return b"%PDF-" in head.data[:1024] and (head.data[:5] == b"%PDF-" or head.suffix == ".pdf")


def is_json(head: Head) -> bool:
    """JSON objects or lists, JSON Lines among them; not text that begins with a bracket."""
    if head.mark not in ("{", "["):
        return False
    if head.keys:
        return True
    from store.jsontext import loads

    try:
        return isinstance(loads(head.source.head.strip()), dict | list)
    except (ValueError, RecursionError):
        return False


def is_json_feed(head: Head) -> bool:
    """A JSON Feed (jsonfeed.org), by its version."""
    return b"jsonfeed.org" in head.data and {"version", "items"} <= head.keys


def _json_paths(text: str) -> Iterator[str]:
    """Paths of the keys in the beginning of a JSON text; ends where it is no JSON any more."""
    stack: list[str] = []  # "[" for a list, else the key in an object, "" before the first
    prefix: list[str] = []
    expect_key = False
    previous = ""
    for match in _JSON_TOKEN.finditer(text):
        token = match[0]
        if token in "{[":
            if previous not in ("", ":", ",", "["):
                return
            stack.append("[" if token == "[" else "")
            prefix.append(("[]" if token == "[" else "") if len(stack) <= _JSON_DEPTH else "")
            expect_key = token == "{"
        elif token in "}]":
            if not stack or (stack[-1] == "[") != (token == "]"):
                return
            stack.pop()
            prefix.pop()
            expect_key = False
        elif token == ",":
            expect_key = bool(stack) and stack[-1] != "["
        elif token[0] == '"':
            if expect_key:
                if len(stack) <= _JSON_DEPTH:
                    following = text[match.end() : match.end() + 16].lstrip()
                    if following and not following.startswith(":"):
                        return
                    stack[-1] = token
                    prefix[-1] = f".{token[1:-1]}"
                    yield "".join(prefix).removeprefix(".")
                expect_key = False
        elif token != ":" and (expect_key or not _JSON_LITERAL.fullmatch(token)):
            return
        previous = token
