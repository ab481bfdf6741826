"""Where the side index of a library lives."""

from __future__ import annotations

import os
from pathlib import Path

from store.atomic import create_directories
from store.errors import UnwritableIndexError
from store.glancing import index_name


def index_directory(path: Path, cache_dir: str | os.PathLike[str] | None) -> tuple[Path, str]:
    """Where the side index of the library at `path` goes, and what to remove when done ("").

    When the cache directory cannot be written the index lives in a temporary one.
    """
    if cache_dir is None:
        base = Path(os.environ.get("XDG_CACHE_HOME", ""))
        if not base.is_absolute():  # the XDG specification says to ignore it
            base = Path("~/.cache").expanduser()
        cache_dir = base / "broadsheet"
    directory = Path(cache_dir) / index_name(path, path.stem)
    try:
        create_directories(directory)
        if os.access(directory, os.W_OK | os.X_OK):
            return directory, ""
    except OSError:
        pass
    scratch = scratch_directory()
    return Path(scratch), scratch


def scratch_directory() -> str:
    """A new directory for an index that can be kept nowhere else, to be removed when done.

    Raises:
        UnwritableIndexError: There is no room for temporary files either.
    """
    import tempfile  # slow, and hardly ever needed

    try:
        return tempfile.mkdtemp(prefix="broadsheet-")
    except OSError as error:
        raise UnwritableIndexError(
            f"there is nowhere to put the index: neither in the cache nor in {os.sep}tmp "
            f"({error.strerror}); make room, or set XDG_CACHE_HOME to another place"
        ) from error
