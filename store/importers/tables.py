"""Tables in files (CSV): rows by the names of their columns, whatever program wrote them.

Columns are found by the header and not by their place.  The file is read by the line, so that its
size does not matter; a field may be as long as `MAX_FIELD`.  Dialects: commas, semicolons or tabs
between fields, or what a first line "sep=;" names; any encoding; any line ends; line ends and
quotation marks in quoted fields; rows with too many or too few fields; a quotation mark that is
never closed costs its own row only.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from store.article import Article
from store.importers.lines import text_lines
from store.importers.record import Rejected, Source
from store.importers.sniffing import delimiter_of, separator_in
from store.sanitize import clean_line

#: Longest field in characters: a whole article may stand in one.
MAX_FIELD: Final = 16_000_000
#: Most characters that a row is looked for in before its quotation mark counts as never closed.
_MAX_ROW: Final = 32_000_000
#: Rows with a mark that is never closed before quotation marks mean nothing in the rest.
_PATIENCE: Final = 20

_URL = re.compile(r"\s*(?:https?|ftp)://\S", re.I)

csv.field_size_limit(MAX_FIELD)  # of the whole process; Python's own is 128 KiB


class Row(NamedTuple):
    """One row of a table.

    Attributes:
        line: Number of the line it begins in, from 1.
        fields: Value by name of column: names in lower case and trimmed; values as they are.
        extra: Fields for which there is no column.
    """

    line: int
    fields: Mapping[str, str]
    extra: tuple[str, ...] = ()

    @property
    def item(self) -> str:
        """Its place, for a report."""
        return f"line {self.line}"

    def get(self, *names: str) -> str:
        """The first of the columns that is there and not empty, trimmed; or ""."""
        for name in names:
            if value := self.fields.get(name, "").strip():
                return value
        return ""


def read_table(
    source: Source, guess: Callable[[Sequence[str]], Sequence[str]] | None = None
) -> Iterator[Row | Rejected]:
    """The rows of a table in a file, in order.

    Args:
        source: The file.
        guess: Names the columns by the first row, when that is no header since it holds a link.
            By default such a row is taken for a header all the same.

    Raises:
        OSError: it cannot be read.
    """
    rows = _records(source)
    header: list[str] = []
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            header = [" ".join(clean_line(cell).split()).casefold() for cell in cells]
            if guess is not None and any(map(_URL.match, cells)):
                header = list(guess(cells))
                yield _row(line, cells, header, source.name)
            break
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            yield _row(line, cells, header, source.name)


def read_articles(
    source: Source,
    article_of: Callable[[Row, str], Article | Rejected],
    guess: Callable[[Sequence[str]], Sequence[str]] | None = None,
) -> Iterator[Article | Rejected]:
    """What `article_of` makes of each row of a table, given the name of the source."""
    for row in read_table(source, guess):
        yield row if isinstance(row, Rejected) else article_of(row, source.name)


def _row(line: int, cells: list[str], header: Sequence[str], name: str) -> Row | Rejected:
    if len(cells) > len(header):
        mended = _mended(cells, header)
        if mended is None and any(cell.strip() for cell in cells[len(header) :]):
            return Rejected(
                name, f"it has {len(cells)} fields where the header has {len(header)}",
                f"line {line}",
            )  # fmt: skip
        cells = mended or cells
    fields: dict[str, str] = {}
    for column, cell in zip(header, cells, strict=False):
        if column and not fields.get(column):  # of two columns of one name, the one with a value
            fields[column] = cell
    return Row(line, fields, tuple(cells[len(header) :]))


def _mended(cells: list[str], header: Sequence[str]) -> list[str] | None:
    """The cells of a row in which a comma was not quoted, found by where its link stands."""
    surplus = len(cells) - len(header)
    columns = [i for i, name in enumerate(header) if name in ("url", "link", "href")]
    links = [i for i, cell in enumerate(cells) if _URL.match(cell)]
    if len(columns) != 1 or len(links) != 1:
        return None
    before = links[0] - columns[0]
    if not 0 <= before <= surplus:
        return None
    at = columns[0]
    if before and at == 0:
        return None
    if before:  # what stands before the link is the title
        cells = [*cells[: at - 1], ",".join(cells[at - 1 : at + before]), *cells[at + before :]]
    left = len(cells) - len(header)
    if left and any(cell.strip() for cell in cells[len(header) :]):
        if at + 1 >= len(header):
            return None
        cells = [*cells[: at + 1], ",".join(cells[at + 1 : at + 2 + left]), *cells[at + 2 + left :]]
    return cells


class _Lines:
    """Numbered lines that can be put back: what a quoted field swallowed is read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.size = 0
        self.number = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.size > _MAX_ROW:
            self.ended = True
            raise StopIteration
        line = self._waiting.popleft() if self._waiting else next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        self.size += len(line)
        return line

    def peek(self) -> str:
        """The next line, without taking it; "" at the end."""
        if not self._waiting and (line := next(self._lines, None)) is not None:
            self._waiting.append(line)
        return self._waiting[0] if self._waiting else ""

    def begin_row(self) -> None:
        self.taken.clear()
        self.size = 0
        self.ended = False

    def put_back_but_one(self) -> str:
        """Keep the first line of the row; the others come again."""
        first, *rest = self.taken
        self._waiting.extendleft(reversed(rest))
        self.number -= len(rest)
        return first


def _records(source: Source) -> Iterator[tuple[int, list[str]]]:
    """(number of the first line, fields) of each row."""
    lines = _Lines(text_lines(source, MAX_FIELD))
    delimiter = ""
    unclosed = 0
    while first := lines.peek():
        lines.begin_row()
        start = lines.number + 1
        if not delimiter and first.strip():
            if named := separator_in(first):
                next(lines)
                delimiter = named if named in lines.peek() else ""
                continue
            delimiter = delimiter_of(first)
        plain = unclosed > _PATIENCE
        try:
            cells = next(
                csv.reader(
                    lines,
                    delimiter=delimiter or ",",
                    quoting=csv.QUOTE_NONE if plain else csv.QUOTE_MINIMAL,
                    strict=True,
                )
            )
        except (csv.Error, StopIteration):
            # A quotation mark is never closed, or ends where a field does not: what it swallowed
            # may be other rows.
            unclosed += len(lines.taken) > 1 or lines.ended
            cells = _loose_cells(lines.put_back_but_one(), delimiter or ",")
        yield start, cells


def _loose_cells(line: str, delimiter: str) -> list[str]:
    """The fields of one line whose quotation marks are not as they should be."""
    if line.count('"') % 2 == 0:
        try:
            return next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            pass
    return [cell.strip('"') for cell in line.rstrip("\n").split(delimiter)]
