"""Whole numbers that anybody wrote: those that make sense, and nothing else.

JSON has numbers of any size.  SQLite, arrays and dates have not: what comes from a file that was
imported, or from one of ours that something else has written, is looked at here first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, count
from typing import Any, Final, TypeGuard

#: TinyDB ids are any integers; the index keeps them in 64 bits.
MAX_ID: Final = (1 << 63) - 1

#: The largest offset, and the largest number of a row: every program that reads JSON reads it
#: exactly (RFC 8259, 6).
MOST: Final = (1 << 53) - 1


def whole(value: Any, most: int = MOST) -> int:
    """The number itself if it is one from 0 to `most`; 0 for anything else."""
    return value if is_whole(value) and 0 <= value <= most else 0


def is_whole(value: Any) -> TypeGuard[int]:
    """Whether it is an integer; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_id(value: Any) -> TypeGuard[int]:
    """Whether it can be an article's id."""
    return is_whole(value) and -MAX_ID <= value <= MAX_ID


def id_of(key: str) -> int | None:
    """The id that a key of a table stands for; None where it is none, or written oddly ("007")."""
    if len(key) < 19 and key.isascii() and key.isdecimal() and key[0] != "0":
        return int(key)  # nearly all: a hundred thousand are asked for at once
    digits = key.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > len(str(MAX_ID)):
        return None
    number = int(key)
    return number if is_id(number) and str(number) == key else None


def number_of(key: str) -> int | None:
    """The number of a row that is not an article's, from 1 to `MOST`; None where it has none."""
    number = id_of(key)
    return number if number is not None and 0 < number <= MOST else None


def free_numbers(keys: Iterable[str], given: int = 0) -> Iterator[int]:
    """Numbers for new rows: above all that were given, then those that no row has.

    Args:
        keys: Keys of the rows there are.
        given: The highest number ever given, as far as it is noted.
    """
    taken = {number for key in keys if (number := number_of(key)) is not None}
    above = range(max([whole(given), *taken]) + 1, MOST + 1)
    return chain(above, (number for number in count(1) if number not in taken))
