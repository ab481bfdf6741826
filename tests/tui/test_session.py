"""What is being read, on disk for the case of an abrupt end."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tui.session import Session
from tui.widgets.reader_messages import ReadingPlace

PLACE = ReadingPlace(7, 1200, "The words – there.", 0.25)

CUT_OFF = """
import os
from pathlib import Path
from tui.session import Session
from tui.widgets.reader_messages import ReadingPlace
session = Session(Path({library!r}))
session.note(ReadingPlace(7, 9, "Long words that are replaced by shorter ones.", 0.1))
session.note({last})
os._exit(9)
"""


@pytest.fixture
def library(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "library.json"


def files(library: Path) -> list[Path]:
    return list(library.parent.glob("state/broadsheet/reading/*"))


def cut_off(library: Path, last: ReadingPlace | None = PLACE) -> None:
    """A program that notes its place and ends abruptly."""
    code = CUT_OFF.format(library=str(library), last=last)
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([sys.executable, "-c", code], env=environ, check=False)


def test_the_place_of_a_program_that_was_cut_off_is_known_once(library):
    cut_off(library)
    assert Session(library).left_behind() == PLACE
    assert Session(library).left_behind() is None
    assert files(library) == []


def test_a_program_that_runs_or_was_left_by_the_person_leaves_nothing_behind(library):
    running = Session(library)
    running.note(PLACE)
    assert Session(library).left_behind() is None
    [file] = files(library)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    running.end()
    assert Session(library).left_behind() is None


def test_whoever_went_back_to_the_list_is_not_taken_anywhere(library):
    cut_off(library, None)
    assert Session(library).left_behind() is None


def test_each_library_has_its_own(library):
    cut_off(library)
    assert Session(library.with_name("other.json")).left_behind() is None
    assert Session(library).left_behind() == PLACE


DAMAGED = ["", "{", "[]", "7", '{"id": "x"}', "\0" * 50, '{"id": 1}', "[" * 4000]
HUGE = '{"id": 100000000000000000000, "position": 0, "anchor": "", "progress": 0}'
INFINITE = '{"id": 1e999, "position": 0, "anchor": "", "progress": 0}'


@pytest.mark.parametrize("text", [*DAMAGED, HUGE, INFINITE])
def test_a_damaged_file_is_nothing(library, text):
    cut_off(library)
    files(library)[0].write_text(text)
    assert Session(library).left_behind() is None
    assert files(library) == []


def test_a_state_directory_that_cannot_be_written_does_not_matter(library, monkeypatch):
    blocked = library.parent / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    session = Session(library)
    session.note(PLACE)
    session.end()
    assert session.left_behind() is None


def test_a_place_says_its_version_and_one_of_a_newer_version_is_left_alone(library):
    cut_off(library)
    [file] = files(library)
    line = file.read_text().splitlines()[0]
    assert line.startswith('{"version": 1, ')
    file.write_text(line.replace('"version": 1', '"version": 2') + "\n")
    assert Session(library).left_behind() is None
    assert files(library) == [file]
    file.write_text(line.replace('"version": 1, ', "") + "\n")  # of the first, which did not say so
    assert Session(library).left_behind() == PLACE


@pytest.mark.parametrize("named", [True, False])
def test_a_place_of_an_older_version_is_taken_up(library, monkeypatch, named):
    cut_off(library)
    [file] = files(library)
    if not named:  # as the first did not say so
        file.write_text(file.read_text().replace('"version": 1, ', ""))
    monkeypatch.setattr("tui.session._VERSION", 2)
    assert Session(library).left_behind() == PLACE
    assert files(library) == []


@pytest.mark.parametrize("position", [-5, 10**30, 1e300, 1 << 63])
def test_a_place_that_no_text_has_is_its_beginning(library, position):
    cut_off(library)
    line = json.dumps({"id": 7, "position": position, "anchor": "", "progress": 1e999})
    files(library)[0].write_text(line + "\n")
    place = Session(library).left_behind()
    assert (place.id, place.position) == (7, 0)
