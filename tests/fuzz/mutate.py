"""Cases made of seeds by chance, for where atheris is not: no coverage guides it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

_BYTES = (b"\0", b"\n", b"\xff", b"\x80", b"\x1b", b" ", b'"', b"<", b"{", b"\xc2\x9b", b"\xf0")


def cases(
    seeds: Sequence[bytes], words: Sequence[bytes], longest: int, chance: random.Random
) -> Iterator[bytes]:
    """Cases without end, each a seed that was changed in one to eight places.

    Args:
        seeds: What to begin with; none stands for an empty one.
        words: What is put in, beside odd bytes.
        longest: Bytes of a case.
        chance: The same state gives the same cases.
    """
    seeds = list(seeds) or [b""]
    words = (*words, *_BYTES)
    while True:
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 8)):
            _change(data, seeds, words, chance)
        yield bytes(data[:longest])


def _change(
    data: bytearray, seeds: Sequence[bytes], words: Sequence[bytes], chance: random.Random
) -> None:
    at = chance.randint(0, len(data))
    end = min(len(data), at + chance.choice((1, 1, 2, 8, 64, 1024)))
    kind = chance.randrange(7)
    if kind == 0:
        data[at:end] = b""
    elif kind == 1:
        data[at:at] = chance.choice(words)
    elif kind == 2:
        data[at:end] = chance.choice(words)
    elif kind == 3:  # many of the same: depth, length, backtracking
        data[at:at] = chance.choice(words) * chance.choice((2, 20, 500))
    elif kind == 4:
        data[at:at] = data[at:end]
    elif kind == 5 and data:
        data[min(at, len(data) - 1)] ^= 1 << chance.randrange(8)
    else:
        other = chance.choice(seeds)
        start = chance.randint(0, len(other))
        data[at:end] = other[start : start + chance.choice((4, 64, 4096))]
