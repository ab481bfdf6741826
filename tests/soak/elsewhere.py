"""`python -m tests.soak.elsewhere PATH NUMBER ARTICLES`: another process with the same library.

It adds an article, and when random keys have removed most of what there is to read (all of it can
be selected, put into the trash and removed from there), it gives that back: a day spent in front of
an empty list would show nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from store import Article, Highlight, Library

ROOT = Path(__file__).parents[2]

#: Highlights that there are from the beginning, more than the journal keeps changes.
_HIGHLIGHTS = 500


def fill(home: Path, number: int) -> Path:
    """A library of so many articles; made by another process: what that takes does not count."""
    path = home / "library.json"
    made = multiprocessing.get_context("fork").Process(target=_make, args=(path, number))
    made.start()
    made.join()
    return path


def visit(path: Path, pressed: int, number: int) -> int:
    """Let another process add an article, and see that `number` can be read.

    Returns:
        How many there were to read.
    """
    command = [sys.executable, "-m", __spec__.name, str(path), str(pressed), str(number)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)
    return int(done.stdout)


def main(path: Path, pressed: str, number: int) -> None:
    """What the other process does."""
    with Library(path) as library:
        left = len(library.find().ids)
        library.add([Article(title=f"Added {pressed}", body="Late news. " * 50)])
        if left < number // 2:
            trash = library.find("is:trashed", everything=True).ids
            library.mark(list(trash), trashed=False)
            library.add(_articles(number))  # those that are there stay as they are
    print(left)


def _make(path: Path, number: int) -> None:
    with Library(path) as library:
        library.add(_articles(number))
        _read(library)
        library.wait_until_searchable()


def _read(library: Library) -> None:
    """Leave what a reader leaves, whose library is in use for long.

    The reading file is as large as it gets from the beginning: each change reads the whole of it,
    and what that takes would grow all day while the keys come to one article after another.
    """
    ids = list(library.find().ids)
    for number, id in enumerate(ids[::2]):
        anchor = "Paragraph 2: the ferry left the quay at the tide. Paragraph 2: t"
        library.remember(id, position=636, anchor=anchor, progress=number % 10 / 10)
    library.mark(ids, read=True)
    library.mark(ids[::2], archived=True)
    library.mark(ids[::3], starred=True)
    library.tag(ids, add=("read-later", "x", "y"))
    for number in range(_HIGHLIGHTS):
        quote = "the ferry left the quay at the tide. " * 4
        library.highlight(
            Highlight(
                ids[number % len(ids)], quote.strip(), after="Paragraph 1: the ferry", offset=2
            )
        )
    library.mark(ids[::2], archived=False)
    library.mark(ids[::9], read=False)


def _articles(number: int) -> Iterator[Article]:
    for n in range(number):
        yield Article(
            title=f"Article {n} of the [harbour]",
            body=f"# Heading {n}\n\n"
            + "\n\n".join(
                f"Paragraph {i}: the ferry left *the quay* at [the tide](https://a.example/{n})."
                * 4
                for i in range(n % 40 + 1)
            ),
            author=("Ada Reyes", "Jonas Holm")[n % 2],
            site="quay.example",
            url=f"https://quay.example/{n}",
            published=f"20{n % 25:02}-{n % 12 + 1:02}-{n % 28 + 1:02}",
            tags=(("history",), ("harbour", "rain"), ())[n % 3],
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
