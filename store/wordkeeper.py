"""Keeping the full-text index in step with the columns, behind.

The columns note in their `todo` table which articles changed.  This works the table off, in
batches, while searches are answered from what is there.  The engine is loaded when first needed:
a list or an opened article does without it.

Before the index is asked anything its files are looked at (see `segments`); one that is damaged,
or that another version made, is thrown away, and every article waits to be indexed again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from store.atomic import remove_at_once
from store.filelock import FileLock
from store.index import Index
from store.indexing import Progress, article_of
from store.indexrows import Place, content_hash, site_of
from store.linefile import LineFile
from store.moments import wall_seconds
from store.sqlitefile import DamagedError

if TYPE_CHECKING:
    from store.fulltext import Document, FullText
    from store.segments import Segments

#: Articles handed to the full-text index between two commits.
COMMIT: Final = 20_000

#: Articles read and handed over between two looks at whether to stop.
_PART: Final = 50

_POLL: Final = 0.05  # seconds until the next try while the engine's own lock is taken

#: Seconds that throwing the full text away waits for who writes it.
_PATIENCE: Final = 1.0


#: Hash, tags and annotations by the article's id.
_Signs = dict[int, tuple[int, str | None, list[tuple[str, str]] | None]]


class _StoppedError(Exception):
    """The work is to end at once; what is not committed waits for the next time."""


class FullTextKeeper:
    """Works off the `todo` table into the full-text index, one process and thread at a time."""

    def __init__(self, directory: Path, file: LineFile, index: Index) -> None:
        """Keep the full-text index in `directory`, which need not exist."""
        self._directory = directory
        self._file = file
        self._index = index
        self._lock = FileLock(directory.with_name(f"{directory.name}.lock"), like=directory)
        self._mutex = threading.RLock()
        self._fulltext: FullText | None = None
        self._generation = ""
        self._noted = ""

    @cached_property
    def _segments(self) -> Segments:
        from store.segments import Segments

        return Segments(self._directory)

    def open(self) -> FullText:
        """The index, sound as far as its files tell; opened when first asked for.

        Raises:
            OSError: the directory cannot be written.
        """
        with self._mutex:
            try:
                return self._open()
            except (ValueError, DamagedError):
                pass
            except BaseException as error:
                if not is_panic(error):
                    raise
            self.start_over()
            return self._open()

    def _open(self) -> FullText:
        from store.fulltext import FullText

        generation, noted = self._index.meta("fulltext", "segments")
        if self._index.created:
            self._index.created = False
            self.start_over()  # what it holds belongs to columns that are gone
            noted = ""
        if self._fulltext is not None and self._fulltext_is_gone():
            raise DamagedError("the directory is gone")
        if noted and noted != self._noted:
            self._segments.recall(noted)
        self._noted = noted
        self._segments.look(writing=not noted, first=self._fulltext is None)
        if self._fulltext is None:
            self._fulltext = FullText(self._directory)
            if len(self._fulltext) == 0 and not self._index.todo_count():
                self._index.want_all()
        elif generation != self._generation:
            self._fulltext.reload()
        self._generation = generation
        return self._fulltext

    def _fulltext_is_gone(self) -> bool:
        return not (self._directory / "meta.json").exists()

    def start_over(self) -> None:
        """Throw the full text away; every article waits to be indexed again.

        Not under a program that writes it just now, unless it goes on writing for `_PATIENCE`.
        """
        end = monotonic() + _PATIENCE
        with self._lock.hold_unless(lambda: monotonic() >= end), self._mutex:
            self._fulltext = None
            self._segments.forget()
            self._noted = ""
            if self._directory.is_dir():
                remove_at_once(self._directory)
            else:
                self._directory.unlink(missing_ok=True)
            self._index.set_meta(segments="")
            self._index.want_all()

    def close(self) -> None:
        """Let go of the lock file."""
        self._lock.close()

    def pending(self) -> int:
        """Articles that cannot be found by their words yet."""
        return self._index.todo_count()

    def work(
        self,
        stop: Callable[[], bool],
        on_progress: Progress | None = None,
        *,
        wait: bool = True,
    ) -> None:
        """Index what waits; returns when nothing does, or soon after `stop` says so.

        Args:
            stop: Asked now and then.  What is not committed then is done again another time.
            on_progress: Told how many articles are done.
            wait: When somebody else is at work, wait until they are done; else leave it to them.

        Raises:
            DamagedError: the columns are damaged.
            OSError, ValueError: the index directory cannot be written.
        """
        self.open()
        if not self._index.todo_count():
            return
        with self._lock.hold_unless(stop) if wait else self._lock.attempt() as mine:
            attempts = 2
            while mine and not stop():
                try:
                    self._work(stop, on_progress)
                    return
                except _StoppedError:
                    return
                except BaseException as error:
                    attempts -= 1
                    if not (isinstance(error, ValueError | OSError) or is_panic(error)):
                        raise
                    if "LockBusy" in str(error):  # a thread that was left behind still commits
                        if not wait:
                            return
                        threading.Event().wait(_POLL)
                        attempts += 1
                    elif attempts:
                        self.start_over()
                    else:
                        raise

    def _work(self, stop: Callable[[], bool], on_progress: Progress | None) -> None:
        from store.mapped import kept_low

        fulltext = self.open()
        done, total = 0, self._index.todo_count()
        if not total:
            return
        fresh = len(fulltext) == 0
        self._index.set_meta(segments="")
        unread: set[int] = set()  # the file is not as the columns have it: for another time
        changed: set[int] = set()  # while they were indexed
        with kept_low(self._directory), fulltext.writing() as writer:
            while ids := [i for i in self._index.todo(COMMIT + len(unread)) if i not in unread]:
                before: _Signs = {}
                for start in range(0, len(ids), _PART):
                    part = ids[start : start + _PART]
                    if stop():
                        raise _StoppedError
                    before.update(self._signs(part))
                    there = set()
                    for document in self._documents(part, unread):
                        writer.put(document, fresh=fresh and document.id not in changed)
                        there.add(document.id)
                    for gone in part:
                        if gone not in there:
                            writer.remove(gone)
                    if on_progress:
                        on_progress("indexing", done + start + len(part), total)
                if stop():
                    raise _StoppedError
                writer.commit()
                with self._index.writing():
                    after = self._signs(ids)
                    changed.update(i for i in ids if before.get(i) != after.get(i))
                    finished = [i for i in ids if before.get(i) == after.get(i)]
                    self._index.done([i for i in finished if i not in unread])
                done += len(ids)
                generation = int(self._index.meta("fulltext")[0] or 0) + 1
                self._index.set_meta(fulltext=generation)
        with self._mutex:
            generation = int(self._index.meta("fulltext")[0] or 0) + 1
            self._index.set_meta(fulltext=generation, segments=self._segments.note())
        self._index.compact()

    def _signs(self, ids: list[int]) -> _Signs:
        """What changes whenever an article is to be indexed anew, by its id."""
        annotations = self._index.annotations_of(ids)
        return {
            doc_id: (place.hash, place.tags, annotations.get(doc_id))
            for doc_id, place in self._index.places(ids)
        }

    def _documents(self, ids: list[int], unread: set[int]) -> Iterator[Document]:
        """What there is to index of these articles; those not in the file go to `unread`."""
        from store.fulltext import Document, labels
        from store.links import link_labels
        from store.plaintext import plain_text

        annotations = self._index.annotations_of(ids)
        for doc_id, place in self._index.places(ids):
            raw = self._raw(doc_id, place)
            if raw is None:
                unread.add(doc_id)  # the next catch-up sees to it
                continue
            try:
                article = article_of(raw, doc_id, place)
            except ValueError:
                continue
            published, saved = wall_seconds(article.published), wall_seconds(article.saved)
            tags = place.tags or ""
            yield Document(
                doc_id,
                plain_text(article.title),
                article.author,
                article.site or site_of(article.url),
                tags,
                plain_text(f"{article.summary}\n\n{article.body}"),
                "\n".join(note for _, note in annotations.get(doc_id, ())),
                "\n".join(quote for quote, _ in annotations.get(doc_id, ())),
                published if published is not None else saved or 0,
                published,
                saved,
                article.words,
                labels(tags.split(), article.lang, article.type, article.is_stub)
                + link_labels(article),
            )

    def _raw(self, doc_id: int, place: Place) -> bytes | None:
        """The record's object: that which the columns know, else what the file has now."""
        raw = self._raw_at(doc_id, place[:2])
        if raw is None or content_hash(raw) not in (place.hash, ~place.hash):
            if self._file.reopen_if_replaced():
                raw = self._raw_at(doc_id, place[:2])
            if raw is None or content_hash(raw) not in (place.hash, ~place.hash):
                with suppress(ValueError):
                    raw = self._raw_at(doc_id, self._file.find(doc_id))
        return raw

    def _raw_at(self, doc_id: int, span: tuple[int, int] | None) -> bytes | None:
        try:
            found, raw = self._file.raw(*span) if span else (None, b"")
        except (ValueError, TypeError, OverflowError):
            return None
        return raw if found == doc_id else None


def is_panic(error: BaseException) -> bool:
    """Whether an error is a panic of the full-text engine, which is no `Exception`."""
    return type(error).__module__ == "pyo3_runtime"
