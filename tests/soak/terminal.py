"""The same in a real pseudo-terminal, with a web server whose feed brings something new."""

from __future__ import annotations

import fcntl
import os
import random
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

from store import Library
from tests.person import own_home
from tests.soak import elsewhere
from tests.soak.deeds import CODES, a_size, deeds
from tests.soak.measured import LOOKS, Measured
from tests.webserver import Page, Web

ROOT = Path(__file__).parents[2]

#: How much faster than ours the program's clock runs.
SPEED = 25
#: Seconds between two looks at whether the program rests, and how often it must have been seen so.
LOOK, RESTED = 0.004, 2
#: Seconds that one deed may take at most.
PATIENCE = 60.0


def soak(
    path: Path,
    home: Path,
    keys: int,
    chance: random.Random,
    say: Callable[[str], object],
    hours: int,
    articles: int,
) -> Measured:
    """Type so many keys; see `__main__`."""
    web = Web()
    entries = [1]
    web.pages["/feed"] = Page(_feed(1), "application/atom+xml")
    with Library(path) as library:
        library.feeds.subscribe(f"http://127.0.0.1:{web.port}/feed", by_hand=True)
    config = home / "config" / "broadsheet" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('opener = "true {url}"\nclipboard = "osc52"\nfeed_interval = 60\n')
    master, slave = os.openpty()
    _resize(master, 80, 24)
    process = subprocess.Popen(
        _command(path), stdin=slave, stdout=slave, stderr=slave, start_new_session=True, cwd=home,
        env=_environment(home), preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(slave)
    measured = Measured(process.pid)
    hour = max(1, keys // hours)
    pressed, written, next_hour, next_look = 0, _drained(master, process.pid, 5.0), hour, 0
    try:
        for deed in deeds(chance):
            for key in deed:
                os.write(master, CODES.get(key, key).encode())
                if chance.random() < 0.1:  # the rest is typed ahead
                    written += _drained(master, process.pid)
                pressed += 1
                if pressed % 500 == 0:
                    _resize(master, *a_size(chance))
            written += _drained(master, process.pid)
            if process.poll() is not None:
                measured.fault(f"it ended with {process.returncode} after {pressed} keys at {deed}")
                break
            measured.glance()
            if pressed >= next_look:
                next_look = pressed + hour // LOOKS
                measured.look(pressed)
            if pressed >= next_hour:
                next_hour += hour
                entries[0] += 1
                web.pages["/feed"] = Page(_feed(entries[0]), "application/atom+xml")
                left = elsewhere.visit(path, pressed, articles)
                _drained(master, process.pid, 0.5)
                said = f"{left:,} to read, {written / 1e6:.1f} MB written, {_log(home)}"
                say(f"  {measured.latest}, {said}")
            if pressed >= keys:
                break
        if log := _log(home):
            measured.fault(f"the log says {log}")
        if process.poll() is None:
            measured.look(pressed)
            process.terminate()
            while process.poll() is None:
                _drained(master, process.pid, 0.1)
            if process.returncode != 143:
                measured.fault(f"it ended with {process.returncode} at SIGTERM")
    finally:
        process.kill()
        os.close(master)
        web.close()
    return measured


def _command(path: Path) -> list[str]:
    return [
        sys.executable, "-m", "tests.soak.fast_clock", str(SPEED),
        "--library", str(path), "--link", "ssh",
    ]  # fmt: skip


def _environment(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"], "HOME": str(own_home(home)),
        "TERM": "xterm-256color", "COLORTERM": "truecolor",
        "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT),
        **{f"XDG_{n}_HOME": str(home / n.lower()) for n in ("CONFIG", "STATE", "CACHE", "DATA")},
    }  # fmt: skip


def _drained(master: int, process: int, least: float = 0.0) -> int:
    """Read until the program rests, for `least` seconds at least; how many bytes came."""
    begun = time.monotonic()
    count, rested = 0, 0
    while rested < RESTED or time.monotonic() < begun + least:
        if time.monotonic() > begun + PATIENCE:
            break
        if select.select([master], [], [], LOOK)[0]:
            try:
                data = os.read(master, 1 << 16)
            except OSError:
                break
            if not data:
                break
            count, rested = count + len(data), 0
        else:
            rested = rested + 1 if _rests(process) else 0
    return count


def _rests(process: int) -> bool:
    """Whether none of its threads runs or wants to."""
    try:
        for thread in os.scandir(f"/proc/{process}/task"):
            if Path(thread.path, "stat").read_text().rpartition(")")[2].split()[0] in "RD":
                return False
    except OSError:
        pass  # a thread has just ended, or the program has
    return True


def _resize(master: int, columns: int, lines: int) -> None:
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def _log(home: Path) -> str:
    """The last line of the log, "" if nothing was logged."""
    log = home / "state" / "broadsheet" / "log"
    return log.read_text().strip().splitlines()[-1] if log.exists() else ""


def _feed(entries: int) -> bytes:
    items = "".join(
        f"<entry><id>urn:e:{n}</id><title>Entry {n}</title><updated>2026-11-20T00:00:00Z</updated>"
        f"<content>News of the {n}th hour. And so on.</content></entry>"
        for n in range(entries)
    )
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>urn:f</id>'
        f"<title>Hours</title><updated>2026-11-20T00:00:00Z</updated>{items}</feed>"
    ).encode()
