"""Files that a person names to be written: what is never replaced, and what only when asked.

Whatever writes to a place of a person's choosing asks here first.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from store.atomic import create_directories, replace_file
from store.besides import reading_of, restoring_of
from store.copies import backups_of, copies_of
from store.errors import LibraryError
from store.places import index_place


def named_place(name: str) -> Path:
    """The place that a person's words mean, a `~` at their beginning replaced.

    Raises:
        LibraryError: They are empty, or name the directory of a person who is not known.
    """
    if not name:
        raise LibraryError("no place is named")
    expanded = os.path.expanduser(name)  # noqa: PTH111 - pathlib raises, and strips a last slash
    if expanded.startswith("~"):
        raise LibraryError(f"{name}: no such person is known here (./~ begins a file's name)")
    return Path(expanded)


def write_target(place: Path, chunks: Iterable[bytes], *, own: Iterable[Path], force: bool) -> None:
    """Write a file where a person wants it, whole or not at all, with the directories it needs.

    Args:
        place: The file.
        chunks: Its contents.
        own: See `check_target`.
        force: Replace a file that is there.

    Raises:
        LibraryError: See `check_target`.
        OSError: It cannot be written; what was there is unchanged.
    """
    check_target(place, own=own, force=force)
    create_directories(place.parent)
    replace_file(place, chunks)


def check_target(place: Path, *, own: Iterable[Path], force: bool) -> None:
    """See that a file may be put at a place.

    Args:
        place: The file.
        own: What is not written over by any name, even with `force`; see `refuse_own`.
        force: Replace a file that is there.

    Raises:
        LibraryError: Something is there that is no file, or may not be replaced.
        OSError: The system does not let us look.
    """
    refuse_own(place, own)
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG if place.is_symlink() else 0
    if stat.S_ISDIR(mode):
        raise LibraryError(f"{place} is a directory: name a file in it")
    if mode and not stat.S_ISREG(mode):  # a device, a pipe: renamed over, it would be gone
        raise LibraryError(f'{place} is no file, so it is not replaced; "-" is standard output')
    if mode and not force:
        raise LibraryError(f"{place}: it is there already (--force replaces it)")


def refuse_own(place: Path, own: Iterable[Path]) -> None:
    """See that a place is none of the program's own files, and in none of its own directories.

    Args:
        place: What is to be written.
        own: Files and directories, whether they are there yet or not; links are followed.

    Raises:
        LibraryError: It is one.
    """
    target = Path(os.path.realpath(place))
    above = [target, *target.parents]
    stamps = list(_stamps(above))
    for each in own:
        mine = Path(os.path.realpath(each))
        if mine in above or any(stamp in stamps for stamp in _stamps([mine])):
            raise LibraryError(
                f"{place} is where broadsheet itself keeps {each.name}: name another place"
            )


def own_files(library: Path, *, copies: bool = True) -> list[Path]:
    """What belongs to a library, to be spared.

    That is both files, their locks, what was torn off, the copies and the index.

    Args:
        library: The library file.
        copies: Also the directory of the copies, with all that may come into it; else it is only
            those that are there, which is for what may lie beside them.
    """
    files = [Path(os.path.realpath(name)) for name in (library, reading_of(library))]
    locks = [file.with_name(f"{file.name}.lock") for file in files]
    torn = files[0].with_name(f"{files[0].name}.torn")
    kept = []
    with suppress(LibraryError):  # what cannot be read is told where copies are wanted
        kept = [copy.path for copy in copies_of(library)]
    if copies:
        kept.append(backups_of(library))
    return [*files, *locks, torn, Path(restoring_of(library)), *kept, index_place(library, None)]


def _stamps(paths: Iterable[Path]) -> Iterator[tuple[int, int]]:
    """What is the same for all names of a file, of those that are there."""
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        yield status.st_dev, status.st_ino
