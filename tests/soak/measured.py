"""What a process takes, looked at again and again."""

from __future__ import annotations

import os
from pathlib import Path

#: How much memory may grow after the first tenth, as a share.
GROWTH = 0.05
#: Files that may be open now and not at the beginning: pooled connections of the index.
FILES = 8


class Measured:
    """Memory and open files of one process over its life, and what went wrong."""

    def __init__(self, process: int) -> None:
        self.process = process
        self._looks: list[tuple[int, int, int]] = []
        self._faults: list[str] = []

    def look(self, keys: int) -> None:
        """Note what the process takes after so many keys."""
        status = Path(f"/proc/{self.process}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
        files = len(os.listdir(f"/proc/{self.process}/fd"))
        self._looks.append((keys, int(line.split()[1]), files))

    def fault(self, text: str) -> None:
        """Something went wrong."""
        self._faults.append(text)

    @property
    def latest(self) -> str:
        """The last look, for people."""
        keys, memory, files = self._looks[-1]
        return f"{keys:,} keys, {memory / 1024:.1f} MB, {files} files"

    def _settled(self) -> list[tuple[int, int, int]]:
        """The looks after the first tenth of all keys, when caches are full."""
        last = self._looks[-1][0]
        return [look for look in self._looks if look[0] >= last / 10]

    def faults(self) -> list[str]:
        """All that is not as it should be."""
        faults = list(self._faults)
        looks = self._settled()
        growth = looks[-1][1] / looks[0][1] - 1
        if growth > GROWTH:
            faults.append(f"memory grew by {growth:.1%}")
        if looks[-1][2] > looks[0][2] + FILES:
            faults.append(f"{looks[-1][2] - looks[0][2]} more files are open")
        return faults

    def __str__(self) -> str:
        looks = self._settled()
        keys, memory, files = looks[-1]
        wrong = "; ".join(self.faults()) or "nothing is wrong"
        return (
            f"{keys:,} keys; {looks[0][1] / 1024:.1f} MB after {looks[0][0]:,}, "
            f"{memory / 1024:.1f} MB at the end ({memory / looks[0][1] - 1:+.1%}); "
            f"{looks[0][2]} and {files} open files; {wrong}"
        )
