"""What a file is that is to be restored, told by what is in it: a name says what it likes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from store.errors import LibraryError
from store.jsonspans import MalformedError, WrongShapeError, survey
from store.lineformat import read_header
from store.regular import open_regular

#: How a ZIP archive begins that holds anything.
_ARCHIVE: Final = b"PK\x03\x04"

#: The table that every reading file has (see `reading`).
_STATES: Final = "states"


def kind_of_copy(path: Path) -> str:
    """What a file is.

    Args:
        path: The file.

    Returns:
        "backup", "library" or "reading"; "" for what is none of them, is damaged so that it cannot
        be known, or cannot be read: restoring it tells which.
    """
    try:
        descriptor = open_regular(path, os.O_RDONLY)
    except (LibraryError, OSError):
        return ""
    try:
        if os.pread(descriptor, len(_ARCHIVE), 0) == _ARCHIVE:
            return "backup"
        if read_header(descriptor) is not None:
            return "library"
        layout = survey(lambda offset, length: os.pread(descriptor, length, offset))
    except (OSError, MalformedError, WrongShapeError):
        return ""
    finally:
        os.close(descriptor)
    if layout.has_articles:
        return "library"
    return "reading" if _STATES in layout.tables else ""
