"""A text alone on the terminal's own screen, for the mouse to select.

The terminal wraps the lines itself, so that what is selected has no breaks of ours in it.
"""

from __future__ import annotations

import sys


def show_and_wait(text: str) -> None:
    """Write `text` and wait for Enter; the app must have given the terminal away."""
    safe = "".join(c for c in text if c.isprintable() or c in "\n\t")
    out, keys = sys.__stderr__, sys.__stdin__
    if out is None or keys is None:
        return
    try:
        out.write(f"\x1b[2J\x1b[H{safe}\n\n\x1b[7m Enter goes back \x1b[m ")
        out.flush()
        keys.readline()
    except (OSError, ValueError):
        return
