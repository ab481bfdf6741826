"""Any other table with a header: fields by their usual names, one article a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from store.article import Article
from store.importers.documents import article_of_document
from store.importers.record import Rejected, Source
from store.importers.tables import Row, read_articles

_URL = re.compile(r"(?:https?|ftp)://\S+\Z", re.I)
_TIME = re.compile(r"\d{9,16}\Z")
_STATUS = ("unread", "read", "archive", "archived", "starred", "home")


def read_rows(source: Source) -> Iterator[Article | Rejected]:
    """The articles of a table."""
    yield from read_articles(source, _article, _columns)


def _article(row: Row, name: str) -> Article | Rejected:
    document = {
        column.replace(" ", "_"): value.strip()
        for column, value in row.fields.items()
        if value.strip()
    }
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
