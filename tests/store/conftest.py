"""What most tests of the library begin with."""

from __future__ import annotations

import pytest

from store import Library


@pytest.fixture
def path(tmp_path):
    """Where a library can be made."""
    return tmp_path / "library.json"


@pytest.fixture
def open_library(tmp_path):
    """Opens libraries whose index is in a directory `cache`, and closes them in the end."""
    opened = []

    def open_(path, cache="cache", **options):
        library = Library(path, cache_dir=tmp_path / cache, **options)
        opened.append(library)
        return library

    yield open_
    for library in opened:
        library.close()
