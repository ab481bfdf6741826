"""Changes that could not be saved when the program ended, kept elsewhere until the next start.

A disk that is full, or a directory that may not be written any more, must not cost what was read
and marked since.  What was still queued goes, a file for each program that ended so, to the first
of the places (`store.places`) that takes it; whoever opens the library next takes it in.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from store.atomic import create_directories, sync_directory
from store.jsontext import dumps, loads
from store.numbers import is_id, is_whole
from store.places import is_own, unsaved_name, unsaved_places
from store.reading import Change, state_of
from store.regular import open_regular
from store.state import clean_tags

_FORMAT: Final = 1


def keep(library: Path, changes: Iterable[Change]) -> Path | None:
    """Keep changes of a library for its next start; they are on the disk when this returns.

    Returns:
        The file, for its owner only; None if no place takes it.
    """
    raw = dumps({"format": _FORMAT, "changes": list(filter(_is_json, map(_document, changes)))})
    for place in unsaved_places():
        with suppress(OSError):
            create_directories(place)
            status = place.lstat()
            if stat.S_ISDIR(status.st_mode) and is_own(status):
                return _write(place / f"{unsaved_name(library)}.{time.time_ns()}", raw)
    return None


def read(file: Path) -> list[Change]:
    """The changes in a file.

    Raises:
        LibraryError: It is no file.
        OSError: It cannot be read, or is not ours.
        ValueError: It is damaged, or of a newer format.
    """
    descriptor = open_regular(file, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as handle:
        if not is_own(os.fstat(descriptor)):
            raise PermissionError("it belongs to somebody else")
        found = loads(handle.read())
    if not isinstance(found, dict) or not is_whole(format_ := found.get("format")):
        raise ValueError("it is of no format")
    if not 1 <= format_ <= _FORMAT:
        raise ValueError("it is of another format than this broadsheet knows")
    changes = found.get("changes")
    if not isinstance(changes, list) or not all(isinstance(each, dict) for each in changes):
        raise ValueError("it holds no changes")
    return list(map(_change, changes))


def _is_json(document: object) -> bool:
    """Whether it can be written: what cannot must not cost the others."""
    try:
        dumps(document)
    except (TypeError, ValueError):
        return False
    return True


def _write(file: Path, raw: bytes) -> Path:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(file, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(raw)
            handle.flush()
            os.fsync(descriptor)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    sync_directory(file.parent)
    return file


def _document(change: Change) -> dict[str, Any]:
    return {
        "ids": sorted(change.ids), "fields": dict(change.fields), "add": change.add,
        "remove": change.remove, "label": change.label,
    }  # fmt: skip


def _change(document: Mapping[str, Any]) -> Change:
    """A change, of which only what may be in one is taken."""
    fields = document.get("fields")
    known = fields if isinstance(fields, dict) else {}
    there = state_of(known)._asdict()
    ids, label = document.get("ids"), document.get("label")
    return Change(
        frozenset(filter(is_id, ids)) if isinstance(ids, list) else frozenset(),
        {name: value for name, value in there.items() if name in known},
        add=_tags(document.get("add")),
        remove=_tags(document.get("remove")),
        label=label if isinstance(label, str) and label.isprintable() else "",
    )


def _tags(value: object) -> tuple[str, ...]:
    return clean_tags(state_of({"tags": value}).tags or ())
