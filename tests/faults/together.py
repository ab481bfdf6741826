"""Four processes that write one library at once: apps that stay, scripts, and commands.

Each adds articles of its own and articles that all of them add, tags and marks what the others tag
and mark, and purges some of its own.  In the end nothing is lost, and nothing is there twice.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from store import Highlight, Library
from tests.faults.forks import Child, failures, in_a_child
from tests.faults.shelf import article, differences

Say = Callable[[Any], None]

#: Articles that are there before, and whose tags and highlights all writers change.
COMMON = 12

#: The first number of the articles that all writers add.
_SHARED = 1_000


@dataclass
class Tally:
    """What came of many writers."""

    name: str
    writes: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        found = f"{len(self.wrong)} FINDINGS" if self.wrong else "nothing lost, nothing doubled"
        return f"{self.name}: {self.writes:,} writes, {found}"


class Writer:
    """One of the writers.

    Args:
        number: Which.
        path: The library.
        cache: Where indexes are.
        say: Tells what was done, once it is.
    """

    def __init__(self, number: int, path: Path, cache: Path, say: Say) -> None:
        self.number, self.path, self.cache, self.say = number, path, cache, say
        self.rng = random.Random(number)
        self.mine: list[tuple[int, int]] = []  # numbers and ids of its own articles

    @contextmanager
    def library(self) -> Iterator[Library]:
        """The library, opened anew."""
        with Library(self.path, cache_dir=self.cache) as library:
            yield library

    def write(self, step: int) -> None:
        """Write once."""
        with self.library() as library:
            match step % 8:
                case 0 | 1:
                    new = (self.number + 1) * 10_000 + step
                    (id,) = library.add([article(new)]).added
                    self.mine.append((new, id))
                    self.say({"added": new})
                case 2:
                    library.add([article(_SHARED + step)])
                    self.say({"shared": _SHARED + step})
                case 3 | 4:
                    tag, id = f"w{self.number}s{step}", self.rng.randrange(1, COMMON + 1)
                    self.tag(library, id, tag)
                    self.say({"tagged": [id, tag]})
                case 5:
                    id = self.rng.randrange(1, COMMON + 1)
                    quote = f"by {self.number} at {step}"
                    library.highlight(Highlight(id, quote=quote))
                    self.say({"highlighted": [id, quote]})
                case 6 if len(self.mine) > 4 and self.rng.random() < 0.5:
                    gone, id = self.mine.pop(self.rng.randrange(len(self.mine)))
                    library.purge([id])
                    self.say({"purged": gone})
                case _:
                    _, id = self.mine[-1]
                    library.mark([id], starred=True)
                    library.flush()
                    self.say({"starred": self.mine[-1]})

    def tag(self, library: Library, id: int, tag: str) -> None:
        """Give an article a tag."""
        library.tag([id], add=[tag])


class App(Writer):
    """One that keeps the library open, as the app does, and looks now and then what changed."""

    _open: Library | None = None

    @contextmanager
    def library(self) -> Iterator[Library]:
        """The library, open since the first time."""
        if self._open is None:
            self._open = Library(self.path, cache_dir=self.cache)
        if self.rng.random() < 0.3:
            self._open.refresh()
        yield self._open

    def close(self) -> None:
        """Close it."""
        if self._open is not None:
            self._open.close()


class Commands(Writer):
    """One that tags by the command line; the library is opened by each command."""

    def tag(self, library: Library, id: int, tag: str) -> None:
        """Give an article a tag by `broadsheet tag`."""
        from tui.cli import main

        os.environ["XDG_CACHE_HOME"] = str(self.cache.parent)
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            status = main(["--library", str(self.path), "tag", f"id:{id}", f"+{tag}"])
        if status != 0:
            raise AssertionError(f"the command failed: {out.getvalue()}")


def write_together(place: Path, *, writes: int, seed: int = 0) -> Tally:
    """Let four writers write so often together, and look whether all of it is there."""
    tally = Tally("four writers")
    path, cache = place / "library.json", place / "broadsheet"
    in_a_child(lambda say: _fill(path, cache))
    kinds: list[type[Writer]] = [App, App, Writer, Commands]
    start = time.monotonic() + 0.3
    children = [
        Child(
            lambda say, kind=kind, number=number: _write(  # type: ignore[misc]
                kind(number, path, cache, say), writes // len(kinds), start
            )
        )
        for number, kind in enumerate(kinds)
    ]
    said = [each for child in children for each in child.end()]
    tally.wrong += failures(said)
    tally.writes = len(said) - len(tally.wrong)
    judged = in_a_child(lambda say: _judge(path, cache, said, say))
    tally.wrong += [each for each in judged if isinstance(each, str)] + failures(judged)
    return tally


def _fill(path: Path, cache: Path) -> None:
    with Library(path, cache_dir=cache) as library:
        library.add(map(article, range(1, COMMON + 1)))


def _write(writer: Writer, writes: int, start: float) -> None:
    time.sleep(max(0.0, start - time.monotonic()))
    for step in range(writes):
        writer.write(step)
    if isinstance(writer, App):
        writer.close()


def _judge(path: Path, cache: Path, said: list[Any], say: Say) -> None:
    there, wrong = differences(path, cache)
    for line in wrong:
        say(line)
    done: dict[str, list[Any]] = {}
    for each in said:
        for name, value in each.items():
            done.setdefault(name, []).append(value)
    expected = {*range(1, COMMON + 1), *done["added"], *done["shared"]} - {*done.get("purged", ())}
    if there.keys() != expected:
        lost, odd = expected - there.keys(), there.keys() - expected
        say(f"lost: {sorted(lost)}; there and not to be: {sorted(odd)}")
    with Library(path, cache_dir=cache) as library:
        library.wait_until_listed()
        tags = {(id, tag) for id in range(1, COMMON + 1) for tag in library.get(id).tags}
        for id, tag in done["tagged"]:
            if (id, tag) not in tags:
                say(f"the tag {tag} of article {id} is lost")
        quotes = Counter((h.article, h.quote) for h in library.highlights())
        if quotes != Counter(map(tuple, done["highlighted"])):
            say(f"highlights are lost or doubled: {json.dumps(list(map(list, quotes)))}")
        for number, id in done.get("starred", ()):
            if number in there and not library.state(id).starred:
                say(f"the star of article {id} is lost")
