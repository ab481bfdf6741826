"""Each sample is found for what it is, comes in whole, and a second run adds nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from store import Article, Library, Rejected
from store.importers import FORMATS, find_format, read_sources
from store.importers.sources import open_source

SAMPLES = Path(__file__).parents[3] / "sample_data"

#: Sample, format, items in, of which are rejected.
TAKEN = [
    ("articles.jsonl", "json", 5, 0),
    ("bookmarks.html", "bookmarks", 4, 1),
    ("chrome-bookmarks.json", "chrome", 2, 0),
    ("delicious.json", "delicious", 1, 0),
    ("firefox-bookmarks.json", "firefox", 2, 0),
    ("front-matter.md", "markdown", 1, 0),
    ("instapaper.csv", "instapaper", 4, 0),
    ("karakeep.json", "karakeep", 2, 0),
    ("links.csv", "csv", 2, 0),
    ("linkwarden.json", "linkwarden", 2, 0),
    ("newsboat-cache.db", "newsboat", 2, 0),
    ("omnivore.zip", "omnivore", 2, 0),
    ("pinboard.json", "pinboard", 2, 0),
    ("pocket.csv", "pocket", 3, 0),
    ("pocket.html", "pocket-html", 2, 0),
    ("pocket.zip", "pocket", 4, 0),
    ("raindrop.csv", "raindrop", 2, 0),
    ("readability.json", "readability", 1, 0),
    ("readwise-highlights.csv", "readwise-highlights", 3, 0),
    ("readwise-reader.csv", "readwise-reader", 3, 0),
    ("saved-page.html", "html", 1, 0),
    ("tinydb-stock.json", "json", 3, 0),
    ("two-column.txt", "text", 1, 0),
    ("wallabag.json", "wallabag", 2, 0),
]


@pytest.mark.parametrize(("name", "kind", "items", "rejected"), TAKEN)
def test_a_sample_is_found_by_content_and_each_item_accounted_for(name, kind, items, rejected):
    path = SAMPLES / name
    assert find_format(open_source(str(path))).name == kind
    records = list(read_sources([str(path)]))
    assert len(records) == items
    assert sum(isinstance(record, Rejected) for record in records) == rejected
    for record in records:
        assert record.source.startswith(str(path))
        assert isinstance(record, Rejected) or record.type == kind


@pytest.mark.parametrize(("name", "kind"), [row[:2] for row in TAKEN])
def test_the_name_of_a_sample_does_not_matter(name, kind, tmp_path):
    if kind in ("markdown", "json"):
        return  # prose is prose; that it is Markdown may be known by the name alone
    path = tmp_path / "nameless"
    path.write_bytes((SAMPLES / name).read_bytes())
    assert find_format(open_source(str(path))).name == kind


def test_all_samples_come_in_and_a_second_run_adds_nothing(tmp_path):
    paths = [str(SAMPLES / name) for name, *_ in TAKEN]
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        first = library.add(read_sources(paths))
        assert first.total == sum(items for *_, items, _ in TAKEN)
        assert first.highlights == 11
        before = {f.name: f.read_bytes() for f in tmp_path.glob("library*.json")}
        second = library.add(read_sources(paths))
        assert (second.added, second.highlights) == ([], 0)
        assert second.total == first.total
        assert second.unchanged == first.total - len(first.rejected)
        assert {f.name: f.read_bytes() for f in tmp_path.glob("library*.json")} == before


def test_every_format_has_a_reader_and_says_what_it_is():
    for format_ in FORMATS.values():
        assert callable(format_.load())
        assert format_.description


def test_a_cache_is_read_without_leaving_anything_beside_it(tmp_path):
    path = tmp_path / "cache.db"
    path.write_bytes((SAMPLES / "newsboat-cache.db").read_bytes())
    path.chmod(0o444)
    before = path.stat().st_mtime_ns
    assert all(isinstance(record, Article) for record in read_sources([str(path)]))
    assert os.listdir(tmp_path) == ["cache.db"]
    assert path.stat().st_mtime_ns == before
