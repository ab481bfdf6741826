"""Reading a page where it can be given up: in a process of its own that is kept for the next one.

Pages are parsed and searched by code in C and Python that cannot be told to stop, and a small page
can be made to take minutes.  So a page that is read by itself (from the web, a single file, an
entry of an archive) is read by another process, which is ended when the time is up.  Many pages
have a `Pool`, whose processes read on their own.  The same goes for feeds that only feedparser can
read, whose patterns can be made to take hours by some kilobytes.

The process is begun by the first page, reads one after another, and is ended when none has come
for a while, and with this one.
"""

from __future__ import annotations

import queue
import selectors
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, NamedTuple, TypeVar, cast

from store.errors import SourceError
from store.importers.pool import Worker
from store.importers.record import Record, Rejected, Source
from store.importers.worker import Call, Job

T = TypeVar("T")

#: Formats that are read so.
GUARDED: Final = frozenset({"html", "epub"})

#: Seconds that a page may take: of up to a MiB, for each MiB of a larger one, and at most.  Real
#: pages take some hundredths of a second, books of many MiB a few seconds.
PATIENCE: Final = 30.0
MOST_PATIENCE: Final = 120.0
_MIB: Final = 1 << 20

#: Seconds in which a process has to have begun.
_START: Final = 60.0

#: Seconds after which a process that has nothing to do is ended.
IDLE: Final = 60.0


class Answer(NamedTuple):
    """What was read: the records, and how many unsafe characters were removed from them."""

    records: list[Record]
    cleaned: int = 0


class _Request(NamedTuple):
    job: Job | Call
    patience: float
    answer: Future[Answer]


class DeadlineReader:
    """Reads sources one at a time in another process; may be asked by several threads.

    Args:
        patience: Seconds for a source of up to a MiB, from when it is begun.
        idle: Seconds after which the process is ended when nothing comes.
    """

    def __init__(self, *, patience: float = PATIENCE, idle: float = IDLE) -> None:
        self.patience = patience
        self._idle = idle
        self._requests: queue.SimpleQueue[_Request] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._waiting = 0
        self._count = 0

    def read(self, source: Source, format: str) -> Answer:
        """The records of a source, or one `Rejected` that says why it was given up.

        Raises:
            OSError: the source cannot be read, or no process can be begun.
            SourceError: the source is larger than its limit.
        """
        data = source.data
        path = str(source.path) if source.path else None
        job = Job(0, source.name, format, source.split, data, source.mtime, path)
        return self._ask(job, len(data))

    def call(self, name: str, size: int, function: Callable[..., Any], *arguments: Any) -> Any:
        """What a function answers, called in the other process.

        Args:
            name: Of what it reads.
            size: Bytes of that.
            function: One of a module.
            arguments: They and the answer are handed from process to process.

        Raises:
            SourceError: what the function raised, or why it was given up.
        """
        try:
            [answer] = self._ask(Call(0, name, function, arguments), size).records
        except OSError as error:
            raise SourceError(f"no process can be begun to read it ({error.strerror})") from error
        if isinstance(answer, Rejected):
            raise SourceError(answer.reason)
        return answer

    def _ask(self, job: Job | Call, size: int) -> Answer:
        most = min(max(MOST_PATIENCE, self.patience), self.patience * max(1, size / _MIB))
        answer: Future[Answer] = Future()
        with self._lock:
            self._count += 1
            self._waiting += 1
            self._requests.put(_Request(job._replace(number=self._count), most, answer))
            if self._thread is None:
                # Not by the thread that asks: Linux ends a child with the thread that began it.
                self._thread = threading.Thread(target=self._serve, name="pages", daemon=True)
                self._thread.start()
        return answer.result()

    def _serve(self) -> None:
        worker: Worker | None = None
        while True:
            try:
                request = self._requests.get(timeout=self._idle)
            except queue.Empty:
                with self._lock:
                    if self._waiting:
                        continue
                    self._thread = None
                if worker is not None:
                    worker.kill()
                return
            try:
                worker, answer = _answered(worker, request)
            except BaseException as error:  # whoever asked is to know
                request.answer.set_exception(error)
                is_over = True
            else:
                request.answer.set_result(answer)
                is_over = worker.is_over
            with self._lock:
                self._waiting -= 1
            if is_over and worker is not None:
                worker.kill()
                worker = None


def _answered(worker: Worker | None, request: _Request) -> tuple[Worker, Answer]:
    """The answer of a process, of another one where that has died since its last page."""
    if worker is not None:
        answer = _answer(worker, request)
        if not worker.is_over or worker.current is not None:
            return worker, answer
        worker.kill()
    worker = Worker()
    return worker, _answer(worker, request)


def _answer(worker: Worker, request: _Request) -> Answer:
    """What a process makes of one source; it is over when it could not be had."""
    job = request.job
    records: list[Record] = []
    with selectors.DefaultSelector() as selector:
        selector.register(worker.out, selectors.EVENT_READ)
        worker.give([job])
        end = time.monotonic() + _START
        while (left := end - time.monotonic()) > 0:
            if not selector.select(left):
                continue
            begun = worker.current is not None
            for part in worker.receive():
                records += part.records
                if part.is_last:
                    return Answer(records, part.cleaned)
            if worker.current is not None and not begun:
                end = worker.heard + request.patience
            if worker.is_over:
                return Answer([Rejected(job.name, worker.how_it_ended())])
    worker.is_over = True
    reason = f"it took longer than {request.patience:.0f} seconds and was given up"
    return Answer([Rejected(job.name, reason)])


_reader: DeadlineReader | None = DeadlineReader()


def reader_for(format: str) -> DeadlineReader | None:
    """What reads sources of a format elsewhere; None where they are to be read here."""
    return _reader if format in GUARDED else None


def call_in_time(name: str, size: int, function: Callable[..., T], *arguments: Any) -> T:
    """What a function answers, given up when it takes too long (see `DeadlineReader.call`).

    Raises:
        SourceError: it was given up, or the function raised it.
    """
    if _reader is None:
        return function(*arguments)
    return cast(T, _reader.call(name, size, function, *arguments))


def read_all_here() -> None:
    """Be the process that reads: nothing is handed on."""
    global _reader
    _reader = None
