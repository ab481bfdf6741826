"""Giving memory back to the system that a piece of work needed and nothing needs any more."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Final

#: Arenas of glibc that all threads share, and its name for their number (`malloc.h`).
_ARENAS: Final = 2
_M_ARENA_MAX: Final = -8


def share_arenas() -> None:
    """Let the threads started from now on share what memory the C library keeps at hand.

    glibc makes eight arenas for each core (`mallopt(3)`), and what each of thirty threads once
    needed for a moment would stay in its own for good.
    """
    _call("mallopt", _M_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Have the C library let go of what it keeps of freed memory; a few milliseconds, any thread.

    glibc gives back by itself only what lies at the end of its arenas (`malloc_trim(3)`).
    """
    _call("malloc_trim", 0)


def _call(name: str, *numbers: int) -> None:
    """Call a function of glibc; other C libraries, which have none of that name, are left alone."""
    if sys.platform != "linux":
        return
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None)[name](*numbers)
