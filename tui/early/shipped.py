"""The looks of the app as it is delivered, for a first frame before it was ever begun here.

`looks.json` is made of the running app by the test that compares the two:
`python -m tests.tui.test_shipped_looks` writes it anew after a change of themes, key bar or styles.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tui import xdg
from tui.early.look import Look
from tui.terminal.profile import Link, detect, fitting
from tui.widgets.glyphs import ASCII, glyphs_for, is_utf8

#: Variables that may change themes and colours in ways that only the app knows.
_UNUSUAL: Final = (
    "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "BROADSHEET_THEME",
    "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_FILTERS", "TEXTUAL_THEME", "TEXTUAL_DRIVER",
)  # fmt: skip

_FILE: Final = f"{os.path.dirname(__file__)}/looks.json"


def shipped(environ: Mapping[str, str], flags: Sequence[str]) -> Look | None:
    """The look in this terminal; None where anything was set or chosen by the person.

    Args:
        environ: The process's environment.
        flags: The options given, see `start.Order`.
    """
    demo, asked, _, plain = flags
    chosen = (f"{xdg.directory(xdg.CONFIG)}/config.toml", f"{xdg.directory(xdg.STATE)}/app.json")
    if (
        demo
        or plain
        or any(name in environ for name in _UNUSUAL)
        or any(map(os.path.lexists, chosen))
    ):
        return None
    link = detect(environ, asked or "auto")
    kind = kind_of(fitting(environ, link), colours_of(environ), link)
    try:
        with open(_FILE, encoding="utf-8") as file:
            made = json.load(file)
        codes = made["codes"]
        pens = {name: codes[n] for name, n in zip(made["names"], made[kind], strict=True)}
    except (OSError, ValueError, LookupError, TypeError):
        return None
    glyphs = glyphs_for(environ)
    thumb, beside, under = made["ascii" if glyphs is ASCII else "signs"]
    only_ascii = "" if glyphs is not ASCII else "signs" if is_utf8(environ) else "text"
    return Look(
        pens=pens,
        signs=(" " if link.remote else thumb, beside, under),
        keys=made["keys"],
        empty_keys=made["empty_keys"],
        moves=made["moves"],
        view="All",
        sort="",
        glyphs="ascii" if glyphs is ASCII else "unicode",
        only_ascii=only_ascii,
        dates="relative",
        layout="auto",
        share=40,
        sparing=link.remote,
        link=link.value,
        notice=("", False),
    )


def kind_of(theme: str, colours: str, link: Link) -> str:
    """Name of a set of pens: theme, colours, and over a link the shorter ones."""
    near = "-near" if link.remote and colours == "truecolor" else ""
    return theme if theme.endswith("-terminal") else f"{theme}-{colours}{near}"


def colours_of(environ: Mapping[str, str]) -> str:
    """The colours a terminal has, as Rich finds them: "truecolor", "256" or "16"."""
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return "truecolor"
    ending = environ.get("TERM", "").strip().lower().rpartition("-")[2]
    return "256" if ending in ("256color", "kitty") else "16"


def as_file(kinds: Mapping[str, Look], *, ascii_signs: Sequence[str]) -> dict[str, Any]:
    """What `looks.json` says.

    Args:
        kinds: The looks by `kind_of`; none of them over a link, for the signs of the first.
        ascii_signs: The signs where there are only those of ASCII.
    """
    first = next(iter(kinds.values()))
    codes = list(dict.fromkeys(code for look in kinds.values() for code in look.pens.values()))
    return {
        "names": list(first.pens),
        "codes": codes,
        **{kind: [codes.index(c) for c in look.pens.values()] for kind, look in kinds.items()},
        "signs": list(first.signs),
        "ascii": list(ascii_signs),
        "keys": [list(pair) for pair in first.keys],
        "empty_keys": [list(pair) for pair in first.empty_keys],
        "moves": [list(keys) for keys in first.moves],
    }
