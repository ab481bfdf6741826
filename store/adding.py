"""Taking articles in: which are new, which fill in one that is there, which change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from store.arrivals import Arrival, arrival
from store.article import TEXT_SOURCE, Article, clean_tags, count_words
from store.changes import Changes
from store.checksums import DamagedError
from store.edits import edited_files
from store.errors import LibraryError
from store.folding import fold
from store.freeids import FreeIds
from store.identity import identity
from store.importers.record import NOTHING, Belongings, FeedLink, Record, Rejected, Update
from store.index import Index
from store.indexing import compare, seal
from store.indexrows import columns
from store.jsontext import dumps
from store.linefile import LineFile, Shape
from store.moments import utc_now
from store.numbers import MAX_ID
from store.results import ImportReport
from store.sanitize import clean_article

#: Articles, and characters of their text, that are written with one sync.
BATCH_ARTICLES: Final = 2_000
BATCH_CHARACTERS: Final = 8_000_000

#: Fields that tell why a stub has no text yet; they go when it has one.
PASSING: Final = ("fetch_error", "fetch_tried")

#: Times that the text of an own export is longer than ours, from which on ours is a teaser of it,
#: and no later form.  Teasers of feeds have up to 100 words, texts 500 and more.
_MUCH: Final = 4

_FILLED_IN: Final = (
    "title", "author", "site", "url", "published", "lang", "summary", "image", "source", "type",
)  # fmt: skip

#: Fields that an edited entry of a feed corrects, and a Markdown file, as it says so itself; any
#: other file that was edited only the first.
_CORRECTED: Final = ("title", "author", "summary")
_SAYS_SO: Final = frozenset({"feed", "markdown"})


class Incoming(NamedTuple):
    """An article on its way in.

    Attributes:
        identity: See `identity`.
        article: The article, after the door; with id 0.
        same: Id of the article of this library that it is known to be; 0 where that is open.
        wanted: The id it had in its own library, which it keeps if that is free; or 0.
    """

    identity: int
    article: Article
    same: int = 0
    wanted: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What comes of a batch besides new articles.

    Attributes:
        arrivals: What it says of reading each article.
        changed: The articles that are to be changed, as they are to be.
        texts: Those of them that have another text.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    changed: dict[int, Article] = field(default_factory=dict)
    texts: set[int] = field(default_factory=set)

    def clear(self) -> None:
        """Begin anew."""
        self.arrivals.clear()
        self.changed.clear()
        self.texts.clear()


def merged(old: Article, new: Article, *, exported: bool = False, updated: bool = False) -> Article:
    """`old` with what `new` knows better; equal to `old` when that is nothing.

    Empty fields are filled in and tags joined.  The text is replaced when there was none, when it
    comes from the same source as before (an edited file), or when it is longer.

    A text that was fetched stays when the entry of its feed is edited, which may have no more than
    a teaser.  Once the feed has more than was fetched it is the feed's again: then the page gave
    but a part, to whoever does not pay say, and what is longer counts everywhere else too.

    Args:
        old: The article that is there.
        new: What comes in.
        exported: It comes from an export of a library.  Then it bears the source of its article,
            but is no newer than the export (see `_is_better_export`).
        updated: It is known to be a newer form of the same, be its text as it was.
    """
    changes: dict[str, Any] = {
        name: getattr(new, name)
        for name in _FILLED_IN
        if not getattr(old, name) and getattr(new, name)
    }
    tags = clean_tags([*old.tags, *new.tags])
    if tags != old.tags:
        changes["tags"] = tags
    one_source = (old.source, old.type) == (new.source, new.type)
    same_source = bool(old.source) and one_source and not exported
    if not new.body.strip() or new.body == old.body:
        replaced = False
    elif exported and one_source:
        replaced = _is_better_export(old, new)
    else:
        # Of the text of a feed's article that is from elsewhere the feed knows nothing.
        foreign = new.type == "feed" and TEXT_SOURCE in old.extra and TEXT_SOURCE not in new.extra
        replaced = old.is_stub or (same_source and not foreign) or new.words > old.words
    if replaced:
        changes["body"] = new.body
        changes["words"] = new.words
        if new.title and (same_source or new.edited_from):
            changes["title"] = new.title
    if new.title_edited and new.title not in ("", old.title):
        changes["title"] = new.title
    if same_source and (updated or new.type == "markdown"):
        changes |= {
            name: getattr(new, name)
            for name in _CORRECTED[: None if new.type in _SAYS_SO else 1]
            if getattr(new, name) not in ("", getattr(old, name))
        }
    if old.is_stub and new.body.strip() and new.title and old.title in ("", old.url):
        changes["title"] = new.title
    extra = {**new.extra, **old.extra}
    for name in PASSING:  # what was true of the last try only
        if new.body.strip() or (exported and not old.is_stub):
            extra.pop(name, None)
        elif name in new.extra and not exported:
            extra[name] = new.extra[name]
    origin = _text_source(old, new, replaced=replaced, fetched=same_source)
    if origin:
        extra[TEXT_SOURCE] = origin
    else:
        extra.pop(TEXT_SOURCE, None)
    if extra != dict(old.extra):
        changes["extra"] = extra
    return replace(old, **changes) if changes else old


def _text_source(old: Article, new: Article, *, replaced: bool, fetched: bool) -> Any:
    """Where the text of `old` is from when it is joined with `new`; "" for its own source.

    `fetched` tells that `new` may say so of the text that is there.
    """
    if replaced and new.edited_from:
        return _edit_of(new)
    if TEXT_SOURCE in new.extra and (replaced or (fetched and new.body == old.body)):
        return new.extra[TEXT_SOURCE]
    if not replaced:
        return old.extra.get(TEXT_SOURCE, "")
    return new.source if old.source and new.source != old.source else ""


def _is_better_export(old: Article, new: Article) -> bool:
    """Whether the text of an export is worth more than that of the article it was made of.

    What differs was written or fetched here since, be it shorter, unless there is as good as
    nothing; or in the file, when ours is what was exported.
    """
    if old.is_stub or new.words > _MUCH * old.words:
        return True
    if not new.edited_from:
        return False
    from store.exporters.markdown import digest

    return _edit_of(new) == old.extra.get(TEXT_SOURCE) or digest(old.body) == new.edited_from


def _edit_of(new: Article) -> str:
    """What the text of an exported file is known by, as often as it is edited."""
    return f"exported {new.edited_from}"


def batches(
    records: Iterable[Record],
    report: ImportReport,
    on_progress: Callable[[ImportReport], None] | None,
    keep: Callable[[Belongings], None],
) -> Iterator[list[Incoming]]:
    """Clean articles with their identities, by the batch; the rest goes to the report.

    What belonged to a library besides articles goes to `keep`.
    """
    batch: list[Incoming] = []
    characters = 0
    for record in records:
        if isinstance(record, Rejected):
            report.rejected.append(record)
            if on_progress:
                on_progress(report)
            continue
        if isinstance(record, FeedLink):
            report.links.append(record)
            continue
        if isinstance(record, Belongings):
            if batch:  # they may name articles
                yield batch
                batch, characters = [], 0
            keep(record)
            continue
        if isinstance(record, Update):
            given, same, wanted = record.article, record.id, 0
        else:
            given, same, wanted = record, 0, record.id
        article, removed = clean_article(given)
        report.cleaned += removed
        if article.is_nothing:
            report.rejected.append(Rejected(article.source or "-", NOTHING))
            continue
        if article.id:
            article = replace(article, id=0)
        if not wanted:  # an export says so where nobody knows when, or no words were counted
            if not article.saved:
                article = replace(article, saved=utc_now())
            if article.body and not article.words:
                article = replace(article, words=count_words(article.body))
        batch.append(Incoming(identity(article), article, same, wanted))
        characters += len(article.body)
        if len(batch) >= BATCH_ARTICLES or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _named(batch: list[Incoming], index: Index) -> dict[int, int]:
    """The articles that are meant by items with highlights and nothing but a title, by identity.

    It is the one article with that title, unless both are known to be by somebody, and not by the
    same.
    """
    named = {
        number: article
        for number, article, *_ in batch
        if article.is_stub and not article.url and article.highlights and article.title
    }
    if not named:
        return {}
    there: dict[str, list[tuple[int, str]]] = {}
    for doc_id, title, author in index.with_titles({fold(a.title) for a in named.values()}):
        there.setdefault(fold(title), []).append((doc_id, fold(author)))
    found: dict[int, int] = {}
    for number, article in named.items():
        author = fold(article.author)
        same = [
            doc_id
            for doc_id, other in there.get(fold(article.title), ())
            if not (author and other) or author == other
        ]
        if len(same) == 1:
            found[number] = same[0]
    return found


def take(
    batch: list[Incoming],
    report: ImportReport,
    file: LineFile,
    index: Index,
    ids: FreeIds,
    get: Callable[[int], Article],
    held: Changes,
    taken: Taken,
) -> Callable[[], None]:
    """Write one batch; the library's lock must be held and the index in step.

    New articles are one append.  Changes to articles that are there are for `Changes`.

    Args:
        batch: The articles.
        report: What became of each is told here.
        file: The library file.
        index: Its columns.
        ids: Gives new articles their ids.
        get: The article of an id as the library file has it.
        held: Changes of batches before this one.
        taken: What comes of the batch besides is put here, before any write.

    Returns:
        What tells the index; it may fail, when all is on the disk.

    Raises:
        DamagedError: the index is damaged, or not what it was; nothing was written.
        LibraryError: the file cannot be written, or there is no id left.
    """
    epoch = index.epoch
    if index.meta("stamp") != [repr(file.stamp())]:
        raise DamagedError("the index was made anew by another thread")
    new: dict[int, Article] = {}
    changed = taken.changed
    by_identity: dict[int, int] = {}
    by_title = _named(batch, index)
    identified = index.identified(item.identity for item in batch)
    edited = edited_files(batch, identified, index, get)
    for place, (number, article, same, wanted) in enumerate(batch):
        same = same or edited.get(place, 0)
        known = by_identity.get(number)
        if known is None and same and index.place(same) is not None:
            known = same
        if known is None:
            known = held.identified(number)
        if known is None:
            known = identified.get(number, by_title.get(number))
        old: Article | None = None
        unchanged = False
        if known is None:
            try:
                known = ids.give(wanted)
            except OverflowError:
                raise LibraryError(
                    f"{file.path}: nothing was added: its last article has the highest number "
                    f"there is, {MAX_ID}; give that one a smaller number"
                ) from None
            new[known] = replace(article, id=known)
            report.added.append(known)
            report.stubs += article.is_stub
        else:
            old = new.get(known) or changed.get(known) or held.get(known) or get(known)
            came_now = bool(report.added) and known >= report.added[0]
            # Of several exports that are read into an empty library the last one counts.
            later = came_now and report.ids.get(wanted) == known
            better = merged(old, article, exported=bool(wanted) and not later, updated=bool(same))
            unchanged = better is old
            if unchanged:
                report.unchanged += 1
            else:
                (new if known in new else changed)[known] = better
                report.merged.append(known)
                if better.body != old.body:
                    taken.texts.add(known)
                if old.is_stub and not better.is_stub and came_now:
                    report.stubs -= 1
        by_identity[number] = known
        if wanted:
            report.ids[wanted] = known
        taken.arrivals.append(arrival(article, known, old, unchanged=unchanged))
    if index.epoch != epoch:
        raise DamagedError("the index was made anew by another thread")
    raws = [(i, dumps(article.to_document())) for i, article in new.items()]
    # Another arrangement is brought into ours by the first write: all records move.
    moved = bool(new) and file.shape is not Shape.LINES
    spans = file.append(raws) if new else []

    def tell() -> None:
        if not new:
            return
        index.put(
            [
                # All of it has just passed the door.  Unknown fields did so as what they are, and
                # may be read as something else: "headline" as the title that is missing.
                columns(i, offset, length, raw, new[i], clean=not new[i].extra)
                for (i, raw), (_, offset, length) in zip(raws, spans, strict=True)
            ]
        )
        if moved:
            compare(file, index)
        seal(file, index, epoch)

    return tell


def count_changed(
    arrivals: Sequence[Arrival], changed: Sequence[bool], report: ImportReport
) -> None:
    """Count as merged what changed nothing of an article but something of its reading."""
    for each, has_changed in zip(arrivals, changed, strict=True):
        if each.unchanged and has_changed:
            report.unchanged -= 1
            report.merged.append(each.id)
