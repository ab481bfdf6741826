"""Standard input, output and errors that are closed or full, and readers that went away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from store import Library
from tui.cli import COMMANDS

ROOT = Path(__file__).parents[3]

#: A command line or more of each command; what they need is made by `prepared`.
LINES = {
    "demo": ["demo"],
    "add": ["add note.md missing.md", "add -"],
    "feed": ["feed export", "feed import -"],
    "fetch": ["fetch tag:none"],
    "list": ["list (((", "list --help"],
    "search": ["search --json lamp"],
    "show": ["show 1"],
    "tag": ["tag --all +seen", "tag ((( +seen"],
    "highlights": ["highlights"],
    "stats": ["stats"],
    "export": ["export --format json", "export --format json -o out.json"],
    "view": ["view list", "view rm nothing"],
    "backup": ["backup -"],
    "restore": ["restore --list"],
    "doctor": ["doctor"],
    "config": ["config --print-default"],
    "completion": ["completion bash"],
    "": [""],
}  # fmt: skip
lines = pytest.mark.parametrize("line", [line for each in LINES.values() for line in each])

#: What commands may end with that are not broken off.
ENDINGS = (0, 1, 2)


@pytest.fixture
def shell(library, home):
    """Runs a command line by a shell that redirects it as `how` says."""
    (home / "note.md").write_text("# A note\n\nIt says little.\n")

    def run(line, how):
        command = f'exec "$0" -m tui --library "$1" $2 {how}'
        return subprocess.run(
            ["sh", "-fc", command, sys.executable, str(library), line], cwd=home,
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, errors="replace", timeout=120,
        )  # fmt: skip

    return run


def is_plain(said):
    """Whether errors are told as they are to be: no failure of the program's own, nothing else."""
    odd = ("Traceback", "unexpected", "Exception ignored", "NoneType")
    return not any(word in said for word in odd)


def test_every_command_is_tried():
    assert set(LINES) == {*COMMANDS, ""}


@lines
def test_what_is_closed_before_the_start_reads_and_writes_nothing(shell, library, line):
    before = library.read_bytes()
    for how in (">&-", "<&- 2>&-"):
        ended = shell(line, how)
        assert ended.returncode in ENDINGS, (how, ended)
        assert is_plain(ended.stdout + ended.stderr), (how, ended)
    with Library(library, readonly=True) as opened:
        assert len(opened) == 4 + line.startswith("add") * ("note" in line)
    # What is printed goes into no file that happened to get the number of a closed one.
    assert library.read_bytes().startswith(before[: len(before) // 2])


@pytest.mark.parametrize("line", ["list", "export --format json"])
def test_an_output_that_is_closed_is_told_in_one_line(shell, line):
    closed = shell(line, ">&-")
    assert closed.returncode == 1
    (said,) = closed.stderr.splitlines()
    assert "output" in said and said.endswith("Bad file descriptor")


@lines
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="nothing is always full here")
def test_an_output_that_is_full_is_told_in_one_line(shell, line):
    full = shell(line, ">/dev/full")
    assert full.returncode in ENDINGS
    assert is_plain(full.stderr)
    wrote = shell(line, "").stdout
    if wrote and "out." not in line:
        assert full.returncode == 1
        told = [text for text in full.stderr.splitlines() if "No space left" in text]
        assert len(told) == 1
        assert "output" in told[0]
    assert shell(line, ">/dev/full 2>/dev/full").returncode in ENDINGS


@lines
def test_readers_that_are_gone_end_it_with_141_at_most(library, home, shell, line):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        ended = subprocess.run(
            [sys.executable, "-m", "tui", "--library", str(library), *line.split()],
            cwd=home, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL,
            stdout=pipe, stderr=pipe, timeout=120,
        )  # fmt: skip
    assert ended.returncode in (*ENDINGS, 141)


def test_an_output_without_a_buffer_that_is_full_is_told_as_well(shell, monkeypatch):
    if not Path("/dev/full").exists():
        pytest.skip("nothing is always full here")
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    full = shell("list", ">/dev/full")
    assert (full.returncode, full.stderr) == (
        1,
        "broadsheet: cannot write the output: No space left on device\n",
    )
