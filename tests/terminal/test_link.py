"""What a link to the terminal costs, and what is made of how slow it is."""

from __future__ import annotations

import time

import pytest
from pty_harness import TITLES, Terminal

pytestmark = pytest.mark.pty

#: The program's first question, and a terminal's answer that it does not know the mode.
QUESTION, ANSWER = b"\x1b[?2026$p", "\x1b[?2026;0$y"


@pytest.fixture
def start(home):
    terminals = []

    def begin(*arguments, **options) -> Terminal:
        library = ("--library", str(home / "library.json"))
        terminals.append(Terminal(*arguments, *library, home=home, **options))
        return terminals[-1]

    yield begin
    for terminal in terminals:
        terminal.__exit__()


def asked(terminal: Terminal) -> None:
    terminal.until(lambda: QUESTION in terminal.output, "asked the terminal")


def test_the_first_picture_holds_the_titles_and_none_before_it_was_empty(start):
    terminal = start()
    terminal.sees(TITLES[0])
    terminal.sees("1/40")
    before = terminal.output[: terminal.output.index(TITLES[0].encode())]
    assert b"\x1b[K" not in before


def test_keys_that_come_together_are_drawn_once(start):
    terminal = start()
    terminal.sees("1/40")
    terminal.read(0.3)
    terminal.output = b""
    terminal.type("j" * 12)
    terminal.sees("13/40")
    terminal.read(0.3)
    one_by_one = 0
    for place in range(14, 18):
        terminal.output = b""
        terminal.type("j")
        terminal.sees(f"{place}/40")
        terminal.read(0.2)
        one_by_one += len(terminal.output)
    terminal.output = b""
    terminal.type("k" * 12)
    terminal.sees("5/40")
    terminal.read(0.2)
    assert len(terminal.output) < one_by_one


def test_a_terminal_that_answers_late_makes_previews_wait(start):
    terminal = start()
    asked(terminal)
    time.sleep(0.3)  # the link
    terminal.type(ANSWER)
    terminal.sees("slow link")


def test_one_that_answers_at_once_does_not(start):
    terminal = start()
    asked(terminal)
    terminal.type(ANSWER)
    terminal.sees("1/40")
    terminal.read(0.3)
    assert "slow link" not in terminal.text


def test_the_link_that_was_asked_for_is_not_measured_away(start):
    terminal = start("--link", "ssh")
    asked(terminal)
    time.sleep(0.3)  # the link
    terminal.type(ANSWER)
    terminal.sees("1/40")
    terminal.read(0.3)
    assert "slow link" not in terminal.text
