"""Versions of the reading file: older ones are brought up to date, newer ones are left alone.

A file says its version in its table `meta`; one that says none is of version 1, the first.  A
change that older programs would misread or lose gets a new number and an entry in `MIGRATIONS`; a
field that they ignore and keep needs neither.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from store.numbers import is_whole

#: The version that is written.
FORMAT = 1

#: A table of a reading file: document by key.
Table = MutableMapping[str, dict[str, Any]]

#: The tables of a reading file by name.
Tables = dict[str, Table]

#: Version -> what makes the tables those of the next one, in place.
MIGRATIONS: dict[int, Callable[[Tables], None]] = {}


def format_of(tables: Tables) -> int:
    """The version of a reading file's tables."""
    version = _said(tables)
    return version if is_whole(version) else 1


def wrong_format(tables: Tables) -> str:
    """Why the version that tables say cannot be one, or "": versions are counted from 1."""
    version = _said(tables)
    if is_whole(version) and version >= 1:
        return ""
    from store.sanitize import clean_line

    return f"it is of no format that there is: {clean_line(str(version))[:20]}"


def _said(tables: Tables) -> Any:
    return tables.get("meta", {}).get("1", {}).get("format", 1)


def migrate(tables: Tables) -> None:
    """Make tables of an older version, or of this one, those of this one, in place."""
    for version in range(format_of(tables), FORMAT):
        MIGRATIONS[version](tables)
        tables.setdefault("meta", {}).setdefault("1", {})["format"] = version + 1


def newer_notice(name: str, version: int) -> str:
    """What to tell of a file of a newer version."""
    return (
        f"{name}: a newer broadsheet wrote it (format {version}, this one knows {FORMAT}), so it "
        "is open for reading only; update broadsheet to write"
    )
