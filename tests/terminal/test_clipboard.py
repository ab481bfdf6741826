"""The clipboard ladder: which rung is taken, what is sent, and what is said of it."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from tui.terminal import clipboard
from tui.terminal.clipboard import OSC52_LIMIT, Rung, osc52
from tui.terminal.profile import Link


def send(text: str = "https://example.org", *, link: Link = Link.SSH, asked: str = "auto", **env):
    written: list[str] = []
    environ = {"TERM": "xterm-256color", "PATH": "", **env}
    copied = clipboard.send(
        text, "link", write=written.append, environ=environ, link=link, asked=asked
    )
    return copied, "".join(written)


def tool(directory: Path, name: str, script: str) -> str:
    """A program called `name` that stands for a clipboard tool; the PATH it is found on."""
    path = directory / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return f"{directory}:/usr/bin:/bin"


def test_text_is_sent_to_the_terminal_as_base64():
    copied, written = send("naïve “quotes”")
    match = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", written)
    assert match is not None
    assert base64.b64decode(match[1]).decode() == "naïve “quotes”"
    assert copied.rung is Rung.TERMINAL


def test_the_message_says_sent_since_a_terminal_never_answers():
    copied, _ = send()
    assert copied.message == "link sent to your terminal's clipboard (OSC 52)"


def test_inside_tmux_the_sequence_goes_bare_and_wrapped():
    _, written = send(TMUX="/tmp/tmux-0/default,1,0")
    bare = osc52("https://example.org", {})
    assert bare is not None
    assert written == bare + "\x1bPtmux;" + bare.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def test_inside_screen_the_sequence_is_cut_into_strings_that_screen_hands_on():
    sequence = osc52("x" * 2_000, {"STY": "1.pts"})
    assert sequence is not None
    parts = re.findall(r"\x1bP(.*?)\x1b\\", sequence, re.S)
    assert "".join(parts) == osc52("x" * 2_000, {})
    assert max(map(len, parts)) <= 768


def test_a_text_too_long_for_a_sequence_is_not_cut_but_shown():
    copied, written = send("x" * (OSC52_LIMIT + 1))
    assert (copied.rung, written) == (Rung.SCREEN, "")


def test_a_text_of_just_the_limit_fits_what_terminals_take():
    sequence = osc52("x" * OSC52_LIMIT, {})
    assert sequence is not None
    assert len(sequence) <= 100_000


@pytest.mark.parametrize("env", [{"TERM": "linux"}, {"VTE_VERSION": "7200"}])
def test_a_terminal_known_to_ignore_the_sequence_is_not_sent_it(env):
    copied, written = send(**env)
    assert (copied.rung, written) == (Rung.SCREEN, "")


def test_a_tool_of_this_machine_is_used_where_the_terminal_cannot(tmp_path):
    out = tmp_path / "clipboard"
    path = tool(tmp_path, "xclip", f"cat > {out}")
    copied, _ = send("née", link=Link.LOCAL, TERM="linux", DISPLAY=":0", PATH=path)
    assert copied.message == "link copied with xclip"
    assert out.read_text() == "née"


def test_over_ssh_no_tool_of_the_far_machine_is_used(tmp_path):
    path = tool(tmp_path, "xclip", "exit 0")
    copied, _ = send(link=Link.SSH, TERM="linux", DISPLAY=":0", PATH=path)
    assert copied.rung is Rung.SCREEN


def test_a_tool_that_fails_is_not_believed(tmp_path):
    path = tool(tmp_path, "xclip", "exit 1")
    copied, _ = send(link=Link.LOCAL, TERM="linux", DISPLAY=":0", PATH=path)
    assert copied.rung is Rung.SCREEN


def test_a_rung_named_in_the_config_is_the_only_one_tried(tmp_path):
    copied, written = send(link=Link.LOCAL, asked="show")
    assert (copied.rung, written) == (Rung.SCREEN, "")
    copied, written = send(asked="osc52", TERM="linux")
    assert copied.rung is Rung.TERMINAL
    assert written
