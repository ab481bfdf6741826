"""What a terminal sends: keys are obeyed, all else is not typed."""

from __future__ import annotations

import os
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pty_harness import CTRL_C, DOWN, ENTER, TITLES, Terminal
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.keys import _character_to_key

from store import Library
from tui.screens.keymap import KEYED
from tui.terminal.incoming import Incoming

ESCAPE_DELAY = 0.1


class Keyboard:
    """What comes of bytes, with a clock that stands still unless time passes."""

    def __init__(self) -> None:
        self.mode_reports = 0
        self.incoming = Incoming(debug=False, mode_reported=self._reported)
        self.now = 100.0
        self.messages = []

    def _reported(self) -> None:
        self.mode_reports += 1

    def send(self, *pieces: bytes | str) -> Keyboard:
        for piece in pieces:
            data = piece if isinstance(piece, bytes) else piece.encode()
            self.messages += self.incoming.feed(data, self.now)
            self.messages += self.incoming.tick(self.now)
        return self

    def passes(self, seconds: float) -> Keyboard:
        self.now += seconds
        self.messages += self.incoming.tick(self.now)
        return self

    @property
    def keys(self) -> list[str]:
        return [message.key for message in self.messages if isinstance(message, events.Key)]

    @property
    def pastes(self) -> list[str]:
        return [message.text for message in self.messages if isinstance(message, events.Paste)]


def keys_of(*pieces: bytes | str) -> list[str]:
    return Keyboard().send(*pieces).passes(2).keys


# Keys


def sent() -> dict[str, str]:
    """What a terminal sends for keys, by name."""
    codes = {_character_to_key(chr(code)): chr(code) for code in range(0x21, 0x7F)}
    for sequence, keys in ANSI_SEQUENCES_KEYS.items():
        if isinstance(keys, tuple) and len(keys) == 1:
            codes.setdefault(keys[0].value, sequence)
    return codes | {
        "space": " ", "enter": "\r", "escape": "\x1b", "alt+enter": "\x1b[13;3u",
        "shift+enter": "\x1b[13;2u", "delete": "\x1b[3~", "shift+tab": "\x1b[Z",
    }  # fmt: skip


ALL_KEYS = sorted({name.strip() for binding in KEYED for name in binding.key.split(",")})


@pytest.mark.parametrize("name", ALL_KEYS)
def test_every_key_of_the_keymap_arrives_also_cut_in_two(name):
    code = sent()[name].encode()
    for cut in range(len(code)):
        assert keys_of(b"j", code[:cut], code[cut:]) == ["j", name]
    assert keys_of(code * 3) == [name] * 3


def as_textual_has_it(sequence: str) -> list[str]:
    parser = XTermParser()
    messages = [*parser.feed(sequence)]
    if not messages:
        parser._timeout_time = 0.0
        messages += parser.tick()
    return [message.key for message in messages]


@pytest.mark.parametrize("code", sorted(FUNCTIONAL_KEYS.keys() - {"1R"}))
def test_every_key_of_kittys_protocol_arrives(code):
    number, end = code[:-1], code[-1]
    for modifiers in ("", ";1:1", ";5", ";5:2"):
        plain = f"\x1b[{number}{modifiers.partition(':')[0]}{end}"
        assert keys_of(f"\x1b[{number}{modifiers}{end}") == as_textual_has_it(plain)


def test_a_lone_escape_and_a_key_with_alt_come_after_the_time_they_always_took():
    assert Keyboard().send("\x1b").passes(ESCAPE_DELAY).keys == ["escape"]
    assert Keyboard().send("\x1b").passes(ESCAPE_DELAY / 2).keys == []
    assert Keyboard().send("\x1b\x1b").passes(ESCAPE_DELAY).keys == ["escape", "escape"]
    assert Keyboard().send("\x1ba").keys == ["alt+a"]
    for sign in "[]PX^_O":
        typed = [*as_textual_has_it(f"\x1b{sign}"), "j"]
        assert Keyboard().send(f"\x1b{sign}").passes(ESCAPE_DELAY).send("j").keys == typed


def test_a_key_that_is_cut_by_a_slow_link_arrives():
    keyboard = Keyboard().send("\x1b[").passes(0.05).send("1;").passes(0.5).send("5Cj")
    assert keyboard.keys == ["ctrl+right", "j"]


def test_other_forms_of_keys_are_the_same_keys():
    assert keys_of("\x1b[97;1:1u", "\x1b[97;1:2u", "\x1b[97;1:3u") == ["a", "a"]
    assert keys_of("\x1b[97:65;5u") == ["ctrl+a"]
    assert keys_of("\x1b[97:65;2;65u") == ["A"]
    assert keys_of("\x1b[1;1:3A", "\x1b[1;1:1A") == ["up"]
    assert keys_of("\x1b[0;;229u") == ["å"]
    assert keys_of("\x1b[27;5;99~", "\x1b[27;2;65~") == ["ctrl+c", "A"]
    assert keys_of("\x9bA", b"\x9bB") == ["up", "down"]


def test_the_mouse_arrives():
    keyboard = Keyboard().send("\x1b[<0;5;7M\x1b[<0;5", ";7m\x1b[<64;5;7M\x1b[<0;-5;-7M")
    kinds = [events.MouseDown, events.MouseUp, events.MouseScrollUp]
    assert [type(message) for message in keyboard.messages] == kinds


# What is no key

ANSWERS = {
    "OSC 11": "\x1b]11;rgb:dada/adad/rrrr\x07",
    "OSC 4": "\x1b]4;1;rgb:aaaa/dddd/ffff\x1b\\",
    "OSC 52": "\x1b]52;c;cXFxcXE=\x07",
    "title": "\x1b]laqaq\x1b\\",
    "XTVERSION": "\x1bP>|XTerm(390)\x1b\\",
    "XTGETTCAP": "\x1bP1+r544e=7171\x1b\\",
    "DA1": "\x1b[?62;1;6;22c",
    "DA2": "\x1b[>41;390;0c",
    "DA3": "\x1bP!|00000000\x1b\\",
    "APC": "\x1b_Gi=31;OK\x1b\\",
    "DSR": "\x1b[0n",
    "DECRPM": "\x1b[?1004;1$y",
    "an answer of more digits than there can be": "\x1b[?2026;99999999999999999$y",
    "ANSI mode": "\x1b[4;1$y",
    "cursor": "\x1b[12;40R",
    "cursor far away": "\x1b[999999999999;999999999999R",
    "window": "\x1b[8;24;80t",
    "size in band": "\x1b[48;24;100;480;1000t",
    "kitty flags": "\x1b[?1u",
    "colour scheme": "\x1b[?997;1n",
    "focus": "\x1b[I\x1b[O",
    "C1": "\x9d52;c;qqq\x9c\x90qqq\x9c\x9b31m",
    "a mouse of X10": "\x1b[Mqaj",
    "a mouse of urxvt": "\x1b[0;10;10M",
    "a mouse out of bounds": f"\x1b[<{'9' * 400};{'9' * 400};5M",
    "a stray end of a paste": "\x1b[201~",
    "a released key": "\x1b[97;1:3u",
    "no character": "\x1b[1114112;1u\x1b[55296u\x1b[97;1;55296u\x1b[0u\x1b[u",
    "huge numbers": f"\x1b[{'9' * 14}u\x1b[{'9' * 5000}u\x1b[97;{'9' * 12}:9u\x1b[27;5;{'9' * 9}~",
    "text with controls": "\x1b[97;1;27:93:113u",
    "an unknown number": "\x1b[99;1;113~\x1b[113;1;113A",
    "endless": f"\x1b[{'1;' * 50_000}c",
    "controls inside": "\x1b[?q\x1b[>q\x1b[1;2\x00q",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_of_the_terminal_is_not_typed(answer):
    whole = Keyboard().send("j", answer, "k").passes(2)
    assert [message.key for message in whole.messages] == ["j", "k"]
    cut = Keyboard().send("j", *answer[:1000], *([answer[1000:]] if answer[1000:] else []), "k")
    assert [message.key for message in cut.messages] == ["j", "k"]
    if "\x9d" in answer:
        assert keys_of(answer.encode("latin-1"), "k") == ["k"]


def test_the_answer_that_is_waited_for_is_taken_also_cut_in_two():
    assert Keyboard().send("\x1b[?2026;2$y").mode_reports == 1
    assert Keyboard().send("\x1b[?202", "6;2$y").mode_reports == 1
    assert Keyboard().send("\x1b[?2048;2$y").mode_reports == 0


def test_a_control_string_without_an_end_holds_the_keys_up_for_a_moment_only():
    keyboard = Keyboard().send("\x1b]0;aaa").passes(0.9).send("q").passes(1.1).send("j")
    assert keyboard.keys == ["j"]
    keyboard = Keyboard().send("\x1b]0;aaa")
    for _ in range(120):  # a key is held
        keyboard.passes(0.05).send("j")
    assert 0 < len(keyboard.keys) < 40


@pytest.mark.parametrize("begun", ["]", "P", "_", "X", "^"])
def test_keys_typed_in_one_go_after_escape_are_no_control_string(begun):
    keyboard = Keyboard().send(f"\x1b{begun}jjk")
    assert len(keyboard.messages) == 4 and keyboard.keys[1:] == ["j", "j", "k"]


def test_a_bracket_typed_right_after_escape_costs_no_key():
    assert keys_of("\x1b[jjk") == ["escape", "left_square_bracket", "j", "j", "k"]


# Pastes


def test_a_paste_is_text_whatever_stands_in_it():
    hostile = "a\x1b]0;aaa\x07b\x1b[31mDDD\x1b]52;c;QQ==\x07DDD\x00\x1b[200~q\x1b\x1b[20"
    keyboard = Keyboard().send(f"j\x1b[200~{hostile}\x1b[201~k")
    assert keyboard.keys == ["j", "k"]
    (text,) = keyboard.pastes
    assert text.startswith("ab") and "\x1b" not in text and "\x00" not in text


def test_lines_and_letters_of_a_paste_stay():
    assert Keyboard().send("\x1b[200~Zoë,\r2 < 3\x1b[201~").pastes == ["Zoë,\n2 < 3"]


def test_a_paste_of_any_size_takes_time_in_proportion_and_is_bounded():
    piece = ("Words of a long article. " * 164)[:4096]
    keyboard = Keyboard().send("\x1b[200~", *[piece] * 500, "\x1b[201~j")
    assert keyboard.keys == ["j"]
    assert [len(text) for text in keyboard.pastes] == [1_000_000]


def test_a_paste_that_is_never_ended_gives_the_keys_back():
    keyboard = Keyboard().send("\x1b[200~abc").passes(5).send("d").passes(60).send("j")
    assert keyboard.pastes == ["abcd"]
    assert keyboard.keys == ["j"]


# Anything

CUTS = st.lists(st.integers(0, 200), max_size=8)


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(place % (len(data) + 1) for place in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


PIECES = st.sampled_from(
    [b"\x1b", b"[", b"]", b"P", b"\\", b"\x07", b";", b":", b"~", b"u", b"$", b"O", b"M", b"1",
     b"9" * 9, b"?", b"\x9d", b"\x9c", b"\xc2\x9b", b"\x1b[200~", b"\x1b[201~", b"\x1b[<", b"\x00",
     b"\xff", b"q"]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.binary(max_size=6))), CUTS, st.booleans())
def test_no_bytes_are_an_error(tmp_path_factory, pieces, cuts, slow):
    keyboard = Keyboard()
    for piece in cut(b"".join(pieces), cuts):
        keyboard.send(piece)
        if slow:
            keyboard.passes(0.2)
    keyboard.passes(60)
    keyboard.send("j")
    assert keyboard.keys[-1:] == ["j"]
    assert keyboard.incoming.wait(keyboard.now) is None


NO_END = st.text(max_size=30).filter(
    lambda text: not any(end in text for end in ("\x07", "\x9c", "\x1b\\")) and text[-1:] != "\x1b"
)
STRINGS = st.tuples(
    st.sampled_from(["\x1b]1", "\x1b]l", "\x1bP>", "\x1bP1", "\x1b_G", "\x9d", "\x90", "\x98"]),
    NO_END,
    st.sampled_from(["\x07", "\x1b\\", "\x9c"]),
).map("".join)
PASTES = (
    st.text(st.sampled_from("\x1b[]2019~qaD;\x07\x00\r é"), max_size=30)
    .filter(lambda text: "\x1b[201~" not in text)
    .map(lambda text: f"\x1b[200~{text}\x1b[201~")
)
KEYS = st.sampled_from(["j", "q", "é", DOWN, "\x1b[5~", "\x1bOP", CTRL_C, "\x1b[97;5u"])


@given(st.lists(st.one_of(STRINGS, PASTES, KEYS), max_size=12), CUTS)
def test_no_key_comes_of_what_stands_in_a_control_string_or_a_paste(parts, cuts):
    names = {
        DOWN: "down", "\x1b[5~": "pageup", "\x1bOP": "f1", CTRL_C: "ctrl+c", "\x1b[97;5u": "ctrl+a",
    }  # fmt: skip
    typed = [part for part in parts if part in names or len(part) == 1]
    keyboard = Keyboard().send(*cut("".join(parts).encode("utf-8", "replace"), cuts))
    assert keyboard.keys == [names.get(part, part) for part in typed]


# In the program


@pytest.fixture
def started(home):
    with Terminal("--library", str(home / "library.json"), home=home) as terminal:
        terminal.sees(TITLES[0])
        terminal.sees("1/40")
        terminal.comes_up()
        terminal.rests(0.3)
        yield terminal


def send(terminal: Terminal, data: bytes) -> None:
    os.write(terminal._master, data)


@pytest.mark.pty
def test_the_program_obeys_keys_and_nothing_else_that_the_terminal_sends(home, started):
    before = started.text
    for answer in ANSWERS.values():
        if len(answer) < 4096:
            send(started, answer.encode())
    for pasted in ("qqq", "\x1b]0;aaa", "\x1b[31mDDD", "\x1b]52;c;QQ==\x07DDD", "a\x1b[20"):
        send(started, f"\x1b[200~{pasted}\x1b[201~".encode())
    assert started.rests() == before.split("\n")
    assert started.process.poll() is None
    for piece in (b"\x1b", b"[B", b"\x1b[", b"B"):  # two arrows, each cut in two
        send(started, piece)
        started.read(0.02)
    started.sees("3/40")
    started.type(ENTER)
    started.sees(f"Paragraph 1 of {TITLES[2]}")
    started.type("\x1b")
    started.until(lambda: f"Paragraph 1 of {TITLES[2]}" not in started.text, "went back")
    started.type("q")
    assert started.ends() == 0
    with Library(home / "library.json") as library:
        assert len(library.find("-is:archived -is:trashed").ids) == len(TITLES)


@pytest.mark.pty
def test_what_is_pasted_where_one_writes_is_text_without_its_controls(started):
    started.type("/")
    started.sees("Search")
    started.type("\x1b[200~har\x1b]52;c;QQ==\x07bour\x1b[201~")
    started.sees("harbour")
    started.type(CTRL_C)
    assert started.ends() == 0


FAILING = """
from textual._xterm_parser import XTermParser
parse = XTermParser._sequence_to_key_events
def fail(self, sequence, alt=False):
    if sequence == "#":
        raise ValueError("the parser does not bear with this")
    yield from parse(self, sequence, alt)
XTermParser._sequence_to_key_events = fail
"""


@pytest.mark.pty
def test_an_error_of_the_parser_is_logged_and_the_next_key_is_obeyed(home):
    with Terminal("--library", str(home / "library.json"), home=home, code=FAILING) as terminal:
        terminal.sees("1/40")
        terminal.comes_up()
        terminal.type("##j")
        terminal.sees("2/40")
        terminal.type("q")
        assert terminal.ends() == 0
    log = (home / "state" / "broadsheet" / "log").read_text()
    assert log.count("what the terminal sent was ignored") == 1


@pytest.mark.pty
@pytest.mark.parametrize("early", ["\x1b]0;jjjqaD\x07", "\x1b[200~jjaD\x1b[201~", "\x1b[97;1:3u"])
def test_the_first_frame_takes_the_same_care(home, early):
    slow = "import time, tui.terminal.lean as l; f = l.load_textual\n"
    slow += "def load(): time.sleep(0.7); f()\nl.load_textual = load"
    with Terminal("--library", str(home / "library.json"), home=home) as terminal:
        terminal.sees("1/40")
        terminal.comes_up()
        terminal.type("q")
        terminal.ends()
    with Terminal("--library", str(home / "library.json"), home=home, code=slow) as terminal:
        terminal.sees("1/40")
        terminal.type("j")
        terminal.sees("2/40")
        assert b"\x1b[?2004h" not in terminal.output  # it is the first frame still
        for piece in (early[:4], early[4:], "j"):
            terminal.type(piece)
            terminal.read(0.05)
        terminal.comes_up()
        terminal.sees("3/40")
        assert "3/40" in "\n".join(terminal.rests())
    with Library(home / "library.json") as library:
        assert len(library.find("-is:archived -is:trashed").ids) == len(TITLES)
