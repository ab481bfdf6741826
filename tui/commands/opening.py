"""Opening the library a command works on."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tui import paths
from tui.commands.output import warn

if TYPE_CHECKING:
    from store import Library


def library_path(arguments: argparse.Namespace) -> Path:
    """The library named on the command line, or the default one."""
    named: Path | None = arguments.library
    return paths.default_library() if named is None else named


@contextmanager
def reading(arguments: argparse.Namespace) -> Iterator[Library | None]:
    """Open the library for a command that only looks; nothing is written but its side index.

    A library that is not there is not made: nothing (None) when it is the default one, which
    begins with the first article added.

    Raises:
        LibraryError: The library that was named is not there, or cannot be opened.
    """
    if arguments.library is None and not paths.default_library().exists():
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
