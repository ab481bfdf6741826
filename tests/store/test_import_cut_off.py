"""An import that is killed in the middle: whole articles only, and it goes on when repeated."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store import Article, Library
from store.importers import read_sources

_ARTICLES = 400
_CODE = """
import sys
from store import Library
from store.importers import read_sources
import store.adding
store.adding.BATCH_ARTICLES = 7  # many writes, many moments between them
with Library(sys.argv[1], cache_dir=sys.argv[2]) as library:
    print("begun", flush=True)
    library.add(read_sources(sys.argv[3:]), on_progress=lambda report: print(flush=True))
"""


def text(number):
    return f"Number {number} says: " + f"so it is with {number}. " * 30


@pytest.fixture
def export(open_library, tmp_path):
    """An exported library whose articles have states and highlights."""
    from store import Highlight, export_articles

    library = open_library(tmp_path / "from.json", cache="from")
    library.add(Article(title=f"No {n}", body=text(n)) for n in range(1, _ARTICLES + 1))
    library.mark(range(1, _ARTICLES + 1, 3), read=True, starred=True)
    for id in range(1, _ARTICLES, 50):
        library.highlight(Highlight(id, quote=f"with {id}"))
    library.flush()
    export_articles(library, str(tmp_path / "all.json"), format="json")
    return tmp_path / "all.json"


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_import_leaves_whole_articles_and_goes_on(export, tmp_path, seed):
    path, cache = tmp_path / "to.json", tmp_path / "cache"
    command = [sys.executable, "-c", _CODE, str(path), str(cache), str(export)]
    rng = random.Random(seed)
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True
    ) as process:
        for _ in range(1 + rng.randrange(30)):
            process.stdout.readline()
        time.sleep(rng.random() * 0.02)  # any moment within a write
        process.send_signal(signal.SIGKILL)
    with Library(path, cache_dir=cache) as library:
        library.wait_until_listed()
        before = len(library)
        for id in range(1, before + 1):
            article = library.stored(id)
            assert (article.title, article.body) == (f"No {id}", text(id))
        report = library.add(read_sources([str(export)]))
        assert len(report.added) == _ARTICLES - before
        assert (report.rejected, len(library)) == ([], _ARTICLES)
        again = library.add(read_sources([str(export)]))
        assert (again.unchanged, again.added, again.merged) == (_ARTICLES, [], [])
        for id in range(1, _ARTICLES + 1):
            assert library.state(id).starred is (id % 3 == 1)
        assert [h.quote for h in library.highlights()] == [
            f"with {id}" for id in range(1, _ARTICLES, 50)
        ]
