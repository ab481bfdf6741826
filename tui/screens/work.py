"""Starting the workers that wait for a lane."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import Worker

Work = Callable[[], Coroutine[Any, Any, None]]


def supersede(host: DOMNode, group: str, work: Work) -> Worker[None]:
    """Start `work`, and cancel whatever its group was at."""
    worker: Worker[None] = host.run_worker(work, group=group, exclusive=True)
    return worker


def follow(host: DOMNode, group: str, work: Work) -> None:
    """Start `work` beside whatever its group is at; lanes keep the order."""
    worker: Worker[None] = host.run_worker(work, group=group)
    del worker
