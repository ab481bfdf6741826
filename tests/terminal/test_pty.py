"""The real program in a pseudo-terminal: its endings, its signals, and what it sends."""

from __future__ import annotations

import base64
import os
import re
import signal
import stat

import pytest
from modes import left_over, processes
from pty_harness import CTRL_C, CTRL_L, CTRL_Z, ENTER, ESCAPE, TITLES, Terminal

from store import Library

pytestmark = pytest.mark.pty

#: What a terminal must be told at the end: no mouse, no paste marks, main screen, cursor.
GIVEN_BACK = (b"\x1b[?1000l", b"\x1b[?1002l", b"\x1b[?2004l", b"\x1b[?1049l", b"\x1b[?25h")


@pytest.fixture
def started(home):
    """Starts the program on the library and waits for its list."""
    terminals = []

    def start(*, library=True, wait=TITLES[0], **options) -> Terminal:
        arguments = ("--library", str(home / "library.json")) if library else ()
        terminal = Terminal(*arguments, home=home, **options)
        terminals.append(terminal)
        if wait:
            terminal.sees(wait)
            terminal.sees("1/40")
            terminal.comes_up()
            terminal.read(0.3)
        return terminal

    yield start
    for terminal in terminals:
        terminal.__exit__()


def starred(home) -> list[str]:
    with Library(home / "library.json") as library:
        return [row.title for row in library.newest(50) if row.starred]


def given_back(terminal: Terminal) -> None:
    """The terminal is as it was before the program came."""
    for sequence in GIVEN_BACK:
        assert sequence in terminal.output
    assert terminal.output.rindex(b"\x1b[?1049l") > terminal.output.rindex(b"\x1b[?1049h")
    assert terminal.settings == terminal.before
    assert left_over(terminal.output) == {}
    if terminal.process.poll() is not None:
        assert processes(terminal.process.pid) == []


# Endings


@pytest.mark.parametrize("key", ["q", CTRL_C], ids=["q", "ctrl-c"])
def test_a_key_ends_the_program_with_state_saved(home, started, key):
    terminal = started()
    assert {"?1049", "?2004", "?1000"} <= left_over(terminal.output).keys()
    terminal.type("s" + key)
    assert terminal.ends() == 0
    given_back(terminal)
    assert starred(home) == TITLES[:1]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_signal_ends_the_program_with_state_saved(home, started, number, code):
    terminal = started()
    terminal.type("s")
    terminal.sees("★")
    terminal.signal(number)
    assert terminal.ends() == code
    given_back(terminal)
    assert starred(home) == TITLES[:1]


def test_a_closed_terminal_ends_the_program_with_state_saved(home, started):
    terminal = started()
    terminal.type("s")
    terminal.sees("★")
    terminal.hang_up()
    assert terminal.process.wait(10) == 129
    assert processes(terminal.process.pid) == []
    assert starred(home) == TITLES[:1]


def test_a_closed_terminal_ends_it_even_when_no_signal_comes(home, started):
    code = "import signal, tui.terminal.endings as e; e._SIGNALS = (signal.SIGTERM,)"
    terminal = started(code=f"{code}; signal.signal(signal.SIGHUP, signal.SIG_IGN)")
    terminal.type("s")
    terminal.sees("★")
    terminal.hang_up()
    assert terminal.process.wait(10) == 129
    assert starred(home) == TITLES[:1]


MOUNTING = """
import os, signal, threading
from tui.app import BroadsheetApp
compose, leave, asked = BroadsheetApp.compose, BroadsheetApp.leave, threading.Event()
def left(self, code):
    leave(self, code)
    asked.set()
def composed(self):
    os.kill(os.getpid(), signal.SIGTERM)
    asked.wait(5.0)
    return compose(self)
BroadsheetApp.leave, BroadsheetApp.compose = left, composed
"""


def test_a_signal_while_the_first_screen_is_made_is_no_bug(home, started):
    terminal = started(code=MOUNTING, wait="")
    assert terminal.ends() == 143
    assert left_over(terminal.output) == {}
    assert terminal.settings == terminal.before
    assert not (home / "state" / "broadsheet" / "log").exists()


STUCK = """
import time
from tui.screens.main import MainScreen
MainScreen.action_details = lambda self: time.sleep(600)
"""


def test_a_program_that_is_stuck_still_saves_and_gives_the_terminal_back(home, started):
    terminal = started(code=STUCK)
    terminal.type("s")
    terminal.sees("★")
    terminal.type("i")
    terminal.read(0.3)
    terminal.signal(signal.SIGTERM)
    assert terminal.ends() == 143
    given_back(terminal)
    assert starred(home) == TITLES[:1]


def test_a_terminal_that_takes_no_output_does_not_keep_it_alive(home, started):
    terminal = started()
    terminal.type("s")
    terminal.sees("★")
    terminal.type("GgGgGgGg" * 200)  # more than the pipe and the queue hold
    terminal.process.send_signal(0)
    terminal.signal(signal.SIGTERM)
    assert terminal.process.wait(15) == 143
    assert starred(home) == TITLES[:1]


BUG = """
from tui.screens.main import MainScreen
def broken(self):
    secret = "text of an article"
    raise ZeroDivisionError("a bug")
MainScreen.action_details = broken
"""


def test_a_bug_leaves_an_intact_terminal_and_a_traceback_in_the_log(home, started):
    terminal = started(code=BUG)
    terminal.type("si")
    assert terminal.ends() == 1
    given_back(terminal)
    log = home / "state" / "broadsheet" / "log"
    after = terminal.output[terminal.output.rindex(b"\x1b[?1049l") :].decode()
    assert str(log) in re.sub(r"\s", "", after)
    assert "Traceback" not in after
    assert "ZeroDivisionError: a bug" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert starred(home) == TITLES[:1]


# Suspending


def stopped(terminal: Terminal) -> None:
    """Read until the program has been stopped."""

    def is_stopped() -> bool:
        pid, status = os.waitpid(terminal.process.pid, os.WUNTRACED | os.WNOHANG)
        return bool(pid) and os.WIFSTOPPED(status)

    terminal.until(is_stopped, "stopped")


def test_ctrl_z_gives_the_terminal_to_the_shell_and_takes_it_again(home, started):
    terminal = started()
    terminal.type("js")
    terminal.sees("★")
    terminal.read(0.3)
    before = terminal.lines
    terminal.type(CTRL_Z)
    stopped(terminal)
    given_back(terminal)
    assert starred(home) == TITLES[1:2]
    terminal.screen.reset()
    terminal.signal(signal.SIGCONT)
    terminal.until(lambda: terminal.lines == before, "the same picture")
    terminal.type("j")
    terminal.sees("3/40")
    terminal.type("q")
    assert terminal.ends() == 0


def test_a_stop_it_did_not_ask_for_doubles_no_keys(started):
    terminal = started()
    terminal.signal(signal.SIGSTOP)
    stopped(terminal)
    terminal.screen.reset()
    terminal.signal(signal.SIGCONT)
    terminal.sees(TITLES[0])
    terminal.type("j")
    terminal.sees("2/40")
    terminal.type("j")
    terminal.sees("3/40")
    assert "4/40" not in terminal.text
    terminal.type("q")
    assert terminal.ends() == 0
    given_back(terminal)


# What is sent


def test_no_mouse_motion_no_focus_and_no_resize_reports_are_asked_for(started):
    terminal = started()
    assert b"\x1b[?1000h" in terminal.output
    assert b"\x1b[?1006h" in terminal.output
    for mode in (b"1003", b"1016", b"2048"):
        assert b"\x1b[?" + mode + b"h" not in terminal.output
    assert terminal.output.rindex(b"\x1b[?1004l") > terminal.output.rindex(b"\x1b[?1004h")


def test_nothing_is_sent_while_nothing_happens(started):
    terminal = started()
    terminal.type("j")
    terminal.sees("2/40")
    terminal.read(0.5)
    assert terminal.read(2.5) == b""


def test_the_mouse_moves_the_cursor_and_opens(started):
    terminal = started()
    click = "\x1b[<0;20;3M\x1b[<0;20;3m"
    terminal.type(click)
    terminal.sees("3/40")
    terminal.type(click)
    terminal.sees(f"Paragraph 1 of {TITLES[2]}")


@pytest.mark.parametrize(
    ("key", "shown"), [("t", "Tags of"), (":", "Add a page"), ("?", "esc close")]
)
def test_a_double_click_beside_a_dialog_closes_that_and_nothing_else(started, key, shown):
    terminal = started()
    terminal.type(key)
    terminal.sees(shown)
    terminal.type("\x1b[<0;1;1M\x1b[<0;1;1m" * 2)
    terminal.until(lambda: shown not in terminal.text, "closed")
    terminal.type("j")
    terminal.sees("2/40")


@pytest.mark.parametrize(("key", "size"), [("f", (1, 1)), ("F", (1, 1)), (":", (60, 6))])
def test_pages_of_a_list_that_has_no_room_go_all_the_way(started, key, size):
    terminal = started(size=(100, 30))
    terminal.resize(*size)
    terminal.rests()
    terminal.type(key)
    terminal.rests()
    terminal.type("\x1b[6~\x1b[5~")
    terminal.rests()
    terminal.resize(100, 30)
    terminal.type(ESCAPE)
    terminal.rests()
    terminal.type("q")
    assert terminal.ends() == 0


@pytest.mark.parametrize("size", [(14, 40), (80, 4)])
def test_a_drag_where_nothing_has_room_leaves_the_way_out_open(started, size):
    terminal = started()
    terminal.resize(*size)
    terminal.rests()
    terminal.type("\x1b[<0;5;4M\x1b[<32;6;3M\x1b[<0;6;3m")
    terminal.rests()
    terminal.type("q")
    assert terminal.ends() == 0


def test_without_the_mouse_the_terminal_keeps_it(home, started):
    (home / "config" / "broadsheet").mkdir(parents=True)
    (home / "config" / "broadsheet" / "config.toml").write_text("mouse = false\n")
    terminal = started()
    assert b"\x1b[?1000h" not in terminal.output


def test_ctrl_l_paints_everything_again(started):
    terminal = started()
    before = terminal.lines
    terminal.screen.reset()
    terminal.type(CTRL_L)
    terminal.until(lambda: terminal.lines == before, "painted again")


def test_bytes_that_are_no_keys_do_no_harm(started):
    terminal = started()
    os.write(terminal._master, b"\xff\xfe\x80j")
    terminal.sees("2/40")


def sgr(output: bytes) -> set[str]:
    """All parameters of the program's colour sequences."""
    found = re.findall(rb"\x1b\[([0-9;]*)m", output)
    return {number for sequence in found for number in sequence.decode().split(";")}


def test_no_color_is_obeyed(started):
    terminal = started(environ={"NO_COLOR": "1", "BROADSHEET_THEME": "dark"})
    colours = {str(n) for n in (*range(30, 39), *range(40, 49), *range(90, 98), *range(100, 108))}
    assert not sgr(terminal.output) & colours


def test_the_terminal_theme_sends_no_colours_of_its_own(started):
    terminal = started(environ={"BROADSHEET_THEME": "terminal"})
    assert not sgr(terminal.output) & {"38", "48"}


def test_an_empty_library_leads_to_the_sample(home):
    with Terminal("--library", str(home / "new.json"), home=home) as terminal:
        terminal.sees("Your library is empty.")
        terminal.type("o")
        terminal.sees("this is the sample library")
        terminal.type("q")
        assert terminal.ends() == 0
        given_back(terminal)


def test_faults_of_the_config_are_told_one_with_each_key(home, started):
    (home / "config" / "broadsheet").mkdir(parents=True)
    (home / "config" / "broadsheet" / "config.toml").write_text('column = 9\nmouse = "no"\n')
    terminal = started(wait="")
    terminal.sees("config.toml line 1: column is 9")
    terminal.type("j")
    terminal.sees("config.toml line 2: mouse is")
    terminal.type("j")
    terminal.sees("3/40")


# Links and the clipboard

SSH = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22", "SSH_TTY": "/dev/pts/9"}


def copied(terminal: Terminal) -> str:
    """What was sent to the clipboard."""
    sequences = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", terminal.output)
    return base64.b64decode(sequences[-1]).decode()


@pytest.mark.parametrize("key", ["y", "o"])
def test_over_ssh_a_link_goes_to_the_clipboard_of_the_person(started, key):
    terminal = started(environ=SSH)
    terminal.type("j" + key)
    terminal.sees("link sent to your terminal's clipboard (OSC 52)")
    assert copied(terminal) == "https://quay.example/1"


def test_a_citation_names_title_date_and_link(started):
    terminal = started(environ=SSH)
    terminal.type("Y")
    terminal.sees("citation sent to your terminal's clipboard (OSC 52)")
    assert copied(terminal) == f"“{TITLES[0]}”, 2020-05-01, https://quay.example/0"


def test_the_text_of_an_article_can_be_copied(started):
    terminal = started(environ=SSH)
    terminal.type(ENTER)
    terminal.sees("Paragraph 1 of")
    terminal.type("Y")
    terminal.sees("text sent to your terminal's clipboard (OSC 52)")
    assert copied(terminal).startswith(f"# {TITLES[0]}\n\n")
    assert copied(terminal).endswith(f"Paragraph 59 of {TITLES[0]}.")


def test_where_no_clipboard_is_known_the_text_is_shown_alone(home, started):
    (home / "config" / "broadsheet").mkdir(parents=True)
    (home / "config" / "broadsheet" / "config.toml").write_text('clipboard = "show"\n')
    terminal = started()
    before = terminal.lines
    terminal.type("y")
    terminal.sees("Enter goes back")
    assert terminal.lines[0] == "https://quay.example/0"
    assert terminal.settings == terminal.before
    terminal.type("\n")
    terminal.until(lambda: terminal.lines[:-2] == before[:-2], "back in the list")
    terminal.type("j")
    terminal.sees("2/40")


def test_the_opener_of_the_config_gets_the_link(home, started):
    (home / "config" / "broadsheet").mkdir(parents=True)
    script = home / "opener"
    script.write_text(f'#!/bin/sh\necho noise\nprintf %s "$2" > {home}/opened\n')
    script.chmod(0o755)
    (home / "config" / "broadsheet" / "config.toml").write_text(f'opener = "{script} -- {{url}}"\n')
    terminal = started(environ=SSH)
    terminal.type("o")
    terminal.until(lambda: (home / "opened").exists(), "opened")
    assert (home / "opened").read_text() == "https://quay.example/0"
    assert "noise" not in terminal.text
