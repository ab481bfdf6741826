"""The sample library's copy, which a person may read and mark without changing what was shipped."""

from __future__ import annotations

import shutil
from pathlib import Path

from store import LibraryError, create_directories, replace_file
from tui import paths


def sample_copy(*, fresh: bool = False) -> Path:
    """The copy, made when it is not there.

    Args:
        fresh: Begin with a new copy: what was read and marked in the old one is gone.

    Raises:
        LibraryError: It cannot be copied; the text says why.
    """
    path = paths.demo_library()
    if fresh:
        shutil.rmtree(path.parent, ignore_errors=True)
    if path.exists():
        return path
    try:
        create_directories(path.parent)
        replace_file(path, (paths.sample_library().read_bytes(),))
    except OSError as error:
        raise LibraryError(f"the sample cannot be copied to {path}: {error.strerror}") from error
    return path
