"""Giving memory back to the system that a piece of work needed and nothing needs any more."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Final

#: Arenas of glibc that all threads share, and its name for their number (`malloc.h`).
_ARENAS: Final = 2
_M_ARENA_MAX: Final = -8

#: Bytes from which on a block has pages of its own, which go back when it is freed; glibc begins
#: with as many, and with 32 MiB once it has seen such blocks come and go.
_LARGE: Final = 128 * 1024
_M_MMAP_THRESHOLD: Final = -3


def share_arenas() -> None:
    """Let the threads started from now on share what memory the C library keeps at hand.

    glibc makes eight arenas for each core (`mallopt(3)`), and what each of thirty threads once
    needed for a moment would stay in its own for good.  Large blocks stay out of them: freed in
    the midst of an arena they would be kept.
    """
    _call("mallopt", _M_ARENA_MAX, _ARENAS)
    _call("mallopt", _M_MMAP_THRESHOLD, _LARGE)


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
