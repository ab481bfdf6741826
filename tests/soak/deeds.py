"""What a reader does in a day, at random: keys in the order in which hands type them.

A deed is a list of keys as Textual names them.  Single keys in between are pressed at random too,
whatever they do where they fall.  Nothing leaves the program: `q`, `ctrl+c`, `ctrl+q`, `ctrl+z`
and the words of the palette's commands that quit are left out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

_WORDS = (
    "harbour", "ferry", "lamp", "quay", "tag:history", "is:unread", "-rain", '"the tide"',
    "words:>500", "like:3", "before:2024", "ferri", "sort:title", "(a OR b)", "[bold]", "'",
)  # fmt: skip

#: Keys that are pressed alone, anywhere.
_ALONE = (
    *"abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZ0123456789/\\?!.,;-+=<>(){}[]'\"*#$%&@^_|~",
    "enter", "escape", "tab", "shift+tab", "space", "backspace", "delete", "up", "down", "left",
    "right", "home", "end", "pageup", "pagedown", "ctrl+l", "ctrl+n", "ctrl+p", "ctrl+r", "ctrl+o",
    "f1",
)  # fmt: skip

#: Entries of the palette, by what is typed for them.
_SETTINGS = (
    "justified", "hyphenated", "paragraphs indented", "long code scrolled", "captions framed",
    "statistics", "theme",
)  # fmt: skip

#: What the terminal sends for keys with a name.
CODES = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ",
    "backspace": "\x7f", "delete": "\x1b[3~", "up": "\x1b[A", "down": "\x1b[B", "left": "\x1b[D",
    "right": "\x1b[C", "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~", "ctrl+l": "\x0c", "ctrl+n": "\x0e", "ctrl+p": "\x10", "ctrl+r": "\x12",
    "ctrl+o": "\x0f", "f1": "\x1bOP",
}  # fmt: skip


def deeds(chance: random.Random) -> Iterator[list[str]]:
    """Deeds without end.

    First each key once, with what it asks answered (removing for good among it), and what the
    palette has of settings: what is loaded when something is done for the first time (the patterns
    of hyphens, what talks to servers, what writes the library anew) stays for good and is no
    growth, so that it comes before memory is compared.
    """
    for key in _ALONE:
        yield [key, "escape", "escape"]
    for key in _ALONE:
        yield ["escape", "enter", key, "escape", "escape"]
    for key in _ALONE:
        yield [key, "down", "enter", "escape", "escape"]
    for words in _SETTINGS:
        yield [":", *words, "enter", "escape", "escape"]
    kinds = list(_KINDS.items())
    makers, weights = [make for make, _ in kinds], [weight for _, weight in kinds]
    while True:
        (make,) = chance.choices(makers, weights)
        yield make(chance)


def a_size(chance: random.Random) -> tuple[int, int]:
    """Columns and lines of a terminal: mostly such as people have, now and then any."""
    usual = ((80, 24), (80, 24), (100, 30), (120, 40), (200, 50))
    any_size = chance.randint(40, 300), chance.randint(10, 100)
    return chance.choice((*usual, any_size))


def _move(chance: random.Random) -> list[str]:
    keys = ("j", "k", "d", "u", "space", "b", "g", "G", "J", "K", "n", "N", "]", "[", "}", "{")
    return [chance.choice(keys)] * chance.randint(1, 8)


def _read(chance: random.Random) -> list[str]:
    return ["enter", *[chance.choice(("space", "j", "d"))] * chance.randint(1, 15), "escape"]


def _search(chance: random.Random) -> list[str]:
    words = " ".join(chance.sample(_WORDS, chance.randint(1, 2)))
    ends = (
        ["enter", "n", "n", "escape", "escape"],
        ["escape", "escape"],
        ["down", "down", "enter"],
    )
    return ["\\", *words, *chance.choice(ends), "escape"]


def _find(chance: random.Random) -> list[str]:
    return ["enter", "/", *chance.choice(("the", "Paragraph", "/a.*b/", "zzz")),
            *chance.choice((["enter", "n", "N"], ["escape"])), "escape"]  # fmt: skip


def _mark(chance: random.Random) -> list[str]:
    return [chance.choice(("r", "s", "a", "D", "x", "X", "U", "ctrl+r", "U"))]


def _tag(chance: random.Random) -> list[str]:
    return ["t", *chance.choice(("read-later", "harbour", "x y", "-harbour")), "enter", "escape"]


def _select(chance: random.Random) -> list[str]:
    motions = [chance.choice(("w", "e", "j", "l", ")", "}", "$"))] * chance.randint(1, 5)
    ends = (["h"], ["y"], ["escape"], ["i", *"so it is", "enter"], ["2"])
    return ["enter", "v", "space", *motions, *chance.choice(ends), "escape", "escape"]


def _look(chance: random.Random) -> list[str]:
    what = chance.choice(("i", "T", "H", "c", "f", "S", "F", "?", "z", "m", "'", "1", "2", "3"))
    return [what, *["j"] * chance.randint(0, 3), "escape", "escape"]


def _command(chance: random.Random) -> list[str]:
    return [":", *chance.choice(("theme", "justif", "statist", "colu", "zz")), "escape", "escape"]


def _set(chance: random.Random) -> list[str]:
    return [chance.choice(("+", "-", "=", "z", "ctrl+l"))]


def _alone(chance: random.Random) -> list[str]:
    return [chance.choice(_ALONE)]


_KINDS = {
    _move: 30, _read: 12, _search: 8, _find: 5, _mark: 10, _tag: 3, _select: 5, _look: 8,
    _command: 2, _set: 4, _alone: 30,
}  # fmt: skip
