"""Indexing much text in a process of its own: `python -P -c "…apart; apart.main()" FILE DIRECTORY`.

What indexing many articles takes lies between what stays, so that not all of it is given back, and
Python's lock is taken from whoever reads meanwhile.  Of 20,000 articles the process kept 34 MB, had
grown by 118, and stood still for up to 111 ms; with this one it keeps 14, and 18 ms are the most.

It works as any other program on the library would, under the same locks.  When the one that began
it is gone or ends its input, it ends at once: what is not committed is done again another time.
"""

from __future__ import annotations

import json
import logging
import os
import selectors
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from store.childprocess import begin, leave_signals_to_parent

if TYPE_CHECKING:
    from store.indexing import Progress

_POLL: Final = 0.05  # seconds between two looks at whether to stop
_NICE: Final = 5  # how much less urgent it is: `nice(2)`
_BLOCK: Final = 4_096
_FAILED: Final = "failed"  # begins the line that says why, as JSON

_log = logging.getLogger(__name__)

_PROGRAM: Final = "from store import apart; apart.main()"


def index_apart(
    path: Path, directory: Path, stop: Callable[[], bool], on_progress: Progress | None = None
) -> bool:
    """Have another process index what waits; returns when it is over, or soon after `stop` says so.

    Args:
        path: The library file.
        directory: Where its index is.
        stop: Asked now and then.
        on_progress: Told how many articles are done.

    Returns:
        Whether the other process says that nothing waits any more.  If not, nobody knows why.
    """
    try:
        process = begin(_PROGRAM, str(path.absolute()), str(directory.absolute()))
    except (OSError, ValueError):
        return False  # no process, no memory for one, or nobody knows which Python this is
    with process:
        try:
            if not _listen(process, stop, on_progress):
                process.kill()
        except BaseException:
            process.kill()
            raise
    if process.returncode and not stop():
        _log.info("the process that indexes ended with %d", process.returncode)
    return process.returncode == 0


def _listen(
    process: subprocess.Popen[bytes], stop: Callable[[], bool], on_progress: Progress | None
) -> bool:
    """Pass on how far it is; True once it says no more, False when `stop` says so."""
    assert process.stdout is not None
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not stop():
            if not selector.select(_POLL):
                continue
            data = os.read(process.stdout.fileno(), _BLOCK)
            if not data:
                return True
            *lines, rest = (rest + data).split(b"\n")
            if not lines:
                continue
            first, other = lines[-1].split(maxsplit=1)
            if first == _FAILED.encode():
                _log.info("the process that indexes failed: %s", json.loads(other))
            elif on_progress is not None:
                on_progress("indexing", int(first), int(other))
    return False


def main() -> None:
    """Index what waits for it in the library and the directory that the command line names."""
    leave_signals_to_parent()
    os.nice(_NICE)
    threading.Thread(target=_end_with_input, daemon=True).start()
    from store.memory import share_arenas

    share_arenas()
    path, directory = map(Path, sys.argv[1:])
    done = False
    try:
        done = index_here(path, directory, lambda _, done, total: print(done, total, flush=True))
    except BaseException:  # whatever it is, the other process does the work, and can log it
        print(_FAILED, json.dumps(traceback.format_exc()), flush=True)
    # Nothing is left to be closed that the system does not close, and threads may still merge.
    os._exit(int(not done))


def index_here(path: Path, directory: Path, on_progress: Progress) -> bool:
    """What the other process does: index what waits, and nothing else.

    Args:
        path: The library file.
        directory: Where its index is.
        on_progress: Told how many articles are done.

    Returns:
        Whether nothing waits any more.
    """
    from store.index import Index
    from store.indexing import known_stamp
    from store.linefile import LineFile
    from store.wordkeeper import FullTextKeeper

    index = Index(directory / "columns.sqlite")
    file = LineFile(path, readonly=True, trusted=known_stamp(index))
    keeper = FullTextKeeper(directory / "words", file, index)
    keeper.work(lambda: False, on_progress)
    return keeper.pending() == 0


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(1)
