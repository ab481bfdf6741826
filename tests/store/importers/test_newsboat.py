"""newsboat's cache: what is kept of an item, and caches of other versions or broken ones."""

from __future__ import annotations

import sqlite3
import struct
import zipfile
from pathlib import Path

import pytest

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


COUNT = "with recursive n(i) as (select 1 union all select i + 1 from n where i > 0) "


@pytest.mark.parametrize(
    "columns", ["'t' || i title, '' url", "max(i) title, '' url", "hex(zeroblob(900000)) title, ''"]
)
def test_a_view_in_place_of_the_table_of_items_is_refused(tmp_path, columns):
    path = cache(tmp_path, f"create view rss_item as {COUNT} select {columns} from n;")
    (rejected,) = read_sources([str(path)])
    assert rejected.reason == "its rss_item is no table of items but a query for them"


def test_a_view_of_feeds_is_passed_over(tmp_path):
    path = cache(
        tmp_path,
        "create table rss_item (title, url); insert into rss_item values ('t', 'https://e.org/');"
        f"create view rss_feed as {COUNT} select 'f' || i rssurl, '' title, '' url from n;",
    )
    (article,) = read_sources([str(path)])
    assert article.title == "t"


def test_a_value_for_what_rows_lack_does_not_multiply(tmp_path):
    path = cache(
        tmp_path,
        "create table rss_item (title, url);"
        "with n(i) as (select 1 union all select i + 1 from n where i < 2000) "
        "insert into rss_item select 't', 'https://e.org/' || i from n;"
        f"alter table rss_item add column content default '{'x' * 100_000}';",
    )
    *articles, rejected = read_sources([str(path)])
    assert rejected.reason == "the database gives more text than its file holds"
    assert len(articles) < 3


def test_pages_that_name_one_page_over_and_over_are_refused(tmp_path):
    size = 512
    path = cache(
        tmp_path,
        f"pragma page_size = {size}; create table rss_item (title, url);"
        "insert into rss_item values ('t', '');"
        "create table a (b); create table c (d); create table e (f);",
    )
    data = bytearray(path.read_bytes())
    leaf = data[size : 2 * size]
    # Page 2 is the table: it names page 3 forty times, that page 4, that page 5.
    for page in (2, 3, 4):
        cells = b"".join(struct.pack(">H", size - 5 * k) for k in range(1, 41))
        head = struct.pack(">BHHHBI", 5, 0, 40, size - 200, 0, page + 1)
        cell = struct.pack(">IB", page + 1, 1)
        data[(page - 1) * size : page * size] = (head + cells).ljust(size - 200, b"\0") + cell * 40
    data[4 * size : 5 * size] = leaf
    (rejected,) = read(bytes(data), format="newsboat")
    assert rejected.reason == f"a table in it has more than {len(data) // 4:,} rows"


def test_an_item_that_is_too_large_is_rejected_by_itself(tmp_path):
    path = cache(
        tmp_path,
        "create table rss_item (title, url, content);"
        "insert into rss_item values ('a', '', 'x'), ('b', '', zeroblob(40000000)), "
        "('c', '', 'x');",
    )
    a, rejected, c = read_sources([str(path)])
    assert (a.title, c.title) == ("a", "c")
    assert (rejected.item, rejected.reason) == ("item 2", "it is larger than 32 MiB")
