"""Try targets with cases made by chance: `python -m tests.fuzz [TARGET ...] --seconds N`.

With atheris (`pip install -e '.[fuzz]'`) coverage guides what is tried, and what was worth keeping
stays in `.fuzz/TARGET/`; without it the seeds are changed blindly.  A case that breaks a promise is
kept in `.fuzz/found/`, and the counts since the last of them in `.fuzz/counts.json`.

With `--growth` it looks for input whose time grows faster than its length, see `growth`.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".fuzz"
COUNTS = KEPT / "counts.json"

#: Bytes a case may make the process take, and seconds after which one is a hang.  They are of the
#: clock, and a busy machine may leave a process out for minutes; targets count the processor's.
MEMORY_MIB = 3_072
HANG = 1_200

#: Seconds after which what was tried is counted, so that little is lost when a run is stopped.
SLICE = 200

#: Packages whose branches guide atheris.
_GUIDES = ["store", "tui", "markdown_it", "mdit_py_plugins", "feedparser", "fastfeedparser",
           "trafilatura", "htmldate", "yaml", "json", "csv", "email", "html"]  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run targets in turn; 1 when one found something."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="by default all in turn")
    parser.add_argument("--seconds", type=int, default=60, help="for each; all: for weight 1")
    parser.add_argument("--engine", choices=("atheris", "chance", "growth"))
    parser.add_argument(
        "--growth", action="store_const", dest="engine", const="growth",
        help="look for time that grows faster than the input",
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="name the targets and their counts")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    engine = arguments.engine or ("atheris" if find_spec("atheris") else "chance")
    if arguments.child:
        child = {"atheris": with_atheris, "chance": by_chance, "growth": by_growth}[engine]
        return child(arguments.targets[0], arguments.seconds)
    from tests.fuzz.targets import TARGETS

    if arguments.list:
        print(table(TARGETS))
        return 0
    if unknown := [name for name in arguments.targets if name not in TARGETS]:
        parser.error(f"no target {unknown[0]}; there are {', '.join(TARGETS)}")
    found = False
    for name in arguments.targets or TARGETS:
        weight = 1 if arguments.targets else TARGETS[name].weight
        found |= run(name, arguments.seconds * weight, engine)
    return int(found)


def run(name: str, seconds: int, engine: str) -> bool:
    """Run one target in a process of its own; whether it found something.

    `seconds` are those of the processor, however busy the machine is.  What stops the run by hand
    loses at most the last slice.
    """
    tried, spent, found, said = 0, 0.0, False, ""
    while not found and spent < seconds:
        slice_ = max(1, min(SLICE, round(seconds - spent)))
        command = [sys.executable, "-m", "tests.fuzz", name, "--child", "--seconds", str(slice_),
                   "--engine", engine]  # fmt: skip
        before = _processor_of_children()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        took = _processor_of_children() - before
        said = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
        found = bool(done.returncode)
        counted = f"growth/{name}" if engine == "growth" else name
        _count(counted, _tried(said), took, found)
        tried, spent = tried + _tried(said), spent + took
    if found:
        print(f"{name}: FOUND after {tried:,} cases\n{_end_of(said)}", flush=True)
    else:
        print(f"{name}: {tried:,} cases in {spent:.0f} s", flush=True)
    return found


def _count(name: str, tried: int, spent: float, found: bool) -> None:
    """Add to what is counted since the last finding; other targets may run at the same time."""
    KEPT.mkdir(exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        counts = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
        count = counts.setdefault(name, {"cases": 0, "seconds": 0.0, "found": 0})
        if found:
            count.update(cases=0, seconds=0.0, found=count["found"] + 1)
        else:
            count["cases"] += tried
            count["seconds"] = round(count["seconds"] + spent, 1)
        COUNTS.write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n")


def _tried(said: str) -> int:
    """How many cases an engine says it has tried."""
    units = re.findall(r"number_of_executed_units: (\d+)", said)
    return int(units[-1]) if units else max(map(int, re.findall(r"^#(\d+)", said, re.M)), default=0)


def _processor_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table(targets: Sequence[str]) -> str:
    """The counts of each target since the last finding."""
    counts = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    none = {"cases": 0, "seconds": 0.0, "found": 0}
    names = [*targets, *(name for name in counts if name not in targets)]
    rows = [(name, counts.get(name, none)) for name in names]
    return "\n".join(
        f"{name:28} {row['cases']:>12,} cases {row['seconds']:>9,.0f} s  found {row['found']}"
        for name, row in rows
    )


def with_atheris(name: str, seconds: int) -> int:
    """Try a target with atheris; the process ends in here."""
    import atheris

    with atheris.instrument_imports(include=_GUIDES):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]
    corpus, found = KEPT / name, KEPT / "found"
    for directory in (corpus, found):
        directory.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (corpus / blake2b(seed, digest_size=8).hexdigest()).write_bytes(seed)
    words = corpus.with_suffix(".words")
    quoted = ["".join(f"\\x{byte:02x}" for byte in word) for word in target.words]
    words.write_text("".join(f'"{word}"\n' for word in quoted))
    options = [f"-max_total_time={seconds}", f"-max_len={target.longest}", f"-timeout={HANG}",
               f"-rss_limit_mb={MEMORY_MIB}", f"-dict={words}", "-print_final_stats=1",
               f"-artifact_prefix={found}/{name}-", "-verbosity=1", "-len_control=20"]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(corpus)], target)
    atheris.Fuzz()
    return 0


def by_chance(name: str, seconds: int) -> int:
    """Try a target with seeds that are changed blindly."""
    from tests.fuzz.mutate import cases
    from tests.fuzz.targets import TARGETS

    target = TARGETS[name]
    seed = int.from_bytes(os.urandom(4))
    end = time.monotonic() + seconds
    count = 0
    for case in cases(target.seeds(), target.words, target.longest, random.Random(seed)):
        try:
            target(case)
        except BaseException:
            path = KEPT / "found" / f"{name}-{blake2b(case, digest_size=8).hexdigest()}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(case)
            print(f"#{count}\nkept as {path}", file=sys.stderr)
            raise
        count += 1
        if time.monotonic() > end:
            break
    print(f"stat::number_of_executed_units: {count}")
    return 0


def by_growth(name: str, seconds: int) -> int:
    """Try a target with input of one shape in several lengths; 1 if time grew too fast."""
    from tests.fuzz.growth import Growth
    from tests.fuzz.targets import TARGETS

    growth = Growth(TARGETS[name], random.Random(int.from_bytes(os.urandom(4))))
    try:
        growth.look(seconds)
    finally:
        print(f"stat::number_of_executed_units: {growth.tried}", flush=True)
    return int(bool(growth.found))


def _end_of(said: str, lines: int = 40) -> str:
    return "\n".join(said.rstrip().splitlines()[-lines:])


if __name__ == "__main__":
    sys.exit(main())
