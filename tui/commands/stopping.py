"""Ending a long command in good order when a signal asks for it."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from types import FrameType, TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopping:
    """Notes that the command is to end, so that what it is at can be finished; a context manager.

    Before anything was begun, and when a signal comes a second time, the command ends at once.
    Signals that were ignored before stay so: `nohup` means that no hangup is to end it, and a
    shell that puts a command into the background of a script, that ctrl-c is for others.

    Attributes:
        code: The exit status of the ending that was asked for (128 and the signal), or 0.
    """

    def __init__(self) -> None:
        self.code = 0
        self._begun = False
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> Stopping:
        for number in _SIGNALS:
            if signal.getsignal(number) is signal.SIG_IGN:
                continue
            try:
                self._previous[number] = signal.signal(number, self._note)
            except ValueError:
                break  # not the main thread, to which no signal comes
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def __call__(self) -> bool:
        """Whether the command is to end."""
        return bool(self.code)

    def until(self, things: Iterable[T]) -> Iterator[T]:
        """The things, as long as nothing says that the command is to end."""
        for thing in things:
            if self.code:
                return
            self._begun = True
            yield thing

    def begin(self) -> None:
        """From now on there is something to finish."""
        self._begun = True

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self._begun and not self.code:
            self.code = 128 + number
        elif number == signal.SIGINT:
            raise KeyboardInterrupt
        else:
            raise SystemExit(128 + number)
