"""A line removed or put in by hand, with the comma that this leaves wrong."""

from __future__ import annotations

import json

import pytest

from store import Article, database, examine, repair
from store.findings import Level

COUNT = 6


@pytest.fixture
def library(path, open_library):
    library = open_library(path)
    library.add(Article(title=f"Title {n}", body=f"Text {n}.") for n in range(1, COUNT + 1))
    library.wait_until_searchable()
    library.close()
    return path


def without_first(lines):
    del lines[1]


def without_comma(lines):
    lines[3] = lines[3].removeprefix(b",")


def without_last_comma(lines):
    lines[COUNT] = lines[COUNT].removeprefix(b",")


def with_comma_too_much(lines):
    lines[1] = b"," + lines[1]


EDITS = [without_first, without_comma, without_last_comma, with_comma_too_much]


@pytest.fixture(params=EDITS)
def edited(library, request):
    """A library that no JSON parser reads; the ids that it has."""
    lines = library.read_bytes().split(b"\n")
    request.param(lines)
    library.write_bytes(b"\n".join(lines))
    with pytest.raises(ValueError):
        json.loads(library.read_bytes())
    return list(range(2 if request.param is without_first else 1, COUNT + 1))


def ids(path):
    return [int(key) for key in json.loads(path.read_bytes())["articles"]]


@pytest.mark.parametrize("cache", ["cache", "another"])
def test_who_opens_it_to_write_puts_the_comma_right_and_says_so(path, open_library, edited, cache):
    library = open_library(path, cache=cache)
    library.wait_until_listed()
    assert ids(path) == edited
    (notice,) = library.notices
    assert "library.json was put right" in notice and "every article is kept" in notice
    library.add([Article(title="New", body="New.")])
    assert ids(path) == [*edited, COUNT + 1]
    assert not path.with_name("library.json.torn").exists()


def test_an_app_that_is_open_puts_it_right(path, open_library, library):
    opened = open_library(path)
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[1]
    other = path.with_name("edited")
    other.write_bytes(b"".join(lines))
    other.rename(path)  # as an editor does
    opened.refresh()
    opened.wait_until_listed()
    assert ids(path) == list(range(2, COUNT + 1))
    assert len(opened.notices) == 1


def test_who_only_reads_has_every_article_and_leaves_the_file(path, open_library, edited):
    before = path.read_bytes()
    for _ in range(2):
        reader = open_library(path, readonly=True)
        reader.wait_until_searchable()
        assert sorted(row.id for row in reader.newest(COUNT)) == edited
        assert reader.free_ids().give() == COUNT + 1
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "edited", [without_first, without_last_comma, with_comma_too_much], indirect=True
)
def test_an_append_without_an_index_looks_at_both_ends(path, edited):
    with database.ArticleDB(path) as db:
        assert db.table("articles").insert({"title": "New"}) == COUNT + 1
    assert ids(path) == [*edited, COUNT + 1]


def test_the_doctor_finds_it_and_mends_it(path, tmp_path, edited):
    cache = tmp_path / "cache"
    found = examine(path, cache_dir=cache)
    assert any("comma" in finding.text for finding in found if finding.level is Level.WRONG)
    repair(path, cache_dir=cache)
    assert ids(path) == edited
    assert [f.text for f in examine(path, cache_dir=cache) if f.level is Level.WRONG] == []
