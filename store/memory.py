"""Giving memory back to the system that a piece of work needed and nothing needs any more."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Final

#: Arenas of glibc that all threads share, and its name for their number (`malloc.h`).
_ARENAS: Final = 2
_M_ARENA_MAX: Final = -8


def give_back() -> None:
    """Have the C library let go of what it keeps of freed memory; a few milliseconds, any thread.

    glibc gives back by itself only what lies at the end of its arenas (`malloc_trim(3)`), of which
    it makes eight for each core: what each of thirty threads once needed for a moment would stay
    for good.  So there are no new ones from now on.  Other C libraries, which have no such
    functions, are left alone.
    """
    if sys.platform != "linux":
        return
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        libc = ctypes.CDLL(None)
        libc.mallopt(_M_ARENA_MAX, _ARENAS)
        libc.malloc_trim(0)
