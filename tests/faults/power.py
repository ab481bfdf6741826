"""Cutting the power: what a disk may hold that was written to, at any moment, in any legal order.

The file calls of real operations are recorded (see `filecalls.c`).  A model of a disk then goes
through them, and at each call the power is cut.  What was synced is there.  Of everything else the
disk holds what it likes:

- of the bytes of an open file, any of its blocks (of 512 or 4,096 bytes), the old or the new, in
  any order, zeros where a file was made longer and the block is not there;
- of its length, that after any of the calls since it was synced, whatever its bytes are;
- of the names in a directory, those after any of the calls since it was synced: a rename may be
  there before the bytes of the file that it names.

Where that are more states than are wanted, they are chosen by chance, after those that hold
nothing, everything, and all but one call of what was not synced.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from store import Library
from store.places import index_directory
from store.sqlitefile import checksum
from tests.faults.filecalls import FileCalls
from tests.faults.forks import failures, in_a_child
from tests.faults.operations import OPERATIONS, facts, judge, paths
from tests.faults.shelf import article

_HEAD = struct.Struct("<cIIqq")
_BLOCKS = (512, 4096)

#: What is done between two recordings, each to its end; then the next sets out from what it left.
SEQUENCES = {
    "a library": (
        "making a library", "adding some", "adding one", "marking", "highlighting",
        "saving a view", "subscribing", "undoing", "adding one again", "purging", "adding one",
        "bookmarking",
    ),
    "an edit": ("opening it", "editing one", "adding one"),
    "a stock file": ("converting", "marking", "adding one again"),
    "a torn file": ("mending", "adding one again"),
}  # fmt: skip
_MORE = {"adding one again": lambda library: library.add([article(21)])}


class Call(NamedTuple):
    """One recorded call: `what` is as in `filecalls.c`, "a" for what was acknowledged."""

    what: str
    path: str
    other: str = ""
    offset: int = 0
    data: bytes = b""


def read_calls(raw: bytes) -> Iterator[Call]:
    """The calls in a recording."""
    at = 0
    while at < len(raw):
        what, first, second, offset, size = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        path, other = raw[at : at + first], raw[at + first : at + first + second]
        at += first + second
        yield Call(
            what.decode(), os.fsdecode(path), os.fsdecode(other), offset, raw[at : at + size]
        )
        at += size


@dataclass
class File:
    """A file on the disk.

    Attributes:
        synced: Its bytes when it was synced last.
        pending: The calls since then that changed it.
    """

    synced: bytes = b""
    pending: list[Call] = field(default_factory=list)

    def now(self) -> bytes:
        """Its bytes as programs see them."""
        return self.state(len(self.pending), lambda call, block: True, 512)

    def state(self, sizes: int, kept: Callable[[int, int], bool], block: int) -> bytes:
        """Its bytes on the disk.

        Args:
            sizes: After how many of the pending calls its length is that of the disk.
            kept: Whether a block of a pending write is there, by the call's and the block's number.
            block: Bytes of a block.
        """
        data, size = bytearray(self.synced), len(self.synced)
        for number, call in enumerate(self.pending):
            if call.what == "t":
                if number < sizes:
                    size = call.offset
                    del data[size:]
                continue
            end = call.offset + len(call.data)
            if number < sizes:
                size = max(size, end)
            first = call.offset // block
            for here in range(first, -(-end // block)):
                if not kept(number, here - first):
                    continue
                start, stop = max(call.offset, here * block), min(end, (here + 1) * block)
                if stop > len(data):
                    data.extend(bytes(stop - len(data)))
                data[start:stop] = call.data[start - call.offset : stop - call.offset]
        data.extend(bytes(max(0, size - len(data))))
        return bytes(data[:size])


class Disk:
    """Files and their names, with what of both is not certain yet."""

    def __init__(self, place: Path) -> None:
        """A disk that holds what is in a directory."""
        self.names: dict[str, File] = {
            str(path): File(path.read_bytes()) for path in place.iterdir() if path.is_file()
        }
        #: The names after each call since the directory was synced, the certain ones first.
        self.histories: list[dict[str, File]] = [dict(self.names)]

    def make(self, call: Call) -> None:
        """Let a call happen."""
        match call.what:
            case "c":
                self.names[call.path] = File()
            case "r":
                self.names[call.other] = self.names.pop(call.path)
            case "u":
                self.names.pop(call.path, None)
            case "w" | "t":
                self.names[call.path].pending.append(call)
                return
            case "s":
                file = self.names.get(call.path)
                if file is not None:
                    file.synced, file.pending = file.now(), []
                else:
                    self.histories = [dict(self.names)]
                return
        self.histories.append(dict(self.names))

    def states(self, rng: random.Random, most: int) -> Iterator[dict[str, bytes]]:
        """What the disk may hold if the power goes now: names and bytes, `most` states at most."""
        seen: set[tuple[tuple[str, int], ...]] = set()
        choices = [*self._regular(), *(partial(self._chance, rng) for _ in range(3 * most))]
        for choose in choices:
            names, files = choose()
            state = {name: files(file) for name, file in names.items()}
            key = tuple(sorted((name, hash(data)) for name, data in state.items()))
            if key not in seen:
                seen.add(key)
                yield state
            if len(seen) >= most:
                return

    def _regular(self) -> Iterator[Callable[[], Any]]:
        nothing = lambda file: file.synced  # noqa: E731
        everything = lambda file: file.now()  # noqa: E731
        for names in (self.histories[-1], self.histories[0]):
            yield lambda names=names: (names, nothing)
            yield lambda names=names: (names, everything)
        longest = max((len(file.pending) for file in self.names.values()), default=0)
        for gone in range(longest):  # one call is missing, or its length, or its bytes
            for sizes in (0, longest):
                yield lambda gone=gone, sizes=sizes: (
                    self.histories[-1],
                    lambda file: file.state(sizes, lambda call, _: call != gone, 512),
                )
                yield lambda gone=gone, sizes=sizes: (
                    self.histories[-1],
                    lambda file: file.state(sizes, lambda call, _: call == gone, 512),
                )

    def _chance(self, rng: random.Random) -> Any:
        seed = rng.random()

        def bytes_of(file: File) -> bytes:
            here = random.Random(f"{seed} {len(file.pending)} {len(file.synced)}")
            block = here.choice(_BLOCKS)
            way = here.choice(("any", "first", "last"))
            cut = here.randrange(1 + 2 * len(file.pending) + 40)

            def kept(call: int, number: int) -> bool:
                if way == "any":
                    return here.random() < 0.5
                return (call * 10 + number < cut) == (way == "first")

            return file.state(here.randrange(len(file.pending) + 1), kept, block)

        return rng.choice(self.histories), bytes_of


@dataclass
class Tally:
    """What came of cutting the power in one sequence of operations."""

    name: str
    calls: int = 0
    states: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        found = f"{len(self.wrong)} FINDINGS" if self.wrong else "nothing lost"
        return f"power cut in {self.name}: {self.calls} calls, {self.states:,} states, {found}"


def cut(name: str, place: Path, *, most: int, seed: int = 0) -> Tally:
    """Cut the power after each call of a sequence, `most` states for each."""
    tally = Tally(name)
    run, caches = place / "run", place / "caches"
    run.mkdir(parents=True)
    first = SEQUENCES[name][0]
    if first != "making a library":
        in_a_child(lambda say: OPERATIONS[first].prepare(run))
    disk = Disk(run)
    start = {"articles": {}} if first == "making a library" else look(run)
    if isinstance(start, str):
        tally.wrong.append(start)
        return tally
    shutil.copytree(run, place / "before", dirs_exist_ok=True)
    recordings: list[tuple[list[Call], Any]] = []
    for number, operation in enumerate(SEQUENCES[name]):
        if (run / "cache").exists():
            shutil.copytree(run / "cache", caches / str(number))
        recording = place / f"{number}.calls"
        failed = failures(in_a_child(lambda say, o=operation, r=recording: record(o, run, r)))
        if failed:
            tally.wrong += failed
            return tally
        calls = [c for c in read_calls(recording.read_bytes()) if "/cache" not in c.path]
        shutil.copytree(run, place / "copy")
        recordings.append((calls, look(place / "copy")))
        shutil.rmtree(place / "copy")
    rng = random.Random(f"{name} {seed}")
    before = start
    for number, (calls, after) in enumerate(recordings):
        done = False
        for at, call in enumerate([Call("a", "", data=b"0"), *calls]):
            if call.what == "a":
                done = call.data == b"done"
            else:
                disk.make(call)
            tally.calls += 1
            for state in disk.states(rng, most):
                tally.states += 1
                found = restart(state, run, place / "again", caches / str(number), rng)
                line = judge(found, before, after, done)
                if line:
                    where = f"{SEQUENCES[name][number]}, call {at} ({call.what} {call.path})"
                    keep = place / f"kept-{tally.states}"
                    tally.wrong.append(f"{where}: {line}; kept in {keep}")
                    shutil.rmtree(keep, ignore_errors=True)
                    write(state, run, keep)
        before = after
    return tally


def record(operation: str, run: Path, recording: Path) -> None:
    """Do an operation and write its calls down, and when it was done."""
    path, cache = paths(run)
    descriptor = os.open(recording, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    FileCalls().record(run, descriptor)
    do = _MORE.get(operation) or OPERATIONS[operation].do
    with Library(path, cache_dir=cache) as library:
        library.wait_until_listed()
        do(library)
        os.write(descriptor, _HEAD.pack(b"a", 0, 0, 0, 4) + b"done")


def write(state: dict[str, bytes], run: Path, again: Path) -> None:
    """Make a directory what the disk holds."""
    again.mkdir()
    for name, data in state.items():
        (again / Path(name).name).write_bytes(data)


def restart(
    state: dict[str, bytes], run: Path, again: Path, cache: Path, rng: random.Random
) -> Any:
    """All that a library holds which is opened on what the disk holds; or what goes wrong then."""
    shutil.rmtree(again, ignore_errors=True)
    write(state, run, again)
    if cache.exists() and rng.random() < 0.9:
        shutil.copytree(cache, again / "cache")
        vouch(again)
    return look(again)


def look(place: Path) -> Any:
    """What `facts` says of a library, or the error it ends with."""
    said = in_a_child(lambda say: say(facts(*paths(place), words=False)))
    return failures(said)[0] if failures(said) else said[0]


def vouch(again: Path) -> None:
    """Let the index know the file by its stamp, if that may be what it was.

    Bytes that are written in place may reach the disk before the file's new length and time.
    """
    path = paths(again)[0]
    (directory,) = (again / "cache").iterdir()
    wanted, _ = index_directory(path, again / "cache")  # it is found by the library's path
    if wanted != directory:
        shutil.rmtree(wanted)
        directory.rename(wanted)
    if not path.exists():
        return
    status = path.stat()
    with sqlite3.connect(wanted / "columns.sqlite") as db:
        (kept,) = db.execute("select value from meta where key = 'stamp'").fetchone()
        if f"size={status.st_size}," not in kept:
            return
        stamp = (
            f"Stamp(inode={status.st_ino}, size={status.st_size}, mtime_ns={status.st_mtime_ns})"
        )
        for key, value in (("stamp", stamp), ("inode", str(status.st_ino))):
            db.execute(
                "insert or replace into meta values (?, ?, ?)", (key, value, checksum(key, value))
            )
    db.close()
