"""Building the library of failing file calls (`filecalls.c`), and telling it what is to fail."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

WRITE, SYNC, RENAME, OPEN, TRUNCATE, UNLINK, MKDIR, READ, CREATE = (1 << n for n in range(9))
CHANGING: Final = WRITE | SYNC | RENAME | OPEN | TRUNCATE | UNLINK | MKDIR | CREATE

_FAIL, _SHORT, _KILL_BEFORE, _KILL_AFTER, _KILL_HALFWAY = range(1, 6)


class Fault(NamedTuple):
    """One way in which a call can go wrong.

    Attributes:
        calls: Which calls it concerns.
        kind: What becomes of the call.
        error: What it fails with.
        stays: Whether all that follow fail as well.
    """

    calls: int
    kind: int
    error: int = 0
    stays: bool = False

    @property
    def kills(self) -> bool:
        """Whether the process does not survive it."""
        return self.kind >= _KILL_BEFORE


FAULTS: Final = {
    "no space": Fault(WRITE | CREATE | MKDIR | TRUNCATE | RENAME, _FAIL, errno.ENOSPC),
    "a disk that is full": Fault(WRITE | CREATE | MKDIR, _SHORT, errno.ENOSPC, stays=True),
    "an input/output error": Fault(CHANGING, _FAIL, errno.EIO),
    "a dead disk": Fault(CHANGING & ~OPEN, _FAIL, errno.EIO, stays=True),
    "a read error": Fault(READ, _FAIL, errno.EIO),
    "a short write": Fault(WRITE, _SHORT),
    "an interruption": Fault(WRITE | SYNC | OPEN | CREATE | TRUNCATE | READ, _FAIL, errno.EINTR),
    "a kill before": Fault(CHANGING, _KILL_BEFORE),
    "a kill after": Fault(CHANGING, _KILL_AFTER),
    "a kill halfway": Fault(WRITE, _KILL_HALFWAY),
}


def build(place: Path) -> Path | None:
    """Compile the library into a directory; None where there is no C compiler, or no Linux."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    made = place / "filecalls.so"
    source = Path(__file__).with_name("filecalls.c")
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", made, source, "-ldl"], check=True)
    return made


class FileCalls:
    """The library, preloaded into this process; its state is inherited by forks."""

    def __init__(self) -> None:
        """Raises: AttributeError: it is not preloaded."""
        library = ctypes.CDLL(None)
        self._arm, self.disarm = library.faults_arm, library.faults_disarm
        self._record = library.faults_record
        self._count, self._fired = library.faults_count, library.faults_fired
        self._count.restype = self._fired.restype = ctypes.c_long
        self._arm.argtypes = (
            ctypes.c_char_p, ctypes.c_int, ctypes.c_long, ctypes.c_int, ctypes.c_int, ctypes.c_int,
        )  # fmt: skip

    def arm(self, directory: Path, fault: Fault, position: int) -> None:
        """Let call number `position` (from 1; 0: none) below a directory go wrong."""
        self._arm(
            os.fsencode(directory), fault.calls, position, fault.kind, fault.error, fault.stays
        )

    @property
    def count(self) -> int:
        """Calls of the kind since it was armed."""
        return int(self._count())

    @property
    def fired(self) -> int:
        """How many of them went wrong."""
        return int(self._fired())

    def record(self, directory: Path, descriptor: int) -> None:
        """Write all changing calls below a directory to a descriptor from now on."""
        self._record(os.fsencode(directory), descriptor)
