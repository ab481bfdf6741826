"""`broadsheet add --watch`, as a process of its own."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from store import Library

#: Seconds to wait for what is to come, on a machine with much else to do.
_PATIENCE = 60


class Watched:
    """The command at work on a directory."""

    def __init__(self, library, place, *options, ignored=()):
        def prepare():
            for number in (signal.SIGINT, signal.SIGHUP):  # whoever runs the tests may ignore them
                how = signal.SIG_IGN if number in ignored else signal.SIG_DFL
                signal.signal(number, how)

        command = [sys.executable, "-m", "tui", "--library", str(library), "add", "--watch"]
        self.process = subprocess.Popen(
            [*command, *options, str(place)], cwd=Path(__file__).parents[3], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ, preexec_fn=prepare,
        )  # fmt: skip
        self._lines = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def line(self):
        return self._lines.get(timeout=_PATIENCE)

    def nothing_more(self):
        return self._lines.empty()

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE)


@pytest.fixture
def place(home):
    place = home / "inbox"
    place.mkdir()
    return place


@pytest.fixture
def watch(library, place):
    begun = []

    def watch_(*options, **how):
        begun.append(Watched(library, place, *options, **how))
        return begun[-1]

    yield watch_
    for each in begun:
        each.process.kill()
        each.process.wait()
        each.process.stdout.close()


def note(path, text="A text about lanterns."):
    path.write_text(f"# {path.stem.title()}\n\n{text}\n")


def test_what_is_there_and_what_lands_is_taken_in_one_line_a_file(watch, place, library, home):
    note(place / "early.md")
    os.utime(place / "early.md", (1, 1))
    at_work = watch()
    assert at_work.line() == "1 added, 0 merged, 0 unchanged, 0 rejected"
    assert at_work.line().startswith("broadsheet: watching ")

    note(home / "moved.md", "Written elsewhere.")
    (home / "moved.md").rename(place / "moved.md")
    assert at_work.line() == f"{place}/moved.md: added 6: Moved"

    note(place / "early.md", "A text about lanterns, and more of it.")
    assert at_work.line() == f"{place}/early.md: updated 5: Early"

    for name in (".hidden.md", "film.md.part", "a.md~", "b.crdownload", ".git/c.md"):
        (place / name).parent.mkdir(exist_ok=True)
        note(place / name)
    (place / "broken.json").write_text("{")
    (place / "moved.md").unlink()
    (home / "deep" / "er").mkdir(parents=True)
    note(home / "deep" / "er" / "inner.md", "Inside.")
    (home / "deep").rename(place / "deep")
    said = sorted((at_work.line(), at_work.line()))
    assert said[0].startswith(f"{place}/broken.json: rejected: it is no JSON")
    assert said[1] == f"{place}/deep/er/inner.md: added 7: Inner"

    assert at_work.end(signal.SIGINT) == 130
    assert at_work.nothing_more()
    with Library(library) as opened:
        assert len(opened) == 7
        assert opened.get(5).body.endswith("more of it.")


def test_a_link_that_leads_out_is_refused_when_it_lands_and_before(watch, place, home, library):
    (home / "others").mkdir()
    note(home / "others" / "secret.md")
    (place / "early.md").symlink_to(home / "others" / "secret.md")
    (place / "before").symlink_to(home / "others")
    at_work = watch("--json")
    told = ""  # what both streams say, in whatever order, in one report or two
    while not ("watching " in told and "early.md" in told and "/before" in told):
        told += at_work.line()
    assert told.count("a link leads out of") == 2
    (place / "late.md").symlink_to(home / "others" / "secret.md")
    assert "a link leads out of" in at_work.line()
    (place / "all").symlink_to(home / "others")
    assert "a link leads out of" in at_work.line()
    note(place / "own.md")
    assert '"added": [5]' in at_work.line()
    assert at_work.end(signal.SIGINT) == 130
    assert at_work.nothing_more()
    with Library(library) as opened:
        assert len(opened) == 5


def test_a_file_that_is_written_slowly_is_taken_in_once_and_whole(watch, place):
    at_work = watch()
    assert at_work.line().startswith("broadsheet: watching ")
    with (place / "slow.md").open("w") as file:
        for part in ("# Slow\n\n", "It came ", "in parts."):
            file.write(part)
            file.flush()
            time.sleep(1.3)  # longer than a file has to rest: that it is open is what tells
        assert at_work.nothing_more()
    assert at_work.line() == f"{place}/slow.md: added 5: Slow"
    assert at_work.end(signal.SIGTERM) == 143


def test_a_hangup_ends_it_and_a_directory_that_goes_is_told(watch, place):
    at_work = watch("--json")
    assert at_work.line().startswith("broadsheet: watching ")
    note(place / "one.md")
    assert '"added": [5]' in at_work.line()
    assert at_work.end(signal.SIGHUP) == 129
    at_work = watch()
    at_work.line()
    at_work.line()
    (place / "one.md").unlink()
    place.rmdir()
    assert "it is gone" in at_work.line()
    assert at_work.process.wait(_PATIENCE) == 1


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
def test_a_signal_that_was_ignored_at_the_start_does_not_end_it(watch, place, number):
    at_work = watch(ignored=[number])
    assert at_work.line().startswith("broadsheet: watching ")
    for name in ("one", "two"):
        at_work.process.send_signal(number)
        note(place / f"{name}.md")
        assert f"{name}.md: added" in at_work.line()
    assert at_work.end(signal.SIGTERM) == 143


def test_only_directories_are_watched(run, place, home):
    note(home / "file.md")
    for source in (home / "file.md", "https://a.example/", home / "nowhere"):
        said = run("add", "--watch", source)
        assert said.status == 2
        assert "is no directory" in said.err
    assert run("add", "--watch", "--dry-run", place).status == 2
