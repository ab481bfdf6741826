"""The side index: building it, its size, and searching it.

Measured are mixed queries, typing, the shortest beginnings, words with filters, one word against
ripgrep; and where articles that are known come among the hits.
"""

from __future__ import annotations

import random
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from string import ascii_lowercase

from tests.benchmarks import corpus, finding
from tests.benchmarks.figures import Figure
from tests.benchmarks.fresh import Figures, measure, peak_memory, percentile, timed

_SNIPPETS = 20
_LISTED = 50
_SCANS = 5
_KINDS = {
    "mixed": "search, mixed queries",
    "typing": "search, each keystroke",
    "short": "search, one letter and two",
    "filtered": "search, words and filters",
}


def figures(size: int, library: Path, cache: Path) -> Iterator[Figure]:
    """All figures of building and searching; leaves a complete side index in `cache`."""
    built = measure(build, path=library, cache=cache)
    yield Figure(
        "build the index", size / built["all"], "/s", size, reach_value=1_500, anywhere=size > 1_000
    )
    yield Figure("... until there is a list", built["list"], "s", size)
    yield Figure("... until all are in the list", built["listed"], "s", size)
    yield Figure("... memory at most", built["memory"], "B", size, reach_value=300 * 2**20,
                 anywhere=True)  # fmt: skip
    data = library.stat().st_size
    yield Figure("size of the index", built["size"], "B", size, "the library", data, 0.5)
    found = measure(search, path=library, cache=cache)
    limit = 0.060 if size > 100_000 else 0.020
    for kind, what in _KINDS.items():
        yield Figure(f"{what}: p50", found[f"{kind}_p50"], "s", size)
        yield Figure(
            f"{what}: p95", found[f"{kind}_p95"], "s", size, reach_value=limit, anywhere=True
        )
    if scanner := shutil.which("rg"):
        words = scanned_words()
        scans = [timed(_scan, scanner, word, library) for word in words]
        scan = statistics.median(scans)
        yield Figure("search one word", found["word"], "s", size, "ripgrep", scan, 1 / 20)
    else:
        yield Figure("search one word (no ripgrep here)", found["word"], "s", size)

    means = measure(known, path=library, cache=cache, size=size)
    for kind, mean in means.items():
        yield Figure(f"known items, {kind}: 1 - MRR", 1 - mean, "", size)
    lost = 1 - statistics.mean(means.values())
    yield Figure("known items: 1 - MRR", lost, "", size, reach_value=0.03, anywhere=True)


def build(path: str, cache: str) -> Figures:
    """Open a library that has no index yet, and wait until all can be found."""
    from store import Library

    begin = time.perf_counter()
    with Library(path, cache_dir=Path(cache)) as library:
        library.newest(50)
        first = time.perf_counter() - begin
        library.wait_until_listed()
        listed = time.perf_counter() - begin
        library.wait_until_searchable()
        done = time.perf_counter() - begin
    size = sum(file.stat().st_size for file in Path(cache).rglob("*") if file.is_file())
    return {"list": first, "listed": listed, "all": done, "memory": peak_memory(), "size": size}


def search(path: str, cache: str) -> Figures:
    """Search as the app does: the 50 best as rows, 20 of them with snippets."""
    from store import Library

    with Library(path, cache_dir=Path(cache), readonly=True) as library:
        library.prepare_search()  # as opening the search pane does

        def run(query: str, *, typing: bool = False) -> float:
            begin = time.perf_counter()
            result = library.find(query, typing=typing)
            result.rows(0, _LISTED)
            result.hits(0, _SNIPPETS)
            return time.perf_counter() - begin

        for word in corpus.vocabulary()[:5]:
            run(word)
        taken = {
            "mixed": [run(query) for query in mixed_queries()],
            "typing": [
                run(word[:end], typing=True)
                for word in typed_words()
                for end in range(1, len(word) + 1)
            ],
            "short": [run(start, typing=True) for start in short_beginnings()],
            "filtered": [run(query, typing=True) for query in filtered_queries()],
        }
        words = [run(word) for word in scanned_words()]
    found = {"word": statistics.median(words)}
    for kind, times in taken.items():
        found |= {f"{kind}_p50": percentile(times, 0.5), f"{kind}_p95": percentile(times, 0.95)}
    return found


def known(path: str, cache: str, size: int) -> Figures:
    """The mean reciprocal rank of articles that are known, by the kind of query."""
    from store import Library

    with Library(path, cache_dir=Path(cache), readonly=True) as library:
        return {
            kind: finding.mean_reciprocal_rank(library, items)
            for kind, items in finding.known_items(size).items()
        }


def mixed_queries() -> list[str]:
    """200 queries of every kind: words from everywhere to rare, together, phrases, beginnings."""
    rng = random.Random(f"{corpus.SEED} queries")
    words = corpus.vocabulary()
    frequent, common = words[:20], words[20:400]
    middle, rare = words[400:4_000], words[10_000:50_000]
    runs = _runs_of_words()
    queries = [*rng.sample(frequent, 10), *rng.sample(common, 30), *rng.sample(middle, 25)]
    queries += rng.sample(rare, 25)
    for first, second in ((common, common), (common, middle), (middle, middle)):
        queries += (f"{rng.choice(first)} {rng.choice(second)}" for _ in range(10))
    for length in (2, 3):
        for run in rng.sample(runs, 10):
            at = rng.randrange(len(run) - length)
            queries.append('"{}"'.format(" ".join(run[at : at + length])))
    for length in (1, 2, 3, 4):
        queries += (f"{rng.choice(middle)[:length]}*" for _ in range(10))
    queries += (f"{rng.choice(middle)} published:{rng.randint(2015, 2024)}" for _ in range(10))
    queries += (f"{rng.choice(middle)} -{rng.choice(common)}" for _ in range(10))
    return queries


def typed_words() -> list[str]:
    """30 queries of one or two words, to be typed letter by letter."""
    rng = random.Random(f"{corpus.SEED} typing")
    words = [word for run in _runs_of_words() for word in run if len(word) > 4]
    return [" ".join(rng.sample(words, rng.randint(1, 2))) for _ in range(30)]


def short_beginnings() -> list[str]:
    """Each letter, and each with another after it."""
    rng = random.Random(f"{corpus.SEED} beginnings")
    return [*ascii_lowercase, *(letter + rng.choice("aeiouhlrt") for letter in ascii_lowercase)]


def filtered_queries() -> list[str]:
    """Words of every frequency with each kind of filter, alternatives and what is left out."""
    rng = random.Random(f"{corpus.SEED} filters")
    words = corpus.vocabulary()
    shapes = (
        "{} is:unread", "{} is:starred", "{} published:2017..2018", "{} published:2017-03",
        "tag:{tag} {}", "{} words:>1000", "lang:en {}", "-{}", "{other} -{}", "{} OR {other}",
        "({} OR is:starred)", "sort:published {}", "title:{}",
    )  # fmt: skip
    return [
        shape.format(
            rng.choice(among),
            other=rng.choice(words[400:4_000]),
            tag=rng.choice(corpus.tags()[:20]),
        )
        for among in (words[:20], words[20:400], words[400:4_000])
        for shape in shapes
    ]


def scanned_words() -> list[str]:
    """Words of middling frequency, to compare with a scan of the file."""
    return random.Random(f"{corpus.SEED} scans").sample(corpus.vocabulary()[400:4_000], _SCANS)


def _runs_of_words() -> list[list[str]]:
    """Words side by side in the corpus, from its first articles."""
    bodies = (article.body for article in corpus.articles(0, 40) if article.lang == "en")
    sentences = (re.findall(r"[a-z]+", body.partition(".")[0].lower()) for body in bodies)
    return [sentence for sentence in islice(sentences, 30) if len(sentence) > 4]


def _scan(scanner: str, word: str, library: Path) -> None:
    subprocess.run(
        [scanner, "--ignore-case", "--word-regexp", "--count", "--", word, str(library)],
        stdout=subprocess.DEVNULL,
        check=False,  # 1 when the word is nowhere
    )
