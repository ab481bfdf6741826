"""Keeping the full-text index in step with the columns, behind.

The columns note in their `todo` table which articles changed.  This works the table off, in
batches, while searches are answered from what is there.  The engine is loaded when first needed:
a list or an opened article does without it.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from store.filelock import FileLock
from store.index import Index
from store.indexing import Progress, article_of
from store.linefile import LineFile
from store.moments import wall_seconds
from store.plaintext import plain_text

if TYPE_CHECKING:
    from store.fulltext import Document, FullText

#: Articles handed to the full-text index between two commits.
COMMIT: Final = 20_000

#: Articles read and handed over between two looks at whether to stop.
_PART: Final = 500


class FullTextKeeper:
    """Works off the `todo` table into the full-text index, one process and thread at a time."""

    def __init__(self, directory: Path, file: LineFile, index: Index) -> None:
        """Keep the full-text index in `directory`, which need not exist."""
        self._directory = directory
        self._file = file
        self._index = index
        self._lock = FileLock(directory.with_name(f"{directory.name}.lock"), like=directory)
        self._mutex = threading.Lock()
        self._fulltext: FullText | None = None
        self._generation = ""

    def open(self) -> FullText:
        """The index, opened when first asked for; made anew when it is damaged."""
        from store.fulltext import FullText

        with self._mutex:
            generation = self._index.meta("fulltext")[0]
            if self._fulltext is None:
                if self._index.created:
                    self._start_over()  # what it holds belongs to columns that are gone
                    self._index.created = False
                try:
                    self._fulltext = FullText(self._directory)
                except (ValueError, OSError):
                    self._start_over()
                    self._fulltext = FullText(self._directory)
                if len(self._fulltext) == 0 and not self._index.todo_count():
                    self._index.want_all()
            elif generation != self._generation:
                self._fulltext.reload()
            self._generation = generation
            return self._fulltext

    def start_over(self) -> None:
        """Throw the full text away; every article waits to be indexed again."""
        with self._mutex:
            self._start_over()

    def _start_over(self) -> None:
        self._fulltext = None
        shutil.rmtree(self._directory, ignore_errors=True)
        self._index.want_all()

    def close(self) -> None:
        """Let go of the lock file."""
        self._lock.close()

    def pending(self) -> int:
        """Articles that cannot be found by their words yet."""
        return self._index.todo_count()

    def work(self, stop: Callable[[], bool], on_progress: Progress | None = None) -> None:
        """Index what waits; returns when nothing does, or soon after `stop` says so.

        Raises:
            OSError, ValueError: the index directory cannot be written.
        """
        self.open()
        if not self._index.todo_count():
            return
        with self._lock.hold():
            fulltext = self.open()
            done, total = 0, self._index.todo_count()
            fresh = len(fulltext) == 0
            if not total:
                return
            with fulltext.writing() as writer:
                while not stop():
                    ids = self._index.todo(COMMIT)
                    if not ids:
                        break
                    taken = []
                    for start in range(0, len(ids), _PART):
                        if stop():
                            break
                        part = ids[start : start + _PART]
                        there = set()
                        for document in self._documents(part):
                            writer.put(document, fresh=fresh)
                            there.add(document.id)
                        for gone in part:
                            if gone not in there:
                                writer.remove(gone)
                        taken += part
                        if on_progress:
                            on_progress("indexing", done + len(taken), total)
                    writer.commit()
                    self._index.done(taken)
                    done += len(taken)
                    generation = int(self._index.meta("fulltext")[0] or 0) + 1
                    self._index.set_meta(fulltext=generation)
        self._index.compact()

    def _documents(self, ids: list[int]) -> Iterator[Document]:
        from store.fulltext import Document, recency_weight

        annotations = self._index.annotations_of(ids)
        for doc_id, offset, length, tags in self._index.spans(ids):
            try:
                found, raw = self._file.read(offset, length)
            except ValueError:
                continue  # the file changed under us; the next catch-up sees to it
            if found != doc_id:
                continue
            article = article_of(raw, doc_id)
            moment = wall_seconds(article.published)
            if moment is None:
                moment = wall_seconds(article.saved) or 0
            yield Document(
                doc_id,
                plain_text(article.title),
                article.author,
                article.site,
                tags,
                plain_text(f"{article.summary}\n\n{article.body}"),
                "\n".join(note for _, note in annotations.get(doc_id, ())),
                "\n".join(quote for quote, _ in annotations.get(doc_id, ())),
                recency_weight(moment),
            )
