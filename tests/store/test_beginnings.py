"""What is made ready before a search: the words of short beginnings, and what there is to load."""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from string import ascii_lowercase

import pytest

from store import Article, Library
from store.beginnings import Beginnings

VOCABULARY = {
    "title": {"sea": 9, "seal": 4, "ship": 2},
    "body": {"sea": 30, "st": 12, "stone": 8, "stonë": 1, "ship": 40},
    "author": {"smith": 3},
}


class Look:
    """Looks words up as an index would, and counts how often."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __call__(self, field: str, start: str) -> list[tuple[str, int]]:
        self.asked.append((field, start))
        words = VOCABULARY[field].items()
        return sorted((w for w in words if w[0].startswith(start)), key=lambda word: -word[1])


def test_gives_the_words_of_every_beginning_prepared_or_not() -> None:
    prepared, plain = Beginnings(Look()), Look()
    prepared.prepare(("author",), ("title", "body"))
    for field in VOCABULARY:
        for start in ("", "s", "st", "se", "x", "xy", "ston", "stonë", *map("".join, _PAIRS)):
            for _ in range(2):
                assert prepared.words(field, start) == plain(field, start)


_PAIRS = tuple(product(ascii_lowercase, repeat=2))


def test_looks_each_beginning_up_once() -> None:
    look = Look()
    beginnings = Beginnings(look)
    beginnings.words("body", "st")
    beginnings.prepare(("author",), ("title", "body"))
    for start in ("s", "st", "ston", "ston"):
        beginnings.words("body", start)
    beginnings.prepare(("author",), ("title", "body"))
    assert len(look.asked) == len(set(look.asked))


@pytest.mark.parametrize("after", [0, 1, 30, 200])
def test_goes_on_where_it_was_cut_off(after: int) -> None:
    look = Look()
    beginnings = Beginnings(look)
    beginnings.prepare(("author",), ("title", "body"), lambda: len(look.asked) >= after)
    assert len(look.asked) == after
    beginnings.prepare(("author",), ("title", "body"))
    assert len(look.asked) == len(set(look.asked)) == 26 * 3 + 26 * 26 * 2


def test_a_word_that_came_after_preparing_is_found_by_its_first_letters(tmp_path) -> None:
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        library.add([Article(title="Zebras", body="They run.")])
        library.wait_until_searchable()
        library.prepare_search()
        assert library.find("zy", typing=True).count == 0
        library.add([Article(title="At night", body="A zygote of the lighthouse.")])
        library.wait_until_searchable()
        assert library.find("zy", typing=True).count == 1
        assert library.find("z", typing=True).count == 2
        library.prepare_search()
        assert library.find("zy", typing=True).count == 1


_FIRST_SEARCH = """
import sys
from store import Library

with Library(sys.argv[1], cache_dir=sys.argv[2]) as library:
    library.prepare_search()
    before = set(sys.modules)
    hits = library.find("light", typing=True).hits(0, 20)
    print(len(hits), *sorted(set(sys.modules) - before))
"""


def test_the_first_search_loads_nothing_that_was_not_prepared(tmp_path) -> None:
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        library.add([Article(title="At night", body="A keeper of the *lighthouse*.")])
        library.wait_until_searchable()
    command = [sys.executable, "-c", _FIRST_SEARCH, tmp_path / "library.json", tmp_path / "cache"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]
