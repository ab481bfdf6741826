"""Search as it is typed in the app: from a key to the hits on the screen.

Measured are the keys of somebody who looks at each answer, the last of ten keys typed as fast as a
keyboard repeats, and the first letter after the start.
"""

from __future__ import annotations

import statistics
import time
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

import pyte

from tests.benchmarks import startup
from tests.benchmarks.figures import Figure
from tests.benchmarks.fresh import percentile
from tests.benchmarks.pty_bench import COLUMNS, LINES, Screen, Terminal
from tests.benchmarks.searching import typed_words

_SETTLED = 0.6  # seconds without output: the app has nothing left to do
_QUIET = 0.12  # seconds without output: the key is answered; a fast typist's next one comes then
_QUERIES = 15
_HITS = slice(2, LINES - 2)  # lines of the screen: without the input, its count, the status
_ERASE = b"\x7f"
_FAST = 30  # keys a second
_FAST_LETTERS = 10
_STARTS = 5
_FIRST_AFTER = 0.15  # seconds from opening the search to its first letter


def figures(size: int, library: Path, cache: Path) -> Iterator[Figure]:
    """Type queries letter by letter; see `startup.figures`."""
    command, environment = startup.app(library, cache)
    with Terminal(command, environment) as terminal:
        terminal.come_up(_SETTLED)
        terminal.press(b"/", quiet=_SETTLED)
        pressed: list[float] = []
        ends: list[float] = []
        for query in typed_words()[:_QUERIES]:
            for letter in query:
                pressed.append(terminal.send(letter.encode()))
                terminal.settle(_QUIET, patience=0.5)
            ends.append(time.perf_counter())
            _erase(terminal, query)
        painted = _painted(terminal, pressed, ends)
        pressed, ends = [], []
        for query in typed_words():
            if len(query) >= _FAST_LETTERS:
                pressed.append(_typed_fast(terminal, query[:_FAST_LETTERS]))
                ends.append(time.perf_counter())
                _erase(terminal, query[:_FAST_LETTERS])
        fast = _painted(terminal, pressed, ends)
    limit = 0.060 if size > 100_000 else 0.040
    yield Figure("search, key to painted hits: p50", percentile(painted, 0.5), "s", size)
    yield Figure(
        "search, key to painted hits: p95", percentile(painted, 0.95), "s", size,
        reach_value=limit, anywhere=True,
    )  # fmt: skip
    yield Figure("... the last of 10 keys at 30/s: p50", percentile(fast, 0.5), "s", size)
    yield Figure("... the last of 10 keys at 30/s: p95", percentile(fast, 0.95), "s", size)
    first = statistics.median(_first_letter(command, environment) for _ in range(_STARTS))
    yield Figure("... the first letter after the start", first, "s", size)


def _typed_fast(terminal: Terminal, text: str) -> float:
    """Type at an even pace without looking, and wait until all is answered; when the last was."""
    begin = time.perf_counter()
    for number, letter in enumerate(text):
        terminal.read_until(begin + number / _FAST)
        last = terminal.send(letter.encode())
    terminal.settle(_SETTLED, patience=0.5)
    return last


def _erase(terminal: Terminal, text: str) -> None:
    for _ in text:
        terminal.send(_ERASE)
    terminal.settle(_SETTLED)


def _first_letter(command: list[str], environment: dict[str, str]) -> float:
    """Seconds from the first letter of the first search to its hits."""
    with Terminal(command, environment) as terminal:
        terminal.come_up(_SETTLED)
        terminal.read_until(terminal.send(b"/") + _FIRST_AFTER)
        pressed = terminal.send(typed_words()[0][:1].encode())
        terminal.settle(_SETTLED)
        waits = _painted(terminal, [pressed], [time.perf_counter()])
        return waits[0] if waits else _SETTLED


def _painted(terminal: Terminal, pressed: list[float], ends: list[float]) -> list[float]:
    """Seconds from each key to the last change of the hits before the next key or `ends`."""
    screen = Screen(COLUMNS, LINES)
    stream = pyte.ByteStream(screen)
    shown: list[str] = []
    changes: list[float] = []
    for chunk in terminal.chunks:
        stream.feed(chunk.data)
        if (now := screen.display[_HITS]) != shown:
            shown = now
            changes.append(chunk.at)
    bounds = sorted((*pressed, *ends))
    waits = []
    for key in pressed:
        end = bounds[bisect_right(bounds, key)]
        between = [at - key for at in changes if key < at < end]
        if between:
            waits.append(max(between))
    return waits
