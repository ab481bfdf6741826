"""`python -m tests.faults [PART…]`: all of it at length; what was found is said in the end."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import store.fulltext
import store.library  # noqa: F401  loaded once, for all children
from tests.faults import killing


def main() -> int:
    """Run the parts that were asked for; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("parts", nargs="*", help="e.g. kill:one kill:state; all by default")
    parser.add_argument("--times", type=int, default=1000, help="kills of each kind of work")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    parts = {
        f"kill:{name}": lambda place, name=name: killing.kill(
            name, place, arguments.times, arguments.seed
        )
        for name in killing.WORKS
    }
    top = Path(tempfile.mkdtemp(prefix="faults-"))
    found = False
    for name in arguments.parts or parts:
        place = top / name.replace(":", "-")
        place.mkdir()
        begun = time.perf_counter()
        tally = parts[name](place)
        print(f"{tally} ({time.perf_counter() - begun:.0f} s)", flush=True)
        for line in tally.wrong[:20]:
            print(f"    {line}"[:2000], flush=True)
        found |= bool(tally.wrong)
    if found:
        print(f"what was left behind is kept in {top}")
    else:
        shutil.rmtree(top)
    return int(found)


if __name__ == "__main__":
    sys.exit(main())
