"""Opening the library a command works on."""

from __future__ import annotations

import argparse
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tui import paths
from tui.commands.output import warn

if TYPE_CHECKING:
    from store import Library

#: As much longer as the longest name of what lies beside a library, a temporary file's.
_BESIDE = ".reading.json.00000000.tmp"

#: Characters of a name that is too long which are shown.
_SHOWN = 40


def library_path(arguments: argparse.Namespace) -> Path:
    """The library named on the command line, or the default one.

    Raises:
        LibraryError: It can be none: it is a directory, or what lies beside it could have no name.
    """
    named: Path | None = arguments.library
    path = paths.default_library() if named is None else named
    try:
        if not path.is_dir():
            path.with_name(path.name + _BESIDE).lstat()
            return path
        fault = f"{path} is a directory; name a file in it, such as {path / 'library.json'}"
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            return path
        name = f"{path.name[:_SHOWN]}…" if len(path.name) > _SHOWN else str(path)
        fault = f"{name}: {error.strerror}; name the library otherwise"
    from store import LibraryError

    raise LibraryError(fault)


@contextmanager
def reading(arguments: argparse.Namespace) -> Iterator[Library | None]:
    """Open the library for a command that only looks; nothing is written but its side index.

    A library that is not there is not made: nothing (None) when it is the default one, which
    begins with the first article added.

    Raises:
        LibraryError: The library that was named is not there, or cannot be opened.
    """
    if arguments.library is None and not library_path(arguments).exists():
        warn("the library is empty: `broadsheet add FILE` fills it, `broadsheet demo` shows one")
        yield None
        return
    with _open(arguments, readonly=True) as library:
        yield library


@contextmanager
def writing(arguments: argparse.Namespace) -> Iterator[Library]:
    """Open the library, making it when it is not there.

    Raises:
        LibraryError: It cannot be opened or made.
    """
    with _open(arguments, readonly=arguments.read_only) as library:
        yield library


@contextmanager
def rehearsing(arguments: argparse.Namespace) -> Iterator[Library]:
    """Open the library for a command that says what it would do: nothing is written or made.

    Raises:
        LibraryError: It cannot be opened.
    """
    if library_path(arguments).exists():
        with _open(arguments, readonly=True) as library:
            yield library
        return
    from tempfile import TemporaryDirectory

    from store import Library

    with TemporaryDirectory(prefix="broadsheet-") as place:
        directory = Path(place)
        with Library(directory / "library.json", cache_dir=directory / "cache") as library:
            yield library


def make_searchable(library: Library) -> None:
    """Wait until every article can be found by its words, and show how far that is."""
    from tui.commands.progress import Progress

    with Progress() as progress:
        library.wait_until_searchable(progress.on_work)


@contextmanager
def _open(arguments: argparse.Namespace, *, readonly: bool) -> Iterator[Library]:
    from store import Library
    from tui.commands.progress import Progress

    with Progress() as progress:
        library = Library(library_path(arguments), readonly=readonly, on_progress=progress.on_work)
        try:
            library.wait_until_listed(progress.on_work)
        except BaseException:
            library.close()
            raise
    with library:
        for notice in library.notices:
            warn(notice)
        yield library
