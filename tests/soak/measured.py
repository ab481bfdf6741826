"""What a process takes, looked at again and again."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from statistics import median

_PAGE = os.sysconf("SC_PAGE_SIZE")
_MIB = 1024**2

#: How much memory may grow, as a share.
GROWTH = 0.05
#: Files that may be open now and not at the beginning: pooled connections of the index.
FILES = 8
#: Looks in an hour of the day.
LOOKS = 10
#: The parts of all keys whose looks are compared: those right after the first tenth, and the last.
EARLY, LATE = (0.1, 0.2), (0.8, 1.0)


class Measured:
    """Memory and open files of one process over its life, and what went wrong.

    Its memory is what it takes when it does nothing much: the least that was seen since the look
    before.  What a search, a commit of the index or a long page takes for a moment is 5 to 15 MB,
    and whether a look meets it is chance; what is never given back is in the least of them.
    """

    def __init__(self, process: int) -> None:
        self.process = process
        self._looks: list[tuple[int, int, int]] = []
        self._faults: list[str] = []
        self._least = sys.maxsize

    def glance(self) -> None:
        """See what memory the process takes now; 20 microseconds."""
        pages = int(Path(f"/proc/{self.process}/statm").read_text().split()[1])
        self._least = min(self._least, pages * _PAGE)

    def look(self, keys: int) -> None:
        """Note what the process takes after so many keys."""
        self.glance()
        files = len(os.listdir(f"/proc/{self.process}/fd"))
        self._looks.append((keys, self._least, files))
        self._least = sys.maxsize

    def fault(self, text: str) -> None:
        """Something went wrong."""
        self._faults.append(text)

    @property
    def latest(self) -> str:
        """The last look, for people."""
        keys, memory, files = self._looks[-1]
        return f"{keys:,} keys, {memory / _MIB:.1f} MB, {files} files"

    def _usual(self, part: tuple[float, float]) -> tuple[float, float]:
        """Memory in MB and open files in the middle of the looks in a part of all keys."""
        last = self._looks[-1][0]
        first, end = (share * last for share in part)
        looks = [look for look in self._looks if first <= look[0] <= end] or self._looks[-1:]
        return median(look[1] / _MIB for look in looks), median(look[2] for look in looks)

    def faults(self) -> list[str]:
        """All that is not as it should be."""
        faults = list(self._faults)
        memory, files = self._usual(EARLY)
        later, files_later = self._usual(LATE)
        if later / memory - 1 > GROWTH:
            faults.append(f"memory grew by {later / memory - 1:.1%}")
        if files_later > files + FILES:
            faults.append(f"{files_later - files:g} more files are open")
        return faults

    def __str__(self) -> str:
        memory, files = self._usual(EARLY)
        later, files_later = self._usual(LATE)
        wrong = "; ".join(self.faults()) or "nothing is wrong"
        return (
            f"{self._looks[-1][0]:,} keys; {memory:.1f} MB in the second tenth, {later:.1f} MB "
            f"in the last fifth ({later / memory - 1:+.1%}); {files:g} and {files_later:g} open "
            f"files; {wrong}"
        )
