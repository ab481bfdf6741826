"""Giving memory back to the system that a piece of work needed and nothing needs any more."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import _lru_cache_wrapper as Cache
from types import ModuleType
from typing import Final

#: Arenas of glibc that all threads share, and its name for their number (`malloc.h`).  With two,
#: what lies free in one is of no use to the other: 5 MB more after 50,000 keys.
_ARENAS: Final = 1
_M_ARENA_MAX: Final = -8

#: Bytes from which on a block has pages of its own, which go back when it is freed; glibc begins
#: with as many, and with 32 MiB once it has seen such blocks come and go.
_LARGE: Final = 128 * 1024
_M_MMAP_THRESHOLD: Final = -3

#: Answers from which on a cache is emptied; smaller ones are of use all the time.  A hundred caches
#: of 33 to 256 answers held 4,400; the frame after emptying them took at most 2 ms more (of 16).
_MANY: Final = 32


def share_arenas() -> None:
    """Let the threads started from now on share what memory the C library keeps at hand.

    glibc makes eight arenas for each core (`mallopt(3)`), and what each of thirty threads once
    needed for a moment would stay in its own for good.  They seldom wait for each other: each
    keeps small blocks for itself, and most of what they do holds Python's lock anyway.  Large
    blocks stay out of it: freed in the midst of an arena they would be kept.
    """
    _call("mallopt", _M_ARENA_MAX, _ARENAS)
    _call("mallopt", _M_MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """Have the C library let go of what it keeps of freed memory; a few milliseconds, any thread.

    glibc gives back by itself only what lies at the end of its arenas (`malloc_trim(3)`).
    """
    _call("malloc_trim", 0)


def forget_answers(packages: Collection[str]) -> None:
    """Empty the caches (`functools.lru_cache`) of packages; five milliseconds, any thread.

    They fill up with what was asked for once, each answer between others that are long gone, and
    Python gives memory back only by the mebibyte ("arenas"): a few thousand answers, a megabyte by
    themselves, keep twenty.  What is still of use is found anew within one frame.

    Args:
        packages: Names of top-level packages.
    """
    for name, module in tuple(sys.modules.items()):
        if name.partition(".")[0] in packages:
            for cache in _caches(module):
                if cache.cache_info().currsize > _MANY:
                    cache.cache_clear()


def _caches(module: ModuleType) -> Iterator[Cache[object]]:
    """The caches around functions and methods that a module defines."""
    for value in tuple(vars(module).values()):
        if isinstance(value, Cache):
            yield value
        elif isinstance(value, type) and value.__module__ == module.__name__:
            for member in tuple(vars(value).values()):
                method = getattr(member, "__func__", member)  # of class methods and static ones
                if isinstance(method, Cache):
                    yield method


def _call(name: str, *numbers: int) -> None:
    """Call a function of glibc; other C libraries, which have none of that name, are left alone."""
    if sys.platform != "linux":
        return
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None)[name](*numbers)
