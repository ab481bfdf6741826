"""Two of the real program on one library, in a terminal each, and commands beside them."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
from pty_harness import ROOT, TITLES, Terminal

from store import Library
from store.writeback import DELAY
from tui.screens.watching import INTERVAL

pytestmark = pytest.mark.pty


@pytest.fixture
def start(home):
    """Starts the program on the library."""
    terminals = []

    def start() -> Terminal:
        terminal = Terminal("--library", str(home / "library.json"), home=home)
        terminals.append(terminal)
        terminal.sees("1/40")
        return terminal

    yield start
    for terminal in terminals:
        terminal.__exit__()


def starred(terminal: Terminal, title: str) -> bool:
    return any("★" in line and title[:16] in line for line in terminal.lines)


def test_what_is_done_in_one_shows_in_the_other_without_a_key(home, start):
    one, other = start(), start()
    one.type("s")
    one.until(lambda: starred(one, TITLES[0]), "starred it")
    other.until(lambda: starred(other, TITLES[0]), "saw the star of the other")
    other.type("js")
    one.until(lambda: starred(one, TITLES[1]), "saw the star of the other")

    (home / "new.md").write_text("---\ntitle: Fresh from the press\ndate: 2026-11-01\n---\nText.")
    command = [sys.executable, "-m", "tui", "--library", str(home / "library.json"), "add"]
    subprocess.run([*command, str(home / "new.md")], cwd=ROOT, check=True, capture_output=True)
    one.sees("2/41")  # the list stands still under the eyes; what is new is above
    other.sees("3/41")
    one.type("k")
    one.sees("Fresh from the press")


def test_it_shows_within_two_seconds():
    assert DELAY + INTERVAL < 2


def test_a_killed_program_blocks_no_other(home, start):
    one = start()
    one.type("s")
    one.until(lambda: starred(one, TITLES[0]), "starred it")
    one.process.send_signal(signal.SIGSTOP)  # it holds what it holds
    one.process.send_signal(signal.SIGKILL)
    one.process.wait()
    other = start()
    other.type("js")
    other.until(lambda: starred(other, TITLES[1]), "starred the next")
    other.type("q")
    assert other.ends() == 0
    with Library(home / "library.json", readonly=True) as library:
        assert library.state(2).starred
