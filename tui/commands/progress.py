"""A progress bar of one line on standard error, drawn only where a person can see it."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from tui.commands.output import is_terminal, width

if TYPE_CHECKING:
    from store import ImportReport

_REDRAW = 0.1  # seconds between two drawings: an import over SSH must not wait for its bar
_BAR = 20
_CLEAR = "\r\x1b[K"  # to the start of the line, and erase it


class Progress:
    """Shows how far something long is; a context manager that leaves the line empty.

    Its methods have the shapes of the callbacks they are given as.
    """

    def __init__(self, stream: TextIO | None = None, *, shown: bool = True) -> None:
        """Draw on `stream`, standard error by default, if it is a terminal and is to be `shown`."""
        self._stream = stream or sys.stderr
        self._shown = shown and is_terminal(self._stream)
        self._drawn = False
        self._next = 0.0
        self._items = 0
        self._source = ("", 0, 0)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawn:
            self._stream.write(_CLEAR)
            self._stream.flush()

    def on_source(self, name: str, done: int, total: int) -> None:
        """`importers.read_sources` reads source `name`, after `done` of `total`."""
        self._source = (name, done, total)
        self._draw_import()

    def on_import(self, report: ImportReport) -> None:
        """`Library.add` has come so far."""
        self._items = report.total
        self._draw_import()

    def on_work(self, what: str, done: int, total: int) -> None:
        """`Library` does `what`, and has done `done` of `total`."""
        self._draw(what, done, total)

    def _draw_import(self) -> None:
        name, done, total = self._source
        self._draw(f"{self._items:,} articles  {name}", done, total)

    def _draw(self, text: str, done: int, total: int) -> None:
        now = time.monotonic()
        if not self._shown or now < self._next:
            return
        from tui.widgets.cells import clean, shorten

        self._next = now + _REDRAW
        share = min(1.0, done / total) if total else 0.0
        filled = round(share * _BAR)
        line = f"[{'#' * filled}{'-' * (_BAR - filled)}] {share:4.0%}  {clean(text)}"
        self._stream.write(_CLEAR + shorten(line, width(self._stream) - 1))
        self._stream.flush()
        self._drawn = True
