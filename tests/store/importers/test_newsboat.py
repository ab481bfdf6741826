"""newsboat's cache: what is kept of an item, and caches of other versions or broken ones."""

from __future__ import annotations

import sqlite3
import time
import zipfile
from pathlib import Path

from store import Article, Rejected, Source, State
from store.importers import read_source, read_sources

SAMPLE = Path(__file__).parents[3] / "sample_data" / "newsboat-cache.db"


def read(data, **options):
    return list(read_source(Source("cache.db", data), **options))


def cache(tmp_path, script):
    path = tmp_path / "cache.db"
    with sqlite3.connect(path) as db:
        db.executescript(script)
    db.close()
    return path


def test_items_with_their_state_and_feed():
    cock, gusts = read_sources([str(SAMPLE)])
    assert (cock.title, cock.url) == ("The weathercock’s view", "https://wind.example/cock")
    assert (cock.site, cock.author) == ("Wind, weekly", "Ada Reyes")
    assert (cock.published, cock.body) == (
        "2020-02-29T18:13:20+00:00", "It sees **everything**, one way at a time.")  # fmt: skip
    assert cock.state == State(read=True, starred=True)
    assert dict(cock.extra) == {"newsboat_flags": "s", "feed": "https://wind.example/feed.xml"}
    assert (gusts.body, gusts.state) == ("Monday: \\*none\\*.\n\nTuesday: one.", None)


def test_a_cache_in_an_archive_is_read_from_memory(tmp_path):
    path = tmp_path / "backup.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(SAMPLE, "cache.db")
    articles = list(read_sources([str(path)]))
    assert [a.type for a in articles] == ["newsboat", "newsboat"]
    assert articles[0].source == f"{path}/cache.db"


def test_a_cache_that_says_it_has_a_log_beside_it_is_read_all_the_same(tmp_path):
    data = SAMPLE.read_bytes()
    logged = data[:18] + b"\2\2" + data[20:]
    assert len(read(logged)) == 2
    path = tmp_path / "cache.db"
    path.write_bytes(logged)
    assert len(list(read_sources([str(path)]))) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["cache.db"]


def test_an_older_cache_with_fewer_columns(tmp_path):
    path = cache(
        tmp_path,
        "create table rss_item (guid, title, author, url, feedurl, pubDate, content, unread);"
        "insert into rss_item values "
        "('https://e.org/g', 'A <b>bold</b> &amp; old one', '', '', 'f', 5, '<p>x</p>', 1);",
    )
    (article,) = read_sources([str(path)])
    assert (article.url, article.body, article.published) == ("https://e.org/g", "x", "")
    assert article.title == "A bold & old one"


def test_another_database_is_rejected_and_named(tmp_path):
    path = cache(tmp_path, "create table other (a); insert into other values (1);")
    (rejected,) = read_sources([str(path)])
    assert "SQLite database" in rejected.reason
    (rejected,) = read_sources([str(path)], format="newsboat")
    assert rejected.reason == "it is an SQLite database, and none of newsboat's"
    (rejected,) = read(b"SQLite format 3\0" + b"x" * 500, format="newsboat")
    assert isinstance(rejected, Rejected)


def test_damage_costs_what_is_damaged():
    data = SAMPLE.read_bytes()
    broken = data.replace(b"not null, feedurl", b"\xb3ot null, feedurl")
    (rejected,) = read(broken, format="newsboat")
    assert "damaged" in rejected.reason
    for at in range(100, len(data), 1021):
        for record in read(data[:at] + b"\xff" * 50 + data[at + 50 :], format="newsboat"):
            assert isinstance(record, Article | Rejected)
            assert "reading it failed" not in getattr(record, "reason", "")


def test_a_view_that_never_ends_is_given_up(tmp_path, monkeypatch):
    import store.importers.newsboat

    monkeypatch.setattr(store.importers.newsboat, "_PATIENCE", 0.2)
    path = cache(
        tmp_path,
        "create view rss_item as with recursive n(i) as (select 1 union all select i + 1 from n "
        "where i > 0) select '' guid, max(i) title, '' url, 0 deleted from n;",
    )
    begin = time.process_time()
    (rejected,) = read_sources([str(path)])
    assert "damaged" in rejected.reason
    assert time.process_time() - begin < 15
