"""Argument parsing as fingers expect it: options anywhere, and query words that begin with "-"."""

from __future__ import annotations

import argparse
import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

#: What `add_subparsers` returns.
Commands: TypeAlias = "argparse._SubParsersAction[CommandParser]"

#: Digits of a number at most: Python reads no more than thousands, and nothing here is so many.
_DIGITS = 100

#: Characters of a name that is too long which are shown.
_SHOWN = 40

# Put before words that argparse would take for options.  An argument never holds a NUL.
_WORD = "\0"


class CommandParser(argparse.ArgumentParser):
    """The parser of one command.

    argparse takes the words of a variable-length positional from one place only and every word
    that begins with "-" for an option; `search ships --limit 5 -draft` needs neither to be so.
    """

    def __init__(
        self,
        *,
        words: str = "",
        query: bool = False,
        raw: bool = False,
        short: Sequence[str] = (),
        more: Callable[[], str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Make a parser.

        Args:
            words: Name of the positional that takes any number of words, wherever they stand.
            query: Whether these words are a query: they may begin with one "-" (all options but
                `-h` and those of `short` are long then), and are joined to one string.
            raw: Whether they may begin so, and are kept apart, in the order in which they stand,
                and with a "--" among them.
            short: Options with one letter, such as "-o", that a query leaves to be options.
            more: Makes the text that follows the help; called only when help is shown.
            **kwargs: For `argparse.ArgumentParser`.
        """
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        kwargs.setdefault("allow_abbrev", False)
        super().__init__(**kwargs)
        self._words = words
        self._query = query or raw
        self._raw = raw
        self._short = frozenset(("-h", *short))
        self._more = more

    def parse_known_args(  # type: ignore[override]  # the base's overloads differ only in the namespace
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, gathering the words from everywhere among the options."""
        if args is not None and self._query:
            args = _protect(args, _WORD + "--" if self._raw else "--", self._short)
        known, extra = super().parse_known_args(args, namespace)
        if not self._words:
            return known, extra
        options = [arg for arg in extra if arg.startswith("-") and arg not in ("-", "--")]
        later = [arg for arg in extra if arg not in options and arg != "--"]
        words = [word.removeprefix(_WORD) for word in [*getattr(known, self._words), *later]]
        setattr(known, self._words, " ".join(words) if self._query and not self._raw else words)
        return known, options

    def format_help(self) -> str:
        """The help, with what `more` says at its end."""
        text = super().format_help()
        return f"{text}\n{self._more()}" if self._more else text

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments, which may come from anywhere, and exit 2."""
        from tui.widgets.cells import clean

        super().error("\n".join(map(clean, message.split("\n"))))


def option_value(text: str) -> str:
    """The `type` of an option whose value may begin with "-", as in `--sort -published`."""
    return text.removeprefix(_WORD)


def whole_number(text: str) -> int:
    """The `type` of a number of things, 0 or more."""
    text = text.removeprefix(_WORD)
    if not (text.isascii() and text.removeprefix("-").isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    if text.startswith("-"):
        raise argparse.ArgumentTypeError(f"{text!r} is less than 0")
    if len(text) > _DIGITS:
        raise argparse.ArgumentTypeError(f"a number of {len(text):,} digits is too large")
    return int(text)


def place(text: str) -> str:
    """The `type` of a name of a file or directory that may be there, a `~` in it replaced.

    Raises:
        argparse.ArgumentTypeError: It can be none.
    """
    name = text.removeprefix(_WORD)
    if name.startswith("~"):
        from store import LibraryError, named_place  # not loaded where the app starts

        try:
            name = f"{named_place(name)}{'/' * name.endswith('/')}"
        except LibraryError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
    if fault := unreadable(name):
        raise argparse.ArgumentTypeError(fault)
    return name


def unreadable(name: str) -> str:
    """Why a name can be none of a file, whether it is there or not; "" where it can."""
    try:
        os.lstat(name)  # pathlib would take "" for the directory one is in
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return f"{name[:_SHOWN]}…: {error.strerror}"
    return "" if name else "a name without a letter is none"


def add_library_options(parser: argparse.ArgumentParser, *, default: Any = None) -> None:
    """Add `--library`, understood before and after the command's name.

    Args:
        parser: The main parser or that of a command.
        default: The option's value when it is not given; `argparse.SUPPRESS` for a command's
            parser, so that it does not overwrite what stood before the command.
    """
    parser.add_argument(
        "--library",
        metavar="FILE",
        type=lambda name: Path(place(name)),
        default=default,
        help="the library to use (default: $BROADSHEET_LIBRARY, or library.json in the data "
        "directory)",
    )


def add_plain_option(parser: argparse.ArgumentParser) -> None:
    """Add `--plain` to a command that prints articles, understood before its name too."""
    parser.add_argument(
        "--plain",
        action="store_true",
        default=argparse.SUPPRESS,
        help="for screen readers: everything in words",
    )


def _protect(args: Sequence[str], end: str, short: frozenset[str]) -> list[str]:
    """Hide words that look like options; behind a "--", written as `end`, all are words."""
    protected: list[str] = []
    for position, arg in enumerate(args):
        if arg == "--":
            rest = args[position + 1 :]
            return [*protected, end, *(rest if end == "--" else (_WORD + word for word in rest))]
        is_option = arg.startswith("--") or arg in short or not arg.startswith("-")
        protected.append(arg if is_option else _WORD + arg)
    return protected
