"""Children of a process that has everything loaded: they begin to work within a millisecond."""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

#: Seconds that a child may take before it counts as hanging.
PATIENCE = 60.0


class Child:
    """A forked process that tells its parent what it does, a JSON value a line.

    Args:
        work: What it does, given the function with which it tells.  It must not return to the
            parent's code: the child ends when it returns.

    Attributes:
        outlived: Whether it had come to its own end before it was killed, if it was.
    """

    def __init__(self, work: Callable[[Callable[[Any], None]], None]) -> None:
        reading, writing = os.pipe()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)

            def say(value: Any) -> None:
                os.write(writing, json.dumps(value).encode() + b"\n")

            status = 1
            try:
                work(say)
                status = 0
            except BaseException:
                say({"failed": traceback.format_exc()})
            finally:
                os._exit(status)
        os.close(writing)
        self._pipe = reading
        self._text = b""

    def hears(self, sign: str) -> None:
        """Wait until the child has said `sign` (or has ended)."""
        wanted = json.dumps(sign).encode()
        while wanted not in self._text and self._read():
            pass

    def hears_of(self, number: int) -> Any:
        """Wait until it has said so many things; the last of them.

        Raises:
            AssertionError: It ended before.
        """
        while self._text.count(b"\n") < number and self._read():
            pass
        lines = self._text.split(b"\n")
        assert len(lines) > number, f"it said only {self._text!r}"
        return json.loads(lines[number - 1])

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> list[Any]:
        """Wait until it has ended; all it said.  One that hangs is killed and counts as failed."""
        hangs = False
        while self._read():
            pass
        else:
            if self._hung:
                hangs = True
                self.kill()
        status = os.waitpid(self.pid, 0)[1]
        self.outlived = os.WIFEXITED(status)
        os.close(self._pipe)
        said = [json.loads(line) for line in self._text.split(b"\n")[:-1]]
        return [*said, {"failed": "it hangs"}] if hangs else said

    _hung = False
    outlived = False  # whether it came to its end by itself

    def _read(self) -> bool:
        if not select.select([self._pipe], [], [], PATIENCE)[0]:
            self._hung = True
            return False
        data = os.read(self._pipe, 1 << 20)
        self._text += data
        return bool(data)


def in_a_child(work: Callable[[Callable[[Any], None]], None]) -> list[Any]:
    """All that `work` says, run to its end in a child."""
    return Child(work).end()


def failures(said: list[Any]) -> list[str]:
    """The tracebacks among what a child said."""
    return [each["failed"] for each in said if isinstance(each, dict) and "failed" in each]


def load_as(work: Callable[[Callable[[Any], None]], None]) -> None:
    """Load here what `work` loads in a child: else every child loads it anew, the most of its time.

    Nothing is done here but importing, which starts no thread.
    """

    def look(say: Callable[[Any], None]) -> None:
        work(lambda value: None)
        say(sorted(sys.modules))

    for name in in_a_child(look)[-1]:
        if name not in sys.modules:
            with suppress(ImportError):
                importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is shared with the children stays shared


def pause(seconds: float) -> None:
    """Let a child work for so long."""
    time.sleep(seconds)
