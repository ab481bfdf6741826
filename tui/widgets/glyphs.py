"""The signs that show an article's state: one set for Unicode terminals, one in plain ASCII.

Every sign is one cell wide in all common terminals and none has an emoji form.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from store import Row


class Glyphs(NamedTuple):
    """One set of signs, each one cell wide (but `ellipsis`).

    Attributes:
        unread: Not read yet.
        started: Begun, in three steps: about a quarter, a half, three quarters read.
        read: Read.
        starred: Marked with a star.
        stub: Has no text of its own yet.
        archived: Put away.
        trashed: In the trash.
        selected: Chosen for the next command.
        ellipsis: Stands for what did not fit.
        thumb: The moving part of a scroll bar.
        bars: Bars of a chart, the lowest first.
    """

    unread: str
    started: tuple[str, str, str]
    read: str
    starred: str
    stub: str
    archived: str
    trashed: str
    selected: str
    ellipsis: str
    thumb: str
    bars: str

    def state(self, row: Row) -> str:
        """The sign for the most telling state of `row`."""
        if row.trashed:
            return self.trashed
        if row.archived:
            return self.archived
        if row.stub:
            return self.stub
        if row.read:
            return self.read
        if row.progress > 0:
            return self.started[min(max(round(row.progress * 4), 1), 3) - 1]
        return self.unread


UNICODE = Glyphs(
    unread="●",
    started=("◔", "◑", "◕"),
    read=" ",
    starred="★",
    stub="◌",
    archived="▾",
    trashed="×",
    selected="✓",
    ellipsis="…",
    thumb="▐",
    bars="▁▂▃▄▅▆▇█",
)

#: N, D and * are mutt's and newsboat's letters; - = # fill up.
ASCII = Glyphs(
    unread="N",
    started=("-", "=", "#"),
    read=" ",
    starred="*",
    stub="?",
    archived="A",
    trashed="D",
    selected="+",
    ellipsis="...",
    thumb="#",
    bars=".:-=+*%#",
)

#: For screen readers: what is said aloud is a word.
WORDS = Glyphs(
    unread="unread",
    started=("begun", "half read", "mostly read"),
    read="read",
    starred="starred",
    stub="link only",
    archived="archived",
    trashed="in the trash",
    selected="selected",
    ellipsis="...",
    thumb=" ",
    bars=" " * 8,
)

#: The set that was asked for; None to go by the environment.
_chosen: Glyphs | None = None

#: Where Python coerced the C locale (PEP 538), it left one of these in LC_CTYPE.
_COERCED = {"C.UTF-8", "C.utf8", "UTF-8"}


def glyphs_for(environ: Mapping[str, str]) -> Glyphs:
    """The set a terminal in this environment can show.

    ASCII for the C and POSIX locales, for locales with a codeset other than UTF-8, and on the
    Linux console, whose fonts have few signs.  Where nothing is said, UTF-8 is taken for granted,
    as in most containers.
    """
    return UNICODE if is_utf8(environ) and environ.get("TERM") != "linux" else ASCII


def is_utf8(environ: Mapping[str, str]) -> bool:
    """Whether a terminal in this environment takes UTF-8, by its locale."""
    overall, kind, language = (environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    if not overall and kind in _COERCED and language in ("C", "POSIX"):
        return False
    locale = overall or kind or language
    if not locale:
        return True
    codeset = locale.partition("@")[0].rpartition(".")[2].lower().replace("-", "")
    return codeset == "utf8"


def choose_glyphs(name: str) -> None:
    """Use one set from now on, for widgets made later.

    Args:
        name: "unicode", "ascii", "words", or "auto" for what fits the environment.
    """
    global _chosen
    _chosen = {"unicode": UNICODE, "ascii": ASCII, "words": WORDS}.get(name)


def default_glyphs() -> Glyphs:
    """The set that was chosen, or else the one for the environment this process runs in."""
    return _chosen or glyphs_for(os.environ)
