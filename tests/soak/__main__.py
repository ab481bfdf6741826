"""`python -m tests.soak [--keys N]`: a day of reading at random, in the pilot and in a terminal.

In between other processes add articles, feeds bring new entries, the terminal changes its size.
Nothing may raise, memory may grow by 5 %, and no file may be left open.  What the keys have removed
for good is given back, so that there is something to read at any hour.

The terminal's part runs on a clock that is fast enough for 24 hours to pass.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from store import Library
from tests.person import own_home
from tests.soak import elsewhere, terminal
from tests.soak.deeds import a_size, deeds
from tests.soak.measured import LOOKS, Measured

HOURS = 24
ARTICLES = 2_000


def main() -> int:
    """Run both parts, or the one that was asked for; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("parts", nargs="*", help="pilot, terminal; both by default")
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    found = False
    for name, part in PARTS.items():
        if arguments.parts and name not in arguments.parts:
            continue
        home = Path(tempfile.mkdtemp(prefix=f"soak-{name}-"))
        measured = part(home, arguments.keys, random.Random(arguments.seed), print)
        print(f"{name}: {measured}", flush=True)
        if measured.faults():
            found = True
            print(f"    what was left behind is kept in {home}")
        else:
            shutil.rmtree(home, ignore_errors=True)
    return int(found)


def in_pilot(
    home: Path, keys: int, chance: random.Random, say: Callable[[str], object]
) -> Measured:
    """Press so many keys through the pilot."""
    os.environ["HOME"] = str(own_home(home))
    for kind in ("DATA", "CACHE", "CONFIG", "STATE"):
        os.environ[f"XDG_{kind}_HOME"] = str(home / kind.lower())
    for name in ("SSH_CONNECTION", "TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY"):
        os.environ.pop(name, None)
    os.chdir(home)
    path = elsewhere.fill(home, ARTICLES)
    return asyncio.run(_press(path, keys, chance, say))


async def _press(
    path: Path, keys: int, chance: random.Random, say: Callable[[str], object]
) -> Measured:
    from textual import _wait as waiting

    from store import share_arenas
    from tui import garbage
    from tui.app import BroadsheetApp
    from tui.config import Config

    share_arenas()  # this, and how garbage is looked for, as the program does
    # The pilot waits after each key until it has seen the program rest for 20 ms, twice.
    waiting.SLEEP_GRANULARITY, waiting.SLEEP_IDLE = 0.003, 0.001
    measured = Measured(os.getpid())
    hour = max(1, keys // HOURS)
    pressed = 0
    with Library(path) as library:
        app = BroadsheetApp(library, Config(opener="true {url}", clipboard="show"))
        garbage.begin()
        async with app.run_test(size=(80, 24)) as pilot:
            for deed in deeds(chance):
                for key in deed:
                    await pilot.press(key)
                    pressed += 1
                    if pressed % 500 == 0:
                        await pilot.resize_terminal(*a_size(chance))
                    if pressed % max(1, hour // LOOKS) == 0:
                        measured.look(pressed)
                    if pressed % hour == 0:
                        left = await asyncio.to_thread(elsewhere.visit, path, pressed, ARTICLES)
                        say(f"  {measured.latest}, {left:,} to read")
                    if app._exception is not None or not app.is_running:
                        measured.fault(f"after {pressed} keys, at {deed}: {app._exception!r}")
                        return measured
                measured.glance()
                if pressed >= keys:
                    break
            measured.look(pressed)
        app.stop_lanes()
    return measured


def in_terminal(
    home: Path, keys: int, chance: random.Random, say: Callable[[str], object]
) -> Measured:
    """Type so many keys into the program in a pseudo-terminal."""
    path = elsewhere.fill(home, ARTICLES)
    return terminal.soak(path, home, keys, chance, say, HOURS, ARTICLES)


PARTS = {"pilot": in_pilot, "terminal": in_terminal}

if __name__ == "__main__":
    sys.exit(main())
