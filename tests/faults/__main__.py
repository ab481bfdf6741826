"""`python -m tests.faults [PART…]`: all of it at length; what was found is said in the end."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import store.fulltext
import store.library  # noqa: F401  loaded once, for all children
from tests.faults import failing, filecalls, killing, power, together


def parts(arguments: argparse.Namespace) -> dict[str, Callable[[Path], object]]:
    """All there is to do, by name."""
    found: dict[str, Callable[[Path], object]] = {}
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


def preload(top: Path) -> None:
    """Begin again with failing file calls in this process, if they are not there yet."""
    if "BROADSHEET_FAULTS" not in os.environ and (made := filecalls.build(top)):
        environment = {**os.environ, "LD_PRELOAD": str(made), "BROADSHEET_FAULTS": str(top)}
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
    parser.add_argument("--verbose", action="store_true", help="show the errors' texts")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # nothing waits for a disk
    made = os.environ.get("BROADSHEET_FAULTS") or tempfile.mkdtemp(prefix="faults-", dir=memory)
    top = Path(made)
    preload(top)
    found = False
    for name, run in parts(arguments).items():
        if arguments.parts and not name.startswith(tuple(arguments.parts)):
            continue
        place = top / name.replace(":", "-")
        place.mkdir()
        begun = time.perf_counter()
        tally = run(place)
        print(f"{tally} ({time.perf_counter() - begun:.0f} s)", flush=True)
        for line in tally.wrong[:20]:
            print(f"    {line}"[:2500], flush=True)
        if arguments.verbose:
            for message, times in getattr(tally, "messages", {}).items():
                print(f"    {times} x {message}")
        found |= bool(tally.wrong)
    if found:
        print(f"what was left behind is kept in {top}")
    else:
        shutil.rmtree(top)
    return int(found)


if __name__ == "__main__":
    sys.exit(main())
