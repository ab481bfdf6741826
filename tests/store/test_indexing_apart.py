"""Much text is indexed by another process, and by this one where that cannot be."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from store import Article, Library
from store.places import index_directory

MANY = 1_500

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")


@pytest.fixture
def path(tmp_path):
    """A library of which no word is indexed yet."""
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        library.add(
            [Article(title=f"Number {n}", body=f"The lamp of quay{n}. " * 20) for n in range(MANY)]
        )
    return tmp_path / "library.json"


def opened(path):
    return Library(path, cache_dir=path.parent / "cache")


def indexers(of="self"):
    """The processes that index for another one, while they run."""
    found = []
    for children in Path(f"/proc/{of}/task").glob("*/children"):
        with suppress(OSError):  # a thread or a process that ended just now
            for pid in children.read_text().split():
                if b"apart" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(int(pid))
    return found


def runs(pid):
    """Whether a process is at work; one that nobody has asked how it ended is not."""
    with suppress(OSError):
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    return False


def until(condition, seconds=20.0):
    end = monotonic() + seconds
    while not (answer := condition()):
        assert monotonic() < end, "it never came to be"
        sleep(0.002)
    return answer


@pytest.fixture
def held(path):
    """The lock on the full text is somebody else's: who wants to index waits."""
    directory, _ = index_directory(path, path.parent / "cache")
    lock = directory / "words.lock"
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def found(library):
    return [library.find(f"quay{n}").count for n in (0, 7, MANY - 1)]


@linux
def test_another_process_indexes_much_and_leaves_nothing_behind(path):
    with opened(path) as library:
        assert until(indexers)
        until(lambda: library.indexing is None)
        assert found(library) == [1, 1, 1]
        assert library.find("lamp").count == MANY
        assert not indexers()


@linux
def test_what_is_added_while_it_works_is_found_too(path):
    with opened(path) as library:
        until(indexers)
        library.add([Article(title="Late", body="The lighthouse.")])
        library.wait_until_searchable()
        assert found(library) == [1, 1, 1]
        assert library.find("lighthouse").count == 1


@linux
def test_one_that_is_killed_costs_nothing_but_time(path):
    with opened(path) as library:
        (indexer,) = until(indexers)
        os.kill(indexer, signal.SIGKILL)
        library.wait_until_searchable()
        assert found(library) == [1, 1, 1]


@linux
def test_closing_ends_it_and_the_next_one_goes_on(path, held):
    with opened(path) as library:
        until(indexers)
        assert library.indexing is not None
    assert not indexers()
    held.close()
    with opened(path) as library:
        library.wait_until_searchable()
        assert found(library) == [1, 1, 1]


@linux
def test_it_ends_with_the_process_it_works_for(path, held):
    program = (
        "import sys; from store import Library; library = Library(sys.argv[1], cache_dir="
        "sys.argv[2]); library.wait_until_searchable(); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(path), str(path.parent / "cache")]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        try:
            (indexer,) = until(lambda: indexers(process.pid))
        finally:
            process.kill()
    until(lambda: not runs(indexer))
    held.close()
    with opened(path) as library:
        library.wait_until_searchable()
        assert found(library) == [1, 1, 1]


@linux
def test_it_gives_way_to_who_reads(path, held):
    with opened(path):
        (indexer,) = until(indexers)
        mine = os.getpriority(os.PRIO_PROCESS, 0)
        until(lambda: os.getpriority(os.PRIO_PROCESS, indexer) > mine)


def test_why_it_failed_is_in_the_log(path, tmp_path, monkeypatch, caplog):
    broken = tmp_path / "broken" / "sitecustomize.py"
    broken.parent.mkdir()
    broken.write_text("import sys\nsys.modules['tantivy'] = None\n")
    monkeypatch.setenv("PYTHONPATH", str(broken.parent))
    caplog.set_level("INFO")
    with opened(path) as library:
        until(lambda: found(library) == [1, 1, 1])
    assert "Traceback" in caplog.text
    assert "import of tantivy halted" in caplog.text


@pytest.mark.parametrize("python", ["/nowhere/python", "/bin/false", ""])
def test_where_there_can_be_no_other_process_this_one_indexes(path, python, monkeypatch):
    monkeypatch.setattr(sys, "executable", python)
    with opened(path) as library:
        until(lambda: found(library) == [1, 1, 1])  # though nobody waits for it


@linux
def test_few_articles_are_not_worth_a_process(tmp_path):
    with Library(tmp_path / "library.json", cache_dir=tmp_path / "cache") as library:
        library.add([Article(title=f"Number {n}", body="The lamp.") for n in range(600)])
    with opened(tmp_path / "library.json") as library:
        while library.indexing is not None:
            assert not indexers()
        assert library.find("lamp").count == 600
