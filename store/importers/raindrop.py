"""Raindrop's export: id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite."""

from __future__ import annotations

import re
from collections.abc import Iterator

from store.article import Article, Passage
from store.importers.fields import article_of, flag, state_of, tags_of
from store.importers.record import Rejected, Source
from store.importers.tables import Row, read_articles

# In the column of highlights: "Highlight:" and, of some, "Note:" at the start of a line.
_MARK = re.compile(r"^[ \t]*(highlight|note)[ \t]*:[ \t]*", re.I | re.M)
_NO_FOLDER = ("unsorted", "")


def read_raindrop(source: Source) -> Iterator[Article | Rejected]:
    """The bookmarks of an export; their collections become tags."""
    yield from read_articles(source, _article)


def _article(row: Row, name: str) -> Article | Rejected:
    folders = [part.strip() for part in row.get("folder").split("/")]
    note = row.get("note")
    return article_of(
        (name, row.item),
        "raindrop",
        title=row.get("title"),
        url=row.get("url"),
        summary=row.get("excerpt"),
        saved=row.get("created"),
        tags=[*tags_of(row.get("tags"), ","), *(f for f in folders if f.lower() not in _NO_FOLDER)],
        image=row.get("cover"),
        state=state_of(starred=flag(row.get("favorite"))),
        highlights=[*([Passage(note=note)] if note else []), *_passages(row.get("highlights"))],
    )


def _passages(text: str) -> list[Passage]:
    marks = list(_MARK.finditer(text))
    if not marks:
        return [Passage(text)] if text else []
    found: list[Passage] = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        piece = text[mark.end() : following.start() if following else len(text)].strip()
        if mark[1].lower() == "highlight":
            found.append(Passage(piece))
        elif found:
            found[-1] = found[-1]._replace(note=piece)
        else:
            found.append(Passage(note=piece))
    return found
