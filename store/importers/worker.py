"""A process that reads sources for another one: `python -P -c "…worker; worker.main()"`.

Jobs come on standard input, records go to standard output, pickled, each with its length before
it.  When the other process is gone, so is this one: whatever it is at, a thread sees the end of
the input, and where a reader holds the interpreter the system tells (Linux).
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from store.article import Article
from store.childprocess import leave_signals_to_parent
from store.importers.record import Rejected, Source

LENGTH: Final = struct.Struct("<Q")

#: Address space of a worker in bytes: what a hostile document can take before it is refused.
MEMORY: Final = 4 * 1024**3

#: Records, and characters of their text, that are sent at once.
_PART: Final = 50
_PART_CHARACTERS: Final = 200_000

_PR_SET_PDEATHSIG: Final = 1  # <sys/prctl.h>


class Job(NamedTuple):
    """One source to read: its number, name, format and whether books are split.

    What does not lie in a file comes with its bytes (`data`), and with the time of its change and
    the file it is, where there is one (see `Source`).
    """

    number: int
    name: str
    format: str | None
    split: bool
    data: bytes | None = None
    mtime: float = 0.0
    path: str | None = None


class Call(NamedTuple):
    """A function of a module to call, and the name of what it reads; its answer is the record."""

    number: int
    name: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class Begun(NamedTuple):
    """A worker has begun with a source."""

    number: int


class Part(NamedTuple):
    """Some records of a source; the last part also tells how many characters were unsafe."""

    number: int
    records: list[Any]
    cleaned: int = 0
    is_last: bool = False


def send(stream: BinaryIO, message: object) -> None:
    """Write one message."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def main() -> None:
    """Read what comes until nothing more does."""
    from store.importers.deadline import read_all_here

    read_all_here()
    leave_signals_to_parent()
    _die_with_parent()
    _limit_memory()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else that is printed may come between
    jobs: queue.SimpleQueue[list[Job | Call]] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, jobs), daemon=True).start()
    try:
        while True:
            for job in jobs.get():
                send(out, Begun(job.number))
                for part in _read(job):
                    send(out, part)
    except BrokenPipeError:
        os._exit(0)


def _read(job: Job | Call) -> Iterator[Part]:
    if isinstance(job, Call):
        yield Part(job.number, [_called(job)], is_last=True)
        return
    from store.importers import read_source
    from store.importers.sources import open_source

    if job.data is None:
        source = open_source(job.name)
    else:
        path = Path(job.path) if job.path else None
        source = Source(job.name, job.data, job.mtime, path=path)
    if isinstance(source, Rejected):
        yield Part(job.number, [source], is_last=True)
        return
    source.split = job.split
    records: list[Any] = []
    characters = 0
    for record in read_source(source, job.format):
        records.append(record)
        characters += len(record.body) if isinstance(record, Article) else 0
        if len(records) >= _PART or characters >= _PART_CHARACTERS:
            yield Part(job.number, records)
            records, characters = [], 0
    yield Part(job.number, records, source.cleaned, is_last=True)


def _called(job: Call) -> Any:
    try:
        return job.function(*job.arguments)
    except MemoryError:
        return Rejected(job.name, "there is not enough memory to read it")
    except RecursionError:
        return Rejected(job.name, "it is nested too deeply to be read")
    except Exception as error:
        return Rejected(job.name, str(error))


def _receive(stream: BinaryIO, jobs: queue.SimpleQueue[list[Job | Call]]) -> None:
    while len(head := stream.read(LENGTH.size)) == LENGTH.size:
        jobs.put(pickle.loads(stream.read(LENGTH.unpack(head)[0])))
    os._exit(0)


def _die_with_parent() -> None:
    try:
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        pass  # no Linux


def _limit_memory() -> None:
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (ImportError, ValueError, OSError):
        pass
