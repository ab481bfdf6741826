"""Terminals of all kinds: few colours or none, ASCII alone, any size, and sizes that change."""

from __future__ import annotations

import random
import re

import pytest
from pty_harness import CTRL_L, ENTER, ESCAPE, TITLES, Terminal

from store import Article, Library

pytestmark = pytest.mark.pty


@pytest.fixture
def started(home):
    terminals = []

    def start(*arguments, rows=40, **options):
        library = ("--library", str(home / "library.json"))
        terminal = Terminal(*library, *arguments, home=home, **options)
        terminals.append(terminal)
        terminal.sees(f"1/{rows}")
        terminal.rests()
        return terminal

    yield start
    for terminal in terminals:
        terminal.__exit__()


def colours(output):
    """How colours were named: "16", "256", "true"."""
    found = set()
    for sequence in re.findall(rb"\x1b\[([0-9;]*)m", output):
        codes = sequence.decode()
        if re.search(r"[34]8;2;", codes):
            found.add("true")
        if re.search(r"[34]8;5;", codes):
            found.add("256")
        plain = re.sub(r"[34]8;(5;\d+|2;\d+;\d+;\d+)", "", codes).split(";")
        if any(code.isdecimal() and (30 <= int(code) <= 47 or int(code) >= 90) for code in plain):
            found.add("16")
    return found


SSH = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}


@pytest.mark.parametrize(
    ("environ", "link", "wanted"),
    [
        (SSH, "auto", {"true", "256"}),
        ({"COLORTERM": ""}, "local", {"256"}),
        ({"COLORTERM": "", "TERM": "linux"}, "auto", {"16"}),
        ({}, "slow", {"16"}),
    ],
    ids=["ssh", "256", "linux", "slow"],
)
def test_colours_are_those_the_terminal_has_and_the_link_can_bear(started, environ, link, wanted):
    terminal = started("--link", link, environ=environ)
    terminal.type("jk")
    terminal.rests()
    assert colours(terminal.output) == wanted


def test_with_lang_c_every_byte_is_ascii(started):
    terminal = started(environ={"LANG": "C", "LC_ALL": "C"})
    for keys, seen in (
        ("s", "*"), (ENTER, "Paragraph 5 of"), (" ", "Paragraph 12"), ("h", "enter read"),
        ("/", "esc back"), ("zzz", "nothing found"), (ESCAPE, "enter read"), ("x", "selected"),
        (ESCAPE, "enter read"), ("?", "esc close"),
    ):  # fmt: skip
        terminal.type(keys)
        terminal.sees(seen)
    terminal.type(ESCAPE)
    terminal.sees("enter read")
    terminal.type("q")
    assert terminal.ends() == 0
    assert terminal.output.isascii()


def test_nothing_is_sent_while_nothing_happens_wherever_one_is(started):
    terminal = started(environ=SSH)
    for keys, seen in (
        (ENTER, "Paragraph 5 of"), ("v", "highlight"), (ESCAPE, "h back"), ("h", "enter read"),
        ("/", "esc back"),
    ):  # fmt: skip
        terminal.type(keys)
        terminal.sees(seen)
        terminal.rests(silence=1.0)  # a clock or a cursor that blinks would not let it


def test_from_very_small_to_very_large(started):
    terminal = started(size=(40, 10))
    terminal.type("j" + ENTER)
    terminal.sees("Paragraph 0 of Article number 2")
    assert terminal.rests()[-1]
    terminal.screen.resize(100, 300)
    terminal.resize(300, 100)
    terminal.sees("Paragraph 40 of Article number 2")
    terminal.sees(TITLES[39])
    before = terminal.rests()
    terminal.screen.reset()
    terminal.type(CTRL_L)
    terminal.until(lambda: terminal.lines == before, "painted the same")


def test_the_size_changes_a_hundred_times_while_keys_are_pressed(started):
    terminal = started()
    chance = random.Random(6)
    for _ in range(120):
        terminal.resize(chance.randint(40, 300), chance.randint(10, 100))
        if chance.random() < 0.6:
            terminal.type(chance.choice(["j", "k", ENTER, "h", " ", "b", "G", "g", "d", "u"]))
        terminal.read(chance.choice([0, 0, 0.01]))
    terminal.type("h")
    terminal.rests()
    terminal.screen.resize(24, 80)
    terminal._stream.feed(b"\x1b[H" + b"X" * 80 * 24)  # what the terminal makes of the old text
    terminal.resize(80, 24)
    terminal.until(lambda: "XXX" not in terminal.text and "enter" in terminal.lines[-1], "drawn")
    terminal.type("s")
    terminal.sees("★")  # and so all keys before it were obeyed
    *before, _, keys = terminal.rests()  # what the status line says may pass meanwhile
    terminal.screen.reset()
    terminal.type(CTRL_L)
    terminal.until(
        lambda: terminal.lines[:-2] == before and terminal.lines[-1] == keys, "painted the same"
    )
    assert any(title in terminal.text for title in TITLES)
    terminal.type("q")
    assert terminal.ends() == 0


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_draws_nothing_gets_one_line_and_a_table(home, term):
    library = str(home / "library.json")
    with Terminal("--library", library, home=home, environ={"TERM": term}) as terminal:
        assert terminal.ends() == 0
        assert b"\x1b" not in terminal.output
        said = terminal.output.decode().split("\r\n")
        assert said[0].startswith(
            f"broadsheet: the app needs a terminal that can draw (TERM={term})"
        )
        assert TITLES[0] in said[2]


def links(output):
    return set(re.findall(rb"\x1b\]8;[^;]*;([^\x1b\x07]+)", output))


def test_each_link_can_be_clicked(home, started):
    with Library(home / "library.json") as library:
        body = "A [chart](https://quay.example/chart) and <https://quay.example/log>."
        library.add([Article(title="Newest", body=body, url="https://quay.example/new",
                             site="quay.example", published="2026-01-01")])  # fmt: skip
    terminal = started(rows=41)
    terminal.type(ENTER)
    terminal.sees("A chart and")
    wanted = {b"https://quay.example/" + end for end in (b"chart", b"log", b"new")}
    assert links(terminal.output) == wanted
    terminal.output = b""
    terminal.type("i")
    terminal.sees("Links out: 2")
    assert links(terminal.output) == wanted
