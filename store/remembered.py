"""What is remembered of a feed's entries: the entry's key -> its fingerprint and its article's id.

An entry whose article was removed for good stays away, and is told from one whose article is not
there since a file was damaged, or is an older one: that comes back, if the feed still has it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

from store.numbers import MAX_ID, is_whole, whole

if TYPE_CHECKING:
    from store.linefile import LineFile
    from store.reading import ReadingFile, Tables

#: What is remembered of the entries of a feed.
Seen = Mapping[str, tuple[str, int]]

#: Entries that are remembered of a feed beyond those it holds now.
REMEMBERED: Final = 500

#: In the place of a fingerprint: several entries of the feed had this key, or this page.
SHARED: Final = "shared"

#: Before a fingerprint: the article was removed for good.
_REMOVED: Final = "removed "


def is_removed(pair: tuple[str, int]) -> bool:
    """Whether the article of an entry was removed for good."""
    return pair[0].startswith(_REMOVED)


def fingerprint_of(pair: tuple[str, int]) -> str:
    """What an entry was like when it was taken in."""
    return pair[0].removeprefix(_REMOVED)


def remembered(before: Seen, now: Seen) -> dict[str, tuple[str, int]]:
    """What to remember of a feed's entries: all it holds now, and those it held last.

    Args:
        before: What is remembered; articles may have been removed since the feed was asked.
        now: What was found of the entries that it holds.
    """
    gone = [(key, pair) for key, pair in before.items() if key not in now]
    removed = {key: before[key] for key in now if key in before and is_removed(before[key])}
    return {**dict(gone[-REMEMBERED:]), **now, **removed}


def seen_of(value: Any) -> dict[str, tuple[str, int]]:
    """What a document says is remembered; values of a wrong type count as not there."""
    if not isinstance(value, dict):
        return {}
    return {key: (pair[0], whole(pair[1], MAX_ID)) for key, pair in value.items() if _is_pair(pair)}


def note_removed(tables: Tables, gone: Collection[int]) -> None:
    """Note of entries that their articles were removed for good, and are not to come back."""
    for document in tables["feeds"].values():
        for key, pair in seen_of(document.get("seen")).items():
            if pair[1] in gone and pair[1] and not is_removed(pair):
                document["seen"][key] = [f"{_REMOVED}{pair[0]}", pair[1]]


def forget_missing(tables: Tables, there: Collection[int]) -> int:
    """Forget entries whose articles are neither there nor were removed; how many articles.

    Args:
        tables: Those of the reading file; feeds that had such entries are asked for all they hold.
        there: The ids of all articles.
    """
    missing: set[int] = set()
    for document in tables["feeds"].values():
        seen = seen_of(document.get("seen"))
        lost = {
            key: pair[1] for key, pair in seen.items()
            if pair[1] and pair[1] not in there and not is_removed(pair)
        }  # fmt: skip
        if lost:
            missing.update(lost.values())
            for key in lost:
                del document["seen"][key]
            for name in ("etag", "last_modified"):
                document.pop(name, None)
    return len(missing)


def let_come_again(reading: ReadingFile, file: LineFile) -> int:
    """Let feeds bring articles again that a library file has lost; how many, at most.

    To be called when damage was cut out of it, or an older one took its place.

    Raises:
        LibraryError: the reading file cannot be written, or the library file not be read.
    """
    if not reading.load()[0]["feeds"]:
        return 0
    there = {record.id for record in file.scan()}
    missing = 0

    def forget(tables: Tables) -> bool:
        nonlocal missing
        missing = forget_missing(tables, there)
        return missing > 0

    reading.update(forget)
    return missing


def _is_pair(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) == 2
        and isinstance(value[0], str) and is_whole(value[1])
    )  # fmt: skip
