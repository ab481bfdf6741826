"""Starting workers: beside the keys, between them, or waiting for a lane."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import Worker, WorkerError

Work = Callable[[], Coroutine[Any, Any, None]]


def supersede(host: DOMNode, group: str, work: Work) -> Worker[None]:
    """Start `work`, and cancel whatever its group was at."""
    worker: Worker[None] = host.run_worker(_let_go(work), group=group, exclusive=True)
    return worker


def follow(host: DOMNode, group: str, work: Work) -> None:
    """Start `work` beside whatever its group is at; lanes keep the order."""
    worker: Worker[None] = host.run_worker(_let_go(work), group=group)
    del worker


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


def _let_go(work: Work) -> Work:
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

    return run
