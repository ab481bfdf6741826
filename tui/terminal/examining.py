"""What the terminal in front of the person is and does, by asking it.

All questions go out in one piece and end with one that every terminal since the VT100 answers
(primary device attributes), so that a terminal which leaves the others unanswered costs no
waiting.  Control functions: ECMA-48 (CPR, DA), xterm's XTVERSION, DECRQM.
"""

from __future__ import annotations

import os
import re
import select
import sys
import termios
import time
import tty
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

#: Seconds within which a terminal answers, or is taken for one that does not.
PATIENCE: Final = 2.0

_ATTRIBUTES: Final = "\x1b[c"
_POSITION: Final = "\x1b[6n"
_CLEAR: Final = "\r\x1b[K"
_ANSWERED: Final = re.compile(rb"\x1b\[\?[\d;]*c")
_NAMED: Final = re.compile(rb"\x1bP>\|([\x20-\x7e]{1,60})(?:\x1b\\|\x07)")
_MODE: Final = re.compile(rb"\x1b\[\?2026;(\d)\$y")
_PLACE: Final = re.compile(rb"\x1b\[\d+;(\d+)R")


class Answers(NamedTuple):
    """What a terminal answered.

    Attributes:
        round_trip: Seconds until its last answer; None if there was none.
        name: Its name and version as it tells them, or "".
        synchronised: Whether it can hold back drawing until a frame is whole (mode 2026).
        widths: Cells the cursor moved for each text that it was given, None where that was not
            answered.
    """

    round_trip: float | None
    name: str
    synchronised: bool
    widths: tuple[int | None, ...]


def ask(texts: Sequence[str], *, patience: float = PATIENCE) -> Answers | None:
    """Ask the terminal that standard input and output are.

    Args:
        texts: What to find the widths of; each is written and erased again.
        patience: Seconds to wait for the answer.

    Returns:
        None if there is no terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    source, target = sys.stdin.fileno(), sys.stdout.fileno()
    probes = "".join(f"\r{text}{_POSITION}{_CLEAR}" for text in texts)
    questions = f"\x1b[>0q\x1b[?2026$p{_CLEAR}{probes}{_ATTRIBUTES}"
    sys.stdout.flush()
    before = termios.tcgetattr(source)
    answer, begun = b"", time.monotonic()
    try:
        tty.setraw(source)
        os.write(target, questions.encode("utf-8", "replace"))
        while _ANSWERED.search(answer) is None:
            left = begun + patience - time.monotonic()
            if left <= 0 or not select.select([source], [], [], left)[0]:
                break
            received = os.read(source, 4096)
            if not received:
                break
            answer += received
        took = time.monotonic() - begun
    finally:
        termios.tcsetattr(source, termios.TCSANOW, before)
    name, mode = _NAMED.search(answer), _MODE.search(answer)
    columns = [int(column) - 1 for column in _PLACE.findall(answer)]
    return Answers(
        round_trip=took if _ANSWERED.search(answer) else None,
        name=name[1].decode("ascii") if name else "",
        synchronised=mode is not None and mode[1] in b"12",
        widths=tuple(columns) if len(columns) == len(texts) else (None,) * len(texts),
    )


def colours(environ: Mapping[str, str]) -> str:
    """How many colours are used here, in words."""
    if "NO_COLOR" in environ:
        return "no colours (NO_COLOR)"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "true colour"
    if environ.get("TERM", "").endswith("256color"):
        return "256 colours"
    return "16 colours"


def multiplexer_options(environ: Mapping[str, str]) -> dict[str, str]:
    """Tmux's settings that matter to us, by name; empty outside of tmux."""
    if not environ.get("TMUX"):
        return {}
    import subprocess

    found: dict[str, str] = {}
    for name, scope in (("set-clipboard", "-sv"), ("escape-time", "-sv"), ("focus-events", "-sv")):
        try:
            done = subprocess.run(
                ["tmux", "show-options", scope, name],
                capture_output=True, text=True, errors="replace", timeout=PATIENCE, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            return {}
        if done.returncode == 0 and done.stdout.strip():
            found[name] = done.stdout.strip()
    return found
