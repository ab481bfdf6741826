"""Writing articles out: which ones, in which format, to which place.

A file appears whole or not at all, readable by its owner only; what is there already is left alone
unless it is to be replaced.  Articles pass one by one, so that memory does not grow with their
number.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from store.atomic import create_directories, sync_directory, temporary_beside
from store.errors import ArticleNotFoundError, CancelledError, LibraryError
from store.exporters import EXPORT_FORMATS, ExportFormat
from store.exporters.record import Entry, Export, ExportReport
from store.moments import utc_now
from store.sanitize import clean_line
from store.targets import named_place, own_files, refuse_own, write_target

if TYPE_CHECKING:
    from store.library import Library

#: Every article, those in the trash too: what a query without a word about the trash leaves out.
_EVERYTHING: Final = "is:trashed OR -is:trashed"

_GONE: Final = "it was removed meanwhile"

#: Told how many articles are done, of how many.
OnExported = Callable[[int, int], None]


class _Target(NamedTuple):
    """Where to: a place or, without one, a stream; what is spared there, and what is not."""

    place: Path | None
    out: BinaryIO | None
    force: bool
    own: tuple[Path, ...]


def export_articles(
    library: Library,
    target: str,
    *,
    format: str,
    query: str = "",
    ids: Sequence[int] | None = None,
    force: bool = False,
    spared: Iterable[Path] = (),
    out: BinaryIO | None = None,
    on_progress: OnExported | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ExportReport:
    """Write articles to a file or directory.

    Args:
        library: Where they are.
        target: A file, or for formats of several files a directory or an archive (`.zip`); "-"
            writes to `out`.
        format: Name of a format of `EXPORT_FORMATS`.
        query: Which articles, in the order they are found.  Without query and ids it is the
            library: in a format without loss all of it, with the trash, views and subscriptions,
            by id; in another one all but the trash, newest first.
        ids: Which articles instead, in that order.
        force: Replace a file that is there, write into a directory that is not empty.
        spared: What is not written over even so, beside the library's own files.
        out: Standard output by default.
        on_progress: Told how far it is.
        cancelled: Asked before each article; once it says so, nothing is left behind.

    Raises:
        CancelledError: `cancelled` said so.
        LibraryError: the target is there already, is no file or one of the library's own, cannot
            be written, or does not fit the format.
    """
    chosen = EXPORT_FORMATS.get(format)
    if chosen is None:
        raise LibraryError(f"no format {format!r}; known are {', '.join(EXPORT_FORMATS)}")
    place = None if target == "-" else named_place(target)
    report = ExportReport(chosen.name, target)
    whole = ids is None and not query.strip()
    if ids is None:
        ids = _found(library, query, chosen, cancelled)
    if not ids and not whole:
        raise LibraryError(f"nothing is exported: no article is found by {query.strip() or 'it'}")
    export = Export(
        title=clean_line(query) or clean_line(library.path.stem) or "articles",
        report=report,
        tables=library.belongings() if whole and chosen.lossless else {},
        now=utc_now(),
    )
    entries = _entries(library, ids, report, on_progress, cancelled)
    to = _Target(place, out, force, (*own_files(library.path), *spared))
    try:
        if chosen.several:
            _write_several(chosen, entries, export, to, len(ids))
        else:
            _write_one(chosen.load()(entries, export), report, to)
    except BrokenPipeError:
        raise
    except OSError as error:
        name = "standard output" if place is None else target
        raise LibraryError(f"{name} cannot be written: {error.strerror or error}") from error
    return report


def _found(
    library: Library, query: str, format_: ExportFormat, cancelled: Callable[[], bool] | None
) -> Sequence[int]:
    if format_.lossless and not query.strip():
        return sorted(library.find(_EVERYTHING, everything=True, cancelled=cancelled).ids)
    return library.find(query, everything=True, cancelled=cancelled).ids


def _entries(
    library: Library,
    ids: Sequence[int],
    report: ExportReport,
    on_progress: OnExported | None,
    cancelled: Callable[[], bool] | None,
) -> Iterator[Entry]:
    notes = library.annotated()
    for done, id in enumerate(ids):
        if cancelled is not None and cancelled():
            raise CancelledError
        if on_progress:
            on_progress(done, len(ids))
        try:
            article = library.stored(id)
        except ArticleNotFoundError:
            report.leave_out(_GONE)
            continue
        yield Entry(article, library.state(id), tuple(notes.get(id, ())))
    if on_progress:
        on_progress(len(ids), len(ids))


def _write_one(chunks: Iterable[bytes], report: ExportReport, to: _Target) -> None:
    if to.place is None:
        stream = to.out or sys.stdout.buffer
        for chunk in chunks:
            stream.write(chunk)
        stream.flush()
    else:
        write_target(to.place, chunks, own=to.own, force=to.force)
    report.files = 1


def _write_several(
    format_: ExportFormat, entries: Iterator[Entry], export: Export, to: _Target, count: int
) -> None:
    files = format_.load()(entries, export)
    place = to.place
    if place is not None and place.suffix.lower() == ".zip":
        from store.exporters.archive import zipped

        _write_one(_counted(zipped(files), export.report), export.report, to)
    elif place is None or (place.suffix.lower() == format_.extension and not place.is_dir()):
        if count != 1:
            raise LibraryError(
                f"{count:,} articles are as many files of {format_.name}: "
                "name a directory, or an archive that ends in .zip"
            )
        _write_one((next(files)[1],), export.report, to)
    else:
        _write_directory(files, export.report, place, to)


def _counted(chunks: Iterable[bytes], report: ExportReport) -> Iterator[bytes]:
    yield from chunks
    report.files = 1


def _write_directory(
    files: Iterable[tuple[str, bytes]], report: ExportReport, place: Path, to: _Target
) -> None:
    """Fill a directory: a new one appears whole, an empty one is filled at the end or not at all.

    In another one each file appears whole.
    """
    refuse_own(place, to.own)
    create_directories(place.parent)
    if place.exists() and not place.is_dir():
        raise LibraryError(f"{place} is a file: name a directory, or an archive that ends in .zip")
    there = place.is_dir()
    if there and any(place.iterdir()):
        if not to.force:
            raise LibraryError(f"{place} is not empty (--force writes into it all the same)")
        for name, data in files:
            write_target(place / name, (data,), own=to.own, force=True)
            report.files += 1
        return
    target = Path(os.path.realpath(place))
    # A directory that is there stays the same one: it may be a mount point, or where a shell is,
    # and has an owner and a mode.
    staged = temporary_beside(target / "export" if there else target)
    staged.mkdir(mode=0o700)
    moved: list[Path] = []
    try:
        for name, data in files:
            descriptor = os.open(staged / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            report.files += 1
        os.sync()  # one for all: a sync of each of many thousand files takes minutes
        if there:
            for path in sorted(staged.iterdir()):
                _move_in(path, target, moved)
            staged.rmdir()
            sync_directory(target)
        else:
            staged.rename(target)
            sync_directory(target.parent)
    except BaseException:
        for path in moved:
            path.unlink(missing_ok=True)
        shutil.rmtree(staged, ignore_errors=True)
        raise


def _move_in(path: Path, directory: Path, moved: list[Path]) -> None:
    """Move a file into a directory, and note where it is; what is there by now is not replaced."""
    place = directory / path.name
    if os.path.lexists(place):
        raise LibraryError(f"{place}: it came to be there meanwhile")
    path.rename(place)
    moved.append(place)
