"""The import formats, and the registry that finds the right one by content.

To add a format: a module with a reader (`record.Reader`), and one line in `FORMATS`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import BinaryIO, Final, cast

from store.article import Article
from store.errors import LibraryError, SourceError
from store.importers.deadline import reader_for
from store.importers.pool import Pool, workers_for
from store.importers.record import (
    HEAD,
    NOTHING,
    ContainerReader,
    Reader,
    Record,
    Rejected,
    Source,
)
from store.importers.sniffing import (
    Head,
    Sniff,
    any_of,
    begins,
    columns,
    contains,
    is_html,
    is_json,
    is_json_feed,
    is_list_of_links,
    is_mail,
    is_mbox,
    is_pdf,
    is_table,
    json_keys,
    matches,
    never,
    signature,
    suffix,
    xml_root,
    zip_entries,
)
from store.importers.sources import open_source, walk
from store.importers.worker import Begun, Job

__all__ = ["FORMATS", "Format", "find_format", "read_source", "read_sources"]

#: Files larger than this (bytes) are rejected by readers that need the whole in memory, but for
#: JSON, where one file holds a whole library.
MAX_SIZE: Final = 64 * 1024**2
MAX_JSON_SIZE: Final = 4 * 1024**3
#: PDFs and books hold pictures, which are not read.
MAX_PDF_SIZE: Final = 512 * 1024**2
MAX_BOOK_SIZE: Final = 1024**3

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Format:
    """One import format.

    Attributes:
        name: As `--format` takes it, and as `Article.type` records it.
        description: What it is, for help.
        module: Module of this package that reads it; loaded when first needed.
        reader: Name of the reader in it.
        extensions: File name endings that suggest it when no content says what it is.
        sniff: Whether a source is of this format, by its content (see `sniffing`).
        binary: It may come as a file that is no text: an archive, a database, a document.
        limit: Most bytes that the reader may take into memory; None when it reads by parts.
        container: It holds sources of other formats: its reader takes the name of theirs too.
    """

    name: str
    description: str
    module: str
    reader: str
    extensions: tuple[str, ...] = ()
    sniff: Sniff = never
    binary: bool = False
    limit: int | None = MAX_SIZE
    container: bool = False

    def load(self) -> Reader:
        """The reader."""
        reader: Reader = getattr(import_module(f"{__name__}.{self.module}"), self.reader)
        return reader


#: By their names.  The first whose `sniff` says yes reads a source, so that what is more special
#: stands before what is less.
FORMATS: Final[dict[str, Format]] = {
    format_.name: format_
    for format_ in (
        # Archives of one program, and files that are no text.
        Format("omnivore", "Omnivore's export (ZIP, or a metadata_….json of it)", "omnivore",
               "read_omnivore", (), any_of(zip_entries("*metadata_*_to_*.json"),
               json_keys("[].slug", "[].readingProgress")), binary=True, limit=MAX_JSON_SIZE),
        Format("pocket", "Pocket's export (CSV, or the ZIP of them)", "pocket", "read_pocket", (),
               any_of(columns("url", "time_added", "status"), zip_entries("*part_*.csv")),
               binary=True, limit=None),
        Format("newsboat", "newsboat's cache.db", "newsboat", "read_newsboat", (),
               contains(b"SQLite format 3\x00", b"rss_item"), binary=True, limit=None),
        Format("epub", "EPUB books: one article a book, or one a chapter (--split)", "epub",
               "read_epub", (".epub",), zip_entries("META-INF/container.xml"), binary=True,
               limit=MAX_BOOK_SIZE),
        Format("zip", "ZIP archives of anything else here", "archive", "read_zip", (".zip",),
               signature(b"PK"), binary=True, limit=None, container=True),
        Format("gzip", "a file of any other format, packed", "archive", "read_gzip", (".gz",),
               signature(b"\x1f\x8b"), binary=True, limit=None, container=True),
        Format("pdf", "PDF documents: text, headings, lists, in the order of the columns", "pdf",
               "read_pdf", (".pdf",), is_pdf, binary=True, limit=MAX_PDF_SIZE),
        # Mail, which may hold HTML.
        Format("mbox", "mailboxes of newsletters and other mail", "mail", "read_mbox",
               (".mbox",), is_mbox, limit=None),
        Format("mail", "single mails: .eml files and Maildir folders", "mail", "read_mail",
               (".eml",), is_mail),
        # Markup.
        Format("pocket-html", "Pocket's or Instapaper's export as a page", "pocket_html",
               "read_pocket_html", (), is_list_of_links, limit=MAX_JSON_SIZE),
        Format("bookmarks", "bookmarks of browsers and services as HTML", "netscape",
               "read_netscape", (),
               begins(r"(?:<!--.{0,500}?-->\s*)?<!doctype\s+netscape-bookmark-file"),
               limit=MAX_JSON_SIZE),
        Format("feed", "feeds: RSS, Atom, JSON Feed; an article an entry", "feeds", "read_feed",
               (".rss", ".atom", ".rdf"), any_of(
                   xml_root("rss", "feed", "rdf:rdf", "channel", "atom:feed", "rss:rss"),
                   is_json_feed)),
        Format("opml", "lists of feeds (OPML), which are subscribed to", "opml", "read_outlines",
               (".opml",), xml_root("opml")),
        Format("html", "HTML pages, saved ones too", "html", "read_html",
               (".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht"), is_html),
        Format("markdown", "Markdown, with or without front matter", "markdown", "read_markdown",
               (".md", ".markdown", ".mkd", ".mdown", ".mdx"),
               suffix(".md", ".markdown", ".mkd", ".mdown", ".mdx")),
        # Tables.
        Format("instapaper", "Instapaper's export (CSV)", "instapaper", "read_instapaper", (),
               columns("url", "title", "selection", "folder"), limit=None),
        Format("readwise-reader", "Readwise Reader's export (CSV)", "readwise", "read_reader", (),
               columns("title", "url", "document tags", "location"), limit=None),
        Format("readwise-highlights", "highlights from Readwise (CSV)", "readwise",
               "read_highlights", (), columns("highlight", "book title"), limit=None),
        Format("raindrop", "Raindrop's export (CSV)", "raindrop", "read_raindrop", (),
               columns("url", "excerpt", "tags", "created"), limit=None),
        Format("csv", "other tables; columns are found by their usual names", "table_documents",
               "read_rows", (".csv", ".tsv"), is_table, limit=None),
        # JSON.
        Format("broadsheet", "what `broadsheet export` wrote as JSON, without loss", "own_json",
               "read_own_json", (), matches(rb'\{\s*"broadsheet"\s*:'), limit=MAX_JSON_SIZE),
        Format("wallabag", "wallabag's export (JSON), version 2 or 1", "wallabag",
               "read_wallabag", (), any_of(json_keys("[].url", "[].is_archived"),
               json_keys("[].url", "[].is_fav")), limit=MAX_JSON_SIZE),
        Format("karakeep", "Karakeep's or Hoarder's export (JSON)", "karakeep", "read_karakeep",
               (), json_keys("bookmarks[].content", "bookmarks[].createdAt"), limit=MAX_JSON_SIZE),
        Format("linkwarden", "Linkwarden's export (JSON)", "karakeep", "read_linkwarden", (),
               json_keys("collections[].name", "collections[].links"), limit=MAX_JSON_SIZE),
        Format("pinboard", "Pinboard's export (JSON)", "pinboard", "read_pinboard", (),
               json_keys("[].href", "[].extended"), limit=MAX_JSON_SIZE),
        Format("delicious", "Delicious' export (JSON)", "pinboard", "read_delicious", (),
               json_keys("[].url", "[].others", "[].private"), limit=MAX_JSON_SIZE),
        Format("readability", "Readability's export (JSON)", "readability", "read_readability",
               (), json_keys("bookmarks[].article__url"), limit=MAX_JSON_SIZE),
        Format("chrome", "bookmarks of Chrome and its kin (the file Bookmarks)", "browsers",
               "read_chrome", (), json_keys("roots.bookmark_bar"), limit=MAX_JSON_SIZE),
        Format("firefox", "bookmarks of Firefox (its backup in JSON)", "browsers",
               "read_firefox", (), json_keys("guid", "children", "type"), limit=MAX_JSON_SIZE),
        Format("json", "TinyDB files, other JSON, JSON Lines", "json_documents", "read_json",
               (".json", ".jsonl", ".ndjson"), is_json, limit=MAX_JSON_SIZE),
        # What is none of these.
        Format("text", "plain text, also as it comes out of a PDF or a mail", "text", "read_text",
               (".txt", ".text", ".asc")),
    )
}  # fmt: skip


def find_format(source: Source) -> Format:
    """The format of a source, by its content first and its name where that leaves doubt.

    Raises:
        SourceError: it is none of the formats; the text says what it looks like.
        OSError: it cannot be read.
    """
    head = Head(source)
    for format_ in FORMATS.values():
        if (format_.binary or not head.binary) and format_.sniff(head):
            return format_
    if head.binary:
        raise SourceError(
            f"it looks like {head.binary}; broadsheet add --help lists what can be read"
        )
    for format_ in FORMATS.values():
        if head.suffix in format_.extensions and not format_.binary:
            return format_
    if head.no_article:
        raise SourceError(f"it looks like {head.no_article}; --format text takes it as it stands")
    from store.importers.markdown import is_markdown

    return FORMATS["markdown" if is_markdown(head.text) else "text"]


def read_source(source: Source, format: str | None = None) -> Iterator[Record]:
    """The articles of one source, each through the door of `sanitize`; never raises.

    Args:
        source: What to read.
        format: Name of the format, or None to find it.  Of an archive, that of all its entries.
    """
    from store.sanitize import clean_article, vouch

    try:
        if len(source.head) < HEAD and not source.head.strip():
            yield Rejected(source.name, "it is empty")
            return
        chosen = _format_of(source, format)
        source.limit = chosen.limit
        if reader := reader_for(chosen.name):
            answer = reader.read(source, chosen.name)
            source.cleaned += answer.cleaned
            for record in answer.records:
                yield vouch(record) if isinstance(record, Article) else record
            return
        read = chosen.load()
        if chosen.container:
            inner = None if format == chosen.name else format
            records = cast(ContainerReader, read)(source, inner)
        else:
            records = read(source)
        found = False
        for record in records:
            found = True
            if isinstance(record, Article):
                record = _placed(record, source)
                if not chosen.container:  # else it passed the door as what it was found in
                    record, cleaned = clean_article(record)
                    source.cleaned += cleaned
                    if record.is_nothing:  # of all records only this one need not name its source
                        record = Rejected(source.name, NOTHING)
            yield record
        if not found:
            yield Rejected(source.name, f"there is nothing to read in it (format {chosen.name})")
    except LibraryError as error:
        yield Rejected(source.name, str(error))
    except OSError as error:
        yield Rejected(source.name, f"it cannot be read: {error.strerror or error}")
    except RecursionError:
        yield Rejected(source.name, "it is nested too deeply to be read")
    except MemoryError:
        yield Rejected(source.name, "there is not enough memory to read it")
    except Exception as error:
        # A bug in an importer costs one source, not the import.
        _log.exception("importing %s failed", source.name)
        yield Rejected(source.name, f"reading it failed ({type(error).__name__}: {error})")


def _placed(article: Article, source: Source) -> Article:
    """The article with the whole path of its file, so that it is known wherever it is added from.

    What lies in an archive keeps its place in it behind that.
    """
    if source.path is None or not article.source.startswith(source.name):
        return article
    place = f"{source.path.absolute()}{article.source.removeprefix(source.name)}"
    return article if place == article.source else replace(article, source=place)


def _format_of(source: Source, format: str | None) -> Format:
    """What reads a source, packed ones too, of the format of that name or of the one it has.

    Raises:
        SourceError: it is none of the formats.
        OSError: it cannot be read.
    """
    chosen = FORMATS[format] if format else find_format(source)
    return chosen if chosen.binary else _container(source) or chosen


def _container(source: Source) -> Format | None:
    """What reads a packed source whose format is given and is one of text."""
    head = Head(source)
    return next((f for f in FORMATS.values() if f.container and f.sniff(head)), None)


def read_sources(
    paths: Sequence[str],
    *,
    format: str | None = None,
    split: bool = False,
    stdin: BinaryIO | None = None,
    on_source: Callable[[str, int, int], None] | None = None,
    on_cleaned: Callable[[int], None] | None = None,
    workers: int | None = None,
) -> Iterator[Record]:
    """Read files, directories (walked in order of names, hidden ones skipped) and "-".

    Args:
        paths: What to read.
        format: Name of the format of all of them, or None to find each one's.
        split: Whether books become one article a chapter.
        stdin: What "-" reads; standard input by default.
        on_source: Told (name, sources done, sources in all) before each source.
        on_cleaned: Told after each source how many unsafe characters were removed, if any were.
        workers: How many processes read them, 0 for this one alone; by default as many as there
            are cores where it pays (see `pool`).

    Yields:
        Articles, and a `Rejected` for each item or file that is none, with the reason.

    Raises:
        SourceError: `format` is not known.
    """
    if format is not None and format not in FORMATS:
        raise SourceError(f"no format {format!r}; known are {', '.join(FORMATS)}")
    names = list(walk(paths))
    size = workers_for(names) if workers is None else workers
    if size and "-" not in names:
        jobs = [Job(number, name, format, split) for number, name in enumerate(names)]
        with Pool(size) as pool:
            for record in pool.read(jobs, on_cleaned):
                if not isinstance(record, Begun):
                    yield record
                elif on_source:
                    on_source(names[record.number], record.number, len(names))
    else:
        for done, name in enumerate(names):
            if on_source:
                on_source(name, done, len(names))
            source = open_source(name, stdin, lambda piped: _format_of(piped, format).limit)
            if isinstance(source, Rejected):
                yield source
            else:
                source.split = split
                yield from read_source(source, format)
                if on_cleaned and source.cleaned:
                    on_cleaned(source.cleaned)
    if on_source and names:
        on_source(names[-1], len(names), len(names))
