"""Every file call of everything that writes, failed in turn.

An operation is done once to count its calls, and then over and over, with the first call failing,
the second, and so on.  What was there before must be there afterwards, and what the operation does
whole or not at all; if it said it was done, then whole.  It fails, if it does, with an error of
ours in one line, and leaves nothing behind where files can still be removed; the library goes on
working, and the same is done again once the disk works.
"""

from __future__ import annotations

import random
import shutil
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from store import Library, LibraryError
from tests.faults.filecalls import FAULTS, UNLINK, Fault, FileCalls
from tests.faults.forks import failures, in_a_child, load_as
from tests.faults.operations import OPERATIONS, Operation, facts, facts_of, judge, paths

Say = Callable[[Any], None]

#: One in so many runs is searched for each word, too; which takes longest.
_WORDS_EVERY = 4


@dataclass
class Tally:
    """What came of failing the calls of one operation.

    Attributes:
        name: The operation and the fault.
        runs: How often a call was to fail.
        missed: Runs in which it never came to that call: threads take turns differently each time.
        refused: Runs in which the operation failed with an error of ours.
        wrong: What was found wrong.
        messages: The errors' texts.
    """

    name: str
    runs: int = 0
    missed: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    messages: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        found = f"{len(self.wrong)} FINDINGS" if self.wrong else "nothing lost"
        missed = f" ({self.missed:,} not come to)" if self.missed else ""
        return f"{self.name}: {self.runs:,} calls{missed}, {self.refused:,} refused, {found}"


def fail(name: str, place: Path, kinds: list[str], most: int | None = None, seed: int = 0) -> Tally:
    """Fail the calls of an operation, of each kind all or up to `most` by chance."""
    operation = OPERATIONS[name]
    tally = Tally(f"{name}, with {', '.join(kinds)}" if len(kinds) < 4 else name)
    base, run = place / "base", place / "run"
    base.mkdir(parents=True)
    begin(operation, base, run)
    before = _facts(run) if paths(run)[0].exists() else None
    load_as(lambda say: _tried(operation, run))
    begin(operation, base, run)
    failed = failures(in_a_child(lambda say: _whole(operation, run)))
    after = _facts(run)
    if failed or isinstance(after, str):
        tally.wrong.append(f"it cannot be done at all: {failed} {after}")
        return tally
    rng = random.Random(f"{name} {seed}")
    for kind in kinds:
        fault = FAULTS[kind]
        begin(operation, base, run)
        (count,) = in_a_child(lambda say, fault=fault: _count(operation, run, fault, say))  # type: ignore[misc]
        positions = range(1, count + 1)
        for position in positions if most is None else _some(positions, most, rng):
            begin(operation, base, run)
            said = in_a_child(
                lambda say, fault=fault, at=position: _attempt(operation, run, fault, at, say)  # type: ignore[misc]
            )
            tally.runs += 1
            tally.missed += not _came(said, fault)
            where = f"{kind} at call {position} of {count}"
            tally.wrong += [
                f"{where}: {line}"
                for line in _judge(
                    said, run, fault, before, after, words=tally.runs % _WORDS_EVERY == 0
                )
            ]
            for each in said:
                if isinstance(each, dict) and "error" in each:
                    tally.refused += 1
                    tally.messages[each["error"]] += 1
    return tally


def _some(positions: range, most: int, rng: random.Random) -> list[int]:
    return sorted(rng.sample(positions, min(most, len(positions))))


def begin(operation: Operation, base: Path, run: Path) -> None:
    """Make `run` what it is before the operation; it is made once, in `base`."""
    shutil.rmtree(run, ignore_errors=True)
    if not any(base.iterdir()):
        run.mkdir()
        in_a_child(lambda say: operation.prepare(run))
        shutil.copytree(run, base, dirs_exist_ok=True)
        (base / "made").touch()
        shutil.rmtree(run)
    shutil.copytree(base, run)
    if not operation.cold and operation is not OPERATIONS["mending"]:
        in_a_child(lambda say: _settle(run))


def _settle(run: Path) -> None:
    """Let the index know the copied file."""
    path, cache = paths(run)
    with Library(path, cache_dir=cache) as library:
        library.wait_until_listed()


def _tried(operation: Operation, run: Path) -> None:
    """All that is loaded in the children that follow."""
    _attempt(operation, run, FAULTS["an input/output error"], 3, lambda value: None)
    facts(*paths(run))


def _came(said: list[Any], fault: Fault) -> bool:
    """Whether it came to the call that was to fail; one that was killed tells no more."""
    fired = [each["fired"] for each in said if isinstance(each, dict) and "fired" in each]
    return any(fired) if fired else fault.kills


def _facts(run: Path, *, words: bool = True) -> Any:
    def look(say: Say) -> None:
        say(facts(*paths(run), words=words))

    said = in_a_child(look)
    return failures(said)[0] if failures(said) else said[0]


def _whole(operation: Operation, run: Path) -> None:
    path, cache = paths(run)
    with Library(path, cache_dir=cache) as library:
        library.wait_until_listed()
        operation.do(library)


def _count(operation: Operation, run: Path, fault: Fault, say: Say) -> None:
    calls = FileCalls()
    calls.arm(run, fault, 0)
    _whole(operation, run)
    count = calls.count
    calls.disarm()
    say(count)


def _attempt(operation: Operation, run: Path, fault: Fault, position: int, say: Say) -> None:
    calls = FileCalls()
    path, cache = paths(run)
    library: Library | None = None
    done = False
    calls.arm(run, fault, position)
    try:
        library = Library(path, cache_dir=cache)
        library.wait_until_listed()
        operation.do(library)
        done = True
        say("done")
    except LibraryError as error:
        say({"error": str(error).replace(str(run), "…")})
        if not fault.calls & UNLINK:  # else it may be that it could not be removed
            say({"left": operation.left(run)})
    except BaseException:
        say({"failed": f"no error of ours: {traceback.format_exc()}"})
    if library is not None and fault.stays:
        try:  # what was read before can be read now
            library.newest(3)
        except BaseException:
            say({"failed": f"nothing can be read any more: {traceback.format_exc()}"})
    if library is not None and not calls.fired:  # the call is one of the end's
        try:
            library.close()
        except LibraryError as error:
            say({"error": str(error).replace(str(run), "…")})
        except BaseException:
            say({"failed": f"no error of ours at the end: {traceback.format_exc()}"})
        library = None
    say({"fired": calls.fired})
    calls.disarm()
    if library is None:
        return
    for notice in library.notices:
        say({"notice": notice})
    try:
        with suppress(LibraryError):  # it is said once
            library.refresh()
        library.wait_until_listed()
        if not done:
            operation.do(library)
            say("done")
        say({"facts": facts_of(library)})
        library.close()
    except BaseException:
        say({"failed": f"it does not go on afterwards: {traceback.format_exc()}"})


def _judge(
    said: list[Any], run: Path, fault: Fault, before: Any, after: Any, *, words: bool
) -> list[str]:
    wrong = failures(said)
    if fault.kills:
        wrong = []
    for each in said:
        for line in (each.get("error"), each.get("notice")) if isinstance(each, dict) else ():
            if line is not None and not (line.isprintable() and 10 < len(line) < 300):
                wrong.append(f"this is no clear line: {line!r}")
        for name in each.get("left", ()) if isinstance(each, dict) else ():
            wrong.append(f"it failed, and left {name} behind")
    there = _facts(run, words=words)
    if isinstance(there, str):
        return [*wrong, there]
    if fault.kills:
        line = judge(there, before or {"articles": {}}, after, "done" in said)
        return [line] if line else []
    if there not in (before, after) and not (before is None and there["articles"] == {}):
        wrong.append(f"it is neither as before nor as after: {there}")
    elif "done" in said and there != after:
        wrong.append("it was said to be done, and is not")
    for each in said:
        if isinstance(each, dict) and "facts" in each and each["facts"] != after:
            wrong.append("the open library shows something else than what was done")
    return wrong
