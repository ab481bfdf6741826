"""What the reader did: marks, tags, positions, undo and views, over reading file and mirror.

A change is queued in memory and seen at once; a moment later it is written to the reading file,
and from there mirrored into the index, so that queries can filter by it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.errors import LibraryError, UnwritableIndexError
from store.index import Index
from store.indexing import mirror, mirror_all, mirror_highlights
from store.moments import utc_now
from store.numbers import whole
from store.reading import Annotated, Change, ReadingFile, Tables
from store.row import Row
from store.sqlitefile import DamagedError
from store.state import State, clean_tags
from store.writeback import WriteBack

if TYPE_CHECKING:
    from store.arrivals import Arrival
    from store.highlights import Highlight

_ANCHOR = 64  # characters kept of the text at the reading position


#: Gives the tags that articles have in the library file, by id; those with none may be left out.
OwnTags = Callable[[Collection[int]], Mapping[int, tuple[str, ...]]]


class Marks:
    """The reader's state of one library."""

    def __init__(
        self,
        reading: ReadingFile,
        index: Index,
        *,
        own_tags: OwnTags,
        tell: Callable[[str], None],
    ) -> None:
        """State kept in `reading` and mirrored in `index`.

        Args:
            reading: The reading file.
            index: Its mirror.
            own_tags: Gives the tags that articles have in the library file.
            tell: Given a line for the person when a write in the background fails, which is tried
                again, and when it has succeeded after that.
        """
        self._reading = reading
        self._index = index
        self._own_tags = own_tags
        self._tell = tell
        self._trouble = ""  # what went wrong with the last write, as it was told
        self._unmirrored: tuple[Change, ...] = ()  # in the reading file, and not in the index
        self._queue = WriteBack(self._commit, self._note_failure)
        self._known: tuple[object, list[Highlight]] = (None, [])  # the stamp they were read at
        self._kept: dict[Path, int] = {}  # files of changes of an earlier run, and how many

    @property
    def pending(self) -> bool:
        """Whether anything is not on disk yet."""
        return bool(self._queue.pending)

    def flush(self) -> None:
        """Write what is queued, now."""
        self._queue.flush()

    def close(self, library: Path) -> None:
        """Write what is queued and stop; what cannot be written is kept elsewhere.

        Raises:
            LibraryError: it cannot be written; it says where it is kept, if it is.
        """
        try:
            self._queue.close()
        except (LibraryError, DamagedError) as error:
            from store.unsaved import keep

            changes = self._queue.pending
            kept = keep(library, changes)
            if kept is None and isinstance(error, LibraryError):
                raise
            if kept is None:
                raise LibraryError(f"reading state cannot be saved: {error}") from error
            what = _waiting(len(changes), earlier=sum(self._kept.values()))
            self._drop_kept()
            raise LibraryError(f"{error}; {what} in {kept} for the next start") from error

    def take_up(self, files: Iterable[Path]) -> None:
        """Queue what could not be saved when the program ended an earlier time."""
        from store.unsaved import read

        for file in files:
            try:
                changes = read(file)
            except (LibraryError, OSError, ValueError) as error:
                self._tell(f"{file} holds unsaved changes and cannot be read: {error}")
                continue
            self._kept[file] = len(changes)
            for change in changes:
                self.put(change)

    def _drop_kept(self) -> None:
        for file in self._kept:
            with suppress(OSError):
                file.unlink(missing_ok=True)
        self._kept = {}

    def of(self, doc_id: int) -> State:
        """The state of an article, queued changes included."""
        values = self._index.state(doc_id)
        state = State()
        if values is not None:
            tags = values[7]
            state = State(
                read=bool(values[0]),
                starred=bool(values[1]),
                archived=bool(values[2]),
                trashed=bool(values[3]),
                progress=float(values[4]),
                position=values[5],
                anchor=values[6],
                tags=None if tags is None else tuple(tags.split(" ")) if tags else (),
                opened=values[8],
                read_at=values[9],
            )
        for change in (*self._unmirrored, *self._queue.pending):
            if doc_id in change.ids:
                own = self._index.own_tags((doc_id,)) if change.add or change.remove else {}
                state = change.applied(state, own.get(doc_id, ()))
        return state

    def on(self, row: Row) -> Row:
        """The row with queued changes applied."""
        for change in (*self._unmirrored, *self._queue.pending):
            if row.id in change.ids:
                fields = {k: v for k, v in change.fields.items() if k in Row._fields}
                if change.add or change.remove:
                    kept = [t for t in row.tags if t not in set(change.remove)]
                    fields["tags"] = clean_tags([*kept, *change.add])
                row = row._replace(**fields)
        return row

    def put(self, change: Change) -> None:
        """Queue a change."""
        self._queue.put(change)

    def mark(self, ids: frozenset[int], marks: dict[str, bool]) -> None:
        """Set or clear marks by name."""
        from store.undo import done_in_words

        label = done_in_words(marks, one=len(ids) == 1)
        fields: dict[str, Any] = dict(marks)
        if "read" in marks:
            fields["read_at"] = utc_now() if marks["read"] else ""
            if not marks["read"]:  # it begins anew
                fields |= {"progress": 0.0, "position": 0, "anchor": ""}
        self.put(Change(ids, fields, label=label))

    def tag(self, ids: frozenset[int], add: Iterable[str], remove: Iterable[str]) -> None:
        """Add tags and take tags away."""
        from store.sanitize import clean_line
        from store.undo import tagged_in_words

        added, removed = clean_tags(map(clean_line, add)), clean_tags(remove)
        if added or removed:
            label = tagged_in_words(added, removed, one=len(ids) == 1)
            self.put(Change(ids, add=added, remove=removed, label=label))

    def remember(self, doc_id: int, position: int, anchor: str, progress: float) -> None:
        """Keep where reading stopped."""
        fields = {
            "position": whole(position),
            "anchor": anchor[:_ANCHOR],
            "progress": min(1.0, max(0.0, progress)),
            "opened": utc_now(),
        }
        self.put(Change(frozenset((doc_id,)), fields))

    def step(self, *, back: bool) -> str | None:
        """Undo (`back`) or redo; what was done, in words, or None."""
        self._queue.flush()
        done, before, after = self._reading.step(back=back)
        if done is None:
            self._mirror({}, before, after)
            return None
        self._mirror(done.states, before, after, done.documents.get("highlights"))
        return self._named(done.label, done.states)

    def _named(self, label: str, ids: Collection[int]) -> str:
        """What was done to one article, with its title."""
        try:
            rows = self._index.rows(list(ids)) if len(ids) == 1 else []
        except (DamagedError, UnwritableIndexError):
            rows = []  # it is done all the same
        return label.replace("1 article", f"“{rows[0].title}”", 1) if rows else label

    def take_in(self, arrivals: Sequence[Arrival]) -> tuple[list[bool], int]:
        """Put what an import says of reading into the reading file, in one write, on disk.

        Returns:
            For each arrival whether it changed anything, and how many highlights are new.

        Raises:
            LibraryError: the reading file cannot be written.
        """
        from store.arrivals import Effect, says_anything, take_in

        if not any(map(says_anything, arrivals)):
            return [False] * len(arrivals), 0
        self._queue.flush()
        effect = Effect({}, {}, [], 0)

        def apply(tables: Tables) -> bool:
            nonlocal effect
            effect = take_in(tables, arrivals)
            return any(effect.changed)

        before, after = self._reading.update(apply)
        if before != after:
            self._mirror(effect.states, before, after, effect.annotated)
        return effect.changed, effect.highlights

    def _note_failure(self, error: LibraryError) -> None:
        if str(error) != self._trouble:
            self._trouble = str(error)
            self._tell(self._trouble)

    def _commit(self, changes: list[Change]) -> None:
        states, before, after = self._reading.commit(changes, self._own_tags)
        if self._kept:
            number = sum(self._kept.values())
            self._drop_kept()
            these = "1 change" if number == 1 else f"{number:,} changes"
            self._tell(f"{these} that could not be saved the last time: saved now")
        if self._trouble:
            self._trouble = ""
            self._tell("reading state is saved again")
        self._mirror(states, before, after, changes=changes)

    def _mirror(
        self,
        states: dict[int, State],
        before: object,
        after: object,
        annotated: Annotated | None = None,
        changes: Iterable[Change] = (),
    ) -> None:
        try:
            with self._index.writing():
                if self._index.meta("reading") == [repr(before)]:
                    mirror(self._index, states)
                    mirror_highlights(self._index, annotated or {})
                    self._index.set_meta(reading=repr(after))
                else:  # another process wrote in between
                    mirror_all(self._reading, self._index)
            self._unmirrored = ()
        except DamagedError:
            pass  # the reading file has it; the index is made anew from there
        except UnwritableIndexError as error:
            self._unmirrored = (*self._unmirrored, *changes)
            self._note_failure(error)

    # ------------------------------------------------------------------------- highlights

    def highlights(self, article: int | None = None) -> list[Highlight]:
        """Highlights of one article or of all, by article and place."""
        stamp, known = self._known
        if self._reading.stamp() != stamp:
            if article is not None and self._has_none(article):
                return []
            from store.highlights import highlight_of

            tables, stamp = self._reading.load()
            known = [h for item in tables["highlights"].items() if (h := highlight_of(*item))]
            known.sort(key=lambda h: (h.article, h.offset, h.id))
            self._known = (stamp, known)
        return [h for h in known if article is None or h.article == article]

    def _has_none(self, article: int) -> bool:
        """Whether the mirror is in step and has no highlight of an article: no file is read."""
        try:
            in_step = self._index.meta("reading") == [repr(self._reading.stamp())]
            return in_step and not self._index.annotations_of([article])
        except (DamagedError, UnwritableIndexError):
            return False

    def annotate(self, number: int, highlight: Highlight | None, label: str) -> int:
        """Store a highlight under its number (0: a new one), or take it away; gives the number."""
        self._queue.flush()  # the journal keeps the order in which things were done
        annotated, before, after = self._reading.annotate({number: highlight}, label)
        self._mirror({}, before, after, annotated)
        return int(next(iter(annotated)))


def _waiting(number: int, *, earlier: int) -> str:
    """That changes wait, of which so many were made in an earlier run: not by what failed now."""
    if earlier == number:
        return "1 earlier change waits" if number == 1 else f"{number:,} earlier changes wait"
    if number == 1:
        return "1 change waits"
    return f"{number:,} changes wait" + (f" ({earlier:,} of them earlier ones)" if earlier else "")
