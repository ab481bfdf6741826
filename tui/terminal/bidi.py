"""Whether the terminal puts text of right-to-left scripts in order."""

from __future__ import annotations

from collections.abc import Mapping

#: First versions that do so in lines that run from left to right as a whole, as a screen of panes
#: needs it: VTE 0.58 and Konsole 20.08, as their variables write it.
_VTE, _KONSOLE = 5800, 200800


def reorders(environ: Mapping[str, str]) -> bool:
    """Whether a terminal in this environment reorders Arabic and Hebrew, as far as it says so.

    Not known of others, and not so in tmux and screen, which draw lines piece by piece.  Terminals
    that guess the direction of each line (mlterm, PuTTY, macOS Terminal) are left out: in them a
    line that is moved to the right edge may end up at the left.  See "BiDi in Terminal Emulators",
    terminal-wg.pages.freedesktop.org/bidi.
    """
    if environ.get("TMUX") or environ.get("STY"):
        return False
    return any(
        (version := environ.get(name, "")).isdecimal() and int(version) >= least
        for name, least in (("VTE_VERSION", _VTE), ("KONSOLE_VERSION", _KONSOLE))
    )
