"""Everything that writes, as operations on a small library, each done and undone at will."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from tinydb import TinyDB

from store import (
    Article,
    Bookmark,
    Highlight,
    Library,
    LibraryError,
    copies_of,
    restore_backup,
    write_backup,
)
from tests.faults.shelf import article, stock_file

#: Articles of the library that operations begin with.
NUMBER = 12


class Operation(NamedTuple):
    """Something that writes.

    Attributes:
        do: Does it; once it returns, it is on disk.
        prepare: Makes the directory in which it is done what it is before.
        cold: Whether there is no index yet.
        left: Says what it left behind in its directory after it failed and changed nothing.
    """

    do: Callable[[Library], object]
    prepare: Callable[[Path], None]
    cold: bool = False
    left: Callable[[Path], list[str]] = lambda place: []


def paths(place: Path) -> tuple[Path, Path]:
    """The library and the cache in a directory."""
    return place / "library.json", place / "cache"


def common(place: Path) -> None:
    """A library with articles and something of everything in its reading file."""
    path, cache = paths(place)
    with Library(path, cache_dir=cache) as library:
        library.add(map(article, range(1, NUMBER)))
        library.add([written(NUMBER)])
        library.mark([1, 2], read=True)
        library.flush()
        library.mark([3], starred=True)
        library.tag([4], add=["mine"])
        library.highlight(Highlight(5, quote="only5here", note="so it is"))
        library.save_view("Long", "words:>200")
        library.wait_until_searchable()


def written(number: int, more: str = "") -> Article:
    """An article that comes from a file, which may be edited."""
    plain = article(number)
    return replace(plain, url="", source="/notes/one.md", type="markdown", body=plain.body + more)


def _stock(place: Path) -> None:
    stock_file(paths(place)[0], range(1, NUMBER + 1))


def _torn(place: Path) -> None:
    common(place)
    with paths(place)[0].open("r+b") as file:
        file.seek(-3, 2)
        file.write(b',"13":{"title":"half')


def _cold(place: Path) -> None:
    common(place)
    shutil.rmtree(paths(place)[1])


def _nothing(place: Path) -> None:
    pass


def _mark(library: Library) -> None:
    library.mark([6, 7], read=True)
    library.tag([6], add=["later"], remove=["t2"])
    library.remember(8, position=40, anchor="there", progress=0.5)
    library.flush()


def _undo(library: Library) -> None:
    if library.views():
        library.undo()


def _highlight(library: Library) -> None:
    if len(library.highlights()) < 2:
        library.highlight(Highlight(6, quote="only6here"))


def _backed_up(place: Path) -> None:
    common(place)
    path, cache = paths(place)
    write_backup(path, place / "b.zip")
    with Library(path, cache_dir=cache) as library:
        library.add([article(20)])
        library.mark([8], starred=True)
        library.wait_until_searchable()


def _restore(library: Library) -> None:
    restore_backup(library.path, library.path.with_name("b.zip"))
    with suppress(LibraryError):  # it is done; the next look takes it in
        library.refresh()


def _restored_in_part(place: Path) -> list[str]:
    path, _ = paths(place)
    left = [copy.path.name for copy in copies_of(path)]
    left += [entry.name for entry in place.iterdir() if entry.suffix in (".restoring", ".tmp")]
    files = [path, path.with_name("library.reading.json")]
    return [*left, *(f"another name of {file.name}" for file in files if file.stat().st_nlink > 1)]


OPERATIONS: dict[str, Operation] = {
    "making a library": Operation(lambda library: None, _nothing, cold=True),
    "opening it": Operation(lambda library: library.newest(3), common),
    "adding one": Operation(lambda library: library.add([article(20)]), common),
    "adding some": Operation(lambda library: library.add(map(article, range(20, 50))), common),
    "editing one": Operation(lambda library: library.add([written(NUMBER, " more")]), common),
    "converting": Operation(lambda library: library.add([article(20)]), _stock),
    "mending": Operation(lambda library: library.add([article(20)]), _torn),
    "marking": Operation(_mark, common),
    "highlighting": Operation(_highlight, common),
    "undoing": Operation(_undo, common),
    "saving a view": Operation(lambda library: library.save_view("Tea", "tea"), common),
    "bookmarking": Operation(lambda library: library.bookmarks.set(Bookmark("a", 3, 5)), common),
    "subscribing": Operation(
        lambda library: library.feeds.subscribe("https://e.example/feed"), common
    ),
    "purging": Operation(lambda library: library.purge([2, NUMBER]), common),
    "restoring": Operation(_restore, _backed_up, left=_restored_in_part),
    "building the index": Operation(
        lambda library: library.wait_until_searchable(), _cold, cold=True
    ),
}


def facts(path: Path, cache: Path, *, words: bool = True) -> dict[str, Any]:
    """All that a library holds, as a JSON value; without times.

    Args:
        path: The library.
        cache: Where its index is.
        words: Look for each article by its words, too.

    Raises:
        AssertionError: The list, the file and stock TinyDB do not agree.
    """
    with Library(path, cache_dir=cache) as library:
        library.wait_until_listed()
        if words:
            library.wait_until_searchable()
        found = facts_of(library)
        for id, document in found["articles"].items() if words else ():
            word = str(document["body"]).split()[0]
            hits = list(library.find(word).ids)
            assert hits == [int(id)], f"{word} of article {id} is found in {hits}"
    with TinyDB(path, access_mode="r") as db:
        documents = {str(d.doc_id): dict(d) for d in db.table("articles")}
    assert documents == found["articles"], "stock TinyDB reads something else"
    return found


def facts_of(library: Library) -> dict[str, Any]:
    """All that an open library says it holds."""
    ids = sorted(row.id for row in library.newest(1000))
    states = {}
    for id in ids:
        state = library.state(id)._asdict()
        del state["read_at"], state["opened"]
        states[id] = state
    found = {
        "articles": {id: library.stored(id).to_document() for id in ids},
        "states": states,
        "highlights": [(h.article, h.quote, h.note) for h in library.highlights()],
        "views": library.views(),
        "feeds": [feed.url for feed in library.feeds.all()],
        "bookmarks": [mark[:3] for id in ids[:4] for mark in library.bookmarks.all(id)],
    }
    return json.loads(json.dumps(found))


def judge(found: Any, before: Any, after: Any, done: bool) -> str:
    """What is wrong with what was found; "" for nothing.

    Of the articles of one operation any may be there, each of them whole; all else of it is there
    or not.
    """
    if isinstance(found, str):
        return found
    least = after["articles"] if done else {}
    for id, document in found["articles"].items():
        if document not in (before["articles"].get(id), after["articles"].get(id)):
            return f"article {id} is neither the old nor the new one"
    for id, document in before["articles"].items():
        if id in after["articles"] and id not in found["articles"]:
            return f"article {id} is lost: {document}"
    if done and found["articles"] != least:
        return f"articles are lost: {least.keys() ^ found['articles'].keys()}"
    rest = {key: found.get(key) for key in ("highlights", "views", "feeds", "bookmarks")}
    for key, value in rest.items():
        allowed = [after.get(key)] if done else [before.get(key), after.get(key)]
        empty = {} if key == "views" else []
        if value not in allowed and not (value == empty and None in allowed):
            return f"{key} are {value}"
    states = [{} if each is None else each.get("states", {}) for each in (before, after)]
    for id, state in found["states"].items():
        old, new = (each.get(id) for each in states)
        if state not in ([new] if done else [old, new]) and not (old is None and not done):
            return f"the state of article {id} is {state}"
    return ""
