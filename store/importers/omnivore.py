"""Omnivore's export: a ZIP archive, or one of the lists in it.

metadata_0_to_20.json   [{slug, title, description, author, url, state, readingProgress,
                          labels: [], savedAt, updatedAt, publishedAt}]
content/{slug}.html     the text
highlights/{slug}.md    "> quote", labels as "#name", a note; parted by empty lines
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from typing import Any

from store.article import Article, Passage
from store.encoding import decode
from store.errors import SourceError
from store.importers.archive import Archive, clean_name, read_rest
from store.importers.fields import article_of, moment, progress, state_of, tags_of, text_of
from store.importers.json_items import objects
from store.importers.json_stream import open_json
from store.importers.record import Record, Rejected, Source

_FINISHED = 0.98  # of the way through: the last lines of a page are seldom its text


def read_omnivore(source: Source) -> Iterator[Record]:
    """The articles of an export, with text, labels, progress and highlights.

    Texts that no list names are read by themselves.
    """
    if not source.head.startswith(b"PK"):
        yield from _read_list(source, None)
        return
    with Archive(source) as archive:
        lists = (name for name in archive.names if fnmatch(name, "*metadata_*.json"))
        for name in sorted(lists, key=_by_number):
            top = name.rpartition("/")[0]  # a folder, where the archive was packed anew
            try:
                yield from _read_list(archive.source(name), archive, top)
            except SourceError as error:
                yield Rejected(f"{source.name}/{name}", str(error))
        yield from read_rest(archive, source)


def _by_number(name: str) -> tuple[int, str]:
    match = re.search(r"_(\d+)_to_", name)
    return int(match[1]) if match else 0, name


def _read_list(
    source: Source, archive: Archive | None, top: str = ""
) -> Iterator[Article | Rejected]:
    for each in objects(open_json(source), source.name):
        if isinstance(each, Rejected):
            yield each
            continue
        place, item = each
        slug = text_of(item.get("slug"))
        yield _article(
            place,
            item,
            _entry(archive, top, f"content/{slug}.html"),
            _entry(archive, top, f"highlights/{slug}.md"),
        )


def _entry(archive: Archive | None, top: str, name: str) -> str:
    """The text of an entry; "" when there is none, or none that can be read."""
    if archive is None:
        return ""
    found = clean_name(f"{top}/{name}")
    try:
        return decode(archive.read(found)) if found in archive else ""
    except (SourceError, OSError):
        return ""


def _article(
    place: tuple[str, str], item: Mapping[str, Any], content: str, marked: str
) -> Article | Rejected:
    done = progress(item.get("readingProgress"), percent=True)
    return article_of(
        place,
        "omnivore",
        title=text_of(item.get("title")),
        url=text_of(item.get("url")) or text_of(item.get("originalUrl")),
        html=content,
        author=text_of(item.get("author")),
        published=item.get("publishedAt") or "",
        saved=item.get("savedAt") or "",
        tags=tags_of(item.get("labels"), ","),
        summary=text_of(item.get("description")),
        image=text_of(item.get("thumbnail")),
        state=state_of(
            read=done >= _FINISHED,
            archived=text_of(item.get("state")).lower() == "archived",
            done=done,
            read_at=moment(item.get("readAt")),
        ),
        highlights=passages(marked),
    )


def passages(markdown: str) -> list[Passage]:
    """The highlights in Omnivore's Markdown: quotes, each with labels and a note after it."""
    found: list[Passage] = []
    for block in re.split(r"\n[ \t]*\n+", markdown.replace("\r\n", "\n")):
        text = block.strip()
        if not text:
            continue
        if text.startswith(">"):
            lines = (line.strip().removeprefix(">").strip() for line in text.split("\n"))
            quote = "\n".join(lines).strip()
            found.append(Passage(quote))
        elif found and found[-1].quote:
            last = found[-1]
            found[-1] = last._replace(note=f"{last.note}\n\n{text}".strip())
        elif found and not found[-1].quote:
            found[-1] = found[-1]._replace(note=f"{found[-1].note}\n\n{text}")
        else:
            found.append(Passage(note=text))
    return found
