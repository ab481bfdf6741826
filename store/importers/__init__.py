"""The import formats, and the registry that finds the right one by content.

To add a format: a module with a reader (`record.Reader`), and one line in `FORMATS`.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final

from store.article import Article
from store.errors import SourceError
from store.importers.record import Reader, Rejected, Source

__all__ = ["FORMATS", "Format", "find_format", "read_source", "read_sources"]

#: Files larger than this are rejected (bytes); JSON files hold whole libraries.
MAX_SIZE: Final = 64 * 1024 * 1024
MAX_JSON_SIZE: Final = 4 * 1024 * 1024 * 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Format:
    """One import format.

    Attributes:
        name: As `--format` takes it, and as `Article.type` records it.
        description: What it is, for help.
        module: Module of this package that reads it; loaded when first needed.
        reader: Name of the reader in it.
        extensions: File name endings that suggest it.
    """

    name: str
    description: str
    module: str
    reader: str
    extensions: tuple[str, ...]

    def load(self) -> Reader:
        """The reader."""
        reader: Reader = getattr(import_module(f"{__name__}.{self.module}"), self.reader)
        return reader


FORMATS: Final[dict[str, Format]] = {
    format_.name: format_
    for format_ in (
        Format("text", "plain text, also as it comes out of a PDF or a mail", "text", "read_text",
               (".txt", ".text", ".asc")),
        Format("markdown", "Markdown, with or without front matter", "markdown", "read_markdown",
               (".md", ".markdown", ".mkd", ".mdown", ".mdx")),
        Format("html", "HTML pages, saved ones too", "html", "read_html",
               (".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht")),
        Format("json", "TinyDB files, other JSON, JSON Lines", "json_documents", "read_json",
               (".json", ".jsonl", ".ndjson")),
    )
}  # fmt: skip

#: First bytes of files that are none of these, and what to call them.
_SIGNATURES: Final = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive (or an EPUB or office document)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
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
_READS: Final = "broadsheet reads text, Markdown, HTML and JSON"

_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])",
    re.I | re.S,
)
_MHTML = re.compile(
    rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related\b", re.I
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def binary_kind(data: bytes) -> str:
    """What a file is that holds no text, or "" when it may be text."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    sample = data[:8192]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")) or not sample:
        return ""
    if len(_CONTROLS.findall(sample)) <= len(sample) // 10:
        return ""
    from store.encoding import detect_encoding

    return "" if detect_encoding(sample).startswith("utf-16") else "a binary file"


def find_format(source: Source) -> Format:
    """The format of a source, by its content first and its name where that leaves doubt.

    Raises:
        SourceError: it is none of the formats; the text says what it looks like.
    """
    kind = binary_kind(source.data)
    if kind:
        raise SourceError(f"it looks like {kind}; {_READS}")
    suffix = Path(source.name).suffix.lower()
    named = next((f for f in FORMATS.values() if suffix in f.extensions), None)
    head = source.data[:65_536].lstrip(b"\xef\xbb\xbf \t\r\n")
    if _HTML.match(source.data[:65_536]):
        return FORMATS["html"]
    if _MHTML.match(head):
        return FORMATS["html"]
    if named is not None and named.name in ("markdown", "html"):
        return named
    if head[:1] in (b"{", b"["):
        if named is not None and named.name == "json":
            return named
        if _is_json(source.data):
            return FORMATS["json"]
    if named is not None:
        return named
    from store.encoding import decode
    from store.importers.markdown import is_markdown

    return FORMATS["markdown" if is_markdown(decode(source.data[:65_536])) else "text"]


def _is_json(data: bytes) -> bool:
    """Whether the file, or its first line, is a JSON object or list."""
    from store.jsontext import loads

    for part in (data.lstrip().partition(b"\n")[0], data):
        try:
            if isinstance(loads(part), dict | list):
                return True
        except (ValueError, RecursionError):
            continue
    return False


def read_source(source: Source, format: str | None = None) -> Iterator[Article | Rejected]:
    """The articles of one source, each through the door of `sanitize`; never raises.

    Args:
        source: What to read.
        format: Name of the format, or None to find it.
    """
    from store.sanitize import clean_article

    try:
        chosen = FORMATS[format] if format else find_format(source)
        if not source.data.strip():
            yield Rejected(source.name, "it is empty")
            return
        for record in chosen.load()(source):
            if isinstance(record, Rejected):
                yield record
            else:
                article, cleaned = clean_article(record)
                source.cleaned += cleaned
                yield article
    except SourceError as error:
        yield Rejected(source.name, str(error))
    except (Exception, RecursionError) as error:
        # A bug in an importer costs one source, not the import.
        _log.exception("importing %s failed", source.name)
        yield Rejected(source.name, f"reading it failed ({type(error).__name__}: {error})")


def read_sources(
    paths: Sequence[str],
    *,
    format: str | None = None,
    stdin: BinaryIO | None = None,
    on_source: Callable[[str, int, int], None] | None = None,
    on_cleaned: Callable[[int], None] | None = None,
) -> Iterator[Article | Rejected]:
    """Read files, directories (walked in order of names, hidden ones skipped) and "-".

    Args:
        paths: What to read.
        format: Name of the format of all of them, or None to find each one's.
        stdin: What "-" reads; standard input by default.
        on_source: Told (name, sources done, sources in all) before each source.
        on_cleaned: Told after each source how many unsafe characters were removed, if any were.

    Yields:
        Articles, and a `Rejected` for each item or file that is none, with the reason.

    Raises:
        SourceError: `format` is not known.
    """
    if format is not None and format not in FORMATS:
        raise SourceError(f"no format {format!r}; known are {', '.join(FORMATS)}")
    names = list(_walk(paths))
    for done, name in enumerate(names):
        if on_source:
            on_source(name, done, len(names))
        source = _load(name, stdin, format)
        if isinstance(source, Rejected):
            yield source
        else:
            yield from read_source(source, format)
            if on_cleaned and source.cleaned:
                on_cleaned(source.cleaned)
    if on_source and names:
        on_source(names[-1], len(names), len(names))


def _walk(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        if path != "-" and Path(path).is_dir():
            # Links to directories are not followed, so that a loop of them ends.
            for directory, directories, files in os.walk(path):
                directories[:] = sorted(d for d in directories if not d.startswith("."))
                for file in sorted(files):
                    if not file.startswith("."):
                        yield os.path.join(directory, file)
        else:
            yield path


def _load(name: str, stdin: BinaryIO | None, format_name: str | None) -> Source | Rejected:
    try:
        if name == "-":
            data = (stdin or sys.stdin.buffer).read(MAX_JSON_SIZE + 1)
            return _limited(Source(name, data), format_name)
        path = Path(name)
        if not path.exists():
            if path.is_symlink():
                return Rejected(name, "it is a link to nothing")
            return Rejected(name, "there is no such file")
        if not path.is_file():
            return Rejected(name, "it is neither a file nor a directory")
        status = path.stat()
        if status.st_size > MAX_JSON_SIZE:
            return Rejected(name, f"it is larger than {MAX_JSON_SIZE >> 20:,} MiB")
        return _limited(Source(name, path.read_bytes(), status.st_mtime), format_name)
    except OSError as error:
        return Rejected(name, f"it cannot be read: {error.strerror or error}")


def _limited(source: Source, format_name: str | None) -> Source | Rejected:
    if len(source.data) <= MAX_SIZE:
        return source
    start = source.data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if len(source.data) <= MAX_JSON_SIZE and (format_name == "json" or start in (b"{", b"[")):
        return source
    return Rejected(source.name, f"it is larger than {MAX_SIZE >> 20:,} MiB")
