"""`python -m tests.faults [PART…]`: all of it at length; what was found is said in the end."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

import store.fulltext
import store.library  # noqa: F401  loaded once, for all children
from tests.faults import failing, filecalls, killing, power, together


class Tally(Protocol):
    """What came of a part; as text, a line for the person."""

    wrong: list[str]


def parts(arguments: argparse.Namespace) -> dict[str, Callable[[Path], Tally]]:
    """All there is to do, by name."""
    found: dict[str, Callable[[Path], Tally]] = {}
    for name in killing.WORKS:
        found[f"kill:{name}"] = partial(
            killing.kill, name, times=arguments.times, seed=arguments.seed
        )
    for name in failing.OPERATIONS:
        found[f"fail:{name.replace(' ', '-')}"] = partial(
            failing.fail,
            name,
            kinds=arguments.fault or list(filecalls.FAULTS),
            most=arguments.most,
            seed=arguments.seed,
        )
    for name in power.SEQUENCES:
        found[f"power:{name.replace(' ', '-')}"] = partial(
            power.cut, name, most=arguments.states, seed=arguments.seed
        )
    found["together"] = partial(
        together.write_together, writes=arguments.writes, seed=arguments.seed
    )
    return found


def run_part(arguments: argparse.Namespace, top: Path, name: str) -> tuple[str, int]:
    """Run one part in a directory of its own; what is to be said of it, and how much was found."""
    place = top / name.replace(":", "-")
    place.mkdir()
    begun = time.perf_counter()
    tally = parts(arguments)[name](place)
    lines = [f"{tally} ({time.perf_counter() - begun:.0f} s)"]
    lines += [f"    {line}"[:2500] for line in tally.wrong[:20]]
    if arguments.verbose:
        messages = getattr(tally, "messages", {})
        lines += [f"    {times} x {message}" for message, times in messages.items()]
    return "\n".join(lines), len(tally.wrong)


def preload(top: Path) -> None:
    """Begin again with failing file calls in this process, if they are not there yet."""
    if "BROADSHEET_FAULTS" not in os.environ and (made := filecalls.build(top)):
        environment = {
            **os.environ, "LD_PRELOAD": str(made), "BROADSHEET_FAULTS": str(top),
            "XDG_STATE_HOME": str(top / "state"),
        }  # fmt: skip
        os.execve(
            sys.executable, [sys.executable, "-m", "tests.faults", *sys.argv[1:]], environment
        )


def main() -> int:
    """Run the parts that were asked for; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("parts", nargs="*", help="names or their beginnings; all by default")
    parser.add_argument("--times", type=int, default=1000, help="kills of each kind of work")
    parser.add_argument("--fault", action="append", help="only this kind of fault; may be repeated")
    parser.add_argument("--most", type=int, help="calls to fail of each operation and kind")
    parser.add_argument("--states", type=int, default=60, help="states after each call")
    parser.add_argument("--writes", type=int, default=2000, help="writes of four processes")
    parser.add_argument("--jobs", type=int, default=2, help="parts at a time")
    parser.add_argument("--verbose", action="store_true", help="show the errors' texts")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # nothing waits for a disk
    made = os.environ.get("BROADSHEET_FAULTS") or tempfile.mkdtemp(prefix="faults-", dir=memory)
    top = Path(made)
    preload(top)
    wanted = [name for name in parts(arguments) if name.startswith(tuple(arguments.parts or [""]))]
    begun = time.perf_counter()
    found = 0
    # Each part forks its own victims, for which its process must have no threads.
    with multiprocessing.get_context("fork").Pool(arguments.jobs) as pool:
        for said, wrong in pool.imap_unordered(partial(run_part, arguments, top), wanted):
            print(said, flush=True)
            found += wrong
    seconds = time.perf_counter() - begun
    print(f"{len(wanted)} parts, {found or 'no'} findings, {seconds:.0f} s", flush=True)
    if found:
        print(f"what was left behind is kept in {top}")
    else:
        shutil.rmtree(top)
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
