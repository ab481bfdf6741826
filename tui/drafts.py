"""Notes that are being written, on disk while they are: so that no ending of the program loses one.

Each lies in a file of its own in the state directory, which is gone when the note is kept in the
library or thrown away.  A program holds the locks of its files.  What nobody holds at a start was
left by a program that ended before: the next note on the same article begins with it.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from store import LibraryError, create_directories, replace_file
from store.numbers import MAX_ID, is_whole
from store.regular import open_regular, read_regular
from store.sanitize import clean_text
from tui.terminal.lane import Lane
from tui.widgets.cells import clean, shorten

if TYPE_CHECKING:
    from store import Highlight, Library

#: Version of such a file; a newer one is left alone.
_VERSION: Final = 1

_LONGEST: Final = 64 << 20  # bytes of such a file that are read

#: Seconds after which a file that was to become one is written by nobody any more.
_ABANDONED: Final = 60

#: Cells of a title in the line that tells of a note.
_TITLE: Final = 40


@dataclass(eq=False, slots=True)
class Draft:
    """A note that is being written, or was.

    Attributes:
        path: Its file, which is there as soon as something was typed.
        article: Id of the article.
        highlight: Number of the highlight it is on; 0 for one that is still to be made.
        quote: The passage it is on; "" for a note on the article.
        text: Gives what it is now; called from any thread.
        before: What it was in the library before.
        on_disk: What the file says; `before` where there is none.
        is_open: Whether somebody writes on it.
        is_over: Whether it is kept in the library, or thrown away.
        lock: A descriptor of the file that holds its lock; None where there is no file.
    """

    path: Path
    article: int
    highlight: int
    quote: str
    text: Callable[[], str]
    before: str = ""
    on_disk: str = ""
    is_open: bool = False
    is_over: bool = False
    lock: int | None = None

    def close(self, note: str) -> None:
        """Nobody writes on it any more, and what counts is `note`; nothing if that is empty."""
        self.text = lambda: note
        self.is_open, self.is_over = False, not note


class Drafts:
    """The notes being written on the articles of a library, by this program and earlier ones.

    Args:
        directory: Where their files are.
        library: What the names of the files begin with: it tells the libraries apart.
    """

    def __init__(self, directory: Path, library: str) -> None:
        self._directory = directory
        self._library = library
        self._drafts: list[Draft] = []
        self._lock = threading.Lock()  # of the disk: the event loop never waits for it
        self.lane = Lane("drafts")

    def load(self, library: Library) -> str:
        """Take in what earlier programs have left; a line that tells of it, "" for nothing."""
        self._clear()
        found = sorted(self._directory.glob(f"{self._library}-*.json"))  # by when they were made
        left = [draft for path in found if (draft := _taken(path)) is not None]
        self._drafts += left
        if not left:
            return ""
        rows = library.rows([left[-1].article])
        if not rows:
            return f"a note on an article that is gone was left unfinished: {left[-1].path}"
        title = shorten(clean(rows[0].title), _TITLE, "…")
        more = f", and {len(left) - 1:,} more" if len(left) > 1 else ""
        return f"a note was left unfinished in “{title}”{more}: a note there goes on with it"

    def begin(self, highlight: Highlight) -> Draft:
        """The draft of a note that somebody is about to write.

        It is the one that was left on that highlight, or that passage; where no note is yet, the
        last one on the article.
        """
        left = [each for each in reversed(self._drafts) if not (each.is_open or each.is_over)]
        mine = [each for each in left if each.article == highlight.article]
        place = highlight.id, "" if highlight.id else highlight.quote
        same = [d for d in mine if (d.highlight, "" if d.highlight else d.quote) == place]
        found = same or ([] if highlight.note else mine)
        if found:
            draft = found[0]
        else:
            path = self._directory / f"{self._library}-{time.time_ns():x}-{os.getpid()}.json"
            note = highlight.note
            draft = Draft(path, 0, 0, "", lambda: note, on_disk=note)
            self._drafts.append(draft)
        draft.article, draft.highlight, draft.quote = (
            highlight.article,
            highlight.id,
            highlight.quote,
        )
        draft.before, draft.is_open = highlight.note, True
        return draft

    async def write(self) -> None:
        """Bring the disk up to what is written now."""
        await self.lane.run(lambda _: self.keep())

    def keep(self) -> None:
        """The same from any thread; raises nothing."""
        with self._lock:
            for draft in tuple(self._drafts):
                with suppress(OSError, LibraryError):
                    self._keep(draft)

    def release(self) -> None:
        """Hold no file any more, as after the end of the program."""
        with self._lock:
            for draft in self._drafts:
                _hold(draft, None)

    def _keep(self, draft: Draft) -> None:
        text = draft.text()
        if draft.is_over or (draft.is_open and text.strip() == draft.before.strip()):
            draft.path.unlink(missing_ok=True)
            _hold(draft, None)
            draft.on_disk = draft.before
            if draft.is_over:
                self._drafts.remove(draft)
        elif text != draft.on_disk:
            told = {
                "version": _VERSION, "article": draft.article, "highlight": draft.highlight,
                "quote": draft.quote, "note": text,
            }  # fmt: skip
            create_directories(self._directory)
            replace_file(draft.path, (json.dumps(told).encode(), b"\n"))
            draft.on_disk = text
            _hold(draft, _locked(draft.path))

    def _clear(self) -> None:
        """Remove what a program left that was killed while it wrote."""
        for path in self._directory.glob(f".{self._library}-*.tmp"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _ABANDONED:
                    path.unlink()


def _locked(path: Path) -> int:
    """A descriptor of the file that holds its lock.

    Raises:
        OSError: Another program holds it, or it cannot be opened.
        LibraryError: It is no file.
    """
    descriptor = open_regular(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _hold(draft: Draft, lock: int | None) -> None:
    if draft.lock is not None:
        os.close(draft.lock)
    draft.lock = lock


def _taken(path: Path) -> Draft | None:
    """The draft in a file that no program holds, and now this one does; None as of `_read`."""
    try:
        lock = _locked(path)
    except (OSError, LibraryError):
        return None
    draft = _read(path)
    if draft is None:
        os.close(lock)
    else:
        draft.lock = lock
    return draft


def _read(path: Path) -> Draft | None:
    """What a file says; None for one that cannot be read, is damaged, or of a newer version."""
    try:
        said = json.loads(read_regular(path, _LONGEST))
        version, article, highlight = said["version"], said["article"], said["highlight"]
        quote, note = clean_text(said["quote"]), clean_text(said["note"])
    except (
        LibraryError,
        OSError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        RecursionError,
    ):
        return None
    whole = is_whole(version) and is_whole(article) and is_whole(highlight)
    if not whole or version > _VERSION or not 0 < article <= MAX_ID:
        return None
    return Draft(path, article, highlight, quote, lambda: note, on_disk=note)
