"""Reading sources in several processes, in order, where that is quicker or safer.

What a source costs does not touch the others: one that crashes its reader, takes too long or too
much memory is rejected with the reason, and the rest is read by a new process.  The processes are
this program's own (`worker`), ignore ctrl-c, and end with it, however it ends.
"""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath
from types import TracebackType
from typing import Any, Final, cast

from store.article import Article
from store.childprocess import begin
from store.importers.record import Rejected
from store.importers.worker import LENGTH, Begun, Call, Job, Part, send
from store.sanitize import vouch

#: From so many sources on several processes read them; fewer are read sooner than one has begun.
MANY: Final = 100
#: The same for formats that cost much to parse.
MANY_SLOW: Final = 6
SLOW: Final = frozenset((".html", ".htm", ".xhtml", ".mhtml", ".mht", ".epub", ".eml", ".mbox"))
#: Read by a library in C that a damaged file may crash: always in another process.
RISKY: Final = frozenset((".pdf",))

#: Bytes from which on also one alone of the slow formats is read where it can be given up.
LARGE: Final = 1024 * 1024

#: Seconds after which a source that gives nothing is given up.
PATIENCE: Final = 120.0

#: Sources in one job at most: few enough to be shared evenly, many enough not to wait for each.
_JOB: Final = 16
#: Jobs a worker has at once, so that it never waits for the next.
_AHEAD: Final = 2
#: Bytes of records that wait for their turn; beyond that only the source that is next is read.
_WAITING: Final = 64 * 1024**2
#: Bytes of records that come while the caller is busy with others.
_QUEUED: Final = 24 * 1024**2
_POLL: Final = 0.25  # seconds between two looks at what takes too long
_BLOCK: Final = 1 << 18

_PROGRAM: Final = "from store.importers import worker; worker.main()"


def workers_for(names: Sequence[str]) -> int:
    """How many processes are to read these sources; 0 for this one alone."""
    suffixes = [PurePath(name).suffix.lower() for name in names]
    if len(names) >= MANY or sum(suffix in SLOW for suffix in suffixes) >= MANY_SLOW:
        return max(1, _cores())
    risky = sum(
        suffix in RISKY or (suffix in SLOW and _is_large(name))
        for suffix, name in zip(suffixes, names, strict=True)
    )
    return min(risky, _cores())


def _is_large(name: str) -> bool:
    try:
        return Path(name).stat().st_size > LARGE
    except OSError:
        return False  # whoever reads it says what is wrong


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pool:
    """Reads sources in other processes; a context manager that leaves none behind.

    Args:
        size: How many processes.
        patience: Seconds after which a source that gives nothing is given up.
    """

    def __init__(self, size: int, *, patience: float = PATIENCE) -> None:
        self._size = size
        self._patience = patience
        self._workers: list[Worker] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.kill()
        self._selector.close()

    def read(
        self, jobs: Sequence[Job], on_cleaned: Callable[[int], None] | None = None
    ) -> Iterator[Any]:
        """The records of all jobs, in their order; a `Begun` stands before those of each.

        Args:
            jobs: Numbered from 0 on.
            on_cleaned: Told after each source how many unsafe characters were removed, if any.
        """
        # What they send is taken while the caller writes what came before, so that none waits.
        over = threading.Event()
        with _Ahead(self._parts(jobs, over), over) as parts:
            for part in parts:
                if isinstance(part, Begun):
                    yield part
                    continue
                for record in part.records:
                    yield vouch(record) if isinstance(record, Article) else record
                if part.is_last and on_cleaned and part.cleaned:
                    on_cleaned(part.cleaned)

    def _parts(self, jobs: Sequence[Job], over: threading.Event) -> Iterator[Begun | Part]:
        """What workers send for all jobs, in their order; ends soon once it is `over`."""
        share = max(1, min(_JOB, len(jobs) // (4 * self._size)))
        waiting: deque[Sequence[Job | Call]] = deque(
            jobs[at : at + share] for at in range(0, len(jobs), share)
        )
        parts: dict[int, deque[Part]] = {}
        held = 0
        for next_ in range(len(jobs)):
            yield Begun(next_)
            while True:
                while queue := parts.get(next_):
                    part = queue.popleft()
                    held -= _size_of(part)
                    yield part
                    if part.is_last:
                        break
                else:
                    if over.is_set():
                        return
                    self._give(waiting)
                    for part in self._receive(next_, waiting, full=held > _WAITING):
                        parts.setdefault(part.number, deque()).append(part)
                        held += _size_of(part)
                    continue
                break
            parts.pop(next_, None)

    def _give(self, waiting: deque[Sequence[Job | Call]]) -> None:
        """Hand out jobs to those who have few."""
        while waiting:
            idle = min(self._workers, key=Worker.load, default=None)
            if (idle is None or idle.load()) and len(self._workers) < self._size:
                idle = Worker()
                self._workers.append(idle)
                self._selector.register(idle.out, selectors.EVENT_READ, idle)
            if idle is None or idle.load() >= _AHEAD * len(waiting[0]):
                return
            idle.give(waiting.popleft())

    def _receive(
        self, next_: int, waiting: deque[Sequence[Job | Call]], *, full: bool
    ) -> Iterator[Part]:
        """What workers have sent; those that died or take too long are replaced."""
        for key, _ in self._selector.select(_POLL):
            worker = cast(Worker, key.data)
            if full and not worker.has(next_):
                continue
            yield from worker.receive()
            if worker.is_over:
                yield from self._lose(worker, waiting, worker.how_it_ended())
        if full:
            time.sleep(0)
        now = time.monotonic()
        for worker in list(self._workers):
            # One whose records nobody takes just now is not slow.
            blocked = full and not worker.has(next_)
            if worker.current is not None and not blocked and now - worker.heard > self._patience:
                worker.kill()
                reason = f"it took longer than {self._patience:.0f} seconds and was given up"
                yield from self._lose(worker, waiting, reason)

    def _lose(
        self, worker: Worker, waiting: deque[Sequence[Job | Call]], reason: str
    ) -> Iterator[Part]:
        """A worker is gone: its source is rejected, the other sources it had wait again."""
        self._selector.unregister(worker.out)
        self._workers.remove(worker)
        worker.kill()
        rest = worker.jobs
        lost = worker.current if worker.current is not None else rest[0] if rest else None
        if lost is None:
            return
        rest = [job for job in rest if job.number != lost.number]
        if rest:
            waiting.appendleft(rest)
        yield Part(lost.number, [Rejected(lost.name, reason)], is_last=True)


class _Ahead:
    """Goes through parts in a thread of its own, and holds some until they are asked for.

    A context manager; once it is left, the thread has ended.
    """

    def __init__(self, parts: Iterator[Begun | Part], over: threading.Event) -> None:
        """Go through `parts`, and set `over` when nobody wants more of them."""
        self._parts = parts
        self._over = over
        self._held: deque[Begun | Part] = deque()
        self._size = 0
        self._changed = threading.Condition()
        self._done = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="reading", daemon=True)

    def __enter__(self) -> Iterator[Begun | Part]:
        self._thread.start()
        return self._taken()

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._over.set()
            self._changed.notify_all()
        self._thread.join()

    def _taken(self) -> Iterator[Begun | Part]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._held or self._done)
                if not self._held:
                    break
                part = self._held.popleft()
                self._size -= _size_of(part)
                self._changed.notify_all()
            yield part
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            for part in self._parts:
                with self._changed:
                    self._changed.wait_for(lambda: self._size < _QUEUED or self._over.is_set())
                    if self._over.is_set():
                        return
                    self._held.append(part)
                    self._size += _size_of(part)
                    self._changed.notify_all()
        except BaseException as error:
            self._error = error
        finally:
            with self._changed:
                self._done = True
                self._changed.notify_all()


class Worker:
    """One process, as seen from here."""

    def __init__(self) -> None:
        self._process = begin(_PROGRAM)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in = self._process.stdin
        self.out = self._process.stdout
        self._buffer = bytearray()
        self.jobs: list[Job | Call] = []  # those not done, in order
        self.current: Job | Call | None = None
        self.heard = time.monotonic()
        self.is_over = False

    def load(self) -> int:
        """Sources it has to read."""
        return len(self.jobs)

    def has(self, number: int) -> bool:
        """Whether that source is one of its."""
        return any(job.number == number for job in self.jobs)

    def give(self, jobs: Sequence[Job | Call]) -> None:
        """Have it read some more."""
        if not self.jobs:
            self.heard = time.monotonic()
        self.jobs += jobs
        try:
            send(cast(Any, self._in), jobs)
        except BrokenPipeError:
            pass  # it has died; the end of its output tells

    def receive(self) -> Iterator[Part]:
        """What it sent."""
        data = os.read(self.out.fileno(), _BLOCK)
        self.is_over = not data
        self.heard = time.monotonic()
        self._buffer += data
        while len(self._buffer) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._buffer)[0]
            if len(self._buffer) < end:
                return
            message = pickle.loads(memoryview(self._buffer)[LENGTH.size : end])
            del self._buffer[:end]
            if isinstance(message, Begun):
                self.current = next(job for job in self.jobs if job.number == message.number)
                continue
            if message.is_last:
                self.jobs = [job for job in self.jobs if job.number != message.number]
                self.current = None
            yield message

    def how_it_ended(self) -> str:
        """Why it died, in words."""
        code = self._process.wait()
        if code >= 0:
            return f"its reader ended with status {code}"
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f"its reader crashed ({name})"

    def kill(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()
        self._process.wait()
        self.out.close()
        try:
            self._in.close()
        except BrokenPipeError:
            pass


def _size_of(part: Begun | Part) -> int:
    if isinstance(part, Begun):
        return 0
    return sum(len(r.body) if isinstance(r, Article) else 100 for r in part.records)
