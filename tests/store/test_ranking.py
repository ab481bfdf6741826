"""Ranking: the article that is meant comes first."""

from __future__ import annotations

import pytest

from store import Article, Library
from tests.benchmarks import corpus, finding

SIZE = 1_000


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    directory = tmp_path_factory.mktemp("known")
    with Library(directory / "library.json", cache_dir=directory / "cache") as library:
        library.add(corpus.articles(0, SIZE))
        library.wait_until_searchable()
        yield library


@pytest.fixture
def open_with(tmp_path):
    opened = []

    def open_(*articles):
        library = Library(tmp_path / f"{len(opened)}.json", cache_dir=tmp_path / "cache")
        opened.append(library)
        library.add(articles)
        return library

    yield open_
    for library in opened:
        library.close()


def titles(library, query, **options):
    return [row.title for row in library.find(query, **options).rows(0, 20)]


@pytest.fixture(scope="module")
def items_of():
    return finding.known_items(SIZE)


@pytest.mark.parametrize("kind", ["title words", "body words", "phrases", "Chinese"])
def test_known_items_come_first(known, items_of, kind):
    items = items_of[kind]
    assert len(items) == finding.QUERIES
    assert finding.mean_reciprocal_rank(known, items) >= 0.97


def test_the_order_is_the_same_every_time(known):
    for query in ("the", "t*", "the of", "-the"):
        assert list(known.find(query).ids) == list(known.find(query).ids)


def test_title_over_tags_over_author_over_text(open_with):
    filler = "plain filler words " * 20
    library = open_with(
        Article(title="In the text", body=f"carrier {filler}"),
        Article(title="In the author", author="Ada Carrier", body=filler),
        Article(title="In the tags", tags=("carrier",), body=filler),
        Article(title="A carrier", body=filler),
    )
    assert titles(library, "carrier") == [
        "A carrier", "In the tags", "In the author", "In the text",
    ]  # fmt: skip


def test_both_words_in_the_title_beat_both_in_the_text(open_with):
    library = open_with(
        Article(title="Other", body="aircraft carrier aircraft carrier aircraft carrier " * 3),
        Article(title="Half: carrier", body="aircraft and more aircraft"),
        Article(title="Aircraft and carrier", body="Something else altogether."),
    )
    assert titles(library, "aircraft carrier")[0] == "Aircraft and carrier"


def test_the_word_itself_comes_before_words_that_begin_like_it(open_with):
    library = open_with(
        Article(title="The artist", body="Of the artist and the artisan."),
        Article(title="The art", body="Of the art."),
        Article(title="The artillery", body="Of the artillery."),
    )
    assert titles(library, "art", typing=True)[0] == "The art"


def test_words_near_each_other_come_before_words_far_apart(open_with):
    apart = "one two three four five six seven eight nine ten " * 20
    library = open_with(
        Article(title="Far", body=f"quince quince {apart} marmalade marmalade"),
        Article(title="Near", body=f"{apart} a marmalade made of quince {apart} {apart}"),
    )
    assert titles(library, "quince marmalade") == ["Near", "Far"]


def test_of_equals_the_newest_comes_first(open_with):
    library = open_with(
        *(
            Article(
                title="Tide", body="Same.", url=f"https://x.example/{n}", published=f"20{n}-01-01"
            )
            for n in (11, 19, 15)
        )
    )
    rows = library.find("tide").rows(0, 10)
    assert [row.published[:4] for row in rows] == ["2019", "2015", "2011"]
    assert [row.published[:4] for row in library.find("tide sort:-relevance").rows(0, 9)] == [
        "2011", "2015", "2019",
    ]  # fmt: skip


def test_of_equals_without_a_date_the_later_number_comes_first(open_with):
    library = open_with(
        *(Article(title="Tide", url=f"https://x.example/{n}", saved="2020-01-01") for n in range(3))
    )
    assert list(library.find("tide").ids) == [3, 2, 1]


def test_age_does_not_bury_a_better_match(open_with):
    library = open_with(
        Article(title="Tides", body="The tide comes in.", published="1990-01-01"),
        Article(title="Harbours", body="The tide and much else.", published="2025-01-01"),
        Article(title="Tide", body="Of the moon.", published="1985-01-01"),
    )
    assert titles(library, "tide")[0] == "Tide"
