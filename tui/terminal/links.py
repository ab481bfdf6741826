"""Opening links where the person sits.

Only `http`, `https` and `mailto` links are ever handed to another program, as one argument of
an argument vector: no shell reads them (`opener` sees to that for the config's command), and no
`mailto` attaches files.  Over SSH nothing is started on the far machine,
unless the config names an `opener`; the link goes to the person's clipboard instead.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from tui.mailto import without_files
from tui.terminal.opener import OpenerError, command
from tui.terminal.profile import Link

#: Schemes that may be opened; anything else could run a program.
SCHEMES = frozenset({"http", "https", "mailto"})

#: Seconds an opener is watched for failure before it is left alone.
_WATCH = 1.0


class LinkError(Exception):
    """A link was not opened; the text is one line for the person."""


def is_safe(url: str) -> bool:
    """Whether `url` may be handed to another program."""
    if not url.isprintable() or url.startswith("-") or " " in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme.lower() not in SCHEMES:
        return False
    return bool(parts.path if parts.scheme.lower() == "mailto" else parts.netloc)


def takes_links(environ: Mapping[str, str]) -> bool:
    """Whether the terminal may be given links in the text (OSC 8).

    Those that do not know them show nothing of them; the ones named here write them out, or never
    pass them on: the Linux console, hardware terminals, Emacs, GNU screen.
    """
    term = environ.get("TERM", "")
    if term.startswith("screen") and environ.get("TMUX"):
        return True
    return not term.startswith(("linux", "vt1", "vt2", "vt3", "cons25", "eterm", "screen"))


def command_for(
    url: str, *, opener: str, link: Link, environ: Mapping[str, str], platform: str = sys.platform
) -> list[str] | None:
    """The argument vector that opens `url` in front of the person; None when there is none.

    Args:
        url: A safe link.
        opener: The config's command; `{url}` in it is replaced, else the link is appended.
        link: Where the person sits.
        environ: The process's environment: on Linux and BSD an opener needs a display.
        platform: `sys.platform`.

    Raises:
        LinkError: The opener of the config cannot be used.
    """
    url = without_files(url)
    if opener:
        try:
            return command(opener, url)
        except OpenerError as error:
            raise LinkError(f"opener in the config: {error}") from error
    if link.remote:
        return None
    if platform == "darwin":
        return ["open", url]
    if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        for program in ("xdg-open", "gio"):
            if shutil.which(program, path=environ.get("PATH")):
                return [program, "open", url] if program == "gio" else [program, url]
    if environ.get("WSL_DISTRO_NAME") and shutil.which("wslview", path=environ.get("PATH")):
        return ["wslview", url]
    return None


def start(command: list[str]) -> None:
    """Run an opener with none of its output on our screen; blocks for at most `_WATCH` seconds.

    Raises:
        LinkError: It could not be started, or failed at once.
    """
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise LinkError(f"cannot run {command[0]}: {error.strerror}") from error
    try:
        code = process.wait(_WATCH)
    except subprocess.TimeoutExpired:
        # Left running; a thread collects it, so that it does not stay a zombie.
        threading.Thread(target=process.wait, name="opener", daemon=True).start()
        return
    if code:
        raise LinkError(f"{command[0]} could not open the link (exit {code})")
