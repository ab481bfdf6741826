"""Any other table with a header: fields by their usual names, one article a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from store.article import FIELD_NAMES, Article
from store.importers.documents import article_of_document
from store.importers.record import Rejected, Source
from store.importers.tables import Row, read_table

_URL = re.compile(r"(?:https?|ftp)://\S+\Z", re.I)
_TIME = re.compile(r"\d{9,16}\Z")
_STATUS = ("unread", "read", "archive", "archived", "starred", "home")
#: Other names that columns have, and what they are called in `FIELD_NAMES`.
_COLUMNS = {
    "uri": "url", "address": "url", "web address": "url", "page url": "url", "article url": "url",
    "website": "url", "date added": "date_added", "saved date": "saved_at",
    "date saved": "saved_at", "added at": "added", "saved at": "saved_at",
    "created at": "created_at", "published at": "published_at", "published date": "published",
    "date published": "published", "publication date": "publication_date", "pub date": "pub_date",
    "tag": "tags", "label": "labels", "keyword": "keywords", "category": "categories",
    "notes": "summary", "note": "summary", "blurb": "summary", "full text": "text",
    "article title": "title", "page title": "title", "is read": "is_read",
    "reading progress": "reading_progress", "site name": "site_name",
}  # fmt: skip
#: The usual names in lower case, as columns are given.
_CASED = {name.lower(): name for names in FIELD_NAMES.values() for name in names}


def read_rows(source: Source) -> Iterator[Article | Rejected]:
    """The articles of a table."""
    for row in read_table(source, _columns):
        yield row if isinstance(row, Rejected) else _article(row, source.name)


def _article(row: Row, name: str) -> Article | Rejected:
    document: dict[str, str] = {}
    for column, value in row.fields.items():
        if value.strip():
            usual = _CASED.get(column) or _COLUMNS.get(column) or column.replace(" ", "_")
            document.setdefault(usual, value.strip())
    return article_of_document(document, (name, row.item), "csv")


def _columns(cells: Sequence[str]) -> Sequence[str]:
    """Names for the columns of a table without a header, by what stands in its first row."""
    names: list[str] = []
    for cell in map(str.strip, cells):
        if _URL.match(cell):
            name = "url"
        elif _TIME.match(cell):
            name = "time_added"
        elif cell.lower() in _STATUS:
            name = "status"
        elif not cell or "title" in names:
            name = "tags" if "title" in names and "tags" not in names else ""
        else:
            name = "title"
        names.append("" if name in names else name)
    return names
