"""Bytes that go wrong in the index: nobody hears of it, and nothing wrong is shown."""

from __future__ import annotations

import random
import shutil

import pytest

from store import Article, Highlight, Library
from store.highlights import COLOURS

_WORDS = (
    "carrier", "pigeon", "missile", "harbour", "glacier", "lantern", "compass", "orchard",
    "velvet", "thunder",
)  # fmt: skip
_QUERIES = (
    "", "is:read", "is:starred", "is:trashed", "tag:t1", "tag:mine", "words:>10", "author:3",
    "published:2014", "site:e2", "lang:en", "sort:title", "sort:saved", "carrier pigeon",
    "title:velvet", "thund*", '"velvet thunder"', "uncommon",
)  # fmt: skip
_NUMBER = 60

#: Files of the index by their names, and how often each is spoiled.
_FILES = {
    "columns.sqlite": 14, "columns.seal": 2, "words/meta.json": 5, "words/.managed.json": 3,
    "words/*.term": 5, "words/*.idx": 5, "words/*.pos": 5, "words/*.fast": 4,
    "words/*.fieldnorm": 3, "words/*.store": 3,
}  # fmt: skip
_PLACES = [(name, seed) for name, times in _FILES.items() for seed in range(times)]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A library with everything in it that an index holds; its index; what it answers."""
    place = tmp_path_factory.mktemp("shelf")
    path, cache = place / "library.json", place / "cache"
    rng = random.Random(1)
    with Library(path, cache_dir=place / "first") as library:
        library.add(
            Article(
                title=f"Title {n} {rng.choice(_WORDS)}",
                body=" ".join(rng.choices(_WORDS, k=40)),
                author=f"Author {n % 7}",
                url=f"https://e{n % 5}.example/{n}",
                published=f"20{10 + n % 10}-01-{n % 28 + 1:02}",
                tags=(f"t{n % 4}",),
                lang="en",
            )
            for n in range(_NUMBER)
        )
        library.mark(range(1, 20), read=True)
        library.mark([3, 4], starred=True)
        library.mark([9], trashed=True)
        library.tag([5], add=["mine"])
        library.highlight(Highlight(article=7, quote="pigeon", note="uncommon", colour=COLOURS[1]))
    with Library(path, cache_dir=cache) as library:
        library.wait_until_searchable()
        expected = answers(library)
    return path, cache, expected


@pytest.fixture
def spoilt(shelf, tmp_path):
    """The library, a copy of its index to spoil, and what it answers."""
    path, cache, expected = shelf
    copy = tmp_path / "cache"
    shutil.copytree(cache, copy)
    return path, copy, expected


def answers(library):
    """Everything that a person can see of a library."""
    found = [library.find(query) for query in _QUERIES]
    return (
        len(library),
        library.newest(_NUMBER),
        library.tags(),
        [(result.query, list(result.ids), result.count) for result in found],
        [result.hits(0, 3) for result in found],
        [library.get(n) for n in range(1, _NUMBER + 1)],
        [library.state(n) for n in range(1, _NUMBER + 1)],
        library.highlights(),
    )


def spoil(file, seed):
    """Turn a bit, write another byte, write zeros or cut the file short, at a place by chance."""
    rng = random.Random(f"{file.suffix} {seed}")
    data = bytearray(file.read_bytes())
    at = rng.randrange(len(data))
    kind = rng.choice(("bit", "bit", "byte", "zeros", "short"))
    if kind == "bit":
        data[at] ^= 1 << rng.randrange(8)
    elif kind == "byte":
        data[at] = (data[at] + rng.randrange(1, 256)) % 256
    elif kind == "zeros":
        data[at : at + 512] = bytes(len(data[at : at + 512]))
    else:
        del data[at:]
    with file.open("r+b") as handle:
        handle.write(data)
        handle.truncate()


@pytest.mark.parametrize(("name", "seed"), _PLACES)
def test_what_was_spoilt_while_closed_is_made_anew_without_a_word(spoilt, name, seed):
    path, cache, expected = spoilt
    for file in cache.glob(f"*/{name}"):
        spoil(file, seed)
    with Library(path, cache_dir=cache) as library:
        assert answers(library) == expected
        assert library.notices == []


@pytest.mark.parametrize("name", [name for name in _FILES if name.startswith("words")])
def test_words_that_are_spoilt_while_open_are_made_anew_without_a_word(spoilt, name):
    path, cache, expected = spoilt
    with Library(path, cache_dir=cache) as library:
        assert library.find("carrier").count
        for file in cache.glob(f"*/{name}"):
            with file.open("r+b") as handle:
                handle.write(bytes(64))
        assert answers(library) == expected


@pytest.mark.parametrize("seed", range(8))
def test_a_list_that_is_spoilt_while_open_shows_nothing_wrong(spoilt, seed):
    path, cache, expected = spoilt
    rows = {row.id: row for row in expected[1]}
    (file,) = cache.glob("*/columns.sqlite")
    with Library(path, cache_dir=cache) as library:
        spoil(file, f"open {seed}")
        assert all(rows[row.id] == row for row in library.newest(_NUMBER))
        assert [library.get(n) for n in range(1, _NUMBER + 1)] == expected[5]
        assert [library.state(n) for n in range(1, _NUMBER + 1)] == expected[6]


def test_a_list_that_becomes_nonsense_while_open_is_made_anew(spoilt):
    path, cache, expected = spoilt
    (file,) = cache.glob("*/columns.sqlite")
    with Library(path, cache_dir=cache) as library:
        file.write_bytes(b"\xff" * file.stat().st_size)
        assert answers(library) == expected


def test_what_is_added_while_the_index_is_nonsense_is_kept(spoilt, tmp_path):
    path, cache, _ = spoilt
    copy = shutil.copy(path, tmp_path / "copy.json")
    with Library(copy, cache_dir=cache) as library:
        (file,) = cache.glob("copy-*/columns.sqlite")
        library.newest(1)
        file.write_bytes(b"\xff" * file.stat().st_size)
        report = library.add([Article(title="One more", body="seldom"), library.get(5)])
        assert (len(report.added), report.unchanged) == (1, 1)
        assert library.find("seldom").ids == report.added
        library.mark([1], starred=True)
        library.flush()
        assert library.state(1).starred


def test_a_state_that_cannot_be_mirrored_is_on_disk_and_comes_back(spoilt, tmp_path):
    path, cache, _ = spoilt
    copy = shutil.copy(path, tmp_path / "copy.json")
    with Library(copy, cache_dir=cache) as library:
        (file,) = cache.glob("copy-*/columns.sqlite")
        file.write_bytes(b"\xff" * file.stat().st_size)
        library.mark([11], starred=True)
        assert list(library.find("is:starred").ids) == [11]
        assert library.undo() is not None
        assert list(library.find("is:starred").ids) == []


def test_tags_that_are_given_while_the_index_is_nonsense_keep_the_articles_own(spoilt, tmp_path):
    path, cache, expected = spoilt
    copy = shutil.copy(path, tmp_path / "copy.json")
    with Library(copy, cache_dir=cache) as library:
        (file,) = cache.glob("copy-*/columns.sqlite")
        library.tag([7], add=["added"])
        file.write_bytes(b"\xff" * file.stat().st_size)
        library.flush()
        assert library.get(7).tags == (*expected[5][6].tags, "added")


def test_tags_that_are_given_before_the_index_is_whole_keep_the_articles_own(spoilt, tmp_path):
    path, cache, expected = spoilt
    copy = shutil.copy(path, tmp_path / "copy.json")
    with Library(copy, cache_dir=cache) as library:
        library.tag([7], add=["added"])
        library._index.drop([7])
        library.flush()
    with Library(copy, cache_dir=tmp_path / "another") as library:
        assert library.get(7).tags == (*expected[5][6].tags, "added")


def test_what_is_removed_while_the_index_is_nonsense_stays_removed(spoilt, tmp_path):
    path, cache, _ = spoilt
    copy = shutil.copy(path, tmp_path / "copy.json")
    with Library(copy, cache_dir=cache) as library:
        (file,) = cache.glob("copy-*/columns.sqlite")
        file.write_bytes(b"\xff" * file.stat().st_size)
        assert library.purge([2, 3]) == 2
        assert len(library) == _NUMBER - 2
        assert not {2, 3} & set(library.find("is:read").ids)
