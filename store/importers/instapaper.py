"""Instapaper's export: URL,Title,Selection,Folder and, since 2016, Timestamp, since 2024, Tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from store.article import Article
from store.importers.fields import article_of, state_of, tags_of
from store.importers.record import Rejected, Source
from store.importers.tables import Row, read_articles

_FOLDERS = ("", "unread", "home", "archive", "starred", "liked")


def read_instapaper(source: Source) -> Iterator[Article | Rejected]:
    """The links of an export; folders of one's own become tags."""
    yield from read_articles(source, _article, _columns)


def _article(row: Row, name: str) -> Article | Rejected:
    folder = row.get("folder")
    tags = tags_of(row.get("tags"), ",")
    archived = folder.lower() == "archive"
    return article_of(
        (name, row.item),
        "instapaper",
        title=row.get("title"),
        url=row.get("url"),
        summary=row.get("selection"),
        saved=row.get("timestamp"),
        tags=tags if folder.lower() in _FOLDERS else [*tags, folder],
        state=state_of(
            read=archived, archived=archived, starred=folder.lower() in ("starred", "liked")
        ),
    )


def _columns(cells: Sequence[str]) -> Sequence[str]:
    return ["url", "title", "selection", "folder", "timestamp", "tags"][: max(4, len(cells))]
