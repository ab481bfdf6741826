"""Sources that are read in other processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store import Article, Rejected
from store.importers import read_sources
from store.importers.pool import Pool, workers_for
from store.importers.worker import Begun, Job

#: Put before the readers in each process: what a text says is done instead of reading it.
_SPOILT = """
import os, signal, time
from store.importers import markdown

def read(source, real=markdown.read_markdown):
    if b"CRASH" in source.data:
        os.kill(os.getpid(), signal.SIGSEGV)
    if b"HANG" in source.data:
        time.sleep(1000)
    if b"MEMORY" in source.data:
        bytearray(1 << 40)
    yield from real(source)
    if b"LATE" in source.data:
        os.kill(os.getpid(), signal.SIGSEGV)

markdown.read_markdown = read
"""


@pytest.fixture
def spoilt(tmp_path, monkeypatch):
    """Readers that crash and hang where the text says so."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(_SPOILT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))


@pytest.fixture
def files(tmp_path):
    """Makes files of texts; their directory."""

    def make(texts):
        place = tmp_path / "files"
        place.mkdir()
        for number, text in enumerate(texts):
            (place / f"{number:03}.md").write_text(f"# Title {number}\n\n{text}\n")
        return place

    return make


def test_articles_come_in_the_order_of_their_names_and_all_of_them(files):
    place = files("text " * (1 + n % 7 * 3_000) for n in range(60))
    told = []
    records = list(
        read_sources([str(place)], workers=3, on_source=lambda name, done, n: told.append(done))
    )
    assert [r.title for r in records] == [f"Title {n}" for n in range(60)]
    assert records == list(read_sources([str(place)], workers=0))
    assert told == list(range(61))


def test_a_reader_that_crashes_costs_one_source(spoilt, files):
    place = files("CRASH" if n in (0, 7, 39) else "LATE" if n == 20 else "fine" for n in range(40))
    records = list(read_sources([str(place)], workers=2))
    rejected = [r for r in records if isinstance(r, Rejected)]
    assert [Path(r.source).stem for r in rejected] == ["000", "007", "020", "039"]
    assert all("crashed (SIGSEGV)" in r.reason for r in rejected)
    titles = [r.title for r in records if isinstance(r, Article)]
    assert titles == [f"Title {n}" for n in range(40) if n not in (0, 7, 20, 39)]


def test_a_source_that_takes_too_much_memory_is_rejected_and_the_rest_goes_on(spoilt, files):
    place = files("MEMORY" if n == 1 else "fine" for n in range(4))
    records = list(read_sources([str(place)], workers=1))
    assert [type(r) for r in records] == [Article, Rejected, Article, Article]
    assert "not enough memory" in records[1].reason


def test_a_source_that_takes_too_long_is_given_up(spoilt, files):
    place = files("HANG" if n == 1 else "fine" for n in range(5))
    jobs = [Job(n, str(name), None, False) for n, name in enumerate(sorted(place.iterdir()))]
    with Pool(2, patience=2.0) as pool:
        records = [r for r in pool.read(jobs) if not isinstance(r, Begun)]
    assert [type(r) for r in records] == [Article, Rejected, Article, Article, Article]
    assert records[1].reason == "it took longer than 2 seconds and was given up"


def test_a_pool_that_is_left_early_leaves_no_process_behind(spoilt, files):
    place = files(["fine", *["HANG"] * 5])
    others = _children(os.getpid())  # one that reads pages rests before it ends
    records = read_sources([str(place)], workers=2)
    assert next(records).title == "Title 0"
    assert set(_children(os.getpid())) - set(others)
    records.close()
    assert not set(_children(os.getpid())) - set(others)


def test_workers_end_with_the_process_they_read_for(spoilt, files):
    place = files(["HANG"] * 4)
    code = (
        "import sys\nfrom store.importers import read_sources\n"
        "list(read_sources(sys.argv[1:], workers=2))"
    )
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", code, str(place)], cwd=root) as process:
        try:
            workers = _until(lambda: len(c := _children(process.pid)) == 2 and c)
        finally:
            process.send_signal(signal.SIGKILL)
    _until(lambda: not any(_runs(worker) for worker in workers))


def test_few_files_are_read_by_this_process_alone_but_for_pdfs():
    assert workers_for(["a.md"] * 20) == 0
    assert workers_for(["a.md"] * 200) >= 1
    assert workers_for(["a.html"] * 5) == 0
    assert workers_for(["a.html"] * 6) >= 1
    assert workers_for(["a.pdf"]) == 1


def _children(pid):
    """Processes that any thread of a process has begun."""
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += children.read_text().split()
        except OSError:
            continue
    return found


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return value


def test_a_large_page_is_read_where_it_can_be_given_up(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<p>a page of usual length</p>")
    assert workers_for([str(page)]) == 0
    page.write_text("<p>" + "word " * 300_000 + "</p>")
    assert workers_for([str(page)]) == 1


def test_a_library_in_json_is_read_by_a_process_with_little_memory(tmp_path):
    library = tmp_path / "library.json"
    documents = {
        str(n): {"title": f"Tide {n}", "body": "Low water. " * 20_000} for n in range(1, 4)
    }
    library.write_text(json.dumps({"articles": documents}))
    records = list(read_sources([str(library)], workers=1))
    assert [record.title for record in records] == ["Tide 1", "Tide 2", "Tide 3"]
