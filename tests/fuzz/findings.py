"""What a target says when a promise is broken, and what it is run with."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: Cases as the targets' seeds and mutations give them.
Run = Callable[[bytes], None]


#: Numbers that SQLite, arrays, dates or floats cannot hold.
HUGE = (b"9223372036854775807", b"9223372036854775808", b"-9223372036854775809",
        b"9007199254740993", b"1" + b"0" * 30, b"1" + b"0" * 400, b"1e308", b"-1e999",
        b"Infinity")  # fmt: skip


class Finding(AssertionError):
    """A promise is broken; the text says which."""


def promise(holds: object, what: str) -> None:
    """Raise a `Finding` unless `holds`; `assert` would go with `python -O`."""
    if not holds:
        raise Finding(what)


@dataclass(frozen=True, slots=True)
class Target:
    """Something that takes bytes by strangers.

    Attributes:
        name: As the command line takes it.
        run: Takes a case; raises where a promise is broken.
        seeds: Cases to begin with.
        words: What a mutation may put in, so that it gets beyond the first check.
        seconds: Of the processor that one case may take.
        longest: Bytes of a case.
        weight: Its share of the time when all are run.
        slow: Whether a case starts a process, so that only a few can be tried.
    """

    name: str
    run: Run
    seeds: Callable[[], list[bytes]]
    words: tuple[bytes, ...] = ()
    seconds: float = 2.0
    longest: int = 16_384
    weight: int = 1
    slow: bool = False

    def __call__(self, data: bytes) -> None:
        """Try one case.

        Raises:
            Finding: It took too long.
            Exception: Whatever else is a finding.
        """
        start = time.process_time()
        self.run(data)
        spent = time.process_time() - start
        promise(spent < self.seconds, f"{spent:.1f} s for {len(data):,} bytes")


@cache
def scratch() -> Path:
    """A directory of this process, in memory where there is such a place."""
    root = Path("/dev/shm")
    home = tempfile.TemporaryDirectory(
        prefix="broadsheet-fuzz-", dir=root if os.access(root, os.W_OK) else None
    )
    _kept.append(home)  # removed when the process ends
    return Path(home.name)


_kept: list[object] = []


@contextmanager
def nothing_logged() -> Iterator[None]:
    """What the library logs as its own fault is a finding, though it goes on after it."""
    raised: list[BaseException] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info and record.exc_info[1] is not None:
                raised.append(record.exc_info[1])

    handler = Handler(logging.ERROR)
    logger = logging.getLogger("store")
    logger.addHandler(handler)
    propagate, logger.propagate = logger.propagate, False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
    if raised:
        raise raised[0]
