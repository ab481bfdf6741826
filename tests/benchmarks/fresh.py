"""Measuring in a process of its own: what one measurement loads does not help the next."""

from __future__ import annotations

import importlib
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.benchmarks.files import ROOT

#: What a measurement answers: its figures by name (seconds, bytes, counts).
Figures = dict[str, float]


def measure(function: Callable[..., Figures], *, runs: int = 1, **arguments: Any) -> Figures:
    """Call a module-level `function` in `runs` new processes; the median of each figure."""
    command = [sys.executable, "-m", "tests.benchmarks.fresh"]
    order = json.dumps([function.__module__, function.__qualname__, arguments], default=str)
    results = []
    for _ in range(runs):
        done = subprocess.run(
            command, input=order, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True
        )
        results.append(json.loads(done.stdout.splitlines()[-1]))
    return {name: statistics.median(run[name] for run in results) for name in results[0]}


def timed(action: Callable[..., Any], *arguments: Any, **options: Any) -> float:
    """Seconds a call takes."""
    begin = time.perf_counter()
    action(*arguments, **options)
    return time.perf_counter() - begin


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` of `values` do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def memory() -> float:
    """Bytes of this process in memory now."""
    return _status("VmRSS")


def peak_memory() -> float:
    """Bytes of this process in memory when it had most."""
    return _status("VmHWM")


def _status(field: str) -> float:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:  # no Linux: only the peak is known, in bytes on macOS
        return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return next(float(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))


def _obey() -> None:
    module, name, arguments = json.load(sys.stdin)
    function = getattr(importlib.import_module(module), name)
    print(json.dumps(function(**arguments)))


if __name__ == "__main__":
    _obey()
