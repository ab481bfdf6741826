"""Highlights and notes for other programs and for people: Markdown, JSON, CSV.

Whatever was marked or noted is written as text: Markdown shows it and obeys none of it.  In CSV a
cell that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises;
JSON has every text as it is.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from store.article import Article
from store.errors import ArticleNotFoundError
from store.exporters.markup import link_of
from store.highlightquery import FoundHighlights, orphans
from store.highlights import Highlight

if TYPE_CHECKING:
    from store.library import Library

#: What may be asked for, and what the writers are called by.
FORMATS: Final = ("md", "json", "csv")

#: Columns that Readwise takes in ("Import from CSV"), in its order.
COLUMNS: Final = ("Highlight", "Title", "Author", "URL", "Note", "Location", "Date")

#: What Markdown may take for markup inside a line, and at its beginning.
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>&|~$]|(?<![^\s#])#)")
_LINE_START: Final = re.compile(r"^([ \t]*)([#+=:-]|\d{1,9}(?=[.)]))", re.MULTILINE)
#: Beginnings of cells that spreadsheets obey.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Annotated(NamedTuple):
    """An article and what the reader marked and wrote in it.

    Attributes:
        article: The article; one that is gone has its id only.
        highlights: Highlights and notes, in order.
        orphans: Numbers of those whose passage is not in the article any more.
    """

    article: Article
    highlights: Sequence[Highlight]
    orphans: frozenset[int] = frozenset()


def write_highlights(library: Library | None, found: FoundHighlights, format: str) -> Iterator[str]:
    """The text of an export, in parts; an article is read when it is to be written.

    Args:
        library: The library; None where nothing was found.
        found: What is to be written.
        format: One of `FORMATS`.
    """
    groups = () if library is None else (_annotated(library, *group) for group in found.groups)
    return _WRITERS[format](groups)


def _annotated(library: Library, id: int, highlights: Sequence[Highlight]) -> Annotated:
    try:
        article = library.get(id)
    except ArticleNotFoundError:
        return Annotated(Article(id=id), highlights, frozenset(each.id for each in highlights))
    return Annotated(article, highlights, frozenset(orphans(article.body, highlights)))


def _markdown(groups: Iterable[Annotated]) -> Iterator[str]:
    """An article a heading, its link, then each passage as a quotation with its note under it."""
    first = True
    for article, highlights, gone in groups:
        title = escaped(article.title) or f"Article {article.id}"
        url = link_of(article.url)
        heading = f"## [{title}](<{url}>)" if url else f"## {title}"
        about = " · ".join(filter(None, (article.author, article.site, article.published[:10])))
        yield ("" if first else "\n") + "\n\n".join(filter(None, (heading, escaped(about)))) + "\n"
        first = False
        for each in highlights:
            parts = []
            if each.quote.strip():
                lines = escaped(each.quote.strip()).split("\n")
                parts.append("\n".join(f"> {line}".rstrip() for line in lines))
            if each.note.strip():
                parts.append("  \n".join(escaped(each.note.strip()).split("\n")))
            facts = [each.colour if each.quote else "note", each.made[:10]]
            if each.id in gone:
                facts.append("its text is not here" if article.is_stub else "no longer in the text")
            parts.append(f"*{', '.join(filter(None, facts))}*")
            yield "\n" + "\n\n".join(parts) + "\n"


def _json(groups: Iterable[Annotated]) -> Iterator[str]:
    """An array of objects, one a line."""
    separator = "["
    for group in groups:
        for record in records(group):
            yield f"{separator}\n{json.dumps(record, ensure_ascii=False)}"
            separator = ","
    yield "[]\n" if separator == "[" else "\n]\n"


def records(group: Annotated) -> Iterator[dict[str, Any]]:
    """Each highlight of an article with all that is known of it."""
    article, highlights, gone = group
    for each in highlights:
        yield {
            "id": each.id,
            "quote": each.quote,
            "note": each.note,
            "colour": each.colour,
            "made": each.made,
            "offset": each.offset,
            "before": each.before,
            "after": each.after,
            "orphan": each.id in gone,
            "article": article.id or each.article,
            "title": article.title,
            "author": article.author,
            "site": article.site,
            "url": article.url,
            "published": article.published,
        }


def write_csv(groups: Iterable[Annotated]) -> Iterator[str]:
    """A row a highlight, as Readwise takes it in; a note without a passage is its own passage."""
    yield _row(COLUMNS)
    for article, highlights, _ in groups:
        for each in highlights:
            quote, note = (each.quote, each.note) if each.quote.strip() else (each.note, "")
            yield _row(
                (quote, article.title, article.author, article.url, note, str(each.offset),
                 each.made)
            )  # fmt: skip


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    safe = (f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells)
    csv.writer(line, lineterminator="\r\n").writerow(safe)  # RFC 4180
    return line.getvalue()


def escaped(text: str) -> str:
    """Text as Markdown that shows it."""
    return _LINE_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", text)) if text else ""


_WRITERS: Final[dict[str, Callable[[Iterable[Annotated]], Iterator[str]]]] = {
    "md": _markdown,
    "json": _json,
    "csv": write_csv,
}
