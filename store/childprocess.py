"""Processes of this program's own, which do for it what is better done apart."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path


def begin(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Begin a process that imports from where this one does, with pipes for input and output.

    Args:
        program: What it runs, as Python.
        arguments: Its `sys.argv[1:]`.

    Raises:
        OSError: no process can be begun.
    """
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-P", "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )


def leave_signals_to_parent() -> None:
    """Ignore in such a process what a terminal sends to all: its parent sees to that."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
