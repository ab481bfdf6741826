"""Highlights by query, by what is typed, and those whose passage is gone."""

from __future__ import annotations

import pytest

from store import Article, Highlight, HighlightFilter, find_highlights, known_highlight, orphans


@pytest.fixture
def library(path, open_library):
    library = open_library(path)
    library.add(
        [
            Article(title="Lighthouses", body="The keeper wound the clock every night.",
                    published="2020", tags=("sea",)),
            Article(title="Harbours", body="Ships wait for the tide.", published="2021"),
            Article(title="Bridges", body="Wind and cable.", published="2022"),
        ]
    )  # fmt: skip
    library.highlight(Highlight(1, "wound the clock", "a todo for later", "green"))
    library.highlight(Highlight(1, "every night"))
    library.highlight(Highlight(2, "the tide", "look it up"))
    library.highlight(Highlight(2, note="on all of it"))
    return library


def quotes(library, query):
    found = find_highlights(library, query)
    return [[(h.quote or h.note) for h in mine] for _, mine in found.groups]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [["the tide", "on all of it"], ["wound the clock", "every night"]]),
        ("keeper", [["wound the clock", "every night"]]),
        ("tag:sea", [["wound the clock", "every night"]]),
        ("note:todo", [["wound the clock"]]),
        ("has:note tag:sea", [["wound the clock"]]),
        ("highlight:night", [["every night"]]),
        ("has:highlight published:2021", [["the tide"]]),
        ("highlight:tide OR note:todo sort:published", [["the tide"], ["wound the clock"]]),
        ("note:todo OR tag:sea", [["wound the clock", "every night"]]),
        ("-note:todo", [["the tide", "on all of it"]]),
        ("title:bridges", []),
        ("zzzq", []),
    ],
)
def test_a_query_finds_articles_and_says_which_of_their_highlights(library, query, expected):
    assert quotes(library, query) == expected


def test_those_of_an_article_in_the_trash_are_left_out_and_of_one_removed_for_good_kept(library):
    library.mark([2], trashed=True)
    assert quotes(library, "") == [["wound the clock", "every night"]]
    assert quotes(library, "is:trashed") == [["the tide", "on all of it"]]
    library.purge([1])
    assert quotes(library, "") == [["wound the clock", "every night"]]


def test_what_was_not_understood_is_said(library):
    assert find_highlights(library, "nonsense:1").warnings


H = Highlight(1, "The keeper wound the clock", "look up: brass", "green", id=3)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("", True), ("keeper", True), ("KEE", True), ("clock brass", True), ("brass clo", True),
        ("kee clock", False), ("\"wound the clock\"", True), ("\"clock wound\"", False),
        ("-brass", False), ("-copper", True), ("green", True), ("light", True),
        ("note:brass", True), ("note:clock", False), ("highlight:clock", True),
        ("has:note", True), ("-has:note", False), ("title:lighthouse", True),
        ("title:harbour", False), ("reyes", True), ("tag:sea", True), ("copper OR brass", True),
        ("(", True), ("note:", True),
    ],
)  # fmt: skip
def test_what_is_typed_filters_by_the_rules_of_the_query_language(text, fits):
    assert HighlightFilter(text).fits(known_highlight(H, "Lighthouses", "Ada Reyes")) is fits


def test_orphans_are_those_whose_passage_is_gone():
    highlights = [H, H._replace(quote="nothing like this is there", id=4),
                  Highlight(1, note="on it all", id=5)]  # fmt: skip
    assert orphans("At night the keeper wound the clock.", highlights) == {4}
    assert orphans("", highlights) == {3, 4}
