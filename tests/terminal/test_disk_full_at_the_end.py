"""The real program on a disk that is full when one quits: its marks are there the next time."""

from __future__ import annotations

import os
import shutil
import sys

import pytest
from pty_harness import ROOT, Terminal

from store import Library
from tests.faults import filecalls

pytestmark = [
    pytest.mark.pty,
    pytest.mark.skipif(
        shutil.which("cc") is None or not sys.platform.startswith("linux"),
        reason="file calls are failed by a library made with a C compiler",
    ),
]

#: Lets the disk be full once the program is asked to, and says when it is.
_FILLS = """
import sys; sys.path.insert(0, {root!r})
import pathlib, threading, time
from tests.faults.filecalls import FAULTS, FileCalls
def fill(place=pathlib.Path({place!r})):
    while not place.with_name("full").exists():
        time.sleep(0.01)
    FileCalls().arm(place, FAULTS["a disk that is full"], 1)
    place.with_name("filled").touch()
threading.Thread(target=fill, daemon=True).start()
"""


def test_what_was_marked_on_a_full_disk_is_there_after_the_next_start(home, tmp_path):
    preloaded = filecalls.build(tmp_path)
    assert preloaded is not None
    place = home / "disk"
    place.mkdir()
    path = place / "library.json"
    (home / "library.json").rename(path)
    code = _FILLS.format(root=os.fspath(ROOT), place=os.fspath(place))
    environ = {"LD_PRELOAD": os.fspath(preloaded)}
    with Terminal("--library", os.fspath(path), home=home, code=code, environ=environ) as terminal:
        terminal.sees("1/40")
        terminal.comes_up()
        (home / "full").touch()
        terminal.until((home / "filled").exists, "filled the disk")
        terminal.type("s")
        terminal.sees("reading state cannot be saved")
        terminal.type("q")
        assert terminal.ends() == 1
        assert "for the next start" in " ".join(terminal.text.split())
    assert list((home / "state" / "broadsheet" / "unsaved").iterdir())
    with Terminal("--library", os.fspath(path), home=home) as terminal:
        terminal.sees("saved now")
        terminal.type("q")
        assert terminal.ends() == 0
    with Library(path, cache_dir=home / "cache" / "broadsheet") as library:
        assert library.find("is:starred").count == 1
