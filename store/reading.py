"""The reading file: what the reader did, in a second, small TinyDB file beside the library.

    states   article id -> State, only what differs from its default
    highlights  number -> marked passage or note (see `highlights.py`)
    bookmarks   number -> place marked with a letter (see `bookmarks.py`)
    views    saved searches: name and query
    feeds    subscriptions (see `subscription.py`)
    journal  what can be undone and done again, oldest first
    imports  what was taken back by hand, so that no import says it again (see `takenback.py`)
    meta     format version, highest article id ever given

Changes are applied to the newest state of the file, under its lock, so that two sessions do not
lose each other's; the file is replaced whole, atomically.  Stock `TinyDB(path)` reads it.  The
tables that grow have a document a line (see `linetable.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from store import journal, migration
from store.atomic import remove_leftovers, replace_file
from store.besides import reading_of
from store.errors import LibraryError, ReadOnlyError
from store.filelock import FileLock
from store.given import keep_numbers, next_highlight
from store.jsontext import loads
from store.migration import Table
from store.migration import Tables as Tables
from store.numbers import whole
from store.regular import read_regular
from store.state import State, clean_tags

if TYPE_CHECKING:
    from store.highlights import Highlight
    from store.linetable import Spans

#: Documents of highlights by key; None for one that is gone.
Annotated = journal.Documents

_DEFAULT: Final = State()


class Stamp(NamedTuple):
    """Identity of the file's contents; all zero when there is no file."""

    inode: int = 0
    size: int = 0
    mtime_ns: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One thing the reader did to some articles.

    Attributes:
        ids: The articles.
        fields: Fields of `State` and their new values.
        add: Tags to add.
        remove: Tags to take away.
        label: What was done, in words, for undo; "{}" in it stands for the articles that were
            changed by it.  "" for what is not undone (reading on).
    """

    ids: frozenset[int]
    fields: Mapping[str, Any] = field(default_factory=dict)
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    label: str = ""

    def applied(self, state: State, own_tags: tuple[str, ...]) -> State:
        """`state` after the change; `own_tags` are the article's tags in the library file."""
        if self.fields:
            state = state._replace(**self.fields)
        if self.add or self.remove:
            tags = own_tags if state.tags is None else state.tags
            gone = set(self.remove)
            state = state._replace(
                tags=clean_tags([*(t for t in tags if t not in gone), *self.add])
            )
        return state


def state_of(document: Mapping[str, Any]) -> State:
    """The state a document stands for; values of a wrong type count as not there.

    Text passes the door here, whoever wrote the file.
    """
    values: dict[str, Any] = {}
    for name, default in zip(State._fields, _DEFAULT, strict=True):
        value = document.get(name)
        if value is None:
            continue
        if name == "tags":
            if isinstance(value, list):
                values[name] = clean_tags(map(_line, value))
        elif isinstance(default, bool):
            values[name] = value is True
        elif isinstance(default, float):
            if isinstance(value, int | float) and not isinstance(value, bool):
                values[name] = float(min(1.0, max(0.0, value)))  # bounded first: it may be endless
        elif isinstance(default, int):
            values[name] = whole(value)
        elif isinstance(value, str):
            values[name] = _line(value)
    return State(**values)


def _line(value: Any) -> Any:
    """A text as one safe line; any other value as it is."""
    if not isinstance(value, str) or value.isprintable():
        return value
    from store.sanitize import clean_line

    return clean_line(value)


def document_of(state: State) -> dict[str, Any]:
    """The document for a state: only what differs from the default."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value, default in zip(State._fields, state, _DEFAULT, strict=True)
        if value != default
    }


class ReadingFile:
    """Reads and changes a reading file; each call stands for itself, nothing is kept in memory."""

    def __init__(self, library: Path) -> None:
        """The reading file of the library at that path; it need not exist yet."""
        self.path = Path(reading_of(library))
        self._library = library
        target = Path(os.path.realpath(self.path))  # by whatever name, it has one lock
        self._lock = FileLock(target.with_name(f"{target.name}.lock"), like=library)
        self._tidy = False
        self._older = False  # what was loaded last was of an older format
        self._known: tuple[Stamp, Spans] | None = None  # where lines are that were looked at
        self.on_write: Callable[[Stamp, Stamp], object] = lambda before, after: None
        """Told the file's stamps before and after a write of ours, with the lock held."""

    def close(self) -> None:
        """Let go of the lock file."""
        self._lock.close()

    def stamp(self) -> Stamp:
        """The file's stamp now."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return Stamp()
        return Stamp(status.st_ino, status.st_size, status.st_mtime_ns)

    def load(self) -> tuple[Tables, Stamp]:
        """All tables, and the stamp they were read at.

        Raises:
            LibraryError: the file cannot be read or is not a reading file; it is left untouched.
        """
        while True:
            stamp = self.stamp()
            if stamp == Stamp():
                return _empty(), stamp
            try:
                raw = read_regular(self.path)
            except OSError as error:
                raise LibraryError(
                    f"{self.path}: the reading file cannot be read ({error.strerror})"
                ) from error
            if self.stamp() == stamp:
                from store.linetable import spans_of

                known, spans = self._known or (None, None)
                tables = self.parse(raw, spans if known == stamp else None)
                self._known = stamp, spans_of(tables)
                return tables, stamp

    def parse(self, raw: bytes, known: Spans | None = None) -> Tables:
        """The tables that the contents of a reading file stand for.

        Args:
            raw: The contents.
            known: Where tables have lines, if these were parsed before, or written by us.

        Raises:
            LibraryError: They are those of none.
        """
        from store.linetable import LineTable, split

        tables: Tables
        try:
            tables = split(raw, known) or loads(raw)
        except ValueError as error:
            raise self._damaged(str(error) if raw.strip() else "it is empty") from error
        if not isinstance(tables, dict) or not all(
            isinstance(table, LineTable)
            or (isinstance(table, dict) and all(isinstance(d, dict) for d in table.values()))
            for table in tables.values()
        ):
            raise LibraryError(f"{self.path}: this is no reading file; it was left untouched")
        if wrong := migration.wrong_format(tables):
            raise self._damaged(wrong)
        self._older = bool(tables) and migration.format_of(tables) < migration.FORMAT
        migration.migrate(tables)
        for name, table in _empty().items():
            tables.setdefault(name, table)
        return tables

    def _damaged(self, why: str) -> LibraryError:
        return LibraryError(
            f"{self.path}: the reading file is damaged ({why}); it was left untouched; "
            "move it away to start with everything unread, or restore a copy"
        )

    def is_readonly(self) -> bool:
        """Whether it is there and may not be written, though it could be replaced."""
        effective = os.access in os.supports_effective_ids
        return self.path.exists() and not os.access(self.path, os.W_OK, effective_ids=effective)

    def format(self) -> int:
        """The file's format, read from the disk; a newer one than ours must not be written.

        Raises:
            LibraryError: see `load`.
        """
        return migration.format_of(self.load()[0])

    @contextmanager
    def unwritten(self) -> Iterator[None]:
        """Let nobody else write the file during the body.

        Raises:
            LibraryError: The lock cannot be taken.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(self._lock.hold())
            except OSError as error:
                raise self._unsaved(error) from error
            yield

    def update(self, change: Callable[[Tables], object]) -> tuple[Stamp, Stamp]:
        """Apply `change` to the newest tables and replace the file, unless it returns False.

        Returns:
            The file's stamps before and after.

        Raises:
            ReadOnlyError: a newer version wrote the file, or its permissions allow only reading;
                it was left untouched.
            LibraryError: see `load`, or the file cannot be written; nothing was changed then.
        """
        try:
            with self._lock.hold():
                if self.is_readonly():
                    raise ReadOnlyError(f"{self.path} is read-only; make it writable (chmod u+w)")
                tables, before = self.load()
                if (version := migration.format_of(tables)) > migration.FORMAT:
                    raise ReadOnlyError(migration.newer_notice(str(self.path), version))
                if change(tables) is False:
                    return before, before
                self._keep_daily(before)
                if self._older:
                    from store.copies import keep_dated

                    keep_dated(self._library, self.path, "reading", linked=True)
                if not self._tidy:  # a process that was killed may have left something
                    remove_leftovers(self.path)
                    self._tidy = True
                spans: Spans = {}
                replace_file(self.path, self._raw(tables, spans))
                after = self.stamp()
                self._known = after, spans
                self.on_write(before, after)
                return before, after
        except OSError as error:
            raise self._unsaved(error) from error

    def _unsaved(self, error: OSError) -> LibraryError:
        return LibraryError(
            f"reading state cannot be saved ({error.strerror}); make room, or check the "
            f"permissions: {self.path}"
        )

    def replace(self, raw: bytes) -> Path | None:
        """Put other contents in the place of the file's, whatever these are, and keep them.

        Args:
            raw: Contents of a reading file.

        Returns:
            The dated copy of what was there; None when there was nothing.

        Raises:
            LibraryError: `raw` is no reading file; nothing was changed then.
            OSError: the file or the copy cannot be written; nothing was changed then.
        """
        from store.copies import keep_dated

        tables = self.parse(raw)
        with self._lock.hold():
            kept, before = None, self.stamp()
            if self.path.exists():
                with suppress(LibraryError):  # a damaged one is no day's copy
                    there, read = self.load()
                    self._keep_daily(read)
                    keep_numbers(tables, there)
                kept = keep_dated(self._library, self.path, "reading", linked=True)
            try:
                replace_file(self.path, self._raw(tables, {}))
            except BaseException:
                with suppress(OSError):  # what went wrong first is told
                    if kept is not None and self.stamp() == before:
                        kept.unlink()
                raise
            return kept

    def _raw(self, tables: Tables, spans: Spans) -> Iterator[bytes]:
        """The contents of the file for these tables, in parts; `spans` is told of the lines."""
        from store.linetable import joined

        try:
            yield from joined(tables, spans)
        except ValueError as error:  # what can be read need not be written
            raise self._damaged(str(error)) from error

    def _keep_daily(self, before: Stamp) -> None:
        """Keep what another day left; its want must not keep today's from being written."""
        if before.size:
            from store.copies import keep_daily

            with suppress(OSError):
                keep_daily(self._library, self.path, before.mtime_ns / 1e9)

    def commit(
        self,
        changes: Iterable[Change],
        own_tags: Callable[[Collection[int]], Mapping[int, tuple[str, ...]]],
    ) -> tuple[dict[int, State], Stamp, Stamp]:
        """Apply changes in order, with an entry in the journal for each that has a label.

        Args:
            changes: What the reader did.
            own_tags: Gives the tags that articles have in the library file.

        Returns:
            The new states of all articles concerned, and the file's stamps before and after.

        Raises:
            LibraryError: see `update`.
        """
        from store.takenback import note_unmarked

        touched: dict[int, State] = {}

        def apply(tables: Tables) -> None:
            for change in changes:
                before, after = _apply(tables["states"], change, own_tags)
                touched.update(after)
                note_unmarked(tables, before, after)
                if change.label:
                    journal.record_states(tables["journal"], change.label, before, after)

        return touched, *self.update(apply)

    def annotate(
        self, changes: Mapping[int, Highlight | None], label: str
    ) -> tuple[Annotated, Stamp, Stamp]:
        """Store highlights by number, take away those that are None; key 0 is a new one.

        Returns:
            The documents by number as they are now, and the file's stamps before and after.

        Raises:
            LibraryError: see `update`.
        """
        from store.highlights import document_of_highlight
        from store.takenback import note_removed

        touched: Annotated = {}

        def apply(tables: Tables) -> None:
            table = tables["highlights"]
            before: Annotated = {}
            for number, highlight in changes.items():
                key = str(number or next_highlight(tables))
                before[key] = table.get(key)
                touched[key] = None if highlight is None else document_of_highlight(highlight)
            gone = (key for key, document in touched.items() if document is None)
            note_removed(tables, [d for key in gone if (d := before[key]) is not None])
            journal.put_documents(table, touched)
            journal.record_documents(tables["journal"], label, "highlights", before, touched)

        return touched, *self.update(apply)

    def step(self, *, back: bool) -> tuple[journal.Step | None, Stamp, Stamp]:
        """Undo the last change (`back`) or do the last undone one again.

        Returns:
            What changed (None: there was nothing to do), and the file's stamps before and after.

        Raises:
            LibraryError: see `update`.
        """
        done: journal.Step | None = None

        def apply(tables: Tables) -> bool:
            nonlocal done
            done = journal.step(tables, back=back, state_of=state_of)
            for doc_id, state in done.states.items() if done else ():
                _store(tables["states"], doc_id, state)
            return done is not None

        before, after = self.update(apply)
        return done, before, after


def _empty() -> Tables:
    names = ("states", "highlights", "bookmarks", "views", "feeds", "journal")
    tables: Tables = {name: {} for name in names}
    return {**tables, "meta": {"1": {"format": migration.FORMAT}}}


def _store(states: Table, doc_id: int, state: State) -> None:
    document = document_of(state)
    if document:
        states[str(doc_id)] = document
    else:
        states.pop(str(doc_id), None)


def _apply(
    states: Table,
    change: Change,
    own_tags: Callable[[Collection[int]], Mapping[int, tuple[str, ...]]],
) -> tuple[dict[int, State], dict[int, State]]:
    before: dict[int, State] = {}
    after: dict[int, State] = {}
    own = own_tags(change.ids) if change.add or change.remove else {}
    for doc_id in change.ids:
        old = state_of(states.get(str(doc_id), {}))
        new = change.applied(old, own.get(doc_id, ()))
        if new != old:
            before[doc_id], after[doc_id] = old, new
            _store(states, doc_id, new)
    return before, after
