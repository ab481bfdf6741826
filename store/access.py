"""Who may read and write a library's files, and what the doctor says where nobody may."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from store.copies import Copy, copies_of
from store.errors import CutLibraryError, LibraryError, NotALibraryError
from store.filelock import FileLock
from store.findings import REPAIR, Finding, Kind, Level, counted, reason_of
from store.regular import is_irregular


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


def unread(about: str, path: Path, library: Path, error: Exception) -> Finding:
    """What is said of a file that cannot be read, for want of leave or because of what it holds."""
    if is_irregular(path):  # nothing of it is ours, nothing is to be put in its place
        text = str(error) if isinstance(error, LibraryError) else f"{path} is no file"
        kind = Kind.STRANGE if path == library else Kind.OTHER
        return Finding(about, Level.WRONG, text, f"move it away: {path}", kind)
    cause = error if isinstance(error, OSError) else error.__cause__
    if isinstance(cause, PermissionError):
        text = f"{path} cannot be read: {cause.strerror}"
        return Finding(about, Level.WRONG, text, to_allow(path, os.R_OK | os.W_OK), Kind.PERMISSION)
    text = str(error) if isinstance(error, LibraryError) else f"{path}: {reason_of(error)}"
    if isinstance(cause, OSError):
        # What it holds is not known: nothing is to be put in its place.
        return Finding(about, Level.WRONG, text, "see to the disk, or restore it from a backup")
    is_none = isinstance(error, NotALibraryError) and not isinstance(error, CutLibraryError)
    kind = Kind.STRANGE if is_none else Kind.DAMAGE
    return Finding(about, Level.WRONG, text, _from_copies(library), kind)


def unwritable(about: str, so: str, path: Path) -> Finding:
    """What is said of a file or directory that we have no leave to write; `so` is what follows."""
    text = f"{so}{path.name} cannot be written"
    return Finding(about, Level.WRONG, text, to_allow(path, os.W_OK), Kind.PERMISSION)


def misplaced(about: str, so: str, path: Path) -> Finding | None:
    """What is said of a thing where a file of ours goes, if it is none; `so` is what follows."""
    if os.path.islink(path):  # noqa: PTH114 - pathlib raises where one may not look
        text = f"{so}{path.name} is a link, which is not followed"
        return Finding(about, Level.WRONG, text, f"remove {path}")
    if is_irregular(path):
        text = f"{so}{path.name} is no file"
        return Finding(about, Level.WRONG, text, f"move it away: {path}")
    return None


def lock_at_fault(about: str, guarded: Path, so: str) -> Iterator[Finding]:
    """Whether the lock of a file can be held; the lock file is not made."""
    path = guarded.with_name(f"{guarded.name}.lock")
    if found := misplaced(about, f"{so}its lock ", path):
        yield found
    elif not FileLock(path, like=guarded).can_be_held():
        yield Finding(
            about, Level.WRONG, f"{so}its lock {path.name} cannot be opened",
            to_allow(path, os.R_OK | os.W_OK), Kind.PERMISSION,
        )  # fmt: skip


def _from_copies(library: Path) -> str:
    there: list[Copy] = []
    with suppress(LibraryError):  # which is told of the copies
        there = copies_of(library)
    if there:
        return f"broadsheet restore --list shows {counted(len(there), 'copy', 'copies')} of it"
    return "restore it from a backup: broadsheet restore FILE"
