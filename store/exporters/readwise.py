"""Highlights and notes as Readwise's own CSV export has them, one a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from store.exporters.record import Entry, Export

COLUMNS: Final = (
    "Highlight", "Book Title", "Book Author", "Amazon Book ID", "Note", "Color", "Tags",
    "Location Type", "Location", "Highlighted at", "Document tags",
)  # fmt: skip

NO_HIGHLIGHTS: Final = "it has no highlights"


def write_readwise(entries: Iterable[Entry], export: Export) -> Iterator[bytes]:
    """The table in parts: a row a highlight, the place in the text as location."""
    yield _row(COLUMNS)
    for entry in entries:
        article = entry.shown
        if not entry.highlights:
            export.report.leave_out(NO_HIGHLIGHTS)
            continue
        export.report.articles += 1
        for highlight in entry.highlights:
            export.report.highlights += 1
            yield _row(
                (
                    highlight.quote, article.title, article.author, "", highlight.note,
                    highlight.colour, "", "offset", str(highlight.offset), highlight.made,
                    ",".join(article.tags),
                )
            )  # fmt: skip


def _row(values: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(values)  # RFC 4180
    return line.getvalue().encode("utf-8", "replace")
