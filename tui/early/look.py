"""What only the running app knows of how things look, kept for the next first frame."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from store import __version__
from store.blake import blake2b
from tui import xdg

#: Raised when what is kept changes its meaning.
_FORMAT: Final = 4

#: What a theme, its colours and the signs are chosen by.
_VALUES: Final = (
    "TERM", "COLORTERM", "COLORFGBG", "TERM_PROGRAM", "BROADSHEET_THEME", "LC_ALL", "LC_CTYPE",
    "LANG", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "VTE_VERSION",
    "KONSOLE_VERSION",
)  # fmt: skip
#: Variables of which it matters only whether they say anything.
_PRESENT: Final = ("TMUX", "STY", "SSH_CONNECTION", "SSH_TTY")

#: Files kept: themes, terminals and libraries somebody uses by turns.
_KEPT: Final = 24

_SGR: Final = re.compile(r"[0-9;:]{0,80}")
_LONGEST: Final = 1 << 20  # bytes


class Look(NamedTuple):
    """How the main screen looks when it opens.

    Attributes:
        pens: SGR parameters by the name of what is drawn, see `picture`.
        signs: The sign of the thumb, of the line beside the list and of the one under it.
        keys: The key bar: each key and what it does.
        empty_keys: The same where there are no articles.
        moves: The keys that move the cursor down, as they are drawn, and those that move it up.
        view: Name of what is listed.
        sort: The order of it, by its sort key; "" for the newest first.
        glyphs: The signs of states: "unicode", "ascii", or "words" for screen readers.
        only_ascii: What must be drawn in ASCII: "", "signs" or "text".
        dates: How dates are written.
        layout: How list and reader share the screen.
        share: Percent of it that the list takes.
        sparing: Whether few cells are to change with each key: only the title is lit up.
        link: What the link was found to be, which the next start finds out again.
        notice: What stands in the status line instead of the place in the list, and whether it is
            an error.
    """

    pens: Mapping[str, str]
    signs: Sequence[str]
    keys: Sequence[Sequence[str]]
    empty_keys: Sequence[Sequence[str]]
    moves: Sequence[Sequence[str]]
    view: str
    sort: str
    glyphs: str
    only_ascii: str
    dates: str
    layout: str
    share: int
    sparing: bool
    link: str
    notice: Sequence[Any]


def settings(environ: Mapping[str, str], flags: Sequence[str]) -> str:
    """What the look depends on but for the theme chosen in the app: one line of text.

    Args:
        environ: The process's environment.
        flags: The options given to the program that change what is shown.
    """
    values = [environ.get(name, "-") for name in _VALUES]
    present = [bool(environ.get(name)) for name in _PRESENT]
    textual = sorted(item for item in environ.items() if item[0].startswith("TEXTUAL"))
    config = digest(_read(f"{xdg.directory(xdg.CONFIG)}/config.toml"))
    return repr((_FORMAT, __version__, values, present, textual, config, list(flags)))


def load(wanted: str) -> Look | None:
    """The look kept for these `settings` and the theme chosen last; None where there is none."""
    found = load_json(name_of(wanted))
    try:
        look = Look(**found)
        bars = look.keys, look.empty_keys
        sound = (
            all(_SGR.fullmatch(codes) for codes in look.pens.values())
            and all(isinstance(sign, str) and len(sign) == 1 for sign in look.signs)
            and all(isinstance(w, str) for keys in bars for pair in keys for w in pair)
            and all(len(pair) == 2 for keys in bars for pair in keys)
            and all(isinstance(key, str) for way in look.moves for key in way)
            and len(look.moves) == 2
            and len(look.signs) == 3
            and isinstance(look.notice[0], str)
            and isinstance(look.share, int)
            and isinstance(look.view, str)
            and isinstance(look.sort, str)
        )
    except (TypeError, AttributeError, IndexError):
        return None
    return look if sound else None


def name_of(wanted: str) -> str:
    """Name of the file of the look for these `settings` and the theme chosen last."""
    chosen = _read(f"{xdg.directory(xdg.STATE)}/app.json")
    return f"look-{digest(wanted.encode('utf-8', 'surrogateescape') + chosen)}.json"


def load_json(name: str) -> Any:
    """What a file here says; None where it is not there or says nothing."""
    try:
        return json.loads(_read(f"{_directory()}/{name}", _LONGEST))
    except (ValueError, RecursionError):
        return None


def keep_json(name: str, value: Any) -> None:
    """Write a file here, unless it says the same already; failing to is not worth an error.

    It is replaced whole, but not synced: nobody is to wait for what can be made again.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    data = text.encode("utf-8", "replace")
    directory = _directory()
    path, part = f"{directory}/{name}", f"{directory}/.{name}.{os.getpid()}"
    if _read(path, len(data) + 1) == data:
        return
    from pathlib import Path

    from store import create_directories

    try:
        create_directories(Path(directory))
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        file = os.open(part, flags, 0o600)
        try:
            os.write(file, data)
        finally:
            os.close(file)
        os.replace(part, path)
        _forget_oldest(directory)
    except OSError:
        try:
            os.unlink(part)
        except OSError:
            pass


def _forget_oldest(directory: str) -> None:
    with os.scandir(directory) as entries:
        files = sorted((entry.stat().st_mtime, entry.path) for entry in entries)
    for _, path in files[:-_KEPT]:
        os.unlink(path)


def _directory() -> str:
    return f"{xdg.directory(xdg.STATE)}/early"


def _read(path: str, most: int = 1 << 16) -> bytes:
    """A file's beginning; nothing where it cannot be read."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return b""
    try:
        return os.read(file, most)
    except OSError:
        return b""
    finally:
        os.close(file)


def digest(data: bytes) -> str:
    """A name made of what has to be the same for it to be the same."""
    return blake2b(data, digest_size=10).hexdigest()
