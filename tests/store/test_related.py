"""Articles like one: `like:ID` is a query as any other."""

from __future__ import annotations

import pytest

from store import Article, Library

SEA = (
    ("Keeping the light", "The lighthouse keeper trimmed the lamp and polished the lens at dusk."),
    ("Lenses", "A Fresnel lens bends the lamp of a lighthouse to the horizon, the keeper said."),
    ("Fog signals", "When fog hid the lamp, the keeper of the lighthouse rang a bell."),
)
BREAD = (
    ("Sourdough", "Flour, water and salt; the starter wants feeding before the dough rises."),
    ("Rye", "Rye flour makes a dough that hardly rises; the starter does the work."),
    ("Crust", "Steam in the oven gives the dough a crust before the loaf rises."),
)
CHINESE = (
    ("灯塔", "守塔人每天晚上点亮灯塔。"),
    ("海上灯塔", "海上的灯塔由守塔人看守。"),
    ("面包", "面粉和水做成面团。"),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    directory = tmp_path_factory.mktemp("related")
    filler = [
        Article(title=f"Note {n}", body=f"Remarks of day {n} about nothing in particular.")
        for n in range(30)
    ]
    with Library(directory / "library.json", cache_dir=directory / "cache") as library:
        library.add([*(Article(title=t, body=b) for t, b in (*SEA, *BREAD, *CHINESE)), *filler])
        yield library


def titles(library, query, **options):
    return [row.title for row in library.find(query, **options).rows(0, 50)]


@pytest.mark.parametrize("group", [SEA, BREAD])
def test_articles_on_the_same_thing_come_first(library, group):
    names = [title for title, _ in group]
    for title in names:
        (own,) = (row for row in library.find("").rows(0, 100) if row.title == title)
        like = titles(library, f"like:{own.id}")
        assert set(like[:2]) == set(names) - {title}


def test_text_without_spaces_has_relations_too(library):
    assert titles(library, "like:7")[0] == "海上灯塔"


def test_an_article_is_not_like_itself(library):
    assert "Keeping the light" not in titles(library, "like:1")


def test_it_goes_with_other_terms_and_filters(library):
    assert titles(library, "like:1 fog") == ["Fog signals"]
    assert titles(library, "like:1 title:lenses") == ["Lenses"]
    library.mark([2], starred=True)
    assert titles(library, "like:1 is:starred") == ["Lenses"]
    assert "Lenses" not in titles(library, "like:1 -is:starred")
    library.undo()


def test_the_telling_words_are_marked_in_the_snippets(library):
    hit = library.find("like:1").hits(0, 1)[0]
    marked = {hit.snippet[a:b].lower() for a, b in hit.spans}
    assert {"lighthouse", "keeper", "lamp"} <= marked


def test_an_article_that_is_not_there_is_said_and_nothing_is_found(library):
    result = library.find("like:999")
    assert result.count == 0
    assert result.warnings == ("like:999: there is no article 999",)


def test_a_value_that_is_no_number_is_searched_for_as_text(library):
    assert library.find("like:lighthouse").warnings


def test_it_is_one_side_of_an_or(library):
    both = titles(library, "like:1 OR is:starred")
    assert {"Lenses", "Fog signals"} <= set(both)
    assert "Lenses" not in titles(library, "-like:1")
