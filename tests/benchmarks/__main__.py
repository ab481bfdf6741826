"""Measure broadsheet against what one would use instead: `make bench`.

Every reference is measured in the same run, since no two machines, and no two hours on one
machine, are alike.  Files are made once and kept in `.bench/`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks import (
    feeds,
    files,
    importing,
    live,
    reading,
    searching,
    sending,
    startup,
    storage,
    typesetting,
)
from tests.benchmarks.figures import Figure, table

#: Growth that is allowed from 100,000 articles to 1,000,000.
_GROWTH = 1.5
_LARGE, _LARGEST = 100_000, 1_000_000
_GROUPS = ("index", "storage", "start", "send", "live", "import", "feeds", "read", "typeset")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 when a target is missed or something could not be measured."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=[1_000, 10_000, 100_000])
    parser.add_argument("--only", nargs="+", choices=_GROUPS, default=_GROUPS)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    arguments = parser.parse_args(argv)
    figures: list[Figure] = []
    failures: list[str] = []
    for name, group in _groups(sorted(arguments.sizes), set(arguments.only)):
        try:
            for figure in group:
                figures.append(figure)
                print(f"{name}: {figure.what}", file=sys.stderr, flush=True)
        except (subprocess.CalledProcessError, TimeoutError) as error:
            failures.append(f"{name}: {error}")
    figures += _growth(figures)
    print(table(figures))
    if arguments.json:
        lines = ",\n".join(json.dumps(figure.to_json()) for figure in figures)
        arguments.json.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    missed = sum(figure.reached is False for figure in figures)
    print(f"\n{missed} of {sum(f.reached is not None for f in figures)} targets missed")
    for failure in failures:
        print(f"could not be measured: {failure}")
    return 1 if missed or failures else 0


def _groups(sizes: list[int], wanted: set[str]) -> Iterator[tuple[str, Iterator[Figure]]]:
    for size in sizes:
        if not wanted & {"index", "storage", "start", "send", "live"}:
            break
        place = files.work(f"library-{size}")
        library, cache = place / "library.json", place / "cache" / "broadsheet"
        shutil.copyfile(files.library(size), library)
        if "index" in wanted:
            yield f"index, {size:,}", searching.figures(size, library, cache)
        else:
            searching.build(str(library), str(cache))  # the others need it
        if "start" in wanted:
            yield f"start, {size:,}", startup.figures(size, library, cache)
        if "send" in wanted:
            yield f"what is sent, {size:,}", sending.figures(size, library, cache)
        if "live" in wanted:
            yield f"live search, {size:,}", live.figures(size, library, cache)
        if "storage" in wanted:
            yield f"storage, {size:,}", storage.figures(size, library, cache)
        shutil.rmtree(place)
    if "import" in wanted:
        yield "import", importing.figures()
    if "feeds" in wanted:
        yield "feeds", feeds.figures()
    if "read" in wanted:
        yield "read", reading.figures()
    if "typeset" in wanted:
        yield "typeset", typesetting.figures()


def _growth(figures: list[Figure]) -> Iterator[Figure]:
    """What a million articles cost more than a hundred thousand."""
    large = {figure.what: figure for figure in figures if figure.size == _LARGE}
    for figure in figures:
        before = large.get(figure.what)
        if figure.size == _LARGEST and before and before.reference.startswith("stock TinyDB"):
            yield Figure(
                figure.what, figure.value, figure.unit, figure.size,
                "itself at 100,000", before.value, _GROWTH, anywhere=True,
            )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
