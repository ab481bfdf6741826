"""The rows of the side index's columns: their schema, how they are made, and their checksums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from store.blake import blake2b
from store.checksums import checksum, compare_sum
from store.listrows import ANNOTATION_SUM, DOC_SUM, ROW, ROW_SUMS, STATE_SUM, VERSION, as_row
from store.moments import wall_seconds

if TYPE_CHECKING:
    from store.article import Article
    from store.state import State

#: Characters of the folded title that are kept to sort by.
TITLE_KEY: Final = 80

SCHEMA: Final = """
create table meta(key text primary key, value text, sum integer) without rowid;
create table doc(
    id integer primary key, offset integer not null, length integer not null,
    sum integer not null, hash integer not null, identity integer not null,
    title text not null, author text not null, site text not null, url text not null,
    published text not null, saved text not null, words integer not null, stub integer not null,
    lang text not null, type text not null, source text not null, tags text not null,
    at integer not null, published_at integer, saved_at integer,
    title_key text not null, author_key text not null
);
create index doc_at on doc(at desc, id desc);
create index doc_identity on doc(identity);
create table tag(tag text not null, id integer not null, primary key (tag, id)) without rowid;
create index tag_id on tag(id);
create table state(
    id integer primary key, read integer not null, starred integer not null,
    archived integer not null, trashed integer not null, progress real not null,
    position integer not null, anchor text not null, tags text,
    opened text not null, read_iso text not null, read_at integer, sum integer not null
);
create index state_trashed on state(id) where trashed = 1;
create table annotation(
    number integer primary key, article integer not null, quote text not null, note text not null,
    sum integer not null
);
create index annotation_article on annotation(article);
create table todo(id integer primary key);
"""

__all__ = [
    "ANNOTATION_SUM", "DOC_MARKS", "DOC_SUM", "ROW", "ROW_SUMS", "SCHEMA", "STATE_SUM", "TAGS",
    "TITLE_KEY", "VERSION", "Place", "as_row", "columns", "compare_sum", "content_hash", "site_of",
    "state_row",
]  # fmt: skip

#: Question marks for a `doc` row, and the place of `tags` in it.
DOC_MARKS: Final = ", ".join("?" * 23)
TAGS: Final = 17


class Place(NamedTuple):
    """What is needed to read one article.

    Attributes:
        offset: Where its record begins in the library file, in bytes.
        length: Bytes of the record.
        hash: `content_hash` of the record's object.
        tags: Tags the reader edited, parted by spaces, or None.
    """

    offset: int
    length: int
    hash: int
    tags: str | None


def columns(
    record_id: int, offset: int, length: int, raw: bytes, article: Article, *, clean: bool
) -> tuple[Any, ...]:
    """The `doc` row of an article whose record has those bytes.

    Args:
        record_id: Its id.
        offset: Where the record lies in the library file.
        length: Bytes of the record.
        raw: The record's object.
        article: What it says, after the door.
        clean: Whether the door left everything as it was.
    """
    from store.folding import fold
    from store.identity import identity, spoken_url

    title = article.title or _first_line(article.body) or spoken_url(article.url) or "(untitled)"
    published_at = wall_seconds(article.published)
    saved_at = wall_seconds(article.saved)
    at = published_at if published_at is not None else saved_at
    summed = (
        record_id, content_hash(raw, clean=clean), identity(article),
        title, article.author, article.site or site_of(article.url), article.url,
        article.published, article.saved, article.words, int(article.is_stub),
        article.lang, article.type, article.source, " ".join(article.tags),
        at if at is not None else 0, published_at, saved_at,
        fold(title)[:TITLE_KEY], fold(article.author)[:40],
    )  # fmt: skip
    return record_id, offset, length, checksum(*summed), *summed[1:]


def state_row(doc_id: int, state: State, read_at: int | None) -> tuple[Any, ...]:
    """The `state` row of an article; `read_at` is its `State.read_at` on the wall clock."""
    tags = None if state.tags is None else " ".join(state.tags)
    marks_set = (int(state.read), int(state.starred), int(state.archived), int(state.trashed))
    sum_ = checksum(
        doc_id, *marks_set, int(state.progress * 1_000_000), state.position, state.anchor,
        None if tags is None else f"={tags}", state.opened, state.read_at, read_at,
    )  # fmt: skip
    return (
        doc_id, *marks_set, state.progress, state.position, state.anchor, tags,
        state.opened, state.read_at, read_at, sum_,
    )  # fmt: skip


def content_hash(raw: bytes, *, clean: bool = True) -> int:
    """Signed 64-bit BLAKE2b of a record's JSON; all bits turned round for one that is not `clean`.

    So a record is known to have passed the door unchanged by the hash alone, and no damage of the
    index makes one look so that did not.
    """
    number = int.from_bytes(blake2b(raw, digest_size=8).digest(), "big", signed=True)
    return number if clean else ~number


def site_of(url: str) -> str:
    """The host of an address without "www.", or ""."""
    _, separator, rest = url.partition("://")
    if not separator:
        return ""
    host = rest.split("/", 1)[0].split("?", 1)[0].rpartition("@")[2].partition(":")[0].lower()
    return host.removeprefix("www.")


def _first_line(body: str) -> str:
    line = body.strip().partition("\n")[0].strip("#>*_ \t")
    return line if len(line) <= 100 else line[:99] + "…"
