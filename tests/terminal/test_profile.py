"""Telling a local terminal from an SSH link."""

from __future__ import annotations

import pytest

from tui.terminal.profile import Link, detect, measured


@pytest.mark.parametrize(
    ("environ", "link"),
    [
        ({}, Link.LOCAL),
        ({"SSH_CONNECTION": "10.0.0.1 50000 10.0.0.2 22"}, Link.SSH),
        ({"SSH_TTY": "/dev/pts/3"}, Link.SSH),
        ({"SSH_CONNECTION": ""}, Link.LOCAL),
    ],
)
def test_the_link_is_known_by_what_sshd_sets(environ, link):
    assert detect(environ) is link


@pytest.mark.parametrize("link", list(Link))
def test_the_config_overrules_what_is_found(link):
    assert detect({"SSH_TTY": "/dev/pts/3"}, link.value) is link


def test_only_a_slow_link_makes_previews_wait():
    assert [link.preview_delay > 0 for link in Link] == [False, False, True]


def test_a_terminal_that_takes_long_to_answer_is_at_the_end_of_a_slow_link():
    assert measured(Link.LOCAL, 0.3) is Link.SLOW
    assert measured(Link.SSH, 0.3) is Link.SLOW
    assert measured(Link.SSH, 0.05) is Link.SSH


def test_what_the_config_says_of_the_link_is_not_measured_away():
    assert measured(Link.SSH, 0.3, "ssh") is Link.SSH
