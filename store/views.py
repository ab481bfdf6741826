"""Views: queries with a name.  Some every library has, some a person saved, each tag is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from store import journal
from store.errors import LibraryError
from store.indexing import update_apart
from store.numbers import number_of

if TYPE_CHECKING:
    from store.index import Index
    from store.journal import Documents
    from store.reading import ReadingFile, Stamp, Tables


class View(NamedTuple):
    """A named query."""

    name: str
    query: str

    @property
    def kind(self) -> str:
        """One of "built-in", "saved" and "tag"."""
        if self in BUILT_IN_VIEWS:
            return "built-in"
        return "tag" if self.name.startswith("#") else "saved"


class ViewCount(NamedTuple):
    """How many articles a view shows, and how many of them are unread."""

    unread: int
    total: int


#: The views every library has, in the order they are offered.
BUILT_IN_VIEWS: Final = (
    View("All", ""),
    View("Unread", "is:unread -is:archived"),
    View("Started", "is:started -is:archived"),
    View("Starred", "is:starred"),
    View("Today", "saved:today"),
    View("Archive", "is:archived"),
    View("Highlights", "has:highlight"),
    View("Stubs", "is:stub"),
    View("Trash", "is:trashed"),
)

#: Longest name and query of a view, in characters.
MAX_NAME: Final = 60
MAX_QUERY: Final = 1_000

# What the language takes for something else than a part of a value.
_NEEDS_QUOTES = re.compile(r'[\s(),"]')


def view_key(name: str) -> str:
    """What a name is compared by: neither case nor quotes count."""
    import unicodedata

    from store.sanitize import clean_line

    return unicodedata.normalize("NFC", clean_line(name)).casefold().replace('"', "")


def tag_view(tag: str) -> View:
    """The view of the articles with that tag: `#tag`."""
    if _NEEDS_QUOTES.search(tag):
        inside = tag.replace('"', '""')  # as the language has it in quotes
        return View(f"#{tag}", f'tag:"{inside}"')
    return View(f"#{tag}", f"tag:{tag}")


def built_in(name: str) -> View | None:
    """The built-in view of that name."""
    key = view_key(name)
    return next((view for view in BUILT_IN_VIEWS if view_key(view.name) == key), None)


def checked_name(name: str) -> str:
    """The name as it is saved: one line of safe text.

    Raises:
        LibraryError: it is empty, too long, or the name of something else.
    """
    from store.sanitize import clean_line

    clean = clean_line(name)
    if not view_key(clean):
        raise LibraryError("a view needs a name")
    if len(clean) > MAX_NAME:
        raise LibraryError(f"the name of a view has at most {MAX_NAME} letters, not {len(clean)}")
    if clean.startswith("#"):
        raise LibraryError(f"{clean}: names that begin with # are those of tags")
    taken = built_in(clean)
    if taken is not None:
        raise LibraryError(f"{taken.name} is a view that every library has: choose another name")
    return clean


def checked_query(query: str) -> str:
    """The query as it is saved.

    Raises:
        LibraryError: it is empty or too long.
    """
    from store.sanitize import clean_line

    clean = clean_line(query)
    if not clean:
        raise LibraryError("a view needs a query")
    if len(query.strip()) > MAX_QUERY:
        raise LibraryError(f"the query of a view has at most {MAX_QUERY:,} letters")
    return clean


class ViewNames:
    """The views one query can name, looked up when it names the first.

    Views may name views, whoever wrote them; what the parser bounds is counted here, since it
    holds for the query and its views together.

    Args:
        read: Gives the queries by name.

    Attributes:
        within: The views whose queries are being parsed, outermost first.
        asked: How often a view was asked for.
        terms: How many terms were read.
    """

    def __init__(self, read: Callable[[], Mapping[str, str]]) -> None:
        self._read = read
        self._views: dict[str, View] | None = None
        self.within: list[View] = []
        self.asked = 0
        self.terms = 0

    def get(self, name: str) -> View | None:
        """The view of that name, in any case."""
        return self._by_key().get(view_key(name))

    def begins(self, name: str) -> bool:
        """Whether the name of a view begins so."""
        return any(key.startswith(view_key(name)) for key in self._by_key())

    def nearest(self, name: str) -> View | None:
        """The view that may have been meant: its name begins so, or is spelt much the same."""
        known, key = self._by_key(), view_key(name)
        near = next((each for each in known if key and each.startswith(key)), None)
        if near is None:
            import difflib

            near = next(iter(difflib.get_close_matches(key, known, n=1)), None)
        return None if near is None else known[near]

    def _by_key(self) -> dict[str, View]:
        if self._views is None:
            from store.sanitize import clean_line

            views = (View(clean_line(name), query) for name, query in self._read().items())
            self._views = {view_key(view.name): view for view in views}
        return self._views


class SavedViews:
    """The views of a reading file, read again only when the file has changed.

    Args:
        reading: Where they are kept.
        index: Told of changes that concern nothing it mirrors.
        before: Called before a change; raises `ReadOnlyError` where none may be made.
    """

    def __init__(self, reading: ReadingFile, index: Index, *, before: Callable[[], None]) -> None:
        self._reading = reading
        self._index = index
        self._before = before
        self._known: tuple[Stamp, tuple[View, ...]] | None = None

    def all(self) -> tuple[View, ...]:
        """All of them, in the order they were saved first.

        Raises:
            LibraryError: the reading file is damaged.
        """
        known = self._known
        if known is None or known[0] != self._reading.stamp():
            tables, stamp = self._reading.load()
            known = self._known = stamp, tuple(view for _, view in _views(tables))
        return known[1]

    def named(self) -> dict[str, str]:
        """Queries by name, of these and the built-in views: what `view:NAME` can mean."""
        return dict((*self.all(), *BUILT_IN_VIEWS))

    def save(self, name: str, query: str) -> View | None:
        """Keep a query under a name, in the place of the view that has it.

        Returns:
            The view that was replaced.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: name or query will not do, or the file cannot be written.
        """
        self._before()
        new = View(checked_name(name), checked_query(query))
        replaced: View | None = None

        def change(tables: Tables) -> str:
            nonlocal replaced
            key, replaced = _find(tables, new.name)
            if key is None:
                key = str(next(journal.next_numbers(tables, "views")))
            tables["views"][key] = new._asdict()
            return f"{'saved' if replaced is None else 'changed'} the view “{new.name}”"

        self._update(change)
        return replaced

    def rename(self, name: str, new_name: str) -> View | None:
        """Give a view another name.

        Returns:
            The view as it is now, None when there is none of that name.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: the new name will not do, or another view has it.
        """
        self._before()
        clean = checked_name(new_name)
        renamed: View | None = None

        def change(tables: Tables) -> str:
            nonlocal renamed
            key, view = _find(tables, name)
            taken, other = _find(tables, clean)
            if other is not None and taken != key:
                raise LibraryError(f"there is a view {other.name} already")
            if key is not None and view is not None:
                tables["views"][key] = {**tables["views"][key], "name": clean}
                renamed = view._replace(name=clean)
            return "" if view is None else f"renamed the view “{view.name}” to “{clean}”"

        self._update(change)
        return renamed

    def remove(self, name: str) -> View | None:
        """Forget a view.

        Returns:
            The view that was removed, None when there is none of that name.

        Raises:
            ReadOnlyError: the library is read-only.
            LibraryError: the reading file cannot be written.
        """
        removed: View | None = None

        def change(tables: Tables) -> str:
            nonlocal removed
            key, removed = _find(tables, name)
            if key is not None:
                del tables["views"][key]
            return "" if removed is None else f"removed the view “{removed.name}”"

        if any(view_key(view.name) == view_key(name) for view in self.all()):
            self._before()
            self._update(change)
        return removed

    def _update(self, change: Callable[[Tables], str]) -> None:
        """Apply a change that tells what it did, and enter it in the journal."""

        def recorded(tables: Tables) -> None:
            views = tables["views"]
            then: Documents = {**views}
            label = change(tables)
            keys = [key for key in {**then, **views} if then.get(key) != views.get(key)]
            before, after = ({key: side.get(key) for key in keys} for side in (then, views))
            journal.record_documents(tables["journal"], label, "views", before, after)

        update_apart(self._reading, self._index, recorded)


def _views(tables: Tables) -> list[tuple[str, View]]:
    """(document id, view) in the order of the ids; whoever wrote the file, the text is safe."""
    from store.sanitize import clean_line

    entries = sorted(tables["views"].items(), key=lambda item: number_of(item[0]) or 0)
    views = [
        (key, View(clean_line(str(entry.get("name", ""))), clean_line(str(entry.get("query", "")))))
        for key, entry in entries
    ]
    return [(key, view) for key, view in views if view.name]


def _find(tables: Tables, name: str) -> tuple[str | None, View | None]:
    """Document id and view of that name."""
    wanted = view_key(name)
    return next(
        ((key, view) for key, view in _views(tables) if view_key(view.name) == wanted), (None, None)
    )
