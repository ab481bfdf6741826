"""Typing errors: what is nowhere gives way to the nearest word that is there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import Article, Library
from store.spelling import slips


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    directory = tmp_path_factory.mktemp("spelling")
    with Library(directory / "library.json", cache_dir=directory / "cache") as library:
        library.add(
            [
                Article(
                    title="Missile", body="The missile was never launched.", author="Ada Reyes"
                ),
                Article(title="Mussels", body="A mussel is eaten in months with an R."),
                Article(title="Harbour", body="Harbours and lighthouses; a lighthouse keeper."),
                Article(title="Lighthouse", body="The lighthouse again. Encyclopaedia."),
                Article(title="Ein Rätsel", body="Das Rätsel blieb ungelöst. 東京の夜"),
            ]
        )
        yield library


def titles(result):
    return [row.title for row in result.rows(0, 10)]


@pytest.mark.parametrize(
    ("query", "shown", "found"),
    [
        ("misile", "missile", ["Missile"]),  # left out
        ("misssile", "missile", ["Missile"]),  # put in
        ("missole", "missile", ["Missile"]),  # exchanged
        ("imssile", "missile", ["Missile"]),  # swapped, and at the beginning
        ("lihgthosue", "lighthouse", ["Lighthouse", "Harbour"]),  # two slips in a long word
        ("Ratsle", "ratsel", ["Ein Rätsel"]),  # accents do not count
        ("title:harbuor", "harbour", ["Harbour"]),
        ("author:reyez", "reyes", ["Missile"]),
        ("lighthouse kepeer", "keeper", ["Harbour"]),
    ],
)
def test_a_word_that_is_nowhere_gives_way_to_the_nearest(library, query, shown, found):
    result = library.find(query)
    assert titles(result) == found
    typed = query.split(":")[-1].split()[-1]
    assert result.warnings == (f"no '{typed}': showing '{shown}'",)


def test_of_words_equally_near_the_more_frequent_is_shown(library):
    assert library.find("lighthous").warnings == ("no 'lighthous': showing 'lighthouse'",)


def test_what_is_shown_is_marked(library):
    (hit,) = library.find("misile").hits(0, 10)
    marked = {hit.snippet[a:b].lower() for a, b in hit.spans}
    assert marked == {"missile"}


@pytest.mark.parametrize(
    "query",
    [
        "missile",  # it is there
        "xq",  # too short for anything to be near
        "zzzzzz",  # nothing is near
        "missole*x",
        '"misile"',  # quoted: as it stands
        "harbour -misile",  # excluded
        "東亰",
        "m1ssile",  # digits are not typing errors
    ],
)
def test_what_is_taken_as_it_was_typed(library, query):
    assert not [w for w in library.find(query).warnings if w.startswith("no '")]


def test_a_beginning_that_begins_no_word_is_corrected_while_it_is_typed(library):
    assert library.find("missi", typing=True).warnings == ()
    result = library.find("missoli", typing=True)
    assert result.warnings == ()
    result = library.find("misil", typing=True)
    assert titles(result) == ["Missile"]
    assert result.warnings == ("no 'misil': showing 'missile'",)


def test_one_slip_is_not_enough_for_a_short_word_with_two(library):
    assert library.find("msisle").count == 0


words = st.text("abcde", max_size=9)


@given(words, words)
def test_slips_are_counted_alike_both_ways(one, other):
    assert slips(one, other) == slips(other, one)


@given(words, st.data())
def test_one_slip_is_counted_as_one(word, data):
    at = data.draw(st.integers(0, len(word)))
    letter = data.draw(st.sampled_from("abcdez"))
    assert slips(word[:at] + letter + word[at:], word) == 1
    assert slips(word[:at] + word[at + 1 :], word) == (at < len(word))


@given(words, words, st.booleans(), st.integers(0, 3))
def test_more_slips_than_matter_are_told_as_more(typed, meant, prefix, most):
    found = slips(typed, meant, prefix=prefix, most=most)
    exact = slips(typed, meant, prefix=prefix)
    assert found == exact if exact <= most else found > most


@given(words, words)
def test_a_beginning_has_no_slips(word, rest):
    assert slips(word, word + rest, prefix=True) == 0
    assert slips(word, rest, prefix=True) <= slips(word, rest)
