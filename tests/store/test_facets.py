"""What the articles of a result have in common, and queries narrowed by it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import Article, CancelledError, Library, is_narrowed, narrowed
from store.query import parse

SAMPLE = Path(__file__).parents[2] / "sample_data" / "library.json"

QUERIES = ("", "the", "type is:unread", "ships OR printing", "-history", '"the reader"', "read")


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    home = tmp_path_factory.mktemp("facets")
    shutil.copy(SAMPLE, home / "library.json")
    with Library(home / "library.json", cache_dir=home / "cache") as library:
        yield library


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as opened:
        yield opened


@pytest.mark.parametrize("query", QUERIES)
def test_the_count_of_a_facet_is_that_of_the_query_narrowed_by_it(sample, query):
    facets = sample.facets(query, typing=True)
    assert facets.count == sample.count(query, typing=True)
    for field, values in facets.groups:
        for value, count in values:
            text = narrowed(query, field, value, typing=True)
            assert sample.count(text, typing=True) == count, text
            assert is_narrowed(text, field, value)


def test_facets_come_in_order_of_frequency_and_years_newest_first(sample):
    facets = sample.facets("")
    for name in ("tags", "authors", "sites"):
        counts = [count for _, count in getattr(facets, name)]
        assert counts == sorted(counts, reverse=True)
        assert 0 < len(counts) <= 8
    years = [year for year, _ in facets.years]
    assert years == sorted(years, reverse=True)
    assert facets.tags[0] == sample.tags()[0]


def test_months_are_dense_and_hold_every_dated_article(library):
    dates = ["2019-11", "2020-02-03", "2020-02-03T10:00:00", "2019-12-31", "1969-12-31", "", "soon"]
    library.add(Article(title=f"Number {i}", published=date) for i, date in enumerate(dates))
    months = dict(library.facets("").months)
    assert list(months)[:2] == ["1969-12", "1970-01"]
    assert list(months)[-4:] == ["2019-11", "2019-12", "2020-01", "2020-02"]
    assert [months[m] for m in ("1969-12", "1970-01", "2019-12", "2020-01", "2020-02")] == [
        1, 0, 1, 0, 2,
    ]  # fmt: skip
    assert sum(months.values()) == 5
    assert library.facets("").years == (("2020", 2), ("2019", 2), ("1969", 1))


def test_facets_are_those_of_all_articles_found_not_of_the_first_thousand(library):
    library.add(
        Article(title=f"Ferry {i}", author="Ada Reyes", body=f"Ferry number {i}.")
        for i in range(1_200)
    )
    library.wait_until_searchable()
    assert library.facets("ferry").authors == (("Ada Reyes", 1_200),)
    assert library.count("ferry") == 1_200


def test_nothing_found_has_no_facets(library):
    facets = library.facets("nothing")
    assert facets.count == 0
    assert not (facets.tags or facets.authors or facets.sites or facets.years or facets.months)


def test_the_trash_is_not_counted(library):
    report = library.add([Article(title="One", tags=("a",)), Article(title="Two", tags=("a",))])
    library.mark(report.added[:1], trashed=True)
    assert library.facets("").tags == (("a", 1),)
    assert library.facets("is:trashed").tags == (("a", 1),)


def test_counting_that_ends_half_way_leaves_the_next_to_count_whatever_became_of_it(library):
    library.add(Article(title=f"Number {i}", author=f"Ada {i % 7}") for i in range(3_200))
    ended = []  # as long as an error is kept, so is all that it was raised in
    for most in range(20):
        asked = iter(range(most))
        try:
            library.facets("", cancelled=lambda asked=asked: next(asked, None) is None)
        except CancelledError as error:
            ended.append(error)
        assert library.facets("").count == 3_200
    assert 0 < len(ended) < 20


def test_counting_ends_when_it_is_cancelled(library):
    library.add([Article(title="One")])
    with pytest.raises(CancelledError):
        library.facets("", cancelled=lambda: True)
    assert library.facets("").count == 1


def test_odd_values_narrow_to_their_articles_or_are_not_offered(library):
    names = ['Ada "Ace" Reyes', "O'Neil, Jo (ed.)", "港 一郎", "—", "a:b", "OR", "[bold]x[/]", "*"]
    tags = ["c++", "a,b", "(x)", 'say-"so"', "wild*", "日本", "-minus", "or"]
    library.add(
        Article(title=f"Number {i}", author=name, site=name, tags=(tag,), body=f"Text {i}.")
        for i, (name, tag) in enumerate(zip(names, tags, strict=True))
    )
    facets = library.facets("")
    assert {name for name, _ in facets.authors} == set(names) - {"—", "*"}
    assert {tag for tag, _ in facets.tags} == set(tags) - {"wild*"}
    for field, values in facets.groups:
        for value, count in values:
            assert library.count(narrowed("", field, value)) == count == 1, value
    with pytest.raises(ValueError, match="no query"):
        narrowed("", "tag", "wild*")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "tag:news "),
        ("ferr", "tag:news ferr"),
        ("is:unread ferr", "is:unread tag:news ferr"),
        ("author:ad", "tag:news author:ad"),
        ('say "so', 'tag:news say "so'),
        ("a OR b", "tag:news (a OR b*)"),
        ("a OR b ", "tag:news (a OR b)"),
        ("a OR", "tag:news (a)"),
        ('a OR ("b', 'tag:news (a OR ("b"))'),
        ("a) OR b*", "tag:news (a OR b*)"),
        ("tag:news ferr", "ferr"),
        ("ferr #News", "ferr "),
        ("tag:news (a OR b)", "a OR b "),
        ("tag:news (a) (b)", "(a) (b)"),
        ("-tag:news", "tag:news -tag:news"),
    ],
)
def test_a_condition_goes_before_the_word_being_typed_and_is_taken_back(query, expected):
    assert narrowed(query, "tag", "news", typing=True) == expected


PIECES = st.lists(
    st.sampled_from(
        ["ship", "ships*", '"a ship"', '"open', "OR", "(", ")", "-(", "tag:news", "#news",
         "is:read", "author:ada", 'author:"Ada', "title:", "sort:title", "-draft", " ",
         "nofield:x", "港"]
    ),
    max_size=7,
)  # fmt: skip


@given(PIECES, st.sampled_from([" ", "  ", "\n"]), st.booleans())
def test_narrowing_asks_for_both_the_query_and_the_condition(pieces, space, typing):
    query = space.join(pieces)
    if is_narrowed(query, "author", "Jo Lee"):
        return
    text = narrowed(query, "author", "Jo Lee", typing=typing)
    before, after = parse(query, typing=typing), parse(text, typing=typing)
    assert is_narrowed(text, "author", "jo  lee")
    assert sorted(map(repr, _parts(after.tree))) == sorted(
        [*map(repr, _parts(before.tree)), repr(parse('author:"Jo Lee"').tree)]
    )
    assert (after.sort, after.limit) == (before.sort, before.limit)
    back = parse(narrowed(text, "author", "Jo Lee", typing=typing), typing=typing)
    assert sorted(map(repr, _parts(back.tree))) == sorted(map(repr, _parts(before.tree)))


def _parts(node):
    """Conjuncts, however they are bracketed."""
    from store.query import And

    if isinstance(node, And):
        return [part for each in node.parts for part in _parts(each)]
    return [node]
