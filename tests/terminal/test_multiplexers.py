"""The real program in the real tmux and screen: its picture, its clipboard, and what it leaves."""

from __future__ import annotations

import base64
import os
import re
import shlex
import shutil
import subprocess
import time

import pytest
from pty_harness import CTRL_L, ENTER, PATIENCE, ROOT, TITLES, Terminal, own_command

pytestmark = pytest.mark.pty

SSH = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}


class Tmux:
    """The program in a tmux server of its own."""

    def __init__(self, home, *arguments, size=(80, 24), settings="", environ=None):
        self.socket = str(home / "tmux")
        config = home / "tmux.conf"
        config.write_text(f"set -g default-terminal tmux-256color\n{settings}\n")
        places = {
            f"XDG_{name}_HOME": str(home / name.lower())
            for name in ("CONFIG", "STATE", "CACHE", "DATA")
        }
        plain = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
        self.environ = {**plain, **places, **(environ or {})}
        command = own_command("--library", str(home / "library.json"), *arguments)
        self("-f", str(config), "new-session", "-d", "-x", str(size[0]), "-y", str(size[1]),
             f"{shlex.join(command)}; echo left $?; exec sleep 60")  # fmt: skip

    def __call__(self, *words):
        """What tmux answers to a command of its own."""
        done = subprocess.run(
            ["tmux", "-S", self.socket, *words],
            env=self.environ, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        return done.stdout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self("kill-server")

    @property
    def text(self):
        return self("capture-pane", "-p")

    def keys(self, *keys):
        self("send-keys", *keys)

    def sees(self, text):
        self.until(lambda: text in self.text, f"saw {text!r}")

    def rests(self):
        """What is seen once nothing changes any more."""
        before = None
        while (now := self.text) != before:
            before = now
            time.sleep(0.4)
        return now

    def until(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"never {what}:\n{self.text}"
            time.sleep(0.05)


needs_tmux = pytest.mark.skipif(not shutil.which("tmux"), reason="no tmux here")
needs_screen = pytest.mark.skipif(not shutil.which("screen"), reason="no screen here")


@needs_tmux
def test_in_tmux_the_picture_is_right_and_the_terminal_given_back(home):
    with Tmux(home) as tmux:
        tmux.sees("1/40")
        for keys, seen in (
            ("jjjj", "5/40"),
            ("G", "40/40"),
            ("kk", "38/40"),
            ("d", "40/40"),
            ("gj", "2/40"),
        ):
            tmux.keys("-l", keys)
            tmux.sees(seen)
        tmux.keys("Enter")
        tmux.sees("Paragraph 5 of")
        tmux.keys("-l", "jjjjj jjk")
        tmux.sees("Paragraph 20 of")
        tmux.sees(" 36%")  # how far it was read comes once the person has stopped
        before = tmux.rests()
        tmux.keys("-R")  # tmux forgets what is on the screen
        tmux.until(lambda: tmux.text != before, "forgot the picture")
        tmux.keys("C-l")  # paints everything anew
        tmux.until(lambda: tmux.text == before, "painted the same")
        tmux.keys("-l", "h")
        tmux.sees("2/40")
        tmux.keys("q")
        tmux.sees("left 0")
        assert TITLES[0] not in tmux.text
        modes = "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{scroll_region_upper}"
        assert tmux("display-message", "-p", f"{modes} #{{scroll_region_lower}}").split() == [
            "0", "1", "0", "0", "23",
        ]  # fmt: skip


@needs_tmux
def test_in_tmux_what_is_copied_is_in_its_buffer(home):
    with Tmux(home, settings="set -s set-clipboard on", environ=SSH) as tmux:
        tmux.sees("1/40")
        tmux.keys("j", "y")
        tmux.sees("link sent to your terminal's clipboard (OSC 52)")
        tmux.until(lambda: tmux("show-buffer"), "had a buffer")
        assert tmux("show-buffer") == "https://quay.example/1"
        tmux.keys("Y")
        tmux.until(lambda: TITLES[1] in tmux("show-buffer"), "had the citation")


@needs_tmux
def test_a_terminal_attached_to_tmux_gets_what_is_copied(home):
    settings = "set -s set-clipboard on\nset -as terminal-features ',*:clipboard'"
    with Tmux(home, settings=settings, environ=SSH) as tmux:
        tmux.sees("1/40")
        with Terminal(home=home, command=["tmux", "-S", tmux.socket, "attach"]) as terminal:
            terminal.sees("1/40")
            terminal.type("y")
            terminal.sees("link sent to your terminal's clipboard (OSC 52)")
            assert "https://quay.example/0" in copied(terminal)


def copied(terminal):
    """All that was sent to the clipboard of the terminal."""
    found = re.findall(rb"\x1b\]52;[a-z]*;([A-Za-z0-9+/=]+)(?:\x07|\x1b\\)", terminal.output)
    return [base64.b64decode(each).decode() for each in found]


@needs_screen
def test_in_screen_it_reads_copies_and_leaves(home):
    config = home / "screenrc"
    config.write_text("startup_message off\ndefutf8 on\n")
    command = own_command("--library", str(home / "library.json"))
    environ = {**SSH, "SCREENDIR": str(home / "screens"), "COLORTERM": ""}
    (home / "screens").mkdir(mode=0o700)
    words = ["screen", "-U", "-c", str(config), "-S", f"broadsheet{os.getpid()}", *command]
    with Terminal(home=home, command=words, environ=environ) as terminal:
        terminal.sees("1/40")
        assert TITLES[0] in terminal.lines[0]
        terminal.type("jj")
        terminal.sees("3/40")
        terminal.type("y")
        terminal.sees("link sent to your terminal's clipboard (OSC 52)")
        terminal.until(lambda: "https://quay.example/2" in copied(terminal), "sent the link on")
        terminal.type(ENTER)
        terminal.sees("Paragraph 5 of")
        terminal.until(lambda: " 0%" not in terminal.text, "told how far it is to be seen")
        opened = terminal.lines[-2]
        terminal.type("j" * 9)
        terminal.until(lambda: "Paragraph 0 of" not in terminal.text, "scrolled")
        terminal.until(lambda: terminal.lines[-2] != opened, "told how far it was read")
        before = terminal.rests()
        terminal.screen.reset()
        terminal.type(CTRL_L)
        terminal.until(lambda: terminal.lines == before, "painted the same")
        terminal.type("hq")
        assert terminal.ends() == 0
