"""What lies between the program and the person: the same machine, an SSH link, a slow one.

The profile decides what is worth its bytes.  On any link nothing is painted without a cause,
the mouse reports buttons and drags only, and nothing is animated or blinks.  Over SSH the
program also starts nothing on the far machine that a person would have to look at there.
On a slow link it uses the terminal's own colours, whose codes are short, and the preview
waits until the keys rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

#: Seconds from a question to the terminal's answer from which on a link counts as slow.
SLOW_ROUND_TRIP: Final = 0.15


class Link(Enum):
    """The kind of link; the values are what the config file calls them."""

    LOCAL = "local"
    SSH = "ssh"
    SLOW = "slow"

    @property
    def remote(self) -> bool:
        """Whether the person sits at another machine."""
        return self is not Link.LOCAL

    @property
    def preview_delay(self) -> float:
        """Seconds the cursor must rest before its article is previewed.

        Zero but on a slow link: elsewhere a newer preview simply supersedes an older one.
        """
        return 0.25 if self is Link.SLOW else 0.0


def detect(environ: Mapping[str, str], asked: str = "auto") -> Link:
    """The link in use.

    Args:
        environ: The process's environment.
        asked: What the config says: "local", "ssh", "slow", or "auto" to find out.  sshd sets
            SSH_CONNECTION and SSH_TTY; mosh starts through ssh and keeps them.
    """
    if asked != "auto":
        return Link(asked)
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        return Link.SSH
    return Link.LOCAL


def measured(link: Link, round_trip: float, asked: str = "auto") -> Link:
    """The link in use, after the terminal was asked something.

    Args:
        link: What it was taken for.
        round_trip: Seconds until the terminal answered.
        asked: What the config says; only with "auto" what is measured counts.
    """
    return Link.SLOW if asked == "auto" and round_trip > SLOW_ROUND_TRIP else link


def fitting(environ: Mapping[str, str], link: Link) -> str:
    """The name of a theme for this terminal, as far as it can be known without asking it.

    COLORFGBG ("15;0": foreground;background, set by rxvt, konsole and others) names a light
    background by 7 or 9 to 15.  A slow link, and a terminal of 16 colours, get the terminal's
    own colours.
    """
    if link is Link.SLOW or environ.get("TERM", "") in ("linux", "vt100", "vt220", "screen"):
        return "broadsheet-terminal"
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    if background == "7" or (background.isdecimal() and 9 <= int(background) <= 15):
        return "broadsheet-light"
    return "broadsheet-dark"
