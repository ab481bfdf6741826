"""Telling a local terminal from an SSH link."""

from __future__ import annotations

import pytest

from tui.terminal.profile import Link, detect


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
