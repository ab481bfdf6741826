"""The command line: parses, runs one command, and turns every ending into an exit status.

0 it worked; 1 it did not, said in one line; 2 wrong usage; 130 interrupted; 141 the reader of a
pipe went away.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final

from store.version import __version__
from tui.commands.parsing import CommandParser, add_library_options

if TYPE_CHECKING:
    import argparse

_DESCRIPTION = "Your article library in the terminal: list, search and read, from one JSON file."

_EXAMPLES = """\
examples:
  broadsheet demo                           look around in the sample library
  broadsheet add ~/articles                 bring your articles in
  broadsheet                                read
  broadsheet --library work.json            read another library
  broadsheet search carrier is:unread
  broadsheet list tag:history --json | jq -r '.[].title'

`broadsheet COMMAND --help` tells more of each command.
"""

#: Command -> its module in `tui.commands`, in the order of the help.
COMMANDS: Final = {
    "demo": "app", "add": "add", "feed": "feed", "fetch": "fetch", "list": "find",
    "search": "find", "show": "show", "tag": "tag", "highlights": "highlights", "stats": "stats",
    "export": "export", "view": "view", "backup": "backup", "restore": "backup",
    "doctor": "doctor", "config": "config",
}  # fmt: skip

_INTERRUPTED = 128 + 2  # as the shell reports SIGINT
_PIPE_CLOSED = 128 + 13  # and SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: The arguments without the program's name; those of the process by default.

    Returns:
        The exit status.
    """
    _tolerate_any_text()
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return _PIPE_CLOSED
    except Exception as error:
        return _failed(error)
    return status


def make_parser(modules: Iterable[str] = COMMANDS.values()) -> CommandParser:
    """The parser of everything, or of as much as some arguments need.

    Args:
        modules: The modules of `tui.commands` whose commands it knows.
    """
    parser = CommandParser(prog="broadsheet", description=_DESCRIPTION, more=lambda: _EXAMPLES)
    parser.add_argument("--version", action="version", version=f"broadsheet {__version__}")
    parser.add_argument(
        "--read-only", action="store_true", help="change neither the library nor what was read"
    )
    parser.add_argument(
        "--plain", action="store_true", help="for screen readers: everything in words"
    )
    parser.add_argument(
        "--link",
        choices=("auto", "local", "ssh", "slow"),
        default="",
        help="what is between the app and your terminal; found by itself (auto)",
    )
    add_library_options(parser)
    parser.set_defaults(run=_open_app)
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", parser_class=CommandParser
    )
    for name in dict.fromkeys(modules):
        import_module(f"tui.commands.{name}").register(commands)
    return parser


def _modules_for(argv: Iterable[str]) -> Iterable[str]:
    """The modules that these arguments may need: all for help and for what is not understood."""
    rest = iter(argv)
    for argument in rest:
        if argument in COMMANDS:
            return (COMMANDS[argument],)
        if argument in ("--library", "--link"):
            next(rest, "")
        elif argument not in ("--read-only", "--plain") and "=" not in argument:
            return COMMANDS.values()
    return ()


def _open_app(arguments: argparse.Namespace) -> int:
    from tui.commands import app

    return app.run(arguments)


def _run(argv: Sequence[str]) -> int:
    try:
        arguments = make_parser(_modules_for(argv)).parse_args(argv)
        from tui.commands import logs

        with logs.kept():
            status: int = arguments.run(arguments)
    except SystemExit as ending:  # argparse has said what there is to say
        return ending.code if isinstance(ending.code, int) else 1
    return status


def _failed(error: Exception) -> int:
    from store import LibraryError
    from tui.commands.output import warn

    if isinstance(error, LibraryError):
        warn(str(error))
        return 1
    from tui.paths import log_file
    from tui.terminal import log

    path = log_file()
    where = f"the details are in {path}" if log.write(path, error) else "the log is not writable"
    warn(f"unexpected {type(error).__name__}: {error}; {where}")
    return 1


def _tolerate_any_text() -> None:
    """Let no character that the terminal's encoding lacks stop the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _drop_output() -> None:
    """Point standard output at nothing, or Python would fail to flush it once more at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, io.UnsupportedOperation):
        pass
    finally:
        os.close(nowhere)
