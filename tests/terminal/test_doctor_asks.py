"""`broadsheet doctor` in a terminal: what it asks, and what it makes of the answers."""

from __future__ import annotations

import pytest
from pty_harness import Terminal

pytestmark = pytest.mark.pty

#: The widths of the texts it measures (see `tui/commands/doctor.py`) as they are reckoned.
RIGHT = (12, 1, 2, 4, 4, 2, 2, 2)
ENDS_WITH = b"\x1b[c"


def doctor(home, **options) -> Terminal:
    return Terminal("--library", str(home / "library.json"), "doctor", home=home, **options)


def answer(terminal: Terminal, widths: tuple[int, ...]) -> None:
    terminal.until(lambda: ENDS_WITH in terminal.output, "asked the terminal")
    places = "".join(f"\x1b[1;{width + 1}R" for width in widths)
    terminal.type(f"\x1bP>|Testterm 1.2\x1b\\\x1b[?2026;2$y{places}\x1b[?62;22c")


def test_it_tells_what_the_terminal_answers(home):
    with doctor(home, size=(120, 40)) as terminal:
        answer(terminal, RIGHT)
        terminal.sees("Testterm 1.2, 120x40, true colour, UTF-8")
        terminal.sees("the terminal answers in")
        terminal.sees("frames appear whole")
        terminal.sees("emoji are as reckoned")
        assert terminal.ends() == 0
        assert terminal.settings == terminal.before
        assert "\x1b" not in terminal.text


def test_signs_of_double_width_are_a_fault_with_a_remedy(home):
    with doctor(home, size=(120, 40)) as terminal:
        answer(terminal, (20, *RIGHT[1:]))
        terminal.sees("signs of the app take 20 cells instead of 12")
        terminal.sees('glyphs = "ascii"')
        assert terminal.ends() == 1


def test_emoji_of_another_width_are_told(home):
    with doctor(home, size=(120, 40)) as terminal:
        answer(terminal, (*RIGHT[:-1], 4))
        terminal.sees("a joined emoji takes 4 cells instead of 2")
        assert terminal.ends() == 0


def test_a_terminal_that_is_silent_costs_two_seconds_and_no_answer_is_shown(home):
    with doctor(home, size=(120, 40)) as terminal:
        terminal.sees("the terminal answers no questions")
        assert terminal.ends() == 0
        assert terminal.settings == terminal.before


def test_a_terminal_that_only_prints_is_asked_nothing(home):
    with doctor(home, size=(120, 40), environ={"TERM": "dumb"}) as terminal:
        terminal.sees("can only print")
        assert ENDS_WITH not in terminal.output


def test_what_is_longer_than_the_terminal_is_wide_goes_on_under_itself(home):
    with doctor(home, size=(60, 60)) as terminal:
        answer(terminal, (*RIGHT[:3], 1, 1, 1, 1, 1))
        assert terminal.ends() == 0
        lines = terminal.lines
    begin = next(at for at, line in enumerate(lines) if line.startswith("note   widths"))
    end = next(at for at in range(begin + 1, len(lines)) if not lines[at].startswith(" "))
    column = lines[begin].index("Han")
    assert end - begin > 2
    assert all(line[:column].isspace() for line in lines[begin + 1 : end])
    told = " ".join(line[column:] for line in lines[begin:end])
    assert "Hangul takes 1 cells instead of 4, an emoji takes 1 cells instead of 2" in told
