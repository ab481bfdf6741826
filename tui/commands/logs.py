"""What the library logs goes to the log file; nobody asked for tracebacks on the terminal."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from tui.paths import log_file
from tui.terminal import log


class _ToFile(logging.Handler):
    """Writes records to the log file, which comes into being with the first of them."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        log.write(log_file(), error, record.getMessage())


@contextmanager
def kept() -> Iterator[None]:
    """Send warnings and errors of the library to the log file meanwhile."""
    logger, handler = logging.getLogger("store"), _ToFile(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
