"""Examining the copies beside a library: nothing is written (see `doctor`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from store.access import may, to_allow
from store.copies import Copy, backups_of, copies_of
from store.errors import LibraryError
from store.findings import Finding, Kind, Level


def examine_copies(library: Path, *, is_writable: bool) -> Iterator[Finding]:
    """Examine the daily copies of a library's reading file, and whether more can be made.

    Args:
        library: The library file.
        is_writable: Whether anything is written, so that copies ought to be made.
    """
    directory = backups_of(library)
    if not os.path.lexists(directory):
        return
    needed = os.R_OK | os.W_OK | os.X_OK
    if not directory.is_dir():
        yield Finding(
            "copies", Level.WRONG, f"none is kept of what was read: {directory} is no directory",
            f"move it away: {directory}",
        )  # fmt: skip
        return
    if is_writable and not may(directory, needed):
        yield Finding(
            "copies", Level.WRONG,
            f"none is kept of what was read: {directory} cannot be read and written",
            to_allow(directory, needed), Kind.PERMISSION,
        )  # fmt: skip
    try:
        daily = [copy for copy in copies_of(library) if copy.kind == "reading" and not copy.at]
    except LibraryError:
        return  # told, or nothing is written here
    sound = []
    for copy in daily:
        if fault := fault_of(library, copy):
            yield Finding(
                "copies", Level.NOTE, f"{copy.path.name} cannot be restored: {fault}",
                f"look at it, then remove it: {copy.path}",
            )  # fmt: skip
        else:
            sound.append(copy.day)
    if sound:
        yield Finding(
            "copies", Level.FINE, f"of the reading file, the last days': {', '.join(sound)}"
        )


def fault_of(library: Path, copy: Copy) -> str:
    """Why a copy of a reading file cannot take its place, in a line; "" where it can.

    Copies of the library are not looked at: these are large, and some are kept because they are
    damaged.

    Args:
        library: The library file.
        copy: One of its copies.
    """
    from store.restoring import restore_reading

    if copy.kind != "reading":
        return ""
    try:
        restore_reading(library, copy.path, dry_run=True)
    except LibraryError as error:
        return str(error).removeprefix(f"{copy.path}: ").partition(";")[0]
    return ""
