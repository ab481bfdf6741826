"""The app itself: `broadsheet` and `broadsheet demo`."""

from __future__ import annotations

import argparse
import gc
import os
import sys

from tui.commands import output
from tui.commands.parsing import Commands, add_plain_option

#: Articles in the table that stands for the app where it cannot be drawn.
_NEWEST = 50


def register(commands: Commands) -> None:
    """Add the parser of `demo`."""
    parser = commands.add_parser(
        "demo",
        help="open the sample library",
        description="Open a copy of the sample library that comes with broadsheet.  What you read "
        "and mark in it is kept.",
    )
    parser.add_argument("--fresh", action="store_true", help="begin with a new copy")
    add_plain_option(parser)
    parser.set_defaults(run=_demo)


def run(arguments: argparse.Namespace, *, demo: bool = False) -> int:
    """Open the app on the library; where it cannot be drawn, print the newest articles."""
    from tui.commands.opening import library_path, reading
    from tui.early import start as starting

    start = starting.begun()
    if output.is_terminal(sys.stdout) and sys.stdin.isatty():
        # Textual paints at ticks of a clock; with 60 a second a key waits 8 ms for the next.
        os.environ.setdefault("TEXTUAL_FPS", "120")
        # Nothing that is loaded now is garbage, and looking through it again and again takes a
        # fifth of the time of loading it; the app lets the search for garbage begin.
        gc.disable()
        try:
            from tui.terminal.lean import load_textual

            load_textual()
            from tui.running import run as run_app

            return run_app(
                library_path(arguments),
                readonly=arguments.read_only,
                demo=demo,
                plain=arguments.plain,
                link=arguments.link,
                start=start,
            )
        finally:
            if start is not None:
                start.leave()
    from tui.commands.find import print_newest

    with reading(arguments) as library:
        if library is not None:
            print_newest(library, _NEWEST)
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from tui.sample import sample_copy

    arguments.library = sample_copy(fresh=arguments.fresh)
    return run(arguments, demo=True)
