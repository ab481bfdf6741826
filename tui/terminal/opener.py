"""The command of the config that opens links, with the link put in so that no shell reads it.

A stranger wrote the link, and `$ ( ) ; & | '` are legal in it: as an argument of a program they are
letters, within a script they are commands.  So the link is a word of its own, or all of an option's
value, and no part of anything longer: then it is in no script, whoever reads that.  Programs that
make one line of their words for a shell get it quoted, or are refused.
"""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import PurePath
from typing import Final

#: What stands for the link.
URL: Final = "{url}"

#: Programs that join their words with spaces for a shell, on another machine or device.  (mosh and
#: tmux hand several words on as they are.)
_JOINING: Final = frozenset(("ssh", "autossh", "slogin", "rsh", "dbclient", "adb"))

#: Programs that read their words in a language of their own.
_OTHER: Final = frozenset(("cmd", "powershell", "pwsh", "swaymsg", "i3-msg", "hyprctl", "parallel"))

#: The link as a word, and an option whose next word many programs run.
_WHOLE: Final = re.compile(r"(?:[-\w]+=)?" + re.escape(URL))
_CODE: Final = re.compile(r"-[A-Za-z]{0,2}[ce]|--(?:command|eval|execute)")


class OpenerError(ValueError):
    """A command cannot be used to open links; the text is one line that says why."""


def command(opener: str, url: str) -> list[str]:
    """The argument vector of a command that opens links.

    Args:
        opener: The command as in the config; `{url}` in it is replaced, else the link is appended.
        url: The link.

    Raises:
        OpenerError: It cannot be read, or what is in a link could be run.
    """
    try:
        words = shlex.split(opener)
    except ValueError as error:
        raise OpenerError(str(error)) from error
    if not words:
        raise OpenerError("it names no program")
    if not any(URL in word for word in words):
        words.append(URL)
    if URL in words[0]:
        raise OpenerError(f"{URL} stands where the program should")
    made = words[:1]
    shells = int(_name(words[0]) in _JOINING)  # that read what comes now
    for before, word in pairwise(words):
        if URL not in word:
            shells += _name(word) in _JOINING
            made.append(word)
            continue
        if other := next((name for name in map(_name, made) if name in _OTHER), ""):
            raise OpenerError(f"{other} would run what is in a link: let it run a script of yours")
        if not _WHOLE.fullmatch(word) or (shells and word != URL) or _CODE.fullmatch(before):
            raise OpenerError(
                f"a shell may run what is in a link: keep {URL} a word of its own, outside of the "
                f"script, as in sh -c 'echo \"$1\"' sh {URL}"
            )
        text = url
        for _ in range(shells):
            text = shlex.quote(text)
        made.append(word.replace(URL, text))
    return made


def _name(word: str) -> str:
    """What a program is called: without its directory and `.exe`."""
    return PurePath(word).name.lower().removesuffix(".exe")
