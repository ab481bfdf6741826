"""`python -m tests.soak [--keys N]`: a day of reading at random, in the pilot and in a terminal.

In between other processes add articles, feeds bring new entries, the terminal changes its size.
Nothing may raise, memory may grow by 5 %, and no file may be left open.

The terminal's part runs on a clock that is fast enough for 24 hours to pass.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from store import Article, Library
from tests.soak import terminal
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
    for kind in ("DATA", "CACHE", "CONFIG", "STATE"):
        os.environ[f"XDG_{kind}_HOME"] = str(home / kind.lower())
    for name in ("SSH_CONNECTION", "TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY"):
        os.environ.pop(name, None)
    os.chdir(home)
    path = fill(home)
    return asyncio.run(_press(path, keys, chance, say))


async def _press(
    path: Path, keys: int, chance: random.Random, say: Callable[[str], object]
) -> Measured:
    from textual import _wait as waiting

    from store import share_arenas
    from tui.app import BroadsheetApp
    from tui.config import Config

    share_arenas()  # as the program does
    # The pilot waits after each key until it has seen the program rest for 20 ms, twice.
    waiting.SLEEP_GRANULARITY, waiting.SLEEP_IDLE = 0.003, 0.001
    measured = Measured(os.getpid())
    hour = max(1, keys // HOURS)
    pressed = 0
    with Library(path) as library:
        app = BroadsheetApp(library, Config(opener="true {url}", clipboard="show"))
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
                        await asyncio.to_thread(add_elsewhere, path, pressed)
                        say(f"  {measured.latest}")
                    if app._exception is not None or not app.is_running:
                        measured.fault(f"after {pressed} keys, at {deed}: {app._exception!r}")
                        return measured
                if pressed >= keys:
                    break
            measured.look(pressed)
        app.stop_lanes()
    return measured


def add_elsewhere(path: Path, number: int) -> None:
    """Another process adds an article."""
    code = (
        "import sys; from store import Library, Article\n"
        "with Library(sys.argv[1]) as library:\n"
        "    library.add([Article(title='Added ' + sys.argv[2], body='Late news. ' * 50)])\n"
    )
    subprocess.run([sys.executable, "-c", code, str(path), str(number)], check=True)


def fill(home: Path) -> Path:
    """A library to read in; made by another process, so that what that takes does not count."""
    path = home / "library.json"
    made = multiprocessing.get_context("fork").Process(target=_make, args=(path,))
    made.start()
    made.join()
    return path


def _make(path: Path) -> None:
    with Library(path) as library:
        library.add(
            Article(
                title=f"Article {n} of the [harbour]",
                body=f"# Heading {n}\n\n"
                + "\n\n".join(
                    f"Paragraph {i}: the ferry left *the quay* at [the tide](https://a.example/{n})."
                    * 4
                    for i in range(n % 40 + 1)
                ),
                author=("Ada Reyes", "Jonas Holm")[n % 2],
                site="quay.example",
                url=f"https://quay.example/{n}",
                published=f"20{n % 25:02}-{n % 12 + 1:02}-{n % 28 + 1:02}",
                tags=(("history",), ("harbour", "rain"), ())[n % 3],
            )
            for n in range(ARTICLES)
        )
        library.wait_until_searchable()


def in_terminal(
    home: Path, keys: int, chance: random.Random, say: Callable[[str], object]
) -> Measured:
    """Type so many keys into the program in a pseudo-terminal."""
    return terminal.soak(fill(home), home, keys, chance, say, HOURS, add_elsewhere)


PARTS = {"pilot": in_pilot, "terminal": in_terminal}

if __name__ == "__main__":
    sys.exit(main())
