"""What most tests of the library begin with."""

from __future__ import annotations

import os
import tempfile
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import store
from store import Library


@pytest.fixture
def path(tmp_path):
    """Where a library can be made."""
    return tmp_path / "library.json"


@pytest.fixture
def reading(path):
    """Where its reading file is then."""
    return path.with_name("library.reading.json")


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


@pytest.fixture
def powerless():
    """Run the test as a user whom file modes bind, in a directory of that user's own."""
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() != 0:
            yield Path(name)
            return
        for module in walk_packages(store.__path__, "store."):
            import_module(module.name)  # that user may not be let in where Python's own files are
        nobody = 65534
        os.chown(name, nobody, nobody)
        os.setegid(nobody)
        os.seteuid(nobody)
        try:
            yield Path(name)
        finally:
            os.seteuid(0)
            os.setegid(0)
            Path(name).chmod(0o700)
