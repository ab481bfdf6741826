"""`broadsheet add --watch`: take in what lands in directories, until it is told to end."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from tui.commands import output

if TYPE_CHECKING:
    from store import ImportReport, Library

#: Seconds until a file is tried again that could not be written to the library.
_AGAIN = 10.0


def watch(arguments: argparse.Namespace) -> int:
    """Take in what is there and what lands; the exit status of the signal that ended it."""
    from store import LibraryError
    from store.importers import read_sources
    from store.importers.landing import Landing
    from tui.commands.opening import writing
    from tui.commands.progress import Progress
    from tui.commands.stopping import Stopping

    with Stopping() as stop, writing(arguments) as library:
        landing = Landing(arguments.sources, stop)
        there = landing.begin()
        stop.begin()
        if there:
            with Progress() as progress:
                records = read_sources(
                    there,
                    format=arguments.format,
                    split=arguments.split,
                    on_source=progress.on_source,
                )
                report = library.add(stop.until(records), on_progress=progress.on_import)
            _tell_all(report, as_json=arguments.json)
        if not stop():
            output.warn(f"watching {', '.join(arguments.sources)}; ctrl-c ends it")
        for name in landing.files():
            try:
                read = read_sources([name], format=arguments.format, split=arguments.split)
                report = library.add(read)
            except LibraryError as error:
                output.warn(f"{name}: {error}; it is tried again")
                landing.again(name, _AGAIN)
                continue
            _tell(library, name, report, as_json=arguments.json)
    return stop.code


def _tell_all(report: ImportReport, *, as_json: bool) -> None:
    """What became of the files that were there."""
    from tui.commands.add import name_rejected

    if as_json:
        _write(output.to_json(report.to_json()))
    else:
        name_rejected(report, verbose=False)
        _write(report.summary())


def _tell(library: Library, name: str, report: ImportReport, *, as_json: bool) -> None:
    """One line on what became of a file."""
    from tui.widgets.cells import clean

    if as_json:
        document: dict[str, Any] = {"source": name, **report.to_json()}
        _write(output.to_json(document))
        return
    ids = [*report.added, *report.merged]
    if report.total == 1 and ids:
        what = "added" if report.added else "updated"
        (row,) = library.rows(ids) or (None,)
        line = f"{what} {ids[0]}: {row.title if row else ''}"
    elif report.total == 1 and report.rejected:
        line = f"rejected: {report.rejected[0].reason}"
    elif report.total == 1:
        line = "unchanged"
    else:
        line = report.summary()
    _write(clean(f"{name}: {line}"))


def _write(line: str) -> None:
    print(line)
    sys.stdout.flush()  # whoever reads a pipe reads it now
