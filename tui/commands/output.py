"""What the commands write: tables for eyes, tab-separated lines and JSON for scripts.

Nothing here imports Textual.  Whatever a library holds is shown, never obeyed by the terminal.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from store import Hit, Row

#: The width of a table that goes to a file or a pipe, in cells.
PIPE_WIDTH = 80

_DATE = 10  # cells: "2017-03-09"
_MINUTES = 6  # cells: "99 min"
_SITE = 20  # cells at most
_NARROW = 60  # columns below which the site gives way to the title

# What a terminal obeys and JSON does not escape by itself.
_OBEYED = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


def is_terminal(stream: TextIO) -> bool:
    """Whether `stream` is a terminal that knows more than plain text."""
    return stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb", "unknown")


def width(stream: TextIO) -> int:
    """Columns to fill: `$COLUMNS` or the terminal's, `PIPE_WIDTH` where there is neither."""
    if stream.isatty() or os.environ.get("COLUMNS", "").isdecimal():
        import shutil

        return max(20, shutil.get_terminal_size((PIPE_WIDTH, 24)).columns)
    return PIPE_WIDTH


def warn(message: str) -> None:
    """Tell the person something beside the output, on standard error, in one line."""
    from tui.widgets.cells import clean

    print(f"broadsheet: {clean(message)}", file=sys.stderr)


def warn_of(faults: Iterable[str], instead: str) -> bool:
    """Tell what of a query was not understood where that is not sure enough to act by it.

    Args:
        faults: One line each.
        instead: What was not done.

    Returns:
        Whether there was any.
    """
    told = False
    for fault in faults:
        warn(f"{instead}: {fault}")
        told = True
    return told


def table(rows: Iterable[Row], *, columns: int, last_id: int) -> Iterator[str]:
    """Lines of an aligned table with a header, none wider than `columns` cells; none of no rows.

    Args:
        rows: The articles; the layout does not depend on them, so each is written as it comes.
        columns: Cells to fill.
        last_id: The highest id to come, for the width of its column.
    """
    from store.article import reading_minutes
    from tui.widgets.cells import clean, fit
    from tui.widgets.glyphs import default_glyphs

    glyphs = default_glyphs()
    number = max(3, len(str(last_id)))
    site = _SITE if columns >= _NARROW else 0
    title = max(8, columns - number - 2 - _DATE - _MINUTES - site - 4 - (1 if site else 0))

    def line(*cells: str) -> str:
        return " ".join(cell for cell in cells if cell).rstrip()

    for at, row in enumerate(rows):
        if not at:
            yield line(
                fit("ID", number, right=True), "  ", fit("DATE", _DATE), fit("TITLE", title),
                fit("SITE", site) if site else "", fit("TIME", _MINUTES, right=True),
            )  # fmt: skip
        yield line(
            fit(str(row.id), number, right=True),
            glyphs.state(row) + (glyphs.starred if row.starred else " "),
            fit(clean(row.published), _DATE, ellipsis=""),
            fit(clean(row.title) or "untitled", title, ellipsis=glyphs.ellipsis),
            fit(clean(row.site or row.author), site, ellipsis=glyphs.ellipsis) if site else "",
            fit(f"{reading_minutes(row.words)} min" if row.words else "", _MINUTES, right=True),
        )


def tab_separated(row: Row, *more: str) -> str:
    """One article for `cut` and `awk`; the help of `list` names the fields."""
    from tui.widgets.cells import clean

    state = ",".join(
        name for name in ("read", "starred", "archived", "trashed", "stub") if getattr(row, name)
    )
    fields = (
        str(row.id), row.published, row.title, row.author, row.site, str(row.words),
        ",".join(row.tags), state, *more,
    )  # fmt: skip
    return "\t".join(map(clean, fields))


def in_words(row: Row, snippet: str = "") -> str:
    """One article as a sentence, for screen readers: its number, its marks, what it is."""
    from datetime import datetime

    from tui.widgets import article_line
    from tui.widgets.cells import clean

    said = f"{row.id}, {article_line.in_words(row, now=datetime.now(), dates='plain')}"
    return f"{said}: {clean(snippet)}" if snippet else said


def mark(text: str, spans: Iterable[tuple[int, int]], *, bold: bool) -> str:
    """`text` with `spans` in bold (SGR 1 and 22 of ECMA-48), or as it is without `bold`."""
    if not bold:
        return text
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += (text[at:start], "\x1b[1m", text[start:end], "\x1b[22m")
        at = end
    return "".join((*parts, text[at:]))


def row_json(row: Row) -> dict[str, Any]:
    """A list row for scripts."""
    return {**row._asdict(), "tags": list(row.tags)}


def hit_json(hit: Hit) -> dict[str, Any]:
    """A search hit for scripts; spans are pairs of offsets in characters."""
    return {
        **row_json(hit.row),
        "score": hit.score,
        "snippet": hit.snippet,
        "spans": hit.spans,
        "title_spans": hit.title_spans,
    }


def write_json_array(objects: Iterable[dict[str, Any]]) -> None:
    """Write a JSON array, one object a line, as the objects come."""
    separator = "["
    for value in objects:
        sys.stdout.write(f"{separator}\n{to_json(value)}")
        separator = ","
    print("[]" if separator == "[" else "\n]")


def to_json(value: Any, *, indent: int | None = None) -> str:
    """JSON that is safe on a terminal: what it would obey is escaped, other text is readable."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _OBEYED.sub(lambda match: json.dumps(match[0])[1:-1], text)


def pages(total: int, size: int = 200) -> Iterator[tuple[int, int]]:
    """Cut 0 to `total` into pages, small enough to read one and print it before the next."""
    for start in range(0, total, size):
        yield start, min(start + size, total)
