"""Children of a process that has everything loaded: they begin to work within a millisecond."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

#: Seconds that a child may take before it counts as hanging.
PATIENCE = 60.0


class Child:
    """A forked process that tells its parent what it does, a JSON value a line.

    Args:
        work: What it does, given the function with which it tells.  It must not return to the
            parent's code: the child ends when it returns.
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
        os.waitpid(self.pid, 0)
        os.close(self._pipe)
        said = [json.loads(line) for line in self._text.split(b"\n")[:-1]]
        return [*said, {"failed": "it hangs"}] if hangs else said

    _hung = False

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


def pause(seconds: float) -> None:
    """Let a child work for so long."""
    time.sleep(seconds)
