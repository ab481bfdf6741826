"""Pocket's last export: a table, or a ZIP archive of such tables and of the highlights.

title,url,time_added,tags,status       (older ones also: cursor)
annotations/part_*.json                [{url, title, highlights: [{quote, created_at}]}]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from typing import Any

from store.article import Article, Passage
from store.errors import SourceError
from store.importers.fields import article_of, moment, state_of, tags_of, text_of
from store.importers.json_items import dicts, read_objects
from store.importers.json_stream import open_json
from store.importers.record import Record, Rejected, Source
from store.importers.tables import Row, read_articles

KIND = "pocket"


def read_pocket(source: Source) -> Iterator[Record]:
    """The links of an export, and what was highlighted in them; of an archive all else, too."""
    if not source.head.startswith(b"PK"):
        yield from _read_table(source)
        return
    from store.importers.archive import Archive, read_rest

    with Archive(source) as archive:
        tables = sorted(name for name in archive.names if fnmatch(name, "*.csv"))
        notes = sorted(name for name in archive.names if fnmatch(name, "*annotations/*.json"))
        for name in (*tables, *notes):
            read = _read_table if name in tables else _read_annotations
            entry = archive.source(name)
            try:
                yield from read(entry)
            except SourceError as error:
                yield Rejected(entry.name, str(error))
        yield from read_rest(archive, source)


def _read_table(source: Source) -> Iterator[Article | Rejected]:
    yield from read_articles(source, _article, _columns)


def _article(row: Row, name: str) -> Article | Rejected:
    archived = row.get("status").lower() in ("archive", "archived", "1", "read")
    return article_of(
        (name, row.item),
        KIND,
        title=row.get("title", "resolved_title", "given_title"),
        url=row.get("url", "resolved_url", "given_url"),
        saved=row.get("time_added"),
        tags=tags_of(row.get("tags"), "|" if "|" in row.get("tags") else "|,"),
        summary=row.get("excerpt"),
        state=state_of(read=archived, archived=archived, starred=row.get("favorite") == "1"),
    )


def _columns(cells: Sequence[str]) -> Sequence[str]:
    """Without a header: the order that Pocket wrote, with or without `cursor`."""
    names = ["title", "url", "time_added", "tags", "status"]
    if len(cells) > len(names) and not cells[-1].strip().isalpha():
        names.insert(3, "cursor") if cells[3].strip().isdecimal() else names.append("cursor")
    return names


def _read_annotations(source: Source) -> Iterator[Article | Rejected]:
    yield from read_objects(open_json(source), source.name, _page)


def _page(place: tuple[str, str], page: Mapping[str, Any]) -> Article | Rejected:
    return article_of(
        place,
        KIND,
        title=text_of(page.get("title")),
        url=text_of(page.get("url")),
        highlights=map(_passage, dicts(page.get("highlights"))),
    )


def _passage(value: Mapping[str, Any]) -> Passage:
    return Passage(text_of(value.get("quote")), made=moment(value.get("created_at")))
