"""The command line: parses, runs one command, and turns every ending into an exit status.

0 it worked; 1 it did not, said in one line; 2 wrong usage; 130 interrupted; 141 the reader of a
pipe went away.
"""

from __future__ import annotations

import errno
import io
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
    "doctor": "doctor", "config": "config", "completion": "completion",
}  # fmt: skip

#: What the system says of an output that cannot be written: no room, a device or terminal that is
#: gone, a descriptor for reading, a pipe that does not wait.  Files of ours fail with a
#: `LibraryError`, or with their names.
_UNWRITTEN: Final = (
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF, errno.ENXIO, errno.EAGAIN,
)  # fmt: skip

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
    told = False
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except BrokenPipeError:
        status = _PIPE_CLOSED
    except Exception as error:
        status, told = _failed(error), True
    return _ended(status, told=told)


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
    """Say in one line what went wrong; the exit status."""
    from store import LibraryError
    from tui.commands.output import warn

    try:
        if isinstance(error, LibraryError):
            warn(str(error))
        elif isinstance(error, OSError) and error.filename is None and error.errno in _UNWRITTEN:
            _say_unwritten(error)
        else:
            from tui.paths import log_file
            from tui.terminal import log

            path = log_file()
            kept = log.write(path, error)
            where = f"the details are in {path}" if kept else "the log is not writable"
            warn(f"unexpected {type(error).__name__}: {error}; {where}")
    except BrokenPipeError:
        return _PIPE_CLOSED
    except OSError:
        pass  # nobody can be told
    return 1


def _ended(status: int, *, told: bool) -> int:
    """See that all is written; the exit status then.

    Python would try once more as it ends, and end with 120.

    Args:
        status: That of the command.
        told: Whether what went wrong has been said.
    """
    from tui.streams import finish

    for stream in (sys.stdout, sys.stderr):
        failed = finish(stream)
        if isinstance(failed, BrokenPipeError):
            status = _PIPE_CLOSED
        elif failed is not None:
            status = status or 1
            if stream is sys.stdout and not told:
                _say_unwritten(failed)
    return status


def _say_unwritten(error: OSError) -> None:
    from tui.commands.output import warn

    try:
        warn(f"cannot write the output: {error.strerror or error}")
    except OSError:
        pass  # it is full, too


def _tolerate_any_text() -> None:
    """Let no character that the terminal's encoding lacks stop the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
