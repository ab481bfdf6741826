"""The command of the config that opens links, with the link put in so that no shell can read it.

A stranger wrote the link, and `$ ( ) ; & | '` are legal in it: as an argument they are letters,
within a script they are commands.  So where the link would stand in what a shell or an interpreter
reads, the command is refused; where a program joins its words for a shell, it is quoted for that.
What a program or a script of the person's own does with its arguments cannot be seen from here.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

#: What stands for the link.
URL: Final = "{url}"


class OpenerError(ValueError):
    """A command cannot be used to open links; the text is one line that says why."""


class _Reader(NamedTuple):
    """A program that reads code from its command line.

    Attributes:
        code: Options after which the code stands.
        valued: Options after which their value stands.
        stops: Whether its options end with the first word that is none.
        repeats: Whether there may be more options after the code.
    """

    code: re.Pattern[str]
    valued: re.Pattern[str] = re.compile(r"(?!)")
    stops: bool = True
    repeats: bool = False


def _readers() -> Iterator[tuple[str, _Reader]]:
    code = re.compile(r"[-+][A-Za-z]*[cC][A-Za-z]*|--(?:init-)?command")
    valued = re.compile(r"[-+][A-Za-z]*[oO]|--(?:rc|init-)file")
    for name in _SHELLS:
        yield name, _Reader(code, valued, repeats=name in ("fish", "xonsh", "nu"))
    for name, options, values in (
        ("python pypy", "-[A-Za-z]*c", "-[WX]"),
        ("perl", "-[A-Za-z]*[eE]", "-[IMm]"),
        ("ruby", "-[A-Za-z]*e", "-[Ir]"),
        ("node nodejs deno bun", "-[a-z]*[ep]|--eval|--print", "-r|--require"),
        ("php", "-[BRrE]", "-[cdz]"),
        ("lua luajit osascript", "-e", "-l"),
        ("env", "-[a-z]*S|--split-string", "-[uC]"),
    ):
        for each in name.split():
            yield each, _Reader(re.compile(options), re.compile(values), repeats=True)
    for name, options in (
        # These take options anywhere.
        ("su runuser script flock sg", "-[a-z]*c|--command|--session-command"),
        ("emacs emacsclient", "-e|--?eval|--execute"),
        ("vim nvim vi ex gvim", "-c|--cmd|--remote-(?:send|expr)"),
        ("nix-shell nix", "--run|--command|-c"),
        # With one argument alone, many of them have a shell read it.
        ("xterm uxterm rxvt urxvt lxterm lxterminal terminator konsole st x-terminal-emulator "
         "gnome-terminal mate-terminal xfce4-terminal", "-e|-x|--execute|--command"),
    ):  # fmt: skip
        for each in name.split():
            yield each, _Reader(re.compile(options), stops=False, repeats=True)


_SHELLS: Final = frozenset((
    "ash", "bash", "csh", "dash", "elvish", "es", "fish", "ksh", "lksh", "mksh", "nu", "oksh",
    "posh", "rbash", "rc", "sh", "tcsh", "xonsh", "yash", "zsh",
))  # fmt: skip
_READERS: Final = dict(_readers())

#: Programs that join their words with spaces for a shell, here or on another machine.  (mosh quotes
#: them by itself.)
_JOINING: Final = frozenset(("ssh", "autossh", "slogin", "rsh", "dbclient", "adb"))

#: Programs that have a shell, or a language with other rules of quoting, read their words.
_UNFIT: Final = frozenset(
    ("cmd", "powershell", "pwsh", "swaymsg", "i3-msg", "hyprctl", "parallel", "eval")
)

#: Commands of tmux that run a program, their short names, and their options that take a value.
#: Of several words it runs the first with the others as arguments; one alone is for a shell.
_TMUX: Final = {
    "new-window": "ceFnt", "neww": "ceFnt", "split-window": "ceFlpt", "splitw": "ceFlpt",
    "new-session": "ceFfnstxy", "new": "ceFfnstxy", "display-popup": "bcdehsStTwxy",
    "popup": "bcdehsStTwxy", "respawn-pane": "cet", "respawnp": "cet", "respawn-window": "cet",
    "respawnw": "cet",
}  # fmt: skip
_TMUX_ITSELF: Final = "cfLST"

_AS_ARGUMENT: Final = f"write {URL} as a word of its own"


def command(opener: str, url: str) -> list[str]:
    """The argument vector of a command that opens links.

    Args:
        opener: The command as in the config; `{url}` in it is replaced, else the link is appended.
        url: The link.

    Raises:
        OpenerError: It cannot be read, or would have the link read as something else.
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
    _check(words)
    made: list[str] = []
    far = 0  # shells that the word passes
    for word in words:
        text = url
        for _ in range(far if URL in word else 0):
            text = shlex.quote(text)
        made.append(word.replace(URL, text))
        if "tmux" in map(_name, words) and made[-1] != word and made[-1].endswith(";"):
            made[-1] = f"{made[-1][:-1]}\\;"  # or it would end the command
        far += _name(word) in _JOINING
    return made


def _check(words: Sequence[str]) -> None:
    """Refuse a command in which the link would be read by a shell.

    A program is looked for anywhere, since others may run it (`env`, `nohup`, `sudo -u me` ...):
    rather one too many is refused than one too few.
    """
    for at, word in enumerate(words):
        name, rest = _name(word), words[at + 1 :]
        linked = [each for each in rest if URL in each]
        if not linked:
            return
        if name in _UNFIT:
            raise OpenerError(
                f"{name} would run what is in a link: hand {URL} to the browser without it"
            )
        if name in _JOINING and any(each != URL for each in linked):
            raise OpenerError(f"{name} has a shell read its words: {_AS_ARGUMENT}")
        if name == "tmux":
            _check_tmux(rest)
        if name == "screen" and "-X" in rest and "screen" not in rest[rest.index("-X") + 1 :][:1]:
            raise OpenerError(f"screen would type or run what is in a link: use screen w3m {URL}")
        if (reader := _READERS.get(name)) and _reads_link(reader, rest):
            if name not in _SHELLS:
                raise OpenerError(f"{name} would run what is in a link: {_AS_ARGUMENT}")
            raise OpenerError(
                f"{name} would run what is in a link: keep {URL} out of the script, "
                f"as in {name} -c 'echo \"{'$argv[1]' if name == 'fish' else '$1'}\"' "
                f"{'' if name == 'fish' else 'sh '}{URL}"
            )


def _reads_link(reader: _Reader, words: Sequence[str]) -> bool:
    """Whether the link stands in the code that a program is given."""
    expected = False
    for at, word in enumerate(words):
        if word[:1] in ("-", "+") and len(word) > 1:
            if URL in word and (expected or reader.code.match(word)):
                return True
            expected = expected or bool(reader.code.fullmatch(word))
        elif at and reader.valued.fullmatch(words[at - 1]):
            continue
        elif expected:
            if URL in word:
                return True
            if not reader.repeats:
                return False
            expected = False
        elif reader.stops:
            return False
    return False


def _check_tmux(words: Sequence[str]) -> None:
    """Refuse a command of tmux that runs the link, or has a shell read it."""
    left = list(words)
    ahead = _skip(left, _TMUX_ITSELF)
    while left:
        end = next((n for n, word in enumerate(left) if word.endswith(";")), len(left))
        part, left = left[: end + (left[end : end + 1] != [";"])], left[end + 1 :]
        if not any(URL in word for word in (*ahead, *part)):
            continue
        values = [_TMUX[name] for name in _TMUX if name.startswith(part[0])]
        values = [_TMUX[part[0]]] if part[0] in _TMUX else values
        ran = part[1:]
        skipped = _skip(ran, values[0]) if values else part
        if any(URL in word for word in (*ahead, *skipped)) or not ran or URL in ran[0]:
            raise OpenerError(
                f"tmux would run what is in a link: write the program and {URL} as words of "
                f"their own, as in tmux new-window w3m {URL}"
            )


def _skip(words: list[str], valued: str) -> list[str]:
    """Take options and their values off the front; those that were taken."""
    skipped: list[str] = []
    while words and words[0].startswith("-") and len(words[0]) > 1:
        option = words.pop(0)
        skipped.append(option)
        if option == "--":
            break
        # The first letter that takes a value has the rest of the word, or else the next.
        letter = next((n for n, each in enumerate(option) if n and each in valued), 0)
        if letter == len(option) - 1 and words:
            skipped.append(words.pop(0))
    return skipped


def _name(word: str) -> str:
    """What a program is called: without its directory, its version and `.exe`."""
    name = re.split(r"[/\\]", word)[-1].lower().removesuffix(".exe")
    return name.rstrip("0123456789.") or name
