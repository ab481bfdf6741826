"""Importing: Markdown and links with their index, and web pages against trafilatura alone."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from store import Article
from tests.benchmarks import files
from tests.benchmarks.figures import Figure
from tests.benchmarks.fresh import Figures, measure, peak_memory

_MARKDOWN_FILES = 3_000
_LINKS = 20_000
_PAGES = 150
_JSON_ARTICLES = 20_000


def figures() -> Iterator[Figure]:
    """All figures of importing."""
    place = files.work("import")
    imported = measure(
        import_all, sources=files.markdown(_MARKDOWN_FILES), library=place / "library.json",
        count=_MARKDOWN_FILES,
    )  # fmt: skip
    yield Figure("import Markdown, with index", _MARKDOWN_FILES / imported["all"], "/s",
                 reach_value=1_000)  # fmt: skip
    yield Figure("... until listed and on disk", _MARKDOWN_FILES / imported["added"], "/s")
    links = measure(
        import_all, sources=files.links(_LINKS), library=place / "links.json", count=_LINKS
    )
    yield Figure("import a table of links, with index", _LINKS / links["all"], "/s",
                 reach_value=1_000)  # fmt: skip
    for what, source, count in (
        ("an export in JSON", _exported(), _JSON_ARTICLES),
        ("a TinyDB file", files.stock(_JSON_ARTICLES), _JSON_ARTICLES),
    ):
        target = place / f"{count}-{what.split()[-1]}" / "library.json"
        target.parent.mkdir()
        imported = measure(import_all, sources=source, library=target, count=count)
        yield Figure(f"import {what}, with index", count / imported["all"], "/s",
                     reach_value=1_000)  # fmt: skip
        yield Figure("... memory at most", imported["memory"], "B",
                     reach_value=400 * 2**20)  # fmt: skip
    pages = measure(import_pages, runs=3, sources=files.pages(_PAGES))
    yield Figure("import a web page", pages["ours"] / _PAGES, "s", 0, "trafilatura alone",
                 pages["trafilatura"] / _PAGES, 1.3)  # fmt: skip
    yield Figure("... by itself, where it can be given up", pages["apart"] / _PAGES, "s",
                 reach_value=0.06)  # fmt: skip
    shutil.rmtree(place)


def import_all(sources: str, library: str, count: int) -> Figures:
    """Add a file or directory to a new library, until all of its articles can be searched."""
    from store import Library
    from store.importers import read_sources

    path = Path(library)
    begin = time.perf_counter()
    with Library(path, cache_dir=path.parent / "cache") as opened:
        report = opened.add(read_sources([sources]))
        added = time.perf_counter() - begin
        opened.wait_until_searchable()
        done = time.perf_counter() - begin
    assert len(report.added) == count, report.summary()
    return {"added": added, "all": done, "memory": peak_memory()}


def _exported() -> Path:
    """A library as `export` writes it."""

    def write(path: Path) -> None:
        from store import Library, export_articles

        place = files.work("export")
        shutil.copyfile(files.library(_JSON_ARTICLES), place / "library.json")
        with Library(place / "library.json", cache_dir=place / "cache") as library:
            library.wait_until_listed()
            export_articles(library, str(path), format="json", force=True)

    return files.made(f"exported-{_JSON_ARTICLES}.json", write)


def import_pages(sources: str) -> Figures:
    """Extract the articles of web pages, by turns with trafilatura so that both meet the same.

    Both in this process: another one, which the import begins, may have a core for itself.  What
    a page takes by that way is the third figure.
    """
    from trafilatura import bare_extraction

    from store.importers import deadline, read_sources

    pages = sorted(Path(sources).iterdir())

    def ours(page: Path) -> None:
        (article,) = read_sources([str(page)])
        assert isinstance(article, Article), article

    def theirs(page: Path) -> None:
        bare_extraction(page.read_bytes(), with_metadata=True, include_formatting=True,
                        include_links=True)  # fmt: skip

    def spent(*ways: Callable[[Path], None]) -> list[float]:
        sums = [0.0] * len(ways)
        for way in ways:
            way(pages[0])
        for page in pages:
            for number, way in enumerate(ways):
                begin = time.perf_counter()
                way(page)
                sums[number] += time.perf_counter() - begin
        return sums

    (apart,) = spent(ours)
    deadline.read_all_here()
    own, alone = spent(ours, theirs)
    return {"ours": own, "trafilatura": alone, "apart": apart}
