"""What can go wrong with a library, in words a person can act on.

Every error a person can cause derives from `LibraryError`; its text is one line that says
what happened, where, and what to do about it.  The command line prints it and exits 1.
"""

from __future__ import annotations

import errno
from typing import Final

#: What the system says where there is no room.
NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def remedy(error: OSError) -> str:
    """What the system says went wrong, and what to do about it."""
    full = error.errno in NO_ROOM
    what = "make room and try again" if full else "see to the disk and its permissions"
    return f"{error.strerror or error}; {what}"


class LibraryError(Exception):
    """Base of all errors that a person can cause; `str(error)` is one plain line."""


class NotALibraryError(LibraryError):
    """The file is neither ours nor a TinyDB JSON file with articles; it was left untouched."""


class CutLibraryError(NotALibraryError):
    """It begins as a library, and is cut off or damaged further on."""


class HalfWrittenError(LibraryError):
    """Another program seems to be in the midst of writing the file; it was left untouched."""


class ReadOnlyError(LibraryError):
    """A write was asked of a library that was opened for reading only."""


class UnwritableIndexError(LibraryError):
    """The side index cannot be written; nothing is lost, and what is in it still answers."""


class ArticleNotFoundError(LibraryError):
    """No article has the id that was asked for."""


class SourceError(LibraryError):
    """A source handed to an importer cannot be read (missing, unreadable, unknown format)."""


class CancelledError(Exception):
    """A search was given up because its caller said so; nothing went wrong."""
