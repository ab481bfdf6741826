"""Files that change whole or not at all, and bytes that are on the disk when a call returns."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

_BUFFER = 1 << 20


def replace_file(
    path: str | os.PathLike[str],
    chunks: Iterable[bytes],
    *,
    examine: Callable[[Path], object] | None = None,
) -> None:
    """Give the file at `path` new contents so that every reader sees all of the old or the new.

    The bytes go to a temporary file beside the target, are synced, and renamed over it; the
    rename is synced too.  A symbolic link is followed, so the link stays a link.  Owner, group
    and mode of an existing file are kept as far as the system allows; a new one gets mode 0600.

    Args:
        path: The file to replace or create; its directory must exist.
        chunks: The new contents, consumed as they are written.  They may be computed from the
            old contents: the old file is untouched until the last chunk is on the disk.
        examine: Told the temporary file once all is in it.

    Raises:
        OSError: The directory cannot be written, or the disk is full; the old file is unchanged
            and the temporary one removed, as after an error raised by `chunks` or `examine`.
    """
    target = Path(os.path.realpath(path))
    temporary = temporary_beside(target)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(temporary, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb", buffering=_BUFFER) as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            copy_ownership(target, descriptor)
            os.fsync(descriptor)
        if examine is not None:
            examine(temporary)
        temporary.rename(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(target.parent)


def temporary_beside(target: Path) -> Path:
    """A name beside a file for what is to become it; `remove_leftovers` knows it again."""
    return target.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp")


def remove_leftovers(path: str | os.PathLike[str]) -> None:
    """Remove temporary files that a killed `replace_file(path, …)` left behind, as far as one may.

    To be called only while holding whatever lock keeps others from replacing `path`.
    """
    target = Path(os.path.realpath(path))
    pattern = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{8}}\.tmp")
    with suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            if pattern.fullmatch(entry.name):
                with suppress(OSError):
                    Path(entry.path).unlink()


def remove_at_once(directory: Path) -> None:
    """Remove a directory and all in it; who looks for it finds all of it or nothing.

    What the system does not let be removed stays, under another name where it can be had.
    """
    import shutil  # loads the compressors

    aside = temporary_beside(directory)
    with suppress(OSError):
        directory.rename(aside)
        directory = aside
    shutil.rmtree(directory, ignore_errors=True)


def create_directories(path: Path) -> None:
    """Create `path` and its missing parents, each for its owner only (0700).

    Raises:
        OSError: One of them cannot be created.
    """
    missing = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    for directory in reversed(missing):
        directory.mkdir(mode=0o700, exist_ok=True)


def close_to_others(directory: Path) -> None:
    """Let the files of a directory be for their owner only, whatever program made them.

    What the system does not allow, or is gone meanwhile, is passed over.
    """
    with suppress(OSError), os.scandir(directory) as entries:
        for entry in entries:
            with suppress(OSError):
                mode = entry.stat(follow_symlinks=False).st_mode
                if stat.S_ISREG(mode) and mode & 0o077:
                    Path(entry.path).chmod(mode & 0o700)


def write_all(descriptor: int, data: bytes, offset: int) -> None:
    """Write all of `data` at byte `offset`: one `pwrite`, and more only if the system wrote less.

    Raises:
        OSError: The system refused; part of the data may have been written.
    """
    written = os.pwrite(descriptor, data, offset)
    rest = memoryview(data)
    while written < len(data):
        written += os.pwrite(descriptor, rest[written:], offset + written)


def sync_data(descriptor: int) -> None:
    """Return when the file's bytes and its size are on the disk (its times need not be)."""
    if hasattr(os, "fdatasync"):
        os.fdatasync(descriptor)
    else:  # macOS
        os.fsync(descriptor)


def sync_directory(path: Path) -> None:
    """Return when the names in the directory are on the disk, where file systems can tell."""
    # Some network file systems sync no directories, and one that may not be read (0311) cannot be
    # opened for it; what was to be done in it has happened.
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def copy_ownership(target: Path, descriptor: int) -> None:
    """Give the open file the owner, group and mode of `target`, if there is one.

    What the system does not allow is left as it is.
    """
    try:
        status = target.stat()
    except FileNotFoundError:
        return
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.fchown(descriptor, status.st_uid, status.st_gid)
        except PermissionError:
            # Another person's file in a shared directory: at least its group goes on reading.
            try:
                os.fchown(descriptor, -1, status.st_gid)
            except PermissionError:
                pass
    os.fchmod(descriptor, status.st_mode & 0o7777)
