"""Killing a writer at moments by chance, and looking at what it leaves behind.

A moment is one of three: so many seconds after the child is ready, with SIGKILL from outside; after
so much of the processor's time as a share of what the work takes, with a signal that ends it as
dead, however busy the machine is; at one of its file calls, before it, after it or halfway through
it.  What the work takes is measured beforehand, with a child that nobody kills.

A child tells what it is about to do, does it, and tells that it is done; what it said stays in the
pipe when it is killed.  Then what it said was done must be there, what it was about to do must be
there whole or not at all, and nothing else.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from store import Highlight, Library, apart, indexing, wordkeeper
from store.places import index_directory
from tests.faults.filecalls import CHANGING, FAULTS, READ, Fault, FileCalls
from tests.faults.forks import Child, failures, in_a_child, load_as, pause
from tests.faults.shelf import article, differences, stock_file

Say = Callable[[Any], None]

#: Seconds that opening a library takes here, at most.
_OPENING = 0.03

#: What a child says when something is done.
_DONE = frozenset({"done", "gone", "made"})

#: Seconds after which a change of state must be on disk.
PROMISED = 1.0


@dataclass
class Tally:
    """What came of killing in the midst of one kind of work.

    Attributes:
        name: The work.
        kills: How often it was killed.
        done: Things that were said to be done before a kill.
        cut: Kills in the midst of something.
        outlived: Children that had ended before they were to be killed, which are not counted.
        ways: Kills by time, by work and by call.
        wrong: What was found wrong.
    """

    name: str
    kills: int = 0
    done: int = 0
    cut: int = 0
    outlived: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        found = f"{len(self.wrong)} FINDINGS" if self.wrong else "nothing lost"
        ways = ", ".join(f"{number:,} by {way}" for way, number in sorted(self.ways.items()))
        return (
            f"{self.name}: {self.kills:,} kills ({ways}), {self.cut:,} in the midst of it, "
            f"{self.outlived:,} more too late, {self.done:,} acknowledged, {found}"
        )


class Span(NamedTuple):
    """What the work takes from being ready on, as measured.

    Attributes:
        work: Seconds of the processor.
        calls: File calls, reading ones included.
    """

    work: float
    calls: int


class Victim:
    """What runs in a child: it arms what will kill it when it is ready, if it is its own killer."""

    def __init__(self, work: Work, place: Path, way: str, share: float, span: Span) -> None:
        self.work, self.place, self.way = work, place, way
        self._share, self._span = share, span

    def __call__(self, say: Say) -> None:
        def tell(value: Any) -> None:
            say(value)
            if value == "ready":
                self._arm()

        self.work.work(tell)

    def _arm(self) -> None:
        if self.way == "work":
            # Its default is to end the process, threads and all, as SIGKILL does.
            signal.setitimer(signal.ITIMER_PROF, max(1e-6, self._share * self._span.work))
        elif self.way == "call":
            position = 1 + int(self._share * self._span.calls)
            name = ("a kill before", "a kill after", "a kill halfway")[position % 3]
            fault = FAULTS[name]._replace(calls=CHANGING | READ)
            FileCalls().arm(self.place, fault, position)


def measure(work: Work, place: Path) -> Span:
    """What the work takes if nobody kills it.

    Raises:
        AttributeError: File calls cannot be counted here.
    """
    calls = FileCalls()
    work.prepare()

    def count(say: Say) -> None:
        begun = 0.0

        def tell(value: Any) -> None:
            nonlocal begun
            if value == "ready":
                begun = time.process_time()
                calls.arm(place, Fault(CHANGING | READ, 0), 0)
            elif isinstance(value, dict) and _DONE & value.keys():
                say([time.process_time() - begun, calls.count])

        work.work(tell)

    child = Child(count)
    measured = child.hears_of(work.units)
    child.kill()
    child.end()
    work.begin()
    return Span(*measured)


def _tried(work: Work, say: Say) -> None:
    """All that is loaded in the children that judge."""
    work.prepare()
    differences(work.path, work.cache)


class Work:
    """One kind of work to be killed in.

    Attributes:
        name: What it is called.
        longest: Seconds that it may go on before it is killed.
        units: Things it does in the time in which it may be killed.
        enough: Things done between two kills; with fewer, those that go by time come later.
    """

    name: ClassVar[str]
    longest: ClassVar[float]
    units: ClassVar[int] = 3
    enough: ClassVar[float] = 2.0

    def __init__(self, place: Path, rng: random.Random) -> None:
        self.path, self.cache = place / "library.json", place / "cache"
        self.rng = rng
        self.begin()

    def begin(self) -> None:
        """Start from an empty library."""
        for file in self.path.parent.iterdir():
            shutil.rmtree(file) if file.is_dir() else file.unlink()

    def prepare(self) -> None:
        """Called before each child."""

    def way(self) -> str:
        """How the next child is killed: by "time", "work" or "call"."""
        return self.rng.choice(("time", "work", "call"))

    def delay(self) -> float:
        """Seconds from a child's being ready to its end, at most."""
        return self.longest

    def work(self, say: Say) -> None:
        """Work, for as long as one is let."""
        raise NotImplementedError

    def judge(self, said: list[Any], at: float, say: Say) -> None:
        """Say what is wrong with what was left behind, and what to know for the next round.

        Args:
            said: What the child said.
            at: When it was killed, by the monotonic clock.
            say: To be given lines about what is wrong, and in the end one dictionary: what to
                remember.
        """
        raise NotImplementedError

    def remember(self, known: dict[str, Any]) -> None:
        """Take in what `judge` left to know."""


class AddOne(Work):
    """Articles added one by one."""

    name, longest, units = "adding one", 0.05, 6
    batch: ClassVar[int] = 1

    def begin(self) -> None:
        super().begin()
        self.there: dict[int, int] = {}
        self.rounds = 0

    def prepare(self) -> None:
        self.rounds += 1
        if len(self.there) > 300:
            self.begin()
        self.first = max(self.there, default=0) + 1

    def work(self, say: Say) -> None:
        with Library(self.path, cache_dir=self.cache) as library:
            library.wait_until_listed()
            say("ready")
            first = self.first
            while True:
                numbers = list(range(first, first + self.batch))
                say({"begun": numbers})
                report = library.add(map(article, numbers))
                say({"done": dict(zip(numbers, report.added, strict=True))})
                first += self.batch

    def judge(self, said: list[Any], at: float, say: Say) -> None:
        begun: list[int] = []
        known = dict(self.there)
        for each in said:
            if isinstance(each, dict):
                begun = each.get("begun", begun)
                known |= {int(n): id for n, id in each.get("done", {}).items()}
        there, wrong = differences(self.path, self.cache, index=self.rounds % 5 == 0)
        wrong += [f"{n} is lost" for n, id in known.items() if there.get(n) != id]
        wrong += [f"{n} was never added" for n in there if n not in known and n not in begun]
        for line in wrong:
            say(line)
        say({"there": there})

    def remember(self, known: dict[str, Any]) -> None:
        self.there = {int(n): id for n, id in known["there"].items()}


class AddMany(AddOne):
    """Articles added in batches."""

    name, longest, batch = "adding many", 0.2, 60


class Convert(AddOne):
    """The first article added to a file of stock TinyDB."""

    name, longest, units = "converting", 0.1, 1
    _number = 80

    def prepare(self) -> None:
        self.begin()
        stock_file(self.path, range(1, self._number + 1))
        self.there = {n: n for n in range(1, self._number + 1)}
        self.first = self._number + 1
        self.rounds = self.rng.randrange(10)
        self._stock = self.path.read_bytes()

    def judge(self, said: list[Any], at: float, say: Say) -> None:
        raw = self.path.read_bytes()
        if raw != self._stock and raw[:14] != b'{"articles": {':
            say("the file is neither the old nor the new one")
        super().judge(said, at, say)


class Purge(AddOne):
    """Articles purged, and now and then one added, which must get a new id."""

    name, longest, units = "purging", 0.1, 8

    def begin(self) -> None:
        super().begin()
        self.highest = 0

    def prepare(self) -> None:
        if len(self.there) < 40:
            self.begin()
            in_a_child(self._fill)
            self.there = {n: n for n in range(1, 151)}
            self.highest = 150
        self.first = max(self.highest, *self.there) + 1
        self.rounds += 1
        self._seed = self.rng.random()

    def _fill(self, say: Say) -> None:
        with Library(self.path, cache_dir=self.cache) as library:
            library.add(map(article, range(1, 151)))

    def work(self, say: Say) -> None:
        rng = random.Random(self._seed)
        ids = set(self.there.values())
        with Library(self.path, cache_dir=self.cache) as library:
            library.wait_until_listed()
            say("ready")
            number = self.first
            while len(ids) > 20:
                if rng.random() < 0.3:
                    say({"begun": [number]})
                    (id,) = library.add([article(number)]).added
                    say({"done": {number: id}})
                    ids.add(id)
                    number += 1
                else:
                    gone = rng.sample(sorted(ids), rng.randrange(1, 4))
                    if rng.random() < 0.5:
                        gone = sorted(ids)[-2:]  # the highest ids are those that could come again
                    say({"going": gone})
                    library.purge(gone)
                    ids -= set(gone)
                    say({"gone": gone})
            pause(1)

    def judge(self, said: list[Any], at: float, say: Say) -> None:
        known, begun, going = dict(self.there), [], []
        highest = self.highest
        for each in said:
            if not isinstance(each, dict):
                continue
            begun, going = each.get("begun", []), each.get("going", [])
            for n, id in each.get("done", {}).items():
                known[int(n)] = id
                if id <= highest:
                    say(f"the id {id} was given again")
                highest = max(highest, id)
            known = {n: id for n, id in known.items() if id not in each.get("gone", [])}
        there, wrong = differences(self.path, self.cache, index=False)
        kept = {n: id for n, id in there.items() if n not in begun}
        without = {n: id for n, id in known.items() if id not in going}
        if kept not in (known, without):
            say(f"articles differ: {kept.keys() ^ known.keys()}, {going} were being purged")
        for line in wrong:
            say(line)
        say({"there": there, "highest": max(highest, *there.values())})

    def remember(self, known: dict[str, Any]) -> None:
        super().remember(known)
        self.highest = known["highest"]


class States(Work):
    """Marks, tags, places and highlights; on disk a second later, or when `flush` returns."""

    name, longest, units = "state", 2.0, 60
    _number = 40

    def begin(self) -> None:
        super().begin()
        in_a_child(self._fill)
        self.rounds = 0

    def _fill(self, say: Say) -> None:
        with Library(self.path, cache_dir=self.cache) as library:
            library.add(map(article, range(1, self._number + 1)))

    def prepare(self) -> None:
        self.rounds += 1
        if self.rounds % 100 == 0:
            self.begin()
        self._seed = self.rng.randrange(1 << 30)
        self._calm = self.rng.random() < 0.4  # nothing but time brings it to disk

    def way(self) -> str:
        return "time" if self._calm else super().way()

    def delay(self) -> float:
        return self.longest if self._calm else 0.1

    def work(self, say: Say) -> None:
        rng = random.Random(self._seed)
        with Library(self.path, cache_dir=self.cache) as library:
            library.wait_until_listed()
            say({"before": snapshot(library)})
            say("ready")
            for step in range(1_000_000):
                change = a_change(rng, self._number, step, calm=self._calm)
                say({"change": change})
                make_change(library, change)
                say({"made": time.monotonic(), "on disk": change[0] in ("flush", "highlight")})
                pause(0.01 if self._calm else 0.0)

    def judge(self, said: list[Any], at: float, say: Say) -> None:
        if not said or "before" not in said[0]:
            return
        changes = [each["change"] for each in said if isinstance(each, dict) and "change" in each]
        made = [each for each in said if isinstance(each, dict) and "made" in each]
        # A machine that gives it no turn for so long gives none to the thread that writes, either.
        times = [each["made"] for each in made]
        gaps = (b - a for a, b in pairwise(times)) if self._calm else ()
        promised = PROMISED + min(PROMISED, 2 * max(gaps, default=0.0))
        least = 0
        for place, each in enumerate(made, 1):
            if each["on disk"] or each["made"] <= at - promised:
                least = place
        with Library(self.path, cache_dir=self.cache) as library:
            library.wait_until_listed()
            found = snapshot(library)
        # A shelf in memory goes the same way, change by change, until it is what was found.
        model = said[0]["before"]
        for place in range(len(changes) + 1):
            if place >= least and model == found:
                say({"place": place})
                return
            if place < len(changes):
                apply_change(model, changes[place])
        say(f"{least} of {len(changes)} changes had to be there: {found} is none of the states")

    def remember(self, known: dict[str, Any]) -> None:
        pass


def a_change(rng: random.Random, number: int, step: int, *, calm: bool) -> list[Any]:
    """A change by chance, as a JSON value."""
    kinds = ["mark"] * 6 + ["tag"] * 2 + ["place"] * 2
    kind = rng.choice(kinds if calm else [*kinds, "flush", "flush", "highlight"])
    if kind == "mark":
        name = rng.choice(("read", "starred", "archived", "trashed"))
        ids = rng.sample(range(1, number + 1), rng.choice((1, 1, 1, 5)))
        return ["mark", ids, name, rng.random() < 0.7]
    id = rng.randrange(1, number + 1)
    if kind == "tag":
        return ["tag", id, [f"a{rng.randrange(6)}"], [f"a{rng.randrange(6)}"]]
    if kind == "place":
        return ["place", id, step, rng.random()]
    if kind == "highlight":
        return ["highlight", id, f"quote {step}", "note " * rng.randrange(50)]
    return ["flush"]


def make_change(library: Library, change: list[Any]) -> None:
    """Do it to the library."""
    match change:
        case ["mark", ids, name, value]:
            library.mark(ids, **{name: value})
        case ["tag", id, add, remove]:
            library.tag([id], add=add, remove=remove)
        case ["place", id, position, progress]:
            library.remember(id, position=position, anchor=f"at {position}", progress=progress)
        case ["highlight", id, quote, note]:
            library.highlight(Highlight(id, quote=quote, note=note))
        case _:
            library.flush()


def snapshot(library: Library) -> dict[str, Any]:
    """What the reader did, as a JSON value: only what a change says, no times."""
    state: dict[str, Any] = {}
    for id in range(1, len(library) + 1):
        each = library.state(id)
        state[str(id)] = {
            "read": each.read, "starred": each.starred, "archived": each.archived,
            "trashed": each.trashed, "progress": each.progress, "position": each.position,
            "tags": sorted(library.get(id).tags),
        }  # fmt: skip
    quotes = sorted([h.article, h.quote, h.note.strip()] for h in library.highlights())
    return json.loads(json.dumps({"states": state, "highlights": quotes}))


def apply_change(model: dict[str, Any], change: list[Any]) -> None:
    """Do it to a snapshot."""
    states = model["states"]
    match change:
        case ["mark", ids, name, value]:
            for id in ids:
                states[str(id)][name] = value
                if name == "read" and not value:
                    states[str(id)] |= {"progress": 0.0, "position": 0}
        case ["tag", id, add, remove]:
            tags = set(states[str(id)]["tags"]) - set(remove)
            states[str(id)]["tags"] = sorted(tags | set(add))
        case ["place", id, position, progress]:
            states[str(id)] |= {"position": position, "progress": progress}
        case ["highlight", id, quote, note]:
            model["highlights"] = sorted([*model["highlights"], [id, quote, note.strip()]])


class BuildIndex(Work):
    """An index built anew, now from nothing, now from what the last kill left of it.

    It is built in many small steps, so that a kill finds some of them done.
    """

    name, longest, units = "building the index", 0.35, 1
    enough = 0.1  # it is done once, and is then too late to be killed
    _number = 150

    def begin(self) -> None:
        super().begin()
        in_a_child(self._fill)
        self._file = self.path.read_bytes()
        self._copy = self.cache.with_name("copy")
        self._complete = False

    def _fill(self, say: Say) -> None:
        with Library(self.path, cache_dir=self.cache) as library:
            library.add(map(article, range(1, self._number + 1)))
            library.mark([3, 4], starred=True)

    def prepare(self) -> None:
        if self._complete or self.rng.random() < 0.5:
            shutil.rmtree(self.cache, ignore_errors=True)

    def work(self, say: Say) -> None:
        indexing.BATCH, wordkeeper.COMMIT = 20, 40  # type: ignore[misc]
        say({"begun": []})
        say("ready")
        with Library(self.path, cache_dir=self.cache) as library:
            library.wait_until_searchable()
        say({"done": {"0": 0}})
        pause(1)

    def judge(self, said: list[Any], at: float, say: Say) -> None:
        shutil.rmtree(self._copy, ignore_errors=True)
        if self.cache.exists():  # the next child may go on from it as it is
            shutil.copytree(self.cache, self._copy)
        there, wrong = differences(self.path, self._copy)
        if there != {n: n for n in range(1, self._number + 1)}:
            say("articles differ")
        if self.path.read_bytes() != self._file:
            say("the library was written")
        with Library(self.path, cache_dir=self._copy) as library:
            if sorted(library.find("is:starred").ids) != [3, 4]:
                say("the marks differ")
        for line in wrong:
            say(line)
        say({"complete": bool(said) and said[-1] == {"done": {"0": 0}}})

    def remember(self, known: dict[str, Any]) -> None:
        self._complete = known["complete"]


class IndexApart(BuildIndex):
    """The words of a library indexed by a process that does nothing else.

    Its columns are in step; the words are indexed now from nothing, now from what was left.
    """

    name = "indexing apart"

    def begin(self) -> None:
        super().begin()
        self._bare = self.cache.with_name("bare")
        shutil.copytree(self.cache, self._bare)

    def prepare(self) -> None:
        if self._complete or self.rng.random() < 0.5:
            shutil.rmtree(self.cache)
            shutil.copytree(self._bare, self.cache)

    def work(self, say: Say) -> None:
        wordkeeper.COMMIT = 40  # type: ignore[misc]
        directory, _ = index_directory(self.path, self.cache)
        say({"begun": []})
        say("ready")
        done = apart.index_here(self.path, directory, lambda *_: None)
        say({"done": {"0": 0}} if done else "it says that articles wait")
        pause(1)


WORKS: dict[str, type[Work]] = {
    "one": AddOne, "many": AddMany, "state": States, "purge": Purge, "convert": Convert,
    "index": BuildIndex, "apart": IndexApart,
}  # fmt: skip


def kill(name: str, place: Path, times: int, seed: int = 0) -> Tally:
    """Kill a kind of work so often; `place` is an empty directory."""
    rng = random.Random(f"{name} {seed}")
    work = WORKS[name](place, rng)
    tally = Tally(work.name)
    load_as(partial(_tried, work))  # first: what a child loads is no part of the work
    span = None
    with suppress(AttributeError):  # file calls can be counted
        span = measure(work, place)
    patience = 1.0
    while tally.kills < times:
        work.prepare()
        way = work.way() if span else "time"
        share = rng.random()
        child = Child(Victim(work, place, way, share, span or Span(0, 0)))
        if way != "time":
            at, said = 0.0, child.end()
        else:
            if rng.random() < 0.85:  # else it is killed while it opens what the last kill left
                child.hears("ready")
                pause(share * work.delay() * patience)
            else:
                pause(share * _OPENING)
            child.kill()
            at = time.monotonic()
            said = child.end()
        tally.kills += not child.outlived
        tally.ways[way] += not child.outlived
        tally.wrong += failures(said)
        steps = [each for each in said if isinstance(each, dict)]
        tally.done += sum(bool(_DONE & each.keys()) for each in steps)
        tally.cut += bool(steps and {"begun", "going", "change"} & steps[-1].keys())
        tally.outlived += child.outlived
        if way == "time":  # on a busy machine it takes longer to come to anything
            few = tally.done < work.enough * tally.kills
            patience = min(20.0, patience * 1.1) if few else max(1.0, patience / 1.1)
        else:  # when it ended is not known, but that it was there so long
            at = max((each["made"] for each in steps if "made" in each), default=0.0)
        judged = in_a_child(lambda tell, said=said, at=at: work.judge(said, at, tell))  # type: ignore[misc]
        wrong = [each for each in judged if isinstance(each, str)] + failures(judged)
        for each in judged:
            if isinstance(each, dict) and "failed" not in each:
                work.remember(each)
        if wrong:
            tally.wrong += [f"kill {tally.kills}: {line}" for line in wrong]
            keep = place.with_name(f"{place.name}-{name}-{tally.kills}")
            shutil.copytree(place, keep, dirs_exist_ok=True)
            work.begin()
    left = [file.name for file in place.iterdir() if file.name.endswith(".tmp")]
    if len(left) > 2:  # one of each file: the next write removes it
        tally.wrong.append(f"temporary files are left over: {left}")
    return tally
