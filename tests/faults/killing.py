"""Killing a writer with SIGKILL at moments by chance, and looking at what it leaves behind.

A child tells what it is about to do, does it, and tells that it is done; what it said stays in the
pipe when it is killed.  Then what it said was done must be there, what it was about to do must be
there whole or not at all, and nothing else.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from store import Highlight, Library
from tests.faults.forks import Child, failures, in_a_child, pause
from tests.faults.shelf import article, differences, stock_file

Say = Callable[[Any], None]

#: Seconds that opening a library takes here, at most.
_OPENING = 0.03

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
        wrong: What was found wrong.
    """

    name: str
    kills: int = 0
    done: int = 0
    cut: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        found = f"{len(self.wrong)} FINDINGS" if self.wrong else "nothing lost"
        return (
            f"{self.name}: {self.kills:,} kills, {self.cut:,} in the midst of it, "
            f"{self.done:,} acknowledged, {found}"
        )


class Work:
    """One kind of work to be killed in.

    Attributes:
        name: What it is called.
        longest: Seconds that it may go on before it is killed.
    """

    name: ClassVar[str]
    longest: ClassVar[float]

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

    def delay(self) -> float:
        """Seconds from a child's being ready to its end."""
        return self.rng.random() * self.longest

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

    name, longest = "adding one", 0.05
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

    name, longest = "converting", 0.1
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

    name, longest = "purging", 0.1

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

    name, longest = "state", 2.0
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

    def delay(self) -> float:
        return self.rng.random() * (self.longest if self._calm else 0.1)

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
        least = 0
        for place, each in enumerate(made, 1):
            if each["on disk"] or each["made"] <= at - PROMISED:
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
    """An index built anew, now from nothing, now from what the last kill left of it."""

    name, longest = "building the index", 0.35
    _number = 150

    def begin(self) -> None:
        super().begin()
        in_a_child(self._fill)
        self._file = self.path.read_bytes()

    def _fill(self, say: Say) -> None:
        with Library(self.path, cache_dir=self.cache) as library:
            library.add(map(article, range(1, self._number + 1)))
            library.mark([3, 4], starred=True)

    def prepare(self) -> None:
        shutil.rmtree(self.cache, ignore_errors=True)

    def work(self, say: Say) -> None:
        say("ready")
        with Library(self.path, cache_dir=self.cache) as library:
            say({"begun": []})
            library.wait_until_searchable()
        say({"done": {"0": 0}})
        pause(1)

    def judge(self, said: list[Any], at: float, say: Say) -> None:
        there, wrong = differences(self.path, self.cache)
        if there != {n: n for n in range(1, self._number + 1)}:
            say("articles differ")
        if self.path.read_bytes() != self._file:
            say("the library was written")
        with Library(self.path, cache_dir=self.cache) as library:
            if sorted(library.find("is:starred").ids) != [3, 4]:
                say("the marks differ")
        for line in wrong:
            say(line)


WORKS: dict[str, type[Work]] = {
    "one": AddOne, "many": AddMany, "state": States, "purge": Purge, "convert": Convert,
    "index": BuildIndex,
}  # fmt: skip


def kill(name: str, place: Path, times: int, seed: int = 0) -> Tally:
    """Kill a kind of work so often; `place` is an empty directory."""
    rng = random.Random(f"{name} {seed}")
    work = WORKS[name](place, rng)
    tally = Tally(work.name)
    patience = 1.0
    while tally.kills < times:
        work.prepare()
        child = Child(work.work)
        if rng.random() < 0.85:  # else it is killed while it opens what the last kill left
            child.hears("ready")
            pause(work.delay() * patience)
        else:
            pause(rng.random() * _OPENING)
        child.kill()
        at = time.monotonic()
        said = child.end()
        tally.kills += 1
        tally.wrong += failures(said)
        steps = [each for each in said if isinstance(each, dict)]
        tally.done += sum(bool({"done", "gone", "made"} & each.keys()) for each in steps)
        # On a busy machine it takes longer to come to anything.
        patience = (
            min(20.0, patience * 1.1) if tally.done < 2 * tally.kills else max(1.0, patience / 1.1)
        )
        tally.cut += bool(steps and {"begun", "going", "change"} & steps[-1].keys())
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
