"""The library file: opening, reading one, adding one, marking, memory; against stock TinyDB."""

from __future__ import annotations

import random
import shutil
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.benchmarks import corpus, files
from tests.benchmarks.figures import Figure
from tests.benchmarks.fresh import Figures, measure, memory, timed

#: Above this size stock TinyDB needs more memory than many machines have.
_STOCK_LIMIT = 200_000
_NUMBER_OF_NEW = 20


def figures(size: int, library: Path, cache: Path) -> Iterator[Figure]:
    """All figures of the library file.

    Args:
        size: Articles in it.
        library: A copy of the library that may be written to.
        cache: Its side index, complete.
    """
    stock: Figures = {}
    if size <= _STOCK_LIMIT:
        copy = files.work(f"stock-{size}") / "stock.json"
        shutil.copyfile(files.stock(size), copy)
        stock = measure(stock_tinydb, path=copy, size=size)
        shutil.rmtree(copy.parent)
    opened = measure(open_library, runs=5, path=library, cache=cache)
    got = measure(get_one, path=library, cache=cache, size=size)
    marked = measure(mark_one, path=library, cache=cache, size=size)
    added = measure(add_one, path=library, cache=cache, size=size)

    def figure(what: str, value: float, name: str, reach: float | None, unit: str = "s") -> Figure:
        reference = f"stock TinyDB {name}" if stock else ""
        return Figure(what, value, unit, size, reference, stock.get(name), reach)

    yield figure("open to the 50 newest rows", opened["open"], "open", 1 / 1_000)
    yield figure("memory with the list open", opened["memory"], "memory", 1 / 20, "B")
    yield figure("open one article", got["get"], "get", 1 / 100_000)
    yield figure("add one, on disk and listed", added["add"], "insert", 1 / 1_000)
    yield figure("add one and find it by a word", added["find"], "insert", None)
    yield figure("mark read: the calling thread", marked["mark"], "update", 1 / 1_000)
    yield figure("mark read: until on disk", marked["flush"], "update", 1 / 1_000)
    yield Figure("... with every article marked before", marked["flush_full"], "s", size,
                 reach_value=1.0)  # fmt: skip


def stock_tinydb(path: str, size: int) -> Figures:
    """The same work done by TinyDB as it comes."""
    from tinydb import TinyDB

    begin = time.perf_counter()
    articles = TinyDB(path).table("articles")
    newest = sorted(articles.all(), key=lambda article: article["published"], reverse=True)[:50]
    opened = time.perf_counter() - begin
    held = memory()
    del newest
    new = next(corpus.articles(size, size + 1)).to_document()
    return {
        "open": opened,
        "memory": held,
        "get": timed(articles.get, doc_id=size // 2),
        "insert": timed(articles.insert, new),
        "update": timed(articles.update, {"read": True}, doc_ids=[size // 3]),
    }


def open_library(path: str, cache: str) -> Figures:
    """Open, and show the first page."""
    from store import Library

    begin = time.perf_counter()
    library = Library(path, cache_dir=Path(cache))
    rows = library.newest(50)
    opened = time.perf_counter() - begin
    held = memory()
    assert len(rows) == 50
    library.close()
    return {"open": opened, "memory": held}


def get_one(path: str, cache: str, size: int) -> Figures:
    """Read single articles from all over the file."""
    from store import Library

    with Library(path, cache_dir=Path(cache)) as library:
        numbers = random.Random(1).choices(range(1, size + 1), k=300)
        library.get(1)  # what is imported at first use was never part of reading an article
        return {"get": statistics.median(timed(library.get, number) for number in numbers)}


def mark_one(path: str, cache: str, size: int) -> Figures:
    """Mark articles read one by one, as a reader does; then with every article marked."""
    from store import Library

    reading_file = Path(path).with_suffix(".reading.json")
    with Library(path, cache_dir=Path(cache)) as library:
        marks, flushes = [], []
        for number in random.Random(2).sample(range(1, size + 1), 50):
            marks.append(timed(library.mark, [number], read=True))
            flushes.append(timed(library.flush))
        library.mark(range(1, size + 1), read=True)
        library.flush()
        full = []
        for number in range(1, 6):
            library.mark([number], read=number % 2 == 0)
            full.append(timed(library.flush))
        assert reading_file.exists()
        return {
            "mark": statistics.median(marks),
            "flush": statistics.median(flushes),
            "flush_full": statistics.median(full),
        }


def add_one(path: str, cache: str, size: int) -> Figures:
    """Add articles one by one, as a reader does, and look each up."""
    from store import Library

    new = [
        replace(article, id=0, body=f"{article.body}\n\nZyzzyva{number}")
        for number, article in enumerate(corpus.articles(size, size + _NUMBER_OF_NEW))
    ]
    adding, finding = [], []
    with Library(path, cache_dir=Path(cache)) as library:
        library.find("the").hits(0, 1)
        for number, article in enumerate(new):
            begin = time.perf_counter()
            report = library.add([article])
            added = time.perf_counter()
            found = library.find(f"zyzzyva{number}")
            finding.append(time.perf_counter() - begin)
            adding.append(added - begin)
            assert list(found.ids) == report.added
    return {"add": statistics.median(adding), "find": statistics.median(finding)}
