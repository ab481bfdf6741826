"""The app in a terminal: first frame, ready for keys, memory."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

from store import Library
from tests.benchmarks import files
from tests.benchmarks.figures import Figure
from tests.benchmarks.pty_bench import (
    Terminal,
    first_answer,
    first_shown,
    python,
)
from tests.benchmarks.searching import build

_RUNS = 7
_HELLO = python("-m", "tests.benchmarks.hello")
_DOWN, _END, _HELP = b"j", b"G", b"?"
_HELP_TEXT = "esc close"
_FEW = 100  # articles in a library that the start is compared with
_SETTLED = 0.6  # seconds without output: the app has nothing left to do


def figures(size: int, library: Path, cache: Path) -> Iterator[Figure]:
    """All figures of the app in a terminal.

    Ready for keys is the time from the start until a key that was pressed at the first sign of life
    has moved the cursor and the screen shows it; its reference is the first frame of hello-world.
    The cursor moves before the app is there; what only the app can do is measured beside that.

    Args:
        size: Articles in the library.
        library: The library.
        cache: Its side index: the directory `broadsheet` of a cache directory.
    """
    command, environment = app(library, cache)
    newest = _newest_title(library, cache)
    few = library.parent / "few"
    few.mkdir()
    shutil.copyfile(files.library(_FEW), few / library.name)
    build(str(few / library.name), str(few / "cache" / "broadsheet"))
    with_few = app(few / library.name, few / "cache" / "broadsheet")
    newest_of_few = _newest_title(few / library.name, few / "cache" / "broadsheet")
    hello, bare, frame, small, ready, small_ready, end, help_panel = _medians(
        lambda: first_shown(_HELLO, {}, "Hello, world"),
        lambda: first_shown(python("-c", "print('Hello, world')"), {}, "Hello, world"),
        lambda: first_shown(command, environment, newest),
        lambda: first_shown(*with_few, newest_of_few),
        lambda: first_answer(command, environment, _DOWN, f"2/{size:,}"),
        lambda: first_answer(*with_few, _DOWN, f"2/{_FEW:,}"),
        lambda: first_answer(command, environment, _END, f"{size:,}/{size:,}"),
        lambda: first_answer(command, environment, _HELP, _HELP_TEXT),
    )
    yield Figure("Python itself, to its first line", bare, "s", 0, "hello-world app", hello)
    yield _against_hello("first frame with titles", frame, size, hello, 0.30)
    yield Figure("the same", frame, "s", size, f"with {_FEW} articles", small, 1.05)
    yield _against_hello("ready for keys", ready, size, hello, 1.15)
    yield Figure("the same", ready, "s", size, f"with {_FEW} articles", small_ready, 1.05)
    yield _against_hello(
        "ready, the first key is the app's own: to the end", end, size, hello, None
    )
    yield _against_hello("ready, the first key opens the help", help_panel, size, hello, None)
    with Terminal(_HELLO, {}) as terminal:
        terminal.come_up(_SETTLED)
        hello = terminal.memory()
    with Terminal(command, environment) as terminal:
        terminal.come_up(_SETTLED)
        memory = terminal.memory()
        yield _against_hello("memory of the app", memory, size, hello, 1.4, unit="B")


def app(library: Path, cache: Path) -> tuple[list[str], dict[str, str]]:
    """The command that opens the app on a library, and its environment; see `figures`."""
    places = {
        f"XDG_{kind}_HOME": str(library.parent / kind) for kind in ("CONFIG", "DATA", "STATE")
    }
    command = python("-m", "tui", "--library", str(library))
    return command, {"XDG_CACHE_HOME": str(cache.parent), **places}


def _against_hello(
    what: str, value: float, size: int, hello: float, reach: float | None, unit: str = "s"
) -> Figure:
    return Figure(what, value, unit, size, "hello-world app", hello, reach, anywhere=True)


def _newest_title(library: Path, cache: Path) -> str:
    """The beginning of a title that is on the first screen."""
    with Library(library, cache_dir=cache, readonly=True) as opened:
        rows = opened.newest(10)
    return next(row.title for row in rows if row.title.isascii() and len(row.title) > 16)[:16]


def _medians(*measurements: Callable[[], float]) -> tuple[float, ...]:
    """The median of each, measured by turns: what slows the machine down slows them all."""
    rounds = [[measurement() for measurement in measurements] for _ in range(_RUNS)]
    return tuple(map(statistics.median, zip(*rounds, strict=True)))
