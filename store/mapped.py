"""Keeping the memory low that mapped files take while the full-text index merges its segments.

The engine maps its files into memory, and the pages of all segments that are merged count as this
process's own for as long as the merge lasts: 2 GB for a million articles, though the system could
have every one of them back.  Here it is asked to take them (`madvise` with `MADV_PAGEOUT`, Linux
5.4), which a merge hardly notices, since it reads everything once and in order.

The call never changes what a page holds, so it does no harm to a mapping that has become another
one since its address was read.  Where there is no such call nothing is done.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_MADV_PAGEOUT: Final = 21  # include/uapi/asm-generic/mman-common.h

#: Bytes of mapped files that may stay, and seconds between two looks.
_ENOUGH: Final = 80_000_000
_INTERVAL: Final = 0.1

_MAPS: Final = Path("/proc/self/maps")
_STATM: Final = Path("/proc/self/statm")


@contextmanager
def kept_low(directory: Path) -> Iterator[None]:
    """Hand mapped files of a directory back to the system whenever they are many, for the body."""
    madvise = _madvise()
    if madvise is None:
        yield
        return
    done = threading.Event()
    watcher = threading.Thread(
        target=_watch, args=(directory, madvise, done), name="mapped", daemon=True
    )
    watcher.start()
    try:
        yield
    finally:
        done.set()


def _madvise() -> Callable[[int, int], object] | None:
    if not sys.platform.startswith("linux") or not _MAPS.exists():
        return None
    try:
        function = ctypes.CDLL(None).madvise
    except (OSError, AttributeError):
        return None
    function.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return lambda start, length: function(start, length, _MADV_PAGEOUT)


def _watch(directory: Path, madvise: Callable[[int, int], object], done: threading.Event) -> None:
    page = os.sysconf("SC_PAGE_SIZE")
    inside = os.fsencode(os.path.realpath(directory)) + b"/"
    while not done.wait(_INTERVAL):
        try:
            shared = int(_STATM.read_bytes().split()[2]) * page
            if shared < _ENOUGH:
                continue
            lines = _MAPS.read_bytes().splitlines()
        except (OSError, ValueError, IndexError):
            return
        for line in lines:
            if inside in line:
                start, stop = (int(part, 16) for part in line.split(None, 1)[0].split(b"-"))
                madvise(start, stop - start)
