"""What the name of a file that is being typed could become."""

from __future__ import annotations

import os

from store import LibraryError, named_place

#: Names that are looked at in a directory; in one of more not all are found.
_MOST = 50_000


def continuations(typed: str) -> list[tuple[str, str]]:
    """The names there are that begin as the last part of a path does.

    Case counts only where something begins in the same.  Hidden files are for those who type the
    dot; names that cannot be typed, for they hold controls or no characters at all, for nobody.

    Args:
        typed: The path, a `~` for a home at its beginning; what ends in "/" asks for all in it.

    Returns:
        Whole paths as they would be typed, directories with a "/" at their end, and the names
        alone; by name.
    """
    if typed.startswith("~") and "/" not in typed:
        typed += "/"
    begun = typed.rpartition("/")[2]
    head = typed[: len(typed) - len(begun)]
    names: list[str] = []
    try:
        with os.scandir(named_place(head) if head else ".") as entries:
            for _, entry in zip(range(_MOST), entries, strict=False):
                hidden = entry.name.startswith(".") and not begun.startswith(".")
                begins = entry.name.casefold().startswith(begun.casefold())
                if begins and not hidden and entry.name.isprintable():
                    names.append(entry.name + "/" * entry.is_dir())
    except (OSError, ValueError, LibraryError):
        return []
    same_case = [name for name in names if name.startswith(begun)]
    return [(head + name, name) for name in sorted(same_case or names)]
