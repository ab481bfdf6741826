"""Readwise: the library of its Reader, and the highlights it collects, as tables.

Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen
Highlight,Book Title,Book Author,Amazon Book ID,Note,Color,Tags,Location Type,Location,
    Highlighted at,Document tags
"""

from __future__ import annotations

from collections.abc import Iterator

from store.article import Article, Passage
from store.importers.fields import (
    article_of,
    moment,
    names_of,
    progress,
    state_of,
    tags_of,
)
from store.importers.record import Rejected, Source
from store.importers.tables import Row, read_articles

_FINISHED = 0.98


def read_reader(source: Source) -> Iterator[Article | Rejected]:
    """The documents of Readwise Reader, one a row."""
    yield from read_articles(source, _document)


def _document(row: Row, name: str) -> Article | Rejected:
    location = row.get("location").lower()
    done = progress(row.get("reading progress"))
    return article_of(
        (name, row.item),
        "readwise-reader",
        title=row.get("title"),
        url=row.get("url", "source url"),
        author=names_of(row.get("author")),
        saved=row.get("saved date"),
        published=row.get("published date"),
        summary=row.get("summary"),
        tags=tags_of(row.get("document tags", "tags"), ","),
        state=state_of(
            read=done >= _FINISHED or location == "archive",
            archived=location == "archive",
            starred=location == "shortlist",
            done=done,
        ),
    )


def read_highlights(source: Source) -> Iterator[Article | Rejected]:
    """One highlight a row, each with the book or article it stands in, which is often a stub."""
    yield from read_articles(source, _highlight)


def _highlight(row: Row, name: str) -> Article | Rejected:
    quote, note = row.get("highlight"), row.get("note")
    if not (quote or note):
        return Rejected(name, "it has neither a highlight nor a note", row.item)
    labels = " ".join(f"#{tag}" for tag in tags_of(row.get("tags"), ","))
    extra = {"amazon_book_id": row.get("amazon book id")} if row.get("amazon book id") else {}
    return article_of(
        (name, row.item),
        "readwise-highlights",
        title=row.get("book title", "title"),
        url=row.get("url", "source url"),
        author=names_of(row.get("book author", "author")),
        tags=tags_of(row.get("document tags"), ","),
        extra=extra,
        highlights=[
            Passage(
                quote,
                f"{note}\n{labels}".strip(),
                row.get("color"),
                moment(row.get("highlighted at")),
            )
        ],
    )
