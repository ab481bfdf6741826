"""Starting workers: beside the keys, between them, or waiting for a lane."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from textual.dom import DOMNode
from textual.screen import Screen
from textual.worker import NoActiveWorker, Worker, WorkerError, get_current_worker

Work = Callable[[], Coroutine[Any, Any, None]]

#: Groups of work that the next key depends on: they change the list that it is meant for, or open
#: the dialog.
AWAITED: Final = frozenset(
    {"menu", "marking", "listing", "unread", "fetch", "views", "highlight list"}
)


class KeyWork:
    """The work of the groups `AWAITED` that keys began, with what that begins in its turn.

    Work that asks the person something holds up no key while its dialog is there.

    Args:
        is_obeyed: Whether a key is being obeyed just now.
        is_open: Whether a dialog is on the screen.
    """

    def __init__(
        self, is_obeyed: Callable[[], bool], is_open: Callable[[Screen[Any]], bool]
    ) -> None:
        self._is_obeyed = is_obeyed
        self._is_open = is_open
        self._asking: dict[Worker[None], Screen[Any] | None] = {}  # each with its dialog
        self._stirred = asyncio.Event()

    def begun(self, worker: Worker[None]) -> None:
        """A worker was started, maybe in the place of another one of its group."""
        if worker.group not in AWAITED:
            return
        by = _current_worker()
        if self._is_obeyed() or any(w is by or w.group == worker.group for w in self._asking):
            there = self._asking.items()
            self._asking = {w: dialog for w, dialog in there if not w.is_cancelled}
            self._asking[worker] = None
        self._stirred.set()

    def ended(self, worker: Worker[None]) -> None:
        """A worker is done, or was cancelled."""
        self._asking.pop(worker, None)
        self._stirred.set()

    def asks(self, dialog: Screen[Any]) -> None:
        """The worker that calls this waits for what a dialog answers."""
        if (worker := _current_worker()) in self._asking:
            self._asking[worker] = dialog
            self._stirred.set()

    async def settled(self) -> None:
        """Return when all of it is done, or waits for the person.

        What is still going on when this is cancelled is not waited for again.
        """
        try:
            while any(map(self._is_under_way, self._asking)):
                self._stirred.clear()
                await self._stirred.wait()
        except asyncio.CancelledError:
            there = self._asking.items()
            self._asking = {w: dialog for w, dialog in there if not self._is_under_way(w)}
            raise

    def _is_under_way(self, worker: Worker[None]) -> bool:
        dialog = self._asking[worker]
        return not worker.is_cancelled and (dialog is None or not self._is_open(dialog))


def supersede(host: DOMNode, group: str, work: Work) -> Worker[None]:
    """Start `work`, and cancel whatever its group was at."""
    return _start(host, group, work, exclusive=True)


def follow(host: DOMNode, group: str, work: Work) -> None:
    """Start `work` beside whatever its group is at; lanes keep the order."""
    _start(host, group, work, exclusive=False)


async def ended(worker: Worker[Any]) -> None:
    """Return when a worker is done, has failed or was cancelled.

    Who loses patience with this leaves the worker at work, as `Worker.wait` would not.
    """

    async def wait() -> None:
        try:
            await worker.wait()
        except WorkerError:
            pass  # superseded, or failed: said elsewhere

    await asyncio.shield(wait())


def _start(host: DOMNode, group: str, work: Work, *, exclusive: bool) -> Worker[None]:
    known = getattr(host.app, "key_work", None)
    key_work = known if isinstance(known, KeyWork) else None
    run = _let_go(work, key_work)
    worker: Worker[None] = host.run_worker(run, group=group, exclusive=exclusive)
    if key_work is not None:
        key_work.begun(worker)
    return worker


def _let_go(work: Work, key_work: KeyWork | None) -> Work:
    """`work`, of which a worker that is done or cancelled holds nothing.

    A worker and its task refer to each other, so that it lies about until Python looks for garbage;
    with it what its work was given, and after a cancellation the frames of that: the results of
    every search that the next key superseded, 4 MB each in a library of 100,000 articles.
    """
    begun = [work]

    async def run() -> None:
        try:
            await begun.pop()()
        except asyncio.CancelledError as cancelled:
            raise cancelled.with_traceback(None) from None
        finally:
            if key_work is not None:
                key_work.ended(get_current_worker())

    return run


def _current_worker() -> Worker[Any] | None:
    try:
        return get_current_worker()
    except NoActiveWorker:
        return None
