"""Giving memory back to the system that a piece of work needed and nothing needs any more."""

from __future__ import annotations

import sys
from contextlib import suppress


def give_back() -> None:
    """Have the C library let go of what it keeps of freed memory; a few milliseconds, any thread.

    glibc gives back by itself only what lies at the end of its arenas (`malloc_trim(3)`).  Other C
    libraries, which have no such function, are left alone.
    """
    if sys.platform != "linux":
        return
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).malloc_trim(0)
