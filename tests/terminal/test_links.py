"""Which links are opened, by what, and on which side of an SSH link."""

from __future__ import annotations

import pytest

from tui.terminal import links
from tui.terminal.links import LinkError, command_for, is_safe, takes_links
from tui.terminal.profile import Link

URL = "https://example.org/a?b=c&d=$(reboot);e"


@pytest.mark.parametrize(
    "url", ["http://example.org", "HTTPS://example.org/x#y", "mailto:ada@example.org"]
)
def test_web_and_mail_links_are_opened(url):
    assert is_safe(url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "javascript:alert(1)", "vbscript:x", "ssh://-oProxyCommand=x",
        "//example.org", "example.org", "", "-http://x", "http://", "mailto:",
        "https://example.org/\x1b]52;c;x\x07", "https://example.org/a b", "https://[bad",
        "https://example.org/\u202egnp.exe",
    ],
)  # fmt: skip
def test_nothing_else_is(url):
    assert not is_safe(url)


def command(**given):
    return command_for(URL, **{"opener": "", "link": Link.LOCAL, "environ": {}, **given})


def test_over_ssh_nothing_is_started_on_the_far_machine():
    assert command(link=Link.SSH, environ={"DISPLAY": "localhost:10.0", "PATH": "/usr/bin"}) is None
    assert command(link=Link.SLOW, platform="darwin") is None


def test_over_ssh_the_opener_of_the_config_is_run():
    assert command(opener="ssh-open {url}", link=Link.SSH) == ["ssh-open", URL]


def test_the_link_is_one_argument_whatever_stands_in_it():
    assert command(opener="open 'in a tab' {url} --now") == ["open", "in a tab", URL, "--now"]


def test_an_opener_without_a_place_for_the_link_gets_it_last():
    assert command(opener="firefox --new-tab") == ["firefox", "--new-tab", URL]


def test_an_opener_that_cannot_be_read_is_reported():
    with pytest.raises(LinkError, match="opener in the config: No closing quotation"):
        command(opener="open '")


def test_a_console_without_a_display_has_no_opener(tmp_path):
    assert command(environ={"PATH": "/usr/bin:/bin"}, platform="linux") is None


def test_a_desktop_uses_its_own_opener(tmp_path):
    program = tmp_path / "xdg-open"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    environ = {"DISPLAY": ":0", "PATH": str(tmp_path)}
    assert command(environ=environ, platform="linux") == ["xdg-open", URL]
    assert command(platform="darwin") == ["open", URL]


def test_the_opener_writes_nothing_on_our_screen(tmp_path, capfd):
    out = tmp_path / "seen"
    links.start(["/bin/sh", "-c", f'echo noise; echo noise >&2; printf %s "$1" > {out}', "-", URL])
    assert out.read_text() == URL
    assert capfd.readouterr() == ("", "")


def test_an_opener_that_fails_is_reported():
    with pytest.raises(LinkError, match=r"could not open the link \(exit 3\)"):
        links.start(["/bin/sh", "-c", "exit 3"])


def test_an_opener_that_is_not_there_is_reported():
    with pytest.raises(LinkError, match="cannot run no-such-opener: No such file"):
        links.start(["no-such-opener", URL])


@pytest.mark.parametrize(
    ("environ", "takes"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/tmux"}, True),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux"}, True),
        ({"TERM": "screen-256color", "STY": "1.pts"}, False),
        ({"TERM": "linux"}, False),
        ({"TERM": "vt220"}, False),
    ],
)
def test_links_in_the_text_go_to_terminals_that_take_them(environ, takes):
    assert takes_links(environ) is takes
