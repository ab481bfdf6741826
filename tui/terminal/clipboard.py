"""Getting text to the person's clipboard, and saying truthfully what was done.

Three rungs, tried in turn:

1. OSC 52, which the terminal in front of the person takes, over any number of SSH hops.  It
   is never acknowledged, so the message says "sent", not "copied".
2. A clipboard tool of this machine, when the person sits at it.
3. The text alone on the screen, unwrapped, to be selected with the mouse.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from tui.terminal.profile import Link

#: Bytes of text an OSC 52 sequence may carry.  Terminals take a sequence of at least 100,000
#: bytes (hterm's limit, the lowest of those that support it): 99,992 characters of base64.
OSC52_LIMIT = 74_994

#: Bytes of a device control string that GNU screen passes on whole (its MAXSTR is 768).
_SCREEN_CHUNK = 700

#: Seconds a clipboard tool may take; each of them puts itself in the background at once.
_TOOL_TIMEOUT = 3.0


class Rung(Enum):
    """Which step of the ladder a text went by."""

    TERMINAL = "osc52"
    TOOL = "tool"
    SCREEN = "show"


class Copied(NamedTuple):
    """How a text was sent, and the words for the status line."""

    rung: Rung
    message: str


def send(
    text: str,
    what: str,
    *,
    write: Callable[[str], None],
    environ: Mapping[str, str],
    link: Link,
    asked: str = "auto",
) -> Copied:
    """Send `text` to the clipboard by the first rung that may hold; can take `_TOOL_TIMEOUT`.

    Args:
        text: What to copy.
        what: Its name for the message: "link", "citation".
        write: Writes to the terminal.
        environ: The process's environment.
        link: Where the person sits; a tool is only used on their own machine.
        asked: A rung by its config name to use that one alone, or "auto".

    Returns:
        The rung used.  For `Rung.SCREEN` nothing was sent: the caller shows the text.
    """
    if asked in ("auto", "osc52"):
        sequence = osc52(text, environ)
        if sequence is not None and (asked == "osc52" or takes_osc52(environ)):
            write(sequence)
            return Copied(Rung.TERMINAL, f"{what} sent to your terminal's clipboard (OSC 52)")
    if asked == "tool" or (asked == "auto" and not link.remote):
        for command in tools(environ):
            if _run(command, text):
                return Copied(Rung.TOOL, f"{what} copied with {Path(command[0]).name}")
    return Copied(Rung.SCREEN, f"{what} shown: select it with the mouse")


def osc52(text: str, environ: Mapping[str, str]) -> str | None:
    """The sequence that sets the terminal's clipboard; None when `text` is too long for one.

    Inside tmux it is sent twice: bare, which tmux takes with `set-clipboard on`, and wrapped,
    which it hands through with `allow-passthrough on`; one of them is usually allowed.
    """
    data = text.encode("utf-8", "replace")
    if len(data) > OSC52_LIMIT:
        return None
    sequence = f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\x07"
    if environ.get("TMUX"):
        escaped = sequence.replace("\x1b", "\x1b\x1b")
        return f"{sequence}\x1bPtmux;{escaped}\x1b\\"
    if environ.get("STY"):
        chunks = range(0, len(sequence), _SCREEN_CHUNK)
        return "".join(f"\x1bP{sequence[at : at + _SCREEN_CHUNK]}\x1b\\" for at in chunks)
    return sequence


def takes_osc52(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is not one of those known to ignore OSC 52."""
    return not (
        environ.get("TERM", "") in ("linux", "dumb", "vt100", "vt220")
        or environ.get("TERM_PROGRAM") == "Apple_Terminal"
        or "VTE_VERSION" in environ
    )


def tools(environ: Mapping[str, str]) -> list[list[str]]:
    """Clipboard commands that are installed here, by path, and have a display to talk to."""
    commands: list[list[str]] = []
    if environ.get("WAYLAND_DISPLAY"):
        commands.append(["wl-copy"])
    if environ.get("DISPLAY"):
        commands += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    commands += [["pbcopy"], ["clip.exe"]]
    path = environ.get("PATH")
    found = [(shutil.which(name, path=path), rest) for name, *rest in commands]
    return [[program, *rest] for program, rest in found if program]


def _run(command: list[str], text: str) -> bool:
    try:
        done = subprocess.run(
            command,
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TOOL_TIMEOUT,
            start_new_session=True,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
