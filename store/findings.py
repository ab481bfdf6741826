"""What an examination of a library's files says (see `doctor`), and its small words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from itertools import islice
from typing import Final, NamedTuple

#: Told what is examined or mended, how much of it is done and of how much.
OnWork = Callable[[str, int, int], None]

#: What mends what can be mended without asking a person.
REPAIR: Final = "broadsheet doctor --repair"

_NAMED: Final = 3  # ids or names given in a line


class Level(Enum):
    """How it stands with something."""

    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


class Kind(Enum):
    """What sort of thing a finding is, by which `mending` knows what to do about it."""

    OTHER = ""
    #: The file does not hold what was written to it.
    DAMAGE = "damage"
    #: Others may write the file, or read it.
    EXPOSED = "exposed"
    #: The system does not let us read or write it: for the person to change.
    PERMISSION = "permission"
    #: A newer version wrote it.
    NEWER = "newer"
    #: Ids stand more than once in it.
    DOUBLED = "doubled"
    #: It is no library at all: nothing of it, nor beside it, is to be touched.
    STRANGE = "strange"
    #: Files that killed programs left.
    LEFT = "left"


class Finding(NamedTuple):
    """What was found out about one thing.

    Attributes:
        about: What it is: "library", "reading file", "index", …
        level: How it stands.
        text: What was found, one line.
        mend: What to do about it, one line; "" when that is nothing.
        kind: What sort of thing it is.
    """

    about: str
    level: Level
    text: str
    mend: str = ""
    kind: Kind = Kind.OTHER


def some(ids: Iterable[object]) -> str:
    """The first of some ids, and a sign where there are more."""
    first = [str(one) for one in islice(ids, _NAMED + 1)]
    return ", ".join([*first[:_NAMED], "…"] if len(first) > _NAMED else first)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def bytes_in_words(size: int) -> str:
    """A size for people, in powers of a thousand."""
    amount, unit = float(size), "bytes"
    for larger in ("kB", "MB", "GB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{size:,} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"


def reason_of(error: Exception) -> str:
    """What an error that nobody foresaw says, on one line of 100 characters at most."""
    return " ".join(str(error).split())[:100] or type(error).__name__


def untold(_what: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""
