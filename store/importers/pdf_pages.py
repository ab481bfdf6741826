"""The pages of a PDF as lines of text with their places, fresh from the process that reads them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from store.errors import SourceError
from store.importers.pdf_worker import FIXED, TURNED
from store.sanitize import scrub

#: Seconds that reading one PDF may take.
TIMEOUT = 90
#: A gap within a line that is wider, in sizes of the font, parts two cells or columns.
_CELL_GAP = 2.0


class Span(NamedTuple):
    """A stretch of a line in one style (the bits of `pdf_worker`)."""

    start: int
    end: int
    style: int


@dataclass(slots=True)
class Line:
    """One line of a column: its box in points from the page's top left corner, and its text.

    Attributes:
        size: Size of most of its text in points.
        style: The bits that all of its text has.
        cells: Ends of the pieces that wide gaps part, for the rows of tables.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float
    size: float
    style: int
    text: str
    spans: list[Span] = field(default_factory=list)
    cells: tuple[str, ...] = ()

    @property
    def width(self) -> float:
        """Width in points."""
        return self.right - self.left


class Page(NamedTuple):
    """One page: its size in points and its lines in the order of the file."""

    width: float
    height: float
    lines: list[Line]


class Pdf(NamedTuple):
    """What a PDF holds.

    Attributes:
        meta: Entries of the document information dictionary: "Title", "Author", ...
        outline: (level from 0, title, page index or -1).
        unread: Numbers of pages that could not be read, from 1.
        cleaned: Unsafe characters that were removed from the lines.
    """

    meta: dict[str, str]
    lang: str
    outline: list[tuple[int, str, int]]
    pages: list[Page]
    unread: list[int]
    cleaned: int


def open_pdf(data: bytes) -> Pdf:
    """Read a PDF in a process of its own, whose crash, hang or size does no harm here.

    Raises:
        SourceError: it cannot be read; the text says why.
    """
    answer = _ask(data)
    if "error" in answer:
        raise SourceError(str(answer["error"]))
    pages: list[Page] = []
    cleaned = 0
    for number, (width, height, raw_lines) in enumerate(answer["pages"]):
        lines: list[Line] = []
        for runs in raw_lines:
            for piece in _pieces(runs):
                line, removed = _line(number, piece)
                cleaned += removed
                if line.text:
                    lines.append(line)
        pages.append(Page(width, height, lines))
    return Pdf(
        meta={str(key): str(value) for key, value in answer["meta"].items()},
        lang=str(answer["lang"]),
        outline=[(level, str(title), page) for level, title, page in answer["outline"]],
        pages=_without_turned(pages),
        unread=answer["unread"],
        cleaned=cleaned,
    )


def _ask(data: bytes) -> dict[str, Any]:
    """What the process says; an error of its own making when it says nothing."""
    from store.importers import pdf_worker

    # -P: this folder has modules named as those of the standard library.
    command = [sys.executable, "-P", str(Path(pdf_worker.__file__))]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return {"error": f"reading it takes more than {TIMEOUT} seconds"}
    except OSError as error:
        return {"error": f"the process that reads PDFs cannot be started: {error}"}
    if done.returncode or not done.stdout:
        said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        if "pypdfium2" in said:
            return {"error": "reading PDFs needs pypdfium2: pip install pypdfium2"}
        if done.returncode == -signal.SIGABRT:  # so PDFium ends when it gets no more
            return {"error": "reading it takes too much memory"}
        if done.returncode == -signal.SIGXCPU:
            return {"error": "reading it takes too long for a file of its size"}
        how = f"signal {-done.returncode}" if done.returncode < 0 else said[:200] or "no answer"
        return {"error": f"it breaks the reader of PDFs ({how})"}
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return {"error": "the reader of PDFs gave no answer that can be read"}
    return answer if isinstance(answer, dict) else {"error": "the reader of PDFs gave no answer"}


def _pieces(runs: list[list[Any]]) -> list[list[list[Any]]]:
    """A line's runs, parted where gaps are so wide that they part cells or columns."""
    pieces: list[list[list[Any]]] = []
    for run in runs:
        before = pieces[-1][-1] if pieces else None
        if before is not None and -run[4] < run[0] - before[2] < _CELL_GAP * max(run[4], before[4]):
            pieces[-1].append(run)
        else:
            pieces.append([run])
    return pieces


def _line(page: int, runs: list[list[Any]]) -> tuple[Line, int]:
    sizes: Counter[float] = Counter()
    for run in runs:
        sizes[run[4]] += len(run[6])
    size = sizes.most_common(1)[0][0]
    bottom = max((run[3] for run in runs if run[4] == size), default=0.0)
    text = ""
    removed = 0
    spans: list[Span] = []
    style = ~0
    for position, run in enumerate(runs):
        said, count = scrub(run[6])
        removed += count
        said = said.replace("\n", " ").replace("\t", " ")
        if position == len(runs) - 1:
            said = said.rstrip()
        if run[4] < 0.85 * size and run[3] < bottom - 0.1 * size:
            said = raised(said)
        start = len(text)
        text += said
        style &= run[5]
        spans.append(Span(start, len(text), run[5]))
    line = Line(
        page, min(run[0] for run in runs), min(run[1] for run in runs),
        max(run[2] for run in runs), max(run[3] for run in runs), size, style, text, spans,
    )  # fmt: skip
    return line, removed


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(text: str) -> str:
    """A mark that stands above the line: figures have characters of their own."""
    bare = text.strip()
    return text.translate(_RAISED) if bare.isascii() and bare.isdigit() else text


def _without_turned(pages: list[Page]) -> list[Page]:
    """Without text that runs up or down the page, unless that is most of the text."""
    turned = sum(len(line.text) for page in pages for line in page.lines if line.style & TURNED)
    total = sum(len(line.text) for page in pages for line in page.lines)
    if not turned or 2 * turned > total:
        return pages
    return [
        page._replace(lines=[line for line in page.lines if not line.style & TURNED])
        for page in pages
    ]


def body_size(pages: list[Page]) -> float:
    """The size in which most of the text is set, in points."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def is_fixed(line: Line) -> bool:
    """Whether a line is set in a typewriter face."""
    return bool(line.style & FIXED)
