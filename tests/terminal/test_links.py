"""Which links are opened, by what, and on which side of an SSH link."""

from __future__ import annotations

import shlex

import pytest

from tui.terminal import links
from tui.terminal.links import LinkError, command_for, is_safe, takes_links
from tui.terminal.profile import Link
from tui.typeset.model import Role
from tui.typeset.styles import StyleSheet

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


@pytest.mark.parametrize(
    "opener",
    [
        'sh -c "echo {url}"', "/bin/bash -lc 'exec firefox \"{url}\"'", "sh -c {url}", "sh -ec",
        "env BROWSER=w3m sh -c 'w3m {url}'", "su ada -c 'xdg-open {url}'", "xterm -e {url}",
        "fish --command='open {url}'", "fish -c true -c 'open {url}'", "tmux neww 'w3m {url}'",
        "osascript -e 'open location \"{url}\"'", "emacsclient --eval '(browse-url \"{url}\")'",
        "ssh box 'xdg-open {url}'", "ssh box xdg-open --url={url}", "adb shell 'am start -d {url}'",
        "cmd.exe /c start {url}", "powershell.exe Start-Process", "swaymsg exec firefox {url}",
    ],
)  # fmt: skip
def test_an_opener_that_would_have_a_link_read_as_commands_is_refused(opener):
    with pytest.raises(LinkError, match="run what is in a link: "):
        command(opener=opener)


@pytest.mark.parametrize("opener", ["   ", "{url}", "{url} --now"])
def test_a_link_is_never_the_program_itself(opener):
    with pytest.raises(LinkError, match=r"names no program|stands where the program should"):
        command(opener=opener)


@pytest.mark.parametrize(
    "opener",
    [
        "firefox --url={url}", "sh opener.sh {url}", "python3 -m webbrowser {url}",
        "sh -c 'echo \"$1\"' sh {url}", "bash -o pipefail -c 'echo \"$1\"' bash -- {url}",
        "fish -c 'open $argv[1]' {url}", "tmux new-window -n links -c /tmp w3m {url}",
        "screen w3m {url}", "mosh box -- w3m {url}", "xterm -e w3m {url}", "env URL={url} opener",
        "su ada -c 'xdg-open \"$0\"' -- {url}", "wslview {url}", "open -a Safari {url}",
    ],
)  # fmt: skip
def test_where_no_shell_reads_it_a_link_is_handed_over_as_it_is(opener):
    made = command(opener=opener)
    assert [word for word in made if URL in word] == [
        word.replace("{url}", URL) for word in shlex.split(opener) if "{url}" in word
    ]


@pytest.fixture
def far(tmp_path):
    """A program like ssh: a shell reads its words, after the name of the machine."""
    program = tmp_path / "ssh"
    program.write_text('#!/bin/sh\nshift\nexec sh -c "$*"\n')
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("hops", [1, 2])
def test_a_link_is_quoted_for_each_far_shell_that_it_passes(tmp_path, far, hops):
    out, evil = tmp_path / "out", f"https://a.example/x$(touch${{IFS}}{tmp_path}/run);`id`'&b"
    opener = tmp_path / "opener"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {out}\n')
    opener.chmod(0o755)
    way = " ".join([f"{far} box"] * hops)
    for command in (f"{way} {opener} {{url}}", f"{way} {opener}"):
        out.unlink(missing_ok=True)
        links.start(links.command_for(evil, opener=command, link=Link.LOCAL, environ={}))
        assert out.read_text() == evil
    assert not (tmp_path / "run").exists()


def test_in_the_form_that_is_shown_a_script_gets_the_link_and_runs_nothing_of_it(tmp_path):
    out, evil = tmp_path / "out", f"https://a.example/x$(touch${{IFS}}{tmp_path}/run)"
    opener = f"sh -c 'printf %s \"$1\" > {out}' sh {{url}}"
    links.start(links.command_for(evil, opener=opener, link=Link.LOCAL, environ={}))
    assert out.read_text() == evil
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("mailto:a@b?attach=/etc/passwd", "mailto:a@b"),
        ("MAILTO:a@b?subject=x&Attachment=/etc/passwd&body=y", "MAILTO:a@b?subject=x&body=y"),
        ("mailto:a@b?%41ttach=/x&%2561ttach=/x&body=y", "mailto:a@b?body=y"),
        ("mailto:a@b?subject=x&amp;attach=/x", "mailto:a@b?subject=x&amp"),
        ("mailto:a@b?subject=x?attach=/x#attach=/x", "mailto:a@b?subject=x"),
        ("mailto:a@b?subject=x%26attach%3D/x", "mailto:a@b"),
        ("mailto:a@b?subject=attach&cc=c@d", "mailto:a@b?subject=attach&cc=c@d"),
        ("https://a.example/?attach=1", "https://a.example/?attach=1"),
    ],
)
def test_a_mail_link_attaches_no_file(url, opened):
    made = command_for(url, opener="mutt", link=Link.LOCAL, environ={})
    assert made == ["mutt", opened]
    assert StyleSheet(hyperlinks=True).style(Role.TEXT, link=url).link == opened


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
