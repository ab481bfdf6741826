"""The real program is killed while one reads, and takes up the article at its line."""

from __future__ import annotations

import json
import signal
import time

import pytest
from pty_harness import ENTER, ESCAPE, TITLES, Terminal

from store import Library

pytestmark = pytest.mark.pty


@pytest.fixture
def start(home):
    """Starts the program on the library."""
    terminals = []

    def start(sees: str = "1/40") -> Terminal:
        terminal = Terminal("--library", str(home / "library.json"), home=home)
        terminals.append(terminal)
        terminal.sees(sees)
        return terminal

    yield start
    for terminal in terminals:
        terminal.__exit__()


def first_line(terminal: Terminal) -> str:
    return next(line.strip() for line in terminal.lines if "Paragraph" in line)


def noted(home) -> dict:
    """What the program has written down of where reading stands."""
    files = list((home / "state").glob("broadsheet/reading/*.json"))
    return json.loads(files[0].read_text().splitlines()[0] or "{}") if files else {}


def test_after_a_kill_in_the_midst_of_reading_the_article_is_there_at_its_line(home, start):
    terminal = start()
    terminal.type("j" + ENTER)
    terminal.sees(f"Paragraph 0 of {TITLES[1]}.")
    # Scrolling on without a pause: never do the keys rest for as long as it takes to be at rest.
    terminal.until(lambda: noted(home).get("id") == 2, "noted that it is open")
    begin = time.monotonic()
    while noted(home).get("position", 0) < 300:
        terminal.type("j")
        terminal.read(0.05)
        assert time.monotonic() < begin + 15, "the place was never written while reading on"
    terminal.type("j")
    terminal.read(1.2)  # the last line read is on disk within a second
    line = first_line(terminal)
    terminal.process.send_signal(signal.SIGKILL)
    terminal.process.wait()

    again = start("taken up")
    again.sees(line)
    assert first_line(again) == line
    again.type(ESCAPE)
    again.sees("2/40")
    again.type("q")
    assert again.ends() == 0
    with Library(home / "library.json") as library:
        assert library.state(2).position > 0


def test_after_leaving_by_oneself_the_list_comes_first(start):
    terminal = start()
    terminal.type(ENTER)
    terminal.sees("Paragraph 0")
    terminal.type("\x03")
    assert terminal.ends() == 0
    again = start()
    again.read(0.5)
    assert "Paragraph" not in again.text
    assert "taken up" not in again.text


@pytest.mark.parametrize("ending", [signal.SIGHUP, signal.SIGTERM])
def test_a_note_that_was_being_written_goes_on_after_any_ending(home, start, ending):
    terminal = start()
    terminal.type(ENTER)
    terminal.sees("Paragraph 0")
    terminal.type("vei")
    terminal.sees("Note on what you selected")
    terminal.type("half a note")
    terminal.sees("half a note")
    terminal.signal(ending)
    assert terminal.ends() == 128 + ending

    again = start(f"a note was left unfinished in “{TITLES[0]}”")
    again.sees("Paragraph 0")
    again.type("vei")
    again.sees("your unfinished note")
    again.sees("half a note")
    again.type(", done" + ENTER)
    again.sees("highlighted: in yellow")
    again.type("\x03")
    assert again.ends() == 0
    with Library(home / "library.json") as library:
        assert [each.note for each in library.highlights(1)] == ["half a note, done"]
    assert not list((home / "state/broadsheet/drafts").iterdir())
