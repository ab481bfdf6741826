"""Look for input that takes a target longer the longer it is, by more than its length.

What backtracks, looks again from each place, or goes over everything before for each thing that
follows shows in input of one shape: a beginning, a few words over and over, an end.  Coverage does
not lead there, since the same branches are taken; so the shapes are made by chance, of the words
of the target's seeds, and tried in three lengths, each four times the one before.  Time that is
linear grows fourfold with each, time that is quadratic sixteenfold.
"""

from __future__ import annotations

import random
import re
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.fuzz.findings import Target

#: Bytes of a case as it is tried first, to be sure, and to be told.
LENGTHS = (8_192, 32_768, 131_072)

#: How many times as long four times as much may take, and below how many seconds of the processor
#: it does not matter.
FOURFOLD, NOTHING = 7.0, 0.1

#: Seconds that one must take to be a finding, and after which it is not waited for.
FINDING, LIMIT = 1.0, 10.0

_WORD = re.compile(
    rb"[A-Za-z]{1,24}|[0-9]{1,24}|[ \t]{1,24}|\n{1,24}|[\xc2-\xf4][\x80-\xbf]{0,3}|.", re.S
)
_NUMBER = re.compile(rb"[0-9]+")
_COMMON = (
    *rb"""[ ] ( ) < > { } " ' ` * _ ~ ^ : ; , . ! ? / \ | = + - # & @ $ %""".split(),
    b" ", b"  ", b"\t", b"\n", b"\n\n", b"a", b"1", b"> ", b"- ", b"](", b"<!--", b"&#", b"\\",
)  # fmt: skip


class _TooLongError(Exception):
    """A case was stopped."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What cases of all lengths are made of: `before`, `unit` n times, `between`, `close` n times.

    With `counted`, each number in a unit is that of its turn.
    """

    before: bytes
    unit: bytes
    between: bytes = b""
    close: bytes = b""
    counted: bool = False

    def of(self, length: int) -> bytes:
        """A case of about so many bytes."""
        each = len(self.unit) + len(self.close)
        number = max(1, (length - len(self.before) - len(self.between)) // max(1, each))
        if not self.counted:
            return self.before + self.unit * number + self.between + self.close * number
        units, closes = (
            b"".join(_NUMBER.sub(b"%d" % turn, part) for turn in range(number))
            for part in (self.unit, self.close)
        )
        return self.before + units + self.between + closes


@dataclass(slots=True)
class Growth:
    """A search for shapes whose time grows faster than their length."""

    target: Target
    chance: random.Random
    tried: int = 0
    found: list[tuple[Shape, list[float]]] = field(default_factory=list)

    def look(self, seconds: float) -> None:
        """Try shapes for so many seconds of the processor."""
        end = time.process_time() + seconds
        for shape in shapes(self.target.seeds(), self.target.words, self.chance):
            self.tried += 1
            took = self.grows(shape)
            if took:
                self.found.append((shape, took))
                seconds_each = ", ".join(f"{each:.2f}" for each in took)
                print(f"{shape}: {seconds_each} s", flush=True)
            if time.process_time() >= end:
                return

    def grows(self, shape: Shape) -> list[float]:
        """Seconds in the three lengths of a shape that is a finding; nothing of any other."""
        took: list[float] = []
        for length in LENGTHS:
            took.append(self._time(shape.of(length)))
            if took[-1] >= LIMIT:
                return took
            if len(took) > 1:
                if took[-1] <= max(NOTHING, FOURFOLD * took[-2]):
                    return []
                if took[-1] > FINDING:  # beyond that length a bound may hide it
                    return took
        return []

    def _time(self, data: bytes) -> float:
        start = time.process_time()
        try:
            with _stopped_after(LIMIT):
                self.target.run(data)
        except _TooLongError:
            return LIMIT
        return time.process_time() - start


def shapes(
    seeds: Sequence[bytes], words: Sequence[bytes], chance: random.Random
) -> Iterator[Shape]:
    """Shapes without end."""
    texts = [_WORD.findall(seed) for seed in seeds if seed]
    common = (*words, *_COMMON)

    def some(most: int) -> bytes:
        number = chance.randint(1, most)
        if texts and chance.random() < 0.5:
            text = chance.choice(texts)
            at = chance.randrange(len(text))
            return b"".join(text[at : at + number])
        return b"".join(chance.choice(common) for _ in range(number))

    def part(most: int) -> bytes:
        return some(most) if chance.random() < 0.6 else b""

    while True:
        before = part(4)
        if seeds and chance.random() < 0.3:
            seed = chance.choice(seeds)
            before = seed[: chance.randint(0, min(400, len(seed)))] + before
        unit = some(chance.choice((1, 2, 3, 5, 9)))
        close = some(3) if chance.random() < 0.3 else b""
        yield Shape(before, unit, part(3), close, counted=chance.random() < 0.5)


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Raise `_TooLongError` in what takes longer, patterns included."""

    def stop(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
