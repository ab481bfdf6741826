"""Highlights and notes as Readwise takes them in: a table with one a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from store.exporters.passages import Annotated, write_csv
from store.exporters.record import Entry, Export

NO_HIGHLIGHTS: Final = "no highlights"


def write_readwise(entries: Iterable[Entry], export: Export) -> Iterator[bytes]:
    """The table in parts."""
    for row in write_csv(_annotated(entries, export)):
        yield row.encode("utf-8", "replace")


def _annotated(entries: Iterable[Entry], export: Export) -> Iterator[Annotated]:
    for entry in entries:
        if entry.highlights:
            export.report.articles += 1
            export.report.highlights += len(entry.highlights)
            yield Annotated(entry.shown, entry.highlights)
        else:
            export.report.leave_out(NO_HIGHLIGHTS)
