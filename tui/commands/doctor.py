"""`broadsheet doctor`: what is wrong with the files and the terminal, and how to mend it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tui.commands import output
from tui.commands.parsing import Commands, add_library_options

if TYPE_CHECKING:
    from store import Finding

_MORE = """\
Examines every byte of the library and of what was read, the search index, the settings and the
terminal.  Without --repair nothing is written.  With it, a dated copy of each file is kept before
it is mended, in the directory NAME.backups beside the library.

examples:
  broadsheet doctor
  broadsheet doctor --repair
  broadsheet doctor --json | jq '.[] | select(.level == "wrong")'

exit status: 0, or 1 when something is wrong (with --repair: still wrong).
"""

#: Texts whose widths are compared: our signs first, then letters with marks, wide ones, and those
#: that terminals disagree about.
_PROBES = {
    "signs of the app": "●◔★◌▾×✓…▐▃─│",
    "a letter with a mark": "e\u0301",
    "Devanagari": "\u0939\u093f",
    "Han": "漢字",
    "Hangul": "한글",
    "an emoji": "👍",
    "a heart in emoji form": "❤\ufe0f",
    "a joined emoji": "👩\u200d🌾",
}

#: Cells of a text at least for it to be wrapped.
_LEAST = 16

_SLOW_ESCAPE = 50  # milliseconds tmux may wait after Esc before it is felt


def register(commands: Commands) -> None:
    """Add the parser of `doctor`."""
    parser = commands.add_parser(
        "doctor",
        help="examine the files and the terminal, say what is wrong and how to mend it",
        description="Examine the files and the terminal, and say what is wrong and how to mend it.",
        more=lambda: _MORE,
    )
    parser.add_argument("--repair", action="store_true", help="mend what can be mended")
    parser.add_argument("--json", action="store_true", help="write a JSON array of what was found")
    add_library_options(parser, default=argparse.SUPPRESS)
    parser.set_defaults(run=_doctor)


def _doctor(arguments: argparse.Namespace) -> int:
    from store import Level, ReadOnlyError, examine, repair
    from tui.commands.opening import library_path
    from tui.commands.progress import Progress

    path = library_path(arguments)
    if arguments.repair:
        if arguments.read_only:
            raise ReadOnlyError("--repair writes: it does not go with --read-only")
        with Progress() as progress:
            done = repair(path, on_progress=progress.on_work)
        for line in done or ["nothing had to be mended"]:
            output.warn(line)
    with Progress() as progress:
        found = examine(path, on_progress=progress.on_work)
    found += _settings()
    found += _terminal()
    if arguments.json:
        print(output.to_json([_json(finding) for finding in found], indent=2))
    else:
        for line in _lines(found):
            print(line)
    return 1 if any(finding.level is Level.WRONG for finding in found) else 0


def _json(finding: Finding) -> dict[str, Any]:
    return {**finding._asdict(), "level": finding.level.value, "kind": finding.kind.value}


def _lines(found: list[Finding]) -> Iterator[str]:
    from store import Level
    from tui.widgets.cells import clean, fit

    signs = {Level.FINE: "ok", Level.NOTE: "note", Level.WRONG: "WRONG"}
    about = max(len(finding.about) for finding in found)
    for finding in found:
        head = f"{fit(signs[finding.level], 5)}  {fit(finding.about, about)}  "
        yield from _hanging(head, clean(finding.text))
        if finding.mend:
            yield from _hanging(f"{'':{len(head)}}-> ", clean(finding.mend))
    wrong = sum(finding.level is Level.WRONG for finding in found)
    yield ""
    yield (
        f"{wrong} of these are wrong." if wrong > 1 else "1 is wrong." if wrong else "All is well."
    )


def _hanging(head: str, text: str) -> Iterator[str]:
    """`head` and `text` in one line, or under each other as they fit in the terminal."""
    from rich.cells import cell_len

    from tui.widgets.cells import break_at

    room = output.width(sys.stdout) - len(head)
    while output.is_terminal(sys.stdout) and room >= _LEAST and cell_len(text) > room:
        line, text = break_at(text, room)
        yield head + line
        head = " " * len(head)
    yield head + text


# ----------------------------------------------------------------------------- settings


def _settings() -> Iterator[Finding]:
    from store import Finding, Level
    from tui import checking
    from tui import config as configuration
    from tui.paths import log_file

    path = configuration.config_file()
    config, faults = configuration.load(path)
    faults += checking.checked(config)[1]
    for fault in faults:
        yield Finding("settings", Level.WRONG, fault, f"mend {path}")
    if not faults:
        there = str(path) if path.exists() else f"all default; {path} is not there"
        yield Finding("settings", Level.FINE, there)
    log = log_file()
    if log.exists() and log.stat().st_size:
        yield Finding(
            "log", Level.NOTE, f"{log} tells of errors nobody foresaw",
            "please report them; it holds no text of articles; remove it when it is read",
        )  # fmt: skip


# ----------------------------------------------------------------------------- terminal


def _terminal() -> Iterator[Finding]:
    from store import Finding, Level
    from tui.terminal import examining, profile
    from tui.widgets.glyphs import is_utf8

    environ = os.environ
    if not output.is_terminal(sys.stdout) or not sys.stdin.isatty():
        text = "standard input and output are none"
        if sys.stdout.isatty() and sys.stdin.isatty():
            text = f"TERM is {environ.get('TERM', '')!r}, which can only print"
        yield Finding(
            "terminal", Level.NOTE, f"{text}: the app cannot be drawn",
            "`broadsheet list`, `search` and `show` work everywhere",
        )  # fmt: skip
        return
    size = os.get_terminal_size(sys.stdout.fileno())
    utf8 = is_utf8(environ)
    answers = examining.ask(list(_PROBES.values()) if utf8 else [])
    name = (answers and answers.name) or environ.get("TERM_PROGRAM") or environ.get("TERM", "")
    yield Finding(
        "terminal", Level.FINE,
        f"{name}, {size.columns}x{size.lines}, {examining.colours(environ)}, "
        f"{'UTF-8' if utf8 else 'ASCII signs'}",
    )  # fmt: skip
    if not utf8:
        yield Finding(
            "terminal", Level.NOTE, "the locale is not UTF-8", "set LANG=C.UTF-8 for all signs"
        )
    link = profile.detect(environ)
    if answers is None or answers.round_trip is None:
        yield Finding("link", Level.NOTE, "the terminal answers no questions")
    else:
        link = profile.measured(link, answers.round_trip)
        held = ", frames appear whole (mode 2026)" if answers.synchronised else ""
        yield Finding(
            "link", Level.FINE,
            f"{link.value}, the terminal answers in {answers.round_trip * 1000:.0f} ms{held}",
        )  # fmt: skip
        if utf8:
            yield from _widths(answers.widths)
    yield from _clipboard(link)
    yield from _links(link)
    yield from _multiplexer()


def _widths(widths: tuple[int | None, ...]) -> Iterator[Finding]:
    from rich.cells import cell_len

    from store import Finding, Level
    from tui.typeset.widths import spacing_marks

    spacing_marks()  # the app reckons with these
    if None in widths:
        yield Finding("widths", Level.NOTE, "the terminal does not tell where its cursor is")
        return
    signs, *others = (
        f"{what} take{'s' if place else ''} {width} cells instead of {cell_len(probe)}"
        if width != cell_len(probe)
        else ""
        for place, ((what, probe), width) in enumerate(zip(_PROBES.items(), widths, strict=True))
    )
    odd = ", ".join(filter(None, others))
    if signs:
        yield Finding(
            "widths", Level.WRONG, signs,
            'set glyphs = "ascii", or make the terminal draw characters of ambiguous width in one '
            "cell",
        )  # fmt: skip
    elif odd:
        yield Finding(
            "widths", Level.NOTE, odd,
            "a line that holds such a character may end early or late",
        )  # fmt: skip
    else:
        yield Finding("widths", Level.FINE, "signs, marks, wide letters and emoji are as reckoned")


def _clipboard(link: Any) -> Iterator[Finding]:
    from store import Finding, Level
    from tui.terminal import clipboard

    if clipboard.takes_osc52(os.environ):
        yield Finding(
            "clipboard", Level.FINE, "the terminal's (OSC 52); it does not say whether it took it"
        )
    elif not link.remote and (tools := clipboard.tools(os.environ)):
        yield Finding("clipboard", Level.FINE, f"by {os.path.basename(tools[0][0])}")
    else:
        yield Finding(
            "clipboard", Level.NOTE, "this terminal ignores OSC 52, and there is no program for it",
            "text to copy is shown, to be selected with the mouse",
        )  # fmt: skip


def _links(link: Any) -> Iterator[Finding]:
    from store import Finding, Level
    from tui import config as configuration
    from tui.terminal import links

    config, _ = configuration.load()
    try:
        command = links.command_for(
            "https://example.org/", link=link, environ=os.environ, opener=config.opener
        )
    except links.LinkError as error:
        yield Finding("links", Level.WRONG, str(error), "mend `opener` in the settings")
        return
    if command:
        text = f"opened by {os.path.basename(command[0])}"
    elif link.remote:
        text = "sent to your side's clipboard: nothing is opened on this machine"
    else:
        text = "sent to the clipboard: there is no browser to be started from here"
    yield Finding("links", Level.FINE, text)


def _multiplexer() -> Iterator[Finding]:
    from store import Finding, Level
    from tui.terminal import examining

    options = examining.multiplexer_options(os.environ)
    if options.get("set-clipboard") == "off":
        yield Finding(
            "tmux", Level.NOTE, "set-clipboard is off: nothing reaches your clipboard",
            "put `set -s set-clipboard on` into ~/.tmux.conf",
        )  # fmt: skip
    wait = options.get("escape-time", "0")
    if wait.isdecimal() and int(wait) > _SLOW_ESCAPE:
        yield Finding(
            "tmux", Level.NOTE, f"it waits {wait} ms after Esc",
            "put `set -sg escape-time 10` into ~/.tmux.conf",
        )  # fmt: skip
