"""Who may read and write a library's files, and how to change that."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from store.findings import REPAIR, Finding, Kind, Level


def may(path: Path, mode: int) -> bool:
    """Whether the system lets this process do that with a file (`os.R_OK` and its like)."""
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def exposure(path: Path, about: str) -> Iterator[Finding]:
    """Whether others may write a file, or read it."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return
    if mode & 0o002:
        text, level = f"anybody can write {path.name}", Level.WRONG
    elif mode & 0o004 and _is_reachable(path):
        text, level = f"anybody on this machine can read {path.name}", Level.NOTE
    else:
        return
    yield Finding(about, level, text, REPAIR, Kind.EXPOSED)


def to_allow(path: Path, mode: int) -> str:
    """What a person can type so that we may do that with a file, links followed."""
    target = Path(os.path.realpath(path))
    for parent in reversed(target.parents):
        if not may(parent, os.X_OK):
            target, mode = parent, os.X_OK
            break
    letters = "".join(
        letter
        for letter, bit in zip("rwx", (os.R_OK, os.W_OK, os.X_OK), strict=True)
        if mode & bit and not may(target, bit)
    )
    name = shlex.quote(str(target))
    try:
        owner = target.stat().st_uid
    except OSError:
        return f"see to the permissions of {name}"
    if not letters:  # an attribute, a list of access, a file system for reading only
        return f"see to the permissions of {name}"
    if owner == os.geteuid():
        return f"chmod u+{letters} {name}"
    return f"it belongs to user {owner}; as root: chown {os.geteuid()} {name}"


def _is_reachable(path: Path) -> bool:
    """Whether others may enter the directories above."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
