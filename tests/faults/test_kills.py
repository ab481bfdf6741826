"""A few kills of each kind of work; `make faults` does a thousand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_WORKS = ("one", "many", "state", "purge", "convert", "index", "apart")


def run(*arguments: str) -> str:
    """Run parts of the faults in a process of its own, which has no threads and may fork."""
    command = [sys.executable, "-m", "tests.faults", *arguments]
    ended = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.parametrize("works", [_WORKS[:3], _WORKS[3:]], ids=" ".join)
def test_nothing_that_was_acknowledged_is_lost_by_a_kill(works):
    said = run(*(f"kill:{work}" for work in works), "--times", "3")
    assert said.count("nothing lost") == len(works)
